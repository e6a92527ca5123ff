"""The form of an indicator's month (登记指标进度)."""

from django import forms

from projects.measures.indicators import MONTHS
from projects.models import Indicator, IndicatorValue


class IndicatorValueForm(forms.Form):
    """The cumulative value of a month, the city's total, why where one is owed."""

    month = forms.TypedChoiceField(
        label="月份",
        coerce=int,
        choices=[(month, f"1—{month}月" if month > 1 else "1月") for month in MONTHS],
    )
    value = IndicatorValue._meta.get_field("value").formfield(label="累计完成")
    city_total = IndicatorValue._meta.get_field("city_total").formfield(
        label="全市总量", help_text="市里通报的同期全市累计数，未通报的不填。"
    )
    note = forms.CharField(
        label="说明",
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="累计数小于前月、大于后月，或更正已登记的数，须说明原因。",
    )

    def __init__(self, *args, indicator: Indicator, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("value", "city_total"):
            self.fields[name].unit = indicator.unit
