"""Scoring schemes (考核方案): versions, their items, put in force, tried on a past period."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects import clock
from projects.figures.assessment.sheets import ScoreSheet, UnitScore, compose_sheet, rule_words, sheet_of
from projects.models import ScoringItem, ScoringScheme
from projects.queries.assessment.schemes import ended_periods, published_round, scheme_in_force
from projects.rules.scoring import ScoredPeriod
from projects.services.assessment import schemes as service

from ..base.form_page import Done, bound, form_page, take_step
from ..base.guards import office_only
from ..base.requests import HouseRequest
from .forms import DocumentForm, ItemForm, SchemeCreateForm, SchemeForm


def all_seeing_only(request: HouseRequest) -> None:
    if not request.user.sees_all_projects:
        raise PermissionDenied("考核方案由统筹、督查和管理员查看。")


def _scheme(request: HouseRequest, pk: int) -> ScoringScheme:
    all_seeing_only(request)
    rows = ScoringScheme.objects.select_related("list_kind", "made_by", "enforced_by")
    return get_object_or_404(rows.prefetch_related("items").with_in_force_from(), pk=pk)


def _draft(request: HouseRequest, pk: int) -> ScoringScheme:
    """A draft, for the office; one in force is not there to be changed."""
    office_only(request, "办理考核")
    return get_object_or_404(ScoringScheme, pk=pk, state=ScoringScheme.State.DRAFT)


def _of(scheme: ScoringScheme) -> dict[str, Any]:
    """What the pages of a draft's forms show beside them."""
    return {"scheme": scheme, "cancel_href": reverse("scheme_detail", args=[scheme.pk])}


