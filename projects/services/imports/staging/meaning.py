"""What a header means (表头释义): the words listed, the money a header speaks of, the date it asks for, else the like.

A reading is sure, or it is in doubt and will be a question where it touches a published figure.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property

from projects.money import WAN_PER_UNIT
from projects.periods import TenDayPeriod

from .columns import AMOUNTS, BY_NAME, FIELDS, KEPT_GROUP

# why a column was read as it was
LISTED, ALIAS, ANSWER, SIMILAR, ARITHMETIC = "dictionary", "alias", "answer", "similar", "arithmetic"

_OPENING, _CLOSING = "[【〔{<〈《「『〖", "]】〕}>〉》」』〗"
_ROUND = str.maketrans(_OPENING + _CLOSING, "(" * len(_OPENING) + ")" * len(_CLOSING))
_UNIT = r"(亿元|万元|千元|元|亿|万)"
_UNIT_IN_HEADER = re.compile(
    rf"\((?:[^()]*?单位[::]?)?(?:金额)?(?:人民币)?{_UNIT}(?:人民币)?\)|[,:、;]单位[::]?{_UNIT}|[/\\|]{_UNIT}(?:人民币)?$"
    rf"|(?<=[资额]){_UNIT}$"
)
_BRACKETS = re.compile(r"\([^()]*\)")
_FOOTNOTE = re.compile(r"[①-⑳⑴-⒇¹²³⁴-⁹*※★☆]+$")
_YEAR = re.compile(r"(20\d\d)(?:年度?|(?=计划|完成|投资|累计|实际))")
_YEAR_END = re.compile(
    r"(?:截[至止]到?|至|到)(20\d\d)年(?:年?底|末|12月(?:底|末|31日)?)(?:前|止)?"
    r"|(20\d\d)年(?:底前|年?底|末|(?:及|度)?以前|之前|前)(?=已?累|已?完)"
)
_MONTH_TOTAL = (
    re.compile(
        r"(?:年度|累计)?(?:1月?份?[-—–~至到])?(?P<month>\d{1,2})月份?(?P<part>上旬|中旬|下旬|底|末)?"
        r"(?:累计|累积)(?:实际)?(?:完成)?(?:固定资产)?(?:投资)?额?(?:情况)?"
    ),
    re.compile(
        r"(?:年度)?1月?份?[-—–~至到](?P<month>\d{1,2})月份?(?P<part>)(?:累计|累积)?(?:实际)?"
        r"(?:完成(?:固定资产)?(?:投资)?|投资完成)额?(?:情况)?"
    ),
    re.compile(r"(?:年度)?(?P<month>\d{1,2})月(?P<part>底|末)(?:累计|累积)?(?:实际)?完成(?:投资)?额?"),
)
_MONTH_ALONE = re.compile(r"(?:年度)?\d{1,2}月份?(?:上旬|中旬|下旬)?(?:当月|实际)?(?:新增|完成)(?:投资)?额?")
PARTS = {"上旬": 1, "中旬": 2}


def plain(value: object) -> str:
    """Text of a cell, half-width and without spaces or line breaks; whole numbers without decimals."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "".join(unicodedata.normalize("NFKC", str(value)).split())


def head_text(value: object) -> str:
    """A header's text without the marks of footnotes (项目名称①, 总投资*)."""
    return plain(_FOOTNOTE.sub("", str(value).strip()) if isinstance(value, str) else value)


def unit_in_header(text: str) -> str | None:
    """The amount unit a header names, in any bracket, after a stroke or at its end."""
    found = _UNIT_IN_HEADER.search(plain(text).translate(_ROUND))
    return whole_unit(next((part for part in found.groups() if part), None)) if found else None


def whole_unit(word: str | None) -> str | None:
    """亿 is short for 亿元."""
    found = f"{word}元" if word in ("亿", "万") else word
    return found if found in WAN_PER_UNIT else None


def normalise(header: object, year: int | None = None) -> str:
    """A header as the dictionary compares it: 2023年计划投资（万元） → 年度计划投资. Another year than `year` stays."""
    text = _UNIT_IN_HEADER.sub("", plain(header).translate(_ROUND))
    text = text.replace("(%)", "").replace("%", "").strip(":*★☆、,;")
    text = re.sub(r"^(?:\d{1,2}|[一二三四五六七八九十]+)[、.](?=\D)", "", text)
    text = re.sub(r"^(?:其中|#)[::]?", "", text)

    def ended(found: re.Match) -> str:
        return found[0] if year and int(found[1] or found[2]) >= year and not found[1] else "至上年底"

    def named(found: re.Match) -> str:
        return "年度" if year in (None, int(found[1])) else found[0]

    return _YEAR.sub(named, _YEAR_END.sub(ended, text))


