"""Forms of projects, their six slots, duties, hand-overs and states (项目台账、六个一)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from projects.models import (
    AnnualList,
    Duty,
    FurtherField,
    Handover,
    IndustryChain,
    Official,
    Project,
    ProjectMember,
    ProjectStage,
    Role,
    Unit,
    User,
)
from projects.services.base.steps import Steps
from projects.services.register.entering import Placing
from projects.services.register.further_fields import value_of

from ..base.fields import DayField, OfficeDateInput, PaperField, UnitField, day_input
from ..reports.forms import AmountField

# --- handovers ------------------------------------------------------------------------------------------


class HandOverAllForm(forms.Form):
    """The successor of a slot, from when, on what document; `slot` decides between leaders and units."""

    fields: dict[str, Any]

    KINDS = {
        Handover.Slot.LEAD_DEPARTMENT: (Unit.Kind.DEPARTMENT, Unit.Kind.OTHER),
        Handover.Slot.HOST_DISTRICT: (Unit.Kind.DISTRICT, Unit.Kind.OTHER),
    }

    to = forms.ModelChoiceField(queryset=Unit.objects.none(), empty_label="请选择")
    from_on = DayField(label="接任日期")
    document = forms.CharField(
        label="依据文件",
        max_length=120,
        required=False,
        help_text="文号，如 淄高新办〔2023〕8号；与扫描件至少有一项。",
    )
    files: Any = PaperField(label="依据文件扫描件")

    def __init__(self, *args: Any, slot: Handover.Slot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.slot = slot
        self.fields["to"].label = f"接任{slot.label}"
        if slot == Handover.Slot.SPONSOR:
            self.fields["to"].queryset = Official.objects.filter(is_active=True)
        else:
            self.fields["to"].queryset = Unit.objects.filter(is_active=True, kind__in=self.KINDS[slot])


class HandOverForm(HandOverAllForm):
    """One slot of one project; it may be left vacant on purpose."""

    is_vacant = forms.BooleanField(
        label="暂缺，尚无接任者", required=False, help_text="勾选后该项列为“六个一”缺项。"
    )
    field_order = ["to", "is_vacant", "from_on", "document", "files"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "to" in cleaned and bool(cleaned["to"]) == bool(cleaned.get("is_vacant")):
            self.add_error("to", "请选择接任者，或勾选“暂缺”，二者取其一。")
        return cleaned


class DayForm(forms.Form):
    """Who answered on a day (某日由谁负责)."""

    on = DayField(label="查询日期")


# --- members --------------------------------------------------------------------------------------------

PHONE = r"^[0-9+\-() ,，、转]*$"


class MemberForm(forms.Form):
    """A person or unit; which fields count follows from the kind. Only kinds the person may enter are offered."""

    fields: dict[str, Any]

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

    def __init__(self, *args: Any, kinds: list[ProjectMember.Kind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]
        if ProjectMember.Kind.SERVICE_OFFICER in kinds:
            serving = Duty.objects.current().filter(role=Role.SERVICE_OFFICER)
            self.fields["user"].queryset = User.objects.filter(is_active=True, pk__in=serving.values("user"))
        else:
            del self.fields["user"]


class EndMemberForm(forms.Form):
    """The last day of somebody's service."""

    until_on = DayField(label="截止日期", help_text="含当日。")


# --- project states -------------------------------------------------------------------------------------

WORDS = {  # what the office calls each change
    Project.State.ACTIVE: "复工（恢复正常推进）",
    Project.State.SUSPENDED: "停工",
    Project.State.POSTPONED: "暂缓",
    Project.State.WITHDRAWN: "退库",
    Project.State.CLOSED: "办结",
}


