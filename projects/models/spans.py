"""Rows that hold from a day until the next of their kind takes over (时间段), stored with both ends.

“In force on day D” is then one range condition. The end follows from the neighbours: whoever writes a row by `save` or
`delete`, or rows by `bulk_create` or a set's `delete`, writes the ends with it in the same transaction. PostgreSQL
refuses two rows that hold on one day (migration 0033). After an `update` of a first day call `respan`.
"""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import F, Q

AT_ONCE = 500  # keys asked for in one query


class Span(models.Model):
    """A row that holds from BEGINS until `until_on`, the first day on which it does not (half-open)."""

    BEGINS: ClassVar[str]  # the field of the first day
    DERIVED: ClassVar[frozenset[str]] = frozenset(
        {"until_on"}
    )  # follows from the neighbours: no change of its own
    SPANNED: ClassVar[
        tuple[str, ...]
    ]  # whose rows take over from each other, by column, e.g. ("listing_id",)

    until_on = models.DateField("被接替日期", null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.until_on = None  # a first day moved past the end would be refused before the end is written anew
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "until_on"}
        with transaction.atomic():
            super().save(*args, **kwargs)
            self.respan({self.span_key})

    @classmethod
    def holds(cls, day: date, path: str = "") -> Q:
        """The condition on a row that it holds on the day; `path` leads to it from another row (listing__versions__)."""
        begun, until = Q(**{f"{path}{cls.BEGINS}__lte": day}), f"{path}until_on"
        return begun & (Q(**{f"{until}__isnull": True}) | Q(**{f"{until}__gt": day}))

    @property
    def span_key(self) -> tuple[Any, ...]:
        return tuple(getattr(self, column) for column in self.SPANNED)

    @property
    def begins_on(self) -> date:
        return getattr(self, self.BEGINS)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            gone = super().delete(*args, **kwargs)
            self.respan({self.span_key})
        return gone

    @classmethod
    def respan(cls, keys: Iterable[tuple[Any, ...]]) -> None:
        """Write the ends of all rows of these keys anew: each ends where the next begins. A query for 500 keys."""
        wanted = sorted(set(keys))
        for start in range(0, len(wanted), AT_ONCE):
            cls._respan(set(wanted[start : start + AT_ONCE]))

    @classmethod
    def _respan(cls, keys: set[tuple[Any, ...]]) -> None:
        first = cls.SPANNED[0]
        rows: Any = (
            cls._default_manager.filter(**{f"{first}__in": {key[0] for key in keys}})
            .order_by(*cls.SPANNED, cls.BEGINS, "pk")
            .only(*cls.SPANNED, cls.BEGINS, "until_on")
        )
        wrong = []
        for _key, group in groupby(rows, key=lambda row: row.span_key):
            run = list(group)
            for row, following in zip(run, [*run[1:], None], strict=True):
                until = following.begins_on if following else None
                if row.until_on != until:
                    row.until_on = until
                    wrong.append(row)
        # the earlier end first: two rows never hold on one day
        cls._default_manager.bulk_update(wrong, ["until_on"], batch_size=AT_ONCE)


def lasts(day: date, first: str, last: str) -> Q:
    """The condition on a row whose own fields name its first and its last day: the last day still counts."""
    return Q(**{f"{first}__lte": day}) & (Q(**{f"{last}__isnull": True}) | Q(**{f"{last}__gte": day}))


def ends_after_it_begins(begins: str, name: str) -> models.CheckConstraint:
    """Guards a span's ends; a row taken over on its own first day never holds."""
    return models.CheckConstraint(condition=Q(until_on__isnull=True) | Q(until_on__gte=F(begins)), name=name)
