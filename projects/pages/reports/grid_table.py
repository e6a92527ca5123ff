"""The rows of 一起填报: what was last reported, the cells to be filled, what became of the row."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from projects.models import Project
from projects.money import format_wan
from projects.periods import TenDayPeriod
from projects.services.reports.many import RowOutcome
from projects.services.reports.period_sheet import PeriodRow

from ..base.columns import BRIEF, WRAP, HouseTable
from .forms import ReportRowForm
from .tables import state_tag

CELL: dict[str, Any] = {"td": {"class": "fill"}}
AMOUNT: dict[str, Any] = {"td": {"class": "fill amount"}}


class GridTable(HouseTable):
    """Projects with the cells of their report; `fill` brings what only the shown rows need."""

    title = "一起填报"
    name = tables.Column(verbose_name="项目", attrs=WRAP, orderable=False)
    last = tables.Column(verbose_name="上期", empty_values=(), attrs=BRIEF, orderable=False)
    invested_this_year = tables.Column(
        verbose_name="本年累计（万元）", empty_values=(), attrs=AMOUNT, orderable=False
    )
    physical_progress = tables.Column(verbose_name="形象进度", empty_values=(), attrs=CELL, orderable=False)
    work_done = tables.Column(verbose_name="本旬进展", empty_values=(), attrs=CELL, orderable=False)
    next_steps = tables.Column(verbose_name="下步计划", empty_values=(), attrs=CELL, orderable=False)
    state = tables.Column(verbose_name="情况", empty_values=(), attrs=WRAP, orderable=False)

    class Meta(HouseTable.Meta):
        model = Project
        empty_text = "本旬由您填报的旬报均已报送。"
        attrs = {"class": "cards report-grid"}

    def __init__(self, *args: Any, period: TenDayPeriod, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.period = period
        self.caption = f"{period.full_words}旬报"
        self.of_project: dict[int, PeriodRow] = {}
        self.forms: dict[int, ReportRowForm] = {}
        self.outcomes: Mapping[int, RowOutcome] = {}

    def fill(
        self,
        rows: Iterable[PeriodRow],
        typed: Mapping[int, ReportRowForm],
        outcomes: Mapping[int, RowOutcome],
    ) -> None:
        """Give the shown rows their reports and cells; a row that was refused keeps what was typed."""
        self.outcomes = outcomes
        for row in rows:
            self.of_project[row.project.pk] = row
            self.forms[row.project.pk] = typed.get(row.project.pk) or ReportRowForm(row=row)

    def render_name(self, record: Project) -> SafeString:
        form = self.forms[record.pk]
        unit = record.lead_department.name if record.lead_department else ""
        words = format_html('<span class="small muted">{}</span>', unit)
        if form.row.is_handed_in:
            return format_html("{}<br>{}", record.name, words)
        return format_html(
            '<span class="check"><input type="checkbox" name="ticked" value="{}" form="grid" aria-label="选择 {}">'
            "<span>{}<br>{}</span></span>{}",
            record.code,
            record.name,
            record.name,
            words,
            form.hidden(),
        )

    def render_last(self, record: Project) -> SafeString:
        known = self.of_project[record.pk].known
        if known.latest is None:
            return format_html('<span class="muted">{}</span>', "尚无旬报")
        amount = known.last.invested_this_year if known.last else None
        return format_html(
            '{}<br><span class="small muted">{}</span>',
            f"{known.latest.period.words} {format_wan(amount)}"
            if amount is not None
            else known.latest.period.words,
            known.latest.physical_progress,
        )

    def render_invested_this_year(self, record: Project) -> SafeString:
        return self._cell(record, "invested_this_year")

    def render_physical_progress(self, record: Project) -> SafeString:
        return self._cell(record, "physical_progress")

    def render_work_done(self, record: Project) -> SafeString:
        return self._cell(record, "work_done")

    def render_next_steps(self, record: Project) -> SafeString:
        return self._cell(record, "next_steps")

    def _cell(self, record: Project, name: str) -> SafeString:
        """The cell to be filled, or what a handed-in report says."""
        form = self.forms[record.pk]
        if form.row.is_handed_in:
            value = getattr(form.row.report, name)
            return format_html("{}", format_wan(value) if isinstance(value, Decimal) else value)
        field = form[name]
        errors = format_html_join(
            "", '<span class="error-words">{}</span>', ((words,) for words in field.errors)
        )
        return format_html("{}{}", field.as_widget(), errors)

    def render_state(self, record: Project) -> SafeString:
        form, row = self.forms[record.pk], self.of_project[record.pk]
        outcome = self.outcomes.get(record.pk)
        context = {
            "row": row,
            "form": form,
            "tag": state_tag(row.report.state if row.report else None),
            "refusal": "".join(outcome.refusal.messages) if outcome and outcome.refusal else "",
            "href": reverse("report_edit", args=[record.code, self.period.code]),
            "report_href": reverse("report_detail", args=[row.report.pk]) if row.report else "",
        }
        return SafeString(render_to_string("reports/_grid_state.html", context))
