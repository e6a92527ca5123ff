"""Supervision orders as a table (督办单)."""

from typing import ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html

from projects.models import SupervisionOrder
from projects.periods import due_words
from projects.templatetags.show import due_tone, short_date

WRAP = {"td": {"class": "wrap"}}
NOWRAP = {"td": {"class": "nowrap"}}
NUM = {"td": {"class": "num"}}


class OrderTable(tables.Table):
    """Slips with `total` and `closed` rows counted beside them."""

    number = tables.Column(verbose_name="文号", order_by=("year", "number"), empty_values=(), attrs=NOWRAP)
    type = tables.Column(verbose_name="类型")
    unit = tables.Column(verbose_name="承办单位", order_by=("unit__position", "unit__name"))
    facts = tables.Column(verbose_name="事由", orderable=False, attrs=WRAP)
    issued_on = tables.Column(verbose_name="印发", attrs=NOWRAP)
    due_on = tables.Column(verbose_name="回复时限", attrs=NOWRAP)
    received_by = tables.Column(verbose_name="签收", order_by=("received_at",), default="—")
    progress = tables.Column(verbose_name="办结/事项", orderable=False, empty_values=(), attrs=NUM)
    state = tables.Column(verbose_name="状态")

    class Meta:
        model = SupervisionOrder
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        fields: ClassVar = ()
        empty_text = "没有符合条件的督办单。"

    def __init__(self, *args, as_of, **kwargs):
        super().__init__(*args, **kwargs)
        self.as_of = as_of
        self.caption = "督办单"

    def value_number(self, record):
        return record.document_number or "拟稿"

    def value_state(self, record):
        settled = record.total and record.closed == record.total
        return "已办结" if settled else record.get_state_display()

    def value_progress(self, record):
        return f"{record.closed}/{record.total}"

    def render_number(self, record):
        address = reverse("order_detail", args=[record.pk])
        return format_html('<a href="{}">{}</a>', address, self.value_number(record))

    def render_issued_on(self, value):
        return short_date(value, self.as_of)

    def render_due_on(self, value, record):
        if record.closed == record.total or not record.is_issued:
            return short_date(value, self.as_of)
        return format_html(
            '{} <span class="{}">{}</span>',
            short_date(value, self.as_of),
            due_tone(value, self.as_of),
            due_words(value, self.as_of),
        )

    def render_progress(self, record):
        return self.value_progress(record)

    def render_state(self, record):
        return format_html('<span class="tag {}">{}</span>', record.tone, self.value_state(record))
