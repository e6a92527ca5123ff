"""Figures: every definition on both sides of its edge, sums over sums, as of any day, over what a person may see."""

import datetime as dt
from contextlib import contextmanager
from decimal import Decimal
from itertools import product

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from projects.figures.baselines import Baseline, baseline_of, curve_baseline
from projects.figures.definitions import AMOUNTS, COUNTS, FOLLOW_UP, MATTER_RATES, RATES
from projects.figures.figures import figure_rows, figure_total
from projects.figures.indicators import indicator_cards
from projects.figures.population import DIMENSIONS, Scope
from projects.figures.year.targets import target_rows, target_total
from projects.models import (
    BaselineCurve,
    Handover,
    Indicator,
    IndicatorValue,
    IndustryChain,
    ListingVersion,
    ListKind,
    ReportState,
    Role,
    Unit,
)
from projects.money import Ratio
from projects.periods import TenDayPeriod
from projects.rules.targets import TargetLevel, TargetState
from projects.services.figures.year_amounts import rewrite_all_year_amounts
from tests.factories import (
    NOW,
    TODAY,
    make_list,
    make_listing,
    make_official,
    make_plan,
    make_problem,
    make_project,
    make_report,
    make_unit,
    make_user,
)
from tests.properties import costly
from tests.reading import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NEXT_DAY = TODAY + dt.timedelta(days=1)
NEW_YEAR, OLD_YEAR = dt.date(2023, 1, 1), dt.date(2022, 12, 31)
DAY_BEFORE = TODAY - dt.timedelta(days=1)
few = costly(4)


def scope(as_of=TODAY, year=None, **narrowed) -> Scope:
    return Scope(as_of, year or as_of.year, **narrowed)


def total(as_of=TODAY, year=None, **narrowed):
    return figure_total(scope(as_of, year, **narrowed))


def of_list(annual_list, as_of=TODAY):
    return next(row for row in figure_rows(scope(as_of)) if row.group_id == annual_list.pk)


def groups(by, as_of=TODAY, **narrowed) -> dict[str, int]:
    """{group: projects} of a dimension."""
    return {row.group: row["projects"] for row in figure_rows(scope(as_of, **narrowed), by=by)}


def listed(
    annual_list=None, *, planned="1000", category="new_start", planned_start="", completes="", **facts
):
    """A project in a list, with its dates of fact."""
    project = make_project(**facts)
    make_listing(
        project,
        annual_list,
        planned_investment=Decimal(planned),
        category=category,
        planned_start=planned_start,
        planned_completion=completes,
    )
    return project


