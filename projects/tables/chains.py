"""Industry chains with their figures as a table (产业链清单)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html

from projects.measures.figures import FigureRow
from projects.models import IndustryChain
from projects.templatetags.show import DASH, figure, signed

WRAP = {"td": {"class": "wrap"}}
NUMBER = {"td": {"class": "num fold-head"}}


@dataclass(frozen=True)
class ChainRow:
    """A chain with its year's figures (None without a listed project), leads and work; `doors` by figure key."""

    chain: IndustryChain
    row: FigureRow | None
    leads: int
    agreed: Decimal
    tasks: tuple[int, int, int]
    doors: dict[str, str]

    def value(self, key: str):
        return self.row[key] if self.row else 0

    @property
    def name(self) -> str:
        return self.chain.name

    @property
    def leader(self):
        return self.chain.chain_leader

    @property
    def anchor(self) -> str:
        return self.chain.anchor_enterprise

    @property
    def projects(self) -> int:
        return self.value("projects")

    @property
    def planned(self) -> Decimal:
        return self.value("planned_investment")

    @property
    def invested(self) -> Decimal:
        return self.value("invested_this_year")

    @property
    def completion(self):
        """Unrounded, so that the sort is of the rates themselves; below every rate where there is none."""
        ratio = self.row.investment_completion if self.row else None
        return -1 if ratio is None or ratio.value is None else ratio.value

    @property
    def late(self) -> int:
        return self.tasks[2]


class ChainTable(tables.Table):
    """Rows are ChainRow; counts and amounts are doors to the ledger and the leads."""

    name = tables.Column(verbose_name="产业链", attrs=WRAP)
    leader = tables.Column(verbose_name="链长", default="待明确")
    anchor = tables.Column(verbose_name="链主企业", attrs={"td": {"class": "brief"}}, default="待明确")
    projects = tables.Column(verbose_name="名单项目", attrs=NUMBER)
    planned = tables.Column(verbose_name="年度计划投资（万元）", attrs=NUMBER)
    invested = tables.Column(verbose_name="本年完成投资（万元）", attrs=NUMBER)
    completion = tables.Column(verbose_name="投资完成率", attrs=NUMBER)
    gap = tables.Column(verbose_name="与序时差距（百分点）", attrs=NUMBER, empty_values=(), orderable=False)
    leads = tables.Column(verbose_name="招商项目", attrs=NUMBER)
    agreed = tables.Column(verbose_name="约定投资额（万元）", attrs=NUMBER)
    late = tables.Column(verbose_name="年度任务", attrs={"td": {"class": "nowrap"}})

    class Meta:
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        empty_text = "还没有可以查看的产业链。"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.caption = "产业链清单"

    def render_name(self, value, record):
        return format_html('<a href="{}">{}</a>', reverse("chain_detail", args=[record.chain.pk]), value)

    def value_leader(self, record):
        return str(record.leader) if record.leader else "待明确"

    def render_projects(self, value, record):
        return figure("projects", value, href=record.doors["projects"])

    def render_planned(self, value, record):
        return figure("planned_investment", value, href=record.doors["planned_investment"])

    def render_invested(self, value, record):
        return figure("invested_this_year", value, href=record.doors["invested_this_year"])

    def value_completion(self, record):
        return record.row.investment_completion.words(record.row.places) if record.row else DASH

    def render_completion(self, record):
        return self.value_completion(record)

    def value_gap(self, record):
        return signed(record.row.schedule_gap_points) if record.row else DASH

    def render_gap(self, record):
        return self.value_gap(record)

    def render_leads(self, value, record):
        return figure("leads", value, href=record.doors["leads"])

    def render_agreed(self, value, record):
        return figure("agreed_investment", value, href=record.doors["agreed_investment"])

    def value_late(self, record):
        total, done, late = record.tasks
        if not total:
            return "未制定"
        return f"完成{done}/{total}" + (f"，逾期{late}" if late else "")

    def render_late(self, record):
        words = self.value_late(record)
        return format_html('<span class="late">{}</span>', words) if record.late else words
