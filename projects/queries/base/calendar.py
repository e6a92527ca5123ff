"""The working calendar (工作日历) from its table."""

from projects.models import CalendarDay
from projects.periods import WorkingCalendar


def working_calendar() -> WorkingCalendar:
    """Working days with 调休; a year without rows is estimated by plain weekdays. One query."""
    days = dict(CalendarDay.objects.values_list("day", "is_working"))
    return WorkingCalendar(exceptions=days, published_years=frozenset(day.year for day in days))
