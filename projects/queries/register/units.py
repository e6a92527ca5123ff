"""Units by their names of a day (单位名称沿革)."""

from datetime import date

from projects.models import Unit


def unit_name_on(unit: Unit, day: date) -> str:
    """What the unit was called on a day: the former name still in use then, else its name of now."""
    former = unit.names.filter(until_on__gte=day).order_by("until_on").first()
    return former.name if former else unit.name
