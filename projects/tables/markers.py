"""The marker list as a table (服务标记清单)."""

from typing import ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html

from projects.models import ProjectMarker
from projects.services.markers import steps_of
from projects.templatetags.permits import marker_tag
from projects.templatetags.show import short_date

WRAP = {"td": {"class": "wrap"}}
NOWRAP = {"td": {"class": "nowrap"}}


class MarkerTable(tables.Table):
    """Markers with project and its lead department beside them; `is_ours`: the user reports on the project."""

    project = tables.Column(verbose_name="项目", order_by=("project__name",), attrs=WRAP)
    kind = tables.Column(verbose_name="服务事项", attrs=NOWRAP)
    state = tables.Column(verbose_name="状态", attrs=NOWRAP)
    since_on = tables.Column(verbose_name="状态日期", attrs=NOWRAP)
    document = tables.Column(verbose_name="文号或说明", attrs=WRAP)
    unit = tables.Column(
        verbose_name="推进部门",
        accessor="project__lead_department",
        order_by=("project__lead_department__position", "project__lead_department__name"),
        default="待明确",
    )
    actions = tables.Column(
        verbose_name="办理", empty_values=(), orderable=False, attrs=NOWRAP, exclude_from_export=True
    )

    class Meta:
        model = ProjectMarker
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        fields: ClassVar = ()
        empty_text = "没有符合条件的服务标记。"

    def __init__(self, *args, as_of, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.as_of, self.user = as_of, user
        self.caption = "服务标记清单"

    def render_project(self, value):
        return format_html('<a href="{}">{}</a>', reverse("project_detail", args=[value.code]), value.name)

    def render_state(self, record):
        return marker_tag(record)

    def render_since_on(self, value):
        return short_date(value, self.as_of)

    def render_actions(self, record):
        if not steps_of(record, self.user, self.as_of, record.is_ours)["set"]:
            return ""
        address = reverse("marker_set", args=[record.project.code, record.kind])
        return format_html('<a class="btn btn-sm" href="{}">更新状态</a>', address)
