"""A story played into the product through its services, day by day (情景重放), and the product's answers in plain words.

The one module of this package that knows the product.
"""

import datetime as dt
from datetime import date
from decimal import Decimal
from typing import Any

from projects.digests.weekly import weekly_content
from projects.figures.figures import FigureRow, figures_of
from projects.figures.lights.judging import lights_for
from projects.figures.population import Scope
from projects.models import (
    Alert,
    DateChangeRequest,
    Milestone,
    Official,
    Permit,
    PermitKind,
    Problem,
    ProgressReport,
    Project,
    ProjectMember,
    Role,
    Unit,
    User,
)
from projects.periods import TenDayPeriod, Week
from projects.queries.alerts.findings import findings
from projects.services.alerts.scanning import carry_over, exempt_alert, scan_alerts
from projects.services.lists import adjustments
from projects.services.papers import permits
from projects.services.plans import date_changes
from projects.services.plans.milestones import achieve_milestone
from projects.services.problems import handling
from projects.services.register.handovers import hand_over
from projects.services.register.projects import correct_facts, place_project
from projects.services.register.states import change_state
from projects.services.reports import review
from projects.services.reports.content import ReportEntry
from projects.services.reports.filling import WarningsToAnswer, submit_report
from projects.services.weekly.issues import keep_draft, sign_report
from tests.factories import (
    make_list,
    make_listing,
    make_official,
    make_plan,
    make_project,
    make_unit,
    make_user,
)

from . import facts, ladder, weekly
from .worlds import PACKAGE, Event, Story

PERMIT_KINDS = {True: "建筑工程施工许可证", False: "固定资产投资项目节能审查意见"}
SHANGHAI = dt.timezone(dt.timedelta(hours=8))


