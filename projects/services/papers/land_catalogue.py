"""The catalogue of 用地一件事 from a sheet (载入用地事项目录): read, compared, written as a whole or not at all."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from projects.models import SETTLED_ITEM_STATES, LandClass, LandItem, LandStage, Plot, PlotItem, User
from projects.rules.networks import CycleError, NetworkStep, check_network

from ..base.guards import office_only
from ..base.mistakes import Mistake
from ..base.records import build_record, record_many, snapshot
from ..imports.reader import Grid, UnreadableWorkbook, column_letter, read_workbook
from .land import add_items

STAGE, CLASS, NAME, UNIT, LIMIT, MATERIALS, BEFORE = HEADS = (
    "阶段",
    "类别",
    "事项名称",
    "办理单位",
    "办理时限（工作日）",
    "申请材料",
    "前置事项",
)
NEEDED = {STAGE, CLASS, NAME}
LENGTHS = {CLASS: 60, NAME: 80, UNIT: 80, MATERIALS: 1000}
HEAD_WITHIN = 10  # rows in which the heads are looked for; a title or a note may stand above them
LARGEST_LIMIT = 999
MOST_ITEMS = 500
ASIDE = 10_000  # positions while the order is being rewritten, beyond any in use
STAGES = {stage.label: stage.value for stage in LandStage}


@dataclass(frozen=True)
class CatalogueRow:
    """One item as the sheet says it; `row` is the sheet's own row number."""

    row: int
    stage: str
    land_class: str
    name: str
    unit_name: str
    limit_days: int | None
    materials: str
    before: tuple[str, ...]


@dataclass
class CatalogueReading:
    """A sheet as read; with mistakes nothing of it may be written."""

    sheet: str = ""
    rows: list[CatalogueRow] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)


@dataclass(frozen=True)
class CatalogueDifference:
    """One item that would change (变更): what, and from what to what."""

    name: str
    changes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class CatalogueComparison:
    """What loading would do: items added, brought back, changed, taken out of use; how many stay."""

    added: list[str]
    revived: list[str]
    changed: list[CatalogueDifference]
    retired: list[str]
    unchanged: int

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.revived or self.changed or self.retired)


# --- reading ----------------------------------------------------------------------------------------------


def read_catalogue(content: bytes) -> CatalogueReading:
    """Read the first visible sheet that carries the heads; every mistake is collected. UnreadableWorkbook: no workbook."""
    for grid in read_workbook(content):
        if grid.is_hidden:
            continue
        top = next((i for i, cells in enumerate(grid.rows[:HEAD_WITHIN]) if NAME in map(_text, cells)), None)
        if top is not None:
            return _read(grid, top)
    raise UnreadableWorkbook(f"没有找到“{NAME}”表头，请用本页下载的目录表修改后再上传。")


def _read(grid: Grid, top: int) -> CatalogueReading:
    heads = [_text(cell) for cell in grid.rows[top]]
    reading = CatalogueReading(grid.name)
    missing = [head for head in HEADS if head not in heads]
    twice = [head for head in HEADS if heads.count(head) > 1]
    if missing:
        reading.mistakes.append(Mistake(top + 1, "", f"缺少表头：{'、'.join(missing)}"))
    if twice:
        reading.mistakes.append(Mistake(top + 1, "", f"表头重复：{'、'.join(twice)}"))
    if reading.mistakes:
        return reading
    columns = {head: heads.index(head) for head in HEADS}
    letters = {head: column_letter(place) for head, place in columns.items()}
    for index in range(top + 1, len(grid.rows)):
        cells = grid.rows[index]
        if any(_text(cells[place]) for place in columns.values() if place < len(cells)):
            reading.rows.append(_read_row(grid, index, columns, reading.mistakes))
    if len(reading.rows) > MOST_ITEMS:
        reading.mistakes = [Mistake(top + 1, "", f"有{len(reading.rows)}行事项，超过{MOST_ITEMS}行，请核对")]
        return reading
    if not reading.rows:
        reading.mistakes.append(Mistake(top + 1, "", "表头下没有事项"))
    _check_together(reading.rows, letters, reading.mistakes)
    reading.mistakes.sort(key=lambda mistake: (mistake.row, mistake.column))
    return reading


def _read_row(grid: Grid, index: int, columns: Mapping[str, int], mistakes: list[Mistake]) -> CatalogueRow:
    cells = grid.rows[index]

    def refuse(head: str, message: str) -> None:
        mistakes.append(Mistake(index + 1, column_letter(columns[head]), f"{head}：{message}"))

    def text(head: str) -> str:
        place = columns[head]
        found = _text(cells[place]) if place < len(cells) else ""
        reason = grid.broken.get((index, place), "")
        if reason and (found in {"", "0"} or "出错" in reason):
            refuse(head, reason)
            return ""
        if len(found) > LENGTHS.get(head, len(found)):
            refuse(head, f"超过{LENGTHS[head]}字，请精简")
            return ""
        if not found and head in NEEDED:
            refuse(head, "不能为空")
        return found

    stage, land_class, name = text(STAGE), text(CLASS), text(NAME)
    if stage and stage not in STAGES:
        refuse(STAGE, f"没有“{stage}”，应为{'、'.join(STAGES)}之一")
    if re.search("[、；;\n]", name):
        refuse(NAME, "不能含顿号、分号或换行，它们用来分隔前置事项")
    limit = None
    if written := text(LIMIT):
        limit = _days(written)
        if limit is None:
            refuse(LIMIT, f"“{written[:20]}”应为1至{LARGEST_LIMIT}的整数，没有时限的留空")
    parts = (part.strip() for part in re.split("[、；;\n]", text(BEFORE)))
    names = tuple(dict.fromkeys(part for part in parts if part))
    return CatalogueRow(index + 1, stage, land_class, name, text(UNIT), limit, text(MATERIALS), names)


