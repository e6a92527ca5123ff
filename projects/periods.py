"""The office's calendar (时间口径): ten-day periods, weeks, dates as offices write them, working days.

Everything here is a plain value and knows neither the clock nor the database: a question about “today”
takes the day as an argument. Bounds are inclusive: `last_on` is the last day that still belongs.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Self

ONE_DAY = timedelta(days=1)
WEEKDAYS = "一二三四五六日"


def last_of_month(year: int, month: int) -> date:
    """The last day of a month (月末)."""
    return date(year, month, monthrange(year, month)[1])


def same_day_last_month(day: date) -> date:
    """上月同日; the last day of a shorter month (31 March → 28 or 29 February)."""
    last = day.replace(day=1) - timedelta(days=1)
    return last.replace(day=min(day.day, last.day))


def same_day_last_year(day: date) -> date:
    """上年同日; 29 February → 28 February."""
    return day.replace(year=day.year - 1, day=min(day.day, last_of_month(day.year - 1, day.month).day))


# ---------------------------------------------------------------------------------------------------------
# Ten-day periods (旬) and weeks (周)


@dataclass(frozen=True, order=True)
class TenDayPeriod:
    """A ten-day period (旬): part 1 is 上旬 (1–10), 2 中旬 (11–20), 3 下旬 (21 to the end of the month).

    Thirty-six tile a year; a 下旬 has 8 to 11 days. Periods sort by time.
    """

    year: int
    month: int
    part: int

    PARTS = "上中下"
    PER_YEAR = 36

    def __post_init__(self) -> None:
        if not (1 <= self.month <= 12 and 1 <= self.part <= 3):
            raise ValueError(f"没有{self.year}年{self.month}月第{self.part}旬")

    @classmethod
    def containing(cls, day: date) -> Self:
        """The period a day falls in (所在旬)."""
        return cls(day.year, day.month, min((day.day - 1) // 10, 2) + 1)

    @classmethod
    def last_closed(cls, day: date) -> Self:
        """The latest period whose last day has come by the end of day (最近结束的旬)."""
        period = cls.containing(day)
        return period if period.last_on <= day else period.previous()

    @classmethod
    def ending_on(cls, last_on: date) -> Self:
        """The period that ends on a day; ValueError when none does."""
        period = cls.containing(last_on)
        if period.last_on != last_on:
            raise ValueError(f"{last_on.isoformat()}不是一旬的最后一天")
        return period

    @classmethod
    def of_year(cls, year: int) -> tuple[Self, ...]:
        """The 36 periods of a year, in order."""
        return tuple(cls(year, month, part) for month in range(1, 13) for part in (1, 2, 3))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read “2023-10-1” (code), “2023-10上旬” (label) or “2023年10月上旬”; ValueError otherwise."""
        found = re.fullmatch(r"(\d{4})[-年](\d{1,2})(?:-([123])|月?([上中下])旬)", _plain(text))
        if not found:
            raise ValueError(f"“{text}”不是旬，请写作 2023-10上旬 或 2023-10-1")
        year, month, digit, word = found.groups()
        return cls(int(year), int(month), int(digit) if digit else cls.PARTS.index(word) + 1)

    @property
    def first_on(self) -> date:
        return date(self.year, self.month, self.part * 10 - 9)

    @property
    def last_on(self) -> date:
        return (
            date(self.year, self.month, self.part * 10)
            if self.part < 3
            else last_of_month(self.year, self.month)
        )

    @property
    def index(self) -> int:
        """Place in the year, 1 to 36."""
        return (self.month - 1) * 3 + self.part

    @property
    def code(self) -> str:
        """For addresses and keys: 2023-10-1."""
        return f"{self.year}-{self.month:02}-{self.part}"

    @property
    def label(self) -> str:
        """For tables: 2023-10上旬."""
        return f"{self.year}-{self.month:02}{self.PARTS[self.part - 1]}旬"

    @property
    def words(self) -> str:
        """For sentences: 10月上旬."""
        return f"{self.month}月{self.PARTS[self.part - 1]}旬"

    @property
    def full_words(self) -> str:
        """For headings and papers: 2023年10月上旬."""
        return f"{self.year}年{self.words}"

    def shift(self, periods: int) -> Self:
        """The period so many later, or earlier when negative."""
        year, index = divmod(self.year * self.PER_YEAR + self.index - 1 + periods, self.PER_YEAR)
        return type(self)(year, index // 3 + 1, index % 3 + 1)

    def next(self) -> Self:
        return self.shift(1)

    def previous(self) -> Self:
        return self.shift(-1)

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True, order=True)
class Week:
    """A week, Monday to Sunday, numbered as ISO 8601 does (周): 2023-W41."""

    year: int
    number: int

    def __post_init__(self) -> None:
        try:
            date.fromisocalendar(self.year, self.number, 1)
        except ValueError:
            raise ValueError(f"没有{self.year}年第{self.number}周") from None

    @classmethod
    def containing(cls, day: date) -> Self:
        """The week a day falls in (所在周)."""
        return cls(*day.isocalendar()[:2])

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read “2023-W41”; ValueError otherwise."""
        found = re.fullmatch(r"(\d{4})-?W(\d{1,2})", _plain(text).upper())
        if not found:
            raise ValueError(f"“{text}”不是周次，请写作 2023-W41")
        return cls(int(found[1]), int(found[2]))

    @property
    def first_on(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def last_on(self) -> date:
        return date.fromisocalendar(self.year, self.number, 7)

    @property
    def code(self) -> str:
        return f"{self.year}-W{self.number:02}"

    @property
    def words(self) -> str:
        first, last = self.first_on, self.last_on
        return f"{self.year}年第{self.number}周（{first.month}月{first.day}日—{last.month}月{last.day}日）"

    def next(self) -> Self:
        return self.containing(self.last_on + ONE_DAY)

    def previous(self) -> Self:
        return self.containing(self.first_on - ONE_DAY)

    def __str__(self) -> str:
        return self.code


# ---------------------------------------------------------------------------------------------------------
# Dates at office precision (2023年三季度, 6月底前, 未开工)


class Precision(StrEnum):
    """How exactly a date was written (日期精度)."""

    DAY = "day"
    TEN_DAY = "ten_day"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"
    NONE = "none"  # no date yet: empty, or a word such as 未开工


@dataclass(frozen=True)
class OfficeDate:
    """A date as an office writes it, with the span it means; something due then is late after `last_on`."""

    text: str
    first_on: date | None
    last_on: date | None
    precision: Precision

    @property
    def is_known(self) -> bool:
        return self.precision is not Precision.NONE

    def ends_before(self, other: "OfficeDate") -> bool:
        """Whether no reading of the two spans lets this one come as late as the other; never of an unknown date."""
        return bool(self.last_on and other.first_on and self.last_on < other.first_on)

    @property
    def words(self) -> str:
        """For screens: the text when it reads as Chinese, else the span in Chinese; “—” for none."""
        plain = _plain(self.text)
        if self.first_on is None or "年" in plain:
            return plain if plain.strip("-—–―/\\") else "—"
        year, month, day = self.first_on.year, self.first_on.month, self.first_on.day
        return {
            Precision.DAY: f"{year}年{month}月{day}日",
            Precision.TEN_DAY: f"{year}年{TenDayPeriod.containing(self.first_on).words}",
            Precision.MONTH: f"{year}年{month}月",
            Precision.QUARTER: f"{year}年{'一二三四'[(month - 1) // 3]}季度",
            Precision.HALF_YEAR: f"{year}年{'上' if month == 1 else '下'}半年",
            Precision.YEAR: f"{year}年",
        }[self.precision]

    @property
    def in_file(self) -> "date | str | None":
        """For the cells of a file: a whole day as a date, which sorts and filters there, anything else in words."""
        return self.first_on if self.precision is Precision.DAY else self.words

    def __str__(self) -> str:
        return self.words


NO_DATE = OfficeDate("", None, None, Precision.NONE)
# Nothing this product handles lies outside; a number outside is a slip, not a date.
EARLIEST, LATEST = date(1990, 1, 1), date(2099, 12, 31)
EXCEL_DAY_ZERO = date(1899, 12, 30)

_NO_DATE_WORDS = re.compile(
    r"[-—–―/\\]+|(?:尚?未|暂|待|无|正在|不涉及|不需|免于|在办|办理|手续|前期|续建|在建|新开工|已|拟|储备|谋划|筹备|洽谈|规划|停工|缓建"
    r"|争取|力争|根据|视|长期|滚动|跨年|分期|“?十[二三四五六]五)\D{0,16}"
)
# what stands beside a date without changing it: 2023年3月已开工, 2022年续建, 2023.3.15（桩基）
_BESIDE_A_DATE = re.compile(
    r"(?:\([\u4e00-\u9fff、,]+\)|(?:已|正式|全面|全部|主体|计划|预计|拟)*(?:开工|动工|续建|复工|竣工|完工|完成|建成|投产|投用|达产|交付|实施|启动)"
    r"(?:建设|投产|投用|验收|使用)*)+$"
)
_CLOCK_TIME = re.compile(r"(?<=\d)[ T]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
_CHINESE_NUMBERS = dict(zip("一二三四五六七八九十", range(1, 11), strict=True)) | {"十一": 11, "十二": 12}
_WRITTEN = re.compile(
    r"""(?P<lead>约|预计|计划|拟于?)?
    (?:(?P<year>\d{4}|\d{2}(?=年))(?P<after_year>年度?|[-./])?)?
    (?: (?:第?(?P<quarter>[一二三四1-4])季度?|Q(?P<q>[1-4]))[初中底末]?
      | (?P<half>[上下])半年[初中底末]?
      | (?P<month>\d{1,2}|十[一二]?|[一二三四五六七八九])
        (?: (?:月|[-./])(?P<day>\d{1,2})[日号]?
          | 月份?(?P<within>[上中下](?=旬)|[初中底末])旬?
          | (?:月份?)? )
      | 年?(?P<of_year>[初中底末]) )?
    (?:之?前|以前|左右|前后)?""",
    re.VERBOSE,
)


def parse_office_date(value: object, *, year: int | None = None) -> OfficeDate:
    """Read a date cell at office precision: a date, an Excel serial number, or text as offices write it.

    `year` completes text without one (“6月底前”); it is then written into the text, so that the text stands
    alone and `parse_office_date(found.text) == found` always holds. What stands
    beside a date (已开工, a note in brackets) is kept. “月底” means 下旬, “年底” December:
    only the last day decides lateness. Words (未开工, 待定, —) are kept and mean no date yet.
    ValueError names the value in Chinese and shows how to write it.
    """
    if isinstance(value, datetime | date):
        return _one_day(date(value.year, value.month, value.day))
    if isinstance(value, float) and round(value % 1, 6) == 0.1 and EARLIEST.year <= value <= LATEST.year:
        # 2023.10 loses its zero in a numeric cell, so the number cannot tell January from October.
        raise ValueError(f"“{value}”分不清是1月还是10月，请写作 2023年1月 或 2023年10月")
    if isinstance(value, bool) or not isinstance(value, str | int | float | None):
        raise _unreadable(value)
    written = "" if value is None else str(value).strip()
    if isinstance(value, float) and value.is_integer():
        written = written.removesuffix(".0")
    plain = _plain(_CLOCK_TIME.sub("", _half_width(written)))
    if not plain:
        return NO_DATE
    if _NO_DATE_WORDS.fullmatch(plain):
        return OfficeDate(written, None, None, Precision.NONE)
    try:
        if re.fullmatch(r"\d{5}(\.\d+)?", plain):
            return _one_day(EXCEL_DAY_ZERO + timedelta(days=int(plain[:5])))
        return _read_text(written, plain, year)
    except ValueError:
        raise _unreadable(value) from None


def parse_span_pair(value: object) -> tuple[OfficeDate, OfficeDate]:
    """Read a “起止” cell: 2022.5/2023.12, 2022-2025, 2022年5月—2024年6月, 2022年5月至12月.

    A single year begins and ends in itself. Any other single date is refused: it may be either end.
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    plain = _plain("" if value is None else str(value))
    if not plain or _NO_DATE_WORDS.fullmatch(plain):
        return (NO_DATE, NO_DATE) if not plain else (parse_office_date(plain),) * 2
    if re.fullmatch(r"\d{4}年?", plain):
        return (parse_office_date(plain),) * 2
    for separators in ("至|到|[—–―~]+", "/", "-"):  # the least ambiguous first
        for found in re.finditer(separators, plain):
            try:
                start = parse_office_date(plain[: found.start()])
                finish = parse_office_date(
                    plain[found.end() :], year=start.last_on.year if start.last_on else None
                )
            except ValueError:
                continue
            if start.is_known and finish.is_known:
                return start, finish
    raise ValueError(f"“{value}”看不出起止时间，请写作 2022年5月—2024年6月 或 2022-2025")


