"""The help page (帮助): one short guide per role."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects.models import Role

from ..base.requests import HouseRequest


@require_safe
def help_page(request: HouseRequest) -> HttpResponse:
    """The guides for the person's own roles as tabs; `role` chooses one. Without a role: the reporter's."""
    user = request.user
    mine = [role for role in Role if role in user.roles]
    if user.is_superuser and Role.ADMINISTRATOR not in mine:
        mine.append(Role.ADMINISTRATOR)
    tabs = mine or [Role.REPORTER]
    chosen = next((role for role in tabs if role == request.GET.get("role")), tabs[0])
    context = {"tabs": tabs, "chosen": chosen, "guide": f"desk/help/{chosen.value}.html"}
    return render(request, "desk/help.html", context)
