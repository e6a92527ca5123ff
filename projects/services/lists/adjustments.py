"""Mid-year adjustments of an annual list (名单调整): drafted by one, checked, approved by another, then in force.

Nothing of a list changes before the approval, and figures of the days before the effective date never do: an approval
only adds listing versions (名单版本) from that date on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from projects.figures.figures import FigureRow, figure_total
from projects.figures.population import Scope
from projects.models import (
    AnnualList,
    ListAdjustment,
    ListAdjustmentLine,
    Listing,
    ListingVersion,
    Project,
    User,
)
from projects.money import gap_points
from projects.queries.lists.versions import exceeds_total, latest_versions, settled, signed_wan

from ..base.changing import added, changed, held, refuse, required
from ..base.guards import office_only, own_act
from ..base.records import build_record, record, record_many, snapshot
from ..base.steps import Steps, not_now, not_you, step
from .adjustment_rules import line_refusals

State = ListAdjustment.State
Change = ListAdjustmentLine.Change
OVER_TOTAL = "over_total"  # the code of a refusal that the person may overrule


def steps_of(
    adjustment: ListAdjustment, user: User, today: date, *, unfit: Sequence[str] | None = None
) -> Steps:
    """What may be done with an adjustment, its list and drafter beside it: edit (修改、添加、移除), submit (提交),
    approve (复核通过), send_back (退回), withdraw (撤回).

    `unfit` is what `refusals_of` answers, where the caller has asked; else two queries of an open one, and one more
    where the drafter would approve.
    """
    if not user.is_office:
        stranger = not_you("只有发改局统筹可以办理名单调整。")
        return Steps(**dict.fromkeys(("edit", "submit", "approve", "send_back", "withdraw"), stranger))
    is_own, words = adjustment.made_by_id == user.pk, f"该名单调整{adjustment.get_state_display()}"
    if unfit is None:
        unfit = refusals_of(adjustment) if adjustment.is_open else ()
    misfit = bool(unfit) and not_now("；".join(unfit))
    not_submitted = not adjustment.is_submitted
    edit = step(
        not adjustment.is_draft and not_now(f"{words}，不能再修改。"),
        not is_own and not_you(f"草稿由拟订人{adjustment.made_by}修改；其他人员可复核、退回或撤回。"),
    )
    return Steps(
        edit=edit,
        submit=step(edit, misfit),
        approve=step(
            not_submitted and not_now(f"{words}，不能复核。"),
            own_act(
                is_own and adjustment.is_submitted,
                user,
                "拟订人不能复核自己拟订的名单调整，请由统筹的其他人员复核。",
            ),
            misfit,
        ),
        send_back=step(not_submitted and not_now(f"{words}，不能退回。")),
        withdraw=step(not adjustment.is_open and not_now(f"{words}，不能撤回。")),
    )


@transaction.atomic
def draft_adjustment(
    *, annual_list: AnnualList, document: str, effective_on: date, note: str = "", by: User, now: datetime
) -> ListAdjustment:
    """Begin an adjustment of a list (拟订名单调整). The office alone.

    Refuses: no document number, an effective date outside the list's year, the same document twice in one list.
    """
    office_only(by, "办理名单调整")
    adjustment = ListAdjustment(annual_list=annual_list, made_by=by, made_at=now)
    _head(adjustment, document, effective_on, note)
    return added(adjustment, "拟订名单调整", by=by, now=now, reason=adjustment.note)


@transaction.atomic
def revise_adjustment(
    *, adjustment: ListAdjustment, document: str, effective_on: date, note: str = "", by: User, now: datetime
) -> ListAdjustment:
    """Change document, effective date or note of a draft (修改); refuses what draft_adjustment refuses."""
    adjustment = _held(adjustment, "edit", by, now)
    with changed(adjustment, "修改名单调整", by=by, now=now):
        _head(adjustment, document, effective_on, note)
    return adjustment


@transaction.atomic
def put_line(
    *,
    adjustment: ListAdjustment,
    project: Project,
    change: str,
    reason: str,
    category: str = "",
    planned_investment: Decimal | None = None,
    planned_start: str = "",
    planned_completion: str = "",
    confirmed: bool = False,
    by: User,
    now: datetime,
) -> ListAdjustmentLine:
    """Put a project into a draft (调入、调出、调增、调减、类别变更); what is left empty stays as the list has it.

    Refuses: a project that has its line already, no reason, and whatever does not fit the list as it stands (see
    adjustment_rules.line_refusals). A plan above the total investment is refused with the code OVER_TOTAL until it is
    confirmed.
    """
    adjustment = _held(adjustment, "edit", by, now)
    own = adjustment.lines.filter(project=project)
    own.filter(
        change=Change.ADDED, planned_investment__isnull=True
    ).delete()  # rolled over, its plan asked for
    if own.exists():
        raise ValidationError(f"“{project.name}”在本次调整中已有一条明细，请先移除再重新登记。")
    line = ListAdjustmentLine(
        adjustment=adjustment,
        project=project,
        change=change,
        category=category,
        planned_investment=planned_investment,
        planned_start=planned_start.strip(),
        planned_completion=planned_completion.strip(),
        reason=reason.strip(),
    )
    line.full_clean()
    last = latest_versions(adjustment.annual_list, [project.pk]).get(project.pk)
    refuse(**line_refusals(line, last))
    if exceeds_total(line) and not confirmed:
        raise ValidationError({"confirmed": ValidationError(over_total_words(line), code=OVER_TOTAL)})
    line.save()
    words = f"名单调整明细：{line.get_change_display()}"
    record(action=words, instance=line, by=by, now=now, reason=line.reason)
    return line


@transaction.atomic
def drop_line(*, line: ListAdjustmentLine, by: User, now: datetime) -> None:
    """Take a project out of a draft again (移除明细)."""
    _held(line.adjustment, "edit", by, now)
    record(action="移除名单调整明细", instance=line, by=by, now=now, before=snapshot(line))
    line.delete()


@transaction.atomic
def submit_adjustment(*, adjustment: ListAdjustment, by: User, now: datetime) -> ListAdjustment:
    """Hand a draft in for review (提交复核). Refuses an empty one and lines that no longer fit the list."""
    adjustment = _held(adjustment, "submit", by, now)
    with changed(adjustment, "提交名单调整", by=by, now=now):
        adjustment.state = State.SUBMITTED
    return adjustment


@transaction.atomic
def approve_adjustment(
    *, adjustment: ListAdjustment, note: str = "", by: User, now: datetime
) -> ListAdjustment:
    """Approve (复核通过): every line becomes a listing version from the effective date on, all or nothing.

    By another office account than the drafter's; an office of one person approves its own with a note.
    Refuses: one that is not submitted, and lines that no longer fit the list, each named.
    """
    adjustment = _held(adjustment, "approve", by, now)
    if adjustment.made_by_id == by.pk and not note.strip():
        refuse(note="统筹只有您一人在岗，自行复核须填写复核意见。")
    last = _check(adjustment)
    versions = _write(adjustment, last, by=by, now=now)
    record_many(
        build_record(
            action=f"名单调整：{line.get_change_display()}",
            instance=version,
            project=line.project,
            by=by,
            now=now,
            before=_as_before(version, last.get(line.project_id)),
            reason=f"{adjustment.document}：{line.reason}",
        )
        for line, version in versions
    )
    return _reviewed(adjustment, State.APPROVED, "名单调整复核通过", note.strip(), by=by, now=now)


@transaction.atomic
def return_adjustment(*, adjustment: ListAdjustment, note: str, by: User, now: datetime) -> ListAdjustment:
    """Send a submitted one back to its drafter with what is to be mended (退回修改). The office alone."""
    adjustment = _held(adjustment, "send_back", by, now)
    note = required(note, "退回原因", field="note")
    return _reviewed(adjustment, State.DRAFT, "退回名单调整", note, by=by, now=now)


@transaction.atomic
def withdraw_adjustment(*, adjustment: ListAdjustment, note: str, by: User, now: datetime) -> ListAdjustment:
    """Give up one that is not in force (撤回), with a reason; it stays to be read. The office alone."""
    adjustment = _held(adjustment, "withdraw", by, now)
    note = required(note, "撤回原因", field="note")
    with changed(adjustment, "撤回名单调整", by=by, now=now, reason=note):
        adjustment.state, adjustment.review_note = State.WITHDRAWN, note
    return adjustment


def over_total_words(line: ListAdjustmentLine) -> str:
    return (
        f"年度计划投资 {line.planned_investment:,.2f} 万元超过项目总投资 {line.project.total_investment:,.2f} 万元，"
        "请核对单位和金额，确认无误后勾选。"
    )


@dataclass(frozen=True)
class Effect:
    """What an adjustment does to the list's figures (调整前后): the list before and after, the same facts."""

    before: FigureRow
    after: FigureRow

    @property
    def sides(self) -> list[tuple[str, FigureRow]]:
        return [("调整前", self.before), ("调整后", self.after)]

    @property
    def projects_words(self) -> str:
        return signed_wan(self.after["projects"] - self.before["projects"])

    @property
    def new_starts_words(self) -> str:
        return signed_wan(self.after["new_starts"] - self.before["new_starts"])

    @property
    def planned_words(self) -> str:
        return signed_wan(self.after["planned_investment"] - self.before["planned_investment"])

    @property
    def completion_points(self) -> Decimal | None:
        return self._points("investment_completion")

    @property
    def start_points(self) -> Decimal | None:
        return self._points("start_rate_of_year")

    def _points(self, rate: str) -> Decimal | None:
        """The difference of a rate, from the unrounded ones, in 个百分点; None where one of them does not exist."""
        return gap_points(self.after.ratio(rate), self.before.ratio(rate), self.after.places)


