"""Tables of annual lists, their versions and adjustments (名单)."""

from typing import ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html

from projects.models import ListAdjustment, ListAdjustmentLine, ProjectStage
from projects.queries.lists.versions import date_words, signed_wan
from projects.templatetags.show import DASH, wan
from projects.templatetags.states import state_tag

# --- adjustments ----------------------------------------------------------------------------------------

NUM = {"td": {"class": "num"}, "th": {"class": "num"}}
WRAP = {"td": {"class": "wrap"}}
NOWRAP = {"td": {"class": "nowrap"}}


class AdjustmentTable(tables.Table):
    """Adjustments with annual_list, made_by and `line_count` beside them."""

    document = tables.Column(verbose_name="文号", attrs=WRAP)
    annual_list = tables.Column(
        verbose_name="年度名单", order_by=("annual_list__year", "annual_list__kind__position")
    )
    effective_on = tables.Column(verbose_name="生效日期", attrs=NOWRAP)
    line_count = tables.Column(verbose_name="明细（个）", attrs=NUM)
    state = tables.Column(verbose_name="状态")
    made_by = tables.Column(verbose_name="拟订人", order_by="made_by__full_name")
    reviewed_by = tables.Column(verbose_name="复核人", order_by="reviewed_by__full_name", default=DASH)

    class Meta:
        model = ListAdjustment
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        fields: ClassVar = ()
        empty_text = "没有符合条件的名单调整。"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.caption = "名单调整"

    def render_document(self, value, record):
        return format_html('<a href="{}">{}</a>', reverse("adjustment_detail", args=[record.pk]), value)

    def render_effective_on(self, value):
        return f"{value:%Y-%m-%d}"

    def render_state(self, record):
        return state_tag(record)


class LineTable(tables.Table):
    """Lines of one adjustment as AdjustedLine rows: what the list said, what it says then."""

    project = tables.Column(accessor="line__project", verbose_name="项目", orderable=False, attrs=WRAP)
    change = tables.Column(accessor="line__get_change_display", verbose_name="变动", orderable=False)
    category = tables.Column(empty_values=(), verbose_name="项目类别", orderable=False, attrs=NOWRAP)
    plan = tables.Column(empty_values=(), verbose_name="年度计划投资（万元）", orderable=False, attrs=NUM)
    dates = tables.Column(empty_values=(), verbose_name="计划开工、竣工", orderable=False, attrs=WRAP)
    reason = tables.Column(accessor="line__reason", verbose_name="原因", orderable=False, attrs=WRAP)

    class Meta:
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards free"}
        empty_text = "还没有明细，请添加项目。"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.caption = "调整明细"

    def render_project(self, value):
        return format_html('<a href="{}">{}</a>', reverse("project_detail", args=[value.code]), value.name)

    def render_category(self, record):
        return record.moved("category", lambda key: ProjectStage(key).label if key else DASH)

    def render_plan(self, record):
        words = record.moved("planned_investment", wan)
        if record.exceeds_total:
            return format_html('{} <span class="tag waiting">超总投资</span>', words)
        return words

    def render_dates(self, record):
        words = [
            f"{label} {record.moved(name, date_words)}"
            for name, label in (("planned_start", "开工"), ("planned_completion", "竣工"))
            if record.says(name)
        ]
        return "；".join(words) or DASH


class DraftLineTable(LineTable):
    """The same with the button that takes a line out again."""

    remove = tables.TemplateColumn(
        template_name="lists/_remove.html", verbose_name="", orderable=False, exclude_from_export=True
    )

    class Meta(LineTable.Meta):
        model = ListAdjustmentLine
        fields: ClassVar = ()


# --- list versions --------------------------------------------------------------------------------------


class ComparisonTable(tables.Table):
    """Rows of queries.list_versions.Comparison; amounts are those that count in the list."""

    project = tables.Column(verbose_name="项目", attrs=WRAP)
    kind_words = tables.Column(verbose_name="变动", order_by="kind")
    plan_before = tables.Column(verbose_name="原计划（万元）", attrs=NUM)
    plan_after = tables.Column(verbose_name="现计划（万元）", attrs=NUM)
    change = tables.Column(verbose_name="增减（万元）", attrs=NUM)
    remarks = tables.Column(verbose_name="类别和时间", orderable=False, attrs=WRAP, default=DASH)
    document = tables.Column(verbose_name="文号", attrs=WRAP, default=DASH)

    class Meta:
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        empty_text = "两个日期的名单没有不同。"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.caption = "名单对比"

    def render_project(self, value, record):
        return format_html('<a href="{}">{}</a>', reverse("project_detail", args=[record.code]), value)

    def render_plan_before(self, value):
        return wan(value)

    def render_plan_after(self, value):
        return wan(value)

    def render_change(self, value):
        return signed_wan(value)

    def render_remarks(self, value):
        return "；".join(value) or DASH

    def value_remarks(self, record):
        return "；".join(record.remarks)
