"""The ranking as a table (排名表)."""

from collections.abc import Callable
from typing import ClassVar

import django_tables2 as tables
from django.utils.html import format_html

from projects.measures.definitions import AMOUNTS, FIGURES
from projects.measures.ranking import Criterion
from projects.money import format_wan
from projects.templatetags.show import DASH, figure, signed

NUMBER = {"td": {"class": "num"}}


class RankingTable(tables.Table):
    """Lines of measures.ranking.ranking; `opens` gives a group's dashboard, `doors` those of its figures."""

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
