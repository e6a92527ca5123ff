"""The one clock (今天): only views, tasks, commands and the admin ask it. Below them the day arrives as `as_of`."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings

SHANGHAI = ZoneInfo("Asia/Shanghai")


def today() -> dt.date:
    """Today (今天): the day at which TODAY holds the clock, else the date in Asia/Shanghai."""
    return settings.TODAY or real_now().date()


def now() -> dt.datetime:
    """The moment, aware, always on the day that today() answers; the time of day is the real one."""
    moment = real_now()
    if settings.TODAY:
        moment = dt.datetime.combine(settings.TODAY, moment.timetz())
    return moment


def real_now() -> dt.datetime:
    """The moment that TODAY never holds: for file names and other matters of the machine, not of the office."""
    return dt.datetime.now(SHANGHAI)


def is_held() -> bool:
    """Whether TODAY holds the clock (演示、演练), so that the pages say so."""
    return settings.TODAY is not None
