"""Baseline pages (序时基线): all of them with their shares, curves of the office, what each list follows."""

import copy
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from projects import clock
from projects.figures.baselines import (
    BUILT_IN_NAMES,
    SOURCES,
    Baseline,
    baseline_of,
    built_in,
    curve_baseline,
)
from projects.figures.figures import FigureRow, figure_total
from projects.figures.population import Scope
from projects.models import AnnualList, BaselineCurve, User
from projects.money import gap_sentence, round_half_up
from projects.periods import TenDayPeriod
from projects.services.base.steps import Steps
from projects.services.figures import baselines as service

from ..base.context import as_of_from
from ..base.form_page import Done, bound, form_page
from ..base.guards import office_only
from ..base.refusals import refused_on
from ..base.requests import HouseRequest
from .forms import ChooseForm, CurveForm, ListPlanForm

BUILT_IN_MANNER = "内置，阶梯"
QUARTER_ENDS = ("一季度末", "二季度末", "三季度末", "年末")


@dataclass(frozen=True)
class BaselineEntry:
    """A baseline as the page shows it; `curve` None for the built-in ones."""

    baseline: Baseline
    manner: str
    source: str
    shares: list
    lists: list[AnnualList]
    curve: BaselineCurve | None = None
    steps: Steps | None = None

    @property
    def percents(self) -> list[str]:
        """Cumulative shares at the ends of the periods, in percent; none where each project has its own."""
        if self.baseline.by_project:
            return ["按项目"] * TenDayPeriod.PER_YEAR
        return [f"{round_half_up(share * 100, 1)}%" for share in self.shares]

    @property
    def quarters(self) -> list[tuple[str, str]]:
        return list(zip(QUARTER_ENDS, self.percents[8::9], strict=True))


@require_safe
def baseline_list(request: HouseRequest) -> HttpResponse:
    """Every baseline with source, manner, curve and shares; what each list follows. Two queries of its own."""
    if not request.user.sees_all_projects:
        raise PermissionDenied("序时基线由统筹、督查和管理员查看。")
    as_of = as_of_from(request)
    lists = list(AnnualList.objects.select_related("kind", "curve"))
    curves = BaselineCurve.objects.select_related("annual_list__kind").order_by("annual_list", "pk")
    entries = _entries(list(curves), lists, as_of.year, request.user)
    periods = TenDayPeriod.of_year(as_of.year)
    context = {
        "as_of": as_of,
        "takes_as_of": True,
        "entries": entries,
        "table": list(
            zip((period.words for period in periods), zip(*(entry.percents for entry in entries), strict=True), strict=True)
        ),
        "quarter_ends": QUARTER_ENDS,
        "lists": [(one, baseline_of(one)) for one in lists],
    }  # fmt: skip
    return render(request, "figures/baseline_list.html", context)


def _entries(
    curves: list[BaselineCurve], lists: list[AnnualList], year: int, user: User
) -> list[BaselineEntry]:
    following = [(one, baseline_of(one)) for one in lists]
    found = []
    for baseline, curve in [
        *((built_in(name), None) for name in BUILT_IN_NAMES),
        *((curve_baseline(curve), curve) for curve in curves),
    ]:
        users = [one for one, followed in following if followed.name == baseline.name]
        manner = ("直线连接" if curve.is_joined else "阶梯") if curve else BUILT_IN_MANNER
        manner = "按项目" if baseline.by_project else manner
        source = (curve.source if curve else "") or SOURCES.get(baseline.name, "")
        followers = [one for one in lists if curve and one.curve_id == curve.pk]
        steps = service.steps_of(curve, user, clock.today(), followers=followers) if curve else None
        found.append(BaselineEntry(baseline, manner, source, baseline.shares(year), users, curve, steps))
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def baseline_create(request: HouseRequest) -> HttpResponse:
    """Add a curve (新增序时基线), from nothing or from another one (?based_on=)."""
    office_only(request, "维护序时基线")
    given = request.GET.get("based_on", "")
    known = given.isascii() and given.isdigit() and len(given) < 10
    based_on = BaselineCurve.objects.filter(pk=given).first() if known else None
    return _curve_page(request, based_on, None)


@require_http_methods(["GET", "HEAD", "POST"])
def baseline_edit(request: HouseRequest, pk: int) -> HttpResponse:
    """Change a curve that no list follows; one in use opens as a new one, for its figures of the past must stand."""
    office_only(request, "维护序时基线")
    curve = get_object_or_404(BaselineCurve, pk=pk)
    change = service.steps_of(curve, request.user, clock.today())["change"]
    if request.method != "POST" and not change:
        messages.info(request, change.refusal)
        return redirect(f"{reverse('baseline_create')}?based_on={pk}")
    return _curve_page(request, curve, curve)


