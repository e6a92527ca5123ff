"""Light rule sets (亮灯规则): bands per gauge judge a value, and say in one sentence why."""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from ..money import gap_sentence, round_half_up
from .light_bands import COLOURS, Band, Exact, LightGauge
from .lights import Light, LightDimension, LightReason, full_day

Value = Exact | None
MOST_PLACES = 12
RED_FIRST = (Light.RED, Light.YELLOW)


class Limit(NamedTuple):
    """Where a band begins, as badness (起亮点), and for how many ten-day periods running it must be reached."""

    light: Light
    reach: int
    running: int
    band: Band


@dataclass(frozen=True, eq=False)
class RuleSet:
    """A rule set (亮灯规则). A value has the worst light whose band it has reached; none reached is green.

    Each dimension answers twice: `light` is the light alone, for counting many projects; `start_light` and its like are
    the same light with the sentence why. A gauge without bands is not judged (None), nor is a value of None.
    `earlier` are the gauge's values at the ends of the ten-day periods before, latest first: only a band that must
    hold for several periods looks at them. `red_needs` is how many red dimensions make a project red.
    """

    name: str
    bands: tuple[Band, ...]
    red_needs: int = 1

    @cached_property
    def limits(self) -> dict[LightGauge, tuple[Limit, ...]]:
        """The beginnings of each gauge's bands, the worst first, whatever the order of the bands."""
        found: dict[LightGauge, list[Limit]] = {}
        for limit in _limits(self.bands):
            found.setdefault(limit.band.gauge, []).append(limit)
        return {
            gauge: tuple(sorted(rows, key=lambda one: (RED_FIRST.index(one.light), -one.reach, one.running)))
            for gauge, rows in found.items()
        }

    @cached_property
    def looks_back(self) -> int:
        """How many earlier ten-day periods the bands look at (连续旬数减一)."""
        return max((band.running for band in self.bands), default=1) - 1

    def light(self, gauge: LightGauge, value: Value, earlier: Sequence[Value] = ()) -> Light | None:
        """The light of one gauge alone."""
        limits = self.limits.get(gauge)
        if limits is None or value is None:
            return None
        badness = gauge.badness(value)
        for light, reach, running, _band in limits:
            if badness >= reach and (running == 1 or _ran(gauge, reach, earlier, running - 1)):
                return light
        return Light.GREEN

    def _found(self, gauge: LightGauge, value: Value, earlier: Sequence[Value]) -> tuple[Light, str] | None:
        """The light and the rule in words; a green that has reached a band only waits for the periods running."""
        limits = self.limits.get(gauge)
        if limits is None or value is None:
            return None
        badness = gauge.badness(value)
        waiting = ""
        for light, reach, running, band in limits:
            if badness >= reach:
                if running == 1 or _ran(gauge, reach, earlier, running - 1):
                    return light, band.rule_words(value)
                waiting = f"未满连续{running}旬，提示"
        return Light.GREEN, waiting

    def start_light(
        self,
        planned_start_on: date | None,
        started_on: date | None,
        as_of: date,
        earlier: Sequence[Value] = (),
    ) -> LightReason | None:
        """开工: by the months a start is due without one. `planned_start_on` is the last day of the planned span."""
        months = months_due(planned_start_on, started_on, as_of)
        found = self._found(LightGauge.MONTHS_DUE, months, earlier)
        if planned_start_on is None or found is None:
            return None
        light, rule = found
        planned = f"计划{full_day(planned_start_on)}前开工"
        if started_on and started_on <= as_of:
            late = (started_on - planned_start_on).days
            sentence = f"已于{full_day(started_on)}开工" + (f"，晚于计划{late}天" if late > 0 else "")
            return LightReason(LightDimension.START, light, sentence, noted=late > 0)
        if months:
            planned += "，本月到期尚未开工" if months == 1 else f"，连续{months}个月未开工"
        return _reason(LightDimension.START, light, planned, rule)

    def _printed(self, gauge: LightGauge, value: Exact) -> Decimal:
        """The value with as many places, one at least, as it takes to be seen on its side of every end (docs/rules.md §6)."""
        limits = self.limits[gauge]
        severe = [limit.band.severe for limit in limits if limit.band.severe is not None]

        def sides(one: Exact) -> list[bool]:
            badness = gauge.badness(one)
            return [*(badness >= limit.reach for limit in limits), *(badness <= end for end in severe)]

        judged = sides(value)
        tried = (round_half_up(value, places) for places in range(1, MOST_PLACES))
        return next((one for one in tried if sides(one) == judged), round_half_up(value, MOST_PLACES))

    def progress_light(self, gap_points: Exact | None, earlier: Sequence[Value] = ()) -> LightReason | None:
        """进度 by 个百分点 behind 序时, unrounded; `gap_points` is negative when behind, `earlier` counts points behind."""
        if gap_points is None:
            return None
        gauge = LightGauge.POINTS_BEHIND
        found = self._found(gauge, -gap_points, earlier)
        if found is None:
            return None
        printed = -self._printed(gauge, -gap_points)
        sentence = f"投资完成率{gap_sentence(printed)}"
        return self._progress(gauge, *found, sentence, is_behind=printed < 0)

    def share_light(self, share: Exact | None, earlier: Sequence[Value] = ()) -> LightReason | None:
        """进度 by the percentage of 序时 that is done (完成序时进度的百分比), unrounded."""
        if share is None:
            return None
        gauge = LightGauge.SHARE_OF_PRO_RATA
        found = self._found(gauge, share, earlier)
        if found is None:
            return None
        printed = self._printed(gauge, share)
        return self._progress(gauge, *found, f"完成序时进度的{printed}%", is_behind=printed < 100)

    def _progress(
        self, gauge: LightGauge, light: Light, rule: str, sentence: str, *, is_behind: bool
    ) -> LightReason:
        """Behind, but not so far that a light goes on, is green with a note (提示)."""
        if light is Light.GREEN and not is_behind:
            return LightReason(LightDimension.PROGRESS, light, sentence)
        first = self.limits[gauge][-1].band
        return _reason(LightDimension.PROGRESS, light, sentence, rule or f"{first.before_words}，提示")

    def statistics_light(
        self,
        started_on: date | None,
        entered_on: date | None,
        as_of: date,
        earlier: Sequence[Value] = (),
        *,
        undated: bool = False,
    ) -> LightReason | None:
        """纳统: the entry is missing so many full months after the start. None before the start.

        `undated`: entered_on is only the day by which it was said to be entered.
        """
        months = months_unregistered(started_on, entered_on, as_of)
        found = self._found(LightGauge.MONTHS_UNREGISTERED, months, earlier)
        if started_on is None or found is None:
            return None
        if entered_on and entered_on <= as_of:
            told = "已纳统（日期待补）" if undated else f"已于{full_day(entered_on)}纳统"
            return LightReason(LightDimension.STATISTICS, found[0], told)
        return _reason(LightDimension.STATISTICS, found[0], f"{full_day(started_on)}开工，尚未纳统", found[1])

    def milestone_light(
        self, days_overdue: int | None, name: str = "", earlier: Sequence[Value] = ()
    ) -> LightReason | None:
        """节点: by the days the latest milestone, `name`, is overdue. None without milestones."""
        subject = f"节点“{name}”" if name else "节点"
        return self._counted(
            LightGauge.MILESTONE_DAYS, days_overdue, earlier, f"{subject}逾期{{}}天", "节点均未逾期"
        )

    def problem_light(self, days_overdue: int | None, earlier: Sequence[Value] = ()) -> LightReason | None:
        """问题: by the days the worst open problem is past its limit. None without open problems."""
        return self._counted(
            LightGauge.PROBLEM_DAYS, days_overdue, earlier, "问题超办理时限{}天", "问题均在办理时限内"
        )

    def report_light(self, missing_running: int | None, earlier: Sequence[Value] = ()) -> LightReason | None:
        """旬报: by the periods missing in a row up to now. None when no report is owed."""
        return self._counted(
            LightGauge.PERIODS_MISSING, missing_running, earlier, "连续{}旬未报旬报", "旬报按期报送"
        )

    def _counted(
        self, gauge: LightGauge, count: int | None, earlier: Sequence[Value], sentence: str, fine: str
    ) -> LightReason | None:
        if not (found := self._found(gauge, count, earlier)):
            return None
        return _reason(gauge.dimension, found[0], sentence.format(count) if count else fine, found[1])


