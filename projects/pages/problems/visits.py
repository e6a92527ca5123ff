"""Visit pages (一线走访): log one from the site, its decisions and problems, what each sponsor owes this month."""

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects import clock
from projects.models import Attachment, Official, Project, SiteVisit
from projects.models.reports.reports import SiteVisitQuerySet
from projects.queries.problems.visits import SponsorVisits, sponsor_visits, visits_owed
from projects.services.base.steps import Steps
from projects.services.problems.actions import add_action, deciding, with_steps
from projects.services.problems.handling import raising
from projects.services.problems.visits import (
    confirm_visit,
    log_visit,
    return_visit,
    steps_of,
    visiting,
    withdraw_visit,
)

from ..base.columns import HouseTable
from ..base.context import as_of_from
from ..base.form_page import Done, bound, fill_step, form_page, take_step
from ..base.list_page import ListPage
from ..base.requests import HouseRequest
from .filters import VisitFilter
from .forms import ActionForm, ReturnVisitForm, VisitForm
from .tables import OwedVisitTable, UnsettledVisitTable, VisitTable


class VisitList(ListPage):
    """Visits that count, up to a day, the latest first.

    With `owed=1` the projects whose visit of that month is missing, with `unsettled=1` the visits that wait or came back.
    """

    template_name = "problems/visits/visit_list.html"
    heading = "一线走访"
    filter_class = VisitFilter

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.is_owed = "owed" in request.GET
        self.is_unsettled = "unsettled" in request.GET and not self.is_owed
        self.table_class = OwedVisitTable if self.is_owed else VisitTable
        if self.is_unsettled:
            self.table_class = UnsettledVisitTable
        self.title = self.table_class.title

    def rows(self) -> QuerySet[SiteVisit]:
        visits = self._unsettled if self.is_unsettled else self._seen.confirmed()
        photos = Prefetch("attachments", Attachment.objects.order_by("pk"))
        rows = visits.select_related("project", "official", "logged_by").prefetch_related(photos)
        return rows.order_by("-visited_on", "-pk")

    def make_table(self, rows: QuerySet[SiteVisit]) -> HouseTable:
        return super().make_table(self._owed if self.is_owed else rows)

    def prepare(self, table: HouseTable) -> None:
        if self.is_owed:
            shown = [row.record.pk for row in table.paginated_rows]
            workable = Project.objects.workable_by(self.request.user).filter(pk__in=shown)
            table.workable = frozenset(workable.values_list("pk", flat=True))

    def context(self) -> dict[str, Any]:
        return {
            "owed": self.is_owed,
            "owed_count": self._owed.count(),
            "unsettled": self.is_unsettled,
            "unsettled_count": self._unsettled.count(),
        }

    @property
    def _seen(self) -> SiteVisitQuerySet:
        return SiteVisit.objects.visible_to(self.request.user).filter(visited_on__lte=self.as_of)

    @property
    def _unsettled(self) -> SiteVisitQuerySet:
        return self._seen.unsettled()

    @cached_property
    def _owed(self) -> QuerySet[Project]:
        """Visible projects that still wait for their sponsor this month, one leader's where one is chosen."""
        owed = visits_owed(Project.objects.visible_to(self.request.user), as_of=self.as_of)
        form = self.filterset.form
        if not form.is_valid():
            return owed.none()
        if form.cleaned_data["official"]:
            owed = owed.filter(sponsor=form.cleaned_data["official"])
        return owed.select_related("sponsor").order_by("sponsor__position", "sponsor__name_key", "code")


@require_safe
def visit_sponsors(request: HouseRequest) -> HttpResponse:
    """What each sponsor owes and has made in the month of the day (走访完成情况); a figure opens exactly its projects."""
    as_of = as_of_from(request)
    lines = sponsor_visits(Project.objects.visible_to(request.user), as_of=as_of)

    def door(line: SponsorVisits) -> str:
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
    """Make a decision of the visit an action with unit and date (议定事项); whoever works on the project."""
    visit = get_object_or_404(_seen(request), pk=pk)
    if deciding(visit, request.user).is_who:
        raise Http404
    form = ActionForm(request.POST, label="议定事项")

    def decide() -> Done:
        add_action(visit=visit, by=request.user, now=clock.now(), **form.cleaned_data)
        return Done("议定事项已下达责任单位。", "visit_detail", pk)

    return fill_step(request, form, decide, lambda: _detail(request, visit, form))


@require_POST
def visit_confirm(request: HouseRequest, pk: int) -> HttpResponse:
    """Confirm a visit logged for a leader (确认走访): the leader, or the office."""
    visit = get_object_or_404(_seen(request), pk=pk)

    def confirm() -> Done:
        confirm_visit(visit=visit, by=request.user, now=clock.now())
        return Done("走访已确认，计入当月走访。", "visit_detail", pk)

    return take_step(request, confirm, back=reverse("visit_detail", args=[pk]))


@require_POST
def visit_return(request: HouseRequest, pk: int) -> HttpResponse:
    """Send a visit back to whoever logged it (退回走访), with the reason."""
    visit = get_object_or_404(_seen(request), pk=pk)
    form = ReturnVisitForm(request.POST)

    def send_back() -> Done:
        return_visit(visit=visit, by=request.user, now=clock.now(), **form.cleaned_data)
        return Done("走访登记已退回。", "visit_detail", pk)

    return fill_step(request, form, send_back, lambda: _detail(request, visit, ActionForm(), form))


@require_POST
def visit_withdraw(request: HouseRequest, pk: int) -> HttpResponse:
    """Take one's own entry back (撤回走访登记)."""
    visit = get_object_or_404(_seen(request), pk=pk)

    def withdraw() -> Done:
        withdraw_visit(visit=visit, by=request.user, now=clock.now())
        return Done("走访登记已撤回。", "visit_detail", pk)

    return take_step(request, withdraw, back=reverse("visit_detail", args=[pk]))


def _seen(request: HouseRequest) -> QuerySet[SiteVisit]:
    return SiteVisit.objects.visible_to(request.user).select_related("project", "official", "logged_by")


def _detail(
    request: HouseRequest, visit: SiteVisit, form: ActionForm, return_form: ReturnVisitForm | None = None
) -> HttpResponse:
    ours = Project.objects.workable_by(request.user).filter(pk=visit.project_id).exists()
    actions = visit.actions.for_steps(request.user).select_related("unit", "done_by")
    context = {
        "visit": visit,
        "steps": Steps(
            problem=raising(visit.project, request.user, ours),
            action=deciding(visit, request.user, ours),
            **steps_of(visit, request.user, clock.today()),
        ),
        "actions": with_steps(actions, request.user, clock.today()),
        "problems": visit.problems.select_related("lead_unit").order_by("due_on", "pk"),
        "attachments": visit.attachments.select_related("uploaded_by"),
        "form": form,
        "return_form": return_form or ReturnVisitForm(),
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
    form = VisitForm(**bound(request), initial=initial)

    def log() -> Done:
        given = {name: value for name, value in form.cleaned_data.items() if name not in form.PHOTOS}
        visit = log_visit(project=project, files=form.prepared, by=request.user, now=clock.now(), **given)
        waits = (
            "" if visit.state == SiteVisit.State.CONFIRMED else "经带队领导或发改局统筹确认后计入当月走访。"
        )
        return Done(f"已登记对“{project.name}”的走访。{waits}", "visit_detail", visit.pk)

    context = {"project": project, "cancel_href": reverse("project_detail", args=[project.code])}
    return form_page(request, "problems/visits/visit_form.html", form, log, context=context)
