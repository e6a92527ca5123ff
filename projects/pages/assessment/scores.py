"""Assessments (考核): the rounds, the ranking, one unit's card, points by hand, publication, files."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from io import BytesIO

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from projects import clock
from projects.digests.letters import DOCX, XLSX
from projects.digests.score_files import file_name
from projects.digests.score_files import score_docx as docx_of
from projects.digests.score_files import score_xlsx as xlsx_of
from projects.figures.assessment.assessed import CountedRow, LeftOut
from projects.figures.assessment.sheets import (
    ItemHead,
    ItemScore,
    ScoreSheet,
    UnitScore,
    corrected,
    sheet_of,
    unscored,
)
from projects.models import AssessmentAppeal, AssessmentCorrection, AssessmentRound, Project, Unit, User
from projects.queries.assessment.schemes import ended_periods
from projects.services.assessment import appeals as score_appeals
from projects.services.assessment import rounds as service
from projects.services.assessment.appeals import appeal_until, heads
from projects.services.base.steps import Step, Steps

from ..base.context import assessed, show
from ..base.form_page import Done, bound, form_page
from ..base.guards import office_only
from ..base.requests import HouseRequest
from .forms import EntryForm, PublishForm, RoundForm


def visible_round(request: HouseRequest, pk: int) -> AssessmentRound:
    """A round the person may read; 404 for a draft where only the published are shown."""
    return get_object_or_404(_visible_rounds(request), pk=pk)


def _visible_rounds(request: HouseRequest) -> QuerySet[AssessmentRound]:
    if not assessed(request.user):
        raise PermissionDenied("考核成绩由统筹、督查、管理员和部门负责人查看。")
    return AssessmentRound.objects.visible_to(request.user).select_related(
        "scheme", "made_by", "published_by"
    )


def may_open_card(user: User, unit_id: int) -> bool:
    """Every card for those who see all, their own for unit heads."""
    return user.sees_all_projects or heads(user, unit_id)


@require_safe
def score_list(request: HouseRequest) -> HttpResponse:
    """The assessments, the latest first: drafts for those who see all, published ones for unit heads too."""
    rows = (
        _visible_rounds(request)
        .defer("content")
        .annotate(
            waiting=Count("appeals", filter=Q(appeals__state=AssessmentAppeal.State.WAITING), distinct=True),
            corrected=Count("corrections", distinct=True),
        )
        .order_by("-as_of", "subject", "-pk")
    )
    return render(request, "assessment/score_list.html", {"rounds": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def score_create(request: HouseRequest) -> HttpResponse:
    """Open an assessment over a period that has ended (建立考核期)."""
    office_only(request, service.VERBS)
    form = RoundForm(**bound(request), periods=ended_periods(clock.today()))

    def open_() -> Done:
        round_ = service.open_round(by=request.user, now=clock.now(), **form.cleaned_data)
        return Done("已按方案计分，请核对后公布。", "score_detail", round_.pk)

    context = {"cancel_href": reverse("score_list")}
    return form_page(request, "assessment/score_form.html", form, open_, context=context)


@require_safe
def score_detail(request: HouseRequest, pk: int) -> HttpResponse:
    """The ranking: as published and, where there are corrections, as corrected since; a draft as it stands today."""
    round_ = visible_round(request, pk)
    sheet, today = sheet_of(round_), clock.today()
    corrections = _corrections(round_)
    after = {unit.unit: unit for unit in corrected(sheet, corrections).units} if corrections else {}
    context = {
        "round": round_,
        "sheet": sheet,
        "ranked": _lines(request.user, sheet.ranked, after),
        "small": _lines(request.user, sheet.small, after),
        "corrections": corrections,
        "appeals": [
            (one, score_appeals.steps_of(one, request.user, today))
            for one in round_.appeals.select_related("unit", "item", "filed_by")
        ]
        if round_.is_published and request.user.sees_all_projects
        else [],
        "until": appeal_until(round_) if round_.is_published else None,
        "unscored": [] if round_.is_published else unscored(sheet),
        "steps": service.steps_of(round_, request.user, today, sheet),
    }
    return render(request, "assessment/score_detail.html", context)


def _corrections(round_: AssessmentRound) -> list[AssessmentCorrection]:
    """The corrections beside the published scores; a draft has none."""
    rows = round_.corrections.select_related("unit", "item", "appeal")
    return list(rows) if round_.is_published else []


@dataclass(frozen=True)
class Line:
    """A row of the ranking: the unit, whether the person may open its card, its score as corrected since."""

    score: UnitScore
    opens: bool
    corrected: UnitScore | None


def _lines(user: User, units: Iterable[UnitScore], after: dict[int, UnitScore]) -> list[Line]:
    return [Line(unit, may_open_card(user, unit.unit), after.get(unit.unit)) for unit in units]


@require_safe
def score_card(request: HouseRequest, pk: int, unit: int) -> HttpResponse:
    """One unit from its total to its items to the rows counted; a door only where the person sees the project."""
    round_ = visible_round(request, pk)
    if not may_open_card(request.user, unit):
        raise Http404
    sheet, today = sheet_of(round_), clock.today()
    score = sheet.of(unit)
    if score is None:
        raise Http404
    corrections = _corrections(round_)
    appeals = round_.appeals.filter(unit=unit).select_related("item", "decided_by", "filed_by")
    until = appeal_until(round_) if round_.is_published else None
    card = UnitCard(
        round_,
        sheet,
        score,
        _items(request.user, sheet, score),
        any(head.is_manual for head in sheet.items),
        service.steps_of(round_, request.user, today),
    )
    since = SincePublished(
        [(one, score_appeals.steps_of(one, request.user, today)) for one in appeals],
        [one for one in corrections if one.unit_id == unit],
        corrected(sheet, corrections).of(unit) if corrections else None,
        until,
        score_appeals.file_step(round_, unit, request.user, today, sheet=sheet, until=until),
    )
    return show(request, "assessment/score_card.html", card, since)


@dataclass(frozen=True)
class CardItem:
    """An item of a unit's card; each of its rows with whether the person may open the project."""

    head: ItemHead
    score: ItemScore
    rows: list[tuple[CountedRow, bool]]
    left_out: list[tuple[LeftOut, bool]]


