"""Saving and removing one's own views of the lists (我的视图)."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from projects import clock
from projects.models import SavedView
from projects.services.desk import saved_views as service

from ..base.form_page import Done, take_step
from ..base.requests import HouseRequest
from ..base.returning import safe_next


@require_POST
def view_save(request: HouseRequest) -> HttpResponse:
    """Keep the list as it stands under a name."""
    back = safe_next(request, reverse("desk"))
    given = {name: request.POST.get(name, "") for name in ("page", "name", "query")}

    def save() -> Done:
        view = service.save_view(**given, by=request.user, now=clock.now())
        return Done(f"已保存视图“{view.name}”，在“我的视图”中随时可以打开。", back)

    return take_step(request, save, back=back)


@require_POST
def view_remove(request: HouseRequest, pk: int) -> HttpResponse:
    """Drop one of one's own views."""
    view = get_object_or_404(SavedView, pk=pk, owner=request.user, is_active=True)
    service.remove_view(view=view, by=request.user)
    back = safe_next(request, reverse(view.page))
    return Done(f"已删除视图“{view.name}”。", back).redirect(request)
