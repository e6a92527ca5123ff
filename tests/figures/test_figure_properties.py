"""What must hold of any figures: parts add up, import order is nothing, corrections look forward, one rounding at the end."""

import datetime as dt
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import transaction
from hypothesis import Phase, given
from hypothesis import strategies as st

from projects.figures.cells import PLANNED_TOLD
from projects.figures.definitions import AMOUNTS, COUNTS, FOLLOW_UP, MATTER_RATES, RATES
from projects.figures.figures import FigureRow, figures_of
from projects.figures.population import DIMENSIONS, Scope
from projects.models import (
    Belonging,
    DeliveryPlan,
    Handover,
    IndustryChain,
    Listing,
    ListingVersion,
    Milestone,
    Official,
    Problem,
    ProgressReport,
    Project,
    ReportState,
    Unit,
)
from projects.money import gap_sentence
from projects.periods import TenDayPeriod
from projects.services.figures.year_amounts import rewrite_all_year_amounts
from projects.services.imports import Options, import_file
from tests.factories import (
    NOW,
    TODAY,
    make_list,
    make_listing,
    make_official,
    make_project,
    make_report,
    make_unit,
)
from tests.properties import costly
from tests.workbooks_for_import import ledger, row

pytestmark = [pytest.mark.django_db, pytest.mark.database]
YEAR = 2023
FIRST, LAST = dt.date(YEAR, 1, 1), dt.date(YEAR, 12, 31)
KINDS = ("省级重点", "市级重大", "技改")
PERIODS = list(TenDayPeriod.of_year(YEAR))
DAYS = st.dates(FIRST, LAST)
few = costly(3, phases=[Phase.explicit, Phase.generate])


