"""What happens to a project as a whole (项目事项): dates of fact, its place under a package."""

from collections.abc import Mapping
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from projects.models import Belonging, Project, User

from ..base.changing import changed, held, refuse, required
from ..base.guards import all_but, office_only, wrong_day
from .belongings import belong

FACTS = {
    "started_on": "实际开工日期",
    "completed_on": "竣工日期",
    "in_production_on": "投产日期",
    "full_production_on": "达产日期",
    "entered_statistics_on": "纳统日期",
}


@transaction.atomic
def correct_facts(
    *, project: Project, facts: Mapping[str, date | None], reason: str, by: User, now: datetime
) -> Project:
    """Correct dates of fact (开工、竣工、投产、达产、纳统日期), keys as in FACTS. The office alone, with a reason.

    Refuses: no reason, nothing changed, a day in the future, dates out of order. Published documents stay as they are.
    """
    office_only(by, "更正项目日期")
    if unknown := set(facts) - set(FACTS):
        raise ValueError(f"not dates of fact: {sorted(unknown)}")
    project, reason = held(project), reason.strip()
    new = {name: day for name, day in facts.items() if getattr(project, name) != day}
    today = timezone.localdate(now)
    wrong = {name: wrong_day(FACTS[name], day, today) for name, day in new.items() if day is not None}
    refuse(reason=not reason and "请填写更正原因。", **wrong)
    if not new:
        raise ValidationError("各项日期都没有变化。")
    with changed(project, "更正日期", by=by, now=now, reason=reason, unchecked=all_but(project, *FACTS)):
        for name, day in new.items():
            setattr(project, name, day)
        refuse_production_out_of_order(project)
    return project


def refuse_production_out_of_order(project: Project) -> None:
    """Refuses 达产 without 投产 or before it; the order of the other dates is the table's to hold."""
    begun_on, full_on = project.in_production_on, project.full_production_on
    refuse(
        in_production_on=bool(full_on) and not begun_on and "已有达产日期，须同时填写投产日期。",
        full_production_on=bool(full_on and begun_on and full_on < begun_on) and "达产日期不能早于投产日期。",
    )


@transaction.atomic
def place_project(
    *,
    project: Project,
    level: str,
    parent: Project | None,
    from_on: date | None,
    reason: str,
    by: User,
    now: datetime,
) -> Project:
    """Say what level a project is and what package it belongs to from a day on (打包、分期). The office alone, with a reason.

    Refuses: no reason, nothing changed, a parent that is no package or lies beneath the project, a level its children
    forbid (see Project.clean), a day that belong() refuses. Figures of days before stay as they were.
    """
    office_only(by, "调整项目层级")
    project = held(project)
    level = Project.Level(level)
    if (project.level, project.parent) == (level, parent):
        raise ValidationError("层级和所属打包项目都没有变化。")
    place = {"level": level, "parent": parent}
    belong(
        project=project,
        kind=Belonging.Kind.PACKAGE,
        action="调整层级",
        from_on=from_on,
        reason=required(reason, "调整原因"),
        by=by,
        now=now,
        **place,
    )
    return project
