"""The permit list as a table (许可清单), and the words of a validity."""

from typing import ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html

from projects.models import Permit, Validity
from projects.periods import due_words
from projects.templatetags.permits import validity
from projects.templatetags.show import short_date

WRAP = {"td": {"class": "wrap"}}
NOWRAP = {"td": {"class": "nowrap"}}


class PermitTable(tables.Table):
    """Permits with project, its lead department and kind beside them, annotated with their validity on `as_of`."""

    number = tables.Column(verbose_name="文号（证号）", attrs=WRAP)
    kind = tables.Column(verbose_name="许可种类", order_by=("kind__position", "pk"))
    project = tables.Column(verbose_name="项目", order_by=("project__name",), attrs=WRAP)
    issued_on = tables.Column(verbose_name="发证日期", attrs=NOWRAP)
    valid_until_on = tables.Column(verbose_name="有效期至", default="长期", attrs=NOWRAP)
    validity = tables.Column(verbose_name="效力", order_by=("valid_until_on", "pk"), attrs=NOWRAP)
    unit = tables.Column(
        verbose_name="推进部门",
        accessor="project__lead_department",
        order_by=("project__lead_department__position", "project__lead_department__name"),
        default="待明确",
    )
    issued_by = tables.Column(verbose_name="发证机关")

    class Meta:
        model = Permit
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        fields: ClassVar = ()
        empty_text = "没有符合条件的许可。"

    def __init__(self, *args, as_of, **kwargs):
        super().__init__(*args, **kwargs)
        self.as_of = as_of
        self.caption = "许可清单"

    def render_number(self, value, record):
        return format_html('<a href="{}">{}</a>', reverse("permit_detail", args=[record.pk]), value)

    def render_project(self, value):
        return format_html('<a href="{}">{}</a>', reverse("project_detail", args=[value.code]), value.name)

    def render_issued_on(self, value):
        return short_date(value, self.as_of)

    def render_valid_until_on(self, value):
        return short_date(value, self.as_of)

    def value_validity(self, record):
        words = Validity(record.validity).label
        if record.validity in {Validity.RUNNING, Validity.LAPSED}:
            return f"{words}，{due_words(record.valid_until_on, self.as_of)}"
        return words

    def render_validity(self, record):
        return validity(record, self.as_of)
