"""Targets and what was done (目标进度) by ten-day period, as of a day: per project, per group, in total.

A project's targets are those of its hand split in force on the day, else its plan at the shares of its list's baseline.
Done is the cumulative investment of confirmed reports up to the day; a project stands at its last report until the next.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Count, Exists, F, QuerySet, Sum, Value
from django.db.models.expressions import Combinable

from ...models import AnnualList, ListingVersion, PeriodTarget, ProgressReport, Project, TargetPlan
from ...money import round_half_up
from ...periods import TenDayPeriod
from ...rules.targets import ZERO, Pace, TargetCell, TargetLevel, TargetYear, split_by_shares
from ..baselines import baseline_of, baselines_of_year, split_amount, splits_of
from ..figures import TOTAL_NAME, group_labels
from ..population import DIMENSIONS, Rows, Scope
from .line import BY_LIST, PeriodDone, done_by_group, done_by_project


@dataclass(frozen=True)
class TargetRow:
    """A list, a group of a dimension or the total: its projects, their plan, and the year of their targets.

    The targets leave out the lists that nobody has reported on, which `leaves_out` names; the plan is of all.
    """

    label: str
    group_id: int | None
    scope: Scope
    projects: int
    planned: Decimal
    year: TargetYear
    leaves_out: tuple[str, ...] = ()

    @property
    def remark(self) -> str:
        return f"目标和完成不含尚无旬报的{'、'.join(self.leaves_out)}" if self.leaves_out else ""


def closed_periods(as_of: date, year: int) -> int:
    """How many periods of a plan year have ended by the close of a day."""
    if as_of.year != year:
        return TenDayPeriod.PER_YEAR if as_of.year > year else 0
    period = TenDayPeriod.last_closed(as_of)
    return period.index if period.year == year else 0


def target_rows(scope: Scope, by: str) -> list[TargetRow]:
    """Targets of each list (by="list") or each group of a dimension, in office order. Six queries at most.

    By a dimension each project counts once over the lists of the scope. A group's targets without a split are the cents
    of Σ planned × share, so that within the year they may differ by a cent from those of its parts; the year's do not.
    """
    labels = [(one.pk, one.name) for one in scope.annual_lists()] if by == BY_LIST else group_labels(by)
    found = _groups(scope, by)
    return [
        replace(found[pk], label=label, scope=_narrowed(scope, by, pk)) for pk, label in labels if pk in found
    ]


def target_total(scope: Scope) -> TargetRow:
    """The same over the whole scope, each project once. Four queries."""
    nothing = TargetRow(
        "", None, scope, 0, ZERO, target_year([ZERO] * TenDayPeriod.PER_YEAR, [], scope.as_of, scope.year)
    )
    return replace(_groups(scope, "").get(0, nothing), label=TOTAL_NAME, scope=scope)


def _narrowed(scope: Scope, by: str, pk: int | None) -> Scope:
    if by == BY_LIST:
        return replace(scope, lists=(pk,) if pk else ())
    return scope.within(by, "" if pk is None else str(pk))


def _groups(scope: Scope, by: str) -> dict[int | None, TargetRow]:
    """{group id: row}; by="" is one group, 0, of everything."""
    rows = (scope.versions() if by == BY_LIST else scope.once()).order_by()
    baselines = baselines_of_year(scope.year)
    shares = {pk: baseline.shares(scope.year) for pk, baseline in baselines.items()}
    projects: dict = defaultdict(int)
    planned: dict = defaultdict(Decimal)
    rest: dict = defaultdict(list)
    cells = list(
        rows.annotate(row_group=_group(by, scope, "listing"), is_split=Exists(splits_of(scope.cut_off, "listing")))
        .values("row_group", "is_split", "listing__annual_list", name=F("listing__annual_list__kind__name"))
        .annotate(number=Count("pk"), amount=Sum("planned_investment"), reported=Count("told"))
    )  # fmt: skip
    silent = set() if by == BY_LIST or scope.by else _silent(cells)
    leaves_out: dict = defaultdict(set)
    for cell in cells:
        group, amount = cell["row_group"], round_half_up(cell["amount"], 2)
        projects[group] += cell["number"]
        planned[group] += amount
        if cell["listing__annual_list"] in silent:
            leaves_out[group].add(cell["name"])
        elif not cell["is_split"]:
            rest[group].append((amount, shares[cell["listing__annual_list"]]))
    told = rows.exclude(listing__annual_list__in=silent) if silent else rows
    by_hand, done = _hand_splits(scope, told, by), done_by_group(scope, by)
    periods = TenDayPeriod.of_year(scope.year)
    found = {}
    for group, number in projects.items():
        sums = [
            round_half_up(sum(Fraction(amount) * one[place] for amount, one in rest[group]), 2)
            for place in range(TenDayPeriod.PER_YEAR)
        ]
        targets = [
            after - before + by_hand[group].get(period.last_on, ZERO)
            for period, before, after in zip(periods, [ZERO, *sums], sums, strict=False)
        ]
        year = target_year(targets, done.get(group, []), scope.as_of, scope.year)
        left_out = tuple(sorted(leaves_out[group]))
        found[group] = TargetRow("", group, scope, number, planned[group], year, left_out)
    return found


def _silent(cells: Iterable[dict[str, Any]]) -> set[int]:
    """The lists of which no project has a report; none where that is all of them: there is nothing to leave them out of."""
    reported = {cell["listing__annual_list"] for cell in cells if cell["reported"]}
    return {cell["listing__annual_list"] for cell in cells} - reported if reported else set()


def _group(by: str, scope: Scope, listing: str) -> Combinable:
    """Expression for the group's id; `listing` is the path from the queried row to its listing."""
    if not by:
        return Value(0)
    if by == BY_LIST:
        return F(f"{listing}__annual_list")
    return DIMENSIONS[by].group_of(scope.cut_off, f"{listing}__project")


