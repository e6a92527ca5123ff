"""Indicator pages (指标): the year's indicators, one by month against its pace, a month entered by the office."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from projects import clock
from projects.figures.indicators import IndicatorMonth, indicator_cards, indicator_months
from projects.models import Indicator
from projects.services.attraction.indicators import enter_value
from projects.templatetags.show import DASH, pct, plain

from ..base.context import as_of_from
from ..base.listing import exported, list_notes, paged
from ..base.refusals import refused_on
from ..base.requests import HouseRequest
from .forms import IndicatorValueForm
from .tables import IndicatorTable


@require_safe
def indicator_list(request: HouseRequest) -> HttpResponse:
    """The indicators of the day's year, each with its latest value up to the day."""
    as_of = as_of_from(request)
    table = IndicatorTable(indicator_cards(as_of.year, as_of), as_of=as_of)
    notes = list_notes(request, as_of, [], f"{as_of.year}年度")[:1]
    if file := exported(request, table, title="指标完成情况", notes=notes, as_of=as_of):
        return file
    context = {
        "as_of": as_of,
        "takes_as_of": True,
        "table": paged(request, table),
    }
    return render(request, "attraction/indicator_list.html", context)


@require_safe
def indicator_detail(request: HouseRequest, pk: int) -> HttpResponse:
    """One indicator over the months of its year, beside the pace of its target (序时)."""
    indicator = get_object_or_404(Indicator, pk=pk)
    as_of = as_of_from(request)
    card = next(card for card in indicator_cards(indicator.year, as_of) if card.pk == indicator.pk)
    months = indicator_months(indicator, as_of)
    context = {
        "indicator": indicator,
        "card": card,
        "chart": _chart(indicator, months),
        "heads": ["月份", "累计完成", "当月", "序时任务", "完成率", "全市总量", "占全市", "说明"],
        "rows": [_line(line) for line in months],
        "as_of": as_of,
        "takes_as_of": True,
    }
    return render(request, "attraction/indicator_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_enter(request: HouseRequest, pk: int) -> HttpResponse:
    """Enter or correct a month of an indicator (登记指标进度)."""
    indicator = get_object_or_404(Indicator, pk=pk)
    if not request.user.is_office:
        raise PermissionDenied
    today = clock.today()
    over = [line.month for line in indicator_months(indicator, today) if line.last_on <= today]
    form = IndicatorValueForm(
        request.POST if request.method == "POST" else None,
        indicator=indicator,
        initial={"month": over[-1] if over else 1},
    )
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            entry = enter_value(indicator=indicator, by=request.user, now=clock.now(), **form.cleaned_data)
            messages.success(
                request,
                f"已登记{entry.as_of_on.month}月{indicator.name}：{plain(entry.value)}{indicator.unit}。",
            )
            return redirect("indicator_detail", pk=pk)
    context = {
        "indicator": indicator,
        "form": form,
        "months": [line for line in indicator_months(indicator, today) if line.entry],
        "cancel_href": reverse("indicator_detail", args=[pk]),
    }
    return render(request, "attraction/indicator_form.html", context)


def _chart(indicator: Indicator, months: list[IndicatorMonth]) -> dict:
    """Context of components/chart.html, kind trend: the value by month and the target's pace."""
    return {
        "labels": [f"{line.month}月" for line in months],
        "actual": [None if line.entry is None else float(line.entry.value) for line in months],
        "plan": [float(line.expected) for line in months],
        "unit": indicator.unit,
        "points": True,  # few values, perhaps one: a line alone would not show it
        "actual_name": "累计完成",
        "plan_name": "序时任务",
    }


def _line(line: IndicatorMonth) -> list[str]:
    entry = line.entry
    if entry is None:
        return [f"{line.month}月", DASH, DASH, plain(line.expected), *[DASH] * 4]
    return [
        f"{line.month}月",
        plain(entry.value),
        plain(line.increment),
        plain(line.expected),
        pct(line.completion),
        plain(entry.city_total),
        pct(line.share_of_city),
        entry.note or DASH,
    ]
