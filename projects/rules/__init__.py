"""The office's rules (业务规则) as pure functions of plain values: lights, deadlines, baselines, doubts.

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
from .lights import (
    DEFAULT_THRESHOLDS,
    Dimension,
    Light,
    LightReason,
    Thresholds,
    milestone_light,
    problem_light,
    progress_light,
    project_light,
    report_light,
    start_light,
    statistics_light,
    worst,
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

__all__ = [
    "ACCELERATED_2022",
    "BUILT_IN_BASELINES",
    "DEFAULT_LADDER",
    "DEFAULT_THRESHOLDS",
    "PROJECT_CODE",
    "QUARTERLY_2022",
    "STALLED_PERIODS",
    "Curve",
    "Dimension",
    "EntryIssue",
    "LadderStep",
    "Level",
    "Light",
    "LightReason",
    "ReportFacts",
    "RowFacts",
    "RowIssue",
    "Thresholds",
    "check_project_code",
    "milestone_light",
    "overdue_days",
    "pro_rata",
    "problem_light",
    "progress_light",
    "project_light",
    "report_due_on",
    "report_errors",
    "report_light",
    "report_opens_on",
    "report_warnings",
    "row_issues",
    "start_light",
    "statistics_light",
    "steps_reached",
    "working_days_overdue",
    "worst",
]
