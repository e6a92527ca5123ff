"""Forms of a project's state and level (状态、层级)."""

from django import forms

from projects.models import Project
from projects.services.steps import Steps

from .fields import DayField, PaperField

WORDS = {  # what the office calls each change
    Project.State.ACTIVE: "复工（恢复正常推进）",
    Project.State.SUSPENDED: "停工",
    Project.State.POSTPONED: "暂缓",
    Project.State.WITHDRAWN: "退库",
    Project.State.CLOSED: "办结",
}


class StateForm(forms.Form):
    """停工、暂缓、退库、复工、办结: from when, why, on what document. `steps` says what the project may become."""

    state = forms.ChoiceField(
        label="变更为",
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "项目目前不能作此变更，请另选。"},
    )
    effective_on = DayField(label="生效日期")
    reason = forms.CharField(
        label="原因", max_length=200, widget=forms.Textarea(attrs={"rows": 3}), help_text="200字以内。"
    )
    document = forms.CharField(label="依据文件", max_length=120, required=False, help_text="文号。")
    files = PaperField(label="依据文件扫描件")

    def __init__(self, *args, steps: Steps, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [(state.value, WORDS[state]) for state in WORDS if steps[state]]
        self.fields["state"].help_text = steps[Project.State.CLOSED].refusal


class LevelForm(forms.Form):
    """单体、打包、分期 and the package it belongs to."""

    level = forms.ChoiceField(label="项目层级", choices=Project.Level, widget=forms.RadioSelect)
    parent = forms.ModelChoiceField(
        queryset=Project.objects.none(),
        label="所属打包项目",
        required=False,
        empty_label="不隶属于打包项目",
        help_text="只列层级为“打包项目”的项目。",
    )
    reason = forms.CharField(label="调整原因", max_length=200)

    def __init__(self, *args, project: Project, **kwargs):
        super().__init__(*args, **kwargs)
        packages = Project.objects.filter(level=Project.Level.PACKAGE).exclude(pk=project.pk)
        self.fields["parent"].queryset = packages.order_by("name")