def _curve_page(
    request: HouseRequest, shown: BaselineCurve | None, changed: BaselineCurve | None
) -> HttpResponse:
    initial = {"name": ""} if shown and not changed else {}
    form = CurveForm(**bound(request), curve=shown, initial=initial)

    def save() -> Done:
        curve = service.save_curve(
            curve=changed,
            name=form.cleaned_data["name"],
            points=form.points(),
            is_joined=form.cleaned_data["is_joined"],
            source=form.cleaned_data["source"],
            annual_list=shown.annual_list if shown else None,
            by=request.user,
            now=clock.now(),
        )
        return Done(f"已保存序时基线“{curve}”。", "baseline_list")

    context = {"curve": changed, "cancel_href": reverse("baseline_list")}
    return form_page(request, "figures/baseline_form.html", form, save, context=context)


@require_http_methods(["GET", "HEAD", "POST"])
def baseline_plan(request: HouseRequest, pk: int) -> HttpResponse:
    """Enter a list's own plan (名单自定计划); choosing it, with its preview, is the next page."""
    office_only(request, "维护序时基线")
    annual_list = get_object_or_404(AnnualList.objects.select_related("kind"), pk=pk)
    form = ListPlanForm(**bound(request))

    def enter() -> Done:
        source, amounts = form.cleaned_data["source"], form.cumulative()
        curve = service.list_plan(
            annual_list=annual_list, cumulative=amounts, source=source, by=request.user, now=clock.now()
        )
        preview = urlencode({"to": f"curve-{curve.pk}"})
        return Done(f"已保存“{curve}”，请核对后选用。", f"{reverse('baseline_choose', args=[pk])}?{preview}")

    context = {"annual_list": annual_list, "cancel_href": reverse("baseline_list")}
    return form_page(request, "figures/baseline_plan.html", form, enter, context=context)


@require_http_methods(["GET", "HEAD", "POST"])
def baseline_choose(request: HouseRequest, pk: int) -> HttpResponse:
    """Choose what a list's 序时 follows: ?to= shows what would change on the day, POST sets it."""
    office_only(request, "选定名单的序时口径")
    annual_list = get_object_or_404(AnnualList.objects.select_related("kind", "curve"), pk=pk)
    curves = BaselineCurve.objects.filter(Q(annual_list=None) | Q(annual_list=annual_list)).order_by("pk")
    given = request.POST if request.method == "POST" else request.GET if "to" in request.GET else None
    form = ChooseForm(given, annual_list=annual_list, curves=list(curves))
    as_of = as_of_from(request)
    preview = None
    if form.is_bound and form.is_valid():
        if request.method == "POST":
            with refused_on(form):
                service.choose_baseline(
                    annual_list=annual_list, by=request.user, now=clock.now(), **form.chosen()
                )
                messages.success(request, f"{annual_list}的序时口径已选定。")
                return redirect("baseline_list")
        preview = _preview(annual_list, form.chosen(), as_of)
    context = {
        "as_of": as_of,
        "takes_as_of": True,
        "annual_list": annual_list,
        "present": baseline_of(annual_list).label,
        "form": form,
        "preview": preview,
        "cancel_href": reverse("baseline_list"),
    }
    return render(request, "figures/baseline_choose.html", context)


def _preview(annual_list: AnnualList, chosen: dict[str, Any], as_of: date) -> dict[str, Any]:
    """The list's figures on the day by its present baseline and by the one chosen."""
    changed = copy.copy(annual_list)
    changed.baseline, changed.curve = chosen["baseline"], chosen["curve"]
    scope = Scope(as_of, annual_list.year, (annual_list.pk,))
    before, after = (
        figure_total(scope, baseline=baseline_of(one), follow_up=False) for one in (annual_list, changed)
    )
    return {
        "name": baseline_of(changed).label,
        "sentence": f"改后序时进度由{_share(before)}变为{_share(after)}，"
        f"与序时差距由“{gap_sentence(before.schedule_gap_points)}”变为“{gap_sentence(after.schedule_gap_points)}”。",
        "completion": before.investment_completion.words(before.places),
        "is_same": before.baseline == after.baseline,
    }


def _share(row: FigureRow) -> str:
    return row.pro_rata_ratio.words(row.places)
