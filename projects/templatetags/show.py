"""Display words and small components (显示) for templates: {% load show %}. Nothing here decides or sums."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Any

from django import forms, template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from projects import money, periods
from projects.figures.definitions import FIGURES
from projects.figures.figures import FigureRow
from projects.rules import Light

register = template.Library()

DASH = "—"

# The page's URL name (as in `nav`) or a message's tag → the symbol of static/icons/sprite.svg.
ICONS = {
    "dashboard": "overview",
    "project_list": "ledger",
    "milestone_list": "milestone",
    "problem_list": "problem",
    "report_list": "report",
    "visit_list": "visit",
    "alert_list": "alert",
    "weekly_list": "weekly",
    "import_list": "import",
    "notice_list": "bell",
    "permit_list": "seal",
    "order_list": "send",
    "lead_list": "building",
    "score_list": "check",
    "definition_list": "info",
}
MESSAGE_ICONS = {"success": "check", "warning": "alert", "error": "alert"}
LIGHT_NAMES = {"green", "yellow", "red", "exempt"}


# --- words ----------------------------------------------------------------------------------------------


@register.filter
def wan(amount: Decimal | int | None) -> str:
    """An amount in 万元, thousands separated, no unit (the column head names it)."""
    return money.format_wan(amount)


@register.filter
def yi(amount: Decimal | int | None) -> str:
    """The same amount (万元) written in 亿元, two decimals at most, no unit."""
    return money.format_yi(amount)


@register.filter
def plain(value: Decimal | None) -> str:
    """A number in its own unit as people write it: thousands separated, no trailing zeros; “—” for none."""
    return DASH if value is None else f"{value.normalize():,f}"


@register.filter
def pct(ratio: money.Ratio | None, places: int = 1) -> str:
    """A Ratio in percent, rounded once; “—” without a denominator."""
    return DASH if ratio is None else ratio.words(places)


@register.filter
def gap(points: Decimal | None) -> str:
    """快于序时4.6个百分点, from gap_points()."""
    return money.gap_sentence(points)


@register.filter
def gap_tone(points: Decimal | None) -> str:
    """The class that goes with it: ahead, behind, even."""
    return "even" if not points else "ahead" if points > 0 else "behind"


@register.filter
def signed(points: Decimal | None) -> str:
    """+4.6, −2.0, 0.0 for table columns headed 个百分点 (a true minus sign, so that figures align)."""
    return DASH if points is None else f"{points:+f}".replace("-", "−") if points else f"{points:f}"


@register.filter
def gap_signed(row: FigureRow) -> str:
    """The gap of a row of figures for such columns, with what keeps it from being misread: —（尚无旬报）."""
    words = signed(row.schedule_gap_points)
    return f"{words}（{row.remark}）" if row.remark else words


@register.filter
def change(difference: Decimal | int | None) -> str:
    """+1,200, −300.5, 0: by how much a number or an amount differs from another."""
    if not difference:
        return DASH if difference is None else "0"
    text = f"{difference:+,}"
    return (text.removesuffix(".00") if isinstance(difference, Decimal) else text).replace("-", "−")


@register.filter
def minus(days: int | None) -> str:
    """3, −3, 0: a count that may be negative, with a true minus sign."""
    return DASH if days is None else str(days).replace("-", "−")


@register.filter
def signed_days(days: int | None) -> str:
    """+3, −3, 0: days later or earlier than another date."""
    return minus(days) if not days else f"{days:+d}".replace("-", "−")


@register.filter
def thousands(number: Decimal | int | None) -> str:
    return DASH if number is None else f"{number:,}"


@register.filter
def day(value: Any, as_of: dt.date | None = None) -> str:
    """10月12日（周四）, with the year when it is not as_of's; words pass through; “—” for none."""
    if value in (None, ""):
        return DASH
    if isinstance(value, dt.datetime):
        value = value.date()
    if not isinstance(value, dt.date):
        return str(value)
    return periods.date_words(value, as_of) if as_of else full_date(value)


