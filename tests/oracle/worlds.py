"""Small random worlds (随机情景): what happens over seventy days, as facts and as events to be played elsewhere.

Ten projects in two lists, three units, two leaders. Reports come in time, late or not at all, are returned and come
again; dates are moved, holders change, problems are settled and reopened, works stop and go on, lists are adjusted, a
project joins a package, permits lapse and are renewed, dates of fact are corrected.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from .days import ONE_DAY, end_before, is_working, next_end, period_end, periods_closed, report_due, span
from .facts import (
    Entry,
    Exemption,
    Milestone,
    Permit,
    Person,
    Problem,
    Project,
    Round,
    Since,
    World,
    YearList,
    on,
)
from .findings import findings, is_handed_in

DAYS = 70
PACKAGE = "打包项目"
UNITS = {"建设局": "department", "工信局": "department", "高新镇": "district"}
LEADERS = ("领导甲", "领导乙")
NEVER = date(2022, 1, 1)  # before anything is asked


@dataclass(frozen=True)
class Event:
    """Something done on a day: a verb of `playing.Play` and what it is told."""

    day: date
    verb: str
    said: dict[str, Any]


@dataclass
class Story:
    """A world and the events that made it. `first_on` decides which holidays, or which New Year, it meets;
    `joins_after` is the day on which a project joins a package."""

    seed: int
    first_on: date
    joins_after: int = 0
    days: int = DAYS
    world: World = field(init=False)
    events: list[Event] = field(default_factory=list)
    day: date = field(init=False)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self.world = World(self.first_on, self.first_on + timedelta(days=self.days - 1))
        self.later: dict[date, list[Callable[[], None]]] = defaultdict(list)
        self.day = self.first_on
        _people(self)
        _projects(self)
        for day in span(self.first_on, self.world.last_on):
            self.day = day
            for act in self.later[day]:
                act()
            _reports(self)

    def tell(self, verb: str, **said: Any) -> None:
        self.events.append(Event(self.day, verb, said))

    def on_day(self, day: date, act: Callable[[], None]) -> None:
        """Do something on a day to come; what falls outside the story never happens."""
        if day > self.day or day == self.first_on:
            self.later[day].append(act)

    def after(self, least: int, most: int, act: Callable[[], None]) -> None:
        self.on_day(self.day + timedelta(days=self.random.randint(least, most)), act)

    def some_day(self, least: int = 1, most: int = DAYS - 1) -> date:
        return self.first_on + timedelta(days=self.random.randint(least, most))

    def chance(self, share: float) -> bool:
        return self.random.random() < share


# --- who there is ---------------------------------------------------------------------------------------------


def _people(story: Story) -> None:
    world = story.world
    world.units, world.leaders = dict(UNITS), list(LEADERS)
    for unit in UNITS:
        world.people += [
            Person(f"{unit}填报员", "reporter", unit),
            Person(f"{unit}负责人", "unit_head", unit),
        ]
    world.people += [Person(f"{leader}账号", "sponsor", leader) for leader in LEADERS]
    world.people += [Person("统筹一", "office"), Person("统筹二", "office"), Person("督查员", "inspector")]
    world.people.append(Person("专员", "service_officer", "项目3"))
    year = story.first_on.year
    world.lists = [YearList("市级重大", year, 1, 1), YearList("技改", year, 2, 2)]


def _projects(story: Story) -> None:
    for number in range(1, 10):
        _project(story, f"项目{number}", number)
    _project(story, PACKAGE, 10)
    projects = story.world.projects
    _adjustments(story)
    for name in ("项目2", "项目5"):
        story.on_day(
            story.some_day(5, 60), lambda name=name: _hand_over(story, projects[name], "lead_department")
        )
    for name in ("项目3", "项目6", "项目7"):
        story.on_day(story.some_day(5, 60), lambda name=name: _hand_over(story, projects[name], "sponsor"))
    for name in ("项目1", "项目4", "项目8"):
        story.on_day(story.some_day(5, 40), lambda name=name: _stop(story, projects[name]))
    for _ in range(9):
        name = f"项目{story.random.randint(1, 9)}"
        story.on_day(story.some_day(1, 55), lambda name=name: _raise_problem(story, projects[name]))
    story.on_day(
        story.first_on + timedelta(story.joins_after), lambda: _join_package(story, projects["项目1"])
    )
    story.on_day(story.some_day(40, 60), lambda: _correct_start(story, projects["项目5"]))
    for _ in range(5):
        story.on_day(story.some_day(5, 60), lambda: _exempt(story))
    _permits(story)


def _project(story: Story, name: str, number: int) -> None:
    """Odd numbers start this year, even ones go on from before; half of them have something to finish meanwhile."""
    random, first_on = story.random, story.first_on
    is_new = number % 2 == 1
    project = Project(
        name,
        Decimal(random.randint(20_000, 90_000)),
        first_on.replace(day=1),
        {
            "sponsor": [Since(NEVER, LEADERS[number % 2])],
            "lead_department": [Since(NEVER, ("建设局", "工信局")[number % 3 % 2])],
            "host_district": [Since(NEVER, "高新镇")],
        },
    )
    story.world.projects[name] = project
    if not is_new:
        project.dates["started"] = [Since(NEVER, first_on - timedelta(days=random.randint(100, 600)))]
    entry = Entry(
        "new_start" if is_new else "continuing",
        Decimal(random.randint(2_000, 9_000)),
        story.some_day(-60, 50) if is_new else None,
        story.some_day(55 if is_new else 10, 120) if number % 4 < 2 else None,
    )
    major, technical = story.world.lists
    year_began = date(first_on.year, 1, 1)
    if number <= 7 or name == PACKAGE:
        project.entries[major] = [Since(year_began, entry)]
    if 5 <= number <= 9:
        own = Entry(entry.category, entry.planned + 100, entry.start_by, entry.complete_by)
        project.entries[technical] = [Since(year_began, own)]
    for place in range(1, 5):
        unit = project.holder("lead_department", first_on) if place % 2 else None
        due_on = story.some_day(-20, 75)
        milestone = Milestone(f"节点{place}", unit, [Since(NEVER, due_on)])
        project.milestones.append(milestone)
        _follow_milestone(story, project, milestone)


# --- what happens ---------------------------------------------------------------------------------------------


def _follow_milestone(story: Story, project: Project, milestone: Milestone) -> None:
    """Done in time, done late, or never; a third ask for another date before the due day."""
    due_on = milestone.due[-1].what
    if story.chance(0.35) and due_on - timedelta(days=9) > story.first_on:
        asked_on = due_on - timedelta(days=story.random.randint(2, 8))
        story.on_day(asked_on, lambda: _ask_date(story, project, milestone))
    elif story.chance(0.8):
        done_on = due_on + timedelta(days=story.random.choice((-4, -1, 0, 1, 3, 9, 20, 30)))
        story.on_day(max(done_on, story.some_day(1, 25)), lambda: _achieve(story, project, milestone))


def _achieve(story: Story, project: Project, milestone: Milestone) -> None:
    if project.is_driven(story.day) and milestone.achieved_on is None:
        milestone.achieved_on = story.day
        story.tell("achieve", project=project.name, milestone=milestone.name)


def _ask_date(story: Story, project: Project, milestone: Milestone) -> None:
    """Asked in time, decided a few days later, at times after the old due day: late until then (§7)."""
    if project.is_driven(story.day) and milestone.achieved_on is None:
        new_due = milestone.due[-1].what + timedelta(days=story.random.randint(12, 30))
        story.tell("ask_date", project=project.name, milestone=milestone.name, due=new_due)
        story.after(1, 6, lambda: _grant_date(story, project, milestone, new_due))


def _grant_date(story: Story, project: Project, milestone: Milestone, new_due: date) -> None:
    story.tell("grant_date", project=project.name, milestone=milestone.name)
    milestone.due.append(Since(story.day, new_due))
    _follow_milestone(story, project, milestone)


def _hand_over(story: Story, project: Project, slot: str) -> None:
    pair = LEADERS if slot == "sponsor" else ("建设局", "工信局")
    to = next(name for name in pair if name != project.holder(slot, story.day))
    project.slots[slot].append(Since(story.day, to))
    story.tell("hand_over", project=project.name, slot=slot, to=to)


def _stop(story: Story, project: Project) -> None:
    project.state.append(Since(story.day, "suspended"))
    story.tell("change_state", project=project.name, state="suspended")
    story.after(6, 22, lambda: _resume(story, project))


def _resume(story: Story, project: Project) -> None:
    project.state.append(Since(story.day, "active"))
    story.tell("change_state", project=project.name, state="active")


def _raise_problem(story: Story, project: Project) -> None:
    lead = project.holder("lead_department", story.day)
    due_on = story.day + timedelta(days=story.random.randint(2, 14))
    text = f"问题{len(project.problems) + 1}"
    problem = Problem(text, lead if story.chance(0.5) else None, story.day, due_on)
    project.problems.append(problem)
    story.tell("raise_problem", project=project.name, text=text, unit=problem.unit, due_on=due_on, lead=lead)
    story.after(3, 20, lambda: _handle(story, project, problem))


def _handle(story: Story, project: Project, problem: Problem) -> None:
    story.tell(
        "handle", project=project.name, text=problem.text, lead=project.holder("lead_department", story.day)
    )
    story.after(1, 4, lambda: _write_off(story, project, problem))


def _write_off(story: Story, project: Project, problem: Problem) -> None:
    problem.settled.append((story.day, None))
    story.tell("write_off", project=project.name, text=problem.text)
    if story.chance(0.5):
        story.after(4, 16, lambda: _reopen(story, project, problem))


def _reopen(story: Story, project: Project, problem: Problem) -> None:
    since, _ = problem.settled.pop()
    problem.settled.append((since, story.day))
    story.tell("reopen_problem", project=project.name, text=problem.text)
    story.after(3, 15, lambda: _handle(story, project, problem))


def _exempt(story: Story, again: str = "") -> None:
    """The office exempts the alert of a milestone that was late on the working day before already, some of them again:
    while the exemption runs, or when it has run out."""
    before = story.day - ONE_DAY
    while not is_working(before):
        before -= ONE_DAY
    listed = {one.key for one in findings(story.world, before, before)}
    late = [one for one in findings(story.world, story.day, story.day) if one.key in listed]
    late = [one for one in late if one.kind == "milestone_overdue" and again in {"", one.subject}]
    if late and before >= story.first_on and is_working(story.day):
        one = story.random.choice(late)
        until_on = story.day + timedelta(days=story.random.randint(4, 25))
        story.world.exemptions.append(Exemption(one.kind, one.subject, story.day, until_on))
        story.tell("exempt", kind=one.kind, subject=one.subject, until_on=until_on)
        if not again:
            story.after(3, 35, lambda: _exempt(story, one.subject))


def _join_package(story: Story, project: Project) -> None:
    project.parent.append(Since(story.day, PACKAGE))
    story.tell("join_package", project=project.name)


def _correct_start(story: Story, project: Project) -> None:
    """The office corrects a date of fact, by which the past is told anew (§4)."""
    known = project.date_of("started", story.day)
    if known is not None:
        correct = known - timedelta(days=40)
        project.dates.setdefault("started", []).append(Since(story.day, correct))
        story.tell("correct", project=project.name, fact="started", to=correct)


def _register_statistics(story: Story, project: Project) -> None:
    entered_on = story.day - timedelta(days=story.random.randint(0, 3))
    project.dates["entered_statistics"] = [Since(story.day, entered_on)]
    story.tell("correct", project=project.name, fact="entered_statistics", to=entered_on)


def _permits(story: Story) -> None:
    projects = story.world.projects
    for name, until_started in (
        ("项目1", True),
        ("项目3", True),
        ("项目4", False),
        ("项目6", False),
        ("项目8", False),
    ):
        last_on = story.some_day(5, 80)
        permit = Permit(f"{name}许字1号", last_on - timedelta(days=300), last_on, until_started)
        if name != "项目6":
            story.on_day(story.first_on, lambda p=permit, n=name: _register(story, projects[n], p))
        if name == "项目4":
            story.on_day(last_on + timedelta(days=8), lambda p=permit: _renew(story, projects["项目4"], p))


def _register(story: Story, project: Project, permit: Permit) -> None:
    project.permits.append(permit)
    story.tell(
        "register_permit",
        project=project.name,
        number=permit.number,
        issued_on=permit.issued_on,
        valid_until_on=permit.valid_until_on,
        until_started=permit.until_started,
    )


def _renew(story: Story, project: Project, permit: Permit) -> None:
    permit.renewed_on = story.day
    newer = Permit(f"{permit.number}续", story.day, story.day + timedelta(days=365), permit.until_started)
    project.permits.append(newer)
    story.tell(
        "renew_permit",
        project=project.name,
        number=permit.number,
        newer=newer.number,
        valid_until_on=newer.valid_until_on,
    )


# --- lists ----------------------------------------------------------------------------------------------------


def _adjustments(story: Story) -> None:
    """Taken in, taken off, raised, moved to another start; a new year's lists take up some of the projects."""
    projects, (major, technical) = story.world.projects, story.world.lists
    acts: list[Callable[[], None]] = [
        lambda: _adjust(story, projects["项目2"], major, "raised", planned=Decimal(12_000)),
        lambda: _adjust(story, projects["项目9"], technical, "removed"),
        lambda: _adjust(story, projects["项目8"], major, "added"),
        lambda: _adjust(
            story, projects["项目3"], major, "reclassified", start_by=story.day + timedelta(days=20)
        ),
    ]
    for act in acts:
        story.on_day(story.some_day(10, 60), act)
    new_year = date(story.first_on.year + 1, 1, 8)
    story.on_day(new_year + timedelta(days=2), lambda: _close_last_year(story))
    if new_year <= story.world.last_on:
        lists = [YearList(of.kind, of.year + 1, of.rank, of.places) for of in story.world.lists]
        story.world.lists += lists
        for number in (2, 3, 5, 6):
            of = lists[number > 4]
            story.on_day(new_year, lambda n=number, of=of: _adjust(story, projects[f"项目{n}"], of, "added"))


