"""Filters of the light history (亮灯历史筛选)."""

import datetime as dt

import django_filters
from django.db.models import Exists, OuterRef, QuerySet

from projects.measures.light_history import records_of_year
from projects.models import LightRecord, Project
from projects.rules import Light

from .progress import WhoseFilter

RED, TURNED, NEVER = "red", "turned", "never"
EVER = [(RED, "年内亮过红灯"), (TURNED, "亮过红灯，最近一旬已转出"), (NEVER, "年内没有亮过红灯")]


class LightHistoryFilter(WhoseFilter):
    """Projects with records in the year of as_of; `latest_on` is the last day of the last recorded period."""

    q = django_filters.CharFilter(method="by_words", label="项目", help_text="名称、代码或拼音首字母")
    light = django_filters.ChoiceFilter(
        choices=[(light.value, light.words) for light in Light],
        method="by_light",
        label="最近一旬亮灯",
        empty_label="全部",
    )
    ever = django_filters.ChoiceFilter(choices=EVER, method="by_ever", label="年内红灯", empty_label="全部")

    def __init__(self, *args, as_of: dt.date, latest_on: dt.date | None, **kwargs):
        super().__init__(*args, as_of=as_of, **kwargs)
        records = records_of_year(as_of.year, as_of).filter(project=OuterRef("pk")).order_by()
        self.red = Exists(records.filter(light=Light.RED))
        self.latest: QuerySet[LightRecord] = records.filter(period_ends_on=latest_on)

    def by_words(self, projects: QuerySet[Project], name: str, value: str) -> QuerySet[Project]:
        return projects.search(value)

    def by_light(self, projects, name, value):
        return projects.filter(Exists(self.latest.filter(light=value)))

    def by_ever(self, projects, name, value):
        if value == NEVER:
            return projects.filter(~self.red)
        red = projects.filter(self.red)
        return red.filter(Exists(self.latest.exclude(light=Light.RED))) if value == TURNED else red
