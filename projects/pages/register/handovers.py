"""Hand-overs (责任交接): the record of a project, one slot handed over, everything a holder has handed over."""

from typing import Any

from django.db.models import Count, F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from projects import clock
from projects.models import Handover, Official, Project, Unit
from projects.queries.register.handovers import responsibility_on, terms_of
from projects.services.register.handovers import hand_over, hand_over_all

from ..base.context import as_of_from
from ..base.form_page import Done, bound, form_page
from ..base.guards import office_only
from ..base.requests import HouseRequest
from .forms import DayForm, HandOverAllForm, HandOverForm


@require_safe
def handover_list(request: HouseRequest, code: str) -> HttpResponse:
    """Who answered for the project since when (交接记录), and on any day asked for."""
    project = get_object_or_404(Project.objects.visible_to(request.user), code=code)
    terms = terms_of(project)
    form = DayForm(request.GET) if "on" in request.GET else DayForm(initial={"on": as_of_from(request)})
    asked = form.cleaned_data["on"] if form.is_bound and form.is_valid() else None
    context = {
        "project": project,
        "slots": [
            (slot.label, [term for term in terms if term.slot == slot.value]) for slot in Handover.Slot
        ],
        "form": form,
        "asked": asked,
        "answered": [
            (label, term, term.name_on(asked) if term else "")
            for label, term in responsibility_on(terms, asked)
        ]
        if asked
        else [],
    }
    return render(request, "register/handover_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def handover_create(request: HouseRequest, code: str) -> HttpResponse:
    """Hand one slot of a project over (责任交接); ?slot= says which."""
    project = get_object_or_404(
        Project.objects.visible_to(request.user).select_related(
            "sponsor", "lead_department", "host_district"
        ),
        code=code,
    )
    office_only(request, "办理责任交接")
    slot = _slot(request)
    form = HandOverForm(**bound(request), slot=slot, initial={"from_on": clock.today()})

    def hand() -> Done:
        given = {name: value for name, value in form.cleaned_data.items() if name != "is_vacant"}
        hand_over(project=project, slot=slot, by=request.user, now=clock.now(), **given)
        return Done(f"已登记{slot.label}交接：{given['to'] or '暂缺'}。", "project_detail", project.code)

    context = {
        "project": project,
        "slot": slot,
        "slots": [(each.value, each.label, getattr(project, each.value)) for each in Handover.Slot],
        "holder": getattr(project, slot.value),
        "cancel_href": reverse("project_detail", args=[project.code]),
    }
    return form_page(request, "register/handover_form.html", form, hand, context=context)


@require_http_methods(["GET", "HEAD", "POST"])
def handover_many(request: HouseRequest) -> HttpResponse:
    """Hand all projects of a holder over to one successor (整体交接): first whose (?slot=&holder=), then to whom."""
    office_only(request, "办理责任交接")
    slot = _slot(request)
    holder = _holder(request, slot)
    context: dict[str, Any] = {
        "slot": slot,
        "slots": [(each.value, each.label) for each in Handover.Slot],
        "holder": holder,
    }
    if holder is None:
        return render(request, "register/handover_many.html", context | {"holders": _holders(slot)})
    form = HandOverAllForm(**bound(request), slot=slot, initial={"from_on": clock.today()})

    def hand() -> Done:
        done = hand_over_all(slot=slot, holder=holder, by=request.user, now=clock.now(), **form.cleaned_data)
        to = form.cleaned_data["to"]
        back = f"{reverse('responsibility_list')}?{slot.value}={to.pk}"
        return Done(f"{holder}的{len(done)}个项目已全部交接给{to}。", back)

    context |= {
        "projects": Project.objects.active().filter(**{slot.value: holder}).order_by("code"),
        "cancel_href": f"{reverse('handover_many')}?slot={slot.value}",
    }
    return form_page(request, "register/handover_many.html", form, hand, context=context)


def _slot(request: HouseRequest) -> Handover.Slot:
    wanted = request.GET.get("slot", "")
    return Handover.Slot(wanted) if wanted in Handover.Slot.values else Handover.Slot.SPONSOR


def _holder(request: HouseRequest, slot: Handover.Slot) -> Official | Unit | None:
    """The holder the address names; None for words that are no row of the slot's kind."""
    wanted = request.GET.get("holder", "")
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 10):
        return None
    model = Official if slot == Handover.Slot.SPONSOR else Unit
    return model.objects.filter(pk=int(wanted)).first()


def _holders(slot: Handover.Slot) -> list[tuple[Official | Unit, int]]:
    """Everybody who holds the slot of a project still driven, with how many."""
    counted = dict(
        Project.objects.active()
        .filter(**{f"{slot.value}__isnull": False})
        .order_by()
        .values_list(F(slot.value))
        .annotate(Count("pk"))
    )
    model = Official if slot == Handover.Slot.SPONSOR else Unit
    return [(holder, counted[holder.pk]) for holder in model.objects.filter(pk__in=counted)]
