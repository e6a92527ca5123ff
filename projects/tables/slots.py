"""Six slots and duties as tables (六个一、责任清单)."""

from functools import partial
from typing import ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from projects.models import Project, ProjectMember
from projects.queries.duties import changes_in, holder_of, people_words
from projects.queries.six_slots import SLOTS, SlotsOfDay, is_filled
from projects.templatetags.show import six_mini

WRAP = {"td": {"class": "wrap"}}
BRIEF = {"td": {"class": "brief"}}
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


class DutyTable(OfDayTable):
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
