"""Filters of projects, their six slots, duties, hand-overs and states (项目台账、六个一)."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from projects.figures.lights.judging import colours_for
from projects.figures.population import DIMENSIONS, Scope
from projects.figures.watches import WATCHES, watched
from projects.models import FurtherField, Handover, IndustryChain, Official, Project, ProjectStage, Unit
from projects.models.lists.belongings import level_on
from projects.queries.register.responsibilities import changed_in_year
from projects.queries.register.six_slots import ANY, SLOTS, missing, with_gap
from projects.queries.register.stages import STAGES, stage_is
from projects.rules import Light

from ..base.filters import (
    ChoiceFilter,
    HolderFilter,
    HouseFilterSet,
    ListFilter,
    RowFilter,
    UnitFilter,
    WordsFilter,
    YesFilter,
)

WORDS_HELP = "名称、代码、单位或拼音"

# --- projects -------------------------------------------------------------------------------------------

BASES = [("confirmed", "已确认"), ("submitted", "含待审")]
UNCHOSEN = "---------"


class ProjectFilter(HouseFilterSet):
    """Choices over visible projects. `scope` holds day, year, lists and the viewer.

    Responsibility is that of the scope's day, so a list of last June shows who answered then. The list is part of the
    scope: the view has narrowed the population already.
    """

    state = ChoiceFilter("状态", Project.State, empty_label=UNCHOSEN)
    level = ChoiceFilter("打包、分期", Project.Level, method="by_level")
    q = WordsFilter(project="pk", help_text=WORDS_HELP)
    list = ListFilter(method="unchanged")
    category = ChoiceFilter("项目类别", ProjectStage, empty_label=UNCHOSEN)
    stage = ChoiceFilter("阶段", [*STAGES.items()], method="by_stage", empty_label=UNCHOSEN)
    light = ChoiceFilter(
        "亮灯", [(light.value, light.words) for light in Light], method="by_light", empty_label=UNCHOSEN
    )
    sponsor = RowFilter("挂包领导", Official.objects.all(), method="by_group")
    lead_department = UnitFilter("推进部门", kind=Unit.Kind.DEPARTMENT, also_former=True, method="by_group")
    host_district = UnitFilter("属地", kind=Unit.Kind.DISTRICT, also_former=True, method="by_group")
    industry_chain = RowFilter("产业链", IndustryChain.objects.all(), method="by_group")
    gap = YesFilter("六个一缺项", "有缺项", method="by_gap")

    # where a count of a stage's column on the overview opens its rows
    watch = ChoiceFilter(
        "关注事项", [(watch.key, watch.name) for watch in WATCHES.values()], method="by_watch"
    )

    def __init__(self, *args: Any, scope: Scope, further: Sequence[FurtherField] = (), **kwargs: Any) -> None:
        super().__init__(*args, as_of=scope.cut_off, **kwargs)
        self.scope = scope
        self.further: dict[str, FurtherField] = {}
        for field in further:
            self._add(field)
        self.year = scope.year
        if scope.publication is not None:
            for name in ("state", "level", "gap"):  # of the project today, and no part of what was published
                del self.filters[name]

    def _add(self, field: FurtherField) -> None:
        """A filter over one of the office's own columns: a choice by its option, others by words within."""
        self.further[name := further_name(field)] = field
        added: Any = WordsFilter(label=field.name, method="by_further")
        if field.kind == FurtherField.Kind.CHOICE:
            options = [(words, words) for words in field.choices]
            added = ChoiceFilter(field.name, options, method="by_further", empty_label=UNCHOSEN)
        added.field_name, added.parent, added.model = name, self, Project
        self.filters[name] = added

    def by_further(self, projects: QuerySet[Project], name: str, value: str) -> QuerySet[Project]:
        field = self.further[name]
        lookup = "exact" if field.kind == FurtherField.Kind.CHOICE else "icontains"
        said = projects.annotate(**{name: Cast(KeyTextTransform(field.name, "extra"), TextField())})
        return said.filter(**{f"{name}__{lookup}": value}) if value else projects

    def as_published(self, projects: QuerySet[Project], *conditions: Any, **facts: Any) -> QuerySet[Project]:
        """Projects whose published row, that of their highest list, says so."""
        rows = self.scope.once().filter(*conditions, **facts)
        return projects.filter(pk__in=rows.values("listing__project"))

    def by_stage(self, projects: QuerySet[Project], name: str, value: str) -> QuerySet[Project]:
        if self.scope.publication is not None:
            return self.as_published(projects, stage_is(value, self.as_of))
        return projects.filter(stage_is(value, self.as_of))

    def by_light(self, projects: QuerySet[Project], name: str, value: str) -> QuerySet[Project]:
        if self.scope.publication is not None:
            return self.as_published(projects, light=value)
        lights = colours_for(Project.objects.filter(pk__in=projects.order_by().values("pk")), self.as_of)
        return projects.filter(pk__in=[pk for pk, light in lights.items() if light == value])

    def by_group(self, projects: QuerySet[Project], name: str, value: Any) -> QuerySet[Project]:
        if self.scope.publication is not None:
            return self.as_published(projects, **{name: value})
        group = DIMENSIONS[name].group_of(self.as_of, "pk")
        return projects.annotate(**{f"{name}_then": group}).filter(**{f"{name}_then": value.pk})

    def by_level(self, projects: QuerySet[Project], name: str, value: str) -> QuerySet[Project]:
        return projects.annotate(level_then=level_on(self.as_of)).filter(level_then=value)

    def by_gap(self, projects: QuerySet[Project], name: str, value: bool) -> QuerySet[Project]:
        if not value:
            return projects
        return projects.filter(pk__in=with_gap(Project.objects.all(), self.as_of).values("pk"))

    def by_watch(self, projects: QuerySet[Project], name: str, value: str) -> QuerySet[Project]:
        return projects.filter(pk__in=watched(self.scope, value))


def further_name(field: FurtherField) -> str:
    """What one of the office's own columns is called in addresses and tables."""
    return f"field_{field.pk}"


# --- slots ----------------------------------------------------------------------------------------------

ASKED_SLOTS = [(ANY, "任一项"), *((key, words) for key, words in SLOTS.items() if key != "project")]


class SlotFilter(HouseFilterSet):
    """Choices over rows of `SlotsOfDay.rows`; the fields of a row are those of its day."""

    q = WordsFilter(project="pk", help_text=WORDS_HELP)
    missing = ChoiceFilter("缺项", ASKED_SLOTS, method="by_gap")
    list = ListFilter("pk")
    sponsor = HolderFilter(Handover.Slot.SPONSOR, "pk", null_label="未明确")
    lead_department = HolderFilter(Handover.Slot.LEAD_DEPARTMENT, "pk", null_label="未明确")
    host_district = HolderFilter(Handover.Slot.HOST_DISTRICT, "pk", "属地", null_label="未明确")

    def by_gap(self, projects: QuerySet[Project], name: str, value: str) -> QuerySet[Project]:
        return projects.filter(missing(value))


class ResponsibilityFilter(SlotFilter):
    """The same choices, with the stage and the year's hand-overs."""

    stage = ChoiceFilter("阶段", [*STAGES.items()], method="by_stage")
    changed = ChoiceFilter("本年交接", [("yes", "有交接")], method="by_change")

    def by_stage(self, projects: QuerySet[Project], name: str, value: str) -> QuerySet[Project]:
        return projects.filter(stage_is(value, self.as_of))

    def by_change(self, projects: QuerySet[Project], name: str, value: str) -> QuerySet[Project]:
        return projects.filter(pk__in=changed_in_year(self.as_of))
