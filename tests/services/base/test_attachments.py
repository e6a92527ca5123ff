"""Uploads are checked by content, pictures lose their EXIF, files belong to a project."""

import io
import zipfile

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from projects.models import Attachment, AuditRecord, Project, ReportState
from projects.services.base.attachments import (
    LONG_SIDE,
    attach,
    prepare_file,
    prepare_files,
    take_off_report,
)
from tests.factories import NOW, make_picture, make_project, make_report, make_unit, make_user


def office_file(name: str, *members: str) -> SimpleUploadedFile:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for member in members:
            archive.writestr(member, "x")
    return SimpleUploadedFile(name, content.getvalue())


def refusal(upload) -> str:
    with pytest.raises(ValidationError) as refused:
        prepare_file(upload)
    return refused.value.messages[0]


def test_a_photo_is_kept_upright_and_without_exif():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x8825] = {1: "N", 2: (36.8, 0.0, 0.0)}  # where it was taken
    prepared = prepare_file(make_picture(exif=exif.tobytes()))
    kept = Image.open(io.BytesIO(prepared.content))
    assert kept.size == (30, 40)
    assert not dict(kept.getexif())
    assert b"Exif" not in prepared.content


def test_a_large_photo_is_made_smaller_and_nothing_hides_behind_it():
    upload = make_picture(size=(LONG_SIDE * 2, 100))
    hidden = SimpleUploadedFile("现场.jpg", upload.read() + b"PK\x03\x04<script>")
    prepared = prepare_file(hidden)
    assert Image.open(io.BytesIO(prepared.content)).size[0] == LONG_SIDE
    assert b"<script>" not in prepared.content


@pytest.mark.parametrize(("extension", "kind"), [("png", "PNG"), ("webp", "WEBP"), ("jpeg", "JPEG")])
def test_pictures_stay_of_their_kind(extension, kind):
    prepared = prepare_file(make_picture(f"图.{extension}", kind))
    assert Image.open(io.BytesIO(prepared.content)).format == kind


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (SimpleUploadedFile("病毒.exe", b"MZ"), "只收"),
        (SimpleUploadedFile("页面.svg", b"<svg/>"), "只收"),
        (SimpleUploadedFile("照片.HEIC", b"ftypheic"), "另存为 JPG"),
        (SimpleUploadedFile("照片.jpg", b"<html>"), "不是有效的照片"),
        (make_picture("照片.jpg", "PNG"), "不是有效的照片"),
        (SimpleUploadedFile("照片.jpg", b""), "空文件"),
        (SimpleUploadedFile("批文.pdf", b"PK\x03\x04"), "PDF"),
        (SimpleUploadedFile("批文.pdf", b"%PDF-1.7 cut off"), "PDF"),
        (SimpleUploadedFile("纪要.docx", b"not a zip"), "有效的 DOCX"),
        (office_file("纪要.docx", "[Content_Types].xml", "xl/workbook.xml"), "有效的 DOCX"),
        (office_file("表.xlsx", "[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"), "宏"),
        (office_file("表.xlsx", "[Content_Types].xml", "xl/workbook.xml", "../../etc/x"), "有效的 XLSX"),
    ],
)
def test_what_is_not_what_it_says_is_refused(upload, words):
    assert words in refusal(upload)


def test_papers_pass_as_they_are():
    pdf = SimpleUploadedFile("批文.pdf", b"%PDF-1.7\n...\n%%EOF\n")
    assert prepare_file(pdf).content_type == "application/pdf"
    docx = office_file("纪要.docx", "[Content_Types].xml", "word/document.xml")
    assert prepare_file(docx).content_type.endswith("wordprocessingml.document")


def test_a_file_over_the_limit_is_refused(settings):
    settings.MAX_UPLOAD_BYTES = 1024 * 1024
    assert "1 MB" in refusal(SimpleUploadedFile("批文.pdf", b"%PDF-" + b"0" * 1024 * 1024))


def test_a_picture_of_too_many_pixels_is_refused(monkeypatch):
    monkeypatch.setattr("projects.services.base.attachments.MAX_PIXELS", 100)
    assert "像素" in refusal(make_picture())


def test_all_refused_files_are_named_at_once():
    with pytest.raises(ValidationError) as refused:
        prepare_files([SimpleUploadedFile("a.exe", b"MZ"), make_picture(), SimpleUploadedFile("b.jpg", b"x")])
    assert len(refused.value.messages) == 2


def test_the_name_loses_folders_and_tricks():
    assert prepare_file(make_picture('..\\x/现\u202e场"<b>.jpg')).name == "现场b.jpg"


@pytest.mark.usefixtures("media")
@pytest.mark.django_db
class TestStored:
    def test_a_double_click_stores_one_file(self, media):
        office = make_user("office")
        project = make_project()
        prepared = prepare_file(make_picture())
        first = attach(file=prepared, project=project, by=office, now=NOW)
        second = attach(file=prepared, project=project, by=office, now=NOW)
        assert first == second
        assert Attachment.objects.count() == 1
        assert len([path for path in media.rglob("*") if path.is_file()]) == 1
        assert AuditRecord.objects.filter(action="上传附件").count() == 1

    def test_the_stored_name_tells_nothing(self):
        attachment = attach(
            file=prepare_file(make_picture()), project=make_project(), by=make_user("office"), now=NOW
        )
        assert "现场" not in attachment.file.name
        assert attachment.name == "现场.jpg"
        assert len(attachment.sha256) == 64

    def test_only_those_who_see_the_project_see_its_files(self):
        unit = make_unit()
        attachment = attach(
            file=prepare_file(make_picture()),
            project=make_project(lead_department=unit),
            by=make_user("reporter", unit=unit),
            now=NOW,
        )
        assert Attachment.objects.visible_to(make_user("reporter", unit=unit)).get() == attachment
        assert not Attachment.objects.visible_to(make_user("reporter")).exists()

    def test_a_photo_leaves_a_draft_but_stays_with_the_project(self):
        office = make_user("office")
        report = make_report(make_project(), state=ReportState.DRAFT)
        attachment = attach(
            file=prepare_file(make_picture()), project=report.project, report=report, by=office, now=NOW
        )
        take_off_report(attachment=attachment, by=office, now=NOW)
        assert not report.attachments.exists()
        assert report.project.attachments.exists()

    def test_a_photo_does_not_leave_a_report_handed_in_nor_by_a_strangers_hand(self):
        office = make_user("office")
        report = make_report(make_project())
        attachment = attach(
            file=prepare_file(make_picture()), project=report.project, report=report, by=office, now=NOW
        )
        with pytest.raises(ValidationError, match="旬报已报送"):
            take_off_report(attachment=attachment, by=office, now=NOW)
        with pytest.raises(PermissionDenied):
            take_off_report(attachment=attachment, by=make_user("reporter"), now=NOW)
        assert report.attachments.exists()
        assert Project.objects.count() == 1
