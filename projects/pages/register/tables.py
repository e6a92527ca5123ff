"""Tables of projects, their six slots, duties, hand-overs and states (项目台账、六个一)."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, ClassVar

import django_tables2 as tables
from django.db.models import QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from projects.figures.definitions import RATES
from projects.figures.lights.judging import ProjectLight
from projects.figures.population import Scope
from projects.models import FurtherField, Handover, Project, ProjectMember, ProjectStage
from projects.money import format_wan
from projects.queries.register.ledger import in_office_order
from projects.queries.register.responsibilities import changes_in, holder_of, people_words
from projects.queries.register.six_slots import SLOTS, SlotsOfDay, is_filled
from projects.queries.register.stages import stage_reached
from projects.rules import Light
from projects.templatetags.show import DASH, due, light, six_mini

from ..base.columns import (
    BRIEF,
    FIGURE,
    NOWRAP,
    WRAP,
    AmountColumn,
    HouseTable,
    ProjectColumn,
    WordsColumn,
)

# --- projects -------------------------------------------------------------------------------------------

COMPLETION = RATES["investment_completion"]
DESKTOP = {"td": {"class": "brief hide-phone"}}  # a phone shows what decides, the project page the rest


class HolderColumn(tables.Column):
    """Who held a slot on the table's day, in the office's order."""

    def __init__(self, head: str, slot: Handover.Slot, **kwargs: Any) -> None:
        self.slot = slot
        super().__init__(verbose_name=head, accessor=f"{slot.value}_words", default=DASH, **kwargs)

    def order_on(self, rows: QuerySet[Any], is_descending: bool, day: date) -> tuple[QuerySet[Any], bool]:
        """What the table asks as `order_…`: the rows, and that they are ordered."""
        return in_office_order(rows, self.slot, day, is_descending=is_descending), True


class FurtherColumn(tables.Column):
    """One of the office's own columns (自定义字段), as the project keeps it."""

    def __init__(self, field: FurtherField) -> None:
        self.further = field
        super().__init__(
            verbose_name=field.name, accessor="extra", default=DASH, orderable=False, attrs=BRIEF
        )

    def render(self, value: Any) -> str:
        return str(value.get(self.further.name) or DASH)

    def value(self, value: Any) -> Any:
        return value.get(self.further.name)


