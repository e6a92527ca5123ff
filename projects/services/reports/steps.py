"""What may be done with a ten-day report now (旬报当前可办的步骤): fill, pass on, confirm, send back, reopen."""

from datetime import date, datetime
from functools import cached_property
from typing import Literal

from django.utils import timezone

from projects.models import (
    ENDED_STATES,
    PENDING_STATES,
    Duty,
    OfficeSettings,
    ProgressReport,
    Project,
    ReportState,
    Role,
    User,
)
from projects.periods import TenDayPeriod
from projects.queries.reports.reports import ReportWindows, office_contacts
from projects.rules import report_opens_on

from ..base.guards import not_office
from ..base.steps import Step, Steps, not_now, not_you, step


class ReportRules:
    """The office's rules of reports (填报规则): each is read once, and only where a step depends on it."""

    def __init__(self) -> None:
        self._only_heads: dict[frozenset[int], bool] = {}

    @cached_property
    def settings(self) -> OfficeSettings:
        return OfficeSettings.current()

    @cached_property
    def windows(self) -> ReportWindows:
        return ReportWindows.current(settings=self.settings)

    @cached_property
    def contacts(self) -> str:
        return office_contacts(self.settings)

    def is_locked(self, report: ProgressReport, today: date) -> bool:
        """Whether the period is over for the project and not open again (已截止).

        A returned report is never locked: it may always be mended.
        """
        if report.is_returned or today <= report.period_ends_on:  # what runs is open, whatever the calendar
            return False
        return self.windows.of(report.period).is_locked(today, report.project_id)

    def only_heads(self, user: User, units: frozenset[int]) -> bool:
        """Whether nobody else heads one of these units of the person's. One query for a set of units."""
        if units not in self._only_heads:
            others = Duty.objects.current().filter(role=Role.UNIT_HEAD, unit__in=units, user__is_active=True)
            self._only_heads[units] = not others.exclude(user=user).exists()
        return self._only_heads[units]

    def closed_words(self, period: TenDayPeriod) -> str:
        closes_on = self.windows.of(period).closes_on
        return f"{period.words}旬报已于{closes_on.month}月{closes_on.day}日截止"


def steps_of(report: ProgressReport, user: User, today: date, rules: ReportRules | None = None) -> Steps:
    """What may be done with a report, or with the unsaved one of a period that has none yet.

    Fill (保存草稿、提交), pass_on (审核通过), confirm (确认), send_back (退回), reopen (重新打开). One query, but for the
    office, and those of the rules.
    """
    rules = rules or ReportRules()
    is_ours = user.is_office or Project.objects.editable_by(user).filter(pk=report.project_id).exists()
    return Steps(
        fill=fill_step(report, user, today, rules, is_ours=is_ours), **review_steps_of(report, user, rules)
    )


def fill_step(report: ProgressReport, user: User, today: date, rules: ReportRules, *, is_ours: bool) -> Step:
    """Whether a report may be filled and handed in (填报), where it is known that the person may edit the project.

    The office may enter a locked period (代填); the verbs then ask it for the reason.
    """
    if not is_ours:
        return not_you("无权填报该项目。")
    if not report.is_editable:
        return not_now(taken(report))
    return step(_closed(report, user, today, rules))


def review_steps_of(report: ProgressReport, user: User, rules: ReportRules) -> Steps:
    """What a reviewer may do with a report, its project beside it: a unit's head, or the office.

    Filled, passed and confirmed by different persons, save an office of one and a unit with one head. No query but for
    the person's own report.
    """
    headed = user.headed_unit_ids & {report.project.lead_department_id, report.project.host_district_id}
    is_head, is_own = bool(headed), user.pk in {report.filled_by_id, report.submitted_by_id}
    is_ours = is_own or report.passed_by_id == user.pk
    returnable = PENDING_STATES if user.is_office else {ReportState.SUBMITTED}
    return Steps(
        pass_on=step(
            not is_head and not_you("只有本单位负责人可以审核。"),
            not report.is_unreviewed and not_now(taken(report)),
            (is_own and not rules.only_heads(user, headed))
            and not_now("填报人不能审核自己的旬报，请由本单位的其他负责人审核。"),
        ),
        confirm=step(
            not_office(user, "确认旬报"),
            not report.is_pending and not_now(taken(report)),
            (user.is_office and report.is_unreviewed)
            and rules.settings.unit_review_required
            and not_now("该旬报须先经本单位负责人审核，再由发改局确认。"),
            (is_ours and not user.is_whole_office)
            and not_now("填报或审核该旬报的人员不能自行确认，请由统筹的其他人员确认。"),
        ),
        send_back=step(
            not (user.is_office or is_head) and not_you("无权退回该旬报。"),
            report.state not in returnable and not_now(taken(report)),
        ),
        reopen=step(
            not_office(user, "重新打开已确认的旬报"),
            report.state != ReportState.CONFIRMED
            and not_now(f"该旬报尚未确认，不需要重新打开。{taken(report)}"),
        ),
    )


def taken(report: ProgressReport) -> str:
    """Why the report cannot be acted on now: its state, and who brought it there."""
    brought: dict[str, tuple[User | None, datetime | None, str]] = {
        ReportState.SUBMITTED: (report.submitted_by, report.submitted_at, "提交"),
        ReportState.PASSED: (report.passed_by, report.passed_at, "审核通过"),
        ReportState.CONFIRMED: (report.confirmed_by, report.confirmed_at, "确认"),
    }
    who, moment, words = brought.get(report.state, (None, None, ""))
    if moment is None:
        return f"本旬旬报当前状态为“{report.get_state_display()}”，不能进行此项操作，请刷新后再看。"
    day = timezone.localtime(moment)
    return f"本旬旬报已由{who or '系统'}于{day.month}月{day.day}日 {day:%H:%M}{words}。如需修改，请联系审核人退回。"


def _closed(report: ProgressReport, user: User, today: date, rules: ReportRules) -> Step | Literal[False]:
    """Why the period may not be filled on the day (填报窗口)."""
    project, period = report.project, report.period
    opens_on = report_opens_on(period)
    if today < opens_on:
        return not_now(f"{period.words}尚未开始，{opens_on.month}月{opens_on.day}日起可以填报。")
    if project.state in ENDED_STATES:
        return not_now(f"该项目已{project.get_state_display()}，不再报送旬报。")
    if period.last_on < project.reports_from_on and not report.is_returned:
        first = TenDayPeriod.containing(project.reports_from_on)
        return not_now(f"该项目自{first.year}年{first.words}起报送旬报，{period.words}无需填报。")
    if user.is_office or not rules.is_locked(report, today):
        return False
    return not_now(f"{rules.closed_words(period)}，不能再填报。确需补报的，请联系{rules.contacts}。")
