"""Weekly overdue reports (逾期周报): drafted, signed (frozen), sent to those who read them."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from ..models import Project, Role, User, WeeklyReport
from ..periods import Week
from ..queries.audience import Audiences
from .guards import office_only
from .notices import queue_notice
from .publications import publish_report
from .records import record, snapshot

READERS = (Role.OFFICE, Role.INSPECTOR, Role.SPONSOR, Role.UNIT_HEAD)

State = WeeklyReport.State


@transaction.atomic
def keep_draft(*, week: Week, content: dict, now: datetime, by: User | None = None) -> WeeklyReport:
    """Keep a week's content as its draft, in place of an earlier draft. A frozen report is returned untouched.

    The number is the week's own number in its year: never reused, a week without a report leaves a visible gap.
    `by` is None for the timetable and the command line; of people the office alone.
    """
    if by is not None:
        office_only(by, "生成周报")
    report = WeeklyReport.objects.select_for_update().filter(year=week.year, week=week.number).first()
    if report is not None and report.is_frozen:
        return report
    if report is None:
        report = WeeklyReport(year=week.year, week=week.number, number=week.number)
        before = None
    else:
        before = snapshot(report)
    if before is not None and report.content == content:
        return report
    report.content, report.made_at = content, now
    report.save()
    if before is None or by is not None:
        # rows of the content are not copied into the audit record: they stand in the report itself
        entry = {**before, "content": None} if before else None
        report.content = None
        record(
            action="生成逾期周报" if before is None else "重新生成逾期周报",
            instance=report,
            by=by,
            now=now,
            before=entry,
        )
        report.content = content
    return report


@transaction.atomic
def announce_draft(*, report: WeeklyReport, now: datetime) -> int:
    """Tell the office that a draft waits for its signature (待签发); once for each report."""
    office = Audiences.current().by_role.get(Role.OFFICE, ())
    return sum(
        queue_notice(
            recipient=user,
            key=f"weekly-draft:{report.year}-{report.week}:{user.pk}",
            subject=f"逾期周报{report.year}年第{report.number}期待签发",
            body=f"{report}已生成，请核对后签发、印发。",
            link=f"/reports/weekly/{report.period.code}/",
            now=now,
        )
        for user in office
    )


@transaction.atomic
def sign_report(*, report: WeeklyReport, by: User, now: datetime) -> WeeklyReport:
    """Sign a draft (签发): its figures are frozen as they stand in it, the population behind them is published.

    Only the office, only after the week's end, and only while the draft still says what the data say.
    """
    if not by.is_office:
        raise ValidationError("只有发改局统筹可以签发周报。")
    report = WeeklyReport.objects.select_for_update().get(pk=report.pk)
    if report.is_frozen:
        raise ValidationError("该期周报已签发，不能重复签发。")
    if now.date() < report.period.last_on:
        day = report.period.last_on
        raise ValidationError(f"本周尚未结束，请于{day.month}月{day.day}日后签发。")
    before = snapshot(report)
    report.state, report.signed_by, report.signed_at = State.SIGNED, by, now
    report.save(update_fields=["state", "signed_by", "signed_at"])
    publish_report(report=report, by=by, now=now)
    record(action="签发逾期周报", instance=report, by=by, now=now, before=before)
    return report


@transaction.atomic
def send_report(*, report: WeeklyReport, by: User, now: datetime) -> int:
    """Send a signed report (印发) to office, inspectors, sponsors and unit heads; answers how many people.

    Those who see all projects get the whole document attached to the letter; sponsors and heads get the rows of
    the projects they may see, as everywhere. Nobody whose projects are not in the report is written to.
    """
    if not by.is_office:
        raise ValidationError("只有发改局统筹可以印发周报。")
    report = WeeklyReport.objects.select_for_update().get(pk=report.pk)
    if report.state == State.DRAFT:
        raise ValidationError("周报尚未签发，请先签发。")
    if report.state == State.SENT:
        raise ValidationError("该期周报已印发。")
    before = snapshot(report)
    report.state, report.sent_at = State.SENT, now
    report.save(update_fields=["state", "sent_at"])
    record(action="印发逾期周报", instance=report, by=by, now=now, before=before)
    return sum(_tell(report, reader, now) for reader in _readers())


def _readers() -> list[User]:
    audiences = Audiences.current()
    readers = {user.pk: user for role in READERS for user in audiences.by_role.get(role, ())}
    return sorted(readers.values(), key=lambda user: user.username)


def _tell(report: WeeklyReport, reader: User, now: datetime) -> bool:
    rows = [*report.content["new"], *report.content["still"]]
    whole = reader.sees_all_projects
    if not whole:
        visible = set(Project.objects.visible_to(reader).values_list("pk", flat=True))
        rows = [row for row in rows if row["project_id"] in visible]
        if not rows:
            return False
    new = {(row["kind"], row["subject"]) for row in report.content["new"]}
    newly = sum((row["kind"], row["subject"]) in new for row in rows)
    scope = "全区" if whole else "您可见的"
    return queue_notice(
        recipient=reader,
        key=f"weekly:{report.year}-{report.week}:{reader.pk}",
        subject=f"逾期周报{report.year}年第{report.number}期",
        body=f"{report}已印发。截至{report.period.last_on:%Y-%m-%d}，{scope}重大项目逾期事项{len(rows)}项，其中本周新增{newly}项。",
        rows=[] if whole else [_line(row) for row in rows],
        link=f"/reports/weekly/{report.period.code}/",
        weekly_report=report if whole else None,
        now=now,
    )


def _line(row: dict) -> dict:
    return {
        "project": row["project"],
        "code": row["code"],
        "title": row["title"],
        "due_on": row["due_on"],
        "when": f"逾期{row['days_late']}天",
    }
