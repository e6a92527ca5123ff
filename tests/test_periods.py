"""The calendar: ten-day periods, weeks, dates at office precision, working days."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.periods import (
    EARLIEST,
    LATEST,
    WEEKDAYS_ONLY,
    Precision,
    TenDayPeriod,
    Week,
    WorkingCalendar,
    date_words,
    due_words,
    parse_office_date,
    parse_span_pair,
)

DAYS = st.dates(EARLIEST, LATEST)
PERIODS = DAYS.map(TenDayPeriod.containing)

# National Day 2023: closed 29 September to 6 October, worked on Saturday and Sunday 7 and 8 October.
NATIONAL_DAY = {date(2023, 9, 29) + timedelta(days=n): n > 7 for n in range(10)}
CALENDAR = WorkingCalendar(NATIONAL_DAY, frozenset({2023}))


class TestTenDayPeriod:
    @pytest.mark.parametrize(
        ("day", "code"),
        [
            (date(2023, 10, 1), "2023-10-1"),
            (date(2023, 10, 10), "2023-10-1"),
            (date(2023, 10, 11), "2023-10-2"),
            (date(2023, 10, 20), "2023-10-2"),
            (date(2023, 10, 21), "2023-10-3"),
            (date(2023, 10, 31), "2023-10-3"),
            (date(2024, 2, 29), "2024-02-3"),
        ],
    )
    def test_contains_both_its_ends(self, day, code):
        assert TenDayPeriod.containing(day).code == code

    @pytest.mark.parametrize(
        ("period", "length"),
        [
            (TenDayPeriod(2023, 2, 3), 8),
            (TenDayPeriod(2024, 2, 3), 9),
            (TenDayPeriod(2023, 4, 3), 10),
            (TenDayPeriod(2023, 10, 3), 11),
            (TenDayPeriod(2023, 10, 1), 10),
        ],
    )
    def test_has_8_to_11_days(self, period, length):
        assert (period.last_on - period.first_on).days + 1 == length

    @given(st.integers(1990, 2099))
    def test_36_tile_a_year(self, year):
        periods = TenDayPeriod.of_year(year)
        assert [period.index for period in periods] == list(range(1, 37))
        assert periods[0].first_on == date(year, 1, 1)
        assert periods[-1].last_on == date(year, 12, 31)
        for earlier, later in pairwise(periods):
            assert later.first_on - earlier.last_on == timedelta(days=1)

    @given(PERIODS, st.integers(-500, 500))
    def test_shift_is_its_own_inverse(self, period, periods):
        assert period.shift(periods).shift(-periods) == period

    @given(PERIODS)
    def test_next_begins_the_day_after(self, period):
        assert period.next().first_on == period.last_on + timedelta(days=1)
        assert period.next().previous() == period < period.next()

    @given(PERIODS)
    def test_code_and_label_read_back(self, period):
        assert TenDayPeriod.parse(period.code) == TenDayPeriod.parse(period.label) == period
        assert TenDayPeriod.parse(f"{period.year}年{period.words}") == period
        assert TenDayPeriod.ending_on(period.last_on) == period

    def test_names(self):
        period = TenDayPeriod(2023, 10, 1)
        assert (period.code, period.label, period.words) == ("2023-10-1", "2023-10上旬", "10月上旬")

    @pytest.mark.parametrize("text", ["2023-10", "2023-13-1", "2023-10-4", "2023-10-0", "上旬", ""])
    def test_refuses_what_is_no_period(self, text):
        with pytest.raises(ValueError, match="旬"):
            TenDayPeriod.parse(text)

    def test_ending_on_refuses_a_day_inside(self):
        with pytest.raises(ValueError, match="不是一旬的最后一天"):
            TenDayPeriod.ending_on(date(2023, 2, 27))

    @pytest.mark.parametrize(
        ("day", "code"),
        [
            (date(2023, 10, 9), "2023-09-3"),
            (date(2023, 10, 10), "2023-10-1"),
            (date(2023, 10, 12), "2023-10-1"),
            (date(2024, 2, 28), "2024-02-2"),
            (date(2024, 2, 29), "2024-02-3"),
            (date(2023, 1, 1), "2022-12-3"),
        ],
    )
    def test_closes_on_its_last_day(self, day, code):
        assert TenDayPeriod.last_closed(day).code == code


class TestWeek:
    def test_runs_monday_to_sunday(self):
        week = Week.parse("2023-W41")
        assert (week.first_on, week.last_on) == (date(2023, 10, 9), date(2023, 10, 15))
        assert week.words == "2023年第41周（10月9日—10月15日）"

    def test_belongs_to_the_year_of_its_thursday(self):
        assert Week.containing(date(2023, 1, 1)).code == "2022-W52"
        assert Week.containing(date(2024, 12, 30)).code == "2025-W01"

    @given(DAYS)
    def test_steps_and_reads_back(self, day):
        week = Week.containing(day)
        assert week.first_on <= day <= week.last_on
        assert Week.parse(week.code) == week == week.next().previous()
        assert week.next().first_on == week.last_on + timedelta(days=1)

    @pytest.mark.parametrize("text", ["2023-W53", "2023-W00", "2023-41", "W41"])
    def test_refuses_what_is_no_week(self, text):
        with pytest.raises(ValueError, match="周"):
            Week.parse(text)


def span(text):
    first, _, last = text.partition(" ")
    return date.fromisoformat(first), date.fromisoformat(last or first)


class TestOfficeDate:
    @pytest.mark.parametrize(
        ("value", "expected", "precision"),
        [
            ("2023-06", "2023-06-01 2023-06-30", Precision.MONTH),
            ("2023.06", "2023-06-01 2023-06-30", Precision.MONTH),
            ("2023/6", "2023-06-01 2023-06-30", Precision.MONTH),
            ("202306", "2023-06-01 2023-06-30", Precision.MONTH),
            (2023.06, "2023-06-01 2023-06-30", Precision.MONTH),
            ("2023年6月", "2023-06-01 2023-06-30", Precision.MONTH),
            ("2023年9月份", "2023-09-01 2023-09-30", Precision.MONTH),
            ("2023年十二月", "2023-12-01 2023-12-31", Precision.MONTH),
            ("23年6月", "2023-06-01 2023-06-30", Precision.MONTH),
            ("2024年2月", "2024-02-01 2024-02-29", Precision.MONTH),
            (" ２０２３年\n６月 ", "2023-06-01 2023-06-30", Precision.MONTH),
            ("2023/6/1", "2023-06-01", Precision.DAY),
            ("2023.05.24", "2023-05-24", Precision.DAY),
            ("2023年5月24日", "2023-05-24", Precision.DAY),
            ("20230524", "2023-05-24", Precision.DAY),
            (20230524, "2023-05-24", Precision.DAY),
            ("2023-05-24 00:00:00", "2023-05-24", Precision.DAY),
            ("2023年6月30日前", "2023-06-30", Precision.DAY),
            (date(2023, 5, 24), "2023-05-24", Precision.DAY),
            (datetime(2023, 5, 24, 8, 30), "2023-05-24", Precision.DAY),
            (45070, "2023-05-24", Precision.DAY),
            (45070.75, "2023-05-24", Precision.DAY),
            ("45070", "2023-05-24", Precision.DAY),
            ("2024年2月29日", "2024-02-29", Precision.DAY),
            ("2023年三季度", "2023-07-01 2023-09-30", Precision.QUARTER),
            ("2023年第三季度", "2023-07-01 2023-09-30", Precision.QUARTER),
            ("2023年3季度末", "2023-07-01 2023-09-30", Precision.QUARTER),
            ("2023q3", "2023-07-01 2023-09-30", Precision.QUARTER),
            ("2023年上半年", "2023-01-01 2023-06-30", Precision.HALF_YEAR),
            ("2023年下半年", "2023-07-01 2023-12-31", Precision.HALF_YEAR),
            ("2023年", "2023-01-01 2023-12-31", Precision.YEAR),
            ("2023", "2023-01-01 2023-12-31", Precision.YEAR),
            (2023, "2023-01-01 2023-12-31", Precision.YEAR),
            (2023.0, "2023-01-01 2023-12-31", Precision.YEAR),
            ("2023年初", "2023-01-01 2023-01-31", Precision.MONTH),
            ("2023年底", "2023-12-01 2023-12-31", Precision.MONTH),
            ("2023年年末前", "2023-12-01 2023-12-31", Precision.MONTH),
            ("2023年10月上旬", "2023-10-01 2023-10-10", Precision.TEN_DAY),
            ("2023年10月中旬", "2023-10-11 2023-10-20", Precision.TEN_DAY),
            ("2023年2月下旬", "2023-02-21 2023-02-28", Precision.TEN_DAY),
            ("2023年6月底", "2023-06-21 2023-06-30", Precision.TEN_DAY),
            ("2023年6月底以前", "2023-06-21 2023-06-30", Precision.TEN_DAY),
            ("预计2023年6月左右", "2023-06-01 2023-06-30", Precision.MONTH),
        ],
    )
    def test_reads_what_offices_write(self, value, expected, precision):
        found = parse_office_date(value)
        assert (found.first_on, found.last_on) == span(expected)
        assert found.precision is precision
        assert parse_office_date(found.text) == found

    @pytest.mark.parametrize(
        ("value", "last_on", "text"),
        [
            ("三季度", date(2023, 9, 30), "2023年三季度"),
            ("6月底前", date(2023, 6, 30), "2023年6月底前"),
            ("10月上旬", date(2023, 10, 10), "2023年10月上旬"),
            ("9月份", date(2023, 9, 30), "2023年9月份"),
            ("年底", date(2023, 12, 31), "2023年年底"),
            ("上半年", date(2023, 6, 30), "2023年上半年"),
            ("预计6月", date(2023, 6, 30), "预计2023年6月"),
            ("2024年6月", date(2024, 6, 30), "2024年6月"),
        ],
    )
    def test_completes_a_date_without_a_year(self, value, last_on, text):
        found = parse_office_date(value, year=2023)
        assert (found.last_on, found.text) == (last_on, text)
        assert parse_office_date(found.text) == found

    @pytest.mark.parametrize(
        "words",
        [
            "未开工",
            "未受理",
            "未批复",
            "未办理",
            "待定",
            "暂无",
            "尚未取得",
            "正在办理",
            "无",
            "—",
            "/",
            "-",
            "",
            None,
        ],
    )
    def test_words_mean_no_date_yet_and_are_kept(self, words):
        found = parse_office_date(words)
        assert found.text == (words or "")
        assert not found.is_known
        assert found.last_on is None
        assert parse_office_date(found.text) == found

    @pytest.mark.parametrize(
        ("one", "other", "before"),
        [
            ("2023年5月", "2023年6月", True),
            ("2023-05-31", "2023-06-01", True),
            ("2023-06-01", "2023-06-01", False),
            ("2023年5月", "2023-05-31", False),  # its last day may be meant
            ("2023年", "2023年6月", False),
            ("", "2023年6月", False),
            ("2023年6月", "未开工", False),
        ],
    )
    def test_comes_before_another_only_where_no_reading_says_otherwise(self, one, other, before):
        assert parse_office_date(one).ends_before(parse_office_date(other)) is before

    @pytest.mark.parametrize(
        "value",
        [
            "abc",
            "2023-13",
            "2023-02-30",
            "2023-02-29",
            "6月",
            "三季度",
            "1985年",
            "2150-01",
            "99999",
            123,
            -5,
            True,
            float("nan"),
            float("inf"),
            "2023-1-2-3",
            "未开工，计划2023年10月",
            "①",
            "2023年6月①",  # a footnote's mark is no first of June
            "2023.6.1²",
        ],
    )
    def test_refuses_nonsense_and_shows_how_to_write_it(self, value):
        with pytest.raises(ValueError, match=r"请写作 2023-05-24") as refused:
            parse_office_date(value)
        assert f"“{value}”" in str(refused.value)

    @pytest.mark.parametrize("value", ["6", "6.15", "前", "约"])
    def test_a_bare_number_is_no_month_even_in_a_known_year(self, value):
        with pytest.raises(ValueError, match="不是有效日期"):
            parse_office_date(value, year=2023)

    def test_a_number_that_lost_its_zero_is_asked_about(self):
        with pytest.raises(ValueError, match="1月还是10月"):
            parse_office_date(2023.1)
        assert parse_office_date("2023.1").last_on == date(2023, 1, 31)

    @given(DAYS)
    def test_every_day_reads_back_in_every_writing(self, day):
        for text in (
            f"{day:%Y-%m-%d}",
            f"{day:%Y%m%d}",
            f"{day.year}年{day.month}月{day.day}日",
            f"{day:%Y.%m.%d}",
        ):
            assert parse_office_date(text).last_on == day
        found = parse_office_date(day)
        assert found.text == day.isoformat()
        assert parse_office_date((day - date(1899, 12, 30)).days) == found

    @given(st.integers(1, 12), st.sampled_from(["2023-{:02d}", "2023.{}", "2023/{}"]))
    def test_words_of_a_month_read_back_to_the_same_span(self, month, form):
        found = parse_office_date(form.format(month))
        assert parse_office_date(found.words).last_on == found.last_on

    @given(st.text(max_size=12))
    def test_any_text_is_read_or_refused_in_words(self, text):
        try:
            found = parse_office_date(text, year=2023)
        except ValueError as refused:
            assert "不是有效日期" in str(refused)
        else:
            assert parse_office_date(found.text) == found

    @pytest.mark.parametrize(
        ("value", "words"),
        [
            ("2023.05.24", "2023年5月24日"),
            ("2023-06", "2023年6月"),
            ("2023Q3", "2023年三季度"),
            ("2023", "2023年"),
            ("2023年6月底前", "2023年6月底前"),
            ("未开工", "未开工"),
            ("/", "—"),
            (None, "—"),
        ],
    )
    def test_words_for_screens(self, value, words):
        assert parse_office_date(value).words == words

    @pytest.mark.parametrize(
        "words",
        [
            "手续办理中",
            "前期",
            "已完工",
            "续建",
            "十四五期间",
            "“十四五”期间",
            "拟于近期",
            "视手续办理情况",
            "长期",
        ],
    )
    def test_words_in_place_of_a_date_are_kept_and_mean_none_yet(self, words):
        found = parse_office_date(words)
        assert (found.text, found.is_known) == (words, False)

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            ("2023年3月已开工", "2023-03-01 2023-03-31"),
            ("2022年续建", "2022-01-01 2022-12-31"),
            ("2023.3.15（桩基）", "2023-03-15 2023-03-15"),
            ("2023年底前开工", "2023-12-01 2023-12-31"),
            ("2024年6月竣工投产", "2024-06-01 2024-06-30"),
        ],
    )
    def test_words_beside_a_date_do_not_change_it_and_are_kept(self, value, expected):
        found = parse_office_date(value)
        assert (found.first_on, found.last_on) == span(expected)
        assert parse_office_date(found.text) == found and found.text == value


class TestSpanPair:
    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            ("2022.5/2023.12", "2022-05-01 2023-12-31"),
            ("2022-2025", "2022-01-01 2025-12-31"),
            ("2022年5月—2024年6月", "2022-05-01 2024-06-30"),
            ("2022/5-2024/6", "2022-05-01 2024-06-30"),
            ("2022-05-2024-06", "2022-05-01 2024-06-30"),
            ("2022年5月至12月", "2022-05-01 2022-12-31"),
            ("2022.5 ~ 2023.12", "2022-05-01 2023-12-31"),
            ("2023年", "2023-01-01 2023-12-31"),
            (2023.0, "2023-01-01 2023-12-31"),  # a year typed as a number
        ],
    )
    def test_reads_start_and_finish(self, value, expected):
        start, finish = parse_span_pair(value)
        assert (start.first_on, finish.last_on) == span(expected)

    @pytest.mark.parametrize("value", [None, "", "—", "待定"])
    def test_no_date_yet(self, value):
        assert not any(end.is_known for end in parse_span_pair(value))

    @pytest.mark.parametrize("value", ["2022.5", "2022-05", "2022—", "24个月", "2022年5月—2023年②月"])
    def test_refuses_one_date_for_two(self, value):
        with pytest.raises(ValueError, match="起止时间"):
            parse_span_pair(value)


class TestWorkingCalendar:
    @pytest.mark.parametrize(
        ("day", "working"),
        [
            (date(2023, 9, 28), True),
            (date(2023, 9, 29), False),  # Friday, closed
            (date(2023, 10, 6), False),
            (date(2023, 10, 7), True),  # Saturday, worked
            (date(2023, 10, 8), True),  # Sunday, worked
            (date(2023, 10, 14), False),
        ],
    )
    def test_holidays_and_worked_weekends(self, day, working):
        assert CALENDAR.is_working(day) is working

    def test_knows_which_years_are_guesses(self):
        assert not CALENDAR.is_estimated(2023)
        assert CALENDAR.is_estimated(2024)

    @pytest.mark.parametrize(
        ("start", "working_days", "end"),
        [
            (date(2023, 9, 28), 1, date(2023, 10, 7)),
            (date(2023, 9, 30), 1, date(2023, 10, 7)),
            (date(2023, 9, 30), 0, date(2023, 9, 30)),
            (date(2023, 10, 7), -1, date(2023, 9, 28)),
            (date(2023, 10, 1), -1, date(2023, 9, 28)),
            (date(2023, 12, 29), 1, date(2024, 1, 1)),
            (date(2024, 1, 1), -1, date(2023, 12, 29)),
        ],
    )
    def test_shift_steps_over_holidays(self, start, working_days, end):
        assert CALENDAR.shift(start, working_days) == end

    def test_next_working_keeps_a_working_day(self):
        assert CALENDAR.next_working(date(2023, 9, 28)) == date(2023, 9, 28)
        assert CALENDAR.next_working(date(2023, 9, 29)) == date(2023, 10, 7)

    @given(DAYS, st.integers(0, 700))
    def test_count_is_the_inverse_of_shift(self, day, working_days):
        assert WEEKDAYS_ONLY.count(day, WEEKDAYS_ONLY.shift(day, working_days)) == working_days

    @given(st.dates(date(2023, 1, 1), date(2023, 12, 31)), st.integers(-700, 700))
    def test_shift_returns_from_a_working_day(self, day, working_days):
        start = CALENDAR.next_working(day)
        there = CALENDAR.shift(start, working_days)
        assert CALENDAR.count(start, there) == working_days
        assert CALENDAR.shift(there, -working_days) == start

    @given(st.dates(date(2022, 6, 1), date(2024, 6, 1)), st.dates(date(2022, 6, 1), date(2024, 6, 1)))
    def test_count_agrees_with_counting(self, after, until):
        low, high = sorted((after, until))
        counted = sum(CALENDAR.is_working(low + timedelta(days=n)) for n in range(1, (high - low).days + 1))
        assert CALENDAR.count(after, until) == (counted if after <= until else -counted)


class TestWords:
    @pytest.mark.parametrize(
        ("due_on", "words"),
        [
            (date(2023, 10, 12), "今天到期"),
            (date(2023, 10, 13), "明天到期"),
            (date(2023, 10, 15), "3天后到期"),
            (date(2023, 10, 11), "逾期1天"),
            (date(2023, 10, 9), "逾期3天"),
        ],
    )
    def test_due_today_is_not_overdue(self, due_on, words):
        assert due_words(due_on, date(2023, 10, 12)) == words

    def test_the_year_is_said_when_it_is_another(self):
        assert date_words(date(2023, 10, 12), date(2023, 1, 1)) == "10月12日（周四）"
        assert date_words(date(2024, 1, 7), date(2023, 10, 12)) == "2024年1月7日（周日）"
