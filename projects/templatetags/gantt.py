"""Gantt and wall charts (横道图、挂图) as rows of inline SVG: {% load gantt %}.

One drawing for each table row, all on one axis, so that the head repeats on every printed sheet and no row is cut.
Shapes and words carry the meaning; colour only repeats it. Places are attributes, never style=.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from projects.queries.plans.gantt import Gantt, GanttRow
from projects.queries.plans.wall import WallMark, WallRow
from projects.templatetags.axis import Axis

register = template.Library()

WIDTH, WALL_WIDTH = 980, 700  # of the drawings; with their columns they fill a screen and an A3 sheet
HEAD, ROW, WALL_ROW = 46, 30, 44
LETTER = 11  # the width of a Chinese character of a label
LABEL_LETTERS = 8


def axis_of(chart: Gantt) -> Axis:
    return Axis.around(chart.days(), WIDTH)


def _svg(axis: Axis, height: int, label: str, *parts: SafeString | str) -> SafeString:
    return format_html(
        '<svg class="gantt-svg" width="{0}" height="{1}" viewBox="0 0 {0} {1}" role="img" aria-label="{2}">{3}</svg>',
        axis.width,
        height,
        label,
        SafeString("".join(parts)),
    )


def _short(day: dt.date, beside: int | None = None) -> str:
    """10-12; with its year beside a date of another year."""
    return f"{day.month}-{day.day}" if beside in {None, day.year} else f"{day.year}-{day.month}-{day.day}"


# --- the scale ------------------------------------------------------------------------------------------


@register.simple_tag
def gantt_head(axis: Axis, as_of: dt.date, today: dt.date) -> SafeString:
    """Years, months and 旬 with the day's label; holds the hatch that all rows use."""
    hatch = (
        '<defs><pattern id="late-hatch" width="6" height="6" patternUnits="userSpaceOnUse"'
        ' patternTransform="rotate(45)"><rect class="hatch-ground" width="6" height="6"/>'
        '<rect class="hatch-line" width="2.5" height="6"/></pattern></defs>'
    )
    bands = [
        format_html_join(
            "",
            '<line class="g-edge" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/><text class="g-{3}" x="{4}" y="{5}">{6}</text>',
            ((band.x, top, HEAD, css, band.x + 3, base, band.words) for band in found if band.width >= 22),
        )
        for found, top, base, css in ((axis.years(), 15, 27, "year"), (axis.parts(), 30, 42, "part"))
    ]
    ticks = format_html_join(
        "", '<line class="g-tick" x1="{0}" x2="{0}" y1="40" y2="46"/>', ((x,) for x in axis.ten_days())
    )
    return _svg(
        axis,
        HEAD,
        f"时间轴，{axis.first_on}至{axis.last_on}",
        mark_safe(hatch),  # noqa: S308 - the constant above
        *bands,
        ticks,
        _now(axis, as_of, today),
    )


def _now(axis: Axis, as_of: dt.date, today: dt.date) -> SafeString | str:
    if not axis.holds(as_of):
        return ""
    words = f"{'今天' if as_of == today else '截至'} {_short(as_of)}"
    x = axis.end(as_of)
    left = x > axis.width - 80
    return format_html(
        '<text class="g-now" x="{}" y="11" text-anchor="{}">{}</text><line class="g-today" x1="{}" x2="{}" y1="0" y2="{}"/>',
        x - 4 if left else x + 4,
        "end" if left else "start",
        words,
        x,
        x,
        HEAD,
    )


def _ground(axis: Axis, height: int, as_of: dt.date) -> SafeString:
    """Month lines, and the line of the day."""
    lines = format_html_join(
        "",
        '<line class="g-grid" x1="{0}" x2="{0}" y1="0" y2="{1}"/>',
        ((band.x, height) for band in axis.parts() or axis.years()),
    )
    if not axis.holds(as_of):
        return lines
    now = format_html('<line class="g-today" x1="{0}" x2="{0}" y1="0" y2="{1}"/>', axis.end(as_of), height)
    return lines + now