def _limits(bands: Iterable[Band]) -> list[Limit]:
    return [Limit(band.light, band.mild, band.running, band) for band in bands if band.mild is not None]


def _reason(dimension: LightDimension, light: Light, sentence: str, rule: str) -> LightReason:
    """The sentence with its rule in brackets; a green that has a rule to tell is worth reading."""
    told = f"{sentence}（{rule}）" if rule else sentence
    return LightReason(dimension, light, told, noted=light is Light.GREEN and bool(rule))


def _ran(gauge: LightGauge, reach: int, earlier: Sequence[Value], periods: int) -> bool:
    """Whether each of so many periods before had reached the band too; one without a value breaks the row."""
    before = earlier[:periods]
    return len(before) == periods and all(
        value is not None and gauge.badness(value) >= reach for value in before
    )


def months_due(planned_on: date | None, started_on: date | None, as_of: date) -> int | None:
    """Which month running a start is due in: 1 in its own month, 0 before and when started. None without a plan."""
    if planned_on is None:
        return None
    if started_on and started_on <= as_of:
        return 0
    return max((as_of.year - planned_on.year) * 12 + as_of.month - planned_on.month + 1, 0)


def months_unregistered(started_on: date | None, entered_on: date | None, as_of: date) -> int | None:
    """Full months that have passed since the start without the entry (纳统); 0 when entered, None before the start."""
    if started_on is None or started_on > as_of:
        return None
    if entered_on and entered_on <= as_of:
        return 0
    months = (as_of.year - started_on.year) * 12 + as_of.month - started_on.month
    return max(months if as_of > _months_after(started_on, months) else months - 1, 0)


