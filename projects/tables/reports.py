"""Tables of ten-day reports (旬报): the reports themselves, and who owes one for a period."""

from typing import ClassVar
from urllib.parse import urlencode

import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from projects.models import PENDING_STATES, ProgressReport, Project, ReportState
from projects.money import format_wan
from projects.periods import TenDayPeriod
from projects.templatetags.show import short_date

WRAP = {"td": {"class": "wrap"}}
NOWRAP = {"td": {"class": "nowrap"}}
NUMBER = {"td": {"class": "num"}}
BULK_FORM = "bulk"
NOT_FILLED = "未填"


def state_words(state: str, unit_review_required: bool) -> str:
    """A report's state in words; without unit review what was handed in waits for the office at once."""
    if state == ReportState.SUBMITTED and not unit_review_required:
        return "待发改局确认"
    return ReportState(state).label


def state_tag(state: str | None, unit_review_required: bool = False) -> str:
    """The state as a tag; nothing filled is a state too."""
    if not state:
        return format_html('<span class="tag waiting">{}</span>', NOT_FILLED)
    tone = {
        ReportState.CONFIRMED: "tag blue",
        ReportState.DRAFT: "tag waiting",
        ReportState.RETURNED: "tag late",
    }
    return format_html(
        '<span class="{}">{}</span>', tone.get(state, "tag"), state_words(state, unit_review_required)
    )


