"""The office's rules (业务规则) as pure functions of plain values: lights, deadlines, baselines, doubts, plans.

A decision that somebody will be judged by is made here and says why in one Chinese sentence. Nothing here
knows the clock or the database: the day arrives as `as_of`, the thresholds as values with the defaults of
the office.
"""

from .baselines import ACCELERATED_2022, BUILT_IN_BASELINES, QUARTERLY_2022, Curve, pro_rata
from .deadlines import (
    DEFAULT_LADDER,
    LadderStep,
    overdue_days,
    report_due_on,
    report_opens_on,
    steps_reached,
    working_days_overdue,
)
from .light_bands import Band, LightGauge
from .light_presets import DEFAULT_RULES, PRESETS
from .light_rules import RuleSet, months_due, months_unregistered, rule_faults
from .lights import Light, LightDimension, LightReason, of_dimensions, project_light, worst
from .networks import (
    LONGEST_DAYS,
    CycleError,
    DayKind,
    DuplicateStepError,
    MissingPredecessorError,
    NetworkError,
    NetworkStep,
    check_network,
)
from .plausibility import (
    PROJECT_CODE,
    STALLED_PERIODS,
    EntryIssue,
    Level,
    ReportFacts,
    RowFacts,
    RowIssue,
    check_project_code,
    report_errors,
    report_warnings,
    row_issues,
)
from .scheduling import (
    Schedule,
    Scheduled,
    propagate_slip,
    schedule_backward,
    schedule_forward,
)
from .validity import valid_until

__all__ = [
    "ACCELERATED_2022",
    "BUILT_IN_BASELINES",
    "DEFAULT_LADDER",
    "DEFAULT_RULES",
    "LONGEST_DAYS",
    "PRESETS",
    "PROJECT_CODE",
    "QUARTERLY_2022",
    "STALLED_PERIODS",
    "Band",
    "Curve",
    "CycleError",
    "DayKind",
    "DuplicateStepError",
    "EntryIssue",
    "LadderStep",
    "Level",
    "Light",
    "LightDimension",
    "LightGauge",
    "LightReason",
    "MissingPredecessorError",
    "NetworkError",
    "NetworkStep",
    "ReportFacts",
    "RowFacts",
    "RowIssue",
    "RuleSet",
    "Schedule",
    "Scheduled",
    "check_network",
    "check_project_code",
    "months_due",
    "months_unregistered",
    "of_dimensions",
    "overdue_days",
    "pro_rata",
    "project_light",
    "propagate_slip",
    "report_due_on",
    "report_errors",
    "report_opens_on",
    "report_warnings",
    "row_issues",
    "rule_faults",
    "schedule_backward",
    "schedule_forward",
    "steps_reached",
    "valid_until",
    "working_days_overdue",
    "worst",
]