def _hand_splits(scope: Scope, rows: Rows, by: str) -> dict[int | None, dict]:
    """{group id: {period's last day: Σ targets set by hand}}. One query."""
    targets = (
        PeriodTarget.objects.filter(
            plan__in=TargetPlan.objects.in_force(scope.cut_off).order_by(),
            plan__listing__in=rows.values("listing"),
        )
        .order_by()
        .annotate(row_group=_group(by, scope, "plan__listing"))
        .values_list("row_group", "period_ends_on")
        .annotate(Sum("amount"))
    )
    found: dict = defaultdict(dict)
    for group, ends_on, amount in targets:
        found[group][ends_on] = round_half_up(amount, 2)
    return found


def target_year(targets: Iterable[Decimal], done: Sequence[PeriodDone], as_of: date, year: int) -> TargetYear:
    """Targets and what was done by each period, as the rules read them.

    Before anybody reported the amount is not known; from then on a shortfall stays, whoever reports first afterwards.
    """
    closed = closed_periods(as_of, year)
    told = [one for one in done if one.is_reported]
    first = told[0] if told else None
    stood = {one.period.index: one.carried for one in done if first and one.period >= first.period}
    amounts = [stood.get(index) if index <= closed else None for index in range(1, TenDayPeriod.PER_YEAR + 1)]
    return TargetYear(
        tuple(targets), amounts, closed, done[-1].carried if told else None, begun=as_of.year >= year
    )


# --- per project ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ProjectTarget:
    """A project's plan in a list, what is done, and how far it is behind its targets (欠账)."""

    listing: int
    project: int
    annual_list: int
    planned: Decimal
    code: str
    name: str
    department: str
    invested: Decimal | None
    shortfall: Decimal | None
    split_total: Decimal | None

    @property
    def difference(self) -> Decimal:
        """What a hand split lacks of the plan in force, which was changed after it; 0 without one."""
        return ZERO if self.split_total is None else self.planned - self.split_total


def project_targets(scope: Scope, projects: QuerySet[Project] | None = None) -> list[ProjectTarget]:
    """Every project of the scope once, or those of `projects`, the furthest behind first. Two queries."""
    day, closed = scope.cut_off, closed_periods(scope.as_of, scope.year)
    until = TenDayPeriod.of_year(scope.year)[closed - 1].last_on if closed else None
    baselines = baselines_of_year(scope.year)
    shares = {pk: one.share(until, scope.year) if until else Fraction(0) for pk, one in baselines.items()}
    versions = scope.once() if projects is None else scope.once().filter(listing__project__in=projects)
    rows = versions.order_by().annotate(
        split_total=split_amount(day, date(scope.year, 12, 31), "listing"),
        split_due=split_amount(day, day, "listing"),
        is_reported=Exists(ProgressReport.objects.latest_for(
            "listing__project", year=scope.year, as_of=day, basis=scope.basis)),
    ).values_list(
        "listing", "listing__project", "listing__annual_list", "planned_investment", "listing__project__code",
        "listing__project__name", "listing__project__lead_department__name", "invested", "is_reported",
        "split_total", "split_due",
    )  # fmt: skip
    found = []
    for listing, project, annual_list, planned, code, name, *figures in rows:
        department, invested, is_reported, total, split_due = figures
        if total is None:
            due = round_half_up(Fraction(planned) * shares[annual_list], 2)
        else:
            total, due = round_half_up(total, 2), round_half_up(split_due or 0, 2)
        done = invested if is_reported else None
        behind = max(ZERO, due - invested) if is_reported or not closed else None
        ids = (listing, project, annual_list)
        found.append(ProjectTarget(*ids, planned, code, name, department or "", done, behind, total))
    return sorted(found, key=lambda row: (row.shortfall is None, -(row.shortfall or ZERO), row.code))


