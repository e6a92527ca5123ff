"""The recipes of a form page and of a step (表单页、步骤): shown, checked, done, refused in words, gone on from."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url

from projects.meanwhile import Meanwhile

from .refusals import refused_aloud, refused_here, refused_on
from .requests import HouseRequest
from .returning import as_left


@dataclass(frozen=True)
class Done:
    """What a verb came to: the words for the person, and where to go on (an address, or a name and its argument)."""

    words: str
    to: str
    argument: Any = None

    def redirect(self, request: HouseRequest) -> HttpResponse:
        if self.words:
            messages.success(request, self.words)
        if self.argument is not None:
            return redirect(self.to, self.argument)
        return redirect(as_left(request, resolve_url(self.to)))


def bound(request: HouseRequest) -> dict[str, Any]:
    """The arguments that bind a form to what was sent; none before anything was."""
    return {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}


def pressed(request: HouseRequest, *buttons: str) -> str:
    """Which of a form's buttons was pressed; refuses none and an unknown one, so that neither decides anything."""
    button = request.POST.get("action", "")
    if button not in buttons:
        raise ValidationError("没有收到要办理的操作，什么都没有改动。请点页面上的按钮办理。")
    return button


def form_page(
    request: HouseRequest,
    template: str,
    form: forms.BaseForm,
    do: Callable[[], Done],
    *,
    context: dict[str, Any] | Callable[[], dict[str, Any]] | None = None,
    edits: models.Model | None = None,
    under: models.Model | None = None,
) -> HttpResponse:
    """A page with one form: `do` runs once it is valid, and its refusals stand on the form beside what was typed.

    `edits` is the row that the form changes, if it changes one: what others saved meanwhile is shown, not overwritten.
    `under` is the row above it, where the verb holds that one first.
    `context` is what the page shows beside it; a function where that is dear, or depends on what was typed.

    A file is lost when a form comes back (browsers keep none): `lost_files` lets the template say so.
    """
    meanwhile = None if edits is None else Meanwhile(form, edits)
    if request.method == "POST" and _is_ready(form, meanwhile):
        with refused_on(form), transaction.atomic() if meanwhile else nullcontext():
            if meanwhile:
                meanwhile.hold(under)
            return do().redirect(request)
    beside = context() if callable(context) else context or {}
    return render(
        request, template, {"form": form, "lost_files": bool(request.FILES), "meanwhile": meanwhile, **beside}
    )


def _is_ready(form: forms.BaseForm, meanwhile: Meanwhile | None) -> bool:
    """Whether the form is filled in rightly, and the person has seen what others saved meanwhile."""
    if not form.is_valid():
        return False
    if meanwhile:
        meanwhile.refuse_unseen()
    return form.is_valid()


def fill_step(
    request: HouseRequest, form: forms.BaseForm, do: Callable[[], Done], again: Callable[[], HttpResponse]
) -> HttpResponse:
    """A step by one of several forms on a page: done and told, else the page `again` with what is wrong on the form."""
    if form.is_valid():
        with refused_here(request, form):
            return do().redirect(request)
    return again()


def take_step(request: HouseRequest, do: Callable[[], Done], *, back: str) -> HttpResponse:
    """A step without a form: done and told, or refused aloud on the page `back`."""
    with refused_aloud(request):
        return do().redirect(request)
    return redirect(as_left(request, resolve_url(back)))
