"""Ready filters of the house's lists (筛选): words, a list of the year, a unit, a choice."""

import datetime as dt
from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from projects.models import AnnualList, Handover, Official, Project, Unit

ALL = "全部"
UNKNOWN = "none"  # the value that asks for rows where nobody is named


class HouseFilterSet(django_filters.FilterSet):
    """Filters whose answers are those of a day."""

    def __init__(self, *args: Any, as_of: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.as_of = as_of

    def unchanged(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        """For a choice that the view reads itself."""
        return rows


class WordsFilter(django_filters.CharFilter):
    """Rows that hold every word: in one of `fields`, or in their project as the ledger's search finds it.

    `project` is the way from the row to its project; "" where the fields alone are searched, "pk" where the row is one.
    """

    def __init__(self, *fields: str, project: str = "project", label: str = "关键词", **kwargs: Any) -> None:
        super().__init__(label=label, **kwargs)
        self.fields, self.project = fields, project

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        for word in (value or "").lower().split():
            found = Q()
            for field in self.fields:
                found |= Q(**{f"{field}__icontains": word})
            if self.project:
                found |= Q(**{f"{self.project}__in": Project.objects.search(word).values("pk")})
            qs = qs.filter(found)
        return qs


def lists_of(year: int) -> QuerySet[AnnualList]:
    """The year's lists in the office's order."""
    return AnnualList.objects.filter(year=year).select_related("kind").order_by("kind__position")


class ListFilter(django_filters.ModelChoiceFilter):
    """名单: rows whose project is in the list on the filter set's day, whose year's lists are offered.

    `project` as in WordsFilter.
    """

    def __init__(self, project: str = "project", **kwargs: Any) -> None:
        super().__init__(queryset=AnnualList.objects.none(), label="名单", empty_label=ALL, **kwargs)
        self.project = project

    def get_queryset(self, request: Any) -> QuerySet[AnnualList]:
        return lists_of(self.parent.as_of.year)

    def filter(self, qs: QuerySet, value: AnnualList | None) -> QuerySet:
        if not value:
            return qs
        return qs.filter(**{f"{self.project}__in": value.projects_on(self.parent.as_of).values("pk")})


class ChoiceFilter(django_filters.ChoiceFilter):
    """One of some words; 全部 where none is chosen."""

    def __init__(self, label: str, choices: Any = (), **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", ALL)
        super().__init__(label=label, choices=choices, **kwargs)


class RowFilter(django_filters.ModelChoiceFilter):
    """One of the rows of a table; 全部 where none is chosen. `null_label` offers the rows where none is named."""

    def __init__(self, label: str, queryset: QuerySet, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", ALL)
        if "null_label" in kwargs:
            kwargs.setdefault("null_value", UNKNOWN)
        super().__init__(label=label, queryset=queryset, **kwargs)


class UnitFilter(RowFilter):
    """A unit in the office's order; of one kind where `kind` says so, those abolished left out unless `also_former`."""

    def __init__(
        self,
        label: str,
        field_name: str | None = None,
        *,
        kind: str = "",
        also_former: bool = False,
        **kwargs: Any,
    ) -> None:
        units = Unit.objects.all() if also_former else Unit.objects.filter(is_active=True)
        super().__init__(label, units.filter(kind=kind) if kind else units, field_name=field_name, **kwargs)


HOLDERS = {  # who may hold a slot, those who have left included: a past day is asked of them
    Handover.Slot.SPONSOR: Official.objects.all(),
    Handover.Slot.LEAD_DEPARTMENT: Unit.objects.exclude(kind=Unit.Kind.DISTRICT),
    Handover.Slot.HOST_DISTRICT: Unit.objects.exclude(kind=Unit.Kind.DEPARTMENT),
}


class HolderFilter(RowFilter):
    """挂包领导、推进部门、属地: rows whose project the person or unit answered for on the filter set's day.

    `project` as in WordsFilter.
    """

    def __init__(self, slot: Handover.Slot, project: str = "project", label: str = "", **kwargs: Any) -> None:
        super().__init__(label or slot.label, HOLDERS[slot], **kwargs)
        self.slot, self.project = slot, project

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        if not value:
            return qs
        holder = None if value == self.null_value else value
        held = Project.objects.held_by(self.slot, holder, self.parent.as_of)
        return qs.filter(**{f"{self.project}__in": held.values("pk")})