def _diamond(x: float, y: float, size: float, css: str) -> SafeString:
    return format_html(
        '<path class="{}" d="M{} {}L{} {}L{} {}L{} {}Z"/>',
        css, x, y - size, x + size, y, x, y + size, x - size, y,
    )  # fmt: skip


def _bar(axis: Axis, first_on: dt.date, last_on: dt.date, y: float, height: float, css: str) -> SafeString:
    x = axis.start(first_on)
    width = max(round(axis.end(last_on) - x, 1), 2)
    return format_html('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>', css, x, y, width, height)


# --- a row of a plan ------------------------------------------------------------------------------------


@register.simple_tag
def gantt_row(axis: Axis, row: GanttRow, as_of: dt.date) -> SafeString:
    """A milestone: bar or diamond, baseline beneath, done, late, forecast."""
    parts: list[SafeString | str] = [_ground(axis, ROW, as_of)]
    due_on, expected_on = row.due_on, row.expected_on
    if row.baseline_on:
        parts.append(_shape(axis, row.baseline_start_on, row.baseline_on, (20, 5), (23, 4), "g-base"))
    if due_on and row.late_days:
        parts.append(_bar(axis, due_on + dt.timedelta(1), as_of, 7, 8, "g-late"))
    if due_on and expected_on and row.is_pushed:
        parts.append(_line(axis, due_on, expected_on, 11, "g-expected"))
        parts.append(_diamond(axis.middle(expected_on), 11, 4, "g-expected-end"))
    if due_on:
        css = f"{'g-done' if row.achieved_on else 'g-plan'}{' g-critical' if row.is_critical else ''}"
        parts.append(_shape(axis, row.start_on, due_on, (6, 10), (11, 6), css))
    if row.achieved_on:
        parts.append(_done(axis.middle(row.achieved_on), 11))
    parts.append(_label(axis, row, as_of))
    return _svg(axis, ROW, row_words(row), *parts)


def _shape(
    axis: Axis,
    first_on: dt.date | None,
    last_on: dt.date,
    bar: tuple[int, int],
    diamond: tuple[int, int],
    css: str,
) -> SafeString:
    """A bar (y, height) for what takes time, else a diamond (y, size)."""
    if first_on:
        return _bar(axis, first_on, last_on, *bar, css)
    return _diamond(axis.middle(last_on), *diamond, css)


def _line(axis: Axis, first_on: dt.date, last_on: dt.date, y: float, css: str) -> SafeString:
    return format_html(
        '<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>', css, axis.end(first_on), axis.end(last_on), y, y
    )


def _done(x: float, y: float) -> SafeString:
    """The mark of what is done: a filled disc with a tick in it."""
    return format_html(
        '<circle class="g-achieved" cx="{}" cy="{}" r="6"/><path class="g-check" d="M{} {}l2 2.5l4 -5"/>',
        x, y, round(x - 3, 1), y,
    )  # fmt: skip


def _label(axis: Axis, row: GanttRow, as_of: dt.date) -> SafeString | str:
    """A few words at the end of the bar, to its left where the sheet ends."""
    if row.due_on is None:
        return format_html('<text class="g-words" x="4" y="15">{}</text>', "未定日期")
    last, css, words = row.due_on, "g-words", _short(row.due_on)
    if row.achieved_on:
        last, words = max(row.due_on, row.achieved_on), _short(row.achieved_on)
    elif row.late_days:
        last, css, words = as_of, "g-words g-words-late", f"逾期{row.late_days}天"
    elif row.expected_on and row.is_pushed:
        last, words = row.expected_on, f"{words}→{_short(row.expected_on, row.due_on.year)}"
    x = axis.end(last) + 9
    if x + len(words) * LETTER < axis.width:
        return format_html('<text class="{}" x="{}" y="15">{}</text>', css, x, words)
    x = axis.start(row.start_on or row.due_on) - 9
    return format_html('<text class="{}" x="{}" y="15" text-anchor="end">{}</text>', css, x, words)


