"""Two people at the same moment, each on a connection of the database: one is heard, the other waits and is told.

Nothing here judges a time: the first verb has done its work and has not committed when the second begins; PostgreSQL
itself says whether the second waits for a lock, and only then the first commits.
"""

import datetime as dt
import os
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from projects.models import (
    AuditRecord,
    DeliveryPlan,
    Duty,
    ImportBatch,
    ListingVersion,
    Notice,
    ProgressReport,
    Project,
    ReportState,
    Role,
    SupervisionOrder,
    Unit,
    YearAmounts,
)
from projects.periods import TenDayPeriod, Week
from projects.services.alerts.scanning import scan_alerts
from projects.services.imports import claims
from projects.services.lights.exemptions import approve_exemption
from projects.services.lists import adjustments as list_adjustments
from projects.services.plans.date_changes import approve_date_changes
from projects.services.plans.milestones import achieve_milestone
from projects.services.plans.versions import approve_plan, revise_plan
from projects.services.problems.actions import add_action
from projects.services.problems.handling import mark_handled, raise_problem
from projects.services.problems.visits import log_visit
from projects.services.reports.content import ReportEntry
from projects.services.reports.filling import save_draft, submit_report
from projects.services.reports.review import confirm_report, confirm_reports, return_report
from projects.services.supervision import orders as supervision
from projects.services.weekly.issues import keep_draft
from tests import template_database
from tests.factories import (
    NOW,
    TODAY,
    make_adjustment,
    make_date_change,
    make_exemption,
    make_list,
    make_listing,
    make_plan,
    make_problem,
    make_project,
    make_report,
    make_unit,
    make_user,
)

pytestmark = [pytest.mark.postgres, pytest.mark.database]
together = pytest.mark.usefixtures("committing")

AT_MOST = 500  # seconds before a run that neither waits nor ends is given up as hung
PERIOD = TenDayPeriod.parse("2023-10-1")


@pytest.fixture(scope="module")
def committing(django_db_modify_db_settings, django_db_blocker):
    """A database of this module's own, with no transaction around a test: another connection sees what a test makes.

    It is not emptied between the tests, for that takes longer than they do: each asks for rows of its own alone.
    """
    settings = connection.settings_dict
    usual, worker = settings["NAME"], os.environ.get("PYTEST_XDIST_WORKER", "")
    own = template_database.own_name(f"zibo_together{worker}")

    def put_away() -> None:
        connection.close()
        connection.close_pool()
        settings["NAME"] = usual
        with connection.creation._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{own}" WITH (FORCE)')

    with django_db_blocker.unblock():
        put_away()
        with connection.creation._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{own}" TEMPLATE "{settings["TEST"]["TEMPLATE"]}"')
        settings["NAME"] = own
        yield
        put_away()


@dataclass(frozen=True)
class Race:
    """What each of two verbs at once came to, and whether the second had to wait for the first."""

    first: Any
    second: Any
    waited: bool

    @property
    def refusal(self) -> str:
        """The words in which the second was refused."""
        assert isinstance(self.second, ValidationError), f"not refused in words: {self.second!r}"
        return "".join(self.second.messages)


def at_once(first: Callable[[], Any], second: Callable[[], Any]) -> Race:
    """Run the second while the first has written and not committed; whatever the second raises is its answer."""
    done, go, begun = threading.Event(), threading.Event(), threading.Event()
    answers: dict[str, Any] = {}

    def run(name: str, steps: Callable[[], None]) -> threading.Thread:
        def work() -> None:
            try:
                steps()
            except Exception as error:  # noqa: BLE001 - whatever it raises is its answer
                answers[name] = error
            finally:
                done.set()
                begun.set()
                connections.close_all()

        thread = threading.Thread(target=work, name=name)
        thread.start()
        return thread

    def hold() -> None:
        with transaction.atomic():
            answers["first"] = first()
            done.set()
            go.wait(AT_MOST)

    def follow() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            answers["pid"] = cursor.fetchone()[0]
        begun.set()
        answers["second"] = second()

    holder = run("first", hold)
    done.wait(AT_MOST)
    follower = run("second", follow)
    begun.wait(AT_MOST)
    waited = _waits(answers["pid"], follower)
    go.set()
    holder.join(AT_MOST)
    follower.join(AT_MOST)
    assert not (holder.is_alive() or follower.is_alive()), "the two wait for each other"
    if isinstance(answers["first"], Exception):
        raise answers["first"]
    return Race(answers["first"], answers["second"], waited)