@require_safe
def scheme_list(request: HouseRequest) -> HttpResponse:
    """All versions, the latest year first."""
    all_seeing_only(request)
    rows = (
        ScoringScheme.objects.annotate(item_count=Count("items"), weights=Sum("items__weight"))
        .select_related("made_by", "enforced_by")
        .order_by("-year", "subject", "-version")
    )
    return render(request, "assessment/schemes/scheme_list.html", {"schemes": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def scheme_create(request: HouseRequest) -> HttpResponse:
    """Draft a new version (拟订方案), from an earlier one or from nothing."""
    office_only(request, "办理考核")
    today = clock.today()
    initial = {"based_on": request.GET.get("based_on"), "year": today.year, "effective_on": today}
    form = SchemeCreateForm(**bound(request), initial=initial)

    def draft() -> Done:
        scheme = service.draft_scheme(by=request.user, now=clock.now(), **form.cleaned_data)
        return Done("已建立草稿，请逐项核定。", "scheme_detail", scheme.pk)

    context = {"cancel_href": reverse("scheme_list")}
    return form_page(request, "assessment/schemes/scheme_form.html", form, draft, context=context)


@require_safe
def scheme_detail(request: HouseRequest, pk: int) -> HttpResponse:
    """One version: its rules, its items, how far the weights are from the full marks."""
    scheme = _scheme(request, pk)
    items = scheme.items.all()
    weights = sum(item.weight for item in items)
    context = {
        "scheme": scheme,
        "items": [(item, rule_words(item)) for item in items],
        "weights": weights,
        "is_whole": bool(items) and weights == scheme.full_marks,
        "steps": service.steps_of(scheme, request.user, clock.today()),
    }
    return render(request, "assessment/schemes/scheme_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def scheme_edit(request: HouseRequest, pk: int) -> HttpResponse:
    """Change a draft's name, days and rules."""
    scheme = _draft(request, pk)
    form = SchemeForm(**bound(request), instance=scheme)

    def change() -> Done:
        service.edit_scheme(scheme=scheme, by=request.user, now=clock.now(), **form.cleaned_data)
        return Done("已保存。", "scheme_detail", pk)

    return form_page(
        request, "assessment/schemes/scheme_form.html", form, change, context=_of(scheme), edits=scheme
    )


@require_http_methods(["GET", "HEAD", "POST"])
def scheme_item_create(request: HouseRequest, pk: int) -> HttpResponse:
    """Add an item to a draft (新增考核项)."""
    return _item_page(request, _draft(request, pk), None)


@require_http_methods(["GET", "HEAD", "POST"])
def scheme_item_edit(request: HouseRequest, pk: int, item: int) -> HttpResponse:
    """Change an item of a draft (修改考核项)."""
    scheme = _draft(request, pk)
    return _item_page(request, scheme, get_object_or_404(scheme.items, pk=item))


def _item_page(request: HouseRequest, scheme: ScoringScheme, item: ScoringItem | None) -> HttpResponse:
    form = ItemForm(**bound(request), instance=item)

    def save() -> Done:
        service.save_item(scheme=scheme, item=item, by=request.user, now=clock.now(), **form.cleaned_data)
        return Done("考核项已保存。", "scheme_detail", scheme.pk)

    context = _of(scheme) | {"item": item}
    return form_page(
        request, "assessment/schemes/scheme_item.html", form, save, context=context, edits=item, under=scheme
    )


@require_POST
def scheme_item_remove(request: HouseRequest, pk: int, item: int) -> HttpResponse:
    """Take an item off a draft (移出考核项)."""
    row = get_object_or_404(_draft(request, pk).items, pk=item)

    def remove() -> Done:
        service.remove_item(item=row, by=request.user, now=clock.now())
        return Done("考核项已移出。", "scheme_detail", pk)

    return take_step(request, remove, back=reverse("scheme_detail", args=[pk]))


@require_http_methods(["GET", "HEAD", "POST"])
def scheme_enforce(request: HouseRequest, pk: int) -> HttpResponse:
    """Put a draft in force by its document (批准执行)."""
    scheme = _draft(request, pk)
    form = DocumentForm(**bound(request))

    def enforce() -> Done:
        service.enforce_scheme(scheme=scheme, by=request.user, now=clock.now(), **form.cleaned_data)
        return Done("方案已执行，不再修改。", "scheme_detail", pk)

    return form_page(request, "assessment/schemes/scheme_enforce.html", form, enforce, context=_of(scheme))


@dataclass(frozen=True)
class Move:
    """A unit under two schemes (变动): the one in force and the one tried."""

    name: str
    before: UnitScore | None
    after: UnitScore | None

    @property
    def points(self) -> Decimal | None:
        """How much the total moves; None where one of the two has none."""
        if not (self.before and self.after):
            return None
        before, after = self.before.total, self.after.total
        return None if before is None or after is None else after - before

    @property
    def places(self) -> int | None:
        """How many places the unit climbs, negative when it falls."""
        if not (self.before and self.after):
            return None
        before, after = self.before.rank, self.after.rank
        return None if before is None or after is None else before - after


@require_safe
def scheme_try(request: HouseRequest, pk: int) -> HttpResponse:
    """What if (试算): the scheme on a past period beside the one in force; who would move, by how much. No writes."""
    scheme = _scheme(request, pk)
    periods = ended_periods(clock.today(), scheme.year)
    chosen = next((one for one in periods if one.code == request.GET.get("period")), None)
    period = chosen or next(iter(periods), None)
    context = {"scheme": scheme, "periods": periods, "period": period}
    if period:
        context |= _compared(scheme, period)
    return render(request, "assessment/schemes/scheme_try.html", context)


def _compared(scheme: ScoringScheme, period: ScoredPeriod) -> dict[str, Any]:
    """The tried sheet, the sheet it is compared with (published where there is one), the moves."""
    tried = compose_sheet(scheme, period.first_on, period.last_on)
    published = published_round(period, scheme.subject)
    in_force = scheme_in_force(period, scheme.subject)
    base: ScoreSheet | None = None
    if published:
        base = sheet_of(published)
    elif in_force and in_force.pk != scheme.pk:
        base = compose_sheet(in_force, period.first_on, period.last_on)
    before = {unit.unit: unit for unit in base.units} if base else {}
    moves = [Move(unit.name, before.get(unit.unit), unit) for unit in tried.units]
    tried_units = {unit.unit for unit in tried.units}
    moves += [Move(unit.name, unit, None) for pk, unit in before.items() if pk not in tried_units]
    return {
        "tried": tried,
        "base": base,
        "published": published,
        "moves": moves,
        "moved": sum(1 for move in moves if move.places),
    }
