"""Since when a ledger's projects count in its list, and when a person must say so (自何日起列入)."""

from datetime import date

import pytest

from projects.rules.listing import listed_since

NEW_YEAR = date(2023, 1, 1)


@pytest.mark.parametrize(
    ("day", "asks"),
    [
        (date(2022, 12, 20), False),
        (NEW_YEAR, False),
        (date(2023, 1, 31), False),
        (date(2023, 2, 1), True),
        (date(2023, 10, 10), True),
    ],
)
def test_the_list_of_the_year_counts_since_new_year_and_only_a_later_one_is_asked_about(day, asks):
    found = listed_since(2023, day, is_filled=False)
    assert (found.likely, found.asks) == (NEW_YEAR, asks)
    assert found.choices == ((NEW_YEAR, day) if asks else (NEW_YEAR,))


def test_additions_count_from_the_ledgers_day_and_nobody_is_asked():
    found = listed_since(2023, date(2023, 7, 10), is_filled=True)
    assert (found.likely, found.asks) == (date(2023, 7, 10), False)