def _waits(pid: int, thread: threading.Thread) -> bool:
    """Whether the connection comes to wait for another's lock, as PostgreSQL tells; False when it ends before."""
    until = time.monotonic() + AT_MOST
    while thread.is_alive():
        with connection.cursor() as cursor:
            cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [pid])
            if cursor.fetchone()[0]:
                return True
        assert time.monotonic() < until, "the second neither waits nor ends"
        time.sleep(0.01)
    return False


def entry(amount: str = "100", progress: str = "主体施工至三层") -> ReportEntry:
    return ReportEntry(Decimal(amount), physical_progress=progress)


def recorded(action: str, row) -> int:
    """How often the audit says that this was done to the row."""
    return AuditRecord.objects.filter(action=action, model=row._meta.model_name, object_id=row.pk).count()


def changes_of(project: Project) -> list[str]:
    """What happened to the project's place in its list, in order."""
    versions = ListingVersion.objects.filter(listing__project=project).order_by("pk")
    return list(versions.values_list("change", flat=True))


def reported_project(**fields) -> Project:
    project = make_project(started_on=dt.date(2023, 3, 1), **fields)
    make_listing(project)
    return project


# --- reports ----------------------------------------------------------------------------------------------


@together
def test_of_two_first_reports_of_a_period_one_is_kept():
    unit = make_unit()
    mine, other = (make_user(Role.REPORTER, unit=unit) for _ in range(2))
    project = reported_project(lead_department=unit)

    def hand_in(by, amount):
        return submit_report(project=project, period=PERIOD, entry=entry(amount), by=by, now=NOW)

    race = at_once(lambda: hand_in(mine, "100"), lambda: hand_in(other, "200"))
    assert race.waited
    assert re.search("本旬旬报已由.+提交", race.refusal)
    report = project.reports.get()
    assert (report.submitted_by, report.invested_this_year) == (mine, 100)
    assert recorded("提交旬报", report) == 1


@together
def test_a_draft_cannot_be_saved_over_a_report_that_is_being_handed_in():
    unit = make_unit()
    mine, other = make_user(Role.REPORTER, unit=unit, name="王报"), make_user(Role.REPORTER, unit=unit)
    project = reported_project(lead_department=unit)
    given = {"project": project, "period": PERIOD, "now": NOW}
    save_draft(entry=entry("50"), by=mine, **given)
    race = at_once(
        lambda: submit_report(entry=entry("100"), by=mine, **given),
        lambda: save_draft(entry=entry("200"), by=other, **given),
    )
    assert race.waited
    assert "本旬旬报已由王报于10月12日 09:00提交" in race.refusal
    report = project.reports.get()
    assert (report.state, report.invested_this_year) == (ReportState.SUBMITTED, 100)


def submitted_report() -> ProgressReport:
    project = reported_project(lead_department=make_unit())
    reporter = make_user(Role.REPORTER, unit=project.lead_department)
    return make_report(project, "2023-10-1", state="submitted", submitted_by=reporter, submitted_at=NOW)


@together
def test_of_two_officers_who_confirm_one_is_told_of_the_other():
    report = submitted_report()
    first, second = make_user(Role.OFFICE, name="赵统"), make_user(Role.OFFICE)
    race = at_once(
        lambda: confirm_report(report=report, by=first, now=NOW),
        lambda: confirm_report(report=report, by=second, now=NOW),
    )
    assert race.waited
    assert "本旬旬报已由赵统于10月12日 09:00确认" in race.refusal
    report.refresh_from_db()
    assert report.confirmed_by == first
    assert recorded("确认旬报", report) == 1
    assert YearAmounts.objects.filter(year=2023, project=report.project).count() == 1


@together
def test_a_report_is_not_returned_while_it_is_confirmed():
    report, first, second = submitted_report(), make_user(Role.OFFICE), make_user(Role.OFFICE)
    race = at_once(
        lambda: confirm_report(report=report, by=first, now=NOW),
        lambda: return_report(report=report, reason="金额有误", by=second, now=NOW),
    )
    assert race.waited
    assert "确认。如需修改，请联系审核人退回" in race.refusal
    report.refresh_from_db()
    assert report.state == ReportState.CONFIRMED
    assert not Notice.objects.filter(recipient=report.submitted_by).exists()


@together
def test_two_bulk_confirmations_at_once_confirm_each_report_once():
    report, first, second = submitted_report(), make_user(Role.OFFICE), make_user(Role.OFFICE)
    race = at_once(
        lambda: confirm_reports(reports=[report], by=first, now=NOW),
        lambda: confirm_reports(reports=[report], by=second, now=NOW),
    )
    assert race.waited
    assert (race.first.done, race.second.done) == (1, 0)
    assert "确认。如需修改" in race.second.refusals[0]


