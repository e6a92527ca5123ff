"""An adjustment of the office's own ledger: every figure of every day before it stays, the days after differ by it alone."""

import datetime as dt
from decimal import Decimal

import pytest

from projects.figures.figures import figure_rows, figure_total
from projects.figures.population import Scope
from projects.models import AnnualList, ListingVersion, Role
from projects.services.lists import adjustments as service
from tests.factories import NOW, TODAY, make_adjustment, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.usefixtures("imported_ledger")]
EFFECTIVE_ON = dt.date(2023, 9, 1)
BEFORE = [dt.date(2023, 1, 1), dt.date(2023, 6, 30), dt.date(2023, 8, 31)]


def everything(day: dt.date) -> list[dict]:
    """All figures of the day: each list, each lead department, the total."""
    scope = Scope(day, 2023)
    rows = [*figure_rows(scope), *figure_rows(scope, by="lead_department"), figure_total(scope)]
    return [row.as_json() for row in rows]


def test_figures_before_the_day_stay_and_those_after_differ_by_the_adjustment():
    city = AnnualList.objects.get(kind__name="市级重大", year=2023)
    others = ListingVersion.objects.exclude(listing__annual_list=city).values("listing__project")
    rows = ListingVersion.objects.filter(listing__annual_list=city).exclude(listing__project__in=others)
    raised, lowered, leaving = rows.filter(planned_investment__gt=100).select_related("listing__project")[:3]
    drafter, reviewer = make_user(Role.OFFICE), make_user(Role.OFFICE)
    draft = make_adjustment(
        city,
        drafter,
        (raised.listing.project, "raised", {"planned_investment": raised.planned_investment + 700}),
        (lowered.listing.project, "lowered", {"planned_investment": lowered.planned_investment - 50}),
        (leaving.listing.project, "removed", {}),
        effective_on=EFFECTIVE_ON,
    )
    earlier = {day: everything(day) for day in BEFORE}
    now = {day: everything(day) for day in (EFFECTIVE_ON, TODAY)}
    service.submit_adjustment(adjustment=draft, by=drafter, now=NOW)
    service.approve_adjustment(adjustment=draft, by=reviewer, now=NOW)
    assert {day: everything(day) for day in BEFORE} == earlier
    for day, old in now.items():
        for before, after in zip(old, everything(day), strict=True):
            if before["group"] in {"市级重大", "合计"}:
                assert after["projects"] == before["projects"] - 1
                assert Decimal(after["planned_investment"]) == Decimal(before["planned_investment"]) + 650 - (
                    leaving.planned_investment
                )
            elif before["list"] != before["group"]:
                continue  # a department: its share is in the total
            else:
                assert after == before, f"{before['list']} on {day}"
