"""Tables of baselines, targets, publications and dashboards (指标)."""

from typing import ClassVar
from urllib.parse import urlencode

import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from projects.models import Publication
from projects.money import format_wan
from projects.queries.lists.versions import signed_wan
from projects.rules.targets import TargetLevel, TargetYear
from projects.templatetags.show import DASH, figure
from projects.templatetags.targets import cell_words, strip, target_state

# --- targets --------------------------------------------------------------------------------------------

WRAP = {"td": {"class": "wrap"}}
NUMBER = {"td": {"class": "num"}}


def _computed(words: str) -> tables.Column:
    return tables.Column(verbose_name=words, attrs=NUMBER, empty_values=(), orderable=False)


class YearTable(tables.Table):
    """Columns of one cell of a level, with what is required from now on; `year_of(record)` finds the row's year."""

    target = _computed("目标（万元）")
    done = _computed("完成（万元）")
    completion = _computed("完成率")
    carried = _computed("上期结转欠账（万元）")
    state = tables.Column(verbose_name="状态", empty_values=(), orderable=False)
    pace = _computed("后续每旬需（万元）")

    export_heads: ClassVar = {"completion": "完成率（%）"}

    class Meta:
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        fields: ClassVar = ()

    def __init__(self, *args, level: TargetLevel, cell: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.level, self.cell, self.until = level, cell, level.larger
        self.caption = "目标进度"
        self.columns["pace"].column.verbose_name = f"至{self.until.words}末每旬需（万元）"

    def year_of(self, record) -> TargetYear:
        raise NotImplementedError

    def _cell(self, record):
        return self.year_of(record).cell(self.level, self.cell)

    def value_target(self, record):
        return self._cell(record).target

    def value_done(self, record):
        return self._cell(record).done

    def value_carried(self, record):
        return self._cell(record).carried

    def value_pace(self, record):
        pace = self.year_of(record).pace(self.until)
        return pace.each if pace else None

    def render_target(self, record):
        return format_wan(self.value_target(record))

    def render_done(self, record):
        return format_wan(self.value_done(record))

    def render_carried(self, record):
        return format_wan(self.value_carried(record))

    def render_pace(self, record):
        return format_wan(self.value_pace(record))

    def value_completion(self, record):
        cell = self._cell(record)
        return None if cell.done is None else cell.completion.percent()

    def render_completion(self, record):
        cell = self._cell(record)
        return "—" if cell.done is None else cell.completion.words()

    def value_state(self, record):
        return self._cell(record).state.words

    def render_state(self, record):
        cell = self._cell(record)
        return format_html('<span title="{}">{}</span>', cell_words(cell), target_state(cell))

    def headed(self, words: str, href: str, record):
        """A row's head: its name as a link, the year's strip beneath."""
        return format_html('<a href="{}">{}</a><br>{}', href, words, strip(self.year_of(record)))


class GroupTargetTable(YearTable):
    """Rows of figures.targets.target_rows; `doors` are {scope: {figure: address}}, put there by the view."""

    label = tables.Column(verbose_name="单位", attrs=WRAP, orderable=False)
    projects = tables.Column(verbose_name="项目（个）", attrs=NUMBER, orderable=False)
    planned = tables.Column(verbose_name="年度计划（万元）", attrs=NUMBER, orderable=False)
    invested = _computed("本年完成（万元）")

    class Meta(YearTable.Meta):
        sequence: ClassVar = (
            "label projects planned invested target done completion carried state pace".split()
        )
        empty_text = "名单中没有项目。"

    def __init__(self, *args, heading: str, doors, inside, **kwargs):
        super().__init__(*args, **kwargs)
        self.columns["label"].column.verbose_name = heading
        self.doors = doors
        self.inside = inside

    def year_of(self, record):
        return record.year

    def render_label(self, record):
        return self.headed(record.label, self.inside(record), record)

    def value_invested(self, record):
        return record.year.latest

    def render_projects(self, record):
        return figure("projects", record.projects, href=self.doors(record)["projects"])

    def render_planned(self, record):
        return figure("planned_investment", record.planned, href=self.doors(record)["planned_investment"])

    def render_invested(self, record):
        href = self.doors(record)["invested_this_year"]
        return figure("invested_this_year", record.year.latest or record.planned * 0, href=href)


class ProjectTargetTable(YearTable):
    """Rows of figures.targets.project_targets; `years` are those of the rows shown, put there by the view."""

    name = tables.Column(verbose_name="项目", attrs=WRAP)
    department = tables.Column(verbose_name="推进部门", default="待明确")
    planned = tables.Column(verbose_name="年度计划（万元）", attrs=NUMBER)
    invested = tables.Column(verbose_name="本年完成（万元）", attrs=NUMBER, default="—")
    behind = tables.Column(verbose_name="当前欠账（万元）", accessor="shortfall", attrs=NUMBER)
    source = tables.Column(verbose_name="分解方式", empty_values=(), orderable=False)

    class Meta(YearTable.Meta):
        sequence: ClassVar = (
            "name planned invested target done completion carried state behind pace department source"
        ).split()
        empty_text = "没有符合条件的项目。可放宽筛选条件，或点“重置”。"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.years: dict[int, TargetYear] = {}

    def year_of(self, record):
        return self.years[record.listing]

    def render_name(self, record):
        address = f"{reverse('project_detail', args=[record.code])}#targets"
        return self.headed(record.name, address, record)

    def render_planned(self, value):
        return format_wan(value)

    render_invested = render_behind = render_planned

    def value_source(self, record):
        if record.split_total is None:
            return "按基线"
        return "手工分解，须重新分解" if record.difference else "手工分解"

    def render_source(self, record):
        return self.value_source(record)


def inside_of(scope, split: str, level: str):
    """Addresses of the projects of a group's row: the same page, by project."""
    query = {"split": "project", "level": level, "year": scope.year, "as_of": scope.as_of.isoformat()}

    def address(record) -> str:
        narrowed = {"list": record.scope.lists[0]} if record.scope.lists else {}
        if record.scope.by:
            narrowed |= {"by": record.scope.by, "group": record.scope.group}
        return f"{reverse('target_list')}?{urlencode(query | narrowed)}"

    return address


# --- publications ---------------------------------------------------------------------------------------

NUM = {"td": {"class": "num fold-head"}}
BRIEF = {"td": {"class": "brief"}}
NOWRAP = {"td": {"class": "nowrap"}}


class PublicationTable(tables.Table):
    """Publications with the number of projects they counted (`projects`)."""

    name = tables.Column(verbose_name="名称", attrs=WRAP)
    as_of = tables.DateColumn(verbose_name="统计日", format="Y-m-d", attrs=NOWRAP)
    projects = tables.Column(verbose_name="项目数", attrs={"td": {"class": "num"}})
    published_at = tables.DateTimeColumn(verbose_name="发布时间", format="Y-m-d H:i", attrs=NOWRAP)
    published_by = tables.Column(verbose_name="发布人", order_by=("published_by__full_name",))
    weekly_report = tables.Column(
        verbose_name="所附文件", default="手工封存", order_by=("weekly_report__year", "weekly_report__week")
    )

    class Meta:
        model = Publication
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        fields: ClassVar = ()
        empty_text = "还没有数据发布。签发逾期周报时自动封存当期数据，也可由发改局统筹手工封存。"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.caption = "数据发布"

    def render_name(self, value, record):
        return format_html('<a href="{}">{}</a>', reverse("publication_detail", args=[record.pk]), value)

    def render_weekly_report(self, value):
        return format_html('<a href="{}">{}</a>', reverse("weekly_detail", args=[value.period.code]), value)


class CorrectionTable(tables.Table):
    """Rows of queries.corrections: what reads differently now, by whom, when and why; `sums` of the shown rows."""

    project = tables.Column(
        verbose_name="项目", attrs=WRAP, footer=lambda table: f"合计 {len(table.data):,} 处"
    )
    lists = tables.Column(verbose_name="名单", attrs=BRIEF)
    fact = tables.Column(verbose_name="更正内容", attrs=NOWRAP)
    before = tables.Column(verbose_name="发布时", attrs=BRIEF, default=DASH)
    after = tables.Column(verbose_name="更正后", attrs=BRIEF, default=DASH)
    planned = tables.Column(
        verbose_name="年度计划投资增减（万元）",
        attrs=NUM,
        footer=lambda table: signed_wan(table.sums["planned"]),
    )
    invested = tables.Column(
        verbose_name="本年完成投资增减（万元）",
        attrs=NUM,
        footer=lambda table: signed_wan(table.sums["invested"]),
    )
    by = tables.Column(verbose_name="更正人", accessor="cause__by", orderable=False, default=DASH)
    at = tables.Column(
        verbose_name="更正时间", accessor="cause__at", orderable=False, attrs=NOWRAP, default=DASH
    )
    why = tables.Column(
        verbose_name="更正原因", accessor="cause__words", orderable=False, attrs=WRAP, default=DASH
    )

    class Meta:
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        empty_text = "没有符合条件的更正。"

    def __init__(self, rows, **kwargs):
        super().__init__(rows, **kwargs)
        self.caption = "更正清单"
        self.sums = {name: sum(getattr(row, name) for row in rows) for name in ("planned", "invested")}

    def render_project(self, value, record):
        return format_html('<a href="{}">{}</a>', reverse("project_detail", args=[record.code]), value)

    def render_planned(self, value):
        return signed_wan(value) if value else DASH

    render_invested = render_planned

    def render_at(self, value):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"

    def value_at(self, record):
        return self.render_at(record.cause.at) if record.cause else ""

    def value_before(self, record):
        return record.before

    def value_after(self, record):
        return record.after
