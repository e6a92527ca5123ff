"""Tables of permits, land, markers of joint services (手续、用地)."""

import datetime as dt
from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from projects.models import Permit, Plot, ProjectMarker, User, Validity
from projects.periods import due_words
from projects.services.papers.markers import steps_of
from projects.templatetags.permits import marker_tag, share_bar, validity
from projects.templatetags.show import due, plain

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

    def value_validity(self, record: Any) -> str:
        words = Validity(record.validity).label
        if record.validity in {Validity.RUNNING, Validity.LAPSED}:
            return f"{words}，{due_words(record.valid_until_on, self.as_of)}"
        return words

    def render_validity(self, record: Permit) -> SafeString:
        return validity(record, self.as_of)


# --- plots ----------------------------------------------------------------------------------------------


class PlotTable(HouseTable):
    """Plots with project beside them and their progress (queries.land.with_progress)."""

    title = "地块清单"
    name = LinkColumn("地块", "plot_detail")
    project = ProjectColumn()
    unit = UnitColumn("推进部门", "project__lead_department")
    area = tables.Column(verbose_name="面积（亩）", attrs=NUMBER)
    settled = tables.Column(verbose_name="进度", order_by=("settled", "pk"), attrs=NOWRAP)
    running = tables.Column(verbose_name="办理中", attrs=NUMBER)
    overdue = tables.Column(verbose_name="逾期", attrs=NUMBER)
    next_due_on = tables.Column(verbose_name="最近应办结", attrs=NOWRAP)

    class Meta(HouseTable.Meta):
        model = Plot
        empty_text = "没有符合条件的地块。"

    def render_area(self, value: Decimal) -> str:
        return plain(value)

    def value_settled(self, record: Any) -> str:
        words = f"{record.settled}/{record.total}"
        return f"{words}（不涉及{record.skipped}）" if record.skipped else words

    def render_settled(self, record: Any) -> SafeString:
        bar = share_bar(record.settled, record.total)
        return format_html('<span class="rate-cell">{}</span>{}', bar, self.value_settled(record))

    def render_overdue(self, value: int) -> str:
        return format_html('<span class="late">{}</span>', value) if value else "0"

    def render_next_due_on(self, value: dt.date) -> str:
        return due(value, self.as_of)


# --- markers --------------------------------------------------------------------------------------------


class MarkerTable(HouseTable):
    """Markers with project and its lead department beside them; `is_ours`: the user reports on the project."""

    user: User
    title = "服务标记清单"
    project = ProjectColumn()
    kind = tables.Column(verbose_name="服务事项", attrs=NOWRAP)
    state = tables.Column(verbose_name="状态", attrs=NOWRAP)
    since_on = DayColumn("状态日期")
    document = tables.Column(verbose_name="文号或说明", attrs=WRAP)
    unit = UnitColumn("推进部门", "project__lead_department")
    actions = tables.Column(
        verbose_name="办理", empty_values=(), orderable=False, attrs=NOWRAP, exclude_from_export=True
    )

    class Meta(HouseTable.Meta):
        model = ProjectMarker
        empty_text = "没有符合条件的服务标记。"

    def render_state(self, record: ProjectMarker) -> SafeString:
        return marker_tag(record)

    def render_actions(self, record: Any) -> str:
        if not steps_of(record, self.user, self.as_of, record.is_ours)["set"]:
            return ""
        address = reverse("marker_set", args=[record.project.code, record.kind])
        return format_html('<a class="btn btn-sm" href="{}">更新状态</a>', address)
