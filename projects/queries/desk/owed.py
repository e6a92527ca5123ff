"""What a desk is made of (待办): duties, grouped by kind, in the sections of a person's roles."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet

from projects.models import Project

SHOWN = 5  # rows of one kind on the desk; the rest is one link away


class OwedKind(StrEnum):
    """What kind of duty it is (待办类别): decides the button."""

    REPORT_RETURNED = "report_returned"
    REPORT = "report"
    REPORT_PASS = "report_pass"  # noqa: S105 - 初核, no password
    REPORT_CONFIRM = "report_confirm"
    UNIT_SILENT = "unit_silent"
    MILESTONE = "milestone"
    MILESTONE_CLAIM = "milestone_claim"
    PERMIT = "permit"
    PROBLEM = "problem"
    PROBLEM_VERIFY = "problem_verify"
    PROBLEM_SETTLE = "problem_settle"
    ACTION = "action"
    VISIT = "visit"
    VISIT_CONFIRM = "visit_confirm"
    IMPORT = "import"
    WEEKLY = "weekly"
    GAP = "gap"
    UNIT_OVERDUE = "unit_overdue"
    ORDER_ANSWER = "order_answer"
    ORDER_CHECK = "order_check"
    PLAN_APPROVE = "plan_approve"
    PLAN_MEND = "plan_mend"
    DATE_CHANGE = "date_change"
    ADJUSTMENT = "adjustment"
    PERMIT_LAPSING = "permit_lapsing"
    EXEMPTION = "exemption"
    EXEMPTION_ENDING = "exemption_ending"


@dataclass(frozen=True)
class Owed:
    """One duty (待办): what, on which project, due when; `target` is the argument of its address.

    Where the duty is a unit's, `unit_id` names it.
    """

    kind: OwedKind
    what: str
    due_on: date | None = None
    project: Project | None = None
    target: int | str | None = None
    note: str = ""
    unit_id: int | None = None


@dataclass(frozen=True)
class OwedGroup:
    """Duties of one kind: the first few, and how many there are; `target` narrows the list the rest is on."""

    kind: OwedKind
    title: str
    count: int
    rows: tuple[Owed, ...]
    due_on: date | None = None
    target: int | str | None = None

    @property
    def hidden(self) -> int:
        return self.count - len(self.rows)


@dataclass(frozen=True)
class DeskSection:
    """The duties of one of the person's roles."""

    role: str
    title: str
    groups: tuple[OwedGroup, ...]


def group_of(
    kind: OwedKind, title: str, rows: QuerySet, owed: Callable[[Any], Owed], **more: Any
) -> OwedGroup:
    """A group of the rows' duties: how many there are, and the first SHOWN of them. Two queries at most."""
    count = rows.count()
    return OwedGroup(kind, title, count, tuple(owed(row) for row in rows[:SHOWN]) if count else (), **more)