class Play:
    """The product with the story's beginning in it; `play` does one event as the person whose business it is."""

    def __init__(self, story: Story) -> None:
        self.story, world = story, story.world
        self.units: dict[str, Unit] = {name: make_unit(name, kind) for name, kind in world.units.items()}
        self.users: dict[str, User] = {}
        self.leaders: dict[str, Official] = {}
        for person in world.people:
            self.users[person.name] = make_user(person.role, unit=self.units.get(person.of), name=person.name)
        for leader in world.leaders:
            self.leaders[leader] = make_official(leader, user=self.users[f"{leader}账号"])
        self.office, self.colleague = self.users["统筹一"], self.users["统筹二"]
        self.pk = {one.name: self._begin(one).pk for one in world.projects.values()}
        self.name = {pk: name for name, pk in self.pk.items()}
        self.roots: dict[tuple[str, str], int] = {}
        for milestone in Milestone.objects.select_related("plan"):
            self.roots[self.name[milestone.plan.project_id], milestone.name] = milestone.pk
        officer = next(person for person in world.people if person.role == Role.SERVICE_OFFICER)
        ProjectMember.objects.create(
            project_id=self.pk[officer.of],
            kind=ProjectMember.Kind.SERVICE_OFFICER,
            user=self.users[officer.name],
            from_on=dt.date(2022, 1, 1),
        )

    def _begin(self, one: facts.Project) -> Project:
        """A project as the story begins: its places in the lists and its plan are older than what is asked."""
        first_on = self.story.first_on
        started = facts.on(first_on, one.dates.get("started", []))
        project = make_project(
            one.name,
            total_investment=one.total,
            reports_from_on=one.reports_from_on,
            started_on=started,
            level="package" if one.name == PACKAGE else "single",
            sponsor=self.leaders[one.slots["sponsor"][0].what],
            lead_department=self.units[one.slots["lead_department"][0].what],
            host_district=self.units[one.slots["host_district"][0].what],
        )
        for of, versions in one.entries.items():
            entry = versions[0].what
            if versions[0].from_on < first_on:
                make_listing(
                    project,
                    make_list(of.kind, of.year),
                    category=entry.category,
                    planned_investment=entry.planned,
                    planned_start=_text(entry.start_by),
                    planned_completion=_text(entry.complete_by),
                )
        plan = make_plan(project, *(milestone.due[0].what for milestone in one.milestones))
        for milestone, row in zip(one.milestones, plan.milestones.order_by("position"), strict=True):
            row.unit = self.units[milestone.unit] if milestone.unit else None
            row.save()
        return project

    # --- events -----------------------------------------------------------------------------------------------

    def play(self, event: Event) -> None:
        self.now = dt.datetime.combine(event.day, dt.time(10), SHANGHAI)
        self.day = event.day
        getattr(self, event.verb)(**event.said)

    def project(self, name: str) -> Project:
        return Project.objects.get(pk=self.pk[name])

    def milestone(self, project: str, name: str) -> Milestone:
        """The row of the plan in force."""
        return Milestone.objects.get(plan__state="approved", plan__project=self.pk[project], name=name)

    def report(self, project: str, end: date) -> ProgressReport:
        return ProgressReport.objects.get(project=self.pk[project], period_ends_on=end)

    def problem(self, project: str, text: str) -> Problem:
        return Problem.objects.get(project=self.pk[project], text=text)

    def reporter(self, unit: str) -> User:
        return self.users[f"{unit}填报员"]

    def hand_in(self, project: str, end: date, amount: Decimal, facts: dict[str, date], lead: str) -> None:
        entry = ReportEntry(
            invested_this_year=amount,
            physical_progress=f"至{self.day}的形象进度",
            facts={f"{fact}_on": dated for fact, dated in facts.items()},
        )
        said: dict[str, Any] = {"project": self.project(project), "period": TenDayPeriod.ending_on(end)}
        said |= {"entry": entry, "by": self.reporter(lead), "now": self.now}
        try:
            submit_report(**said)
        except WarningsToAnswer as asked:
            submit_report(**said, overruled=asked.warnings, overrule_reason="已核对")

    def give_back(self, project: str, end: date) -> None:
        report = self.report(project, end)
        review.return_report(report=report, reason="数据不符", by=self.office, now=self.now)

    def confirm(self, project: str, end: date, lead: str) -> None:
        report = self.report(project, end)
        review.pass_report(report=report, by=self.users[f"{lead}负责人"], now=self.now)
        review.confirm_report(report=self.report(project, end), by=self.colleague, now=self.now)

    def open_again(self, project: str, end: date) -> None:
        review.reopen_report(report=self.report(project, end), reason="更正", by=self.office, now=self.now)

    def achieve(self, project: str, milestone: str) -> None:
        lead = self.project(project).lead_department
        achieve_milestone(
            milestone=self.milestone(project, milestone),
            achieved_on=self.day,
            evidence="验收单",
            by=self.reporter(str(lead)),
            now=self.now,
        )

    def ask_date(self, project: str, milestone: str, due: date) -> None:
        lead = self.project(project).lead_department
        date_changes.request_date_change(
            milestone=self.milestone(project, milestone),
            new_due=due.isoformat(),
            reason="前期手续未办完",
            document="申请1号",
            by=self.reporter(str(lead)),
            now=self.now,
        )

    def grant_date(self, project: str, milestone: str) -> None:
        request = DateChangeRequest.objects.waiting().get(milestone=self.milestone(project, milestone))
        date_changes.approve_date_changes(requests=[request], by=self.colleague, now=self.now)

    def hand_over(self, project: str, slot: str, to: str) -> None:
        hand_over(
            project=self.project(project),
            slot=slot,
            to=self.leaders[to] if slot == "sponsor" else self.units[to],
            from_on=self.day,
            document="会议纪要",
            by=self.office,
            now=self.now,
        )

    def change_state(self, project: str, state: str) -> None:
        said: dict[str, Any] = {"project": self.project(project), "state": state, "reason": "环保检查"}
        change_state(**said, effective_on=self.day, document="通知", by=self.office, now=self.now)

    def raise_problem(self, project: str, text: str, unit: str | None, due_on: date, lead: str) -> None:
        handling.raise_problem(
            project=self.project(project),
            category="land",
            text=text,
            lead_unit=self.units[unit] if unit else None,
            due_on=due_on,
            by=self.reporter(lead),
            now=self.now,
        )

    def handle(self, project: str, text: str, lead: str) -> None:
        problem = self.problem(project, text)
        said: dict[str, Any] = {"problem": problem, "result": "已解决", "document": "回函"}
        handling.mark_handled(**said, by=self.reporter(lead), now=self.now)

    def write_off(self, project: str, text: str) -> None:
        handling.resolve_problem(problem=self.problem(project, text), by=self.colleague, now=self.now)

    def reopen_problem(self, project: str, text: str) -> None:
        said: dict[str, Any] = {"problem": self.problem(project, text), "reason": "又停电了"}
        handling.reopen_problem(**said, by=self.colleague, now=self.now)

    def alert(self, kind: str, subject: str) -> Alert:
        found = Alert.objects.open().filter(kind=kind)
        return next(alert for alert in found if self.subject(alert.subject) == subject)

    def close_last_year(self, kind: str, subject: str) -> None:
        carry_over(alert=self.alert(kind, subject), document="结转1号", by=self.office, now=self.now)

    def exempt(self, kind: str, subject: str, until_on: date) -> None:
        alert = self.alert(kind, subject)
        exempt_alert(alert=alert, reason="等待上级批复", until_on=until_on, by=self.office, now=self.now)

    def join_package(self, project: str) -> None:
        said: dict[str, Any] = {"project": self.project(project), "level": "single", "reason": "打包"}
        said["from_on"] = self.day
        place_project(**said, parent=self.project(PACKAGE), by=self.office, now=self.now)

    def correct(self, project: str, fact: str, to: date) -> None:
        said: dict[str, Any] = {"project": self.project(project), "facts": {f"{fact}_on": to}}
        correct_facts(**said, reason="按证照更正", by=self.office, now=self.now)

    def register_permit(
        self, project: str, number: str, issued_on: date, valid_until_on: date, until_started: bool
    ) -> None:
        permits.register_permit(
            project=self.project(project),
            kind=PermitKind.objects.get(name=PERMIT_KINDS[until_started]),
            number=number,
            issued_on=issued_on,
            valid_until_on=valid_until_on,
            by=self.office,
            now=self.now,
        )

    def renew_permit(self, project: str, number: str, newer: str, valid_until_on: date) -> None:
        permits.renew_permit(
            permit=Permit.objects.get(project=self.pk[project], number=number),
            number=newer,
            issued_on=self.day,
            valid_until_on=valid_until_on,
            by=self.office,
            now=self.now,
        )

    def adjust(self, project: str, of: facts.YearList, change: str, entry: facts.Entry) -> None:
        act: dict[str, Any] = {"by": self.office, "now": self.now}
        draft = adjustments.draft_adjustment(
            annual_list=make_list(of.kind, of.year),
            document=f"调整{self.day}{project}{of.kind}",
            effective_on=self.day,
            **act,
        )
        said: dict[str, Any] = {}
        if change != "removed":
            said = {"category": entry.category, "planned_investment": entry.planned}
            said |= {"planned_start": _text(entry.start_by), "planned_completion": _text(entry.complete_by)}
        adjustments.put_line(
            adjustment=draft,
            project=self.project(project),
            change=change,
            reason="按会议要求",
            confirmed=True,
            **said,
            **act,
        )
        adjustments.submit_adjustment(adjustment=draft, **act)
        adjustments.approve_adjustment(adjustment=draft, by=self.colleague, now=self.now)

    # --- answers ----------------------------------------------------------------------------------------------

    def subject(self, product: str) -> str:
        """The oracle's name of a matter, from the product's."""
        kind, _, rest = product.partition(":")
        if kind == "milestone":
            project, name = next(key for key, pk in self.roots.items() if pk == int(rest))
            return f"milestone:{project}/{name}"
        if kind == "report":
            pk, _, code = rest.partition(":")
            return f"report:{self.name[int(pk)]}:{code}"
        if kind == "project":
            return f"project:{self.name[int(rest)]}"
        row: Any = Problem.objects.get(pk=rest) if kind == "problem" else Permit.objects.get(pk=rest)
        return f"{kind}:{self.name[row.project_id]}/{row.text if kind == 'problem' else row.number}"

    def figures(self, year: int, day: date) -> dict[str, dict[str, Any]]:
        found = figures_of(Scope(day, year), by="sponsor")
        rows: dict[str, FigureRow] = {row.list_name: row for row in found.lists}
        rows["total"] = found.total
        rows |= {f"sponsor:{row.group}": row for row in found.groups}
        return {name: _plain(row.as_json()) for name, row in rows.items()}

    def findings(self, day: date) -> set[tuple]:
        units = {unit.pk: unit.name for unit in self.units.values()}
        return {
            (
                one.kind,
                self.subject(one.subject),
                units.get(one.unit_id),
                one.due_on,
                one.days_late,
                one.count,
            )
            for one in findings(day)
        }

    def lights(self, day: date) -> dict[str, dict[str, str]]:
        """{project: {dimension: light}}; what is green may be left out."""
        found = lights_for(Project.objects.all(), day)
        return {
            self.name[pk]: {"worst": one.light.value}
            | {r.dimension.value: r.light.value for r in one.reasons}
            for pk, one in found.items()
        }

    def issue(self, sunday: date) -> weekly.Issue:
        """The week's issue as the product has it now."""
        content = weekly_content(Week.containing(sunday))
        return weekly.Issue(*(self._lines(rows) for rows in (content.new, content.still, content.cleared)))

    def sign(self, sunday: date) -> None:
        """Keep and sign the week's issue on the Monday after, before anything else is done."""
        week, now = (
            Week.containing(sunday),
            dt.datetime.combine(sunday + dt.timedelta(1), dt.time(8), SHANGHAI),
        )
        report = keep_draft(week=week, content=weekly_content(week).as_dict(), now=now)
        sign_report(report=report, by=self.office, now=now)

    def _lines(self, rows: Any) -> dict[tuple[str, str], weekly.Line]:
        return {
            (row.kind, self.subject(row.subject)): weekly.Line(
                row.due_on, row.days_late, row.weeks, row.sponsor, row.lead_department, row.unit
            )
            for row in rows
        }

    def scan(self, day: date) -> set[ladder.Told]:
        """A scan at the end of the day: who is told what, by the highest step."""
        result = scan_alerts(as_of=day, now=dt.datetime.combine(day, dt.time(20), SHANGHAI))
        return {
            (
                line.kind,
                self.subject(line.key.partition("/")[2]),
                _step(line.step),
                digest.recipient.full_name,
            )
            for digest in result.digests
            for line in digest.lines
        }


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    lights = {colour: number for colour, number in row["lights"].items() if number}
    return {key: value for key, value in row.items() if key not in {"list", "group", "leaves_out"}} | {
        "lights": lights
    }


def _step(words: str) -> int:
    """The step of a line's words: 逾期满3个工作日 → 3, 距到期不超过7个工作日 → -7; a permit's own notice → 0."""
    number = int("".join(filter(str.isdigit, words)) or 99)
    if "工作日" not in words:
        return ladder.OWN_NOTICE if "天" in words else number
    return -number if words.startswith("距") else number