@dataclass(frozen=True)
class Meaning:
    """The field that a header means ("" for none), the period of an amount, why, and whether that is in doubt."""

    field: str = ""
    why: str = ""
    period: TenDayPeriod | None = None
    in_doubt: bool = False
    ambiguous_date: bool = False  # 开工时间: planned or actual


NONE = Meaning()


@cache
def _listed(kind: str | None) -> dict[str, str]:
    """The headers of the product as they are compared, of all sheets or of one kind."""
    listed: dict[str, str] = {}
    for field in FIELDS:
        if kind is None or kind in field.kinds:
            for header in field.all_headers():
                listed.setdefault(normalise(header), field.name)
    return listed


class Words:
    """The headers known (表头词典): those listed with the columns, and the office's own, which come first."""

    def __init__(self, own: Mapping[str, str] | None = None, kind: str | None = None) -> None:
        self.listed = listed = _listed(kind)
        self.own = {
            header: name
            for header, name in (own or {}).items()
            if listed.get(header) != name
            and name in BY_NAME
            and (kind is None or kind in BY_NAME[name].kinds)
        }

    @cached_property
    def endings(self) -> list[tuple[str, str]]:
        """Headers long enough to be known at the end of a longer one (市级重点项目名称), the longest first."""
        known = [(header, name) for header, name in self.listed.items() if len(header) >= 4]
        return sorted(known, key=lambda item: -len(item[0]))

    def exact(self, text: str) -> Meaning:
        if text in self.own:
            return Meaning(self.own[text], ALIAS)
        return Meaning(self.listed[text], LISTED) if text in self.listed else NONE

    def alike(self, text: str) -> Meaning:
        """A header that ends in a known one, or is one but for brackets and filling words."""
        for shorter in (_BRACKETS.sub("", text), _bare(text)):
            if shorter != text and (found := self.exact(shorter)).field:
                return Meaning(found.field, SIMILAR)
        bare = _BRACKETS.sub("", text)
        for ending, name in self.endings:
            if bare.endswith(ending) and not _NOT_BEFORE.search(bare.removesuffix(ending)):
                return Meaning(name, SIMILAR)
        return NONE


# what turns the words behind it into something else: a goal, last month's, another person's
_NOT_BEFORE = re.compile(
    r"目标|计划|上年|上月|上期|去年|年底|全年|下|是否|配合|协|联系人|负责人|年度|其他|原|变更|调整|预计|拟|月"
)
_FILLING = re.compile(r"^(?:项目|工程|主要|具体|目前|当前|重点)|(?:情况|全称|\(.*\))$|[的及和与、/]")


def _bare(text: str) -> str:
    return _FILLING.sub("", text)


def meaning_of(path: list[str], year: int | None, words: Words) -> Meaning:
    """What a column under these header cells means, the topmost first; a group's words belong to each below it."""
    texts = [normalise("".join(path[-depth:]), year) for depth in range(len(path), 0, -1)]
    whole = texts[0]
    of_other_year = re.search(r"20\d\d年", whole)
    if (outside := _outside(path, whole, words)) is not None:
        return outside
    for text in (form for joined in texts for form in (joined, joined.replace("年度", ""))):
        if not of_other_year and (period := _period(text, year)):
            return Meaning(period=period, why=LISTED)
        found = words.exact(text)
        if found.field and not _overruled(found, whole, bool(of_other_year)):
            return _dated(found, whole)
        if _MONTH_ALONE.fullmatch(text):
            return Meaning("current_amount", LISTED)
    if amount := _money(path, texts):
        return amount
    if date := _date(whole, texts[-1]):
        return date
    for text in texts:
        found = words.alike(text)
        if found.field and not _overruled(found, whole, bool(of_other_year)):
            return _dated(found, whole)
    return NONE


def _outside(path: list[str], whole: str, words: Words) -> Meaning | None:
    """What our own layout keeps from other sheets, and rates, which are none of the columns that are read."""
    if path[0] == KEPT_GROUP and len(path) > 1:
        return Meaning(why=LISTED)
    if not re.search(r"[%‰]", plain(path[-1])):
        return None
    is_state = words.exact(normalise(path[-1])).field == "physical_progress"
    return Meaning("completion_rate", SIMILAR) if re.search(r"完成|进度|占", whole) and not is_state else NONE


