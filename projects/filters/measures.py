"""Filters of the measures (措施筛选)."""

import datetime as dt

import django_filters
from django.db.models import Q, QuerySet

from projects.models import Measure, Unit

OPEN, OVERDUE, DONE = "open", "overdue", "done"
STATUSES = [(OPEN, "未落实"), (OVERDUE, "已逾期"), (DONE, "已落实")]
SOURCES = [("problem", "问题措施"), ("visit", "走访议定事项"), ("clinic", "项目诊所处方")]


class MeasureFilter(django_filters.FilterSet):
    """Choices over visible measures set by `as_of`; a status is that of the day."""

    q = django_filters.CharFilter(method="by_words", label="关键词")
    status = django_filters.ChoiceFilter(
        choices=STATUSES, method="by_status", label="状态", empty_label="全部"
    )
    unit = django_filters.ModelChoiceFilter(queryset=Unit.objects.all(), label="责任单位", empty_label="全部")
    source = django_filters.ChoiceFilter(
        choices=SOURCES, method="by_source", label="来源", empty_label="全部"
    )

    def __init__(self, *args, as_of: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.as_of = as_of

    def by_words(self, measures: QuerySet[Measure], name: str, value: str) -> QuerySet[Measure]:
        for word in value.lower().split():
            measures = measures.filter(Q(text__icontains=word) | Q(project__search_text__contains=word))
        return measures

    def by_status(self, measures, name, value):
        if value == OVERDUE:
            return measures.overdue(self.as_of)
        if value == OPEN:
            return measures.open(self.as_of)
        return measures.filter(done_on__lte=self.as_of)

    def by_source(self, measures, name, value):
        if value == "clinic":
            return measures.filter(case__isnull=False)
        if value == "visit":
            return measures.filter(problem__isnull=True)
        return measures.filter(problem__isnull=False, case__isnull=True)
