"""Tables of ten-day reports (旬报)."""

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from projects.models import HANDED_IN_STATES, PeriodReopening, ProgressReport, Project, ReportState, Unit
from projects.money import format_wan
from projects.periods import TenDayPeriod
from projects.queries.reports.missing import UnitReports
from projects.queries.reports.reports import ReportWindow
from projects.queries.reports.timeliness import days_late
from projects.services.base.steps import Steps
from projects.services.reports.reopenings import steps_of
from projects.services.reports.steps import ReportRules, fill_step, review_steps_of
from projects.templatetags.show import DASH, short_date

from ..base.columns import (
    NOWRAP,
    NUMBER,
    WRAP,
    ActionsColumn,
    AmountColumn,
    DayColumn,
    HouseTable,
    ProjectColumn,
    UnitColumn,
    WordsColumn,
    project_link,
)

# --- reports --------------------------------------------------------------------------------------------

BULK_FORM = "bulk"
NOT_FILLED = "未填"
CONFIRM, PASS = "confirm", "pass_on"
VERBS = ((CONFIRM, "report_confirm", "确认"), (PASS, "report_pass", "审核通过"))


def punctual_words(late: int | None) -> str:
    """按期, or 迟报3天; nothing where nobody handed it in."""
    if late is None:
        return ""
    return f"迟报{late}天" if late else "按期"


def state_tag(state: str | None) -> SafeString:
    """The state as a tag; nothing filled is a state too."""
    if not state:
        return format_html('<span class="tag waiting">{}</span>', NOT_FILLED)
    tone: dict[str, str] = {
        ReportState.CONFIRMED: "tag blue",
        ReportState.DRAFT: "tag waiting",
        ReportState.RETURNED: "tag late",
    }
    return format_html('<span class="{}">{}</span>', tone.get(state, "tag"), ReportState(state).label)