def _overruled(found: Meaning, whole: str, of_other_year: bool) -> bool:
    """Whether the group above says that the words mean another year's amount, or a goal and not a state."""
    if found.field == "physical_progress":
        return bool(re.search(r"目标|计划|年底|上年|去年|下一?[月步年]", whole))
    if found.field in _OF_A_YEAR:
        return of_other_year or bool(re.search(r"上年(?!底|末)|去年", whole))
    return False


_OF_A_YEAR = frozenset({"planned_investment", "invested_this_year", "current_amount", "completion_rate"})


def _period(text: str, year: int | None) -> TenDayPeriod | None:
    text = text.replace("(", "").replace(")", "")
    if span := _SPAN.search(text):
        text = text[span.start() :]
    for pattern in _MONTH_TOTAL:
        found = pattern.fullmatch(text)
        if found and year and 1 <= int(found["month"]) <= 12:
            return TenDayPeriod(year, int(found["month"]), PARTS.get(found["part"] or "", 3))
    return None


# ---------------------------------------------------------------------------------------------------------
# Money: which amount a header speaks of

_OF_MONEY = re.compile(r"投资|金额|资金|产值|概算|估算")
_SAYS_AMOUNT = re.compile(r"计划|完成|任务|目标|累计")
_RATE = re.compile(
    r"率|比例|占比|百分比|比重|增速|增长|同比|[%‰]|个数|数量|项目数|排名|来源|主体|单位|情况说明"
)
_PLAN = re.compile(r"计划|目标|任务|安排|拟完成|预计|拟投")
_DONE = re.compile(r"完成|实际|已投|实投")
_BY_YEAR = re.compile(r"年度|今年|本年|当年|全年|年初|年内|^年累计")
_SINCE_START = re.compile(r"自开|开工以来|开工至|开工累计|开建|建设以来|项目累计|总累计|历年累计")
_BEFORE = re.compile(r"至上年底|上年[底末]|以前年度|往年|历年|年初(?:数|结转)")
_PART_OF = re.compile(
    r"中央|省级|市级|预算内|专项债|债券|贷款|自筹|银行|到位|拨付|支付|土地|设备|建安|安装|政府|社会|外资|民间|国有|征拆|工程费|奖补|注册|利用|固定资产投资入库"
)
_SPAN = re.compile(r"1月?份?[-—–~至到](\d{1,2})月")
_WITHIN_YEAR = re.compile(r"月|季度|半年|旬")
_THIS_PERIOD = re.compile(r"本月|当月|本期|本旬|本周|当期|新增|本季")


def amount_said(path: list[str], year: int | None) -> Meaning:
    """The amount of a header that never says money (本年计划), in a column that holds numbers alone: never sure."""
    texts = [normalise("".join(path[-depth:]), year) for depth in range(len(path), 0, -1)]
    if (
        not _SAYS_AMOUNT.search(texts[0])
        or _RATE.search(texts[-1])
        or re.search(r"20\d\d年|[%‰]", "".join(path))
    ):
        return NONE
    found = next((one for text in reversed(texts) if (one := _amount(text)) and not one.in_doubt), None)
    return replace(found, in_doubt=True) if found and found.field in AMOUNTS else NONE


def _money(path: list[str], texts: list[str]) -> Meaning | None:
    """The amount a header speaks of; None when it speaks of none. The words nearest the cells first, while sure."""
    is_money = bool(_OF_MONEY.search(texts[0])) or any(unit_in_header(part) for part in path)
    if not is_money or _RATE.search(texts[-1]):
        rate = is_money and re.search(r"完成.*(?:率|比例|比重|百分比)|占年度?计划", texts[-1])
        return Meaning("completion_rate", SIMILAR) if rate else None
    if re.search(r"20\d\d年", texts[0]):
        return Meaning(why=SIMILAR)  # another year's amount, said so
    found = None
    for text in reversed(texts):
        found = _amount(text)
        if found and not found.in_doubt:
            break
    return found or Meaning(in_doubt=True)


def _amount(text: str) -> Meaning | None:
    sure = _sure_amount(text)
    if sure is not None:
        return Meaning(sure, SIMILAR)
    if _PART_OF.search(text):
        return Meaning(in_doubt=True)
    if _DONE.search(text) or re.search(r"累计|累积", text):
        return Meaning("invested_this_year", SIMILAR, in_doubt=True)
    if _PLAN.search(text):
        return Meaning("planned_investment", SIMILAR, in_doubt=True)
    return Meaning("total_investment", SIMILAR, in_doubt=True) if _TOTAL.search(text) else None


