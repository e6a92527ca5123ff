"""Forms of problems, corrective actions, clinics, visits (问题、措施、诊所、走访)."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from projects.models import Milestone, Official, Problem, Project, Unit, User
from projects.queries.problems.urgent import KINDS, LEVELS, annual_lists
from projects.services.base.attachments import ACCEPT_PICTURES, PreparedFile

from ..base.fields import (
    DayField,
    PaperField,
    PicturesField,
    PicturesInput,
    ProjectField,
    RowsField,
    day_input,
)

# --- problems -------------------------------------------------------------------------------------------


def limit_words(limits: dict[str, int]) -> str:
    """“专员3个、部门10个……工作日” of the limits by level."""
    return "、".join(f"{Problem.Level(level).label}{days}个" for level, days in limits.items()) + "工作日"


def units_field(label: str, **kwargs: Any) -> RowsField:
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
            "due_on": day_input(),
        }
        help_texts: ClassVar = {
            "text": "写明卡在哪里、影响什么，400字以内。",
            "demand": "需要哪一级、哪个单位协调什么。",
            "lead_unit": "选定后，该单位可查看本项目并办理此问题。",
        }

    def __init__(self, *args: Any, project: Project, limits: dict[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["category"].choices = [("", "请选择"), *Problem.Category.choices]
        open_ones = Milestone.objects.in_force().filter(plan__project=project, achieved_on__isnull=True)
        fields["milestone"].queryset, fields["milestone"].empty_label = open_ones, "不影响节点"
        units = Unit.objects.filter(is_active=True)
        fields["lead_unit"].queryset, fields["lead_unit"].empty_label = units, "请选择"
        fields["due_on"].required = False
        fields["due_on"].help_text = f"不填则按协调层级推算：{limit_words(limits)}。"
        fields["money_at_risk"].label, fields["money_at_risk"].unit = "影响投资", "万元"

    def _post_clean(self) -> None:
        """What was typed is read here; whether it may stand is the service's word, on the whole row."""


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
    files: Any = PaperField(label="佐证材料", help_text="照片或 PDF、DOCX、XLSX 文件，不超过 20 MB。")


class ResolveForm(forms.Form):
    """The write-off with the verifier's word (核验销号)."""

    note = forms.CharField(
        label="核验意见", max_length=280, required=False, help_text="不填则记为“经核验，问题已解决”。"
    )


