"""What a scan would do on a day (预警预演): alerts to open and close, steps reached, who is told what and why.

Reading only. services.alerts carries a plan out; a rehearsal prints it.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Max

from projects.models import Alert, AlertKind, AlertStep, DueReminder, EscalationStep, Project, User
from projects.periods import WorkingCalendar, due_words

from ..base.audience import Audience, Audiences
from ..base.calendar import working_calendar
from .due_soon import SOON_WORDS, DueSoon, due_soon
from .findings import NEXT_STEPS, Finding, findings

KIND_WORDS = {**dict(AlertKind.choices), **SOON_WORDS}


@dataclass(frozen=True)
class LetterLine:
    """One matter in one person's message: what, since when, by which step and why this person, what stops it."""

    key: str
    project: Project
    kind: str
    title: str
    due_on: date
    days_late: int
    step: str
    why: str
    next_step: str
    as_of: date

    @property
    def kind_words(self) -> str:
        return KIND_WORDS[self.kind]

    @property
    def is_late(self) -> bool:
        """Late, or due soon (临期)."""
        return self.kind not in SOON_WORDS

    @property
    def when(self) -> str:
        return due_words(self.due_on, self.as_of)

    def as_row(self) -> dict:
        """For the notice's list and the attached sheet; plain values."""
        return {
            "project": self.project.name,
            "code": self.project.code,
            "kind": self.kind_words,
            "title": self.title,
            "due_on": self.due_on.isoformat(),
            "when": self.when,
            "step": self.step,
            "why": self.why,
            "next": self.next_step,
        }


@dataclass(frozen=True)
class Digest:
    """One person's message of a run (每人一份): lines grouped by project, the longest overdue first."""

    recipient: User
    lines: tuple[LetterLine, ...]

    def as_json(self) -> dict:
        return {
            "to": self.recipient.full_name,
            "username": self.recipient.username,
            "email": self.recipient.email,
            "lines": [line.as_row() for line in self.lines],
        }


@dataclass
class ScanPlan:
    """Everything a scan of a day would write. `is_past`: a later day was scanned already, so nothing is left to do."""

    as_of: date
    is_past: bool = False
    opened: list[Alert] = field(default_factory=list)
    changed: list[Alert] = field(default_factory=list)
    closed: list[Alert] = field(default_factory=list)
    steps: list[AlertStep] = field(default_factory=list)
    reminders: list[DueReminder] = field(default_factory=list)
    digests: list[Digest] = field(default_factory=list)


def last_scanned_on() -> date | None:
    """The latest day a scan has left its mark on; None before the first."""
    days = [
        Alert.objects.aggregate(day=Max("opened_on"))["day"],
        Alert.objects.aggregate(day=Max("closed_on"))["day"],
        AlertStep.objects.aggregate(day=Max("reached_on"))["day"],
        DueReminder.objects.aggregate(day=Max("reached_on"))["day"],
    ]
    return max((day for day in days if day), default=None)


def plan_scan(as_of: date) -> ScanPlan:
    """Compare what is late on the day with the open alerts and walk the ladder. A constant number of queries,
    and one more for each person told."""
    plan = ScanPlan(as_of)
    last = last_scanned_on()
    if last is not None and as_of < last:
        plan.is_past = True
        return plan
    standing = _compare(plan)
    told = _Told(as_of, Audiences.on(as_of))
    calendar = working_calendar()
    ladder = list(EscalationStep.objects.filter(is_active=True))
    _escalate(plan, standing, [step for step in ladder if step.working_days > 0], calendar, told)
    _remind(plan, [step for step in ladder if step.working_days < 0], calendar, told)
    plan.digests = told.digests()
    return plan


def _compare(plan: ScanPlan) -> list[Alert]:
    """Fill opened, changed and closed; answer the alerts that stand after the run."""
    found: dict[tuple[str, str], Finding] = {item.key: item for item in findings(plan.as_of)}
    projects = Project.objects.in_bulk({item.project_id for item in found.values()})
    standing = []
    for alert in Alert.objects.open().select_related("project"):
        item = found.pop((alert.kind, alert.subject), None)
        if item is None:
            alert.closed_on = plan.as_of
            plan.closed.append(alert)
            continue
        if (alert.title, alert.due_on, alert.unit_id) != (item.title, item.due_on, item.unit_id):
            alert.title, alert.due_on, alert.unit_id = item.title, item.due_on, item.unit_id
            plan.changed.append(alert)
        standing.append(alert)
    for item in found.values():
        alert = Alert(
            kind=item.kind,
            subject=item.subject,
            project=projects[item.project_id],
            unit_id=item.unit_id,
            title=item.title,
            due_on=item.due_on,
            opened_on=plan.as_of,
        )
        plan.opened.append(alert)
        standing.append(alert)
    return standing


