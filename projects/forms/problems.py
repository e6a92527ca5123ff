"""Forms of problems (问题): raise, progress, handled, write off, reopen."""

from typing import ClassVar

from django import forms

from projects.models import Milestone, Problem, Project, Unit

from .fields import DayField, PaperField, RowsField


def limit_words(limits: dict[str, int]) -> str:
    """“专员3个、部门10个……工作日” of the limits by level."""
    return "、".join(f"{Problem.Level(level).label}{days}个" for level, days in limits.items()) + "工作日"


def units_field(label: str, **kwargs) -> RowsField:
    """Several units, each a box to tick."""
    return RowsField(
        queryset=Unit.objects.filter(is_active=True),
        required=False,
        label=label,
        widget=forms.CheckboxSelectMultiple,
        **kwargs,
    )


class ProblemForm(forms.ModelForm):
    """A new problem (提出问题); without a limit it gets its level's."""

    helper_units = units_field("配合单位", help_text="可多选；选定后可查看本项目。")

    class Meta:
        model = Problem
        fields: ClassVar = [
            "category", "text", "demand", "lead_unit", "level", "due_on", "milestone", "money_at_risk", "helper_units",
        ]  # fmt: skip
        widgets: ClassVar = {
            "text": forms.Textarea(attrs={"rows": 4}),
            "demand": forms.Textarea(attrs={"rows": 3}),
            "due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts: ClassVar = {
            "text": "写明卡在哪里、影响什么，400字以内。",
            "demand": "需要哪一级、哪个单位协调什么。",
            "lead_unit": "选定后，该单位可查看本项目并办理此问题。",
        }

    def __init__(self, *args, project: Project, limits: dict[str, int], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", "请选择"), *Problem.Category.choices]
        open_ones = Milestone.objects.in_force().filter(plan__project=project, achieved_on__isnull=True)
        self.fields["milestone"].queryset = open_ones
        self.fields["milestone"].empty_label = "不影响节点"
        self.fields["lead_unit"].queryset = Unit.objects.filter(is_active=True)
        self.fields["lead_unit"].empty_label = "请选择"
        self.fields["due_on"].required = False
        self.fields["due_on"].help_text = f"不填则按协调层级推算：{limit_words(limits)}。"
        self.fields["money_at_risk"].label = "影响投资"
        self.fields["money_at_risk"].unit = "万元"

    def _get_validation_exclusions(self):
        """What depends on the project and the day is the service's to check."""
        return super()._get_validation_exclusions() | {"due_on"}


class ProgressForm(forms.Form):
    """One dated line of progress (办理进展)."""

    text = forms.CharField(label="办理进展", max_length=400, widget=forms.Textarea(attrs={"rows": 3}))


class HandledForm(forms.Form):
    """The result with its evidence (办结)."""

    result = forms.CharField(
        label="办理结果",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明怎样解决、达到什么程度。",
    )
    document = forms.CharField(
        label="依据文号",
        max_length=80,
        required=False,
        help_text="如批复、会议纪要文号；与佐证材料至少填一项。",
    )
    files = PaperField(label="佐证材料", help_text="照片或 PDF、DOCX、XLSX 文件，不超过 20 MB。")


class ResolveForm(forms.Form):
    """The write-off with the verifier's word (核验销号)."""

    note = forms.CharField(
        label="核验意见", max_length=280, required=False, help_text="不填则记为“经核验，问题已解决”。"
    )


class ReopenForm(forms.Form):
    """Back to work, with a reason (重新办理)."""

    reason = forms.CharField(label="重新办理的原因", max_length=280)


class EscalateForm(forms.Form):
    """A higher level, why, and who takes it up there (提级)."""

    level = forms.ChoiceField(label="提级至")
    reason = forms.CharField(
        label="提级原因",
        max_length=280,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="本级做过哪些工作、为何解决不了。",
    )
    lead_unit = forms.ModelChoiceField(
        label="改由何单位负责",
        queryset=Unit.objects.filter(is_active=True),
        required=False,
        empty_label="责任单位不变",
    )

    def __init__(self, *args, problem: Problem, limits: dict[str, int], **kwargs):
        super().__init__(*args, **kwargs)
        levels = list(Problem.Level)
        higher = levels[levels.index(Problem.Level(problem.level)) + 1 :]
        self.fields["level"].choices = [
            ("", "请选择"),
            *((level.value, f"{level.label}（{limits[level]}个工作日）") for level in higher),
        ]


class HelpersForm(forms.Form):
    """Which units help (配合单位)."""

    units = units_field("配合单位")


class MeasureForm(forms.Form):
    """Who does what by when (措施)."""

    text = forms.CharField(label="措施", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    unit = forms.ModelChoiceField(
        label="责任单位", queryset=Unit.objects.filter(is_active=True), empty_label="请选择"
    )
    due_on = DayField(label="完成时限")

    def __init__(self, *args, label: str = "措施", **kwargs):
        # stands beside other forms with a text of their own: a label must find its field
        super().__init__(*args, auto_id="id_measure_%s", **kwargs)
        self.fields["text"].label = label


class MeasureDoneForm(forms.Form):
    """What came of a measure, with papers (登记落实)."""

    result = forms.CharField(
        label="落实情况",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明做了什么、结果如何。",
    )
    files = PaperField(label="佐证材料", help_text="照片或 PDF、DOCX、XLSX 文件，不超过 20 MB。")
