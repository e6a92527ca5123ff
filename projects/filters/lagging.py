"""Filters of the lagging projects (滞后项目筛选)."""

import django_filters

from projects.measures.lagging import SHOWN

from .projects import ProjectFilter


class LaggingFilter(ProjectFilter):
    """The ledger's choices that make sense here; the light is asked once, by the view, of all that is listed."""

    light = django_filters.ChoiceFilter(
        choices=[(light.value, light.words) for light in SHOWN],
        label="亮灯",
        method="unchanged",
        empty_label="全部",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("category", "stage", "state", "level", "gap", "watch"):
            del self.filters[name]
