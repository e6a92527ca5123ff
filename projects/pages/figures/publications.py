"""Publications (数据发布): the list, one with its two readings and the corrections since, sealing a day by hand."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from projects import clock
from projects.figures.corrections import Readings, compared_figures, corrected_sum
from projects.figures.figures import FigureRow, Figures, figures_of
from projects.figures.published import as_corrected, as_published
from projects.models import AnnualList, Publication
from projects.queries.figures.corrections import correction_rows, find_causes
from projects.services.figures.publications import seal_figures

from ..base.context import all_seeing
from ..base.form_page import Done, bound, form_page
from ..base.guards import office_only
from ..base.list_page import ListPage
from ..base.listing import chips, exported, file_asked, list_notes, paged
from ..base.requests import HouseRequest
from ..base.scope import door
from .filters import CorrectionFilter
from .forms import SealForm
from .tables import CorrectionTable, PublicationTable

REFUSAL = "数据发布由发改局统筹、督查和管理员查看。"


class PublicationList(ListPage):
    """All publications, the latest day first; those who see all projects."""

    template_name = "figures/publication_list.html"
    title = heading = "数据发布"
    who, refusal = staticmethod(all_seeing), REFUSAL
    takes_as_of = False
    table_class = PublicationTable

    def rows(self) -> QuerySet[Publication]:
        counted = Count("rows__listing__project", distinct=True)
        return Publication.objects.select_related("published_by", "weekly_report").annotate(projects=counted)


@require_http_methods(["GET", "HEAD", "POST"])
def publication_seal(request: HouseRequest) -> HttpResponse:
    """Seal the figures of a day by hand (封存数据); the office alone."""
    office_only(request, "封存数据")
    form = SealForm(**bound(request), initial={"as_of": clock.today()})

    def seal() -> Done:
        publication = seal_figures(by=request.user, now=clock.now(), **form.cleaned_data)
        words = f"已封存{publication}的数据，此后更正不改变发布时的数字。"
        return Done(words, "publication_detail", publication.pk)

    return form_page(request, "figures/publication_seal.html", form, seal)


@require_safe
def publication_detail(request: HouseRequest, pk: int) -> HttpResponse:
    """A publication's main figures in both readings, and every correction since, of a list or in the total.

    A constant number of queries, however many projects, corrections and lists.
    """
    if not request.user.sees_all_projects:
        raise PermissionDenied(REFUSAL)
    publication = get_object_or_404(
        Publication.objects.select_related("published_by", "weekly_report"), pk=pk
    )
    filterset = CorrectionFilter(request.GET, publication=publication)
    chosen: AnnualList | None = filterset.asked("list")
    readings = Readings.of(publication)
    corrections = readings.corrections(chosen.pk if chosen else None)
    rows = filterset.narrowed(correction_rows(corrections))
    table = CorrectionTable(rows, as_of=publication.as_of)
    if figure := filterset.asked("figure"):
        table.data_sum = corrected_sum((row.correction for row in rows), figure)
        table.data_sum_key = figure
    if file_asked(request):
        find_causes(publication, rows)
    active = chips(filterset)
    whose = str(chosen) if chosen else "全部名单合计"
    notes = list_notes(request, publication.as_of, active, str(publication), whose)
    title = f"{publication}数据更正清单"
    if file := exported(request, table, title=title, notes=notes, as_of=publication.as_of):
        return file
    paged(request, table)
    find_causes(publication, [row.record for row in table.paginated_rows])
    before, after = (
        figures_of(scope, follow_up=False) for scope in (as_published(publication), as_corrected(publication))
    )
    context = {
        "publication": publication,
        "chosen": chosen,
        "lines": _lines(publication, _row(before, chosen), _row(after, chosen)),
        "tabs": _tabs(publication, readings, after, chosen),
        "count": len(corrections),
        "table": table,
        "form": filterset.form,
        "chips": [chip for chip in active if chip.name != "list"],
    }
    return render(request, "figures/publication_detail.html", context)


def _row(figures: Figures, chosen: AnnualList | None) -> FigureRow:
    if chosen is None:
        return figures.total
    return next(row for row in figures.lists if row.scope.lists == (chosen.pk,))


def _lines(publication: Publication, before: FigureRow, after: FigureRow) -> list[dict[str, Any]]:
    """The main figures with the doors of both readings; an amount's difference opens the corrections that make it."""
    address = reverse("publication_detail", args=[publication.pk])
    narrowed = f"&list={after.scope.lists[0]}" if after.scope.lists else ""
    return [
        {
            "figure": figure,
            "places": after.places,
            "published_href": door(before.scope, figure.key) if figure.is_counted else "",
            "corrected_href": door(after.scope, figure.key) if figure.is_counted else "",
            "difference_href": f"{address}?figure={figure.key}{narrowed}#corrections"
            if figure.is_amount
            else "",
        }
        for figure in compared_figures(before, after)
    ]


def _tabs(
    publication: Publication, readings: Readings, figures: Figures, chosen: AnnualList | None
) -> list[dict[str, Any]]:
    """The total and each list with its number of corrections."""
    address = reverse("publication_detail", args=[publication.pk])
    places = [("合计", None), *((row.list_name, row.scope.lists[0]) for row in figures.lists)]
    return [
        {
            "name": name,
            "href": f"{address}?list={pk}" if pk else address,
            "count": len(readings.corrections(pk)),
            "is_current": pk == (chosen.pk if chosen else None),
        }
        for name, pk in places
    ]
