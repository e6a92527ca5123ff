"""Tables of delivery plans, milestones and their dates (推进方案、节点)."""

import datetime as dt
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from projects.figures.slips import Slip
from projects.models import Attachment, DateChangeRequest, DeliveryPlan, Milestone, Project
from projects.models.fields import span_of
from projects.periods import due_words
from projects.services.plans.date_changes import steps_of
from projects.services.plans.milestones import steps_of as milestone_steps
from projects.templatetags.show import due_tone, short_date, signed_days
from projects.templatetags.states import state_tag

from ..base.columns import (
    BRIEF,
    NOWRAP,
    NUMBER,
    WRAP,
    ActionsColumn,
    HouseTable,
    ProjectColumn,
    StateColumn,
    UnitColumn,
    WordsColumn,
)

# --- plans ----------------------------------------------------------------------------------------------


class PlanTable(HouseTable):
    """Plans with project, counts of milestones and, for the rows shown, the slip of the project (`slips`)."""

    title = "推进方案"
    slips: dict[int, Slip | None]

    project = tables.Column(verbose_name="项目", order_by=("project__name_key",), attrs=WRAP)
    number = WordsColumn("版次", attrs=NOWRAP)
    state = StateColumn()
    lead = UnitColumn("推进部门", "project__lead_department", default="未明确")
    target_on = tables.Column(verbose_name="目标完成", attrs=NOWRAP, default="—")
    done = WordsColumn("节点办结", attrs=NUMBER, order_by=("done_count", "milestone_count"))
    slip = tables.Column(verbose_name="末节点较基线（天）", orderable=False, attrs=NUMBER, empty_values=())
    approved_on = tables.Column(verbose_name="批准", attrs=NOWRAP, default="—")
    document = tables.Column(verbose_name="依据文件", attrs=WRAP, default="—")

    class Meta(HouseTable.Meta):
        model = DeliveryPlan
        empty_text = "没有符合条件的推进方案。"

    def render_project(self, value: Project, record: DeliveryPlan) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("plan_detail", args=[record.pk]), value.name)

    def value_number(self, record: DeliveryPlan) -> str:
        return f"第{record.number}版"

    def render_target_on(self, value: dt.date) -> str:
        return value.isoformat()

    render_approved_on = render_target_on

    def value_done(self, record: Any) -> str:
        return f"{record.done_count}/{record.milestone_count}"

    def value_slip(self, record: DeliveryPlan) -> int | None:
        found = self.slips.get(record.pk) if record.approved_on else None
        return found.days if found else None

    def render_slip(self, record: DeliveryPlan) -> str:
        return signed_days(self.value_slip(record))


class DateChangeTable(HouseTable):
    """Requests with milestone, project and who asked; `user` is shown the way to what he or she may do."""

    title = "调整申请"
    milestone = tables.Column(verbose_name="节点", order_by=("milestone__name",), attrs=WRAP)
    project = ProjectColumn(accessor="milestone__plan__project", attrs=BRIEF)
    unit = UnitColumn("责任单位", "milestone__unit", default="未明确")
    old_due = WordsColumn("原计划", order_by=("old_due_on",), attrs=NOWRAP)
    new_due = WordsColumn("申请调整至", order_by=("new_due_on",), attrs=NOWRAP)
    reason = WordsColumn("原因及依据", orderable=False, attrs=WRAP)
    asked_on = tables.Column(verbose_name="申请", attrs=BRIEF)
    state = tables.Column(verbose_name="状态", attrs=BRIEF)
    actions = ActionsColumn()

    class Meta(HouseTable.Meta):
        model = DateChangeRequest
        empty_text = "没有符合条件的调整申请。"

    def render_milestone(self, value: Milestone) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("plan_detail", args=[value.plan_id]), value.name)

    def value_old_due(self, record: DateChangeRequest) -> dt.date | str | None:
        return span_of(record.old_due).in_file

    def value_new_due(self, record: DateChangeRequest) -> dt.date | str | None:
        return record.new_due_span.in_file

    def value_reason(self, record: DateChangeRequest) -> str:
        papers = [record.document] if record.document else []
        papers += [file.name for file in record.attachments.all()]
        return f"{record.reason}（{'；'.join(papers)}）" if papers else record.reason

    def render_asked_on(self, value: dt.date, record: DateChangeRequest) -> str:
        return f"{short_date(value, self.as_of)} {record.asked_by}"

    def value_asked_on(self, record: DateChangeRequest) -> str:
        return f"{record.asked_on.isoformat()} {record.asked_by}"

    def value_state(self, record: DateChangeRequest) -> str:
        words = record.get_state_display()
        return f"{words}：{record.decision}" if record.decision else words

    def render_state(self, record: DateChangeRequest) -> SafeString:
        words = state_tag(record)
        return (
            format_html('{}<div class="small">{}</div>', words, record.decision) if record.decision else words
        )

    def render_actions(self, record: DateChangeRequest) -> SafeString:
        if record.new_plan_id:
            address = reverse("plan_detail", args=[record.new_plan_id])
            return format_html('<a class="btn btn-sm" href="{}">新版方案</a>', address)
        steps = steps_of(record, self.user, self.as_of)
        doors = {
            "datechange_decide": ("审定", steps["approve"] or steps["refuse"]),
            "datechange_withdraw": ("撤回", steps["withdraw"]),
        }
        return format_html_join(
            " ",
            '<a class="btn btn-sm" href="{}">{}</a>',
            ((self.to_step(name, record), words) for name, (words, step) in doors.items() if step),
        )


