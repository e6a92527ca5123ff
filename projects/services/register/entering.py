"""Entering a project by hand (新建项目): its facts, who answers for it from which day, its place in a year's list."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from projects.models import (
    AnnualList,
    Belonging,
    Handover,
    IndustryChain,
    Listing,
    ListingVersion,
    Official,
    Project,
    Unit,
    User,
)

from ..base.changing import added, refuse
from ..base.guards import LATER, office_only, one_at_a_time, wrong_day
from .belongings import belong
from .handovers import hand_over
from .local_codes import local_codes
from .search import search_text_for

Holder = Official | Unit | None


@dataclass(frozen=True)
class Placing:
    """A place in a year's list (列入名单) as the list states it: class, plan (万元), planned dates, from when, by what."""

    annual_list: AnnualList
    category: str
    planned_investment: Decimal
    effective_on: date
    planned_start: str = ""
    planned_completion: str = ""
    document: str = ""


@transaction.atomic
def enter_project(
    *,
    project: Project,
    chain: IndustryChain | None,
    holders: Mapping[Handover.Slot, Holder],
    from_on: date,
    placing: Placing | None = None,
    is_another: bool = False,
    by: User,
    now: datetime,
) -> Project:
    """Enter a project that is in no ledger yet (新建项目). The office alone.

    Without a 项目代码 it gets a local number. `from_on` is the first day of its holders and chain, and of its reports
    the day it is entered. Refuses: a code in use; a name in use unless it `is_another` project; a first day in the
    future; a holder out of service; what the lists refuse.
    """
    office_only(by, "新建项目")
    one_at_a_time()
    today = timezone.localdate(now)
    project.code = "".join(project.code.split()).upper() or local_codes(today.year)[0]
    refuse(
        code=_wrong_code(project.code),
        name=not is_another and _known_name(project.name),
        from_on=wrong_day("责任起始日期", from_on, today, LATER),
        started_on=project.started_on is not None and wrong_day("实际开工日期", project.started_on, today),
        effective_on=placing is not None and _wrong_start(placing),
    )
    project.reports_from_on, project.search_text = today, search_text_for(project)
    added(project, "新建项目", by=by, now=now, unchecked={"developer"})
    if chain is not None:
        belong(
            project=project,
            kind=Belonging.Kind.INDUSTRY_CHAIN,
            action="确定产业链",
            from_on=from_on,
            reason="新建项目",
            by=by,
            now=now,
            industry_chain=chain,
        )
    for slot, holder in holders.items():
        if holder is not None:
            hand_over(project=project, slot=slot, to=holder, from_on=from_on, by=by, now=now)
    if placing is not None:
        _place(project, placing, by, now)
    return project


def _place(project: Project, placing: Placing, by: User, now: datetime) -> None:
    listing = Listing(project=project, annual_list=placing.annual_list)
    added(listing, "列入名单", by=by, now=now)
    begins = placing.effective_on == date(placing.annual_list.year, 1, 1)
    version = ListingVersion(
        listing=listing,
        effective_on=placing.effective_on,
        change=ListingVersion.Change.INITIAL if begins else ListingVersion.Change.ADDED,
        category=placing.category,
        total_investment=project.total_investment,
        planned_investment=placing.planned_investment,
        planned_start=placing.planned_start,
        planned_completion=placing.planned_completion,
        document=placing.document,
        made_by=by,
        made_at=now,
    )
    added(version, "列入名单", by=by, now=now)


def _wrong_code(code: str) -> str:
    if "/" in code or "\\" in code:
        return "项目代码不能含斜杠。"
    known = Project.objects.filter(code=code).first()
    return f"项目代码已用于“{known.name}”，请核对。" if known else ""


def _known_name(name: str) -> str:
    known = Project.objects.filter(name=name).order_by("code").first()
    if known is None:
        return ""
    firm = f"，{known.developer}" if known.developer else ""
    return f"已有同名项目（{known.code}{firm}）；确为另一个项目的，请勾选“确为另一个项目”后再保存。"


def _wrong_start(placing: Placing) -> str:
    """自何日起列入: a day of the list's year."""
    year = placing.annual_list.year
    if placing.effective_on.year != year:
        return f"列入日期应在{year}年内：年初名单填{year}年1月1日，年中调入填批准之日。"
    return ""
