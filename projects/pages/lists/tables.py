"""Tables of annual lists, their versions and adjustments (名单)."""

from decimal import Decimal
from typing import Any, ClassVar

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString

from projects.models import ListAdjustment, ProjectStage
from projects.queries.lists.versions import date_words, signed_wan
from projects.templatetags.show import DASH, wan

from ..base.columns import (
    NOWRAP,
    NUMBER,
    WRAP,
    AmountColumn,
    HouseTable,
    LinkColumn,
    ProjectColumn,
    StateColumn,
    WordsColumn,
    project_link,
)

# --- adjustments ----------------------------------------------------------------------------------------


class AdjustmentTable(HouseTable):
    """Adjustments with annual_list, made_by and `line_count` beside them."""

    title = "名单调整"

    document = LinkColumn("文号", "adjustment_detail")
    annual_list = tables.Column(
        verbose_name="年度名单", order_by=("annual_list__year", "annual_list__kind__position")
    )
    effective_on = tables.DateColumn(verbose_name="生效日期", format="Y-m-d", attrs=NOWRAP)
    line_count = tables.Column(verbose_name="明细（个）", attrs=NUMBER)
    state = StateColumn()
    made_by = tables.Column(verbose_name="拟订人", order_by="made_by__full_name")
    reviewed_by = tables.Column(verbose_name="复核人", order_by="reviewed_by__full_name", default=DASH)

    class Meta(HouseTable.Meta):
        model = ListAdjustment
        empty_text = "没有符合条件的名单调整。"


class LineTable(HouseTable):
    """Lines of one adjustment as AdjustedLine rows: what the list said, what it says then."""

    title = "调整明细"

    project = ProjectColumn(accessor="line__project", orderable=False)
    change = tables.Column(accessor="line__get_change_display", verbose_name="变动", orderable=False)
    category = WordsColumn("项目类别", orderable=False, attrs=NOWRAP)
    plan = WordsColumn("年度计划投资（万元）", orderable=False, attrs=NUMBER)
    dates = WordsColumn("计划开工、竣工", orderable=False, attrs=WRAP)
    reason = tables.Column(accessor="line__reason", verbose_name="原因", orderable=False, attrs=WRAP)

    class Meta(HouseTable.Meta):
        attrs: ClassVar = {"class": "cards free"}
        empty_text = "还没有明细，请添加项目。"

    def value_category(self, record: Any) -> str:
        return record.moved("category", lambda key: ProjectStage(key).label if key else DASH)

    def value_plan(self, record: Any) -> str | SafeString:
        words = record.moved("planned_investment", wan)
        return (
            format_html('{} <span class="tag waiting">超总投资</span>', words)
            if record.exceeds_total
            else words
        )

    def value_dates(self, record: Any) -> str | None:
        words = [
            f"{label} {record.moved(name, date_words)}"
            for name, label in (("planned_start", "开工"), ("planned_completion", "竣工"))
            if record.says(name)
        ]
        return "；".join(words) or None


class DraftLineTable(LineTable):
    """The same with the button that takes a line out again."""

    remove = tables.TemplateColumn(
        template_name="lists/_remove.html", verbose_name="", orderable=False, exclude_from_export=True
    )

    class Meta(LineTable.Meta):
        pass  # django-tables2 does not inherit it by itself


# --- list versions --------------------------------------------------------------------------------------


class ComparisonTable(HouseTable):
    """Rows of queries.list_versions.Comparison; amounts are those that count in the list."""

    title = "名单对比"

    project = tables.Column(verbose_name="项目", attrs=WRAP)
    kind_words = tables.Column(verbose_name="变动", order_by="kind")
    plan_before = AmountColumn("原计划（万元）")
    plan_after = AmountColumn("现计划（万元）")
    change = tables.Column(verbose_name="增减（万元）", attrs=NUMBER)
    remarks = WordsColumn("类别和时间", orderable=False, attrs=WRAP)
    document = tables.Column(verbose_name="文号", attrs=WRAP, default=DASH)

    class Meta(HouseTable.Meta):
        empty_text = "两个日期的名单没有不同。"

    def render_project(self, value: str, record: Any) -> SafeString:
        return project_link(record, value)

    def render_change(self, value: Decimal) -> str:
        return signed_wan(value)

    def value_remarks(self, record: Any) -> str | None:
        return "；".join(record.remarks) or None
