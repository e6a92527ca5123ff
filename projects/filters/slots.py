"""Filters of the six slots and of the duties (六个一、责任清单筛选); responsibility is that of the day asked."""

import django_filters
from django.db.models import QuerySet

from projects.models import AnnualList, ListingVersion, Official, Project, Unit
from projects.queries.duties import changed_in_year
from projects.queries.six_slots import ANY, SLOTS, SlotsOfDay, missing
from projects.queries.stages import STAGES, stage_is

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


class DutyFilter(SlotFilter):
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
