"""Filters of projects, their six slots, duties, hand-overs and states (项目台账、六个一)."""

from typing import ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet

from projects.figures.lights import colours_for
from projects.figures.population import DIMENSIONS, Scope
from projects.figures.watches import WATCHES, watched
from projects.models import AnnualList, IndustryChain, ListingVersion, Official, Project, ProjectStage, Unit
from projects.queries.register.responsibilities import changed_in_year
from projects.queries.register.six_slots import ANY, SLOTS, SlotsOfDay, missing, with_gap
from projects.queries.register.stages import STAGES, stage_is
from projects.rules import Light

from ..base.filters import lists_of

# --- projects -------------------------------------------------------------------------------------------

BASES = [("confirmed", "已确认"), ("submitted", "含待审")]


class ProjectFilter(django_filters.FilterSet):
    """Choices over visible projects. `scope` (set by the view) holds day, year, lists and the viewer.

    Responsibility is that of the scope's day, so a list of last June shows who answered then.
    """

    q = django_filters.CharFilter(method="by_words", label="关键词", help_text="名称、代码、单位或拼音首字母")
    list = django_filters.ModelChoiceFilter(
        queryset=AnnualList.objects.select_related("kind"),
        method="unchanged",
        label="名单",
        empty_label="全部",
    )
    category = django_filters.ChoiceFilter(choices=ProjectStage, label="项目类别", method="by_column")
    stage = django_filters.ChoiceFilter(choices=[*STAGES.items()], label="阶段", method="by_stage")
    light = django_filters.ChoiceFilter(
        choices=[(light.value, light.words) for light in Light], label="亮灯", method="by_light"
    )
    state = django_filters.ChoiceFilter(choices=Project.State, label="状态")
    level = django_filters.ChoiceFilter(choices=Project.Level, label="打包、分期", empty_label="全部")
    sponsor = django_filters.ModelChoiceFilter(
        queryset=Official.objects.all(), method="by_group", label="挂包领导", empty_label="全部"
    )
    lead_department = django_filters.ModelChoiceFilter(
        queryset=Unit.objects.filter(kind=Unit.Kind.DEPARTMENT),
        method="by_group",
        label="推进部门",
        empty_label="全部",
    )
    host_district = django_filters.ModelChoiceFilter(
        queryset=Unit.objects.filter(kind=Unit.Kind.DISTRICT),
        method="by_group",
        label="属地",
        empty_label="全部",
    )
    industry_chain = django_filters.ModelChoiceFilter(
        queryset=IndustryChain.objects.all(), method="by_group", label="产业链", empty_label="全部"
    )
    gap = django_filters.BooleanFilter(
        method="by_gap",
        label="六个一缺项",
        widget=forms.Select(choices=[("", "全部"), ("true", "有缺项")]),
    )

    # where a count of a stage's column on the overview opens its rows
    watch = django_filters.ChoiceFilter(
        choices=[(watch.key, watch.name) for watch in WATCHES.values()],
        label="关注事项",
        method="by_watch",
        empty_label="全部",
    )

    class Meta:
        model = Project
        fields: ClassVar = ["state", "level"]

    def __init__(self, *args, scope: Scope, **kwargs):
        super().__init__(*args, **kwargs)
        self.scope = scope
        self.filters["list"].queryset = lists_of(scope.year)
        if scope.publication is not None:
            for name in ("state", "level", "gap"):  # of the project today, and no part of what was published
                del self.filters[name]

    def by_words(self, projects: QuerySet[Project], name: str, value: str) -> QuerySet[Project]:
        return projects.search(value)

    def unchanged(self, projects, name, value):
        """The list is part of the scope: the view has narrowed the population already."""
        return projects

    def by_column(self, projects, name, value):
        return projects.filter(**{name: value})

    def as_published(self, projects, *conditions, **facts):
        """Projects whose published row, that of their highest list, says so."""
        rows = self.scope.once().filter(*conditions, **facts)
        return projects.filter(pk__in=rows.values("listing__project"))

    def by_stage(self, projects, name, value):
        if self.scope.publication is not None:
            return self.as_published(projects, stage_is(value, self.scope.cut_off))
        return projects.filter(stage_is(value, self.scope.cut_off))

    def by_light(self, projects, name, value):
        if self.scope.publication is not None:
            return self.as_published(projects, light=value)
        lights = colours_for(
            Project.objects.filter(pk__in=projects.order_by().values("pk")), self.scope.cut_off
        )
        return projects.filter(pk__in=[pk for pk, light in lights.items() if light == value])

    def by_group(self, projects, name, value):
        if self.scope.publication is not None:
            return self.as_published(projects, **{name: value})
        group = DIMENSIONS[name].group_of(self.scope.cut_off, "pk")
        return projects.annotate(**{f"{name}_then": group}).filter(**{f"{name}_then": value.pk})

    def by_gap(self, projects, name, value):
        if not value:
            return projects
        return projects.filter(pk__in=with_gap(Project.objects.all(), self.scope.cut_off).values("pk"))

    def by_watch(self, projects, name, value):
        return projects.filter(pk__in=watched(self.scope, value))


