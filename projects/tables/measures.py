"""Measures as a table (措施清单): who does what by when, and the button that reports it done."""

from typing import ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html

from projects.models import Measure
from projects.periods import due_words
from projects.services.measures import steps_of
from projects.templatetags.show import due_tone, short_date

from .problems import NOWRAP, WRAP


def source_of(measure: Measure) -> tuple[str, str]:
    """Where a measure comes from (来源): words, and the address."""
    if measure.case_id:
        return "项目诊所处方", reverse("clinic_case", args=[measure.case_id])
    if measure.problem_id:
        return "问题措施", reverse("problem_detail", args=[measure.problem_id])
    return "走访议定事项", reverse("visit_detail", args=[measure.visit_id])


class MeasureTable(tables.Table):
    """Measures with project and unit beside them, as they stood on `as_of`, read `for_steps` of the user."""

    text = tables.Column(verbose_name="措施", attrs=WRAP)
    project = tables.Column(verbose_name="项目", order_by=("project__name",), attrs=WRAP)
    source = tables.Column(verbose_name="来源", empty_values=(), orderable=False)
    unit = tables.Column(verbose_name="责任单位", order_by=("unit__position", "unit__name"))
    made_on = tables.Column(verbose_name="提出", attrs=NOWRAP)
    due_on = tables.Column(verbose_name="时限", attrs=NOWRAP)
    result = tables.Column(verbose_name="落实情况", attrs=WRAP, orderable=False, empty_values=())
    finish = tables.Column(verbose_name="登记", empty_values=(), orderable=False, exclude_from_export=True)

    class Meta:
        model = Measure
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        fields: ClassVar = ()
        empty_text = "没有符合条件的措施。"

    def __init__(self, *args, as_of, user, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.as_of, self.user, self.today = as_of, user, today
        self.caption = "措施清单"

    def _is_done(self, record) -> bool:
        return record.done_on is not None and record.done_on <= self.as_of

    def render_project(self, value):
        return format_html('<a href="{}">{}</a>', reverse("project_detail", args=[value.code]), value.name)

    def render_source(self, record):
        words, href = source_of(record)
        return format_html('<a href="{}">{}</a>', href, words)

    def value_source(self, record):
        return source_of(record)[0]

    def render_made_on(self, value):
        return short_date(value, self.as_of)

    def render_due_on(self, value, record):
        if self._is_done(record):
            return short_date(value, self.as_of)
        return format_html(
            '{} <span class="{}">{}</span>',
            short_date(value, self.as_of),
            due_tone(value, self.as_of),
            due_words(value, self.as_of),
        )

    def value_result(self, record):
        if not self._is_done(record):
            return "未落实"
        return f"{record.done_on.isoformat()}落实：{record.result}"

    def render_result(self, record):
        if not self._is_done(record):
            return format_html('<span class="tag waiting">{}</span>', "未落实")
        return f"{short_date(record.done_on, self.as_of)}落实：{record.result}"

    def render_finish(self, record):
        if not steps_of(record, self.user, self.today)["finish"]:
            return ""
        return format_html(
            '<a class="btn btn-sm" href="{}">登记落实</a>', reverse("measure_finish", args=[record.pk])
        )
