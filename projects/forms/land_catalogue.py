"""Forms of the catalogue of 用地一件事: the sheet, and the confirmation that carries what was read."""

from django import forms
from django.conf import settings
from django.core import signing

from projects.services.land_catalogue import CatalogueRow, as_payload, from_payload

MEGABYTE = 1024 * 1024
SALT = "land-catalogue"
HOURS = 12


class CatalogueForm(forms.Form):
    """The sheet to be compared (上传目录表)."""

    file = forms.FileField(
        label="目录表",
        help_text="xlsx 文件，表头为：阶段、类别、事项名称、办理单位、办理时限（工作日）、申请材料、前置事项。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls"}),
    )

    def clean_file(self):
        upload = self.cleaned_data["file"]
        if upload.size > settings.MAX_UPLOAD_BYTES:
            raise forms.ValidationError(f"文件不能超过{settings.MAX_UPLOAD_BYTES // MEGABYTE}MB。")
        return upload


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

    def clean_sealed(self) -> dict:
        try:
            content = signing.loads(self.cleaned_data["sealed"], salt=SALT, max_age=HOURS * 3600)
        except signing.BadSignature as error:
            raise forms.ValidationError("核对结果已失效，请重新上传目录表。") from error
        return {**content, "rows": from_payload(content["rows"])}