def _plain(text: str) -> str:
    """Half-width and without spaces or line breaks, the form the patterns read."""
    return re.sub(r"\s+", "", _half_width(text))


def _half_width(text: str) -> str:
    """Full-width signs narrowed; ² and ① stay, for beside a number they mark a footnote (6月① is not 1 June)."""
    return "".join(
        c if c.isnumeric() and not c.isdecimal() else unicodedata.normalize("NFKC", c) for c in text
    )


def _unreadable(value: object) -> ValueError:
    return ValueError(f"“{value}”不是有效日期，请写作 2023-05-24、2023年6月、2023年三季度 或 2023年6月底前")


def _one_day(day: date) -> OfficeDate:
    if not EARLIEST <= day <= LATEST:
        raise _unreadable(day.isoformat())
    return OfficeDate(day.isoformat(), day, day, Precision.DAY)


def _read_text(written: str, plain: str, default_year: int | None) -> OfficeDate:
    """The span of one written date; a bare ValueError for anything that is none."""
    plain = _BESIDE_A_DATE.sub("", plain) or plain
    compact = re.fullmatch(r"(\d{4})(\d{2})(\d{2})?", plain)
    found = _WRITTEN.fullmatch("-".join(filter(None, compact.groups())) if compact else plain.upper())
    if not found:
        raise ValueError
    part = found.groupdict()
    if part["month"] and not part["after_year"] and "月" not in plain:
        raise ValueError  # a bare “6” or “6.15” may be anything
    if part["year"]:
        year = int(part["year"]) + (2000 if len(part["year"]) == 2 else 0)
    elif default_year and any(part[name] for name in ("quarter", "q", "half", "month", "of_year")):
        year = default_year
        lead = part["lead"] or ""
        written = f"{lead}{year}年{plain.removeprefix(lead)}"
    else:
        raise ValueError
    if not EARLIEST.year <= year <= LATEST.year:
        raise ValueError
    return OfficeDate(written, *_span(year, part))


