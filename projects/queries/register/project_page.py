"""What the project page shows (项目详情): the six slots, the year's investment, the plan's milestones."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count

from projects.models import (
    Belonging,
    CarryOver,
    DeliveryPlan,
    IndustryChain,
    ListingVersion,
    Official,
    ProgressReport,
    Project,
    Unit,
    User,
)
from projects.models.lists.belongings import beneath, level_on
from projects.periods import TenDayPeriod

from .six_slots import SLOTS, SlotsOfDay


@dataclass(frozen=True)
class Slot:
    """One of the six (六个一): its words; an empty value is a gap, `gap` says what is wanted, `href` where to fill it."""

    key: str
    label: str
    value: str
    sub: str = ""
    phone: str = ""
    gap: str = "待明确"
    href: str = ""


def six_slots(project: Project, slots: SlotsOfDay, *, with_phones: bool) -> list[Slot]:
    """The six slots of a project as of a day, filled or not as queries.six_slots defines.

    Phones are personal and only for those who work on the project.
    """
    row = slots.with_slots(Project.objects.filter(pk=project.pk)).get()
    sponsor = Official.objects.filter(pk=row.sponsor_then).first() if row.sponsor_then else None
    units = Unit.objects.in_bulk([pk for pk in (row.lead_department_then, row.host_district_then) if pk])
    department, district = units.get(row.lead_department_then), units.get(row.host_district_then)
    plan: Any = (
        DeliveryPlan.objects.annotate(steps=Count("milestones")).get(pk=row.plan_then)
        if row.plan_then
        else None
    )

    def phone(holder: Official | Unit | None) -> str:
        return holder.phone if holder and with_phones else ""

    filled = [
        Slot("project", SLOTS["project"], project.name, project.code),
        Slot(
            "sponsor",
            SLOTS["sponsor"],
            str(sponsor or ""),
            sponsor.post if sponsor else "",
            phone(sponsor),
        ),
        Slot(
            "lead_department",
            SLOTS["lead_department"],
            department.name if department else "",
            "",
            phone(department),
        ),
        Slot("host_district", SLOTS["host_district"], district.name if district else "", "", phone(district)),
        Slot(
            "plan",
            SLOTS["plan"],
            f"第{plan.number}版，{plan.steps}个节点" if plan else "",
            f"{plan.approved_on:%Y-%m-%d} 批准" if plan else "",
            gap="待编制",
        ),
    ]
    return [*filled, _followed(project, row, slots)]


def _followed(project: Project, row: Any, slots: SlotsOfDay) -> Slot:
    """一抓到底: the last report handed in, or why none is owed; a gap names the period that is missing."""
    label = SLOTS["followed"]
    if row.report_missing:
        return Slot("followed", label, "", gap=f"{slots.last_due.words}旬报缺报")
    last = (
        project.reports.of_basis("submitted")
        .filter(period_ends_on__lte=_end_of_running_period(slots.day))
        .first()
    )  # newest first
    if last is None:
        return Slot("followed", label, "暂无应报旬报")
    return Slot("followed", label, f"{last.period.words}已报", last.get_state_display())


def _end_of_running_period(as_of: date) -> date:
    return TenDayPeriod.containing(as_of).last_on


@dataclass(frozen=True)
class Place:
    """Where the project belongs on the day (归属): its level, the package above it, its industry chain."""

    level: Project.Level = Project.Level.SINGLE
    parent: Project | None = None
    industry_chain: IndustryChain | None = None


def place_on(project: Project, day: date) -> Place:
    """Where the project belongs on the day. One query."""
    held: dict[str, Any] = {}
    for row in project.belongings.on(day).select_related("parent", "industry_chain"):
        held |= {name: getattr(row, name) for name in Belonging.COLUMNS[Belonging.Kind(row.kind)]}
    return Place(**held | ({"level": Project.Level(held["level"])} if "level" in held else {}))


def parts_on(package: Project, viewer: User, day: date) -> list[tuple[Project, str]]:
    """The parts of a package that the viewer may see, with their level in words, as packaged on the day. One query."""
    parts: Any = Project.objects.visible_to(viewer).filter(beneath(package.pk, day))
    rows = parts.annotate(level_then=level_on(day)).order_by("code")
    return [(part, Project.Level(part.level_then).label) for part in rows]


def listings_in_force(project: Project, as_of: date) -> list[ListingVersion]:
    """The project's places in the lists of as_of's year, highest list first (列入名单)."""
    return list(
        ListingVersion.objects.in_force(as_of)
        .filter(listing__project=project, listing__annual_list__year=as_of.year)
        .select_related("listing__annual_list__kind", "listing__annual_list__curve")
        .order_by("listing__annual_list__kind__position")
    )


@dataclass(frozen=True)
class YearPoint:
    """One period of the project's year: confirmed cumulative 万元, None where nothing was reported."""

    period: TenDayPeriod
    invested: Decimal | None


def investment_of_year(project: Project, year: int, as_of: date) -> list[YearPoint]:
    """36 points of confirmed cumulative investment, None where nothing was reported. One query."""
    reported = dict(
        ProgressReport.objects.of_basis("confirmed")
        .up_to(as_of)
        .filter(project=project, period_ends_on__year=year)
        .values_list("period_ends_on", "invested_this_year")
    )
    return [YearPoint(period, reported.get(period.last_on)) for period in TenDayPeriod.of_year(year)]


def invested_before(project: Project, year: int) -> Decimal | None:
    """Investment completed before the year (至上年底累计), where the ledger told it."""
    return CarryOver.objects.filter(project=project, year=year).values_list("amount", flat=True).first()
