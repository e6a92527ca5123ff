"""The problem list as a table (问题清单)."""

from typing import ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html

from projects.models import Problem
from projects.periods import due_words
from projects.queries.problems import days_open
from projects.templatetags.show import due_tone, short_date
from projects.templatetags.states import state_tag

WRAP = {"td": {"class": "wrap"}}
NOWRAP = {"td": {"class": "nowrap"}}


class ProblemTable(tables.Table):
    """Problems with project and lead_unit beside them, in the state of `as_of`."""

    text = tables.Column(verbose_name="问题", attrs=WRAP)
    project = tables.Column(verbose_name="项目", order_by=("project__name",), attrs=WRAP)
    category = tables.Column(verbose_name="类别")
    lead_unit = tables.Column(
        verbose_name="责任单位", order_by=("lead_unit__position", "lead_unit__name"), default="待明确"
    )
    level = tables.Column(verbose_name="协调层级")
    raised_on = tables.Column(verbose_name="提出", attrs=NOWRAP)
    due_on = tables.Column(verbose_name="时限", attrs=NOWRAP)
    days = tables.Column(
        verbose_name="已办天数",
        accessor="raised_on",
        order_by=("-raised_on",),
        attrs={"td": {"class": "num"}},
    )
    state = tables.Column(verbose_name="状态", orderable=False)

    class Meta:
        model = Problem
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        fields: ClassVar = ()
        empty_text = "没有符合条件的问题。"

    def __init__(self, *args, as_of, **kwargs):
        super().__init__(*args, **kwargs)
        self.as_of = as_of
        self.caption = "问题清单"

    def render_text(self, value, record):
        return format_html('<a href="{}">{}</a>', reverse("problem_detail", args=[record.pk]), value)

    def render_project(self, value, record):
        return format_html('<a href="{}">{}</a>', reverse("project_detail", args=[value.code]), value.name)

    def render_raised_on(self, value):
        return short_date(value, self.as_of)

    def render_due_on(self, value, record):
        if record.state_on(self.as_of) == Problem.State.RESOLVED:
            return short_date(value, self.as_of)
        return format_html(
            '{} <span class="{}">{}</span>',
            short_date(value, self.as_of),
            due_tone(value, self.as_of),
            due_words(value, self.as_of),
        )

    def render_days(self, record):
        return days_open(record, self.as_of)

    value_days = render_days

    def value_state(self, record):
        return Problem.State(record.state_on(self.as_of)).label

    def render_state(self, record):
        again = f"（第{record.reopen_count + 1}次办理）" if record.reopen_count else ""
        return format_html("{}{}", state_tag(record, record.state_on(self.as_of)), again)
