"""A changed day of the calendar moves no plan; it is told which plans it would move."""

import datetime as dt

import pytest

from projects.models import CalendarDay, Milestone, PlanTemplate
from projects.queries.base.calendar import working_calendar
from projects.queries.plans.calendar_impact import affected_plans
from projects.services.plans.drafting import draft_plan_from_template
from projects.services.plans.versions import approve_plan
from tests.admin_pages import errors, url
from tests.factories import NOW, TODAY, handed_in, make_plan, make_project, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def plan():
    office = make_user("office")
    plan = draft_plan_from_template(
        project=make_project("新材料项目"),
        template=PlanTemplate.objects.get(),
        starts_on=dt.date(2023, 10, 16),
        finish_on=dt.date(2025, 12, 31),
        by=office,
        now=NOW,
    )
    return approve_plan(plan=handed_in(plan), approved_on=TODAY, by=office, now=NOW)


def within(plan) -> dt.date:
    """A plain working day on which one of the plan's approvals is due."""
    special = set(CalendarDay.objects.values_list("day", flat=True))
    dues = plan.milestones.filter(day_kind="working", duration__gt=0).order_by("-position")
    return next(row.due_on for row in dues if row.due_on not in special)


def change(day) -> list:
    before = working_calendar()
    CalendarDay.objects.create(day=day, is_working=False)
    return affected_plans(before, working_calendar())


def test_a_day_off_within_the_approvals_is_told_with_the_days_in_hand(plan):
    make_plan(make_project(), "2024-12-01")  # without durations: nothing to schedule
    (found,) = change(within(plan))
    assert found.plan == plan
    assert found.milestones > 5
    assert found.days_in_hand_after <= found.days_in_hand_before


def test_what_is_achieved_does_not_count(plan):
    Milestone.objects.filter(plan=plan).update(achieved_on=TODAY, evidence="1号")
    assert change(within(plan)) == []


def test_a_day_that_no_plan_reaches_changes_nothing(plan):
    assert change(dt.date(2026, 8, 12)) == []


def test_the_office_is_told_and_the_plan_stays(client, plan):
    dates = list(plan.milestones.values_list("due", "due_on"))
    client.force_login(make_user("office", is_staff=True))
    answer = client.post(
        url(CalendarDay, "add"),
        {"day": within(plan).isoformat(), "is_working": "", "note": "临时放假"},
        follow=True,
    )
    shown = answer.content.decode()
    assert "方案不会自动改动" in shown, errors(answer)
    assert "新材料项目</a>（" in shown
    assert list(plan.milestones.values_list("due", "due_on")) == dates
