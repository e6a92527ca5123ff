"""Amounts and rates: exact, sums over sums, one rounding at the end."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.money import (
    Ratio,
    format_wan,
    format_yi,
    gap_points,
    gap_sentence,
    gap_words,
    parse_amount,
    round_half_up,
)

AMOUNTS = st.decimals(min_value=0, max_value=10**10, places=2)


class TestRounding:
    @pytest.mark.parametrize(
        ("value", "places", "expected"),
        [
            (Decimal("0.05"), 1, "0.1"),
            (Decimal("0.049"), 1, "0.0"),
            (Decimal("-0.05"), 1, "-0.1"),
            (Decimal("-0.04"), 1, "0.0"),
            (Decimal("2.5"), 0, "3"),
            (Decimal("3.5"), 0, "4"),
            (Fraction(2, 3), 2, "0.67"),
            (7, 1, "7.0"),
        ],
    )
    def test_halves_go_away_from_zero(self, value, places, expected):
        assert str(round_half_up(value, places)) == expected

    def test_a_float_is_refused(self):
        with pytest.raises(TypeError):
            round_half_up(0.1, 1)

    @given(st.fractions(), st.integers(0, 4))
    def test_never_moves_by_more_than_half_a_step(self, value, places):
        assert abs(Fraction(round_half_up(value, places)) - value) <= Fraction(1, 2 * 10**places)
        assert round_half_up(-value, places) == round_half_up(value, places).copy_negate()


class TestRatio:
    @pytest.mark.parametrize(
        ("numerator", "denominator", "places", "words"),
        [
            (418_000, 575_800, 1, "72.6%"),  # 省级重点, October 2023
            (1_400_000, 1_699_000, 1, "82.4%"),  # 市级重大
            (30, 32, 1, "93.8%"),
            (84, 86, 2, "97.67%"),  # 技改 shows two decimals
            (14, 14, 1, "100%"),
            (Decimal("629.0"), Decimal("647.4"), 1, "97.2%"),  # 江门
            (206, 255, 1, "80.8%"),
            (9_996, 10_000, 1, "100.0%"),  # nearly all is not all
            (3, 2, 1, "150%"),
            (0, 5, 1, "0%"),
            (5, 0, 1, "—"),
            (0, 0, 1, "—"),
        ],
    )
    def test_words(self, numerator, denominator, places, words):
        assert Ratio(numerator, denominator).words(places) == words

    def test_without_denominator_there_is_no_rate(self):
        assert Ratio(5, 0).value is None
        assert Ratio(5, 0).percent() is None

    def test_percent_rounds_half_up_once(self):
        assert Ratio(30, 32).percent() == Decimal("93.8")  # 93.75
        assert Ratio(8245, 10000).percent() == Decimal("82.5")
        assert Ratio(82449, 100000).percent() == Decimal("82.4")  # not by way of 82.45

    @given(st.lists(st.tuples(AMOUNTS, AMOUNTS)))
    def test_total_is_sum_over_sum(self, pairs):
        total = Ratio.total(Ratio(done, planned) for done, planned in pairs)
        assert total.numerator == sum(done for done, _ in pairs)
        assert total.denominator == sum(planned for _, planned in pairs)


class TestGap:
    @pytest.mark.parametrize(
        ("done", "pro_rata", "sentence"),
        [
            (Ratio(1_400_000, 1_699_000), Fraction(28, 36), "快于序时4.6个百分点"),
            (Ratio(Decimal("629.0"), Decimal("647.4")), Ratio(10, 12), "快于序时13.8个百分点"),
            (Ratio(418_000, 575_800), Fraction(28, 36), "慢于序时5.2个百分点"),
            (Ratio(28, 36), Fraction(28, 36), "与序时持平"),
            (Ratio(70_04, 100_00), Decimal("0.70"), "与序时持平"),
            (Ratio(70_05, 100_00), Decimal("0.70"), "快于序时0.1个百分点"),
            (Ratio(1, 0), Fraction(1, 2), "—"),
        ],
    )
    def test_sentence(self, done, pro_rata, sentence):
        assert gap_sentence(gap_points(done, pro_rata)) == sentence

    def test_is_taken_from_unrounded_rates(self):
        # 72.64 - 70.06 = 2.58, though the printed rates 72.6 and 70.1 differ by 2.5
        assert gap_points(Ratio(7264, 10000), Decimal("0.7006")) == Decimal("2.6")

    @given(AMOUNTS, AMOUNTS, st.fractions(0, 1, max_denominator=366), st.integers(0, 3))
    def test_is_the_difference_of_the_exact_rates_rounded_once(self, done, planned, share, places):
        expected = (
            round_half_up((Fraction(done) / Fraction(planned) - share) * 100, places) if planned else None
        )
        assert gap_points(Ratio(done, planned), share, places) == expected

    @pytest.mark.parametrize(("points", "words"), [("0.1", "快于"), ("-0.1", "慢于"), ("0.0", "持平")])
    def test_words(self, points, words):
        assert gap_words(Decimal(points)) == words


class TestParseAmount:
    @pytest.mark.parametrize(
        ("value", "unit", "expected"),
        [
            (12_000, "万元", "12000.00"),
            (41.8, "亿元", "418000.00"),
            (0.1 + 0.2, "万元", "0.30"),
            (Decimal("12.345"), "万元", "12.35"),
            (Decimal("12.344"), "万元", "12.34"),
            ("1,712,000", "万元", "1712000.00"),
            ("１，７１２，０００", "万元", "1712000.00"),
            ("约 1.2 亿元", "万元", "12000.00"),
            ("1.2亿", "元", "12000.00"),
            ("500万元", "亿元", "500.00"),
            ("500万", "亿元", "500.00"),
            ("12000", "元", "1.20"),
            ("1000", "千元", "100.00"),
            ("-3.5", "万元", "-3.50"),
            (0, "万元", "0.00"),
        ],
    )
    def test_converts_exactly(self, value, unit, expected):
        assert str(parse_amount(value, unit)) == expected

    @pytest.mark.parametrize("value", [None, "", " ", "—", "--", "/", "无"])
    def test_empty_is_none_and_not_zero(self, value):
        assert parse_amount(value) is None

    @pytest.mark.parametrize(
        "value",
        ["abc", "1,2", "1.2.3", "12万亩", "未开工", True, float("nan"), float("inf"), []],
    )
    def test_nonsense_is_refused_in_words(self, value):
        self.refused(value)

    @pytest.mark.parametrize("value", ["①", "⑩", "²", "5000①", "10²"])
    def test_a_footnotes_mark_is_no_digit(self, value):
        self.refused(value)

    def refused(self, value):
        with pytest.raises(ValueError, match="不是金额") as refused:
            parse_amount(value)
        assert f"“{value}”" in str(refused.value)

    def test_an_unknown_unit_is_refused(self):
        with pytest.raises(ValueError, match="金额单位“美元”"):
            parse_amount(1, "美元")

    @given(AMOUNTS)
    def test_reads_back_what_it_writes(self, amount):
        assert parse_amount(format_wan(amount)) == amount


class TestFormat:
    @pytest.mark.parametrize(
        ("amount", "wan", "yi"),
        [
            (Decimal("1712000.00"), "1,712,000", "171.2"),
            (Decimal("11950000"), "11,950,000", "1195"),
            (Decimal("1234.50"), "1,234.50", "0.12"),
            (Decimal("50"), "50", "0.01"),
            (Decimal("49.99"), "49.99", "0"),
            (Decimal("1000000"), "1,000,000", "100"),
            (Decimal("-1200"), "-1,200", "-0.12"),
            (0, "0", "0"),
            (None, "—", "—"),
        ],
    )
    def test_wan_and_yi(self, amount, wan, yi):
        assert (format_wan(amount), format_yi(amount)) == (wan, yi)
