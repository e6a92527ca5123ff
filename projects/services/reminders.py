"""Reminders that a ten-day report is due (旬报催报)."""

from collections import defaultdict
from datetime import date, datetime, timedelta

from django.db import transaction

from ..models import HANDED_IN_STATES, OfficeSettings, ProgressReport, Project, User
from ..periods import TenDayPeriod, due_words
from ..queries.audience import Audience, Audiences
from ..queries.reporting import ReportingClock
from .notices import queue_notice

PROJECTS_IN_A_LETTER = 15


@transaction.atomic
def remind_reports_due(*, as_of: date, now: datetime) -> int:
    """Tell each reporter once a period which reports are still owed; answers how many people were told.

    From report_reminder_days before the period's end until the report's due day. Run again it tells nobody twice;
    after the due day the alerts take over. Only projects that the person may see.
    """
    period = _period_to_remind(as_of)
    if period is None:
        return 0
    due_on = ReportingClock.current().due_on(period)
    owed: dict[int, list[Project]] = defaultdict(list)
    people: dict[int, User] = {}
    audiences = Audiences.current()
    for project in _owing(period):
        told = audiences.told([Audience.REPORTER], project) or audiences.told([Audience.DISTRICT], project)
        for person in told:
            people[person.user.pk] = person.user
            owed[person.user.pk].append(project)
    queued = 0
    for pk, projects in owed.items():
        queued += queue_notice(
            recipient=people[pk],
            key=f"report-due:{period.code}:{pk}",
            subject=f"{period.words}旬报请于{due_on.month}月{due_on.day}日前报送（{len(projects)}个项目）",
            body=_body(period, due_on, projects, as_of),
            rows=[
                {
                    "project": project.name,
                    "code": project.code,
                    "kind": "旬报",
                    "title": f"{period.words}旬报",
                    "due_on": due_on.isoformat(),
                    "when": due_words(due_on, as_of),
                    "next": "填报并提交旬报",
                }
                for project in projects
            ],
            link="/",
            now=now,
        )
    return queued


def _period_to_remind(as_of: date) -> TenDayPeriod | None:
    """The period whose reminder window the day lies in: the one that is about to end, or has ended and is not due."""
    ahead = timedelta(days=OfficeSettings.current().report_reminder_days)
    running = TenDayPeriod.containing(as_of)
    if running.last_on - ahead <= as_of:
        return running
    closed = running.previous()
    return closed if ReportingClock.current().due_on(closed) >= as_of else None


def _owing(period: TenDayPeriod):
    done = ProgressReport.objects.filter(period_ends_on=period.last_on, state__in=HANDED_IN_STATES)
    owing = Project.objects.reporting_on(period.last_on).exclude(pk__in=done.values("project"))
    return owing.order_by("code")


def _body(period: TenDayPeriod, due_on: date, projects: list[Project], as_of: date) -> str:
    shown = projects[:PROJECTS_IN_A_LETTER]
    text = [
        f"{period.words}旬报应于{due_on.month}月{due_on.day}日前报送（{due_words(due_on, as_of)}），以下项目尚未提交：",
        "",
    ]
    text += [f"{number}．{project.name}（{project.code}）" for number, project in enumerate(shown, 1)]
    if len(projects) > len(shown):
        text.append(f"其余{len(projects) - len(shown)}个项目见清单。")
    return "\n".join(text)
