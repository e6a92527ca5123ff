"""Tables of light rule sets, exemptions, history (亮灯)."""

import datetime as dt
from functools import partial
from typing import ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from projects.figures.light_history import LightHistory
from projects.figures.light_trial import LightTrial
from projects.figures.lights import ProjectLight
from projects.models import LightExemption, Project
from projects.periods import TenDayPeriod
from projects.services.lights.exemptions import row_steps_of
from projects.templatetags.lightstrip import light_strip, light_strip_head, symbol
from projects.templatetags.show import light, short_date

# --- light rules ----------------------------------------------------------------------------------------

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


# --- light exemptions -----------------------------------------------------------------------------------

BRIEF = {"td": {"class": "brief"}}
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


# --- light history --------------------------------------------------------------------------------------

NUMBER = {"td": {"class": "num"}}
MONTHS = range(1, 13)


class LightHistoryTable(tables.Table):
    """Rows of with_light_counts with their records as `year_lights`; a file has a column a month instead of the strip."""

    project = tables.Column(verbose_name="项目", accessor="name", order_by=("name",), attrs=WRAP)
    unit = tables.Column(
        verbose_name="推进部门",
        accessor="lead_department",
        order_by=("lead_department__position", "lead_department__name"),
        default="待明确",
    )
    strip = tables.Column(
        verbose_name=light_strip_head(),
        empty_values=(),
        orderable=False,
        attrs={"td": {"class": "strip-cell"}},
    )
    reds = tables.Column(verbose_name="红灯旬", attrs=NUMBER)
    yellows = tables.Column(verbose_name="黄灯旬", attrs=NUMBER)
    longest = tables.Column(verbose_name="连续红灯", empty_values=(), orderable=False, attrs=NUMBER)
    last_red_on = tables.Column(verbose_name="最近红灯", attrs={"td": {"class": "nowrap"}})

    class Meta:
        model = Project
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards lights-table"}
        fields: ClassVar = ()
        empty_text = "没有符合条件的亮灯记录。"

    def __init__(self, *args, as_of: dt.date, for_file: bool = False, **kwargs):
        self.as_of = as_of
        self.caption = "亮灯历史"
        self._row: tuple[int | None, LightHistory | None] = (None, None)
        if for_file:
            kwargs["exclude"] = ["strip"]
            kwargs["extra_columns"] = [
                (f"m{month}", tables.Column(verbose_name=f"{month}月", empty_values=())) for month in MONTHS
            ]
            kwargs["sequence"] = ["project", "unit", *(f"m{month}" for month in MONTHS), "..."]
            for month in MONTHS:
                setattr(self, f"value_m{month}", partial(self._symbols, month))
        super().__init__(*args, **kwargs)

    def _history(self, record: Project) -> LightHistory:
        """The row's year, drawn up once for all its cells."""
        if record.pk != self._row[0]:
            self._row = (record.pk, LightHistory.of(record.year_lights, self.as_of.year, self.as_of))
        return self._row[1]

    def _symbols(self, month: int, record: Project) -> str:
        return "".join(
            symbol(cell) or "　" for cell in self._history(record).cells[3 * month - 3 : 3 * month]
        )

    def render_project(self, value, record):
        address = reverse("project_detail", args=[record.code])
        return format_html('<a href="{}#lights">{}</a>', address, value)

    def render_strip(self, record):
        return light_strip(self._history(record))

    def value_longest(self, record):
        return self._history(record).longest_red

    def render_longest(self, record):
        return self.value_longest(record)

    def value_last_red_on(self, record):
        return TenDayPeriod.ending_on(record.last_red_on).words if record.last_red_on else None

    def render_last_red_on(self, record):
        return self.value_last_red_on(record)
