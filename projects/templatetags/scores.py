"""Words of score sheets (考核成绩): {% load scores %}. Nothing here decides or sums."""

from decimal import Decimal

from django import template

from projects.figures.assessment.sheets import ScoreSheet

register = template.Library()

DASH = "—"


@register.filter
def points(value: Decimal | None) -> str:
    """A score as it counts, two places, with a true minus sign; “—” where nothing was scored."""
    return DASH if value is None else str(value).replace("-", "−")


@register.filter
def value(number: Decimal | int | None) -> str:
    """A figure's value or count without idle zeros and with a true minus sign: 66.67, −2.3, 1,000."""
    return DASH if number is None else f"{Decimal(number).normalize():,f}".replace("-", "−")


@register.filter
def signed_points(value: Decimal | None) -> str:
    """+1.50, −2.00, 0.00: how far a score moves."""
    return DASH if value is None else (f"{value:+}" if value else f"{value}").replace("-", "−")


@register.filter
def head_name(item: int, sheet: ScoreSheet) -> str:
    """The name of an item on the sheet, for the labels of cells on a phone."""
    return sheet.head(item).name
