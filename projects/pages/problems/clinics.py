"""The project clinic (项目诊所): sittings, their cases, diagnosis, prescription, follow-up, discharge."""

from collections.abc import Callable, Sequence

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects import clock
from projects.models import ClinicCase, ClinicSession
from projects.queries.problems.clinics import sessions_seen_by, with_case_counts
from projects.services.problems import clinics as service
from projects.services.problems.actions import add_action, with_steps

from ..base.form_page import Done, bound, fill_step, form_page
from ..base.guards import office_only
from ..base.list_page import ListPage
from ..base.listing import Chip
from ..base.refusals import refused_on
from ..base.requests import HouseRequest
from .forms import ActionForm, CaseForm, DiagnosisForm, DischargeForm, FollowUpForm, NoteForm, SessionForm
from .tables import SessionTable


class ClinicList(ListPage):
    """The sittings a person may see, the latest first."""

    template_name = "problems/clinics/clinic_list.html"
    title, heading = "项目诊所会诊", "项目诊所"
    table_class = SessionTable
    takes_as_of = False

    def rows(self) -> QuerySet[ClinicSession]:
        user = self.request.user
        rows = with_case_counts(sessions_seen_by(user), user).prefetch_related("units")
        return rows.order_by("-held_on", "-pk")

    def notes(self, active: Sequence[Chip]) -> Sequence[str]:
        return ()


@require_http_methods(["GET", "HEAD", "POST"])
def clinic_create(request: HouseRequest) -> HttpResponse:
    """Call a sitting (召集会诊); the office alone."""
    office_only(request)
    form = SessionForm(**bound(request), initial={"held_on": clock.today()})

    def call() -> Done:
        session = service.call_session(by=request.user, now=clock.now(), **form.cleaned_data)
        return Done(f"已召集{session}，会诊单位已收到通知，请列入病例。", "clinic_detail", session.pk)

    context = {"cancel_href": reverse("clinic_list")}
    return form_page(request, "problems/clinics/clinic_form.html", form, call, context=context)


@require_safe
def clinic_detail(request: HouseRequest, pk: int) -> HttpResponse:
    """One sitting with the cases the person may see."""
    return _session_page(request, _session(request, pk))


@require_POST
def clinic_add(request: HouseRequest, pk: int) -> HttpResponse:
    """Bring a problem before the sitting (列入病例); the office alone."""
    office_only(request)
    session = _session(request, pk)
    form = CaseForm(request.POST, user=request.user)
    if form.is_valid():
        try:
            service.add_case(
                session=session, problem=form.cleaned_data["problem"], by=request.user, now=clock.now()
            )
        except ValidationError as refusal:
            form.add_error("words", refusal.messages)
        else:
            messages.success(request, "已列入病例。")
            return redirect("clinic_detail", pk=pk)
    return _session_page(request, session, case_form=form)


@require_POST
def clinic_held(request: HouseRequest, pk: int) -> HttpResponse:
    """The minutes of the sitting (会诊纪要); the office alone."""
    office_only(request)
    session = _session(request, pk)
    form = NoteForm(request.POST)
    if form.is_valid():
        with refused_on(form):
            service.hold_session(session=session, by=request.user, now=clock.now(), **form.cleaned_data)
            messages.success(request, "会诊纪要已登记。")
            return redirect("clinic_detail", pk=pk)
    return _session_page(request, session, note_form=form)


@require_safe
def clinic_case(request: HouseRequest, pk: int) -> HttpResponse:
    """One case: diagnosis, prescription, follow-up, and the next step for whoever may take it."""
    return _case_page(request, get_object_or_404(_cases(request), pk=pk))


@require_POST
def clinic_diagnose(request: HouseRequest, pk: int) -> HttpResponse:
    """Say what the trouble is (诊断)."""
    return _step(request, pk, "diagnosis_form", DiagnosisForm(request.POST), service.diagnose, "诊断已登记。")


@require_POST
def clinic_prescribe(request: HouseRequest, pk: int) -> HttpResponse:
    """Who does what by when (开处方)."""
    form = ActionForm(request.POST, label="处方")
    return _step(request, pk, "action_form", form, add_action, "处方已下达责任单位。")


@require_POST
def clinic_follow(request: HouseRequest, pk: int) -> HttpResponse:
    """A line of follow-up (随访)."""
    return _step(request, pk, "follow_form", FollowUpForm(request.POST), service.follow_up, "随访已登记。")


@require_POST
def clinic_discharge(request: HouseRequest, pk: int) -> HttpResponse:
    """Discharge the case with its outcome (出院)."""
    form = DischargeForm(request.POST)
    return _step(request, pk, "discharge_form", form, service.discharge_case, "病例已出院。")


def _session(request: HouseRequest, pk: int) -> ClinicSession:
    return get_object_or_404(sessions_seen_by(request.user).select_related("made_by"), pk=pk)


def _cases(request: HouseRequest) -> QuerySet[ClinicCase]:
    return ClinicCase.objects.visible_to(request.user).select_related(
        "session", "problem__project", "problem__lead_unit", "discharged_by"
    )


def _session_page(request: HouseRequest, session: ClinicSession, **typed: forms.Form) -> HttpResponse:
    cases = _cases(request).filter(session=session).prefetch_related("actions__unit")
    context = {
        "session": session,
        "units": session.units.all(),
        "cases": cases,
        "steps": service.steps_of_session(session, request.user, clock.today()),
        "case_form": CaseForm(user=request.user),
        "note_form": NoteForm(initial={"note": session.note}),
    }
    return render(request, "problems/clinics/clinic_detail.html", context | typed)


def _step(
    request: HouseRequest, pk: int, name: str, form: forms.Form, verb: Callable[..., object], done: str
) -> HttpResponse:
    """Take one step on a case: the page again with what is wrong, else back to it. A foreign case is 404."""
    case = get_object_or_404(_cases(request), pk=pk)
    if service.steps_of_case(case, request.user, clock.today())["follow"].is_who:
        raise Http404

    def do() -> Done:
        verb(case=case, by=request.user, now=clock.now(), **form.cleaned_data)
        return Done(done, "clinic_case", pk)

    return fill_step(request, form, do, lambda: _case_page(request, case, **{name: form}))


def _case_page(request: HouseRequest, case: ClinicCase, **typed: forms.Form) -> HttpResponse:
    today = clock.today()
    actions = case.actions.for_steps(request.user).select_related("unit", "done_by")
    prefetch_related_objects([case], Prefetch("actions", actions))
    context = {
        "case": case,
        "problem": case.problem,
        "actions": with_steps(case.actions.all(), request.user, today),
        "entries": case.problem.entries.select_related("entered_by").order_by("-entered_on", "-pk"),
        "steps": service.steps_of_case(case, request.user, today),
        "diagnosis_form": DiagnosisForm(initial={"diagnosis": case.diagnosis}),
        "action_form": ActionForm(label="处方"),
        "follow_form": FollowUpForm(),
        "discharge_form": DischargeForm(),
    }
    return render(request, "problems/clinics/clinic_case.html", context | typed)
