"""The one clock (今天)."""

import datetime as dt

import time_machine

from projects import clock


def test_today_is_the_date_in_shanghai_not_in_london(settings):
    settings.TODAY = None
    with time_machine.travel(dt.datetime(2023, 10, 11, 16, 30, tzinfo=dt.UTC), tick=False):
        assert clock.today() == dt.date(2023, 10, 12)
        assert clock.now().date() == dt.date(2023, 10, 12)
        assert clock.now().utcoffset() == dt.timedelta(hours=8)
        assert not clock.is_held()


def test_held_clock_answers_its_day_whatever_the_real_one(settings):
    settings.TODAY = dt.date(2023, 10, 12)
    assert clock.today() == dt.date(2023, 10, 12)
    assert clock.now().date() == dt.date(2023, 10, 12)
    assert clock.now().tzinfo is not None
    assert clock.is_held()
