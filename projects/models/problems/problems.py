"""Problems (问题清单) and their dated progress, to the write-off (销号)."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q

from ..fields import MoneyField
from ..organizations import Person, Unit, User
from ..plans.plans import Milestone
from ..projects import Project, ProjectScopedQuerySet
from ..reports.reports import SiteVisit


class ProblemQuerySet(ProjectScopedQuerySet["Problem"]):
    def is_raised(self, day: date) -> Q:
        return Q(raised_on__lte=day)

    def is_settled(self, day: date) -> Q:
        """Raised by the day and written off (销号) then; one reopened later was written off until that day."""
        then = ProblemClosing.objects.filter(resolved_on__lte=day, reopened_on__gt=day)
        return self.is_raised(day) & (Q(resolved_on__lte=day) | Q(pk__in=then.values("problem")))

    def is_open(self, day: date) -> Q:
        """Raised by the day and not written off then."""
        then = ProblemClosing.objects.filter(resolved_on__lte=day, reopened_on__gt=day)
        not_yet = Q(resolved_on__isnull=True) | Q(resolved_on__gt=day)
        return self.is_raised(day) & not_yet & ~Q(pk__in=then.values("problem"))

    def raised_by_day(self, day: date) -> Self:
        return self.filter(self.is_raised(day))

    def open(self, day: date) -> Self:
        return self.filter(self.is_open(day))

    def overdue(self, day: date) -> Self:
        """Open on the day with the limit passed; the limit day itself is not overdue."""
        return self.open(day).filter(due_on__lt=day)

    def in_state(self, state: str, day: date) -> Self:
        """Raised by the day and then in the state; the row's words are Problem.state_on()."""
        if state == Problem.State.RESOLVED:
            return self.filter(self.is_settled(day))
        then = ProblemClosing.objects.filter(handled_on__lte=day, reopened_on__gt=day)
        handled = Q(handled_on__isnull=False, handled_on__lte=day) | Q(pk__in=then.values("problem"))
        return self.open(day).filter(handled if state == Problem.State.HANDLED else ~handled)

    def workable_by(self, user: Person) -> Self:
        """Problems this person may work on: those of projects they act on, and those their unit leads."""
        scope = Q(project__in=Project.objects.workable_by(user))
        if user.is_authenticated and user.unit_ids:
            scope |= Q(lead_unit__in=user.unit_ids)
        return self.filter(scope)


