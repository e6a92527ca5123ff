"""Tables of permits, land, markers of joint services (手续、用地)."""

from typing import ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html

from projects.models import Permit, Plot, ProjectMarker, Validity
from projects.periods import due_words
from projects.services.papers.markers import steps_of
from projects.templatetags.permits import marker_tag, share_bar, validity
from projects.templatetags.show import due, plain, short_date

from ..base.columns import (
    NOWRAP,
    NUMBER,
    WRAP,
    DayColumn,
    HouseTable,
    LinkColumn,
    ProjectColumn,
    UnitColumn,
)

# --- permits --------------------------------------------------------------------------------------------


class PermitTable(HouseTable):
    """Permits with project, its lead department and kind beside them, annotated with their validity on `as_of`."""

    title = "许可清单"
    number = LinkColumn("文号（证号）", "permit_detail")
    kind = tables.Column(verbose_name="许可种类", order_by=("kind__position", "pk"))
    project = ProjectColumn()
    issued_on = DayColumn("发证日期")
    valid_until_on = DayColumn("有效期至", default="长期")
    validity = tables.Column(verbose_name="效力", order_by=("valid_until_on", "pk"), attrs=NOWRAP)
    unit = UnitColumn("推进部门", "project__lead_department")
    issued_by = tables.Column(verbose_name="发证机关")

    class Meta(HouseTable.Meta):
        model = Permit
        empty_text = "没有符合条件的许可。"

    def value_validity(self, record):
        words = Validity(record.validity).label
        if record.validity in {Validity.RUNNING, Validity.LAPSED}:
            return f"{words}，{due_words(record.valid_until_on, self.as_of)}"
        return words

    def render_validity(self, record):
        return validity(record, self.as_of)


# --- plots ----------------------------------------------------------------------------------------------


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
    area = tables.Column(verbose_name="面积（亩）", attrs=NUMBER)
    settled = tables.Column(verbose_name="进度", order_by=("settled", "pk"), attrs=NOWRAP)
    running = tables.Column(verbose_name="办理中", attrs=NUMBER)
    overdue = tables.Column(verbose_name="逾期", attrs=NUMBER)
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


# --- markers --------------------------------------------------------------------------------------------


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
