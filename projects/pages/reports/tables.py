"""Tables of ten-day reports (旬报)."""

from collections.abc import Callable
from typing import ClassVar
from urllib.parse import urlencode

import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from projects.models import HANDED_IN_STATES, PeriodReopening, ProgressReport, Project, ReportState, Unit
from projects.money import format_wan
from projects.periods import TenDayPeriod
from projects.queries.reports.timeliness import days_late
from projects.services.base.steps import Steps
from projects.services.reports.reopenings import steps_of
from projects.services.reports.steps import fill_step, review_steps_of
from projects.templatetags.show import short_date

# --- reports --------------------------------------------------------------------------------------------

WRAP = {"td": {"class": "wrap"}}
NOWRAP = {"td": {"class": "nowrap"}}
NUMBER = {"td": {"class": "num"}}
BULK_FORM = "bulk"
NOT_FILLED = "未填"
CONFIRM, PASS = "confirm", "pass_on"
VERBS = ((CONFIRM, "report_confirm", "确认"), (PASS, "report_pass", "审核通过"))


def punctual_words(late: int | None) -> str:
    """按期, or 迟报3天; nothing where nobody handed it in."""
    if late is None:
        return ""
    return f"迟报{late}天" if late else "按期"


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
    """Reports with project, its units, their people and `first_handed_in_at` beside them; `rules` judge them."""

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

    def __init__(self, *args, today, user, rules, ticks, back, **kwargs):
        super().__init__(*args, **kwargs)
        self.today, self.user, self.rules = today, user, rules
        self.unit_review_required = rules.settings.unit_review_required
        self.ticks = ticks  # the step that the page offers for many: "confirm", "pass_on" or none
        self.next = urlencode({"next": back})
        self.caption = "旬报列表"

    def _steps(self, record) -> Steps:
        return review_steps_of(record, self.user, self.rules)

    def render_project(self, value, record):
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

    def value_submitted_at(self, record):
        if not record.submitted_at:
            return ""
        words = punctual_words(days_late(record, self.rules.windows))
        return f"{timezone.localdate(record.submitted_at)} {words}".strip()

    def render_submitted_at(self, value, record):
        late = days_late(record, self.rules.windows)
        day = short_date(timezone.localdate(value), self.today)
        tone = "late" if late else "muted"
        return format_html('{} <span class="{}">{}</span>', day, tone, punctual_words(late))

    def value_overruled_warnings(self, record):
        return f"{len(record.overruled_warnings)}条" if record.overruled_warnings else ""

    def render_overruled_warnings(self, record):
        return self.value_overruled_warnings(record)

    def render_actions(self, record):
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


class ReportsDueTable(tables.Table):
    """Projects that owe a period's report (填报情况), annotated by queries.timeliness.with_report_of and `editable`."""

    name = tables.Column(verbose_name="项目", attrs=WRAP)
    lead_department = tables.Column(
        verbose_name="推进部门", order_by=("lead_department__position", "lead_department__name"), default="—"
    )
    host_district = tables.Column(
        verbose_name="属地", order_by=("host_district__position", "host_district__name"), default="—"
    )
    report_state = tables.Column(verbose_name="填报情况", empty_values=())
    punctual = tables.Column(verbose_name="报送时间", empty_values=(), orderable=False, attrs=NOWRAP)
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

    def __init__(self, *args, period, window, today, user, rules, **kwargs):
        super().__init__(*args, **kwargs)
        self.period, self.window, self.today = period, window, today
        self.user, self.rules = user, rules
        self.unit_review_required = rules.settings.unit_review_required
        self.caption = f"{period.full_words}填报情况"

    def render_name(self, value, record):
        return format_html('<a href="{}">{}</a>', reverse("project_detail", args=[record.code]), value)

    def _days_late(self, record) -> int | None:
        """Of a report handed in how late it came; of one still owed how late it is by now."""
        if record.report_state in HANDED_IN_STATES:
            moment = record.report_handed_in_at
            return None if moment is None else self.window.days_late(timezone.localdate(moment), record.pk)
        return self.window.days_late(self.today, record.pk) or None

    def value_report_state(self, record):
        state = record.report_state
        return state_words(state, self.unit_review_required) if state else NOT_FILLED

    def render_report_state(self, record):
        return state_tag(record.report_state, self.unit_review_required)

    def value_punctual(self, record):
        late = self._days_late(record)
        if record.report_state not in HANDED_IN_STATES:
            return f"逾期{late}天" if late else ""
        return punctual_words(late)

    def render_punctual(self, record):
        tone = "late" if self._days_late(record) else ""
        return format_html('<span class="{}">{}</span>', tone, self.value_punctual(record) or "—")

    def render_report_amount(self, value):
        return format_wan(value)

    def value_report_return_reason(self, record):
        return record.report_return_reason if record.report_state == ReportState.RETURNED else ""

    def render_report_return_reason(self, record):
        return self.value_report_return_reason(record)

    def render_actions(self, record):
        state = record.report_state
        report = ProgressReport(
            project=record, period_ends_on=self.period.last_on, state=state or ReportState.DRAFT
        )
        if fill_step(report, self.user, self.today, self.rules, is_ours=record.editable):
            words = {None: "填报", ReportState.DRAFT: "继续填报"}.get(state, "修改")
            address = reverse("report_edit", args=[record.code, self.period.code])
            return format_html('<a class="btn btn-sm" href="{}">{}</a>', address, words)
        if state in HANDED_IN_STATES:
            return format_html(
                '<a class="btn btn-sm" href="{}">查看</a>', reverse("report_detail", args=[record.report_pk])
            )
        return ""


# --- missing --------------------------------------------------------------------------------------------

