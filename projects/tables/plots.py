"""The plot list as a table (地块清单)."""

from typing import ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html

from projects.models import Plot
from projects.templatetags.permits import share_bar
from projects.templatetags.show import due, plain

WRAP = {"td": {"class": "wrap"}}
NOWRAP = {"td": {"class": "nowrap"}}
NUM = {"td": {"class": "num"}}


class PlotTable(tables.Table):
    """Plots with project beside them and their progress (queries.land.with_progress)."""

    name = tables.Column(verbose_name="地块", attrs=WRAP)
    project = tables.Column(verbose_name="项目", order_by=("project__name",), attrs=WRAP)
    unit = tables.Column(
        verbose_name="推进部门",
        accessor="project__lead_department",
        order_by=("project__lead_department__position", "project__lead_department__name"),
        default="待明确",
    )
    area = tables.Column(verbose_name="面积（亩）", attrs=NUM)
    settled = tables.Column(verbose_name="进度", order_by=("settled", "pk"), attrs=NOWRAP)
    running = tables.Column(verbose_name="办理中", attrs=NUM)
    overdue = tables.Column(verbose_name="逾期", attrs=NUM)
    next_due_on = tables.Column(verbose_name="最近应办结", attrs=NOWRAP)

    class Meta:
        model = Plot
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        fields: ClassVar = ()
        empty_text = "没有符合条件的地块。"

    def __init__(self, *args, as_of, **kwargs):
        super().__init__(*args, **kwargs)
        self.as_of = as_of
        self.caption = "地块清单"

    def render_name(self, value, record):
        return format_html('<a href="{}">{}</a>', reverse("plot_detail", args=[record.pk]), value)

    def render_project(self, value):
        return format_html('<a href="{}">{}</a>', reverse("project_detail", args=[value.code]), value.name)

    def render_area(self, value):
        return plain(value)

    def value_settled(self, record):
        words = f"{record.settled}/{record.total}"
        return f"{words}（不涉及{record.skipped}）" if record.skipped else words

    def render_settled(self, record):
        bar = share_bar(record.settled, record.total)
        return format_html('<span class="rate-cell">{}</span>{}', bar, self.value_settled(record))

    def render_overdue(self, value):
        return format_html('<span class="late">{}</span>', value) if value else "0"

    def render_next_due_on(self, value):
        return due(value, self.as_of)
