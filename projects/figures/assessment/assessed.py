"""The figures that assessment scores (考核指标), per unit, with the rows each counts and those it leaves out.

Responsibility as it stood (谁在任谁负责): investment is split by time in duty (docs/rules.md §12): of the year's plan and
of what is done each holder has the part of its own days, and the parts add up to the project's whole. Rates that count
projects count one to the unit that answered for it on the cut-off day; what falls due (节点、旬报、问题) counts to the
unit that answered on the due day. The hand-overs of the period are listed beside it.
Exclusions (剔除) follow the same rule: a project that was 停工, 暂缓 or 退库 on that day, or a matter exempted from
its alert (豁免), is left out of numerator and denominator and named with its reason.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import BooleanField, Case, ExpressionWrapper, F, IntegerField, QuerySet, Value, When
from django.db.models.expressions import Combinable

from ...models import (
    Alert,
    AlertExemption,
    AlertKind,
    Handover,
    Milestone,
    Problem,
    ProgressReport,
    Project,
    ScoringItem,
)
from ...money import Ratio, exact_gap
from ...periods import TenDayPeriod
from ...queries.alerts.findings import milestones_in_force
from ...queries.register.terms import Responsibility, Stops
from ...queries.reports.reports import ReportWindows
from ...queries.reports.timeliness import days_late, with_first_hand_in
from ...rules.ranking import SILENT
from ..definitions import AMOUNTS, COUNTS, DERIVED, MATTER_RATES, MATTERS, RATES, REPORT_RATE, Rate
from ..figures import COMPLETION, figure_rows, figure_total
from ..population import DIMENSIONS, Rows, Scope
from .duty import ListedProject, TimeInDuty

Figure = ScoringItem.Figure
State = Project.State

MEANINGS: dict[str, str] = {
    Figure.SCHEDULE_GAP: f"{DERIVED['schedule_gap_points'].formula}（个百分点）",
    Figure.MILESTONES_ON_TIME: f"{MATTER_RATES['milestone_on_time_rate'].formula}（只取考核期内到期的）",
    Figure.REPORTS_ON_TIME: f"{REPORT_RATE.formula}（{REPORT_RATE.meaning}）",
    Figure.PROBLEMS_SETTLED: MATTER_RATES["problem_settlement_rate"].formula,
    Figure.MANUAL: "发改局评分，附理由和佐证材料",
    **{key: rate.formula for key, rate in RATES.items() if key in Figure.values},
}
LIST_FIGURES = {key: key for key in RATES if key in Figure.values} | {Figure.SCHEDULE_GAP.value: COMPLETION}
INVESTMENT = {key for key, rate in LIST_FIGURES.items() if rate == COMPLETION}
# which exemption takes a project out of which figure over a list; other matters are exempted one by one
EXEMPTIONS = {
    COMPLETION: (AlertKind.START_OVERDUE,),
    "start_rate_of_year": (AlertKind.START_OVERDUE,),
    "start_rate_to_date": (AlertKind.START_OVERDUE,),
}


@dataclass(frozen=True)
class CountedRow:
    """One row behind a figure: a project, milestone or problem, and what it adds above and below the line."""

    text: str
    code: str
    numerator: Decimal | int
    denominator: Decimal | int
    detail: str = ""
    problem_id: int | None = None


@dataclass(frozen=True)
class LeftOut:
    """One row that does not count, and why (剔除原因)."""

    text: str
    code: str
    reason: str


@dataclass
class Measured:
    """A figure of one unit: its ratio, the value that is scored (% or 个百分点), the rows, the rows left out."""

    ratio: Ratio = field(default_factory=lambda: Ratio(0, 0))
    value: Fraction | None = None
    rows: list[CountedRow] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    def add(self, row: CountedRow) -> None:
        """Count a row; the value is then the percentage."""
        self.rows.append(row)
        self.ratio += Ratio(row.numerator, row.denominator)
        self.value = percentage(self.ratio)


def percentage(ratio: Ratio) -> Fraction | None:
    return None if ratio.value is None else ratio.value * 100


@dataclass(frozen=True)
class AssessedScope(Scope):
    """A population without the projects left out of an assessment (剔除后的统计范围)."""

    left_out: frozenset[int] = frozenset()

    def versions(self) -> Rows:
        rows = super().versions()
        return rows.exclude(listing__project__in=self.left_out) if self.left_out else rows


@dataclass(frozen=True)
class Assessed:
    """What is assessed: the days, the slot whose holders are assessed, the lists (all of the year when empty)."""

    first_on: date
    as_of: date
    slot: str
    lists: tuple[int, ...] = ()

    @property
    def scope(self) -> Scope:
        return Scope(self.as_of, self.as_of.year, self.lists)


def assessed_figures(assessed: Assessed, keys: Iterable[str]) -> dict[int, dict[str, Measured]]:
    """{unit: {figure key: Measured}} of the units in duty. About thirty queries, however many units and projects."""
    keys = [key for key in dict.fromkeys(keys) if key != Figure.MANUAL]
    projects = assessed.scope.projects()
    world = _World(assessed, projects, Responsibility(assessed.slot, projects), Stops(projects))
    found: Found = defaultdict(lambda: defaultdict(Measured))
    for key in keys:
        if key in INVESTMENT:
            _by_time_in_duty(world, key, found)
        elif key in LIST_FIGURES:
            _over_the_list(world, key, found)
        else:
            FOLLOWED[key](world, found)
    return {unit: dict(figures) for unit, figures in found.items() if unit is not None}


Found = dict[int | None, dict[str, Measured]]  # {unit: {figure key: measured}}; None is nobody


@dataclass(frozen=True)
class _World:
    assessed: Assessed
    projects: QuerySet[Project]
    responsibility: Responsibility
    stops: Stops


def projects_counted(assessed: Assessed) -> dict[int, int]:
    """{unit: number of projects} on the cut-off day, nothing left out (项目数). Three queries."""
    rows = figure_rows(assessed.scope, by=assessed.slot, follow_up=False)
    return {row.group_id: row["projects"] for row in rows if row.group_id is not None}


def handovers_within(assessed: Assessed) -> dict[int, list[str]]:
    """{unit: sentences} of the projects a unit took over or gave up in the period (考核期内交接)."""
    said: dict[int, list[str]] = defaultdict(list)
    responsibility = Responsibility(assessed.slot, assessed.scope.projects())
    for before, after in responsibility.changes(assessed.first_on, assessed.as_of):
        day, document = f"{after.from_on:%Y-%m-%d}", f"（{after.document}）" if after.document else ""
        if after.unit_id:
            said[after.unit_id].append(f"{day}自{before.unit or '未明确'}接手{after.project}{document}")
        if before.unit_id:
            said[before.unit_id].append(f"{day}将{after.project}移交{after.unit or '未明确'}{document}")
    return {unit: sorted(lines) for unit, lines in said.items()}


# --- figures over the lists -----------------------------------------------------------------------------


def _over_the_list(world: _World, key: str, found: Found) -> None:
    """A rate of definitions.RATES that counts projects, by the unit in duty on the cut-off day."""
    assessed, rate = world.assessed, RATES[LIST_FIGURES[key]]
    day = assessed.scope.cut_off
    reasons = _reasons(world, rate.key, day)
    for unit, project, name, code, above, below in _contributions(assessed.scope, assessed.slot, rate):
        measured = found[unit][key]
        counted = CountedRow(name, code, above, below)
        if reason := reasons.get(project):
            if counted.denominator or counted.numerator:
                measured.left_out.append(LeftOut(counted.text, counted.code, reason))
        elif counted.denominator or counted.numerator:
            measured.rows.append(counted)
    scope = AssessedScope(assessed.as_of, assessed.scope.year, assessed.lists, left_out=frozenset(reasons))
    for row in figure_rows(scope, by=assessed.slot, follow_up=False):
        measured = found[row.group_id][key]
        measured.ratio = row.ratio(rate.key)
        measured.value = percentage(measured.ratio)


def _by_time_in_duty(world: _World, key: str, found: Found) -> None:
    """Completion, or the gap to 序时, each holder's from the part of plan and amount of its own days (按在任时间划分).

    A list without any report, and a unit none of whose projects has one, are left out: not reported is not zero.
    """
    assessed = world.assessed
    scope, day = assessed.scope, assessed.scope.cut_off
    reasons = _reasons(world, COMPLETION, day)
    columns = ("project", "project__name", "project__code", "annual_list", "annual_list__kind__name")
    rows = (
        scope.once()
        .order_by("listing__project__code")
        .values_list(*(f"listing__{column}" for column in columns), "listing", "planned_investment", "told")
    )
    counted = [ListedProject(*row) for row in rows]
    total = figure_total(scope, follow_up=False)
    split = TimeInDuty(scope, world.responsibility, [row for row in counted if row.project not in reasons])
    expected: dict[int | None, Fraction] = defaultdict(Fraction)
    told: set[int | None] = set()
    kept: dict[int | None, list[CountedRow]] = defaultdict(list)
    for row in counted:
        silent = row.list_name in total.leaves_out and f"{row.list_name}名单{SILENT}"
        if reason := reasons.get(row.project) or silent:
            if row.planned or row.told:
                unit = world.responsibility.on(row.project, day)
                found[unit][key].left_out.append(LeftOut(row.name, row.code, reason))
            continue
        for part in split.of(row):
            if part.done or part.planned:
                kept[part.unit].append(CountedRow(row.name, row.code, part.done, part.planned, part.words))
            expected[part.unit] += Fraction(part.planned) * split.term_share(row)
            if row.told is not None:
                told.add(part.unit)
    common = None if total.baseline.by_project else total.pro_rata_progress
    for unit, lines in kept.items():
        measured = found[unit][key]
        if unit not in told:
            measured.left_out += [LeftOut(line.text, line.code, SILENT) for line in lines]
            continue
        measured.rows += lines
        measured.ratio = Ratio.total(Ratio(line.numerator, line.denominator) for line in lines)
        planned = Fraction(measured.ratio.denominator)
        pro_rata = common if common is not None else expected[unit] / planned if planned else None
        gap = key == Figure.SCHEDULE_GAP
        measured.value = exact_gap(measured.ratio, pro_rata) if gap else percentage(measured.ratio)


def zone_value(assessed: Assessed, key: str, ratio: Ratio) -> Fraction | None:
    """The value of a figure from the sum of the units' ratios (全区合计口径): sums over sums. Two queries."""
    if key != Figure.SCHEDULE_GAP:
        return percentage(ratio)
    return exact_gap(ratio, figure_total(assessed.scope, follow_up=False).pro_rata_progress)


