"""What every list page shares (列表页): sorting, pages and the chips of active filters."""

from dataclasses import dataclass

from django.http import HttpRequest
from django_filters import FilterSet
from django_tables2 import Table

PER_PAGE = 50


@dataclass(frozen=True)
class Chip:
    """An active filter: removing it is a link (已选条件)."""

    name: str
    value: str
    label: str


def paged(request: HttpRequest, table: Table, per_page: int = PER_PAGE) -> Table:
    """The table sorted by ?sort= and cut to ?page=; words that are no page show the nearest one."""
    wanted = [name for name in request.GET.getlist("sort") if name.lstrip("-") in table.columns.names()]
    if wanted:
        table.order_by = wanted
    table.paginate(page=1, per_page=per_page)
    table.page = table.paginator.get_page(request.GET.get("page"))
    return table


def chips(filterset: FilterSet) -> list[Chip]:
    """Chips of the filters in use, in the words of their choices."""
    active = []
    for name, value in filterset.form.cleaned_data.items() if filterset.form.is_valid() else ():
        if value in (None, "") or name not in filterset.data:
            continue
        field = filterset.form.fields[name]
        words = str(value)
        if getattr(field, "choices", None) and not hasattr(value, "pk"):
            words = next((str(label) for key, label in field.choices if str(key) == str(value)), words)
        elif value is True:
            words = "是"
        active.append(Chip(name, filterset.data[name], f"{field.label}：{words}"))
    return active
