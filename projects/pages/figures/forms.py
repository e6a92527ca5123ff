"""Forms of baselines, targets, publications and dashboards (指标)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from projects.models import AnnualList, BaselineCurve
from projects.models.lists.listings import BUILT_IN_BASELINES
from projects.money import format_wan
from projects.periods import TenDayPeriod, last_of_month
from projects.rules.targets import ZERO

from ..base.fields import DayField

# --- baselines ------------------------------------------------------------------------------------------

ROWS = 36
SHOWN = 12  # rows open at once; the rest unfolds
LEAP_YEAR = 2024
CURVE = "curve-"
PointFields = tuple[forms.BoundField, forms.BoundField, forms.BoundField]  # month, day, share


class CurveForm(forms.Form):
    """A curve's name, source and points; empty rows count as not there."""

    name = forms.CharField(label="名称", max_length=40)
    source = forms.CharField(
        label="出处", max_length=160, required=False, help_text="文件名称、文号，或哪个地区哪一年的做法。"
    )
    is_joined = forms.BooleanField(
        label="各时点之间按直线连接", required=False, help_text="不勾选为阶梯：到时点当日才计入。"
    )

    def __init__(self, *, curve: BaselineCurve | None = None, initial: dict[str, Any], **kwargs: Any) -> None:
        if curve is not None:
            initial = {"name": curve.name, "source": curve.source, "is_joined": curve.is_joined} | initial
        super().__init__(initial=initial, **kwargs)
        points = curve.points if curve is not None else []
        for number in range(ROWS):
            month, day, share = points[number] if number < len(points) else (None, None, None)
            words = f"第{number + 1}个时点"
            self.fields[f"month{number}"] = _number(f"{words}月", month, 1, 12)
            self.fields[f"day{number}"] = _number(f"{words}日", day, 1, 31)
            percent = None if share is None else f"{(Decimal(share) * 100).normalize():f}"
            self.fields[f"share{number}"] = forms.DecimalField(
                label=f"{words}累计占比",
                initial=percent,
                required=False,
                min_value=0,
                max_value=100,
                max_digits=9,
                decimal_places=6,
                widget=_input(f"{words}累计占比（%）"),
            )

    def clean(self) -> dict[str, Any]:
        """A row is whole or empty."""
        for number in range(ROWS):
            names = [f"{part}{number}" for part in ("month", "day", "share")]
            given = [self.cleaned_data.get(name) is not None for name in names]
            if any(given) and not all(given) and not any(name in self.errors for name in names):
                self.add_error(names[given.index(False)], f"第{number + 1}个时点请填全月、日和累计占比。")
        return self.cleaned_data

    def points(self) -> list[tuple[int, int, Decimal]]:
        found = self.cleaned_data
        return [
            (found[f"month{number}"], found[f"day{number}"], (found[f"share{number}"] / 100).normalize())
            for number in range(ROWS)
            if found.get(f"share{number}") is not None
        ]

    @property
    def rows(self) -> list[PointFields]:
        return [
            (self[f"month{number}"], self[f"day{number}"], self[f"share{number}"]) for number in range(ROWS)
        ]

    @property
    def shown_rows(self) -> list[PointFields]:
        return self.rows[:SHOWN]

    @property
    def folded_rows(self) -> list[PointFields]:
        return self.rows[SHOWN:]


def _input(words: str) -> forms.TextInput:
    return forms.TextInput(attrs={"class": "num", "aria-label": words})


def _number(words: str, initial: int | None, least: int, most: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=words, initial=initial, required=False, min_value=least, max_value=most, widget=_input(words)
    )


