"""Slips against the first approved plan, and schedules narrowed, forecast and compared without writing."""

import datetime as dt
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.figures.cells import matters_by
from projects.figures.definitions import MATTER_RATES
from projects.figures.slips import project_slip, slip, slips_by_unit
from projects.models import Milestone
from projects.money import Ratio
from projects.periods import WEEKDAYS_ONLY
from projects.queries.plans.schedule import forecast, narrowed, order_breaks, plan_milestones
from projects.rules import NetworkStep, check_network
from tests.factories import TODAY, make_plan, make_project, make_unit

DAY = dt.timedelta(1)


@pytest.fixture
def versions(db):
    """A first version and the one in force, each milestone with its baseline."""
    unit = make_unit("建设局")
    project = make_project(lead_department=unit)
    first = make_plan(project, "2023-09-01", "2023-12-01", state="superseded")
    second = make_plan(project, "2023-09-11", "2024-01-01", number=2)
    for old, new in zip(first.milestones.all(), second.milestones.all(), strict=True):
        new.baseline = old
        new.save()
    return first, second


def rows(plan):
    return plan_milestones(plan)


def found(milestone, as_of=TODAY):
    return slip(milestone, as_of=as_of, calendar=WEEKDAYS_ONLY)


def test_an_open_milestone_slips_by_its_date_in_force_and_by_every_day_past_it(versions):
    past, ahead = rows(versions[1])
    assert (found(ahead).days, found(ahead).working_days) == (31, 21)
    assert found(past).days == (TODAY - dt.date(2023, 9, 1)).days
    assert found(past, dt.date(2023, 9, 5)).days == 10  # not yet due again


def test_a_done_milestone_slips_by_the_day_it_was_done_and_early_is_negative(versions):
    past, _ahead = rows(versions[1])
    past.achieved_on = dt.date(2023, 8, 30)
    assert (found(past).days, found(past).working_days) == (-2, -2)
    assert found(past).words == "早2天（2个工作日）"
    past.achieved_on = TODAY + DAY  # done later: open on that day
    assert found(past).expected_on == TODAY


def test_without_a_baseline_the_own_date_is_it_and_without_dates_there_is_none(versions):
    first = rows(versions[0])[1]
    assert found(first).days == 0
    assert found(first).words == "与基线一致"
    assert found(Milestone(due="待定")) is None


def test_a_project_slips_by_its_last_key_milestone(versions):
    past, ahead = rows(versions[1])
    assert project_slip([past, ahead], as_of=TODAY, calendar=WEEKDAYS_ONLY).days == 31
    past.is_key = True
    assert project_slip([past, ahead], as_of=TODAY, calendar=WEEKDAYS_ONLY).days == 41
    assert project_slip([], as_of=TODAY, calendar=WEEKDAYS_ONLY) is None


def test_units_sum_only_what_is_late(versions):
    _first, second = versions
    Milestone.objects.filter(plan=second, position=1).update(achieved_on=dt.date(2023, 8, 1), evidence="1号")
    sums = slips_by_unit(Milestone.objects.in_force(), as_of=TODAY, calendar=WEEKDAYS_ONLY)
    assert [(row.unit.name, row.milestones, row.late, row.days, row.working_days) for row in sums] == [
        ("建设局", 2, 1, 31, 21)
    ]


def test_the_on_time_rate_counts_what_was_due(versions):
    milestones = Milestone.objects.in_force()

    def rate(day):
        numbers = matters_by(milestones.due_by(day), "milestone", day, "plan__project")
        return MATTER_RATES["milestone_on_time_rate"].ratio(sum(numbers.values(), Counter()))

    assert rate(dt.date(2023, 9, 10)).value is None
    assert (rate(TODAY).numerator, rate(TODAY).value) == (0, 0)
    milestones.filter(position=1).update(achieved_on=dt.date(2023, 9, 12), evidence="1号")
    assert rate(TODAY) == Ratio(0, 1)  # done, but a day late
    milestones.filter(position=1).update(achieved_on=dt.date(2023, 9, 11))
    assert rate(TODAY) == Ratio(1, 1)


def test_a_forecast_pushes_what_follows_and_leaves_what_is_done(versions):
    _first, plan = versions
    one, two = plan.milestones.all()
    two.predecessors.add(one)
    pushed = forecast(rows(plan), {one.pk: dt.date(2024, 1, 10)}, WEEKDAYS_ONLY)
    assert [(row.milestone.pk, row.days, row.asked) for row in pushed] == [
        (one.pk, 121, True), (two.pk, 9, False),
    ]  # fmt: skip
    Milestone.objects.filter(pk=two.pk).update(achieved_on=TODAY, evidence="1号")
    pushed = forecast(rows(plan), {one.pk: dt.date(2024, 1, 10)}, WEEKDAYS_ONLY)
    assert [row.milestone.pk for row in pushed] == [one.pk]
    assert Milestone.objects.get(pk=one.pk).due == "2023-09-11"


def test_dates_against_the_order_are_named(versions):
    _first, plan = versions
    one, two = plan.milestones.all()
    assert order_breaks(rows(plan)) == []
    one.predecessors.add(two)
    assert order_breaks(rows(plan)) == ["“节点1”（2023年9月11日）早于其紧前节点“节点2”（2024年1月1日）。"]


@st.composite
def networks(draw):
    size = draw(st.integers(1, 12))
    return [
        NetworkStep(
            str(n),
            f"节点{n}",
            1,
            predecessors=tuple(map(str, draw(st.sets(st.integers(0, n - 1)))) if n else ()),
        )
        for n in range(size)
    ]


def ancestors(steps, key):
    by_key, seen, queue = {step.key: step for step in steps}, set(), [key]
    while queue:
        for before in by_key[queue.pop()].predecessors:
            if before not in seen:
                seen.add(before)
                queue.append(before)
    return seen


@given(networks(), st.data())
def test_leaving_steps_out_keeps_every_order_between_those_that_stay(steps, data):
    left_out = data.draw(st.sets(st.sampled_from([step.key for step in steps])))
    kept = narrowed(steps, left_out=left_out)
    check_network(kept)
    names = {step.key for step in kept}
    assert names == {step.key for step in steps} - left_out
    for step in kept:
        assert ancestors(kept, step.key) == ancestors(steps, step.key) & names


@given(networks(), st.data())
def test_a_target_keeps_just_what_leads_to_it(steps, data):
    target = data.draw(st.sampled_from([step.key for step in steps]))
    assert {step.key for step in narrowed(steps, target=target)} == {target} | ancestors(steps, target)
