"""The demonstration's lights (演示：亮灯历史与豁免): the year's closed periods recorded, one exemption in force, one asked for."""

import datetime as dt

from projects.models import Project, Role, User
from projects.periods import TenDayPeriod
from projects.rules import Light
from projects.services.light_exemptions import approve_exemption, ask_exemption
from projects.services.light_records import record_lights

SHANGHAI = dt.timezone(dt.timedelta(hours=8))
ASKED_BEFORE = dt.timedelta(days=10)


def show_lights(today: dt.date) -> None:
    """Records first, so that the exemptions change nothing of what closed before; then two exemptions of one unit."""
    record_lights(as_of=today, now=_at(today), since=TenDayPeriod(today.year, 1, 1))
    head = User.objects.filter(duties__role=Role.UNIT_HEAD).first()
    office = User.objects.filter(duties__role=Role.OFFICE).first()
    troubled = (
        Project.objects.filter(lead_department__in=head.unit_ids, light_records__light=Light.RED)
        .order_by("code")
        .distinct()[:2]
    )
    for number, project in enumerate(troubled):
        asked_on = today - ASKED_BEFORE * (1 - number)
        exemption = ask_exemption(
            project=project,
            dimension="progress" if number else "milestone",
            reason="地块文物勘探，勘探期间暂停施工" if number == 0 else "产线设备改型，重新招标采购",
            document="淄高新办〔2023〕27号" if number == 0 else "",
            from_on=asked_on,
            until_on=dt.date(today.year, 12, 31),
            by=head,
            now=_at(asked_on),
        )
        if number == 0:
            approve_exemption(
                exemption=exemption, note="同意，勘探结束即恢复评定", by=office, now=_at(asked_on)
            )


def _at(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(9), SHANGHAI)
