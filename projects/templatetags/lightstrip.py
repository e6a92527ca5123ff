"""The strip of 36 lights (亮灯历史) and words of exemptions: {% load lightstrip %}."""

import datetime as dt

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from projects.figures.lights.history import LightHistory, PeriodCell
from projects.models import LightExemption

register = template.Library()

NO_RECORD, TO_COME = "·", ""


@register.simple_tag
def light_strip(history: LightHistory) -> SafeString:
    """The year in one table cell: shapes in colour, month by month; its words for those who cannot see them."""
    months = format_html_join("", "<span>{}</span>", ((_cells(cells),) for _month, cells in history.months))
    # an image for screen readers: its words stand for the cells, whose titles are for the mouse
    return format_html(
        '<span class="light-strip" role="img" aria-label="{}">{}</span>', history.words, months
    )


@register.simple_tag
def light_strip_head() -> SafeString:
    """The months above the strips of a table."""
    months = format_html_join("", "<span>{}月</span>", ((month,) for month in range(1, 13)))
    return format_html('<span class="light-strip heads">{}</span>', months)


@register.simple_tag
def light_year(history: LightHistory) -> SafeString:
    """The year on the project's own page: months with their names, each cell's sentence on it."""
    months = format_html_join(
        "",
        '<li><span class="month">{}月</span><span class="cells">{}</span></li>',
        ((month, _spoken_cells(cells)) for month, cells in history.months),
    )
    return format_html('<ol class="light-year">{}</ol>', months)


def _cells(cells: tuple[PeriodCell, ...]) -> SafeString:
    return format_html_join(
        "", '<i class="{}" title="{}">{}</i>', ((_css(cell), cell.words, symbol(cell)) for cell in cells)
    )


def _spoken_cells(cells: tuple[PeriodCell, ...]) -> SafeString:
    return format_html_join(
        "",
        '<i class="{}" title="{}"><span aria-hidden="true">{}</span><span class="visually-hidden">{}</span></i>',
        ((_css(cell), cell.words, symbol(cell), cell.words) for cell in cells),
    )


def symbol(cell: PeriodCell) -> str:
    """The cell's shape; a dot where a closed period has no record, nothing where it is still to come."""
    if cell.light is None:
        return NO_RECORD if cell.is_closed else TO_COME
    return cell.light.shape


def _css(cell: PeriodCell) -> str:
    name = cell.light.value if cell.light else "unknown" if cell.is_closed else "coming"
    return f"is-{name} is-corrected" if cell.is_corrected else f"is-{name}"


@register.filter
def exemption_words(exemption: LightExemption, day: dt.date) -> str:
    """豁免中, 已到期 …: how an exemption stands on the day."""
    return exemption.words_on(day)
