"""Splitting a plan by hand: who may, the sum, closed periods, versions, the record."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from projects.figures.year.targets import project_years, targets_in_force
from projects.models import AuditRecord, Listing, TargetPlan
from projects.queries.register.project_page import listings_in_force
from projects.services.figures.targets import set_targets
from tests.factories import NOW, TODAY, make_listing, make_project, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]
CLOSED = 28  # of 36 by 12 October


@pytest.fixture
def listing(unit) -> Listing:
    project = make_project(lead_department=unit, host_district=make_unit("中埠镇"))
    return make_listing(project, planned_investment=Decimal(360)).listing


def even(**changed: str) -> list[Decimal]:
    """Ten each, as the ten-day baseline splits 360, but for some (t29="0")."""
    return [Decimal(changed.get(f"t{number}", "10")) for number in range(1, 37)]


def split(listing, by, amounts=None, effective_on=TODAY, **fields) -> TargetPlan:
    return set_targets(
        listing=listing, amounts=amounts or even(), effective_on=effective_on, by=by, now=NOW, **fields
    )


def test_the_lead_unit_moves_targets_of_the_periods_to_come(listing, reporter):
    plan = split(listing, reporter, even(t30="0", t36="20"), reason="停工检修")
    assert [target.amount for target in plan.targets.all()] == even(t30="0", t36="20")
    record = AuditRecord.objects.get(action="分解年度目标")
    assert record.project == listing.project
    assert record.changes["旬目标"] == [
        {"10月下旬": "10.00", "12月下旬": "10.00"},
        {"10月下旬": "0", "12月下旬": "20"},
    ]


def test_who_neither_is_the_office_nor_leads_the_project_is_refused(listing, unit):
    hosts = make_user("reporter", unit=listing.project.host_district)
    for stranger in (hosts, make_user("unit_head"), make_user("inspector"), make_user("sponsor")):
        with pytest.raises(PermissionDenied):
            split(listing, stranger)
    assert split(listing, make_user("unit_head", unit=unit))


def test_the_sum_must_be_the_plan_in_force_and_the_difference_is_said(listing, office):
    with pytest.raises(ValidationError, match=r"比2023年10月12日有效的年度计划360万元少1\.50万元"):
        split(listing, office, even(t36="8.5"))
    with pytest.raises(ValidationError, match="多2万元"):
        split(listing, office, even(t36="12"))
    with pytest.raises(ValidationError, match="不能为负数"):
        split(listing, office, even(t35="-10", t36="30"))


def test_the_plan_of_the_day_it_takes_effect_counts(listing, office):
    make_listing(
        listing.project, effective_on=dt.date(2023, 11, 1), change="raised", planned_investment=Decimal(400)
    )
    with pytest.raises(ValidationError, match="400万元少40万元"):
        split(listing, office, effective_on=dt.date(2023, 11, 1))
    assert split(listing, office, even(t36="50"), effective_on=dt.date(2023, 11, 1))


def test_closed_periods_are_the_offices_alone_with_a_reason(listing, office, reporter):
    moved = even(t28="0", t29="20")
    with pytest.raises(ValidationError, match=r"10月上旬已结束.*原10万元，现填0万元"):
        split(listing, reporter, moved)
    with pytest.raises(ValidationError, match="请说明原因"):
        split(listing, office, moved)
    assert split(listing, office, moved, reason="更正上报口径")


def test_days_gone_by_are_the_offices_alone_with_a_reason(listing, office, reporter):
    with pytest.raises(ValidationError, match="生效日期不能早于今天"):
        split(listing, reporter, effective_on=dt.date(2023, 10, 11))
    with pytest.raises(ValidationError, match="请说明原因"):
        split(listing, office, effective_on=dt.date(2023, 1, 1))
    assert split(listing, office, effective_on=dt.date(2023, 1, 1), reason="年初分解")


def test_a_day_has_one_split_within_the_year_while_the_project_is_listed(listing, office):
    split(listing, office)
    with pytest.raises(ValidationError, match="已有一份目标分解"):
        split(listing, office)
    with pytest.raises(ValidationError, match="2023年之内"):
        split(listing, office, effective_on=dt.date(2024, 1, 1))
    make_listing(listing.project, effective_on=dt.date(2023, 12, 1), change="removed")
    with pytest.raises(ValidationError, match="不在2023年市级重大名单中"):
        split(listing, office, effective_on=dt.date(2023, 12, 1))


def test_an_ended_project_is_refused(listing, office):
    listing.project.state = "closed"
    listing.project.save()
    with pytest.raises(ValidationError, match="已办结"):
        split(listing, office)


def test_earlier_splits_stay_and_each_day_reads_its_own(listing, office):
    split(listing, office, even(t35="0", t36="20"), effective_on=dt.date(2023, 11, 1))
    split(listing, office, even(t34="0", t36="20"), effective_on=dt.date(2023, 12, 1))
    version = listing.versions.get()

    def on(month):
        return list(targets_in_force(version, listing.annual_list, dt.date(2023, month, 15)))

    assert on(10) == even()
    assert on(11) == even(t35="0", t36="20")
    assert on(12) == even(t34="0", t36="20")


def test_a_plan_changed_after_the_split_asks_for_a_new_one(listing, office):
    split(listing, office)
    make_listing(listing.project, effective_on=TODAY, change="raised", planned_investment=Decimal(500))
    (one,) = project_years(listings_in_force(listing.project, TODAY), TODAY)
    assert (one.split_total, one.difference, one.gap) == (360, 140, 140)
