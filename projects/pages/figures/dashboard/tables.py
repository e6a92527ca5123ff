"""Tables of baselines, targets, publications and dashboards (指标)."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

import django_tables2 as tables
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from projects.figures.definitions import AMOUNTS, FIGURES
from projects.figures.lights.lagging import Causes, Lag
from projects.figures.ranking import Criterion, RankedGroup
from projects.models import Problem
from projects.money import Ratio, format_wan
from projects.periods import due_words
from projects.templatetags.show import DASH, due, figure, light, signed

from ...base.columns import BRIEF, FIGURE, NOWRAP, NUMBER, WRAP, HouseTable, WordsColumn, project_link
from ...base.scope import door, page_over

# --- lagging --------------------------------------------------------------------------------------------


class LaggingTable(HouseTable):
    """Rows of figures.lagging.lagging; `causes` are those of the rows shown or exported, put there by the view."""

    title = "滞后项目清单"
    causes: dict[int, Causes]
    project = tables.Column(verbose_name="项目", empty_values=(), attrs=WRAP)
    light = tables.Column(verbose_name="亮灯", attrs=NOWRAP)
    why = WordsColumn("滞后原因", attrs=WRAP)
    completion = tables.Column(verbose_name="完成率", attrs=NUMBER)
    gap = tables.Column(verbose_name="与序时差距（百分点）", attrs=FIGURE)
    problems = tables.Column(verbose_name="未销号问题", empty_values=(), attrs=BRIEF)
    milestones = tables.Column(verbose_name="逾期节点", empty_values=(), attrs=BRIEF)
    answers = tables.Column(verbose_name="责任", empty_values=(), attrs=NOWRAP)

    export_heads: ClassVar = {"completion": "完成率（%）"}
    export_widths: ClassVar = {"problems": 40, "answers": 34}

    class Meta(HouseTable.Meta):
        orderable = False
        empty_text = "没有亮红灯、黄灯的项目。"

    def value_project(self, record: Lag) -> str:
        return self.causes[record.project_id].project.name

    def render_project(self, record: Lag) -> SafeString:
        return project_link(self.causes[record.project_id].project)

    def value_light(self, record: Lag) -> str:
        return record.light.words

    def render_light(self, record: Lag) -> SafeString:
        return light(record.light)

    def value_why(self, record: Lag) -> str:
        return self.causes[record.project_id].light.sentence

    def value_completion(self, record: Lag) -> Decimal | None:
        return record.completion.percent()

    def render_completion(self, value: Ratio) -> str:
        return value.words()

    def value_gap(self, record: Lag) -> Decimal | None:
        return record.gap

    def render_gap(self, value: Decimal) -> str:
        return signed(value)

    def value_problems(self, record: Lag) -> str | None:
        found = self.causes[record.project_id].problems
        return "；".join(f"{_problem(one)}，{_limit(one, self.as_of)}" for one in found) or None

    def render_problems(self, record: Lag) -> SafeString | str:
        found = self.causes[record.project_id].problems
        rows = ((_problem(one), due(one.due_on, self.as_of)) for one in found)
        return format_html_join("", "<div>{}，{}</div>", rows) or DASH

    def value_milestones(self, record: Lag) -> str | None:
        found = self.causes[record.project_id].milestones
        return (
            "；".join(f"{one.name}，{due_words(one.due_on, self.as_of)}" for one in found if one.due_on)
            or None
        )

    def render_milestones(self, record: Lag) -> SafeString | str:
        found = self.causes[record.project_id].milestones
        rows = ((one.name, due(one.due_on, self.as_of)) for one in found)
        return format_html_join("", "<div>{}，{}</div>", rows) or DASH

    def _holders(self, record: Lag) -> list[tuple[str, str]]:
        project = self.causes[record.project_id].project
        return [
            (words, str(getattr(project, slot) or "未明确"))
            for words, slot in (("挂包", "sponsor"), ("推进", "lead_department"), ("属地", "host_district"))
        ]

    def value_answers(self, record: Lag) -> str:
        return "；".join(f"{words}：{holder}" for words, holder in self._holders(record))

    def render_answers(self, record: Lag) -> SafeString:
        rows = format_html_join("", '<div><span class="muted">{}</span> {}</div>', self._holders(record))
        return format_html("<div>{}</div>", rows)  # one block: a phone's card lays its cells out side by side


def _problem(problem: Problem) -> str:
    """“用地：地块未交付（责任单位 中埠镇）；请求…”."""
    who = problem.lead_unit.name if problem.lead_unit else "责任单位待明确"
    demand = f"；请求：{problem.demand}" if problem.demand else ""
    return f"{problem.get_category_display()}：{problem.text}（{who}）{demand}"


def _limit(problem: Problem, day: date) -> str:
    return due_words(problem.due_on, day)


# --- ranking --------------------------------------------------------------------------------------------


class RankingTable(HouseTable):
    """Lines of figures.ranking.ranking; a group opens its dashboard, its figures their projects."""

    place = tables.Column(verbose_name="名次", empty_values=(), attrs=NUMBER)
    name = tables.Column(verbose_name="单位")
    result = tables.Column(empty_values=(), attrs=NUMBER)
    numerator = tables.Column(empty_values=(), attrs=NUMBER)
    denominator = tables.Column(empty_values=(), attrs=NUMBER)
    projects = tables.Column(verbose_name="项目数", empty_values=(), attrs=NUMBER)
    climbed = WordsColumn("较上月同期", attrs=NOWRAP)
    remark = tables.Column(verbose_name="备注")

    class Meta(HouseTable.Meta):
        attrs: ClassVar = {"class": "cards free ranked"}
        orderable = False
        empty_text = "没有可以排名的单位。"

    def __init__(self, rows: list[RankedGroup], *, criterion: Criterion, who: str, **kwargs: Any) -> None:
        heads = {
            "name": who,
            "result": f"{criterion.name}（{criterion.unit}）",
            "numerator": _head(criterion.numerator),
            "denominator": _head(criterion.denominator),
        }
        super().__init__(rows, **kwargs)
        for name, words in heads.items():
            self.columns[name].column.verbose_name = words
        if criterion.denominator == "projects":
            self.columns.hide("projects")
        self.criterion = criterion
        self.caption = f"{who}按{criterion.name}排名"

    def value_place(self, record: RankedGroup) -> int | None:
        return record.place

    def render_place(self, record: RankedGroup) -> SafeString | str:
        return format_html("<b>{}</b>", record.place) if record.place else DASH

    def render_name(self, value: str, record: RankedGroup) -> SafeString | str:
        if record.row is None:
            return value
        return format_html('<a href="{}">{}</a>', page_over("dashboard", record.row.scope), value)

    def value_result(self, record: RankedGroup) -> Decimal | None:
        return record.result

    def render_result(self, record: RankedGroup) -> Decimal | str:
        if self.criterion.unit != "%":
            return signed(record.result)
        return DASH if record.result is None else record.result

    def value_numerator(self, record: RankedGroup) -> Any:
        return self._number(record, self.criterion.numerator)

    def render_numerator(self, record: RankedGroup) -> Any:
        return self._figure(record, self.criterion.numerator)

    def value_denominator(self, record: RankedGroup) -> Any:
        return self._number(record, self.criterion.denominator)

    def render_denominator(self, record: RankedGroup) -> Any:
        return self._figure(record, self.criterion.denominator)

    def value_projects(self, record: RankedGroup) -> Any:
        return self._number(record, "projects")

    def render_projects(self, record: RankedGroup) -> Any:
        return self._figure(record, "projects")

    def value_climbed(self, record: RankedGroup) -> str | None:
        return _change(record.climbed) if record.place else None

    def _number(self, record: RankedGroup, key: str) -> Any:
        return record.row[key] if record.row else 0

    def _figure(self, record: RankedGroup, key: str) -> Any:
        if record.row is None:
            return format_wan(0) if key in AMOUNTS else 0
        return figure(key, record.row[key], href=door(record.row.scope, key))


def _head(key: str) -> str:
    return f"{FIGURES[key].name}（{'万元' if key in AMOUNTS else '个'}）"


def _change(climbed: int | None) -> str:
    """Words and arrows, no colour: up is not praised, down not shamed."""
    if climbed is None:
        return "上月未排名"
    return f"↑ 上升{climbed}位" if climbed > 0 else f"↓ 下降{-climbed}位" if climbed else "持平"
