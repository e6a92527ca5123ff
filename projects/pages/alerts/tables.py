"""The alert list as a table (预警清单)."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from projects.models import Alert, User
from projects.queries.alerts.findings import NEXT_STEPS
from projects.services.alerts.scanning import steps_of
from projects.templatetags.show import short_date

from ..base.columns import NOWRAP, NUMBER, WRAP, DayColumn, HouseTable, ProjectColumn, UnitColumn


class AlertTable(HouseTable):
    """Alerts with project, sponsor and units beside them; days late are counted to `as_of`."""

    user: User
    token: str  # of the buttons' forms
    title = tables.Column(verbose_name="事项", attrs=WRAP)
    project = ProjectColumn()
    kind = tables.Column(verbose_name="类别", attrs=NOWRAP)
    due_on = DayColumn("应完成")
    days_late = tables.Column(verbose_name="逾期天数", accessor="due_on", order_by="-due_on", attrs=NUMBER)
    sponsor = tables.Column(
        verbose_name="挂包领导",
        accessor="project__sponsor",
        order_by="project__sponsor__position",
        default="待明确",
    )
    unit = UnitColumn("下一步责任单位", "unit")
    state = tables.Column(verbose_name="状态", empty_values=(), orderable=False, attrs=NOWRAP)
    actions = tables.Column(
        verbose_name="操作", empty_values=(), orderable=False, attrs=NOWRAP, exclude_from_export=True
    )

    class Meta(HouseTable.Meta):
        model = Alert
        empty_text = "没有符合条件的预警。"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.caption = "预警清单"  # `title` is a column here

    def render_title(self, value: str, record: Alert) -> SafeString:
        return format_html('{}<br><small class="muted">下一步：{}</small>', value, NEXT_STEPS[record.kind])

    def value_days_late(self, record: Alert) -> int:
        return ((record.closed_on or self.as_of) - record.due_on).days

    def render_days_late(self, record: Alert) -> SafeString:
        tone = "late" if record.closed_on is None else "muted"
        return format_html('<span class="{}">{}</span>', tone, self.value_days_late(record))

    def value_state(self, record: Any) -> str:
        if record.closed_on is not None:
            return f"{record.closed_on.isoformat()}解除"
        if exemption := record.exemption_on(self.as_of):
            return f"豁免至{exemption.until_on.isoformat()}：{exemption.reason}"
        return f"{record.acknowledged_by} 已知悉" if record.acknowledged_at else "未解除"

    def render_state(self, record: Any) -> SafeString:
        if record.closed_on is not None:
            return format_html('<span class="tag">{}解除</span>', short_date(record.closed_on, self.as_of))
        if exemption := record.exemption_on(self.as_of):
            return format_html(
                '<span class="tag waiting" title="{}">◇ 豁免至{}</span>',
                exemption.reason,
                short_date(exemption.until_on, self.as_of),
            )
        if record.acknowledged_at is not None:
            return format_html('<span class="tag blue">{} 已知悉</span>', record.acknowledged_by)
        return format_html('<span class="tag">{}</span>', "未解除")

    def render_actions(self, record: Alert) -> str:
        steps, parts = steps_of(record, self.user, self.as_of, sees=True), []
        if steps["acknowledge"]:
            parts.append(self._button("alert_acknowledge", record, "知悉"))
        if steps["lift"]:
            parts.append(self._button("alert_lift", record, "取消豁免"))
        if steps["exempt"]:
            words = "变更豁免" if steps["lift"] else "豁免"
            address = self.to_step("alert_exempt", record)
            parts.append(format_html('<a class="btn btn-sm" href="{}">{}</a>', address, words))
        if steps["carry"]:
            address = reverse("alert_carry", args=[record.pk])
            parts.append(format_html('<a class="btn btn-sm" href="{}">结转</a>', address))
        if not parts:
            return "—"
        return format_html(
            '<div class="button-row">{}</div>', format_html_join("", "{}", ((part,) for part in parts))
        )

    def _button(self, name: str, record: Alert, words: str) -> SafeString:
        return format_html(
            '<form method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
            '<input type="hidden" name="next" value="{}"><button class="btn btn-sm" type="submit">{}</button></form>',
            reverse(name, args=[record.pk]),
            self.token,
            self.back,
            words,
        )