# --- slots ----------------------------------------------------------------------------------------------

NOBODY = "none"
ASKED_SLOTS = [(ANY, "任一项"), *((key, words) for key, words in SLOTS.items() if key != "project")]


def _holder(slot: str, queryset: QuerySet, label: str) -> django_filters.ModelChoiceFilter:
    return django_filters.ModelChoiceFilter(
        queryset=queryset,
        method="by_holder",
        field_name=slot,
        label=label,
        empty_label="全部",
        null_label="未明确",
        null_value=NOBODY,
    )


class SlotFilter(django_filters.FilterSet):
    """Choices over rows of `SlotsOfDay.rows`; the fields of a row are those of its day."""

    q = django_filters.CharFilter(method="by_words", label="关键词", help_text="名称、代码、单位或拼音首字母")
    missing = django_filters.ChoiceFilter(
        choices=ASKED_SLOTS, method="by_gap", label="缺项", empty_label="全部"
    )
    list = django_filters.ModelChoiceFilter(
        queryset=AnnualList.objects.none(), method="by_list", label="名单", empty_label="全部"
    )
    sponsor = _holder("sponsor", Official.objects.all(), "挂包领导")
    lead_department = _holder("lead_department", Unit.objects.exclude(kind=Unit.Kind.DISTRICT), "推进部门")
    host_district = _holder("host_district", Unit.objects.exclude(kind=Unit.Kind.DEPARTMENT), "属地")

    def __init__(self, *args, slots: SlotsOfDay, **kwargs):
        super().__init__(*args, **kwargs)
        self.day = slots.day
        lists = AnnualList.objects.filter(year=self.day.year).select_related("kind")
        self.filters["list"].queryset = lists.order_by("kind__position")

    def by_words(self, projects: QuerySet[Project], name: str, value: str) -> QuerySet[Project]:
        return projects.search(value)

    def by_gap(self, projects, name, value):
        return projects.filter(missing(value))

    def by_list(self, projects, name, value):
        listed = ListingVersion.objects.in_force(self.day).filter(listing__annual_list=value)
        return projects.filter(pk__in=listed.values("listing__project"))

    def by_holder(self, projects, name, value):
        if value == NOBODY:
            return projects.filter(**{f"{name}_then__isnull": True})
        return projects.filter(**{f"{name}_then": value.pk})


class ResponsibilityFilter(SlotFilter):
    """The same choices, with the stage and the year's hand-overs."""

    stage = django_filters.ChoiceFilter(
        choices=[*STAGES.items()], method="by_stage", label="阶段", empty_label="全部"
    )
    changed = django_filters.ChoiceFilter(
        choices=[("yes", "有交接")], method="by_change", label="本年交接", empty_label="全部"
    )

    def by_stage(self, projects, name, value):
        return projects.filter(stage_is(value, self.day))

    def by_change(self, projects, name, value):
        return projects.filter(pk__in=changed_in_year(self.day))
