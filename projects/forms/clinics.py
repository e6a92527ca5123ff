"""Forms of the project clinic (项目诊所)."""

from django import forms
from django.core.exceptions import ValidationError

from projects.models import Problem, Project, Unit

from .fields import DayField, ProjectField, RowsField


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

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = Project.objects.visible_to(user)

    def clean(self):
        given = super().clean()
        if given.get("project"):
            given["problem"] = self._problem(given["project"], given.get("words", ""))
        return given

    def _problem(self, project: Project, words: str) -> Problem | None:
        """The one open problem meant; else what to write is said."""
        found = project.problems.exclude(state=Problem.State.RESOLVED).filter(text__icontains=words)
        found = list(found.order_by("due_on")[:6])
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
