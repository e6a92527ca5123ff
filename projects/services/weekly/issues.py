"""Weekly overdue reports (逾期周报): drafted, signed (frozen), sent to those who read them."""

from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from projects.models import Project, Role, User, WeeklyReport
from projects.periods import Week
from projects.queries.base.audience import Audiences

from ..base.changing import changed, held
from ..base.guards import not_office, office_only, one_at_a_time
from ..base.notices import queue_notice
from ..base.records import record, snapshot
from ..base.steps import Steps, not_now, step
from ..figures.publications import publish_report

READERS = (Role.OFFICE, Role.INSPECTOR, Role.SPONSOR, Role.UNIT_HEAD)

State = WeeklyReport.State


def steps_of(report: WeeklyReport, user: User, today: date) -> Steps:
    """What may be done with an issue: remake (重新生成), sign (签发), send (印发), each by the office. No query.

    Signing is refused as well where the draft no longer says what the data say; that is found out only by doing it.
    """
    ends_on = report.period.last_on
    return Steps(
        remake=step(
            not_office(user, "生成周报"), report.is_frozen and not_now("该期周报已签发，内容不再变动。")
        ),
        sign=step(
            not_office(user, "签发周报"),
            report.is_frozen and not_now("该期周报已签发，不能重复签发。"),
            today < ends_on and not_now(f"本周尚未结束，请于{ends_on.month}月{ends_on.day}日起签发。"),
        ),
        send=step(
            not_office(user, "印发周报"),
            not report.is_frozen and not_now("周报尚未签发，请先签发。"),
            report.state == State.SENT and not_now("该期周报已印发。"),
        ),
    )


@transaction.atomic
def keep_draft(*, week: Week, content: dict, now: datetime, by: User | None = None) -> WeeklyReport:
    """Keep a week's content as its draft, in place of an earlier draft. A frozen report is returned untouched.

    The number is the week's own number in its year: never reused, a week without a report leaves a visible gap.
    `by` is None where the timetable makes it; of people the office alone does.
    """
    if by is not None:
        office_only(by, "生成周报")
    one_at_a_time()  # of two who make the same week's the second finds the first's
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
            link=_link(report),
            now=now,
        )
        for user in office
    )


@transaction.atomic
def sign_report(*, report: WeeklyReport, by: User, now: datetime) -> WeeklyReport:
    """Sign a draft (签发): its figures are frozen as they stand in it, the population behind them is published.

    Only the office, only after the week's end, and only while the draft still says what the data say.
    """
    report = held(report)
    steps_of(report, by, timezone.localdate(now)).require("sign")
    with changed(report, "签发逾期周报", by=by, now=now):
        report.state, report.signed_by, report.signed_at = State.SIGNED, by, now
    publish_report(report=report, by=by, now=now)
    return report


@transaction.atomic
def send_report(*, report: WeeklyReport, by: User, now: datetime) -> int:
    """Send a signed report (印发) to office, inspectors, sponsors and unit heads; answers how many people.

    Those who see all projects get the whole document attached to the letter; sponsors and heads get the rows of
    the projects they may see, as everywhere. Nobody whose projects are not in the report is written to.
    """
    report = held(report)
    steps_of(report, by, timezone.localdate(now)).require("send")
    with changed(report, "印发逾期周报", by=by, now=now):
        report.state, report.sent_at = State.SENT, now
    return sum(_tell(report, reader, now) for reader in _readers())


def _link(report: WeeklyReport) -> str:
    return reverse("weekly_detail", args=[report.period.code])


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
        link=_link(report),
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