def _contributions(scope: Scope, slot: str, rate: Rate) -> Iterable[tuple[Any, ...]]:
    """(unit, project id, name, code, above, below) of each project once: what it adds to a rate, by the definitions."""
    day = scope.cut_off

    def part(figure: str) -> Combinable:
        if figure in AMOUNTS:
            return F(AMOUNTS[figure].column)
        return Case(
            When(COUNTS[figure].select(day), then=Value(1)), default=Value(0), output_field=IntegerField()
        )

    return (
        scope.once()
        .annotate(group_id=DIMENSIONS[slot].group_of(day), above=part(rate.numerator), below=part(rate.denominator))
        .order_by("listing__project__code")
        .values_list(
            "group_id", "listing__project", "listing__project__name", "listing__project__code", "above", "below"
        )
    )  # fmt: skip


def _reasons(world: _World, rate: str, day: date) -> dict[int, str]:
    """{project: why it is left out of a rate} on the day: held up, or exempted from what the rate measures."""
    reasons = {pk: world.stops.reason(pk, day) for pk in world.projects.values_list("pk", flat=True)}
    reasons = {pk: reason for pk, reason in reasons.items() if reason}
    for exemption in _exempt(world, day, *EXEMPTIONS.get(rate, ())):
        reasons.setdefault(exemption.alert.project_id, _exemption_words(exemption))
    return reasons


