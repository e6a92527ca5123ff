"""Plots (地块) and where they stand with each item of 用地一件事: started, done with evidence, not needed, taken back."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from ..models import (
    ENDED_STATES,
    SETTLED_ITEM_STATES,
    LandItem,
    Plot,
    PlotItem,
    Project,
    Unit,
    UnitName,
    User,
)
from ..periods import EARLIEST, day_words
from ..queries.calendar import working_calendar
from .records import record, snapshot

State = PlotItem.State
DOCUMENT_LENGTH = PlotItem._meta.get_field("document").max_length
NOTE_LENGTH = PlotItem._meta.get_field("note").max_length


@transaction.atomic
def create_plot(
    *,
    project: Project,
    name: str,
    area: Decimal | None = None,
    address: str = "",
    by: User,
    now: datetime,
) -> Plot:
    """Enter a plot of a project (登记地块) with every item of the catalogue in use, none of them begun.

    Refuses: no name, a name the project has already; an area of nothing; an empty catalogue; an ended project.
    """
    if not Project.objects.editable_by(by).filter(pk=project.pk).exists():
        raise PermissionDenied("无权登记该项目的地块。")
    project = Project.objects.select_for_update().get(pk=project.pk)
    _refuse_ended(project)
    items = list(LandItem.objects.filter(is_active=True))
    if not items:
        raise ValidationError("用地事项目录为空，请联系发改局统筹先载入目录。")
    plot = Plot(
        project=project,
        name=" ".join(name.split()),
        area=area,
        address=address.strip(),
        made_by=by,
        made_at=now,
    )
    plot.full_clean()
    plot.save()
    add_items([plot], items)
    record(action="登记地块", instance=plot, by=by, now=now)
    return plot


def add_items(plots: Iterable[Plot], items: Iterable[LandItem]) -> None:
    """Give plots the items (未启动); the unit is ours where the catalogue names one of ours. For services only."""
    units = _units_by_name()
    PlotItem.objects.bulk_create(
        [
            PlotItem(plot=plot, item=item, unit_id=units.get(item.unit_name))
            for item in items
            for plot in plots
        ],
        batch_size=500,
        ignore_conflicts=True,
    )


@transaction.atomic
def start_item(*, item: PlotItem, started_on: date | None, by: User, now: datetime) -> PlotItem:
    """Begin an item (启动): its limit runs from that day in working days.

    Refuses: an item begun or settled; no date or one in the future; items before it that are not settled yet.
    """
    item = _locked(item, by)
    if item.state == State.RUNNING and item.started_on == started_on:
        return item
    if item.state != State.WAITING:
        raise ValidationError(f"该事项{item.get_state_display()}，无需再次启动。")
    _check_day("started_on", "受理日期", started_on, now)
    _refuse_before_predecessors(item)
    before = snapshot(item)
    item.state, item.started_on = State.RUNNING, started_on
    limit = item.item.limit_days
    item.due_on = working_calendar().shift(started_on, limit) if limit else None
    return _save(item, before, "启动用地事项", by, now)


@transaction.atomic
def finish_item(*, item: PlotItem, done_on: date | None, document: str, by: User, now: datetime) -> PlotItem:
    """Mark an item done (办结) with its date and document number; one that was never begun may be done at once.

    Refuses: an item settled already; no date, one in the future or before its start; no document; items before it that
    are not settled yet. The same entry twice answers the first.
    """
    item = _locked(item, by)
    document = document.strip()
    if item.state == State.DONE and (item.done_on, item.document) == (done_on, document):
        return item
    if item.state in SETTLED_ITEM_STATES:
        raise ValidationError(f"该事项{item.get_state_display()}。如有误，请联系发改局统筹撤销后重新登记。")
    _check_day("done_on", "办结日期", done_on, now)
    errors = {}
    if item.started_on and done_on < item.started_on:
        errors["done_on"] = f"办结日期不能早于受理日期（{day_words(item.started_on)}）。"
    if not document:
        errors["document"] = "请填写文号或说明：没有依据不能办结。"
    elif len(document) > DOCUMENT_LENGTH:
        errors["document"] = f"文号或说明不能超过{DOCUMENT_LENGTH}字。"
    if errors:
        raise ValidationError(errors)
    _refuse_before_predecessors(item)
    before = snapshot(item)
    item.state, item.done_on, item.document = State.DONE, done_on, document
    return _save(item, before, "办结用地事项", by, now)


@transaction.atomic
def skip_item(*, item: PlotItem, reason: str, by: User, now: datetime) -> PlotItem:
    """Say that an item does not apply to the plot (不涉及), with the reason. Refuses one settled already."""
    item = _locked(item, by)
    reason = _reason(reason, "请填写不涉及的原因。")
    if item.state == State.NOT_NEEDED and item.note == reason:
        return item
    if item.state in SETTLED_ITEM_STATES:
        raise ValidationError(f"该事项{item.get_state_display()}。如有误，请联系发改局统筹撤销后重新登记。")
    before = snapshot(item)
    item.state, item.note = State.NOT_NEEDED, reason
    return _save(item, before, "标注不涉及", by, now, reason)


@transaction.atomic
def undo_item(*, item: PlotItem, reason: str, by: User, now: datetime) -> PlotItem:
    """Take back an item's last step (撤销); the office alone, with a reason. What was entered stays in the records.

    A settled item goes back to running where it was begun, else to not begun. Refuses: no reason; an item not begun;
    items after it that are begun or done already.
    """
    if not by.is_office:
        raise PermissionDenied("只有发改局统筹可以撤销用地事项的办理。")
    item = _locked(item, by)
    reason = _reason(reason, "请填写撤销原因。")
    if item.state == State.WAITING:
        raise ValidationError("该事项未启动，无需撤销。")
    if item.state in SETTLED_ITEM_STATES and (
        later := PlotItem.objects.filter(
            plot=item.plot_id,
            item__in=item.item.successors.values("pk"),
            state__in=[State.RUNNING, State.DONE],
        ).select_related("item")
    ):
        names = "”“".join(row.item.name for row in later)
        raise ValidationError(f"后续事项“{names}”已启动或办结，请先撤销后续事项。")
    before = snapshot(item)
    if item.state in SETTLED_ITEM_STATES and item.started_on:
        item.state = State.RUNNING
    else:
        item.state, item.started_on, item.due_on = State.WAITING, None, None
    item.done_on, item.document, item.note = None, "", ""
    return _save(item, before, "撤销用地事项", by, now, reason)


def _locked(item: PlotItem, by: User) -> PlotItem:
    """The row as it is now, its plot held until the transaction ends: order among items is judged on all of them."""
    if not PlotItem.objects.editable_by(by).filter(pk=item.pk).exists():
        raise PermissionDenied("无权办理该地块的用地事项。")
    plot = Plot.objects.select_for_update(of=("self",)).select_related("project").get(pk=item.plot_id)
    _refuse_ended(plot.project)
    return PlotItem.objects.select_related("plot__project", "item").get(pk=item.pk)


def _refuse_ended(project: Project) -> None:
    if project.state in ENDED_STATES:
        raise ValidationError(f"该项目已{project.get_state_display()}，用地事项不再变动。")


def _refuse_before_predecessors(item: PlotItem) -> None:
    waiting = (
        PlotItem.objects.filter(plot=item.plot_id, item__in=item.item.predecessors.filter(is_active=True))
        .exclude(state__in=SETTLED_ITEM_STATES)
        .order_by("item__position")
        .values_list("item__name", flat=True)
    )
    if waiting:
        names = "”“".join(waiting)
        raise ValidationError(f"前置事项“{names}”未办结，请先登记办结；确实不涉及的，请先标注不涉及。")


def _check_day(field: str, words: str, day: date | None, now: datetime) -> None:
    if day is None:
        raise ValidationError({field: f"请填写{words}。"})
    if day > timezone.localdate(now):
        raise ValidationError({field: f"{words}不能晚于今天。"})
    if day < EARLIEST:
        raise ValidationError({field: f"{words}不能早于{EARLIEST.year}年。"})


def _reason(text: str, missing: str) -> str:
    reason = text.strip()
    if not reason:
        raise ValidationError({"reason": missing})
    if len(reason) > NOTE_LENGTH:
        raise ValidationError({"reason": f"原因不能超过{NOTE_LENGTH}字。"})
    return reason


def _save(item: PlotItem, before: dict, action: str, by: User, now: datetime, reason: str = "") -> PlotItem:
    item.full_clean()
    item.save()
    record(
        action=action,
        instance=item,
        by=by,
        now=now,
        before=before,
        project=item.plot.project,
        reason=reason,
    )
    return item


def _units_by_name() -> dict[str, int]:
    """Every name by which a unit is known, former ones included. Two queries."""
    names = dict(UnitName.objects.values_list("name", "unit"))
    for pk, name, short_name in Unit.objects.filter(is_active=True).values_list("pk", "name", "short_name"):
        names |= {name: pk} | ({short_name: pk} if short_name else {})
    return names
