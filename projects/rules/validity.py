"""Validity (有效期): how long a permit holds that is granted for so many months."""

from calendar import monthrange
from datetime import date


def valid_until(issued_on: date, months: int) -> date:
    """The last day of a validity counted in months (有效期届满日): the corresponding day of the last month.

    Without such a day it is that month's last one. Source: 《民法典》第二百零二条.
    """
    years, month = divmod(issued_on.month - 1 + months, 12)
    year = issued_on.year + years
    return date(year, month + 1, min(issued_on.day, monthrange(year, month + 1)[1]))
