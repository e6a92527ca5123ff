"""Who has not reported (未报): of a period, unit by unit, what is owed, came in, came late, is missing, and whose it is."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from projects.models import HANDED_IN_STATES, Project, Unit, User
from projects.models.projects import ProjectQuerySet
from projects.periods import TenDayPeriod

from ..base.audience import Audiences
from .reports import ReportWindow, missing_reports, still_fillable
from .timeliness import with_report_of

WITHOUT_UNIT = "推进部门待明确"


@dataclass
class UnitReports:
    """One lead department's reports of a period; `people` are whom to ask, each once."""

    unit: Unit | None
    owed: int = 0
    handed_in: int = 0
    late: int = 0
    missing: list[Project] = field(default_factory=list)
    people: list[User] = field(default_factory=list)
    shows_phones: bool = False

    @property
    def name(self) -> str:
        return str(self.unit) if self.unit else WITHOUT_UNIT


def unit_reports(projects: ProjectQuerySet, window: ReportWindow, *, user: User) -> list[UnitReports]:
    """The visible projects' reports of the window's period by lead department, most missing first.

    Late is what was handed in after its own window's due day. As many queries for one unit as for thirty.
    """
    rows = with_report_of(projects.reporting_on(window.period.last_on), window.period)
    found: dict[int | None, UnitReports] = {}
    for project in rows.select_related("lead_department").order_by("code"):
        row = found.setdefault(project.lead_department_id, UnitReports(project.lead_department))
        row.owed += 1
        if project.report_state not in HANDED_IN_STATES:
            row.missing.append(project)
            continue
        row.handed_in += 1
        moment = project.report_handed_in_at
        row.late += bool(moment and window.is_late(timezone.localdate(moment), project.pk))
    _add_people(found.values(), user)
    return sorted(found.values(), key=_most_missing_first)


def reporters_of(audiences: Audiences, project: Project) -> list[User]:
    """Who is to hand in a project's report: the lead department's reporters, without such the district's.

    A unit's reporters see its projects by the one rule, so nobody's sight is asked.
    """
    units = (project.lead_department_id, project.host_district_id)
    return next((list(found) for unit in units if (found := audiences.reporters(unit))), [])


@dataclass(frozen=True)
class Urging:
    """Whom an urging reaches (催报对象): each reporter with the projects owed, and the units nobody reports for."""

    owed: dict[int, list[Project]]
    people: dict[int, User]
    without: tuple[str, ...]


def urging_of(window: ReportWindow, day: date, *, units: Iterable[int] | None = None) -> Urging:
    """Everybody who owes a report of the period that may still be handed in; of the units given, or of all.

    For units only their own reporters are reached. A project that can no longer be filled urges nobody.
    """
    audiences = Audiences.on(day)
    wanted = None if units is None else set(units)
    missing = still_fillable(missing_reports(Project.objects.all(), window.period), window, day)
    owed: dict[int, list[Project]] = defaultdict(list)
    people: dict[int, User] = {}
    without: dict[str, None] = {}
    for project in missing.select_related("lead_department", "host_district").order_by("code"):
        mine = {project.lead_department_id, project.host_district_id}
        if wanted is not None and not mine & wanted:
            continue
        reporters = reporters_of(audiences, project)
        if not reporters:
            without[str(project.lead_department or WITHOUT_UNIT)] = None
        for person in reporters:
            if wanted is None or person.unit_ids & wanted:
                people[person.pk] = person
                owed[person.pk].append(project)
    return Urging(dict(owed), people, tuple(without))


def period_to_chase(day: date, projects: ProjectQuerySet) -> TenDayPeriod:
    """The period whose reports are chased on the day: the last one that has ended, due by now or in a few days.

    Where nothing was owed for it, because the projects are followed only since, the one that runs.
    """
    ended = TenDayPeriod.last_closed(day)
    return ended if projects.reporting_on(ended.last_on).exists() else ended.next()


def _most_missing_first(row: UnitReports) -> tuple:
    position = row.unit.position if row.unit else 0
    return (-len(row.missing), row.unit is None, position, row.name)


def _add_people(rows: Iterable[UnitReports], user: User) -> None:
    audiences = Audiences.current()
    for row in rows:
        found = {person.pk: person for project in row.missing for person in reporters_of(audiences, project)}
        row.people = list(found.values())
        row.shows_phones = user.is_office or (row.unit is not None and row.unit.pk in user.unit_ids)
