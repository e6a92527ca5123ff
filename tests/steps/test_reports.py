"""Ten-day reports (旬报), their reopened periods and urging: what is offered is done, the rest refused in the same words."""

import datetime as dt
from decimal import Decimal
from itertools import product

import pytest
from django.urls import reverse

from projects.models import OfficeSettings, PeriodReopening, ProgressReport, Project, ReportState
from projects.periods import TenDayPeriod
from projects.queries.desk.desk import Desk
from projects.queries.desk.owed import OwedKind
from projects.queries.reports.beforehand import beforehand_of
from projects.queries.reports.reports import current_window
from projects.services.base.steps import Steps
from projects.services.reports import reopenings as period_reopenings
from projects.services.reports import urging
from projects.services.reports.content import ReportEntry, report_warnings
from projects.services.reports.filling import save_draft, submit_report
from projects.services.reports.review import confirm_report, pass_report, reopen_report, return_report
from projects.services.reports.steps import steps_of
from tests.factories import NOW, TODAY, make_project, make_report
from tests.scene import Scene
from tests.steps.machines import PEOPLE, Machine

pytestmark = pytest.mark.django_db
OPEN, LOCKED, RUNNING, FUTURE = "2023-10-1", "2023-09-1", "2023-10-2", "2023-10-3"
ENTRY = ReportEntry(invested_this_year=Decimal("100"), physical_progress="主体施工至三层")


def given(report: ProgressReport) -> dict:
    """Complete input of a hand-in: every warning answered, the reason of a late entry given."""
    seen = report_warnings(ENTRY, report.project, beforehand_of(report.project, report.period))
    return {"entry": ENTRY, "overruled": seen, "overrule_reason": "补报"}


def fill(report: ProgressReport, by):
    submit_report(project=report.project, period=report.period, by=by, now=NOW, **given(report))


def draft(report: ProgressReport, by):
    given = {"project": report.project, "period": report.period, "entry": ENTRY}
    save_draft(**given, overrule_reason="补报", by=by, now=NOW)


def standing(word: str, period: str = OPEN, **project):
    def make(scene: Scene) -> ProgressReport:
        Project.objects.filter(pk=scene.project.pk).update(**project)
        people = {"submitted_by": scene.people["reporter"], "submitted_at": NOW}
        return make_report(scene.project, period, state=word, return_reason="金额有误", **people)

    return make


def under_unit_review(scene: Scene) -> ProgressReport:
    OfficeSettings.objects.update(unit_review_required=True)
    return standing(ReportState.SUBMITTED)(scene)


def reopened(scene: Scene) -> ProgressReport:
    reopen(scene.people["office"], scene.project)
    return standing(ReportState.DRAFT, LOCKED)(scene)


def reopen(by, project=None) -> PeriodReopening:
    return period_reopenings.reopen_period(
        period=TenDayPeriod.parse(LOCKED), project=project, until_on=TODAY, reason="核报", by=by, now=NOW
    )


STATES = {
    **{str(state): standing(state) for state in ReportState},
    "submitted under unit review": under_unit_review,
    "draft of a locked period": standing(ReportState.DRAFT, LOCKED),
    "returned of a locked period": standing(ReportState.RETURNED, LOCKED),
    "draft of a reopened period": reopened,
    "draft of the running period": standing(ReportState.DRAFT, RUNNING),
    "draft of a future period": standing(ReportState.DRAFT, FUTURE),
    "draft of an ended project": standing(ReportState.DRAFT, state=Project.State.CLOSED),
    "returned of an ended project": standing(ReportState.RETURNED, state=Project.State.CLOSED),
    "draft from before": standing(ReportState.DRAFT, reports_from_on=dt.date(2023, 10, 12)),
    "returned from before": standing(ReportState.RETURNED, reports_from_on=dt.date(2023, 10, 12)),
}
REPORTS = Machine(
    steps_of,
    states=STATES,
    verbs={
        "fill": fill,
        "pass_on": lambda report, by: pass_report(report=report, by=by, now=NOW),
        "confirm": lambda report, by: confirm_report(report=report, by=by, now=NOW),
        "send_back": lambda report, by: return_report(report=report, reason="请核对", by=by, now=NOW),
        "reopen": lambda report, by: reopen_report(report=report, reason="核减", by=by, now=NOW),
    },
)
DRAFTS = Machine(lambda *asked: Steps(fill=steps_of(*asked)["fill"]), states=STATES, verbs={"fill": draft})
REOPENINGS = Machine(
    period_reopenings.steps_of,
    states={
        "open": lambda scene: reopen(scene.people["office"]),
        "over": lambda scene: PeriodReopening.objects.create(
            period_ends_on=dt.date(2023, 8, 10),
            until_on=TODAY - dt.timedelta(days=1),
            reason="核报",
            made_by=scene.people["office"],
            made_at=NOW,
        ),
    },
    verbs={
        "close": lambda reopening, by: period_reopenings.close_reopening(
            reopening=reopening, reason="已报齐", by=by, now=NOW
        )
    },
)


def urging_in(period: str) -> Machine:
    """Urging for a period's reports: its row is the scene's project, which owes one or has handed it in."""
    wanted = TenDayPeriod.parse(period)

    def urge(_project: Project, by):
        units = None if by.is_office else by.headed_unit_ids
        return urging.urge_reports(period=wanted, units=units, by=by, now=NOW)

    return Machine(
        lambda _project, user, today: urging.steps_of(current_window(wanted), user, today),
        states={
            "missing": lambda scene: scene.project,
            "handed in": lambda scene: standing(ReportState.SUBMITTED, period)(scene).project,
        },
        verbs={"urge": urge},
    )


