"""Tables of problems, corrective actions, clinics, visits (问题、措施、诊所、走访)."""

from typing import ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from projects.models import ClinicSession, CorrectiveAction, Problem, Project, SiteVisit
from projects.periods import due_words
from projects.queries.problems.problems import days_open
from projects.services.problems.actions import steps_of
from projects.services.register.projects import visiting
from projects.templatetags.show import due_tone, short_date
from projects.templatetags.states import state_tag

# --- problems -------------------------------------------------------------------------------------------

WRAP = {"td": {"class": "wrap"}}
NOWRAP = {"td": {"class": "nowrap"}}


class ProblemTable(tables.Table):
    """Problems with project and lead_unit beside them, in the state of `as_of`."""

    text = tables.Column(verbose_name="问题", attrs=WRAP)
    project = tables.Column(verbose_name="项目", order_by=("project__name",), attrs=WRAP)
    category = tables.Column(verbose_name="类别")
    lead_unit = tables.Column(
        verbose_name="责任单位", order_by=("lead_unit__position", "lead_unit__name"), default="待明确"
    )
    level = tables.Column(verbose_name="协调层级")
    raised_on = tables.Column(verbose_name="提出", attrs=NOWRAP)
    due_on = tables.Column(verbose_name="时限", attrs=NOWRAP)
    days = tables.Column(
        verbose_name="已办天数",
        accessor="raised_on",
        order_by=("-raised_on",),
        attrs={"td": {"class": "num"}},
    )
    state = tables.Column(verbose_name="状态", orderable=False)

    class Meta:
        model = Problem
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        fields: ClassVar = ()
        empty_text = "没有符合条件的问题。"

    def __init__(self, *args, as_of, **kwargs):
        super().__init__(*args, **kwargs)
        self.as_of = as_of
        self.caption = "问题清单"

    def render_text(self, value, record):
        return format_html('<a href="{}">{}</a>', reverse("problem_detail", args=[record.pk]), value)

    def render_project(self, value, record):
        return format_html('<a href="{}">{}</a>', reverse("project_detail", args=[value.code]), value.name)

    def render_raised_on(self, value):
        return short_date(value, self.as_of)

    def render_due_on(self, value, record):
        if record.state_on(self.as_of) == Problem.State.RESOLVED:
            return short_date(value, self.as_of)
        return format_html(
            '{} <span class="{}">{}</span>',
            short_date(value, self.as_of),
            due_tone(value, self.as_of),
            due_words(value, self.as_of),
        )

    def render_days(self, record):
        return days_open(record, self.as_of)

    value_days = render_days

    def value_state(self, record):
        return Problem.State(record.state_on(self.as_of)).label

    def render_state(self, record):
        again = f"（第{record.reopen_count + 1}次办理）" if record.reopen_count else ""
        return format_html("{}{}", state_tag(record, record.state_on(self.as_of)), again)


# --- actions -------------------------------------------------------------------------------------------


def source_of(action: CorrectiveAction) -> tuple[str, str]:
    """Where a action comes from (来源): words, and the address."""
    if action.case_id:
        return "项目诊所处方", reverse("clinic_case", args=[action.case_id])
    if action.problem_id:
        return "问题措施", reverse("problem_detail", args=[action.problem_id])
    return "走访议定事项", reverse("visit_detail", args=[action.visit_id])


