"""Supervision orders as a table (督办单)."""

import datetime as dt
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from projects.models import SupervisionOrder
from projects.templatetags.show import due, short_date

from ..base.columns import NOWRAP, NUMBER, WRAP, DayColumn, HouseTable, UnitColumn


class OrderTable(HouseTable):
    """Slips with `total` and `closed` rows counted beside them."""

    title = "督办单"
    number = tables.Column(verbose_name="文号", order_by=("year", "number"), empty_values=(), attrs=NOWRAP)
    type = tables.Column(verbose_name="类型")
    unit = UnitColumn("承办单位", "unit")
    facts = tables.Column(verbose_name="事由", orderable=False, attrs=WRAP)
    issued_on = DayColumn("印发")
    due_on = tables.Column(verbose_name="回复时限", attrs=NOWRAP)
    received_by = tables.Column(verbose_name="签收", order_by=("received_at",), default="—")
    progress = tables.Column(verbose_name="办结/事项", orderable=False, empty_values=(), attrs=NUMBER)
    state = tables.Column(verbose_name="状态")

    class Meta(HouseTable.Meta):
        model = SupervisionOrder
        empty_text = "没有符合条件的督办单。"

    def value_number(self, record: Any) -> str:
        return record.document_number or "拟稿"

    def value_state(self, record: Any) -> str:
        settled = record.total and record.closed == record.total
        return "已办结" if settled else record.get_state_display()

    def value_progress(self, record: Any) -> str:
        return f"{record.closed}/{record.total}"

    def render_number(self, record: Any) -> SafeString:
        address = reverse("order_detail", args=[record.pk])
        return format_html('<a href="{}">{}</a>', address, self.value_number(record))

    def render_due_on(self, value: dt.date, record: Any) -> str:
        day = short_date(value, self.as_of)
        if record.closed == record.total or not record.is_issued:
            return day
        return format_html("{} {}", day, due(value, self.as_of))

    def render_progress(self, record: Any) -> str:
        return self.value_progress(record)

    def render_state(self, record: Any) -> SafeString:
        return format_html('<span class="tag {}">{}</span>', record.tone, self.value_state(record))