def _span(year: int, part: dict[str, str | None]) -> tuple[date, date, Precision]:
    if quarter := part["quarter"] or part["q"]:
        last_month = 3 * (int(quarter) if quarter.isdigit() else _CHINESE_NUMBERS[quarter])
        return date(year, last_month - 2, 1), last_of_month(year, last_month), Precision.QUARTER
    if part["half"]:
        last_month = 6 if part["half"] == "上" else 12
        return date(year, last_month - 5, 1), last_of_month(year, last_month), Precision.HALF_YEAR
    if part["of_year"]:
        month = {"初": 1, "中": 6}.get(part["of_year"], 12)
        return date(year, month, 1), last_of_month(year, month), Precision.MONTH
    if not part["month"]:
        return date(year, 1, 1), date(year, 12, 31), Precision.YEAR
    month = int(part["month"]) if part["month"].isdigit() else _CHINESE_NUMBERS[part["month"]]
    if part["day"]:
        day = date(year, month, int(part["day"]))
        return day, day, Precision.DAY
    if within := part["within"]:
        period = TenDayPeriod(year, month, {"上": 1, "初": 1, "中": 2}.get(within, 3))
        return period.first_on, period.last_on, Precision.TEN_DAY
    if not 1 <= month <= 12:
        raise ValueError
    return date(year, month, 1), last_of_month(year, month), Precision.MONTH