def _exempt(world: _World, day: date, *kinds: AlertKind) -> Iterable[AlertExemption]:
    """Exemptions that ran on the day, of alerts of the kinds, each with its alert."""
    if not kinds:
        return ()
    alerts = Alert.objects.open_on(day).filter(kind__in=kinds, project__in=world.projects)
    return AlertExemption.objects.on(day).filter(alert__in=alerts).select_related("alert")


def _exempt_subjects(world: _World, kind: AlertKind) -> dict[str, AlertExemption]:
    """{what is late: its exemption} on the cut-off day, of the matters exempted one by one."""
    return {one.alert.subject: one for one in _exempt(world, world.assessed.as_of, kind)}


def _exemption_words(exemption: AlertExemption) -> str:
    kind = exemption.alert.get_kind_display()
    return f"{kind}豁免至{exemption.until_on:%Y-%m-%d}：{exemption.reason}"


# --- what falls due: milestones, reports, problems ------------------------------------------------------


def _milestones(world: _World, found: Found) -> None:
    """Milestones due within the period, to the unit named, else to the project's holder of the due day."""
    assessed, key = world.assessed, Figure.MILESTONES_ON_TIME
    exempt = _exempt_subjects(world, AlertKind.MILESTONE_OVERDUE)
    leads = (
        world.responsibility
        if assessed.slot == Handover.Slot.LEAD_DEPARTMENT
        else Responsibility(Handover.Slot.LEAD_DEPARTMENT, world.projects)
    )
    due: QuerySet[Any] = milestones_in_force(assessed.as_of, world.projects).due_by(assessed.as_of)
    on_time = MATTERS["milestones_on_time"].select(assessed.as_of)
    for milestone in (
        due.filter(due_on__gte=assessed.first_on)
        .annotate(kept=ExpressionWrapper(on_time, output_field=BooleanField()))
        .select_related("plan__project")
        .order_by("due_on", "pk")
    ):
        project = milestone.plan.project
        unit = milestone.unit_id or leads.on(project.pk, milestone.due_on)
        text = f"{project.name}：{milestone.name}"
        exemption = exempt.get(milestone.matter)
        reason = world.stops.reason(project.pk, milestone.due_on) or (
            _exemption_words(exemption) if exemption else ""
        )
        if reason:
            found[unit][key].left_out.append(LeftOut(text, project.code, reason))
            continue
        found[unit][key].add(
            CountedRow(
                text, project.code, int(bool(milestone.kept)), 1, _due_words(milestone, assessed.as_of)
            )
        )


