"""Forms of milestones (节点): done with evidence, taken back with a reason."""

from django import forms

from projects.services.attachments import ACCEPT

from .visits import PicturesField, PicturesInput


class AchieveForm(forms.Form):
    """The date of a milestone and its evidence (登记办结): a number, a file, or both; the service asks for one."""

    achieved_on = forms.DateField(
        label="实际完成日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    evidence = forms.CharField(
        label="文号或说明",
        max_length=120,
        required=False,
        help_text="如批复文号、许可证号；与附件至少填一项。",
    )
    files = PicturesField(
        label="照片或文件",
        required=False,
        help_text="可多选；JPG、PNG、WEBP 照片或 PDF、DOCX、XLSX 文件，每个不超过 20 MB。",
        widget=PicturesInput(attrs={"accept": ACCEPT}),
    )


class UndoForm(forms.Form):
    """Why a completion is taken back (撤销办结)."""

    reason = forms.CharField(label="撤销原因", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