def _close_last_year(story: Story) -> None:
    """The office closes with a document what a project missed in last year's lists (结转): they ask for it no more."""
    late = [one for one in findings(story.world, story.day, story.day) if one.due_on.year < story.day.year]
    late = [one for one in late if one.kind in {"start_overdue", "completion_overdue"}]
    if not late:
        return
    one = story.random.choice(late)
    for versions in story.world.projects[one.project].entries.values():
        last = on(story.day, versions)
        if last is not None and last.listed:
            versions.append(Since(story.day, replace(last, listed=False)))
    story.tell("close_last_year", kind=one.kind, subject=one.subject)


def _adjust(
    story: Story,
    project: Project,
    of: YearList,
    change: str,
    planned: Decimal | None = None,
    start_by: date | None = None,
) -> None:
    """In force from the day of its approval, on a document."""
    if of.year != story.day.year:
        return
    versions = project.entries.setdefault(of, [])
    last = on(story.day, versions) or Entry("continuing", Decimal(3_000))
    entry = Entry(
        "new_start" if start_by else last.category,
        planned or last.planned,
        start_by or last.start_by,
        None if start_by else last.complete_by,
        change != "removed",
    )
    versions.append(Since(story.day, entry))
    story.tell("adjust", project=project.name, of=of, change=change, entry=entry)