@contextmanager
def taken_back():
    """Rows of one example, gone before the next."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def read(day: dt.date, by: str = "", **narrowed):
    return figures_of(Scope(day, YEAR, **narrowed), by=by)


def printed(day: dt.date) -> list[dict]:
    """Everything that is printed of a day: total, lists and departments, with the numbers that JSON leaves out."""
    found = read(day, "lead_department")
    return [row.as_json() | {"values": row.values} for row in [found.total, *found.lists, *found.groups]]


# --- small worlds, made in a few statements ---------------------------------------------------------------

some_day = st.none() | DAYS
WORLD = st.lists(
    st.fixed_dictionaries(
        {
            "lists": st.sets(st.sampled_from(KINDS)),
            "holder": st.integers(0, 2),
            "part_of": st.booleans(),
            "category": st.sampled_from(["new_start", "continuing", "preparatory"]),
            "planned": st.integers(0, 3000),
            "planned_start_on": some_day,
            "planned_completion_on": some_day,
            "started_on": some_day,
            "completed_on": some_day,
            "in_production_on": some_day,
            "entered_statistics_on": some_day,
            "reports": st.dictionaries(st.integers(0, 35), st.integers(0, 4000), max_size=3),
            "milestones": st.lists(st.tuples(DAYS, some_day), max_size=2),
            "problems": st.lists(st.tuples(DAYS, some_day), max_size=2),
        }
    ),
    max_size=6,
)
FACTS = "started_on completed_on in_production_on entered_statistics_on".split()


def build(rows: list[dict], level: str) -> None:
    """The rows as projects with hand-overs, listings, reports, plans and problems; `level` is what each list counts.

    The first project is a package; the rows marked `part_of` are its phases.
    """
    lists = {kind: make_list(kind, counts_level=level) for kind in KINDS}
    units = [None, Unit(name="甲局"), Unit(name="乙镇", kind=Unit.Kind.DISTRICT)]
    officials = [None, Official(name="甲"), Official(name="乙")]
    chains = [None, IndustryChain(name="新材料"), IndustryChain(name="氢能")]
    for people in (units, officials, chains):
        type(people[1]).objects.bulk_create(people[1:])
    projects = [
        Project(
            name=f"项目{number}",
            code=f"2301-370371-04-01-{number:06d}",
            total_investment=Decimal(one["planned"] * 3),
            reports_from_on=FIRST,
            industry_chain=chains[one["holder"]],
            level=Project.Level.PHASE if number and one["part_of"] else Project.Level.SINGLE,
            **facts_of(one),
        )
        for number, one in enumerate(rows)
    ]
    Project.objects.bulk_create(projects)
    phases = [project for project in projects if project.level == Project.Level.PHASE]
    if phases:
        projects[0].level = Project.Level.PACKAGE
        for phase in phases:
            phase.parent = projects[0]
        Project.objects.bulk_update(projects, ["level", "parent"])
    each = list(zip(projects, rows, strict=True))
    _responsible(each, units, officials)
    _belonging(projects)
    _listed(each, lists)
    _followed(each)


def facts_of(one: dict) -> dict:
    """Dates of fact as the database takes them: nothing is completed or in production before it was started."""
    started = one["started_on"] or FIRST
    return {fact: one[fact] and max(one[fact], started) for fact in FACTS}


def _responsible(each, units, officials) -> None:
    holders = {"sponsor": officials, "lead_department": units, "host_district": units}
    Handover.objects.bulk_create(
        Handover(project=project, slot=slot, from_on=FIRST, made_at=NOW,
                 **{"official" if slot == "sponsor" else "unit": people[one["holder"]]})
        for project, one in each for slot, people in holders.items() if one["holder"]
    )  # fmt: skip


def _belonging(projects) -> None:
    Belonging.objects.bulk_create(
        Belonging(project=project, kind=kind, from_on=FIRST, made_at=NOW,
                  **{name: getattr(project, name) for name in names})
        for project in projects for kind, names in Belonging.COLUMNS.items()
    )  # fmt: skip


def _listed(each, lists) -> None:
    listings = [
        (Listing(project=project, annual_list=lists[kind]), one)
        for project, one in each
        for kind in one["lists"]
    ]
    Listing.objects.bulk_create(listing for listing, _one in listings)
    dates = ("planned_start_on", "planned_completion_on")
    ListingVersion.objects.bulk_create(
        ListingVersion(listing=listing, effective_on=FIRST, category=one["category"], made_at=NOW,
                       planned_investment=one["planned"],
                       **{name.removesuffix("_on"): str(one[name] or "") for name in dates},
                       **{name: one[name] for name in dates})
        for listing, one in listings
    )  # fmt: skip


def _followed(each) -> None:
    ProgressReport.objects.bulk_create(
        ProgressReport(project=project, period_ends_on=PERIODS[place].last_on, state=ReportState.CONFIRMED,
                       counts_from_on=PERIODS[place].last_on, invested_this_year=amount, filled_at=NOW)
        for project, one in each for place, amount in one["reports"].items()
    )  # fmt: skip
    rewrite_all_year_amounts()
    plans = [
        (DeliveryPlan(project=project, state="approved", approved_on=FIRST, made_at=NOW), one)
        for project, one in each
    ]
    DeliveryPlan.objects.bulk_create(plan for plan, _one in plans)
    Milestone.objects.bulk_create(
        Milestone(plan=plan, position=place, stage=Milestone.Stage.CONSTRUCTION, name=f"节点{place}", due=str(due),
                  due_on=due, achieved_on=done, evidence="1号" if done else "")
        for plan, one in plans for place, (due, done) in enumerate(one["milestones"], 1)
    )  # fmt: skip
    Problem.objects.bulk_create(
        Problem(project=project, category=Problem.Category.LAND, text="问题", raised_on=raised, due_on=raised,
                resolved_on=max(done, raised) if done else None, state="resolved" if done else "open")
        for project, one in each for raised, done in one["problems"]
    )  # fmt: skip


# --- parts and whole --------------------------------------------------------------------------------------


@few
@given(WORLD, DAYS, st.sampled_from(Project.Level.values))
def test_parts_add_up_to_the_whole_with_each_project_once(rows, day, level):
    with taken_back():
        build(rows, level)
        plain = read(day)
        whole = plain.total
        assert whole["projects"] == Scope(day, YEAR).projects().count() == sum(whole.lights.values())
        for by in DIMENSIONS:
            found = read(day, by)
            assert found.total.values == whole.values
            for key in (*COUNTS, *AMOUNTS, *FOLLOW_UP):
                assert sum(part[key] for part in found.groups) == whole[key], (by, key)
            for light in whole.lights:
                assert sum(part.lights.get(light, 0) for part in found.groups) == whole.lights[light]
        for part in plain.lists:  # a list alone is the row of the list, and its groups add up to it
            alone = read(day, "lead_department", lists=(part.group_id,))
            assert alone.total.values == part.values
            assert sum(group["projects"] for group in alone.groups) == part["projects"]
        assert sum(part["projects"] for part in plain.lists) >= whole["projects"]


@few
@given(WORLD, DAYS, st.sampled_from(Project.Level.values))
def test_every_row_is_whole_in_itself(rows, day, level):
    with taken_back():
        build(rows, level)
        found = read(day, "sponsor")
        for each in [found.total, *found.lists, *found.groups]:
            holds_together(each)


def holds_together(each: FigureRow) -> None:
    """Identities within one row; rates from raw 万元 and numbers, rounded once; nothing without a denominator."""
    assert each.start_identity.holds
    assert each["started"] + each["not_started"] == each["projects"]
    assert each["preparatory_stage"] + each["construction_stage"] + each["completed"] == each["projects"]
    assert each["problems_open"] + each["problems_settled"] == each["problems_raised"]
    assert each["milestones_on_time"] <= each["milestones_done"] <= each["milestones_due"]
    assert (
        each["milestones_done"] + each["milestones_overdue"] <= each["milestones_due"]
    )  # due today is neither
    shown = each.as_json()
    for key, rate in (RATES | MATTER_RATES).items():
        above, below = each[rate.numerator], each[rate.denominator]
        if key == "investment_completion":
            below = each[PLANNED_TOLD] if above is not None else 0
        assert each.ratio(key).percent(each.places) == half_up(above, below, each.places)
        assert (each.ratio(key).words() == "—") == (not below)
        if key in shown:
            told = half_up(above, below, each.places)
            assert shown[key] == (None if told is None else str(told))
    assert shown["pro_rata_progress"] == str(half_up(*each.pro_rata_progress.as_integer_ratio(), each.places))
    gap(each, shown)


def gap(each: FigureRow, shown: dict) -> None:
    if not each[PLANNED_TOLD] or each.is_silent:
        assert (shown["schedule_gap_points"], shown["gap_words"]) == (None, None)
        assert each.gap_told.startswith("—")
        return
    exact = Fraction(each["invested_this_year"]) / Fraction(each[PLANNED_TOLD]) - each.pro_rata_progress
    points = half_up(exact.numerator, exact.denominator, each.places)
    assert Decimal(shown["schedule_gap_points"]) == points
    assert shown["gap_words"] == ("持平" if points == 0 else "快于" if points > 0 else "慢于")
    assert (gap_sentence(each.schedule_gap_points) == "与序时持平") == (points == 0)


def half_up(above, below, places: int) -> Decimal | None:
    """A percentage by school arithmetic in whole numbers, independent of money.py."""
    if not below:
        return None
    scaled = Fraction(above) / Fraction(below) * 100 * 10**places
    whole, rest = divmod(abs(scaled), 1)
    whole += rest >= Fraction(1, 2)
    return Decimal(int(whole) if scaled >= 0 else -int(whole)).scaleb(-places)


# --- order of imports, corrections ------------------------------------------------------------------------

SHEETS = {
    "市级重大": ledger([
        row(序号=1),
        row(序号=2, 项目名称="膜材料项目", 项目代码="2103-370371-04-02-100002", 建设单位="乙公司", 实际开工时间="未开工",
            本年累计完成投资=0, 是否纳统="否", 形象进度="前期手续"),
    ]),
    "技改": ledger([
        row(序号=1),
        row(序号=2, 项目名称="轴承技改项目", 项目代码="2103-370371-04-02-100003", 建设单位="丙公司", 推进部门="工信局",
            本年累计完成投资=1234.5),
    ], sheet="技改", title="淄博高新区2023年技改项目调度表"),
}  # fmt: skip


@pytest.mark.parametrize("day", [dt.date(2023, 6, 30), dt.date(2023, 10, 10), TODAY])
def test_figures_do_not_depend_on_the_order_of_imports(day):
    told = []
    for order in (list(SHEETS), list(reversed(SHEETS))):
        with taken_back():
            for name in order:
                result, refusal = import_file(
                    content=SHEETS[name], file_name=f"{name}.xlsx", options=Options(), by=None,
                    now=NOW, today=TODAY,
                )  # fmt: skip
                assert not refusal, (refusal, result)
            rows = printed(day)
            assert rows[0]["projects"] == 3
            told.append(sorted(rows, key=lambda each: (each["list"], each["group"])))
    assert told[0] == told[1]


@few
@given(st.dictionaries(st.integers(0, 35), st.integers(0, 4000), min_size=1, max_size=4), st.data())
def test_a_correction_of_a_period_changes_figures_only_from_its_end_on(amounts, data):
    """Whatever figure is asked, of whatever group: the days before the corrected period's end stay as they were."""
    with taken_back():
        holder = make_unit()
        project = make_project(lead_department=holder, sponsor=make_official())
        other = make_project(lead_department=holder)
        for each, kind in ((project, "省级重点"), (project, "市级重大"), (other, "市级重大")):
            make_listing(each, make_list(kind))
        reports = {
            place: make_report(project, PERIODS[place].code, amount) for place, amount in amounts.items()
        }
        at = data.draw(st.sampled_from(sorted(reports)))
        end = PERIODS[at].last_on
        days = {end - dt.timedelta(days=1), end, data.draw(DAYS)}
        before = {day: printed(day) for day in days}
        reports[at].invested_this_year += 77
        reports[at].save()
        rewrite_all_year_amounts()
        for day in days:
            assert day >= end or printed(day) == before[day]
        assert printed(end) != before[end]
