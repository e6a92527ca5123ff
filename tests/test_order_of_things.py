"""Orders that a reader relies on and plans that break their own: silent units, previews, written dates."""

import datetime as dt
from decimal import Decimal

import pytest

from projects.digests.content import Content, ReportRow
from projects.models import ListAdjustment, Role
from projects.rules import propagate_slip
from projects.services.lists import adjustments as list_adjustments
from tests.factories import (
    NOW,
    TODAY,
    make_adjustment,
    make_list,
    make_listing,
    make_project,
    make_user,
)
from tests.networks import CALENDAR_2023, calendar_days, day, working

# --- the weekly report ------------------------------------------------------------------------------------


def missing(unit: str, project: int, periods: int = 1) -> ReportRow:
    """A project of the unit that has not reported."""
    return ReportRow(
        kind="report_missing",
        subject=f"report:{project}",
        project_id=project,
        code=f"{project}",
        project=f"项目{project}",
        sponsor="领导甲",
        lead_department=unit,
        host_district="",
        unit=unit,
        title="旬报未报",
        due_on=dt.date(2023, 10, 11),
        days_late=1,
        weeks=1,
        periods=periods,
    )


def test_units_that_did_not_report_stand_with_the_most_projects_first():
    rows = [
        missing("甲局", 1, 9),
        missing("乙局", 2),
        missing("丙局", 3),
        missing("乙局", 4),
        missing("丙局", 5),
    ]
    rows.append(missing("丙局", 6))
    content = Content("2023-W41", 41, "发改局", new=tuple(rows[:3]), still=tuple(rows[3:]), cleared=())
    assert [(line.unit, line.projects, line.reports) for line in content.silent] == [
        ("丙局", 3, 3),
        ("乙局", 2, 2),
        ("甲局", 1, 9),
    ]


# --- a plan that breaks its own order ---------------------------------------------------------------------


def finishes(spans) -> dict[str, str]:
    return {key: f"{finish:%m-%d}" for key, (_, finish) in spans.items()}


BROKEN = (working("桩基", 5), working("主体", 10, "桩基"), calendar_days("验收", 20, "主体"))
WRITTEN = {
    "桩基": day("10-20"),
    "主体": day("10-18"),
    "验收": day("10-31"),
}  # 主体 before 桩基, 验收 13 days later


def test_a_plan_that_breaks_its_own_order_stays_as_written_where_nothing_slipped():
    spans = propagate_slip(WRITTEN, BROKEN, slipped={}, calendar=CALENDAR_2023)
    assert finishes(spans) == {"桩基": "10-20", "主体": "10-18", "验收": "10-31"}


def test_what_slips_in_such_a_plan_pushes_what_waits_for_it_alone():
    spans = propagate_slip(WRITTEN, BROKEN, slipped={"主体": day("10-19")}, calendar=CALENDAR_2023)
    assert finishes(spans) == {"桩基": "10-20", "主体": "10-19", "验收": "11-08"}


def test_a_step_done_on_its_day_pushes_nothing_though_the_plan_says_otherwise():
    spans = propagate_slip(
        WRITTEN, BROKEN, slipped={}, calendar=CALENDAR_2023, finished={"桩基": day("10-20")}
    )
    assert finishes(spans) == {"桩基": "10-20", "主体": "10-18", "验收": "10-31"}


# --- what an adjustment does ------------------------------------------------------------------------------


@pytest.mark.database
@pytest.mark.django_db
def test_an_adjustment_in_force_shows_what_it_changed():
    drafter, reviewer = make_user(Role.OFFICE), make_user(Role.OFFICE)
    project = make_project()
    make_listing(project)
    draft = make_adjustment(make_list(), drafter, (project, "raised", {"planned_investment": 2000}))

    def effect():
        draft.refresh_from_db()
        found = list_adjustments.effect_of(draft, as_of=TODAY, by=drafter, now=NOW)
        return found.before["planned_investment"], found.after["planned_investment"], found.planned_words

    expected = (Decimal(1000), Decimal(2000), "+1,000")
    assert effect() == expected
    list_adjustments.submit_adjustment(adjustment=draft, by=drafter, now=NOW)
    list_adjustments.approve_adjustment(adjustment=draft, by=reviewer, now=NOW)
    draft.refresh_from_db()
    assert draft.state == ListAdjustment.State.APPROVED
    assert effect() == expected
