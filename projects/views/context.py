"""What the frame of every page needs (页面框架): the day, the person, the navigation, unread notices."""

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from projects import clock
from projects.models import Notice, Role, User
from projects.periods import EARLIEST, LATEST


@dataclass(frozen=True)
class NavItem:
    """One entry of the navigation; `icon` is the name of the address it opens."""

    url: str
    label: str
    icon: str
    active: bool
    badge: int = 0


# Address and words; the area of an address is its name's first word (problem_detail belongs to problem_list).
EVERYBODYS = (
    ("desk", "工作台"),
    ("dashboard", "总览"),
    ("project_list", "项目台账"),
    ("milestone_list", "节点"),
    ("problem_list", "问题"),
    ("report_list", "旬报"),
    ("visit_list", "走访"),
    ("alert_list", "预警"),
)
ALL_SEEING = (("weekly_list", "逾期周报"),)
OFFICES = (("import_list", "数据导入"),)


def as_of_from(request: HttpRequest) -> dt.date:
    """The date a page answers for (截至日): the parameter as_of, or today where it is missing or no date."""
    try:
        day = dt.date.fromisoformat(request.GET.get("as_of", ""))
    except ValueError:
        return clock.today()
    return day if EARLIEST <= day <= LATEST else clock.today()


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: today, clock_held, as_of, roles, unread_notices, nav.

    `as_of` is today; a view that takes the date puts its own `as_of` (as_of_from) and `takes_as_of` above it.
    One query for the duties and one for the notices, the latter only where a template asks.
    """
    today = clock.today()
    context: dict[str, Any] = {"today": today, "clock_held": clock.is_held(), "as_of": today, "nav": []}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return context
    return context | {
        "roles": [role.label for role in Role if role in user.roles],
        "unread_notices": cache(lambda: Notice.objects.visible_to(user).unread().count()),
        "nav": navigation(user, getattr(request.resolver_match, "url_name", None) or ""),
    }


def navigation(user: User, here: str) -> list[NavItem]:
    """The side navigation for a person (导航), the entry of the present page marked.

    An entry whose address is not installed is left out.
    """
    entries = list(EVERYBODYS)
    if user.sees_all_projects:
        entries += ALL_SEEING
    if user.is_office:
        entries += OFFICES
    area = here.partition("_")[0]
    items = []
    for name, label in entries:
        with suppress(NoReverseMatch):
            items.append(NavItem(reverse(name), label, name, active=name.partition("_")[0] == area))
    if user.is_staff:
        items.append(NavItem(reverse("admin:index"), "管理", "admin", active=False))
    items.append(NavItem(reverse("help"), "帮助", "help", active=here == "help"))
    return items
