"""Filters of problems, corrective actions, clinics, visits (问题、措施、诊所、走访)."""

import datetime as dt

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from projects.models import CorrectiveAction, Official, Problem, Unit
from projects.queries.problems.problems import AGE_OF, AGES, NOBODY

from ..base.filters import ListFilter

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


class ProblemFilter(django_filters.FilterSet):
    """Choices over visible problems raised by `as_of`; a status is that of the day, not of now."""

    q = django_filters.CharFilter(method="by_words", label="关键词")
    status = django_filters.ChoiceFilter(
        choices=STATUSES, method="by_status", label="状态", empty_label="全部"
    )
    category = django_filters.ChoiceFilter(choices=Problem.Category, label="问题类别", empty_label="全部")
    level = django_filters.ChoiceFilter(choices=Problem.Level, label="协调层级", empty_label="全部")
    unit = django_filters.ModelChoiceFilter(
        field_name="lead_unit",
        queryset=Unit.objects.all(),
        label="责任单位",
        empty_label="全部",
        null_label="待明确",
        null_value=NOBODY,
    )
    helper = django_filters.ModelChoiceFilter(
        field_name="helper_units", queryset=Unit.objects.all(), label="配合单位", empty_label="全部"
    )
    age = django_filters.ChoiceFilter(
        choices=[(bucket.key, bucket.words) for bucket in AGES],
        method="by_age",
        label="已办时间",
        empty_label="全部",
    )
    reopened = django_filters.ChoiceFilter(
        choices=[("yes", "办结后又重新办理")], method="by_reopened", label="重新办理", empty_label="全部"
    )
    list = ListFilter()

    def __init__(self, *args, as_of: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.as_of = as_of

    def by_words(self, problems: QuerySet[Problem], name: str, value: str) -> QuerySet[Problem]:
        for word in value.lower().split():
            problems = problems.filter(
                Q(text__icontains=word) | Q(demand__icontains=word) | Q(project__search_text__contains=word)
            )
        return problems

    def by_status(self, problems, name, value):
        if value == OVERDUE:
            return problems.overdue(self.as_of)
        if value == UNDONE:
            return problems.open(self.as_of)
        return problems.in_state(value, self.as_of)

    def by_age(self, problems, name, value):
        """Days since the problem was raised; those written off have no age any more."""
        return problems.open(self.as_of).filter(AGE_OF[value].raised_within(self.as_of))

    def by_reopened(self, problems, name, value):
        return problems.filter(reopen_count__gt=0)


# --- actions -------------------------------------------------------------------------------------------

OPEN, OVERDUE, DONE = "open", "overdue", "done"
ACTION_STATUSES = [(OPEN, "未落实"), (OVERDUE, "已逾期"), (DONE, "已落实")]
SOURCES = [("problem", "问题措施"), ("visit", "走访议定事项"), ("clinic", "项目诊所处方")]


class ActionFilter(django_filters.FilterSet):
    """Choices over visible actions set by `as_of`; a status is that of the day."""

    q = django_filters.CharFilter(method="by_words", label="关键词")
    status = django_filters.ChoiceFilter(
        choices=ACTION_STATUSES, method="by_status", label="状态", empty_label="全部"
    )
    unit = django_filters.ModelChoiceFilter(queryset=Unit.objects.all(), label="责任单位", empty_label="全部")
    source = django_filters.ChoiceFilter(
        choices=SOURCES, method="by_source", label="来源", empty_label="全部"
    )

    def __init__(self, *args, as_of: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.as_of = as_of

    def by_words(
        self, actions: QuerySet[CorrectiveAction], name: str, value: str
    ) -> QuerySet[CorrectiveAction]:
        for word in value.lower().split():
            actions = actions.filter(Q(text__icontains=word) | Q(project__search_text__contains=word))
        return actions

    def by_status(self, actions, name, value):
        if value == OVERDUE:
            return actions.overdue(self.as_of)
        if value == OPEN:
            return actions.open(self.as_of)
        return actions.filter(done_on__lte=self.as_of)

    def by_source(self, actions, name, value):
        if value == "clinic":
            return actions.filter(case__isnull=False)
        if value == "visit":
            return actions.filter(problem__isnull=True)
        return actions.filter(problem__isnull=False, case__isnull=True)


# --- visits ---------------------------------------------------------------------------------------------


def _day_input():
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class VisitFilter(django_filters.FilterSet):
    """Choices over visible visits."""

    q = django_filters.CharFilter(method="by_words", label="关键词")
    official = django_filters.ModelChoiceFilter(
        queryset=Official.objects.all(), label="带队领导", empty_label="全部"
    )
    since = django_filters.DateFilter(
        field_name="visited_on", lookup_expr="gte", label="自", widget=_day_input()
    )
    until = django_filters.DateFilter(
        field_name="visited_on", lookup_expr="lte", label="至", widget=_day_input()
    )

    def by_words(self, visits, name, value):
        for word in value.lower().split():
            visits = visits.filter(
                Q(findings__icontains=word)
                | Q(decisions__icontains=word)
                | Q(project__search_text__contains=word)
            )
        return visits
