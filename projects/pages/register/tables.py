"""Tables of projects, their six slots, duties, hand-overs and states (项目台账、六个一)."""

from functools import partial
from typing import ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from projects.figures.definitions import RATES
from projects.figures.population import Scope
from projects.models import Project, ProjectMember, ProjectStage
from projects.money import format_wan
from projects.queries.register.responsibilities import changes_in, holder_of, people_words
from projects.queries.register.six_slots import SLOTS, SlotsOfDay, is_filled
from projects.queries.register.stages import stage_reached
from projects.rules import Light
from projects.templatetags.show import due, light, six_mini

# --- projects -------------------------------------------------------------------------------------------

NUMBER = {"td": {"class": "num fold-head"}}
BRIEF = {"td": {"class": "brief"}}
WRAP = {"td": {"class": "wrap"}}
COMPLETION = RATES["investment_completion"]
DESKTOP = {"td": {"class": "brief hide-phone"}}  # a phone shows what decides, the project page the rest


class ProjectTable(tables.Table):
    """Rows of queries.ledger.ledger; `lights` are those of the page's rows, put there by the view."""

    name = tables.Column(
        verbose_name="项目名称", attrs=WRAP, footer=lambda table: f"合计 {table.sums['n']:,} 个"
    )
    lights = tables.Column(verbose_name="亮灯", empty_values=(), orderable=False)
    lists = tables.Column(verbose_name="名单", empty_values=(), orderable=False, attrs=DESKTOP)
    stage = tables.Column(
        verbose_name="类别与阶段", empty_values=(), order_by="category", attrs={"td": {"class": "hide-phone"}}
    )
    sponsor = tables.Column(
        verbose_name="挂包领导", order_by=("sponsor__position", "sponsor__name"), attrs=DESKTOP
    )
    lead_department = tables.Column(
        verbose_name="推进部门", attrs=BRIEF, order_by=("lead_department__position", "lead_department__name")
    )
    host_district = tables.Column(
        verbose_name="属地", order_by=("host_district__position", "host_district__name")
    )
    planned = tables.Column(
        verbose_name="年度计划投资（万元）",
        attrs=NUMBER,
        footer=lambda table: format_wan(table.sums["planned"]),
    )
    invested = tables.Column(
        verbose_name="本年完成投资（万元）",
        attrs=NUMBER,
        footer=lambda table: format_wan(table.sums["invested"]),
    )
    completion = tables.Column(
        verbose_name="完成率",
        attrs=NUMBER | {"meaning": COMPLETION.key},
        empty_values=(),
        footer=lambda table: COMPLETION.over(table.sums["invested"], table.sums["planned"]).words(),
    )
    next_milestone = tables.Column(
        verbose_name="下一节点", empty_values=(), order_by="next_milestone_due_on", attrs=BRIEF
    )
    # by choice
    code = tables.Column(verbose_name="项目代码")
    developer = tables.Column(verbose_name="建设单位", attrs=WRAP)
    industry_chain = tables.Column(verbose_name="产业链")
    total_investment = tables.Column(verbose_name="总投资（万元）", attrs=NUMBER)
    started_on = tables.DateColumn(verbose_name="实际开工", format="Y-m-d")
    in_production_on = tables.DateColumn(verbose_name="投产日期", format="Y-m-d")
    physical_progress = tables.Column(verbose_name="形象进度", attrs=WRAP)

    OPTIONAL: ClassVar = (
        "code developer industry_chain total_investment started_on in_production_on physical_progress".split()
    )

    export_heads: ClassVar = {"completion": "完成率（%）"}
    export_widths: ClassVar = {"lights": 34, "code": 26}  # a light brings its sentence along

    class Meta:
        model = Project
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        fields: ClassVar = ()
        empty_text = "没有符合条件的项目。可放宽筛选条件，或点“重置”。"

    def __init__(self, *args, as_of, sums, **kwargs):
        super().__init__(*args, **kwargs)
        self.as_of = as_of
        self.sums = sums
        self.project_lights = {}
        self.caption = "项目台账"

    def render_name(self, value, record):
        return format_html('<a href="{}">{}</a>', reverse("project_detail", args=[record.code]), value)

    def value_lights(self, record):
        found = self.project_lights.get(record.pk)
        return f"{found.light.words}：{found.sentence}" if found else None

    def render_lights(self, record):
        found = self.project_lights.get(record.pk)
        return light(found.light, found.sentence) if found else ""

    def value_lists(self, record):
        return "、".join(listing.annual_list.kind.name for listing in record.listings_of_year)

    def render_lists(self, record):
        return self.value_lists(record)

    def value_stage(self, record):
        stage = record.stage_on(self.as_of)
        return f"{ProjectStage(record.category).label}·{stage}" if record.category else stage

    def render_stage(self, record):
        return self.value_stage(record)

    def render_planned(self, value):
        return format_wan(value)

    render_invested = render_total_investment = render_planned

    def value_completion(self, record):
        return COMPLETION.over(record.invested, record.planned).percent()

    def render_completion(self, record):
        return COMPLETION.over(record.invested, record.planned).words()

    def value_next_milestone(self, record):
        if not record.next_milestone:
            return None
        return f"{record.next_milestone}（{record.next_milestone_due_on or '未定'}）"

    def render_next_milestone(self, record):
        if not record.next_milestone:
            return ""
        return format_html("{}<br>{}", record.next_milestone, due(record.next_milestone_due_on, self.as_of))