def _days(written: str) -> int | None:
    """A whole number of days that may be a limit, else None."""
    return (
        int(written) if re.fullmatch("[0-9]{1,4}", written) and 1 <= int(written) <= LARGEST_LIMIT else None
    )


def _check_together(rows: list[CatalogueRow], letters: Mapping[str, str], mistakes: list[Mistake]) -> None:
    """What only the rows together can be wrong in: names twice, a class in two stages, unknown predecessors, cycles."""
    first: dict[str, int] = {}
    stage_of: dict[str, CatalogueRow] = {}
    names = {row.name for row in rows}
    for row in rows:
        if row.name and row.name in first:
            where = f"与第{first[row.name]}行重复，事项名称不能相同"
            mistakes.append(Mistake(row.row, letters[NAME], f"{NAME}：{where}"))
        first.setdefault(row.name, row.row)
        if row.land_class and row.stage in STAGES:
            other = stage_of.setdefault(row.land_class, row)
            if other.stage != row.stage:
                words = f"“{row.land_class}”在第{other.row}行属“{other.stage}”，一个类别只能属一个阶段"
                mistakes.append(Mistake(row.row, letters[CLASS], f"{CLASS}：{words}"))
        for name in row.before:
            if name not in names:
                mistakes.append(Mistake(row.row, letters[BEFORE], f"{BEFORE}：表内没有“{name}”"))
    cycle = find_cycle({row.name: row.before for row in rows})
    if cycle:
        row = next(row for row in rows if row.name == cycle[0])
        words = " → ".join(cycle)
        mistakes.append(Mistake(row.row, letters[BEFORE], f"{BEFORE}：互为前置，形成循环（{words}）"))


def find_cycle(before: Mapping[str, Iterable[str]]) -> list[str]:
    """A circle among items that wait for each other, each named before the one that waits for it; [] for none."""
    steps = [
        NetworkStep(name, name, 0, predecessors=tuple(other for other in others if other in before))
        for name, others in before.items()
    ]
    try:
        check_network(steps)
    except CycleError as error:
        return list(error.cycle)
    return []


def _text(value: object) -> str:
    """A cell as written, lines kept, without spaces around them; whole numbers without decimals."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    lines = str(value).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.strip() for line in lines).strip()


# --- comparing and writing --------------------------------------------------------------------------------


def compare_catalogue(rows: list[CatalogueRow]) -> CatalogueComparison:
    """What loading the rows would change. A constant number of queries."""
    current = {item.name: item for item in _items()}
    added, revived, changed = [], [], []
    order = [item.name for item in current.values() if item.is_active]
    wanted = [row.name for row in rows]
    moved = _moved(order, wanted)
    for row in rows:
        item = current.get(row.name)
        if item is None:
            added.append(row.name)
        elif not item.is_active:
            revived.append(row.name)
        elif changes := _changes(item, row, row.name in moved):
            changed.append(CatalogueDifference(row.name, tuple(changes)))
    retired = [name for name in order if name not in set(wanted)]
    return CatalogueComparison(
        added, revived, changed, retired, len(rows) - len(added) - len(revived) - len(changed)
    )


def fingerprint() -> str:
    """The catalogue as it stands, to tell whether it is still the one a preview compared with."""
    said = [(item.pk, item.is_active, item.is_checked, item.position, _said(item)) for item in _items()]
    return sha256(repr(said).encode()).hexdigest()


@transaction.atomic
def load_catalogue(
    *, rows: list[CatalogueRow], is_checked: bool, source: str, by: User, now: datetime
) -> CatalogueComparison:
    """Make the catalogue what the sheet says (载入目录): the office alone, the whole sheet or nothing.

    Items the sheet leaves out go out of use and are never deleted; what is new or different is 待核 again unless the
    office says that the sheet is checked. Plots that are not finished get the new items.
    """
    office_only(by, "载入用地事项目录")
    if not rows:
        raise ValidationError("表内没有事项，未载入。")
    list(LandItem.objects.select_for_update().values_list("pk", flat=True))
    comparison = compare_catalogue(rows)
    touched = {*comparison.added, *comparison.revived, *(found.name for found in comparison.changed)}
    current = {item.name: item for item in _items()}
    before = {name: snapshot(item) for name, item in current.items()}
    classes = _write_classes(rows)
    wanted = {row.name for row in rows}
    rest = [item for name, item in current.items() if name not in wanted]
    LandItem.objects.update(position=F("position") + ASIDE)
    for position, row in enumerate(rows, 1):
        item = current.setdefault(row.name, LandItem(name=row.name))
        item.land_class, item.unit_name = classes[row.land_class], row.unit_name
        item.limit_days, item.materials = row.limit_days, row.materials
        item.position, item.is_active = position, True
        item.is_checked = is_checked or (item.is_checked and row.name not in touched)
        item.save()
    for position, item in enumerate(rest, len(rows) + 1):
        item.position, item.is_active = position, False
        item.save()
    for row in rows:
        current[row.name].predecessors.set([current[name] for name in row.before])
    fresh = [current[name] for name in (*comparison.added, *comparison.revived)]
    if fresh:
        add_items(_unfinished_plots(), fresh)
    _record(current.values(), before, comparison, source, by, now)
    return comparison


def _items() -> list[LandItem]:
    return list(LandItem.objects.select_related("land_class").prefetch_related("predecessors"))


def _said(item: LandItem) -> dict[str, str]:
    """An item in the words of the sheet's columns."""
    return {
        STAGE: item.land_class.get_stage_display(),
        CLASS: item.land_class.name,
        UNIT: item.unit_name,
        LIMIT: "" if item.limit_days is None else str(item.limit_days),
        MATERIALS: _text(item.materials),
        BEFORE: "、".join(sorted(other.name for other in item.predecessors.all() if other.is_active)),
    }


