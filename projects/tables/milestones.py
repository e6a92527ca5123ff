"""The milestone list as a table (节点清单)."""

from typing import ClassVar
from urllib.parse import urlencode

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from projects.models import Milestone
from projects.periods import due_words
from projects.services.plans import steps_of
from projects.templatetags.show import due_tone, short_date

WRAP = {"td": {"class": "wrap"}}
NOWRAP = {"td": {"class": "nowrap"}}
DOORS = {  # step: its address and the words on the button
    "achieve": ("milestone_achieve", "登记办结"),
    "move": ("datechange_create", "申请调整"),
    "undo": ("milestone_undo", "撤销"),
}


class MilestoneTable(tables.Table):
    """Milestones with their project, as they stood on `as_of`, read `for_steps` of the user."""

    name = tables.Column(verbose_name="节点", attrs=WRAP)
    project = tables.Column(
        accessor="plan__project", verbose_name="项目", order_by=("plan__project__name",), attrs=WRAP
    )
    unit = tables.Column(
        accessor="responsible_unit",
        verbose_name="责任单位",
        order_by=("unit__position", "unit__name"),
        default="未明确",
    )
    sponsor = tables.Column(
        accessor="plan__project__sponsor",
        verbose_name="挂包领导",
        order_by=("plan__project__sponsor__position", "plan__project__sponsor__name"),
        default="—",
    )
    due = tables.Column(verbose_name="计划完成", order_by=("due_on", "pk"), attrs=NOWRAP, empty_values=())
    days = tables.Column(verbose_name="到期情况", order_by=("due_on", "pk"), attrs=NOWRAP, empty_values=())
    achieved_on = tables.Column(verbose_name="实际完成及依据", attrs=WRAP, empty_values=())
    actions = tables.Column(
        verbose_name="办理", empty_values=(), orderable=False, attrs=NOWRAP, exclude_from_export=True
    )

    class Meta:
        model = Milestone
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        fields: ClassVar = ()
        empty_text = "没有符合条件的节点。"

    def __init__(self, *args, as_of, user, back, today=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.as_of = as_of
        self.today = today or as_of  # steps are taken on a real day, whatever day is shown
        self.user = user
        self.next = urlencode({"next": back})
        self.files: dict = {}  # the papers of the rows shown
        self.caption = "节点清单"

    def _done(self, record) -> bool:
        return bool(record.achieved_on and record.achieved_on <= self.as_of)

    def render_name(self, value, record):
        words = format_html('{} <span class="small muted">{}</span>', value, record.get_stage_display())
        return format_html('{} <span class="tag blue">关键</span>', words) if record.is_key else words

    def render_project(self, value):
        return format_html('<a href="{}">{}</a>', reverse("project_detail", args=[value.code]), value.name)

    def value_due(self, record):
        return record.due_span.words

    def render_due(self, record):
        return self.value_due(record)

    def value_days(self, record):
        if not record.due_on:
            return None
        if not self._done(record):
            return due_words(record.due_on, self.as_of)
        late = (record.achieved_on - record.due_on).days
        return f"逾期{late}天办结" if late > 0 else "按期办结"

    def render_days(self, record):
        words = self.value_days(record)
        if words is None or self._done(record):
            return words or "—"
        return format_html('<span class="{}">{}</span>', due_tone(record.due_on, self.as_of), words)

    def value_achieved_on(self, record):
        return f"{record.achieved_on.isoformat()} {record.evidence}" if self._done(record) else None

    def render_achieved_on(self, record):
        if not self._done(record):
            return ""
        papers = format_html_join(
            "",
            ' <a href="{}">查看{}</a>',
            ((reverse("attachment", args=[file.pk]), file.name) for file in self.files.get(record.pk, ())),
        )
        words = "" if papers and record.evidence.startswith("附件：") else record.evidence
        return format_html("{} {}{}", short_date(record.achieved_on, self.as_of), words, papers)

    def render_actions(self, record):
        steps = steps_of(record, self.user, self.today)
        doors = format_html_join(
            " ",
            '<a class="btn btn-sm" href="{}?{}">{}</a>',
            (
                (reverse(name, args=[record.pk]), self.next, words)
                for verb, (name, words) in DOORS.items()
                if steps[verb]
            ),
        )
        if record.waits and steps["achieve"]:
            return format_html('{} <span class="small muted">调整待审定</span>', doors)
        return doors
