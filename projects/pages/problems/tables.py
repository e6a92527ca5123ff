"""Tables of problems, corrective actions, clinics, visits (问题、措施、诊所、走访)."""

import datetime as dt
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from projects import clock
from projects.models import ClinicSession, CorrectiveAction, Problem, Project, SiteVisit
from projects.queries.problems.problems import days_open
from projects.services.problems.actions import steps_of
from projects.services.problems.visits import visiting
from projects.templatetags.show import short_date
from projects.templatetags.states import state_tag

from ..base.columns import (
    NOWRAP,
    NUMBER,
    WRAP,
    ActionsColumn,
    DayColumn,
    DueColumn,
    HouseTable,
    LinkColumn,
    ProjectColumn,
    StateColumn,
    UnitColumn,
    WordsColumn,
)

# --- problems -------------------------------------------------------------------------------------------


class ProblemTable(HouseTable):
    """Problems with project and lead_unit beside them, in the state of `as_of`."""

    title = "问题清单"
    text = LinkColumn("问题", "problem_detail")
    project = ProjectColumn()
    category = tables.Column(verbose_name="类别")
    lead_unit = UnitColumn("责任单位", "lead_unit")
    level = tables.Column(verbose_name="协调层级")
    raised_on = DayColumn("提出")
    due_on = DueColumn("时限", settled=lambda one, day: one.state_on(day) == Problem.State.RESOLVED)
    days = WordsColumn("已办天数", order_by=("-raised_on",), attrs=NUMBER)
    state = tables.Column(verbose_name="状态", orderable=False)

    class Meta(HouseTable.Meta):
        model = Problem
        empty_text = "没有符合条件的问题。"

    def value_days(self, record: Problem) -> int:
        return days_open(record, self.as_of)

    def value_state(self, record: Problem) -> str:
        return Problem.State(record.state_on(self.as_of)).label

    def render_state(self, record: Problem) -> SafeString:
        again = f"（第{record.reopen_count + 1}次办理）" if record.reopen_count else ""
        return format_html("{}{}", state_tag(record, record.state_on(self.as_of)), again)


# --- actions -------------------------------------------------------------------------------------------


def source_of(action: CorrectiveAction) -> tuple[str, str]:
    """Where a action comes from (来源): words, and the address."""
    if action.case_id:
        return "项目诊所处方", reverse("clinic_case", args=[action.case_id])
    if action.problem_id:
        return "问题措施", reverse("problem_detail", args=[action.problem_id])
    return "走访议定事项", reverse("visit_detail", args=[action.visit_id])


def _is_done(action: CorrectiveAction, day: dt.date) -> bool:
    return action.done_on is not None and action.done_on <= day


class ActionTable(HouseTable):
    """Actions with project and unit beside them, as they stood on `as_of`, read `for_steps` of the user."""

    title = "措施清单"
    text = tables.Column(verbose_name="措施", attrs=WRAP)
    project = ProjectColumn()
    source = tables.Column(verbose_name="来源", empty_values=(), orderable=False)
    unit = UnitColumn("责任单位", "unit")
    made_on = DayColumn("提出")
    due_on = DueColumn("时限", settled=_is_done)
    result = tables.Column(verbose_name="落实情况", attrs=WRAP, orderable=False, empty_values=())
    finish = ActionsColumn("登记", attrs={})

    class Meta(HouseTable.Meta):
        model = CorrectiveAction
        empty_text = "没有符合条件的措施。"

    def value_source(self, record: CorrectiveAction) -> str:
        return source_of(record)[0]

    def render_source(self, record: CorrectiveAction) -> SafeString:
        words, href = source_of(record)
        return format_html('<a href="{}">{}</a>', href, words)

    def value_result(self, record: CorrectiveAction) -> str:
        return f"{record.done_on}落实：{record.result}" if _is_done(record, self.as_of) else "未落实"

    def render_result(self, record: CorrectiveAction) -> str:
        if not _is_done(record, self.as_of):
            return format_html('<span class="tag waiting">{}</span>', "未落实")
        return f"{short_date(record.done_on, self.as_of)}落实：{record.result}"

    def render_finish(self, record: CorrectiveAction) -> str:
        if not steps_of(record, self.user, clock.today())["finish"]:
            return ""
        address = self.to_step("action_finish", record)
        return format_html('<a class="btn btn-sm" href="{}">登记落实</a>', address)


