"""The form that seals a day's figures (封存数据)."""

from django import forms

from .fields import DayField


class SealForm(forms.Form):
    """A name and a day; what cannot be sealed is the service's to refuse."""

    name = forms.CharField(label="名称", max_length=80, help_text="如：2023年9月月报、10月新闻发布会。")
    as_of = DayField(label="统计日", help_text="封存截至该日的名单和已确认旬报数据。")
