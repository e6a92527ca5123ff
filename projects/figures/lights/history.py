"""The year of a project's light (亮灯历史): 36 ten-day periods as each was recorded, and what they would be today."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from itertools import groupby

from django.db.models import Count, Exists, IntegerField, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from ...models import LightRecord, Project
from ...periods import TenDayPeriod
from ...rules import Light, LightDimension, worst
from .judging import ProjectLight, lights_for


@dataclass(frozen=True)
class PeriodCell:
    """One period of the strip: its record if there is one, and today's light of that day where it was asked for."""

    period: TenDayPeriod
    is_closed: bool
    record: LightRecord | None = None
    now: ProjectLight | None = None

    @property
    def light(self) -> Light | None:
        return Light(self.record.light) if self.record else None

    @property
    def sentence(self) -> str:
        """Why it was so, as recorded."""
        if self.record is None:
            return "无记录" if self.is_closed else "未到记录时间"
        return "；".join(reason["sentence"] for reason in self.record.reasons) or "各项工作正常推进"

    @property
    def is_corrected(self) -> bool:
        """Whether today's data would give another light than the recorded one (更正)."""
        return self.now is not None and self.now.light is not self.light

    @property
    def words(self) -> str:
        """The whole cell in one line: period, light and why, as recorded and as corrected."""
        if self.light is None:
            return f"{self.period.words}：{self.sentence}"
        if self.now is not None and self.is_corrected:
            return (
                f"{self.period.words}：记录为{self.light.words}（{self.sentence}）；"
                f"按现数据为{self.now.light.words}（{self.now.sentence}）"
            )
        return f"{self.period.words}：{self.light.words}（{self.sentence}）"


@dataclass(frozen=True)
class LightHistory:
    """The 36 cells of a project's year and what they add up to; an earlier red stays, whatever came after."""

    year: int
    cells: tuple[PeriodCell, ...]

    @classmethod
    def of(cls, records: Iterable[LightRecord], year: int, as_of: date) -> "LightHistory":
        by_day = {record.period_ends_on: record for record in records}
        return cls(
            year,
            tuple(
                PeriodCell(period, last_on <= as_of, by_day.get(last_on))
                for period, last_on in _periods(year)
            ),
        )

    @property
    def months(self) -> list[tuple[int, tuple[PeriodCell, ...]]]:
        """The cells by month, three each."""
        return [(month, self.cells[3 * month - 3 : 3 * month]) for month in range(1, 13)]

    @cached_property
    def recorded(self) -> list[PeriodCell]:
        return [cell for cell in self.cells if cell.record]

    def count(self, light: Light) -> int:
        return sum(cell.light is light for cell in self.recorded)

    @property
    def reds(self) -> int:
        return self.count(Light.RED)

    @property
    def longest_red(self) -> int:
        """The most periods running that closed red (最长连续红灯); a period without a record breaks the run."""
        runs = groupby(cell.light is Light.RED for cell in self.cells)
        return max((len(list(cells)) for is_red, cells in runs if is_red), default=0)

    @property
    def last_red(self) -> TenDayPeriod | None:
        return next((cell.period for cell in reversed(self.recorded) if cell.light is Light.RED), None)

    @property
    def words(self) -> str:
        """红灯3旬、黄灯5旬，最长连续红灯2旬，最近一次红灯9月下旬; the year is said before it."""
        if not self.recorded:
            return "还没有亮灯记录"
        counts = f"红灯{self.reds}旬、黄灯{self.count(Light.YELLOW)}旬"
        if exempt := self.count(Light.EXEMPT):
            counts += f"、豁免{exempt}旬"
        if self.last_red is None:
            return f"{counts}（已记录{len(self.recorded)}旬）"
        return f"{counts}，最长连续红灯{self.longest_red}旬，最近一次红灯{self.last_red.words}"

    @property
    def corrected(self) -> int:
        return sum(cell.is_corrected for cell in self.cells)


@cache
def _periods(year: int) -> tuple[tuple[TenDayPeriod, date], ...]:
    """The year's periods with their last days, worked out once for thousands of strips."""
    return tuple((period, period.last_on) for period in TenDayPeriod.of_year(year))


def records_of_year(year: int, as_of: date) -> QuerySet[LightRecord]:
    """Records of the year's periods up to the day, as every strip and count reads them."""
    return LightRecord.objects.filter(period_ends_on__year=year, period_ends_on__lte=as_of).order_by(
        "period_ends_on"
    )


def with_light_counts(projects: QuerySet[Project], year: int, as_of: date) -> QuerySet[Project]:
    """Projects that have records in the year, with reds, yellows (numbers of periods) and last_red_on, for sorting."""
    records = records_of_year(year, as_of).filter(project=OuterRef("pk")).order_by()

    def number(light: Light) -> Coalesce:
        counts = records.filter(light=light).values("project").annotate(n=Count("pk")).values("n")
        return Coalesce(Subquery(counts, output_field=IntegerField()), 0)

    last_red = records.filter(light=Light.RED).values("project").annotate(last=Max("period_ends_on"))
    return projects.filter(Exists(records)).annotate(
        reds=number(Light.RED), yellows=number(Light.YELLOW), last_red_on=Subquery(last_red.values("last"))
    )


def as_recorded(light: ProjectLight, *, followed: bool) -> ProjectLight:
    """The light a record keeps of a project's light on the period's last day.

    Before its reports begin (not `followed`) 纳统 is left out: ledgers tell that a project is registered, not since when.
    """
    reasons = tuple(reason for reason in light.reasons if reason.dimension != LightDimension.STATISTICS)
    if followed or len(reasons) == len(light.reasons):
        return light
    return replace(light, light=worst(reason.light for reason in reasons), reasons=reasons)


def rechecked(history: LightHistory, project: Project) -> LightHistory:
    """The history with today's light of each recorded period beside its record (与现数据核对).

    36 times the queries of lights_for at most: for one project, where it is asked for.
    """
    mine = Project.objects.filter(pk=project.pk)

    def checked(cell: PeriodCell) -> PeriodCell:
        if cell.record is None:
            return cell
        day = cell.period.last_on
        light = lights_for(mine, day)[project.pk]
        return replace(cell, now=as_recorded(light, followed=project.reports_from_on <= day))

    return replace(history, cells=tuple(checked(cell) for cell in history.cells))