# --- reports --------------------------------------------------------------------------------------------------


def _reports(story: Story) -> None:
    """On the first day after a period each project decides how it will report: in time, late, or not."""
    day = story.day
    ended = end_before(period_end(day))
    if day != ended + timedelta(days=1):
        return
    for number, project in enumerate(story.world.projects.values()):
        if ended < period_end(project.reports_from_on) or (number == 8 and story.chance(0.7)):
            continue
        how = story.random.random()
        if how < 0.12:
            continue
        late = story.random.randint(2, 7) if how < 0.32 else 0
        when = report_due(ended) + timedelta(days=late) if late else day
        story.later[when].append(lambda p=project, end=ended: _hand_in(story, p, end))
        if when == day:
            story.later[when].pop()
            _hand_in(story, project, ended)


def _hand_in(story: Story, project: Project, end: date, amount: Decimal | None = None) -> None:
    day = story.day
    is_closed = end not in project.reports and day > report_due(
        next_end(end)
    )  # §8: what was returned stays open
    if is_closed or not project.is_driven(day) or is_handed_in(project, end, day):
        return
    if amount is None:
        amount = _amount(story, project, end)
    facts = _facts(story, project, end)
    round_ = Round(day, amount, facts)
    project.reports.setdefault(end, []).append(round_)
    lead = project.holder("lead_department", day)
    story.tell("hand_in", project=project.name, end=end, amount=amount, facts=facts, lead=lead)
    if story.chance(0.18) and len(project.reports[end]) < 3:
        story.after(1, 5, lambda: _give_back(story, project, end, round_))
    elif story.chance(0.95):
        story.after(1, 4, lambda: _confirm(story, project, end, round_))


