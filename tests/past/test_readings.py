"""A weekly ledger never changes yesterday's figure: amounts are dated readings within a ten-day period."""

import datetime as dt
from decimal import Decimal

import pytest

from projects.figures.figures import figures_of
from projects.figures.lights.judging import light_facts
from projects.figures.population import Scope
from projects.models import ImportBatch, LedgerReading, Project
from projects.services.imports import Options, import_file
from projects.services.imports.revert import revert_batch
from tests.factories import NOW
from tests.workbooks_for_import import ledger, row

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def load(amount: int, day: str) -> bool:
    """Whether a ledger of the day with the amount changed anything."""
    result, refusal = import_file(
        content=ledger([row(**{"本年累计完成投资": amount})], as_of=f"截至2023年{day}"),
        file_name=f"台账{day}.xlsx",
        options=Options(),
        allow_warnings=True,
        by=None,
        now=NOW,
        today=NOW.date(),
    )
    assert refusal == ""
    return result["written"]


def stood(day: int, basis: str = "confirmed") -> Decimal:
    as_of = dt.date(2023, 10, day)
    told = figures_of(Scope(as_of, 2023, basis=basis)).total["invested_this_year"]
    facts = light_facts(Project.objects.all(), as_of)
    assert [fact.invested for fact in facts.values()] == [told], "lights read the same amount"
    return told


@pytest.fixture
def weekly() -> None:
    for amount, day in ((1700, "9月30日"), (1800, "10月3日"), (1850, "10月8日")):
        assert load(amount, day)


WEEKLY = {2: 1700, 3: 1800, 5: 1800, 7: 1800, 8: 1850, 10: 1850, 12: 1850}


def test_each_day_has_the_latest_reading_dated_up_to_it(weekly):
    assert {day: stood(day) for day in WEEKLY} == WEEKLY
    assert {day: stood(day, "submitted") for day in WEEKLY} == WEEKLY


def test_the_same_amount_again_stands_since_its_first_day(weekly):
    assert not load(1850, "10月10日")
    assert {day: stood(day) for day in WEEKLY} == WEEKLY


def test_taking_the_later_ledger_back_takes_its_reading_back(weekly):
    revert_batch(batch=ImportBatch.objects.latest("pk"), by=None, now=NOW)
    assert not LedgerReading.objects.exists()
    assert {day: stood(day) for day in (2, 3, 5, 8, 10)} == {2: 1700, 3: 1800, 5: 1800, 8: 1800, 10: 1800}
