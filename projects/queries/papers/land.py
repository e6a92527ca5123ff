"""Where plots stand with 用地一件事: progress of many, and one plot's items with what each waits for."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from projects.models import SETTLED_ITEM_STATES, LandClass, LandItem, LandStage, Plot, PlotItem

State = PlotItem.State
_LIVE = Q(items__item__is_active=True) | ~Q(items__state=State.WAITING)


def with_progress(plots: QuerySet[Plot], day: date) -> QuerySet[Any]:
    """Plots with their counts of items: total, done, skipped (不涉及), settled (both), running, overdue; next_due_on of what runs."""
    running = Q(items__state=State.RUNNING)
    return plots.annotate(
        total=Count("items", filter=_LIVE),
        done=Count("items", filter=Q(items__state=State.DONE)),
        skipped=Count("items", filter=Q(items__state=State.NOT_NEEDED)),
        settled=Count("items", filter=Q(items__state__in=SETTLED_ITEM_STATES)),
        running=Count("items", filter=running),
        overdue=Count("items", filter=running & Q(items__due_on__lt=day)),
        next_due_on=Min("items__due_on", filter=running),
    )


@dataclass
class PlotRow:
    """One item of a plot on a day, and the items before it that are not settled yet (待前置)."""

    item: PlotItem
    waits_for: list[str] = field(default_factory=list)
    days_late: int = 0

    @property
    def is_ready(self) -> bool:
        return self.item.state == State.WAITING and not self.waits_for

    @property
    def is_settled(self) -> bool:
        return self.item.is_settled


@dataclass(frozen=True)
class ClassOfRows:
    """A class of the catalogue (类别) with the plot's items in it."""

    land_class: LandClass
    rows: list[PlotRow]

    @property
    def settled(self) -> int:
        return sum(row.is_settled for row in self.rows)


@dataclass(frozen=True)
class StageOfRows:
    """A stage (阶段) with its classes."""

    words: str
    classes: list[ClassOfRows]

    @property
    def settled(self) -> int:
        return sum(of_class.settled for of_class in self.classes)

    @property
    def total(self) -> int:
        return sum(len(of_class.rows) for of_class in self.classes)


@dataclass(frozen=True)
class PlotSheet:
    """A plot's items by stage and class on a day."""

    stages: list[StageOfRows]
    rows: list[PlotRow]

    def _count(self, state: str) -> int:
        return sum(row.item.state == state for row in self.rows)

    @property
    def total(self) -> int:
        return len(self.rows)

    @property
    def done(self) -> int:
        return self._count(State.DONE)

    @property
    def skipped(self) -> int:
        return self._count(State.NOT_NEEDED)

    @property
    def settled(self) -> int:
        return self.done + self.skipped

    @property
    def running(self) -> list[PlotRow]:
        """What is under way, the earliest due first."""
        under_way = [row for row in self.rows if row.item.state == State.RUNNING]
        return sorted(under_way, key=lambda row: (row.item.due_on or date.max, row.item.item.position))

    @property
    def overdue(self) -> int:
        return sum(row.days_late > 0 for row in self.rows)

    @property
    def ready(self) -> list[PlotRow]:
        """What can be started now (可启动)."""
        return [row for row in self.rows if row.is_ready]

    @property
    def has_unchecked(self) -> bool:
        return any(not row.item.item.is_checked for row in self.rows)


def plot_sheet(plot: Plot, day: date) -> PlotSheet:
    """The items of a plot that count, with what each waits for. Two queries."""
    items = list(plot.items.live().select_related("item__land_class", "unit").order_by("item__position"))
    unsettled = {row.item_id: row.item.name for row in items if not row.is_settled}
    before = _predecessors()
    rows = [
        PlotRow(
            item,
            [] if item.is_settled else [unsettled[pk] for pk in before[item.item_id] if pk in unsettled],
            max((day - item.due_on).days, 0) if item.state == State.RUNNING and item.due_on else 0,
        )
        for item in items
    ]
    return PlotSheet(_by_stage(rows), rows)


def _predecessors() -> dict[int, list[int]]:
    """{item: items before it} of the catalogue in use, in its order. One query."""
    links = LandItem.predecessors.through.objects.filter(to_landitem__is_active=True)
    found = defaultdict(list)
    for item, before in links.order_by("to_landitem__position").values_list("from_landitem", "to_landitem"):
        found[item].append(before)
    return found


def _by_stage(rows: list[PlotRow]) -> list[StageOfRows]:
    by_class: dict[int, ClassOfRows] = {}
    for row in rows:
        land_class = row.item.item.land_class
        by_class.setdefault(land_class.pk, ClassOfRows(land_class, [])).rows.append(row)
    classes = sorted(by_class.values(), key=lambda found: found.land_class.position)
    stages = (
        StageOfRows(stage.label, [found for found in classes if found.land_class.stage == stage])
        for stage in LandStage
    )
    return [stage for stage in stages if stage.classes]


@dataclass(frozen=True)
class Neighbours:
    """The items of the plot that come right before an item and right after it, in the catalogue's order."""

    before: list[PlotItem]
    after: list[PlotItem]

    @property
    def waits_for(self) -> list[PlotItem]:
        """What must be settled before the item may begin (待前置)."""
        return [one for one in self.before if not one.is_settled]

    @property
    def begun_after(self) -> list[PlotItem]:
        """What has begun or is done already because the item is settled."""
        return [one for one in self.after if one.state in {State.RUNNING, State.DONE}]


def neighbours(item: PlotItem) -> Neighbours:
    """What comes before an item and after it on its plot. Items out of use count only once begun, and not before it.

    Two queries.
    """
    around = item.plot.items.live().select_related("item").order_by("item__position")
    return Neighbours(
        list(around.filter(item__in=item.item.predecessors.filter(is_active=True))),
        list(around.filter(item__in=item.item.successors.all())),
    )


def catalogue() -> list[tuple[str, list[tuple[LandClass, list[LandItem]]]]]:
    """The catalogue in use by stage and class, each item with its `before` (names). Three queries."""
    items: QuerySet[Any] = LandItem.objects.filter(is_active=True).select_related("land_class")
    by_class: dict[LandClass, list[LandItem]] = defaultdict(list)
    for item in items.prefetch_related("predecessors").order_by("position"):
        item.before = [other.name for other in item.predecessors.all() if other.is_active]
        by_class[item.land_class].append(item)
    classes = sorted(by_class.items(), key=lambda pair: pair[0].position)
    return [
        (stage.label, found)
        for stage in LandStage
        if (found := [pair for pair in classes if pair[0].stage == stage])
    ]
