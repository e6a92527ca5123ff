"""Sittings of the clinic as a table (项目诊所)."""

from typing import ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html

from projects.models import ClinicSession
from projects.templatetags.show import short_date
from projects.templatetags.states import state_tag

from .problems import NOWRAP, WRAP

NUM = {"td": {"class": "num"}}


class SessionTable(tables.Table):
    """Sittings with their units prefetched, `n_cases` and `n_discharged` counted beside them."""

    number = tables.Column(verbose_name="期号", order_by=("year", "number"), attrs=NOWRAP)
    held_on = tables.Column(verbose_name="会诊日期", attrs=NOWRAP)
    place = tables.Column(verbose_name="地点", orderable=False)
    chair = tables.Column(verbose_name="主持人", orderable=False)
    units = tables.Column(verbose_name="会诊单位", orderable=False, empty_values=(), attrs=WRAP)
    n_cases = tables.Column(verbose_name="病例", attrs=NUM)
    n_discharged = tables.Column(verbose_name="已出院", attrs=NUM)
    state = tables.Column(verbose_name="状态")

    class Meta:
        model = ClinicSession
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        fields: ClassVar = ()
        empty_text = "还没有会诊。"

    def __init__(self, *args, as_of, **kwargs):
        super().__init__(*args, **kwargs)
        self.as_of = as_of
        self.caption = "项目诊所会诊"

    def value_number(self, record):
        return f"{record.year}年第{record.number}期"

    def render_number(self, record):
        return format_html(
            '<a href="{}">{}</a>', reverse("clinic_detail", args=[record.pk]), self.value_number(record)
        )

    def render_held_on(self, value):
        return short_date(value, self.as_of)

    def render_units(self, record):
        return "、".join(str(unit) for unit in record.units.all())

    value_units = render_units

    def render_state(self, record):
        return state_tag(record)
