"""The list of urgent problems (省市重大项目亟需解决问题清单): drafted from the problem list, issued under a number, frozen."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from ..models import OfficeSettings, Problem, UrgentList, User
from ..periods import EARLIEST, day_words
from .guards import office_only
from .records import record, snapshot

State = UrgentList.State


@transaction.atomic
def draft_urgent_list(
    *, title: str, as_of: date, problems: Iterable[Problem], by: User, now: datetime
) -> UrgentList:
    """Draft a list of these problems as of a day (拟稿). The office alone.

    Refuses: a day in the future, problems written off by the day or raised after it.
    """
    office_only(by, "拟制、印发亟需解决问题清单")
    urgent = UrgentList(year=as_of.year, as_of=as_of, title=title.strip(), made_by=by, made_at=now)
    chosen = _checked(problems, as_of, now)
    urgent.full_clean(exclude=["content"])  # empty until it is issued
    urgent.save()
    urgent.problems.set(chosen)
    record(action="拟亟需解决问题清单", instance=urgent, by=by, now=now, reason=f"列入{len(chosen)}个问题")
    return urgent


@transaction.atomic
def edit_urgent_list(
    *,
    urgent: UrgentList,
    title: str,
    as_of: date,
    problems: Iterable[Problem],
    by: User,
    now: datetime,
) -> UrgentList:
    """Change a draft: its title, its day, which problems it holds (修改拟稿). Refuses an issued one, and as drafting."""
    urgent = _draft(urgent, by)
    before, held = snapshot(urgent), set(urgent.problems.values_list("pk", flat=True))
    urgent.title, urgent.as_of, urgent.year = title.strip(), as_of, as_of.year
    chosen = _checked(problems, as_of, now)
    urgent.full_clean(exclude=["content"])  # empty until it is issued
    urgent.save()
    urgent.problems.set(chosen)
    taken = {problem.pk for problem in chosen}
    words = f"列入{len(chosen)}个问题，新增{len(taken - held)}个，移出{len(held - taken)}个"
    record(action="修改亟需解决问题清单", instance=urgent, by=by, now=now, before=before, reason=words)
    return urgent


@transaction.atomic
def issue_urgent_list(
    *, urgent: UrgentList, write: Callable[[UrgentList], dict], by: User, now: datetime
) -> UrgentList:
    """Issue a draft (印发): the next number of its year, and its content as `write` puts it down, frozen from then on.

    Numbers run from 1 in each year and are never used again. Refuses: no problem on it, a problem written off since.
    Issuing twice answers the first.
    """
    office_only(by, "拟制、印发亟需解决问题清单")
    urgent = UrgentList.objects.select_for_update().get(pk=urgent.pk)
    if urgent.state == State.ISSUED:
        return urgent
    chosen = list(urgent.problems.all())
    if not chosen:
        raise ValidationError("清单上还没有问题，请先列入问题。")
    settled = [problem.text for problem in chosen if problem.state_on(urgent.as_of) == Problem.State.RESOLVED]
    if settled:
        raise ValidationError(f"以下问题已销号，请先移出：{'；'.join(settled)}")
    before = snapshot(urgent)
    urgent.number = _next_number(urgent.year)
    urgent.content = write(urgent)
    urgent.state, urgent.issued_by, urgent.issued_at = State.ISSUED, by, now
    urgent.full_clean()
    urgent.save()
    # the rows are not copied into the audit record: they stand in the list itself
    content, urgent.content = urgent.content, before["content"]
    record(action="印发亟需解决问题清单", instance=urgent, by=by, now=now, before=before)
    urgent.content = content
    return urgent


def _next_number(year: int) -> int:
    """One sequence a year; lists are never deleted, so a number is never free again. The settings' row keeps the queue."""
    OfficeSettings.objects.select_for_update().get(pk=1)
    return (UrgentList.objects.filter(year=year).aggregate(last=Max("number"))["last"] or 0) + 1


def _checked(problems: Iterable[Problem], as_of: date, now: datetime) -> list[Problem]:
    if as_of > timezone.localdate(now):
        raise ValidationError({"as_of": "截至日期不能晚于今天。"})
    if as_of < EARLIEST:
        raise ValidationError({"as_of": f"截至日期不能早于{EARLIEST.year}年。"})
    problems = list(problems)
    open_ones = set(
        Problem.objects.open(as_of)
        .filter(pk__in=[problem.pk for problem in problems])
        .values_list("pk", flat=True)
    )
    if wrong := [problem.text for problem in problems if problem.pk not in open_ones]:
        raise ValidationError(f"以下问题截至{day_words(as_of)}已销号或尚未提出，不能列入：{'；'.join(wrong)}")
    return problems


def _draft(urgent: UrgentList, by: User) -> UrgentList:
    office_only(by, "拟制、印发亟需解决问题清单")
    urgent = UrgentList.objects.select_for_update().get(pk=urgent.pk)
    if urgent.state == State.ISSUED:
        raise ValidationError("该清单已印发，内容不再变动。")
    return urgent
