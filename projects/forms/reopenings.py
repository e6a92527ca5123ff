"""Forms of periods opened again (重新开放填报): open, end early."""

from collections.abc import Iterable

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from projects.models import Project
from projects.periods import TenDayPeriod


class ReopeningForm(forms.Form):
    """A locked period to open again (重新开放), for one project or all; `periods` are those that are locked."""

    period = forms.ChoiceField(label="旬", help_text="只列出填报期已过的旬。")
    project = forms.CharField(
        label="项目",
        required=False,
        max_length=200,
        help_text="填项目全称或代码；不填则对全部项目开放。",
    )
    until_on = forms.DateField(
        label="开放至", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(
        label="原因",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="写明为何补报或更正，如“统计口径调整，各单位重新核报”。",
    )

    def __init__(self, *args, periods: Iterable[TenDayPeriod], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = [(period.code, period.label) for period in periods]

    def clean_period(self) -> TenDayPeriod:
        return TenDayPeriod.parse(self.cleaned_data["period"])

    def clean_project(self) -> Project | None:
        """The project of that code or name; words that fit one project alone will do."""
        text = self.cleaned_data["project"].strip()
        if not text:
            return None
        exact = list(Project.objects.filter(Q(code=text) | Q(name=text))[:2])
        found = exact or list(Project.objects.search(text).order_by("code")[:2])
        if not found:
            raise ValidationError("没有找到该项目，请核对名称或代码。")
        if len(found) > 1:
            raise ValidationError("有多个项目符合，请填写完整的项目代码。")
        return found[0]


class CloseForm(forms.Form):
    """Why a reopening ends early (提前关闭)."""

    reason = forms.CharField(label="提前关闭的原因", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
