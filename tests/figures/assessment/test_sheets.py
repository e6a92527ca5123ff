"""Score sheets (成绩单): one definition of each figure, responsibility as it stood, exclusions, etiquette, freezing."""

import datetime as dt
import json
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from projects.figures.assessment.assessed import LIST_FIGURES, Assessed, assessed_figures
from projects.figures.assessment.sheets import compose_sheet, sheet_from
from projects.figures.definitions import MATTERS, RATES
from projects.figures.figures import figure_rows
from projects.figures.population import Scope
from projects.models import (
    Alert,
    AlertExemption,
    AlertKind,
    Handover,
    Milestone,
    ProgressReport,
    Project,
    ReportState,
    StateChange,
    Unit,
)
from projects.money import Ratio, exact_gap
from projects.periods import TenDayPeriod
from tests.factories import (
    NOW,
    make_list,
    make_listing,
    make_plan,
    make_problem,
    make_project,
    make_report,
    make_scheme,
    make_unit,
    make_user,
)
from tests.properties import costly

pytestmark = [pytest.mark.django_db, pytest.mark.database]

FIRST, LAST = dt.date(2023, 7, 1), dt.date(2023, 9, 30)


def listed(unit, name=None, **fields) -> Project:
    version = {key: fields.pop(key) for key in ("planned_investment", "planned_start") if key in fields}
    project = make_project(name, lead_department=unit, **fields)
    make_listing(project, **version)
    return project


def figures(*keys, slot="lead_department"):
    return assessed_figures(Assessed(FIRST, LAST, slot), keys)


def hand_over(project, unit, from_on):
    Handover.objects.create(
        project=project,
        slot="lead_department",
        unit=unit,
        from_on=from_on,
        document="淄高新办〔2023〕8号",
        made_at=NOW,
    )
    Project.objects.filter(pk=project.pk).update(lead_department=unit)


def stop(project, from_on, state="suspended", until=None):
    change = {"project": project, "made_at": NOW}
    StateChange.objects.create(state=state, effective_on=from_on, reason="企业资金链断裂", **change)
    if until:
        StateChange.objects.create(state="active", effective_on=until, reason="复工", **change)
    else:
        Project.objects.filter(pk=project.pk).update(state=state)


def exempt(project, kind, subject, until=LAST):
    alert = Alert.objects.create(
        kind=kind, subject=subject, project=project, title="事项", due_on=FIRST, opened_on=FIRST
    )
    return AlertExemption.objects.create(
        alert=alert, from_on=FIRST, until_on=until, granted_by=make_user(), reason="等待省级批复"
    )


# --- figures --------------------------------------------------------------------------------------------


def test_rates_over_the_lists_are_those_of_the_figures(unit):
    other = make_unit("科技局")
    for place, holder in enumerate([unit, unit, other]):
        project = listed(
            holder,
            planned_investment=Decimal(1000 + place),
            planned_start="2023年6月",
            started_on=dt.date(2023, 5, 1) if place else None,
        )
        make_report(project, "2023-09-3", str(300 + place))
    found = figures(*LIST_FIGURES)
    rows = {row.group_id: row for row in figure_rows(Scope(LAST, 2023), by="lead_department")}
    assert set(found) == {unit.pk, other.pk}
    for pk, measured in found.items():
        for key, rate in LIST_FIGURES.items():
            assert measured[key].ratio == rows[pk].ratio(rate)
            assert sum(row.numerator for row in measured[key].rows) == measured[key].ratio.numerator
            assert sum(row.denominator for row in measured[key].rows) == measured[key].ratio.denominator
            if key in RATES and measured[key].value is not None:
                assert measured[key].value == rows[pk].ratio(key).value * 100
        exact = exact_gap(rows[pk].investment_completion, rows[pk].pro_rata_progress)
        assert measured["schedule_gap"].value == exact


def test_milestones_due_in_the_period_are_on_time_by_the_one_rule(unit):
    project = listed(unit)
    plan = make_plan(project, "2023-06-30", "2023-07-31", "2023-08-31", "2023-09-30", "2023-10-01")
    late, kept = plan.milestones.get(position=2), plan.milestones.get(position=3)
    for milestone, day in ((late, dt.date(2023, 8, 1)), (kept, dt.date(2023, 8, 31))):
        Milestone.objects.filter(pk=milestone.pk).update(achieved_on=day, evidence="现场照片")
    measured = figures("milestones_on_time")[unit.pk]["milestones_on_time"]
    due = Milestone.objects.filter(due_on__gte=FIRST)
    on_time, all_due = (
        due.filter(MATTERS[key].select(LAST)).count() for key in ("milestones_on_time", "milestones_due")
    )
    assert measured.ratio == Ratio(on_time, all_due)
    assert [(row.numerator, row.denominator) for row in measured.rows] == [(0, 1), (1, 1), (0, 1)]
    assert "2023-07-31到期，2023-08-01完成" in measured.rows[0].detail