def _changes(item: LandItem, row: CatalogueRow, is_moved: bool) -> list[tuple[str, str, str]]:
    new = {
        STAGE: row.stage,
        CLASS: row.land_class,
        UNIT: row.unit_name,
        LIMIT: "" if row.limit_days is None else str(row.limit_days),
        MATERIALS: row.materials,
        BEFORE: "、".join(sorted(row.before)),
    }
    changes = [(head, old, new[head]) for head, old in _said(item).items() if old != new[head]]
    return changes + ([("次序", "", "调整")] if is_moved else [])


def _moved(order: list[str], wanted: list[str]) -> set[str]:
    """Items whose neighbour before them differs among those that stay."""
    stay = set(order) & set(wanted)
    old, new = ([name for name in names if name in stay] for names in (order, wanted))
    previous = dict(zip(old, ["", *old], strict=False))
    return {name for name, left in zip(new, ["", *new], strict=False) if previous[name] != left}


def _write_classes(rows: list[CatalogueRow]) -> dict[str, LandClass]:
    """The classes in the sheet's order; those it does not name stay behind them."""
    names = list(dict.fromkeys(row.land_class for row in rows))
    stages = {row.land_class: STAGES[row.stage] for row in rows}
    classes = {found.name: found for found in LandClass.objects.all()}
    rest = [found for name, found in classes.items() if name not in stages]
    LandClass.objects.update(position=F("position") + ASIDE)
    for position, name in enumerate(names, 1):
        found = classes.setdefault(name, LandClass(name=name))
        found.stage, found.position = stages[name], position
        found.save()
    for position, found in enumerate(rest, len(names) + 1):
        found.position = position
        found.save()
    return classes


def _unfinished_plots() -> list[Plot]:
    unsettled = PlotItem.objects.live().exclude(state__in=SETTLED_ITEM_STATES)
    return list(Plot.objects.filter(pk__in=unsettled.values("plot")))


def _record(
    items: Iterable[LandItem],
    before: Mapping[str, dict[str, Any]],
    comparison: CatalogueComparison,
    source: str,
    by: User,
    now: datetime,
) -> None:
    """One audit record for each item that differs; a changed predecessor is named in the reason."""
    said = {found.name: found.changes for found in comparison.changed}
    entries = []
    for item in items:
        old = before.get(item.name)
        # an order that only shifted is no change of the item
        if old and item.name not in said and old == {**snapshot(item), "position": old["position"]}:
            continue
        words = "；".join(f"{head}：{a or '无'} → {b or '无'}" for head, a, b in said.get(item.name, ()))
        entries.append(
            build_record(
                action="载入用地事项目录",
                instance=item,
                by=by,
                now=now,
                before=old,
                reason=f"{source}；{words}" if words else source,
            )
        )
    record_many(entries)


def as_payload(rows: Iterable[CatalogueRow]) -> list[dict]:
    """The rows as plain values, to be carried from a preview to its confirmation."""
    return [asdict(row) for row in rows]


def from_payload(payload: Iterable[Mapping]) -> list[CatalogueRow]:
    return [CatalogueRow(**{**row, "before": tuple(row["before"])}) for row in payload]


def sheet_rows() -> Iterable[list]:
    """The catalogue in use as the sheet's rows, which reads back as unchanged."""
    for item in _items():
        if item.is_active:
            said = _said(item)
            yield [
                said[STAGE],
                said[CLASS],
                item.name,
                said[UNIT],
                item.limit_days,
                said[MATERIALS],
                said[BEFORE],
            ]
