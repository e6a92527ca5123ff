"""What every step on a problem shares (问题办理的共同步骤): the locked row, the dated entry, telling people."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from ..models import UNIT_ROLES, Duty, Problem, ProblemEntry, Unit, User
from ..periods import day_words
from .notices import queue_notice


def locked(problem: Problem, by: User) -> Problem:
    """The row as it is now, held until the transaction ends; refuses whoever may not work on it."""
    if not Problem.objects.workable_by(by).filter(pk=problem.pk).exists():
        raise PermissionDenied("无权办理该问题。")
    return (
        Problem.objects.select_for_update(of=("self",))
        .select_related("project", "raised_by", "handled_by")
        .get(pk=problem.pk)
    )


def keep(problem: Problem) -> None:
    """Check and save the row; one that came with a ledger may have nobody who raised it."""
    problem.full_clean(exclude=["raised_by"])
    problem.save()


def enter(
    problem: Problem, text: str, by: User, now: datetime, kind: str = ProblemEntry.Kind.PROGRESS
) -> ProblemEntry:
    """Write a dated line under the problem; words too long for it end in …."""
    longest = ProblemEntry._meta.get_field("text").max_length
    entry = ProblemEntry(
        problem=problem,
        kind=kind,
        entered_on=timezone.localdate(now),
        text=text if len(text) <= longest else f"{text[: longest - 1]}…",
        entered_by=by,
        entered_at=now,
    )
    entry.full_clean()
    entry.save()
    return entry


def people_of(unit: Unit) -> list[User]:
    """Reporters and heads of the unit with an active account, each once."""
    duties = Duty.objects.filter(unit=unit, role__in=UNIT_ROLES, ends_on__isnull=True, user__is_active=True)
    return list({duty.user_id: duty.user for duty in duties.select_related("user")}.values())


def tell(people: Iterable[User], problem: Problem, title: str, *, key: str, by: User, now: datetime) -> None:
    """Leave a notice for each person but the actor; `key` names the event, so that it is told once."""
    for person in people:
        if person.pk != by.pk:
            queue_notice(
                recipient=person,
                key=f"problem:{problem.pk}:{key}:{person.pk}",
                subject=f"{title}：{problem.project.name}",
                body=f"{problem.get_category_display()}：{problem.text}\n办理时限：{day_words(problem.due_on)}",
                link=f"/problems/{problem.pk}/",
                now=now,
            )
