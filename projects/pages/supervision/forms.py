"""Forms of supervision orders (督办单): drafted, issued, answered, returned, voided."""

from typing import Any, ClassVar

from django import forms

from projects.models import Project, SupervisionOrder, Unit, User
from projects.services.base.attachments import ACCEPT

from ..base.fields import DayField, PicturesField, PicturesInput, ProjectField


class OrderForm(forms.ModelForm):
    """A slip's head: type, unit, facts, demand."""

    class Meta:
        model = SupervisionOrder
        fields: ClassVar = ["type", "unit", "facts", "demand"]
        widgets: ClassVar = {
            "facts": forms.Textarea(attrs={"rows": 4}),
            "demand": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts: ClassVar = {
            "facts": "因何督办，附数字和日期。",
            "demand": "办到什么程度、由谁办、何时报结果。",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit: Any = self.fields["unit"]
        unit.queryset, unit.empty_label = Unit.objects.filter(is_active=True), "请选择"


class OrderLineForm(forms.Form):
    """A project on the slip with what is to be settled."""

    project = ProjectField(label="项目", max_length=120, help_text="项目代码，或项目名称中的字。")
    matter = forms.CharField(label="督办事项", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        project: Any = self.fields["project"]
        project.queryset = Project.objects.visible_to(user)


class IssueForm(forms.Form):
    """The reply date with which a slip is issued."""

    due_on = DayField(label="回复时限", help_text="默认印发后 14 天。")


class ReplyForm(forms.Form):
    """The unit's answer to one row, with evidence."""

    reply = forms.CharField(label="办理情况", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    files: Any = PicturesField(
        label="佐证材料",
        required=False,
        help_text="可多选；照片或 PDF、DOCX、XLSX 文件。",
        widget=PicturesInput(attrs={"accept": ACCEPT}),
    )


class OrderReasonForm(forms.Form):
    """Why a reply goes back or a slip is void."""

    reason = forms.CharField(label="原因", max_length=200, widget=forms.Textarea(attrs={"rows": 3}))
