"""Forms of permits, land, markers of joint services (手续、用地)."""

from typing import Any, ClassVar

from django import forms
from django.core import signing

from projects.models import Permit, PermitKind, Plot, ProjectMarker
from projects.services.base.attachments import ACCEPT
from projects.services.papers.land_catalogue import CatalogueRow, as_payload, from_payload
from projects.services.papers.permits import proposed_until

from ..base.fields import PicturesField, PicturesInput, WorkbookField, day_input

# --- permits --------------------------------------------------------------------------------------------

BY_KIND, GIVEN, UNLIMITED = "kind", "given", "unlimited"
FILES_HELP = "批复、证照的扫描件；可多选，每个不超过 20 MB。"


def files_field(**kwargs: Any) -> Any:
    return PicturesField(help_text=FILES_HELP, widget=PicturesInput(attrs={"accept": ACCEPT}), **kwargs)


class KindField(forms.ModelChoiceField):
    """Kinds in use, each with its validity."""

    def label_from_instance(self, kind: PermitKind) -> str:
        return f"{kind}（有效期{kind.validity_months}个月）" if kind.validity_months else str(kind)


class RenewForm(forms.Form):
    """The document that renews a permit (延续). Its validity follows from the kind unless the document says another."""

    number = forms.CharField(
        label="文号（证号）", max_length=80, help_text="如 淄高新审〔2023〕15号、建字第370300202300015号。"
    )
    issued_by = forms.CharField(label="发证机关", max_length=80, required=False)
    issued_on = forms.DateField(label="发证日期", widget=day_input())
    validity = forms.ChoiceField(
        label="有效期",
        choices=[(BY_KIND, "按许可种类推算"), (GIVEN, "按证载日期填写"), (UNLIMITED, "长期有效")],
        initial=BY_KIND,
        widget=forms.RadioSelect,
        help_text="自发证日期起按月推算，届满日为最后一月的对应日；没有规定有效期的种类按长期有效登记。",
    )
    valid_until_on = forms.DateField(
        label="有效期至", required=False, widget=day_input(), help_text="选“按证载日期填写”时填写。"
    )
    files = files_field(label="附件", required=False)

    def __init__(self, *args: Any, kind: PermitKind | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of_kind = kind
        if kind:
            months = f"{kind.validity_months}个月" if kind.validity_months else "长期有效"
            validity: Any = self.fields["validity"]
            (_key, words), *others = validity.choices
            validity.choices = [(BY_KIND, f"{words}（{months}）"), *others]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        choice, day = data.get("validity"), data.get("valid_until_on")
        kind, issued_on = self.of_kind or data.get("kind"), data.get("issued_on")
        if choice == GIVEN and not day and "valid_until_on" not in self.errors:
            self.add_error("valid_until_on", "请填写证载的有效期，或改选其他方式。")
        elif choice == BY_KIND and day:
            self.add_error("valid_until_on", "已填写日期，请将有效期改选“按证载日期填写”，或清空日期。")
        elif choice == UNLIMITED and day:
            self.add_error("valid_until_on", "长期有效的不填日期。")
        elif choice == BY_KIND and kind and issued_on:
            data["valid_until_on"] = proposed_until(kind, issued_on)
        return data

    def entry(self) -> dict[str, Any]:
        """What the service is told."""
        return {name: value for name, value in self.cleaned_data.items() if name != "validity"}


class PermitForm(RenewForm):
    """A new permit (登记许可)."""

    kind = KindField(
        label="许可种类", queryset=PermitKind.objects.filter(is_active=True), empty_label="请选择"
    )
    field_order = ["kind"]


class VoidForm(forms.Form):
    """Why a permit is void (作废)."""

    reason = forms.CharField(
        label="作废原因",
        max_length=Permit._meta.get_field("void_reason").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class FilesForm(forms.Form):
    """Further files of a permit (上传附件)."""

    files = files_field(label="附件")


# --- plots ----------------------------------------------------------------------------------------------


class PlotForm(forms.ModelForm):
    """A new plot (登记地块)."""

    class Meta:
        model = Plot
        fields: ClassVar = ["name", "area", "address"]
        help_texts: ClassVar = {
            "name": "如宗地编号或“一期东地块”，同一项目内不能重复。",
            "address": "四至或所在道路、村（社区）。",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area: Any = self.fields["area"]
        area.label, area.unit = "面积", "亩"


class StartForm(forms.Form):
    """The day an item begins (启动)."""

    started_on = forms.DateField(
        label="受理日期", widget=day_input(), help_text="办理时限自该日起按工作日计算。"
    )


class FinishForm(forms.Form):
    """The day an item is done, on which document (办结)."""

    done_on = forms.DateField(label="办结日期", widget=day_input())
    document = forms.CharField(
        label="文号或说明", max_length=120, help_text="如批复文号、合同编号、公告编号；没有文号的写明依据。"
    )


class LandReasonForm(forms.Form):
    """Why an item does not apply, or is taken back."""

    reason = forms.CharField(label="原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


# --- land catalogue -------------------------------------------------------------------------------------

SALT = "land-catalogue"
HOURS = 12


class CatalogueForm(forms.Form):
    """The sheet to be compared (上传目录表)."""

    file = WorkbookField(
        label="目录表",
        help_text="xlsx 文件，表头为：阶段、类别、事项名称、办理单位、办理时限（工作日）、申请材料、前置事项。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls"}),
    )


class LoadForm(forms.Form):
    """Confirmation (确认载入). `sealed` carries the rows read, signed, so that nothing else can be written."""

    sealed = forms.CharField(widget=forms.HiddenInput)
    is_checked = forms.BooleanField(
        label="已核：各事项的名称、单位、时限、材料和前置已与主管部门核对",
        required=False,
        help_text="不勾选的，新增和有变更的事项标注“待核”。",
    )

    @staticmethod
    def seal(rows: list[CatalogueRow], source: str, fingerprint: str) -> str:
        content = {"rows": as_payload(rows), "source": source, "fingerprint": fingerprint}
        return signing.dumps(content, salt=SALT, compress=True)

    def clean_sealed(self) -> dict[str, Any]:
        try:
            content = signing.loads(self.cleaned_data["sealed"], salt=SALT, max_age=HOURS * 3600)
        except signing.BadSignature as error:
            raise forms.ValidationError("核对结果已失效，请重新上传目录表。") from error
        return {**content, "rows": from_payload(content["rows"])}


# --- markers --------------------------------------------------------------------------------------------


class MarkerForm(forms.ModelForm):
    """The state of a joint service on a project; what depends on the state before is the service's to check."""

    class Meta:
        model = ProjectMarker
        fields: ClassVar = ["state", "since_on", "document", "note"]
        widgets: ClassVar = {"since_on": day_input()}
        help_texts: ClassVar = {
            "document": "办结时必填，如证号、协议编号。",
            "note": "不再办理、更正已办结事项时必填，写明原因。",
        }
