"""The tables, one module per subject; import names from here."""

from .adjustments import ListAdjustment, ListAdjustmentLine
from .alerts import Alert, AlertKind, AlertStep, DueReminder, EscalationStep, Notice
from .assessment import (
    AssessedSlot,
    AssessmentAppeal,
    AssessmentCorrection,
    AssessmentEntry,
    AssessmentRound,
    ScoringItem,
    ScoringScheme,
)
from .bulletins import WeeklyReport
from .chains import ChainMember, ChainPlacement, ChainSegment, ChainTask
from .clinics import ClinicCase, ClinicSession, Measure
from .indicators import Indicator, IndicatorValue
from .land import SETTLED_ITEM_STATES, LandClass, LandItem, LandStage, Plot, PlotItem
from .leads import NEXT_STAGES, PROJECT_STAGES, Lead, LeadStage, LeadStep, chains_visible_to
from .lights import LightBand, LightExemption, LightRecord, LightRuleSet
from .lists import (
    AnnualList,
    BaselineCurve,
    Listing,
    ListingVersion,
    ListKind,
    ProjectStage,
)
from .organizations import (
    ALL_SEEING_ROLES,
    UNIT_ROLES,
    Duty,
    IndustryChain,
    Official,
    Role,
    Unit,
    UnitName,
    User,
)
from .permits import Permit, PermitKind, ProjectMarker, Validity
from .plans import Attachment, CalendarDay, DateChangeRequest, DeliveryPlan, Milestone
from .problems import LevelLimit, Problem, ProblemEntry, UrgentList
from .projects import (
    ENDED_STATES,
    CarryOver,
    Handover,
    Project,
    ProjectMember,
    StateChange,
)
from .publications import Publication, PublishedRow
from .records import (
    AuditRecord,
    HeaderAlias,
    Heartbeat,
    ImportBatch,
    ImportedRow,
    OfficeSettings,
)
from .reports import (
    EDITABLE_STATES,
    HANDED_IN_STATES,
    PENDING_STATES,
    PeriodReopening,
    ProgressReport,
    ReportRound,
    ReportState,
    SiteVisit,
)
from .saved_views import SavedView
from .supervision import SupervisionLine, SupervisionOrder
from .targets import PeriodTarget, TargetPlan
from .templates import DayKind, PlanTemplate, Stage, TemplateStep
from .year_amounts import AMOUNT_COLUMNS, YearAmounts

__all__ = [
    "ALL_SEEING_ROLES",
    "AMOUNT_COLUMNS",
    "EDITABLE_STATES",
    "ENDED_STATES",
    "HANDED_IN_STATES",
    "NEXT_STAGES",
    "PENDING_STATES",
    "PROJECT_STAGES",
    "SETTLED_ITEM_STATES",
    "UNIT_ROLES",
    "Alert",
    "AlertKind",
    "AlertStep",
    "AnnualList",
    "AssessedSlot",
    "AssessmentAppeal",
    "AssessmentCorrection",
    "AssessmentEntry",
    "AssessmentRound",
    "Attachment",
    "AuditRecord",
    "BaselineCurve",
    "CalendarDay",
    "CarryOver",
    "ChainMember",
    "ChainPlacement",
    "ChainSegment",
    "ChainTask",
    "ClinicCase",
    "ClinicSession",
    "DateChangeRequest",
    "DayKind",
    "DeliveryPlan",
    "DueReminder",
    "Duty",
    "EscalationStep",
    "Handover",
    "HeaderAlias",
    "Heartbeat",
    "ImportBatch",
    "ImportedRow",
    "Indicator",
    "IndicatorValue",
    "IndustryChain",
    "LandClass",
    "LandItem",
    "LandStage",
    "Lead",
    "LeadStage",
    "LeadStep",
    "LevelLimit",
    "LightBand",
    "LightExemption",
    "LightRecord",
    "LightRuleSet",
    "ListAdjustment",
    "ListAdjustmentLine",
    "ListKind",
    "Listing",
    "ListingVersion",
    "Measure",
    "Milestone",
    "Notice",
    "OfficeSettings",
    "Official",
    "PeriodReopening",
    "PeriodTarget",
    "Permit",
    "PermitKind",
    "PlanTemplate",
    "Plot",
    "PlotItem",
    "Problem",
    "ProblemEntry",
    "ProgressReport",
    "Project",
    "ProjectMarker",
    "ProjectMember",
    "ProjectStage",
    "Publication",
    "PublishedRow",
    "ReportRound",
    "ReportState",
    "Role",
    "SavedView",
    "ScoringItem",
    "ScoringScheme",
    "SiteVisit",
    "Stage",
    "StateChange",
    "SupervisionLine",
    "SupervisionOrder",
    "TargetPlan",
    "TemplateStep",
    "Unit",
    "UnitName",
    "UrgentList",
    "User",
    "Validity",
    "WeeklyReport",
    "YearAmounts",
    "chains_visible_to",
]
