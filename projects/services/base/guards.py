"""What verbs on a project begin with (前置检查): who may do it, the row held, the day told."""

from datetime import date

from django.core.exceptions import PermissionDenied

from projects.models import Project, User
from projects.periods import EARLIEST

LATER = "，请到当日再登记"  # what a day in the future is answered with where it will come


def office_only(by: User, what: str) -> None:
    """Refuses everybody but the office; `what` completes “只有发改局统筹可以”."""
    if not by.is_office:
        raise PermissionDenied(f"只有发改局统筹可以{what}。")


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