@pytest.mark.parametrize("state", STATES)
def test_a_report_offers_what_it_does(scene, state):
    REPORTS.check(scene, state)


@pytest.mark.parametrize("state", DRAFTS.states)
def test_a_draft_is_kept_where_filling_is_offered(scene, state):
    DRAFTS.check(scene, state)


@pytest.mark.parametrize("state", REOPENINGS.states)
def test_a_reopening_offers_what_it_does(scene, state):
    REOPENINGS.check(scene, state)


@pytest.mark.parametrize("state", ["missing", "handed in"])
def test_urging_offers_what_it_does(scene, state):
    for period in (OPEN, LOCKED, FUTURE):
        urging_in(period).check(scene, state)


def test_a_period_without_a_report_offers_to_fill_it(scene):
    for person, period in product(PEOPLE, [OPEN, LOCKED, RUNNING, FUTURE]):
        report = ProgressReport(project=scene.project, period_ends_on=TenDayPeriod.parse(period).last_on)
        step = steps_of(report, scene.people[person], TODAY)["fill"]
        may = person in {"reporter", "unit head", "officer", "office"}
        assert step.is_who is not may, (person, period)
        is_open = period in {OPEN, RUNNING} or (period, person) == (LOCKED, "office")
        assert bool(step) is (may and is_open), (person, period)


class TestOneAnswer:
    """The lists, the desk and the form say the same of a report that may still be filled, and of who may pass it."""

    PERIODS = (OPEN, LOCKED, RUNNING)

    @pytest.fixture
    def projects(self, scene) -> list[Project]:
        """Of the scene's unit: of each state one, one without a report, one reopened, one that has ended."""
        unit, made = scene.project.lead_department, []
        for state in (None, *ReportState):
            project = make_project(lead_department=unit, started_on=dt.date(2023, 1, 1))
            made.append(project)
            for period in self.PERIODS if state else ():
                make_report(project, period, state=state, return_reason="改", submitted_at=NOW)
        reopen(scene.people["office"], made[0])
        ended = make_project(lead_department=unit, state=Project.State.WITHDRAWN)
        make_report(ended, LOCKED, state=ReportState.RETURNED, return_reason="改")
        return [*made, ended]

    def open_ones(self, projects, user) -> set[tuple[str, str]]:
        return {
            (project.code, code)
            for project in projects
            for code in self.PERIODS
            if steps_of(self.report_of(project, code), user, TODAY)["fill"]
        }

    def report_of(self, project: Project, code: str) -> ProgressReport:
        ends_on = TenDayPeriod.parse(code).last_on
        report = project.reports.filter(period_ends_on=ends_on).first()
        return report or ProgressReport(project=project, period_ends_on=ends_on)

    def test_who_owes_a_report_is_led_to_its_form(self, client, scene, projects):
        for person in ("reporter", "unit head", "office", "inspector"):
            user, found = scene.people[person], set()
            client.force_login(user)
            for code in self.PERIODS:
                query = {"view": "duties", "period": code}
                text = client.get(reverse("report_list"), query).content.decode()
                found |= {
                    (project.code, code)
                    for project in projects
                    if f'href="{reverse("report_edit", args=[project.code, code])}"' in text
                }
            assert found == self.open_ones(projects, user), person
            assert bool(found) is (person != "inspector")

    def test_a_reporters_desk_counts_what_is_owed_and_may_be_filled(self, scene, projects):
        user = scene.people["reporter"]
        groups = [group for section in Desk(user, TODAY).sections() for group in section.groups]
        for code in self.PERIODS:
            ends_on = TenDayPeriod.parse(code).last_on
            owing = Project.objects.of_units(user.unit_ids).reporting_on(ends_on)
            reports = [self.report_of(project, code) for project in owing]
            counted = sum(
                group.count for group in groups if (group.kind, group.target) == (OwedKind.REPORT, code)
            )
            assert counted == sum(
                not one.is_returned and bool(steps_of(one, user, TODAY)["fill"]) for one in reports
            )
        (returned,) = (group.count for group in groups if group.kind == OwedKind.REPORT_RETURNED)
        reports = ProgressReport.objects.filter(state=ReportState.RETURNED).select_related("project")
        assert (
            returned == sum(bool(steps_of(one, user, TODAY)["fill"]) for one in reports) == len(self.PERIODS)
        )

    def test_what_waits_for_a_head_is_what_a_head_may_pass(self, scene, projects):
        reports = ProgressReport.objects.select_related("project")
        for person in PEOPLE:
            user = scene.people[person]
            passable = {report.pk for report in reports if steps_of(report, user, TODAY)["pass_on"]}
            waiting = ProgressReport.objects.waiting_for_head(user)
            assert passable == set(waiting.values_list("pk", flat=True)), person
            assert bool(passable) is (person == "unit head")

    @pytest.mark.parametrize("is_required", [True, False])
    def test_what_waits_for_the_office_is_what_it_may_confirm(self, client, scene, projects, is_required):
        OfficeSettings.objects.update(unit_review_required=is_required)
        user = scene.people["office"]
        (group,) = (
            group
            for section in Desk(user, TODAY).sections()
            for group in section.groups
            if group.kind == OwedKind.REPORT_CONFIRM
        )
        reports = ProgressReport.objects.select_related("project")
        open_ones = [report.pk for report in reports if steps_of(report, user, TODAY)["confirm"]]
        assert group.count == len(open_ones)
        client.force_login(user)
        text = client.get(reverse("report_list"), {"view": "pending"}).content.decode()
        for report in reports:
            assert (reverse("report_confirm", args=[report.pk]) in text) is (report.pk in open_ones)
            returned = steps_of(report, user, TODAY)["send_back"]
            assert (f"{reverse('report_return', args=[report.pk])}?" in text) is bool(returned)
