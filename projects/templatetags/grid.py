"""Tables and query strings (表格) for components/table.html: lean rows, sort links, kept parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join, strip_tags
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@dataclass(frozen=True, slots=True)
class Head:
    """One column as its head shows it: words, class, sort ("ascending", "descending" or none), next sort, 口径."""

    name: str
    words: str
    css: str
    orderable: bool
    sort: str
    next_sort: str
    footer: Any
    meaning: str


@register.simple_tag
def table_heads(table: Any) -> list[Head]:
    """The columns' heads, worked out once per table instead of once per cell."""
    heads = []
    ordered = {alias.bare: alias for alias in table.order_by or ()}
    for column in table.columns:
        alias = ordered.get(column.name)
        sort = "" if alias is None else "descending" if alias.is_descending else "ascending"
        css = (column.column.attrs.get("td") or {}).get("class", "")
        meaning = column.column.attrs.get("meaning", "")  # the key of the rate that the column shows
        footer = column.footer if table.has_footer() else ""
        heads.append(
            Head(
                column.name,
                column.header,
                css,
                column.orderable,
                sort,
                column.order_by_alias.next,
                footer,
                meaning,
            )
        )
    return heads


@register.simple_tag
def table_rows(table: Any, heads: list[Head]) -> SafeString:
    """The body's rows as HTML: the first cell is the row's head, the others carry their column's words.

    Much cheaper than a template loop, because attributes are computed per column. A row takes attributes only
    where the table's Meta names row_attrs.
    """
    opening = [
        format_html('<th scope="row" class="{}">', head.css)
        if number == 0
        else format_html('<td class="{}" data-label="{}">', head.css, strip_tags(head.words))
        for number, head in enumerate(heads)
    ]
    own_attrs = bool(table.row_attrs)
    parts = []
    for row in table.paginated_rows:
        parts.append(f"<tr {row.attrs.as_html()}>" if own_attrs else "<tr>")
        for number, (_column, cell) in enumerate(row.items()):
            parts.append(opening[number])
            parts.append("" if cell is None else conditional_escape(cell))
            parts.append("</td>" if number else "</th>")
        parts.append("</tr>\n")
    return mark_safe("".join(parts))  # noqa: S308 - every part above is escaped or made by format_html


@register.simple_tag
def table_count(table: Any) -> int:
    """How many rows the whole list has (not only this page), for data-count."""
    return table.paginator.count if getattr(table, "page", None) else len(table.rows)


@register.simple_tag(takes_context=True)
def query_inputs(context: dict, *without: str) -> SafeString:
    """Hidden inputs that carry the present query string through a GET form, save the names given."""
    request = context.get("request")
    pairs = (
        (name, value)
        for name, values in (request.GET.lists() if request else ())
        if name not in without
        for value in values
    )
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)


# what the rows of a page are taken from, before anything is filtered: a filter narrows it and must not widen it
POPULATION = frozenset({"as_of", "year", "list", "by", "group", "basis", "figure", "reading", "sort"})


@register.simple_tag(takes_context=True)
def population_inputs(context: dict, form: Any) -> SafeString:
    """Hidden inputs that carry the day, population and order of the page through its filter form, save its own fields."""
    return query_inputs(context, *(set(context["request"].GET) - POPULATION), *form.fields)


@register.simple_tag(takes_context=True)
def query_without(context: dict, name: str, value: str | None = None) -> str:
    """The present address without one parameter (or one value of it), on page one: for filter chips."""
    query = context["request"].GET.copy()
    kept = [given for given in query.getlist(name) if value is not None and given != str(value)]
    query.setlist(name, kept)
    if not kept:
        query.pop(name, None)
    query.pop("page", None)
    return f"?{query.urlencode()}"
