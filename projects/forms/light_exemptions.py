"""Forms of exemptions from lights (亮灯豁免): asking, deciding, ending."""

from django import forms

from projects.rules import Dimension

from .fields import DayField

ALL = "all"  # said on purpose, never what an untouched form means


class ExemptionAskForm(forms.Form):
    """What is to be left out of the light, why, and for how long; the service checks the term."""

    dimension = forms.ChoiceField(
        label="豁免维度",
        choices=[("", "请选择"), *((one.value, one.words) for one in Dimension), (ALL, "全部维度")],
        help_text="只豁免确有必要的维度，其余维度照常评定。",
    )
    reason = forms.CharField(label="豁免原因", max_length=200, widget=forms.Textarea(attrs={"rows": 3}))
    document = forms.CharField(
        label="依据文号", max_length=120, required=False, help_text="批示、会议纪要或函件的文号。"
    )
    from_on = DayField(label="自", help_text="最早为今天，不能追溯。")
    until_on = DayField(label="至", help_text="含当日，最长12个月；到期自动恢复评定。")

    def clean_dimension(self):
        chosen = self.cleaned_data["dimension"]
        return "" if chosen == ALL else chosen


class ExemptionDecideForm(forms.Form):
    note = forms.CharField(
        label="批准意见",
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="不批准的必须写明理由。",
    )


class ExemptionEndForm(forms.Form):
    reason = forms.CharField(label="终止原因", max_length=200, widget=forms.Textarea(attrs={"rows": 3}))
