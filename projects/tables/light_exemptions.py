"""The exemptions from lights as a table (亮灯豁免清单)."""

from typing import ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from projects.models import LightExemption
from projects.services.light_exemptions import row_steps_of
from projects.templatetags.show import short_date

WRAP = {"td": {"class": "wrap"}}
BRIEF = {"td": {"class": "brief"}}
NOWRAP = {"td": {"class": "nowrap"}}
DOORS = [
    ("refuse", "exemption_decide", "批准"),  # where it is approved or refused
    ("withdraw", "exemption_withdraw", "撤回"),
    ("end", "exemption_end", "提前终止"),
]


class LightExemptionTable(tables.Table):
    """Exemptions with project, term, who asked and who approved, as they stand on `as_of`."""

    project = tables.Column(verbose_name="项目", order_by=("project__name",), attrs=WRAP)
    unit = tables.Column(
        verbose_name="推进部门",
        accessor="project__lead_department",
        order_by=("project__lead_department__position", "project__lead_department__name"),
        default="待明确",
    )
    dimension = tables.Column(verbose_name="豁免维度", empty_values=(), attrs=NOWRAP)
    from_on = tables.Column(verbose_name="自", attrs=NOWRAP)
    until_on = tables.Column(verbose_name="至", attrs=NOWRAP)
    reason = tables.Column(verbose_name="原因及依据", orderable=False, attrs=WRAP)
    asked_at = tables.Column(verbose_name="申请", attrs=NOWRAP)
    decided_at = tables.Column(verbose_name="批准", attrs=BRIEF, empty_values=())
    state = tables.Column(verbose_name="状态", attrs=NOWRAP)
    actions = tables.Column(
        verbose_name="办理", empty_values=(), orderable=False, attrs=NOWRAP, exclude_from_export=True
    )

    class Meta:
        model = LightExemption
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        fields: ClassVar = ()
        empty_text = "没有符合条件的亮灯豁免。"

    def __init__(self, *args, as_of, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.as_of = as_of
        self.user = user
        self.caption = "亮灯豁免清单"

    def render_project(self, value):
        return format_html('<a href="{}">{}</a>', reverse("project_detail", args=[value.code]), value.name)

    def value_dimension(self, record):
        return record.dimension_words

    def render_dimension(self, record):
        return record.dimension_words

    def render_from_on(self, value):
        return short_date(value, self.as_of)

    def value_until_on(self, record):
        return f"{record.until_on}（{record.ended_on}提前终止）" if record.ended_on else record.until_on

    def render_until_on(self, value, record):
        words = short_date(value, self.as_of)
        if not record.ended_on:
            return words
        ended = short_date(record.ended_on, self.as_of)
        return format_html('<s>{}</s><div class="small">{} {}终止</div>', words, ended, record.ended_by)

    def value_reason(self, record):
        return f"{record.reason}（{record.document}）" if record.document else record.reason

    def render_reason(self, record):
        return self.value_reason(record)

    def value_asked_at(self, record):
        return f"{record.asked_at:%Y-%m-%d} {record.asked_by}"

    def render_asked_at(self, record):
        return f"{short_date(record.asked_at.date(), self.as_of)} {record.asked_by}"

    def value_decided_at(self, record):
        if not record.decided_by:
            return None
        words = f"{record.decided_at:%Y-%m-%d} {record.decided_by}"
        return f"{words}：{record.decision_note}" if record.decision_note else words

    def render_decided_at(self, record):
        if not record.decided_by:
            return "—"
        words = f"{short_date(record.decided_at.date(), self.as_of)} {record.decided_by}"
        return format_html('{}<div class="small">{}</div>', words, record.decision_note)

    def value_state(self, record):
        return record.words_on(self.as_of)

    def render_state(self, record):
        words = record.words_on(self.as_of)
        if record.is_in_force(self.as_of):
            return format_html('<span class="tag waiting">◇ {}</span>', words)
        return format_html('<span class="tag{}">{}</span>', " blue" if record.is_waiting else "", words)

    def render_actions(self, record):
        steps = row_steps_of(record, self.user, self.as_of)
        return format_html_join(
            " ",
            '<a class="btn btn-sm" href="{}">{}</a>',
            ((reverse(name, args=[record.pk]), words) for verb, name, words in DOORS if steps[verb]),
        )