def listing_years(rows: Iterable[ProjectTarget], scope: Scope) -> dict[int, TargetYear]:
    """{listing id: year of its targets} of the rows of a page. Three queries."""
    rows = list(rows)
    splits = hand_splits([row.listing for row in rows], scope.cut_off)
    baselines = baselines_of_year(scope.year)
    done = done_by_project([row.project for row in rows], scope)
    return {
        row.listing: target_year(
            splits.get(row.listing) or split_by_shares(row.planned, baselines[row.annual_list].shares(scope.year)),
            done.get(row.project, []), scope.as_of, scope.year,
        )
        for row in rows
    }  # fmt: skip


@dataclass(frozen=True)
class ProjectYear:
    """What a project's page shows of its targets in one list (项目页目标进度)."""

    version: ListingVersion
    year: TargetYear
    split_total: Decimal | None
    baseline: str

    @property
    def difference(self) -> Decimal:
        """What a hand split lacks of the plan in force, which was changed after it; 0 without one."""
        return ZERO if self.split_total is None else self.version.planned_investment - self.split_total

    @property
    def gap(self) -> Decimal:
        return abs(self.difference)

    @property
    def cells(self) -> list[TargetCell]:
        """The current cell of each level, from the smallest."""
        return [self.year.current(level) for level in TargetLevel]

    @property
    def paces(self) -> list[Pace]:
        """What is required to the end of the running month, quarter and year; none when the year is over."""
        levels = [level for level in TargetLevel if level is not TargetLevel.TEN_DAY]
        return [pace for level in levels if (pace := self.year.pace(level))]


def project_years(versions: Iterable[ListingVersion], as_of: date) -> list[ProjectYear]:
    """A project's targets in each of the lists of as_of's year, by the versions in force. Three queries."""
    versions = list(versions)
    splits = hand_splits([version.listing_id for version in versions], as_of)
    projects = {version.listing.project_id for version in versions}
    done = done_by_project(projects, Scope(as_of, as_of.year))
    found = []
    for version in versions:
        baseline, split = baseline_of(version.listing.annual_list), splits.get(version.listing_id)
        targets = split or split_by_shares(version.planned_investment, baseline.shares(as_of.year))
        year = target_year(targets, done.get(version.listing.project_id, []), as_of, as_of.year)
        found.append(ProjectYear(version, year, sum(split, ZERO) if split else None, baseline.label))
    return found


def hand_splits(listings: Iterable[int], day: date) -> dict[int, list[Decimal]]:
    """{listing id: its 36 targets} of those split by hand, as in force on the day. One query."""
    targets = PeriodTarget.objects.filter(
        plan__in=TargetPlan.objects.in_force(day).filter(listing__in=list(listings)).order_by()
    ).order_by()
    found: dict[int, list[Decimal]] = {}
    for listing, ends_on, amount in targets.values_list("plan__listing", "period_ends_on", "amount"):
        split = found.setdefault(listing, [ZERO] * TenDayPeriod.PER_YEAR)
        split[TenDayPeriod.ending_on(ends_on).index - 1] = amount
    return found


def targets_in_force(version: ListingVersion, annual_list: AnnualList, day: date) -> tuple[Decimal, ...]:
    """The 36 targets of a listing on the day: its split by hand, else its plan by the list's baseline. One query."""
    split = hand_splits([version.listing_id], day).get(version.listing_id)
    shares = baseline_of(annual_list).shares(annual_list.year)
    return tuple(split or split_by_shares(version.planned_investment, shares))
