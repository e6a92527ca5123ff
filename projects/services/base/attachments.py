"""Attachments (附件): what may be uploaded, and the one way a file becomes a row.

An upload is first prepared (read, checked, pictures re-encoded), then attached. Prepare every file of a form before
the first write: a refused file then leaves nothing behind, neither row nor file.
"""

import hashlib
import io
import re
import uuid
import warnings
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import IO

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Model
from PIL import Image, ImageOps

from projects.models import Attachment, Project, User

from .records import record, snapshot

PICTURES = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}
CONTENT_TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# What an <input type="file"> offers. HEIC is left out on purpose: phones then hand over a JPEG by themselves.
ACCEPT = ",".join(f".{extension}" for extension in CONTENT_TYPES)
ACCEPT_PICTURES = ",".join(sorted({f".{extension}" for extension in PICTURES} | {"image/jpeg", "image/png"}))
OFFICE_MEMBERS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}

# What a file may belong to beside its project: the foreign keys of Attachment.
SUBJECTS = frozenset(field.name for field in Attachment._meta.fields if field.is_relation and field.null)

MAX_PIXELS = 60_000_000
LONG_SIDE = 2560  # enough to read a stamped paper, a quarter of what a phone sends
MAX_MEMBERS = 2_000
MAX_UNPACKED_BYTES = 200 * 1024 * 1024


@dataclass(frozen=True)
class PreparedFile:
    """A checked upload, ready to be stored: the bytes that will be kept, not those that came."""

    name: str
    extension: str
    content_type: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def prepare_file(upload: IO[bytes], name: str | None = None) -> PreparedFile:
    """Check one upload by size, extension and content (上传检查); pictures lose their EXIF, also the place.

    ValidationError names the file and says what to do.
    """
    name = clean_name(name or getattr(upload, "name", None) or "")
    extension = PurePath(name).suffix.lower().removeprefix(".")
    if extension in {"heic", "heif"}:
        raise ValidationError(f"“{name}”是 HEIC 照片，请在手机上另存为 JPG 后再上传。")
    if extension not in CONTENT_TYPES:
        raise ValidationError(f"“{name}”不能上传：只收 JPG、PNG、WEBP 照片和 PDF、DOCX、XLSX 文件。")
    limit = settings.MAX_UPLOAD_BYTES
    upload.seek(0)
    content = upload.read(limit + 1)
    if len(content) > limit:
        raise ValidationError(f"“{name}”超过 {limit // 1024 // 1024} MB，请压缩后再上传。")
    if not content:
        raise ValidationError(f"“{name}”是空文件，请重新选择。")
    if extension in PICTURES:
        content = _picture(content, name, PICTURES[extension])
    elif extension == "pdf":
        _check_pdf(content, name)
    else:
        _check_office_file(content, name, extension)
    return PreparedFile(name, extension, CONTENT_TYPES[extension], content)


def prepare_files(uploads: list[IO[bytes]]) -> list[PreparedFile]:
    """Check several uploads; one ValidationError lists every file that is refused."""
    prepared, refusals = [], []
    for upload in uploads:
        try:
            prepared.append(prepare_file(upload))
        except ValidationError as error:
            refusals += error.messages
    if refusals:
        raise ValidationError(refusals)
    return prepared


def clean_name(name: str) -> str:
    """The file's own name without folders and control characters, at most 120 characters."""
    plain = re.sub(
        r'[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069"<>|:*?]+', "", re.split(r"[/\\]", name)[-1]
    ).strip()
    path = PurePath(plain or "未命名")
    return f"{path.stem[: 120 - len(path.suffix)]}{path.suffix}"


