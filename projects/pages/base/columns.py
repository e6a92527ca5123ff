"""Ready columns of the house's tables (列): a project, a unit, a day, a limit, an amount; and the table they stand in."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import urlencode

import django_tables2 as tables
from django.db import models
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from projects.models import Project, User
from projects.money import format_wan
from projects.templatetags.show import DASH, due, short_date
from projects.templatetags.states import state_tag

# how a cell is set: long words may break, short ones may not, numbers stand right (the long head of a figure folds),
# brief ones wrap early on phones
WRAP: dict[str, Any] = {"td": {"class": "wrap"}}
NOWRAP: dict[str, Any] = {"td": {"class": "nowrap"}}
NUMBER: dict[str, Any] = {"td": {"class": "num"}}
FIGURE: dict[str, Any] = {"td": {"class": "num fold-head"}}
BRIEF: dict[str, Any] = {"td": {"class": "brief"}}


class HouseTable(tables.Table):
    """A table as the house draws it: lean rows, cards on phones, a caption, and the day that its cells speak of.

    `user` is whose steps the cells offer, `back` the page that they lead back to; a list page puts both there.
    """

    as_of: dt.date
    user: User
    back: str = ""
    title: ClassVar[str] = ""

    class Meta:
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        fields: ClassVar = ()
        empty_text = "没有符合条件的记录。"

    def __init__(self, *args: Any, as_of: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.as_of = as_of
        self.caption = self.title

    def to_step(self, name: str, record: models.Model) -> str:
        """The address of a step of a row, which comes back to the list as it was left."""
        query = f"?{urlencode({'next': self.back})}" if self.back else ""
        return f"{reverse(name, args=[record.pk])}{query}"


def project_link(project: Project, words: str = "") -> SafeString:
    """The project's name, leading to its page."""
    return format_html(
        '<a href="{}">{}</a>', reverse("project_detail", args=[project.code]), words or project.name
    )


class ProjectColumn(tables.Column):
    """The project of a row, leading to its page; sorted by name. `accessor="name"` where the row is the project."""

    def __init__(self, verbose_name: str = "项目", **kwargs: Any) -> None:
        accessor = kwargs.get("accessor", "project")
        kwargs.setdefault("order_by", (f"{accessor}__name_key",) if accessor != "name" else ("name_key",))
        kwargs.setdefault("attrs", WRAP)
        super().__init__(verbose_name=verbose_name, **kwargs)

    def render(self, value: Any, record: Any) -> SafeString:
        return project_link(value if isinstance(value, Project) else record)


class LinkColumn(tables.Column):
    """The value, or what the table's `value_…` says, leading to the row's own page, named by its address (`to`)."""

    def __init__(self, verbose_name: str, to: str, **kwargs: Any) -> None:
        self.to = to
        kwargs.setdefault("attrs", WRAP)
        super().__init__(verbose_name=verbose_name, **kwargs)

    def render(self, value: Any, record: models.Model, bound_column: Any, table: tables.Table) -> SafeString:
        said = getattr(table, f"value_{bound_column.name}", None)
        words = said(record) if said else value
        return format_html('<a href="{}">{}</a>', reverse(self.to, args=[record.pk]), words)


class UnitColumn(tables.Column):
    """A unit in the office's order; 待明确 where none is named."""

    def __init__(self, verbose_name: str, accessor: str, **kwargs: Any) -> None:
        kwargs.setdefault("default", "待明确")
        order = (f"{accessor}__position", f"{accessor}__name_key")
        super().__init__(verbose_name=verbose_name, accessor=accessor, order_by=order, **kwargs)


class DayColumn(tables.Column):
    """A day, the year named where it is not the table's; a file takes the date itself."""

    def __init__(self, verbose_name: str, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", NOWRAP)
        super().__init__(verbose_name=verbose_name, **kwargs)

    def render(self, value: dt.date, table: HouseTable) -> str:
        return short_date(value, table.as_of)


class DueColumn(DayColumn):
    """A limit (时限), and how far off it is as long as the row is not `settled` on the table's day."""

    def __init__(self, verbose_name: str, *, settled: Callable[[Any, dt.date], bool], **kwargs: Any) -> None:
        self.settled = settled
        super().__init__(verbose_name=verbose_name, **kwargs)

    def render(self, value: dt.date, table: HouseTable, record: Any = None) -> str:
        day = short_date(value, table.as_of)
        if self.settled(record, table.as_of):
            return day
        return format_html("{} {}", day, due(value, table.as_of))


class AmountColumn(tables.Column):
    """An amount in 万元, thousands separated; a file takes the number itself."""

    def __init__(self, verbose_name: str, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", NUMBER)
        super().__init__(verbose_name=verbose_name, **kwargs)

    def render(self, value: Decimal) -> str:
        return format_wan(value)


class StateColumn(tables.Column):
    """The row's state as its tag (templatetags/states.py)."""

    def __init__(self, verbose_name: str = "状态", **kwargs: Any) -> None:
        super().__init__(verbose_name=verbose_name, **kwargs)

    def render(self, record: models.Model) -> SafeString:
        return state_tag(record)


class WordsColumn(tables.Column):
    """What the table's `value_…` says of a row, on the page as in a file; “—” where it says None."""

    def __init__(self, verbose_name: str, **kwargs: Any) -> None:
        super().__init__(verbose_name=verbose_name, empty_values=(), **kwargs)

    def render(self, record: Any, bound_column: Any, table: tables.Table) -> Any:
        words = getattr(table, f"value_{bound_column.name}")(record)
        return DASH if words is None else words


class ActionsColumn(tables.Column):
    """The buttons of a row (办理), drawn by the table's `render_actions`; a file has none."""

    def __init__(self, verbose_name: str = "办理", **kwargs: Any) -> None:
        kwargs.setdefault("attrs", NOWRAP)
        super().__init__(
            verbose_name=verbose_name, empty_values=(), orderable=False, exclude_from_export=True, **kwargs
        )