@together
def test_two_reports_of_a_project_confirmed_at_once_both_count_in_its_year():
    report, first, second = submitted_report(), make_user(Role.OFFICE), make_user(Role.OFFICE)
    earlier = make_report(report.project, "2023-09-3", invested="40", state="submitted")
    race = at_once(
        lambda: confirm_report(report=report, by=first, now=NOW),
        lambda: confirm_report(report=earlier, by=second, now=NOW),
    )
    assert race.waited
    amounts = YearAmounts.objects.get(project=report.project)
    assert (amounts.by_27, amounts.by_28) == (40, 100)


# --- 督办单 -----------------------------------------------------------------------------------------------


def drafted_order(unit, by, *projects) -> SupervisionOrder:
    order = supervision.draft_order(
        type="supervise", unit=unit, facts="节点逾期", demand="限期办结", by=by, now=NOW
    )
    for project in projects:
        supervision.add_line(order=order, project=project, matter="主体封顶", by=by, now=NOW)
    return order


@together
def test_two_slips_issued_at_once_get_a_number_each():
    unit, by = make_unit(), make_user(Role.INSPECTOR)
    one, other = (drafted_order(unit, by, make_project()) for _ in range(2))
    race = at_once(
        lambda: supervision.issue_order(order=one, by=by, now=NOW),
        lambda: supervision.issue_order(order=other, by=by, now=NOW),
    )
    assert race.waited
    assert race.second.number == race.first.number + 1


@together
def test_one_slip_issued_twice_at_once_is_numbered_once():
    unit, by = make_unit(), make_user(Role.INSPECTOR)
    order = drafted_order(unit, by, make_project())
    race = at_once(
        lambda: supervision.issue_order(order=order, by=by, now=NOW),
        lambda: supervision.issue_order(order=order, by=by, now=NOW),
    )
    assert race.waited
    assert "该督办单已印发，不能再修改" in race.refusal
    order.refresh_from_db()
    assert order.number == race.first.number
    assert recorded("印发督办单", order) == 1


# --- lists, plans, exemptions -----------------------------------------------------------------------------


@together
def test_an_adjustment_approved_twice_at_once_comes_into_force_once():
    drafter, first, second = (make_user(Role.OFFICE) for _ in range(3))
    project = make_project()
    make_listing(project)
    draft = make_adjustment(make_list(), drafter, (project, "raised", {"planned_investment": 2000}))
    list_adjustments.submit_adjustment(adjustment=draft, by=drafter, now=NOW)
    race = at_once(
        lambda: list_adjustments.approve_adjustment(adjustment=draft, by=first, now=NOW),
        lambda: list_adjustments.approve_adjustment(adjustment=draft, by=second, now=NOW),
    )
    assert race.waited
    assert "该名单调整已生效，不能复核" in race.refusal
    assert changes_of(project) == ["initial", "raised"]


@together
def test_of_two_adjustments_of_one_list_the_second_is_checked_against_the_first():
    drafter, reviewer = make_user(Role.OFFICE), make_user(Role.OFFICE)
    project = make_project("储能项目")
    make_listing(project)
    out = make_adjustment(make_list(), drafter, (project, "removed", {}))
    up = make_adjustment(make_list(), drafter, (project, "raised", {"planned_investment": 2000}))
    for draft in (out, up):
        list_adjustments.submit_adjustment(adjustment=draft, by=drafter, now=NOW)
    race = at_once(
        lambda: list_adjustments.approve_adjustment(adjustment=out, by=reviewer, now=NOW),
        lambda: list_adjustments.approve_adjustment(adjustment=up, by=reviewer, now=NOW),
    )
    assert race.waited
    assert "“储能项目”：" in race.refusal
    assert changes_of(project) == ["initial", "removed"]


@together
def test_of_two_drafts_approved_at_once_one_plan_is_in_force():
    office = make_user(Role.OFFICE)
    project = make_project(lead_department=make_unit())
    one, other = (
        make_plan(project, "2023-12-31", number=number, state="submitted", approved_on=None)
        for number in (1, 2)
    )
    race = at_once(
        lambda: approve_plan(plan=one, approved_on=TODAY, by=office, now=NOW),
        lambda: approve_plan(plan=other, approved_on=TODAY, by=office, now=NOW),
    )
    assert race.waited
    assert race.second == other, "the second supersedes the first"
    states = dict(project.plans.values_list("number", "state"))
    assert states == {1: DeliveryPlan.State.SUPERSEDED, 2: DeliveryPlan.State.APPROVED}


