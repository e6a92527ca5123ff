"""Who answered for projects and whether they were driven forward, on any day of a span (任期与停缓日).

Read once for many projects and days; for one project's terms see queries/register/handovers, for one day queries/alerts/findings.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from django.db.models import QuerySet

from projects.models import Handover, Project, StateChange

State = Project.State
HELD_STATES = (State.SUSPENDED, State.POSTPONED, State.WITHDRAWN)


class Responsibility:
    """Who held a slot of each project on any day (某日由谁负责), from the dated hand-overs. One query."""

    def __init__(self, slot: str, projects: QuerySet[Project]) -> None:
        self._days: dict[int, list[date]] = defaultdict(list)
        self._rows: dict[int, list[Handover]] = defaultdict(list)
        rows = Handover.objects.filter(slot=slot, project__in=projects).select_related("unit", "project")
        for row in rows.order_by("project", "from_on"):
            self._days[row.project_id].append(row.from_on)
            self._rows[row.project_id].append(row)

    def on(self, project: int, day: date) -> int | None:
        """The unit in duty on the day; None where nobody was."""
        place = bisect_right(self._days.get(project, []), day)
        return self._rows[project][place - 1].unit_id if place else None

    def parts(self, project: int, first_on: date, last_on: date) -> list[tuple[int | None, date]]:
        """(unit, last day) of each holder within the days, in order; the first known answers for what was before it."""
        rows = [row for row in self._rows.get(project, ()) if row.from_on <= last_on]
        ends = [(row.unit_id, after.from_on - timedelta(days=1)) for row, after in pairwise(rows)]
        found = [(unit, day) for unit, day in ends if day >= first_on]
        return [*found, (rows[-1].unit_id if rows else None, last_on)]

    def changes(self, first_on: date, last_on: date) -> Iterator[tuple[Handover, Handover]]:
        """(before, after) of every hand-over within the days, first terms left out."""
        for rows in self._rows.values():
            for before, after in pairwise(rows):
                if first_on <= after.from_on <= last_on and before.unit_id != after.unit_id:
                    yield before, after


class Stops:
    """On which days projects were not driven forward (停工、暂缓、退库、办结), and why. Two queries."""

    def __init__(self, projects: QuerySet[Project]) -> None:
        self._undated = dict(
            projects.exclude(state=State.ACTIVE)
            .exclude(pk__in=StateChange.objects.values("project"))
            .values_list("pk", "state")
        )
        self._changes: dict[int, list[StateChange]] = defaultdict(list)
        for change in StateChange.objects.filter(project__in=projects).order_by("effective_on", "pk"):
            self._changes[change.project_id].append(change)

    def state(self, project: int, day: date) -> tuple[str, str]:
        """(state, words) of the day, the words with date and reason; active projects have no words."""
        if project in self._undated:
            state = self._undated[project]
            return state, State(state).label
        last = None
        for change in self._changes.get(project, ()):
            last = change if change.effective_on <= day else last
        if last is None or last.state == State.ACTIVE:
            return State.ACTIVE, ""
        day_words = f"{last.effective_on:%Y-%m-%d}"
        return last.state, f"{day_words}起{last.get_state_display()}：{last.reason}"

    def reason(self, project: int, day: date) -> str:
        """Why the project does not count on the day; empty where it counts."""
        state, words = self.state(project, day)
        return words if state in HELD_STATES else ""
