"""Filters of permits, land, markers of joint services (手续、用地)."""

import datetime as dt

import django_filters
from django.db.models import F, Q, QuerySet

from projects.models import PermitKind, Plot, Project, ProjectMarker, Unit, Validity

from ..base.filters import ChoiceFilter, HouseFilterSet, RowFilter, UnitFilter, WordsFilter

# --- permits --------------------------------------------------------------------------------------------

LARGEST_WITHIN = 3650


class PermitFilter(HouseFilterSet):
    """Choices over visible permits annotated with their validity on `as_of`; `within` asks what lapses in so many days."""

    q = WordsFilter("number", "issued_by")
    kind = RowFilter("许可种类", PermitKind.objects.all())
    state = ChoiceFilter("效力", Validity, field_name="validity")
    within = django_filters.NumberFilter(
        method="by_days", label="几天内到期", min_value=0, max_value=LARGEST_WITHIN
    )
    unit = UnitFilter("推进部门", "project__lead_department")

    def by_days(self, permits, name, value):
        until = self.as_of + dt.timedelta(days=int(value))
        return permits.filter(validity=Validity.RUNNING, valid_until_on__lte=until)


# --- plots ----------------------------------------------------------------------------------------------

WAITING, RUNNING, FINISHED, OVERDUE = "waiting", "running", "finished", "overdue"
STATES = [(WAITING, "未启动"), (RUNNING, "办理中"), (FINISHED, "全部办结"), (OVERDUE, "有逾期")]


class PlotFilter(django_filters.FilterSet):
    """Choices over visible plots annotated with their progress (queries.land.with_progress)."""

    q = django_filters.CharFilter(method="by_words", label="关键词")
    state = django_filters.ChoiceFilter(choices=STATES, method="by_state", label="进度", empty_label="全部")
    unit = django_filters.ModelChoiceFilter(
        field_name="project__lead_department",
        queryset=Unit.objects.filter(is_active=True),
        label="推进部门",
        empty_label="全部",
    )
    district = django_filters.ModelChoiceFilter(
        field_name="project__host_district",
        queryset=Unit.objects.filter(kind=Unit.Kind.DISTRICT),
        label="属地",
        empty_label="全部",
    )

    def by_words(self, plots: QuerySet[Plot], name: str, value: str) -> QuerySet[Plot]:
        for word in value.lower().split():
            named = Project.objects.search(word).values("pk")
            plots = plots.filter(Q(name__icontains=word) | Q(address__icontains=word) | Q(project__in=named))
        return plots

    def by_state(self, plots, name, value):
        if value == OVERDUE:
            return plots.filter(overdue__gt=0)
        finished = Q(total=F("settled"))
        if value == FINISHED:
            return plots.filter(finished)
        begun = Q(settled__gt=0) | Q(running__gt=0)
        return plots.filter(begun).exclude(finished) if value == RUNNING else plots.exclude(begun)


# --- markers --------------------------------------------------------------------------------------------


class MarkerFilter(django_filters.FilterSet):
    """Choices over visible markers."""

    q = django_filters.CharFilter(method="by_words", label="项目")
    kind = django_filters.ChoiceFilter(choices=ProjectMarker.Kind, label="服务事项", empty_label="全部")
    state = django_filters.ChoiceFilter(choices=ProjectMarker.State, label="状态", empty_label="全部")
    unit = django_filters.ModelChoiceFilter(
        field_name="project__lead_department",
        queryset=Unit.objects.filter(is_active=True),
        label="推进部门",
        empty_label="全部",
    )

    def by_words(self, markers: QuerySet[ProjectMarker], name: str, value: str) -> QuerySet[ProjectMarker]:
        for word in value.lower().split():
            markers = markers.filter(project__in=Project.objects.search(word).values("pk"))
        return markers