@together
def test_a_plan_approved_while_dates_of_the_one_before_are_moved_does_not_bring_both_to_a_stop():
    office, helper = make_user(Role.OFFICE), make_unit()
    project = make_project(lead_department=make_unit())
    plan = make_plan(project, "2023-12-31")
    request = make_date_change(plan.milestones.get(), make_user(), new_due="2024-01-31")
    draft = make_plan(project, "2024-06-30", number=2, state="submitted", approved_on=None)
    draft.milestones.update(unit=helper)
    race = at_once(
        lambda: approve_date_changes(requests=[request], by=office, now=NOW),
        lambda: approve_plan(plan=draft, approved_on=TODAY, by=office, now=NOW),
    )
    assert race.waited
    assert race.second == draft
    assert project.plans.filter(state="approved").count() == 1


@together
def test_one_new_version_is_drafted_of_a_plan():
    office = make_user(Role.OFFICE)
    plan = make_plan(make_project(), "2023-12-31")
    race = at_once(
        lambda: revise_plan(plan=plan, by=office, now=NOW), lambda: revise_plan(plan=plan, by=office, now=NOW)
    )
    assert race.waited
    assert "已有未批准的新版" in race.refusal
    assert plan.project.plans.count() == 2


@together
def test_a_milestone_is_done_on_one_day():
    office = make_user(Role.OFFICE)
    milestone = make_plan(make_project(), "2023-10-01").milestones.get()

    def done(day):
        return achieve_milestone(
            milestone=milestone, achieved_on=dt.date(2023, 10, day), evidence="验收单", by=office, now=NOW
        )

    race = at_once(lambda: done(8), lambda: done(9))
    assert race.waited
    assert "该节点已于2023年10月8日办结" in race.refusal
    milestone.refresh_from_db()
    assert milestone.achieved_on == dt.date(2023, 10, 8)


@together
def test_of_two_exemptions_that_overlap_one_is_approved():
    asker, office = make_user(), make_user(Role.OFFICE)
    project = make_project()
    one, other = (make_exemption(project, asker, dimension=what) for what in ("progress", ""))
    race = at_once(
        lambda: approve_exemption(exemption=one, by=office, now=NOW),
        lambda: approve_exemption(exemption=other, by=office, now=NOW),
    )
    assert race.waited
    assert "与本次申请的时间重叠" in race.refusal


# --- duties -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role.values)
@together
def test_of_two_duties_of_a_kind_entered_at_once_on_days_they_share_one_is_kept(role):
    """Each is checked before the other is there; the days meet in the last one of the first."""
    user = make_user()
    unit = make_unit() if role in ("reporter", "unit_head") else None

    def enter(starts_on, ends_on):
        duty = Duty(user=user, role=role, unit=unit, starts_on=starts_on, ends_on=ends_on)
        duty.full_clean()
        duty.save()
        return duty

    first_day, shared, last_day = (dt.date(2023, month, 1) for month in (1, 6, 9))
    race = at_once(lambda: enter(first_day, shared), lambda: enter(shared, last_day))
    assert race.waited
    assert isinstance(race.second, IntegrityError) and f"duties_apart_{role}" in str(race.second)
    assert list(user.duties.filter(role=role)) == [race.first]
    assert enter(shared + dt.timedelta(days=1), last_day), "the next day is free"


# --- who is let in, alerts --------------------------------------------------------------------------------


@together
def test_a_unit_asked_twice_at_once_is_let_in_once():
    office, unit = make_user(Role.OFFICE), make_unit()
    project = make_project()

    def ask(text):
        return raise_problem(project=project, category="land", text=text, lead_unit=unit, by=office, now=NOW)

    race = at_once(lambda: ask("用地未批"), lambda: ask("征拆未完"))
    assert race.waited
    assert {(one.unit, one.cause) for one in project.members.all()} == {
        (unit, f"problem:{problem.pk}") for problem in (race.first, race.second)
    }


def _problem(project, by):
    return raise_problem(project=project, category="land", text="用地未批", by=by, now=NOW)


def _visit(project, by):
    return log_visit(project=project, visited_on=TODAY, findings="施工正常", by=by, now=NOW)


def _action(project, by):
    due_on = TODAY + dt.timedelta(days=3)
    owner = project.visits.get()
    return add_action(visit=owner, text="接通临电", unit=Unit.objects.first(), due_on=due_on, by=by, now=NOW)


def _slip(project, by):
    unit = Unit.objects.first()
    return supervision.draft_order(
        type="supervise", unit=unit, facts=project.name, demand="限期办结", by=by, now=NOW
    )


