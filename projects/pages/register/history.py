"""Undoing a change from a project's history (撤销更改): what would be set back, the reason, the act."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from projects import clock
from projects.models import AuditRecord
from projects.queries.base.changes import described
from projects.services.base.changing import sure
from projects.services.register.undoing import steps_of, undo_change

from ..base.form_page import Done, bound, form_page
from ..base.guards import refuse_others
from ..base.requests import HouseRequest
from .forms import ChangeUndoForm


@require_http_methods(["GET", "HEAD", "POST"])
def change_undo(request: HouseRequest, pk: int) -> HttpResponse:
    """Set back what one record of the history changed; a page asks first and says why where it cannot be done."""
    records = AuditRecord.objects.select_related("by", "project", "imported_row__batch")
    entry = get_object_or_404(records.filter(project__isnull=False), pk=pk)
    steps = steps_of(entry, request.user)
    refuse_others(steps["undo"])
    back = reverse("project_detail", args=[sure(entry.project).code])

    def undo() -> Done:
        undo_change(entry=entry, by=request.user, now=clock.now(), **form.cleaned_data)
        return Done("已恢复为更改之前的内容。", back)

    form = ChangeUndoForm(**bound(request))
    (told,) = described([entry])
    context = {"entry": told, "steps": steps, "cancel_href": back}
    return form_page(request, "register/change_undo.html", form, undo, context=context)