# ---------------------------------------------------------------------------------------------------------
# Working days (工作日) with their 调休


@dataclass(frozen=True, eq=False)
class WorkingCalendar:
    """Working days (工作日): Monday to Friday but for the exceptions, which say True for 调休上班.

    A year not in `published_years` is an estimate, and screens say so. Each year's working days are listed
    once and searched after that, so a schedule of many thousand dates stays cheap.
    """

    exceptions: Mapping[date, bool]
    published_years: frozenset[int]
    _working_days: dict[int, list[date]] = field(default_factory=dict, init=False, repr=False)

    def is_working(self, day: date) -> bool:
        return self.exceptions.get(day, day.weekday() < 5)

    def is_estimated(self, year: int) -> bool:
        """Whether the calendar of that year is not published yet (该年度放假安排未公布)."""
        return year not in self.published_years

    def next_working(self, day: date) -> date:
        """The day itself when it is a working day, else the first one after it (顺延)."""
        return day if self.is_working(day) else self.shift(day, 1)

    def shift(self, day: date, working_days: int) -> date:
        """The n-th working day after a day, before it when negative; the day itself for 0."""
        if not working_days:
            return day
        year, days = day.year, self._days_of(day.year)
        if working_days > 0:
            place = bisect_right(days, day) + working_days - 1
            while place >= len(days):
                place -= len(days)
                year, days = year + 1, self._days_of(year + 1)
        else:
            place = bisect_left(days, day) + working_days
            while place < 0:
                year, days = year - 1, self._days_of(year - 1)
                place += len(days)
        return days[place]

    def count(self, after: date, until: date) -> int:
        """Working days after one day up to and including another; negative when they are reversed."""
        if until < after:
            return -self.count(until, after)
        whole_years = sum(len(self._days_of(year)) for year in range(after.year, until.year))
        return (
            whole_years
            + bisect_right(self._days_of(until.year), until)
            - bisect_right(self._days_of(after.year), after)
        )

    def _days_of(self, year: int) -> list[date]:
        if year not in self._working_days:
            first = date(year, 1, 1)
            days = (first + timedelta(days=n) for n in range((date(year, 12, 31) - first).days + 1))
            self._working_days[year] = [day for day in days if self.is_working(day)]
        return self._working_days[year]


WEEKDAYS_ONLY = WorkingCalendar({}, frozenset())


# ---------------------------------------------------------------------------------------------------------
# Days in words


def due_words(due_on: date, as_of: date) -> str:
    """How far a due day is (到期提示): 今天到期, 明天到期, 3天后到期, 逾期3天."""
    days = (due_on - as_of).days
    if days < 0:
        return f"逾期{-days}天"
    return {0: "今天到期", 1: "明天到期"}.get(days, f"{days}天后到期")


def day_words(day: date) -> str:
    """2023年10月12日: a day within a sentence that is kept or sent, so always with its year."""
    return f"{day.year}年{day.month}月{day.day}日"


def date_words(day: date, as_of: date) -> str:
    """A day with its weekday: 10月12日（周四）; with the year when that is not the year of as_of."""
    year = "" if day.year == as_of.year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"
