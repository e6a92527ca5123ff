"""Tables of light rule sets, exemptions, history (亮灯)."""

import datetime as dt
from functools import partial
from typing import Any, ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from projects.figures.lights.history import LightHistory
from projects.figures.lights.judging import ProjectLight
from projects.figures.lights.trial import LightTrial
from projects.models import LightExemption, Project
from projects.periods import TenDayPeriod
from projects.services.lights.exemptions import row_steps_of
from projects.templatetags.lightstrip import light_strip, light_strip_head, symbol
from projects.templatetags.show import DASH, light, short_date

from ..base.columns import (
    BRIEF,
    NOWRAP,
    NUMBER,
    WRAP,
    ActionsColumn,
    DayColumn,
    HouseTable,
    ProjectColumn,
    UnitColumn,
    WordsColumn,
)

# --- light rules ----------------------------------------------------------------------------------------


class TrialTable(HouseTable):
    """Each project with its light now and under the set tried, and why."""

    title = "试算清单"
    name = ProjectColumn(accessor="name")
    lead_department = UnitColumn("推进部门", "lead_department", attrs=BRIEF)
    before = tables.Column(verbose_name="现行亮灯", empty_values=(), orderable=False, attrs=NOWRAP)
    after = tables.Column(verbose_name="试算亮灯", empty_values=(), orderable=False, attrs=NOWRAP)
    why_before = WordsColumn("现行原因", orderable=False, attrs=WRAP)
    why_after = WordsColumn("试算原因", orderable=False, attrs=WRAP)
    rule = WordsColumn("现行规则", orderable=False, attrs={"td": {"class": "nowrap hide-phone"}})

    class Meta(HouseTable.Meta):
        model = Project
        empty_text = "没有符合条件的项目。"

    def __init__(self, *args: Any, trial: LightTrial, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.trial = trial

    def _before(self, record: Project) -> ProjectLight:
        return self.trial.compared(record.pk).before

    def _after(self, record: Project) -> ProjectLight:
        return self.trial.compared(record.pk).after

    def value_before(self, record: Project) -> str:
        return self._before(record).light.words

    def render_before(self, record: Project) -> SafeString:
        return light(self._before(record).light)

    def value_after(self, record: Project) -> str:
        return self._after(record).light.words

    def render_after(self, record: Project) -> SafeString:
        return light(self._after(record).light)

    def value_why_before(self, record: Project) -> str:
        return self._before(record).sentence

    def value_why_after(self, record: Project) -> str:
        return self._after(record).sentence

    def value_rule(self, record: Project) -> str:
        return self._before(record).rule_name


# --- light exemptions -----------------------------------------------------------------------------------

DOORS = [
    ("refuse", "exemption_decide", "批准"),  # where it is approved or refused
    ("withdraw", "exemption_withdraw", "撤回"),
    ("end", "exemption_end", "提前终止"),
]


class LightExemptionTable(HouseTable):
    """Exemptions with project, term, who asked and who approved, as they stand on `as_of`."""

    title = "亮灯豁免清单"
    project = ProjectColumn()
    unit = UnitColumn("推进部门", "project__lead_department")
    dimension = WordsColumn("豁免维度", attrs=NOWRAP)
    from_on = DayColumn("自")
    until_on = tables.Column(verbose_name="至", attrs=NOWRAP)
    reason = WordsColumn("原因及依据", orderable=False, attrs=WRAP)
    asked_at = tables.Column(verbose_name="申请", attrs=NOWRAP)
    decided_at = tables.Column(verbose_name="批准", attrs=BRIEF, empty_values=())
    state = tables.Column(verbose_name="状态", attrs=NOWRAP)
    actions = ActionsColumn()

    class Meta(HouseTable.Meta):
        model = LightExemption
        empty_text = "没有符合条件的亮灯豁免。"

    def value_dimension(self, record: LightExemption) -> str:
        return record.dimension_words

    def value_until_on(self, record: LightExemption) -> dt.date | str:
        return f"{record.until_on}（{record.ended_on}提前终止）" if record.ended_on else record.until_on

    def render_until_on(self, value: dt.date, record: LightExemption) -> str:
        words = short_date(value, self.as_of)
        if not record.ended_on:
            return words
        ended = short_date(record.ended_on, self.as_of)
        return format_html('<s>{}</s><div class="small">{} {}终止</div>', words, ended, record.ended_by)

    def value_reason(self, record: LightExemption) -> str:
        return f"{record.reason}（{record.document}）" if record.document else record.reason

    def value_asked_at(self, record: LightExemption) -> str:
        return f"{record.asked_at:%Y-%m-%d} {record.asked_by}"

    def render_asked_at(self, record: LightExemption) -> str:
        return f"{short_date(record.asked_at.date(), self.as_of)} {record.asked_by}"

    def value_decided_at(self, record: LightExemption) -> str | None:
        if not record.decided_by:
            return None
        words = f"{record.decided_at:%Y-%m-%d} {record.decided_by}"
        return f"{words}：{record.decision_note}" if record.decision_note else words

    def render_decided_at(self, record: LightExemption) -> str:
        if record.decided_at is None or not record.decided_by:
            return DASH
        words = f"{short_date(record.decided_at.date(), self.as_of)} {record.decided_by}"
        return format_html('{}<div class="small">{}</div>', words, record.decision_note)

    def value_state(self, record: LightExemption) -> str:
        return record.words_on(self.as_of)

    def render_state(self, record: LightExemption) -> SafeString:
        words = record.words_on(self.as_of)
        if record.is_in_force(self.as_of):
            return format_html('<span class="tag waiting">◇ {}</span>', words)
        return format_html('<span class="tag{}">{}</span>', " blue" if record.is_waiting else "", words)

    def render_actions(self, record: LightExemption) -> SafeString:
        steps = row_steps_of(record, self.user, self.as_of)
        return format_html_join(
            " ",
            '<a class="btn btn-sm" href="{}">{}</a>',
            ((self.to_step(name, record), words) for verb, name, words in DOORS if steps[verb]),
        )


# --- light history --------------------------------------------------------------------------------------

MONTHS = range(1, 13)


class LightHistoryTable(HouseTable):
    """Rows of with_light_counts with their records as `year_lights`; a file has a column a month instead of the strip."""

    title = "亮灯历史"
    project = ProjectColumn(accessor="name")
    unit = UnitColumn("推进部门", "lead_department")
    strip = tables.Column(
        verbose_name=light_strip_head(),
        empty_values=(),
        orderable=False,
        attrs={"td": {"class": "strip-cell"}},
    )
    reds = tables.Column(verbose_name="红灯旬", attrs=NUMBER)
    yellows = tables.Column(verbose_name="黄灯旬", attrs=NUMBER)
    longest = WordsColumn("连续红灯", orderable=False, attrs=NUMBER)
    last_red_on = WordsColumn("最近红灯", attrs=NOWRAP)

    class Meta(HouseTable.Meta):
        model = Project
        attrs: ClassVar = {"class": "cards lights-table"}
        empty_text = "没有符合条件的亮灯记录。"

    def __init__(self, *args: Any, for_file: bool = False, **kwargs: Any) -> None:
        self._row: tuple[int, LightHistory] | None = None
        if for_file:
            months = [f"m{month}" for month in MONTHS]
            kwargs["exclude"] = ["strip"]
            kwargs["extra_columns"] = [
                (name, tables.Column(verbose_name=f"{month}月", empty_values=()))
                for name, month in zip(months, MONTHS, strict=True)
            ]
            kwargs["sequence"] = ["project", "unit", *months, "..."]
            for name, month in zip(months, MONTHS, strict=True):
                setattr(self, f"value_{name}", partial(self._symbols, month))
        super().__init__(*args, **kwargs)

    def _history(self, record: Any) -> LightHistory:
        """The row's year, drawn up once for all its cells."""
        if self._row is None or record.pk != self._row[0]:
            self._row = record.pk, LightHistory.of(record.year_lights, self.as_of.year, self.as_of)
        return self._row[1]

    def _symbols(self, month: int, record: Project) -> str:
        return "".join(
            symbol(cell) or "　" for cell in self._history(record).cells[3 * month - 3 : 3 * month]
        )

    def render_project(self, value: str, record: Project) -> SafeString:
        address = reverse("project_detail", args=[record.code])
        return format_html('<a href="{}#lights">{}</a>', address, value)

    def render_strip(self, record: Project) -> SafeString:
        return light_strip(self._history(record))

    def value_longest(self, record: Project) -> int:
        return self._history(record).longest_red

    def value_last_red_on(self, record: Any) -> str | None:
        return TenDayPeriod.ending_on(record.last_red_on).words if record.last_red_on else None
