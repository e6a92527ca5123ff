"""The audited write (留痕修改): a row held, changed, checked, saved and remembered, in one place for all verbs."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Literal, TypeVar

from django.core.exceptions import ValidationError
from django.db import models

from projects.models import Project, User

from .records import record, snapshot

Row = TypeVar("Row", bound=models.Model)
Value = TypeVar("Value")


def held(row: Row, *related: str) -> Row:
    """The row as it is now, locked until the transaction ends, with the related rows read beside it."""
    rows = type(row)._default_manager.select_for_update(of=("self",)).select_related(*related)
    return rows.get(pk=row.pk)


@contextmanager
def changed(
    row: Row,
    action: str,
    *,
    by: User | None,
    now: datetime,
    reason: str = "",
    project: Project | None = None,
    unchecked: Iterable[str] = (),
) -> Iterator[Row]:
    """Change a row that is `held`: what the block sets is checked, saved and recorded under `action` (操作名称).

        with changed(permit, "作废许可", by=by, now=now, reason=reason):
            permit.state = Permit.State.VOID

    `unchecked` fields are left out of full_clean: those that old rows may lack. A block that raises writes nothing.
    Refuses what full_clean refuses; the audit holds from and to of each column that differs, of a new row all it holds.
    """
    before = None if row._state.adding else snapshot(row)
    yield row
    row.full_clean(exclude=set(unchecked))
    row.save()
    record(action=action, instance=row, by=by, now=now, before=before, reason=reason, project=project)


def added(
    row: Row, action: str, *, by: User | None, now: datetime, reason: str = "", unchecked: Iterable[str] = ()
) -> Row:
    """A new row, checked, saved and recorded under `action` (操作名称)."""
    row.full_clean(exclude=set(unchecked))
    row.save()
    record(action=action, instance=row, by=by, now=now, reason=reason)
    return row


def sent_before(row: Row, *names: str, **more: object) -> Row | None:
    """The row that was written before with the same values of these fields: what is sent twice answers the first.

    `more` narrows the earlier rows. The caller holds what keeps a second sender waiting until the first is written.
    """
    same = {name: getattr(row, name) for name in names}
    return type(row)._default_manager.filter(**same, **more).order_by("pk").first()


def sure(value: Value | None) -> Value:
    """The value that is there because what lacks it was refused before; ValueError where it was not."""
    if value is None:
        raise ValueError("a value that was made sure of is missing")
    return value


def refuse(**fields: str | Literal[False]) -> None:
    """Refuses each field that has words against it, all of them at once."""
    if errors := {name: words for name, words in fields.items() if words}:
        raise ValidationError(errors)


def required(text: str, label: str, *, field: str = "reason", most: int | None = None) -> str:
    """The words without their edges; refuses none (请填写…) and more than `most` characters, on `field`."""
    words = text.strip()
    if not words:
        raise ValidationError({field: f"请填写{label}。"})
    if most is not None and len(words) > most:
        raise ValidationError({field: f"{label}不能超过{most}字。"})
    return words
