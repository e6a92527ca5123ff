"""Tables of who has not reported (未报) and of periods opened again (重新开放)."""

from collections.abc import Callable
from typing import ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from projects.models import PeriodReopening, Unit
from projects.periods import TenDayPeriod
from projects.services.period_reopenings import steps_of
from projects.templatetags.show import short_date

WRAP = {"td": {"class": "wrap"}}
NOWRAP = {"td": {"class": "nowrap"}}
NUMBER = {"td": {"class": "num"}}
PROJECTS_SHOWN = 5
NO_REPORTER = "无填报员账号"


class MissingTable(tables.Table):
    """Units with their reports of a period (queries.missing.UnitReports); every figure opens its rows."""

    name = tables.Column(verbose_name="推进部门", attrs=WRAP)
    owed = tables.Column(verbose_name="应报", attrs=NUMBER)
    handed_in = tables.Column(verbose_name="已报", attrs=NUMBER)
    missing = tables.Column(verbose_name="未报", attrs=NUMBER, empty_values=(), orderable=False)
    late = tables.Column(verbose_name="迟报", attrs=NUMBER)
    projects = tables.Column(verbose_name="未报项目", attrs=WRAP, empty_values=(), orderable=False)
    people = tables.Column(verbose_name="填报员", attrs=WRAP, empty_values=(), orderable=False)

    class Meta:
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        empty_text = "本旬没有应报的项目：项目自列入填报之日起报送，停工、暂缓和已投产的不报。"

    def __init__(self, *args, period: TenDayPeriod, door: Callable[[Unit | None, str], str], **kwargs):
        super().__init__(*args, **kwargs)
        self.door = (
            door  # the address of a unit's projects in the state “missing”, “handed_in”, “late”, or any: “”
        )
        self.caption = f"{period.full_words}各单位报送情况"

    def _figure(self, number: int, href: str, tone: str = "") -> str:
        return format_html('<a class="figure {}" href="{}">{}</a>', tone if number else "", href, number)

    def render_owed(self, value, record):
        return self._figure(value, self.door(record.unit, ""))

    def render_handed_in(self, value, record):
        return self._figure(value, self.door(record.unit, "handed_in"))

    def value_missing(self, record):
        return len(record.missing)

    def render_missing(self, record):
        return self._figure(len(record.missing), self.door(record.unit, "missing"), "late")

    def render_late(self, value, record):
        return self._figure(value, self.door(record.unit, "late"), "late")

    def value_projects(self, record):
        return "、".join(project.name for project in record.missing)

    def render_projects(self, record):
        shown = record.missing[:PROJECTS_SHOWN]
        if not shown:
            return "—"
        names = format_html_join(
            "、",
            '<a href="{}">{}</a>',
            ((reverse("project_detail", args=[project.code]), project.name) for project in shown),
        )
        rest = len(record.missing) - len(shown)
        if not rest:
            return format_html("<span>{}</span>", names)
        more = format_html('<a href="{}">另有 {} 个</a>', self.door(record.unit, "missing"), rest)
        return format_html("<span>{}、{}</span>", names, more)

    def value_people(self, record):
        if not record.missing:
            return ""
        words = (
            f"{person}{person.phone}" if record.shows_phones and person.phone else str(person)
            for person in record.people
        )
        return "、".join(words) or NO_REPORTER

    def render_people(self, record):
        if not record.missing:
            return "—"
        if not record.people:
            return format_html('<span class="late">{}</span>', NO_REPORTER)
        return format_html("<span>{}</span>", format_html_join("、", "{}", self._people(record)))

    def _people(self, record):
        for person in record.people:
            if record.shows_phones and person.phone:
                yield (
                    format_html(
                        '{} <a class="nowrap" href="tel:{}">{}</a>', person, person.phone, person.phone
                    ),
                )
            else:
                yield (str(person),)


class ReopeningTable(tables.Table):
    """Periods opened again, with project and author beside them."""

    period_ends_on = tables.Column(verbose_name="旬", attrs=NOWRAP)
    project = tables.Column(verbose_name="项目", order_by=("project__name",), attrs=WRAP, empty_values=())
    until_on = tables.Column(verbose_name="开放至", attrs=NOWRAP)
    status = tables.Column(verbose_name="状态", empty_values=(), orderable=False, attrs=NOWRAP)
    reason = tables.Column(verbose_name="原因", attrs=WRAP, orderable=False)
    made_by = tables.Column(verbose_name="登记人", attrs=NOWRAP)
    made_at = tables.Column(verbose_name="登记", attrs=NOWRAP)
    actions = tables.Column(
        verbose_name="办理", empty_values=(), orderable=False, attrs=NOWRAP, exclude_from_export=True
    )

    class Meta:
        model = PeriodReopening
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        fields: ClassVar = ()
        empty_text = "没有重新开放的旬。"

    def __init__(self, *args, today, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.today, self.user = today, user
        self.caption = "重新开放填报"

    def value_period_ends_on(self, record):
        return TenDayPeriod.ending_on(record.period_ends_on).label

    def render_period_ends_on(self, record):
        return self.value_period_ends_on(record)

    def value_project(self, record):
        return record.project.name if record.project else "全部项目"

    def render_project(self, record):
        if record.project is None:
            return "全部项目"
        address = reverse("project_detail", args=[record.project.code])
        return format_html('<a href="{}">{}</a>', address, record.project.name)

    def value_status(self, record):
        return "开放中" if record.is_open_on(self.today) else "已结束"

    def render_status(self, record):
        tone = "tag blue" if record.is_open_on(self.today) else "tag"
        return format_html('<span class="{}">{}</span>', tone, self.value_status(record))

    def render_until_on(self, value):
        return short_date(value, self.today)

    def value_made_at(self, record):
        return timezone.localdate(record.made_at)

    def render_made_at(self, record):
        return short_date(self.value_made_at(record), self.today)

    def render_actions(self, record):
        if not steps_of(record, self.user, self.today)["close"]:
            return ""
        address = reverse("reopening_close", args=[record.pk])
        return format_html('<a class="btn btn-sm" href="{}">提前关闭</a>', address)
