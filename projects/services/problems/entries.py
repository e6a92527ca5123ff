"""What the steps on a problem share (问题办理的共同步骤): which are open, the dated entry, telling people."""

from collections.abc import Iterable
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from projects.models import UNIT_ROLES, Duty, Problem, ProblemEntry, Unit, User
from projects.periods import day_words

from ..base.changing import held, sure
from ..base.notices import queue_notice
from ..base.steps import Step, Steps, not_now, not_you, step

NOBODY = ("raised_by",)  # a problem that came with a ledger was raised by no person


def steps_of(problem: Problem, user: User, today: date) -> Steps:
    """What may be done with a problem: progress (进展), action (定措施), helpers (配合单位), escalate (提级),
    handle (办结), resolve (销号), reopen (重新办理).

    One query, and the actions of an open problem where they are not prefetched.
    """
    ours = Problem.objects.workable_by(user).filter(pk=problem.pk).exists()
    stranger = not ours and not_you("无权办理该问题。")
    words = problem.get_state_display()
    waiting = sum(one.done_on is None for one in problem.actions.all()) if problem.is_open else 0

    def unless_resolved(what: str) -> Step:
        return step(
            stranger, problem.is_resolved and not_now(f"该问题已销号，不能再{what}；如未解决，请先重新办理。")
        )

    return Steps(
        progress=unless_resolved("登记进展"),
        action=unless_resolved("定措施"),
        helpers=unless_resolved("改配合单位"),
        escalate=step(
            stranger,
            not problem.is_open and not_now(f"该问题{words}，不能提级；如未解决，请先重新办理。"),
            problem.level == Problem.Level.values[-1]
            and not_now(f"该问题已由{problem.get_level_display()}级协调，没有更高的层级。"),
        ),
        handle=step(
            stranger,
            not problem.is_open and not_now(f"该问题{words}，无需再次办结。"),
            waiting > 0 and not_now(f"还有{waiting}项措施未登记落实，请先登记落实情况再办结。"),
        ),
        resolve=step(
            stranger,
            problem.is_resolved and not_now("该问题已销号。"),
            problem.is_open and not_now("该问题尚未办结，请先由责任单位填写办理结果。"),
            problem.handled_by_id == user.pk and not_now("办理人不能自行销号，请由他人核验。"),
            _same_unit(problem, user) and not_now("办理单位不能自行销号，请由其他单位或发改局核验。"),
        ),
        reopen=step(stranger, problem.is_open and not_now("该问题正在办理中，无需重新办理。")),
    )


def _same_unit(problem: Problem, user: User) -> bool:
    """Whether the person is of the unit that handled it; the office checks every unit. One query for a handled one."""
    handler = problem.handled_by
    return bool(handler is not None and not user.is_office and user.unit_ids & handler.unit_ids)


def held_problem(problem: Problem) -> Problem:
    return held(problem, "project", "raised_by", "handled_by")


def enter(
    problem: Problem, text: str, by: User, now: datetime, kind: str = ProblemEntry.Kind.PROGRESS
) -> ProblemEntry:
    """Write a dated line under the problem; words too long for it end in …."""
    longest = sure(ProblemEntry._meta.get_field("text").max_length)
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


def enter_once(problem: Problem, text: str, by: User, now: datetime) -> ProblemEntry:
    """A line of progress as a person typed it; sent twice on a day it answers the first. The problem is held."""
    same = {"kind": ProblemEntry.Kind.PROGRESS, "entered_on": timezone.localdate(now), "entered_by": by}
    return problem.entries.filter(text=text, **same).first() or enter(problem, text, by, now)


def people_of(unit: Unit) -> list[User]:
    """Reporters and heads of the unit with an active account, each once."""
    duties = Duty.objects.current().filter(unit=unit, role__in=UNIT_ROLES, user__is_active=True)
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
                link=reverse("problem_detail", args=[problem.pk]),
                now=now,
            )
