"""Tables of delivery plans, milestones and their dates (推进方案、节点)."""

from typing import ClassVar
from urllib.parse import urlencode

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from projects.models import DateChangeRequest, DeliveryPlan, Milestone
from projects.models.fields import span_of
from projects.periods import due_words
from projects.services.plans.date_changes import steps_of
from projects.services.plans.milestones import steps_of as milestone_steps
from projects.templatetags.show import due_tone, short_date, signed_days
from projects.templatetags.states import state_tag

# --- plans ----------------------------------------------------------------------------------------------

WRAP = {"td": {"class": "wrap"}}
NOWRAP = {"td": {"class": "nowrap"}}
BRIEF = {"td": {"class": "brief"}}
NUM = {"td": {"class": "num"}, "th": {"class": "num"}}


class PlanTable(tables.Table):
    """Plans with project, counts of milestones and, for the rows shown, the slip of the project (`slips`)."""

    project = tables.Column(verbose_name="项目", order_by=("project__name",), attrs=WRAP)
    number = tables.Column(verbose_name="版次", attrs=NOWRAP)
    state = tables.Column(verbose_name="状态")
    lead = tables.Column(
        accessor="project__lead_department",
        verbose_name="推进部门",
        order_by=("project__lead_department__position", "project__lead_department__name"),
        default="未明确",
    )
    target_on = tables.Column(verbose_name="目标完成", attrs=NOWRAP, default="—")
    done = tables.Column(
        verbose_name="节点办结", attrs=NUM, order_by=("done_count", "milestone_count"), empty_values=()
    )
    slip = tables.Column(verbose_name="末节点较基线（天）", orderable=False, attrs=NUM, empty_values=())
    approved_on = tables.Column(verbose_name="批准", attrs=NOWRAP, default="—")
    document = tables.Column(verbose_name="依据文件", attrs=WRAP, default="—")

    class Meta:
        model = DeliveryPlan
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        fields: ClassVar = ()
        empty_text = "没有符合条件的推进方案。"

    def __init__(self, *args, as_of, **kwargs):
        super().__init__(*args, **kwargs)
        self.as_of = as_of
        self.slips: dict = {}
        self.caption = "推进方案"

    def render_project(self, value, record):
        return format_html('<a href="{}">{}</a>', reverse("plan_detail", args=[record.pk]), value.name)

    def value_number(self, record):
        return f"第{record.number}版"

    def render_number(self, record):
        return self.value_number(record)

    def render_state(self, record):
        return state_tag(record)

    def render_target_on(self, value):
        return value.isoformat()

    def render_approved_on(self, value):
        return value.isoformat()

    def value_done(self, record):
        return f"{record.done_count}/{record.milestone_count}"

    def render_done(self, record):
        return self.value_done(record)

    def value_slip(self, record):
        found = self.slips.get(record.pk) if record.approved_on else None
        return found.days if found else None

    def render_slip(self, record):
        return signed_days(self.value_slip(record))


class DateChangeTable(tables.Table):
    """Requests with milestone, project and who asked; `user` is shown the way to what he or she may do."""

    milestone = tables.Column(verbose_name="节点", order_by=("milestone__name",), attrs=WRAP)
    project = tables.Column(
        accessor="milestone__plan__project",
        verbose_name="项目",
        order_by=("milestone__plan__project__name",),
        attrs=BRIEF,
    )
    unit = tables.Column(
        accessor="milestone__unit",
        verbose_name="责任单位",
        order_by=("milestone__unit__position",),
        default="未明确",
    )
    old_due = tables.Column(verbose_name="原计划", order_by=("old_due_on",), attrs=NOWRAP)
    new_due = tables.Column(verbose_name="申请调整至", order_by=("new_due_on",), attrs=NOWRAP)
    reason = tables.Column(verbose_name="原因及依据", orderable=False, attrs=WRAP)
    asked_on = tables.Column(verbose_name="申请", attrs=BRIEF)
    state = tables.Column(verbose_name="状态", attrs=BRIEF)
    actions = tables.Column(
        verbose_name="办理", empty_values=(), orderable=False, attrs=NOWRAP, exclude_from_export=True
    )

    class Meta:
        model = DateChangeRequest
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        fields: ClassVar = ()
        empty_text = "没有符合条件的调整申请。"

    def __init__(self, *args, as_of, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.as_of = as_of
        self.user = user
        self.caption = "调整申请"

    def render_project(self, value):
        return format_html('<a href="{}">{}</a>', reverse("project_detail", args=[value.code]), value.name)

    def render_milestone(self, value):
        return format_html('<a href="{}">{}</a>', reverse("plan_detail", args=[value.plan_id]), value.name)

    def value_old_due(self, record):
        return span_of(record.old_due).words

    def render_old_due(self, record):
        return self.value_old_due(record)

    def value_new_due(self, record):
        return record.new_due_span.words

    def render_new_due(self, record):
        return self.value_new_due(record)

    def value_reason(self, record):
        papers = [record.document] if record.document else []
        papers += [file.name for file in record.attachments.all()]
        return f"{record.reason}（{'；'.join(papers)}）" if papers else record.reason

    def render_reason(self, record):
        return self.value_reason(record)

    def render_asked_on(self, value, record):
        return f"{short_date(value, self.as_of)} {record.asked_by}"

    def value_asked_on(self, record):
        return f"{record.asked_on.isoformat()} {record.asked_by}"

    def value_state(self, record):
        words = record.get_state_display()
        return f"{words}：{record.decision}" if record.decision else words

    def render_state(self, record):
        words = state_tag(record)
        return (
            format_html('{}<div class="small">{}</div>', words, record.decision) if record.decision else words
        )

    def render_actions(self, record):
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
            ((reverse(name, args=[record.pk]), words) for name, (words, step) in doors.items() if step),
        )


# --- milestones -----------------------------------------------------------------------------------------

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
        steps = milestone_steps(record, self.user, self.today)
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