class ActionTable(tables.Table):
    """Actions with project and unit beside them, as they stood on `as_of`, read `for_steps` of the user."""

    text = tables.Column(verbose_name="措施", attrs=WRAP)
    project = tables.Column(verbose_name="项目", order_by=("project__name",), attrs=WRAP)
    source = tables.Column(verbose_name="来源", empty_values=(), orderable=False)
    unit = tables.Column(verbose_name="责任单位", order_by=("unit__position", "unit__name"))
    made_on = tables.Column(verbose_name="提出", attrs=NOWRAP)
    due_on = tables.Column(verbose_name="时限", attrs=NOWRAP)
    result = tables.Column(verbose_name="落实情况", attrs=WRAP, orderable=False, empty_values=())
    finish = tables.Column(verbose_name="登记", empty_values=(), orderable=False, exclude_from_export=True)

    class Meta:
        model = CorrectiveAction
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        fields: ClassVar = ()
        empty_text = "没有符合条件的措施。"

    def __init__(self, *args, as_of, user, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.as_of, self.user, self.today = as_of, user, today
        self.caption = "措施清单"

    def _is_done(self, record) -> bool:
        return record.done_on is not None and record.done_on <= self.as_of

    def render_project(self, value):
        return format_html('<a href="{}">{}</a>', reverse("project_detail", args=[value.code]), value.name)

    def render_source(self, record):
        words, href = source_of(record)
        return format_html('<a href="{}">{}</a>', href, words)

    def value_source(self, record):
        return source_of(record)[0]

    def render_made_on(self, value):
        return short_date(value, self.as_of)

    def render_due_on(self, value, record):
        if self._is_done(record):
            return short_date(value, self.as_of)
        return format_html(
            '{} <span class="{}">{}</span>',
            short_date(value, self.as_of),
            due_tone(value, self.as_of),
            due_words(value, self.as_of),
        )

    def value_result(self, record):
        if not self._is_done(record):
            return "未落实"
        return f"{record.done_on.isoformat()}落实：{record.result}"

    def render_result(self, record):
        if not self._is_done(record):
            return format_html('<span class="tag waiting">{}</span>', "未落实")
        return f"{short_date(record.done_on, self.as_of)}落实：{record.result}"

    def render_finish(self, record):
        if not steps_of(record, self.user, self.today)["finish"]:
            return ""
        return format_html(
            '<a class="btn btn-sm" href="{}">登记落实</a>', reverse("action_finish", args=[record.pk])
        )


# --- clinics --------------------------------------------------------------------------------------------

NUM = {"td": {"class": "num"}}


class SessionTable(tables.Table):
    """Sittings with their units prefetched, `n_cases` and `n_discharged` counted beside them."""

    number = tables.Column(verbose_name="期号", order_by=("year", "number"), attrs=NOWRAP)
    held_on = tables.Column(verbose_name="会诊日期", attrs=NOWRAP)
    place = tables.Column(verbose_name="地点", orderable=False)
    chair = tables.Column(verbose_name="主持人", orderable=False)
    units = tables.Column(verbose_name="会诊单位", orderable=False, empty_values=(), attrs=WRAP)
    n_cases = tables.Column(verbose_name="病例", attrs=NUM)
    n_discharged = tables.Column(verbose_name="已出院", attrs=NUM)
    state = tables.Column(verbose_name="状态")

    class Meta:
        model = ClinicSession
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        fields: ClassVar = ()
        empty_text = "还没有会诊。"

    def __init__(self, *args, as_of, **kwargs):
        super().__init__(*args, **kwargs)
        self.as_of = as_of
        self.caption = "项目诊所会诊"

    def value_number(self, record):
        return f"{record.year}年第{record.number}期"

    def render_number(self, record):
        return format_html(
            '<a href="{}">{}</a>', reverse("clinic_detail", args=[record.pk]), self.value_number(record)
        )

    def render_held_on(self, value):
        return short_date(value, self.as_of)

    def render_units(self, record):
        return "、".join(str(unit) for unit in record.units.all())

    value_units = render_units

    def render_state(self, record):
        return state_tag(record)


# --- visits ---------------------------------------------------------------------------------------------


class VisitTable(tables.Table):
    """Visits with project and official beside them and their attachments prefetched."""

    project = tables.Column(verbose_name="项目", order_by=("project__name",))
    visited_on = tables.Column(verbose_name="日期", attrs={"td": {"class": "nowrap"}})
    official = tables.Column(verbose_name="带队领导", order_by=("official__position",), default="—")
    findings = tables.Column(verbose_name="现场情况", attrs=WRAP, orderable=False)
    decisions = tables.Column(verbose_name="议定事项", attrs=WRAP, orderable=False)
    people = tables.Column(verbose_name="参加人员", orderable=False)
    photos = tables.Column(verbose_name="照片", empty_values=(), orderable=False)

    class Meta:
        model = SiteVisit
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        fields: ClassVar = ()
        empty_text = "还没有走访记录，可在项目页登记走访。"

    def __init__(self, *args, as_of, **kwargs):
        super().__init__(*args, **kwargs)
        self.as_of = as_of
        self.caption = "走访记录"

    def render_project(self, value):
        return format_html('<a href="{}">{}</a>', reverse("project_detail", args=[value.code]), value.name)

    def render_visited_on(self, value, record):
        return format_html(
            '<a href="{}">{}</a>', reverse("visit_detail", args=[record.pk]), short_date(value, self.as_of)
        )

    def value_photos(self, record):
        number = len(record.attachments.all())  # prefetched
        return f"{number}张" if number else None

    def render_photos(self, record):
        links = (
            (reverse("attachment", args=[file.pk]), number)
            for number, file in enumerate(record.attachments.all(), 1)
        )
        return format_html_join(" ", '<a href="{}">照片{}</a>', links)


class OwedVisitTable(tables.Table):
    """Projects whose sponsor owes a visit this month (本月待走访); `workable`: those the user works
    on, put there by the view for the page's rows."""

    name = tables.Column(verbose_name="项目", attrs=WRAP)
    sponsor = tables.Column(verbose_name="挂包领导", order_by=("sponsor__position", "sponsor__name"))
    visits_this_month = tables.Column(verbose_name="本月已走访（次）", attrs={"td": {"class": "num"}})
    log = tables.Column(verbose_name="登记", empty_values=(), orderable=False, exclude_from_export=True)

    class Meta:
        model = Project
        template_name = "components/table.html"
        attrs: ClassVar = {"class": "cards"}
        fields: ClassVar = ()
        empty_text = "本月走访都已完成。"

    def __init__(self, *args, as_of, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.as_of, self.user = as_of, user
        self.workable: set[int] = set()
        self.caption = "本月待走访"

    def render_name(self, value, record):
        return format_html('<a href="{}">{}</a>', reverse("project_detail", args=[record.code]), value)

    def render_log(self, record):
        if not visiting(record, self.user, record.pk in self.workable):
            return ""
        return format_html(
            '<a class="btn btn-sm" href="{}">登记走访</a>', reverse("visit_create", args=[record.code])
        )
