"""Forms of imports (台账导入): the upload, and the tick that confirms warnings."""

from typing import Any

from django import forms

from projects.models import ListKind

from ..base.fields import WorkbookField


class UploadForm(forms.Form):
    """A workbook and what the sender did not write into it (上传台账)."""

    file = WorkbookField(
        label="台账文件",
        help_text="xlsx、xls、et 文件，20MB 以内，可含多张工作表：台账、节点计划、投资调度、问题清单、指标、招商项目、领导和单位名册、项目位置。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.et"}),
    )
    list = forms.ModelChoiceField(
        ListKind.objects.all(),
        label="所属名单",
        to_field_name="name",
        required=False,
        empty_label="由表题、表名判断",
        help_text="表题、表名都未写明名单时选择。",
    )
    year = forms.IntegerField(
        label="年度", required=False, min_value=2000, max_value=2099, help_text="不填则由表题、表头判断。"
    )
    unit = forms.ChoiceField(
        label="金额单位",
        required=False,
        choices=[("", "以表内写明的为准"), ("万元", "万元"), ("亿元", "亿元")],
        help_text="表内没有写明单位时选择。",
    )

    def options(self) -> dict[str, Any]:
        """What the import is told, as the batch keeps it."""
        data = self.cleaned_data
        return {
            "list": data["list"].name if data.get("list") else None,
            "year": data.get("year"),
            "unit": data.get("unit") or None,
        }


class ConfirmForm(forms.Form):
    """The tick under the questions (确认提示)."""

    accept_warnings = forms.BooleanField(label="以上提示已核对，确认导入", required=False)
