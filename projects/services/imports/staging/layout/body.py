"""The body of a table (表体): its rows sorted into data and the rest, classes handed down, totals checked."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from projects.models import ProjectStage

from .. import indicators, investment, leads, ledger, milestones, problems, rosters
from ..cells import RowReader, name_of
from ..classes import CLASSES, class_of, core_of
from ..headers import plain
from ..staged import (
    INDICATORS,
    INVESTMENT,
    LEADS,
    LEDGER,
    MILESTONES,
    OFFICIALS,
    PLACES,
    PROBLEMS,
    UNITS,
    StagedRow,
    StagedSheet,
)
from .declared import Declared, DeclaredCount, check_declared, stated_in
from .lines import AMOUNT_FIELDS, DOTTED, NUMBER, PAREN, Lines
from .rows import BREAKDOWN_WHY, CLASS, NOTE_WHY, PACKAGE, PART, TOTAL, Row, kinds_of
from .tables import Block

STAGERS: Mapping[str, Callable] = {
    LEDGER: ledger.stage_row,
    MILESTONES: milestones.stage_row,
    INVESTMENT: investment.stage_row,
    PROBLEMS: problems.stage_row,
    INDICATORS: indicators.stage_row,
    LEADS: leads.stage_row,
    OFFICIALS: rosters.stage_official,
    UNITS: rosters.stage_unit,
    PLACES: rosters.stage_place,
}
# the field that names a row, and what it is called; a project where nothing is said
NAMED_BY = {
    INDICATORS: ("indicator_name", "指标名称"),
    OFFICIALS: ("official_name", "姓名"),
    UNITS: ("unit_name", "单位名称"),
}
OF_MONEY = (LEDGER, INVESTMENT, LEADS)
_NOT_COUNTED = re.compile(r"“※”.*不重复计入")  # a note under the table: rows so marked are in no total
_CLASS_WORDS = {**CLASSES, "新建": ProjectStage.NEW_START}
_OTHER_CLASS = re.compile(
    r"(?:计划|拟|已|年内|当年)?(?:预备|收尾|竣工|投产|建成|完工|实施|谋划|策划|达产|达效|建设|拟建|加快推进|推进|洽谈|签约|落地|停工|缓建"
    r"|招商|筹建)+"
)
_NUMBER = re.compile(r"^[(（]?\d+(?:[.．-]\d+)*[)）]?[、.．,，]?\s*")
_IN_WORDS = re.compile(r"^(?:其中[:：]?|[-—–·•●]+)\s*")


@dataclass
class _Group:
    """An open heading: where its rows begin, and the class it gives them."""

    row: Row
    first: int
    declared: Declared | None = None

    @property
    def style(self) -> str:
        return self.row.line.style


def read_body(sheet: StagedSheet, block: Block, above: Sequence[str], today: date, zone_code: str) -> None:
    """Read the rows of a table into the sheet; what is no data is kept with its reason."""
    name_field, _ = NAMED_BY.get(sheet.kind, ("name", ""))
    lines = Lines(block.grid, block.table, name_field, sheet.unit or "万元", block.body)
    _Body(sheet, block, lines, today, zone_code).read(above)


class _Body:
    def __init__(self, sheet: StagedSheet, block: Block, lines: Lines, today: date, zone_code: str) -> None:
        self.sheet, self.block, self.lines = sheet, block, lines
        self.today, self.zone_code = today, zone_code
        self.stage = STAGERS[sheet.kind]
        self.data: list[DeclaredCount] = []
        self.declared: list[Declared] = []
        self.open: list[_Group] = []
        self.since = 0  # where the rows begin that a 小计 is over
        self.following: Declared | None = None  # a total that the rows beneath it may make up
        self.category = lines.columns.get("category")

    def read(self, above: Sequence[str]) -> None:
        self._stated([(text, 1) for text in above])
        self.title_class = class_of_title(above)
        for row in kinds_of(self.sheet, self.lines):
            self._take(row)
        for group in self.open:
            self._end(group)
        self._fill_packages()
        self._name_parts_apart()
        if self.sheet.kind in OF_MONEY:
            check_declared(self.sheet, self.declared, self.data, self.lines.tolerance)

    def _take(self, row: Row) -> None:
        if row.is_data:
            self._data(row)
            if row.kind in (PACKAGE, PART):
                self.sheet.row_kinds.append(row.as_json())
            return
        self.sheet.row_kinds.append(row.as_json())
        if row.kind == CLASS:
            self.sheet.ignored.append({"row": row.line.number, "why": f"分类行：{row.why}"})
            self._class(row)
            return
        self.sheet.ignored.append({"row": row.line.number, "why": row.why})
        if row.kind == TOTAL and row.why != BREAKDOWN_WHY:
            self._total(row)
        elif row.why == NOTE_WHY:
            text = "".join(row.line.filled)
            self.sheet.marks_uncounted |= bool(_NOT_COUNTED.search(text))
            self._stated([(plain(text), row.line.number)])

    # -----------------------------------------------------------------------------------------------------
    # headings

    def _class(self, row: Row) -> None:
        """Open a group within those that are open, or beside the one of its style."""
        place = next(
            (n for n, group in enumerate(self.open) if group.style == row.line.style), len(self.open)
        )
        for group in self.open[place:]:
            self._end(group)
        self._end_following()
        self.open[place:] = [_Group(row, len(self.data), self._declare(row))]
        self.since = len(self.data)

    def _end(self, group: _Group) -> None:
        if group.declared:
            group.declared.spans = [(group.first, len(self.data))]

    def _declare(self, row: Row) -> Declared:
        line = row.line
        written = next((text for text in line.filled if plain(text).endswith(line.label)), line.label)
        sums = line.amounts if self.sheet.kind in OF_MONEY else {}
        said = Declared(line.number, written, line.declared, sums)
        self.declared.append(said)
        return said

    def _total(self, row: Row) -> None:
        """A total may be over everything, the open group, the rows since the last total, or those that follow."""
        if self.sheet.kind not in OF_MONEY:
            return
        self._end_following()
        said = self.following = self._declare(row)
        here = len(self.data)
        groups = [(group.first, here) for group in reversed(self.open)]
        likely: list[tuple[int, int | None]] = [(self.since, here), *groups]
        likely = [*likely, (0, here)] if "小计" in row.line.label else [(0, None), *likely]
        said.spans = list(dict.fromkeys([*likely, (0, here), (here, None)]))
        self.since = here

    def _end_following(self) -> None:
        """A total may stand above its rows: they end where the next total or heading stands."""
        if self.following:
            self.following.spans.append((self.since, len(self.data)))
        self.following = None

    def _stated(self, texts: Sequence[tuple[str, int]]) -> None:
        self.declared += [said for text, number in texts if (said := stated_in(text, number))]

    # -----------------------------------------------------------------------------------------------------
    # data

    def _data(self, row: Row) -> None:
        line = row.line
        staged = StagedRow(line.number, left=self.block.left)
        reader = RowReader(self.sheet, self.block.grid, self.block.table, line.index, staged)
        name_field, name_words = NAMED_BY.get(self.sheet.kind, ("name", "项目名称"))
        if not line.in_name_column:
            self.sheet.refuse(staged, name_field, f"{name_words}为空，请补填；如非数据行请删除")
            return
        category = self._category_of(row)
        self.stage(reader, self.block.table, category=category, today=self.today, zone_code=self.zone_code)
        self._place(row, staged)
        self.sheet.rows.append(staged)
        self.data.append(DeclaredCount(row, staged))

    def _place(self, row: Row, staged: StagedRow) -> None:
        """Note a part's package by its row, and name a part by its own words."""
        staged.values["has_parts"] = bool(row.parts)
        if row.kind == PART:
            if row.parent:
                staged.values["parent_row"] = row.parent.line.number
                staged.values["parent"] = name_of(row.parent.line.texts[self.lines.name.index])
            staged.values["name"] = _IN_WORDS.sub("", staged.get("name", ""), count=1) or staged.get("name")
        if row.line.ordinal and row.line.numbered_in_name and row.line.style in (NUMBER, DOTTED, PAREN):
            staged.values["name"] = _NUMBER.sub("", staged.get("name", ""), count=1) or staged.get("name")

    def _category_of(self, row: Row) -> str | None:
        """The class that the headings above a row give it; asked only where the row itself names none."""
        if self.sheet.kind != LEDGER:
            return None
        named = self.category and plain(row.line.texts[self.category.index]) if self.category else ""
        for group in reversed(self.open):
            found = class_of_heading(self.sheet, group.row, may_ask=not named)
            if found:
                return found
        return self.title_class

    def _name_parts_apart(self) -> None:
        """一期 beneath two packages are two projects: each then takes its package's name before its own."""
        parts = [counted.staged for counted in self.data if counted.row.kind == PART]
        told = Counter(part.get("name") for part in parts)
        for part in parts:
            if told[part.get("name")] > 1 and part.get("parent"):
                part.values["name"] = f"{part.get('parent')}{part.get('name')}"

    def _fill_packages(self) -> None:
        """A package that leaves its amounts to its parts is their sum."""
        by_row = {id(counted.row): counted.staged for counted in self.data}
        for counted in reversed(self.data):
            parts = [by_row[id(part)] for part in counted.row.parts if id(part) in by_row]
            summed = []
            for name in AMOUNT_FIELDS:
                told = [part.get(name) for part in parts if part.get(name) is not None]
                if told and counted.staged.get(name) is None and name in self.sheet.heads:
                    counted.staged.values[name] = sum(told)
                    summed.append(self.sheet.head(name))
            if summed:
                self.sheet.warn(counted.staged, summed[0], f"打包项目未填{'、'.join(summed)}，按各分项相加计")


def class_of_title(texts: Sequence[str]) -> ProjectStage | None:
    """The class that a title gives to all its rows: 2023年新开工项目一览表; None where it names none or two."""
    words = re.findall(r"(新开工|续建|前期|储备)类?(?:重点|重大|建设)*项目", "".join(texts))
    known = {CLASSES[word] for word in words}
    return known.pop() if len(known) == 1 else None


def class_of_heading(sheet: StagedSheet, row: Row, *, may_ask: bool) -> ProjectStage | None:
    """The class that a heading names, once; a word that is a class but not a known one is asked about."""
    heading = row.line.heading
    core = core_of(heading)
    known = {stage for word, stage in _CLASS_WORDS.items() if word in core}
    if len(known) == 1:
        return known.pop()
    if not known and may_ask and _OTHER_CLASS.fullmatch(core):
        return class_of(sheet, core, row=row.line.number)
    return None