def _due_words(milestone: Milestone, as_of: date) -> str:
    achieved = milestone.achieved_on
    done = f"{achieved:%Y-%m-%d}完成" if achieved and achieved <= as_of else "截至日未完成"
    return f"{milestone.due_on:%Y-%m-%d}到期，{done}"


def _reports(world: _World, found: Found) -> None:
    """Reports whose due day lies within the period, to the project's holder on the last day of their ten days."""
    assessed, key, windows = world.assessed, Figure.REPORTS_ON_TIME, ReportWindows.current()
    periods = _periods_due(assessed, windows)
    if not periods:
        return
    reports = {
        (report.project_id, report.period_ends_on): report
        for report in with_first_hand_in(
            ProgressReport.objects.filter(
                project__in=world.projects, period_ends_on__range=(periods[0].last_on, periods[-1].last_on)
            )
        )
    }
    exempt = {one.alert.project_id: one for one in _exempt(world, assessed.as_of, AlertKind.REPORT_MISSING)}
    for project in world.projects.order_by("code"):
        tally: dict[int | None, list[int]] = defaultdict(lambda: [0, 0])
        for period in periods:
            if not _owes(project, period.last_on):
                continue
            unit = world.responsibility.on(project.pk, period.last_on)
            state, words = world.stops.state(project.pk, period.last_on)
            report = reports.get((project.pk, period.last_on))
            late = days_late(report, windows) if report else None
            if state != State.ACTIVE:
                _leave_out(found[unit][key], project, f"{period.words}：{words}")
            elif report and late is None and _from_ledger(report):
                continue
            elif late != 0 and project.pk in exempt:
                _leave_out(
                    found[unit][key], project, f"{period.words}：{_exemption_words(exempt[project.pk])}"
                )
            else:
                tally[unit][0] += late == 0
                tally[unit][1] += 1
        for unit, (in_time, owed) in tally.items():
            found[unit][key].add(
                CountedRow(project.name, project.code, in_time, owed, f"应报{owed}期，按期{in_time}期")
            )


