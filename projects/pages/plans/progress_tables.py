"""The progress list as tables (进度清单): by project and by unit; every number opens the milestones it counts."""

import datetime as dt
from typing import Any, ClassVar
from urllib.parse import urlencode

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html

from projects.models import Project
from projects.money import format_wan
from projects.periods import TenDayPeriod, WorkingCalendar, due_words
from projects.queries.plans.progress import COUNTED, ON_TIME_RATE, on_time_of, slip_of
from projects.templatetags.show import due_tone, figure

WRAP = {"td": {"class": "wrap"}}
NUMBER = {"td": {"class": "num"}}
NOWRAP = {"td": {"class": "nowrap"}}


def milestones_door(status: str, as_of: dt.date, **narrowed: Any) -> str:
    """The address of the milestones a figure counts."""
    query = {"status": status, "as_of": as_of.isoformat()} | narrowed
    return f"{reverse('milestone_list')}?{urlencode(query)}"


def _counted(words: str) -> tables.Column:
    return tables.Column(verbose_name=words, attrs=NUMBER)


class CountingTable(tables.Table):
    """Numbers of milestones as doors, the on-time rate over them; `narrowed` are the filters the doors keep."""

    due = _counted("应办节点")
    done = _counted("已办结")
    late = _counted("逾期")
    on_time = tables.Column(
        verbose_name="节点按期率", attrs=NUMBER | {"meaning": ON_TIME_RATE.key}, orderable=False
    )
    soon = _counted("30天内到期")

    export_heads: ClassVar = {"on_time": "节点按期率（%）"}

    class Meta:
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        fields: ClassVar = ()

    def __init__(self, *args, as_of: dt.date, narrowed: dict[str, str], **kwargs):
        super().__init__(*args, **kwargs)
        self.as_of = as_of
        self.narrowed = narrowed
        self.caption = "进度清单"

    def door_of(self, record) -> dict[str, str]:
        raise NotImplementedError

    def _figure(self, key: str, record):
        href = milestones_door(COUNTED[key], self.as_of, **self.door_of(record))
        number = figure(f"progress_{key}", getattr(record, key), href=href)
        return (
            format_html('<span class="late">{}</span>', number) if key == "late" and record.late else number
        )

    def render_due(self, record):
        return self._figure("due", record)

    def render_done(self, record):
        return self._figure("done", record)

    def render_late(self, record):
        return self._figure("late", record)

    def render_soon(self, record):
        return self._figure("soon", record)

    def render_on_time(self, record):
        rate = on_time_of(record)
        return figure(
            ON_TIME_RATE.key,
            rate,
            href=milestones_door(COUNTED["on_time"], self.as_of, **self.door_of(record))
            if record.due
            else "",
        )

    def value_on_time(self, record):
        return on_time_of(record).percent(1)


class ProjectProgressTable(CountingTable):
    """One row a project, with what comes next, its slip and what the latest ten-day report says."""

    name = tables.Column(verbose_name="项目", attrs=WRAP)
    lead_department = tables.Column(
        verbose_name="推进部门",
        order_by=("lead_department__position", "lead_department__name"),
        default="待明确",
    )
    host_district = tables.Column(
        verbose_name="属地", order_by=("host_district__position", "host_district__name"), default="待明确"
    )
    next_milestone = tables.Column(
        verbose_name="下一节点", order_by=("next_due_on",), attrs=WRAP, empty_values=()
    )
    slip = tables.Column(verbose_name="较基线", empty_values=(), orderable=False, attrs=NOWRAP)
    reported = tables.Column(
        accessor="physical_progress",
        verbose_name="最近旬报形象进度",
        attrs=WRAP,
        order_by=("reported_on",),
        empty_values=(),
    )
    invested = tables.Column(verbose_name="本年累计（万元）", attrs=NUMBER, default="—")

    class Meta(CountingTable.Meta):
        model = Project
        sequence: ClassVar = (
            "name lead_department host_district due done late on_time soon next_milestone slip reported invested"
        ).split()
        empty_text = "没有符合条件的项目。可放宽筛选条件，或点“重置”。"

    def __init__(self, *args, calendar: WorkingCalendar, **kwargs):
        super().__init__(*args, **kwargs)
        self.calendar = calendar

    def door_of(self, record):
        return {"project": record.code}

    def render_name(self, value, record):
        return format_html('<a href="{}">{}</a>', reverse("project_detail", args=[record.code]), value)

    def render_next_milestone(self, record):
        if not record.next_milestone:
            return "—" if record.plans_then else format_html('<span class="muted">{}</span>', "尚无推进方案")
        tone, words = due_tone(record.next_due_on, self.as_of), due_words(record.next_due_on, self.as_of)
        return format_html(
            '<span>{} <span class="small nowrap {}">{}</span></span>', record.next_milestone, tone, words
        )

    def value_next_milestone(self, record):
        if not record.next_milestone:
            return None if record.plans_then else "尚无推进方案"
        return f"{record.next_milestone}（{due_words(record.next_due_on, self.as_of)}）"

    def value_slip(self, record):
        found = slip_of(record, as_of=self.as_of, calendar=self.calendar)
        return found.words if found else None

    def render_slip(self, record):
        return self.value_slip(record) or "—"

    def value_reported(self, record):
        if not record.reported_on:
            return None
        words = TenDayPeriod.ending_on(record.reported_on).words
        return f"{words}：{record.physical_progress or '未填形象进度'}"

    def render_reported(self, record):
        return self.value_reported(record) or "—"

    def render_invested(self, value):
        return format_wan(value)


class UnitProgressTable(CountingTable):
    """One row a responsible unit (责任单位), with the sum of what its milestones slip."""

    unit = tables.Column(verbose_name="责任单位", attrs=NOWRAP, empty_values=(), orderable=False)
    slips = tables.Column(
        verbose_name="较基线滞后合计", empty_values=(), order_by=("slip_days",), attrs=NOWRAP
    )

    class Meta(CountingTable.Meta):
        sequence: ClassVar = "unit due done late on_time soon slips".split()
        empty_text = "没有符合条件的节点。"

    def door_of(self, record):
        return self.narrowed | {"unit": record.unit.pk if record.unit else "none"}

    def value_unit(self, record):
        return record.unit.name if record.unit else "未明确"

    def render_unit(self, record):
        return self.value_unit(record)

    def value_slips(self, record):
        found = record.slips
        if not found or not found.days:
            return None
        return f"{found.late}个节点晚{found.days}天（{found.working_days}个工作日）"

    def render_slips(self, record):
        return self.value_slips(record) or "—"