class ReportTable(tables.Table):
    """Reports with project and its units beside them; `due_on` gives a period's last day to hand in."""

    project = tables.Column(verbose_name="项目", order_by=("project__name",), attrs=WRAP)
    period_ends_on = tables.Column(verbose_name="旬", attrs=NOWRAP)
    lead_department = tables.Column(
        accessor="project__lead_department",
        verbose_name="推进部门",
        order_by=("project__lead_department__position", "project__lead_department__name"),
        default="—",
    )
    invested_this_year = tables.Column(verbose_name="本年累计（万元）", attrs=NUMBER, default="—")
    increment = tables.Column(verbose_name="较上期（万元）", attrs=NUMBER, empty_values=(), orderable=False)
    physical_progress = tables.Column(verbose_name="形象进度", attrs=WRAP, orderable=False)
    state = tables.Column(verbose_name="状态")
    submitted_at = tables.Column(verbose_name="报送", attrs=NOWRAP, default="—")
    overruled_warnings = tables.Column(verbose_name="提示", empty_values=(), orderable=False)
    actions = tables.Column(
        verbose_name="办理", empty_values=(), orderable=False, attrs=NOWRAP, exclude_from_export=True
    )

    class Meta:
        model = ProgressReport
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        fields: ClassVar = ()
        empty_text = "没有符合条件的旬报。"

    def __init__(self, *args, today, unit_review_required, confirmable, passable, due_on, back, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.unit_review_required = unit_review_required
        self.confirmable = confirmable  # states the person may confirm, none for all but the office
        self.passable = passable  # units whose reports the person passes
        self.due_on = due_on
        self.next = urlencode({"next": back})
        self.caption = "旬报列表"

    def _may_pass(self, record) -> bool:
        project = record.project
        return record.state == ReportState.SUBMITTED and bool(
            self.passable & {project.lead_department_id, project.host_district_id}
        )

    def render_project(self, value, record):
        link = format_html('<a href="{}">{}</a>', reverse("report_detail", args=[record.pk]), value.name)
        if record.state not in self.confirmable:
            return link
        return format_html(
            '<span class="check"><input type="checkbox" name="report" value="{}" form="{}" aria-label="选择 {}">{}'
            "</span>",
            record.pk,
            BULK_FORM,
            value.name,
            link,
        )

    def value_period_ends_on(self, record):
        return TenDayPeriod.containing(record.period_ends_on).label

    def render_period_ends_on(self, record):
        return self.value_period_ends_on(record)

    def render_invested_this_year(self, value):
        return format_wan(value)

    def value_increment(self, record):
        if record.invested_this_year is None or record.last_amount is None:
            return None
        return record.invested_this_year - record.last_amount

    def render_increment(self, record):
        added = self.value_increment(record)
        if added is None:
            return "—"
        return format_html('<span class="{}">{}</span>', "late" if added < 0 else "", format_wan(added))

    def value_state(self, record):
        return state_words(record.state, self.unit_review_required)

    def render_state(self, record):
        return state_tag(record.state, self.unit_review_required)

    def render_submitted_at(self, value, record):
        day = timezone.localdate(value)
        late = (day - self.due_on(record.period_ends_on)).days
        words = format_html(' <span class="late">逾期{}天</span>', late) if late > 0 else ""
        return format_html("{}{}", short_date(day, self.today), words)

    def value_overruled_warnings(self, record):
        return f"{len(record.overruled_warnings)}条" if record.overruled_warnings else ""

    def render_overruled_warnings(self, record):
        return self.value_overruled_warnings(record)

    def render_actions(self, record):
        if record.state in self.confirmable:
            return format_html(
                '<span class="button-row"><button class="btn btn-sm" type="submit" form="{}" formaction="{}">确认</button> '
                '<a class="btn btn-sm" href="{}?{}">退回</a></span>',
                BULK_FORM,
                reverse("report_confirm", args=[record.pk]),
                reverse("report_return", args=[record.pk]),
                self.next,
            )
        if self._may_pass(record):
            return format_html(
                '<span class="button-row"><button class="btn btn-sm" type="submit" form="{}" formaction="{}">审核通过</button> '
                '<a class="btn btn-sm" href="{}?{}">退回</a></span>',
                BULK_FORM,
                reverse("report_pass", args=[record.pk]),
                reverse("report_return", args=[record.pk]),
                self.next,
            )
        return ""


class DutyTable(tables.Table):
    """Projects that owe a period's report (填报情况), annotated by queries.reports.with_report_of and `editable`."""

    name = tables.Column(verbose_name="项目", attrs=WRAP)
    lead_department = tables.Column(
        verbose_name="推进部门", order_by=("lead_department__position", "lead_department__name"), default="—"
    )
    host_district = tables.Column(
        verbose_name="属地", order_by=("host_district__position", "host_district__name"), default="—"
    )
    report_state = tables.Column(verbose_name="填报情况", empty_values=())
    report_amount = tables.Column(verbose_name="本年累计（万元）", attrs=NUMBER, default="—")
    report_return_reason = tables.Column(
        verbose_name="退回原因", attrs=WRAP, empty_values=(), orderable=False
    )
    actions = tables.Column(
        verbose_name="办理", empty_values=(), orderable=False, attrs=NOWRAP, exclude_from_export=True
    )

    class Meta:
        model = Project
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        fields: ClassVar = ()
        empty_text = "没有符合条件的项目。"

    def __init__(self, *args, period, window, today, unit_review_required, **kwargs):
        super().__init__(*args, **kwargs)
        self.period, self.window, self.today = period, window, today
        self.unit_review_required = unit_review_required
        self.caption = f"{period.label}填报情况"

    def render_name(self, value, record):
        return format_html('<a href="{}">{}</a>', reverse("project_detail", args=[record.code]), value)

    def _late_words(self, record) -> str:
        waits = record.report_state not in {*PENDING_STATES, ReportState.CONFIRMED}
        late = waits and self.window.is_late(self.today)
        return f"逾期{(self.today - self.window.due_on).days}天" if late else ""

    def value_report_state(self, record):
        state = record.report_state
        words = state_words(state, self.unit_review_required) if state else NOT_FILLED
        return f"{words} {self._late_words(record)}".strip()

    def render_report_state(self, record):
        tag = state_tag(record.report_state, self.unit_review_required)
        late = self._late_words(record)
        return format_html('{} <span class="late">{}</span>', tag, late) if late else tag

    def render_report_amount(self, value):
        return format_wan(value)

    def value_report_return_reason(self, record):
        return record.report_return_reason if record.report_state == ReportState.RETURNED else ""

    def render_report_return_reason(self, record):
        return self.value_report_return_reason(record)

    def render_actions(self, record):
        state = record.report_state
        fillable = record.editable and (
            state == ReportState.RETURNED
            or (state in {None, ReportState.DRAFT} and not self.window.is_locked(self.today))
        )
        if fillable:
            words = {None: "填报", ReportState.DRAFT: "继续填报"}.get(state, "修改")
            address = reverse("report_edit", args=[record.code, self.period.code])
            return format_html('<a class="btn btn-sm" href="{}">{}</a>', address, words)
        if state in {*PENDING_STATES, ReportState.CONFIRMED}:
            return format_html(
                '<a class="btn btn-sm" href="{}">查看</a>', reverse("report_detail", args=[record.report_pk])
            )
        return ""