def test_a_milestone_counts_to_whoever_was_in_duty_on_its_due_day(unit):
    project, successor = listed(unit), make_unit("科技局")
    plan = make_plan(project, "2023-07-31", "2023-09-15")
    plan.milestones.update(unit=None)
    hand_over(project, successor, dt.date(2023, 9, 1))
    found = figures("milestones_on_time", "start_rate_of_year")
    assert "start_rate_of_year" not in found[unit.pk], (
        "a rate that counts projects belongs to the last holder"
    )
    assert found[successor.pk]["start_rate_of_year"].ratio.denominator == 1
    assert found[unit.pk]["milestones_on_time"].ratio.denominator == 1
    assert found[successor.pk]["milestones_on_time"].ratio.denominator == 1


def test_handovers_stand_beside_both_units(unit):
    project, successor = listed(unit, "储能谷"), make_unit("科技局")
    hand_over(project, successor, dt.date(2023, 9, 1))
    sheet = compose_sheet(make_scheme("investment_completion"), FIRST, LAST)
    assert sheet.of(unit.pk).handovers == ("2023-09-01将储能谷移交科技局（淄高新办〔2023〕8号）",)
    assert sheet.of(successor.pk).handovers == ("2023-09-01自建设局接手储能谷（淄高新办〔2023〕8号）",)


def test_a_stopped_project_is_left_out_for_the_days_it_stood(unit):
    project, _other = listed(unit, "停工项目"), reported(unit, "0")
    make_plan(project, "2023-07-15", "2023-09-15")
    stop(project, dt.date(2023, 7, 10), until=dt.date(2023, 8, 1))
    found = figures("investment_completion", "milestones_on_time")[unit.pk]
    assert found["investment_completion"].ratio.denominator == 2000, "driven again on the cut-off day"
    milestones = found["milestones_on_time"]
    assert milestones.ratio.denominator == 1
    assert milestones.left_out[0].reason == "2023-07-10起停工：企业资金链断裂"


@pytest.mark.parametrize("state", ["suspended", "postponed", "withdrawn"])
def test_a_project_that_stands_on_the_cut_off_day_is_in_no_rate(unit, state):
    project, _other = listed(unit, "停工项目"), reported(unit, "0")
    stop(project, dt.date(2023, 9, 30), state)
    measured = figures("investment_completion")[unit.pk]["investment_completion"]
    assert measured.ratio.denominator == 1000
    assert [row.text for row in measured.left_out] == ["停工项目"]
    assert len(measured.rows) == 1


def test_an_exempted_start_leaves_the_start_rate_and_the_investment(unit):
    project, _other = listed(unit, planned_start="2023年6月"), reported(unit, "0", planned_start="2023年6月")
    exempt(project, AlertKind.START_OVERDUE, f"project:{project.pk}")
    found = figures("start_rate_to_date", "investment_completion")[unit.pk]
    assert found["start_rate_to_date"].ratio.denominator == 1
    assert found["investment_completion"].ratio.denominator == 1000
    assert "豁免至2023-09-30：等待省级批复" in found["start_rate_to_date"].left_out[0].reason


def test_an_exemption_that_has_run_out_leaves_nothing_out(unit):
    project = listed(unit, planned_start="2023年6月")
    exempt(project, AlertKind.START_OVERDUE, f"project:{project.pk}", dt.date(2023, 9, 29))
    assert figures("start_rate_to_date")[unit.pk]["start_rate_to_date"].ratio.denominator == 1


def test_exempted_milestones_and_problems_are_left_out_one_by_one(unit):
    project = listed(unit)
    milestone = make_plan(project, "2023-08-01", "2023-08-02").milestones.get(position=1)
    problem, _other = make_problem(project), make_problem(project)
    exempt(project, AlertKind.MILESTONE_OVERDUE, f"milestone:{milestone.pk}")
    exempt(project, AlertKind.PROBLEM_OVERDUE, f"problem:{problem.pk}")
    found = figures("milestones_on_time", "problems_settled")[unit.pk]
    assert found["milestones_on_time"].ratio.denominator == 1
    assert found["problems_settled"].ratio.denominator == 1
    assert len(found["milestones_on_time"].left_out) == len(found["problems_settled"].left_out) == 1