class ReopenProblemForm(forms.Form):
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

    def __init__(self, *args: Any, problem: Problem, limits: dict[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = list(Problem.Level)
        higher = levels[levels.index(Problem.Level(problem.level)) + 1 :]
        level: Any = self.fields["level"]
        level.choices = [
            ("", "请选择"),
            *((one.value, f"{one.label}（{limits[one]}个工作日）") for one in higher),
        ]


class HelpersForm(forms.Form):
    """Which units help (配合单位)."""

    units = units_field("配合单位")


class ActionForm(forms.Form):
    """Who does what by when (措施)."""

    text = forms.CharField(label="措施", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    unit = forms.ModelChoiceField(
        label="责任单位", queryset=Unit.objects.filter(is_active=True), empty_label="请选择"
    )
    due_on = DayField(label="完成时限")

    def __init__(self, *args: Any, label: str = "措施", **kwargs: Any) -> None:
        # stands beside other forms with a text of their own: a label must find its field
        super().__init__(*args, **kwargs | {"auto_id": "id_action_%s"})
        self.fields["text"].label = label


class ActionDoneForm(forms.Form):
    """What came of an action, with papers (登记落实)."""

    result = forms.CharField(
        label="落实情况",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明做了什么、结果如何。",
    )
    files: Any = PaperField(label="佐证材料", help_text="照片或 PDF、DOCX、XLSX 文件，不超过 20 MB。")


# --- clinics --------------------------------------------------------------------------------------------


class SessionForm(forms.Form):
    """A sitting: when, where, who chairs, which units come."""

    held_on = DayField(label="会诊日期")
    place = forms.CharField(label="地点", max_length=120, required=False)
    chair = forms.CharField(label="主持人", max_length=60, required=False)
    units = RowsField(
        label="会诊单位",
        queryset=Unit.objects.filter(is_active=True),
        widget=forms.CheckboxSelectMultiple,
        help_text="列入病例后，会诊单位可查看相关项目。",
    )


class CaseForm(forms.Form):
    """A problem brought before the sitting: its project, then which of its open problems."""

    project = ProjectField(label="项目", max_length=120, help_text="项目代码，或项目名称中的字。")
    words = forms.CharField(
        label="问题中的字", max_length=40, required=False, help_text="该项目有多个未销号的问题时填写。"
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["project"]
        field.queryset = Project.objects.visible_to(user)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("project"):
            given["problem"] = self._problem(given["project"], given.get("words", ""))
        return given

    def _problem(self, project: Project, words: str) -> Problem | None:
        """The one open problem meant; else what to write is said."""
        matching = project.problems.exclude(state=Problem.State.RESOLVED).filter(text__icontains=words)
        found = list(matching.order_by("due_on")[:6])
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError({"words": f"“{project}”没有相符的未销号问题，请先在项目页提出问题。"})
        texts = "；".join(problem.text for problem in found)
        raise ValidationError({"words": f"“{project}”有多个相符的问题，请写明其中的字：{texts}"})


class NoteForm(forms.Form):
    """The minutes of a sitting."""

    note = forms.CharField(label="会诊纪要", max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))


class DiagnosisForm(forms.Form):
    """What the trouble is."""

    diagnosis = forms.CharField(
        label="诊断意见",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="症结在哪里、应由谁解决、有何政策依据。",
    )


class FollowUpForm(forms.Form):
    """How it goes since."""

    text = forms.CharField(label="随访情况", max_length=380, widget=forms.Textarea(attrs={"rows": 3}))


class DischargeForm(forms.Form):
    """The outcome with which a case is discharged."""

    outcome = forms.CharField(label="疗效", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


# --- urgent ---------------------------------------------------------------------------------------------

TITLE = "省市重大项目亟需解决问题清单"


class UrgentDraftForm(forms.Form):
    """What a draft is drawn from: the day, the lists, the levels; which problems stay is ticked afterwards."""

    title = forms.CharField(label="标题", max_length=120, initial=TITLE)
    as_of = DayField(label="截至日期")
    lists = RowsField(label="项目名单", queryset=annual_lists(0), widget=forms.CheckboxSelectMultiple)
    levels = forms.MultipleChoiceField(
        label="协调层级",
        choices=Problem.Level.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="列入这些层级上未销号的问题，拟稿后可逐个增减。",
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        lists = annual_lists(today.year)
        initial = {
            "as_of": today,
            "lists": [one for one in lists if one.kind.name in KINDS],
            "levels": [level.value for level in LEVELS],
        }
        super().__init__(*args, **kwargs | {"initial": initial})
        field: Any = self.fields["lists"]
        field.queryset = lists


class UrgentEditForm(forms.Form):
    """Title, day, and the problems that stay on it."""

    title = forms.CharField(label="标题", max_length=120)
    as_of = DayField(label="截至日期")
    problems = RowsField(label="列入的问题", queryset=Problem.objects.all(), required=False)


# --- visits ---------------------------------------------------------------------------------------------


class ReturnVisitForm(forms.Form):
    """Why a visit is not confirmed."""

    reason = forms.CharField(label="退回原因", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class VisitForm(forms.Form):
    """A visit: when, where, who, what was found and decided, with photos."""

    visited_on = forms.DateField(label="走访日期", widget=day_input())
    official = forms.ModelChoiceField(
        label="带队领导",
        queryset=Official.objects.filter(is_active=True),
        required=False,
        empty_label="无领导带队",
        help_text="计入该领导当月走访；代为登记的，经领导本人或发改局统筹确认后计入。",
    )
    findings = forms.CharField(
        label="现场情况",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="进度、存在问题、企业诉求。",
    )
    decisions = forms.CharField(
        label="议定事项", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    photo = PicturesField(
        label="现场拍照",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
        help_text="手机上直接打开相机。",
    )
    pictures = PicturesField(
        label="已有照片",
        required=False,
        widget=PicturesInput(attrs={"accept": ACCEPT_PICTURES, "multiple": True}),
    )
    place = forms.CharField(label="地点", max_length=120, required=False)
    people = forms.CharField(label="参加人员", max_length=200, required=False)

    PHOTOS = ("photo", "pictures")

    @property
    def prepared(self) -> list[PreparedFile]:
        """Every photo of the form, wherever it came from."""
        return [file for name in self.PHOTOS for file in self.cleaned_data[name]]
