"""Handing out a file (附件下载): only to those who see its project."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from projects.models import Attachment

from ..base.requests import HouseRequest

INLINE_TYPES = {"image/jpeg", "image/png", "image/webp", "application/pdf"}


@require_safe
def attachment(request: HouseRequest, pk: int) -> FileResponse:
    """One attachment with the type it was checked to have; pictures and PDFs open in the browser, others are saved."""
    found = get_object_or_404(Attachment.objects.visible_to(request.user), pk=pk)
    try:
        content = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404("附件文件已不在服务器上，请联系管理员从备份恢复。") from error
    response = FileResponse(
        content,
        content_type=found.content_type,
        as_attachment=found.content_type not in INLINE_TYPES,
        filename=found.name,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
