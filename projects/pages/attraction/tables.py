"""Tables of leads, industry chains, indicators (招商、产业链)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from projects.figures.figures import FigureRow
from projects.figures.indicators import IndicatorCard
from projects.figures.lights.judging import ProjectLight
from projects.models import IndustryChain, Lead, LeadStage, Official, Project
from projects.money import format_wan
from projects.templatetags.draw import rate_cell
from projects.templatetags.show import DASH, figure, gap, gap_signed, light, pct, plain

from ..base.columns import (
    BRIEF,
    FIGURE,
    NOWRAP,
    NUMBER,
    WRAP,
    AmountColumn,
    DayColumn,
    HouseTable,
    LinkColumn,
    ProjectColumn,
    UnitColumn,
    WordsColumn,
)

# --- leads ----------------------------------------------------------------------------------------------

TONES = {LeadStage.TALKING: "tag waiting", LeadStage.SIGNED: "tag blue", LeadStage.LANDED: "tag blue"}


def stage_tag(stage: str) -> SafeString:
    """A lead's stage as a tag: words, never colour alone."""
    return format_html(
        '<span class="{}">{}</span>', TONES.get(LeadStage(stage), "tag"), LeadStage(stage).label
    )


class LeadTable(HouseTable):
    """Rows of queries.leads.leads_seen_by; `total` is what the filtered leads agreed (万元)."""

    title = "招商项目清单"
    total: Decimal
    name = LinkColumn("招商项目", "lead_detail", footer="约定投资额合计")
    stage = tables.Column(verbose_name="阶段", order_by=("stage", "stage_on"), attrs=NOWRAP)
    stage_on = DayColumn("阶段日期")
    investor = tables.Column(verbose_name="投资方", attrs=WRAP)
    origin = tables.Column(verbose_name="资金来源地")
    agreed_investment = AmountColumn(
        "约定投资额（万元）", attrs=FIGURE, footer=lambda table: format_wan(table.total)
    )
    sector = tables.Column(verbose_name="所属行业", attrs=BRIEF)
    industry_chain = tables.Column(
        verbose_name="产业链", order_by=("industry_chain__position", "segment__tier"), attrs=BRIEF
    )
    unit = UnitColumn("责任单位", "unit", attrs=BRIEF)
    project = ProjectColumn("转为项目", order_by=("project__code",), attrs=BRIEF)

    class Meta(HouseTable.Meta):
        model = Lead
        empty_text = "没有符合条件的招商项目。"

    def render_stage(self, value: str) -> SafeString:
        return stage_tag(value)

    def value_stage(self, record: Any) -> str:
        return LeadStage(record.stage).label

    def value_industry_chain(self, record: Lead) -> str:
        return " · ".join(str(part) for part in (record.industry_chain, record.segment) if part)

    render_industry_chain = value_industry_chain


# --- chains ---------------------------------------------------------------------------------------------


NO_FIGURES = dict.fromkeys(("projects", "planned_investment", "invested_this_year"), 0)


@dataclass(frozen=True)
class ChainRow:
    """A chain with its year's figures (None without a listed project), leads and work; `doors` by figure key."""

    chain: IndustryChain
    row: FigureRow | None
    leads: int
    agreed: Decimal
    tasks: tuple[int, int, int]
    doors: dict[str, str]

    @property
    def pk(self) -> int:
        return self.chain.pk

    @property
    def name(self) -> str:
        return self.chain.name

    @property
    def leader(self) -> Official | None:
        return self.chain.chain_leader

    @property
    def anchor(self) -> str:
        return self.chain.anchor_enterprise

    @property
    def values(self) -> Mapping[str, Any]:
        return self.row.values if self.row else NO_FIGURES

    @property
    def completion(self) -> Any:
        """Unrounded, so that the sort is of the rates themselves; below every rate where there is none."""
        ratio = self.row.investment_completion if self.row else None
        return -1 if ratio is None or ratio.value is None else ratio.value

    @property
    def late(self) -> int:
        return self.tasks[2]


class DoorColumn(tables.Column):
    """A figure of the row that opens what it counts: `record.doors` by its key."""

    def __init__(self, verbose_name: str, key: str, **kwargs: Any) -> None:
        super().__init__(verbose_name=verbose_name, attrs=FIGURE, **kwargs)
        self.key = key

    def render(self, value: Any, record: Any) -> SafeString:
        return figure(self.key, value, href=record.doors[self.key])


