"""Who answered for a project when (责任交接): the terms of each slot, and the holder on any day."""

from dataclasses import dataclass
from datetime import date, timedelta

from projects.models import Handover, Official, Project, Unit

from .units import unit_name_on


@dataclass(frozen=True)
class Term:
    """One holder of a slot from a day until the day before the next one (任期); `until_on` is None while it lasts."""

    handover: Handover
    until_on: date | None

    @property
    def slot(self) -> str:
        return self.handover.slot

    @property
    def label(self) -> str:
        return self.handover.get_slot_display()

    @property
    def holder(self) -> Official | Unit | None:
        return self.handover.official or self.handover.unit

    @property
    def from_on(self) -> date:
        return self.handover.from_on

    def name_on(self, day: date) -> str:
        """The holder by the name of the day: a unit renamed since is called what it was called then."""
        unit = self.handover.unit
        return unit_name_on(unit, day) if unit else str(self.holder or "")

    def covers(self, day: date) -> bool:
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)


def terms_of(project: Project) -> list[Term]:
    """Every term of the project's slots, the newest first within each slot. Two queries (with attachments)."""
    rows = list(
        project.handovers.select_related("official", "unit", "made_by")
        .prefetch_related("attachments")
        .order_by("from_on", "pk")
    )
    found: list[Term] = []
    for slot in Handover.Slot.values:
        of_slot = [row for row in rows if row.slot == slot]
        ends = [row.from_on - timedelta(days=1) for row in of_slot[1:]]
        found += reversed([Term(row, until) for row, until in zip(of_slot, [*ends, None], strict=False)])
    return found


def responsibility_on(terms: list[Term], day: date) -> list[tuple[str, Term | None]]:
    """Who answered on the day (某日由谁负责): each slot's words with the term that covers it, None where nobody did."""
    covering = {term.slot: term for term in terms if term.covers(day)}
    return [(slot.label, covering.get(slot.value)) for slot in Handover.Slot]
