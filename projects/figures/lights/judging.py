"""Lights (亮灯): the facts of each project on a day, judged by rules.py, with the sentence that says why."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache, partial
from typing import NamedTuple

from django.db.models import BooleanField, ExpressionWrapper, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from ...models import (
    LightExemption,
    LightRuleSet,
    ListingVersion,
    Problem,
    ProgressReport,
    Project,
)
from ...models.lists.listings import counts_at_level
from ...models.projects import state_on
from ...models.reports.year_amounts import reading_on
from ...money import Ratio, exact_gap, pace_percent
from ...periods import TenDayPeriod
from ...queries.alerts.findings import milestones_driven
from ...queries.reports.owing import ReportingClock
from ...rules import (
    DEFAULT_RULES,
    Light,
    LightGauge,
    LightReason,
    RuleSet,
    months_due,
    months_unregistered,
    overdue_days,
    project_light,
)
from ...rules.light_rules import Value
from ..baselines import baselines_of_year, own_plan_shares
from .rule_sets import RulesOfDay


@dataclass(frozen=True)
class ProjectLight:
    """A project's light with its reasons, worst first (亮灯及原因), and the rule set that gave it (依据).

    `rule_set_id` is None while no rule set of the office is in force: then the default judges.
    """

    light: Light
    reasons: tuple[LightReason, ...]
    rule_set_id: int | None = None
    rule_name: str = ""

    @property
    def sentence(self) -> str:
        """Why, in one line; what is in order says so."""
        return "；".join(reason.sentence for reason in self.reasons) or "各项工作正常推进"


class LightFacts(NamedTuple):
    """What the rules judge of one project on a day; None where there is nothing to judge."""

    planned: Decimal
    invested: Decimal
    pro_rata: Fraction
    is_new_start: bool
    planned_start_on: date | None
    started_on: date | None
    entered_statistics_on: date | None
    in_production_on: date | None
    milestone_due_on: date | None
    problem_due_on: date | None
    missing_reports: int
    kind: int | None = None
    statistics_undated: bool = False  # entered_statistics_on is then the day of the ledger that says 是

    @property
    def gap_points(self) -> Fraction | None:
        """与序时差距, unrounded; a project in production has nothing left to invest against 序时."""
        if self.in_production_on is not None:
            return None
        return exact_gap(Ratio(self.invested, self.planned), self.pro_rata)

    @property
    def share_of_pro_rata(self) -> Fraction | None:
        """完成序时进度的百分比, unrounded, of the same projects."""
        if self.in_production_on is not None:
            return None
        return pace_percent(Ratio(self.invested, self.planned), self.pro_rata)

    @property
    def start_due_on(self) -> date | None:
        """The day the start is planned by; only new starts of the year owe one."""
        return self.planned_start_on if self.is_new_start else None


# What each gauge reads of the facts (取值), the cheapest first.
Reader = Callable[[LightFacts, date], Value]
READERS: dict[LightGauge, Reader] = {
    LightGauge.PERIODS_MISSING: lambda facts, day: facts.missing_reports,
    LightGauge.MILESTONE_DAYS: lambda facts, day: _days_over(facts.milestone_due_on, day),
    LightGauge.PROBLEM_DAYS: lambda facts, day: _days_over(facts.problem_due_on, day),
    LightGauge.MONTHS_DUE: lambda facts, day: months_due(facts.start_due_on, facts.started_on, day),
    LightGauge.MONTHS_UNREGISTERED: lambda facts, day: months_unregistered(
        facts.started_on, facts.entered_statistics_on, day
    ),
    LightGauge.SHARE_OF_PRO_RATA: lambda facts, day: facts.share_of_pro_rata,
    LightGauge.POINTS_BEHIND: lambda facts, day: None if (gap := facts.gap_points) is None else -gap,
}
Earlier = Sequence[
    tuple[LightFacts, date]
]  # a project at the ends of the ten-day periods before, latest first


def lights_for(
    projects: QuerySet[Project], as_of: date, rule_set: LightRuleSet | None = None
) -> dict[int, ProjectLight]:
    """{project id: light with its reasons} on the day; twelve queries, however many projects.

    With `rule_set` it judges every project of its population, whether in force or not (试算). A band that must hold for
    several ten-day periods asks the facts of each period before as well.
    """
    rules = RulesOfDay.on(as_of, rule_set)
    day = LightsOfDay(projects, as_of, looks_back=rules.looks_back)
    return {pk: day.explained(pk, rules) for pk in day.facts}


def colours_for(
    projects: QuerySet[Project], as_of: date, rule_set: LightRuleSet | None = None
) -> dict[int, Light]:
    """{project id: light} alone, for counting and picking: no sentence is written."""
    rules = RulesOfDay.on(as_of, rule_set)
    day = LightsOfDay(projects, as_of, looks_back=rules.looks_back)
    return {pk: day.colour(pk, rules) for pk in day.facts}


class LightsOfDay:
    """The facts of projects on a day, read once (当日事实), to be judged by whatever rules of that day."""

    def __init__(self, projects: QuerySet[Project], as_of: date, *, looks_back: int = 0) -> None:
        self.as_of = as_of
        self.facts = light_facts(projects, as_of)
        period = TenDayPeriod.containing(as_of)
        ends = [period.shift(-number).last_on for number in range(1, looks_back + 1)]
        self._before = [(light_facts(projects, day), day) for day in ends]
        self._exempted = _exemptions(projects, as_of)

    def colour(self, pk: int, rules: RulesOfDay) -> Light:
        """The project's light alone."""
        if pk in self._exempted:
            return self.explained(pk, rules).light
        facts = self.facts[pk]
        found = rules.of(facts.kind, facts.planned).rules
        return colour(facts, self.as_of, found, self._earlier(pk, found))

    def explained(self, pk: int, rules: RulesOfDay) -> ProjectLight:
        """The project's light, why, and by which rule set."""
        facts = self.facts[pk]
        applied = rules.of(facts.kind, facts.planned)
        reasons = _reasons(facts, self.as_of, applied.rules, self._earlier(pk, applied.rules))
        if exempted := self._exempted.get(pk):
            reasons = [_exempt(reason, exempted) for reason in reasons]
        light, shown = project_light(reasons, applied.rules.red_needs)
        return ProjectLight(light, shown, applied.pk, applied.rules.name)

    def _earlier(self, pk: int, rules: RuleSet) -> Earlier:
        if not rules.looks_back:
            return ()
        return [(facts[pk], day) for facts, day in self._before[: rules.looks_back] if pk in facts]


