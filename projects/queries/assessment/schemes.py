"""Which schemes and rounds apply (考核方案与考核期查询)."""

import datetime as dt

from django.db.models import QuerySet

from projects.models import AssessmentRound, ScoringScheme
from projects.periods import EARLIEST
from projects.rules.scoring import MONTHS, PeriodKind, ScoredPeriod

YEARS_BACK = 3


def enforced_schemes() -> QuerySet[ScoringScheme]:
    """Schemes that were put in force, the superseded among them: what a round may be opened by."""
    return ScoringScheme.objects.exclude(state=ScoringScheme.State.DRAFT)


def scheme_in_force(period: ScoredPeriod, subject: str) -> ScoringScheme | None:
    """The scheme in force on the last day of a period (现行方案), superseded since or not. One query."""
    schemes = enforced_schemes().filter(year=period.year, subject=subject, effective_on__lte=period.last_on)
    return schemes.order_by("-effective_on", "-version").first()


def published_round(period: ScoredPeriod, subject: str) -> AssessmentRound | None:
    """The published assessment of a period, where there is one. One query."""
    return AssessmentRound.objects.filter(
        state=AssessmentRound.State.PUBLISHED,
        subject=subject,
        year=period.year,
        kind=period.kind.value,
        number=period.number,
    ).first()


def ended_periods(today: dt.date, year: int | None = None) -> list[ScoredPeriod]:
    """Quarters, halves and years that are over, the latest first: of one year, else of the last few."""
    years = [year] if year else range(today.year, max(today.year - YEARS_BACK, EARLIEST.year - 1), -1)
    found = [
        ScoredPeriod(one, kind, number)
        for one in years
        for kind in PeriodKind
        for number in range(1, 12 // MONTHS[kind] + 1)
    ]
    return sorted(
        (period for period in found if period.last_on < today),
        key=lambda period: period.last_on,
        reverse=True,
    )
