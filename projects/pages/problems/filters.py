"""Filters of problems, corrective actions, clinics, visits (问题、措施、诊所、走访)."""

import django_filters

from projects.models import Official, Problem
from projects.models.problems.clinics import ActionQuerySet
from projects.models.problems.problems import ProblemQuerySet
from projects.queries.problems.problems import AGE_OF, AGES

from ..base.fields import day_input
from ..base.filters import ChoiceFilter, HouseFilterSet, ListFilter, RowFilter, UnitFilter, WordsFilter

# --- problems -------------------------------------------------------------------------------------------

OVERDUE, UNDONE = "overdue", "undone"
# the status of the rows a figure counts ("" for all raised)
FIGURES = {
    "problems_raised": "",
    "problems_settled": Problem.State.RESOLVED.value,
    "problems_open": UNDONE,
    "problems_overdue": OVERDUE,
}
STATUSES = [*Problem.State.choices, (OVERDUE, "已逾期"), (UNDONE, "未销号")]


class ProblemFilter(HouseFilterSet):
    """Choices over visible problems raised by `as_of`; a status is that of the day, not of now."""

    q = WordsFilter("text", "demand")
    status = ChoiceFilter("状态", STATUSES, method="by_status")
    category = ChoiceFilter("问题类别", Problem.Category)
    level = ChoiceFilter("协调层级", Problem.Level)
    unit = UnitFilter("责任单位", "lead_unit", also_former=True, null_label="待明确")
    helper = UnitFilter("配合单位", "helper_units", also_former=True)
    age = ChoiceFilter("已办时间", [(bucket.key, bucket.words) for bucket in AGES], method="by_age")
    reopened = ChoiceFilter("重新办理", [("yes", "办结后又重新办理")], method="by_reopened")
    list = ListFilter()

    def by_status(self, problems: ProblemQuerySet, name: str, value: str) -> ProblemQuerySet:
        if value == OVERDUE:
            return problems.overdue(self.as_of)
        if value == UNDONE:
            return problems.open(self.as_of)
        return problems.in_state(value, self.as_of)

    def by_age(self, problems: ProblemQuerySet, name: str, value: str) -> ProblemQuerySet:
        """Days since the problem was raised; those written off have no age any more."""
        return problems.open(self.as_of).filter(AGE_OF[value].raised_within(self.as_of))

    def by_reopened(self, problems: ProblemQuerySet, name: str, value: str) -> ProblemQuerySet:
        return problems.filter(reopen_count__gt=0)


# --- actions -------------------------------------------------------------------------------------------

OPEN, OVERDUE, DONE = "open", "overdue", "done"
ACTION_STATUSES = [(OPEN, "未落实"), (OVERDUE, "已逾期"), (DONE, "已落实")]
SOURCES = [("problem", "问题措施"), ("visit", "走访议定事项"), ("clinic", "项目诊所处方")]


class ActionFilter(HouseFilterSet):
    """Choices over visible actions set by `as_of`; a status is that of the day."""

    q = WordsFilter("text")
    status = ChoiceFilter("状态", ACTION_STATUSES, method="by_status")
    unit = UnitFilter("责任单位", also_former=True)
    source = ChoiceFilter("来源", SOURCES, method="by_source")

    def by_status(self, actions: ActionQuerySet, name: str, value: str) -> ActionQuerySet:
        if value == OVERDUE:
            return actions.overdue(self.as_of)
        if value == OPEN:
            return actions.open(self.as_of)
        return actions.filter(done_on__lte=self.as_of)

    def by_source(self, actions: ActionQuerySet, name: str, value: str) -> ActionQuerySet:
        if value == "clinic":
            return actions.filter(case__isnull=False)
        if value == "visit":
            return actions.filter(problem__isnull=True)
        return actions.filter(problem__isnull=False, case__isnull=True)


# --- visits ---------------------------------------------------------------------------------------------


class VisitFilter(HouseFilterSet):
    """Choices over visible visits."""

    q = WordsFilter("findings", "decisions")
    official = RowFilter("带队领导", Official.objects.all())
    since = django_filters.DateFilter("visited_on", lookup_expr="gte", label="自", widget=day_input())
    until = django_filters.DateFilter("visited_on", lookup_expr="lte", label="至", widget=day_input())