def judge(
    facts: LightFacts, as_of: date, rules: RuleSet = DEFAULT_RULES, earlier: Earlier = ()
) -> ProjectLight:
    """The light of one project from its facts."""
    light, shown = project_light(_reasons(facts, as_of, rules, earlier), rules.red_needs)
    return ProjectLight(light, shown, rule_name=rules.name)


def _reasons(facts: LightFacts, day: date, rules: RuleSet, earlier: Earlier) -> list[LightReason | None]:
    past: dict[LightGauge, list[Value]] = defaultdict(list)
    if earlier:
        past |= {gauge: [read(*one) for one in earlier] for gauge, read in READERS.items()}
    judged, share, gap = rules.limits, LightGauge.SHARE_OF_PRO_RATA, LightGauge.POINTS_BEHIND
    statistics = (facts.started_on, facts.entered_statistics_on, day)
    milestone, problem = _days_over(facts.milestone_due_on, day), _days_over(facts.problem_due_on, day)
    return [
        rules.start_light(facts.start_due_on, facts.started_on, day, past[LightGauge.MONTHS_DUE]),
        rules.progress_light(facts.gap_points, past[gap]) if gap in judged else None,
        rules.share_light(facts.share_of_pro_rata, past[share]) if share in judged else None,
        rules.statistics_light(
            *statistics, past[LightGauge.MONTHS_UNREGISTERED], undated=facts.statistics_undated
        ),
        rules.milestone_light(milestone, earlier=past[LightGauge.MILESTONE_DAYS]),
        rules.problem_light(problem, past[LightGauge.PROBLEM_DAYS]),
        rules.report_light(facts.missing_reports, past[LightGauge.PERIODS_MISSING]),
    ]