def _week(project, by):
    return keep_draft(week=Week(2030, project.pk % 50 + 1), content={}, now=NOW, by=by)


@together
@pytest.mark.parametrize("create", [_problem, _visit, _action, _slip, _week])
def test_the_same_sent_twice_at_once_is_written_once(create):
    office, project = make_user(Role.OFFICE), make_project(lead_department=make_unit())
    if create is _action:
        _visit(project, office)
    race = at_once(lambda: create(project, office), lambda: create(project, office))
    assert race.waited
    assert race.second == race.first


@together
def test_a_problem_is_handled_by_one():
    office, unit = make_user(Role.OFFICE), make_unit()
    problem = make_problem(make_project(), lead_unit=unit)

    def handle(result):
        return mark_handled(problem=problem, result=result, document="会议纪要", by=office, now=NOW)

    race = at_once(lambda: handle("已供地"), lambda: handle("已解决"))
    assert race.waited
    assert "无需再次办结" in race.refusal
    problem.refresh_from_db()
    assert problem.resolution == "已供地（依据：会议纪要）"


@together
def test_two_scans_at_once_open_and_tell_everything_once():
    reporter = make_user(Role.REPORTER, unit=make_unit())
    project = make_project(
        lead_department=reporter.current_duties[0].unit, reports_from_on=dt.date(2024, 1, 1)
    )
    make_plan(project, "2023-10-11", "2023-10-17")
    race = at_once(lambda: scan_alerts(as_of=TODAY, now=NOW), lambda: scan_alerts(as_of=TODAY, now=NOW))
    assert race.waited
    assert (race.second.opened, race.second.digests) == (0, ())
    assert project.alerts.count() == 1
    assert Notice.objects.filter(recipient=reporter, channel="in_app").count() == 1


# --- what each says to the database -----------------------------------------------------------------------


def _save_draft():
    report = make_report(reported_project(), "2023-10-1", state="draft")
    return lambda by: save_draft(project=report.project, period=PERIOD, entry=entry(), by=by, now=NOW)


def _approve_adjustment():
    drafter, project = make_user(Role.OFFICE), make_project()
    make_listing(project)
    draft = make_adjustment(make_list(), drafter, (project, "raised", {"planned_investment": 2000}))
    list_adjustments.submit_adjustment(adjustment=draft, by=drafter, now=NOW)
    return lambda by: list_adjustments.approve_adjustment(adjustment=draft, by=by, now=NOW)


def _submit_report():
    project = reported_project()
    return lambda by: submit_report(project=project, period=PERIOD, entry=entry(), by=by, now=NOW)


def _issue_order():
    order = drafted_order(make_unit(), make_user(Role.OFFICE), make_project())
    return lambda by: supervision.issue_order(order=order, by=by, now=NOW)


def _confirm():
    report = submitted_report()
    return lambda by: confirm_report(report=report, by=by, now=NOW)


def _let_in():
    project, unit = make_project(), make_unit()
    return lambda by: raise_problem(
        project=project, category="land", text="用地未批", lead_unit=unit, by=by, now=NOW
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("prepare", "table"),
    [
        (_save_draft, "projects_progressreport"),
        (_submit_report, "projects_project"),
        (_confirm, "projects_project"),
        (_issue_order, "projects_officesettings"),
        (_issue_order, "projects_supervisionorder"),
        (_approve_adjustment, "projects_annuallist"),
        (_approve_adjustment, "projects_listadjustment"),
        (_let_in, "projects_project"),
        (lambda: lambda by: scan_alerts(as_of=TODAY, now=NOW), "projects_officesettings"),
    ],
)
def test_what_it_decides_by_is_held_for_it(prepare, table):
    verb, by = prepare(), make_user(Role.OFFICE)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        verb(by)
    held = [
        query["sql"] for query in asked if "FOR UPDATE" in query["sql"] or "FOR NO KEY UPDATE" in query["sql"]
    ]
    assert any(f'FROM "{table}"' in sql for sql in held), held


@together
def test_a_long_step_on_an_import_gives_signs_of_life(monkeypatch):
    monkeypatch.setattr(claims, "BEAT_SECONDS", 0.01)
    batch = ImportBatch.objects.create(
        file_name="台账.xlsx", sha256="0" * 64, made_by=make_user(Role.OFFICE), made_at=NOW
    )
    beats = ImportBatch.objects.filter(pk=batch.pk, claimed_at__gt=NOW)
    with claims.claim(batch.pk, ImportBatch.State.READING, NOW).beating():
        for _ in range(1000):
            if beats.exists():
                break
    assert beats.exists()
