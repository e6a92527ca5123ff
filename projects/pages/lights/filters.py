"""Filters of light rule sets, exemptions, history (亮灯)."""

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from projects.figures.lights.history import records_of_year
from projects.figures.lights.trial import COLUMNS, LightTrial
from projects.models import Handover, Project
from projects.models.lights import LightExemptionQuerySet
from projects.rules import Light, LightDimension

from ..base.filters import ChoiceFilter, HolderFilter, HouseFilterSet, WordsFilter
from ..plans.filters import WhoseFilter

# --- light rules ----------------------------------------------------------------------------------------

LIGHTS = [(light.value, light.words) for light in COLUMNS]


class TrialFilter(HouseFilterSet):
    """Choices over the projects of a trial."""

    q = WordsFilter(project="pk", help_text="名称、代码、单位或拼音")
    was = ChoiceFilter("现行亮灯", LIGHTS, method="unchanged")
    will = ChoiceFilter("试算亮灯", LIGHTS, method="unchanged")
    show = ChoiceFilter("范围", [("all", "全部适用项目")], method="unchanged", empty_label="只看有变化的")
    unit = HolderFilter(Handover.Slot.LEAD_DEPARTMENT, "pk")

    def __init__(self, *args: Any, trial: LightTrial, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.trial = trial

    def filter_queryset(self, queryset: QuerySet[Project]) -> QuerySet[Project]:
        """The lights together pick the rows."""
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
DIMENSIONS = [(ALL_DIMENSIONS, "全部维度"), *((one.value, one.words) for one in LightDimension)]


class LightExemptionFilter(HouseFilterSet):
    """Choices over visible exemptions, as they stand on a day."""

    q = WordsFilter("reason", "document", help_text="项目、原因或文号")
    state = ChoiceFilter("状态", STATES, method="by_state")
    dimension = ChoiceFilter("豁免维度", DIMENSIONS, method="by_dimension", empty_label="不限")
    unit = HolderFilter(Handover.Slot.LEAD_DEPARTMENT)

    def by_state(self, rows: LightExemptionQuerySet, name: str, value: str) -> LightExemptionQuerySet:
        if value == WAITING:
            return rows.waiting()
        if value in (REFUSED, WITHDRAWN):
            return rows.filter(state=value)
        if value == COMING:
            return rows.coming(self.as_of)
        return rows.over(self.as_of) if value == OVER else rows.in_force(self.as_of)

    def by_dimension(self, rows: LightExemptionQuerySet, name: str, value: str) -> LightExemptionQuerySet:
        return rows.filter(dimension="" if value == ALL_DIMENSIONS else value)


# --- light history --------------------------------------------------------------------------------------

RED, TURNED, NEVER = "red", "turned", "never"
EVER = [(RED, "年内亮过红灯"), (TURNED, "亮过红灯，最近一旬已转出"), (NEVER, "年内没有亮过红灯")]


class LightHistoryFilter(WhoseFilter):
    """Projects with records in the year of as_of; `latest_on` is the last day of the last recorded period."""

    q = WordsFilter(project="pk", label="项目", help_text="名称、代码或拼音")
    light = ChoiceFilter("最近一旬亮灯", [(light.value, light.words) for light in Light], method="by_light")
    ever = ChoiceFilter("年内红灯", EVER, method="by_ever")

    def __init__(self, *args: Any, as_of: dt.date, latest_on: dt.date | None, **kwargs: Any) -> None:
        super().__init__(*args, as_of=as_of, **kwargs)
        records = records_of_year(as_of.year, as_of).filter(project=OuterRef("pk")).order_by()
        self.red = Exists(records.filter(light=Light.RED))
        self.latest = records.filter(period_ends_on=latest_on) if latest_on else records.none()

    def by_light(self, projects: QuerySet[Project], name: str, value: str) -> QuerySet[Project]:
        return projects.filter(Exists(self.latest.filter(light=value)))

    def by_ever(self, projects: QuerySet[Project], name: str, value: str) -> QuerySet[Project]:
        if value == NEVER:
            return projects.filter(~self.red)
        red = projects.filter(self.red)
        return red.filter(Exists(self.latest.exclude(light=Light.RED))) if value == TURNED else red
