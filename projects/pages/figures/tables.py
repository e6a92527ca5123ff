"""Tables of baselines, targets, publications and dashboards (指标)."""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import urlencode

import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from projects.figures.population import Scope
from projects.figures.year.targets import ProjectTarget, TargetRow
from projects.models import Publication, WeeklyReport
from projects.money import format_wan
from projects.queries.figures.corrections import CorrectionRow
from projects.queries.lists.versions import signed_wan
from projects.rules.ranking import SILENT
from projects.rules.targets import TargetCell, TargetLevel, TargetYear
from projects.templatetags.show import DASH, figure
from projects.templatetags.targets import cell_words, strip, target_state

from ..base.columns import (
    BRIEF,
    FIGURE,
    NOWRAP,
    NUMBER,
    WRAP,
    AmountColumn,
    HouseTable,
    LinkColumn,
    WordsColumn,
)
from ..base.scope import door

# --- targets --------------------------------------------------------------------------------------------


class TargetColumn(WordsColumn):
    """An amount of the cell in 万元, as the table's `value_…` works it out."""

    def __init__(self, verbose_name: str) -> None:
        super().__init__(verbose_name, attrs=NUMBER, orderable=False)

    def render(self, record: Any, bound_column: Any, table: tables.Table) -> str:
        return format_wan(getattr(table, f"value_{bound_column.name}")(record))


