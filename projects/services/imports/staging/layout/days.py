"""The day of a sheet (截至日期): 截至… is certain; a month in the title, a day beside 填报时间 or alone is a question."""

import calendar
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from projects.periods import TenDayPeriod, parse_office_date

from ..headers import Table, plain
from ..questions import AS_OF
from ..staged import INVESTMENT, LEDGER, StagedSheet

_DAY = (
    r"(?:\d{4}年\d{1,2}月\d{1,2}[日号]?|(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}|\d{4}年\d{1,2}月[上中下]旬"
    r"|\d{4}年\d{1,2}月份?(?:底|末)?|\d{1,2}月\d{1,2}[日号]|\d{1,2}月[上中下]旬|\d{1,2}月份?(?:底|末)?|\d{4}年?(?:底|末))"
)
_CERTAIN = re.compile(rf"截[至止]到?(?:日期|时间|日|期)?[:：]?\(?(?P<day>{_DAY})")
_LABELLED = re.compile(
    rf"(?:填报|统计|上报|报送|填表|更新|制表|编制|打印|发布|公布|印发|数据|报表|调度)(?:时间|日期|时点)[:：]?\(?(?P<day>{_DAY})"
)
_SPAN = re.compile(r"(?:20\d\d年?)?1月?份?[—–~～至到-](?P<month>\d{1,2})月份?")
_QUARTER = re.compile(
    r"(?:20\d\d年?)?(?P<first>前|第)?(?P<quarter>[一二三四1-4])个?季度|(?:20\d\d年?)?(?P<half>上|下)半年"
)
_FULL = re.compile(
    r"(?:19|20)\d\d年\d{1,2}月\d{1,2}日?|(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}|(?<!\d)20\d\d[01]\d[0-3]\d(?!\d)"
)
_TEN_DAYS = re.compile(r"(?:20\d\d年)?(?P<month>\d{1,2})月份?(?P<part>[上中下])旬")
_MONTH = re.compile(
    r"(?:20\d\d年)?(?<![\d—–~至到-])(?P<month>1[0-2]|[1-9])月份?(?:底|末)?(?!\d|[—–~至到-]|日)"
)
_YEAR = re.compile(r"(20\d\d)")
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4}


@dataclass(frozen=True)
class DayMet:
    """A day as the sheet writes it; `certain` for 截至…."""

    written: str
    day: date
    certain: bool = False


def settle_day(
    sheet: StagedSheet,
    table: Table,
    above: Sequence[str],
    elsewhere: Sequence[str],
    known: Sequence[date],
    today: date,
) -> None:
    """Set the sheet's day, asking where only a guess can; `elsewhere` are other texts, `known` the file's other days."""
    year = sheet.year or today.year
    for text in above:
        try:
            found = certain_day(text, year)
        except ValueError:
            written = _CERTAIN.search(text)
            sheet.refuse(
                None, "截至", f"“{written[0] if written else text}”不是有效日期，请写作 截至2023年10月10日"
            )
            return
        if found:
            _take(sheet, table, found, today)
            return
    if sheet.kind not in (LEDGER, INVESTMENT):
        return
    met = next(days_in([*above, sheet.name, *elsewhere], year), None)
    if met is None:
        met = next(days_in(_headers(table), year), None)
    if not _needs_day(sheet, table):
        sheet.as_of = _without_amounts(sheet, table, met, today)
        return
    if met:
        _ask(sheet, met, today)
    else:
        _ask_for_any(sheet, [day for day in known if day.year == sheet.year], today)


def certain_day(text: str, year: int) -> DayMet | None:
    """The day after 截至; ValueError when it is none."""
    found = _CERTAIN.search(text)
    return DayMet(found[0], _last_day(found["day"], year), certain=True) if found else None


def without_days(text: str) -> str:
    """A text without the days in it: their year need not be that of the sheet."""
    for pattern in (_CERTAIN, _LABELLED, _FULL):
        text = pattern.sub(" ", text)
    return text


def _last_day(written: str, year: int) -> date:
    month = re.fullmatch(r"((?:\d{4}年)?\d{1,2}月)份?", written)
    day = parse_office_date(month[1] if month else written.replace("号", "日"), year=year).last_on
    if day is None:
        raise ValueError(written)
    return day