def _escalate(
    plan: ScanPlan,
    standing: list[Alert],
    ladder: Sequence[EscalationStep],
    calendar: WorkingCalendar,
    told: "_Told",
) -> None:
    """Steps reached for the first time; several at once (停机补扫) are all recorded, everybody told hears the highest."""
    done: dict[int, set[int]] = defaultdict(set)
    taken = AlertStep.objects.filter(alert__closed_on__isnull=True)
    for pk, working_days in taken.values_list("alert", "working_days"):
        done[pk].add(working_days)
    exempt = set(Alert.objects.exempt_on(plan.as_of).values_list("pk", flat=True))
    for alert in standing:
        if alert.pk in exempt:
            continue
        late = calendar.count(alert.due_on, plan.as_of)
        reached = [
            StepReached(step.working_days, tuple(step.roles), f"逾期满{step.working_days}个工作日")
            for step in ladder
            if step.working_days <= late and step.working_days not in done[alert.pk]
        ]
        for step in reached:
            plan.steps.append(AlertStep(alert=alert, working_days=step.working_days, reached_on=plan.as_of))
        told.of_alert(alert, reached)


def _remind(
    plan: ScanPlan, ladder: Sequence[EscalationStep], calendar: WorkingCalendar, told: "_Told"
) -> None:
    """What is due soon (临期): each step before the due date once for each due date, whatever it is that is due."""
    as_of = plan.as_of
    furthest = -min((step.working_days for step in ladder), default=0)
    # a day off that follows the last of these working days is as many working days away as it is
    until = calendar.shift(as_of, furthest + 1) - timedelta(days=1)
    done = set(DueReminder.objects.filter(due_on__gte=as_of).values_list("subject", "due_on", "working_days"))
    for item in due_soon(as_of, until):
        left = calendar.count(as_of, item.due_on)
        reached = [
            StepReached(step.working_days, tuple(step.roles), f"距到期不超过{-step.working_days}个工作日")
            for step in ladder
            if left <= -step.working_days
        ]
        if item.lead_days and (item.due_on - as_of).days <= item.lead_days:
            words = f"距到期不超过{item.lead_days}天"
            reached.insert(0, StepReached(DueReminder.OWN_LEAD, (Audience.REPORTER,), words))
        reached = [step for step in reached if (item.subject, item.due_on, step.working_days) not in done]
        for step in reached:
            plan.reminders.append(
                DueReminder(
                    subject=item.subject,
                    due_on=item.due_on,
                    working_days=step.working_days,
                    reached_on=as_of,
                )
            )
        told.of_due_soon(item, reached)


@dataclass(frozen=True)
class StepReached:
    """A step reached: whom it tells, and its words."""

    working_days: int
    roles: tuple[str, ...]
    words: str


class _Told:
    """Collects who is told what, one message a person."""

    def __init__(self, as_of: date, audiences: Audiences):
        self.as_of = as_of
        self.audiences = audiences
        self.lines: dict[int, list[LetterLine]] = defaultdict(list)
        self.users: dict[int, User] = {}

    def of_alert(self, alert: Alert, reached: list[StepReached]) -> None:
        matter = {
            "key": f"{alert.kind}/{alert.subject}",
            "project": alert.project,
            "kind": alert.kind,
            "title": alert.title,
            "due_on": alert.due_on,
            "next_step": NEXT_STEPS[alert.kind],
        }
        self._tell(matter, reached, alert.unit_id)

    def of_due_soon(self, item: DueSoon, reached: list[StepReached]) -> None:
        matter = {
            "key": f"{item.kind}/{item.subject}",
            "project": item.project,
            "kind": item.kind,
            "title": item.title,
            "due_on": item.due_on,
            "next_step": item.next_step,
        }
        self._tell(matter, reached, item.unit_id)

    def _tell(self, matter: dict, reached: list[StepReached], unit_id: int | None) -> None:
        """Everybody of the steps reached, once, in the words of the last; the steps come in their order."""
        if not reached:
            return
        project, told = matter["project"], set()
        words = reached[-1].words
        for step in reached:
            for person in self.audiences.told(step.roles, project, unit_id):
                if person.user.pk not in told:
                    told.add(person.user.pk)
                    self._add(
                        person.user, LetterLine(**matter, **self._late(matter), step=words, why=person.why)
                    )
        needs_reporter = any(Audience.REPORTER in step.roles for step in reached)
        if needs_reporter and not self.audiences.has_reporter(project, unit_id):
            for person in self.audiences.told([Audience.OFFICE], project):
                if person.user.pk not in told:
                    why = "责任单位、推进部门均无填报员，请指定"
                    self._add(
                        person.user, LetterLine(**matter, **self._late(matter), step="无人可通知", why=why)
                    )

    def _late(self, matter: dict) -> dict:
        return {"as_of": self.as_of, "days_late": max(0, (self.as_of - matter["due_on"]).days)}

    def _add(self, user: User, line: LetterLine) -> None:
        self.users[user.pk] = user
        self.lines[user.pk].append(line)

    def digests(self) -> list[Digest]:
        """One message a person; projects by their longest overdue matter, lines within them by due day."""
        made = []
        for pk, lines in self.lines.items():
            worst = {
                line.project.pk: (line.due_on, line.project.pk)
                for line in sorted(lines, key=_by_due, reverse=True)
            }
            ordered = sorted(lines, key=lambda line: (worst[line.project.pk], line.due_on, line.key))
            made.append(Digest(self.users[pk], tuple(ordered)))
        return sorted(made, key=lambda digest: digest.recipient.username)


def _by_due(line: LetterLine) -> date:
    return line.due_on
