"""Refusals of a step taken from a page that may no longer offer it (步骤被拒)."""

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError

from .requests import HouseRequest


@contextmanager
def refused_here(request: HouseRequest, form: forms.BaseForm) -> Iterator[None]:
    """Like refused_on, but what refuses the step as a whole stands on top of the page.

    A step no longer offered has no form on the page where its words could stand.
    """
    try:
        yield
    except ValidationError as refusal:
        if hasattr(refusal, "error_dict") and form.fields:
            add_refusal(form, refusal)
        else:
            _say(request, refusal)


@contextmanager
def refused_aloud(request: HouseRequest) -> Iterator[None]:
    """A step without a form: what it refuses is said on the page that the view goes on to."""
    try:
        yield
    except ValidationError as refusal:
        _say(request, refusal)


def _say(request: HouseRequest, refusal: ValidationError) -> None:
    messages.error(request, "".join(refusal.messages))


@contextmanager
def refused_on(form: forms.BaseForm) -> Iterator[None]:
    """A verb carried out for a form: what it refuses stands on the form, and the view goes on to show it again."""
    try:
        yield
    except ValidationError as refusal:
        add_refusal(form, refusal)


def add_refusal(form: forms.BaseForm, refusal: ValidationError) -> None:
    """Put what a service refused onto the form: at its field where the form has it, else on top."""
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, errors in refusal.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)
