"""What every list page shares (列表页): sorting, pages, the chips of active filters, the list as a file."""

import datetime as dt
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django_filters import FilterSet
from django_tables2 import Table

from projects import clock
from projects.digests.list_docx import MOST_ROWS, list_docx
from projects.workbooks import write_table

from . import exporting
from .requests import HouseRequest
from .sorting import in_order, sorted_rows

PER_PAGE = 50
XLSX, DOCX = "xlsx", "docx"


@dataclass(frozen=True)
class Chip:
    """An active filter: removing it is a link (已选条件). An unknown one lets no row through."""

    name: str
    value: str
    label: str
    is_unknown: bool = False


def sort_as_asked(request: HouseRequest, table: Table) -> Table:
    """The table in the order of ?sort= (see pages/base/sorting)."""
    data = table.data.data
    unsorted = None if isinstance(data, QuerySet) else list(data)
    wanted = [name for name in request.GET.getlist("sort") if name.lstrip("-") in table.columns.names()]
    if wanted:
        table.order_by = wanted
        if unsorted is None and table.order_by:
            table.data.data = in_order(table.data.data, table.data.data.query.order_by)
        elif unsorted is not None and table.order_by:
            keys = [key for alias in table.order_by for key in table.columns[alias.bare].order_by]
            table.data.data = sorted_rows(unsorted, keys)
    return table


def paged(request: HouseRequest, table: Table, per_page: int = PER_PAGE, *, by_key: bool = False) -> Table:
    """The table sorted by ?sort= and cut to ?page=; words that are no page show the nearest one.

    `by_key` finds the page's keys first and then their rows: for rows that are dear to work out, which the database
    would otherwise do for every row before the page too. One query more.
    """
    sort_as_asked(request, table)
    table.paginate(page=1, per_page=per_page)
    table.page = table.paginator.get_page(request.GET.get("page"))
    if by_key:
        shown = table.page.object_list
        keys = list(shown.data.values_list("pk", flat=True))
        found = table.data.data.in_bulk(keys)
        shown.data = [found[key] for key in keys if key in found]
    return table


def file_asked(request: HouseRequest) -> str:
    """The kind of file ?format= asks for: xlsx, docx, or "" for the page itself."""
    wanted = request.GET.get("format", "")
    return wanted if wanted in {XLSX, DOCX} else ""


def exported(
    request: HouseRequest,
    table: Table,
    *,
    title: str,
    notes: Sequence[str] = (),
    as_of: dt.date | None = None,
) -> HttpResponse | None:
    """The list as a file where ?format= asks for one (导出), else None. To be called before `paged`:

        if file := exported(request, table, title="节点清单", notes=list_notes(...), as_of=as_of):
            return file

    Visible columns, all pages, filters and sort as on the screen (see pages/base/exporting). A list too long for Word leads
    back to its page with a sentence.
    """
    kind = file_asked(request)
    return list_file(request, table, kind, title=title, notes=notes, as_of=as_of) if kind else None


def list_file(
    request: HouseRequest,
    table: Table,
    kind: str,
    *,
    title: str,
    notes: Sequence[str] = (),
    as_of: dt.date | None = None,
    page: str = "",
) -> HttpResponse:
    """The list as a file of a kind, for an address that is a file by itself; `page` is its list's address."""
    sort_as_asked(request, table)
    name = f"{title}{as_of or clock.today():%Y%m%d}.{kind}"
    if kind == XLSX:
        return download(_workbook(table, title, _counted(notes, _count(table))), name)
    rows = list(exporting.rows(table, limit=MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        return _too_long(request, table, page or request.path)
    notes = _counted(notes, len(rows))
    paper = list_docx(title=title, notes=notes, heads=exporting.heads(table), rows=rows)
    return download(BytesIO(paper), name)


def _count(table: Table) -> int:
    data = table.data.data
    return data.count() if isinstance(data, QuerySet) else len(data)


def _counted(notes: Sequence[str], rows: int) -> list[str]:
    """The notes of a file, the first of which ends with the number of rows."""
    first, *others = notes or [""]
    return [f"{first}共{rows:,}条。", *others]


def download(file: IO[bytes], name: str) -> Any:
    """The file as an answer; by its types a FileResponse were no HttpResponse, which every view promises."""
    return FileResponse(file, as_attachment=True, filename=name)


def _workbook(table: Table, title: str, notes: Sequence[str]) -> IO[bytes]:
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    write_table(
        file,
        title=title,
        heads=exporting.heads(table),
        rows=exporting.rows(table),
        notes=notes,
        widths=exporting.widths(table),
    )
    file.seek(0)
    return file


def _too_long(request: HouseRequest, table: Table, page: str) -> HttpResponse:
    messages.warning(
        request,
        f"共 {_count(table):,} 行，超过 Word 文档可容纳的 {MOST_ROWS} 行，请缩小筛选范围或导出 Excel。",
    )
    query = request.GET.copy()
    query.pop("format", None)
    return redirect(f"{page}?{query.urlencode()}" if query else page)


def list_notes(
    request: HouseRequest, as_of: dt.date, active: Iterable[Chip], *words: str, whose: str = "项目"
) -> list[str]:
    """What the rows of a file are (口径), in one line: the day, the page's own words, filters, whose eyes."""
    day = f"截至{as_of.year}年{as_of.month}月{as_of.day}日"
    said = ["，".join([day, *(word for word in words if word)])]
    active = list(active)
    if active:
        said.append(f"范围：{'；'.join(chip.label for chip in active)}")
    if any(chip.is_unknown for chip in active):
        said.append("有的筛选条件无法识别，因此没有列出任何记录")
    if not request.user.sees_all_projects:
        said.append(f"仅含本人有权查看的{whose}")
    return ["。".join(said) + "。"]


def chips(filterset: FilterSet) -> list[Chip]:
    """Chips of the filters in use, in the words of their choices; one whose value cannot be read says so."""
    form, active = filterset.form, []
    for name, field in form.fields.items() if form.errors is not None else ():
        if name in form.errors:
            active.append(Chip(name, filterset.data[name], f"{field.label}：无法识别", is_unknown=True))
            continue
        value = form.cleaned_data.get(name)
        if value in (None, "") or name not in filterset.data:
            continue
        words = str(value)
        if getattr(field, "choices", None) and not hasattr(value, "pk"):
            words = next((str(label) for key, label in field.choices if str(key) == str(value)), words)
        elif value is True:
            words = "是"
        active.append(Chip(name, filterset.data[name], f"{field.label}：{words}"))
    return active
