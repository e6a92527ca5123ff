"""Forms of plots (地块) and the steps of their items (用地事项)."""

from typing import ClassVar

from django import forms

from projects.models import Plot

from .permits import day_input


class PlotForm(forms.ModelForm):
    """A new plot (登记地块)."""

    class Meta:
        model = Plot
        fields: ClassVar = ["name", "area", "address"]
        help_texts: ClassVar = {
            "name": "如宗地编号或“一期东地块”，同一项目内不能重复。",
            "address": "四至或所在道路、村（社区）。",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["area"].label = "面积"
        self.fields["area"].unit = "亩"


class StartForm(forms.Form):
    """The day an item begins (启动)."""

    started_on = forms.DateField(
        label="受理日期", widget=day_input(), help_text="办理时限自该日起按工作日计算。"
    )


class FinishForm(forms.Form):
    """The day an item is done, on which document (办结)."""

    done_on = forms.DateField(label="办结日期", widget=day_input())
    document = forms.CharField(
        label="文号或说明", max_length=120, help_text="如批复文号、合同编号、公告编号；没有文号的写明依据。"
    )


class ReasonForm(forms.Form):
    """Why an item does not apply, or is taken back."""

    reason = forms.CharField(label="原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
