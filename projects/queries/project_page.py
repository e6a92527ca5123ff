"""What the project page shows (项目详情): the six slots, the year's investment, the plan's milestones."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..models import (
    CarryOver,
    DeliveryPlan,
    Handover,
    ListingVersion,
    ProgressReport,
    Project,
)
from ..periods import TenDayPeriod


@dataclass(frozen=True)
class Slot:
    """One of the six (六个一): its words; an empty value is a gap."""

    label: str
    value: str
    sub: str = ""
    phone: str = ""


def six_slots(project: Project, as_of: date, *, with_phones: bool) -> list[Slot]:
    """The six slots of a project as they stand; the fifth is its plan in force, the sixth its last report.

    Phones are personal and only for those who work on the project.
    """
    sponsor, department, district = project.sponsor, project.lead_department, project.host_district
    plan = project.plans.filter(state=DeliveryPlan.State.APPROVED).first()
    last = (
        project.reports.of_basis("submitted")
        .filter(period_ends_on__lte=_end_of_running_period(as_of))
        .first()
    )  # newest first

    def phone(holder) -> str:
        return holder.phone if holder and with_phones else ""

    return [
        Slot("一个项目", project.name, project.code),
        Slot("一位挂包领导", str(sponsor or ""), sponsor.post if sponsor else "", phone(sponsor)),
        Slot("一个推进部门", department.name if department else "", "", phone(department)),
        Slot("一个属地保障", district.name if district else "", "", phone(district)),
        Slot("一套推进方案", _plan_words(plan), f"{plan.approved_on:%Y-%m-%d} 批准" if plan else ""),
        Slot(
            "一抓到底", f"{last.period.words}已报" if last else "", last.get_state_display() if last else ""
        ),
    ]


def _plan_words(plan: DeliveryPlan | None) -> str:
    if plan is None:
        return ""
    return f"第{plan.number}版，{plan.milestones.count()}个节点"


def _end_of_running_period(as_of: date) -> date:
    return TenDayPeriod.containing(as_of).last_on


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


def handovers_of(project: Project) -> list[Handover]:
    """Who answered for the project since when (责任交接), newest first."""
    return list(project.handovers.select_related("official", "unit", "made_by").order_by("-from_on", "slot"))