def effect_of(adjustment: ListAdjustment, *, as_of: date, by: User, now: datetime) -> Effect | None:
    """The list before and after, both with the facts of as_of; None where the lines do not fit the list (any more).

    What is not in force yet is written, measured and rolled back, so that the preview is the measure itself and
    cannot differ from what an approval brings about. Only that half takes the lock of a write: ask for it on request.
    """
    scope = Scope(as_of, adjustment.annual_list.year, (adjustment.annual_list_id,))

    def listed_on(day: date) -> FigureRow:
        asked = Scope(scope.as_of, scope.year, scope.lists, listed_on=day)
        return figure_total(asked, follow_up=False)

    before = listed_on(date.fromordinal(adjustment.effective_on.toordinal() - 1))
    if adjustment.state == State.APPROVED:
        return Effect(before, listed_on(adjustment.effective_on))
    with transaction.atomic():
        try:
            last = _check(adjustment)
        except ValidationError:
            return None
        _write(adjustment, last, by=by, now=now)
        after = listed_on(adjustment.effective_on)
        transaction.set_rollback(True)
    return Effect(before, after)


def refusals_of(adjustment: ListAdjustment) -> list[str]:
    """What stands against submitting or approving it, in words; empty when nothing does."""
    try:
        _check(adjustment)
    except ValidationError as refusal:
        return list(refusal.messages)
    return []