def _months_after(day: date, months: int) -> date:
    """The same day so many months later, or the month's last when it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


# --- what an office may write down -------------------------------------------------------------------------


def rule_faults(bands: Sequence[Band], red_needs: int = 1) -> list[str]:
    """Why a rule set cannot be put in force (规则检查), each in a sentence; empty when it is sound.

    A sound set gives every value of a gauge exactly one light: bands neither overlap nor leave a gap, begin past what
    is on time, go on without limit, and red is worse than yellow.
    """
    if not bands:
        return ["还没有亮灯档，请至少填写一档。"]
    faults = []
    if {LightGauge.POINTS_BEHIND, LightGauge.SHARE_OF_PRO_RATA} <= {band.gauge for band in bands}:
        faults.append("进度只能选一个指标：低于序时的百分点，或完成序时进度的百分比。")
    for gauge in LightGauge:
        of_gauge = [band for band in bands if band.gauge is gauge]
        wrong = [f"{gauge.words}：{fault}" for band in of_gauge for fault in _band_faults(band)]
        faults += wrong or [f"{gauge.words}：{fault}" for fault in _order_faults(of_gauge)]
    reds = {band.gauge.dimension for band in bands if band.light is Light.RED}
    if reds and red_needs > len(reds):
        faults.append(
            f"设有红灯档的维度只有{len(reds)}个，少于亮红灯所需的{red_needs}个，项目永远不会亮红灯。"
        )
    return faults


def _band_faults(band: Band) -> Iterator[str]:
    form = band.gauge.form
    ends = [end for end in (band.low, band.high) if end is not None]
    if not ends:
        yield "上限和下限至少填写一个。"
        return
    step = Decimal(1) if form.whole else Decimal("0.1")
    if any(Decimal(end) % step for end in ends):
        yield f"上下限须为{'整数' if form.whole else '至多一位小数'}。"
    if band.first is not None and band.last is not None and band.first > band.last:
        yield "上下限之间没有数值，请核对上下限和是否含端点。"
    if band.mild is None:
        yield f"请填写{'上限' if form.falling else '下限'}，即从多少起亮{COLOURS[band.light]}灯。"
    elif band.mild <= band.gauge.badness(100 if form.falling else 0):
        on_time = "达到序时进度" if band.gauge.dimension is LightDimension.PROGRESS else "按期"
        yield f"{on_time}的项目不能亮灯，“{band.range_words}”请调整。"
    if not 1 <= band.running <= 9:
        yield "连续旬数须在1至9之间。"


def _order_faults(bands: Sequence[Band]) -> Iterator[str]:
    """Overlaps, gaps, an end without light beyond, yellow beyond red: of the bands of one gauge, each sound."""
    limits = _limits(bands)
    ordered = sorted(limits, key=lambda limit: (limit.reach, limit.running))
    for number, one in enumerate(ordered):
        for other in ordered[number + 1 :]:
            if _overlap(one, other) and not _may_overlap(one, other):
                yield f"“{one.band.range_words}”与“{other.band.range_words}”重叠。"
    reds = [limit for limit in limits if limit.light is Light.RED]
    for yellow in (limit for limit in limits if limit.light is Light.YELLOW):
        for red in reds:
            said = _overlap(red, yellow) and not _may_overlap(red, yellow)
            if red.reach < yellow.reach and not said:
                yield f"红灯档“{red.band.range_words}”须比黄灯档“{yellow.band.range_words}”更重。"
    reached = ordered[0].band.severe if ordered else None
    for _light, reach, _running, band in ordered[1:]:
        if reached is not None and reach > reached + 1:
            yield f"“{band.range_words}”之前有空档，落在空档里的项目不会亮灯。"
        reached = None if reached is None or band.severe is None else max(reached, band.severe)
    if reached is not None:
        end = "下限" if ordered[0].band.gauge.form.falling else "上限"
        yield f"最重的一档不能设{end}，否则更差的项目反而不亮灯。"


def _overlap(one: Limit, other: Limit) -> bool:
    severe = [end for end in (one.band.severe, other.band.severe) if end is not None]
    return not severe or max(one.reach, other.reach) <= min(severe)


def _may_overlap(one: Limit, other: Limit) -> bool:
    """Whether two bands over the same values differ by their periods running, the red one asking for more."""
    if one.light is other.light:
        return one.running != other.running
    red, yellow = (one, other) if one.light is Light.RED else (other, one)
    return red.running > yellow.running
