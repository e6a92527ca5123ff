"""What each row is (行的类型): project, package, part, class, total or note, by all that speaks for it, with the reason.

What stays undecided and touches a figure is a question (`row:text`); an answer decides any row, also one that was
never in doubt.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import takewhile

from ..classes import known_class
from ..headers import plain
from ..questions import ROW
from ..staged import StagedSheet
from .lines import CHINESE, CIRCLE, DOTTED, HEADING_STYLES, NOTHING, NUMBER, PAREN, Lines, SheetLine

PROJECT, PACKAGE, PART, CLASS, TOTAL, NOTE = "project", "package", "part", "class", "total", "note"
CHOICES = (PROJECT, PACKAGE, PART, CLASS, TOTAL, NOTE)
KIND_NAMES = {
    PROJECT: "项目",
    PACKAGE: "打包项目",
    PART: "分项",
    CLASS: "分类行",
    TOTAL: "合计",
    NOTE: "注释",
}
TOTAL_WHY, NOTE_WHY, NUMBERS_WHY, HEADER_WHY, STRAY_WHY = "合计", "表下注释", "栏次", "重复表头", "非数据行"
BREAKDOWN_WHY = "合计的其中项"
SURE, OPEN = 4, 2  # a score from SURE on is a class, one from OPEN on a question, one below it a project

_TOTAL = re.compile(
    r"(?P<of>.{0,16}?)(?:总?合计|总计|共计|小计|总数|累计数?|合计数)(?:[:：(].*|\d+(?:个|项).*)?|共(?:计)?\d+(?:个|项).*"
)
_NOTE = re.compile(
    r"(?:备?注|说明|附注|注释)(?:[:：\d(]|$)|备注|附?注[一二三]?[:、]|(?:填表|填报|制表|审核|审批|复核|联系|统计|报送)(?:人|单位|电话|日期|时间|说明)"
    r"|(?:单位)?负责人|分管领导(?:签字)?[:：]|[※*★☆△]+(?:为|表示|号|代表|标注)|[“\"]?带?[“\"]?[※*★☆△][”\"]?(?:为|表示|的|号|项目为|代表)"
    r"|(?:数据|资料)来源|以上(?:数据|项目)|(?:单位)?\(?盖章\)?|打印(?:日期|时间)"
)
_SIGNED = re.compile(r"(?:单位)?(?:填报|填表|制表|审核|审批|复核|联系|负责|统计|分管|报送).{0,5}[:：].*")
_NOTE_GOES_ON = re.compile(r"[(]?(?:\d{1,2}|[一二三四五六七八九])[)、.,].{4,}|[※*★☆△].*|.{25,}")
_BREAKDOWN = re.compile(r"(?:其中|包括|包含|含|#)[:：]?")
_SECTORS = (
    "工业|农业|服务业|制造业|产业|能源|交通|水利|基础设施|社会事业|社会民生|民生|公共服务|生态环保|生态环境|城建|城市建设|城市更新"
    "|房地产|文旅|商贸|物流|科技|教育|卫生|农林水利|社会发展|高新技术|战略性新兴产业|新基建"
)
_HEADING = (
    re.compile(rf".{{0,8}}(?:{_SECTORS})(?:类|领域|方面|板块)?(?:重点|重大|建设)?(?:项目|工程)?"),
    re.compile(r".{1,14}类(?:项目|工程)?"),
    re.compile(r".{1,8}(?:镇|街道|街办|乡|区|县|市|局|委|办|开发区|管委会)"),
    re.compile(
        r"(?:20\d\d年度?|当年|本年|今年|年内)?(?:计划|拟|已|未)?(?:新|续|在|拟|待)?(?:开工|开工建设|续建|在建|新建|建设|预备|收尾|竣工|投产|建成"
        r"|完工|实施|谋划|策划|储备|达产|前期|前期工作|推进|签约|招商|停工|缓建|结转|跨年度|和|及|、)+(?:项目|工程|阶段)?"
    ),
    re.compile(
        r"(?:省|市|区|县|国家)级?(?:重点|重大)(?:建设)?项目|(?:重点|重大|一般|其他|其它)(?:建设)?项目"
    ),
)


@dataclass
class Row:
    """A line with what it is and why; `parent` is the package of a part."""

    line: SheetLine
    kind: str
    why: str
    parent: "Row | None" = None
    parts: list["Row"] = field(default_factory=list)

    @property
    def is_data(self) -> bool:
        return self.kind in (PROJECT, PACKAGE, PART)

    def as_json(self) -> dict[str, object]:
        return {"row": self.line.number, "kind": self.kind, "why": self.why}


def kinds_of(sheet: StagedSheet, lines: Lines) -> list[Row]:
    """What each line of a table is, in its order; questions go to the sheet."""
    return _Judging(sheet, lines).rows()


class _Judging:
    def __init__(self, sheet: StagedSheet, lines: Lines) -> None:
        self.sheet, self.lines = sheet, lines
        table = lines.table
        self.header = [plain(cell) for cell in lines.grid.rows[table.last_row]]
        self.answered = {
            key.rpartition(f"{ROW}:")[2]
            for known in (sheet.answers.given, sheet.answers.remembered)
            for key in known
            if f"{ROW}:" in key
        }
        self.plain = [line for line in lines if self._is_plain(line)]
        self.sums_on_top = False  # a 小计 was met that stands above its rows
        self.plain_ids = {id(line) for line in self.plain}

    def rows(self) -> list[Row]:
        found: list[Row] = []
        for place, line in enumerate(self.lines):
            found.append(self._of(line, place, found))
        _Outline(self, found).settle()
        return found

    def _is_plain(self, line: SheetLine) -> bool:
        """A row of a project as most are: its cells say so, and its number is like the others'."""
        if not line.in_name_column or line.style != self.lines.style:
            return False
        if not line.own and (self.lines.has_own or line.style != NUMBER):
            return False
        return not (_breaks_down(line, self.lines.style) or self._is_header(line))

    def _of(self, line: SheetLine, place: int, above: Sequence[Row]) -> Row:
        if line.label in self.answered:
            decided = self._judge(line, place, above)
            return self._ask(line, decided.kind, "")
        if id(line) in self.plain_ids and not self._says_total(line):
            return Row(line, PROJECT, "")
        return self._judge(line, place, above)

    def _judge(self, line: SheetLine, place: int, above: Sequence[Row]) -> Row:
        if why := self._is_no_data(line, above):
            return Row(line, NOTE, why)
        if why := self._is_total(line, place, above):
            return self._total(line, place, why, above)
        if (
            line.own
            and line.style not in HEADING_STYLES
            and line.declared is None
            and not self._may_head(line)
        ):
            return Row(line, PROJECT, "")
        if self._is_breakdown(line, above):
            return Row(line, TOTAL, BREAKDOWN_WHY)
        score, reasons = self._score(line, place)
        if score >= SURE:
            return Row(line, CLASS, "、".join(reasons))
        if score >= OPEN and not line.in_name_column:
            return Row(line, NOTE, STRAY_WHY)
        if score >= OPEN and not self._is_nested(line, above):
            likely = CLASS if score > OPEN and (line.style != self.lines.style) else PROJECT
            return self._ask(line, likely, "、".join(reasons))
        if not line.in_name_column and not line.amounts and not line.own:
            return Row(line, NOTE, STRAY_WHY)
        return Row(line, PROJECT, "")

    def _may_head(self, line: SheetLine) -> bool:
        """A row without a number among numbered ones, which may be a heading although its unit is filled in."""
        return not line.ordinal and self.lines.style == NUMBER and not _BREAKDOWN.match(line.label)

    def _ask(self, line: SheetLine, likely: str, reasons: str) -> Row:
        because = f"（{reasons}）" if reasons else ""
        choices = (likely, *(kind for kind in CHOICES if kind != likely))
        said = self.sheet.ask(
            ROW,
            line.label,
            f"第{line.number}行“{line.label}”是项目，还是分类、合计或注释？{because}按项目读取则计入项目数和投资。",
            choices=choices,
            likely=likely,
            row=line.number,
        )
        why = "由人指定" if self.sheet.questions[f"{ROW}:{line.label}"].answer else reasons
        return Row(line, said, why or KIND_NAMES[said])

    # -----------------------------------------------------------------------------------------------------
    # rows that are no data

    def _is_header(self, line: SheetLine) -> bool:
        name = self.lines.name.index
        if name < len(line.texts) and line.texts[name] and plain(line.texts[name]) != self.header[name]:
            return False  # spares most rows the comparison
        same = sum(a == b != "" for a, b in zip(map(plain, line.texts), self.header, strict=False))
        return same >= 3 or (same >= 2 and same == len(line.filled))

    def _is_no_data(self, line: SheetLine, above: Sequence[Row]) -> str:
        """Why a row is neither data nor a heading, or an empty string."""
        if self._is_header(line):
            return HEADER_WHY
        if not (above and above[-1].is_data) and self._is_numbers(line):
            return NUMBERS_WHY
        whole = plain(line.filled[0])
        if all(plain(text) in NOTHING for text in line.filled):
            return STRAY_WHY
        if _SIGNED.fullmatch(whole) and not line.amounts:
            return NOTE_WHY
        if whole == plain(self.sheet.title):
            return STRAY_WHY
        few = len(line.filled) <= 2 or not (line.own or line.amounts)
        if few and not line.own and not line.amounts and not self._is_listed(line):
            if _NOTE.match(whole):
                return NOTE_WHY
            if above and above[-1].why == NOTE_WHY and _NOTE_GOES_ON.fullmatch(whole):
                return NOTE_WHY
            if re.fullmatch(
                r"\(?(?:金额|计量)?单位[:：]?.{1,12}\)?|第\d+页.*|\(?接上[页表]\)?|续表\d*|附件?\d*[:：]?",
                whole,
            ):
                return STRAY_WHY
        return ""

    def _is_listed(self, line: SheetLine) -> bool:
        """Numbered like the projects and named in their column: a name may begin with 注 or 说明."""
        return bool(line.ordinal) and line.style == self.lines.style == NUMBER and line.in_name_column

    def _is_numbers(self, line: SheetLine) -> bool:
        """栏次: 1, 2, 3 or 甲, 乙, 1, 2 beneath the header."""
        texts = [plain(text) for text in line.filled]
        return (
            len(texts) > 3
            and all(
                re.fullmatch(r"栏次|[甲乙丙丁戊己A-Z]|\(?\d{1,2}\)?|\d+=[\d+\-*/×÷%().]+", text)
                for text in texts
            )
            and (len(texts) > 1 and sum(text.strip("()").isdigit() for text in texts) >= 2)
        )

    # -----------------------------------------------------------------------------------------------------
    # totals

    def _says_total(self, line: SheetLine) -> str:
        """合计 in the label or in the first cell; a name that only begins so (总计划管理平台) is none."""
        for text in dict.fromkeys((line.label, plain(line.filled[0]))):
            found = _TOTAL.fullmatch(text)
            if found and (not line.own or not found["of"]):
                return text
        return ""

    def _is_total(self, line: SheetLine, place: int, above: Sequence[Row]) -> str:
        if self._says_total(line) and not (line.own and self._is_listed(line)):
            return TOTAL_WHY
        if not line.label and not line.own and line.amounts:
            rest = [other for other in self.plain if other is not line]
            if len(rest) > 1 and self.matches(line, rest):
                return "无名称，金额等于各行之和"
        return ""

    def _total(self, line: SheetLine, place: int, why: str, above: Sequence[Row]) -> Row:
        """A total; one that names a group and adds up the rows beneath is that group's heading: 新开工小计."""
        found = _TOTAL.fullmatch(line.label)
        of = (found["of"] or "") if found else ""
        beneath = self._beneath(line, place)
        if len(of) > 1 and is_heading(of) and beneath and beneath[0] and self.matches(line, beneath[0]):
            before = [
                row.line for row in takewhile(lambda row: row.kind not in (CLASS, TOTAL), reversed(above))
            ]
            if self.sums_on_top or not self.matches(line, before):
                self.sums_on_top = True
                return Row(line, CLASS, f"金额等于以下{len(beneath[0])}行之和")
        return Row(line, TOTAL, why)

    def _is_breakdown(self, line: SheetLine, above: Sequence[Row]) -> bool:
        """其中 beneath a total or a class divides it; beneath a project it begins its parts."""
        if line.own or not above:
            return False
        last = above[-1]
        if _BREAKDOWN.match(line.label) or (
            line.ordinal is None and plain(line.filled[0]) in ("其中", "其中:")
        ):
            return last.kind == TOTAL or (last.kind == CLASS and self.matches(line, ()) is False)
        return last.why == BREAKDOWN_WHY and not line.ordinal

    def matches(self, line: SheetLine, rows: Iterable[SheetLine]) -> bool:
        """Whether the amounts of a line are the sums of the rows, most of them and none by being nought."""
        sums: dict[str | date, Decimal] = {}
        for row in rows:
            for key, amount in row.amounts.items():
                sums[key] = sums.get(key, Decimal(0)) + amount
        told = {key: amount for key, amount in line.amounts.items() if amount}
        same = [
            key
            for key, amount in told.items()
            if abs(sums.get(key, Decimal(0)) - amount) <= self.lines.tolerance
        ]
        return bool(same) and len(same) * 2 >= len(told)

    # -----------------------------------------------------------------------------------------------------
    # classes

    def _score(self, line: SheetLine, place: int) -> tuple[int, list[str]]:
        """How much speaks for a heading and against a project, and what does."""
        found: list[tuple[int, str]] = []
        if line.style in HEADING_STYLES and line.style != self.lines.style:
            found.append((2, f"序号为“{line.ordinal.written}”" if line.ordinal else ""))
        if line.declared is not None:
            found.append((3, f"写明{line.declared}个"))
        if is_heading(line.heading):
            found.append((2, "名称为分类字样"))
        if line.spread:
            found.append((2, "合并为一行"))
        if not line.in_name_column:
            found.append((1, "不在名称列"))
        if self.lines.has_own:
            found.append((2, "未填建设单位等") if not line.own else (-4 if line.ordinal else -3, ""))
        if line.ordinal and line.style == self.lines.style and line.style not in HEADING_STYLES:
            found.append((-2, ""))
        if not line.amounts and self.lines.has_amounts:
            found.append((1, "未填金额"))
        elif line.amounts and not (line.own and line.ordinal):
            beneath = self._beneath(line, place)
            summed = next((rows for rows in beneath if rows and self.matches(line, rows)), None)
            weight = 5 if summed and line.own and len(summed) > 1 else 3
            found.append((weight, f"金额等于以下{len(summed)}行之和") if summed else (-1, ""))
        return sum(weight for weight, _ in found), [
            reason for weight, reason in found if weight > 0 and reason
        ]

    def _beneath(self, line: SheetLine, place: int) -> list[list[SheetLine]]:
        """The rows that a heading may stand over: up to the next row of another kind, to the next of its style, to the end."""
        spans: list[list[SheetLine]] = []
        rows: list[SheetLine] = []
        for other in self.lines.all[place + 1 :]:
            if id(other) in self.plain_ids or (other.own and not other.ordinal and other.in_name_column):
                rows.append(other)
                continue
            if rows and (not spans or len(spans[-1]) != len(rows)):
                spans.append(list(rows))
            if other.style == line.style and not other.own and not _BREAKDOWN.match(other.label):
                break
        else:
            spans.append(rows)
        return spans

    def _is_nested(self, line: SheetLine, above: Sequence[Row]) -> bool:
        """1.1, （1） and 其中 beneath a project are settled with their package."""
        if _breaks_down(line, self.lines.style):
            return True
        return line.style in (DOTTED, PAREN, CIRCLE) and line.style != self.lines.style and bool(above)


