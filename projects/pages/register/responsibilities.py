"""The list of duties (责任清单): who answers for what on a day, sums by holder, a sheet for each leader."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from projects.models import Handover, Official, Project
from projects.queries.register.responsibilities import DutySum, duty_rows, duty_sums
from projects.queries.register.six_slots import ANY, SlotsOfDay
from projects.queries.register.stages import STAGES

from ..base.context import as_of_from
from ..base.filters import UNKNOWN
from ..base.requests import HouseRequest
from .filters import ResponsibilityFilter
from .slots import OfDayList
from .tables import ResponsibilityTable


class ResponsibilityList(OfDayList):
    """For each project the six slots and the further people, with the year's hand-overs."""

    template_name = "register/responsibilities/responsibility_list.html"
    title = heading = "责任清单"
    note = "电话仅列本人参与推进的项目"
    filter_class, table_class = ResponsibilityFilter, ResponsibilityTable

    def context(self) -> dict[str, Any]:
        """The leader the list is narrowed to, whose sheet can be printed."""
        form = self.filterset.form
        chosen = form.cleaned_data.get("sponsor") if form.is_valid() else None
        return {"leader": chosen if isinstance(chosen, Official) else None}


@require_safe
def responsibility_summary(request: HouseRequest) -> HttpResponse:
    """Projects, stages and gaps by leader, department or district (责任汇总); each figure opens its rows."""
    as_of = as_of_from(request)
    slots = SlotsOfDay.on(as_of)
    by = request.GET.get("by", "")
    if by not in Handover.Slot.values:
        by = Handover.Slot.SPONSOR.value
    rows = slots.rows(Project.objects.visible_to(request.user))
    context = {
        "as_of": as_of,
        "takes_as_of": True,
        "by": by,
        "by_words": Handover.Slot(by).label,
        "kinds": [(slot.value, slot.label) for slot in Handover.Slot],
        "stages": list(STAGES.values()),
        "rows": [_figures(row, by, as_of) for row in duty_sums(rows, by, as_of)],
    }
    return render(request, "register/responsibilities/responsibility_summary.html", context)


def _figures(row: DutySum, by: str, as_of: dt.date) -> dict[str, Any]:
    """One line of the summary with the door of each figure."""

    def door(**more: str) -> str:
        holder = row.holder.pk if row.holder else UNKNOWN
        return (
            f"{reverse('responsibility_list')}?{urlencode({'as_of': as_of.isoformat(), by: holder, **more})}"
        )

    return {
        "holder": row.holder,
        "total": row.projects,
        "href": door(),
        "stages": [(stage, STAGES[stage], row.stages[stage], door(stage=stage)) for stage in STAGES],
        "gaps": row.gaps,
        "gaps_href": door(missing=ANY),
    }


@require_safe
def responsibility_sheet(request: HouseRequest, pk: int) -> HttpResponse:
    """A leader's projects on one printable sheet (挂包责任单); another's leader is not found."""
    leader = get_object_or_404(Official, pk=pk)
    as_of = as_of_from(request)
    slots = SlotsOfDay.on(as_of)
    visible = Project.objects.visible_to(request.user)
    mine = Q(sponsor_then=leader.pk)
    rows = list(duty_rows(visible, slots, request.user).filter(mine).order_by("code"))
    if not rows and not request.user.sees_all_projects:
        raise Http404
    table = ResponsibilityTable(rows, as_of=as_of, exclude=("sponsor",), orderable=False)
    table.slots = slots
    sums = duty_sums(slots.rows(visible).filter(mine), Handover.Slot.SPONSOR.value, as_of)
    context = {
        "leader": leader,
        "as_of": as_of,
        "takes_as_of": True,
        "table": table,
        "sum": sums[0] if sums else None,
        "stages": [(words, sums[0].stages[stage] if sums else 0) for stage, words in STAGES.items()],
        "shows_phone": any(row.shows_phones for row in rows),
    }
    return render(request, "register/responsibilities/responsibility_sheet.html", context)
