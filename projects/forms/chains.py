"""Forms of 链长制: the team, the year's work, a project's place in the chain."""

from django import forms

from projects.models import IndustryChain, Project, Unit, User

from .fields import DayField, ProjectField
from .leads import SegmentField


class ChainMemberForm(forms.Form):
    """A unit or person of the team (专班成员)."""

    unit = forms.ModelChoiceField(
        label="单位", queryset=Unit.objects.filter(is_active=True), required=False, empty_label="不填"
    )
    name = forms.CharField(label="姓名", max_length=40, required=False, help_text="单位、姓名至少填写一项。")
    post = forms.CharField(label="专班职务", max_length=40, help_text="如 组长、副组长、成员单位、联络员。")
    phone = forms.CharField(label="电话", max_length=40, required=False)
    from_on = DayField(label="起始日期")


class EndChainMemberForm(forms.Form):
    until_on = DayField(label="截止日期")


class ChainTaskForm(forms.Form):
    """An item of the year's work (年度工作任务)."""

    text = forms.CharField(
        label="工作任务",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="一项一条，写明要达到的结果。",
    )
    unit = forms.ModelChoiceField(
        label="责任单位", queryset=Unit.objects.filter(is_active=True), empty_label="请选择"
    )
    due_on = DayField(label="完成时限", help_text="列入时限所在年度。")


class FinishChainTaskForm(forms.Form):
    done_on = DayField(label="完成日期")
    result = forms.CharField(label="完成情况", max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class ChainPlaceForm(forms.Form):
    """Which project stands where in the chain (归入产业链)."""

    project = ProjectField(label="项目", max_length=120, help_text="填写项目代码或项目名称中的字。")
    segment = SegmentField()
    reason = forms.CharField(
        label="原因", max_length=200, required=False, help_text="由其他产业链改归本产业链时必填。"
    )

    def __init__(self, *args, chain: IndustryChain, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = Project.objects.visible_to(user)
        self.fields["segment"].queryset = self.fields["segment"].queryset.filter(chain=chain)
