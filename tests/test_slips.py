"""What a slip pushes: by hand, and for any plan."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from projects.periods import ONE_DAY
from projects.rules import propagate_slip, schedule_forward
from tests.networks import (
    CALENDAR,
    CALENDAR_2023,
    CALENDARS,
    SOME_DAYS,
    assert_in_order,
    assert_lasts,
    day,
    networks,
    working,
)


class TestSlipByHand:
    STEPS = (working("甲", 2), working("乙", 2, "甲"), working("丙", 1, "乙"), working("旁", 1))
    PLAN = dict(zip("甲乙丙旁", map(day, ("06-06", "06-08", "06-30", "06-05")), strict=True))

    def slip(self, planned=PLAN, steps=STEPS, finished=None, **slipped):
        slipped = {key: day(text) for key, text in slipped.items()}
        spans = propagate_slip(
            planned, steps, slipped=slipped, calendar=CALENDAR_2023, finished=finished or {}
        )
        return {key: finish for key, (_, finish) in spans.items()}

    def test_pushes_only_as_far_as_it_must(self):
        assert self.slip(甲="06-09") == self.PLAN | {"甲": day("06-09"), "乙": day("06-13")}

    def test_room_in_the_plan_takes_it_up(self):
        assert self.slip(乙="06-29") == self.PLAN | {"乙": day("06-29")}
        assert self.slip(乙="06-30") == self.PLAN | {"乙": day("06-30"), "丙": day("07-03")}

    def test_starts_follow_from_finish_and_duration(self):
        spans = propagate_slip(self.PLAN, self.STEPS, slipped={"甲": day("06-09")}, calendar=CALENDAR_2023)
        assert spans["甲"] == (day("06-08"), day("06-09"))
        assert spans["乙"] == (day("06-12"), day("06-13"))
        assert spans["旁"] == (day("06-05"), day("06-05"))

    def test_an_earlier_date_is_no_slip(self):
        assert self.slip(甲="06-01") == self.PLAN

    def test_a_slip_inside_a_pushed_step_is_pushed_further(self):
        assert self.slip(甲="06-09", 乙="06-12")["乙"] == day("06-13")
        assert self.slip(甲="06-09", 乙="06-20")["乙"] == day("06-20")

    def test_what_is_finished_stays_and_pushes_when_late(self):
        assert self.slip(甲="06-20", finished={"乙": day("06-08")}) == self.PLAN | {"甲": day("06-20")}
        assert self.slip(finished={"乙": day("06-30")})["丙"] == day("07-03")
        assert self.slip(finished={"乙": day("06-07")}) == self.PLAN | {"乙": day("06-07")}

    def test_a_step_without_a_date_passes_the_push_on(self):
        planned = {"甲": day("06-06"), "丙": day("06-09")}
        assert self.slip(planned, self.STEPS, 甲="06-09") == {"甲": day("06-09"), "丙": day("06-14")}

    def test_a_plan_against_its_own_order_stays_as_written(self):
        planned = self.PLAN | {"乙": day("06-05")}
        assert self.slip(planned) == planned


@st.composite
def plans(draw):
    """A calendar, steps, and planned finish dates in order, with room between them."""
    calendar, steps, start_on = draw(CALENDARS), draw(networks()), draw(SOME_DAYS)
    not_before = draw(st.dictionaries(st.sampled_from([step.key for step in steps]), SOME_DAYS))
    spans = schedule_forward(steps, start_on=start_on, calendar=calendar, not_before=not_before)
    return calendar, steps, {key: finish for key, (_, finish) in spans.items()}


def slips(planned):
    return st.dictionaries(st.sampled_from(sorted(planned)), st.integers(-5, 30)).map(
        lambda delays: {key: planned[key] + timedelta(days) for key, days in delays.items()}
    )


class TestSlip:
    @given(plans(), st.data())
    def test_pushes_no_further_than_it_must_and_keeps_the_order(self, plan, data):
        calendar, steps, planned = plan
        slipped = data.draw(slips(planned))
        spans = propagate_slip(planned, steps, slipped=slipped, calendar=calendar)
        assert_in_order(steps, spans)
        alone = {key: max(planned[key], slipped.get(key, planned[key])) for key in planned}
        for step in steps:
            first_on, finish = spans[step.key]
            assert finish >= alone[step.key]
            if finish > alone[step.key]:
                assert_lasts(step, (first_on, finish), calendar)
                free_on = max(spans[before][1] for before in step.predecessors)
                free_on += ONE_DAY if step.duration else timedelta()
                waited = [free_on + timedelta(n) for n in range((first_on - free_on).days)]
                assert not [each for each in waited if step.kind is CALENDAR or calendar.is_working(each)]

    @given(networks(), st.data(), CALENDARS)
    def test_moves_nothing_without_a_slip_even_in_a_plan_out_of_order(self, steps, data, calendar):
        planned = {step.key: data.draw(SOME_DAYS) for step in steps}
        spans = propagate_slip(planned, steps, slipped={}, calendar=calendar)
        assert {key: finish for key, (_, finish) in spans.items()} == planned

    @given(plans(), st.data())
    def test_a_longer_slip_never_pulls_a_step_forward(self, plan, data):
        calendar, steps, planned = plan
        shorter = data.draw(slips(planned))
        longer = {key: slip_to + timedelta(data.draw(st.integers(0, 15))) for key, slip_to in shorter.items()}
        less = propagate_slip(planned, steps, slipped=shorter, calendar=calendar)
        more = propagate_slip(planned, steps, slipped=longer, calendar=calendar)
        assert all(more[key][1] >= finish for key, (_, finish) in less.items())
