"""The six slots (六个一): every project's slots as of a day, the gaps counted, and the way to fill each."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from projects.models import DeliveryPlan, Handover, Project, User
from projects.queries.register.responsibilities import duty_rows
from projects.queries.register.six_slots import ANY, SLOTS, SlotsOfDay, gap_counts
from projects.services.plans.versions import OPEN_STATES

from ..base.list_page import ListPage
from .filters import SlotFilter
from .tables import OfDayTable, SlotTable


class OfDayList(ListPage):
    """Projects with who and what fills their slots on the day: the six slots, and the list of duties."""

    order: tuple[str, ...] = ("code",)

    @cached_property
    def slots(self) -> SlotsOfDay:
        return SlotsOfDay.on(self.as_of)

    def rows(self) -> QuerySet[Any]:
        user = self.request.user
        return duty_rows(Project.objects.visible_to(user), self.slots, user).order_by(*self.order)

    def make_table(self, rows: Any) -> OfDayTable:
        table = super().make_table(rows)
        table.slots = self.slots
        return table


class SlotList(OfDayList):
    """Projects × six, the most gaps first; each count opens exactly the projects that lack the slot."""

    template_name = "register/slot_list.html"
    title = heading = "六个一"
    subheading = "在库且未退库、未办结的项目"
    order = ("-gaps", "code")
    filter_class, table_class = SlotFilter, SlotTable

    def prepare(self, table: SlotTable) -> None:
        shown = [row.record.pk for row in table.paginated_rows]
        table.fill = filling(self.request.user, shown, self.slots)

    def context(self) -> dict[str, Any]:
        """The counts are over the other conditions, so that choosing one slot leaves the other doors open."""
        others = self.request.GET.copy()
        others.pop("missing", None)
        rows = self.slots.rows(Project.objects.visible_to(self.request.user))
        counted = gap_counts(SlotFilter(others, queryset=rows, as_of=self.as_of).qs)
        asked = {slot: words for slot, words in SLOTS.items() if slot != "project"}
        return {
            "total": counted["all"],
            "total_href": _door(others),
            "lacking": counted[ANY],
            "lacking_href": _door(others, ANY),
            "counts": [(slot, words, counted[slot], _door(others, slot)) for slot, words in asked.items()],
            "last_due": self.slots.last_due,
        }


def filling(user: User, projects: list[int], slots: SlotsOfDay) -> Callable[[Project, str], str]:
    """fill(project, slot): the form that closes a gap for this person, "" where it is not theirs to close."""
    reportable = set(Project.objects.editable_by(user).filter(pk__in=projects).values_list("pk", flat=True))
    drafts = dict(
        DeliveryPlan.objects.filter(project__in=projects, state__in=OPEN_STATES).values_list("project", "pk")
    )

    def fill(project: Project, slot: str) -> str:
        if slot == "followed":
            code = slots.last_due.code
            return reverse("report_edit", args=[project.code, code]) if project.pk in reportable else ""
        if slot == "plan":
            if project.pk in drafts:
                return reverse("plan_detail", args=[drafts[project.pk]])
            return reverse("plan_create", args=[project.code]) if project.pk in reportable else ""
        if slot in Handover.Slot.values and user.is_office:
            return f"{reverse('handover_create', args=[project.code])}?slot={slot}"
        return ""

    return fill


def _door(query: QueryDict, slot: str = "") -> str:
    given = query.copy()
    for name in ("page", "sort"):
        given.pop(name, None)
    if slot:
        given["missing"] = slot
    return f"{reverse('slot_list')}?{given.urlencode()}"
