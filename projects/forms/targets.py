"""The form of a project's split (目标分解): twelve months of three periods."""

from collections.abc import Sequence
from decimal import Decimal

from django import forms

from projects.money import format_wan
from projects.periods import TenDayPeriod
from projects.rules.targets import ZERO

from .fields import DayField


class TargetForm(forms.Form):
    """36 amounts in 万元, the day from which they hold, and why; the first `held` amounts are closed to the person."""

    effective_on = DayField(label="生效日期", help_text="自该日起按新的分解考核，此前各日仍按原分解。")
    reason = forms.CharField(
        label="说明", max_length=200, required=False, help_text="调整已结束各旬的目标或追溯生效时必填。"
    )

    def __init__(self, *args, year: int, present: Sequence[Decimal], held: int, **kwargs):
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
