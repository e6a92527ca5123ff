"""Forms of hand-overs (责任交接): one slot of a project, or everything a holder has."""

from django import forms

from projects.models import Handover, Official, Unit

from .fields import DayField, PaperField


class HandOverAllForm(forms.Form):
    """The successor of a slot, from when, on what document; `slot` decides between leaders and units."""

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
    files = PaperField(label="依据文件扫描件")

    def __init__(self, *args, slot: Handover.Slot, **kwargs):
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

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].required = False

    def clean(self):
        cleaned = super().clean()
        if "to" in cleaned and bool(cleaned["to"]) == bool(cleaned.get("is_vacant")):
            self.add_error("to", "请选择接任者，或勾选“暂缺”，二者取其一。")
        return cleaned


class DayForm(forms.Form):
    """Who answered on a day (某日由谁负责)."""

    on = DayField(label="查询日期")
