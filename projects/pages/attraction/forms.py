"""Forms of leads, industry chains, indicators (招商、产业链)."""

from typing import Any

from django import forms

from projects.figures.indicators import MONTHS
from projects.models import (
    ChainSegment,
    Indicator,
    IndicatorValue,
    IndustryChain,
    Lead,
    Official,
    Project,
    Unit,
    User,
)

from ..base.fields import DayField, ProjectField, UnitField

# --- leads ----------------------------------------------------------------------------------------------


class SegmentField(forms.ModelChoiceField):
    """Segments in use, each with its chain and place: 新能源·上游·正极材料."""

    def __init__(self, **kwargs: Any) -> None:
        rows = ChainSegment.objects.filter(is_active=True).select_related("chain")
        rows = rows.order_by("chain__position", "tier", "position", "pk")
        super().__init__(rows, label="所在环节", required=False, empty_label="待明确", **kwargs)

    def label_from_instance(self, segment: ChainSegment) -> str:
        return f"{segment.chain}·{segment.get_tier_display()}·{segment.name}"


def _of_lead(name: str, **kwargs: Any) -> Any:
    """A column of Lead as a form asks for it."""
    column: Any = Lead._meta.get_field(name)
    return column.formfield(**kwargs)


class LeadForm(forms.Form):
    """A lead's facts; a reporter chooses among the own units only.

    No ModelForm: a lead that is there already is refused by the service, which names the unit that has it.
    """

    fields: dict[str, Any]
    name = _of_lead("name")
    investor = _of_lead("investor")
    origin = forms.ChoiceField(label="资金来源地", choices=[("", "请选择"), *Lead.Origin.choices])
    agreed_investment = _of_lead("agreed_investment", label="约定投资额")
    sector = _of_lead("sector")
    industry_chain = _of_lead("industry_chain", empty_label="待明确")
    segment = SegmentField(help_text="环节由发改局统筹在“管理—产业链”中维护。")
    unit = _of_lead("unit", empty_label="请选择")
    contact = _of_lead("contact", help_text="姓名和电话，仅责任单位和发改局统筹可见。")
    notes = _of_lead("notes", widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agreed_investment"].unit = "万元"
        units = Unit.objects.filter(is_active=True)
        self.fields["unit"].queryset = units if user.is_office else units.filter(pk__in=user.unit_ids)
        if not user.is_office and len(user.unit_ids) == 1:
            self.initial.setdefault("unit", next(iter(user.unit_ids)))


class NewLeadForm(LeadForm):
    """A new lead, with the day talks began."""

    talked_on = DayField(label="开始洽谈日期")
    document = forms.CharField(
        label="来源材料", max_length=120, required=False, help_text="如 考察纪要、推介函；没有可不填。"
    )


class EditLeadForm(LeadForm):
    """A lead's facts corrected; `initial` is what stands."""

    reason = forms.CharField(
        label="修改原因", max_length=200, required=False, help_text="约定投资额有变化时必填。"
    )


class MoveLeadForm(forms.Form):
    """The next stage of a lead: which, when, on what paper, why."""

    fields: dict[str, Any]
    stage = forms.ChoiceField(label="阶段", widget=forms.RadioSelect)
    on = DayField(label="日期")
    document = forms.CharField(
        label="依据材料",
        max_length=120,
        required=False,
        help_text="签约填协议名称或编号，落地填备案、供地、注册等依据，均为必填。",
    )
    note = forms.CharField(
        label="说明",
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="终止或重新洽谈须说明原因。",
    )

    def __init__(self, *args: Any, lead: Lead, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = [(item.value, item.label) for item in lead.next_stages]


class LandForm(forms.Form):
    """The 前期 project a lead becomes, filled in from the lead; `offers_twins` adds the tick that it is another one."""

    fields: dict[str, Any]
    name = forms.CharField(label="项目名称", max_length=120)
    developer = forms.CharField(label="建设单位", max_length=120)
    code = forms.CharField(
        label="项目代码",
        max_length=40,
        required=False,
        help_text="尚未赋码的留空，编临时编号，赋码后再更正。",
    )
    total_investment = _of_lead("agreed_investment", label="总投资", required=False)
    industry_chain = forms.ModelChoiceField(
        label="产业链", queryset=IndustryChain.objects.all(), required=False, empty_label="待明确"
    )
    description = forms.CharField(
        label="建设内容及规模", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    address = forms.CharField(label="建设地点", max_length=160, required=False)
    sponsor = forms.ModelChoiceField(
        label="挂包领导",
        queryset=Official.objects.filter(is_active=True),
        required=False,
        empty_label="待明确",
    )
    lead_department = UnitField(
        "推进部门", kinds=[Unit.Kind.DEPARTMENT, Unit.Kind.OTHER], required=False, empty_label="待明确"
    )
    host_district = UnitField(
        "属地保障", kinds=[Unit.Kind.DISTRICT, Unit.Kind.OTHER], required=False, empty_label="待明确"
    )
    from_on = DayField(label="责任起始日期", help_text="三项责任自该日起算。")
    is_other = forms.BooleanField(
        label="已核对，与上列相近项目不是同一项目", required=False, help_text="勾选后按新项目登记。"
    )

    def __init__(self, *args: Any, offers_twins: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["total_investment"].unit = "万元"
        if not offers_twins:
            del self.fields["is_other"]


# --- chains ---------------------------------------------------------------------------------------------


class ChainMemberForm(forms.Form):
    """A unit or person of the team (专班成员)."""

    unit = UnitField("单位", required=False, empty_label="不填")
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
    unit = UnitField("责任单位", empty_label="请选择")
    due_on = DayField(label="完成时限", help_text="列入时限所在年度。")


class FinishChainTaskForm(forms.Form):
    done_on = DayField(label="完成日期")
    result = forms.CharField(label="完成情况", max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class ChainPlaceForm(forms.Form):
    """Which project stands where in the chain (归入产业链)."""

    fields: dict[str, Any]
    project = ProjectField(label="项目", max_length=120, help_text="填写项目代码或项目名称中的字。")
    segment = SegmentField()
    from_on = DayField(label="自何日起", help_text="该日起计入本产业链，此前各日的数据不变。")
    reason = forms.CharField(
        label="原因", max_length=200, required=False, help_text="由其他产业链改归本产业链时必填。"
    )

    def __init__(self, *args: Any, chain: IndustryChain, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = Project.objects.visible_to(user)
        self.fields["segment"].queryset = self.fields["segment"].queryset.filter(chain=chain)


# --- indicators -----------------------------------------------------------------------------------------


class IndicatorValueForm(forms.Form):
    """The cumulative value of a month, the city's total, why where one is owed."""

    fields: dict[str, Any]
    month = forms.TypedChoiceField(
        label="月份",
        coerce=int,
        choices=[(month, f"1—{month}月" if month > 1 else "1月") for month in MONTHS],
    )
    value = IndicatorValue._meta.get_field("value").formfield(label="累计完成")
    last_year = IndicatorValue._meta.get_field("last_year").formfield(
        label="上年同期", help_text="去年同期的累计数，不掌握的不填。"
    )
    city_total = IndicatorValue._meta.get_field("city_total").formfield(
        label="全市总量", help_text="市里通报的同期全市累计数，未通报的不填。"
    )
    note = forms.CharField(
        label="说明",
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="累计数小于前月、大于后月，或更正已登记的数，须说明原因。",
    )

    def __init__(self, *args: Any, indicator: Indicator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("value", "last_year", "city_total"):
            self.fields[name].unit = indicator.unit
