"""Amounts and rates (金额与比率): exact values in 万元, sums over sums, one rounding at the very end."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Self

WAN_PER_UNIT = {
    "万元": Fraction(1),
    "亿元": Fraction(10_000),
    "千元": Fraction(1, 10),
    "元": Fraction(1, 10_000),
}
_EMPTY = re.compile(r"[-—–―/\\]*|无|暂无|待定")
_AMOUNT = re.compile(
    r"(?:约|¥|人民币)*(?P<number>[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|[-+]?\.\d+)(?P<unit>亿元?|万元?|千元|元)?"
)

Exact = Decimal | Fraction | int


def round_half_up(value: Exact, places: int) -> Decimal:
    """Round half away from zero (四舍五入), exactly: 0.05 → 0.1, -0.05 → -0.1. Floats are refused."""
    if isinstance(value, float):
        raise TypeError("a float is never exact: pass Decimal, int or Fraction")
    return _rounded(*value.as_integer_ratio(), places)


def _rounded(above: int, below: int, places: int) -> Decimal:
    """above / below rounded half up, in whole numbers throughout: figures ask this of every project and cell."""
    if below < 0:
        above, below = -above, -below
    whole = (2 * abs(above) * 10**places + below) // (2 * below)
    return Decimal(f"{whole if above >= 0 else -whole}E-{places}")


@dataclass(frozen=True)
class Ratio:
    """A rate (比率) that keeps its numerator and denominator, so that rates add up as sums over sums.

    Above 1 is normal and stays. With a zero denominator there is no rate: `value` is None, words are “—”.
    """

    numerator: Decimal | int
    denominator: Decimal | int

    @classmethod
    def total(cls, ratios: Iterable[Self]) -> Self:
        """Sum over sum of many (合计口径), never the mean of their rates."""
        return sum(ratios, cls(0, 0))

    @classmethod
    def exact(cls, share: Fraction) -> Self:
        """A share given as a fraction (序时进度), for the same words and rounding."""
        return cls(*share.as_integer_ratio())

    @property
    def value(self) -> Fraction | None:
        return Fraction(self.numerator) / Fraction(self.denominator) if self.denominator else None

    def percent(self, places: int = 1) -> Decimal | None:
        """In percent, rounded half up once: 82.4."""
        return None if self.value is None else round_half_up(self.value * 100, places)

    def words(self, places: int = 1) -> str:
        """For screens: 82.4%, 97.67%; an exact whole without decimals (100%); “—” without a denominator."""
        if self.value is None:
            return "—"
        exact = self.value * 100
        return f"{self.percent(0 if exact.denominator == 1 else places)}%"

    def __add__(self, other: "Ratio") -> "Ratio":
        if not isinstance(other, Ratio):
            return NotImplemented
        return type(self)(self.numerator + other.numerator, self.denominator + other.denominator)


def exact_gap(done: Ratio, pro_rata: Exact | None) -> Fraction | None:
    """The gap as it is before any rounding, in 个百分点: what thresholds and scores are taken from."""
    if done.value is None or pro_rata is None:
        return None
    return (done.value - Fraction(pro_rata)) * 100


def gap_points(done: Ratio, pro_rata: Ratio | Exact | None, places: int = 1) -> Decimal | None:
    """How far completion is ahead of 序时 (与序时差距), in 个百分点, negative when behind.

    Taken from the unrounded rates and rounded once. None when either rate does not exist.
    """
    expected = pro_rata.value if isinstance(pro_rata, Ratio) else pro_rata
    if not done.denominator or expected is None:
        return None
    above, per = done.numerator.as_integer_ratio()
    below, of = done.denominator.as_integer_ratio()
    due, share = expected.as_integer_ratio()
    return _rounded(100 * (above * of * share - below * per * due), below * per * share, places)


def pace_percent(done: Ratio, pro_rata: Exact) -> Fraction | None:
    """How much of 序时 is done (完成序时进度的百分比), unrounded: 55 of 100. None when either rate does not exist.

    None also while 序时 asks for nothing yet.
    """
    share = done.value
    if share is None or not pro_rata:
        return None
    return share * 100 / Fraction(pro_rata)


def gap_words(points: Decimal) -> str:
    """快于, 慢于 or 持平 for a rounded gap: what rounds to zero is level."""
    return "快于" if points > 0 else "慢于" if points < 0 else "持平"


def gap_sentence(points: Decimal | None) -> str:
    """快于序时4.6个百分点, 慢于序时2.0个百分点, 与序时持平; “—” when there is no gap to speak of."""
    if points is None:
        return "—"
    return f"{gap_words(points)}序时{abs(points)}个百分点" if points else "与序时持平"


def parse_amount(value: object, unit: str = "万元") -> Decimal | None:
    """Read an amount cell (金额) into 万元; `unit` is what the sheet says, a unit in the text wins.

    Exact: 1.2亿元 is 12000.00. Accepts thousands commas, full-width digits, spaces and 约. An empty cell,
    “—”, “/” or “无” is None. The conversion is exact, then half up to two decimals, which only drops
    amounts below 50 元. ValueError names the value in Chinese.
    """
    if unit not in WAN_PER_UNIT:
        raise ValueError(f"不认识的金额单位“{unit}”，可用：{'、'.join(WAN_PER_UNIT)}")
    if value is None:
        return None
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        number = Decimal(str(value))
        if number.is_finite():
            return round_half_up(Fraction(number) * WAN_PER_UNIT[unit], 2)
    if isinstance(value, str):
        plain = re.sub(r"\s+", "", _half_width(value))
        if _EMPTY.fullmatch(plain):
            return None
        if found := _AMOUNT.fullmatch(plain):
            written = found["unit"] and found["unit"].removesuffix("元") + "元"
            number = Decimal(found["number"].replace(",", ""))
            return round_half_up(Fraction(number) * WAN_PER_UNIT[written or unit], 2)
    raise ValueError(f"“{value}”不是金额，请填写数字，如 12000 或 1.2亿元")


def _half_width(text: str) -> str:
    """Full-width signs narrowed; ² and ① stay, for beside a number they mark a footnote (5000① is not 50001)."""
    return "".join(
        c if c.isnumeric() and not c.isdecimal() else unicodedata.normalize("NFKC", c) for c in text
    )


def format_wan(amount: Decimal | int | None) -> str:
    """An amount in 万元 for tables: 1,712,000; 1,234.50; “—” for none."""
    if amount is None:
        return "—"
    return f"{round_half_up(amount, 2):,}".removesuffix(".00")


def format_yi(amount: Decimal | int | None) -> str:
    """An amount in 万元 written in 亿元, at most two decimals and no idle zeros: 171.2, 1195, 0.05."""
    if amount is None:
        return "—"
    text = f"{round_half_up(Fraction(amount) / 10_000, 2):f}"
    return text.rstrip("0").rstrip(".")
