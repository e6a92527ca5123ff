"""Visit pages (一线走访): log one from the site, and the list with what is still owed this month."""

import datetime as dt

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from projects import clock
from projects.filters.visits import VisitFilter
from projects.forms.problems import add_refusal
from projects.forms.visits import VisitForm
from projects.models import Attachment, Official, Project, SiteVisit, User
from projects.queries.my_projects import visits_owed
from projects.services.projects import log_visit
from projects.tables.visits import OwedVisitTable, VisitTable

from .context import as_of_from
from .lists import chips, exported, list_notes, paged


@require_safe
def visit_list(request: HttpRequest) -> HttpResponse:
    """Visits up to a day, the latest first; with `owed=1` the projects whose visit of that month is missing."""
    as_of = as_of_from(request)
    filterset = VisitFilter(request.GET, queryset=_visits(request.user, as_of))
    owed = _owed(request.user, as_of, filterset)
    table = (
        OwedVisitTable(owed, as_of=as_of) if "owed" in request.GET else VisitTable(filterset.qs, as_of=as_of)
    )
    active = chips(filterset)
    notes = list_notes(request, as_of, active)
    if file := exported(request, table, title=table.caption, notes=notes, as_of=as_of):
        return file
    paged(request, table)
    if "owed" in request.GET:
        shown = [row.record.pk for row in table.paginated_rows]
        workable = Project.objects.workable_by(request.user).filter(pk__in=shown)
        table.may_log = set(workable.values_list("pk", flat=True))
    context = {
        "as_of": as_of,
        "takes_as_of": True,
        "table": table,
        "form": filterset.form,
        "chips": active,
        "owed": "owed" in request.GET,
        "owed_count": owed.count(),
    }
    return render(request, "visits/visit_list.html", context)


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


@require_http_methods(["GET", "HEAD", "POST"])
def visit_create(request: HttpRequest, code: str) -> HttpResponse:
    """Log a visit to a project (登记走访): a sponsor's own, or on behalf of the leader who came."""
    project = get_object_or_404(Project.objects.visible_to(request.user), code=code)
    if not Project.objects.workable_by(request.user).filter(pk=project.pk).exists():
        raise Http404
    own = Official.objects.filter(user=request.user, is_active=True).first()
    initial = {"visited_on": clock.today(), "official": own, "place": project.address}
    form = VisitForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = {
            name: value for name, value in form.cleaned_data.items() if name not in {"photo", "pictures"}
        }
        try:
            log_visit(project=project, files=form.prepared, by=request.user, now=clock.now(), **given)
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, f"已登记对“{project.name}”的走访。")
            return redirect("visit_list")
    back = reverse("project_detail", args=[project.code])
    return render(request, "visits/visit_form.html", {"project": project, "form": form, "cancel_href": back})
