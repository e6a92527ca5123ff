"""Indicator pages (指标): the year's indicators, one by month against its pace, a month entered by the office."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from projects import clock
from projects.figures.indicators import IndicatorCard, IndicatorMonth, indicator_cards, indicator_months
from projects.models import Indicator
from projects.services.attraction.indicators import enter_value
from projects.templatetags.show import DASH, pct, plain

from ..base.context import as_of_from
from ..base.form_page import Done, bound, form_page
from ..base.guards import office_only
from ..base.list_page import ListPage
from ..base.requests import HouseRequest
from .forms import IndicatorValueForm
from .tables import IndicatorTable


class IndicatorList(ListPage):
    """The indicators of the day's year, each with its latest value up to the day."""

    template_name = "attraction/indicator_list.html"
    title, heading = "指标完成情况", "主要指标"
    table_class = IndicatorTable

    def rows(self) -> list[IndicatorCard]:
        self.note = f"{self.as_of.year}年度"
        return indicator_cards(self.as_of.year, self.as_of)


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
        "heads": ["月份", "累计完成", "当月", "序时任务", "完成率", "上年同期", "全市总量", "占全市", "说明"],
        "rows": [_line(line) for line in months],
        "as_of": as_of,
        "takes_as_of": True,
    }
    return render(request, "attraction/indicator_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_enter(request: HouseRequest, pk: int) -> HttpResponse:
    """Enter or correct a month of an indicator (登记指标进度)."""
    indicator = get_object_or_404(Indicator, pk=pk)
    office_only(request)
    today = clock.today()
    months = indicator_months(indicator, today)
    over = [line.month for line in months if line.last_on <= today]
    initial = {"month": over[-1] if over else 1}
    form = IndicatorValueForm(**bound(request), indicator=indicator, initial=initial)

    def enter() -> Done:
        entry = enter_value(indicator=indicator, by=request.user, now=clock.now(), **form.cleaned_data)
        month, value = entry.as_of_on.month, plain(entry.value)
        return Done(f"已登记{month}月{indicator.name}：{value}{indicator.unit}。", "indicator_detail", pk)

    context = {
        "indicator": indicator,
        "months": [line for line in months if line.entry],
        "cancel_href": reverse("indicator_detail", args=[pk]),
    }
    return form_page(request, "attraction/indicator_form.html", form, enter, context=context)


def _chart(indicator: Indicator, months: list[IndicatorMonth]) -> dict[str, Any]:
    """Context of components/chart.html, kind trend: the value by month and the target's pace."""
    return {
        "labels": [f"{line.month}月" for line in months],
        "actual": [None if line.entry is None else float(line.entry.value) for line in months],
        "plan": [None if line.expected is None else float(line.expected) for line in months],
        "unit": indicator.unit,
        "points": True,  # few values, perhaps one: a line alone would not show it
        "actual_name": "累计完成",
        "plan_name": "序时任务",
    }


def _line(line: IndicatorMonth) -> list[str]:
    entry = line.entry
    if entry is None:
        return [f"{line.month}月", DASH, DASH, plain(line.expected), *[DASH] * 5]
    return [
        f"{line.month}月",
        plain(entry.value),
        plain(line.increment),
        plain(line.expected),
        pct(line.completion),
        plain(entry.last_year),
        plain(entry.city_total),
        pct(line.share_of_city),
        entry.note or DASH,
    ]
