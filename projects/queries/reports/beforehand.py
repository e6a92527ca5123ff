"""What is known of a project before a period's report is filled (填报前已知): the last reports, plan, earlier investment.

For any number of projects at once, so that a unit's whole period can stand on one screen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Max, OuterRef, Subquery

from projects import rules
from projects.models import (
    HANDED_IN_STATES,
    PENDING_STATES,
    CarryOver,
    ListingVersion,
    ProgressReport,
    Project,
)
from projects.periods import TenDayPeriod


@dataclass(frozen=True)
class Beforehand:
    """What the record says of one project before its report of `period`; amounts in 万元.

    `latest` is the last report handed in before, of any year; `claimed` the dates of fact that reports of other
    periods claim and nobody has confirmed; `carried` the investment before a year, by year, where somebody stated it.
    """

    period: TenDayPeriod
    latest: ProgressReport | None = None
    two_months_ago: ProgressReport | None = None
    planned_investment: Decimal | None = None
    claimed: Mapping[str, date] = field(default_factory=dict)
    carried: Mapping[int, Decimal] = field(default_factory=dict)

    @property
    def last(self) -> ProgressReport | None:
        """The last report of the same year (上期旬报)."""
        return self.latest if self.latest and self.latest.period.year == self.period.year else None

    @property
    def invested_before(self) -> Decimal | None:
        """Investment before the period's year (至上年底累计): as stated, else as the last report implies it."""
        stated, latest = self.carried.get(self.period.year), self.latest
        if stated is not None or latest is None:
            return stated
        if latest.period.year < self.period.year:  # all that was done by then was done before this year
            return self._to_date(latest)
        if latest.invested_to_date is None or latest.invested_this_year is None:
            return None
        implied = latest.invested_to_date - latest.invested_this_year
        return implied if implied >= 0 else None

    def to_date(self, invested_this_year: Decimal | None) -> Decimal | None:
        """自开工累计 that follows from the year's amount; None where it cannot be worked out."""
        base = self.invested_before
        return None if base is None or invested_this_year is None else base + invested_this_year

    def _to_date(self, latest: ProgressReport) -> Decimal | None:
        """自开工累计 of an earlier year's report: as it says, else what stood before its year and the year's amount."""
        if latest.invested_to_date is not None or latest.invested_this_year is None:
            return latest.invested_to_date
        before = self.carried.get(latest.period.year)
        return None if before is None else before + latest.invested_this_year


def known_beforehand(
    projects: Iterable[Project], period: TenDayPeriod, *, to_judge: bool = True
) -> dict[int, Beforehand]:
    """What is known of each project before the period, by project id, for any number of projects.

    Five queries; two where nothing is to be judged, only shown and worked out (the last report, earlier investment).
    """
    keys = [project.pk for project in projects]
    latest = _latest_before(keys, period)
    older = _latest_before(keys, period.shift(1 - rules.STALLED_PERIODS)) if to_judge else {}
    plans, claimed = (_plans(keys, period), _claimed(keys, period)) if to_judge else ({}, {})
    years = {period.year} | {report.period.year for report in latest.values()}
    carried: dict[int, dict[int, Decimal]] = {}
    for row in CarryOver.objects.filter(project__in=keys, year__in=years):
        carried.setdefault(row.project_id, {})[row.year] = row.amount
    return {
        key: Beforehand(
            period,
            latest.get(key),
            older.get(key),
            plans.get(key),
            claimed.get(key, {}),
            carried.get(key, {}),
        )
        for key in keys
    }


def beforehand_of(project: Project, period: TenDayPeriod, *, to_judge: bool = True) -> Beforehand:
    """What is known of one project before the period; queries as `known_beforehand`."""
    return known_beforehand([project], period, to_judge=to_judge)[project.pk]


def _latest_before(keys: list[int], period: TenDayPeriod) -> dict[int, ProgressReport]:
    handed_in = ProgressReport.objects.filter(state__in=HANDED_IN_STATES, period_ends_on__lt=period.last_on)
    newest = handed_in.filter(project=OuterRef("project")).order_by("-period_ends_on").values("pk")[:1]
    found = handed_in.filter(project__in=keys, pk=Subquery(newest))
    return {report.project_id: report for report in found}


def _plans(keys: list[int], period: TenDayPeriod) -> dict[int, Decimal | None]:
    """The year's planned investment in force on the period's last day; the largest where lists differ."""
    versions = ListingVersion.objects.in_force(period.last_on)
    of_year = versions.filter(listing__project__in=keys, listing__annual_list__year=period.year)
    return dict(
        of_year.order_by().values_list("listing__project").annotate(largest=Max("planned_investment"))
    )


def _claimed(keys: list[int], period: TenDayPeriod) -> dict[int, dict[str, date]]:
    waiting = ProgressReport.objects.filter(project__in=keys, state__in=PENDING_STATES)
    told = waiting.exclude(period_ends_on=period.last_on).order_by("-period_ends_on")
    found: dict[int, dict[str, date]] = {}
    for project, facts in told.values_list("project", "reported_facts"):
        of_project = found.setdefault(project, {})
        of_project |= {name: date.fromisoformat(day) for name, day in facts.items()}
    return found
