"""Filters of delivery plans, milestones and their dates (推进方案、节点)."""

from collections.abc import Mapping
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from projects.figures.definitions import DUE_SOON_DAYS
from projects.models import DateChangeRequest, DeliveryPlan, Handover, Milestone
from projects.queries.plans.progress import (
    ACHIEVED,
    CLAIMED,
    DUE,
    DUE_BY,
    DUE_DONE,
    FIGURE_OF,
    ON_TIME,
    OPEN,
    OVERDUE,
    of_status,
)

from ..base.filters import (
    UNKNOWN,
    ChoiceFilter,
    HolderFilter,
    HouseFilterSet,
    ListFilter,
    UnitFilter,
    WordsFilter,
    YesFilter,
)

# --- plans ----------------------------------------------------------------------------------------------

CURRENT = "current"
OPEN_PLANS = [state for state in DeliveryPlan.State if state != DeliveryPlan.State.SUPERSEDED]


class PlanFilter(HouseFilterSet):
    """Choices over visible plans; without a state, all that still matter."""

    q = WordsFilter("document", help_text="项目、文号")
    state = ChoiceFilter("状态", [(CURRENT, "在办和在执行"), *DeliveryPlan.State.choices], method="by_state")
    unit = HolderFilter(Handover.Slot.LEAD_DEPARTMENT)
    district = HolderFilter(Handover.Slot.HOST_DISTRICT, label="属地")

    def by_state(self, plans: QuerySet[DeliveryPlan], name: str, value: str) -> QuerySet[DeliveryPlan]:
        return plans.filter(state__in=OPEN_PLANS) if value == CURRENT else plans.filter(state=value)


class DateChangeFilter(HouseFilterSet):
    """Choices over visible requests (调整申请)."""

    q = WordsFilter("milestone__name", project="milestone__plan__project", help_text="节点或项目")
    state = ChoiceFilter("状态", DateChangeRequest.State)
    unit = UnitFilter("责任单位", "milestone__unit", also_former=True)


# --- milestones -----------------------------------------------------------------------------------------

STATUSES = [
    (OVERDUE, "已逾期"),
    (DUE, f"{DUE_SOON_DAYS}天内到期"),
    (OPEN, "未办结"),
    (CLAIMED, "办结待确认"),
    (ACHIEVED, "已办结"),
    (DUE_BY, "截至日应办结"),
    (DUE_DONE, "应办结且已办结"),
    (ON_TIME, "应办结且按期办结"),
]
FIGURES = {figure: status for status, figure in FIGURE_OF.items()}


class MilestoneFilter(HouseFilterSet):
    """Choices over visible milestones of plans in force; a status is that of `as_of`, not of now.

    The unit is the one that answers (责任单位): the lead department where a milestone names none. The door of a figure
    (?figure=) asks for the figure's status.
    """

    q = WordsFilter("name", project="plan__project", help_text="节点或项目")
    status = ChoiceFilter("状态", STATUSES, method="by_status")
    stage = ChoiceFilter("阶段", Milestone.Stage)
    unit = UnitFilter("责任单位", also_former=True, method="by_unit", null_label="未明确")
    list = ListFilter("plan__project")
    sponsor = HolderFilter(Handover.Slot.SPONSOR, "plan__project")
    department = HolderFilter(Handover.Slot.LEAD_DEPARTMENT, "plan__project")
    district = HolderFilter(Handover.Slot.HOST_DISTRICT, "plan__project", "属地")

    # where a figure of one project, or of projects found by words, opens its milestones
    project = django_filters.CharFilter(
        field_name="plan__project__code", label="项目代码", widget=forms.HiddenInput
    )
    project_q = WordsFilter(project="plan__project", label="项目关键词", widget=forms.HiddenInput)

    def __init__(self, data: QueryDict, **kwargs: Any) -> None:
        status = FIGURES.get(data.get("figure", ""))
        if status and not data.get("status"):
            data = data.copy()
            data["status"] = status
        super().__init__(data, **kwargs)

    def by_unit(self, milestones: Any, name: str, value: Any) -> QuerySet[Milestone]:
        return milestones.with_responsible(self.as_of).filter(
            responsible=None if value == UNKNOWN else value.pk
        )

    def by_status(self, milestones: Any, name: str, value: str) -> QuerySet[Milestone]:
        return of_status(milestones, value, self.as_of)


# --- progress -------------------------------------------------------------------------------------------

BY_UNIT = "unit"
DOOR_NAMES = ("list", "department", "district", "sponsor")  # called the same on the milestone list


class WhoseFilter(HouseFilterSet):
    """Projects of a list, a department, a district, a sponsor."""

    list = ListFilter("pk")
    department = HolderFilter(Handover.Slot.LEAD_DEPARTMENT, "pk")
    district = HolderFilter(Handover.Slot.HOST_DISTRICT, "pk", "属地")
    sponsor = HolderFilter(Handover.Slot.SPONSOR, "pk")


class ProgressFilter(WhoseFilter):
    """The same, with words; `by` and `late` are taken by the view, which counts over projects or over units."""

    q = WordsFilter(project="pk", label="项目", help_text="名称、代码或拼音")
    by = ChoiceFilter("统计方式", [(BY_UNIT, "按责任单位")], method="unchanged", widget=forms.HiddenInput)
    late = YesFilter("逾期", "仅看有逾期的", method="unchanged")

    @property
    def late_only(self) -> bool:
        return bool(self._given().get("late"))

    def door_parameters(self) -> dict[str, str]:
        """What narrows the milestone list to the milestones of exactly these projects."""
        given = self._given()
        names = {name: str(given[name].pk) for name in DOOR_NAMES if given.get(name)}
        names |= {name: self.data[name] for name in DOOR_NAMES if name in self.form.errors}
        return names | ({"project_q": given["q"]} if given.get("q") else {})

    def _given(self) -> Mapping[str, Any]:
        """What the address says that means something."""
        return self.form.cleaned_data if self.form.is_bound and self.form.errors is not None else {}
