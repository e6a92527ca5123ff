"""Reminders that a ten-day report is due (旬报催报), that an exemption from lights is about to end (豁免到期提醒)."""

from collections import defaultdict
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from projects.models import HANDED_IN_STATES, LightExemption, OfficeSettings, ProgressReport, Project, User
from projects.periods import TenDayPeriod, day_words, due_words
from projects.queries.base.audience import Audience, Audiences
from projects.queries.base.calendar import working_calendar
from projects.queries.desk.papers import ENDING_DAYS, ending_words
from projects.queries.reports.owing import ReportingClock

from ..base.notices import queue_notice

PROJECTS_IN_A_LETTER = 15
EXEMPTION_STEPS = (1, ENDING_DAYS)  # days before the last one on which the asker is told, the nearest first


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
    audiences = Audiences.on(as_of)
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


@transaction.atomic
def remind_exemptions_ending(*, as_of: date, now: datetime) -> int:
    """Tell who asked for an exemption that its last day is near, once a step; answers how many notices were queued.

    Meant for working days: what falls on the days off that follow is told before them. Missed days are caught up, with
    the nearest step alone. Not told: an exemption asked for anew, an ended project, who may not see the project any more.
    """
    before_next_run = working_calendar().shift(as_of, 1) - timedelta(days=1)
    ending = LightExemption.objects.ending(as_of, before_next_run + timedelta(days=max(EXEMPTION_STEPS)))
    queued = 0
    for person in User.objects.filter(is_active=True, pk__in=ending.order_by().values("asked_by")):
        for exemption in ending.filter(asked_by=person).visible_to(person).select_related("project"):
            left = (exemption.until_on - before_next_run).days
            step = next(days for days in EXEMPTION_STEPS if left <= days)
            queued += _exemption_ends(exemption, person, step, now)
    return queued


def _exemption_ends(exemption: LightExemption, person: User, step: int, now: datetime) -> bool:
    project, last_on = exemption.project, day_words(exemption.until_on)
    return queue_notice(
        recipient=person,
        key=f"light-exemption:{exemption.pk}:ends:{step}",
        subject=f"亮灯豁免将于{last_on}到期：{project.name}",
        body=(
            f"{project.name}“{exemption.dimension_words}”的亮灯豁免将于{last_on}到期，{ending_words(exemption)}。"
        ),
        link=f"{reverse('exemption_list')}?state=running",
        now=now,
    )


def _period_to_remind(as_of: date) -> TenDayPeriod | None:
    """The period whose reminder window the day lies in: the one that is about to end, or has ended and is not due."""
    ahead = timedelta(days=OfficeSettings.current().report_reminder_days)
    running = TenDayPeriod.containing(as_of)
    if running.last_on - ahead <= as_of:
        return running
    closed = running.previous()
    return closed if ReportingClock.current().due_on(closed) >= as_of else None


def _owing(period: TenDayPeriod) -> QuerySet[Project]:
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
