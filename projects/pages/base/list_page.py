"""The recipe of a list page (列表页): rows, filter, table, chips, files, saved views and pages, declared in one place.

    class PermitList(ListPage):
        title, heading = "许可清单", "许可手续"
        subheading = "各项目的许可、批复及其有效期"
        filter_class, table_class = PermitFilter, PermitTable

        def rows(self):
            return Permit.objects.visible_to(self.request.user).with_validity(self.as_of)

    path("permits/", permits.PermitList.as_view(), name="permit_list")

A page that shows more has a template that extends list_page.html; what it needs comes from `context`.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views import View
from django_filters import FilterSet
from django_tables2 import Table

from projects import clock

from .context import as_of_from, everybody
from .listing import PER_PAGE, Chip, chips, exported, list_notes, paged
from .requests import HouseRequest


class ListPage(View):
    """A page of rows. What a list sets is what differs from the others; the steps are in `get`, in their order."""

    http_method_names = ["get", "head"]
    template_name = "list_page.html"
    title = ""  # of the file, and its name
    heading = ""  # of the page; its title too
    subheading = ""  # what the rows are; the page adds the day and whose eyes
    foot = ""  # a line of explanation beneath
    note = ""  # what a file says of its rows beside day, filters and scope (口径)
    quick: Sequence[tuple[str, str]] = ()  # filters above the table: (words, query)
    whose = "项目"  # what a person of narrow scope sees only own ones of
    who = staticmethod(everybody)  # who may open it at all
    refusal = ""  # what it says to others
    takes_as_of = True  # answers for any day, else for today
    per_page = PER_PAGE
    by_key = False  # see listing.paged
    table_class: type[Table]
    filter_class: type[FilterSet] | None = None
    given: Mapping[str, str] = {}  # filters in use where the address names none

    request: HouseRequest
    as_of: dt.date
    filterset: Any  # of filter_class; None without one

    # --- what a list says of itself ---------------------------------------------------------------------

    def rows(self) -> QuerySet | Sequence[Any]:
        """The rows before any filter, in their usual order; a sequence where no database holds them."""
        raise NotImplementedError

    def filter_arguments(self) -> dict[str, Any]:
        return {"as_of": self.as_of}

    def filter_data(self) -> QueryDict:
        """What the filters are given: the address, and `given` where it names none."""
        data = self.request.GET.copy()
        for name, value in self.given.items():
            data.setdefault(name, value)
        return data

    def table_arguments(self) -> dict[str, Any]:
        return {"as_of": self.as_of}

    def make_table(self, rows: Any) -> Table:
        table = self.table_class(rows, **self.table_arguments())
        table.user, table.back = self.request.user, self.request.get_full_path()
        return table

    def notes(self, active: Sequence[Chip]) -> Sequence[str]:
        """What a file says above its rows (口径)."""
        return list_notes(self.request, self.as_of, active, self.note, whose=self.whose)

    def active(self) -> list[Chip]:
        """The filters in use, as the page's chips and the notes of a file name them."""
        return chips(self.filterset)

    def prepare(self, table: Table) -> None:
        """What only the shown rows need, read when the page is cut."""

    def context(self) -> dict[str, Any]:
        """What the page's own template needs beside the list."""
        return {}

    # --- the page ---------------------------------------------------------------------------------------

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.as_of = as_of_from(self.request) if self.takes_as_of else clock.today()

    def get(self, request: HouseRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.who(request.user):
            raise PermissionDenied(self.refusal)
        self.filterset = self._filterset()
        rows = self.rows() if self.filterset is None else self.filterset.qs
        active = [] if self.filterset is None else self.active()
        self.table = self.make_table(rows)
        notes = self.notes(active)
        if file := exported(request, self.table, title=self.title, notes=notes, as_of=self.as_of):
            return file
        paged(request, self.table, self.per_page, by_key=self.by_key)
        self.prepare(self.table)
        return render(request, self.template_name, self._context(active) | self.context())

    def _filterset(self) -> FilterSet | None:
        if self.filter_class is None:
            return None
        return self.filter_class(self.filter_data(), queryset=self.rows(), **self.filter_arguments())

    def _context(self, active: list[Chip]) -> dict[str, Any]:
        return {
            "page": self,
            "as_of": self.as_of,
            "takes_as_of": self.takes_as_of,
            "table": self.table,
            "form": self.filterset and self.filterset.form,
            "chips": [chip for chip in active if chip.name in self.request.GET],
        }
