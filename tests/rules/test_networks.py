"""Networks of steps: what order they are put in, and what is refused in which words."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.rules import (
    LONGEST_DAYS,
    CycleError,
    DayKind,
    DuplicateStepError,
    MissingPredecessorError,
    NetworkError,
    NetworkStep,
    check_network,
)


def step(key, *predecessors, name="", duration=1):
    return NetworkStep(key, name or key, duration, DayKind.WORKING, predecessors)


@st.composite
def links(draw, *, cyclic):
    """Steps in any order, each with up to three others before it, earlier ones unless a cycle may arise."""
    keys = [f"s{n}" for n in range(draw(st.integers(1, 9)))]
    steps = []
    for n, key in enumerate(keys):
        among = keys if cyclic else keys[:n]
        before = draw(st.lists(st.sampled_from(among), max_size=3)) if among else []
        steps.append(step(key, *before))
    return draw(st.permutations(steps))


def keys_of(steps):
    return [each.key for each in steps]


class TestOrder:
    def test_keeps_the_given_order_when_it_works(self):
        steps = (step("a"), step("b"), step("c", "a"), step("d", "b", "c"))
        assert check_network(steps) == steps

    def test_puts_predecessors_first_and_the_rest_as_given(self):
        steps = [step("d", "c"), step("b"), step("c", "a"), step("a"), step("e")]
        assert keys_of(check_network(steps)) == ["b", "a", "c", "d", "e"]

    def test_an_empty_network_is_in_order(self):
        assert check_network([]) == ()

    def test_a_predecessor_named_twice_counts_once(self):
        assert keys_of(check_network([step("b", "a", "a"), step("a")])) == ["a", "b"]

    @given(links(cyclic=False))
    def test_takes_the_first_given_of_those_whose_turn_it_is(self, steps):
        left, expected = list(steps), []
        while left:
            turn = next(each for each in left if set(each.predecessors) <= set(expected))
            left.remove(turn)
            expected.append(turn.key)
        assert keys_of(check_network(steps)) == expected


class TestCycle:
    def test_is_named_by_its_steps(self):
        steps = [step("env", "design", name="环评"), step("design", "env", name="方案审查")]
        with pytest.raises(CycleError) as refused:
            check_network(steps)
        assert refused.value.cycle == ("env", "design", "env")
        assert str(refused.value) == "节点“环评”→“方案审查”→“环评”互为前置，形成循环，无法排期。"

    def test_is_told_in_working_order_without_what_hangs_on_it(self):
        steps = [
            step("after", "c"), step("a", "c", "before"), step("b", "a"), step("c", "b"), step("before"),
        ]  # fmt: skip
        with pytest.raises(CycleError) as refused:
            check_network(steps)
        assert refused.value.cycle == ("a", "b", "c", "a")

    def test_of_one_step(self):
        with pytest.raises(CycleError, match=r"^节点“环评”→“环评”以自己为前置，形成循环，无法排期。$"):
            check_network([step("env", "env", name="环评")])

    @given(links(cyclic=True))
    def test_every_network_is_ordered_or_a_real_cycle_is_named(self, steps):
        try:
            ordered = keys_of(check_network(steps))
        except CycleError as refused:
            before = {each.key: each.predecessors for each in steps}
            assert all(first in before[then] for first, then in pairwise(refused.cycle))
            assert refused.cycle[0] == refused.cycle[-1]
            assert len(set(refused.cycle)) == len(refused.cycle) - 1
        else:
            assert sorted(ordered) == sorted(keys_of(steps))
            assert all(set(each.predecessors) <= set(ordered[: ordered.index(each.key)]) for each in steps)

    @given(st.integers(1, 12), st.data())
    def test_a_ring_is_always_refused(self, length, data):
        ring = [step(str(n), str((n - 1) % length)) for n in range(length)]
        with pytest.raises(CycleError) as refused:
            check_network(data.draw(st.permutations(ring)))
        assert len(refused.value.cycle) == length + 1


class TestRefusals:
    def test_a_missing_predecessor_is_named_with_its_step(self):
        with pytest.raises(MissingPredecessorError) as refused:
            check_network([step("land"), step("permit", "land", "survey", name="施工许可")])
        assert (refused.value.step.key, refused.value.missing) == ("permit", "survey")
        assert str(refused.value) == "节点“施工许可”的紧前节点“survey”不存在，请补上该节点或改选紧前节点。"

    def test_a_key_given_twice(self):
        with pytest.raises(DuplicateStepError, match="节点“能评”的编号“x”重复") as refused:
            check_network([step("x", name="环评"), step("x", name="能评")])
        assert refused.value.step.name == "能评"

    @pytest.mark.parametrize(
        ("duration", "words"),
        [
            (-1, "节点“环评”的工期为-1天，不能为负数"),
            (LONGEST_DAYS + 1, "节点“环评”的工期为3651天，超过3650天"),
        ],
    )
    def test_a_duration_no_step_can_have(self, duration, words):
        with pytest.raises(NetworkError, match=words):
            check_network([step("x", name="环评", duration=duration)])

    @pytest.mark.parametrize("duration", [0, LONGEST_DAYS])
    def test_the_shortest_and_the_longest_duration_are_allowed(self, duration):
        assert check_network([step("x", duration=duration)])


def test_kinds_of_days_have_words():
    assert [kind.words for kind in DayKind] == ["工作日", "日历天"]
