"""A table's rows as plain values (列表导出): what is on the screen without its marks.

Exported are exactly the visible columns, in their order; columns of buttons carry `exclude_from_export=True`.
A cell is what the table's `value_<column>(record)` says; without one it is what the column's accessor finds: choices by
their display words, other rows by their names, dates and amounts as they are, nothing by the column's default
(待明确). `export_heads` of a table renames a column in the file, where its cells carry another unit than on the screen;
`export_widths` widens one whose words are longer there.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db.models import Model, QuerySet
from django_tables2 import Table
from django_tables2.columns import BoundColumn
from django_tables2.utils import Accessor

from projects.templatetags.show import DASH

CHUNK = 2000
WIDE, MIDDLE, NARROW = 34, 18, 14  # characters of a column, by its class on the screen


def exported_columns(table: Table) -> list[BoundColumn]:
    """The visible columns that carry facts."""
    return [column for column in table.columns if not column.column.exclude_from_export]


def heads(table: Table) -> list[str]:
    renamed = getattr(table, "export_heads", {})
    return [renamed.get(column.name, str(column.header)) for column in exported_columns(table)]


def widths(table: Table) -> list[int]:
    """Widths of the columns in characters, from the classes they wear on the screen."""
    found = []
    for column in exported_columns(table):
        css = set(((column.column.attrs.get("td") or {}).get("class") or "").split())
        usual = WIDE if css & {"wrap", "brief"} else NARROW if css & {"num", "nowrap"} else MIDDLE
        found.append(getattr(table, "export_widths", {}).get(column.name, usual))
    return found


def rows(table: Table, limit: int | None = None) -> Iterator[list[Any]]:
    """The values of every row of all pages (or of the first `limit`), in the table's sort.

    Streams in chunks with their prefetches; as many queries for one chunk as for a row.
    """
    readers = [_reader(table, column) for column in exported_columns(table)]
    for record in _records(table.data.data, limit):
        yield [read(record) for read in readers]


def _records(data: Any, limit: int | None) -> Iterable[Any]:
    if limit is not None:
        return data[:limit]
    return data.iterator(chunk_size=CHUNK) if isinstance(data, QuerySet) else data


def _reader(table: Table, column: BoundColumn) -> Callable[[Any], Any]:
    own = getattr(table, f"value_{column.name}", None)
    if own is not None:
        return own
    accessor = Accessor(column.accessor)
    default = None if column.default == DASH else column.default

    def read(record: Any) -> Any:
        parent, leaf = accessor.penultimate(record)
        display = getattr(parent, f"get_{leaf}_display", None)
        value = display() if display else accessor.resolve(record)
        if value is None or value == "":
            return default
        return str(value) if isinstance(value, Model) else value

    return read