def _breaks_down(line: SheetLine, style: str) -> bool:
    """其中 or # before a name; a row numbered like every other is a project that begins so (含氟新材料项目)."""
    return bool(_BREAKDOWN.match(line.label)) and not (line.ordinal and line.style == style)


def says_note_or_total(text: str) -> bool:
    """Whether a row that begins with this text ends a table."""
    return bool(_NOTE.match(text) or _TOTAL.fullmatch(text))


def is_heading(text: str) -> bool:
    """Whether a text reads like the heading of a group and not like a project's name."""
    bare = re.sub(r"\(.*\)$", "", plain(text))
    if not bare or len(bare) > 24:
        return False
    short = len(bare) <= 8 and known_class(bare) is not None
    return short or any(pattern.fullmatch(bare) for pattern in _HEADING)


class _Outline:
    """Packages and their parts (打包): by 1 and 1.1, by （1） beneath 1, by 其中, by amounts that add up."""

    def __init__(self, judging: _Judging, rows: list[Row]) -> None:
        self.judging, self.rows = judging, rows
        self.lines = judging.lines

    def settle(self) -> None:
        """Hang the parts under their packages, in place."""
        self._numbered()
        self._under_headings()
        self._unnumbered()

    def _hang(self, part: Row, package: Row, why: str) -> None:
        part.kind, part.parent, part.why = PART, package, why
        package.parts.append(part)
        if package.kind == PROJECT:
            package.kind, package.why = PACKAGE, "以下有分项"

    def _numbered(self) -> None:
        """1.1 belongs to 1, （1） and ① to the number above them, what follows 其中 to the project above it."""
        by_path: dict[tuple[int, ...], Row] = {}
        main: Row | None = None
        inner: Row | None = None  # the last part, while its siblings follow
        for row in self.rows:
            line = row.line
            if row.kind in (CLASS, TOTAL):
                by_path.clear()
                main = inner = None
            if row.kind == CLASS and line.ordinal and line.style == NUMBER:
                by_path[line.ordinal.path] = row
            if not row.is_data:
                continue
            if row.kind == PART and row.parent is None:  # said by a person
                if main:
                    self._hang(row, main, row.why)
                continue
            if parent := self._above(line, by_path, main, inner):
                self._hang(row, parent, self._reason(line))
                inner = row
            elif line.style in ("", self.lines.style) or not line.ordinal:
                main, inner = (row, None) if line.ordinal or not self.lines.style else (main, None)
            if line.ordinal and line.style in (NUMBER, DOTTED):
                by_path[line.ordinal.path] = row

    def _above(
        self, line: SheetLine, by_path: Mapping[tuple[int, ...], Row], main: Row | None, inner: Row | None
    ) -> Row | None:
        if line.style == DOTTED and line.ordinal:
            parent = by_path.get(line.ordinal.path[:-1])
            return parent if parent and parent.is_data else None
        if line.style in (PAREN, CIRCLE) and line.ordinal and line.style != self.lines.style:
            first = line.ordinal.path == (1,)
            return main if main and (first or inner) else None
        if _breaks_down(line, self.lines.style) or plain(line.filled[0]).rstrip(":") == "其中":
            return main
        return None

    def _reason(self, line: SheetLine) -> str:
        return f"序号{line.ordinal.written}" if line.ordinal else "其中"

    def _under_headings(self) -> None:
        """A project numbered 一 with own cells, and beneath it numbers that add up to it: a package."""
        if self.lines.style != NUMBER:
            return
        for place, row in enumerate(self.rows):
            if row.kind != PROJECT or row.line.style != CHINESE or not row.line.amounts:
                continue
            beneath = []
            for other in self.rows[place + 1 :]:
                if not other.is_data or other.line.style != NUMBER:
                    break
                beneath.append(other)
            if beneath and self.judging.matches(row.line, [other.line for other in beneath]):
                for part in beneath:
                    self._hang(part, row, "金额相加等于上级项目")

    def _unnumbered(self) -> None:
        """Rows without a number beneath a numbered project that add up to it are its parts."""
        if self.lines.style != NUMBER:
            return
        place = 0
        while place < len(self.rows):
            row, place = self.rows[place], place + 1
            if row.kind not in (PROJECT, PACKAGE) or row.line.style != NUMBER or not row.line.amounts:
                continue
            run = []
            while place < len(self.rows) and self.rows[place].is_data and not self.rows[place].line.ordinal:
                run.append(self.rows[place])
                place += 1
            loose = [other for other in run if other.parent is None]
            together = [other.line for other in run if other.parent in (None, row)]
            if loose and (row.parts or len(run) > 1) and self.judging.matches(row.line, together):
                for part in loose:
                    self._hang(part, row, "无序号，金额相加等于上级项目")
