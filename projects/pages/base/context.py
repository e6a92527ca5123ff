"""What the frame of every page needs (页面框架): the day, the person, the navigation, unread notices; a page of parts."""

import datetime as dt
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from projects import clock
from projects.models import Notice, Role, User
from projects.periods import EARLIEST, LATEST

from .requests import HouseRequest


@dataclass(frozen=True)
class NavItem:
    """One entry of the navigation; `icon` is the name of the address it opens."""

    url: str
    label: str
    icon: str
    active: bool


def everybody(user: User) -> bool:
    return True


def all_seeing(user: User) -> bool:
    return user.sees_all_projects


def office(user: User) -> bool:
    return user.is_office


def assessed(user: User) -> bool:
    """Whom the published ranking is for (考核): those who see all projects, and unit heads."""
    return user.sees_all_projects or Role.UNIT_HEAD in user.roles


# The navigation (导航): an entry with its pages as tabs; the first page is the one the entry opens. A page is
# (address, words, for whom); the area of an address is its name's first word (problem_detail belongs to problem_list).
SectionPage = tuple[str, str, Callable[[User], bool]]
SECTIONS: dict[str, tuple[SectionPage, ...]] = {
    "工作台": (("desk", "工作台", everybody),),
    "总览": (
        ("dashboard", "总览", everybody),
        ("ranking_list", "排名", everybody),
        ("dashboard_compare", "同期对比", everybody),
        ("lagging_list", "滞后项目", everybody),
        ("target_list", "目标进度", everybody),
    ),
    "项目台账": (
        ("project_list", "项目台账", everybody),
        ("slot_list", "六个一", everybody),
        ("responsibility_list", "责任清单", everybody),
        ("responsibility_summary", "责任汇总", everybody),
        ("adjustment_list", "名单调整", all_seeing),
        ("listversion_compare", "名单对比", all_seeing),
    ),
    "招商与产业链": (
        ("lead_list", "招商项目", everybody),
        ("chain_list", "产业链", everybody),
        ("indicator_list", "主要指标", everybody),
    ),
    "节点": (
        ("milestone_list", "节点清单", everybody),
        ("progress_list", "进度清单", everybody),
        ("wall_chart", "挂图作战", everybody),
        ("plan_list", "推进方案", everybody),
        ("datechange_list", "调整申请", everybody),
    ),
    "手续": (
        ("permit_list", "许可手续", everybody),
        ("plot_list", "用地一件事", everybody),
        ("land_catalogue", "用地事项目录", everybody),
        ("marker_list", "服务标记", everybody),
    ),
    "问题": (
        ("problem_list", "问题清单", everybody),
        ("problem_ageing", "账龄", everybody),
        ("action_list", "措施", everybody),
        ("urgent_list", "亟需解决清单", all_seeing),
        ("clinic_list", "项目诊所", everybody),
    ),
    "旬报": (
        ("report_list", "旬报", everybody),
        ("missing_list", "未报催报", everybody),
        ("reopening_list", "重新开放", office),
    ),
    "走访": (
        ("visit_list", "走访", everybody),
        ("visit_sponsors", "走访完成情况", everybody),
    ),
    "预警亮灯": (
        ("alert_list", "预警", everybody),
        ("lighthistory_list", "亮灯历史", everybody),
        ("exemption_list", "亮灯豁免", everybody),
        ("lightrule_list", "亮灯规则", all_seeing),
    ),
    "督办单": (("order_list", "督办单", everybody),),
    "考核": (
        ("score_list", "考核成绩", assessed),
        ("scheme_list", "考核方案", all_seeing),
    ),
    "逾期周报": (("weekly_list", "逾期周报", all_seeing),),
    "口径与数据": (
        ("definition_list", "口径说明", everybody),
        ("baseline_list", "序时基线", all_seeing),
        ("publication_list", "数据发布", all_seeing),
    ),
    "数据导入": (("import_list", "数据导入", office),),
}


def as_of_from(request: HouseRequest) -> dt.date:
    """The date a page answers for (截至日): the parameter as_of, or today where it is missing or no date."""
    try:
        day = dt.date.fromisoformat(request.GET.get("as_of", ""))
    except ValueError:
        return clock.today()
    return day if EARLIEST <= day <= LATEST else clock.today()


@dataclass(frozen=True)
class OfDay:
    """The part of a page that answers for any day (截至日): the frame offers another."""

    as_of: dt.date
    takes_as_of: bool = True


def context_of(*parts: Any) -> dict[str, Any]:
    """What a template reads: the fields of the page's parts, frozen dataclasses that say what each is.

    ValueError where two parts call something by the same name.
    """
    context: dict[str, Any] = {}
    for part in parts:
        own = {field.name: getattr(part, field.name) for field in fields(part)}
        if twice := context.keys() & own.keys():
            raise ValueError(f"two parts of the page say {sorted(twice)}")
        context |= own
    return context


def show(request: HouseRequest, template: str, *parts: Any) -> HttpResponse:
    """A page with much on it, put together from parts."""
    return render(request, template, context_of(*parts))


def frame(request: HouseRequest) -> dict[str, Any]:
    """Context processor: today, clock_held, as_of, roles, limited, unread_notices, nav, section_tabs.

    `as_of` is today; a view that takes the date puts its own `as_of` (as_of_from) and `takes_as_of` above it.
    One query for the duties and one for the notices, the latter only where a template asks.
    """
    today = clock.today()
    context: dict[str, Any] = {"today": today, "clock_held": clock.is_held(), "as_of": today, "nav": []}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return context
    here = getattr(request.resolver_match, "url_name", None) or ""
    return context | {
        "roles": [role.label for role in Role if role in user.roles],
        "limited": not user.sees_all_projects,  # sees only own projects, and pages say so
        "unread_notices": cache(lambda: Notice.objects.visible_to(user).unread().count()),
        "nav": navigation(user, here),
        "section_tabs": tabs(user, here),
    }


def navigation(user: User, here: str) -> list[NavItem]:
    """The side navigation for a person (导航), the entry of the present page marked."""
    items = []
    for label, pages in SECTIONS.items():
        shown = _pages(user, here, pages)
        if shown:
            inside = here.partition("_")[0] in {name.partition("_")[0] for name, _words, _who in pages}
            items.append(NavItem(shown[0].url, label, shown[0].icon, active=inside))
    if user.is_staff:
        items.append(NavItem(reverse("admin:index"), "管理", "admin", active=False))
    items.append(NavItem(reverse("help"), "帮助", "help", active=here == "help"))
    return items


def tabs(user: User, here: str) -> list[NavItem]:
    """The pages beside the present one (页签), on list pages only; empty where there is but one."""
    for pages in SECTIONS.values():
        if here in {name for name, _words, _who in pages}:
            shown = _pages(user, here, pages)
            return shown if len(shown) > 1 else []
    return []


def _pages(user: User, here: str, pages: Iterable[SectionPage]) -> list[NavItem]:
    """The pages a person may open; an address that is not installed is left out."""
    found = []
    for name, words, who in pages:
        if who(user):
            with suppress(NoReverseMatch):
                found.append(NavItem(reverse(name), words, name, active=name == here))
    return found