def test_problems_settled_by_the_day_over_problems_raised_by_the_day(unit):
    project, leader = listed(unit), make_unit("自然资源局")
    make_problem(project, state="resolved", resolved_on=LAST, resolution="已落实")
    make_problem(project, state="resolved", resolved_on=dt.date(2023, 10, 1), resolution="已落实")
    make_problem(project, raised_on=dt.date(2023, 10, 1), due_on=dt.date(2023, 10, 9))
    make_problem(project, lead_unit=leader)
    found = figures("problems_settled")
    assert (
        found[unit.pk]["problems_settled"].ratio.numerator,
        found[unit.pk]["problems_settled"].ratio.denominator,
    ) == (1, 2)
    assert found[leader.pk]["problems_settled"].ratio.denominator == 1


def handed_in(project, period, at):
    make_report(
        project,
        period,
        state=ReportState.CONFIRMED,
        submitted_by=make_user(),
        submitted_at=at,
        filled_by=None,
    )


def test_reports_whose_due_day_fell_in_the_period_are_held_against_it(unit):
    project = listed(unit, reports_from_on=dt.date(2023, 8, 21))
    zone = dt.timezone(dt.timedelta(hours=8))
    handed_in(project, "2023-08-3", dt.datetime(2023, 8, 31, 9, tzinfo=zone))
    handed_in(project, "2023-09-1", dt.datetime(2023, 9, 25, 9, tzinfo=zone))
    measured = figures("reports_on_time")[unit.pk]["reports_on_time"]
    # late August in time, early September late, mid September missing; late September falls due in October
    assert [(row.numerator, row.denominator) for row in measured.rows] == [(1, 3)]


def test_what_a_ledger_brought_is_not_judged(unit):
    project = listed(unit, reports_from_on=dt.date(2023, 9, 11))
    make_report(project, "2023-09-2", source=ProgressReport.Source.LEDGER)
    assert "reports_on_time" not in figures("reports_on_time").get(unit.pk, {})


def test_a_stopped_project_owes_no_report(unit):
    project = listed(unit, reports_from_on=dt.date(2023, 9, 11))
    stop(project, dt.date(2023, 9, 15))
    measured = figures("reports_on_time")[unit.pk]["reports_on_time"]
    assert not measured.rows
    assert "9月中旬" in measured.left_out[0].reason


def test_districts_are_assessed_by_the_projects_they_host(unit):
    town = make_unit("中埠镇", Unit.Kind.DISTRICT)
    make_listing(make_project(lead_department=unit, host_district=town))
    found = figures("investment_completion", slot="host_district")
    assert set(found) == {town.pk}


def test_investment_is_split_by_time_in_duty():
    """What the first holder did, and the plan of its days, stay with it; the successor answers for its own days."""
    first, successor = make_unit("甲局"), make_unit("乙局")
    project = listed(first, planned_investment=Decimal("3600"))
    make_report(project, "2023-08-3", "1000")
    make_report(project, "2023-09-3", "1300")
    hand_over(project, successor, dt.date(2023, 9, 1))
    found = figures("investment_completion", "schedule_gap")
    assert found[first.pk]["investment_completion"].ratio == Ratio(Decimal(1000), Decimal(3200))
    assert found[successor.pk]["investment_completion"].ratio == Ratio(Decimal(300), Decimal(400))
    assert found[first.pk]["investment_completion"].rows[0].detail == "2023-01-01至2023-08-31在任"
    # 1000 of the 2400 due by then, 300 of the 300 due since: in points of the parts of the plan
    assert found[first.pk]["schedule_gap"].value == Fraction(1000 - 2400, 32)
    assert found[successor.pk]["schedule_gap"].value == 0


@costly(6)
@given(
    st.lists(st.dates(dt.date(2023, 1, 2), LAST), max_size=4, unique=True).map(sorted),
    st.lists(st.tuples(st.integers(1, 27), st.integers(0, 900)), min_size=1, max_size=4),
    st.integers(1, 99999),
    st.sampled_from(["ten_day", "month", "own_plan", "day"]),
)
def test_the_holders_parts_add_up_to_the_project_s_whole(days, reports, cents, baseline):
    with transaction.atomic():
        units = [make_unit() for _place in range(3)]
        annual_list = make_list("区级重点")
        annual_list.baseline = baseline
        annual_list.save()
        project = make_project(lead_department=units[0])
        planned = Decimal(cents) / 100
        make_listing(project, annual_list, planned_investment=planned)
        for number, amount in dict(reports).items():
            make_report(project, list(TenDayPeriod.of_year(2023))[number - 1].code, str(amount))
        for place, day in enumerate(days, 1):
            hand_over(project, units[place % 3], day)
        found = figures("investment_completion")
        whole = Ratio.total(one["investment_completion"].ratio for one in found.values())
        done = dict(reports)[max(dict(reports))]
        assert (whole.numerator, whole.denominator) == (done, planned)
        transaction.set_rollback(True)


