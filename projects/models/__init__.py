"""The tables, one module per subject; import names from here."""

from .alerts import Alert, AlertKind, AlertStep, DueReminder, EscalationStep, Notice
from .bulletins import WeeklyReport
from .indicators import Indicator, IndicatorValue
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
from .plans import Attachment, CalendarDay, DeliveryPlan, Milestone
from .problems import Problem, ProblemEntry
from .projects import (
    ENDED_STATES,
    CarryOver,
    Handover,
    Project,
    ProjectMember,
    StateChange,
)
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
    ProgressReport,
    ReportState,
    SiteVisit,
)
from .saved_views import SavedView

__all__ = [
    "ALL_SEEING_ROLES",
    "EDITABLE_STATES",
    "ENDED_STATES",
    "HANDED_IN_STATES",
    "PENDING_STATES",
    "UNIT_ROLES",
    "Alert",
    "AlertKind",
    "AlertStep",
    "AnnualList",
    "Attachment",
    "AuditRecord",
    "BaselineCurve",
    "CalendarDay",
    "CarryOver",
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
    "ListKind",
    "Listing",
    "ListingVersion",
    "Milestone",
    "Notice",
    "OfficeSettings",
    "Official",
    "Problem",
    "ProblemEntry",
    "ProgressReport",
    "Project",
    "ProjectMember",
    "ProjectStage",
    "ReportState",
    "Role",
    "SavedView",
    "SiteVisit",
    "StateChange",
    "Unit",
    "UnitName",
    "User",
    "WeeklyReport",
]