class YearTable(HouseTable):
    """Columns of one cell of a level, with what is required from now on; `year_of(record)` finds the row's year."""

    title = "目标进度"
    target = TargetColumn("目标（万元）")
    done = TargetColumn("完成（万元）")
    completion = tables.Column(verbose_name="完成率", attrs=NUMBER, empty_values=(), orderable=False)
    carried = TargetColumn("上期结转欠账（万元）")
    state = tables.Column(verbose_name="状态", empty_values=(), orderable=False)
    pace = TargetColumn("后续每旬需（万元）")

    export_heads: ClassVar = {"completion": "完成率（%）"}

    def __init__(self, *args: Any, level: TargetLevel, cell: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.level, self.cell, self.until = level, cell, level.larger
        self.columns["pace"].column.verbose_name = f"至{self.until.words}末每旬需（万元）"

    def year_of(self, record: Any) -> TargetYear:
        raise NotImplementedError

    def _cell(self, record: Any) -> TargetCell:
        return self.year_of(record).cell(self.level, self.cell)

    def value_target(self, record: Any) -> Decimal:
        return self._cell(record).target

    def value_done(self, record: Any) -> Decimal | None:
        return self._cell(record).done

    def value_carried(self, record: Any) -> Decimal | None:
        return self._cell(record).carried

    def value_pace(self, record: Any) -> Decimal | None:
        pace = self.year_of(record).pace(self.until)
        return pace.each if pace else None

    def value_completion(self, record: Any) -> Decimal | None:
        cell = self._cell(record)
        return None if cell.done is None else cell.completion.percent()

    def render_completion(self, record: Any) -> str:
        cell = self._cell(record)
        return DASH if cell.done is None else cell.completion.words()

    def value_state(self, record: Any) -> str:
        return self._cell(record).state.words

    def render_state(self, record: Any) -> SafeString:
        cell = self._cell(record)
        return format_html('<span title="{}">{}</span>', cell_words(cell), target_state(cell))

    def headed(self, words: str, href: str, record: Any) -> SafeString:
        """A row's head: its name as a link, the year's strip beneath."""
        return format_html('<a href="{}">{}</a><br>{}', href, words, strip(self.year_of(record)))


class GroupTargetTable(YearTable):
    """Rows of figures.targets.target_rows; counts and amounts open their projects, a row those of its group."""

    label = tables.Column(verbose_name="单位", attrs=WRAP, orderable=False)
    projects = tables.Column(verbose_name="项目（个）", attrs=NUMBER, orderable=False)
    planned = tables.Column(verbose_name="年度计划（万元）", attrs=NUMBER, orderable=False)
    invested = tables.Column(verbose_name="本年完成（万元）", attrs=NUMBER, empty_values=(), orderable=False)

    class Meta(YearTable.Meta):
        sequence: ClassVar = (
            "label projects planned invested target done completion carried state pace".split()
        )
        empty_text = "名单中没有项目。"

    def __init__(self, *args: Any, heading: str, inside: Callable[[TargetRow], str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.columns["label"].column.verbose_name = heading
        self.inside = inside

    def year_of(self, record: TargetRow) -> TargetYear:
        return record.year

    def render_label(self, record: TargetRow) -> SafeString:
        return self.headed(record.label, self.inside(record), record)

    def value_invested(self, record: TargetRow) -> Decimal | None:
        return record.year.latest

    def render_projects(self, record: TargetRow) -> SafeString:
        return self._door("projects", record.projects, record)

    def render_planned(self, record: TargetRow) -> SafeString:
        return self._door("planned_investment", record.planned, record)

    def render_invested(self, record: TargetRow) -> SafeString:
        told = self._door("invested_this_year", record.year.latest, record)
        return told if record.year.latest is not None else format_html("{}（{}）", told, SILENT)

    def _door(self, key: str, value: Any, record: TargetRow) -> SafeString:
        return figure(key, value, href=door(record.scope, key))


class ProjectTargetTable(YearTable):
    """Rows of figures.targets.project_targets; `years` are those of the rows shown, put there by the view."""

    years: dict[int, TargetYear]
    name = tables.Column(verbose_name="项目", attrs=WRAP)
    department = tables.Column(verbose_name="推进部门", default="待明确")
    planned = AmountColumn("年度计划（万元）")
    invested = AmountColumn("本年完成（万元）")
    behind = AmountColumn("当前欠账（万元）", accessor="shortfall")
    source = WordsColumn("分解方式", orderable=False)

    class Meta(YearTable.Meta):
        sequence: ClassVar = (
            "name planned invested target done completion carried state behind pace department source"
        ).split()
        empty_text = "没有符合条件的项目。可放宽筛选条件，或点“重置”。"

    def year_of(self, record: ProjectTarget) -> TargetYear:
        return self.years[record.listing]

    def render_name(self, record: ProjectTarget) -> SafeString:
        address = f"{reverse('project_detail', args=[record.code])}#targets"
        return self.headed(record.name, address, record)

    def value_source(self, record: ProjectTarget) -> str:
        if record.split_total is None:
            return "按基线"
        return "手工分解，须重新分解" if record.difference else "手工分解"


def inside_of(scope: Scope, split: str, level: str) -> Callable[[TargetRow], str]:
    """Addresses of the projects of a group's row: the same page, by project."""
    query = {"split": "project", "level": level, "year": scope.year, "as_of": scope.as_of.isoformat()}

    def address(record: TargetRow) -> str:
        narrowed: dict[str, Any] = {"list": record.scope.lists[0]} if record.scope.lists else {}
        if record.scope.by:
            narrowed |= {"by": record.scope.by, "group": record.scope.group}
        return f"{reverse('target_list')}?{urlencode(query | narrowed)}"

    return address


# --- publications ---------------------------------------------------------------------------------------


class PublicationTable(HouseTable):
    """Publications with the number of projects they counted (`projects`)."""

    title = "数据发布"
    name = LinkColumn("名称", "publication_detail")
    as_of = tables.DateColumn(verbose_name="统计日", format="Y-m-d", attrs=NOWRAP)
    projects = tables.Column(verbose_name="项目数", attrs=NUMBER)
    published_at = tables.DateTimeColumn(verbose_name="发布时间", format="Y-m-d H:i", attrs=NOWRAP)
    published_by = tables.Column(verbose_name="发布人", order_by=("published_by__full_name",))
    weekly_report = tables.Column(
        verbose_name="所附文件", default="手工封存", order_by=("weekly_report__year", "weekly_report__week")
    )

    class Meta(HouseTable.Meta):
        model = Publication
        empty_text = "还没有数据发布。签发逾期周报时自动封存当期数据，也可由发改局统筹手工封存。"

    def render_weekly_report(self, value: WeeklyReport) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("weekly_detail", args=[value.period.code]), value)


class CorrectionTable(HouseTable):
    """Rows of queries.corrections: what reads differently now, by whom, when and why; `sums` of the shown rows."""

    title = "更正清单"
    project = tables.Column(
        verbose_name="项目", attrs=WRAP, footer=lambda table: f"合计 {len(table.data):,} 处"
    )
    lists = tables.Column(verbose_name="名单", attrs=BRIEF)
    fact = tables.Column(verbose_name="更正内容", attrs=NOWRAP)
    before = tables.Column(verbose_name="发布时", attrs=BRIEF)
    after = tables.Column(verbose_name="更正后", attrs=BRIEF)
    planned = tables.Column(
        verbose_name="年度计划投资增减（万元）",
        attrs=FIGURE,
        footer=lambda table: signed_wan(table.sums["planned"]),
    )
    invested = tables.Column(
        verbose_name="本年完成投资增减（万元）",
        attrs=FIGURE,
        footer=lambda table: signed_wan(table.sums["invested"]),
    )
    by = tables.Column(verbose_name="更正人", accessor="cause__by", orderable=False)
    at = tables.Column(verbose_name="更正时间", accessor="cause__at", orderable=False, attrs=NOWRAP)
    why = tables.Column(verbose_name="更正原因", accessor="cause__words", orderable=False, attrs=WRAP)

    class Meta(HouseTable.Meta):
        empty_text = "没有符合条件的更正。"

    def __init__(self, rows: Sequence[CorrectionRow], **kwargs: Any) -> None:
        super().__init__(rows, **kwargs)
        self.sums = {name: sum(getattr(row, name) for row in rows) for name in ("planned", "invested")}

    def render_project(self, value: str, record: CorrectionRow) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("project_detail", args=[record.code]), value)

    def render_planned(self, value: Decimal) -> str:
        return signed_wan(value) if value else DASH

    render_invested = render_planned

    def render_at(self, value: datetime) -> str:
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"

    def value_at(self, record: CorrectionRow) -> str:
        return self.render_at(record.cause.at) if record.cause else ""

    def value_before(self, record: CorrectionRow) -> str:
        return record.before

    def value_after(self, record: CorrectionRow) -> str:
        return record.after
