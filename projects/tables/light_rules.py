"""The projects of a rule set's trial as a table (试算清单)."""

from typing import ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html

from projects.measures.light_trial import LightTrial
from projects.measures.lights import ProjectLight
from projects.models import Project
from projects.templatetags.show import light

WRAP = {"td": {"class": "wrap"}}
NOWRAP = {"td": {"class": "nowrap"}}


class TrialTable(tables.Table):
    """Each project with its light now and under the set tried, and why."""

    name = tables.Column(verbose_name="项目", attrs=WRAP)
    lead_department = tables.Column(
        verbose_name="推进部门",
        order_by=("lead_department__position", "lead_department__name"),
        default="待明确",
        attrs={"td": {"class": "brief"}},
    )
    before = tables.Column(verbose_name="现行亮灯", empty_values=(), orderable=False, attrs=NOWRAP)
    after = tables.Column(verbose_name="试算亮灯", empty_values=(), orderable=False, attrs=NOWRAP)
    why_before = tables.Column(verbose_name="现行原因", empty_values=(), orderable=False, attrs=WRAP)
    why_after = tables.Column(verbose_name="试算原因", empty_values=(), orderable=False, attrs=WRAP)
    rule = tables.Column(
        verbose_name="现行规则",
        empty_values=(),
        orderable=False,
        attrs={"td": {"class": "nowrap hide-phone"}},
    )

    class Meta:
        model = Project
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        fields: ClassVar = ()
        empty_text = "没有符合条件的项目。"

    def __init__(self, *args, trial: LightTrial, **kwargs):
        super().__init__(*args, **kwargs)
        self.trial = trial
        self.caption = "试算清单"

    def render_name(self, value, record):
        return format_html('<a href="{}">{}</a>', reverse("project_detail", args=[record.code]), value)

    def _before(self, record) -> ProjectLight:
        return self.trial.compared(record.pk).before

    def _after(self, record) -> ProjectLight:
        return self.trial.compared(record.pk).after

    def render_before(self, record):
        return light(self._before(record).light)

    def value_before(self, record):
        return self._before(record).light.words

    def render_after(self, record):
        return light(self._after(record).light)

    def value_after(self, record):
        return self._after(record).light.words

    def render_why_before(self, record):
        return self._before(record).sentence

    value_why_before = render_why_before

    def render_why_after(self, record):
        return self._after(record).sentence

    value_why_after = render_why_after

    def render_rule(self, record):
        return self._before(record).rule_name

    value_rule = render_rule
