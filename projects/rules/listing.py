"""From which day a list that a ledger names counts its projects (自何日起列入)."""

from dataclasses import dataclass
from datetime import date

BEGUN_BY = (1, 31)  # month and day: a list entered by then is the one the year began with


@dataclass(frozen=True)
class ListedSince:
    """The likely first day of what a ledger adds to a list; `asks` whether a person must say so, among `choices`."""

    likely: date
    choices: tuple[date, ...]

    @property
    def asks(self) -> bool:
        return len(self.choices) > 1


def listed_since(year: int, day: date, *, is_filled: bool) -> ListedSince:
    """Since when projects count that a ledger of the day puts into a list of the year.

    Additions to a list that has projects (`is_filled`) count from the ledger's day on. A list entered for the first
    time is the one the year began with, since 1 January; where it comes only after January that is a guess which
    moves figures of past days, so it is asked: since 1 January, or since the ledger's day.
    """
    new_year = date(year, 1, 1)
    if is_filled:
        return ListedSince(day, (day,))
    if day <= date(year, *BEGUN_BY):
        return ListedSince(new_year, (new_year,))
    return ListedSince(new_year, (new_year, day))
