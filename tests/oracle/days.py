"""The office's calendar (docs/rules.md §4): ten-day periods by their last day, working days with 调休, weeks by Sunday."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


def span(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last."""
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


# the State Council's notices for 2023 and 2024, as far as the worlds of this package reach
DAYS_OFF = {
    *span(date(2023, 9, 29), date(2023, 10, 6)),  # 中秋、国庆
    *span(date(2023, 12, 30), date(2024, 1, 1)),  # 元旦
    *span(date(2024, 2, 10), date(2024, 2, 17)),  # 春节
}
WORKED = {date(2023, 10, 7), date(2023, 10, 8), date(2024, 2, 4), date(2024, 2, 18)}  # 调休上班


def is_working(day: date) -> bool:
    return day in WORKED or (day.weekday() < 5 and day not in DAYS_OFF)


def working_days(after: date, until: date) -> int:
    """Working days after one day up to and including another, none when they are reversed."""
    return sum(map(is_working, span(after + ONE_DAY, until)))


def next_working(day: date) -> date:
    """The first working day after a day."""
    day += ONE_DAY
    while not is_working(day):
        day += ONE_DAY
    return day


def period_end(day: date) -> date:
    """The last day of the 旬 a day falls in: 10, 20, end of month."""
    last = monthrange(day.year, day.month)[1]
    return day.replace(day=10 if day.day <= 10 else 20 if day.day <= 20 else last)


def next_end(end: date) -> date:
    return period_end(end + ONE_DAY)


def end_before(end: date) -> date:
    """The last day of the 旬 before the one that ends on a day."""
    return period_first(end) - ONE_DAY


def period_first(end: date) -> date:
    return end.replace(day=1 if end.day == 10 else 11 if end.day == 20 else 21)


def period_code(end: date) -> str:
    """2023-10-1, as the product writes it in keys."""
    return f"{end.year}-{end.month:02}-{1 if end.day == 10 else 2 if end.day == 20 else 3}"


def periods_closed(day: date) -> int:
    """How many of the year's 36 have closed by the end of the day."""
    end = period_end(day)
    index = (end.month - 1) * 3 + (1 if end.day == 10 else 2 if end.day == 20 else 3)
    return index if end == day else index - 1


def report_due(end: date) -> date:
    """The last day to hand a period's report in: one working day of grace (§8)."""
    return next_working(end)


def last_due(day: date) -> date:
    """The latest period whose report is late if it is missing on the day: due before it."""
    end = period_end(day)
    while report_due(end) >= day:
        end = end_before(end)
    return end


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
