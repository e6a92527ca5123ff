"""Forms of light rule sets, exemptions, history (亮灯)."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from projects.models import LightRuleSet, ListKind
from projects.rules import PRESETS, Band, Light, LightDimension, LightGauge

from ..base.fields import DayField, RowsField

# --- light rules ----------------------------------------------------------------------------------------

MOST_BANDS = 40
BLANK_ROWS = 3


class RuleCreateForm(forms.Form):
    """A new draft: its name, and what it starts from (预设 or an existing rule set)."""

    name = forms.CharField(label="名称", max_length=60, help_text="如：2024年亮灯规则。")
    start = forms.ChoiceField(label="以此为起点", help_text="各档照抄，再逐档修改。")
    source = forms.CharField(label="依据", max_length=160, required=False, help_text="不填则沿用起点的依据。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        presets = [(f"preset:{key}", preset.rules.name) for key, preset in PRESETS.items()]
        stored = [(f"set:{row.pk}", row.name) for row in LightRuleSet.objects.all()]
        start: Any = self.fields["start"]
        start.choices = [("", "请选择"), ("预设", presets), ("沿用现有规则", stored)]

    def clean(self) -> dict[str, Any]:
        """What the service takes: `preset` or `based_on`."""
        kind, _, key = self.cleaned_data.pop("start", "").partition(":")
        if kind == "preset":
            self.cleaned_data["preset"] = key
        elif kind == "set":
            self.cleaned_data["based_on"] = LightRuleSet.objects.get(pk=key)
        return self.cleaned_data


class RuleSetForm(forms.ModelForm):
    """A draft's name and source, whom it applies to, how many reds make a red project."""

    kinds = RowsField(
        label="适用名单",
        queryset=ListKind.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="不选则适用于全部名单；按项目当年所在的最高级别名单判断。",
    )

    class Meta:
        model = LightRuleSet
        fields: ClassVar = ["name", "source", "min_planned_investment", "red_needs", "kinds"]

    def _post_clean(self) -> None:
        """What was typed is read here; whether it may stand is the service's word, on the whole row."""


class BandForm(forms.Form):
    """One band; a row without gauge and ends is no band."""

    gauge = forms.ChoiceField(
        label="指标", choices=[("", "请选择"), *((one.value, one.words) for one in LightGauge)]
    )
    light = forms.ChoiceField(
        label="亮灯",
        choices=[(light.value, f"{light.shape} {light.words}") for light in (Light.YELLOW, Light.RED)],
    )
    low = forms.DecimalField(label="下限", max_digits=8, decimal_places=2, required=False)
    low_closed = forms.BooleanField(label="含下限", required=False, initial=True)
    high = forms.DecimalField(label="上限", max_digits=8, decimal_places=2, required=False)
    high_closed = forms.BooleanField(label="含上限", required=False)
    running = forms.IntegerField(label="连续旬数", min_value=1, max_value=9, initial=1)

    def has_changed(self) -> bool:
        """A new row is filled in once a gauge is chosen or an end written: the rest has its usual values."""
        return bool(set(self.changed_data) & {"gauge", "low", "high"}) if self.empty_permitted else True

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if "low" in given and "high" in given and given["low"] is None and given["high"] is None:
            raise ValidationError("上限和下限至少填写一个。")
        if None not in (given.get("low"), given.get("high")) and given["low"] > given["high"]:
            self.add_error("low", "下限不能大于上限。")
        return given

    @property
    def band(self) -> Band:
        given = dict(self.cleaned_data)
        given.pop("DELETE", None)
        return Band(LightGauge(given.pop("gauge")), Light(given.pop("light")), **given)


class BaseBandFormSet(forms.BaseFormSet):
    """The bands of a draft as rows, some blank ones after them for new bands."""

    @property
    def bands(self) -> list[Band]:
        """The bands that stay, of a valid set of rows."""
        kept = [form for form in self.forms if form.has_changed() and form not in self.deleted_forms]
        return [form.band for form in kept]

    @staticmethod
    def rows_of(bands: Iterable[Band]) -> list[dict[str, Any]]:
        """Initial values of the rows from bands."""
        return [
            {
                "gauge": band.gauge.value,
                "light": band.light.value,
                "low": _written(band.low),
                "low_closed": band.low_closed,
                "high": _written(band.high),
                "high_closed": band.high_closed,
                "running": band.running,
            }
            for band in bands
        ]


def _written(end: Decimal | None) -> str | None:
    """An end as people write it: 30, 12.5."""
    return None if end is None else f"{end.normalize():f}"


BandFormSet: Any = forms.formset_factory(
    BandForm,
    formset=BaseBandFormSet,
    extra=BLANK_ROWS,
    max_num=MOST_BANDS,
    absolute_max=MOST_BANDS,
    can_delete=True,
)


class EnforceForm(forms.Form):
    """The day and the document with which a draft comes into force."""

    effective_on = DayField(label="启用日期", help_text="自当日起按本规则亮灯，不能早于今天。")
    document = forms.CharField(label="启用文号", max_length=120)


class WithdrawForm(forms.Form):
    """Why a set is taken back before its first day."""

    reason = forms.CharField(label="撤回原因", max_length=200)


class RepealForm(forms.Form):
    """The day and the document with which a set in force ends."""

    repealed_on = DayField(label="停用日期", help_text="自当日起不再按本规则亮灯，不能早于今天。")
    document = forms.CharField(label="停用文号", max_length=120)


# --- light exemptions -----------------------------------------------------------------------------------

ALL = "all"  # said on purpose, never what an untouched form means


class ExemptionAskForm(forms.Form):
    """What is to be left out of the light, why, and for how long; the service checks the term."""

    dimension = forms.ChoiceField(
        label="豁免维度",
        choices=[("", "请选择"), *((one.value, one.words) for one in LightDimension), (ALL, "全部维度")],
        help_text="只豁免确有必要的维度，其余维度照常评定。",
    )
    reason = forms.CharField(label="豁免原因", max_length=200, widget=forms.Textarea(attrs={"rows": 3}))
    document = forms.CharField(
        label="依据文号", max_length=120, required=False, help_text="批示、会议纪要或函件的文号。"
    )
    from_on = DayField(label="自", help_text="最早为今天，不能追溯。")
    until_on = DayField(label="至", help_text="含当日，最长12个月；到期自动恢复评定。")

    def clean_dimension(self) -> str:
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