class Problem(models.Model):
    """One item of the problem list (问题). Written off by someone other than who handled it."""

    class Category(models.TextChoices):
        LAND = "land", "用地"
        PLANNING = "planning", "规划"
        ENVIRONMENT = "environment", "环评"
        ENERGY = "energy", "能耗"
        PERMITS = "permits", "手续"
        FUNDS = "funds", "资金"
        DEMOLITION = "demolition", "征拆"
        UTILITIES = "utilities", "配套"
        LABOUR = "labour", "用工"
        SITE = "site", "施工环境"
        OTHER = "other", "其他"

    class Level(models.TextChoices):
        OFFICER = "officer", "专员"
        DEPARTMENT = "department", "部门"
        SPONSOR = "sponsor", "挂包领导"
        ZONE = "zone", "区"
        CITY = "city", "市"
        PROVINCE = "province", "省"

    class State(models.TextChoices):
        OPEN = "open", "办理中"
        HANDLED = "handled", "待销号"
        RESOLVED = "resolved", "已销号"

    project = models.ForeignKey(Project, models.PROTECT, related_name="problems", verbose_name="项目")
    milestone = models.ForeignKey(
        Milestone, models.PROTECT, null=True, blank=True, related_name="problems", verbose_name="影响节点"
    )
    category = models.CharField("问题类别", max_length=12, choices=Category)
    text = models.CharField("问题描述", max_length=400)
    demand = models.CharField("请求协调事项", max_length=300, blank=True)
    level = models.CharField("协调层级", max_length=12, choices=Level, default=Level.DEPARTMENT)
    lead_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="problems", verbose_name="责任单位"
    )
    helper_units = models.ManyToManyField(
        Unit, blank=True, related_name="helped_problems", verbose_name="配合单位"
    )
    visit = models.ForeignKey(
        SiteVisit, models.PROTECT, null=True, blank=True, related_name="problems", verbose_name="发现于走访"
    )
    money_at_risk = MoneyField("影响投资", null=True, blank=True)
    raised_on = models.DateField("提出日期")
    raised_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="提出人")
    due_on = models.DateField("办理时限")
    state = models.CharField("状态", max_length=10, choices=State, default=State.OPEN)
    handled_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="办理人"
    )
    handled_on = models.DateField("办理完成日期", null=True, blank=True)
    resolved_on = models.DateField("销号日期", null=True, blank=True)
    resolved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="销号人"
    )
    resolution = models.CharField("办理结果", max_length=400, blank=True)
    reopen_count = models.PositiveSmallIntegerField("重新办理次数", default=0)

    objects = ProblemQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "问题"
        ordering = ["-raised_on", "-pk"]
        indexes = [models.Index(fields=["due_on"], name="problem_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__gte=F("raised_on")),
                name="problem_due_after_raised",
                violation_error_message="办理时限不能早于提出日期。",
            ),
            models.CheckConstraint(
                condition=Q(state="resolved", resolved_on__isnull=False)
                | (~Q(state="resolved") & Q(resolved_on__isnull=True)),
                name="resolved_problem_has_a_date",
                violation_error_message="销号须有销号日期。",
            ),
            models.CheckConstraint(
                condition=Q(resolved_by__isnull=True)
                | Q(handled_by__isnull=True)
                | ~Q(resolved_by=F("handled_by")),
                name="resolved_by_another",
                violation_error_message="办理人不能自行销号，请由他人核验。",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_open(self) -> bool:
        """Still being worked on (办理中)."""
        return self.state == Problem.State.OPEN

    @property
    def is_handled(self) -> bool:
        """Handled, and waits to be verified by somebody else (待销号)."""
        return self.state == Problem.State.HANDLED

    @property
    def is_resolved(self) -> bool:
        return self.state == Problem.State.RESOLVED

    def state_on(self, day: date) -> str:
        """The state as it stood on the day (状态)."""
        if self.resolved_by_day(day):
            return Problem.State.RESOLVED
        handled_on = self._standing(day).handled_on
        return Problem.State.HANDLED if handled_on and handled_on <= day else Problem.State.OPEN

    def resolved_by_day(self, day: date) -> date | None:
        """When it was written off, as it stood on the day; None where it was open then."""
        resolved_on = self._standing(day).resolved_on
        return resolved_on if resolved_on and resolved_on <= day else None

    def _standing(self, day: date) -> "Problem | ProblemClosing":
        """What says how it stood: itself, or how it stood until it was reopened after the day (`closings`)."""
        closings = self.closings.all() if self.reopen_count else ()
        return next((one for one in closings if one.held_on(day)), self)


class ProblemClosing(models.Model):
    """How a problem stood handled or written off until it was reopened (曾办结): what was then is not forgotten."""

    problem = models.ForeignKey(Problem, models.PROTECT, related_name="closings", verbose_name="问题")
    handled_on = models.DateField("办理完成日期", null=True, blank=True)
    resolved_on = models.DateField("销号日期", null=True, blank=True)
    reopened_on = models.DateField("重新办理日期")
    resolution = models.CharField("办理结果", max_length=400, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "曾办结"
        ordering = ["problem", "reopened_on", "pk"]
        indexes = [models.Index(fields=["reopened_on", "resolved_on"], name="problem_closed_then")]
        constraints = [
            models.CheckConstraint(
                condition=Q(handled_on__isnull=False) | Q(resolved_on__isnull=False),
                name="closing_was_handled_or_resolved",
            ),
            models.CheckConstraint(
                condition=(Q(handled_on__isnull=True) | Q(handled_on__lte=F("reopened_on")))
                & (Q(resolved_on__isnull=True) | Q(resolved_on__lte=F("reopened_on"))),
                name="closing_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.problem} {self.resolved_on or self.handled_on}—{self.reopened_on}"

    def held_on(self, day: date) -> bool:
        began = min(one for one in (self.handled_on, self.resolved_on) if one)
        return began <= day < self.reopened_on


class ProblemEntry(models.Model):
    """A dated line of progress on a problem (办理进展)."""

    class Kind(models.TextChoices):
        PROGRESS = "progress", "进展"
        ESCALATED = "escalated", "提级"
        ACTION = "action", "措施"
        HANDLED = "handled", "办结"
        RESOLVED = "resolved", "销号"
        REOPENED = "reopened", "重新办理"

    problem = models.ForeignKey(Problem, models.PROTECT, related_name="entries", verbose_name="问题")
    kind = models.CharField("类型", max_length=10, choices=Kind, default=Kind.PROGRESS)
    entered_on = models.DateField("日期")
    text = models.CharField("办理进展", max_length=400)
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    entered_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "办理进展"
        ordering = ["entered_on", "pk"]

    def __str__(self) -> str:
        return self.text


class LevelLimit(models.Model):
    """How many working days a level has for a problem (办理时限); the office changes them in the admin."""

    level = models.CharField("协调层级", max_length=12, choices=Problem.Level, unique=True)
    working_days = models.PositiveSmallIntegerField("办理时限（工作日）")

    class Meta:
        verbose_name = verbose_name_plural = "问题办理时限"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_level_display()}：{self.working_days}个工作日"


class UrgentList(models.Model):
    """省市重大项目亟需解决问题清单: a numbered, dated document drawn from the problem list; frozen once issued.

    `content` holds every row and figure as printed, written by digests/; page and docx are drawn from it.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "拟稿"
        ISSUED = "issued", "已印发"

    year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveSmallIntegerField("期号", null=True, blank=True, help_text="印发时编号。")
    state = models.CharField("状态", max_length=8, choices=State, default=State.DRAFT)
    as_of = models.DateField("截至日期")
    title = models.CharField("标题", max_length=120)
    problems = models.ManyToManyField(
        Problem, blank=True, related_name="urgent_lists", verbose_name="列入的问题"
    )
    content = models.JSONField("内容", default=dict)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="拟稿人")
    made_at = models.DateTimeField("拟稿时间")
    issued_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="签发人"
    )
    issued_at = models.DateTimeField("签发时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "亟需解决问题清单"
        ordering = ["-year", "-number", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "number"],
                name="one_urgent_list_number",
                violation_error_message="该期号已使用。",
            ),
            models.CheckConstraint(
                condition=~Q(state="issued") | Q(number__isnull=False),
                name="issued_urgent_list_is_numbered",
                violation_error_message="印发须有期号。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.year}年第{self.number}期）" if self.number else f"{self.title}（拟稿）"

    @property
    def is_draft(self) -> bool:
        return self.state == UrgentList.State.DRAFT