def row_words(row: GanttRow) -> str:
    """The row in words, for those who hear it."""
    said = [row.milestone.name]
    if row.start_on:
        said.append(f"计划{row.start_on}至{row.due_on}")
    else:
        said.append(f"计划{row.due_on}" if row.due_on else "未定日期")
    if row.achieved_on:
        said.append(f"{row.achieved_on}办结")
    if row.late_days:
        said.append(f"逾期{row.late_days}天")
    if row.is_critical:
        said.append("关键线路")
    return "，".join(said)


# --- a row of the wall ----------------------------------------------------------------------------------


@register.simple_tag
def wall_row(axis: Axis, row: WallRow, as_of: dt.date) -> SafeString:
    """A project's key nodes on the year, their names in two lanes above and below where there is room."""
    parts = [_ground(axis, WALL_ROW, as_of)]
    parts.append(format_html('<line class="g-rail" x1="0" x2="{}" y1="22" y2="22"/>', axis.width))
    marks = [
        mark
        for mark in row.marks
        if axis.holds(mark.due_on) or (mark.late_days and mark.due_on < axis.first_on)
    ]
    for mark in marks:
        parts.append(_mark(axis, mark, as_of))
    parts += [
        format_html('<text class="g-words" x="{}" y="{}" text-anchor="{}">{}</text>', x, y, anchor, words)
        for x, y, anchor, words in placed_labels(axis, marks)
    ]
    told = "、".join(_mark_words(mark) for mark in marks) or "本年无节点"
    return _svg(axis, WALL_ROW, f"{row.project.name}：{told}", *parts)


def _mark(axis: Axis, mark: WallMark, as_of: dt.date) -> SafeString:
    x = axis.middle(mark.due_on)
    parts: list[Any] = [format_html("<title>{}</title>", _mark_words(mark))]
    if mark.baseline_on and mark.baseline_on != mark.due_on and axis.holds(mark.baseline_on):
        parts.append(
            format_html(
                '<line class="g-base-tick" x1="{0}" x2="{0}" y1="14" y2="30"/>', axis.middle(mark.baseline_on)
            )
        )
    if mark.late_days:
        parts.append(_bar(axis, mark.due_on, as_of, 19, 6, "g-late"))
        parts.append(_diamond(x, 22, 6, "g-plan g-overdue"))
    elif mark.achieved_on:
        parts.append(_done(x, 22))
    else:
        parts.append(_diamond(x, 22, 6, "g-plan"))
    return format_html("<g>{}</g>", SafeString("".join(parts)))


def _mark_words(mark: WallMark) -> str:
    words = f"{mark.name} {mark.due_on:%Y-%m-%d}"
    if mark.achieved_on:
        return f"{words}（{mark.achieved_on:%m-%d}办结）"
    return f"{words}（逾期{mark.late_days}天）" if mark.late_days else words


def placed_labels(axis: Axis, marks: list[WallMark]) -> list[tuple[float, int, str, str]]:
    """Names beside the marks, first lane above, then below; a name that would run into another is left out."""
    free = [0.0, 0.0]  # where each lane is free from
    found = []
    for mark in marks:
        words = mark.name if len(mark.name) <= LABEL_LETTERS else f"{mark.name[: LABEL_LETTERS - 1]}…"
        words = f"{words} {_short(mark.due_on)}"
        width = (len(words) - 3) * LETTER + 22
        x = axis.middle(mark.due_on)
        x, anchor = (x - 6, "start") if x - 6 + width <= axis.width else (axis.width - 2, "end")
        left = x if anchor == "start" else x - width
        for lane, y in enumerate((11, 41)):
            if left >= free[lane]:
                free[lane] = left + width + 4
                found.append((round(max(x, 0), 1), y, anchor, words))
                break
    return found