def _amount(story: Story, project: Project, end: date) -> Decimal:
    """Cumulative for the period's year; by project from half of 序时 to somewhat ahead of it."""
    said = [versions[0].what.planned for versions in project.entries.values()]
    pace = Decimal(45 + 75 * (int(project.total) % 10) // 9 + story.random.randint(-4, 4)) / 100
    due = max(said, default=Decimal(1_000)) * periods_closed(end) / 36
    amount = (due * pace).quantize(Decimal("0.01"))
    earlier = [
        rounds[-1].amount for of, rounds in project.reports.items() if of.year == end.year and of < end
    ]
    return max([amount, *earlier])


def _facts(story: Story, project: Project, end: date) -> dict[str, date]:
    """A date of fact that came about in the period is reported with it, in order."""
    for fact, share in (("started", 0.25), ("completed", 0.1), ("in_production", 0.3)):
        pending = [
            r
            for rounds in project.reports.values()
            for r in rounds
            if fact in r.facts and r.stands(story.day)
        ]
        if pending or project.date_of(fact, story.day) is not None:
            continue
        unconfirmed = any(
            r.facts and not r.confirmed_on for rounds in project.reports.values() for r in rounds
        )
        if unconfirmed or not story.chance(share):
            return {}
        earlier = [dated for one in ("started", "completed") if (dated := project.date_of(one, story.day))]
        happened_on = max([end - timedelta(days=story.random.randint(0, 7)), *earlier])
        if fact == "started":
            story.after(12, 60, lambda: _register_statistics(story, project))
        return {fact: happened_on}
    return {}


def _give_back(story: Story, project: Project, end: date, round_: Round) -> None:
    """Returned to be mended; it comes again a few days later, or not."""
    round_.back_on = story.day
    story.tell("give_back", project=project.name, end=end)
    if story.chance(0.85):
        story.after(1, 6, lambda: _hand_in(story, project, end, round_.amount + 10))


def _confirm(story: Story, project: Project, end: date, round_: Round) -> None:
    round_.confirmed_on = story.day
    story.tell("confirm", project=project.name, end=end, lead=project.holder("lead_department", story.day))
    if not round_.facts and story.chance(0.08):
        story.after(3, 12, lambda: _open_again(story, project, end, round_))


def _open_again(story: Story, project: Project, end: date, round_: Round) -> None:
    """A confirmed report is opened for a correction: a smaller amount, confirmed anew."""
    round_.back_on = story.day
    story.tell("open_again", project=project.name, end=end)
    story.after(1, 3, lambda: _hand_in(story, project, end, round_.amount - 50))


def holidays_in(story: Story) -> bool:
    """Whether the story meets a weekday off or a weekend worked."""
    days = span(story.first_on, story.world.last_on)
    return any(is_working(day) != (day.weekday() < 5) for day in days)
