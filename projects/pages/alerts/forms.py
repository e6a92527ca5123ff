"""The forms of an exemption (预警豁免) and of what is carried over the year's end (结转)."""

from django import forms

from ..base.fields import day_input


class ExemptionForm(forms.Form):
    """Reason and last day of an exemption; both are kept with the alert and in the audit record."""

    reason = forms.CharField(
        label="豁免原因",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明依据，如批示、会议纪要。",
    )
    until_on = forms.DateField(
        label="豁免至",
        widget=day_input(),
        help_text="到期后如事项仍未办结，恢复预警并继续升级。",
    )


class CarryForm(forms.Form):
    """The document by which what an earlier list had due is closed."""

    document = forms.CharField(
        label="结转文件文号",
        max_length=120,
        help_text="如 淄高新发改〔2024〕1号。结转后以前年度名单不再追究该项目的开工、竣工时间，以前各日的记录不变。",
    )
