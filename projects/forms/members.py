"""Forms of the further people of a project (协办单位、服务专员、项目代表、企业联系人)."""

from django import forms

from projects.models import ProjectMember, Role, Unit, User

from .fields import DayField

PHONE = r"^[0-9+\-() ,，、转]*$"


class MemberForm(forms.Form):
    """A person or unit; which fields count follows from the kind. Only kinds the person may enter are offered."""

    kind = forms.ChoiceField(label="类型", widget=forms.RadioSelect)
    unit = forms.ModelChoiceField(
        queryset=Unit.objects.filter(is_active=True),
        label="单位",
        required=False,
        empty_label="请选择",
        help_text="协办单位必选；其他人员按需填写。",
    )
    user = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label="系统账号",
        required=False,
        empty_label="没有账号",
        help_text="服务专员选择账号后，可查看并填报本项目。",
    )
    name = forms.CharField(label="姓名", max_length=40, required=False, help_text="已选账号的可不填。")
    post = forms.CharField(label="职务", max_length=60, required=False)
    phone = forms.RegexField(
        PHONE,
        label="电话",
        max_length=40,
        required=False,
        error_messages={"invalid": "电话只能含数字、加号、短横线和括号。"},
    )
    from_on = DayField(label="起始日期")

    def __init__(self, *args, kinds: list[ProjectMember.Kind], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]
        if ProjectMember.Kind.SERVICE_OFFICER in kinds:
            serving = {"duties__role": Role.SERVICE_OFFICER, "duties__ends_on__isnull": True}
            self.fields["user"].queryset = User.objects.filter(is_active=True, **serving).distinct()
        else:
            del self.fields["user"]


class EndMemberForm(forms.Form):
    """The last day of somebody's service."""

    until_on = DayField(label="截止日期", help_text="含当日。")
