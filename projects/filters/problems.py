"""Filters of the problem list (问题清单筛选)."""

import datetime as dt

import django_filters
from django.db.models import Q, QuerySet

from projects.models import AnnualList, Listing, Problem, Unit
from projects.queries.problems import AGE_OF, AGES, NOBODY

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
    list = django_filters.ModelChoiceFilter(
        queryset=AnnualList.objects.none(), method="by_list", label="名单", empty_label="全部"
    )

    def __init__(self, *args, as_of: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.as_of = as_of
        lists = AnnualList.objects.filter(year=as_of.year).select_related("kind").order_by("kind__position")
        self.filters["list"].queryset = lists

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

    def by_list(self, problems, name, value):
        return problems.filter(project__in=Listing.objects.filter(annual_list=value).values("project"))
