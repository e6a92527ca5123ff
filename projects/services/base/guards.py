"""What verbs on a project begin with (前置检查): who may do it, the row held, the day told."""

from datetime import date
from typing import Any, Literal

from django.db.models import Manager, Max, QuerySet

from projects.models import ENDED_STATES, OfficeSettings, Project, User
from projects.periods import EARLIEST

from .steps import Step, not_now, not_you, step

LATER = "，请到当日再登记"  # what a day in the future is answered with where it will come


def not_office(user: User, what: str) -> Step | Literal[False]:
    """The step is the office's alone; `what` completes “只有发改局统筹可以”."""
    return not user.is_office and not_you(f"只有发改局统筹可以{what}。")


def office_only(by: User, what: str) -> None:
    """Refuses everybody but the office."""
    step(not_office(by, what)).require()


def own_act(is_own: bool, user: User, words: str) -> Step | Literal[False]:
    """Nobody of the office decides on his or her own act (四眼原则), save an office of one. One query for an own act."""
    return is_own and not user.is_whole_office and not_now(words)


def ended(project: Project, then: str) -> Step | Literal[False]:
    """Nothing follows on an ended project (办结、退库); `then` says what."""
    return project.state in ENDED_STATES and not_now(f"该项目已{project.get_state_display()}，{then}。")


def one_at_a_time() -> None:
    """Queues behind whoever does the like until the transaction ends: the one row of settings is held."""
    OfficeSettings.objects.select_for_update().get(pk=1)


def next_number(rows: QuerySet[Any] | Manager[Any], field: str = "number") -> int:
    """One more than the highest so far; two who ask at once are kept apart by what the caller holds."""
    return (rows.aggregate(last=Max(field))["last"] or 0) + 1


def all_but(project: Project, *names: str) -> set[str]:
    """The columns a verb leaves alone, and so does not judge: what an old ledger said there is not its matter."""
    return {field.name for field in project._meta.fields} - set(names)


def wrong_day(label: str, day: date | None, today: date, advice: str = "") -> str:
    """Why a day on which something happened cannot be: none, in the future, before the calendar; "" when it can."""
    if day is None:
        return f"请填写{label}。"
    if day > today:
        return f"{label}不能晚于今天{advice}。"
    if day < EARLIEST:
        return f"{label}不能早于{EARLIEST.year}年。"
    return ""
