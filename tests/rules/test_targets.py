"""Targets by 旬, 月, 季, 年 as pure rules: states, shortfalls, pace, splits to the cent."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.periods import TenDayPeriod
from projects.rules import BUILT_IN_BASELINES, QUARTERLY_2022, pro_rata
from projects.rules.targets import (
    PERIODS,
    TargetLevel,
    TargetState,
    TargetYear,
    fit_rest,
    split_by_shares,
    spread,
)

AMOUNT = st.decimals(0, 100_000, places=2)
AMOUNTS = st.lists(AMOUNT, min_size=PERIODS, max_size=PERIODS)
TEN, MONTH, QUARTER, YEAR = TargetLevel
S = TargetState


def year_of(targets: dict[int, int], done: list, now=None, **fields) -> TargetYear:
    """A year of a few targets by place, and the cumulative amounts of its closed periods."""
    amounts = [Decimal(targets.get(place, 0)) for place in range(PERIODS)]
    values = [None if amount is None else Decimal(amount) for amount in done]
    return TargetYear(amounts, values + [None] * (PERIODS - len(done)), len(done), now, **fields)


def steady(*done, **fields) -> TargetYear:
    return year_of(dict.fromkeys(range(PERIODS), 10), list(done), **fields)


def states(year: TargetYear, level=TEN) -> list[str]:
    return [cell.state for cell in year.cells(level)]


def test_a_period_is_met_short_or_made_up_by_the_cumulative_amount_at_its_close():
    year = steady(10, 15, 30, 35)
    assert states(year)[:6] == [S.MET, S.MADE_UP, S.MET, S.SHORT, S.RUNNING, S.FUTURE]


def test_what_falls_short_at_the_end_of_a_month_is_made_up_by_the_month_within_the_quarter():
    year = steady(10, 20, 25, 40, 50, 60)
    assert states(year)[:3] == [
        S.MET,
        S.MET,
        S.SHORT,
    ]  # a month's last period has nothing after it to catch up in
    assert states(year, MONTH)[:2] == [S.MADE_UP, S.MET]
    assert year.cell(MONTH, 0).shortfall == 5
    assert year.cell(TEN, 3).carried == 5


def test_a_quarter_is_made_up_within_the_year_and_the_year_never():
    quarter_late = steady(*[0] * 9, *(100 + 10 * number for number in range(27)))
    assert states(quarter_late, QUARTER) == [S.MADE_UP, S.MET, S.MET, S.MET]
    year_late = steady(*[0] * 35, 359)
    assert states(year_late, YEAR) == [S.SHORT]
    assert year_late.cell(YEAR, 0).shortfall == 1


def test_before_the_first_report_nothing_is_known_and_nobody_is_called_short():
    year = steady(None, None, 30)
    assert states(year)[:3] == [S.UNREPORTED, S.UNREPORTED, S.MET]
    first, _, third = year.cells(TEN)[:3]
    assert (first.done, first.shortfall) == (None, None)
    assert (third.done, third.carried) == (None, None)
    assert year.cell(MONTH, 0).done == 30


def test_a_cell_without_target_says_so_and_a_year_that_has_not_begun_is_all_future():
    assert states(year_of({0: 10}, [10, 10]))[:3] == [S.MET, S.NO_TARGET, S.NO_TARGET]
    assert set(states(steady(begun=False))) == {S.FUTURE}
    assert set(states(steady(begun=False), YEAR)) == {S.FUTURE}


def test_the_running_cell_counts_what_is_known_before_its_close():
    year = steady(10, now=Decimal(18))
    running = year.cell(TEN, 1)
    assert (running.state, running.done, running.carried, running.shortfall) == (S.RUNNING, 8, 0, 0)
    assert year.cell(YEAR, 0).done == 18


def test_the_pace_is_what_is_left_over_the_periods_left():
    year = steady(10, 15)
    month, quarter, whole = (year.pace(level) for level in (MONTH, QUARTER, YEAR))
    assert (month.remaining, month.periods, month.each) == (15, 1, 15)
    assert (quarter.remaining, quarter.periods, quarter.each) == (75, 7, Decimal("10.72"))
    assert (whole.remaining, whole.periods) == (345, 34)
    assert steady(*range(10, 370, 10)).pace(YEAR) is None
    assert steady(500).pace(YEAR).each == 0


@given(AMOUNTS, st.lists(AMOUNT, max_size=PERIODS))
def test_the_cells_of_a_level_add_up_to_the_level_above(targets, steps):
    done, total = [], Decimal(0)
    for step in steps:
        total += step
        done.append(total)
    year = TargetYear(targets, done + [None] * (PERIODS - len(done)), len(done))
    for level in (TEN, MONTH, QUARTER):
        inner, per = year.cells(level), level.larger.size // level.size
        for cell in year.cells(level.larger):
            parts = inner[cell.number * per : (cell.number + 1) * per]
            assert sum(part.target for part in parts) == cell.target
            assert sum(part.done or 0 for part in parts) == (cell.done or 0)
            assert parts[0].carried == cell.carried


@given(AMOUNTS, st.lists(AMOUNT, min_size=1, max_size=PERIODS), st.sampled_from(TargetLevel))
def test_made_up_never_erases_and_short_is_never_without_a_shortfall(targets, done, level):
    """Also with corrections downwards: the cumulative amounts are in no order."""
    year = TargetYear(targets, done + [None] * (PERIODS - len(done)), len(done))
    cells = year.cells(level)
    assert len(cells) == PERIODS // level.size
    for cell in cells:
        if cell.state in {S.MADE_UP, S.SHORT}:
            assert cell.shortfall > 0
        if cell.state is S.MET:
            assert cell.shortfall == 0


@given(AMOUNTS, st.lists(AMOUNT, max_size=PERIODS - 1), st.sampled_from(TargetLevel))
def test_keeping_the_required_pace_covers_the_remainder_and_a_cent_less_does_not(targets, done, until):
    pace = TargetYear(targets, done + [None] * (PERIODS - len(done)), len(done)).pace(until)
    assert pace.each * pace.periods >= pace.remaining
    assert pace.each == 0 or (pace.each - Decimal("0.01")) * pace.periods < pace.remaining


@given(st.decimals(0, 10**9, places=2), st.sampled_from([*BUILT_IN_BASELINES, QUARTERLY_2022]))
def test_a_plan_split_by_a_curve_adds_up_to_the_cent(plan, rule):
    shares = [pro_rata(period.last_on, 2023, rule) for period in TenDayPeriod.of_year(2023)]
    targets = split_by_shares(plan, shares)
    assert len(targets) == PERIODS
    assert sum(targets) == plan
    assert min(targets) >= 0
    for number in range(PERIODS):
        assert abs(Fraction(sum(targets[: number + 1])) - Fraction(plan) * shares[number]) <= Fraction(1, 200)


@given(st.decimals(0, 10**6, places=2), st.integers(1, 36))
def test_an_even_spread_adds_up_and_its_parts_differ_by_a_cent_at_most(amount, periods):
    parts = spread(amount, periods)
    assert sum(parts) == amount
    assert max(parts) - min(parts) <= Decimal("0.01")


@given(st.decimals(0, 10**6, places=2), AMOUNTS, st.integers(0, 36))
def test_the_rest_goes_to_the_open_periods_alone(plan, targets, closed):
    try:
        fitted = fit_rest(plan, targets, closed)
    except ValueError:
        assert sum(targets[:closed]) > plan or closed == PERIODS
    else:
        assert sum(fitted) == plan
        assert list(fitted[:closed]) == targets[:closed]
        assert min(fitted) >= 0


def test_a_rest_that_no_period_can_take_is_refused_with_the_difference():
    with pytest.raises(ValueError, match="超过年度计划"):
        fit_rest(Decimal(5), [Decimal(10), *[Decimal(0)] * 35], 1)
    with pytest.raises(ValueError, match="无处可摊"):
        fit_rest(Decimal(500), [Decimal(10)] * 36, 36)


def test_cells_are_named_as_people_say_them():
    year = steady()
    assert [year.cell(level, 0).words for level in TargetLevel] == ["1月上旬", "1月", "一季度", "全年"]
    assert year.cell(TEN, 35).words == "12月下旬"
    assert year.current(MONTH).words == "1月"
