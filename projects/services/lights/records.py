"""Light records (亮灯记录): the light every project closed a ten-day period with, kept as it was seen.

What is corrected, moved or exempted later changes the light of a past day when it is asked again, never its record.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from projects.figures.lights.history import as_recorded
from projects.figures.lights.judging import ProjectLight, lights_for
from projects.models import ENDED_STATES, LightRecord, ProgressReport, Project
from projects.models.projects import state_on
from projects.periods import TenDayPeriod
from projects.queries.reports.owing import ReportingClock
from projects.rules import Light

AT_ONCE = 2000  # projects whose lights are held in memory together


@dataclass(frozen=True)
class RecordedPeriod:
    """A period that got records in this run: how many projects closed it with each light."""

    period: TenDayPeriod
    lights: Counter[Light]

    @property
    def projects(self) -> int:
        return self.lights.total()


def record_lights(*, as_of: date, now: datetime, since: TenDayPeriod | None = None) -> list[RecordedPeriod]:
    """Record the lights of every period whose reporting window has closed by the day (记录亮灯), as of its last day.

    A project is recorded from the period on in which its ten-day reports begin, for before it nobody looked at a light.
    Periods missed (downtime) are caught up, back to the year of the latest record. `since` asks for more (补记): the
    periods from it on, of projects whose investment was known by then. Run again it finds nothing to do. No actor:
    recorded_at is its trace. Refuses a day to come. Commits as it goes; a run cut short is finished by the next.
    """
    if as_of > timezone.localdate(now):
        raise ValidationError(f"{as_of.isoformat()}尚未到来，不能记录亮灯。")
    last = ReportingClock.current().last_due(as_of)
    period = since or TenDayPeriod(_first_year(last), 1, 1)
    done = []
    while period <= last:
        if lights := _record(period, now, backfill=since is not None):
            done.append(RecordedPeriod(period, lights))
        period = period.next()
    return done


def _first_year(last: TenDayPeriod) -> int:
    """The year of the latest record up to the period, or its own where there is none."""
    earlier = LightRecord.objects.filter(period_ends_on__lte=last.last_on).order_by("-period_ends_on")
    found = earlier.values_list("period_ends_on", flat=True).first()
    return found.year if found else last.year


def _record(period: TenDayPeriod, now: datetime, *, backfill: bool) -> Counter[Light]:
    """Records of the projects that lack one for the period, in slices of AT_ONCE; how many of each light."""
    day = period.last_on
    missing = dict(_without_record(day, backfill).values_list("pk", "reports_from_on"))
    lights: Counter[Light] = Counter()
    for pks in _slices(sorted(missing)):
        # the slice as a range of keys, so that no list of keys enters the queries
        found = lights_for(Project.objects.filter(pk__gte=pks[0], pk__lte=pks[-1]), day)
        records = [
            _of(pk, as_recorded(found[pk], followed=missing[pk] <= day), day, now)
            for pk in pks
            if pk in found
        ]
        LightRecord.objects.bulk_create(records, batch_size=500, ignore_conflicts=True)
        lights.update(Light(record.light) for record in records)
    return lights


def _of(pk: int, light: ProjectLight, day: date, now: datetime) -> LightRecord:
    return LightRecord(
        project_id=pk,
        period_ends_on=day,
        light=light.light,
        reasons=[
            {"dimension": reason.dimension, "light": reason.light, "sentence": reason.sentence}
            for reason in light.reasons
        ],
        rule_set_id=light.rule_set_id,  # the default rules are no rule set of the office
        recorded_at=now,
    )


def _without_record(day: date, backfill: bool) -> QuerySet[Project]:
    """Projects that owe a record for the period ending on the day and have none: begun and not ended by then."""
    begun = Q(reports_from_on__lte=day)
    if backfill:
        reported = ProgressReport.objects.of_basis("confirmed").filter(project=OuterRef("pk"))
        begun |= Q(Exists(reported.up_to(day).filter(period_ends_on__year=day.year)))
    recorded = LightRecord.objects.filter(project=OuterRef("pk"), period_ends_on=day)
    return (
        Project.objects.alias(state_then=state_on(day))
        .filter(begun, ~Exists(recorded))
        .exclude(state_then__in=ENDED_STATES)
    )


def _slices(pks: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(pks), AT_ONCE):
        yield pks[start : start + AT_ONCE]
