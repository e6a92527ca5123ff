"""Two versions of a list compared (名单对比)."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects import clock
from projects.models import AnnualList
from projects.queries.lists.versions import compare, last_changed_list, version_dates

from ..base.listing import exported, list_notes, paged
from ..base.requests import HouseRequest
from .adjustments import all_seeing_only
from .tables import ComparisonTable


@require_safe
def listversion_compare(request: HouseRequest) -> HttpResponse:
    """What a list says on two of its version dates, and what differs; without choices, its last change."""
    all_seeing_only(request)
    lists = list(AnnualList.objects.select_related("kind"))
    annual_list = _chosen(request, lists)
    context: dict[str, Any] = {"lists": lists, "annual_list": annual_list}
    dates = version_dates(annual_list) if annual_list else []
    if annual_list is None or not dates:
        return render(request, "lists/listversion_compare.html", context)
    before_on, after_on = _days(request, [day for day, _documents in dates])
    comparison = compare(annual_list, before_on, after_on)
    table = ComparisonTable(comparison.rows, as_of=clock.today())
    level = f"按{annual_list.get_counts_level_display()}统计"
    days = f"{before_on.isoformat()}与{after_on.isoformat()}对比"
    notes = list_notes(request, clock.today(), (), str(annual_list), days, level, comparison.words)
    if file := exported(request, table, title=f"{annual_list}名单对比", notes=notes):
        return file
    context |= {
        "dates": dates,
        "comparison": comparison,
        "summary": comparison.summary(),
        "level_words": level,
        "table": paged(request, table),
    }
    return render(request, "lists/listversion_compare.html", context)


def _chosen(request: HouseRequest, lists: list[AnnualList]) -> AnnualList | None:
    """The list asked for; else the one that changed last, else the newest there is."""
    known = {str(item.pk): item for item in lists}
    asked = request.GET.get("list", "")
    return known.get(asked) or known.get(str(last_changed_list())) or (lists[0] if lists else None)


def _days(request: HouseRequest, days: list[dt.date]) -> tuple[dt.date, dt.date]:
    """The two days asked for, the earlier first; else the last version and the one before the later day."""
    known = {day.isoformat(): day for day in days}
    after_on = known.get(request.GET.get("to", ""), days[-1])
    earlier = [day for day in days if day < after_on]
    before_on = known.get(request.GET.get("from", ""), earlier[-1] if earlier else after_on)
    return min(before_on, after_on), max(before_on, after_on)
