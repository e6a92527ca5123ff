"""Small drawings (图形) as inline SVG: {% load draw %}. For bars, print and pages without script.

Widths and places are attributes, never style=, so the strict CSP holds. Numbers arrive computed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from projects.money import Ratio, round_half_up
from projects.templatetags.show import signed

register = template.Library()


def _percent(value: Ratio | Decimal | int | None) -> float | None:
    if isinstance(value, Ratio):
        value = value.percent(2)
    return None if value is None else float(value)


@register.simple_tag
def rate_bar(
    completion: Ratio | Decimal | None, pro_rata: Ratio | Decimal | None, css: str = ""
) -> SafeString:
    """Completion with the 序时 mark as a dark line. Above 100 % the scale grows, nothing is cut."""
    share, mark = _percent(completion), _percent(pro_rata)
    told = "无数据" if share is None else f"完成{round_half_up(Decimal(str(share)), 1)}%"
    told += "" if mark is None else f"，序时{round_half_up(Decimal(str(mark)), 1)}%"
    top = max(100.0, share or 0, mark or 0)
    line = (
        ""
        if mark is None
        else format_html(
            '<rect class="bar-mark" x="{}" y="0" width="{}" height="10"/>',
            f"{mark / top * 100:.2f}",
            "2" if css == "cell" else "0.7",
        )
    )
    return format_html(
        '<svg class="svg-bar {}" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<rect class="bar-ground" x="0" y="2" width="100" height="6" rx="1"/>'
        '<rect class="bar-fill" x="0" y="2" width="{}" height="6" rx="1"/>{}</svg>',
        css, told, f"{(share or 0) / top * 100:.2f}", line,
    )  # fmt: skip


@register.simple_tag
def rate_cell(completion: Ratio | None, pro_rata: Ratio | Decimal | None, places: int = 1) -> SafeString:
    """A rate in a table cell: a short bar with the 序时 mark, and the percentage aligned right."""
    words = "—" if completion is None else completion.words(places)
    return format_html(
        '<span class="rate-cell">{}<span>{}</span></span>', rate_bar(completion, pro_rata, "cell"), words
    )


@register.simple_tag
def diverging_bars(rows: Sequence[Mapping[str, Any]], unit: str = "个百分点", label: str = "") -> SafeString:
    """Horizontal bars left and right of zero (与序时差距), in the order given; words keep their size on phones.

    rows: {label, value (signed, None: none, as `without` says), href, note (at the right, e.g. “3个项目”), key, data_value}.
    """
    known = [abs(float(row["value"])) for row in rows if row["value"] is not None]
    most = max([*known, 1.0])
    return format_html(
        '<ol class="diverging" aria-label="{}">{}</ol>',
        label or f"与序时差距（{unit}）",
        format_html_join("", "{}", ((_diverging_row(row, most, unit),) for row in rows)),
    )


def _diverging_row(row: Mapping[str, Any], most: float, unit: str) -> SafeString:
    value = row["value"]
    share = 0.0 if value is None else float(value) / most * 98
    drawing = format_html(
        '<svg viewBox="0 0 200 20" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="bar-{}" x="{}" y="4" width="{}" height="12"/><rect class="bar-mark" x="99.5" y="0"'
        ' width="1" height="20"/></svg>',
        "ahead" if share >= 0 else "behind",
        f"{min(100, 100 + share):.1f}",
        f"{abs(share):.1f}",
    )
    words = row.get("without", "无任务") if value is None else signed(value)
    inner = format_html(
        '<span class="who">{}</span>{}<span class="value">{}<span class="visually-hidden">{}</span></span>'
        '<span class="aside">{}</span>',
        row["label"], drawing, words, unit if value is not None else "", row.get("note", ""),
    )  # fmt: skip
    if not row.get("href"):
        return format_html("<li><span>{}</span></li>", inner)
    if row.get("key"):
        return format_html(
            '<li><a href="{}" data-figure="{}" data-value="{}">{}</a></li>',
            row["href"], row["key"], row.get("data_value", ""), inner,
        )  # fmt: skip
    return format_html('<li><a href="{}">{}</a></li>', row["href"], inner)
