"""Further people of a project (协办单位、服务专员、项目代表、企业联系人): who comes, who leaves."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from projects import clock
from projects.models import Project, ProjectMember
from projects.services.register.members import add_member, end_member, kinds_for, steps_of

from ..base.form_page import Done, bound, form_page
from ..base.requests import HouseRequest
from .forms import EndMemberForm, MemberForm


@require_http_methods(["GET", "HEAD", "POST"])
def member_create(request: HouseRequest, code: str) -> HttpResponse:
    """Put a person or unit on the project."""
    project = get_object_or_404(Project.objects.visible_to(request.user), code=code)
    kinds = kinds_for(project, request.user)
    if not kinds:
        raise Http404
    wanted = request.GET.get("kind", "")
    initial = {"from_on": clock.today(), "kind": wanted if wanted in kinds else kinds[0].value}
    form = MemberForm(**bound(request), kinds=kinds, initial=initial)

    def add() -> Done:
        member = add_member(project=project, by=request.user, now=clock.now(), **form.cleaned_data)
        return Done(f"已登记{member.get_kind_display()}：{member}。", "project_detail", project.code)

    context = {"project": project, "cancel_href": reverse("project_detail", args=[project.code])}
    return form_page(request, "register/member_form.html", form, add, context=context)


@require_http_methods(["GET", "HEAD", "POST"])
def member_end(request: HouseRequest, pk: int) -> HttpResponse:
    """Say until when somebody served."""
    member = get_object_or_404(
        ProjectMember.objects.visible_to(request.user).select_related("project", "user", "unit"), pk=pk
    )
    steps = steps_of(member, request.user, clock.today())
    if steps["end"].is_who:
        raise Http404
    form = EndMemberForm(**bound(request), initial={"until_on": clock.today()})

    def end() -> Done:
        end_member(member=member, by=request.user, now=clock.now(), **form.cleaned_data)
        words = f"已登记{member}不再担任{member.get_kind_display()}。"
        return Done(words, "project_detail", member.project.code)

    back = reverse("project_detail", args=[member.project.code])
    context = {"member": member, "steps": steps, "cancel_href": back}
    return form_page(request, "register/member_end.html", form, end, context=context)