@contextmanager
def taken_back():
    """Rows of one example, gone before the next."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# --- counts -----------------------------------------------------------------------------------------------

INSIDE_OUTSIDE = [
    ("projects", {}, None),
    ("started", {"started_on": TODAY}, {"started_on": NEXT_DAY}),
    ("not_started", {"started_on": NEXT_DAY}, {"started_on": TODAY}),
    ("new_starts", {"category": "new_start"}, {"category": "continuing"}),
    ("new_starts", {"category": "new_start"}, {"category": "preparatory"}),
    ("new_starts_started", {"started_on": TODAY}, {"started_on": NEXT_DAY}),
    ("new_starts_started", {"started_on": TODAY}, {"started_on": TODAY, "category": "continuing"}),
    ("new_starts_due", {"planned_start": "2023-10-12"}, {"planned_start": "2023-10-13"}),
    ("new_starts_due", {"planned_start": "2023年10月上旬"}, {"planned_start": "2023年10月中旬"}),
    ("new_starts_due", {"planned_start": "2023年三季度"}, {"planned_start": "2023年10月"}),
    ("new_starts_due", {"planned_start": "2023年上半年"}, {"planned_start": "2023年"}),
    ("new_starts_due", {"planned_start": "2022年"}, {"planned_start": "未批复"}),
    (
        "new_starts_due",
        {"planned_start": "2023-10-12"},
        {"planned_start": "2023-10-12", "category": "continuing"},
    ),
    (
        "missed_starts",
        {"planned_start": "2023-10-12", "started_on": NEXT_DAY},
        {"planned_start": "2023-10-12", "started_on": TODAY},
    ),
    ("missed_starts", {"planned_start": "2023-10-12"}, {"planned_start": "2023-10-13"}),
    (
        "early_starts",
        {"planned_start": "2023-10-13", "started_on": TODAY},
        {"planned_start": "2023-10-12", "started_on": TODAY},
    ),
    ("early_starts", {"planned_start": "未批复", "started_on": TODAY}, {"planned_start": "未批复"}),
    (
        "early_starts",
        {"planned_start": "2023年12月", "started_on": TODAY},
        {"planned_start": "2023年12月", "started_on": TODAY, "category": "continuing"},
    ),
    ("completed", {"completed_on": TODAY}, {"completed_on": NEXT_DAY}),
    ("completed", {"in_production_on": TODAY}, {"in_production_on": NEXT_DAY}),
    ("completed_this_year", {"completed_on": TODAY}, {"completed_on": NEXT_DAY}),
    ("completed_this_year", {"in_production_on": NEW_YEAR}, {"completed_on": OLD_YEAR}),
    (
        "completed_this_year",
        {"in_production_on": TODAY},
        {"in_production_on": TODAY, "completed_on": OLD_YEAR},
    ),
    ("completion_due", {"completes": "2023年"}, {"completes": "2024年1月"}),
    ("completion_due", {"completes": "2022年6月"}, {"completes": "2022年6月", "completed_on": OLD_YEAR}),
    ("completion_due", {"completes": "2023年", "completed_on": NEW_YEAR}, {"completes": "未定"}),
    ("in_production_this_year", {"in_production_on": NEW_YEAR}, {"in_production_on": OLD_YEAR}),
    ("in_production_this_year", {"in_production_on": TODAY}, {"in_production_on": NEXT_DAY}),
    ("production_due", {"completes": "2023-12-31"}, {"completes": "2024-01-01"}),
    (
        "production_due",
        {"completes": "2022年", "completed_on": OLD_YEAR},
        {"completes": "2022年", "in_production_on": OLD_YEAR},
    ),
    ("in_production", {"in_production_on": TODAY}, {"in_production_on": NEXT_DAY}),
    ("in_production", {"in_production_on": TODAY}, {"completed_on": TODAY}),
    ("entered_statistics", {"entered_statistics_on": TODAY}, {"entered_statistics_on": NEXT_DAY}),
    ("statistics_undated", {"statistics_stated_on": TODAY}, {"statistics_stated_on": NEXT_DAY}),
    ("preparatory_stage", {"started_on": NEXT_DAY}, {"started_on": TODAY}),
    ("preparatory_stage", {}, {"in_production_on": TODAY}),
    ("construction_stage", {"started_on": TODAY}, {"started_on": NEXT_DAY}),
    (
        "construction_stage",
        {"started_on": DAY_BEFORE, "completed_on": NEXT_DAY},
        {"started_on": DAY_BEFORE, "completed_on": TODAY},
    ),
]


def test_every_count_stands_in_the_table():
    assert {key for key, *_ in INSIDE_OUTSIDE} == set(COUNTS)


@pytest.mark.parametrize(("key", "inside", "outside"), INSIDE_OUTSIDE)
def test_a_count_on_both_sides_of_its_edge(key, inside, outside):
    if outside is None:
        make_project()  # in no list
    else:
        listed(**outside)
    assert total()[key] == 0
    counted = listed(**inside)
    assert total()[key] == 1
    assert list(scope().projects(key)) == [counted]


def test_stages_part_the_projects():
    for started, completed in product((None, DAY_BEFORE, NEXT_DAY), (None, TODAY, NEXT_DAY)):
        listed(
            started_on=started, completed_on=completed if completed != TODAY or started != NEXT_DAY else None
        )
    row = total()
    assert row["preparatory_stage"] + row["construction_stage"] + row["completed"] == row["projects"] == 9
    assert row["started"] + row["not_started"] == row["projects"]


# --- amounts ----------------------------------------------------------------------------------------------


def test_amounts_are_sums_in_wan_with_two_places():
    first, second = listed(planned="1000.10", total_investment="10000.01"), listed(planned="500.20")
    make_report(first, "2023-10-1", "0.10")
    make_report(second, "2023-10-1", "0.20")
    row = total()
    assert {key: str(row[key]) for key in AMOUNTS} == {
        "total_investment": "20000.01",
        "planned_investment": "1500.30",
        "invested_this_year": "0.30",
    }


def test_without_rows_amounts_are_zero():
    assert {str(total()[key]) for key in AMOUNTS} == {"0.00"}


def test_a_project_without_total_investment_or_report_adds_nothing():
    listed(total_investment=None)
    row = total()
    assert (row["projects"], row["total_investment"], row["invested_this_year"]) == (1, 0, None)


def test_invested_is_the_latest_report_of_the_year_not_the_largest_and_not_a_sum():
    project = listed()
    make_report(project, "2022-12-3", "9000")
    make_report(project, "2023-8-3", "400")
    make_report(project, "2023-9-3", "300")  # a correction downwards stands
    assert total()["invested_this_year"] == 300


def test_a_report_counts_from_its_own_day():
    project = listed()
    make_report(project, "2023-9-3", "200")
    make_report(project, "2023-10-2", "300", counts_from_on=TODAY)
    assert [total(day)["invested_this_year"] for day in (DAY_BEFORE, TODAY)] == [200, 300]
    assert total(dt.date(2023, 9, 29))["invested_this_year"] is None


def test_only_confirmed_reports_are_official_and_the_submitted_basis_shows_what_waits():
    project = listed()
    for number, state in enumerate(ReportState.values, 1):
        reason = {"return_reason": "数据有误"} if state == ReportState.RETURNED else {}
        make_report(project, f"2023-{number}-1", number * 100, state=state, **reason)
    # draft 100, submitted 200, passed 300, confirmed 400, returned 500
    assert total()["invested_this_year"] == total(basis="submitted")["invested_this_year"] == 400
    project.reports.filter(state=ReportState.CONFIRMED).delete()
    rewrite_all_year_amounts()
    assert total()["invested_this_year"] is None
    assert total(basis="submitted")["invested_this_year"] == 300
    project.reports.filter(state=ReportState.PASSED).delete()
    assert total(basis="submitted")["invested_this_year"] == 200
    project.reports.filter(state=ReportState.SUBMITTED).delete()
    assert total(basis="submitted")["invested_this_year"] is None


def test_an_unknown_basis_is_a_programmers_mistake():
    with pytest.raises(ValueError, match="basis"):
        total(basis="rumoured")


def test_an_unknown_figure_is_a_programmers_mistake():
    with pytest.raises(ValueError, match="figure"):
        scope().projects("investment_completion")


# --- rates ------------------------------------------------------------------------------------------------


def test_a_rate_is_sum_over_sum_never_the_mean_of_rates():
    small, large = listed(planned="100"), listed(planned="900")
    make_report(small, "2023-10-1", "100")
    make_report(large, "2023-10-1", "90")
    completion = total().ratio("investment_completion")
    assert completion == Ratio(190, 1000)
    assert completion.percent() == Decimal("19.0")  # the mean of 100 % and 10 % would be 55 %


def test_every_rate_names_its_numerator_and_denominator():
    for project in (
        listed(started_on=TODAY, planned_start="2023年6月", entered_statistics_on=TODAY),
        listed(),
    ):
        make_report(project, "2023-10-1", "250")
    listed(category="continuing", started_on=TODAY)
    row = total()
    assert {key: row.ratio(key) for key in RATES} == {
        "investment_completion": Ratio(500, 3000),
        "start_rate_including_continuing": Ratio(2, 3),
        "start_rate_of_year": Ratio(1, 2),
        "start_rate_to_date": Ratio(1, 1),
        "completion_rate": Ratio(0, 0),
        "production_rate": Ratio(0, 0),
        "statistics_rate": Ratio(1, 2),
    }


@pytest.mark.parametrize("key", [*RATES, *MATTER_RATES])
def test_a_rate_without_denominator_is_none_in_values_and_null_in_json(key):
    assert (total().ratio(key).value, total().ratio(key).words()) == (None, "—")
    assert total().as_json().get(key) is None


def test_completion_and_production_are_measured_against_what_the_list_says_is_due_this_year():
    listed(completes="2023年6月", completed_on=dt.date(2023, 7, 1), in_production_on=TODAY)
    listed(
        completes="2023年", completed_on=dt.date(2022, 12, 1)
    )  # done before the year: still due in production
    listed(completes="2022年")  # left over
    listed(completes="2024年", completed_on=TODAY)  # early
    row = total()
    assert row.ratio("completion_rate") == Ratio(2, 2)
    assert row.ratio("production_rate") == Ratio(1, 3)
    assert total(DAY_BEFORE).ratio("completion_rate") == Ratio(1, 2)


def test_without_plan_there_is_no_gap():
    listed(planned="0")
    row = total()
    assert row.schedule_gap_points is None
    assert (row.as_json()["schedule_gap_points"], row.as_json()["gap_words"]) == (None, None)


def test_above_a_hundred_percent_is_normal_and_stays():
    make_report(listed(planned="100"), "2023-10-1", "150")
    listed(planned_start="2023年12月", started_on=TODAY)
    listed(planned_start="2023年6月", started_on=TODAY)
    row = total(lists=())
    assert row.ratio("start_rate_to_date").percent() == Decimal("200.0")
    make_report(listed(planned="1"), "2023-10-1", "5000")
    assert total().investment_completion.percent() > 100


@pytest.mark.parametrize("as_of", [dt.date(2023, month, 15) for month in (1, 5, 6, 10, 12)] + [TODAY])
def test_due_less_missed_plus_early_is_started(as_of):
    starts = (None, dt.date(2023, 3, 31), dt.date(2023, 6, 15), TODAY)
    plans = ("", "2023年一季度", "2023年6月15日", "2023年三季度", "2023年")
    for category, started_on, planned_start in product(("new_start", "continuing"), starts, plans):
        listed(category=category, started_on=started_on, planned_start=planned_start)
    row = total(as_of)
    assert row["new_starts"] == len(starts) * len(plans)
    assert row.start_identity.holds
    assert row.start_identity.started == row["new_starts_started"]
    assert list(row.start_rates.values()) == [
        Ratio(row["new_starts_started"], row["new_starts"]),
        Ratio(row["new_starts_started"], row["new_starts_due"]),
        Ratio(row["started"], row["projects"]),
    ]


@pytest.mark.parametrize(
    ("invested", "points", "words"),
    [("778.3", "0.1", "快于"), ("778.2", "0.0", "持平"), ("777.3", "0.0", "持平"), ("777.2", "-0.1", "慢于")],
)
def test_gap_is_taken_from_unrounded_rates_and_rounded_once(invested, points, words):
    """序时 on 12 October is 28 of 36 = 77.777…%: what rounds to zero points is level."""
    make_report(listed(planned="1000"), "2023-10-1", invested)
    shown = total().as_json()
    assert (shown["schedule_gap_points"], shown["gap_words"]) == (points, words)
    assert shown["pro_rata_progress"] == "77.8"


# --- which project, in which list, on which day -----------------------------------------------------------


def test_a_project_in_two_lists_counts_once_in_each_and_once_in_the_total_with_the_higher_lists_plan():
    province, city = make_list("省级重点"), make_list("市级重大")
    project = make_project(total_investment=Decimal(5000))
    make_listing(project, city, planned_investment=Decimal(300))
    make_listing(project, province, planned_investment=Decimal(700), category="continuing")
    make_report(project, "2023-10-1", "70")
    assert [(of_list(x)["projects"], of_list(x)["planned_investment"]) for x in (province, city)] == [
        (1, 700),
        (1, 300),
    ]
    row = total()
    assert (row["projects"], row["total_investment"], row["invested_this_year"]) == (1, 5000, 70)
    assert (row["planned_investment"], row["new_starts"]) == (700, 0)
    assert total(lists=(city.pk,))["planned_investment"] == 300
    assert total(lists=(city.pk, province.pk))["planned_investment"] == 700


def test_a_project_removed_from_the_higher_list_counts_with_the_lower():
    project = make_project()
    make_listing(project, make_list("市级重大"), planned_investment=Decimal(300))
    higher = make_listing(project, make_list("省级重点"), planned_investment=Decimal(700))
    ListingVersion.objects.create(
        listing=higher.listing, effective_on=TODAY, change="removed", category="new_start", made_at=NOW
    )
    assert [total(day)["planned_investment"] for day in (DAY_BEFORE, TODAY)] == [700, 300]
    assert [total(day)["projects"] for day in (DAY_BEFORE, TODAY)] == [1, 1]


def test_a_project_of_another_year_is_not_in_this_years_figures():
    make_listing(make_project(), make_list(year=2022))
    assert (total()["projects"], total(year=2022)["projects"]) == (0, 1)


def test_an_old_year_asked_later_stands_at_its_end():
    project = make_project(started_on=dt.date(2023, 1, 1))
    make_listing(project, make_list(year=2022))
    make_report(project, "2022-12-3", "600")
    row = total(TODAY, 2022)
    assert (row["started"], row["invested_this_year"], row.pro_rata_progress) == (0, 600, 1)


@pytest.mark.parametrize(
    ("day", "planned", "new_starts"),
    [(dt.date(2023, 6, 29), 1000, 1), (dt.date(2023, 6, 30), 1500, 0), (dt.date(2023, 9, 1), 800, 0)],
)
def test_the_version_in_force_on_the_day_decides(day, planned, new_starts):
    version = make_listing(make_project())
    for effective_on, change, amount in (
        (dt.date(2023, 6, 30), "raised", 1500),
        (dt.date(2023, 9, 1), "lowered", 800),
    ):
        ListingVersion.objects.create(
            listing=version.listing,
            effective_on=effective_on,
            change=change,
            category="continuing",
            planned_investment=amount,
            made_at=NOW,
        )
    row = total(day)
    assert (row["planned_investment"], row["new_starts"], row["projects"]) == (planned, new_starts, 1)


def test_added_and_removed_projects_are_in_the_list_only_between():
    project, annual_list = make_project(), make_list()
    added = make_listing(project, annual_list, effective_on=dt.date(2023, 6, 1), change="added")
    ListingVersion.objects.create(
        listing=added.listing,
        effective_on=dt.date(2023, 9, 1),
        change="removed",
        category="new_start",
        made_at=NOW,
    )
    days = [dt.date(2023, 5, 31), dt.date(2023, 6, 1), dt.date(2023, 8, 31), dt.date(2023, 9, 1)]
    assert [of_list(annual_list, day)["projects"] for day in days] == [0, 1, 1, 0]


# --- groups -----------------------------------------------------------------------------------------------


def hand_over(project, slot, to, from_on):
    column = "official" if slot == "sponsor" else "unit"
    Handover.objects.create(project=project, slot=slot, from_on=from_on, made_at=NOW, **{column: to})
    setattr(project, slot, to)
    project.save()


@pytest.mark.parametrize(
    ("slot", "make"),
    [("sponsor", make_official), ("lead_department", make_unit), ("host_district", make_unit)],
)
def test_groups_follow_the_hand_over_as_it_stood_on_the_day(slot, make):
    before, after = make("甲"), make("乙")
    project = listed(**{slot: before})
    hand_over(project, slot, after, TODAY)
    assert groups(slot, DAY_BEFORE) == {"甲": 1}
    assert groups(slot) == {"乙": 1}
    narrowed = scope(by=slot, group=str(after.pk))
    assert list(narrowed.projects()) == [project]
    assert not scope(DAY_BEFORE, by=slot, group=str(after.pk)).projects().exists()


def test_a_project_that_nobody_answers_for_stands_last_as_not_settled():
    unit = make_unit("建设局")
    listed(lead_department=unit)
    nobodys = listed()
    assert list(groups("lead_department").items()) == [("建设局", 1), ("未明确", 1)]
    assert list(scope(by="lead_department", group="").projects()) == [nobodys]


def test_groups_within_one_list_take_its_plan_and_total():
    province, city, unit = make_list("省级重点"), make_list("市级重大"), make_unit()
    project = make_project(lead_department=unit)
    make_listing(project, province, planned_investment=Decimal(700))
    make_listing(project, city, planned_investment=Decimal(300))
    (row,) = figure_rows(scope(lists=(city.pk,)), by="lead_department")
    assert (row.list_name, row["planned_investment"]) == ("市级重大", 300)


def test_every_group_opens_exactly_its_rows():
    chain = IndustryChain.objects.create(name="新材料")
    for unit in (make_unit(), make_unit(), None):
        listed(
            lead_department=unit, industry_chain=chain if unit else None, started_on=TODAY if unit else None
        )
    for by in DIMENSIONS:
        for row in figure_rows(scope(), by=by):
            assert {key: row.scope.projects(key).count() for key in COUNTS} == {
                key: row[key] for key in COUNTS
            }


def test_milestones_problems_and_lights_follow_the_project_to_its_group():
    unit = make_unit()
    project = listed(lead_department=unit, reports_from_on=dt.date(2024, 1, 1))
    make_plan(project, "2023-10-11", "2023-10-12", "2023-10-13")
    make_problem(project)
    make_problem(project, raised_on=NEXT_DAY, due_on=NEXT_DAY)
    (row,) = figure_rows(scope(), by="lead_department")
    make_problem(project, state="resolved", resolved_on=TODAY)
    (row,) = figure_rows(scope(), by="lead_department")
    assert {key: row[key] for key in FOLLOW_UP} == {
        "milestones_due": 2,
        "milestones_done": 0,
        "milestones_on_time": 0,
        "milestones_overdue": 1,
        "problems_raised": 2,
        "problems_settled": 1,
        "problems_open": 1,
        "problems_overdue": 1,
    }
    assert row.ratio("milestone_on_time_rate") == Ratio(0, 2)
    assert row.ratio("problem_settlement_rate") == Ratio(1, 2)
    assert row.as_json()["lights"] == {"green": 0, "yellow": 0, "red": 1, "exempt": 0}


added = st.fixed_dictionaries(
    {
        "unit": st.integers(0, 2),
        "lists": st.sets(st.sampled_from(["省级重点", "市级重大", "技改"]), max_size=3),
        "planned": st.integers(0, 5000),
        "invested": st.none() | st.integers(0, 5000),
        "started": st.none() | st.dates(dt.date(2023, 1, 1), dt.date(2023, 12, 31)),
        "category": st.sampled_from(["new_start", "continuing", "preparatory"]),
    }
)


@few
@given(st.lists(added, max_size=5), st.dates(dt.date(2023, 1, 10), dt.date(2023, 12, 31)))
def test_groups_add_up_to_the_total(rows, as_of):
    with taken_back():
        units = [None, Unit.objects.create(name="甲局"), Unit.objects.create(name="乙局")]
        for row in rows:
            unit = units[row["unit"]]
            project = make_project(lead_department=unit, started_on=row["started"])
            for kind in row["lists"]:
                make_listing(
                    project, make_list(kind), planned_investment=row["planned"], category=row["category"]
                )
            if row["invested"] is not None:
                make_report(project, "2023-5-2", row["invested"])
        whole = total(as_of)
        assert whole["projects"] == sum(bool(row["lists"]) for row in rows)
        for by in ("lead_department", "sponsor"):
            parts = figure_rows(scope(as_of), by=by)
            for key in (*COUNTS, *AMOUNTS):
                assert sum(part[key] for part in parts) == whole[key], (by, key)
            for light in ("green", "yellow", "red"):
                assert sum(part.lights.get(light, 0) for part in parts) == whole.lights.get(light, 0)
            assert sum(whole.lights.values()) == whole["projects"]


amounts = st.lists(st.integers(0, 900), min_size=2, max_size=4)


@few
@given(amounts, st.data())
def test_a_correction_changes_only_the_days_from_its_own_to_the_next_report(reported, data):
    with taken_back():
        project = listed()
        periods = list(TenDayPeriod.of_year(2023))[: len(reported)]
        reports = [make_report(project, p.code, amount) for p, amount in zip(periods, reported, strict=True)]
        days = [p.last_on + dt.timedelta(days=shift) for p in periods for shift in (-1, 0, 1)]

        def invested(day):
            return figure_total(scope(day), follow_up=False)["invested_this_year"]

        before = {day: invested(day) for day in days}
        at = data.draw(st.integers(0, len(reported) - 1))
        reports[at].invested_this_year += 77
        reports[at].save()
        rewrite_all_year_amounts()
        until = periods[at + 1].last_on if at + 1 < len(periods) else dt.date.max
        for day in days:
            corrected = 77 if periods[at].last_on <= day < until else 0
            assert invested(day) == (None if before[day] is None else before[day] + corrected)


@few
@given(
    st.dates(dt.date(2023, 1, 2), dt.date(2023, 12, 31)), st.dates(dt.date(2023, 1, 1), dt.date(2023, 12, 31))
)
def test_a_list_adjustment_changes_only_the_days_from_its_own_on(effective_on, asked_on):
    with taken_back():
        version = make_listing(make_project())
        ListingVersion.objects.create(
            listing=version.listing,
            effective_on=effective_on,
            change="raised",
            category="new_start",
            planned_investment=1600,
            made_at=NOW,
        )
        assert total(asked_on)["planned_investment"] == (1600 if asked_on >= effective_on else 1000)


# --- baselines, eyes, indicators --------------------------------------------------------------------------


def test_a_list_is_measured_against_its_own_baseline_unless_another_is_asked_for():
    by_month = make_list("技改", baseline="month")
    curve = BaselineCurve.objects.create(name="三亚2022", points=[[9, 30, "0.75"], [12, 31, "1"]])
    by_curve = make_list("省级重点", curve=curve, baseline="month")
    make_report(listed(by_month), "2023-10-1", "800")
    listed(by_curve)
    assert of_list(by_month).pro_rata_ratio.percent() == Decimal("75.0")
    assert of_list(by_curve).baseline.name == "三亚2022"
    assert baseline_of(by_curve) == curve_baseline(curve)
    asked = figure_rows(scope(), baseline=Baseline("day", "day"))
    assert {row.pro_rata_ratio.percent() for row in asked} == {Decimal("78.1")}
    assert total(lists=(by_month.pk,)).schedule_gap_points == Decimal("5.0")


def test_a_list_says_how_many_decimals_its_rates_have():
    kind = ListKind.objects.get(name="技改")
    assert kind.rate_places == 2
    for started_on in (TODAY, TODAY, None):
        listed(make_list("技改"), started_on=started_on)
    assert of_list(make_list("技改")).as_json()["start_rate_of_year"] == "66.67"
    assert total().as_json()["start_rate_of_year"] == "66.67"  # the year's only list
    make_list("市级重大")
    assert total().as_json()["start_rate_of_year"] == "66.7"
    assert figure_total(scope(), places=0).as_json()["start_rate_of_year"] == "67"


def test_figures_are_over_what_the_person_may_see():
    unit, sponsor_user = make_unit(), make_user(Role.SPONSOR)
    sponsor = make_official(user=sponsor_user)
    make_report(listed(lead_department=unit, started_on=TODAY), "2023-10-1", "100")
    make_report(listed(host_district=unit, sponsor=sponsor), "2023-10-1", "200")
    make_report(listed(), "2023-10-1", "400")
    seen = {
        "reporter": (2, 300),
        "sponsor": (1, 200),
        "office": (3, 700),
        "stranger": (0, 0),
    }
    people = {
        "reporter": make_user(Role.REPORTER, unit=unit),
        "sponsor": sponsor_user,
        "office": make_user(Role.OFFICE),
        "stranger": make_user(Role.REPORTER),
    }
    for name, person in people.items():
        row = total(viewer=person)
        assert (row["projects"], row["invested_this_year"]) == seen[name], name
        assert sum(groups("lead_department", viewer=person).values()) == seen[name][0]
        assert sum(row.lights.values()) == seen[name][0]


def test_indicator_shows_its_latest_value_up_to_the_day():
    indicator = Indicator.objects.create(
        name="省外到位资金", year=2023, unit="亿元", target=Decimal("128.06")
    )
    for as_of_on, value, city in ((dt.date(2023, 9, 30), "124.6", "519.2"), (NEXT_DAY, "130", None)):
        IndicatorValue.objects.create(indicator=indicator, as_of_on=as_of_on, value=value, city_total=city)
    (card,) = indicator_cards(2023, TODAY)
    assert (card.completion.words(), card.share_of_city.words(0), card.as_of_on) == (
        "97.3%",
        "24%",
        dt.date(2023, 9, 30),
    )
    (later,) = indicator_cards(2023, NEXT_DAY)
    assert (later.completion.words(), later.share_of_city.words(0)) == ("101.5%", "—")
    (earlier,) = indicator_cards(2023, dt.date(2023, 9, 29))
    assert (earlier.value, earlier.completion.words()) == (None, "0%")
    assert indicator_cards(2022, TODAY) == []


@pytest.mark.parametrize("by", ["list", *DIMENSIONS])
def test_figures_take_as_many_queries_for_thirty_projects_as_for_three(by):
    unit, official = make_unit(), make_official()

    def filled(number):
        for _ in range(number):
            project = listed(lead_department=unit, host_district=unit, sponsor=official)
            make_plan(project, "2023-10-01")
            make_report(project)

    def queries():
        return queries_of(figure_rows, scope(), by=by)

    filled(3)
    of_three = queries()
    filled(27)
    assert queries() == of_three <= 17


# --- not reported is not zero -----------------------------------------------------------------------------


def silent_and_told():
    """市级重大 with 80 of 100 reported, 技改 with a plan of 100 that nobody reported on."""
    sponsor, quiet = make_official("甲"), make_official("乙")
    make_report(listed(planned="100", sponsor=sponsor), "2023-10-1", "80")
    return listed(make_list("技改"), planned="100", sponsor=quiet)


def test_what_nobody_reported_is_unknown_and_the_total_says_what_it_leaves_out():
    silent_and_told()
    told, silent = (row.as_json() for row in figure_rows(scope()))
    assert (told["invested_this_year"], told["investment_completion"]) == ("80.00", "80.0")
    unknown = ("invested_this_year", "investment_completion", "schedule_gap_points", "gap_words")
    assert {silent[key] for key in unknown} == {None} and silent["planned_investment"] == "100.00"
    row = total()
    assert row.as_json()["leaves_out"] == ["技改"] and "leaves_out" not in told
    assert (row.as_json()["investment_completion"], row["planned_investment"]) == ("80.0", 200)
    assert row.gap_told == "快于序时2.2个百分点（不含尚无旬报的技改）"
    assert [one.gap_told for one in figure_rows(scope(), by="sponsor")] == [
        "快于序时2.2个百分点",
        "—（尚无旬报）",
    ]


def test_a_report_of_nothing_done_is_known_to_be_nothing():
    make_report(silent_and_told(), "2023-10-1", "0")
    row = total()
    assert (row["invested_this_year"], row.leaves_out) == (80, ())
    assert row.investment_completion.percent() == 40


def test_a_group_s_own_page_leaves_out_what_its_row_does():
    """A list is silent where none of all its projects has reported, whoever looks at which part of it."""
    silent_and_told()
    sponsor = make_official("丙")
    make_report(listed(planned="100", sponsor=sponsor), "2023-10-1", "60")
    listed(planned="100", sponsor=sponsor)  # not reported, in a list that others reported on
    listed(make_list("技改"), planned="100", sponsor=sponsor)
    row = next(row for row in figure_rows(scope(), by="sponsor") if row.group == "丙")
    own = total(by="sponsor", group=str(sponsor.pk))
    for each in (row, own):
        assert (each.investment_completion, each.leaves_out) == (Ratio(60, 200), ("技改",))


def test_the_gap_has_the_places_of_its_list():
    make_list("技改").kind.__class__.objects.filter(name="技改").update(rate_places=2)
    make_report(listed(make_list("技改"), planned="300"), "2023-10-1", "100")
    assert figure_rows(scope())[0].as_json()["schedule_gap_points"] == "-44.44"
    assert total().as_json()["schedule_gap_points"] == "-44.44", "a single list speaks for itself"


def test_a_shortfall_stays_when_another_project_reports_for_the_first_time():
    """欠账 of January was 146.00 while only one of two reported; the other's first report in February changes no past."""
    department = make_unit("建设局")
    behind, late = (listed(planned="3600", lead_department=department) for _place in range(2))
    make_report(behind, "2023-01-3", "454")

    def january(day):
        row = next(row for row in target_rows(scope(day), "lead_department") if row.projects)
        cell = row.year.cell(TargetLevel.MONTH, 0)
        return cell.state, cell.shortfall

    before = january(dt.date(2023, 2, 1))
    assert before == (TargetState.SHORT, 146)
    make_report(late, "2023-02-1", "200")
    assert january(dt.date(2023, 2, 10)) == (TargetState.SHORT, 146)
    assert january(TODAY) == (TargetState.SHORT, 146)


def test_targets_are_unknown_where_nobody_reported_and_the_total_says_what_it_leaves_out():
    silent_and_told()
    told, silent = target_rows(scope(), "list")
    assert (silent.year.latest, silent.year.shortfall) == (None, None)
    row = target_total(scope())
    assert (row.planned, row.year.total, row.leaves_out) == (200, 100, ("技改",))
    assert row.year.shortfall == told.year.shortfall == 0 and "不含尚无旬报的技改" in row.remark


def test_a_statistics_entry_without_a_date_counts_from_the_ledger_that_says_so():
    project = listed(started_on=dt.date(2023, 3, 1), statistics_stated_on=TODAY)
    seen = [
        (total(day)["entered_statistics"], total(day)["statistics_undated"]) for day in (DAY_BEFORE, TODAY)
    ]
    assert seen == [(0, 0), (1, 1)]
    project.entered_statistics_on = dt.date(2023, 5, 1)
    project.save()
    assert (total(DAY_BEFORE)["entered_statistics"], total()["statistics_undated"]) == (1, 0)
