"""Entry by hand, by the office: a new project (新建项目), a project's values of the office's own columns (自定义字段)."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from projects import clock
from projects.models import Project
from projects.services.register.entering import enter_project
from projects.services.register.further_fields import active_fields, set_further_fields

from ..base.form_page import Done, bound, form_page
from ..base.guards import office_only
from ..base.requests import HouseRequest
from .forms import FurtherFieldsForm, NewProjectForm


@require_http_methods(["GET", "HEAD", "POST"])
def project_create(request: HouseRequest) -> HttpResponse:
    """Facts, who answers, and the year's list it stands in; the page of the new project follows."""
    office_only(request, "新建项目")
    today = clock.today()
    form = NewProjectForm(**bound(request), year=today.year, today=today)

    def enter() -> Done:
        project = enter_project(**form.given(), by=request.user, now=clock.now())
        return Done(f"已新建“{project.name}”。", "project_detail", project.code)

    context = {"cancel_href": reverse("project_list")}
    return form_page(request, "register/project_create.html", form, enter, context=context)


@require_http_methods(["GET", "HEAD", "POST"])
def project_fields(request: HouseRequest, code: str) -> HttpResponse:
    """A project's values of the office's own columns."""
    office_only(request, "修改自定义字段")
    project = get_object_or_404(Project.objects.visible_to(request.user), code=code)
    further = active_fields()
    initial = {f"field_{field.pk}": project.extra.get(field.name, "") for field in further}
    form = FurtherFieldsForm(**bound(request), further=further, initial=initial)
    back = reverse("project_detail", args=[project.code])

    def save() -> Done:
        set_further_fields(project=project, values=form.values(), by=request.user, now=clock.now())
        return Done("自定义字段已保存。", back)

    context = {"project": project, "cancel_href": back}
    return form_page(request, "register/project_fields.html", form, save, context=context)
