"""Tables of baselines, targets, publications and dashboards (指标)."""

from collections.abc import Callable
from datetime import date
from typing import ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from projects.figures.definitions import AMOUNTS, FIGURES
from projects.figures.lagging import Causes
from projects.figures.ranking import Criterion
from projects.models import Milestone, Problem
from projects.money import format_wan
from projects.periods import due_words
from projects.templatetags.show import DASH, due, figure, light, signed

# --- lagging --------------------------------------------------------------------------------------------

WRAP = {"td": {"class": "wrap"}}
BRIEF = {"td": {"class": "brief"}}
NUMBER = {"td": {"class": "num"}}


class LaggingTable(tables.Table):
    """Rows of figures.lagging.lagging; `causes` are those of the rows shown or exported, put there by the view."""

    project = tables.Column(verbose_name="项目", empty_values=(), attrs=WRAP)
    light = tables.Column(verbose_name="亮灯", attrs={"td": {"class": "nowrap"}})
    why = tables.Column(verbose_name="滞后原因", empty_values=(), attrs={"td": {"class": "wrap"}})
    completion = tables.Column(verbose_name="完成率", attrs=NUMBER)
    gap = tables.Column(verbose_name="与序时差距（百分点）", attrs={"td": {"class": "num fold-head"}})
    problems = tables.Column(verbose_name="未销号问题", empty_values=(), attrs=BRIEF)
    milestones = tables.Column(verbose_name="逾期节点", empty_values=(), attrs=BRIEF)
    answers = tables.Column(verbose_name="责任", empty_values=(), attrs={"td": {"class": "nowrap"}})

    export_heads: ClassVar = {"completion": "完成率（%）"}
    export_widths: ClassVar = {"problems": 40, "answers": 34}

    class Meta:
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        orderable = False
        empty_text = "没有亮红灯、黄灯的项目。"

    def __init__(self, rows, *, as_of: date):
        super().__init__(rows)
        self.as_of = as_of
        self.causes: dict[int, Causes] = {}
        self.caption = "滞后项目清单"

    def value_project(self, record):
        return self.causes[record.project_id].project.name

    def render_project(self, record):
        project = self.causes[record.project_id].project
        return format_html(
            '<a href="{}">{}</a>', reverse("project_detail", args=[project.code]), project.name
        )

    def value_light(self, record):
        return record.light.words

    def render_light(self, record):
        return light(record.light)

    def render_why(self, record):
        return self.causes[record.project_id].light.sentence

    value_why = render_why

    def value_completion(self, record):
        return record.completion.percent()

    def render_completion(self, value):
        return value.words()

    def value_gap(self, record):
        return record.gap

    def render_gap(self, value):
        return signed(value)

    def value_problems(self, record):
        found = self.causes[record.project_id].problems
        return "；".join(f"{_problem(one)}，{_limit(one, self.as_of)}" for one in found) or None

    def render_problems(self, record):
        found = self.causes[record.project_id].problems
        rows = ((_problem(one), due(one.due_on, self.as_of)) for one in found)
        return format_html_join("", "<div>{}，{}</div>", rows) or DASH

    def value_milestones(self, record):
        found = self.causes[record.project_id].milestones
        return "；".join(f"{one.name}，{due_words(one.due_on, self.as_of)}" for one in found) or None

    def render_milestones(self, record):
        found: list[Milestone] = self.causes[record.project_id].milestones
        rows = ((one.name, due(one.due_on, self.as_of)) for one in found)
        return format_html_join("", "<div>{}，{}</div>", rows) or DASH

    def _holders(self, record):
        project = self.causes[record.project_id].project
        return [
            (words, str(getattr(project, slot) or "未明确"))
            for words, slot in (("挂包", "sponsor"), ("推进", "lead_department"), ("属地", "host_district"))
        ]

    def value_answers(self, record):
        return "；".join(f"{words}：{holder}" for words, holder in self._holders(record))

    def render_answers(self, record):
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


class RankingTable(tables.Table):
    """Lines of figures.ranking.ranking; `opens` gives a group's dashboard, `doors` those of its figures."""

    place = tables.Column(verbose_name="名次", empty_values=(), attrs=NUMBER)
    name = tables.Column(verbose_name="单位")
    result = tables.Column(empty_values=(), attrs=NUMBER)
    numerator = tables.Column(empty_values=(), attrs=NUMBER)
    denominator = tables.Column(empty_values=(), attrs=NUMBER)
    projects = tables.Column(verbose_name="项目数", empty_values=(), attrs=NUMBER)
    climbed = tables.Column(verbose_name="较上月同期", empty_values=(), attrs={"td": {"class": "nowrap"}})
    remark = tables.Column(verbose_name="备注")

    class Meta:
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards free ranked"}
        orderable = False
        empty_text = "没有可以排名的单位。"

    def __init__(self, rows, *, criterion: Criterion, who: str, opens: Callable, doors: Callable):
        heads = {
            "name": who,
            "result": f"{criterion.name}（{criterion.unit}）",
            "numerator": _head(criterion.numerator),
            "denominator": _head(criterion.denominator),
        }
        super().__init__(rows)
        for name, words in heads.items():
            self.columns[name].column.verbose_name = words
        if criterion.denominator == "projects":
            self.columns.hide("projects")
        self.criterion, self.opens, self.doors = criterion, opens, doors
        self.caption = f"{who}按{criterion.name}排名"

    def value_place(self, record):
        return record.place

    def render_place(self, record):
        return format_html("<b>{}</b>", record.place) if record.place else DASH

    def render_name(self, value, record):
        return format_html('<a href="{}">{}</a>', self.opens(record), value) if record.row else value

    def value_result(self, record):
        return record.result

    def render_result(self, record):
        return (
            signed(record.result)
            if self.criterion.unit != "%"
            else DASH
            if record.result is None
            else record.result
        )

    def value_numerator(self, record):
        return self._number(record, self.criterion.numerator)

    def render_numerator(self, record):
        return self._figure(record, self.criterion.numerator)

    def value_denominator(self, record):
        return self._number(record, self.criterion.denominator)

    def render_denominator(self, record):
        return self._figure(record, self.criterion.denominator)

    def value_projects(self, record):
        return self._number(record, "projects")

    def render_projects(self, record):
        return self._figure(record, "projects")

    def value_climbed(self, record):
        return _change(record.climbed) if record.place else None

    def render_climbed(self, record):
        return _change(record.climbed) if record.place else DASH

    def _number(self, record, key):
        return record.row[key] if record.row else 0

    def _figure(self, record, key):
        if record.row is None:
            return format_wan(0) if key in AMOUNTS else 0
        return figure(key, record.row[key], href=self.doors(record)[key])


def _head(key: str) -> str:
    return f"{FIGURES[key].name}（{'万元' if key in AMOUNTS else '个'}）"


def _change(climbed: int | None) -> str:
    """Words and arrows, no colour: up is not praised, down not shamed."""
    if climbed is None:
        return "上月未排名"
    return f"↑ 上升{climbed}位" if climbed > 0 else f"↓ 下降{-climbed}位" if climbed else "持平"