class ChainTable(HouseTable):
    """Rows are ChainRow; counts and amounts are doors to the ledger and the leads."""

    title = "产业链清单"
    name = LinkColumn("产业链", "chain_detail")
    leader = tables.Column(verbose_name="链长", default="待明确")
    anchor = tables.Column(verbose_name="链主企业", attrs=BRIEF, default="待明确")
    projects = DoorColumn("名单项目", "projects", accessor="values__projects")
    planned = DoorColumn("年度计划投资（万元）", "planned_investment", accessor="values__planned_investment")
    invested = DoorColumn("本年完成投资（万元）", "invested_this_year", accessor="values__invested_this_year")
    completion = WordsColumn("投资完成率", attrs=FIGURE)
    gap = WordsColumn("与序时差距（百分点）", attrs=FIGURE, orderable=False)
    leads = DoorColumn("招商项目", "leads")
    agreed = DoorColumn("约定投资额（万元）", "agreed_investment")
    late = tables.Column(verbose_name="年度任务", attrs=NOWRAP)

    class Meta(HouseTable.Meta):
        empty_text = "还没有可以查看的产业链。"

    def value_completion(self, record: ChainRow) -> str:
        return record.row.investment_completion.words(record.row.places) if record.row else DASH

    def value_gap(self, record: ChainRow) -> str:
        return gap_signed(record.row) if record.row else DASH

    def value_late(self, record: ChainRow) -> str:
        total, done, late = record.tasks
        if not total:
            return "未制定"
        return f"完成{done}/{total}" + (f"，逾期{late}" if late else "")

    def render_late(self, record: ChainRow) -> str | SafeString:
        words = self.value_late(record)
        return format_html('<span class="late">{}</span>', words) if record.late else words


# --- chain projects -------------------------------------------------------------------------------------


class ChainProjectTable(HouseTable):
    """Rows of queries.chains.projects_of with lead_department; `project_lights` come from the view."""

    title = "产业链项目"
    project_lights: dict[int, ProjectLight]
    name = ProjectColumn(accessor="name")
    segment_name = tables.Column(verbose_name="所在环节", default="待明确")
    lights = tables.Column(verbose_name="亮灯", empty_values=(), orderable=False)
    stage = tables.Column(verbose_name="阶段", empty_values=(), orderable=False)
    lead_department = UnitColumn("推进部门", "lead_department")
    total_investment = AmountColumn("总投资（万元）")

    class Meta(HouseTable.Meta):
        attrs: ClassVar = {"class": "cards free"}
        empty_text = "还没有项目归入本产业链。"

    def render_lights(self, record: Project) -> SafeString | str:
        found = self.project_lights.get(record.pk)
        return light(found.light, found.sentence) if found else ""

    def render_stage(self, record: Project) -> str:
        return record.stage_on(self.as_of)


# --- indicators -----------------------------------------------------------------------------------------


class PlainColumn(tables.Column):
    """A number in the indicator's own unit, without needless places."""

    def __init__(self, verbose_name: str, **kwargs: Any) -> None:
        super().__init__(verbose_name=verbose_name, attrs=NUMBER, **kwargs)

    def render(self, value: Decimal) -> str:
        return plain(value)


class IndicatorTable(HouseTable):
    """Rows are figures.indicators.IndicatorCard: the value in force on the day, against target, pace and city."""

    title = "指标完成情况"
    name = tables.Column(verbose_name="指标", attrs=WRAP)
    unit = tables.Column(verbose_name="单位")
    target = PlainColumn("年度任务", default=DASH)
    value = PlainColumn("累计完成", default="未登记")
    completion = tables.Column(verbose_name="完成率", attrs=NUMBER, orderable=False)
    gap = tables.Column(verbose_name="与序时", accessor="gap_points", attrs=NOWRAP)
    last_year = PlainColumn("上年同期", default=DASH)
    growth = tables.Column(verbose_name="同比", accessor="growth_words", attrs=NUMBER, orderable=False)
    city_total = PlainColumn("全市总量")
    share = tables.Column(verbose_name="占全市", accessor="share_of_city", attrs=NUMBER, orderable=False)
    as_of_on = DayColumn("截至")

    class Meta(HouseTable.Meta):
        empty_text = "该年度还没有指标。由发改局统筹在“管理—指标”中下达，或随台账导入。"

    def render_name(self, value: str, record: IndicatorCard) -> SafeString:
        address = f"{reverse('indicator_detail', args=[record.pk])}?as_of={self.as_of.isoformat()}"
        return format_html('<a href="{}">{}</a>', address, value)

    def value_completion(self, record: IndicatorCard) -> str:
        return pct(record.completion) if record.value is not None else DASH

    def render_completion(self, record: IndicatorCard) -> SafeString | str:
        return rate_cell(record.completion, record.pro_rata) if record.value is not None else DASH

    def value_gap(self, record: IndicatorCard) -> str:
        return gap(record.gap_points)

    render_gap = value_gap

    def value_share(self, record: IndicatorCard) -> str:
        return pct(record.share_of_city)

    render_share = value_share