# --- inside ---------------------------------------------------------------------------------------------


def _held(adjustment: ListAdjustment, verb: str, by: User, now: datetime) -> ListAdjustment:
    """The row as it is now, after its list, so that two adjustments of one list come one after the other.

    Refuses the verb where it is not open.
    """
    held(adjustment.annual_list)
    adjustment = held(adjustment, "annual_list__kind", "made_by")
    unfit = refusals_of(adjustment) if verb in {"submit", "approve"} else ()
    steps_of(adjustment, by, timezone.localdate(now), unfit=unfit).require(verb)
    return adjustment


def _head(adjustment: ListAdjustment, document: str, effective_on: date, note: str) -> None:
    adjustment.document, adjustment.effective_on = document.strip(), effective_on
    adjustment.note = note.strip()
    annual_list, paper = adjustment.annual_list, adjustment.document
    same = ListAdjustment.objects.filter(annual_list=annual_list, document=paper)
    taken = bool(paper) and same.exclude(state=State.WITHDRAWN).exclude(pk=adjustment.pk).exists()
    year = annual_list.year
    refuse(
        document=(not paper and "请填写调整文件的文号。")
        or (taken and f"{annual_list}已有文号为“{paper}”的名单调整。"),
        effective_on=effective_on.year != year and f"生效日期须在名单年度{year}年之内。",
    )