# --- clinics --------------------------------------------------------------------------------------------


class SessionTable(HouseTable):
    """Sittings with their units prefetched, `n_cases` and `n_discharged` counted beside them."""

    title = "项目诊所会诊"
    number = LinkColumn("期号", "clinic_detail", order_by=("year", "number"), attrs=NOWRAP)
    held_on = DayColumn("会诊日期")
    place = tables.Column(verbose_name="地点", orderable=False)
    chair = tables.Column(verbose_name="主持人", orderable=False)
    units = WordsColumn("会诊单位", orderable=False, attrs=WRAP)
    n_cases = tables.Column(verbose_name="病例", attrs=NUMBER)
    n_discharged = tables.Column(verbose_name="已出院", attrs=NUMBER)
    state = StateColumn()

    class Meta(HouseTable.Meta):
        model = ClinicSession
        empty_text = "还没有会诊。"

    def value_number(self, record: ClinicSession) -> str:
        return f"{record.year}年第{record.number}期"

    def value_units(self, record: ClinicSession) -> str:
        return "、".join(str(unit) for unit in record.units.all())


# --- visits ---------------------------------------------------------------------------------------------


class VisitTable(HouseTable):
    """Visits with project and official beside them and their attachments prefetched."""

    title = "走访记录"
    project = ProjectColumn(attrs={})
    visited_on = tables.Column(verbose_name="日期", attrs=NOWRAP)
    official = tables.Column(verbose_name="带队领导", order_by=("official__position",), default="—")
    findings = tables.Column(verbose_name="现场情况", attrs=WRAP, orderable=False)
    decisions = tables.Column(verbose_name="议定事项", attrs=WRAP, orderable=False)
    people = tables.Column(verbose_name="参加人员", orderable=False)
    photos = tables.Column(verbose_name="照片", empty_values=(), orderable=False)

    class Meta(HouseTable.Meta):
        model = SiteVisit
        empty_text = "还没有走访记录，可在项目页登记走访。"

    def render_visited_on(self, value: dt.date, record: SiteVisit) -> SafeString:
        address = reverse("visit_detail", args=[record.pk])
        return format_html('<a href="{}">{}</a>', address, short_date(value, self.as_of))

    def value_photos(self, record: SiteVisit) -> str | None:
        number = len(record.attachments.all())  # prefetched
        return f"{number}张" if number else None

    def render_photos(self, record: SiteVisit) -> SafeString:
        links = (
            (reverse("attachment", args=[file.pk]), number)
            for number, file in enumerate(record.attachments.all(), 1)
        )
        return format_html_join(" ", '<a href="{}">照片{}</a>', links)


class UnsettledVisitTable(VisitTable):
    """Visits that wait for their leader or the office, and those sent back (待确认走访)."""

    title = "待确认走访"
    state = tables.Column(verbose_name="状态", orderable=False)
    logged_by = tables.Column(verbose_name="登记人", orderable=False)
    return_reason = tables.Column(verbose_name="退回原因", attrs=WRAP, orderable=False)

    class Meta(VisitTable.Meta):
        empty_text = "没有待确认的走访。"

    def render_state(self, record: SiteVisit) -> SafeString:
        return state_tag(record)


class OwedVisitTable(HouseTable):
    """Projects whose sponsor owes a visit this month (本月待走访); `workable`: those the user works
    on, put there by the page for its rows."""

    title = "本月待走访"
    workable: frozenset[int] = frozenset()
    name = ProjectColumn(accessor="name")
    sponsor = UnitColumn("挂包领导", "sponsor", default="—")
    visits_this_month = tables.Column(verbose_name="本月已走访（次）", attrs=NUMBER)
    log = ActionsColumn("登记", attrs={})

    class Meta(HouseTable.Meta):
        model = Project
        empty_text = "本月走访都已完成。"

    def render_log(self, record: Any) -> str:
        if not visiting(record, self.user, record.pk in self.workable):
            return ""
        address = reverse("visit_create", args=[record.code])
        return format_html('<a class="btn btn-sm" href="{}">登记走访</a>', address)
