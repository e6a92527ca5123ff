"""Filters of the corrections since a publication (更正筛选)."""

import django_filters

from projects.measures.corrections import FACTS
from projects.measures.definitions import AMOUNTS
from projects.models import AnnualList, Project, Publication
from projects.queries.corrections import CorrectionRow

Rows = list[CorrectionRow]  # in the class the word is a filter's


class CorrectionFilter(django_filters.FilterSet):
    """Choices over the rows of queries.corrections; the list chooses the population, in which the rest narrows."""

    q = django_filters.CharFilter(method="unchanged", label="项目", help_text="名称或代码")
    list = django_filters.ModelChoiceFilter(
        queryset=AnnualList.objects.none(), method="unchanged", label="名单", empty_label="合计"
    )
    fact = django_filters.ChoiceFilter(
        choices=[*FACTS.items()], method="unchanged", label="更正内容", empty_label="全部"
    )
    figure = django_filters.ChoiceFilter(
        choices=[(key, amount.name) for key, amount in AMOUNTS.items()],
        method="unchanged",
        label="影响金额",
        empty_label="全部",
    )

    def __init__(self, *args, publication: Publication, **kwargs):
        super().__init__(*args, queryset=Project.objects.none(), **kwargs)
        lists = AnnualList.objects.filter(year=publication.year).select_related("kind")
        self.filters["list"].queryset = lists.order_by("kind__position")

    def unchanged(self, projects, name, value):
        return projects

    def asked(self, name: str):
        """The choice made, None where there is none or it cannot be read."""
        return self.form.cleaned_data.get(name) or None if self.form.is_valid() else None

    def narrowed(self, rows: Rows) -> Rows:
        words, fact, figure = (self.asked(name) for name in ("q", "fact", "figure"))
        return [
            row
            for row in rows
            if (not words or words.lower() in f"{row.project} {row.code}".lower())
            and (not fact or row.correction.fact == fact)
            and (not figure or row.correction.effects.get(figure))
        ]