class PublishedProjectTable(ProjectTable):
    """The ledger as published (发布时): rows of queries.ledger.published_ledger, what was not published left out."""

    sponsor = tables.Column(verbose_name="挂包领导", accessor="published_sponsor", attrs=DESKTOP)
    lead_department = tables.Column(
        verbose_name="推进部门", accessor="published_lead_department", attrs=BRIEF
    )
    host_district = tables.Column(verbose_name="属地", accessor="published_host_district")
    industry_chain = tables.Column(verbose_name="产业链", accessor="published_industry_chain")
    total_investment = tables.Column(
        verbose_name="总投资（万元）", accessor="published_total_investment", attrs=NUMBER
    )
    started_on = tables.DateColumn(verbose_name="实际开工", accessor="published_started_on", format="Y-m-d")
    completed_on = tables.DateColumn(
        verbose_name="竣工日期", accessor="published_completed_on", format="Y-m-d"
    )
    in_production_on = tables.DateColumn(
        verbose_name="投产日期", accessor="published_in_production_on", format="Y-m-d"
    )
    entered_statistics_on = tables.DateColumn(
        verbose_name="纳统日期", accessor="published_entered_statistics_on", format="Y-m-d"
    )
    next_milestone = physical_progress = None

    OPTIONAL: ClassVar = (
        "code developer industry_chain total_investment started_on completed_on in_production_on"
        " entered_statistics_on"
    ).split()

    class Meta(ProjectTable.Meta):
        pass

    def value_lights(self, record):
        return Light(record.published_light).words

    def render_lights(self, record):
        return light(record.published_light)

    def value_stage(self, record):
        stage = stage_reached(
            record.published_started_on, record.published_completed_on, record.published_in_production_on
        )
        return f"{ProjectStage(record.category).label}·{stage}"


def table_of_reading(scope: Scope) -> type[ProjectTable]:
    """The ledger's table for a scope: as published where it is."""
    return ProjectTable if scope.publication is None else PublishedProjectTable


# --- slots ----------------------------------------------------------------------------------------------

NOWRAP = {"td": {"class": "nowrap"}}
WANTED = "待明确"
KINDS = {
    "officers": (ProjectMember.Kind.SERVICE_OFFICER,),
    "supporting": (ProjectMember.Kind.SUPPORTING_UNIT,),
    "contacts": (ProjectMember.Kind.REPRESENTATIVE, ProjectMember.Kind.ENTERPRISE_CONTACT),
}


class SaidColumn(tables.Column):
    """A cell drawn by the table's `cell(record, column)`, so that the columns of one kind share one method."""

    def __init__(self, head: str, attrs=BRIEF):
        super().__init__(verbose_name=head, orderable=False, empty_values=(), accessor="pk", attrs=attrs)

    def render(self, record, bound_column, table):
        return table.cell(record, bound_column.name)


