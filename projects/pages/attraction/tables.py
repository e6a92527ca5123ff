"""Tables of leads, industry chains, indicators (招商、产业链)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from projects.figures.figures import FigureRow
from projects.models import IndustryChain, Lead, LeadStage
from projects.money import format_wan
from projects.templatetags.draw import rate_cell
from projects.templatetags.show import DASH, figure, gap, light, pct, plain, short_date, signed

# --- leads ----------------------------------------------------------------------------------------------

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


# --- chains ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ChainRow:
    """A chain with its year's figures (None without a listed project), leads and work; `doors` by figure key."""

    chain: IndustryChain
    row: FigureRow | None
    leads: int
    agreed: Decimal
    tasks: tuple[int, int, int]
    doors: dict[str, str]

    def value(self, key: str):
        return self.row[key] if self.row else 0

    @property
    def name(self) -> str:
        return self.chain.name

    @property
    def leader(self):
        return self.chain.chain_leader

    @property
    def anchor(self) -> str:
        return self.chain.anchor_enterprise

    @property
    def projects(self) -> int:
        return self.value("projects")

    @property
    def planned(self) -> Decimal:
        return self.value("planned_investment")

    @property
    def invested(self) -> Decimal:
        return self.value("invested_this_year")

    @property
    def completion(self):
        """Unrounded, so that the sort is of the rates themselves; below every rate where there is none."""
        ratio = self.row.investment_completion if self.row else None
        return -1 if ratio is None or ratio.value is None else ratio.value

    @property
    def late(self) -> int:
        return self.tasks[2]


class ChainTable(tables.Table):
    """Rows are ChainRow; counts and amounts are doors to the ledger and the leads."""

    name = tables.Column(verbose_name="产业链", attrs=WRAP)
    leader = tables.Column(verbose_name="链长", default="待明确")
    anchor = tables.Column(verbose_name="链主企业", attrs={"td": {"class": "brief"}}, default="待明确")
    projects = tables.Column(verbose_name="名单项目", attrs=NUMBER)
    planned = tables.Column(verbose_name="年度计划投资（万元）", attrs=NUMBER)
    invested = tables.Column(verbose_name="本年完成投资（万元）", attrs=NUMBER)
    completion = tables.Column(verbose_name="投资完成率", attrs=NUMBER)
    gap = tables.Column(verbose_name="与序时差距（百分点）", attrs=NUMBER, empty_values=(), orderable=False)
    leads = tables.Column(verbose_name="招商项目", attrs=NUMBER)
    agreed = tables.Column(verbose_name="约定投资额（万元）", attrs=NUMBER)
    late = tables.Column(verbose_name="年度任务", attrs={"td": {"class": "nowrap"}})

    class Meta:
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        empty_text = "还没有可以查看的产业链。"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.caption = "产业链清单"

    def render_name(self, value, record):
        return format_html('<a href="{}">{}</a>', reverse("chain_detail", args=[record.chain.pk]), value)

    def value_leader(self, record):
        return str(record.leader) if record.leader else "待明确"

    def render_projects(self, value, record):
        return figure("projects", value, href=record.doors["projects"])

    def render_planned(self, value, record):
        return figure("planned_investment", value, href=record.doors["planned_investment"])

    def render_invested(self, value, record):
        return figure("invested_this_year", value, href=record.doors["invested_this_year"])

    def value_completion(self, record):
        return record.row.investment_completion.words(record.row.places) if record.row else DASH

    def render_completion(self, record):
        return self.value_completion(record)

    def value_gap(self, record):
        return signed(record.row.schedule_gap_points) if record.row else DASH

    def render_gap(self, record):
        return self.value_gap(record)

    def render_leads(self, value, record):
        return figure("leads", value, href=record.doors["leads"])

    def render_agreed(self, value, record):
        return figure("agreed_investment", value, href=record.doors["agreed_investment"])

    def value_late(self, record):
        total, done, late = record.tasks
        if not total:
            return "未制定"
        return f"完成{done}/{total}" + (f"，逾期{late}" if late else "")

    def render_late(self, record):
        words = self.value_late(record)
        return format_html('<span class="late">{}</span>', words) if record.late else words


# --- chain projects -------------------------------------------------------------------------------------


class ChainProjectTable(tables.Table):
    """Rows of queries.chains.projects_of with lead_department; `project_lights` come from the view."""

    name = tables.Column(verbose_name="项目", attrs={"td": {"class": "wrap"}})
    segment_name = tables.Column(verbose_name="所在环节", default="待明确")
    lights = tables.Column(verbose_name="亮灯", empty_values=(), orderable=False)
    stage = tables.Column(verbose_name="阶段", empty_values=(), orderable=False)
    lead_department = tables.Column(
        verbose_name="推进部门",
        order_by=("lead_department__position", "lead_department__name"),
        default="待明确",
    )
    total_investment = tables.Column(verbose_name="总投资（万元）", attrs={"td": {"class": "num"}})

    class Meta:
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards free"}
        empty_text = "还没有项目归入本产业链。"

    def __init__(self, *args, as_of, **kwargs):
        super().__init__(*args, **kwargs)
        self.as_of, self.project_lights = as_of, {}
        self.caption = "产业链项目"

    def render_name(self, value, record):
        return format_html('<a href="{}">{}</a>', reverse("project_detail", args=[record.code]), value)

    def render_lights(self, record):
        found = self.project_lights.get(record.pk)
        return light(found.light, found.sentence) if found else ""

    def render_stage(self, record):
        return record.stage_on(self.as_of)

    def render_total_investment(self, value):
        return format_wan(value)


# --- indicators -----------------------------------------------------------------------------------------

INDICATOR_NUMBER = {"td": {"class": "num"}}


class IndicatorTable(tables.Table):
    """Rows are figures.indicators.IndicatorCard: the value in force on the day, against target, pace and city."""

    name = tables.Column(verbose_name="指标", attrs={"td": {"class": "wrap"}})
    unit = tables.Column(verbose_name="单位")
    target = tables.Column(verbose_name="年度任务", attrs=INDICATOR_NUMBER)
    value = tables.Column(verbose_name="累计完成", attrs=INDICATOR_NUMBER, default="未登记")
    completion = tables.Column(verbose_name="完成率", attrs=INDICATOR_NUMBER, orderable=False)
    gap = tables.Column(verbose_name="与序时", accessor="gap_points", attrs={"td": {"class": "nowrap"}})
    city_total = tables.Column(verbose_name="全市总量", attrs=INDICATOR_NUMBER)
    share = tables.Column(
        verbose_name="占全市", accessor="share_of_city", attrs=INDICATOR_NUMBER, orderable=False
    )
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
