"""The strip of a year's 36 targets and the curve of a baseline (目标条、基线图) as inline SVG: {% load targets %}.

A state has its own shape beside its colour: full block met, low hollow block short, hollow below and filled above made
up later, dashed frame running. Green, yellow and red belong to lights and are not used.
"""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from projects.money import format_wan
from projects.rules.targets import TargetCell, TargetLevel, TargetState, TargetYear

register = template.Library()

WIDTH, HEIGHT, LOW = 6, 16, 7  # of a block, and of the hollow part that says short
TOLD = (TargetState.MET, TargetState.MADE_UP, TargetState.SHORT, TargetState.UNREPORTED)
CURVE_WIDTH, CURVE_HEIGHT = 144, 48


def _block(state: TargetState, x: int) -> str:
    low = f'<rect class="t-short" x="{x + 0.5}" y="{HEIGHT - LOW + 0.5}" width="{WIDTH - 1}" height="{LOW - 1}"/>'
    match state:
        case TargetState.MET:
            return f'<rect class="t-met" x="{x}" y="0" width="{WIDTH}" height="{HEIGHT}"/>'
        case TargetState.SHORT:
            return low
        case TargetState.MADE_UP:
            top = f'<rect class="t-made-up" x="{x}" y="0" width="{WIDTH}" height="{HEIGHT - LOW}"/>'
            return top + low
        case TargetState.RUNNING:
            return (
                f'<rect class="t-running" x="{x + 0.5}" y="0.5" width="{WIDTH - 1}" height="{HEIGHT - 1}"/>'
            )
        case TargetState.UNREPORTED:
            return f'<rect class="t-unreported" x="{x}" y="{HEIGHT // 2 - 1}" width="{WIDTH}" height="2"/>'
        case TargetState.FUTURE:
            return f'<rect class="t-future" x="{x}" y="{HEIGHT - 2}" width="{WIDTH}" height="2"/>'
    return f'<circle class="t-future" cx="{x + WIDTH // 2}" cy="{HEIGHT - 2}" r="1"/>'


def cell_words(cell: TargetCell) -> str:
    """3月上旬：已补回，目标27.78，完成20，期末欠账7.78（万元）."""
    said = [f"{cell.words}：{cell.state.words}", f"目标{format_wan(cell.target)}"]
    if cell.done is not None:
        said.append(f"完成{format_wan(cell.done)}")
    if cell.shortfall:
        said.append(f"期末欠账{format_wan(cell.shortfall)}")
    return "，".join(said) + "（万元）"


@register.filter
def strip(year: TargetYear) -> SafeString:
    """36 blocks, a gap after each month; what each says stands in its title, the counts in the label."""
    cells = year.cells(TargetLevel.TEN_DAY)
    parts = [
        f"<g><title>{cell_words(cell)}</title>{_block(cell.state, _place(cell.number))}</g>" for cell in cells
    ]
    width = _place(len(cells) - 1) + WIDTH
    counts = Counter(cell.state for cell in cells)
    told = "、".join(f"{state.words}{counts[state]}旬" for state in TOLD if counts[state]) or "尚无已结束的旬"
    return mark_safe(  # noqa: S308 - numbers and our own words alone
        f'<svg class="target-strip" viewBox="0 0 {width} {HEIGHT}" width="{width}" height="{HEIGHT}" role="img"'
        f' aria-label="36旬目标：{told}">{"".join(parts)}</svg>'
    )


def _place(number: int) -> int:
    return number * (WIDTH + 1) + number // 3 * 2


@register.simple_tag
def strip_legend() -> SafeString:
    """What the blocks mean, each beside its word."""
    items = "".join(
        f'<li><svg class="target-strip" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
        f' aria-hidden="true">{_block(state, 0)}</svg>{state.words}</li>'
        for state in TargetState
    )
    return mark_safe(f'<ul class="target-legend small" aria-label="图例">{items}</ul>')  # noqa: S308 - our own words


@register.filter
def target_state(cell: TargetCell) -> SafeString:
    """A cell's state as block and word."""
    return mark_safe(  # noqa: S308 - our own words
        f'<span class="target-state nowrap"><svg class="target-strip" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}"'
        f' height="{HEIGHT}" aria-hidden="true">{_block(cell.state, 0)}</svg>{cell.state.words}</span>'
    )


@register.simple_tag
def share_curve(shares: Sequence[Fraction], name: str) -> SafeString:
    """A small curve of 36 cumulative shares above the even line by ten-day period."""
    points = " ".join(
        f"{(number + 1) / len(shares) * CURVE_WIDTH:.1f},{(1 - float(share)) * CURVE_HEIGHT:.1f}"
        for number, share in enumerate(shares)
    )
    return mark_safe(  # noqa: S308 - numbers, and the name escaped
        f'<svg class="share-curve" viewBox="-2 -2 {CURVE_WIDTH + 4} {CURVE_HEIGHT + 4}" width="{CURVE_WIDTH + 4}"'
        f' height="{CURVE_HEIGHT + 4}" role="img" aria-label="{conditional_escape(name)}的累计占比曲线，数据见下表">'
        f'<line class="even" x1="0" y1="{CURVE_HEIGHT}" x2="{CURVE_WIDTH}" y2="0"/>'
        f'<polyline class="series" points="0,{CURVE_HEIGHT} {points}"/></svg>'
    )
