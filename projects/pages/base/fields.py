"""Fields that several forms share (通用字段): a project by code or words, a unit, a paper, a workbook, a day."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet

from projects.models import Project, Unit
from projects.periods import parse_office_date
from projects.services.base.attachments import ACCEPT, PreparedFile, prepare_file, prepare_files

OFFERED = 5
MEGABYTE = 1024 * 1024


class ProjectField(forms.CharField):
    """A project typed as its 项目代码 or words of its name; the cleaned value is the Project.

    `queryset` is what the person may choose from, set by the form. No select of thousands: the page stays light, and
    words that fit several projects are answered with those projects' names.
    """

    queryset = Project.objects.none()

    def clean(self, value: Any) -> Project | None:
        text = super().clean(value)
        if not text:
            return None
        exact = self.queryset.filter(code=text).first() or self.queryset.filter(name=text).first()
        if exact:
            return exact
        found = list(self.queryset.search(text).order_by("code")[: OFFERED + 1])
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError(f"没有找到“{text}”，请填写项目代码或项目名称中的字。")
        names = "、".join(f"{project.name}（{project.code}）" for project in found[:OFFERED])
        more = "等" if len(found) > OFFERED else ""
        raise ValidationError(f"“{text}”对应多个项目，请写得更全，或填写项目代码：{names}{more}。")


class UnitField(forms.ModelChoiceField):
    """One unit that still exists, in the office's order; of some kinds where they are named."""

    def __init__(self, label: str, *, kinds: Sequence[str] = (), **kwargs: Any) -> None:
        units = Unit.objects.filter(is_active=True)
        super().__init__(units.filter(kind__in=kinds) if kinds else units, label=label, **kwargs)


class PaperField(forms.FileField):
    """One optional paper (扫描件): the cleaned value is a list of PreparedFile, empty without an upload."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("help_text", "照片或 PDF、DOCX、XLSX 文件。")
        super().__init__(widget=forms.FileInput(attrs={"accept": ACCEPT}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[PreparedFile]:
        upload = super().clean(data, initial)
        return [prepare_file(upload)] if upload else []


class PicturesInput(forms.FileInput):
    """A file input that takes several pictures."""

    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Several pictures, checked and prepared for storing: cleaned value is a list of PreparedFile."""

    widget = PicturesInput

    def clean(self, data: Any, initial: Any = None) -> list[PreparedFile]:
        given = data if isinstance(data, list | tuple) else [data]
        uploads = [
            upload for upload in (super(PicturesField, self).clean(one, initial) for one in given) if upload
        ]
        return prepare_files(uploads)


class WorkbookField(forms.FileField):
    """A sheet to be read, no larger than an upload may be."""

    def clean(self, data: Any, initial: Any = None) -> UploadedFile:
        upload = super().clean(data, initial)
        if upload.size > settings.MAX_UPLOAD_BYTES:
            raise ValidationError(f"文件不能超过{settings.MAX_UPLOAD_BYTES // MEGABYTE}MB。")
        return upload


def day_input() -> forms.DateInput:
    """The browser's own calendar."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day, entered with the browser's own calendar."""

    default_error_messages: ClassVar = {"required": "请填写日期。"}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", day_input())
        super().__init__(**kwargs)


class OfficeDateInput(forms.CharField):
    """A planned date as offices write it; words that mean no date the product knows are refused here already."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, required=False, **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            parse_office_date(text)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        return text


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows by number; a number no column can hold is no choice, where SQLite would fail over it."""

    def clean(self, value: Any) -> QuerySet[Any]:
        for key in value or ():
            if len(str(key)) > 18:
                raise ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": key}
                )
        return super().clean(value)
