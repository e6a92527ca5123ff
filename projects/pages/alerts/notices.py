"""The in-app notices (通知) of a person: read, marked, never deleted."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from projects import clock
from projects.models import Notice

from ..base.requests import HouseRequest
from ..base.returning import as_left

PER_PAGE = 20


@require_safe
def notice_list(request: HouseRequest) -> HttpResponse:
    """My notices, the latest first; `unread=1` leaves those not read yet. Marked by hand only."""
    mine = Notice.objects.visible_to(request.user).filter(channel=Notice.Channel.IN_APP)
    only_unread = request.GET.get("unread") == "1"
    shown = mine.unread() if only_unread else mine
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "alerts/notice_list.html", {"page": page, "only_unread": only_unread})


@require_POST
def notice_read(request: HouseRequest, pk: int) -> HttpResponse:
    """Mark one notice read (已读)."""
    mine = Notice.objects.visible_to(request.user).filter(channel=Notice.Channel.IN_APP)
    notice = get_object_or_404(mine, pk=pk)
    mine.filter(pk=notice.pk, read_at__isnull=True).update(read_at=clock.now())
    return redirect(as_left(request, reverse("notice_list")))


@require_POST
def notice_read_all(request: HouseRequest) -> HttpResponse:
    """Mark all my notices read (全部已读)."""
    marked = Notice.objects.visible_to(request.user).unread().update(read_at=clock.now())
    messages.success(request, f"已将{marked}条通知标为已读。" if marked else "没有未读通知。")
    return redirect(as_left(request, reverse("notice_list")))