class ListPlanForm(forms.Form):
    """A list's own plan by month ends, cumulative; months left empty are no steps, so quarters need but four."""

    source = forms.CharField(
        label="出处", max_length=160, required=False, help_text="下达计划的文件名称、文号。"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for month in range(1, 13):
            self.fields[f"month{month}"] = forms.DecimalField(
                label=f"{month}月末累计",
                required=month == 12,
                min_value=0,
                max_digits=16,
                decimal_places=2,
                widget=_input(f"{month}月末累计"),
            )

    @property
    def rows(self) -> list[forms.BoundField]:
        return [self[f"month{month}"] for month in range(1, 13)]

    def cumulative(self) -> list[tuple[int, int, Decimal]]:
        return [
            (month, last_of_month(LEAP_YEAR, month).day, amount)
            for month in range(1, 13)
            if (amount := self.cleaned_data.get(f"month{month}")) is not None
        ]


class ChooseForm(forms.Form):
    """Which baseline a list follows: a built-in one, a common curve, or a plan of its own."""

    fields: dict[str, Any]
    to = forms.ChoiceField(label="序时口径")

    def __init__(self, data: Any, *, annual_list: AnnualList, curves: Sequence[BaselineCurve]) -> None:
        super().__init__(data, initial={"to": key_of(annual_list)})
        self.annual_list = annual_list
        self.curves = {f"{CURVE}{curve.pk}": curve for curve in curves}
        choices = [*BUILT_IN_BASELINES, *((key, curve.name) for key, curve in self.curves.items())]
        self.fields["to"].choices = choices

    def chosen(self) -> dict[str, Any]:
        """baseline and curve as services.baselines.choose_baseline takes them."""
        key = self.cleaned_data["to"]
        if key in self.curves:
            return {"baseline": "ten_day", "curve": self.curves[key]}
        return {"baseline": key, "curve": self.annual_list.curve if key == "own_plan" else None}


def key_of(annual_list: AnnualList) -> str:
    """The choice that stands for what a list follows now."""
    if annual_list.curve_id and annual_list.baseline != "own_plan":
        return f"{CURVE}{annual_list.curve_id}"
    return annual_list.baseline


# --- targets --------------------------------------------------------------------------------------------


class TargetForm(forms.Form):
    """36 amounts in 万元, the day from which they hold, and why; the first `held` amounts are closed to the person."""

    effective_on = DayField(label="生效日期", help_text="自该日起按新的分解考核，此前各日仍按原分解。")
    reason = forms.CharField(
        label="说明", max_length=200, required=False, help_text="调整已结束各旬的目标或追溯生效时必填。"
    )

    def __init__(self, *args: Any, year: int, present: Sequence[Decimal], held: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year, self.present, self.held = year, present, held
        for period, amount in zip(TenDayPeriod.of_year(year), present, strict=True):
            self.fields[f"t{period.index}"] = forms.DecimalField(
                label=period.words,
                initial=amount,
                required=False,
                min_value=0,
                max_digits=16,
                decimal_places=2,
                disabled=period.index <= held,
                widget=forms.TextInput(attrs={"class": "num", "aria-label": f"{period.words}目标（万元）"}),
            )

    def amounts(self) -> tuple[Decimal, ...]:
        """The 36 amounts as given; what is empty or no number counts as 0 (its own error says so)."""
        if not self.is_bound:
            return tuple(self.get_initial_for_field(self.fields[name], name) for name in self._names())
        self.is_valid()
        return tuple(self.cleaned_data.get(name) or ZERO for name in self._names())

    @property
    def total(self) -> Decimal:
        return sum(self.amounts(), ZERO)

    def filled(self, amounts: Sequence[Decimal]) -> "TargetForm":
        """The same form with other amounts, not yet sent; day and reason as typed."""
        typed = {name: self.data.get(name) for name in ("effective_on", "reason")}
        initial = typed | dict(zip(self._names(), amounts, strict=True))
        return TargetForm(year=self.year, present=self.present, held=self.held, initial=initial)

    def months(self, closed: int) -> list[tuple[str, list[tuple[forms.BoundField, bool]], str]]:
        """(month, its three fields with whether each period has closed, Σ of the month) for the table."""
        amounts = self.amounts()
        return [
            (
                f"{month + 1}月",
                [(self[f"t{place + 1}"], place < closed) for place in range(month * 3, month * 3 + 3)],
                format_wan(sum(amounts[month * 3 : month * 3 + 3], ZERO)),
            )
            for month in range(12)
        ]

    @staticmethod
    def _names() -> list[str]:
        return [f"t{number}" for number in range(1, TenDayPeriod.PER_YEAR + 1)]


# --- publications ---------------------------------------------------------------------------------------


class SealForm(forms.Form):
    """A name and a day; what cannot be sealed is the service's to refuse."""

    name = forms.CharField(label="名称", max_length=80, help_text="如：2023年9月月报、10月新闻发布会。")
    as_of = DayField(label="统计日", help_text="封存截至该日的名单和已确认旬报数据。")