class ProjectTable(HouseTable):
    """Rows of queries.ledger.ledger and their `sums`; `project_lights` are those of the page's rows, put there by the view."""

    title = "项目台账"

    name = ProjectColumn("项目名称", accessor="name", footer=lambda table: f"合计 {table.sums['n']:,} 个")
    lights = tables.Column(verbose_name="亮灯", empty_values=(), orderable=False)
    lists = WordsColumn("名单", orderable=False, attrs=DESKTOP)
    stage = WordsColumn("类别与阶段", order_by="category", attrs={"td": {"class": "hide-phone"}})
    sponsor = HolderColumn("挂包领导", Handover.Slot.SPONSOR, attrs=DESKTOP)
    lead_department = HolderColumn("推进部门", Handover.Slot.LEAD_DEPARTMENT, attrs=BRIEF)
    host_district = HolderColumn("属地", Handover.Slot.HOST_DISTRICT)
    planned = AmountColumn(
        "年度计划投资（万元）", attrs=FIGURE, footer=lambda table: format_wan(table.sums["planned"])
    )
    invested = AmountColumn(
        "本年完成投资（万元）", attrs=FIGURE, footer=lambda table: format_wan(table.sums["invested"])
    )
    completion = tables.Column(
        verbose_name="完成率",
        attrs=FIGURE | {"meaning": COMPLETION.key},
        empty_values=(),
        footer=lambda table: COMPLETION.over(table.sums["invested"], table.sums["planned"]).words(),
    )
    next_milestone = tables.Column(
        verbose_name="下一节点", empty_values=(), order_by="next_milestone_due_on", attrs=BRIEF
    )
    # by choice
    code = tables.Column(verbose_name="项目代码")
    developer = tables.Column(verbose_name="建设单位", attrs=WRAP)
    industry_chain = tables.Column(verbose_name="产业链", accessor="chain_words")
    total_investment = AmountColumn("总投资（万元）", accessor="total", attrs=FIGURE)
    started_on = tables.DateColumn(verbose_name="实际开工", format="Y-m-d")
    in_production_on = tables.DateColumn(verbose_name="投产日期", format="Y-m-d")
    physical_progress = tables.Column(verbose_name="形象进度", attrs=WRAP)

    OPTIONAL: ClassVar = (
        "code developer industry_chain total_investment started_on in_production_on physical_progress".split()
    )

    export_heads: ClassVar = {"completion": "完成率（%）"}
    export_widths: ClassVar = {"lights": 34, "code": 26}  # a light brings its sentence along

    class Meta(HouseTable.Meta):
        model = Project
        empty_text = "没有符合条件的项目。可放宽筛选条件，或点“重置”。"

    def __init__(self, *args: Any, as_of: date, sums: dict[str, int | Decimal], **kwargs: Any) -> None:
        for name, column in self.base_columns.items():
            if isinstance(column, HolderColumn):
                setattr(self, f"order_{name}", partial(column.order_on, day=as_of))
        super().__init__(*args, as_of=as_of, **kwargs)
        self.sums = sums
        self.project_lights: dict[int, ProjectLight] = {}

    def value_lights(self, record: Any) -> str | None:
        found = self.project_lights.get(record.pk)
        return f"{found.light.words}：{found.sentence}" if found else None

    def render_lights(self, record: Any) -> str | SafeString:
        found = self.project_lights.get(record.pk)
        return light(found.light, found.sentence) if found else ""

    def value_lists(self, record: Any) -> str:
        return "、".join(listing.annual_list.kind.name for listing in record.listings_of_year)

    def value_stage(self, record: Any) -> str:
        stage = record.stage_on(self.as_of)
        return f"{ProjectStage(record.category).label}·{stage}" if record.category else stage

    def value_completion(self, record: Any) -> Decimal | None:
        return COMPLETION.over(record.invested, record.planned).percent()

    def render_completion(self, record: Any) -> str:
        return COMPLETION.over(record.invested, record.planned).words()

    def value_next_milestone(self, record: Any) -> str | None:
        if not record.next_milestone:
            return None
        return f"{record.next_milestone}（{record.next_milestone_due_on or '未定'}）"

    def render_next_milestone(self, record: Any) -> str | SafeString:
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
    total_investment = AmountColumn("总投资（万元）", accessor="published_total_investment", attrs=FIGURE)
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

    def value_lights(self, record: Any) -> str:
        return Light(record.published_light).words

    def render_lights(self, record: Any) -> SafeString:
        return light(record.published_light)

    def value_stage(self, record: Any) -> str:
        stage = stage_reached(
            record.published_started_on, record.published_completed_on, record.published_in_production_on
        )
        return f"{ProjectStage(record.category).label}·{stage}"


def table_of_reading(scope: Scope) -> type[ProjectTable]:
    """The ledger's table for a scope: as published where it is."""
    return ProjectTable if scope.publication is None else PublishedProjectTable


# --- slots ----------------------------------------------------------------------------------------------

WANTED = "待明确"
KINDS = {
    "officers": (ProjectMember.Kind.SERVICE_OFFICER,),
    "supporting": (ProjectMember.Kind.SUPPORTING_UNIT,),
    "contacts": (ProjectMember.Kind.REPRESENTATIVE, ProjectMember.Kind.ENTERPRISE_CONTACT),
}