def _leave_out(measured: Measured, project: Project, reason: str) -> None:
    measured.left_out.append(LeftOut(project.name, project.code, reason))


def _periods_due(assessed: Assessed, windows: ReportWindows) -> list[TenDayPeriod]:
    """The ten-day periods whose reports fell due within the days assessed, oldest first."""
    period = TenDayPeriod.containing(assessed.first_on).shift(-2)
    found = []
    while period.last_on <= assessed.as_of:
        if assessed.first_on <= windows.of(period).due_on <= assessed.as_of:
            found.append(period)
        period = period.next()
    return found


def _owes(project: Project, day: date) -> bool:
    """Whether a report was owed for the ten days that end then, as Project.objects.reporting_on has it for today."""
    followed = project.reports_from_on <= day
    return followed and (project.in_production_on is None or project.in_production_on > day)


def _from_ledger(report: ProgressReport) -> bool:
    """Brought by a ledger, never handed in: nothing to be judged (queries/reports/timeliness)."""
    return report.source == ProgressReport.Source.LEDGER or (
        report.submitted_by_id is None and report.state not in ("draft", "returned")
    )


def _problems(world: _World, found: Found) -> None:
    """Problems raised by the cut-off day, to the unit named, else to the project's holder of the limit day."""
    assessed, key = world.assessed, Figure.PROBLEMS_SETTLED
    exempt = _exempt_subjects(world, AlertKind.PROBLEM_OVERDUE)
    rows: QuerySet[Any] = Problem.objects.raised_by_day(assessed.as_of).filter(project__in=world.projects)
    settled = ExpressionWrapper(
        MATTERS["problems_settled"].select(assessed.as_of), output_field=BooleanField()
    )
    for problem in rows.annotate(settled=settled).select_related("project").order_by("raised_on", "pk"):
        project = problem.project
        unit = problem.lead_unit_id or world.responsibility.on(
            project.pk, min(problem.due_on, assessed.as_of)
        )
        text = f"{project.name}：{problem.text}"
        exemption = exempt.get(f"problem:{problem.pk}")
        reason = world.stops.reason(project.pk, min(problem.due_on, assessed.as_of)) or (
            _exemption_words(exemption) if exemption else ""
        )
        if reason:
            found[unit][key].left_out.append(LeftOut(text, project.code, reason))
            continue
        resolved_on = problem.resolved_by_day(assessed.as_of)
        detail = f"{resolved_on:%Y-%m-%d}销号" if resolved_on else "截至日未销号"
        found[unit][key].add(
            CountedRow(text, project.code, int(bool(problem.settled)), 1, detail, problem.pk)
        )


# figures of what falls due, each with the function that reads its rows
FOLLOWED: dict[str, Callable[[_World, Found], None]] = {
    Figure.MILESTONES_ON_TIME: _milestones,
    Figure.REPORTS_ON_TIME: _reports,
    Figure.PROBLEMS_SETTLED: _problems,
}
