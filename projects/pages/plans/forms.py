"""Forms of delivery plans, milestones and their dates (推进方案、节点)."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from projects.models import (
    DateChangeRequest,
    DeliveryPlan,
    Milestone,
    PlanTemplate,
    StepDayKind,
    TemplateStep,
    Unit,
)
from projects.models.fields import span_of
from projects.periods import EARLIEST, LATEST
from projects.rules import LONGEST_DAYS
from projects.services.base.attachments import ACCEPT

from ..base.fields import PicturesField, PicturesInput, RowsField, day_input

# --- plans ----------------------------------------------------------------------------------------------

DUE_HELP = "可写 2024-06-30、2024年6月底前、2024年二季度。"


def date_field(label: str, **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=day_input(), **kwargs)


def within_reach(day: dt.date | None) -> dt.date | None:
    """A date the calendar knows; a year out of it is a slip of the keyboard."""
    if day and not EARLIEST <= day <= LATEST:
        raise ValidationError(f"日期应在{EARLIEST.year}年至{LATEST.year}年之间。")
    return day


class PlanDatesMixin(forms.BaseForm):
    """starts_on and finish_on within reach and in order."""

    def clean_starts_on(self) -> dt.date | None:
        return within_reach(self.cleaned_data["starts_on"])

    def clean_finish_on(self) -> dt.date | None:
        return within_reach(self.cleaned_data["finish_on"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        starts_on, finish_on = given.get("starts_on"), given.get("finish_on")
        if starts_on and finish_on and finish_on < starts_on:
            self.add_error("finish_on", "目标完成日期不能早于可启动日期。")
        return given


class PlanCreateForm(PlanDatesMixin, forms.Form):
    """From which template, back from which date (按模板拟订)."""

    fields: dict[str, Any]

    template = forms.ModelChoiceField(
        label="方案模板", queryset=PlanTemplate.objects.filter(is_active=True), empty_label=None
    )
    target = forms.ModelChoiceField(
        label="目标节点",
        queryset=TemplateStep.objects.filter(is_key=True, template__is_active=True).select_related(
            "template"
        ),
        required=False,
        empty_label="模板的最后一个节点",
        help_text="只列该节点及其之前的节点。",
    )
    finish_on = date_field("目标完成日期", help_text="目标节点应在该日完成，由此倒排。")
    starts_on = date_field("可启动日期", help_text="第一个节点最早可以开始的日期，由此判断是否可行。")
    left_out = RowsField(
        queryset=TemplateStep.objects.filter(template__is_active=True),
        required=False,
        widget=forms.MultipleHiddenInput,
    )
    reason = forms.CharField(
        label="编制说明", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    document = forms.CharField(label="依据文件", max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        several = PlanTemplate.objects.filter(is_active=True).count() > 1
        self.fields["target"].label_from_instance = lambda step: (
            f"{step.template}：{step.name}" if several else step.name
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        template, target = given.get("template"), given.get("target")
        if template and target and target.template_id != template.pk:
            self.add_error("target", f"“{target.name}”不是模板“{template}”的节点。")
        if target and target in given.get("left_out", ()):
            self.add_error("target", f"目标节点“{target.name}”不能不列。")
        return given

    @property
    def outline(self) -> dict[str, Any]:
        """What outline_plan and draft_plan_from_template take alike."""
        given = self.cleaned_data
        return {name: given[name] for name in ("template", "target", "finish_on", "starts_on")} | {
            "left_out": {step.pk for step in given["left_out"]}
        }


class DraftHeadForm(PlanDatesMixin, forms.ModelForm):
    """The head of a draft."""

    starts_on = date_field("可启动日期", required=False)
    finish_on = date_field("目标完成日期", required=False)

    class Meta:
        model = DeliveryPlan
        fields: ClassVar = ["starts_on", "finish_on", "reason", "document"]
        widgets: ClassVar = {"reason": forms.Textarea(attrs={"rows": 2})}

    def _post_clean(self) -> None:
        """The service writes; the instance here only gives the present values."""


class DueField(forms.CharField):
    """A date at office precision, kept as written; empty means none yet."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, required=False, **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        span_of(text, validate=True)
        return text


class DraftRowForm(forms.Form):
    """What is changed often in a row of a draft, side by side: unit, duration, date."""

    fields: dict[str, Any]

    unit = forms.TypedChoiceField(label="责任单位", required=False, empty_value=None)
    duration = forms.IntegerField(label="工期", required=False, min_value=0, max_value=LONGEST_DAYS)
    day_kind = forms.ChoiceField(label="工期单位", choices=StepDayKind)
    due = DueField(label="计划完成")

    def __init__(
        self, data: Mapping[str, Any] | None, *, milestone: Milestone, units: dict[str, Unit]
    ) -> None:
        initial = {
            "unit": milestone.unit_id,
            "duration": milestone.duration,
            "day_kind": milestone.day_kind,
            "due": milestone.due,
        }
        super().__init__(data, prefix=f"row{milestone.pk}", initial=initial)
        self.milestone = milestone
        self.fields["unit"].choices = [("", "未明确"), *((key, str(unit)) for key, unit in units.items())]
        self.fields["unit"].coerce = units.__getitem__
        for name, field in self.fields.items():
            field.widget.attrs["aria-label"] = f"{milestone.name} {field.label}"
            field.widget.attrs["class"] = f"cell-{name}"


