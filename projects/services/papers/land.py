"""Plots (地块) and where they stand with each item of 用地一件事: started, done with evidence, not needed, taken back."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from projects.models import LandItem, Plot, PlotItem, Project, Unit, UnitName, User
from projects.periods import day_words
from projects.queries.base.calendar import working_calendar
from projects.queries.papers.land import Neighbours, neighbours

from ..base.changing import added, changed, held, refuse, required, sure
from ..base.guards import ended, not_office, wrong_day
from ..base.steps import Step, Steps, not_now, not_you, step

State = PlotItem.State
OVER = "用地事项不再变动"
DOCUMENT_LENGTH = sure(PlotItem._meta.get_field("document").max_length)
NOTE_LENGTH = PlotItem._meta.get_field("note").max_length


def steps_of(item: PlotItem, user: User, today: date, around: Neighbours | None = None) -> Steps:
    """What may be done with an item of a plot: start (启动), finish (办结), skip (不涉及), undo (撤销).

    Its plot with the project, and its entry of the catalogue are read beside it; `around` where it is known already.
    One query, two more without `around`.
    """
    around = around or neighbours(item)
    stranger, over = _stranger(item.project, user), ended(item.project, OVER)
    words = item.get_state_display()
    before = "”“".join(one.item.name for one in around.waits_for)
    waits = bool(before) and not_now(
        f"前置事项“{before}”未办结，请先登记办结；确实不涉及的，请先标注不涉及。"
    )
    after = "”“".join(one.item.name for one in around.begun_after)
    settled = item.is_settled and not_now(f"该事项{words}。如有误，请联系发改局统筹撤销后重新登记。")
    return Steps(
        start=step(
            stranger, over, item.state != State.WAITING and not_now(f"该事项{words}，无需再次启动。"), waits
        ),
        finish=step(stranger, over, settled, waits),
        skip=step(stranger, over, settled),
        undo=step(
            not_office(user, "撤销用地事项的办理"),
            over,
            item.state == State.WAITING and not_now("该事项未启动，无需撤销。"),
            item.is_settled and bool(after) and not_now(f"后续事项“{after}”已启动或办结，请先撤销后续事项。"),
        ),
    )


def handling(plot: Plot, user: User) -> Step:
    """Whether items of the plot may be worked on at all (办理). One query, where its project is read beside it."""
    return step(_stranger(plot.project, user), ended(plot.project, OVER))


def entering(project: Project, user: User, ours: bool | None = None) -> Step:
    """Whether a plot of the project may be entered (登记地块). One query, none where `ours` is known already."""
    if ours is None:
        ours = Project.objects.editable_by(user).filter(pk=project.pk).exists()
    return step(not ours and not_you("无权登记该项目的地块。"), ended(project, OVER))


@transaction.atomic
def create_plot(
    *, project: Project, name: str, area: Decimal | None = None, address: str = "", by: User, now: datetime
) -> Plot:
    """Enter a plot of a project (登记地块) with every item of the catalogue in use, none of them begun.

    Refuses: no name, a name the project has already; an area of nothing; an empty catalogue; an ended project.
    """
    project = held(project)
    entering(project, by).require()
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
    added(plot, "登记地块", by=by, now=now)
    add_items([plot], items)
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
    item = _held(item)
    today = timezone.localdate(now)
    steps = steps_of(item, by, today)
    if item.is_running and item.started_on == started_on and not steps["start"].is_who:
        return item
    steps.require("start")
    refuse(started_on=wrong_day("受理日期", started_on, today))
    limit = item.item.limit_days
    with changed(item, "启动用地事项", by=by, now=now):
        item.state, item.started_on = State.RUNNING, started_on
        item.due_on = working_calendar().shift(sure(started_on), limit) if limit else None
    return item


@transaction.atomic
def finish_item(*, item: PlotItem, done_on: date | None, document: str, by: User, now: datetime) -> PlotItem:
    """Mark an item done (办结) with its date and document number; one that was never begun may be done at once.

    Refuses: an item settled already; no date, one in the future or before its start; no document; items before it that
    are not settled yet. The same entry twice answers the first.
    """
    item, document = _held(item), document.strip()
    steps = steps_of(item, by, timezone.localdate(now))
    same = (item.state, item.done_on, item.document) == (State.DONE, done_on, document)
    if same and not steps["finish"].is_who:
        return item
    steps.require("finish")
    refuse(done_on=wrong_day("办结日期", done_on, timezone.localdate(now)))
    begun_on, long = item.started_on, len(document) > DOCUMENT_LENGTH
    refuse(
        done_on=begun_on is not None
        and sure(done_on) < begun_on
        and f"办结日期不能早于受理日期（{day_words(begun_on)}）。",
        document=(not document and "请填写文号或说明：没有依据不能办结。")
        or (long and f"文号或说明不能超过{DOCUMENT_LENGTH}字。"),
    )
    with changed(item, "办结用地事项", by=by, now=now):
        item.state, item.done_on, item.document = State.DONE, done_on, document
    return item


@transaction.atomic
def skip_item(*, item: PlotItem, reason: str, by: User, now: datetime) -> PlotItem:
    """Say that an item does not apply to the plot (不涉及), with the reason. Refuses one settled already."""
    item, reason = _held(item), reason.strip()
    steps = steps_of(item, by, timezone.localdate(now))
    if (item.state, item.note) == (State.NOT_NEEDED, reason) and not steps["skip"].is_who:
        return item
    steps.require("skip")
    reason = required(reason, "不涉及的原因", most=NOTE_LENGTH)
    with changed(item, "标注不涉及", by=by, now=now, reason=reason):
        item.state, item.note = State.NOT_NEEDED, reason
    return item


@transaction.atomic
def undo_item(*, item: PlotItem, reason: str, by: User, now: datetime) -> PlotItem:
    """Take back an item's last step (撤销); the office alone, with a reason. What was entered stays in the records.

    A settled item goes back to running where it was begun, else to not begun. Refuses: no reason; an item not begun;
    items after it that are begun or done already.
    """
    item = _held(item)
    steps_of(item, by, timezone.localdate(now)).require("undo")
    reason = required(reason, "撤销原因", most=NOTE_LENGTH)
    with changed(item, "撤销用地事项", by=by, now=now, reason=reason):
        if item.is_settled and item.started_on:
            item.state = State.RUNNING
        else:
            item.state, item.started_on, item.due_on = State.WAITING, None, None
        item.done_on, item.document, item.note = None, "", ""
    return item


def _held(item: PlotItem) -> PlotItem:
    """The row as it is now, its plot held until the transaction ends: order among items is judged on all of them."""
    held(item.plot)
    return PlotItem.objects.select_related("plot__project", "item").get(pk=item.pk)


def _stranger(project: Project, user: User) -> Step | Literal[False]:
    ours = Project.objects.editable_by(user).filter(pk=project.pk).exists()
    return not ours and not_you("无权办理该地块的用地事项。")


def _units_by_name() -> dict[str, int]:
    """Every name by which a unit is known, former ones included. Two queries."""
    names = dict(UnitName.objects.values_list("name", "unit"))
    for pk, name, short_name in Unit.objects.filter(is_active=True).values_list("pk", "name", "short_name"):
        names |= {name: pk} | ({short_name: pk} if short_name else {})
    return names