class CellColumn(tables.Column):
    """A cell drawn by the table's `cell(record, column)`, so that the columns of one kind share one method."""

    def __init__(self, head: str, attrs: dict[str, Any] = BRIEF) -> None:
        super().__init__(verbose_name=head, orderable=False, empty_values=(), accessor="pk", attrs=attrs)

    def render(self, record: Any, bound_column: Any, table: "OfDayTable") -> SafeString:
        return table.cell(record, bound_column.name)


class OfDayTable(HouseTable):
    """Rows of queries.duties.duty_rows; `slots` is the day's question. A file says `words` where the page draws `cell`."""

    slots: SlotsOfDay

    name = ProjectColumn("项目名称", accessor="name")

    class Meta(HouseTable.Meta):
        model = Project
        empty_text = "没有符合条件的项目。"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, column in self.base_columns.items():
            if isinstance(column, CellColumn):
                setattr(self, f"value_{name}", partial(self.words, column=name))

    def cell(self, record: Any, column: str) -> SafeString:
        raise NotImplementedError

    def words(self, record: Any, column: str) -> str:
        """What fills a slot, or what is wanted."""
        if column == "plan":
            return f"第{record.plan_number}版" if record.plan_then else "待编制"
        if column == "followed":
            return f"{self.slots.last_due.words}缺报" if record.report_missing else "旬报正常"
        return str(holder_of(record, column) or WANTED)


class SlotTable(OfDayTable):
    """Projects × six: each slot filled (●) or wanted (○) in words; a gap leads to its form for whoever may `fill` it."""

    title = "六个一"
    fill: Callable[[Project, str], str]

    gaps = tables.Column(verbose_name="六个一", order_by=("gaps", "code"), attrs=NOWRAP)
    sponsor = CellColumn("挂包领导")
    lead_department = CellColumn("推进部门")
    host_district = CellColumn("属地保障")
    plan = CellColumn("推进方案")
    followed = CellColumn("一抓到底")

    class Meta(OfDayTable.Meta):
        pass  # django-tables2 does not inherit it by itself

    def cell(self, record: Any, column: str) -> SafeString:
        words = self.words(record, column)
        if is_filled(record, column):
            return format_html('<span class="slot-mark"><i aria-hidden="true">●</i>{}</span>', words)
        gap = format_html('<span class="slot-mark gap"><i aria-hidden="true">○</i>{}</span>', words)
        href = self.fill(record, column)
        return format_html('<a href="{}" title="去补齐">{}</a>', href, gap) if href else gap

    def render_gaps(self, value: int) -> SafeString:
        return format_html("{} {}", six_mini(len(SLOTS) - value), self._gap_words(value))

    def value_gaps(self, record: Any) -> str:
        return self._gap_words(record.gaps)

    @staticmethod
    def _gap_words(gaps: int) -> str:
        return f"缺{gaps}项" if gaps else "齐全"


class ResponsibilityTable(OfDayTable):
    """Who answers and how to reach them, with the year's hand-overs (责任清单)."""

    title = "责任清单"

    stage = CellColumn("阶段", NOWRAP)
    sponsor = CellColumn("挂包领导")
    lead_department = CellColumn("推进部门")
    host_district = CellColumn("属地保障")
    plan = CellColumn("推进方案", NOWRAP)
    followed = CellColumn("一抓到底", NOWRAP)
    officers = CellColumn("服务专员")
    supporting = CellColumn("协办单位")
    contacts = CellColumn("项目代表、企业联系人")
    changes = CellColumn("本年交接", WRAP)

    class Meta(OfDayTable.Meta):
        pass

    def lines(self, record: Any, column: str) -> list[str]:
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

    def words(self, record: Any, column: str) -> str:
        return ("；" if column in {*KINDS, "changes"} else " ").join(self.lines(record, column))

    def cell(self, record: Any, column: str) -> SafeString:
        if column in SLOTS and not is_filled(record, column):
            return format_html('<span class="late">{}</span>', self.words(record, column))
        lines = self.lines(record, column)
        return format_html_join("", "<div>{}</div>", ((line,) for line in lines))