def active_units(also: Iterable[Milestone] = ()) -> dict[str, Unit]:
    """Units a milestone may be given to, and those the milestones have, by key; one query."""
    held = {one.unit_id for one in also}
    return {str(unit.pk): unit for unit in Unit.objects.all() if unit.is_active or unit.pk in held}


class RowForm(forms.ModelForm):
    """One row of a draft in full (节点)."""

    fields: dict[str, Any]

    due = DueField(label="计划完成时间", help_text=DUE_HELP)

    class Meta:
        model = Milestone
        fields: ClassVar = [
            "name", "stage", "unit", "duration", "day_kind", "predecessors", "due", "is_key", "weight", "note",
        ]  # fmt: skip
        field_classes: ClassVar = {"predecessors": RowsField}
        widgets: ClassVar = {"predecessors": forms.CheckboxSelectMultiple}
        help_texts: ClassVar = {
            "duration": "0 为当日完成的事项。",
            "predecessors": "这些节点完成后，本节点才能开始。",
            "weight": "用于加权统计，一般为1。",
        }

    def __init__(self, *args: Any, plan: DeliveryPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.filter(is_active=True)
        self.fields["unit"].empty_label = "未明确"
        others = plan.milestones.exclude(pk=self.instance.pk)
        self.fields["predecessors"].queryset = others
        self.fields["predecessors"].label_from_instance = lambda one: f"{one.position}．{one.name}"
        self.fields["duration"].max_value = LONGEST_DAYS
        self.fields["stage"].choices = Milestone.Stage.choices

    def clean_duration(self) -> int | None:
        days = self.cleaned_data["duration"]
        if days is not None and days > LONGEST_DAYS:
            raise ValidationError(f"工期不能超过{LONGEST_DAYS}天。")
        return days

    def _post_clean(self) -> None:
        """The service writes and checks the row within its network."""

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "predecessors"}


class SubmitForm(forms.Form):
    """Handing a plan in (报审): the reason is owed where it cannot keep its date."""

    reason = forms.CharField(
        label="编制说明", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReturnPlanForm(forms.Form):
    reason = forms.CharField(label="退回原因", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class ApproveForm(forms.Form):
    approved_on = date_field("批准日期")

    def clean_approved_on(self) -> dt.date | None:
        return within_reach(self.cleaned_data["approved_on"])


class ForecastForm(forms.Form):
    """What if a milestone is done only on a later day (若延至)."""

    fields: dict[str, Any]

    milestone = forms.ModelChoiceField(label="节点", queryset=Milestone.objects.none(), empty_label="请选择")
    until = date_field("延至")

    def __init__(self, *args: Any, plan: DeliveryPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = plan.milestones.filter(achieved_on__isnull=True, due_on__isnull=False)
        self.fields["milestone"].queryset = rows
        self.fields["milestone"].label_from_instance = lambda one: f"{one.name}（{one.due_span.words}）"

    def clean_until(self) -> dt.date | None:
        return within_reach(self.cleaned_data["until"])


class DateChangeForm(forms.Form):
    """A request to move a date (申请调整); the service asks for evidence and for a date in time."""

    new_due = forms.CharField(label="申请调整至", max_length=40, help_text=DUE_HELP)
    reason = forms.CharField(label="调整原因", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    document = forms.CharField(
        label="依据文件", max_length=120, required=False, help_text="文号或会议纪要；与附件至少填一项。"
    )
    files: Any = PicturesField(
        label="佐证材料",
        required=False,
        help_text="可多选；照片或 PDF、DOCX、XLSX 文件，每个不超过 20 MB。",
        widget=PicturesInput(attrs={"accept": ACCEPT}),
    )


class DecideDateChangeForm(forms.Form):
    """The office's decision on requests of one project (审定)."""

    fields: dict[str, Any]

    requests = RowsField(
        label="申请",
        queryset=DateChangeRequest.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请勾选要审定的申请。"},
    )
    decision = forms.CharField(
        label="审定意见",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="不同意的须写明理由。",
    )
    document = forms.CharField(
        label="依据文件", max_length=120, required=False, help_text="不填则用申请所附文号。"
    )

    def __init__(self, *args: Any, waiting: QuerySet[DateChangeRequest], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["requests"]
        field.queryset = waiting
        field.label_from_instance = lambda one: (
            f"{one.milestone.name}：{span_of(one.old_due).words} → {one.new_due_span.words}"
        )


# --- milestones -----------------------------------------------------------------------------------------


class AchieveForm(forms.Form):
    """The date of a milestone and its evidence (登记办结): a number, a file, or both; the service asks for one."""

    achieved_on = date_field("实际完成日期")
    evidence = forms.CharField(
        label="文号或说明",
        max_length=120,
        required=False,
        help_text="如批复文号、许可证号；与附件至少填一项。",
    )
    files: Any = PicturesField(
        label="照片或文件",
        required=False,
        help_text="可多选；JPG、PNG、WEBP 照片或 PDF、DOCX、XLSX 文件，每个不超过 20 MB。",
        widget=PicturesInput(attrs={"accept": ACCEPT}),
    )


class ReturnClaimForm(forms.Form):
    """Why a completion is not confirmed (退回办结申报)."""

    reason = forms.CharField(label="退回原因", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class UndoForm(forms.Form):
    """Why a completion is taken back (撤销办结)."""

    reason = forms.CharField(label="撤销原因", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