class StateForm(forms.Form):
    """停工、暂缓、退库、复工、办结: from when, why, on what document. `steps` says what the project may become."""

    fields: dict[str, Any]

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
    files: Any = PaperField(label="依据文件扫描件")

    def __init__(self, *args: Any, steps: Steps, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [(state.value, WORDS[state]) for state in WORDS if steps[state]]
        self.fields["state"].help_text = steps[Project.State.CLOSED].refusal


class LevelForm(forms.Form):
    """单体、打包、分期 and the package it belongs to."""

    fields: dict[str, Any]

    level = forms.ChoiceField(label="项目层级", choices=Project.Level, widget=forms.RadioSelect)
    parent = forms.ModelChoiceField(
        queryset=Project.objects.none(),
        label="所属打包项目",
        required=False,
        empty_label="不隶属于打包项目",
        help_text="只列层级为“打包项目”的项目。",
    )
    from_on = DayField(
        label="自何日起",
        help_text="该日起按新的层级和隶属统计，此前各日不变；更正误登的，填原登记的起始日期。",
    )
    reason = forms.CharField(label="调整原因", max_length=200)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        packages = Project.objects.filter(level=Project.Level.PACKAGE).exclude(pk=project.pk)
        self.fields["parent"].queryset = packages.order_by("name")


class ChangeUndoForm(forms.Form):
    """Why a change is undone (撤销更改)."""

    reason = forms.CharField(
        label="撤销原因",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="记入变更记录；撤销后原来的记录仍然保留。",
    )


class NewProjectForm(forms.ModelForm):
    """A project entered by hand (新建项目): facts, who answers, the year's list it stands in, where it stands in one."""

    fields: dict[str, Any]

    code = forms.CharField(
        label="项目代码",
        max_length=40,
        required=False,
        help_text="尚未赋码的留空，系统编临时编号，赋码后再更正。",
    )
    total_investment = AmountField(label="总投资", required=False, help_text="万元；可直接写“1.2亿元”。")
    started_on = DayField(label="实际开工日期", required=False, help_text="尚未开工的留空。")
    is_another = forms.BooleanField(label="确为另一个项目", required=False)
    industry_chain = forms.ModelChoiceField(
        IndustryChain.objects.all(), label="所属产业链", required=False, empty_label="未明确"
    )
    sponsor = forms.ModelChoiceField(
        Official.objects.filter(is_active=True), label="挂包领导", required=False, empty_label="待明确"
    )
    lead_department = UnitField(
        "推进部门", kinds=[Unit.Kind.DEPARTMENT], required=False, empty_label="待明确"
    )
    host_district = UnitField("属地保障", kinds=[Unit.Kind.DISTRICT], required=False, empty_label="待明确")
    from_on = DayField(label="责任起始日期", help_text="三项责任和产业链自该日起算。")
    annual_list = forms.ModelChoiceField(
        AnnualList.objects.none(),
        label="列入名单",
        required=False,
        empty_label="暂不列入",
        help_text="其他名单可在保存后通过“名单调整”调入。",
    )
    category = forms.ChoiceField(
        label="项目类别", choices=[("", "请选择"), *ProjectStage.choices], required=False
    )
    planned_investment = AmountField(label="年度计划投资", required=False)
    planned_start = OfficeDateInput(label="计划开工时间", help_text="如 2023年三季度、2023年10月底前。")
    planned_completion = OfficeDateInput(label="计划竣工时间")
    effective_on = DayField(
        label="自何日起列入",
        required=False,
        help_text="年初名单填1月1日，年中调入填批准之日；此前各日的数字不变。",
    )
    document = forms.CharField(label="列入文号", max_length=120, required=False)

    FACTS = (
        *("name", "is_another", "code", "developer", "nature", "total_investment"),
        *("industry_chain", "description", "address", "started_on"),
    )
    SLOTS = tuple(Handover.Slot.values)
    LISTED = (
        *("annual_list", "category", "planned_investment", "planned_start", "planned_completion"),
        *("effective_on", "document"),
    )
    OWED = {"category": "请选择项目类别。", "planned_investment": "请填写年度计划投资。"}

    class Meta:
        model = Project
        fields = (
            "name",
            "code",
            "developer",
            "nature",
            "total_investment",
            "description",
            "address",
            "started_on",
        )
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, year: int, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nature"].choices = [("", "未明确"), *Project.Nature.choices]
        self.fields["annual_list"].queryset = AnnualList.objects.filter(year=year).select_related("kind")
        self.fields["from_on"].initial = self.fields["effective_on"].initial = today

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("annual_list"):
            for name, words in (*self.OWED.items(), ("effective_on", "请填写自何日起列入。")):
                if cleaned.get(name) in (None, "") and name not in self.errors:
                    self.add_error(name, words)
        return cleaned

    def _post_clean(self) -> None:
        """The service fills and checks the row; here only what was typed is read."""

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their headings, in the order of the form; the tick for a known name where it was asked for."""
        asked = self.is_bound and ("name" in self.errors or bool(self["is_another"].value()))
        facts = [name for name in self.FACTS if asked or name != "is_another"]
        parts = (("项目", facts), ("六个一", (*self.SLOTS, "from_on")), ("年度名单", self.LISTED))
        return [(words, [self[name] for name in names]) for words, names in parts]

    def given(self) -> dict[str, Any]:
        """The valid form as the service takes it."""
        typed = self.cleaned_data
        placed = {name: typed[name] for name in self.LISTED}
        return {
            "project": Project(**{name: typed[name] for name in self.Meta.fields}),
            "chain": typed["industry_chain"],
            "holders": {Handover.Slot(name): typed[name] for name in self.SLOTS},
            "from_on": typed["from_on"],
            "placing": Placing(**placed) if typed["annual_list"] else None,
            "is_another": typed["is_another"],
        }


class FurtherFieldsForm(forms.Form):
    """A project's values of the office's own columns (自定义字段), one field each, by the field's number."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, further: Sequence[FurtherField], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.further = {f"field_{field.pk}": field for field in further}
        for name, field in self.further.items():
            self.fields[name] = self._field_for(field)

    @staticmethod
    def _field_for(field: FurtherField) -> forms.Field:
        given: dict[str, Any] = {"label": field.name, "required": False, "help_text": field.hint}
        if field.kind == FurtherField.Kind.CHOICE:
            choices = [("", "未填"), *((words, words) for words in field.choices)]
            return forms.ChoiceField(choices=choices, **given)
        if field.kind == FurtherField.Kind.DATE:
            return forms.CharField(widget=day_input(), **given)
        if field.kind == FurtherField.Kind.NUMBER:
            return forms.CharField(widget=forms.TextInput(attrs={"inputmode": "decimal"}), **given)
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), **given)

    def clean(self) -> dict[str, Any]:
        """Each value of its field's kind, else its own words beside it."""
        cleaned = super().clean() or {}
        for name, field in self.further.items():
            try:
                value_of(field, cleaned.get(name) or "")
            except ValueError as error:
                self.add_error(name, f"{error}。")
        return cleaned

    def values(self) -> dict[str, str]:
        """What was typed, by the names of the fields."""
        return {field.name: self.cleaned_data[name] for name, field in self.further.items()}
