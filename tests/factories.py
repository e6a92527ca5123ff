"""Minimal valid rows for tests: plain functions, no random facts."""

import datetime as dt
from decimal import Decimal
from itertools import count

from projects.models import (
    AnnualList,
    DeliveryPlan,
    Duty,
    Handover,
    Listing,
    ListingVersion,
    ListKind,
    Measure,
    Milestone,
    Official,
    Problem,
    ProgressReport,
    Project,
    ProjectStage,
    ReportState,
    Role,
    Unit,
    User,
)
from projects.periods import TenDayPeriod

_numbers = count(1)
NOW = dt.datetime(2023, 10, 12, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
TODAY = NOW.date()


def make_unit(name: str | None = None, kind=Unit.Kind.DEPARTMENT) -> Unit:
    return Unit.objects.create(name=name or f"单位{next(_numbers)}", kind=kind)


def make_user(*roles: str, unit: Unit | None = None, name: str | None = None, **fields) -> User:
    """A person with the given roles; roles of a unit get `unit` (a new one when none is given)."""
    number = next(_numbers)
    fields.setdefault("email", f"user{number}@example.invalid")
    user = User.objects.create(username=f"user{number}", full_name=name or f"人员{number}", **fields)
    for role in roles:
        in_unit = unit
        if in_unit is None and role in {Role.REPORTER, Role.UNIT_HEAD}:
            in_unit = make_unit()
        Duty.objects.create(user=user, role=role, unit=in_unit, starts_on=dt.date(2023, 1, 1))
    return user


def make_official(name: str | None = None, user: User | None = None) -> Official:
    return Official.objects.create(name=name or f"领导{next(_numbers)}", post="管委会副主任", user=user)


def make_project(name: str | None = None, **fields) -> Project:
    """An active project with handovers for the slots given, followed by ten-day reports from 2023 on."""
    number = next(_numbers)
    fields.setdefault("code", f"2301-370371-04-01-{number:06d}")
    fields.setdefault("total_investment", Decimal("10000"))
    fields.setdefault("reports_from_on", dt.date(2023, 1, 1))
    name = name or f"项目{number}"
    project = Project.objects.create(name=name, search_text=f"{name} {fields['code']}".lower(), **fields)
    for slot in Handover.Slot.values:
        holder = getattr(project, slot)
        if holder is not None:
            Handover.objects.create(
                project=project,
                slot=slot,
                from_on=dt.date(2023, 1, 1),
                made_at=NOW,
                **{"official" if slot == Handover.Slot.SPONSOR else "unit": holder},
            )
    return project


def make_list(kind: str = "市级重大", year: int = 2023, **fields) -> AnnualList:
    return AnnualList.objects.get_or_create(kind=ListKind.objects.get(name=kind), year=year, defaults=fields)[
        0
    ]


def make_listing(project: Project, annual_list: AnnualList | None = None, **version) -> ListingVersion:
    """List the project; the version is the year's initial one, 新开工 with a plan of 1000 万元, unless told."""
    annual_list = annual_list or make_list()
    listing, _ = Listing.objects.get_or_create(project=project, annual_list=annual_list)
    version.setdefault("effective_on", dt.date(annual_list.year, 1, 1))
    version.setdefault("category", ProjectStage.NEW_START)
    version.setdefault("planned_investment", Decimal("1000"))
    return ListingVersion.objects.create(listing=listing, made_at=NOW, **version)


def make_plan(project: Project, *dues, **fields) -> DeliveryPlan:
    """An approved first plan with one milestone for each due date or text given."""
    fields.setdefault("state", DeliveryPlan.State.APPROVED)
    fields.setdefault("approved_on", dt.date(2023, 1, 1))
    plan = DeliveryPlan.objects.create(project=project, made_at=NOW, **fields)
    for position, due in enumerate(dues, 1):
        Milestone.objects.create(
            plan=plan,
            position=position,
            stage=Milestone.Stage.CONSTRUCTION,
            name=f"节点{position}",
            due=str(due),
            unit=project.lead_department,
        )
    return plan


def make_report(project: Project, period: str = "2023-10-1", invested="100", **fields) -> ProgressReport:
    """A confirmed report of the period with a cumulative amount for the year."""
    ends_on = TenDayPeriod.parse(period).last_on
    fields.setdefault("state", ReportState.CONFIRMED)
    fields.setdefault("counts_from_on", ends_on)
    return ProgressReport.objects.create(
        project=project, period_ends_on=ends_on, invested_this_year=Decimal(invested), filled_at=NOW, **fields
    )


def make_problem(project: Project, **fields) -> Problem:
    fields.setdefault("category", Problem.Category.LAND)
    fields.setdefault("text", f"问题{next(_numbers)}")
    fields.setdefault("raised_on", dt.date(2023, 9, 1))
    fields.setdefault("due_on", dt.date(2023, 9, 15))
    return Problem.objects.create(project=project, **fields)


def make_measure(unit: Unit, *, by: User, **fields) -> Measure:
    """A measure of a problem or visit for the unit, due within the week."""
    owner = fields.get("problem") or fields["visit"]
    fields.setdefault("text", f"措施{next(_numbers)}")
    fields.setdefault("due_on", TODAY + dt.timedelta(days=5))
    fields.setdefault("made_on", dt.date(2023, 9, 10))
    return Measure.objects.create(project=owner.project, unit=unit, made_by=by, made_at=NOW, **fields)
