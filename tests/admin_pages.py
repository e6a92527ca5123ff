"""How tests use the admin as a browser does: addresses, forms as shown, what was refused."""

from django.urls import reverse

from projects.models import Unit

from .factories import (
    make_listing,
    make_official,
    make_plan,
    make_problem,
    make_project,
    make_report,
    make_unit,
)


def url(model, page, *args):
    return reverse(f"admin:projects_{model._meta.model_name}_{page}", args=args)


def form_of(response):
    """What a browser would send back for the page as shown: the form and its inlines."""
    context = response.context
    data = {}
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            widget = bound.field.widget
            if value is None or value is False:
                continue
            if value is True:
                data[bound.html_name] = "on"
            elif isinstance(value, list | tuple) and getattr(widget, "allow_multiple_selected", False):
                data[bound.html_name] = list(value)
            else:
                data[bound.html_name] = (
                    widget.format_value(value) if hasattr(widget, "format_value") else value
                )
                if isinstance(data[bound.html_name], list):
                    data[bound.html_name] = data[bound.html_name][0] if data[bound.html_name] else ""
    return {name: value for name, value in data.items() if value is not None}


def save(client, address, **changed):
    response = client.get(address)
    assert response.status_code == 200
    return client.post(address, form_of(response) | changed)


def errors(response):
    if response.status_code != 200:
        return ""
    context = response.context
    found = [str(context["adminform"].form.errors)]
    for inline in context["inline_admin_formsets"]:
        found += [str(inline.formset.errors), str(inline.formset.non_form_errors())]
    return "".join(found)


def everything():
    """One row or more of most tables."""
    lead, district, sponsor = make_unit(), make_unit(kind=Unit.Kind.DISTRICT), make_official()
    project = make_project(lead_department=lead, host_district=district, sponsor=sponsor)
    make_listing(project)
    make_plan(project, "2023-10-01")
    make_report(project)
    make_problem(project)
    return project
