"""Forms of problems (问题): raise, progress, handled, write off, reopen."""

from typing import ClassVar

from django import forms
from django.core.exceptions import ValidationError

from projects.models import Milestone, Problem, Project, Unit
from projects.services.attachments import ACCEPT, prepare_file


def add_refusal(form: forms.Form, refusal: ValidationError) -> None:
    """Put what a service refused onto the form: at its field where the form has it, else on top."""
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, errors in refusal.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


class ProblemForm(forms.ModelForm):
    """A new problem (提出问题); the limit is prefilled with the office's default."""

    class Meta:
        model = Problem
        fields: ClassVar = [
            "category", "text", "demand", "lead_unit", "level", "milestone", "money_at_risk", "due_on",
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
            "due_on": "默认按规定的工作日推算，可改。",
        }

    def __init__(self, *args, project: Project, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", "请选择"), *Problem.Category.choices]
        open_ones = Milestone.objects.in_force().filter(plan__project=project, achieved_on__isnull=True)
        self.fields["milestone"].queryset = open_ones
        self.fields["milestone"].empty_label = "不影响节点"
        self.fields["lead_unit"].queryset = Unit.objects.filter(is_active=True)
        self.fields["lead_unit"].empty_label = "请选择"
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
        max_length=380,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明怎样解决、有何依据。",
    )
    file = forms.FileField(
        label="佐证材料",
        required=False,
        help_text="照片或 PDF、DOCX、XLSX 文件。",
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )

    def clean_file(self):
        upload = self.cleaned_data.get("file")
        return prepare_file(upload) if upload else None


class ResolveForm(forms.Form):
    """The write-off with the verifier's word (核验销号)."""

    note = forms.CharField(
        label="核验意见", max_length=280, required=False, help_text="不填则记为“经核验，问题已解决”。"
    )


class ReopenForm(forms.Form):
    """Back to work, with a reason (重新办理)."""

    reason = forms.CharField(label="重新办理的原因", max_length=280)
