"""Networks of steps (节点网络): what a step is, and whether a plan's steps can be put in order at all.

A network that cannot is refused in a sentence the drafter can act on: `NetworkError` is a ValueError whose
text is meant for the screen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from heapq import heapify, heappop, heappush

# Ten years for one step: nothing in the zone takes as long, so a longer one is a slip of the keyboard.
LONGEST_DAYS = 3650


class DayKind(StrEnum):
    """The days a duration counts (工期口径): approvals count working days, works on the site every day."""

    WORKING = "working"
    CALENDAR = "calendar"

    @property
    def words(self) -> str:
        return "工作日" if self is DayKind.WORKING else "日历天"


@dataclass(frozen=True, slots=True)
class NetworkStep:
    """A step of a plan (节点): how many days of its kind it takes, and the steps that come before it (紧前节点).

    Duration 0 is an event (签约, 投产): it takes no day of its own.
    """

    key: str
    name: str
    duration: int
    kind: DayKind = DayKind.WORKING
    predecessors: tuple[str, ...] = ()


class NetworkError(ValueError):
    """A network that cannot be scheduled; the text says why, in Chinese."""


class DuplicateStepError(NetworkError):
    """Two steps of one key."""

    def __init__(self, step: NetworkStep):
        self.step = step
        super().__init__(f"节点“{step.name}”的编号“{step.key}”重复，请改用不同的编号。")


class MissingPredecessorError(NetworkError):
    """A step that names a predecessor the network does not hold."""

    def __init__(self, step: NetworkStep, missing: str):
        self.step, self.missing = step, missing
        super().__init__(f"节点“{step.name}”的紧前节点“{missing}”不存在，请补上该节点或改选紧前节点。")


class CycleError(NetworkError):
    """Steps that wait for each other. `cycle` has their keys in working order, the first again at the end."""

    def __init__(self, cycle: tuple[str, ...], names: Mapping[str, str]):
        self.cycle = cycle
        path = "→".join(f"“{names[key]}”" for key in cycle)
        each_other = "互为前置" if len(cycle) > 2 else "以自己为前置"
        super().__init__(f"节点{path}{each_other}，形成循环，无法排期。")


def check_network(steps: Iterable[NetworkStep]) -> tuple[NetworkStep, ...]:
    """The steps, every predecessor before its successors, otherwise in the order given; NetworkError if none.

    Refused are duplicate keys, durations below 0 or above LONGEST_DAYS, unknown predecessors and cycles.
    Linear when the steps are given in order, as templates give them.
    """
    steps = tuple(steps)
    known: dict[str, NetworkStep] = {}
    in_order = True
    for step in steps:
        if step.key in known:
            raise DuplicateStepError(step)
        if not 0 <= step.duration <= LONGEST_DAYS:
            raise _wrong_duration(step)
        for key in step.predecessors:
            if key not in known:
                in_order = False
        known[step.key] = step
    if in_order:
        return steps
    for step in steps:
        for key in step.predecessors:
            if key not in known:
                raise MissingPredecessorError(step, key)
    return _sorted(steps, known)


def _wrong_duration(step: NetworkStep) -> NetworkError:
    if step.duration < 0:
        return NetworkError(f"节点“{step.name}”的工期为{step.duration}天，不能为负数，请填写0或以上的天数。")
    return NetworkError(f"节点“{step.name}”的工期为{step.duration}天，超过{LONGEST_DAYS}天，请核对。")


def _sorted(steps: tuple[NetworkStep, ...], known: Mapping[str, NetworkStep]) -> tuple[NetworkStep, ...]:
    """Topological order; of the steps whose turn it may be, the first given comes first."""
    place = {step.key: n for n, step in enumerate(steps)}
    successors: dict[str, list[int]] = {step.key: [] for step in steps}
    waiting_for = [len(step.predecessors) for step in steps]
    for n, step in enumerate(steps):
        for key in step.predecessors:
            successors[key].append(n)
    ready = [n for n, waits in enumerate(waiting_for) if not waits]
    heapify(ready)
    ordered = []
    while ready:
        step = steps[heappop(ready)]
        ordered.append(step)
        for n in successors[step.key]:
            waiting_for[n] -= 1
            if not waiting_for[n]:
                heappush(ready, n)
    if len(ordered) < len(steps):
        stuck = {step.key for n, step in enumerate(steps) if waiting_for[n]}
        cycle = _cycle(known, stuck, place)
        raise CycleError(cycle, {key: known[key].name for key in cycle})
    return tuple(ordered)


def _cycle(known: Mapping[str, NetworkStep], stuck: set[str], place: Mapping[str, int]) -> tuple[str, ...]:
    """One cycle among the steps whose turn never came: each waits for another of them, so going back meets it."""
    key = min(stuck, key=place.__getitem__)
    path: dict[str, None] = {}
    while key not in path:
        path[key] = None
        key = next(before for before in known[key].predecessors if before in stuck)
    backwards = list(path)
    loop = backwards[backwards.index(key) :][::-1]
    first = loop.index(min(loop, key=place.__getitem__))
    return (*loop[first:], *loop[:first], loop[first])