# --- milestones -----------------------------------------------------------------------------------------

DOORS = {  # step: its address and the words on the button
    "achieve": ("milestone_achieve", "登记办结"),
    "move": ("datechange_create", "申请调整"),
    "undo": ("milestone_undo", "撤销"),
}


class MilestoneTable(HouseTable):
    """Milestones with their project, as they stood on `as_of`, read `for_steps` of the user.

    Steps are taken on a real day (`today`), whatever day is shown, and lead `back`; `files` are the papers of the rows shown.
    """

    title = "节点清单"
    today: dt.date
    files: dict[int, list[Attachment]]

    name = tables.Column(verbose_name="节点", attrs=WRAP)
    project = ProjectColumn(accessor="plan__project")
    unit = tables.Column(
        accessor="responsible_unit",
        verbose_name="责任单位",
        order_by=("unit__position", "unit__name_key"),
        default="未明确",
    )
    sponsor = UnitColumn("挂包领导", "plan__project__sponsor", default="—")
    due = WordsColumn("计划完成", order_by=("due_on", "pk"), attrs=NOWRAP)
    days = tables.Column(verbose_name="到期情况", order_by=("due_on", "pk"), attrs=NOWRAP, empty_values=())
    achieved_on = tables.Column(verbose_name="实际完成及依据", attrs=WRAP, empty_values=())
    actions = ActionsColumn()

    class Meta(HouseTable.Meta):
        model = Milestone
        empty_text = "没有符合条件的节点。"

    def _done(self, record: Milestone) -> bool:
        return bool(record.achieved_on and record.achieved_on <= self.as_of)

    def render_name(self, value: str, record: Milestone) -> SafeString:
        words = format_html('{} <span class="small muted">{}</span>', value, record.get_stage_display())
        return format_html('{} <span class="tag blue">关键</span>', words) if record.is_key else words

    def value_due(self, record: Milestone) -> dt.date | str | None:
        return record.due_span.in_file

    def value_days(self, record: Milestone) -> str | None:
        if not record.due_on:
            return None
        if record.achieved_on is None or not self._done(record):
            return due_words(record.due_on, self.as_of)
        late = (record.achieved_on - record.due_on).days
        return f"逾期{late}天办结" if late > 0 else "按期办结"

    def render_days(self, record: Milestone) -> str | SafeString:
        words = self.value_days(record)
        if words is None or self._done(record):
            return words or "—"
        return format_html('<span class="{}">{}</span>', due_tone(record.due_on, self.as_of), words)

    def value_achieved_on(self, record: Milestone) -> str | None:
        return f"{record.achieved_on:%Y-%m-%d} {record.evidence}" if self._done(record) else None

    def render_achieved_on(self, record: Milestone) -> str | SafeString:
        if not self._done(record):
            return ""
        papers = format_html_join(
            "",
            ' <a href="{}">查看{}</a>',
            ((reverse("attachment", args=[file.pk]), file.name) for file in self.files.get(record.pk, ())),
        )
        words = "" if papers and record.evidence.startswith("附件：") else record.evidence
        return format_html("{} {}{}", short_date(record.achieved_on, self.as_of), words, papers)

    def render_actions(self, record: Any) -> SafeString:
        steps = milestone_steps(record, self.user, self.today)
        doors = format_html_join(
            " ",
            '<a class="btn btn-sm" href="{}">{}</a>',
            ((self.to_step(name, record), words) for verb, (name, words) in DOORS.items() if steps[verb]),
        )
        if record.claim is not None:
            words = '{} <a class="small" href="{}">办结待确认</a>'
            return format_html(words, doors, reverse("claim_detail", args=[record.claim]))
        if record.waits and steps["achieve"]:
            return format_html('{} <span class="small muted">调整待审定</span>', doors)
        return doors
