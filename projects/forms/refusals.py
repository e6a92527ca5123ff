"""What a service refused (拒绝原因), put where the person can mend it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.core.exceptions import ValidationError


@contextmanager
def refused_on(form: forms.Form) -> Iterator[None]:
    """A verb carried out for a form: what it refuses stands on the form, and the view goes on to show it again."""
    try:
        yield
    except ValidationError as refusal:
        add_refusal(form, refusal)


def add_refusal(form: forms.Form, refusal: ValidationError) -> None:
    """Put what a service refused onto the form: at its field where the form has it, else on top."""
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, errors in refusal.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)
