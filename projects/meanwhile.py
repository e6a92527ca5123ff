"""Two people at one record (同时修改): what another saved meanwhile is shown, merged, never overwritten unseen.

A form that edits a row carries a mark of each field's value as it was shown. Sent back, a field whose mark no longer
fits the row was changed by somebody else: the form comes again with 现在 beside 您填写的. What the person had not
touched takes the present value, what both changed is the person's to choose. No model needs a column for it. For pages
and admin alike; nothing here writes.
"""

import hashlib
import json
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models
from django.forms.boundfield import BoundField

from .models import AuditRecord
from .services.base.changing import held
from .services.base.records import snapshot

NOTHING = "空"
SAID = "您填写期间，他人已修改此记录，本次尚未保存。请核对列出的各项，再次保存。"
MOVED = "此记录刚刚被他人修改，本次尚未保存。请再次保存，届时列出对方改了什么。"
GONE = "此记录已被他人删除，未保存。"

Sent = dict[str, list[str]]  # name of an input → what a browser sends for it


@dataclass(frozen=True)
class Difference:
    """A field that somebody else changed meanwhile: how it stands, what the person typed, whether both changed it."""

    label: str
    now: str
    typed: str
    is_open: bool
    choice: str  # the input that says which of the two holds: now or mine
    asked: str  # the input that says it was asked
    name: str


class Meanwhile:
    """What became of a row between showing its form and saving it; made before the form is cleaned.

    `marks` goes with the form, unseen; `differences` are what another changed and this person has yet to see. A form
    that was sent without marks is compared with nothing.
    """

    def __init__(self, form: forms.BaseForm, row: models.Model) -> None:
        self.form, self.row = form, row
        self.stood = snapshot(row)  # a ModelForm writes what was typed into its row
        self.name = form.add_prefix("meanwhile")
        self.asked_name = form.add_prefix("meanwhile-asked")
        self.differences: list[Difference] = []
        if form.is_bound and (before := self._before()):
            self._merge(before, set(_listed(form.data, self.asked_name)))

    @property
    def marks(self) -> str:
        """A mark of each field as the row holds it now (JSON)."""
        return json.dumps({field.name: _mark(_standing(field)) for field in self._fields()})

    @property
    def is_open(self) -> bool:
        """Whether both changed a field, so that the person has to choose."""
        return any(one.is_open for one in self.differences)

    def refuse_unseen(self) -> None:
        """Refuses the form, once cleaned, while there is something that the person has not seen."""
        if self.differences:
            self.form.add_error(None, ValidationError(SAID, code="meanwhile"))

    def hold(self, under: models.Model | None = None) -> None:
        """Lock the row in the caller's transaction, after the one it hangs `under`, as the verbs do.

        Refuses where it moved after its form was put together.
        """
        try:
            if under:
                held(under)
            present = held(self.row)
        except ObjectDoesNotExist as gone:
            raise ValidationError(GONE) from gone
        if snapshot(present) != self.stood:
            raise ValidationError(MOVED, code="meanwhile")

    def last(self) -> AuditRecord | None:
        """Who changed the row last, as it is remembered."""
        records = AuditRecord.objects.filter(model=self.row._meta.model_name, object_id=self.row.pk)
        return records.select_related("by").order_by("-at", "-pk").first()

    def _fields(self) -> Iterator[BoundField]:
        """The fields a person types into; a file is never compared."""
        for field in self.form:
            kept = field.is_hidden or field.field.disabled or isinstance(field.field, forms.FileField)
            if not kept:
                yield field

    def _before(self) -> dict[str, str]:
        try:
            marks = json.loads(self.form.data.get(self.name) or "{}")
        except (ValueError, RecursionError):
            return {}
        return marks if isinstance(marks, dict) else {}

    def _merge(self, before: dict[str, str], asked: set[str]) -> None:
        data: Any = copy(self.form.data)
        for field in self._fields():
            now, typed = _standing(field), _sent(field)
            is_moved = field.name in before and before[field.name] != _mark(now)
            if typed == now or not (is_moved or field.name in asked):
                continue
            choice = self.form.add_prefix(f"meanwhile-{field.name}")
            chosen = "" if is_moved else data.get(choice, "")
            is_touched = not is_moved or before[field.name] != _mark(typed)
            if chosen == "now" or not is_touched:
                _put(data, now)
            if chosen not in ("now", "mine"):
                self.differences.append(
                    Difference(
                        str(field.label),
                        _words(field, now),
                        _words(field, typed),
                        is_touched,
                        choice,
                        self.asked_name,
                        field.name,
                    )
                )
        self.form.data = data


def _standing(field: BoundField) -> Sent:
    """What a browser would send of the field as the row holds it."""
    widget: Any = field.field.widget
    value = field.field.prepare_value(field.initial)
    if isinstance(widget, forms.MultiWidget):
        parts: Any = value if isinstance(value, list | tuple) else widget.decompress(value)
        each = zip(_inputs(field), widget.widgets, parts, strict=True)
        return {name: _texts(below.format_value(part)) for name, below, part in each}
    if isinstance(widget, forms.CheckboxInput):
        return {field.html_name: ["on"] if value else []}
    return {field.html_name: _texts(widget.format_value(value))}


def _sent(field: BoundField) -> Sent:
    """What was sent of the field; how a box was ticked does not matter."""
    if isinstance(field.field.widget, forms.CheckboxInput):
        return {field.html_name: ["on"] if field.data else []}
    return {name: _texts(_listed(field.form.data, name)) for name in _inputs(field)}


def _inputs(field: BoundField) -> list[str]:
    """The names of the inputs that the field is drawn with: of a date in parts, one a part."""
    suffixes: list[str] = getattr(field.field.widget, "widgets_names", [""])
    return [f"{field.html_name}{suffix}" for suffix in suffixes]


def _texts(value: Any) -> list[str]:
    """Values as a browser sends them, none of them empty; order does not matter, nor how lines end."""
    many = value if isinstance(value, list | tuple) else [value]
    texts = ("" if one is None else str(one).replace("\r\n", "\n").strip() for one in many)
    return sorted(text for text in texts if text)


def _listed(data: Any, name: str) -> list[str]:
    return data.getlist(name) if hasattr(data, "getlist") else [data[name]] if name in data else []


def _put(data: Any, sent: Sent) -> None:
    for name, texts in sent.items():
        if not texts:
            data.pop(name, None)
        elif hasattr(data, "setlist"):
            data.setlist(name, texts)
        else:
            data[name] = texts[0]


def _mark(sent: Sent) -> str:
    text = json.dumps(sent, ensure_ascii=False, sort_keys=True)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _words(field: BoundField, sent: Sent) -> str:
    """The value as a person reads it: the name of what was chosen, 是 or 否, else the text."""
    texts = [text for one in sent.values() for text in one]
    asked = field.field
    if isinstance(asked.widget, forms.CheckboxInput):
        return "是" if texts else "否"
    if isinstance(asked, forms.ModelChoiceField):
        keys = [text for text in texts if text.isdecimal() and len(text) < 19]
        rows = asked.queryset.filter(pk__in=keys) if asked.queryset is not None else ()
        texts = [asked.label_from_instance(row) for row in rows] or texts
    elif isinstance(asked, forms.ChoiceField):
        called = {str(key): str(label) for key, label in _flat(asked.choices)}
        texts = [called.get(text, text) for text in texts]
    return "、".join(texts) or NOTHING


def _flat(choices: Any) -> Iterator[tuple[Any, Any]]:
    """The choices of a field, those within groups too."""
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield key, label
