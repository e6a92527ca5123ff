"""Backward scheduling: dates worked out by hand, and what must hold for any network and any calendar."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given

from projects.periods import EARLIEST, LATEST, ONE_DAY, WEEKDAYS_ONLY
from projects.rules import NetworkError, NetworkStep, propagate_slip, schedule_backward, schedule_forward
from tests.networks import (
    CALENDAR,
    CALENDAR_2023,
    CALENDARS,
    SOME_DAYS,
    WORKING,
    assert_in_order,
    assert_lasts,
    calendar_days,
    day,
    networks,
    one_kind,
    working,
)


def backward(steps, start, finish, calendar=CALENDAR_2023):
    return schedule_backward(steps, start_on=day(start), finish_on=day(finish), calendar=calendar)


def forward(steps, start, calendar=CALENDAR_2023, **more):
    return schedule_forward(steps, start_on=day(start), calendar=calendar, **more)


def latest(schedule):
    return {key: (row.latest_start_on, row.latest_finish_on) for key, row in schedule.steps.items()}


# The default industrial template, with durations of works as a mid-sized factory has them.
INDUSTRIAL = (
    working("签约", 0),
    working("备案", 1, "签约"),
    working("用地预审", 10, "备案"),
    calendar_days("供地", 45, "用地预审"),
    working("用地规划许可", 5, "供地"),
    working("环评", 30, "用地规划许可"),
    working("能评", 20, "用地规划许可"),
    working("安评", 15, "用地规划许可"),
    working("方案审查", 7, "环评", "能评", "安评"),
    working("工程规划许可", 7, "方案审查"),
    working("施工图审查", 7, "工程规划许可"),
    working("施工许可", 3, "施工图审查"),
    calendar_days("开工", 30, "施工许可"),
    calendar_days("主体封顶", 90, "开工"),
    calendar_days("厂房竣工", 60, "主体封顶"),
    calendar_days("设备安装", 45, "厂房竣工"),
    working("联合验收", 10, "设备安装"),
    calendar_days("试生产", 30, "联合验收"),
    working("投产", 0, "试生产"),
)


class TestForwardByHand:
    @pytest.mark.parametrize(
        ("step", "start", "expected"),
        [
            # National Day 2023: closed 29 September to 6 October, worked on Saturday 7 and Sunday 8 October
            (working("x", 1), "09-28", ("09-28", "09-28")),
            (working("x", 3), "09-28", ("09-28", "10-08")),
            (working("x", 1), "09-29", ("10-07", "10-07")),
            (calendar_days("x", 3), "09-28", ("09-28", "09-30")),
            (working("x", 0), "09-30", ("10-07", "10-07")),
            (calendar_days("x", 0), "09-30", ("09-30", "09-30")),
            # 调休: Sunday 23 April and Saturday 6 May were worked for Labour Day
            (working("x", 2), "04-23", ("04-23", "04-24")),
            (working("x", 2), "04-28", ("04-28", "05-04")),
            (working("x", 3), "05-05", ("05-05", "05-08")),
            # 29 February
            (calendar_days("x", 2), "2024-02-28", ("2024-02-28", "2024-02-29")),
            (calendar_days("x", 2), "2023-02-28", ("2023-02-28", "2023-03-01")),
            (working("x", 2), "2024-02-29", ("2024-02-29", "2024-03-01")),
        ],
    )
    def test_a_single_step(self, step, start, expected):
        assert forward([step], start) == {"x": tuple(map(day, expected))}

    def test_a_successor_starts_on_the_next_day_of_its_kind(self):
        steps = [calendar_days("土方", 3), working("验槽", 1, "土方"), calendar_days("浇筑", 2, "验槽")]
        assert forward(steps, "09-28") == {
            "土方": (day("09-28"), day("09-30")),
            "验槽": (day("10-07"), day("10-07")),
            "浇筑": (day("10-08"), day("10-09")),
        }

    def test_an_event_shares_the_day_of_its_last_predecessor(self):
        steps = [
            working("甲", 2), calendar_days("乙", 6), working("办结", 0, "甲"),
            working("汇合", 0, "甲", "乙"), working("次日", 1, "汇合"),
        ]  # fmt: skip
        spans = forward(steps, "06-05")  # a Monday; the calendar step ends on a Saturday
        assert spans["办结"] == (day("06-06"), day("06-06"))
        assert spans["汇合"] == (day("06-12"), day("06-12"))  # put off over the weekend
        assert spans["次日"] == (day("06-13"), day("06-13"))

    def test_what_is_finished_stays_and_pushes_or_lets_go(self):
        steps = [working("甲", 5), working("乙", 2, "甲"), working("丙", 1, "乙")]
        early = forward(steps, "06-05", finished={"甲": day("06-06")})
        assert early["甲"] == (day("05-31"), day("06-06"))
        assert early["乙"] == (day("06-07"), day("06-08"))
        late = forward(steps, "06-05", finished={"甲": day("06-17")})  # a Saturday: the fact stands
        assert late["甲"][1] == day("06-17")
        assert late["乙"] == (day("06-19"), day("06-20"))
        out_of_order = forward(steps, "06-05", finished={"乙": day("06-05")})
        assert out_of_order["甲"] == (day("06-05"), day("06-09"))
        assert out_of_order["丙"] == (day("06-06"), day("06-06"))

    def test_nothing_unfinished_starts_before_the_start_day(self):
        steps = [working("甲", 5), working("乙", 2, "甲"), working("办结", 0, "甲")]
        spans = forward(steps, "06-12", finished={"甲": day("05-08")})
        assert spans["乙"] == (day("06-12"), day("06-13"))
        assert spans["办结"] == (day("06-12"), day("06-12"))

    def test_a_step_may_not_start_before_its_own_day(self):
        spans = forward([working("甲", 1), working("乙", 2, "甲")], "06-05", not_before={"乙": day("06-10")})
        assert spans["乙"] == (day("06-12"), day("06-13"))


class TestBackwardByHand:
    def test_counts_back_over_the_holiday(self):
        schedule = backward([working("甲", 2), working("乙", 2, "甲")], "09-28", "10-08")
        assert latest(schedule) == {"甲": (day("09-27"), day("09-28")), "乙": (day("10-07"), day("10-08"))}
        assert [row.slack_days for row in schedule.steps.values()] == [-1, -1]
        assert (schedule.feasible, schedule.days_in_hand) == (False, -1)
        assert schedule.verdict == "不可行，差1个工作日：最迟应于2023年9月27日启动。"

    @pytest.mark.parametrize(
        ("start", "verdict"),
        [
            ("09-15", "可行，尚有8个工作日余量。"),
            ("09-26", "可行，尚有1个工作日余量。"),
            ("09-27", "可行，但没有余量：最迟于2023年9月27日启动。"),
            ("10-16", "不可行，差9个工作日：最迟应于2023年9月27日启动。"),
        ],
    )
    def test_tells_the_verdict_in_words(self, start, verdict):
        assert backward([working("甲", 2), working("乙", 2, "甲")], start, "10-08").verdict == verdict

    def test_a_finish_on_a_day_off_ends_on_the_working_day_before(self):
        schedule = backward([working("甲", 1), working("乙", 0, "甲")], "09-28", "10-06")
        assert latest(schedule) == dict.fromkeys("甲乙", (day("09-28"), day("09-28")))
        assert schedule.days_in_hand == 0

    def test_a_want_within_days_off_counts_one_working_day(self):
        schedule = backward([calendar_days("浇筑", 2)], "06-11", "06-11")  # a Sunday
        assert schedule.latest_start_on == day("06-10")
        assert (schedule.feasible, schedule.days_in_hand) == (False, -1)
        assert schedule.steps["浇筑"].slack_days == -1

    def test_parallel_branches_have_slack_and_the_longest_is_critical(self):
        steps = [
            working("始", 1), working("长", 30, "始"), working("中", 20, "始"), working("短", 15, "始"),
            working("终", 2, "长", "中", "短"),
        ]  # fmt: skip
        schedule = backward(steps, "03-01", "04-14")  # one day in hand beyond the 33 working days
        slack = {key: row.slack_days - schedule.days_in_hand for key, row in schedule.steps.items()}
        assert slack == {"始": 0, "长": 0, "中": 10, "短": 15, "终": 0}
        assert schedule.critical_path == ("始", "长", "终")
        assert [key for key, row in schedule.steps.items() if row.is_critical] == ["始", "长", "终"]

    def test_two_longest_branches_are_both_critical_and_one_chain_is_told(self):
        steps = [working("甲", 3), working("乙", 3), working("丙", 1, "甲", "乙"), working("丁", 1)]
        schedule = backward(steps, "06-05", "06-30")
        assert [key for key, row in schedule.steps.items() if row.is_critical] == ["甲", "乙", "丙"]
        assert schedule.critical_path == ("甲", "丙")

    def test_the_chain_holds_where_a_weekend_hides_the_slack(self):
        steps = [working("甲", 2), calendar_days("乙", 2, "甲"), working("丙", 1, "乙")]
        schedule = backward(steps, "06-06", "06-12")  # 乙 fills Thursday and Friday, 丙 waits for Monday
        assert {key: row.slack_days for key, row in schedule.steps.items()} == {"甲": 2, "乙": 2, "丙": 0}
        assert schedule.critical_path == ("甲", "乙", "丙")
        assert all(row.is_critical for row in schedule.steps.values())

    def test_the_default_industrial_chain(self):
        schedule = backward(INDUSTRIAL, "2023-01-03", "2024-12-31")
        assert schedule.critical_path == tuple(s.key for s in INDUSTRIAL if s.key not in ("能评", "安评"))
        slack = {key: row.slack_days for key, row in schedule.steps.items()}
        assert (slack["能评"] - slack["环评"], slack["安评"] - slack["环评"]) == (10, 15)
        assert schedule.steps["备案"].earliest_start_on == day("01-04")
        assert schedule.steps["用地预审"].earliest_finish_on == day("01-18")
        assert schedule.steps["供地"].earliest_finish_on == day("03-04")  # a Saturday
        assert schedule.steps["用地规划许可"].earliest_start_on == day("03-06")
        assert schedule.steps["投产"].latest_finish_on == day("2024-12-31")
        assert schedule.steps["试生产"].latest_start_on == day("2024-12-02")
        assert schedule.estimated_years == (2024,)

    def test_years_without_a_published_calendar_are_told(self):
        schedule = backward([working("甲", 5)], "2022-12-30", "2025-01-01")
        assert schedule.estimated_years == (2022, 2024, 2025)
        assert backward([working("甲", 5)], "06-05", "06-30").estimated_years == ()

    def test_years_are_told_that_only_an_infeasible_plan_touches(self):
        long = [working("甲", 300)]
        assert backward(long, "06-05", "06-30").estimated_years == (2022, 2024)

    def test_days_in_hand_are_those_of_the_step_that_must_start_first(self):
        schedule = backward(
            [working("短", 1), working("长", 4), working("终", 1, "短", "长")], "06-05", "06-14"
        )
        assert (schedule.days_in_hand, schedule.latest_start_on) == (3, day("06-08"))
        assert schedule.steps["短"].slack_days == 6

    def test_steps_come_in_working_order(self):
        schedule = backward([working("乙", 1, "甲"), working("甲", 1)], "06-05", "06-30")
        assert list(schedule.steps) == ["甲", "乙"]


class TestRefusals:
    def test_an_empty_plan_cannot_be_scheduled_backward(self):
        with pytest.raises(NetworkError, match=r"^方案中没有节点，无法排期。$"):
            backward([], "06-05", "06-30")
        assert forward([], "06-05") == {}

    def test_durations_that_leave_the_calendar_are_refused(self):
        chain = [calendar_days("0", 3650)]
        chain += [calendar_days(str(n), 3650, str(n - 1)) for n in range(1, 400)]
        with pytest.raises(
            NetworkError, match=r"^节点“7”将排到2102年，超出1990年至2099年，请核对各节点工期。$"
        ):
            forward(chain, "2023-01-01")
        longest = [working("0", 3650), *(working(str(n), 3650, str(n - 1)) for n in range(1, 4))]
        with pytest.raises(NetworkError, match=r"^节点“2”将排到19\d\d年"):
            schedule_backward(longest, start_on=EARLIEST, finish_on=day("2010-01-01"), calendar=WEEKDAYS_ONLY)
        with pytest.raises(NetworkError, match="将排到21"):
            propagate_slip({}, longest, slipped={"0": LATEST}, calendar=WEEKDAYS_ONLY)

    @pytest.mark.parametrize("outside", [date.min, EARLIEST - ONE_DAY, LATEST + ONE_DAY, date.max])
    def test_days_outside_the_calendar_are_refused(self, outside):
        step = working("甲", 1)
        for call in (
            lambda: schedule_backward([step], start_on=outside, finish_on=LATEST, calendar=WEEKDAYS_ONLY),
            lambda: schedule_backward([step], start_on=EARLIEST, finish_on=outside, calendar=WEEKDAYS_ONLY),
            lambda: schedule_forward([step], start_on=outside, calendar=WEEKDAYS_ONLY),
            lambda: forward([step], "06-05", finished={"甲": outside}),
            lambda: forward([step], "06-05", not_before={"甲": outside}),
            lambda: propagate_slip({"甲": outside}, [step], slipped={}, calendar=WEEKDAYS_ONLY),
            lambda: propagate_slip({}, [step], slipped={"甲": outside}, calendar=WEEKDAYS_ONLY),
        ):
            with pytest.raises(NetworkError, match=f"日期{outside.isoformat()}不在1990年至2099年之间"):
                call()

    def test_the_first_and_the_last_day_can_be_scheduled(self):
        steps = [calendar_days("甲", 1)]
        assert schedule_forward(steps, start_on=LATEST, calendar=WEEKDAYS_ONLY) == {"甲": (LATEST, LATEST)}
        schedule = schedule_backward(steps, start_on=EARLIEST, finish_on=EARLIEST, calendar=WEEKDAYS_ONLY)
        assert schedule.feasible

    def test_dates_of_steps_the_plan_does_not_hold_are_refused(self):
        for call in (
            lambda: forward([working("甲", 1)], "06-05", finished={"丁": day("06-05")}),
            lambda: propagate_slip(
                {}, [working("甲", 1)], slipped={"丁": day("06-05")}, calendar=CALENDAR_2023
            ),
        ):
            with pytest.raises(NetworkError, match=r"^方案中没有编号为“丁”的节点，请核对。$"):
                call()


# --- for any network and any calendar -------------------------------------------------------------------


def last_finish(spans):
    return max(finish for _, finish in spans.values())


class TestSchedule:
    @given(networks(), SOME_DAYS, SOME_DAYS, CALENDARS)
    def test_dates_keep_order_duration_and_days_off(self, steps, start_on, finish_on, calendar):
        schedule = schedule_backward(steps, start_on=start_on, finish_on=finish_on, calendar=calendar)
        earliest = {k: (row.earliest_start_on, row.earliest_finish_on) for k, row in schedule.steps.items()}
        for spans in (earliest, latest(schedule)):
            assert_in_order(steps, spans)
            for step in steps:
                assert_lasts(step, spans[step.key], calendar)
        assert min(first for first, _ in earliest.values()) >= start_on
        assert last_finish(latest(schedule)) <= finish_on
        assert earliest == schedule_forward(steps, start_on=start_on, calendar=calendar)

    @given(networks(), SOME_DAYS, SOME_DAYS, CALENDARS)
    def test_no_slack_is_negative_exactly_when_feasible(self, steps, start_on, finish_on, calendar):
        schedule = schedule_backward(steps, start_on=start_on, finish_on=finish_on, calendar=calendar)
        feasible = last_finish(schedule_forward(steps, start_on=start_on, calendar=calendar)) <= finish_on
        assert schedule.feasible == feasible
        assert all(row.slack_days >= 0 for row in schedule.steps.values()) == feasible
        assert (schedule.days_in_hand >= 0) == feasible
        assert (start_on <= schedule.latest_start_on) == feasible
        assert schedule.verdict.startswith("可行" if feasible else "不可行")
        for row in schedule.steps.values():
            assert (row.slack_days >= 0) == (row.earliest_start_on <= row.latest_start_on)
            assert (row.slack_days == 0) == (row.earliest_start_on == row.latest_start_on)

    @given(networks(), SOME_DAYS, CALENDARS)
    def test_forward_from_the_latest_starts_gives_the_latest_finishes(self, steps, finish_on, calendar):
        schedule = schedule_backward(steps, start_on=finish_on, finish_on=finish_on, calendar=calendar)
        spans = schedule_forward(
            steps,
            start_on=schedule.latest_start_on,
            calendar=calendar,
            not_before={key: row.latest_start_on for key, row in schedule.steps.items()},
        )
        assert spans == latest(schedule)

    @given(networks(), SOME_DAYS, CALENDARS)
    def test_the_latest_start_keeps_the_finish_and_the_day_after_does_not(self, steps, finish_on, calendar):
        start_on = schedule_backward(
            steps, start_on=finish_on, finish_on=finish_on, calendar=calendar
        ).latest_start_on
        assert last_finish(schedule_forward(steps, start_on=start_on, calendar=calendar)) <= finish_on
        day_after = start_on + ONE_DAY
        assert last_finish(schedule_forward(steps, start_on=day_after, calendar=calendar)) > finish_on

    @given(one_kind(), SOME_DAYS, CALENDARS)
    def test_forward_after_backward_gives_the_same_finish(self, steps, finish_on, calendar):
        schedule = schedule_backward(steps, start_on=finish_on, finish_on=finish_on, calendar=calendar)
        spans = schedule_forward(steps, start_on=schedule.latest_start_on, calendar=calendar)
        assert last_finish(spans) == last_finish(latest(schedule))
        if steps[0].kind is CALENDAR or calendar.is_working(finish_on):
            assert last_finish(spans) == finish_on


class TestCriticalPath:
    @given(networks(), SOME_DAYS, SOME_DAYS, CALENDARS)
    def test_is_one_chain_that_alone_takes_as_long_as_the_whole(self, steps, start_on, finish_on, calendar):
        schedule = schedule_backward(steps, start_on=start_on, finish_on=finish_on, calendar=calendar)
        by_key, path = {step.key: step for step in steps}, schedule.critical_path
        assert not by_key[path[0]].predecessors
        assert all(before in by_key[after].predecessors for before, after in pairwise(path))
        assert all(schedule.steps[key].is_critical for key in path)
        chain = [
            NetworkStep(key, key, by_key[key].duration, by_key[key].kind, (path[n - 1],) if n else ())
            for n, key in enumerate(path)
        ]
        spans = schedule_forward(chain, start_on=start_on, calendar=calendar)
        assert spans[path[-1]][1] == last_finish(spans) == schedule.earliest_finish_on

    @given(networks(kinds=(WORKING,), shortest=1), SOME_DAYS, SOME_DAYS, CALENDARS)
    def test_its_durations_add_up(self, steps, start_on, finish_on, calendar):
        schedule = schedule_backward(steps, start_on=start_on, finish_on=finish_on, calendar=calendar)
        durations = {step.key: step.duration for step in steps}
        assert sum(durations[key] for key in schedule.critical_path) == calendar.count(
            start_on - ONE_DAY, schedule.earliest_finish_on
        )

    @given(one_kind(), SOME_DAYS, SOME_DAYS, CALENDARS)
    def test_critical_are_the_steps_of_least_slack_of_one_kind(self, steps, start_on, finish_on, calendar):
        rows = schedule_backward(
            steps, start_on=start_on, finish_on=finish_on, calendar=calendar
        ).steps.values()
        least = min(row.slack_days for row in rows)
        assert all(row.is_critical == (row.slack_days == least) for row in rows)