def days_in(texts: Iterable[str], year: int) -> Iterator[DayMet]:
    """The days that texts speak of without saying that the figures end there, the likeliest form first."""
    texts = [plain(text) for text in texts]
    for pattern in (_LABELLED, _SPAN, _QUARTER, _TEN_DAYS, _FULL, _MONTH):
        for text in texts:
            for found in pattern.finditer(text):
                if day := _day_of(found, pattern, year):
                    yield DayMet(found[0].strip(), day)


def _day_of(found: re.Match, pattern: re.Pattern, year: int) -> date | None:
    own = _YEAR.match(found[0]) or _YEAR.search(found[0])
    year = int(own[1]) if own else year
    parts = found.groupdict()
    try:
        if parts.get("day"):
            return _last_day(parts["day"], year)
        if parts.get("part"):
            return TenDayPeriod(year, int(parts["month"]), "上中下".index(parts["part"]) + 1).last_on
        if parts.get("quarter"):
            quarter = int(_QUARTERS.get(parts["quarter"], 0) or parts["quarter"])
            return _month_end(year, quarter * 3)
        if parts.get("half"):
            return _month_end(year, 6 if parts["half"] == "上" else 12)
        if parts.get("month"):
            return _month_end(year, int(parts["month"]))
        written = found[0]
        if written.isdigit():
            return date(int(written[:4]), int(written[4:6]), int(written[6:]))
        return _last_day(written, year)
    except ValueError:
        return None


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _headers(table: Table) -> list[str]:
    """Headers that name a month without being a column of that period: 9月完成投资 beside 本年累计完成投资."""
    return [column.header for column in table.columns if column.field == "current_amount"]


def _needs_day(sheet: StagedSheet, table: Table) -> bool:
    """Whether a published figure hangs on the day: an amount done that no column dates."""
    return sheet.kind == LEDGER and bool({"invested_this_year", "invested_to_date"} & table.by_field().keys())


def _within(day: date, year: int | None) -> date:
    """The day, or the one next to it in the sheet's own year."""
    if year is None or day.year == year:
        return day
    return date(year, 1, 1) if day.year < year else date(year, 12, 31)


def _take(sheet: StagedSheet, table: Table, met: DayMet, today: date) -> None:
    """A certain day counts as it is, unless it lies in another year than the sheet's figures."""
    likely = _within(met.day, sheet.year)
    if likely == met.day:
        sheet.as_of = met.day
    elif _needs_day(sheet, table):
        _ask(sheet, met, today)
    else:
        sheet.as_of = likely


def _without_amounts(sheet: StagedSheet, table: Table, met: DayMet | None, today: date) -> date | None:
    """The day of a sheet whose amounts are dated by their columns, or that holds none: a plan of the year."""
    ends = [column.ends_on for column in table.period_columns]
    if sheet.kind == LEDGER and ends:
        return min(max(ends), max(today, min(ends)))
    if met and met.day.year == sheet.year and met.day <= today:
        return met.day
    return None if sheet.year in (None, today.year) else _within(today, sheet.year)


def _ask(sheet: StagedSheet, met: DayMet, today: date) -> None:
    likely = _within(met.day, sheet.year)
    days = [likely, met.day, *_days_before(met.day), *([today] if today.year == sheet.year else [])]
    text = f"表内只写“{met.written}”，没有“截至…”。完成投资截至哪一天？"
    if met.certain:
        text = f"“{met.written}”不在本表年度{sheet.year}年之内。完成投资按哪一天登记？"
    _settle(sheet, met.written, text, days)


def _ask_for_any(sheet: StagedSheet, known: Sequence[date], today: date) -> None:
    likely = known[0] if known else _within(today, sheet.year)
    days = [likely, *known, *(day for day in _days_before(likely) if day.year == sheet.year)]
    _settle(sheet, "", "表内未写截至日期。完成投资截至哪一天？", days)


def _days_before(day: date) -> list[date]:
    """The last days of the month and of the ten-day period that closed before."""
    return [day.replace(day=1) - timedelta(days=1), TenDayPeriod.containing(day).first_on - timedelta(days=1)]


def _settle(sheet: StagedSheet, met: str, text: str, days: Sequence[date]) -> None:
    choices = [day.isoformat() for day in dict.fromkeys(days)]
    sheet.as_of = date.fromisoformat(
        sheet.ask(AS_OF, met, text, choices=choices, likely=choices[0], column="截至")
    )
