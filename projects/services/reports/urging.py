"""Urging for missing reports (一键催报): one message to each reporter, naming everything that is still owed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from projects.models import Project, User
from projects.periods import TenDayPeriod, due_words
from projects.queries.reports.missing import urging_of
from projects.queries.reports.reports import ReportWindow, current_window, missing_reports, still_fillable

from ..base.notices import queue_notice
from ..base.records import build_record, record_many, snapshot
from ..base.steps import OPEN, Steps, not_now, not_you

NOT_YOURS = "只有发改局统筹和本单位负责人可以催报。"
PROJECTS_IN_A_LETTER = 15


@dataclass(frozen=True)
class Urged:
    """What an urging came to: people told now, their projects, people told earlier the same day, units without one."""

    people: int
    projects: int
    told_already: int
    without: tuple[str, ...]

    @property
    def words(self) -> str:
        """The outcome in one sentence for whoever pressed the button."""
        if self.people:
            said = f"已催报 {self.people} 人，涉及 {self.projects} 个项目"
            if self.told_already:
                said += f"；另有 {self.told_already} 人今天已催报过，不再重复"
        elif self.told_already:
            said = f"今天已催报过（{self.told_already} 人），不再重复发送"
        else:
            said = "没有可以催报的填报员"
        if self.without:
            said += f"；{len(self.without)} 个单位无填报员账号：{'、'.join(self.without)}"
        return f"{said}。"


def steps_of(
    window: ReportWindow, user: User, today: date, *, missing: Iterable[Project] = (), is_whole: bool = False
) -> Steps:
    """What may be done about a period's missing reports: urge (催报), the office all, a unit's head the own.

    `missing` are projects without the report that the caller has read, `is_whole` where these are all the person sees;
    one query where they do not settle it.
    """
    if not (user.is_office or user.headed_unit_ids):
        return Steps(urge=not_you(NOT_YOURS))
    words = window.period.full_words
    if window.is_future(today):
        return Steps(urge=not_now(f"{words}尚未开始，无需催报。"))
    if _urgeable(window, user, today, missing) or (not is_whole and _has_urgeable(window, user, today)):
        return Steps(urge=OPEN)
    if window.is_locked(today):
        return Steps(urge=not_now(f"{words}填报期已过，单位已不能补报；请先重新开放，再催报。"))
    return Steps(urge=not_now(f"{words}旬报没有未报项目，无需催报。"))


@transaction.atomic
def urge_reports(*, period: TenDayPeriod, units: Collection[int] | None, by: User, now: datetime) -> Urged:
    """Tell every reporter once a day what is missing of the period (催报); the units given, or all units for None.

    The office urges all, the head of a unit its own. Refuses: anybody else; a period that has not begun, is locked for
    everything missing, or has nothing missing.
    """
    window, today = current_window(period), timezone.localdate(now)
    if not by.is_office and not (units and set(units) <= by.headed_unit_ids):
        raise PermissionDenied(NOT_YOURS)
    steps_of(window, by, today).require("urge")
    urging = urging_of(window, today, units=units)
    told: dict[int, list[Project]] = {}
    for pk, projects in urging.owed.items():
        if _tell(urging.people[pk], projects, window, today, now):
            told[pk] = projects
    record_many(
        build_record(
            action="催报旬报",
            instance=project,
            by=by,
            now=now,
            before=snapshot(project),
            reason=f"{period.full_words}旬报未报，已通知{'、'.join(names)}",
        )
        for project, names in _by_project(told, urging.people)
    )
    return Urged(
        people=len(told),
        projects=len({project.pk for projects in told.values() for project in projects}),
        told_already=len(urging.owed) - len(told),
        without=urging.without,
    )


def _urgeable(window: ReportWindow, user: User, today: date, missing: Iterable[Project]) -> bool:
    units = user.headed_unit_ids
    return any(
        not window.is_locked(today, project.pk)
        for project in missing
        if user.is_office or units & {project.lead_department_id, project.host_district_id}
    )


def _has_urgeable(window: ReportWindow, user: User, today: date) -> bool:
    own = Project.objects.all() if user.is_office else Project.objects.of_units(user.headed_unit_ids)
    return still_fillable(missing_reports(own, window.period), window, today).exists()


def _by_project(told: dict[int, list[Project]], people: dict[int, User]) -> list[tuple[Project, list[str]]]:
    found: dict[int, tuple[Project, list[str]]] = {}
    for pk, projects in told.items():
        for project in projects:
            found.setdefault(project.pk, (project, []))[1].append(str(people[pk]))
    return list(found.values())


def _tell(person: User, projects: list[Project], window: ReportWindow, today: date, now: datetime) -> bool:
    period = window.period
    return queue_notice(
        recipient=person,
        key=f"report-urged:{period.code}:{today.isoformat()}:{person.pk}",
        subject=f"催报：{period.words}旬报尚有{len(projects)}个项目未报",
        body=_body(projects, window, today),
        rows=[_row(project, window, today) for project in projects],
        link=f"{reverse('report_list')}?view=duties&period={period.code}&status=missing",
        now=now,
    )


def _row(project: Project, window: ReportWindow, today: date) -> dict:
    due_on = window.due_on_for(today, project.pk)
    return {
        "project": project.name,
        "code": project.code,
        "kind": "旬报",
        "title": f"{window.period.words}旬报",
        "due_on": due_on.isoformat(),
        "when": due_words(due_on, today),
        "next": "填报并提交旬报",
    }


def _body(projects: list[Project], window: ReportWindow, today: date) -> str:
    shown = projects[:PROJECTS_IN_A_LETTER]
    due_on = window.due_on
    text = [
        f"{window.period.words}旬报应于{due_on.month}月{due_on.day}日前报送（{due_words(due_on, today)}），"
        "以下项目尚未提交，请尽快填报：",
        "",
    ]
    for number, project in enumerate(shown, 1):
        until_on = window.reopened_until(today, project.pk)
        words = f"，已重新开放至{until_on.month}月{until_on.day}日" if until_on else ""
        text.append(f"{number}．{project.name}（{project.code}）{words}")
    if len(projects) > len(shown):
        text.append(f"其余{len(projects) - len(shown)}个项目见清单。")
    return "\n".join(text)