def colour(facts: LightFacts, as_of: date, rules: RuleSet = DEFAULT_RULES, earlier: Earlier = ()) -> Light:
    """The light of judge() without its reasons; nothing more is asked once enough dimensions are red."""
    reds = yellows = 0
    for gauge, read, mildest in _questions(rules):
        value = read(facts, as_of)
        if value is None or gauge.badness(value) < mildest:
            continue  # most are green: no band is looked at
        before = [read(*one) for one in earlier] if earlier else ()
        light = rules.light(gauge, value, before)
        if light is Light.RED:
            reds += 1
            if reds >= rules.red_needs:
                return light
        elif light is Light.YELLOW:
            yellows += 1
    return Light.YELLOW if reds or yellows else Light.GREEN


@lru_cache(maxsize=32)
def _questions(rules: RuleSet) -> tuple[tuple[LightGauge, Reader, int], ...]:
    """(gauge, its reader, where its mildest band begins), the cheapest first."""
    return tuple(
        (gauge, read, min(limit.reach for limit in rules.limits[gauge]))
        for gauge, read in READERS.items()
        if gauge in rules.limits
    )


def _exemptions(projects: QuerySet[Project], as_of: date) -> dict[int, dict[str, tuple[str, date]]]:
    """{project id: {dimension, "" for all: (reason, until)}} of the exemptions in force; the one that ends last."""
    rows = LightExemption.objects.in_force(as_of).filter(project__in=projects).order_by("until_on")
    found: dict[int, dict[str, tuple[str, date]]] = defaultdict(dict)
    for project, dimension, why, until_on in rows.values_list("project", "dimension", "reason", "until_on"):
        found[project][dimension] = (why, until_on)
    return found


def _exempt(reason: LightReason | None, exempted: dict[str, tuple[str, date]]) -> LightReason | None:
    """A yellow or red finding under an exemption of its dimension or of all; what is in order needs none."""
    if reason is None or reason.light not in {Light.YELLOW, Light.RED}:
        return reason
    found = exempted.get(reason.dimension) or exempted.get("")
    return reason.exempt(why=found[0], until=found[1]) if found else reason


def _days_over(due_on: date | None, as_of: date) -> int | None:
    return None if due_on is None else overdue_days(due_on, as_of)


class YearPlan(NamedTuple):
    """What the highest list of the year says of a project, and the day by which it is to start."""

    annual_list: int
    kind: int | None
    planned: Decimal
    start_on: date | None = None


NO_PLAN = YearPlan(0, None, Decimal(0))


def light_facts(projects: QuerySet[Project], as_of: date) -> dict[int, LightFacts]:
    """{project id: facts} on the day: the plan of its highest list, confirmed investment, what is overdue.

    Each fact is one set-based answer over the projects, put together here.
    """
    clock = ReportingClock.current()
    last_due = clock.last_due(as_of)
    missing_periods = cache(partial(clock.missing_periods, last_due))  # few dates, asked of every project
    pro_rata = _pro_rata_shares(projects, as_of)
    plans = _plans(projects, as_of)
    milestones = _earliest(milestones_driven(as_of, projects).overdue(as_of), "plan__project", projects)
    problems = _earliest(Problem.objects.overdue(as_of), "project", projects)
    facts = {}
    for row in _rows(projects, last_due.last_on, as_of):
        pk, state, started_on, entered_on, stated_on, in_production_on, from_on, invested, reported_on = row
        undated = entered_on is None
        entered_on = stated_on if undated else entered_on
        missing = 0
        if state == Project.State.ACTIVE and not _reached(in_production_on, last_due.last_on):
            missing = missing_periods(from_on, reported_on)
        plan = plans.get(pk, NO_PLAN)
        facts[pk] = LightFacts(
            plan.planned,
            invested or Decimal(0),
            pro_rata(pk, plan),
            plan.start_on is not None,
            plan.start_on,
            started_on if _reached(started_on, as_of) else None,
            entered_on if _reached(entered_on, as_of) else None,
            in_production_on if _reached(in_production_on, as_of) else None,
            milestones.get(pk),
            problems.get(pk),
            missing,
            plan.kind,
            undated,
        )
    return facts


