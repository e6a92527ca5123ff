"""Publications and what was corrected since (数据发布、更正清单), as tables."""

from typing import ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from projects.models import Publication
from projects.queries.list_versions import signed_wan
from projects.templatetags.show import DASH

NUM = {"td": {"class": "num fold-head"}}
WRAP = {"td": {"class": "wrap"}}
BRIEF = {"td": {"class": "brief"}}
NOWRAP = {"td": {"class": "nowrap"}}


class PublicationTable(tables.Table):
    """Publications with the number of projects they counted (`projects`)."""

    name = tables.Column(verbose_name="名称", attrs=WRAP)
    as_of = tables.DateColumn(verbose_name="统计日", format="Y-m-d", attrs=NOWRAP)
    projects = tables.Column(verbose_name="项目数", attrs={"td": {"class": "num"}})
    published_at = tables.DateTimeColumn(verbose_name="发布时间", format="Y-m-d H:i", attrs=NOWRAP)
    published_by = tables.Column(verbose_name="发布人", order_by=("published_by__full_name",))
    weekly_report = tables.Column(
        verbose_name="所附文件", default="手工封存", order_by=("weekly_report__year", "weekly_report__week")
    )

    class Meta:
        model = Publication
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        fields: ClassVar = ()
        empty_text = "还没有数据发布。签发逾期周报时自动封存当期数据，也可由发改局统筹手工封存。"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.caption = "数据发布"

    def render_name(self, value, record):
        return format_html('<a href="{}">{}</a>', reverse("publication_detail", args=[record.pk]), value)

    def render_weekly_report(self, value):
        return format_html('<a href="{}">{}</a>', reverse("weekly_detail", args=[value.period.code]), value)


class CorrectionTable(tables.Table):
    """Rows of queries.corrections: what reads differently now, by whom, when and why; `sums` of the shown rows."""

    project = tables.Column(
        verbose_name="项目", attrs=WRAP, footer=lambda table: f"合计 {len(table.data):,} 处"
    )
    lists = tables.Column(verbose_name="名单", attrs=BRIEF)
    fact = tables.Column(verbose_name="更正内容", attrs=NOWRAP)
    before = tables.Column(verbose_name="发布时", attrs=BRIEF, default=DASH)
    after = tables.Column(verbose_name="更正后", attrs=BRIEF, default=DASH)
    planned = tables.Column(
        verbose_name="年度计划投资增减（万元）",
        attrs=NUM,
        footer=lambda table: signed_wan(table.sums["planned"]),
    )
    invested = tables.Column(
        verbose_name="本年完成投资增减（万元）",
        attrs=NUM,
        footer=lambda table: signed_wan(table.sums["invested"]),
    )
    by = tables.Column(verbose_name="更正人", accessor="cause__by", orderable=False, default=DASH)
    at = tables.Column(
        verbose_name="更正时间", accessor="cause__at", orderable=False, attrs=NOWRAP, default=DASH
    )
    why = tables.Column(
        verbose_name="更正原因", accessor="cause__words", orderable=False, attrs=WRAP, default=DASH
    )

    class Meta:
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        empty_text = "没有符合条件的更正。"

    def __init__(self, rows, **kwargs):
        super().__init__(rows, **kwargs)
        self.caption = "更正清单"
        self.sums = {name: sum(getattr(row, name) for row in rows) for name in ("planned", "invested")}

    def render_project(self, value, record):
        return format_html('<a href="{}">{}</a>', reverse("project_detail", args=[record.code]), value)

    def render_planned(self, value):
        return signed_wan(value) if value else DASH

    render_invested = render_planned

    def render_at(self, value):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"

    def value_at(self, record):
        return self.render_at(record.cause.at) if record.cause else ""

    def value_before(self, record):
        return record.before

    def value_after(self, record):
        return record.after