@register.filter
def full_date(value: dt.date | None) -> str:
    """2023年10月12日（周四）: always with the year, for heads and captions."""
    if not value:
        return DASH
    return f"{value.year}年{value.month}月{value.day}日（周{periods.WEEKDAYS[value.weekday()]}）"


@register.filter
def short_date(value: dt.date | None, as_of: dt.date | None = None) -> str:
    """10-12, or 2022-10-12 when the year is not as_of's: for narrow table columns."""
    if not value:
        return DASH
    return f"{value:%m-%d}" if as_of and as_of.year == value.year else f"{value:%Y-%m-%d}"


@register.filter
def due(due_on: dt.date | None, as_of: dt.date) -> SafeString | str:
    """Due in words with its tone: 明天到期, 逾期3天."""
    if not due_on or not as_of:
        return DASH
    return format_html(
        '<span class="{}">{}</span>', due_tone(due_on, as_of), periods.due_words(due_on, as_of)
    )


@register.filter
def due_tone(due_on: dt.date | None, as_of: dt.date) -> str:
    """The class beside due words: late when past, soon within three days, else none."""
    if not due_on:
        return ""
    days = (due_on - as_of).days
    return "late" if days < 0 else "soon" if days <= 3 else ""


@register.filter
def period(value: periods.TenDayPeriod | str | None) -> str:
    """10月上旬, from a period or its code 2023-10-1."""
    if not value:
        return DASH
    return (periods.TenDayPeriod.parse(value) if isinstance(value, str) else value).words


@register.filter
def week(value: periods.Week | str | None) -> str:
    """2023年第41周（10月9日—10月15日）, from a week or its code."""
    if not value:
        return DASH
    return (periods.Week.parse(value) if isinstance(value, str) else value).words


@register.filter
def dash(value: Any) -> Any:
    """“—” for nothing; 0 stays 0."""
    return DASH if value is None or value == "" else value


# --- small components -----------------------------------------------------------------------------------


