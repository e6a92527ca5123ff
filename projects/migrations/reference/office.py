"""Reference data with the defaults of docs/rules.md: list kinds, ladder, office settings, curves, working calendar."""

from datetime import date, timedelta

import chinese_calendar

LIST_KINDS = [
    # name, aliases, level, decimal places of rates, position
    ("省级重点", ["省重点", "省级重点项目"], "province", 1, 10),
    ("市级重大", ["市重大", "市级重大项目"], "city", 1, 20),
    ("区级重点", ["区重点", "区级重点项目"], "zone", 1, 30),
    ("技改", ["技改项目", "重点技改", "技术改造项目"], "zone", 2, 40),
    ("招商签约", ["签约项目", "招商签约项目"], "zone", 1, 50),
]
LADDER = [
    # working days overdue (negative: before the due date), who is told
    (-7, ["reporter"]),
    (-3, ["reporter"]),
    (-1, ["reporter"]),
    (1, ["reporter", "unit_head"]),
    (3, ["district", "service_officer"]),
    (7, ["sponsor"]),
    (15, ["office", "inspector"]),
]
MONTH_ENDS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
CURVES = [
    ("按季度阶梯（20/50/75/100）", [[3, 31, "0.20"], [6, 30, "0.50"], [9, 30, "0.75"], [12, 31, "1"]], False),
    (
        "前快后稳（每月10%）",
        [[month, MONTH_ENDS[month - 1], f"{min(month, 10) / 10:.1f}"] for month in range(1, 13)],
        False,
    ),
]
CALENDAR_YEARS = range(2020, 2027)


def in_chinese(holiday, is_working):
    name = chinese_calendar.Holiday(holiday).chinese if holiday else ""
    return f"{name}调休上班" if is_working else name


def add_reference_data(apps, schema_editor):
    table = lambda name: apps.get_model("projects", name).objects  # noqa: E731
    for name, aliases, level, places, position in LIST_KINDS:
        table("ListKind").create(
            name=name, aliases=aliases, level=level, rate_places=places, position=position
        )
    for working_days, roles in LADDER:
        table("EscalationStep").create(working_days=working_days, roles=roles)
    table("OfficeSettings").create(pk=1)
    for name, points, is_joined in CURVES:
        table("BaselineCurve").create(name=name, points=points, is_joined=is_joined)

    day_model = apps.get_model("projects", "CalendarDay")
    days = []
    day = date(CALENDAR_YEARS[0], 1, 1)
    while day.year in CALENDAR_YEARS:
        try:
            is_working = chinese_calendar.is_workday(day)
        except (
            NotImplementedError
        ):  # the package does not know that year yet: plain weekdays, marked as estimated
            break
        if is_working != (day.weekday() < 5):
            _, holiday = chinese_calendar.get_holiday_detail(day)
            days.append(day_model(day=day, is_working=is_working, note=in_chinese(holiday, is_working)))
        day += timedelta(days=1)
    day_model.objects.bulk_create(days)
