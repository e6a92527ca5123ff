"""The demonstration's lights (演示：亮灯豁免与历史): one exemption in force, one asked for, the year's closed periods recorded."""

import datetime as dt

from projects.figures.lights.judging import lights_for
from projects.models import Project, Role, User
from projects.periods import TenDayPeriod
from projects.rules import Light, LightDimension
from projects.services.base.changing import sure
from projects.services.lights.exemptions import approve_exemption, ask_exemption
from projects.services.lights.records import record_lights

SHANGHAI = dt.timezone(dt.timedelta(hours=8))
ASKED_BEFORE = dt.timedelta(days=10)


def show_lights(today: dt.date) -> None:
    """Exemptions of the unit head's projects first, so that the last closed period is recorded under them."""
    head = sure(User.objects.filter(duties__role=Role.UNIT_HEAD).first())
    office = sure(User.objects.filter(duties__role=Role.OFFICE).first())
    asked_on = today - ASKED_BEFORE
    if project := _troubled(head, LightDimension.MILESTONE, today):
        exemption = ask_exemption(
            project=project,
            dimension=LightDimension.MILESTONE,
            reason="地块文物勘探，勘探期间暂停施工",
            document="淄高新办〔2023〕27号",
            from_on=asked_on,
            until_on=dt.date(today.year, 12, 31),
            by=head,
            now=_at(asked_on),
        )
        approve_exemption(exemption=exemption, note="同意，勘探结束即恢复评定", by=office, now=_at(asked_on))
    if project := _troubled(head, LightDimension.PROGRESS, today):
        ask_exemption(
            project=project,
            dimension=LightDimension.PROGRESS,
            reason="产线设备改型，重新招标采购",
            from_on=today,
            until_on=dt.date(today.year, 12, 31),
            by=head,
            now=_at(today),
        )
    record_lights(as_of=today, now=_at(today), since=TenDayPeriod(today.year, 1, 1))


def _troubled(head: User, dimension: LightDimension, today: dt.date) -> Project | None:
    """A project of the unit whose light the dimension spoils; the one it alone spoils where there is such."""
    projects = Project.objects.filter(lead_department__in=head.unit_ids)
    found = {}
    for pk, light in lights_for(projects, today).items():
        spoiled = [one.dimension for one in light.reasons if one.light is not Light.GREEN]
        if dimension in spoiled:
            found[pk] = len(spoiled)
    return Project.objects.filter(pk=min(found, key=lambda pk: found[pk])).first() if found else None


def _at(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(9), SHANGHAI)
