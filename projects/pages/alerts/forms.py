"""The form of an exemption (预警豁免)."""

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