def test_a_list_without_reports_scores_nobody(unit):
    quiet = make_unit("工信商务局")
    reported(unit, "400")
    make_listing(make_project("技改一号", lead_department=quiet), make_list("技改"))
    make_listing(make_project("技改二号", lead_department=unit), make_list("技改"))
    found = figures("investment_completion", "schedule_gap")
    assert found[unit.pk]["investment_completion"].ratio == Ratio(Decimal(400), Decimal(1000))
    for key in ("investment_completion", "schedule_gap"):
        assert found[quiet.pk][key].value is None
        assert [row.reason for row in found[quiet.pk][key].left_out] == ["技改名单尚无旬报"]
    assert compose_sheet(make_scheme("investment_completion"), FIRST, LAST).of(quiet.pk).rank is None


def test_the_gap_is_scored_from_the_unrounded_value(unit):
    reported(unit, "100", planned_investment=Decimal("300"))
    scheme = make_scheme("schedule_gap")
    measured = figures("schedule_gap")[unit.pk]["schedule_gap"]
    assert measured.value == Fraction(100, 3) - 75
    score = compose_sheet(scheme, FIRST, LAST).of(unit.pk).items[0].score
    assert score == scheme.items.get(figure="schedule_gap").rule.points(measured.value)


# --- the sheet ------------------------------------------------------------------------------------------


def reported(unit, amount, **fields):
    project = listed(unit, **fields)
    make_report(project, "2023-09-3", amount)
    return project


def test_the_sheet_ranks_by_total_and_reads_back_equal(unit):
    better = make_unit("科技局")
    reported(unit, "400"), reported(better, "900.5")
    sheet = compose_sheet(make_scheme("investment_completion"), FIRST, LAST)
    assert [(one.name, one.rank, one.total) for one in sheet.ranked] == [
        ("科技局", 1, Decimal("90.05")),
        ("建设局", 2, Decimal("40.00")),
    ]
    frozen = json.loads(json.dumps(sheet.as_dict(), cls=DjangoJSONEncoder))
    assert sheet_from(frozen) == sheet


def test_a_unit_without_tasks_is_named_and_not_scored(unit):
    reported(unit, "400")
    idle = make_unit("文旅局")
    sheet = compose_sheet(make_scheme("investment_completion"), FIRST, LAST)
    assert [one.unit for one in sheet.idle] == [idle.pk]
    assert sheet.of(idle.pk).total is None


@pytest.mark.parametrize(
    ("rule", "standing", "rank", "total"),
    [
        ("apart", "small", None, "10.00"),
        ("marked", "ranked", 2, "10.00"),
        ("zone_mean", "ranked", 2, "50.00"),
    ],
)
def test_a_unit_with_few_projects_by_the_scheme_s_rule(unit, rule, standing, rank, total):
    few = make_unit("科技局")
    reported(unit, "700"), reported(unit, "700"), reported(few, "100")
    scheme = make_scheme("investment_completion", least_projects=2, small_rule=rule)
    score = compose_sheet(scheme, FIRST, LAST).of(few.pk)
    assert (score.standing, score.rank, score.total) == (standing, rank, Decimal(total))
    assert score.is_small
    assert score.items[0].numerator == 100, "the unit's own figure stays beside the zone's value"


def test_nothing_due_spreads_the_weight_over_what_was(unit):
    reported(unit, "400")
    sheet = compose_sheet(make_scheme("investment_completion", "milestones_on_time"), FIRST, LAST)
    assert sheet.of(unit.pk).items[1].score is None
    assert sheet.of(unit.pk).total == 40


def test_a_scheme_of_one_list_counts_that_list_alone(unit):
    reported(unit, "400")
    kind = Project.objects.get().listings.get().annual_list.kind
    sheet = compose_sheet(make_scheme("investment_completion", list_kind=kind), FIRST, LAST)
    assert sheet.of(unit.pk).projects == 1
    other = type(kind).objects.exclude(pk=kind.pk).first()
    scheme = make_scheme("investment_completion", list_kind=other, state="draft")
    assert [one.unit for one in compose_sheet(scheme, FIRST, LAST).idle] == [unit.pk]


def test_as_many_queries_for_thirty_units_as_for_three():
    scheme = make_scheme(
        "schedule_gap", "start_rate_to_date", "milestones_on_time", "reports_on_time", "problems_settled"
    )

    def queries(units):
        for _number in range(units):
            unit = make_unit()
            project = reported(unit, "400", planned_start="2023年6月")
            make_plan(project, "2023-08-01")
            make_problem(project)
        with CaptureQueriesContext(connection) as captured:
            sheet = compose_sheet(scheme, FIRST, LAST)
        assert len(sheet.ranked) >= units
        return len(captured)

    assert queries(3) == queries(27)
