"""The office's rules: both sides of every threshold, and why."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects import rules
from projects.money import Ratio, gap_points, gap_sentence
from projects.periods import WEEKDAYS_ONLY, TenDayPeriod, WorkingCalendar, parse_office_date
from projects.rules import (
    ACCELERATED_2022,
    BUILT_IN_BASELINES,
    DEFAULT_LADDER,
    QUARTERLY_2022,
    Band,
    Curve,
    Level,
    Light,
    LightDimension,
    LightGauge,
    LightReason,
    ReportFacts,
    RowFacts,
    RuleSet,
    check_project_code,
    pro_rata,
    project_light,
    report_errors,
    report_warnings,
    row_issues,
    steps_reached,
    worst,
)

TODAY = date(2023, 10, 12)
RULES = rules.DEFAULT_RULES


def light_of(reason):
    return reason and reason.light.value


class TestLight:
    def test_is_told_without_colour(self):
        assert "".join(light.shape for light in Light) == "●▲■◇"
        assert [light.words for light in Light] == ["正常", "预警", "滞后", "豁免"]

    @pytest.mark.parametrize(
        ("lights", "expected"),
        [
            (["green", "red", "yellow"], "red"),
            (["green", "yellow", "exempt"], "yellow"),
            (["green", "exempt"], "exempt"),
            (["green"], "green"),
            ([], "green"),
        ],
    )
    def test_the_worst_rules_and_exempt_is_not_green(self, lights, expected):
        assert worst(Light(light) for light in lights) == expected

    def test_a_project_shows_its_worst_reasons_first(self):
        fine = LightReason(LightDimension.REPORT, Light.GREEN, "旬报按期报送")
        noted = LightReason(LightDimension.PROGRESS, Light.GREEN, "慢于序时2个百分点", noted=True)
        late = LightReason(LightDimension.MILESTONE, Light.YELLOW, "节点逾期3天")
        worse = LightReason(LightDimension.PROBLEM, Light.RED, "问题超办理时限9天")
        assert project_light([fine, noted, None, late, worse]) == (Light.RED, (worse, late, noted))
        assert project_light([fine]) == (Light.GREEN, ())

    def test_an_exemption_says_what_it_hides(self):
        late = LightReason(LightDimension.MILESTONE, Light.RED, "节点逾期20天")
        exempted = late.exempt(why="规划调整", until=date(2023, 12, 31))
        assert exempted.light is Light.EXEMPT
        assert exempted.sentence == "已豁免至2023年12月31日（规划调整）；原为滞后：节点逾期20天"


class TestStartLight:
    @pytest.mark.parametrize(
        ("planned", "as_of", "expected"),
        [
            (date(2023, 11, 30), date(2023, 10, 31), "green"),
            (date(2023, 10, 31), date(2023, 9, 30), "green"),
            (date(2023, 10, 31), date(2023, 10, 1), "yellow"),  # due this month
            (date(2023, 10, 31), date(2023, 11, 30), "yellow"),  # second month running
            (date(2023, 10, 31), date(2023, 12, 1), "red"),  # third
            (date(2023, 12, 31), date(2024, 1, 31), "yellow"),
            (date(2023, 12, 31), date(2024, 2, 1), "red"),
            (None, TODAY, None),
        ],
    )
    def test_by_months_without_a_start(self, planned, as_of, expected):
        assert light_of(RULES.start_light(planned, None, as_of)) == expected

    def test_a_start_ends_it_and_lateness_is_remembered(self):
        late = RULES.start_light(date(2023, 6, 30), date(2023, 8, 1), TODAY)
        assert (late.light, late.sentence, late.noted) == (
            Light.GREEN,
            "已于2023年8月1日开工，晚于计划32天",
            True,
        )
        early = RULES.start_light(date(2023, 6, 30), date(2023, 6, 30), TODAY)
        assert (early.sentence, early.noted) == ("已于2023年6月30日开工", False)

    def test_a_start_after_the_day_does_not_count_yet(self):
        assert RULES.start_light(date(2023, 6, 30), TODAY + timedelta(days=1), TODAY).light is Light.RED

    def test_the_sentence_gives_numbers_and_rule(self):
        red = RULES.start_light(date(2023, 8, 31), None, TODAY)
        assert red.sentence == "计划2023年8月31日前开工，连续3个月未开工（连续3个月应开工未开工亮红灯）"


class TestProgressLight:
    @pytest.mark.parametrize(
        ("gap", "expected", "noted"),
        [
            ("4.6", "green", False),
            ("0.0", "green", False),
            ("-0.1", "green", True),
            ("-9.9", "green", True),
            ("-10.0", "yellow", False),
            ("-30.0", "yellow", False),
            ("-30.1", "red", False),
        ],
    )
    def test_both_ends_of_the_band_are_yellow(self, gap, expected, noted):
        reason = RULES.progress_light(Decimal(gap))
        assert (reason.light.value, reason.noted) == (expected, noted)

    def test_without_a_rate_there_is_no_light(self):
        assert RULES.progress_light(None) is None

    def test_the_sentence_gives_numbers_and_rule(self):
        sentence = RULES.progress_light(Decimal("-12.3")).sentence
        assert sentence == "投资完成率慢于序时12.3个百分点（10至30个百分点亮黄灯）"

    def test_an_office_may_set_its_own_thresholds(self):
        yellow = Band(LightGauge.POINTS_BEHIND, Light.YELLOW, Decimal(5), Decimal(8), high_closed=True)
        red = Band(LightGauge.POINTS_BEHIND, Light.RED, Decimal(8), low_closed=False)
        strict = RuleSet("从严", (yellow, red))
        assert strict.progress_light(Decimal("-5.0")).light is Light.YELLOW
        assert strict.progress_light(Decimal("-8.1")).light is Light.RED


class TestStatisticsLight:
    @pytest.mark.parametrize(
        ("started", "as_of", "expected"),
        [
            (date(2023, 5, 24), date(2023, 6, 24), "green"),
            (date(2023, 5, 24), date(2023, 6, 25), "yellow"),
            (date(2023, 5, 24), date(2023, 7, 24), "yellow"),
            (date(2023, 5, 24), date(2023, 7, 25), "red"),
            (date(2023, 12, 31), date(2024, 1, 31), "green"),
            (date(2023, 12, 31), date(2024, 2, 29), "yellow"),
            (date(2023, 12, 31), date(2024, 3, 1), "red"),
            (date(2024, 1, 31), date(2024, 2, 29), "green"),
            (date(2024, 1, 31), date(2024, 3, 1), "yellow"),
            (date(2023, 10, 13), TODAY, None),
            (None, TODAY, None),
        ],
    )
    def test_by_full_months_since_the_start(self, started, as_of, expected):
        assert light_of(RULES.statistics_light(started, None, as_of)) == expected

    def test_the_entry_ends_it_from_its_day_on(self):
        started, entered = date(2023, 5, 24), date(2023, 10, 12)
        assert RULES.statistics_light(started, entered, entered).light is Light.GREEN
        assert RULES.statistics_light(started, entered, date(2023, 10, 11)).light is Light.RED


class TestCountedLights:
    @pytest.mark.parametrize(
        ("days", "expected"), [(0, "green"), (1, "yellow"), (14, "yellow"), (15, "red"), (None, None)]
    )
    def test_milestone(self, days, expected):
        assert light_of(RULES.milestone_light(days)) == expected

    @pytest.mark.parametrize(
        ("days", "expected"), [(0, "green"), (1, "yellow"), (6, "yellow"), (7, "red"), (None, None)]
    )
    def test_problem(self, days, expected):
        assert light_of(RULES.problem_light(days)) == expected

    @pytest.mark.parametrize(
        ("periods", "expected"), [(0, "green"), (1, "yellow"), (2, "red"), (9, "red"), (None, None)]
    )
    def test_report(self, periods, expected):
        assert light_of(RULES.report_light(periods)) == expected

    def test_sentences_give_numbers_and_rule(self):
        assert (
            RULES.milestone_light(16, "主体封顶").sentence == "节点“主体封顶”逾期16天（逾期15天及以上亮红灯）"
        )
        assert RULES.problem_light(3).sentence == "问题超办理时限3天（超时限1天及以上亮黄灯）"
        assert RULES.report_light(2).sentence == "连续2旬未报旬报（连续2旬及以上未报亮红灯）"


class TestDeadlines:
    @pytest.mark.parametrize(
        ("due_on", "days"),
        [
            (date(2023, 10, 13), 0),
            (date(2023, 10, 12), 0),
            (date(2023, 10, 11), 1),
            (date(2023, 9, 12), 30),
            (None, 0),
        ],
    )
    def test_due_today_is_not_overdue(self, due_on, days):
        assert rules.overdue_days(due_on, TODAY) == days

    def test_a_quarter_is_late_only_after_its_last_day(self):
        due_on = parse_office_date("2023年三季度").last_on
        assert rules.overdue_days(due_on, date(2023, 9, 30)) == 0
        assert rules.overdue_days(due_on, date(2023, 10, 1)) == 1

    def test_a_report_window_rolls_over_the_holiday(self):
        national_day = {date(2023, 9, 29) + timedelta(days=n): n > 7 for n in range(10)}
        calendar = WorkingCalendar(national_day, frozenset({2023}))
        period = TenDayPeriod(2023, 9, 3)
        assert rules.report_opens_on(period) == date(2023, 9, 21)
        assert rules.report_due_on(period, calendar) == date(2023, 10, 7)
        assert rules.report_due_on(period, calendar, grace_days=2) == date(2023, 10, 8)
        assert rules.report_due_on(period, calendar, grace_days=0) == date(2023, 9, 30)
        assert rules.report_due_on(period, WEEKDAYS_ONLY) == date(2023, 10, 2)

    def test_working_days_overdue_runs_through_zero(self):
        due_on = date(2023, 10, 12)  # a Thursday
        days = [
            rules.working_days_overdue(due_on, due_on + timedelta(days=n), WEEKDAYS_ONLY)
            for n in range(-2, 6)
        ]
        assert days == [-2, -1, 0, 1, 1, 1, 2, 3]

    @pytest.mark.parametrize(
        ("days", "reached"),
        [
            (-8, []),
            (-7, [-7]),
            (-1, [-7, -3, -1]),
            (0, [-7, -3, -1]),
            (1, [-7, -3, -1, 1]),
            (6, [-7, -3, -1, 1, 3]),
            (7, [-7, -3, -1, 1, 3, 7]),
            (15, [-7, -3, -1, 1, 3, 7, 15]),
        ],
    )
    def test_the_ladder_climbs(self, days, reached):
        assert [step.days for step in steps_reached(reversed(DEFAULT_LADDER), days)] == reached


class TestProRata:
    @pytest.mark.parametrize(
        ("as_of", "baseline", "share"),
        [
            (date(2023, 10, 9), "ten_day", Fraction(27, 36)),
            (date(2023, 10, 10), "ten_day", Fraction(28, 36)),
            (date(2023, 10, 12), "ten_day", Fraction(28, 36)),
            (date(2023, 10, 31), "ten_day", Fraction(10, 12)),
            (date(2023, 1, 9), "ten_day", 0),
            (date(2024, 2, 28), "ten_day", Fraction(5, 36)),
            (date(2024, 2, 29), "ten_day", Fraction(6, 36)),
            (date(2023, 10, 30), "month", Fraction(9, 12)),
            (date(2023, 10, 31), "month", Fraction(10, 12)),
            (date(2023, 8, 14), "half_month", Fraction(7, 12)),
            (date(2023, 8, 15), "half_month", Fraction(15, 24)),  # 云浮: 7.5/12 = 62.5%
            (date(2023, 8, 30), "half_month", Fraction(15, 24)),
            (date(2023, 8, 31), "half_month", Fraction(8, 12)),
            (date(2023, 1, 1), "day", Fraction(1, 365)),
            (date(2024, 2, 29), "day", Fraction(60, 366)),
            (date(2023, 3, 30), QUARTERLY_2022, 0),
            (date(2023, 3, 31), QUARTERLY_2022, Fraction(1, 5)),
            (date(2023, 9, 30), QUARTERLY_2022, Fraction(3, 4)),
            (date(2023, 2, 27), ACCELERATED_2022, Fraction(1, 10)),
            (date(2023, 2, 28), ACCELERATED_2022, Fraction(2, 10)),
            (date(2024, 2, 28), ACCELERATED_2022, Fraction(1, 10)),
            (date(2023, 11, 1), ACCELERATED_2022, 1),
        ],
    )
    def test_counts_only_what_has_closed(self, as_of, baseline, share):
        assert pro_rata(as_of, as_of.year, baseline) == share

    def test_half_of_august_is_62_5_percent(self):
        assert Ratio(*pro_rata(date(2023, 8, 15), 2023, "half_month").as_integer_ratio()).words() == "62.5%"

    @pytest.mark.parametrize("baseline", [*BUILT_IN_BASELINES, QUARTERLY_2022, ACCELERATED_2022])
    def test_runs_from_none_to_all_of_its_year(self, baseline):
        assert pro_rata(date(2022, 12, 31), 2023, baseline) == 0
        assert pro_rata(date(2023, 12, 31), 2023, baseline) == 1
        assert pro_rata(date(2024, 1, 1), 2023, baseline) == 1

    @given(
        st.dates(date(2023, 1, 1), date(2024, 12, 30)), st.sampled_from([*BUILT_IN_BASELINES, QUARTERLY_2022])
    )
    def test_never_falls_within_a_year(self, day, baseline):
        following = day + timedelta(days=1)
        assert following.year != day.year or pro_rata(day, day.year, baseline) <= pro_rata(
            following, day.year, baseline
        )

    def test_a_joined_curve_runs_in_straight_lines(self):
        curve = Curve(((1, 10, Fraction(1, 10)), (1, 30, Fraction(5, 10)), (12, 31, 1)), joined=True)
        assert pro_rata(date(2023, 1, 5), 2023, curve) == Fraction(1, 20)
        assert pro_rata(date(2023, 1, 10), 2023, curve) == Fraction(1, 10)
        assert pro_rata(date(2023, 1, 20), 2023, curve) == Fraction(3, 10)

    @pytest.mark.parametrize(
        "points",
        [
            (),
            ((12, 31, Fraction(9, 10)),),
            ((6, 30, Fraction(1, 2)), (3, 31, 1)),
            ((6, 30, Fraction(1, 2)), (6, 30, 1)),
            ((3, 31, Fraction(1, 2)), (6, 30, Fraction(1, 4)), (12, 31, 1)),
            ((3, 31, Fraction(-1, 2)), (12, 31, 1)),
            ((2, 30, 1),),
        ],
    )
    def test_a_curve_must_rise_to_all_of_the_plan(self, points):
        with pytest.raises(ValueError, match=r"序时基线|day is out of range"):
            Curve(points)

    def test_an_unknown_baseline_is_an_error(self):
        with pytest.raises(KeyError):
            pro_rata(TODAY, 2023, "weekly")

    def test_the_report_of_october_2023_is_ahead_of_its_baseline(self):
        gap = gap_points(Ratio(1_400_000, 1_699_000), pro_rata(TODAY, 2023))
        assert gap_sentence(gap) == "快于序时4.6个百分点"
        gap = gap_points(
            Ratio(Decimal("629.0"), Decimal("647.4")), pro_rata(date(2023, 10, 31), 2023, "month")
        )
        assert gap_sentence(gap) == "快于序时13.8个百分点"


class TestProjectCode:
    @pytest.mark.parametrize(
        "code", ["2103-370371-04-02-100074", "2017-370303-30-03-012345", " 2312-370300-04-01-000001 ", ""]
    )
    def test_takes_both_forms(self, code):
        assert check_project_code(code) is None

    @pytest.mark.parametrize(
        "code",
        [
            "2113-370371-04-02-100074",
            "2021-370371-04-02-100074",
            "2103-37037-04-02-100074",
            "2103-370371-04-02-1000741",
            "GX001",
        ],
    )
    def test_says_how_a_code_should_look(self, code):
        assert "格式不符" in check_project_code(code)

    def test_warns_of_another_region(self):
        assert "370100" in check_project_code("2103-370100-04-02-100074")
        assert check_project_code("2103-370100-04-02-100074", home_region="3701") is None


PERIOD = TenDayPeriod(2023, 10, 1)
STARTED_ON = date(2023, 5, 24)


def report(this_year, to_date=None, period=PERIOD, **words):
    to_date = this_year if to_date is None else to_date
    return ReportFacts(period, Decimal(this_year), Decimal(to_date), **words)


def warnings(facts, previous=None, plan=10_000, total=100_000, started_on=STARTED_ON):
    found = report_warnings(facts, previous, plan and Decimal(plan), total and Decimal(total), started_on)
    return [(issue.code, issue.field) for issue in found]


class TestReportAtEntry:
    def test_an_ordinary_report_passes_in_silence(self):
        before = report(5_000, period=PERIOD.previous(), physical_progress="基础施工", work_done="浇筑")
        assert warnings(report(5_500, physical_progress="主体施工", work_done="绑扎钢筋"), before) == []

    def test_a_fall_is_asked_about(self):
        before = report(5_000, 9_000, PERIOD.previous())
        found = report_warnings(report(4_800, 9_000), before, None, None, STARTED_ON)
        assert [issue.code for issue in found] == ["falls"]
        assert found[0].message == "本年累计完成投资由5,000万元降为4,800万元，如属更正请说明原因。"
        assert warnings(report(5_000, 8_999), before) == [("falls", "invested_to_date")]

    def test_the_year_begins_anew_in_january(self):
        december, january = TenDayPeriod(2022, 12, 3), TenDayPeriod(2023, 1, 1)
        assert warnings(report(300, 9_300, january), report(9_000, 9_000, december)) == []
        assert warnings(report(300, 8_900, january), report(9_000, 9_000, december)) == [
            ("falls", "invested_to_date")
        ]

    @pytest.mark.parametrize(("amount", "jumps"), [(8_000, False), (8_001, True)])
    def test_a_jump_over_30_percent_of_the_plan(self, amount, jumps):
        before = report(5_000, period=PERIOD.previous())
        assert warnings(report(amount), before) == ([("jump", "invested_this_year")] if jumps else [])

    @pytest.mark.parametrize(("amount", "jumps"), [(11_000, False), (11_001, True)])
    def test_missed_periods_share_the_jump(self, amount, jumps):
        before = report(5_000, period=PERIOD.shift(-2))
        assert bool(warnings(report(amount), before)) is jumps

    def test_the_first_report_is_measured_from_january(self):
        assert warnings(report(9_000)) == []
        assert warnings(report(3_001, period=TenDayPeriod(2023, 1, 1))) == [("jump", "invested_this_year")]

    @pytest.mark.parametrize(("to_date", "asked"), [(100_000, False), (100_001, True)])
    def test_more_than_the_total_investment(self, to_date, asked):
        assert warnings(report(5_000, to_date)) == ([("exceeds_total", "invested_to_date")] if asked else [])

    def test_less_since_the_start_than_this_year(self):
        assert warnings(report(5_000, 4_999)) == [("below_this_year", "invested_to_date")]

    def test_without_plan_or_total_nothing_is_compared(self):
        assert warnings(report(5_000, 900_000), plan=None, total=None) == []
        assert warnings(report(5_000), plan=0, total=0) == []

    def test_work_without_a_start(self):
        assert warnings(report(1), started_on=None) == [("not_started", "invested_this_year")]
        assert warnings(report(0, physical_progress="桩基施工"), started_on=None) == [
            ("not_started", "physical_progress")
        ]
        assert warnings(report(0, physical_progress="正在办理前期手续"), started_on=None) == []

    def test_the_same_words_as_last_time(self):
        before = report(5_000, period=PERIOD.previous(), physical_progress="主体施工", work_done="绑扎钢筋")
        again = report(5_000, physical_progress="主体施工 ", work_done="浇筑")
        assert warnings(again, before) == [("same_text", "physical_progress")]

    def test_the_same_words_and_the_same_amount_are_called_copied(self):
        before = report(5_000, period=PERIOD.previous(), physical_progress="主体施工")
        found = report_warnings(report(5_000, physical_progress="主体施工"), before, None, None, STARTED_ON)
        assert [issue.code for issue in found] == ["same_text"]
        assert "雷同" in found[0].message
        other = report_warnings(report(5_001, physical_progress="主体施工"), before, None, None, STARTED_ON)
        assert "雷同" not in other[0].message

    @pytest.mark.parametrize(
        ("now", "last", "long_ago", "stalled"),
        [(5_000, 5_000, 5_000, True), (5_000, 5_000, 4_999, False), (5_001, 5_000, 5_000, False)],
    )
    def test_two_months_without_progress_look_like_a_stop(self, now, last, long_ago, stalled):
        before, then = report(last, period=PERIOD.previous()), report(long_ago, period=PERIOD.shift(-6))

        def found(started_on=STARTED_ON, **more):
            issues = report_warnings(report(now), before, None, None, started_on, two_months_ago=then, **more)
            return [issue.code for issue in issues if issue.code == "stalled"]

        assert found() == (["stalled"] if stalled else [])
        assert found(completed_on=date(2023, 9, 1)) == []
        assert found(started_on=None) == []

    def test_a_stop_over_the_turn_of_the_year_is_seen_in_the_amount_to_date(self):
        january = TenDayPeriod(2023, 1, 3)
        before, then = report(0, 9_000, january.previous()), report(9_000, 9_000, january.shift(-6))
        found = report_warnings(
            report(0, 9_000, january), before, None, None, STARTED_ON, two_months_ago=then
        )
        assert [issue.message[:13] for issue in found] == ["自2022年11月下旬以来"]
        moved = report_warnings(
            report(10, 9_010, january), before, None, None, STARTED_ON, two_months_ago=then
        )
        assert moved == []

    def test_a_draft_with_empty_fields_is_judged_too(self):
        assert (
            report_warnings(ReportFacts(PERIOD), ReportFacts(PERIOD.previous()), Decimal(1), Decimal(1), None)
            == []
        )
        assert report_errors(ReportFacts(PERIOD)) == []

    def test_negative_amounts_are_refused(self):
        assert [(issue.code, issue.field) for issue in report_errors(report(-1, 0))] == [
            ("negative", "invested_this_year")
        ]
        assert report_errors(report(0, 0)) == []


def row(**values):
    amounts = {name: Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value
               for name, value in values.items()}  # fmt: skip
    dates = {
        name: parse_office_date(amounts[name])
        for name in ("started", "planned_start", "planned_finish")
        if name in values
    }
    return [(issue.level.value, issue.column) for issue in row_issues(RowFacts(**(amounts | dates)))]


class TestImportedRow:
    def test_a_row_of_the_ledger_passes_in_silence(self):
        assert row(
            project_code="2103-370371-04-02-100074", total_investment=81_900, carried_over=0,
            planned_investment=53_810, invested_this_year=32_230, says_started=True, started="2023.05.24",
            planned_start="2023-06", planned_finish="2024年3月",
        ) == []  # fmt: skip

    def test_an_empty_row_compares_nothing(self):
        assert row() == []

    @pytest.mark.parametrize(
        ("values", "found"),
        [
            ({"invested_this_year": -1}, [("error", "invested_this_year")]),
            ({"carried_over": 100, "invested_this_year": 50, "invested_to_date": 151}, []),
            (
                {"carried_over": 100, "invested_this_year": 50, "invested_to_date": 151.01},
                [("ask", "invested_to_date")],
            ),
            ({"total_investment": 200, "invested_to_date": 200}, []),
            ({"total_investment": 200, "invested_to_date": 200.01}, [("ask", "invested_to_date")]),
            (
                {"total_investment": 200, "carried_over": 150, "invested_this_year": 51},
                [("ask", "invested_to_date")],
            ),
            ({"total_investment": 200, "planned_investment": 200}, []),
            ({"total_investment": 200, "planned_investment": 201}, [("ask", "planned_investment")]),
            ({"says_started": False, "invested_this_year": 0}, []),
            ({"says_started": False, "invested_this_year": 1}, [("ask", "invested_this_year")]),
            ({"says_started": True}, [("ask", "started")]),
            ({"says_started": True, "started": "未开工"}, [("ask", "started")]),
            ({"planned_start": "2023年6月", "planned_finish": "2023年"}, []),
            ({"planned_start": "2023年6月", "planned_finish": "2023.06"}, []),
            ({"planned_start": "2023年6月", "planned_finish": "2023-05"}, [("error", "planned_finish")]),
            ({"planned_start": "2023年6月", "planned_finish": "待定"}, []),
            ({"planned_investment": 10_000, "invested_this_year": 100}, []),
            ({"planned_investment": 10_000, "invested_this_year": 99}, [("ask", "invested_this_year")]),
            ({"planned_investment": 10_000, "invested_this_year": 30_000}, []),
            ({"planned_investment": 10_000, "invested_this_year": 30_001}, [("ask", "invested_this_year")]),
            ({"planned_investment": 10_000, "invested_this_year": 0}, []),
            ({"planned_investment": 0, "invested_this_year": 5}, []),
            ({"total_investment": 100}, []),
            ({"total_investment": 99.99}, [("ask", "total_investment")]),
            ({"total_investment": 99.99, "unit": "亿元"}, []),
            ({"total_investment": 50_000_000, "unit": "亿元"}, []),
            ({"total_investment": 50_000_001, "unit": "亿元"}, [("ask", "total_investment")]),
            ({"project_code": "2103-370100-04-02-100074"}, [("note", "project_code")]),
        ],
    )
    def test_cross_checks(self, values, found):
        assert row(**values) == found

    def test_what_is_refused_comes_first(self):
        levels = [level for level, _ in row(project_code="x", total_investment=99, planned_investment=-1)]
        assert levels == [Level.ERROR, Level.ASK, Level.NOTE]
