"""Scoring rules (计分规则): within bounds, monotone, adding up, indifferent to order."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.rules.scoring import (
    ItemRule,
    PeriodKind,
    PointsRule,
    ScoredPeriod,
    TieRule,
    ranks,
    total_points,
    weight_gap,
)

points = st.decimals(0, 100, places=2)
values = st.fractions(-500, 500, max_denominator=1000)


@st.composite
def item_rules(draw):
    weight = draw(points)
    zero_at = draw(st.decimals(-100, 99, places=2))
    return ItemRule(
        draw(st.sampled_from(PointsRule)),
        weight,
        full_at=zero_at + draw(st.decimals("0.01", 100, places=2)),
        zero_at=zero_at,
        per_point=draw(st.decimals("0.01", 10, places=2)),
        floor=weight - draw(points),
        cap=weight + draw(points),
    )


@given(item_rules(), values)
def test_points_stay_within_floor_and_cap(rule, value):
    assert rule.floor <= rule.points(value) <= rule.highest


@given(item_rules(), values, values)
def test_a_higher_value_never_scores_lower(rule, one, other):
    low, high = sorted((one, other))
    assert rule.points(low) <= rule.points(high)


@given(item_rules())
def test_the_full_value_scores_the_weight(rule):
    assert rule.points(rule.full_at) == rule.weight


@pytest.mark.parametrize(
    ("value", "expected"),
    [(60, "0.00"), (59, "0.00"), (80, "10.00"), (100, "20.00"), (120, "20.00"), (Fraction(200, 3), "3.33")],
)
def test_linear_between_zero_and_full(value, expected):
    rule = ItemRule(PointsRule.LINEAR, Decimal(20), full_at=Decimal(100), zero_at=Decimal(60))
    assert rule.points(value) == Decimal(expected)


@pytest.mark.parametrize(("value", "expected"), [(4, "35.00"), (0, "35.00"), (-6, "23.00"), (-90, "-5.00")])
def test_deduction_per_point_down_to_the_floor(value, expected):
    rule = ItemRule(
        PointsRule.DEDUCTION, Decimal(35), full_at=Decimal(0), per_point=Decimal(2), floor=Decimal(-5)
    )
    assert rule.points(value) == Decimal(expected)


def test_without_a_value_there_are_no_points():
    assert ItemRule(PointsRule.LINEAR, Decimal(20), full_at=Decimal(100)).points(None) is None


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"weight": Decimal(-1)}, "权重不能为负数"),
        ({"floor": Decimal(21)}, "最低分不能高于权重"),
        ({"cap": Decimal(19)}, "最高分不能低于权重"),
        ({"zero_at": Decimal(100)}, "零分值须低于满分值"),
        ({"method": PointsRule.DEDUCTION}, "每差一个单位扣几分"),
    ],
)
def test_numbers_that_make_no_rule_are_refused(fields, words):
    given_fields = {"method": PointsRule.LINEAR, "weight": Decimal(20), "full_at": Decimal(100)} | fields
    with pytest.raises(ValueError, match=words):
        ItemRule(**given_fields)


weighted = st.lists(st.tuples(points, st.decimals("0.01", 50, places=2)), min_size=1, max_size=6)


@given(weighted)
def test_full_marks_on_every_item_are_the_full_marks(parts):
    full = [(weight, weight) for _score, weight in parts]
    assert total_points(full, full_marks=Decimal(100)) == 100


@given(weighted, st.randoms())
def test_the_order_of_items_does_not_matter(parts, random):
    shuffled = list(parts)
    random.shuffle(shuffled)
    assert total_points(parts, full_marks=Decimal(100)) == total_points(shuffled, full_marks=Decimal(100))


@given(weighted)
def test_with_every_item_scored_the_total_is_the_sum(parts):
    weights = sum(weight for _score, weight in parts)
    assert total_points(parts, full_marks=weights) == sum(score for score, _weight in parts)


def test_an_item_without_anything_due_spreads_its_weight():
    parts = [(Decimal(30), Decimal(40)), (None, Decimal(40)), (Decimal(20), Decimal(20))]
    assert total_points(parts, full_marks=Decimal(100)) == Decimal("83.33")
    assert total_points([(None, Decimal(40))], full_marks=Decimal(100)) is None


def test_what_is_taken_off_never_leads_below_nothing():
    parts = [(Decimal(1), Decimal(100))]
    assert total_points(parts, full_marks=Decimal(100), bonus=Decimal(-5)) == 0
    assert total_points(parts, full_marks=Decimal(100), bonus=Decimal("2.5")) == Decimal("3.5")


def test_equal_totals_share_a_rank_and_the_next_is_skipped():
    results = {1: (Decimal(90), Decimal(30)), 2: (Decimal(90), Decimal(40)), 3: (Decimal(80), Decimal(40))}
    assert ranks(results, TieRule.SAME_RANK) == {1: 1, 2: 1, 3: 3}
    assert ranks(results, TieRule.NEXT_FIGURE) == {1: 2, 2: 1, 3: 3}


@given(
    st.dictionaries(st.integers(1, 30), st.tuples(points, points), min_size=1),
    st.sampled_from(TieRule),
    st.randoms(),
)
def test_ranks_depend_on_no_order_and_follow_the_totals(results, rule, random):
    shuffled = list(results.items())
    random.shuffle(shuffled)
    found = ranks(dict(shuffled), rule)
    assert found == ranks(results, rule)
    assert min(found.values()) == 1
    for one, other in zip(results, list(results)[1:], strict=False):
        if results[one][0] > results[other][0]:
            assert found[one] < found[other]


def test_weights_are_held_against_the_full_marks():
    assert weight_gap([Decimal(60), Decimal(40)], Decimal(100)) == 0
    assert weight_gap([Decimal(60), Decimal(35)], Decimal(100)) == -5


@pytest.mark.parametrize(
    ("kind", "number", "first", "last", "words"),
    [
        ("quarter", 1, (1, 1), (3, 31), "2023年一季度"),
        ("quarter", 4, (10, 1), (12, 31), "2023年四季度"),
        ("half", 1, (1, 1), (6, 30), "2023年上半年"),
        ("half", 2, (7, 1), (12, 31), "2023年下半年"),
        ("year", 1, (1, 1), (12, 31), "2023年度"),
    ],
)
def test_periods_know_their_days(kind, number, first, last, words):
    period = ScoredPeriod(2023, kind, number)
    assert (period.first_on, period.last_on) == (dt.date(2023, *first), dt.date(2023, *last))
    assert period.words == words
    assert ScoredPeriod.parse(period.code) == period


@pytest.mark.parametrize(
    "code", ["", "2023", "2023-Q5", "2023-X1", "2023-Y2", "²³-Q1", "2023-Q", "2023-Q12", "0000-Q1"]
)
def test_what_is_no_period_is_refused(code):
    with pytest.raises(ValueError, match=r"^no "):
        ScoredPeriod.parse(code)


def test_a_period_kind_has_so_many_numbers():
    with pytest.raises(ValueError, match="number 3"):
        ScoredPeriod(2023, PeriodKind.HALF, 3)