@cache
def _sprite() -> str:
    """The address of the icons, asked once: a page bears forty."""
    return static("icons/sprite.svg")


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A line icon of the sprite; silent for screen readers unless labelled."""
    href = f"{_sprite()}#{ICONS.get(name, name)}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, href)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', href)


@register.filter
def message_icon(tag: str | None) -> str:
    return MESSAGE_ICONS.get(tag or "", "info")


@register.simple_tag
def light(value: Light | str | None, why: str = "", bare: bool = False) -> SafeString:
    """A light (亮灯) as shape, word and colour; `why` is its sentence, for hover and screen readers."""
    if value in (None, ""):
        return format_html('<span class="light light-none">{}</span>', "未评定")
    value = Light(value)
    name = value.name.lower()
    name = name if name in LIGHT_NAMES else "none"
    extra = " light-bare" if bare else ""
    if why:
        return format_html(
            '<span class="light light-{}{}" title="{}"><i aria-hidden="true">{}</i>{}'
            '<span class="visually-hidden">：{}</span></span>',
            name, extra, why, value.shape, value.words, why,
        )  # fmt: skip
    return format_html(
        '<span class="light light-{}{}"><i aria-hidden="true">{}</i>{}</span>',
        name, extra, value.shape, value.words,
    )  # fmt: skip


@register.simple_tag
def meaning(key: str) -> SafeString | str:
    """The small mark 口径 beside a rate: its formula on hover, its definition on a click; nothing where there is none."""
    if key not in FIGURES:
        return ""
    told = FIGURES[key]
    return format_html(
        '<a class="meaning no-print" href="{}#{}" title="{}" aria-label="{}的口径">口径</a>',
        reverse("definition_list"), key, f"{told.name}＝{told.formula}", told.name,
    )  # fmt: skip


@register.simple_tag
def figure(
    key: str,
    value: Any,
    href: str = "",
    label: str = "",
    unit: str = "",
    show: str = "",
    places: int = 1,
) -> SafeString:
    """A figure that counts or sums projects: a link to exactly its rows, with data-figure and data-value.

    value: int, Decimal (万元), Ratio or None; a Ratio carries data-rate instead, and its rounded percentage.
    show: "yi" writes an amount in 亿元; data-value stays in 万元. Without href it is words alone.
    """
    if isinstance(value, money.Ratio):
        text, raw = value.words(places), value.percent(places)
    elif value is None:
        text, raw = DASH, None
    elif show == "yi":
        text, raw = money.format_yi(value), value
    elif isinstance(value, Decimal):
        text, raw = money.format_wan(value), value
    else:
        text, raw = f"{value:,}", value
    inner = format_html(
        "<b>{}</b>{}", text, format_html('<span class="unit">{}</span>', unit) if unit else ""
    )
    spoken = f"{label} {text}{unit}" if label else ""
    aria = format_html(' aria-label="{}"', spoken) if spoken and href else ""
    data = "" if raw is None else str(raw)
    # A rate opens its rows too, but neither counts nor sums them, all that docs/contract.md §3 speaks of.
    kind = "rate" if value is None or isinstance(value, money.Ratio) else "figure"
    if not href:
        return format_html('<span class="figure">{}</span>', inner)
    return format_html(
        '<a class="figure" data-{}="{}" data-value="{}" href="{}"{}>{}</a>',
        kind, key, data, href, aria, inner,
    )  # fmt: skip


@register.simple_tag
def stat(
    key: str,
    value: Any,
    label: str,
    href: str = "",
    unit: str = "",
    note: str = "",
    show: str = "",
    places: int = 1,
) -> SafeString:
    """A large figure with its label above and a line beneath; stands in <div class="stats boxed">."""
    line = format_html('<span class="note-line">{}</span>', note) if note else ""
    number = figure(key, value, href=href, label=label, unit=unit, show=show, places=places)
    mark = meaning(key) if isinstance(value, money.Ratio) else ""
    return format_html(
        '<div class="stat"><span class="label">{}{}</span>{}{}</div>', label, mark, number, line
    )


@register.simple_tag
def six_mini(filled: int, total: int = 6) -> SafeString:
    """六个一 in one cell: six little slots, open ones dashed, with words for those who cannot see them."""
    bars = SafeString("<i></i>" * filled + '<i class="gap"></i>' * (total - filled))
    words = "六个一齐全" if filled >= total else f"六个一缺{total - filled}项"
    return format_html(
        '<span class="six-mini" role="img" aria-label="{0}" title="{0}">{1}</span>', words, bars
    )


# --- navigation -----------------------------------------------------------------------------------------


def _icon_of(item: Any) -> str:
    return item["icon"] if isinstance(item, dict) else item.icon


def _is_active(item: Any) -> bool:
    return bool(item["active"] if isinstance(item, dict) else item.active)


@register.filter
def pick(nav: Iterable[Any], names: str) -> list[Any]:
    """The navigation entries of these names, in the order of the names."""
    by_name = {_icon_of(item): item for item in nav}
    return [by_name[name] for name in names.split() if name in by_name]


@register.filter
def without(nav: Iterable[Any], names: str) -> list[Any]:
    return [item for item in nav if _icon_of(item) not in names.split()]


@register.filter
def others_active(nav: Iterable[Any], names: str) -> bool:
    return any(_is_active(item) for item in without(nav, names))


# --- forms ----------------------------------------------------------------------------------------------


@register.simple_tag
def field_input(field: forms.BoundField) -> SafeString:
    """The field's own widget with the product's class; figures get the numeric keyboard and align right."""
    widget = field.field.widget
    attrs: dict[str, Any] = {}
    given = widget.attrs.get("class", "")
    if isinstance(widget, forms.Select) and not isinstance(widget, forms.RadioSelect):
        attrs["class"] = f"form-select {given}".strip()
    elif not isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        attrs["class"] = f"form-control {given}".strip()
    if isinstance(field.field, forms.DecimalField | forms.IntegerField):
        attrs["inputmode"] = "decimal"
    if isinstance(widget, forms.Textarea) and widget.attrs.get("rows") in (None, "10"):
        attrs["rows"] = "4"
    return conditional_escape(field.as_widget(attrs=attrs))


@register.filter
def is_check(field: forms.BoundField) -> bool:
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def is_group(field: forms.BoundField) -> bool:
    """Whether the field is several inputs under one label (radio buttons, check boxes)."""
    return isinstance(field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