class ReportTable(HouseTable):
    """Reports with project, its units, their people and `first_handed_in_at` beside them; `rules` judge them.

    `ticks` is the step that the page offers for many: “confirm”, “pass_on” or none.
    """

    title = "旬报列表"
    project = tables.Column(verbose_name="项目", order_by=("project__name_key",), attrs=WRAP)
    period_ends_on = WordsColumn("旬", attrs=NOWRAP)
    lead_department = UnitColumn("推进部门", "project__lead_department", default=DASH)
    invested_this_year = AmountColumn("本年累计（万元）")
    increment = tables.Column(verbose_name="较上期（万元）", attrs=NUMBER, empty_values=(), orderable=False)
    physical_progress = tables.Column(verbose_name="形象进度", attrs=WRAP, orderable=False)
    state = tables.Column(verbose_name="状态")
    submitted_at = tables.Column(verbose_name="报送", attrs=NOWRAP)
    overruled_warnings = WordsColumn("提示", orderable=False)
    actions = ActionsColumn()

    class Meta(HouseTable.Meta):
        model = ProgressReport
        empty_text = "没有符合条件的旬报。"

    def __init__(self, *args: Any, rules: ReportRules, ticks: str, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules, self.ticks = rules, ticks
        self.next = urlencode({"next": back})

    def _steps(self, record: ProgressReport) -> Steps:
        return review_steps_of(record, self.user, self.rules)

    def render_project(self, value: Project, record: ProgressReport) -> SafeString:
        link = format_html('<a href="{}">{}</a>', reverse("report_detail", args=[record.pk]), value.name)
        if not (self.ticks and self._steps(record)[self.ticks]):
            return link
        return format_html(
            '<span class="check"><input type="checkbox" name="report" value="{}" form="{}" aria-label="选择 {}">{}'
            "</span>",
            record.pk,
            BULK_FORM,
            value.name,
            link,
        )

    def value_period_ends_on(self, record: ProgressReport) -> str:
        return TenDayPeriod.containing(record.period_ends_on).label

    def value_increment(self, record: Any) -> Decimal | None:
        if record.invested_this_year is None or record.last_amount is None:
            return None
        return record.invested_this_year - record.last_amount

    def render_increment(self, record: ProgressReport) -> str:
        added = self.value_increment(record)
        if added is None:
            return DASH
        return format_html('<span class="{}">{}</span>', "late" if added < 0 else "", format_wan(added))

    def value_state(self, record: ProgressReport) -> str:
        return record.get_state_display()

    def render_state(self, record: ProgressReport) -> SafeString:
        return state_tag(record.state)

    def value_submitted_at(self, record: ProgressReport) -> str:
        if not record.submitted_at:
            return ""
        words = punctual_words(days_late(record, self.rules.windows))
        return f"{timezone.localdate(record.submitted_at)} {words}".strip()

    def render_submitted_at(self, value: dt.datetime, record: ProgressReport) -> SafeString:
        late = days_late(record, self.rules.windows)
        day = short_date(timezone.localdate(value), self.as_of)
        tone = "late" if late else "muted"
        return format_html('{} <span class="{}">{}</span>', day, tone, punctual_words(late))

    def value_overruled_warnings(self, record: ProgressReport) -> str:
        return f"{len(record.overruled_warnings)}条" if record.overruled_warnings else ""

    def render_actions(self, record: ProgressReport) -> str:
        steps = self._steps(record)
        buttons = [
            format_html(
                '<button class="btn btn-sm" type="submit" form="{}" formaction="{}">{}</button>',
                BULK_FORM,
                reverse(name, args=[record.pk]),
                words,
            )
            for verb, name, words in VERBS
            if steps[verb]
        ]
        if steps["send_back"]:
            address = reverse("report_return", args=[record.pk])
            buttons.append(format_html('<a class="btn btn-sm" href="{}?{}">退回</a>', address, self.next))
        if not buttons:
            return ""
        return format_html('<span class="button-row">{}</span>', format_html_join(" ", "{}", zip(buttons)))


class ReportsDueTable(HouseTable):
    """Projects that owe a period's report (填报情况), annotated by queries.timeliness.with_report_of and `editable`."""

    name = ProjectColumn(accessor="name")
    lead_department = UnitColumn("推进部门", "lead_department", default=DASH)
    host_district = UnitColumn("属地", "host_district", default=DASH)
    report_state = tables.Column(verbose_name="填报情况", empty_values=())
    punctual = tables.Column(verbose_name="报送时间", empty_values=(), orderable=False, attrs=NOWRAP)
    report_amount = AmountColumn("本年累计（万元）")
    report_return_reason = WordsColumn("退回原因", attrs=WRAP, orderable=False)
    actions = ActionsColumn()

    class Meta(HouseTable.Meta):
        model = Project
        empty_text = "没有符合条件的项目。"

    def __init__(self, *args: Any, window: ReportWindow, rules: ReportRules, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.window, self.rules = window, rules

    def _days_late(self, record: Any) -> int | None:
        """Of a report handed in how late it came; of one still owed how late it is by now."""
        if record.report_state in HANDED_IN_STATES:
            moment = record.report_handed_in_at
            return None if moment is None else self.window.days_late(timezone.localdate(moment), record.pk)
        return self.window.days_late(self.as_of, record.pk) or None

    def value_report_state(self, record: Any) -> str:
        state = record.report_state
        return ReportState(state).label if state else NOT_FILLED

    def render_report_state(self, record: Any) -> SafeString:
        return state_tag(record.report_state)

    def value_punctual(self, record: Any) -> str:
        late = self._days_late(record)
        if record.report_state not in HANDED_IN_STATES:
            return f"逾期{late}天" if late else ""
        return punctual_words(late)

    def render_punctual(self, record: Any) -> SafeString:
        tone = "late" if self._days_late(record) else ""
        return format_html('<span class="{}">{}</span>', tone, self.value_punctual(record) or DASH)

    def value_report_return_reason(self, record: Any) -> str:
        return record.report_return_reason if record.report_state == ReportState.RETURNED else ""

    def render_actions(self, record: Any) -> str:
        state, period = record.report_state, self.window.period
        report = ProgressReport(
            project=record, period_ends_on=period.last_on, state=state or ReportState.DRAFT
        )
        if fill_step(report, self.user, self.as_of, self.rules, is_ours=record.editable):
            words = {None: "填报", ReportState.DRAFT: "继续填报"}.get(state, "修改")
            address = reverse("report_edit", args=[record.code, period.code])
        elif state in HANDED_IN_STATES:
            words, address = "查看", reverse("report_detail", args=[record.report_pk])
        else:
            return ""
        return format_html('<a class="btn btn-sm" href="{}">{}</a>', address, words)


# --- missing --------------------------------------------------------------------------------------------

PROJECTS_SHOWN = 5
NO_REPORTER = "无填报员账号"


class MissingTable(HouseTable):
    """Units with their reports of a period (queries.missing.UnitReports); every figure opens its rows.

    `door` is the address of a unit's projects in the state “missing”, “handed_in”, “late”, or any: “”.
    """

    name = tables.Column(verbose_name="推进部门", attrs=WRAP)
    owed = tables.Column(verbose_name="应报", attrs=NUMBER)
    handed_in = tables.Column(verbose_name="已报", attrs=NUMBER)
    missing = tables.Column(verbose_name="未报", attrs=NUMBER, empty_values=(), orderable=False)
    late = tables.Column(verbose_name="迟报", attrs=NUMBER)
    projects = tables.Column(verbose_name="未报项目", attrs=WRAP, empty_values=(), orderable=False)
    people = tables.Column(verbose_name="填报员", attrs=WRAP, empty_values=(), orderable=False)

    class Meta(HouseTable.Meta):
        empty_text = "本旬没有应报的项目：项目自列入填报之日起报送，停工、暂缓和已投产的不报。"

    def __init__(
        self, *args: Any, period: TenDayPeriod, door: Callable[[Unit | None, str], str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.door = door
        self.caption = f"{period.full_words}各单位报送情况"

    def _figure(self, number: int, href: str, tone: str = "") -> SafeString:
        return format_html('<a class="figure {}" href="{}">{}</a>', tone if number else "", href, number)

    def render_owed(self, value: int, record: UnitReports) -> SafeString:
        return self._figure(value, self.door(record.unit, ""))

    def render_handed_in(self, value: int, record: UnitReports) -> SafeString:
        return self._figure(value, self.door(record.unit, "handed_in"))

    def value_missing(self, record: UnitReports) -> int:
        return len(record.missing)

    def render_missing(self, record: UnitReports) -> SafeString:
        return self._figure(len(record.missing), self.door(record.unit, "missing"), "late")

    def render_late(self, value: int, record: UnitReports) -> SafeString:
        return self._figure(value, self.door(record.unit, "late"), "late")

    def value_projects(self, record: UnitReports) -> str:
        return "、".join(project.name for project in record.missing)

    def render_projects(self, record: UnitReports) -> str:
        shown = record.missing[:PROJECTS_SHOWN]
        if not shown:
            return DASH
        names = format_html_join("、", "{}", ((project_link(project),) for project in shown))
        rest = len(record.missing) - len(shown)
        if not rest:
            return format_html("<span>{}</span>", names)
        more = format_html('<a href="{}">另有 {} 个</a>', self.door(record.unit, "missing"), rest)
        return format_html("<span>{}、{}</span>", names, more)

    def value_people(self, record: UnitReports) -> str:
        if not record.missing:
            return ""
        words = (
            f"{person}{person.phone}" if record.shows_phones and person.phone else str(person)
            for person in record.people
        )
        return "、".join(words) or NO_REPORTER

    def render_people(self, record: UnitReports) -> str:
        if not record.missing:
            return DASH
        if not record.people:
            return format_html('<span class="late">{}</span>', NO_REPORTER)
        return format_html("<span>{}</span>", format_html_join("、", "{}", self._people(record)))

    def _people(self, record: UnitReports) -> Iterator[tuple[str]]:
        call = '{} <a class="nowrap" href="tel:{}">{}</a>'
        for person in record.people:
            if record.shows_phones and person.phone:
                yield (format_html(call, person, person.phone, person.phone),)
            else:
                yield (str(person),)


class ReopeningTable(HouseTable):
    """Periods opened again, with project and author beside them."""

    title = "重新开放填报"
    period_ends_on = WordsColumn("旬", attrs=NOWRAP)
    project = ProjectColumn(default="全部项目")
    until_on = DayColumn("开放至")
    status = tables.Column(verbose_name="状态", empty_values=(), orderable=False, attrs=NOWRAP)
    reason = tables.Column(verbose_name="原因", attrs=WRAP, orderable=False)
    made_by = tables.Column(verbose_name="登记人", attrs=NOWRAP)
    made_at = tables.Column(verbose_name="登记", attrs=NOWRAP)
    actions = ActionsColumn()

    class Meta(HouseTable.Meta):
        model = PeriodReopening
        empty_text = "没有重新开放的旬。"

    def value_period_ends_on(self, record: PeriodReopening) -> str:
        return TenDayPeriod.ending_on(record.period_ends_on).label

    def value_status(self, record: PeriodReopening) -> str:
        return "开放中" if record.is_open_on(self.as_of) else "已结束"

    def render_status(self, record: PeriodReopening) -> SafeString:
        tone = "tag blue" if record.is_open_on(self.as_of) else "tag"
        return format_html('<span class="{}">{}</span>', tone, self.value_status(record))

    def value_made_at(self, record: PeriodReopening) -> dt.date:
        return timezone.localdate(record.made_at)

    def render_made_at(self, record: PeriodReopening) -> str:
        return short_date(self.value_made_at(record), self.as_of)

    def render_actions(self, record: PeriodReopening) -> str:
        if not steps_of(record, self.user, self.as_of)["close"]:
            return ""
        address = reverse("reopening_close", args=[record.pk])
        return format_html('<a class="btn btn-sm" href="{}">提前关闭</a>', address)
