"""The one clock (今天): only views, tasks, commands and the admin ask it. Below them the day arrives as `as_of`."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings

SHANGHAI = ZoneInfo("Asia/Shanghai")


def today() -> dt.date:
    """Today (今天): the day at which TODAY holds the clock, else the date in Asia/Shanghai."""
    return settings.TODAY or dt.datetime.now(SHANGHAI).date()


def now() -> dt.datetime:
    """The moment, aware, always on the day that today() answers; the time of day is the real one."""
    moment = dt.datetime.now(SHANGHAI)
    if settings.TODAY:
        moment = dt.datetime.combine(settings.TODAY, moment.timetz())
    return moment


def is_held() -> bool:
    """Whether TODAY holds the clock (演示、演练), so that the pages say so."""
    return settings.TODAY is not None
