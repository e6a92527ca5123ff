"""The six slots (六个一): every project's slots as of a day, the gaps counted, and the way to fill each."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from projects.models import DeliveryPlan, Handover, Project, User
from projects.queries.register.responsibilities import duty_rows
from projects.queries.register.six_slots import ANY, SLOTS, SlotsOfDay, gap_counts
from projects.services.plans.versions import OPEN_STATES

from ..base.context import as_of_from
from ..base.listing import chips, exported, list_notes, paged
from ..base.requests import HouseRequest
from .filters import SlotFilter
from .tables import SlotTable


@require_safe
def slot_list(request: HouseRequest) -> HttpResponse:
    """Projects × six, the most gaps first; each count opens exactly the projects that lack the slot."""
    as_of = as_of_from(request)
    slots = SlotsOfDay.on(as_of)
    visible = Project.objects.visible_to(request.user)
    rows = duty_rows(visible, slots, request.user).order_by("-gaps", "code")
    filterset = SlotFilter(request.GET, queryset=rows, slots=slots)
    active = chips(filterset)
    table = SlotTable(filterset.qs, slots=slots, fill=lambda row, slot: "")
    notes = list_notes(request, as_of, active)
    if file := exported(request, table, title="六个一", notes=notes, as_of=as_of):
        return file
    paged(request, table)
    table.fill = filling(request.user, [row.record.pk for row in table.paginated_rows], slots)
    # the counts are over the other conditions, so that choosing one slot leaves the other doors open
    others = request.GET.copy()
    others.pop("missing", None)
    counted = gap_counts(SlotFilter(others, queryset=slots.rows(visible), slots=slots).qs)
    context = {
        "as_of": as_of,
        "takes_as_of": True,
        "table": table,
        "form": filterset.form,
        "chips": active,
        "total": counted["all"],
        "total_href": _door(others),
        "lacking": counted[ANY],
        "lacking_href": _door(others, ANY),
        "counts": [
            (slot, words, counted[slot], _door(others, slot))
            for slot, words in SLOTS.items()
            if slot != "project"
        ],
        "last_due": slots.last_due,
        "limited": not request.user.sees_all_projects,
    }
    return render(request, "register/slot_list.html", context)


def filling(user: User, projects: list[int], slots: SlotsOfDay):
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


def _door(query, slot: str = "") -> str:
    given = query.copy()
    for name in ("page", "sort"):
        given.pop(name, None)
    if slot:
        given["missing"] = slot
    return f"{reverse('slot_list')}?{given.urlencode()}"