PROJECTS_SHOWN = 5
NO_REPORTER = "无填报员账号"


class MissingTable(tables.Table):
    """Units with their reports of a period (queries.missing.UnitReports); every figure opens its rows."""

    name = tables.Column(verbose_name="推进部门", attrs=WRAP)
    owed = tables.Column(verbose_name="应报", attrs=NUMBER)
    handed_in = tables.Column(verbose_name="已报", attrs=NUMBER)
    missing = tables.Column(verbose_name="未报", attrs=NUMBER, empty_values=(), orderable=False)
    late = tables.Column(verbose_name="迟报", attrs=NUMBER)
    projects = tables.Column(verbose_name="未报项目", attrs=WRAP, empty_values=(), orderable=False)
    people = tables.Column(verbose_name="填报员", attrs=WRAP, empty_values=(), orderable=False)

    class Meta:
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        empty_text = "本旬没有应报的项目：项目自列入填报之日起报送，停工、暂缓和已投产的不报。"

    def __init__(self, *args, period: TenDayPeriod, door: Callable[[Unit | None, str], str], **kwargs):
        super().__init__(*args, **kwargs)
        self.door = (
            door  # the address of a unit's projects in the state “missing”, “handed_in”, “late”, or any: “”
        )
        self.caption = f"{period.full_words}各单位报送情况"

    def _figure(self, number: int, href: str, tone: str = "") -> str:
        return format_html('<a class="figure {}" href="{}">{}</a>', tone if number else "", href, number)

    def render_owed(self, value, record):
        return self._figure(value, self.door(record.unit, ""))

    def render_handed_in(self, value, record):
        return self._figure(value, self.door(record.unit, "handed_in"))

    def value_missing(self, record):
        return len(record.missing)

    def render_missing(self, record):
        return self._figure(len(record.missing), self.door(record.unit, "missing"), "late")

    def render_late(self, value, record):
        return self._figure(value, self.door(record.unit, "late"), "late")

    def value_projects(self, record):
        return "、".join(project.name for project in record.missing)

    def render_projects(self, record):
        shown = record.missing[:PROJECTS_SHOWN]
        if not shown:
            return "—"
        names = format_html_join(
            "、",
            '<a href="{}">{}</a>',
            ((reverse("project_detail", args=[project.code]), project.name) for project in shown),
        )
        rest = len(record.missing) - len(shown)
        if not rest:
            return format_html("<span>{}</span>", names)
        more = format_html('<a href="{}">另有 {} 个</a>', self.door(record.unit, "missing"), rest)
        return format_html("<span>{}、{}</span>", names, more)

    def value_people(self, record):
        if not record.missing:
            return ""
        words = (
            f"{person}{person.phone}" if record.shows_phones and person.phone else str(person)
            for person in record.people
        )
        return "、".join(words) or NO_REPORTER

    def render_people(self, record):
        if not record.missing:
            return "—"
        if not record.people:
            return format_html('<span class="late">{}</span>', NO_REPORTER)
        return format_html("<span>{}</span>", format_html_join("、", "{}", self._people(record)))

    def _people(self, record):
        for person in record.people:
            if record.shows_phones and person.phone:
                yield (
                    format_html(
                        '{} <a class="nowrap" href="tel:{}">{}</a>', person, person.phone, person.phone
                    ),
                )
            else:
                yield (str(person),)


class ReopeningTable(tables.Table):
    """Periods opened again, with project and author beside them."""

    period_ends_on = tables.Column(verbose_name="旬", attrs=NOWRAP)
    project = tables.Column(verbose_name="项目", order_by=("project__name",), attrs=WRAP, empty_values=())
    until_on = tables.Column(verbose_name="开放至", attrs=NOWRAP)
    status = tables.Column(verbose_name="状态", empty_values=(), orderable=False, attrs=NOWRAP)
    reason = tables.Column(verbose_name="原因", attrs=WRAP, orderable=False)
    made_by = tables.Column(verbose_name="登记人", attrs=NOWRAP)
    made_at = tables.Column(verbose_name="登记", attrs=NOWRAP)
    actions = tables.Column(
        verbose_name="办理", empty_values=(), orderable=False, attrs=NOWRAP, exclude_from_export=True
    )

    class Meta:
        model = PeriodReopening
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        fields: ClassVar = ()
        empty_text = "没有重新开放的旬。"

    def __init__(self, *args, today, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.today, self.user = today, user
        self.caption = "重新开放填报"

    def value_period_ends_on(self, record):
        return TenDayPeriod.ending_on(record.period_ends_on).label

    def render_period_ends_on(self, record):
        return self.value_period_ends_on(record)

    def value_project(self, record):
        return record.project.name if record.project else "全部项目"

    def render_project(self, record):
        if record.project is None:
            return "全部项目"
        address = reverse("project_detail", args=[record.project.code])
        return format_html('<a href="{}">{}</a>', address, record.project.name)

    def value_status(self, record):
        return "开放中" if record.is_open_on(self.today) else "已结束"

    def render_status(self, record):
        tone = "tag blue" if record.is_open_on(self.today) else "tag"
        return format_html('<span class="{}">{}</span>', tone, self.value_status(record))

    def render_until_on(self, value):
        return short_date(value, self.today)

    def value_made_at(self, record):
        return timezone.localdate(record.made_at)

    def render_made_at(self, record):
        return short_date(self.value_made_at(record), self.today)

    def render_actions(self, record):
        if not steps_of(record, self.user, self.today)["close"]:
            return ""
        address = reverse("reopening_close", args=[record.pk])
        return format_html('<a class="btn btn-sm" href="{}">提前关闭</a>', address)
