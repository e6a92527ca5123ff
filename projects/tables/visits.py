"""Site visits as a table (走访记录)."""

from typing import ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from projects.models import Project, SiteVisit
from projects.services.projects import visiting
from projects.templatetags.show import short_date

WRAP = {"td": {"class": "wrap"}}


class VisitTable(tables.Table):
    """Visits with project and official beside them and their attachments prefetched."""

    project = tables.Column(verbose_name="项目", order_by=("project__name",))
    visited_on = tables.Column(verbose_name="日期", attrs={"td": {"class": "nowrap"}})
    official = tables.Column(verbose_name="带队领导", order_by=("official__position",), default="—")
    findings = tables.Column(verbose_name="现场情况", attrs=WRAP, orderable=False)
    decisions = tables.Column(verbose_name="议定事项", attrs=WRAP, orderable=False)
    people = tables.Column(verbose_name="参加人员", orderable=False)
    photos = tables.Column(verbose_name="照片", empty_values=(), orderable=False)

    class Meta:
        model = SiteVisit
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        fields: ClassVar = ()
        empty_text = "还没有走访记录，可在项目页登记走访。"

    def __init__(self, *args, as_of, **kwargs):
        super().__init__(*args, **kwargs)
        self.as_of = as_of
        self.caption = "走访记录"

    def render_project(self, value):
        return format_html('<a href="{}">{}</a>', reverse("project_detail", args=[value.code]), value.name)

    def render_visited_on(self, value, record):
        return format_html(
            '<a href="{}">{}</a>', reverse("visit_detail", args=[record.pk]), short_date(value, self.as_of)
        )

    def value_photos(self, record):
        number = len(record.attachments.all())  # prefetched
        return f"{number}张" if number else None

    def render_photos(self, record):
        links = (
            (reverse("attachment", args=[file.pk]), number)
            for number, file in enumerate(record.attachments.all(), 1)
        )
        return format_html_join(" ", '<a href="{}">照片{}</a>', links)


class OwedVisitTable(tables.Table):
    """Projects whose sponsor owes a visit this month (本月待走访); `workable`: those the user works
    on, put there by the view for the page's rows."""

    name = tables.Column(verbose_name="项目", attrs=WRAP)
    sponsor = tables.Column(verbose_name="挂包领导", order_by=("sponsor__position", "sponsor__name"))
    visits_this_month = tables.Column(verbose_name="本月已走访（次）", attrs={"td": {"class": "num"}})
    log = tables.Column(verbose_name="登记", empty_values=(), orderable=False, exclude_from_export=True)

    class Meta:
        model = Project
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        fields: ClassVar = ()
        empty_text = "本月走访都已完成。"

    def __init__(self, *args, as_of, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.as_of, self.user = as_of, user
        self.workable: set[int] = set()
        self.caption = "本月待走访"

    def render_name(self, value, record):
        return format_html('<a href="{}">{}</a>', reverse("project_detail", args=[record.code]), value)

    def render_log(self, record):
        if not visiting(record, self.user, record.pk in self.workable):
            return ""
        return format_html(
            '<a class="btn btn-sm" href="{}">登记走访</a>', reverse("visit_create", args=[record.code])
        )
