"""Visit pages (一线走访): log one from the site, its decisions and problems, what each sponsor owes this month."""

import datetime as dt
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects import clock
from projects.models import Attachment, Official, Project, SiteVisit, User
from projects.queries.problems.visits import sponsor_visits, visits_owed
from projects.services.base.steps import Steps
from projects.services.problems.actions import add_action, deciding, with_steps
from projects.services.problems.handling import raising
from projects.services.register.projects import log_visit, visiting

from ..base.context import as_of_from
from ..base.listing import chips, exported, list_notes, paged
from ..base.refusals import refused_on
from ..base.requests import HouseRequest
from .filters import VisitFilter
from .forms import ActionForm, VisitForm
from .tables import OwedVisitTable, VisitTable


@require_safe
def visit_list(request: HouseRequest) -> HttpResponse:
    """Visits up to a day, the latest first; with `owed=1` the projects whose visit of that month is missing."""
    as_of = as_of_from(request)
    filterset = VisitFilter(request.GET, queryset=_visits(request.user, as_of))
    owed = _owed(request.user, as_of, filterset)
    table = (
        OwedVisitTable(owed, as_of=as_of, user=request.user)
        if "owed" in request.GET
        else VisitTable(filterset.qs, as_of=as_of)
    )
    active = chips(filterset)
    notes = list_notes(request, as_of, active)
    if file := exported(request, table, title=table.caption, notes=notes, as_of=as_of):
        return file
    paged(request, table)
    if "owed" in request.GET:
        shown = [row.record.pk for row in table.paginated_rows]
        workable = Project.objects.workable_by(request.user).filter(pk__in=shown)
        table.workable = set(workable.values_list("pk", flat=True))
    context = {
        "as_of": as_of,
        "takes_as_of": True,
        "table": table,
        "form": filterset.form,
        "chips": active,
        "owed": "owed" in request.GET,
        "owed_count": owed.count(),
    }
    return render(request, "problems/visits/visit_list.html", context)


def _visits(user: User, as_of: dt.date) -> QuerySet[SiteVisit]:
    return (
        SiteVisit.objects.visible_to(user)
        .filter(visited_on__lte=as_of)
        .select_related("project", "official")
        .prefetch_related(Prefetch("attachments", Attachment.objects.order_by("pk")))
        .order_by("-visited_on", "-pk")
    )


def _owed(user: User, as_of: dt.date, filterset: VisitFilter) -> QuerySet[Project]:
    """Visible projects that still wait for their sponsor this month, one leader's where one is chosen."""
    owed = visits_owed(Project.objects.visible_to(user), as_of=as_of).select_related("sponsor")
    chosen = filterset.form.cleaned_data.get("official") if filterset.form.is_valid() else None
    owed = owed.filter(sponsor=chosen) if chosen else owed
    return owed.order_by("sponsor__position", "sponsor__name", "code")


@require_safe
def visit_sponsors(request: HouseRequest) -> HttpResponse:
    """What each sponsor owes and has made in the month of the day (走访完成情况); a figure opens exactly its projects."""
    as_of = as_of_from(request)
    lines = sponsor_visits(Project.objects.visible_to(request.user), as_of=as_of)

    def door(line) -> str:
        given = {"owed": "1", "official": line.sponsor.pk, "as_of": as_of.isoformat()}
        return f"{reverse('visit_list')}?{urlencode(given)}"

    context = {
        "as_of": as_of,
        "takes_as_of": True,
        "lines": [(line, door(line)) for line in lines],
        "projects": sum(line.projects for line in lines),
        "owed": sum(line.owed for line in lines),
        "made": sum(line.made for line in lines),
        "missing": sum(line.missing for line in lines),
        "missing_href": f"{reverse('visit_list')}?{urlencode({'owed': '1', 'as_of': as_of.isoformat()})}",
    }
    return render(request, "problems/visits/visit_sponsors.html", context)


@require_safe
def visit_detail(request: HouseRequest, pk: int) -> HttpResponse:
    """One visit: what was found, what was decided and how far it is, the problems found, the photos."""
    return _detail(request, get_object_or_404(_seen(request), pk=pk), ActionForm(label="议定事项"))


@require_POST
def visit_action(request: HouseRequest, pk: int) -> HttpResponse:
    """Make a decision of the visit a action with unit and date (议定事项); whoever works on the project."""
    visit = get_object_or_404(_seen(request), pk=pk)
    if not deciding(visit, request.user):
        raise Http404
    form = ActionForm(request.POST, label="议定事项")
    if form.is_valid():
        with refused_on(form):
            add_action(visit=visit, by=request.user, now=clock.now(), **form.cleaned_data)
            messages.success(request, "议定事项已下达责任单位。")
            return redirect("visit_detail", pk=pk)
    return _detail(request, visit, form)


def _seen(request: HouseRequest) -> QuerySet[SiteVisit]:
    return SiteVisit.objects.visible_to(request.user).select_related("project", "official", "logged_by")


def _detail(request: HouseRequest, visit: SiteVisit, form: ActionForm) -> HttpResponse:
    ours = Project.objects.workable_by(request.user).filter(pk=visit.project_id).exists()
    actions = visit.actions.for_steps(request.user).select_related("unit", "done_by")
    context = {
        "visit": visit,
        "steps": Steps(
            problem=raising(visit.project, request.user, ours), action=deciding(visit, request.user, ours)
        ),
        "actions": with_steps(actions, request.user, clock.today()),
        "problems": visit.problems.select_related("lead_unit").order_by("due_on", "pk"),
        "attachments": visit.attachments.select_related("uploaded_by"),
        "form": form,
    }
    return render(request, "problems/visits/visit_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def visit_create(request: HouseRequest, code: str) -> HttpResponse:
    """Log a visit to a project (登记走访): a sponsor's own, or on behalf of the leader who came."""
    project = get_object_or_404(Project.objects.visible_to(request.user), code=code)
    if not visiting(project, request.user):
        raise Http404
    own = Official.objects.filter(user=request.user, is_active=True).first()
    initial = {"visited_on": clock.today(), "official": own, "place": project.address}
    form = VisitForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = {
            name: value for name, value in form.cleaned_data.items() if name not in {"photo", "pictures"}
        }
        with refused_on(form):
            visit = log_visit(project=project, files=form.prepared, by=request.user, now=clock.now(), **given)
            messages.success(request, f"已登记对“{project.name}”的走访。")
            return redirect("visit_detail", pk=visit.pk)
    back = reverse("project_detail", args=[project.code])
    return render(
        request, "problems/visits/visit_form.html", {"project": project, "form": form, "cancel_href": back}
    )