def _pro_rata_shares(projects: QuerySet[Project], as_of: date) -> Callable[[int, YearPlan], Fraction]:
    """序时 of a project (by its id and plan) on the day, by the baseline of its highest list; none without a list."""
    baselines = baselines_of_year(as_of.year)
    shares = {pk: rule.share(as_of, as_of.year) for pk, rule in baselines.items()}
    own = own_plan_shares(projects, as_of, baselines)
    return lambda project, plan: own.get(
        (project, plan.annual_list), shares.get(plan.annual_list, Fraction(0))
    )


def _rows(projects: QuerySet[Project], last_due_on: date, as_of: date) -> Iterator[tuple]:
    """Dates of fact of each project, its confirmed investment, and the last period reported of those due."""
    handed_in = (
        ProgressReport.objects.handed_in_by(as_of)
        .filter(project=OuterRef("pk"), period_ends_on__lte=last_due_on)
        .order_by("-period_ends_on")
    )
    invested = ProgressReport.objects.latest_for("pk", year=as_of.year, as_of=as_of)
    return (
        projects.order_by()
        .annotate(
            invested=Coalesce(reading_on(as_of), Subquery(invested.values("invested_this_year")[:1])),
            last_reported_on=Subquery(handed_in.values("period_ends_on")[:1]),
            state_then=state_on(as_of),
        )
        .values_list(
            "pk",
            "state_then",
            "started_on",
            "entered_statistics_on",
            "statistics_stated_on",
            "in_production_on",
            "reports_from_on",
            "invested",
            "last_reported_on",
        )
        .iterator(chunk_size=2000)
    )


def _plans(projects: QuerySet[Project], as_of: date) -> dict[int, YearPlan]:
    """{project id: plan of its highest list of the year in force on the day} (省级 before 市级), chosen as the ledger does.

    The start is the earliest planned by any of its lists; of a project that is in none of the year's lists yet, what an
    earlier list had due and was missed.
    """
    rows = (
        ListingVersion.objects.owed(as_of, "planned_start_on")
        .filter(listing__project__in=projects)
        .annotate(is_counted=ExpressionWrapper(counts_at_level(as_of), output_field=BooleanField()))
        .order_by("is_counted", "-listing__annual_list__kind__position")
        .values_list(
            "listing__annual_list__year",
            "listing__project__started_on",
            "category",
            "planned_start_on",
            "listing__project",
            "listing__annual_list",
            "listing__annual_list__kind",
            "planned_investment",
        )
    )
    found: dict[int, YearPlan] = {}
    for year, started_on, category, start_on, project, annual_list, kind, planned in rows:
        before = found.get(project, NO_PLAN)
        done_then = year < as_of.year and started_on is not None and started_on.year <= year
        owes_start = category == "new_start" and not done_then
        starts = [day for day in (before.start_on, start_on if owes_start else None) if day]
        # of the year's own lists the highest comes last and stays
        kept = YearPlan(annual_list, kind, planned) if year == as_of.year else before
        found[project] = kept._replace(start_on=min(starts, default=None))
    return found


def _earliest(rows: QuerySet, project: str, projects: QuerySet[Project]) -> dict[int, date]:
    """{project id: earliest due day} of what is overdue: grouped once rather than asked project by project."""
    rows = rows.filter(**{f"{project}__in": projects}).order_by()
    return dict(rows.values_list(project).annotate(Min("due_on")))


def _reached(day: date | None, as_of: date) -> bool:
    return day is not None and day <= as_of
