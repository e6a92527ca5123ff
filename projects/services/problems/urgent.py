"""The list of urgent problems (省市重大项目亟需解决问题清单): drafted from the problem list, issued under a number, frozen."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from projects.models import Problem, UrgentList, User
from projects.periods import day_words

from ..base.changing import added, changed, held, refuse, sent_before
from ..base.guards import next_number, not_office, office_only, one_at_a_time, wrong_day
from ..base.steps import Steps, not_now, step

State = UrgentList.State
OFFICE = "拟制、印发亟需解决问题清单"
UNWRITTEN = ("content",)  # empty until it is issued


def steps_of(urgent: UrgentList, user: User, today: date) -> Steps:
    """What may be done with a list: edit (增减问题), issue (印发). One query for the office's draft."""
    office_alone = not_office(user, OFFICE)
    issued = not urgent.is_draft and not_now("该清单已印发，内容不再变动。")
    problems = urgent.problems.all() if user.is_office and urgent.is_draft else ()
    settled = [one.text for one in problems if one.state_on(urgent.as_of) == Problem.State.RESOLVED]
    return Steps(
        edit=step(office_alone, issued),
        issue=step(
            office_alone,
            issued,
            not problems and not_now("清单上还没有问题，请先列入问题。"),
            bool(settled) and not_now(f"以下问题已销号，请先移出：{'；'.join(settled)}"),
        ),
    )


@transaction.atomic
def draft_urgent_list(
    *, title: str, as_of: date, problems: Iterable[Problem], by: User, now: datetime
) -> UrgentList:
    """Draft a list of these problems as of a day (拟稿). The office alone.

    Refuses: a day in the future, problems written off by the day or raised after it. Sent twice answers the first.
    """
    office_only(by, OFFICE)
    one_at_a_time()
    urgent = UrgentList(year=as_of.year, as_of=as_of, title=title.strip(), made_by=by, made_at=now)
    chosen = _checked(problems, as_of, now)
    first = sent_before(urgent, "year", "as_of", "title", "made_by", "state")
    if first is not None and set(first.problems.all()) == set(chosen):
        return first
    words = f"列入{len(chosen)}个问题"
    added(urgent, "拟亟需解决问题清单", by=by, now=now, reason=words, unchecked=UNWRITTEN)
    urgent.problems.set(chosen)
    return urgent


@transaction.atomic
def edit_urgent_list(
    *, urgent: UrgentList, title: str, as_of: date, problems: Iterable[Problem], by: User, now: datetime
) -> UrgentList:
    """Change a draft: its title, its day, which problems it holds (修改拟稿). Refuses an issued one, and as drafting."""
    urgent = held(urgent)
    steps_of(urgent, by, timezone.localdate(now)).require("edit")
    chosen = _checked(problems, as_of, now)
    old, new = set(urgent.problems.values_list("pk", flat=True)), {problem.pk for problem in chosen}
    words = f"列入{len(chosen)}个问题，新增{len(new - old)}个，移出{len(old - new)}个"
    with changed(urgent, "修改亟需解决问题清单", by=by, now=now, reason=words, unchecked=UNWRITTEN):
        urgent.title, urgent.as_of, urgent.year = title.strip(), as_of, as_of.year
    urgent.problems.set(chosen)
    return urgent


@transaction.atomic
def issue_urgent_list(
    *, urgent: UrgentList, write: Callable[[UrgentList], dict], by: User, now: datetime
) -> UrgentList:
    """Issue a draft (印发): the next number of its year, and its content as `write` puts it down, frozen from then on.

    Numbers run from 1 in each year and are never used again. Refuses: no problem on it, a problem written off since.
    Issuing twice answers the first.
    """
    urgent = held(urgent)
    steps = steps_of(urgent, by, timezone.localdate(now))
    if not urgent.is_draft and not steps["issue"].is_who:
        return urgent
    steps.require("issue")
    with changed(urgent, "印发亟需解决问题清单", by=by, now=now, unchecked=UNWRITTEN):
        urgent.number = _next_number(urgent.year)
        urgent.state, urgent.issued_by, urgent.issued_at = State.ISSUED, by, now
    urgent.content = write(urgent)  # after the audit record: the rows stand in the list itself
    urgent.save(update_fields=["content"])
    return urgent


def _next_number(year: int) -> int:
    """One sequence a year; lists are never deleted, so a number is never free again. The settings' row keeps the queue."""
    one_at_a_time()
    return next_number(UrgentList.objects.filter(year=year))


def _checked(problems: Iterable[Problem], as_of: date, now: datetime) -> list[Problem]:
    refuse(as_of=wrong_day("截至日期", as_of, timezone.localdate(now)))
    problems = list(problems)
    open_ones = set(
        Problem.objects.open(as_of)
        .filter(pk__in=[problem.pk for problem in problems])
        .values_list("pk", flat=True)
    )
    if wrong := [problem.text for problem in problems if problem.pk not in open_ones]:
        refuse(problems=f"以下问题截至{day_words(as_of)}已销号或尚未提出，不能列入：{'；'.join(wrong)}")
    return problems
