"""Forms of list adjustments (名单调整): the head, one line, the reviewer's word."""

from typing import Any

from django import forms

from projects.models import AnnualList, ListAdjustment, ListAdjustmentLine, ProjectStage

from ..base.fields import OfficeDateInput, day_input
from ..reports.forms import AmountField

DATES_HELP = "如 2023年三季度、2023年10月底前；不填则与原名单一致。"
CHANGES = [
    (key, "类别变更（含前期转实施、计划时间调整）" if key == "reclassified" else label)
    for key, label in ListAdjustmentLine.Change.choices
]


class AdjustmentForm(forms.ModelForm):
    """Which list, by which document, from when (拟订); the list stays once chosen."""

    fields: dict[str, Any]

    class Meta:
        model = ListAdjustment
        fields = ("annual_list", "document", "effective_on", "note")
        widgets = {
            "effective_on": day_input(),
            "note": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "document": "批准调整的文件，如 淄高新发改〔2023〕18号。",
            "effective_on": "自该日起按调整后的名单统计，之前各日的数字不变。",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["annual_list"].queryset = AnnualList.objects.select_related("kind")
        self.fields["annual_list"].empty_label = "请选择"
        if self.instance.pk:
            del self.fields["annual_list"]

    def _post_clean(self) -> None:
        """The service fills and checks the row; here only what was typed is read."""


class LineForm(forms.Form):
    """What happens to one project (调整明细)."""

    change = forms.ChoiceField(label="变动", choices=[("", "请选择"), *CHANGES])
    category = forms.ChoiceField(
        label="项目类别",
        choices=[("", "与原名单一致"), *ProjectStage.choices],
        required=False,
        help_text="调入须选择；前期转实施选类别变更，改为新开工或续建。",
    )
    planned_investment = AmountField(
        label="年度计划投资", required=False, help_text="填调整后的全年计划数；不变可不填。"
    )
    planned_start = OfficeDateInput(label="计划开工时间", help_text=DATES_HELP)
    planned_completion = OfficeDateInput(label="计划竣工时间", help_text=DATES_HELP)
    reason = forms.CharField(label="原因", max_length=200)
    confirmed = forms.BooleanField(label="金额已核对，确认按此登记", required=False)


class ReviewForm(forms.Form):
    """The reviewer's word (复核意见); owed where one is returned or withdrawn."""

    note = forms.CharField(
        label="意见", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class RollForm(forms.Form):
    """Which year's list goes on in the next, by which document, from when (滚动编制)."""

    annual_list = forms.ModelChoiceField(
        AnnualList.objects.select_related("kind"),
        label="上年名单",
        help_text="续建和未开工项目转入下年名单，已竣工、退库、办结的不转；年度计划投资须逐个填写。",
    )
    document = forms.CharField(label="下年名单文号", max_length=120)
    effective_on = forms.DateField(
        label="自何日起列入",
        widget=day_input(),
        help_text="自该日起按新名单统计，一般为该年1月1日。",
    )
