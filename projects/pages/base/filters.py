"""Ready filters of the house's lists (筛选): words, a list of the year, a unit, a choice."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django_filters.fields import ModelChoiceField

from projects.models import AnnualList, Handover, Official, Project, Unit
from projects.models.lists.listings import KIND_KEY
from projects.pinyin import plain

ALL = "全部"
UNKNOWN = "none"  # the value that asks for rows where nobody is named


class HouseFilterSet(django_filters.FilterSet):
    """Filters whose answers are those of a day."""

    def __init__(self, *args: Any, as_of: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.as_of = as_of
        self.year = as_of.year  # whose lists are offered

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Rows of the choices; none where one cannot be read, for a filter that falls away widens the list."""
        return super().filter_queryset(queryset) if self.form.is_valid() else queryset.none()

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
        for word in (value or "").split():
            found = Q()
            for field in self.fields:  # as it was typed, or in half width
                found |= Q(**{f"{field}__icontains": word}) | Q(**{f"{field}__icontains": plain(word)})
            if self.project:
                found |= Q(**{f"{self.project}__in": Project.objects.search(word).values("pk")})
            qs = qs.filter(found)
        return qs


def lists_of(year: int) -> QuerySet[AnnualList]:
    """The year's lists in the office's order."""
    return AnnualList.objects.filter(year=year).select_related("kind").order_by("kind__position")


def list_asked(text: str, lists: QuerySet[AnnualList]) -> AnnualList | None:
    """Which of a year's lists an address names: by its kind (kind-3), the same every year, or by its own id."""
    number = text.removeprefix(KIND_KEY)
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    return lists.filter(**{"pk" if number == text else "kind": int(number)}).first()


class ListField(ModelChoiceField):
    """A list of the year, called by its kind; its own id is understood too (old addresses)."""

    read: Mapping[str, AnnualList] = {}  # what was asked for, to choose its option

    def prepare_value(self, value: Any) -> Any:
        value = self.read.get(value, value) if isinstance(value, str) else value
        return value.key if isinstance(value, AnnualList) else super().prepare_value(value)

    def to_python(self, value: Any) -> AnnualList | None:
        if value in self.empty_values:
            return None
        found = list_asked(str(value), self.queryset)
        if found is None:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        self.read = {value: found}
        return found


class ListFilter(django_filters.ModelChoiceFilter):
    """名单: rows whose project is in the list on the filter set's day, whose year's lists are offered.

    `project` as in WordsFilter.
    """

    field_class = ListField

    def __init__(self, project: str = "project", **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", ALL)
        super().__init__(queryset=AnnualList.objects.none(), label="名单", **kwargs)
        self.project = project

    def get_queryset(self, request: Any) -> QuerySet[AnnualList]:
        return lists_of(self.parent.year)

    def filter(self, qs: QuerySet, value: AnnualList | None) -> QuerySet:
        if not value:
            return qs
        return qs.filter(**{f"{self.project}__in": value.projects_on(self.parent.as_of).values("pk")})


class ChoiceFilter(django_filters.ChoiceFilter):
    """One of some words; 全部 where none is chosen."""

    def __init__(self, label: str, choices: Any = (), **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", ALL)
        super().__init__(label=label, choices=choices, **kwargs)


class YesField(forms.NullBooleanField):
    """Yes or not asked; other words are refused, not taken for “not asked”."""

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        if found is None and value not in self.empty_values:
            raise ValidationError("请选择有效的选项。")
        return found


class YesFilter(django_filters.BooleanFilter):
    """Rows of one kind (`words`); 全部 where it is not asked."""

    field_class = YesField

    def __init__(self, label: str, words: str, **kwargs: Any) -> None:
        widget = forms.Select(choices=[("", ALL), ("true", words)])
        super().__init__(label=label, widget=widget, **kwargs)


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
