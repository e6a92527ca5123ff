"""The investment leads as a table (招商项目清单), and the tag of a stage."""

from typing import ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from projects.models import Lead, LeadStage
from projects.money import format_wan
from projects.templatetags.show import short_date

WRAP = {"td": {"class": "wrap"}}
NOWRAP = {"td": {"class": "nowrap"}}
BRIEF = {"td": {"class": "brief"}}
NUMBER = {"td": {"class": "num fold-head"}}
TONES = {LeadStage.TALKING: "tag waiting", LeadStage.SIGNED: "tag blue", LeadStage.LANDED: "tag blue"}


def stage_tag(stage: str) -> SafeString:
    """A lead's stage as a tag: words, never colour alone."""
    return format_html('<span class="{}">{}</span>', TONES.get(stage, "tag"), LeadStage(stage).label)


class LeadTable(tables.Table):
    """Rows of queries.leads.leads_seen_by; `total` is what the filtered leads agreed (万元)."""

    name = tables.Column(verbose_name="招商项目", attrs=WRAP, footer="约定投资额合计")
    stage = tables.Column(verbose_name="阶段", order_by=("stage", "stage_on"), attrs=NOWRAP)
    stage_on = tables.Column(verbose_name="阶段日期", attrs=NOWRAP)
    investor = tables.Column(verbose_name="投资方", attrs=WRAP)
    origin = tables.Column(verbose_name="资金来源地")
    agreed_investment = tables.Column(
        verbose_name="约定投资额（万元）", attrs=NUMBER, footer=lambda table: format_wan(table.total)
    )
    sector = tables.Column(verbose_name="所属行业", attrs=BRIEF)
    industry_chain = tables.Column(
        verbose_name="产业链", order_by=("industry_chain__position", "segment__tier"), attrs=BRIEF
    )
    unit = tables.Column(verbose_name="责任单位", order_by=("unit__position", "unit__name"), attrs=BRIEF)
    project = tables.Column(verbose_name="转为项目", order_by=("project__code",), attrs=BRIEF)

    class Meta:
        model = Lead
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        fields: ClassVar = ()
        empty_text = "没有符合条件的招商项目。"

    def __init__(self, *args, as_of, total, **kwargs):
        super().__init__(*args, **kwargs)
        self.as_of, self.total = as_of, total
        self.caption = "招商项目清单"

    def render_name(self, value, record):
        return format_html('<a href="{}">{}</a>', reverse("lead_detail", args=[record.pk]), value)

    def render_stage(self, value):
        return stage_tag(value)

    def value_stage(self, record):
        return LeadStage(record.stage).label

    def render_stage_on(self, value):
        return short_date(value, self.as_of)

    def render_agreed_investment(self, value):
        return format_wan(value)

    def value_industry_chain(self, record):
        return " · ".join(str(part) for part in (record.industry_chain, record.segment) if part)

    def render_industry_chain(self, record):
        return self.value_industry_chain(record)

    def render_project(self, value):
        return format_html('<a href="{}">{}</a>', reverse("project_detail", args=[value.code]), value.name)