_TOTAL = re.compile(r"总投资|投资总额|投资规模|概算|估算|总额|投资额|投资金额")
_WHOLE = re.compile(
    r"(?:项目|工程|建设|计划|批复|核定|初步|预计|概算|估算|拟)*"
    r"(?:总投资|投资总额|投资规模|概算|估算|概算投资|估算投资)(?:额|金额|规模|概算|估算)?"
)


def _sure_amount(text: str) -> str | None:
    """The field of a header that can mean one amount only, "" for an amount that is none of ours, None for doubt."""
    done, plan = bool(_DONE.search(text)), bool(_PLAN.search(text))
    if _BEFORE.search(text):
        return "carry_over" if (done or "累计" in text) and not plan else ""
    if re.search(r"上年|去年|明年|下年|次年", text):
        return ""
    if _PART_OF.search(text):
        return None
    if _WHOLE.fullmatch(_BRACKETS.sub("", text)):
        return "total_investment"
    if plan and not re.search(r"完成情况|实际|已完成", text):
        if _WITHIN_YEAR.search(text):
            return ""
        return "planned_investment" if _BY_YEAR.search(text) else None
    if done or "累计" in text:
        return _sure_done(text)
    return None


def _sure_done(text: str) -> str | None:
    text = re.sub(r"截[至止]到?年度", "截至", text)  # a day within the year says nothing of the year's amount
    if _THIS_PERIOD.search(text):
        return None if "累计" in text else "current_amount"
    by_year, since_start = _BY_YEAR.search(text), _SINCE_START.search(text)
    if bool(by_year) == bool(since_start):
        return None
    return "invested_this_year" if by_year else "invested_to_date"


# ---------------------------------------------------------------------------------------------------------
# Dates

_DATES: tuple[tuple[re.Pattern, str, str], ...] = (
    (re.compile(r"竣工|完工|建成|交付|验收"), "completed", "planned_completion"),
    (re.compile(r"投产|投用|投入使用|达产"), "in_production", ""),
    (re.compile(r"开工|动工"), "started", "planned_start"),
)
_ASKS_DATE = re.compile(r"时间|日期|年月|年份|起止|期限")
_PLANNED = re.compile(r"计划|拟|预计|预期|目标|预定|年限|起止|周期|力争|要求|工期")
_ACTUAL = re.compile(r"实际|已|完成情况|进展|现状")
# fields of dates that a header without 计划 or 实际 names: read as facts only where something says so
FACTS = frozenset({"started", "completed"})


def _date(whole: str, leaf: str) -> Meaning | None:
    """开工年月, 预计动工日期, 起止时间 | 开工: which date a header asks for."""
    if (
        not _ASKS_DATE.search(whole)
        or len(leaf) > 16
        or re.search(r"项目|说明|延期|原因|是否", leaf.removeprefix("项目"))
    ):
        return None
    if re.search(r"开工?[、及和/]?(?:竣|完)工", leaf) and "实际" not in leaf:
        return Meaning("planned_span", SIMILAR)
    for words, fact, planned in _DATES:
        if words.search(leaf):
            if _PLANNED.search(whole) and not re.search(r"实际", leaf):
                return Meaning(planned, SIMILAR)
            return Meaning(fact, SIMILAR, ambiguous_date=not _ACTUAL.search(whole) and fact in FACTS)
    return None


def _dated(found: Meaning, whole: str) -> Meaning:
    """开工时间 says neither 计划 nor 实际, unless the group above does."""
    if found.field not in FACTS or found.why == ALIAS or _ACTUAL.search(whole):
        return found
    if _PLANNED.search(whole):
        planned = {"started": "planned_start", "completed": "planned_completion"}[found.field]
        return Meaning(planned, found.why)
    return Meaning(found.field, found.why, ambiguous_date=True)


def year_ended(path: Iterable[str]) -> int | None:
    """The year at whose end an amount stood (至2022年底)."""
    found = _YEAR_END.search(plain("".join(path)).translate(_ROUND))
    return int(found[1] or found[2]) if found else None


def years_in(part: str) -> list[int]:
    """The years a header names, those at whose end something stood left out."""
    return [int(found) for found in re.findall(r"20\d\d(?=年)", _YEAR_END.sub("", part))]
