"""The order a list is asked for (排序): what is empty stands last whichever way, Chinese names by pinyin, on every database."""

from collections.abc import Callable, Iterator, Sequence
from functools import cmp_to_key
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import F, QuerySet, Value
from django.db.models.expressions import Combinable, OrderBy
from django.db.models.functions import NullIf
from django_tables2.utils import Accessor

from projects.pinyin import sort_key

NAME_KEY = "name_key"  # the column of the models' names; rows that no database holds have their names alone


def in_order(rows: QuerySet, keys: Sequence[Any]) -> QuerySet:
    """The rows by the keys, the empty last, and equal ones by their ids, so that pages neither repeat nor lose any."""
    return rows.order_by(*(each for key in keys for each in _empty_last(rows, key)), "pk")


def _empty_last(rows: QuerySet, key: Any) -> Iterator[Any]:
    if isinstance(key, OrderBy):
        yield key if key.nulls_first else OrderBy(key.expression, key.descending, nulls_last=True)
    elif not isinstance(key, str):
        yield key.asc(nulls_last=True)
    else:
        yield from _of_column(rows, key.lstrip("-"), is_descending=key.startswith("-"))


def _of_column(rows: QuerySet, path: str, *, is_descending: bool) -> Iterator[Any]:
    """A column is told to put its empties last only where it may have any: an index serves the plain order."""
    field, may_be_empty = _found(rows, path)
    if field is not None and field.is_relation and getattr(field, "attname", "") != path.rpartition("__")[2]:
        model: Any = field.related_model
        for inner in model._meta.ordering or ("pk",):
            if isinstance(inner, str):
                flipped = inner.startswith("-") is not is_descending
                yield from _of_column(rows, f"{path}__{inner.lstrip('-')}", is_descending=flipped)
        return
    value: Combinable = F(path)
    if isinstance(field, models.CharField | models.TextField) and field.blank:
        value, may_be_empty = NullIf(F(path), Value("")), True
    if not may_be_empty:
        yield f"-{path}" if is_descending else path
    elif isinstance(value, F | NullIf):
        yield value.desc(nulls_last=True) if is_descending else value.asc(nulls_last=True)


def _found(rows: QuerySet, path: str) -> tuple[Any, bool]:
    """The field at the end of a path, None where it is worked out, and whether a row may have nothing there."""
    model: Any = rows.model
    field, may_be_empty = None, False
    for part in path.split("__"):
        if part in rows.query.annotations or model is None:
            return None, True
        try:
            field = model._meta.pk if part == "pk" else model._meta.get_field(part)
        except FieldDoesNotExist:
            return None, True
        may_be_empty = may_be_empty or field.null or not field.concrete
        model = field.related_model if field.is_relation else None
    return field, may_be_empty


def sorted_rows(rows: Sequence[Any], keys: Sequence[Any]) -> list[Any]:
    """Rows that no database holds, in the order of the accessors; one after the other, the last first, keeps the ties."""
    found = list(rows)
    for key in reversed(keys):
        read = _reader(key.bare)
        read_of = [(read(row), row) for row in found]
        filled = [pair for pair in read_of if pair[0] is not None]
        filled.sort(key=lambda pair: _COMPARED(pair[0]), reverse=key.is_descending)
        found = [row for _value, row in filled] + [row for value, row in read_of if value is None]
    return found


def _reader(path: str) -> Callable[[Any], Any]:
    """What a row is sorted by: its value, names by pinyin; None where there is nothing, a rate without a base too."""
    accessor = Accessor(path.removesuffix("_key") if path.endswith(NAME_KEY) else path)

    def read(row: Any) -> Any:
        value = accessor.resolve(row, quiet=True)
        if value in (None, "") or getattr(value, "value", value) is None:
            return None
        return sort_key(str(value)) if isinstance(value, str | models.Model) else value

    return read


def _compared(one: Any, other: Any) -> int:
    try:
        return (one > other) - (one < other)
    except TypeError:  # of different kinds: as they stand
        return 0


_COMPARED = cmp_to_key(_compared)