@transaction.atomic
def attach(
    *, file: PreparedFile, project: Project, by: User, now: datetime, **subject: Model | None
) -> Attachment:
    """Store a prepared file on a project and what it belongs to (上传附件); `subject` is one of SUBJECTS by name.

    The same content on the same subject is stored once: a double click answers the first row.
    Whether the person may do so is the calling verb's matter.
    """
    if unknown := set(subject) - SUBJECTS:
        raise TypeError(f"nothing an attachment belongs to: {sorted(unknown)}")
    subject = {name: subject.get(name) for name in SUBJECTS}
    digest = file.sha256
    twin = Attachment.objects.filter(project=project, sha256=digest, **subject).first()
    if twin:
        return twin
    attachment = Attachment(
        project=project,
        name=file.name,
        content_type=file.content_type,
        size=len(file.content),
        sha256=digest,
        uploaded_by=by,
        uploaded_at=now,
        **subject,
    )
    attachment.file.save(f"{uuid.uuid4().hex}.{file.extension}", ContentFile(file.content), save=False)
    attachment.save()
    record(action="上传附件", instance=attachment, by=by, now=now, project=project)
    return attachment


@transaction.atomic
def take_off_report(*, attachment: Attachment, by: User, now: datetime) -> None:
    """Take a photo off a report that may still be edited (移出旬报); the file stays with the project.

    Refuses when the report is handed in, or the person may not edit the project.
    """
    report = attachment.report
    if report is None or not Project.objects.editable_by(by).filter(pk=attachment.project_id).exists():
        raise PermissionDenied("无权移除该附件。")
    if not report.is_editable:
        raise ValidationError("旬报已报送，附件不能再移除；如有错误，请联系审核人退回。")
    before = snapshot(attachment)
    attachment.report = None
    attachment.save(update_fields=["report"])
    record(action="附件移出旬报", instance=attachment, by=by, now=now, before=before)


def _picture(content: bytes, name: str, expected: str) -> bytes:
    """The picture drawn anew: upright, at most LONG_SIDE, without EXIF or anything hidden behind it."""
    broken = ValidationError(f"“{name}”不是有效的照片，或扩展名与内容不符，请重新选择。")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture: Image.Image = Image.open(io.BytesIO(content), formats=list(set(PICTURES.values())))
            if picture.format != expected:
                raise broken
            if picture.width * picture.height > MAX_PIXELS:
                raise ValidationError(f"“{name}”的尺寸过大（超过 6000 万像素），请缩小后再上传。")
            picture = ImageOps.exif_transpose(picture)
            picture.thumbnail((LONG_SIDE, LONG_SIDE))
            clear = "A" in picture.getbands() or "transparency" in picture.info
            picture = picture.convert("RGBA" if clear and expected != "JPEG" else "RGB")
            picture.info.clear()
            kept = io.BytesIO()
            options = {} if expected == "PNG" else {"quality": 85}
            picture.save(kept, expected, **options)
    except ValidationError:
        raise
    except Exception as error:  # Pillow's decoders raise whatever a broken file provokes
        raise broken from error
    return kept.getvalue()


def _check_pdf(content: bytes, name: str) -> None:
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2048:]:
        raise ValidationError(f"“{name}”不是完整的 PDF 文件，请重新导出后再上传。")


def _check_office_file(content: bytes, name: str, extension: str) -> None:
    """A docx or xlsx is a zip with the right members, no macros, nothing that unpacks without end."""
    broken = ValidationError(f"“{name}”不是有效的 {extension.upper()} 文件，或设有打开密码，请另存后再上传。")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise broken from error
    names = {member.filename for member in members}
    if not {"[Content_Types].xml", OFFICE_MEMBERS[extension]} <= names:
        raise broken
    if any(member.flag_bits & 1 for member in members):
        raise broken
    if any(member.filename.startswith("/") or ".." in member.filename for member in members):
        raise broken
    if any(member.filename.lower().endswith("vbaproject.bin") for member in members):
        raise ValidationError(f"“{name}”含有宏，请另存为不含宏的文件后再上传。")
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
        raise ValidationError(f"“{name}”解压后过大，请精简后再上传。")
