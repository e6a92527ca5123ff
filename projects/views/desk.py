"""The desk (工作台): what the signed-in person has to do today."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/desk.html", {})
