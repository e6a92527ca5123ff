"""A project entered by hand (新建项目), by the office."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from projects import clock
from projects.services.register.entering import enter_project

from ..base.form_page import Done, bound, form_page
from ..base.guards import office_only
from ..base.requests import HouseRequest
from .forms import NewProjectForm


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
