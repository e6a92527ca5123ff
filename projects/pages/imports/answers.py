"""The answers that senders' files are read with (沿用的回答): seen, changed, taken back. For the office only."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from projects import clock
from projects.models import SenderAnswer
from projects.services import imports as service
from projects.services.imports.staging import questions

from ..base.form_page import Done, bound, form_page, take_step
from ..base.guards import office_only
from ..base.requests import HouseRequest
from .forms import SenderAnswerForm, choice_words

PER_PAGE = 50
NOTHING = "还没有沿用的回答。导入时回答问题、调整各列后，会按填报单位记在这里。"
ABOUT = {
    questions.COLUMN: "表头读作",
    questions.CATEGORY: "项目类别",
    questions.UNIT: "金额单位",
    questions.DATE: "计划或实际日期",
    questions.PEOPLE: "领导姓名",
    questions.UNITS: "单位名称",
}


@require_safe
def import_answers(request: HouseRequest) -> HttpResponse:
    """What is remembered, by sender; what was taken back stands below what holds."""
    office_only(request)
    answers = SenderAnswer.objects.select_related("made_by", "taken_back_by")
    if sender := request.GET.get("sender", ""):
        answers = answers.filter(sender=sender)
    senders = SenderAnswer.objects.order_by("sender").values_list("sender", flat=True).distinct()
    page = Paginator(answers, PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        {"answer": row, "about": ABOUT.get(row.kind, row.kind), "words": choice_words(row.kind, row.answer)}
        for row in page.object_list
    ]
    context = {"page": page, "rows": rows, "senders": senders, "sender": sender, "nothing": NOTHING}
    return render(request, "imports/import_answers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def import_answer_edit(request: HouseRequest, pk: int) -> HttpResponse:
    """Answer otherwise from now on (改答), or no longer use the answer (停用)."""
    office_only(request)
    answer = get_object_or_404(SenderAnswer.objects.select_related("made_by", "taken_back_by"), pk=pk)
    ends = "end" in request.POST
    form = SenderAnswerForm(answer, **({} if ends else bound(request)))

    def edit() -> Done:
        to = form.cleaned_data["to"]
        service.change_answer(answer=answer, to=to, by=request.user, now=clock.now())
        return Done("已改答，今后读表按新的回答。", "import_answers")

    def end() -> Done:
        service.take_back_answer(answer=answer, by=request.user, now=clock.now())
        return Done("已停用，今后遇到会重新询问。", "import_answers")

    context = {
        "answer": answer,
        "step": service.answer_steps(answer, request.user),
        "about": ABOUT.get(answer.kind, answer.kind),
        "said": choice_words(answer.kind, answer.answer),
        "cancel_href": reverse("import_answers"),
    }
    if ends:
        return take_step(request, end, back=reverse("import_answer_edit", args=[pk]))
    return form_page(request, "imports/import_answer_edit.html", form, edit, context=context)
