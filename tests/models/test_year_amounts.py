"""The year's amounts say what the reports say, whatever was written in between, and are read as the reports are."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import OuterRef, Subquery
from hypothesis import given
from hypothesis import strategies as st

from projects.figures.population import Scope
from projects.figures.year.line import done_by_period, done_by_project
from projects.models import ImportBatch, ListingVersion, ProgressReport, Project, ReportState, YearAmounts
from projects.periods import TenDayPeriod
from projects.queries.figures.year_amounts import wrong_year_amounts
from projects.services.figures.year_amounts import rewrite_all_year_amounts
from projects.services.imports import Options, import_file
from projects.services.imports.revert import revert_batch
from projects.services.reports.review import confirm_report, reopen_report, return_report
from tests.factories import NOW, make_list, make_listing, make_project, make_report, make_unit, make_user
from tests.properties import costly
from tests.workbooks_for_import import ledger, row

pytestmark = [pytest.mark.django_db, pytest.mark.database]
PERIODS = TenDayPeriod.of_year(2023)
QUICK = costly(5)


def the_long_way(project: Project, day: dt.date) -> Decimal | None:
    """What stood on the day by the latest report that counted."""
    latest = ProgressReport.objects.latest_for("pk", year=2023, as_of=day)
    rows = Project.objects.filter(pk=project.pk).annotate(
        stood=Subquery(latest.values("invested_this_year")[:1])
    )
    return rows.get().stood


def read(project: Project, day: dt.date) -> Decimal | None:
    """The same read from the year's row."""
    return YearAmounts.objects.on(day).filter(project=project).values_list("stood", flat=True).first()


steps = st.lists(
    st.tuples(
        st.sampled_from(["hand in", "confirm", "return", "reopen", "import"]),
        st.integers(0, 1),
        st.integers(26, 29),  # periods around 10月: the import's days fall into them
        st.integers(0, 999),
    ),
    max_size=12,
)


@QUICK
@given(steps, st.dates(dt.date(2023, 9, 1), dt.date(2023, 11, 30)))
def test_after_any_sequence_of_writes_the_row_is_what_the_reports_tell(taken, day):
    with transaction.atomic():
        office, listed = make_user("office"), make_list("市级重大")
        projects = [make_project(lead_department=make_unit(f"单位{n}")) for n in range(2)]
        for project in projects:
            make_listing(project, listed)
        for verb, which, number, amount in taken:
            _take(verb, projects[which], PERIODS[number], amount, office)
            assert wrong_year_amounts() == []
        for project in projects:
            assert read(project, day) == the_long_way(project, day)
        stood = [the_long_way(project, day) or 0 for project in projects]
        by_period = done_by_period(Scope(day, 2023))
        assert (by_period[-1].carried or 0 if by_period else 0) == sum(stood)
        lines = done_by_project([project.pk for project in projects], Scope(day, 2023))
        told = [lines[project.pk][-1].carried or 0 if project.pk in lines else 0 for project in projects]
        assert told == stood
        transaction.set_rollback(True)


def _take(verb: str, project: Project, period: TenDayPeriod, amount: int, office) -> None:
    """One write of a service where it is possible now."""
    report = project.reports.filter(period_ends_on=period.last_on).first()
    try:
        if verb == "hand in" and report is None:
            ProgressReport.objects.create(
                project=project,
                period_ends_on=period.last_on,
                counts_from_on=period.last_on,
                invested_this_year=amount,
                filled_at=NOW,
                state=ReportState.SUBMITTED,
            )
        elif verb == "confirm" and report:
            confirm_report(report=report, by=office, now=NOW)
        elif verb == "return" and report:
            return_report(report=report, reason="请核对", by=office, now=NOW)
        elif verb == "reopen" and report:
            reopen_report(report=report, reason="更正", by=office, now=NOW)
        elif verb == "import":
            _load(project, period.first_on + dt.timedelta(days=amount % 8), amount)
    except ValidationError:
        pass  # not in this state


