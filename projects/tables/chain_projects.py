"""A chain's projects as a table (产业链项目), each with its segment and light."""

from typing import ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html

from projects.money import format_wan
from projects.templatetags.show import light


class ChainProjectTable(tables.Table):
    """Rows of queries.chains.projects_of with lead_department; `project_lights` come from the view."""

    name = tables.Column(verbose_name="项目", attrs={"td": {"class": "wrap"}})
    segment_name = tables.Column(verbose_name="所在环节", default="待明确")
    lights = tables.Column(verbose_name="亮灯", empty_values=(), orderable=False)
    stage = tables.Column(verbose_name="阶段", empty_values=(), orderable=False)
    lead_department = tables.Column(
        verbose_name="推进部门",
        order_by=("lead_department__position", "lead_department__name"),
        default="待明确",
    )
    total_investment = tables.Column(verbose_name="总投资（万元）", attrs={"td": {"class": "num"}})

    class Meta:
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards free"}
        empty_text = "还没有项目归入本产业链。"

    def __init__(self, *args, as_of, **kwargs):
        super().__init__(*args, **kwargs)
        self.as_of, self.project_lights = as_of, {}
        self.caption = "产业链项目"

    def render_name(self, value, record):
        return format_html('<a href="{}">{}</a>', reverse("project_detail", args=[record.code]), value)

    def render_lights(self, record):
        found = self.project_lights.get(record.pk)
        return light(found.light, found.sentence) if found else ""

    def render_stage(self, record):
        return record.stage_on(self.as_of)

    def render_total_investment(self, value):
        return format_wan(value)
