"""What is late on a day: each kind on both sides of its due day, past days from the facts, a constant number of queries."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.figures.lights.judging import lights_for
from projects.models import (
    AlertKind,
    ListingVersion,
    Permit,
    Problem,
    Project,
    ProjectStage,
    ReportState,
    StateChange,
)
from projects.queries.alerts.findings import findings
from projects.rules import LightDimension
from tests.factories import (
    NOW,
    TODAY,
    make_list,
    make_listing,
    make_permit,
    make_plan,
    make_problem,
    make_project,
    make_report,
    make_unit,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]

LATER = dt.date(2024, 1, 1)


def quiet_project(**fields) -> Project:
    """A project that owes no reports, so that only the finding in question can show."""
    return make_project(reports_from_on=LATER, **fields)


def kinds(as_of=TODAY, **kwargs) -> list[str]:
    return [found.kind for found in findings(as_of, **kwargs)]


def test_a_milestone_is_late_from_the_day_after_its_due_day():
    department = make_unit()
    make_plan(quiet_project(lead_department=department), "2023-10-11")
    assert kinds(dt.date(2023, 10, 11)) == []
    found = findings(dt.date(2023, 10, 12))
    assert [(item.kind, item.title, item.days_late, item.unit_id) for item in found] == [
        ("milestone_overdue", "节点1", 1, department.pk)
    ]


def test_a_milestone_due_in_a_month_is_late_only_after_the_month():
    make_plan(quiet_project(), "2023年9月")
    assert kinds(dt.date(2023, 9, 30)) == []
    assert kinds(dt.date(2023, 10, 1)) == ["milestone_overdue"]


def test_what_was_achieved_later_was_late_then():
    plan = make_plan(quiet_project(), "2023-09-01")
    plan.milestones.update(achieved_on=dt.date(2023, 10, 9), evidence="淄高新备〔2023〕1号")
    assert kinds(dt.date(2023, 10, 8)) == ["milestone_overdue"]
    assert kinds(dt.date(2023, 10, 9)) == []


def test_lateness_is_judged_on_the_plan_of_that_day():
    project = quiet_project()
    make_plan(project, "2023-06-30", state="superseded")
    make_plan(project, "2023-12-31", number=2, approved_on=dt.date(2023, 9, 1))
    assert kinds(dt.date(2023, 8, 31)) == ["milestone_overdue"]
    assert kinds(dt.date(2023, 9, 1)) == []


def test_the_first_plan_counts_before_its_approval_too():
    make_plan(quiet_project(), "2023-06-30", approved_on=dt.date(2023, 10, 10))
    assert kinds(dt.date(2023, 9, 30)) == ["milestone_overdue"]


def test_a_start_is_late_once_however_many_lists_plan_it():
    project = quiet_project()
    make_listing(project, make_list("省级重点"), planned_start="2023年8月")
    make_listing(project, make_list("市级重大"), planned_start="2023年6月")
    found = findings(TODAY)
    assert [(item.kind, item.subject, item.due_on) for item in found] == [
        ("start_overdue", f"project:{project.pk}", dt.date(2023, 6, 30))
    ]
    project.started_on = dt.date(2023, 10, 12)
    project.save()
    assert kinds() == []
    assert kinds(dt.date(2023, 10, 11)) == ["start_overdue"]


def test_only_new_starts_can_start_late():
    make_listing(quiet_project(), planned_start="2023年6月", category=ProjectStage.CONTINUING)
    started = quiet_project(started_on=dt.date(2022, 7, 1))
    make_listing(started, make_list(year=2022), planned_start="2022年6月")
    carried = quiet_project()
    make_listing(carried, make_list(year=2022), planned_start="2022年6月")
    make_listing(carried, category=ProjectStage.CONTINUING)
    assert kinds() == []


def test_the_version_of_the_day_decides_the_planned_start():
    listing = make_listing(quiet_project(), planned_start="2023年6月")
    make_listing(
        listing.listing.project,
        planned_start="2023年11月",
        effective_on=dt.date(2023, 9, 1),
        change="reclassified",
    )
    assert kinds(dt.date(2023, 8, 1)) == ["start_overdue"]
    assert kinds() == []


def test_production_counts_as_completion():
    project = quiet_project(in_production_on=dt.date(2023, 10, 1))
    make_listing(project, category=ProjectStage.CONTINUING, planned_completion="2023年9月")
    assert kinds() == []
    Project.objects.update(in_production_on=None)
    assert kinds() == ["completion_overdue"]


def test_a_report_is_missing_after_its_grace_and_a_run_is_one_finding():
    project = make_project(reports_from_on=dt.date(2023, 9, 21))
    found = findings(TODAY)
    # 9月下旬 was due on the first working day after the holiday, 10月上旬 on 11 October
    assert [(item.kind, item.subject, item.count) for item in found] == [
        ("report_missing", f"report:{project.pk}:2023-09-3", 2)
    ]
    assert found[0].due_on == dt.date(2023, 10, 7)
    assert found[0].title == "9月下旬至10月上旬连续2期旬报未报"
    make_report(project, "2023-09-3")
    assert [item.title for item in findings(TODAY)] == ["10月上旬旬报未报"]


def test_a_report_counts_when_it_was_handed_in():
    project = make_project(reports_from_on=dt.date(2023, 10, 1))
    make_report(project, state=ReportState.SUBMITTED, submitted_at=NOW)
    assert kinds() == []
    project.reports.update(submitted_at=NOW + dt.timedelta(days=1))
    assert kinds() == ["report_missing"]
    project.reports.update(state=ReportState.RETURNED, return_reason="数据有误", submitted_at=None)
    assert kinds() == ["report_missing"]


def test_a_problem_is_late_after_its_limit_until_it_is_written_off():
    problem = make_problem(quiet_project(), due_on=dt.date(2023, 10, 11))
    assert kinds(dt.date(2023, 10, 11)) == []
    assert kinds() == ["problem_overdue"]
    Problem.objects.filter(pk=problem.pk).update(state="resolved", resolved_on=TODAY)
    assert kinds() == []


def test_a_suspended_project_is_late_only_with_its_problems_and_only_then():
    project = quiet_project(state=Project.State.SUSPENDED)
    StateChange.objects.create(
        project=project, state="suspended", effective_on=dt.date(2023, 10, 1), reason="资金", made_at=NOW
    )
    make_plan(project, "2023-08-01")
    make_problem(project)
    assert kinds() == ["problem_overdue"]
    assert kinds(dt.date(2023, 9, 30)) == ["milestone_overdue", "problem_overdue"]


def test_a_withdrawn_project_is_never_late():
    project = quiet_project(state=Project.State.WITHDRAWN)
    make_plan(project, "2023-08-01")
    make_problem(project)
    assert kinds() == []


def test_a_permit_lapses_the_day_after_its_last():
    department = make_unit()
    permit = make_permit(quiet_project(lead_department=department), number="建字第1号")
    assert kinds(dt.date(2023, 10, 1)) == []
    found = findings(dt.date(2023, 10, 2))
    assert [(item.kind, item.subject, item.title, item.unit_id, item.days_late) for item in found] == [
        ("permit_lapsed", f"permit:{permit.pk}", "建设工程规划许可证（建字第1号）", department.pk, 1)
    ]


def test_a_renewal_ends_the_lateness_from_its_own_day_on():
    project = quiet_project()
    old = make_permit(project)
    make_permit(project, renews=old, issued_on=dt.date(2023, 10, 10), valid_until_on=dt.date(2024, 10, 10))
    Permit.objects.filter(pk=old.pk).update(state="renewed")
    assert kinds(dt.date(2023, 10, 9)) == ["permit_lapsed"]
    assert kinds(dt.date(2023, 10, 10)) == []


@pytest.mark.parametrize(
    "facts",
    [
        {"started_on": dt.date(2023, 10, 1)},  # on the last day of the validity
        {"in_production_on": dt.date(2023, 10, 12)},
        {"completed_on": dt.date(2023, 10, 12)},
        {"state": Project.State.SUSPENDED},
        {"state": Project.State.CLOSED},
    ],
)
def test_a_permit_that_needs_no_renewal_does_not_lapse(facts):
    make_permit(quiet_project(**facts))
    assert "permit_lapsed" not in kinds()


def test_a_permit_lapses_when_the_start_came_too_late():
    make_permit(quiet_project(started_on=dt.date(2023, 10, 2)))
    assert kinds() == ["permit_lapsed"]


def test_void_and_unlimited_permits_never_lapse():
    project = quiet_project()
    make_permit(project, state="void", void_reason="登记有误")
    make_permit(project, "立项备案（赋码）", valid_until_on=None)
    assert kinds() == []


def test_scope_keeps_to_the_projects_a_person_may_see():
    mine, others = make_unit(), make_unit()
    for unit in (mine, others):
        make_plan(quiet_project(lead_department=unit), "2023-08-01")
    reporter = make_user("reporter", unit=mine)
    found = findings(TODAY, Project.objects.visible_to(reporter))
    assert [item.unit_id for item in found] == [mine.pk]
    assert len(findings(TODAY)) == 2


def test_as_many_queries_for_thirty_projects_as_for_one():
    def everything_late() -> None:
        project = make_project(reports_from_on=dt.date(2023, 9, 1))
        make_plan(project, "2023-08-01", "2023-09-01")
        make_listing(project, planned_start="2023年6月", planned_completion="2023年9月")
        make_problem(project)
        make_permit(project)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            found = findings(TODAY)
        assert {item.kind for item in found} == set(AlertKind.values)
        return len(captured)

    everything_late()
    for_one = queries()
    for _ in range(29):
        everything_late()
    assert queries() == for_one <= 11


# --- the year turns ---------------------------------------------------------------------------------------

SILVESTER, NEW_YEAR = dt.date(2023, 12, 31), dt.date(2024, 1, 1)


def missed():
    """A start planned by 30 September and a finish by 15 November 2023, neither made."""
    project = make_project(reports_from_on=dt.date(2025, 1, 1))
    make_listing(project, planned_start="2023年9月", planned_completion="2023-11-15")
    return project


def owed(day):
    return [(item.kind, item.due_on) for item in findings(day)]


def start_of(project, day):
    reasons = lights_for(Project.objects.filter(pk=project.pk), day)[project.pk].reasons
    return next((one.sentence for one in reasons if one.dimension == LightDimension.START), "")


def test_what_last_year_s_list_had_due_stays_owed_and_red():
    project = missed()
    assert len(owed(SILVESTER)) == 2 and owed(NEW_YEAR) == owed(SILVESTER)
    assert owed(dt.date(2024, 12, 31)) == owed(SILVESTER)
    assert "连续4个月未开工" in start_of(project, SILVESTER)
    assert "连续5个月未开工" in start_of(project, NEW_YEAR)


def test_the_new_list_says_otherwise():
    project = missed()
    make_listing(project, make_list(year=2024), planned_start="2024年6月", planned_completion="2025-12-31")
    assert owed(SILVESTER) and not owed(NEW_YEAR) and not start_of(project, NEW_YEAR)
    assert owed(dt.date(2024, 7, 1)) == [("start_overdue", dt.date(2024, 6, 30))]


def test_the_office_closes_it_by_a_document():
    project = missed()
    listing = project.listings.get()
    make_listing(
        project,
        listing.annual_list,
        effective_on=dt.date(2024, 1, 20),
        change="carried",
        document="淄高新发改〔2024〕1号",
    )
    ListingVersion.objects.filter(effective_on=dt.date(2023, 1, 1)).update(until_on=dt.date(2024, 1, 20))
    assert owed(dt.date(2024, 1, 19)) and not owed(dt.date(2024, 1, 20))
    assert start_of(project, dt.date(2024, 1, 19)) and not start_of(project, dt.date(2024, 1, 20))


def test_what_last_year_s_list_had_due_later_is_not_owed_by_it():
    project = make_project(reports_from_on=dt.date(2025, 1, 1))
    make_listing(project, planned_start="2023年6月", planned_completion="2024-06-30")
    Project.objects.filter(pk=project.pk).update(started_on=dt.date(2023, 8, 1))
    assert owed(dt.date(2024, 9, 1)) == [] and not start_of(project, NEW_YEAR)


def test_the_earliest_start_of_several_lists_lights_and_alerts_alike():
    project = missed()
    make_listing(project, make_list("省级重点"), planned_start="2023年11月")
    assert "计划2023年9月30日前开工" in start_of(project, SILVESTER)