class OfDayTable(tables.Table):
    """Rows of queries.duties.duty_rows; `slots` is the day's question. A file says `words` where the page draws `cell`."""

    name = tables.Column(verbose_name="项目名称", attrs=WRAP)

    class Meta:
        model = Project
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        fields: ClassVar = ()
        empty_text = "没有符合条件的项目。"

    def __init__(self, *args, slots: SlotsOfDay, **kwargs):
        super().__init__(*args, **kwargs)
        self.slots = slots
        for name, column in self.base_columns.items():
            if isinstance(column, SaidColumn):
                setattr(self, f"value_{name}", partial(self.words, column=name))

    def render_name(self, value, record):
        return format_html('<a href="{}">{}</a>', reverse("project_detail", args=[record.code]), value)

    def words(self, record: Project, column: str) -> str:
        """What fills a slot, or what is wanted."""
        if column == "plan":
            return f"第{record.plan_number}版" if record.plan_then else "待编制"
        if column == "followed":
            return f"{self.slots.last_due.words}缺报" if record.report_missing else "旬报正常"
        return str(holder_of(record, column) or WANTED)


class SlotTable(OfDayTable):
    """Projects × six: each slot filled (●) or wanted (○) in words; a gap leads to its form for whoever may fill it."""

    gaps = tables.Column(verbose_name="六个一", order_by=("gaps", "code"), attrs=NOWRAP)
    sponsor = SaidColumn("挂包领导")
    lead_department = SaidColumn("推进部门")
    host_district = SaidColumn("属地保障")
    plan = SaidColumn("推进方案")
    followed = SaidColumn("一抓到底")

    caption = "六个一"

    class Meta(OfDayTable.Meta):
        pass  # django-tables2 does not inherit it by itself

    def __init__(self, *args, fill, **kwargs):
        super().__init__(*args, **kwargs)
        self.fill = fill

    def cell(self, record: Project, column: str):
        words = self.words(record, column)
        if is_filled(record, column):
            return format_html('<span class="slot-mark"><i aria-hidden="true">●</i>{}</span>', words)
        gap = format_html('<span class="slot-mark gap"><i aria-hidden="true">○</i>{}</span>', words)
        href = self.fill(record, column)
        return format_html('<a href="{}" title="去补齐">{}</a>', href, gap) if href else gap

    def render_gaps(self, value):
        return format_html("{} {}", six_mini(len(SLOTS) - value), self._gap_words(value))

    def value_gaps(self, record):
        return self._gap_words(record.gaps)

    @staticmethod
    def _gap_words(gaps: int) -> str:
        return f"缺{gaps}项" if gaps else "齐全"


class ResponsibilityTable(OfDayTable):
    """Who answers and how to reach them, with the year's hand-overs (责任清单)."""

    stage = SaidColumn("阶段", NOWRAP)
    sponsor = SaidColumn("挂包领导")
    lead_department = SaidColumn("推进部门")
    host_district = SaidColumn("属地保障")
    plan = SaidColumn("推进方案", NOWRAP)
    followed = SaidColumn("一抓到底", NOWRAP)
    officers = SaidColumn("服务专员")
    supporting = SaidColumn("协办单位")
    contacts = SaidColumn("项目代表、企业联系人")
    changes = SaidColumn("本年交接", WRAP)

    caption = "责任清单"

    class Meta(OfDayTable.Meta):
        pass

    def lines(self, record: Project, column: str) -> list[str]:
        """The lines of a cell: holder, post and phone; further people; changes of the year."""
        if column == "stage":
            return [record.stage_on(self.slots.day)]
        if column == "changes":
            return changes_in(record, self.slots.day.year)
        if column in KINDS:
            return [words for kind in KINDS[column] for words in people_words(record, kind)]
        holder = None if column in {"plan", "followed"} else holder_of(record, column)
        if holder is None:
            return [super().words(record, column)]
        lines = [str(holder), getattr(holder, "post", ""), holder.phone if record.shows_phones else ""]
        return [line for line in lines if line]

    def words(self, record: Project, column: str) -> str:
        return ("；" if column in {*KINDS, "changes"} else " ").join(self.lines(record, column))

    def cell(self, record: Project, column: str):
        if column in SLOTS and not is_filled(record, column):
            return format_html('<span class="late">{}</span>', self.words(record, column))
        lines = self.lines(record, column)
        return format_html_join("", "<div>{}</div>", ((line,) for line in lines))
