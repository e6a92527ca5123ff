"""Who is told what by a scan, by docs/rules.md §10: the ladder of working days, each step once, one message a person."""

from dataclasses import dataclass, field
from datetime import date

from .days import working_days
from .facts import Person, Project, Since, World, on
from .findings import Finding, findings, permit_runs

BEFORE = (-7, -3, -1)  # working days left: the reporter
AFTER = {  # working days late: whom
    1: ("reporter", "unit_head"),
    3: ("district", "service_officer"),
    7: ("sponsor",),
    15: ("office", "inspector"),
}
OWN_NOTICE = 0  # a permit's own notice ahead
Key = tuple[str, str]
Told = tuple[str, str, int, str]  # kind, subject, the highest step reached, who


@dataclass
class Ladder:
    """What the scans so far have opened and told: memory of a run of days."""

    open: dict[Key, set[int]] = field(default_factory=dict)  # alerts that stand, with their steps taken
    exempt: list[Since[dict[Key, date]]] = field(
        default_factory=list
    )  # after each scan: of those that stand, until when
    reminded: set[tuple[str, date, int]] = field(default_factory=set)

    def scan(self, world: World, day: date) -> set[Told]:
        """The messages of a scan at the end of a day; run again it tells nothing."""
        told: set[Told] = set()
        late = {one.key: one for one in findings(world, day, day)}
        self.open = {key: self.open.get(key, set()) for key in late}  # a cause gone closes its alert
        self._exempt(world, day)
        for key, one in late.items():
            if key in self.exempt_on(day):
                continue
            days = working_days(one.due_on, day)
            reached = [step for step in AFTER if step <= days and step not in self.open[key]]
            self.open[key].update(reached)
            self._tell(told, world, day, one, reached, {step: AFTER[step] for step in reached})
        for one, notice_days in soon(world, day):
            reached = [step for step in BEFORE if working_days(day, one.due_on) <= -step]
            if notice_days and (one.due_on - day).days <= notice_days:
                reached.insert(0, OWN_NOTICE)
            reached = [step for step in reached if (one.subject, one.due_on, step) not in self.reminded]
            self.reminded |= {(one.subject, one.due_on, step) for step in reached}
            self._tell(told, world, day, one, reached, dict.fromkeys(reached, ("reporter",)))
        return told

    def _exempt(self, world: World, day: date) -> None:
        """An exemption begins on its day, of an alert that stands, and ends with it; its last day still counts."""
        begun = {(one.kind, one.subject): one.until_on for one in world.exemptions if one.from_on == day}
        kept = {**self.exempt_on(day), **begun}
        standing = {key: until for key, until in kept.items() if key in self.open}
        self.exempt.append(Since(day, standing))

    def exempt_on(self, day: date) -> dict[Key, date]:
        """What is exempt on a day: as the last scan by then left it."""
        return {key: until for key, until in (on(day, self.exempt) or {}).items() if until >= day}

    def _tell(
        self, told: set[Told], world: World, day: date, one: Finding, reached: list[int], roles: dict
    ) -> None:
        """Everybody of the steps reached at once hears the last of them."""
        for step in reached:
            for person in world.people:
                if any(
                    answers(person, role, world.projects[one.project], one.unit, day) for role in roles[step]
                ):
                    told.add((one.kind, one.subject, reached[-1], person.name))


def answers(person: Person, role: str, project: Project, unit: str | None, day: date) -> bool:
    """Whether the person is told in that capacity: reporters and heads of the unit that owes the next step and of
    the lead department, the district's reporters, the sponsor, all of the office and of the inspectors."""
    if role == "district":
        return person.role == "reporter" and person.of == project.holder("host_district", day)
    if person.role != role:
        return False
    if role in {"reporter", "unit_head"}:
        return person.of in {unit, project.holder("lead_department", day)}
    if role == "sponsor":
        return person.of == project.holder("sponsor", day)
    if role == "service_officer":
        return person.of == project.name
    return True


def soon(world: World, day: date) -> list[tuple[Finding, int]]:
    """What may fall due: open milestones and permits of projects driven forward, not yet past their day."""
    found = []
    for project in world.projects.values():
        if not project.is_driven(day):
            continue
        lead = project.holder("lead_department", day)
        for milestone in project.milestones:
            due_on = on(day, milestone.due)
            is_open = milestone.achieved_on is None or milestone.achieved_on > day
            if due_on is not None and due_on >= day and is_open:
                subject = f"milestone:{project.name}/{milestone.name}"
                found.append(
                    (Finding("due_soon", subject, project.name, milestone.unit or lead, due_on, 0), 0)
                )
        for permit in project.permits:
            if permit.valid_until_on >= day and permit_runs(project, permit, day, day):
                subject = f"permit:{project.name}/{permit.number}"
                one = Finding("permit_due_soon", subject, project.name, lead, permit.valid_until_on, 0)
                found.append((one, permit.notice_days))
    return found