def _load(project: Project, day: dt.date, amount: int) -> None:
    cells = row(项目名称=project.name, 项目代码=project.code, 本年累计完成投资=amount)
    content = ledger([cells], as_of=f"截至{day.year}年{day.month}月{day.day}日")
    import_file(
        content=content,
        file_name="台账.xlsx",
        options=Options(),
        allow_warnings=True,
        by=None,
        now=NOW,
        today=dt.date(2023, 12, 29),
    )


def test_an_import_writes_the_years_row_and_taking_it_back_takes_it_away():
    content = ledger([row()], as_of="截至2023年10月5日")
    options = {"options": Options(), "allow_warnings": True, "by": None, "now": NOW}
    import_file(content=content, file_name="台账.xlsx", today=dt.date(2023, 10, 12), **options)
    (project,) = Project.objects.all()
    amount = project.reports.get().invested_this_year
    days = [dt.date(2023, 10, day) for day in (4, 5, 9, 10, 20)]
    assert [read(project, day) for day in days] == [None, amount, amount, amount, amount]
    revert_batch(batch=ImportBatch.objects.get(), by=None, now=NOW)
    assert not YearAmounts.objects.exists()


def test_inside_a_period_its_own_report_speaks_only_from_its_day():
    project = make_project()
    make_report(project, "2023-09-3", "10")
    make_report(project, "2023-10-1", "20", counts_from_on=dt.date(2023, 10, 5))
    for day, amount in ((3, 10), (4, 10), (5, 20), (9, 20), (10, 20), (11, 20)):
        at = dt.date(2023, 10, day)
        assert read(project, at) == the_long_way(project, at) == amount


def test_before_the_year_nothing_stands():
    project = make_project()
    make_listing(project)
    make_report(project, "2023-12-3", "70")
    scope = Scope(dt.date(2022, 12, 31), 2023)
    assert done_by_period(scope) == []
    assert done_by_project([project.pk], scope) == {}
    invested = Scope(dt.date(2022, 12, 31), 2023).versions().values_list("invested", flat=True)
    assert set(invested) <= {Decimal(0)}


def test_a_strip_carries_an_unreported_period_on_and_says_which_were_reported():
    project = make_project()
    make_report(project, "2023-01-2", "10")
    make_report(project, "2023-02-1", "30")
    line = done_by_project([project.pk], Scope(dt.date(2023, 2, 15), 2023))[project.pk]
    assert [one.carried for one in line] == [None, 10, 10, 30, 30]
    assert [one.is_reported for one in line] == [False, True, False, True, False]


def test_what_was_written_past_the_services_is_found_and_mended():
    project = make_project(name="示例项目")
    make_report(project, "2023-01-2", "10")
    project.reports.update(invested_this_year=11)
    with pytest.raises(CommandError, match="示例项目（2023年）"):
        call_command("check_amounts")
    said = io.StringIO()
    call_command("check_amounts", "--mend", stdout=said)
    assert "已按旬报改正1项" in said.getvalue()
    assert wrong_year_amounts() == []
    project.reports.all().delete()
    assert [year for _project, year in wrong_year_amounts()] == [2023]
    rewrite_all_year_amounts()
    assert not YearAmounts.objects.exists()


def test_a_version_is_in_force_until_the_next_one_begins():
    """The join of in_force() answers what “the latest by the day” does."""
    listing = make_listing(make_project()).listing
    for day in (dt.date(2023, 3, 1), dt.date(2023, 6, 1)):
        ListingVersion.objects.create(listing=listing, effective_on=day, category="continuing", made_at=NOW)
    latest = ListingVersion.objects.filter(listing=OuterRef("listing"))
    for day in (dt.date(2022, 12, 31), dt.date(2023, 2, 28), dt.date(2023, 3, 1), dt.date(2023, 12, 1)):
        newest = latest.filter(effective_on__lte=day).order_by("-effective_on").values("pk")[:1]
        expected = ListingVersion.objects.filter(pk=Subquery(newest))
        assert list(ListingVersion.objects.in_force(day)) == list(expected)
