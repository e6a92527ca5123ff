"""What the demonstration shows of 目标分解: some projects of one list with targets set by hand."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from projects.models import Listing, ListingVersion, Role, User
from projects.periods import TenDayPeriod
from projects.rules.targets import split_by_shares
from projects.services.base.changing import sure
from projects.services.figures.targets import set_targets

SHANGHAI = dt.timezone(dt.timedelta(hours=8))
LIST = "省级重点"
SPLIT_PROJECTS = 5
# what the months weigh in a split: work in the open air stops in winter, plants order their machines early
SEASONS = (
    ("按施工季节分解，冬季少排", (2, 2, 6, 9, 10, 11, 11, 11, 12, 12, 9, 5)),
    ("设备集中到货，上半年多排", (4, 6, 12, 14, 14, 12, 10, 8, 7, 6, 4, 3)),
)


def show_targets(today: dt.date) -> None:
    """Splits of the first projects of the list, from the year's beginning, by the office."""
    office = sure(User.objects.filter(duties__role=Role.OFFICE).first())
    since = dt.date(today.year, 1, 1)
    listings = Listing.objects.filter(annual_list__kind__name=LIST, annual_list__year=today.year)
    for number, listing in enumerate(listings.order_by("number", "pk")[:SPLIT_PROJECTS]):
        version = ListingVersion.objects.in_force(since).filter(listing=listing).first()
        if version is None or not version.planned_investment:
            continue
        reason, weights = SEASONS[number % len(SEASONS)]
        set_targets(
            listing=listing,
            amounts=_seasonal(version.planned_investment, weights),
            effective_on=since,
            reason=reason,
            by=office,
            now=dt.datetime.combine(since, dt.time(9), SHANGHAI),
        )


def _seasonal(planned: Decimal, weights: tuple[int, ...]) -> tuple[Decimal, ...]:
    """The plan by months' weights, evenly over the three periods of each."""
    by_period = [Fraction(weights[number // 3], 3 * sum(weights)) for number in range(TenDayPeriod.PER_YEAR)]
    return split_by_shares(
        planned, [sum(by_period[: number + 1], Fraction(0)) for number in range(len(by_period))]
    )
