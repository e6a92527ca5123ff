"""The light history as a table (亮灯历史): a strip of 36 periods a project, and what it adds up to."""

import datetime as dt
from functools import partial
from typing import ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html

from projects.measures.light_history import LightHistory
from projects.models import Project
from projects.periods import TenDayPeriod
from projects.templatetags.lightstrip import light_strip, light_strip_head, symbol

WRAP = {"td": {"class": "wrap"}}
NUMBER = {"td": {"class": "num"}}
MONTHS = range(1, 13)


class LightHistoryTable(tables.Table):
    """Rows of with_light_counts with their records as `year_lights`; a file has a column a month instead of the strip."""

    project = tables.Column(verbose_name="项目", accessor="name", order_by=("name",), attrs=WRAP)
    unit = tables.Column(
        verbose_name="推进部门",
        accessor="lead_department",
        order_by=("lead_department__position", "lead_department__name"),
        default="待明确",
    )
    strip = tables.Column(
        verbose_name=light_strip_head(),
        empty_values=(),
        orderable=False,
        attrs={"td": {"class": "strip-cell"}},
    )
    reds = tables.Column(verbose_name="红灯旬", attrs=NUMBER)
    yellows = tables.Column(verbose_name="黄灯旬", attrs=NUMBER)
    longest = tables.Column(verbose_name="连续红灯", empty_values=(), orderable=False, attrs=NUMBER)
    last_red_on = tables.Column(verbose_name="最近红灯", attrs={"td": {"class": "nowrap"}})

    class Meta:
        model = Project
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards lights-table"}
        fields: ClassVar = ()
        empty_text = "没有符合条件的亮灯记录。"

    def __init__(self, *args, as_of: dt.date, for_file: bool = False, **kwargs):
        self.as_of = as_of
        self.caption = "亮灯历史"
        self._row: tuple[int | None, LightHistory | None] = (None, None)
        if for_file:
            kwargs["exclude"] = ["strip"]
            kwargs["extra_columns"] = [
                (f"m{month}", tables.Column(verbose_name=f"{month}月", empty_values=())) for month in MONTHS
            ]
            kwargs["sequence"] = ["project", "unit", *(f"m{month}" for month in MONTHS), "..."]
            for month in MONTHS:
                setattr(self, f"value_m{month}", partial(self._symbols, month))
        super().__init__(*args, **kwargs)

    def _history(self, record: Project) -> LightHistory:
        """The row's year, drawn up once for all its cells."""
        if record.pk != self._row[0]:
            self._row = (record.pk, LightHistory.of(record.year_lights, self.as_of.year, self.as_of))
        return self._row[1]

    def _symbols(self, month: int, record: Project) -> str:
        return "".join(
            symbol(cell) or "　" for cell in self._history(record).cells[3 * month - 3 : 3 * month]
        )

    def render_project(self, value, record):
        address = reverse("project_detail", args=[record.code])
        return format_html('<a href="{}#lights">{}</a>', address, value)

    def render_strip(self, record):
        return light_strip(self._history(record))

    def value_longest(self, record):
        return self._history(record).longest_red

    def render_longest(self, record):
        return self.value_longest(record)

    def value_last_red_on(self, record):
        return TenDayPeriod.ending_on(record.last_red_on).words if record.last_red_on else None

    def render_last_red_on(self, record):
        return self.value_last_red_on(record)