def _check(adjustment: ListAdjustment) -> dict[int, ListingVersion]:
    """The latest version of each line's project, by project; refuses an empty adjustment and lines that do not fit."""
    lines = _lines(adjustment)
    if not lines:
        raise ValidationError("本次调整还没有明细，请先添加项目。")
    last = latest_versions(adjustment.annual_list, [line.project_id for line in lines])
    wrong = [
        f"“{line.project.name}”：{words}"
        for line in lines
        for words in line_refusals(line, last.get(line.project_id)).values()
    ]
    if wrong:
        raise ValidationError(wrong)
    return last


def _lines(adjustment: ListAdjustment) -> list[ListAdjustmentLine]:
    return list(adjustment.lines.select_related("project", "adjustment"))


def _write(
    adjustment: ListAdjustment, last: dict[int, ListingVersion], *, by: User, now: datetime
) -> list[tuple[ListAdjustmentLine, ListingVersion]]:
    """The new versions, one a line. Four queries, however many lines."""
    lines = _lines(adjustment)
    listings = _listings(adjustment.annual_list, lines)
    made = []
    for line in lines:
        before = last.get(line.project_id)
        values = settled(line, before)
        version = ListingVersion(
            listing=listings[line.project_id],
            total_investment=before.total_investment if before else line.project.total_investment,
            effective_on=adjustment.effective_on,
            change=line.change,
            document=adjustment.document,
            adjustment=adjustment,
            made_by=by,
            made_at=now,
            **values,
        )
        made.append((line, version))
    ListingVersion.objects.bulk_create([version for _line, version in made])
    return made


def _listings(annual_list: AnnualList, lines: Iterable[ListAdjustmentLine]) -> dict[int, Listing]:
    """The place of each line's project in the list, by project; who has none is put at the end."""
    projects = {line.project_id: line.project for line in lines}
    places = Listing.objects.filter(annual_list=annual_list)
    found = {place.project_id: place for place in places.filter(project__in=projects)}
    number = places.aggregate(last=Max("number"))["last"] or 0
    new = [
        Listing(project=projects[pk], annual_list=annual_list, number=number + place)
        for place, pk in enumerate((pk for pk in projects if pk not in found), 1)
    ]
    for listing in Listing.objects.bulk_create(new):
        found[listing.project_id] = listing
    for pk, listing in found.items():  # so that an audit row's words cost no query
        listing.project, listing.annual_list = projects[pk], annual_list
    return found


def _as_before(version: ListingVersion, last: ListingVersion | None) -> dict | None:
    """What the list said before, as a snapshot that differs in what the adjustment changed."""
    if last is None:
        return None
    return snapshot(last) | {"id": version.pk, "made_at": snapshot(version)["made_at"]}


def _reviewed(
    adjustment: ListAdjustment, state: str, action: str, note: str, *, by: User, now: datetime
) -> ListAdjustment:
    with changed(adjustment, action, by=by, now=now, reason=note):
        adjustment.state, adjustment.review_note = state, note
        adjustment.reviewed_by, adjustment.reviewed_at = by, now
    return adjustment