@dataclass(frozen=True)
class UnitCard:
    """A unit's score of a round, item by item."""

    round: AssessmentRound
    sheet: ScoreSheet
    score: UnitScore
    items: list[CardItem]
    is_scored_by_hand: bool
    steps: Steps


@dataclass(frozen=True)
class SincePublished:
    """What has been said against a published score, until when more may be, and the score as corrected since."""

    appeals: list[tuple[AssessmentAppeal, Steps]]
    corrections: list[AssessmentCorrection]
    corrected: UnitScore | None
    until: date | None
    file: Step


def _items(user: User, sheet: ScoreSheet, score: UnitScore) -> list[CardItem]:
    codes = {row.code for item in score.items for row in item.rows}
    codes |= {row.code for item in score.items for row in item.left_out}
    visible = set(Project.objects.visible_to(user).filter(code__in=codes).values_list("code", flat=True))
    return [
        CardItem(
            head=sheet.head(item.item),
            score=item,
            rows=[(row, row.code in visible) for row in item.rows],
            left_out=[(row, row.code in visible) for row in item.left_out],
        )
        for item in score.items
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def score_adjust(request: HouseRequest, pk: int, unit: int) -> HttpResponse:
    """Give a unit points of a manual item (人工评分), with reason and document."""
    office_only(request, service.VERBS)
    round_ = visible_round(request, pk)
    unit_row = get_object_or_404(Unit, pk=unit)
    card = reverse("score_card", args=[pk, unit])
    form = EntryForm(**bound(request), round_=round_)

    def give() -> Done:
        given = form.cleaned_data
        service.give_points(round_=round_, unit=unit_row, by=request.user, now=clock.now(), **given)
        return Done("评分已登记。", card)

    context = {
        "round": round_,
        "unit": unit_row,
        "steps": service.steps_of(round_, request.user, clock.today()),
        "entries": round_.entries.filter(unit=unit_row).select_related("item", "made_by"),
        "cancel_href": card,
    }
    return form_page(request, "assessment/score_adjust.html", form, give, context=context)


@require_http_methods(["GET", "HEAD", "POST"])
def score_publish(request: HouseRequest, pk: int) -> HttpResponse:
    """Publish the scores (公布): asked for on a page of its own, for nothing changes afterwards."""
    office_only(request, service.VERBS)
    round_ = visible_round(request, pk)
    form = PublishForm(**bound(request))

    def publish() -> Done:
        service.publish_round(round_=round_, by=request.user, now=clock.now(), **form.cleaned_data)
        return Done("成绩已公布，内容不再变动；已通知各单位负责人。", "score_detail", pk)

    context = {
        "round": round_,
        "steps": service.steps_of(round_, request.user, clock.today()),
        "cancel_href": reverse("score_detail", args=[pk]),
    }
    return form_page(request, "assessment/score_publish.html", form, publish, context=context)


@require_safe
def score_docx(request: HouseRequest, pk: int) -> FileResponse:
    """The ranking as a paper (公文)."""
    return _file(visible_round(request, pk), docx_of, "docx", DOCX)


@require_safe
def score_xlsx(request: HouseRequest, pk: int) -> FileResponse:
    """The ranking as a table, with every item's figure; what names projects only of units whose card is open."""
    xlsx = partial(xlsx_of, opens=partial(may_open_card, request.user))
    return _file(visible_round(request, pk), xlsx, "xlsx", XLSX)


def _file(round_: AssessmentRound, make: Callable[..., bytes], extension: str, kind: str) -> FileResponse:
    day = timezone.localdate(round_.published_at) if round_.published_at else clock.today()
    content = BytesIO(make(round_, sheet_of(round_), day))
    return FileResponse(content, as_attachment=True, filename=file_name(round_, extension), content_type=kind)
