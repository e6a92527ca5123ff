"""Forms of permits (许可): registered, renewed, declared void, files added."""

from django import forms

from projects.models import Permit, PermitKind
from projects.services.attachments import ACCEPT
from projects.services.permits import proposed_until

from .visits import PicturesField, PicturesInput

BY_KIND, GIVEN, UNLIMITED = "kind", "given", "unlimited"
FILES_HELP = "批复、证照的扫描件；可多选，每个不超过 20 MB。"


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def files_field(**kwargs) -> PicturesField:
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

    def __init__(self, *args, kind: PermitKind | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind = kind

    def clean(self):
        data = super().clean()
        choice, day = data.get("validity"), data.get("valid_until_on")
        kind, issued_on = self.kind or data.get("kind"), data.get("issued_on")
        if choice == GIVEN and not day and "valid_until_on" not in self.errors:
            self.add_error("valid_until_on", "请填写证载的有效期，或改选其他方式。")
        elif choice == BY_KIND and day:
            self.add_error("valid_until_on", "已填写日期，请将有效期改选“按证载日期填写”，或清空日期。")
        elif choice == UNLIMITED and day:
            self.add_error("valid_until_on", "长期有效的不填日期。")
        elif choice == BY_KIND and kind and issued_on:
            data["valid_until_on"] = proposed_until(kind, issued_on)
        return data

    def entry(self) -> dict:
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
