"""总投资 is what the list said on the day: a later ledger that states another amount moves nothing before its own day."""

import datetime as dt
from decimal import Decimal

import pytest

from projects.figures.figures import figures_of
from projects.figures.population import Scope
from projects.models import AnnualList, ListingVersion, Project
from projects.queries.register.ledger import ledger_of, ledger_sums
from projects.queries.register.ledger_sheets import ledger_rows
from projects.services.imports import Options, import_file
from tests.factories import NOW, TODAY
from tests.workbooks_for_import import ledger, row

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def load(total: int, day: str) -> None:
    result, refusal = import_file(
        content=ledger([row(**{"总投资": total})], as_of=f"截至2023年{day}"),
        file_name=f"台账{day}.xlsx",
        options=Options(),
        allow_warnings=True,
        by=None,
        now=NOW,
        today=TODAY,
    )
    assert (result["written"], refusal) == (True, "")


@pytest.mark.parametrize(
    ("day", "total"),
    [("2023-06-30", 100000), ("2023-09-29", 100000), ("2023-09-30", 120000), ("2023-10-12", 120000)],
)
def test_a_september_ledger_leaves_june_as_it_was(day, total):
    load(100000, "3月31日")
    load(120000, "9月30日")
    as_of = dt.date.fromisoformat(day)
    assert figures_of(Scope(as_of, 2023)).total["total_investment"] == Decimal(total)
    (exported,) = ledger_rows(AnnualList.objects.get(), as_of)
    assert exported["total"] == Decimal(total)
    rows = ledger_of(Project.objects.all(), Scope(as_of, 2023))
    assert rows.get().total == Decimal(total)
    assert ledger_sums(rows, Scope(as_of, 2023))["total_investment"] == Decimal(total)


def test_the_version_of_its_own_day_says_it_and_keeps_the_plan():
    load(100000, "3月31日")
    load(120000, "9月30日")
    assert list(
        ListingVersion.objects.values_list("effective_on", "change", "total_investment", "planned_investment")
    ) == [
        (dt.date(2023, 1, 1), "initial", Decimal(100000), Decimal(5000)),
        (dt.date(2023, 9, 30), "reclassified", Decimal(120000), Decimal(5000)),
    ]
