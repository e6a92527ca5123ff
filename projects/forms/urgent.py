"""Forms of the list of urgent problems (亟需解决问题清单)."""

import datetime as dt

from django import forms

from projects.models import Problem
from projects.queries.urgent import KINDS, LEVELS, annual_lists

from .fields import DayField, RowsField

TITLE = "省市重大项目亟需解决问题清单"


class UrgentDraftForm(forms.Form):
    """What a draft is drawn from: the day, the lists, the levels; which problems stay is ticked afterwards."""

    title = forms.CharField(label="标题", max_length=120, initial=TITLE)
    as_of = DayField(label="截至日期")
    lists = RowsField(label="项目名单", queryset=annual_lists(0), widget=forms.CheckboxSelectMultiple)
    levels = forms.MultipleChoiceField(
        label="协调层级",
        choices=Problem.Level.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="列入这些层级上未销号的问题，拟稿后可逐个增减。",
    )

    def __init__(self, *args, today: dt.date, **kwargs):
        lists = annual_lists(today.year)
        initial = {
            "as_of": today,
            "lists": [one for one in lists if one.kind.name in KINDS],
            "levels": [level.value for level in LEVELS],
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["lists"].queryset = lists


class UrgentEditForm(forms.Form):
    """Title, day, and the problems that stay on it."""

    title = forms.CharField(label="标题", max_length=120)
    as_of = DayField(label="截至日期")
    problems = RowsField(label="列入的问题", queryset=Problem.objects.all(), required=False)
