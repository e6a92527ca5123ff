"""Filters of light rule sets, exemptions, history (亮灯)."""

import datetime as dt
from typing import ClassVar

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet

from projects.figures.light_history import records_of_year
from projects.figures.light_trial import COLUMNS, LightTrial
from projects.models import LightRecord, Project, Unit
from projects.rules import Light, LightDimension

from ..plans.filters import WhoseFilter

# --- light rules ----------------------------------------------------------------------------------------

LIGHTS = [(light.value, light.words) for light in COLUMNS]


class TrialFilter(django_filters.FilterSet):
    """Choices over the projects of a trial."""

    q = django_filters.CharFilter(method="by_words", label="关键词", help_text="名称、代码、单位或拼音首字母")
    was = django_filters.ChoiceFilter(
        choices=LIGHTS, method="unchanged", label="现行亮灯", empty_label="全部"
    )
    will = django_filters.ChoiceFilter(
        choices=LIGHTS, method="unchanged", label="试算亮灯", empty_label="全部"
    )
    show = django_filters.ChoiceFilter(
        choices=[("all", "全部适用项目")], method="unchanged", label="范围", empty_label="只看有变化的"
    )
    unit = django_filters.ModelChoiceFilter(
        field_name="lead_department",
        queryset=Unit.objects.filter(is_active=True),
        label="推进部门",
        empty_label="全部",
    )

    class Meta:
        model = Project
        fields: ClassVar = []

    def __init__(self, *args, trial: LightTrial, **kwargs):
        super().__init__(*args, **kwargs)
        self.trial = trial

    def by_words(self, projects: QuerySet[Project], name: str, value: str) -> QuerySet[Project]:
        return projects.search(value)

    def unchanged(self, projects, name, value):
        """The lights together pick the rows, below."""
        return projects

    def filter_queryset(self, queryset):
        chosen = self.form.cleaned_data.get  # what was no choice is missing: it counts as not given
        picked = self.trial.picked(chosen("was") or "", chosen("will") or "", changed=chosen("show") != "all")
        return super().filter_queryset(queryset).filter(pk__in=picked)


# --- light exemptions -----------------------------------------------------------------------------------

WAITING, RUNNING, COMING, OVER, REFUSED = "waiting", "running", "coming", "over", "refused"
WITHDRAWN = "withdrawn"
STATES = [
    (WAITING, "待批准"),
    (RUNNING, "豁免中"),
    (COMING, "已批准，未起始"),
    (OVER, "已到期或终止"),
    (REFUSED, "未批准"),
    (WITHDRAWN, "已撤回"),
]
ALL_DIMENSIONS = "all"


class LightExemptionFilter(django_filters.FilterSet):
    """Choices over visible exemptions, as they stand on a day."""

    q = django_filters.CharFilter(method="by_words", label="关键词", help_text="项目、原因或文号")
    state = django_filters.ChoiceFilter(choices=STATES, method="by_state", label="状态", empty_label="全部")
    dimension = django_filters.ChoiceFilter(
        choices=[(ALL_DIMENSIONS, "全部维度"), *((one.value, one.words) for one in LightDimension)],
        method="by_dimension",
        label="豁免维度",
        empty_label="不限",
    )
    unit = django_filters.ModelChoiceFilter(
        field_name="project__lead_department",
        queryset=Unit.objects.all(),
        label="推进部门",
        empty_label="全部",
    )

    def __init__(self, *args, as_of: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.as_of = as_of

    def by_words(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        for word in value.lower().split():
            named = Project.objects.search(word).values("pk")
            rows = rows.filter(Q(project__in=named) | Q(reason__icontains=word) | Q(document__icontains=word))
        return rows

    def by_state(self, rows, name, value):
        if value == WAITING:
            return rows.waiting()
        if value in (REFUSED, WITHDRAWN):
            return rows.filter(state=value)
        if value == COMING:
            return rows.coming(self.as_of)
        return rows.over(self.as_of) if value == OVER else rows.in_force(self.as_of)

    def by_dimension(self, rows, name, value):
        return rows.filter(dimension="" if value == ALL_DIMENSIONS else value)


# --- light history --------------------------------------------------------------------------------------

RED, TURNED, NEVER = "red", "turned", "never"
EVER = [(RED, "年内亮过红灯"), (TURNED, "亮过红灯，最近一旬已转出"), (NEVER, "年内没有亮过红灯")]


class LightHistoryFilter(WhoseFilter):
    """Projects with records in the year of as_of; `latest_on` is the last day of the last recorded period."""

    q = django_filters.CharFilter(method="by_words", label="项目", help_text="名称、代码或拼音首字母")
    light = django_filters.ChoiceFilter(
        choices=[(light.value, light.words) for light in Light],
        method="by_light",
        label="最近一旬亮灯",
        empty_label="全部",
    )
    ever = django_filters.ChoiceFilter(choices=EVER, method="by_ever", label="年内红灯", empty_label="全部")

    def __init__(self, *args, as_of: dt.date, latest_on: dt.date | None, **kwargs):
        super().__init__(*args, as_of=as_of, **kwargs)
        records = records_of_year(as_of.year, as_of).filter(project=OuterRef("pk")).order_by()
        self.red = Exists(records.filter(light=Light.RED))
        self.latest: QuerySet[LightRecord] = records.filter(period_ends_on=latest_on)

    def by_words(self, projects: QuerySet[Project], name: str, value: str) -> QuerySet[Project]:
        return projects.search(value)

    def by_light(self, projects, name, value):
        return projects.filter(Exists(self.latest.filter(light=value)))

    def by_ever(self, projects, name, value):
        if value == NEVER:
            return projects.filter(~self.red)
        red = projects.filter(self.red)
        return red.filter(Exists(self.latest.exclude(light=Light.RED))) if value == TURNED else red
