"""Two days of a list compared, as a table (名单对比)."""

from typing import ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html

from projects.queries.list_versions import signed_wan
from projects.templatetags.show import DASH, wan

NUM = {"td": {"class": "num"}, "th": {"class": "num"}}
WRAP = {"td": {"class": "wrap"}}


class ComparisonTable(tables.Table):
    """Rows of queries.list_versions.Comparison; amounts are those that count in the list."""

    project = tables.Column(verbose_name="项目", attrs=WRAP)
    kind_words = tables.Column(verbose_name="变动", order_by="kind")
    plan_before = tables.Column(verbose_name="原计划（万元）", attrs=NUM)
    plan_after = tables.Column(verbose_name="现计划（万元）", attrs=NUM)
    change = tables.Column(verbose_name="增减（万元）", attrs=NUM)
    remarks = tables.Column(verbose_name="类别和时间", orderable=False, attrs=WRAP, default=DASH)
    document = tables.Column(verbose_name="文号", attrs=WRAP, default=DASH)

    class Meta:
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        empty_text = "两个日期的名单没有不同。"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.caption = "名单对比"

    def render_project(self, value, record):
        return format_html('<a href="{}">{}</a>', reverse("project_detail", args=[record.code]), value)

    def render_plan_before(self, value):
        return wan(value)

    def render_plan_after(self, value):
        return wan(value)

    def render_change(self, value):
        return signed_wan(value)

    def render_remarks(self, value):
        return "；".join(value) or DASH

    def value_remarks(self, record):
        return "；".join(record.remarks)
