"""A person's own projects (我的项目) in short: light, investment against plan, next milestone, whom to call."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet, Subquery

from projects.figures.definitions import RATES
from projects.figures.lights.judging import ProjectLight, lights_for
from projects.models import Project, ProjectMember
from projects.money import Ratio
from projects.rules import Light

from ..alerts.findings import next_milestones
from ..problems.visits import visits_owed
from .ledger import with_plan_and_progress
from .responsibilities import once_each

SEVERITY = {Light.RED: 0, Light.YELLOW: 1, Light.EXEMPT: 2, Light.GREEN: 3}


@dataclass(frozen=True)
class Phone:
    """A number to call about a project (联系电话): who answers, and the number."""

    label: str
    number: str


@dataclass(frozen=True)
class MyProject:
    """One compact row; `phones` are filled only for those who work on the project."""

    project: Project
    light: ProjectLight | None
    planned: Decimal | None
    invested: Decimal | None
    next_milestone: str | None
    next_due_on: date | None
    owes_visit: bool
    phones: tuple[Phone, ...]

    @property
    def completion(self) -> Ratio:
        return RATES["investment_completion"].over(self.invested, self.planned)


def my_projects(projects: QuerySet[Project], *, as_of: date, with_phones: bool = False) -> list[MyProject]:
    """Compact rows of the projects, the worst light first. Constant queries, however many projects."""
    upcoming = next_milestones(as_of)
    # the ids alone pass through whatever joins chose them: a DISTINCT over the annotated rows would sort them whole
    plain = Project.objects.filter(pk__in=projects.order_by().values("pk"))
    rows: QuerySet[Any] = (
        with_plan_and_progress(plain, year=as_of.year, as_of=as_of)
        .annotate(
            next_milestone=Subquery(upcoming.values("name")[:1]),
            next_due_on=Subquery(upcoming.values("due_on")[:1]),
        )
        .select_related("sponsor", "lead_department", "host_district")
    )
    if with_phones:
        people = ProjectMember.objects.in_force(as_of).select_related("user", "unit")
        rows = rows.prefetch_related(Prefetch("members", people, to_attr="people_now"))
    lights = lights_for(plain, as_of)
    owing = set(visits_owed(plain, as_of=as_of).values_list("pk", flat=True))
    found = [
        MyProject(
            project=row,
            light=lights.get(row.pk),
            planned=row.planned,
            invested=row.invested,
            next_milestone=row.next_milestone,
            next_due_on=row.next_due_on,
            owes_visit=row.pk in owing,
            phones=_phones(row) if with_phones else (),
        )
        for row in rows
    ]
    far = as_of + timedelta(days=10_000)
    return sorted(
        found,
        key=lambda mine: (
            SEVERITY[mine.light.light] if mine.light else len(SEVERITY),
            mine.next_due_on or far,
            mine.project.code,
        ),
    )


def _phones(project: Any) -> tuple[Phone, ...]:
    """Lead department first, then district, then the further people; numbers nobody gave are left out."""
    found = [
        Phone(" ".join(filter(None, (slot, str(unit), unit.contact))), unit.phone)
        for slot, unit in (("推进部门", project.lead_department), ("属地", project.host_district))
        if unit is not None and unit.phone
    ]
    own = {project.lead_department_id, project.host_district_id}
    for member in once_each(project.people_now, own):
        number = (
            member.phone
            or (member.user.phone if member.user else "")
            or (member.unit.phone if member.unit else "")
        )
        if number:
            found.append(Phone(f"{member.get_kind_display()} {member}", number))
    return tuple(found)
