"""The progress list as tables (进度清单): by project and by unit; every number opens the milestones it counts."""

import datetime as dt
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import urlencode

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from projects.models import Project
from projects.periods import TenDayPeriod, WorkingCalendar, due_words
from projects.queries.plans.progress import COUNTED, ON_TIME_RATE, on_time_of, slip_of
from projects.templatetags.show import due_tone, figure

from ..base.columns import (
    NOWRAP,
    NUMBER,
    WRAP,
    AmountColumn,
    HouseTable,
    ProjectColumn,
    UnitColumn,
    WordsColumn,
)


def milestones_door(status: str, as_of: dt.date, **narrowed: Any) -> str:
    """The address of the milestones a figure counts."""
    query = {"status": status, "as_of": as_of.isoformat()} | narrowed
    return f"{reverse('milestone_list')}?{urlencode(query)}"


class CountColumn(tables.Column):
    """A number of milestones as the door to them."""

    def __init__(self, verbose_name: str) -> None:
        super().__init__(verbose_name=verbose_name, attrs=NUMBER)

    def render(self, record: Any, bound_column: Any, table: "CountingTable") -> SafeString:
        key = bound_column.name
        href = milestones_door(COUNTED[key], table.as_of, **table.door_of(record))
        number = figure(f"progress_{key}", getattr(record, key), href=href)
        return (
            format_html('<span class="late">{}</span>', number) if key == "late" and record.late else number
        )


class CountingTable(HouseTable):
    """Numbers of milestones as doors, the on-time rate over them; `narrowed` are the filters the doors keep."""

    title = "进度清单"
    narrowed: dict[str, str]

    due = CountColumn("应办节点")
    done = CountColumn("已办结")
    late = CountColumn("逾期")
    on_time = tables.Column(
        verbose_name="节点按期率", attrs=NUMBER | {"meaning": ON_TIME_RATE.key}, orderable=False
    )
    soon = CountColumn("30天内到期")

    export_heads: ClassVar = {"on_time": "节点按期率（%）"}

    def door_of(self, record: Any) -> dict[str, Any]:
        raise NotImplementedError

    def render_on_time(self, record: Any) -> SafeString:
        door = milestones_door(COUNTED["on_time"], self.as_of, **self.door_of(record)) if record.due else ""
        return figure(ON_TIME_RATE.key, on_time_of(record), href=door)

    def value_on_time(self, record: Any) -> Decimal | None:
        return on_time_of(record).percent(1)


class ProjectProgressTable(CountingTable):
    """One row a project, with what comes next, its slip and what the latest ten-day report says."""

    calendar: WorkingCalendar

    name = ProjectColumn(accessor="name")
    lead_department = UnitColumn("推进部门", "lead_department")
    host_district = UnitColumn("属地", "host_district")
    next_milestone = tables.Column(
        verbose_name="下一节点", order_by=("next_due_on",), attrs=WRAP, empty_values=()
    )
    slip = WordsColumn("较基线", orderable=False, attrs=NOWRAP)
    reported = WordsColumn(
        "最近旬报形象进度", accessor="physical_progress", attrs=WRAP, order_by=("reported_on",)
    )
    invested = AmountColumn("本年累计（万元）", default="—")

    class Meta(CountingTable.Meta):
        model = Project
        sequence: ClassVar = (
            "name lead_department host_district due done late on_time soon next_milestone slip reported invested"
        ).split()
        empty_text = "没有符合条件的项目。可放宽筛选条件，或点“重置”。"

    def door_of(self, record: Project) -> dict[str, Any]:
        return {"project": record.code}

    def render_next_milestone(self, record: Any) -> str | SafeString:
        if not record.next_milestone:
            return "—" if record.plans_then else format_html('<span class="muted">{}</span>', "尚无推进方案")
        tone, words = due_tone(record.next_due_on, self.as_of), due_words(record.next_due_on, self.as_of)
        return format_html(
            '<span>{} <span class="small nowrap {}">{}</span></span>', record.next_milestone, tone, words
        )

    def value_next_milestone(self, record: Any) -> str | None:
        if not record.next_milestone:
            return None if record.plans_then else "尚无推进方案"
        return f"{record.next_milestone}（{due_words(record.next_due_on, self.as_of)}）"

    def value_slip(self, record: Any) -> str | None:
        found = slip_of(record, as_of=self.as_of, calendar=self.calendar)
        return found.words if found else None

    def value_reported(self, record: Any) -> str | None:
        if not record.reported_on:
            return None
        words = TenDayPeriod.ending_on(record.reported_on).words
        return f"{words}：{record.physical_progress or '未填形象进度'}"


class UnitProgressTable(CountingTable):
    """One row a responsible unit (责任单位), with the sum of what its milestones slip."""

    unit = WordsColumn("责任单位", attrs=NOWRAP, orderable=False)
    slips = WordsColumn("较基线滞后合计", order_by=("slip_days",), attrs=NOWRAP)

    class Meta(CountingTable.Meta):
        sequence: ClassVar = "unit due done late on_time soon slips".split()
        empty_text = "没有符合条件的节点。"

    def door_of(self, record: Any) -> dict[str, Any]:
        return self.narrowed | {"unit": record.unit.pk if record.unit else "none"}

    def value_unit(self, record: Any) -> str:
        return record.unit.name if record.unit else "未明确"

    def value_slips(self, record: Any) -> str | None:
        found = record.slips
        if not found or not found.days:
            return None
        return f"{found.late}个节点晚{found.days}天（{found.working_days}个工作日）"
