"""What the demonstration shows of published figures (数据发布): six signed weekly reports, a month sealed, corrections since.

The corrections touch September alone, so that every figure of the demonstration's day stays what the ledger says.
"""

import datetime as dt
from decimal import Decimal

from projects.digests.weekly import weekly_content
from projects.models import ProgressReport, Project, Role, User
from projects.periods import Week
from projects.queries.base.calendar import working_calendar
from projects.queries.reports.beforehand import beforehand_of
from projects.services.alerts.scanning import scan_alerts
from projects.services.base.changing import sure
from projects.services.figures.publications import seal_figures
from projects.services.register.projects import correct_facts
from projects.services.reports.content import ReportEntry, report_warnings
from projects.services.reports.filling import submit_report
from projects.services.reports.review import confirm_report, reopen_report
from projects.services.weekly.issues import keep_draft, sign_report

SHANGHAI = dt.timezone(dt.timedelta(hours=8))
WEEKS = 6
MONTH_END = dt.date(2023, 9, 30)
CORRECTED = (
    (Decimal(120), "监理单位复核，补计设备安装进度款"),
    (Decimal(-260), "施工单位重复计列预付款，核减"),
)


def show_publications(now: dt.datetime) -> None:
    """The last weeks' alerts and signed reports, September sealed; then two reports corrected and a date of start."""
    office = sure(User.objects.filter(duties__role=Role.OFFICE).first())
    weeks = [Week.containing(now.date()).previous()]
    while len(weeks) < WEEKS:
        weeks.insert(0, weeks[0].previous())
    for week in weeks:
        _week(week, office)
    seal_figures(name=f"{MONTH_END.year}年{MONTH_END.month}月月报", as_of=MONTH_END, by=office, now=now)
    reports = ProgressReport.objects.filter(period_ends_on=MONTH_END, invested_this_year__gt=1000)
    for minutes, (report, (amount, reason)) in enumerate(
        zip(reports.select_related("project").order_by("project__code"), CORRECTED, strict=False), 1
    ):
        _correct(report, amount, reason, office, now + dt.timedelta(minutes=10 * minutes))
    project = Project.objects.filter(started_on__range=("2023-03-02", "2023-06-30")).order_by("code").first()
    if project is not None:
        correct_facts(
            project=project,
            facts={"started_on": sure(project.started_on) - dt.timedelta(days=1)},
            reason="按施工许可和桩基开工影像核实",
            by=office,
            now=now + dt.timedelta(minutes=40),
        )


def _week(week: Week, office: User) -> None:
    """A week as the timetable and the office leave it: scanned, drafted, signed on the first working day after it."""
    day = working_calendar().next_working(week.next().first_on)
    morning = dt.datetime.combine(day, dt.time(8), SHANGHAI)
    scan_alerts(as_of=day, now=morning)
    draft = keep_draft(week=week, content=weekly_content(week).as_dict(), now=morning)
    sign_report(report=draft, by=office, now=morning + dt.timedelta(hours=1))


def _correct(report: ProgressReport, amount: Decimal, reason: str, office: User, now: dt.datetime) -> None:
    """Reopen a confirmed report, hand it in with another amount, confirm it again."""
    reopen_report(report=report, reason=reason, by=office, now=now)
    entry = ReportEntry(
        invested_this_year=sure(report.invested_this_year) + amount,
        invested_to_date=report.invested_to_date and report.invested_to_date + amount,
        physical_progress=report.physical_progress or "主体施工",
        work_done=report.work_done,
        next_steps=report.next_steps,
    )
    handed_in = submit_report(
        project=report.project,
        period=report.period,
        entry=entry,
        overruled=report_warnings(entry, report.project, beforehand_of(report.project, report.period)),
        overrule_reason=reason,
        by=office,
        now=now,
    )
    confirm_report(report=handed_in, by=office, now=now + dt.timedelta(minutes=5))
