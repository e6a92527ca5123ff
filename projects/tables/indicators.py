"""The yearly indicators as a table (指标完成情况)."""

from typing import ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html

from projects.templatetags.draw import rate_cell
from projects.templatetags.show import DASH, gap, pct, plain, short_date

NUMBER = {"td": {"class": "num"}}


class IndicatorTable(tables.Table):
    """Rows are measures.indicators.IndicatorCard: the value in force on the day, against target, pace and city."""

    name = tables.Column(verbose_name="指标", attrs={"td": {"class": "wrap"}})
    unit = tables.Column(verbose_name="单位")
    target = tables.Column(verbose_name="年度任务", attrs=NUMBER)
    value = tables.Column(verbose_name="累计完成", attrs=NUMBER, default="未登记")
    completion = tables.Column(verbose_name="完成率", attrs=NUMBER, orderable=False)
    gap = tables.Column(verbose_name="与序时", accessor="gap_points", attrs={"td": {"class": "nowrap"}})
    city_total = tables.Column(verbose_name="全市总量", attrs=NUMBER)
    share = tables.Column(verbose_name="占全市", accessor="share_of_city", attrs=NUMBER, orderable=False)
    as_of_on = tables.Column(verbose_name="截至", attrs={"td": {"class": "nowrap"}})

    class Meta:
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        empty_text = "该年度还没有指标。由发改局统筹在“管理—指标”中下达，或随台账导入。"

    def __init__(self, *args, as_of, **kwargs):
        super().__init__(*args, **kwargs)
        self.as_of = as_of
        self.caption = "指标完成情况"

    def render_name(self, value, record):
        address = f"{reverse('indicator_detail', args=[record.pk])}?as_of={self.as_of.isoformat()}"
        return format_html('<a href="{}">{}</a>', address, value)

    def render_target(self, value):
        return plain(value)

    def render_value(self, value):
        return plain(value)

    def render_city_total(self, value):
        return plain(value)

    def value_completion(self, record):
        return pct(record.completion) if record.value is not None else DASH

    def render_completion(self, record):
        return rate_cell(record.completion, record.pro_rata) if record.value is not None else DASH

    def value_gap(self, record):
        return gap(record.gap_points)

    def render_gap(self, record):
        return gap(record.gap_points)

    def value_share(self, record):
        return pct(record.share_of_city)

    def render_share(self, record):
        return pct(record.share_of_city)

    def render_as_of_on(self, value):
        return short_date(value, self.as_of)
