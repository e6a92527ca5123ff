"""Filters of a rule set's trial (试算筛选): from which light to which, only what changes unless all are asked for."""

from typing import ClassVar

import django_filters
from django.db.models import QuerySet

from projects.measures.light_trial import COLUMNS, LightTrial
from projects.models import Project, Unit

LIGHTS = [(light.value, light.words) for light in COLUMNS]


class TrialFilter(django_filters.FilterSet):
    """Choices over the projects of a trial."""

    q = django_filters.CharFilter(method="by_words", label="关键词", help_text="名称、代码、单位或拼音首字母")
    was = django_filters.ChoiceFilter(
        choices=LIGHTS, method="unchanged", label="现行亮灯", empty_label="全部"
    )
    will = django_filters.ChoiceFilter(
        choices=LIGHTS, method="unchanged", label="试算亮灯", empty_label="全部"
    )
    show = django_filters.ChoiceFilter(
        choices=[("all", "全部适用项目")], method="unchanged", label="范围", empty_label="只看有变化的"
    )
    unit = django_filters.ModelChoiceFilter(
        field_name="lead_department",
        queryset=Unit.objects.filter(is_active=True),
        label="推进部门",
        empty_label="全部",
    )

    class Meta:
        model = Project
        fields: ClassVar = []

    def __init__(self, *args, trial: LightTrial, **kwargs):
        super().__init__(*args, **kwargs)
        self.trial = trial

    def by_words(self, projects: QuerySet[Project], name: str, value: str) -> QuerySet[Project]:
        return projects.search(value)

    def unchanged(self, projects, name, value):
        """The lights together pick the rows, below."""
        return projects

    def filter_queryset(self, queryset):
        chosen = self.form.cleaned_data.get  # what was no choice is missing: it counts as not given
        picked = self.trial.picked(chosen("was") or "", chosen("will") or "", changed=chosen("show") != "all")
        return super().filter_queryset(queryset).filter(pk__in=picked)
