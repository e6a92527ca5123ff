"""Where a project belongs (归属): its place under a package and its industry chain, from a day on."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from projects.models import Belonging, Project, User
from projects.periods import day_words

from ..base.changing import changed, refuse, sure
from ..base.guards import LATER, all_but, wrong_day


def belong(
    *,
    project: Project,
    kind: Belonging.Kind,
    action: str,
    from_on: date | None,
    reason: str,
    by: User,
    now: datetime,
    **place: Any,
) -> Belonging:
    """Say where the project belongs from a day on, inside the caller's transaction, which holds the project.

    `place` are the columns of the kind (Belonging.COLUMNS), which the project takes as well, told of as its change.
    Refuses: no day, one in the future or before the last one. The same day again corrects what was said for it.
    """
    refuse(from_on=wrong_start(project, {kind}, from_on, timezone.localdate(now)))
    with changed(project, action, by=by, now=now, reason=reason, unchecked=all_but(project, *place)):
        for name, value in place.items():
            setattr(project, name, value)
    return _write(project, kind, sure(from_on), reason, by, now)


def write_belongings(
    project: Project, changed_columns: Collection[str], from_on: date, *, reason: str, by: User, now: datetime
) -> list[Belonging]:
    """What the project says now of the kinds with a changed column holds from the day on; for a form that saved it."""
    kinds = [kind for kind, names in Belonging.COLUMNS.items() if {*names} & {*changed_columns}]
    return [_write(project, kind, from_on, reason, by, now) for kind in kinds]


def wrong_start(project: Project, kinds: Collection[Belonging.Kind], day: date | None, today: date) -> str:
    """Why the project cannot belong elsewhere from the day on, for any of the kinds; "" when it can. One query."""
    if not kinds:
        return ""
    if wrong := wrong_day("起始日期", day, today, LATER):
        return wrong
    later = Belonging.objects.filter(project=project.pk, kind__in=kinds, from_on__gt=day)
    last = later.select_related("parent", "industry_chain").order_by("from_on").last()
    return f"起始日期不能早于上一次登记（{day_words(last.from_on)}，{last.words}）。" if last else ""


def _write(
    project: Project, kind: Belonging.Kind, from_on: date, reason: str, by: User, now: datetime
) -> Belonging:
    """The row of the project's columns as they are now; told of as a change of the project."""
    row = Belonging.objects.filter(project=project, kind=kind, from_on=from_on).first()
    row = row or Belonging(project=project, kind=kind, from_on=from_on)
    row.reason, row.made_by, row.made_at = reason, by, now
    for name in Belonging.COLUMNS[kind]:
        setattr(row, name, getattr(project, name))
    row.full_clean()
    row.save()
    return row
