"""The lagging projects as a table (滞后项目清单)."""

from datetime import date
from typing import ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from projects.measures.lagging import Causes
from projects.models import Milestone, Problem
from projects.periods import due_words
from projects.templatetags.show import DASH, due, light, signed

WRAP = {"td": {"class": "wrap"}}
NUMBER = {"td": {"class": "num"}}


class LaggingTable(tables.Table):
    """Rows of measures.lagging.lagging; `causes` are those of the rows shown or exported, put there by the view."""

    project = tables.Column(verbose_name="项目", empty_values=(), attrs=WRAP)
    light = tables.Column(verbose_name="亮灯及原因", attrs=WRAP)
    completion = tables.Column(verbose_name="投资完成率", attrs=NUMBER)
    gap = tables.Column(verbose_name="与序时差距（百分点）", attrs={"td": {"class": "num fold-head"}})
    problems = tables.Column(verbose_name="未销号问题", empty_values=(), attrs=WRAP)
    milestones = tables.Column(verbose_name="逾期节点", empty_values=(), attrs=WRAP)
    sponsor = tables.Column(verbose_name="挂包领导", empty_values=())
    lead_department = tables.Column(
        verbose_name="推进部门", empty_values=(), attrs={"td": {"class": "brief"}}
    )
    host_district = tables.Column(verbose_name="属地", empty_values=(), attrs={"td": {"class": "brief"}})

    export_heads: ClassVar = {"completion": "投资完成率（%）"}

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
        return f"{record.light.words}：{self.causes[record.project_id].light.sentence}"

    def render_light(self, record):
        return format_html("{}<br>{}", light(record.light), self.causes[record.project_id].light.sentence)

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

    def _holder(self, record, slot):
        return str(getattr(self.causes[record.project_id].project, slot) or "未明确")

    def render_sponsor(self, record):
        return self._holder(record, "sponsor")

    def render_lead_department(self, record):
        return self._holder(record, "lead_department")

    def render_host_district(self, record):
        return self._holder(record, "host_district")

    value_sponsor = render_sponsor
    value_lead_department = render_lead_department
    value_host_district = render_host_district


def _problem(problem: Problem) -> str:
    """“用地：地块未交付（责任单位 中埠镇）；请求…”."""
    who = problem.lead_unit.name if problem.lead_unit else "责任单位待明确"
    demand = f"；请求：{problem.demand}" if problem.demand else ""
    return f"{problem.get_category_display()}：{problem.text}（{who}）{demand}"


def _limit(problem: Problem, day: date) -> str:
    return due_words(problem.due_on, day)
