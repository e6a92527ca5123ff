"""Delivery plans (推进方案), their milestones (节点), evidence and the working calendar."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from ...periods import OfficeDate
from ..fields import OfficeDateField
from ..organizations import Person, Unit, User
from ..projects import Handover, Project, ProjectScopedQuerySet, holder_on
from .templates import PlanTemplate, Stage, StepDayKind


class CalendarDay(models.Model):
    """A day on which the working calendar differs from the plain week (节假日、调休)."""

    day = models.DateField("日期", unique=True)
    is_working = models.BooleanField("上班")
    note = models.CharField("说明", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "节假日与调休"
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day}（{'上班' if self.is_working else '放假'}）"


class DeliveryPlanQuerySet(ProjectScopedQuerySet["DeliveryPlan"]):
    def in_force(self, day: date) -> Self:
        """The version of each project in force on a day; the first one also before its approval."""
        return self.filter(plan_holds(day))


def plan_holds(day: date, path: str = "") -> Q:
    """The condition on a plan, or on the plan that `path` ("plan__") leads to, that it is in force on a day."""
    begun = Q(**{f"{path}from_on__isnull": True}) | Q(**{f"{path}from_on__lte": day})
    standing = Q(**{f"{path}until_on__isnull": True}) | Q(**{f"{path}until_on__gt": day})
    return begun & standing & Q(**{f"{path}state__in": IN_FORCE_STATES})


class DeliveryPlan(models.Model):
    """One version of a project's plan (推进方案). The first approved version is the baseline for ever."""

    class State(models.TextChoices):
        DRAFT = "draft", "拟订"
        SUBMITTED = "submitted", "待审"
        APPROVED = "approved", "在执行"
        SUPERSEDED = "superseded", "已替代"

    DERIVED = frozenset({"from_on", "until_on"})  # left out of the audit record: the approvals say the same

    project = models.ForeignKey(Project, models.PROTECT, related_name="plans", verbose_name="项目")
    number = models.PositiveSmallIntegerField("版次", default=1)
    state = models.CharField("状态", max_length=12, choices=State, default=State.DRAFT)
    template = models.ForeignKey(
        PlanTemplate, models.PROTECT, null=True, blank=True, related_name="plans", verbose_name="方案模板"
    )
    starts_on = models.DateField("可启动日期", null=True, blank=True, help_text="倒排工期由此判断是否可行。")
    finish_on = models.DateField("目标完成日期", null=True, blank=True, help_text="竣工或投产的目标日期。")
    reason = models.CharField("编制（调整）说明", max_length=300, blank=True)
    document = models.CharField("依据文件", max_length=120, blank=True)
    submitted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="报审人"
    )
    submitted_at = models.DateTimeField("报审时间", null=True, blank=True)
    return_reason = models.CharField("退回原因", max_length=300, blank=True)
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="批准人"
    )
    approved_on = models.DateField("批准日期", null=True, blank=True)
    # in force, half-open, while approved or superseded; kept by services.plans.versions.put_in_force
    from_on = models.DateField(
        "执行起始日", null=True, blank=True, editable=False, help_text="首版为空：批准前也以其为准。"
    )
    until_on = models.DateField("被替代日期", null=True, blank=True, editable=False)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="拟订人")
    made_at = models.DateTimeField("拟订时间")

    objects = DeliveryPlanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "推进方案"
        ordering = ["project", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "number"],
                name="one_plan_version",
                violation_error_message="该版次已存在。",
            ),
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(state="approved"),
                name="one_plan_in_force",
                violation_error_message="该项目已有在执行的推进方案。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "superseded"]) | Q(approved_on__isnull=False),
                name="approved_plan_has_a_date",
                violation_error_message="已批准的推进方案须有批准日期。",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(finish_on__isnull=True)
                | Q(finish_on__gte=F("starts_on")),
                name="plan_finishes_after_its_start",
                violation_error_message="目标完成日期不能早于可启动日期。",
            ),
            models.CheckConstraint(
                condition=Q(state="superseded", until_on__isnull=False)
                | (~Q(state="superseded") & Q(until_on__isnull=True)),
                name="superseded_plan_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} 推进方案第{self.number}版"

    @property
    def is_draft(self) -> bool:
        return self.state == DeliveryPlan.State.DRAFT

    @property
    def is_in_force(self) -> bool:
        return self.state == DeliveryPlan.State.APPROVED

    @property
    def is_superseded(self) -> bool:
        return self.state == DeliveryPlan.State.SUPERSEDED


IN_FORCE_STATES = [DeliveryPlan.State.APPROVED.value, DeliveryPlan.State.SUPERSEDED.value]  # on some day


class MilestoneQuerySet(ProjectScopedQuerySet["Milestone"]):
    PROJECT = "plan__project"

    def workable_by(self, user: Person) -> Self:
        """Milestones this person may mark done: of projects he or she reports on, and those of the person's units."""
        scope = Q(plan__project__in=Project.objects.editable_by(user))
        if user.is_authenticated and user.unit_ids:
            scope |= Q(unit__in=user.unit_ids)
        return self.filter(scope)

    def for_steps(self, user: Person) -> ProjectScopedQuerySet[Any]:
        """Annotates what services.plans.steps_of asks.

        `is_ours` (workable_by), `waits` (a request to move it), `claim` (the key of a completion that waits, or None).
        """
        ours = Milestone.objects.workable_by(user).filter(pk=OuterRef("pk"))
        waiting = DateChangeRequest.objects.waiting().filter(milestone=OuterRef("pk"))
        claims = MilestoneClaim.objects.waiting().filter(milestone=OuterRef("pk")).values("pk")
        return self.annotate(is_ours=Exists(ours), waits=Exists(waiting), claim=Subquery(claims[:1]))

    def claimed(self) -> Self:
        """Reported done on a day that the office has not confirmed yet (办结待确认)."""
        return self.filter(pk__in=MilestoneClaim.objects.waiting().values("milestone"))

    def in_force(self) -> Self:
        """Milestones of the plans in execution of projects still driven forward."""
        return self.filter(plan__state=DeliveryPlan.State.APPROVED, plan__project__state=Project.State.ACTIVE)

    def with_responsible(self, day: date) -> ProjectScopedQuerySet[Any]:
        """Annotates `responsible`: who answers for each (责任单位), the day's lead department where no unit is named."""
        lead = holder_on(Handover.Slot.LEAD_DEPARTMENT, day, "plan__project")
        return self.annotate(responsible=Coalesce("unit", lead, output_field=models.BigIntegerField()))

    def achieved_by(self, day: date) -> Self:
        return self.filter(achieved_on__lte=day)

    def is_open(self, day: date) -> Q:
        """Not achieved by the day: what was achieved later was still open then."""
        return Q(achieved_on__isnull=True) | Q(achieved_on__gt=day)

    def is_overdue(self, day: date) -> Q:
        """Open on the day with the due date passed; due that day is not overdue."""
        return self.is_open(day) & Q(due_on__lt=day)

    def open(self, day: date) -> Self:
        return self.filter(self.is_open(day))

    def due_by(self, day: date) -> Self:
        return self.filter(due_on__lte=day)

    def overdue(self, day: date) -> Self:
        return self.filter(self.is_overdue(day))


def milestone_matter(root: int) -> str:
    """The name of a milestone's matter, by its first row: it stays when a new version of the plan comes into force."""
    return f"milestone:{root}"


class DateChangeQuerySet(ProjectScopedQuerySet["DateChangeRequest"]):
    PROJECT = "milestone__plan__project"

    def waiting(self) -> Self:
        return self.filter(state=DateChangeRequest.State.WAITING)


class Milestone(models.Model):
    """A dated step of a plan (节点). “Done” needs evidence: a document number or an attachment."""

    Stage = Stage

    plan = models.ForeignKey(DeliveryPlan, models.PROTECT, related_name="milestones", verbose_name="推进方案")
    position = models.PositiveSmallIntegerField("序号")
    stage = models.CharField("阶段", max_length=14, choices=Stage)
    name = models.CharField("节点名称", max_length=80)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="milestones", verbose_name="责任单位"
    )
    duration = models.PositiveSmallIntegerField("工期", null=True, blank=True)
    day_kind = models.CharField("工期单位", max_length=8, choices=StepDayKind, default=StepDayKind.WORKING)
    due = OfficeDateField("计划完成时间")
    due_on = models.DateField(null=True, editable=False)
    due_span: OfficeDate
    achieved_on = models.DateField("实际完成日期", null=True, blank=True)
    evidence = models.CharField("完成依据（文号或说明）", max_length=120, blank=True)
    weight = models.PositiveSmallIntegerField("权重", default=1)
    is_key = models.BooleanField("关键节点", default=False)
    predecessors = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="successors", verbose_name="紧前节点"
    )
    baseline = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="revisions",
        verbose_name="基线节点",
        help_text="首次批准的方案中的同一节点；首次列入的节点为空。",
    )
    note = models.CharField("备注", max_length=200, blank=True)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "节点"
        ordering = ["plan", "position"]
        indexes = [models.Index(fields=["due_on"], name="milestone_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "position"],
                name="milestone_position",
                violation_error_message="节点序号重复。",
            ),
            models.UniqueConstraint(
                fields=["plan", "baseline"],
                name="milestone_once_a_version",
                violation_error_message="同一节点在一版推进方案中只能列一次。",
            ),
            models.CheckConstraint(
                condition=Q(achieved_on__isnull=True) | ~Q(evidence=""),
                name="achieved_milestone_has_evidence",
                violation_error_message="节点办结须有依据：请填写文号，或上传照片、文件。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def project(self) -> Project:
        return self.plan.project

    @property
    def root_id(self) -> int:
        """The milestone it is through all versions of the plan (同一节点): its first row."""
        return self.baseline_id or self.pk

    @property
    def matter(self) -> str:
        """What alerts, reminders and issues of the weekly report call it from day to day."""
        return milestone_matter(self.root_id)

    @property
    def responsible_unit(self) -> Unit | None:
        """Who answers for it (责任单位): its own unit, else the project's lead department."""
        return self.unit or self.plan.project.lead_department


class DateChangeRequest(models.Model):
    """A request to move a milestone's date (节点调整申请), asked before the due date and decided by the office.

    Approval puts a new plan version in force, so the old date stays with the old version and past lateness is kept.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "待审定"
        APPROVED = "approved", "已同意"
        REFUSED = "refused", "不同意"
        WITHDRAWN = "withdrawn", "已撤回"

    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="date_changes", verbose_name="节点")
    old_due = models.CharField("原计划完成时间", max_length=40)
    old_due_on = models.DateField("原计划完成日期")
    new_due = OfficeDateField("申请调整至", blank=False)
    new_due_on = models.DateField(null=True, editable=False)
    new_due_span: OfficeDate
    reason = models.CharField("调整原因", max_length=300)
    document = models.CharField("依据文件", max_length=120, blank=True)
    asked_on = models.DateField("申请日期")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="申请人")
    asked_at = models.DateTimeField("申请时间")
    state = models.CharField("状态", max_length=10, choices=State, default=State.WAITING)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审定人"
    )
    decided_at = models.DateTimeField("审定时间", null=True, blank=True)
    decision = models.CharField("审定意见", max_length=300, blank=True)
    new_plan = models.ForeignKey(
        DeliveryPlan, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="生效版次"
    )

    objects = DateChangeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "节点调整申请"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["milestone"],
                condition=Q(state="waiting"),
                name="one_waiting_date_change",
                violation_error_message="该节点已有待审定的调整申请。",
            ),
            models.CheckConstraint(
                condition=Q(asked_on__lt=F("old_due_on")),
                name="date_change_asked_before_due",
                violation_error_message="调整申请须在原计划完成日期之前提出。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "withdrawn"]) | Q(decided_by__isnull=False),
                name="date_change_decided_by_somebody",
                violation_error_message="审定须有审定人。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.milestone} {self.old_due} → {self.new_due}"

    @property
    def project(self) -> Project:
        return self.milestone.project


class MilestoneClaimQuerySet(ProjectScopedQuerySet["MilestoneClaim"]):
    PROJECT = "milestone__plan__project"

    def waiting(self) -> Self:
        return self.filter(state=MilestoneClaim.State.WAITING)


class MilestoneClaim(models.Model):
    """A milestone reported done on a day before the last confirmed report's period (节点办结申报): it waits for the office.

    Until then the milestone is open for figures, lights and findings; once confirmed it is done since its own day.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "待确认"
        CONFIRMED = "confirmed", "已确认"
        RETURNED = "returned", "已退回"
        WITHDRAWN = "withdrawn", "已撤回"

    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="claims", verbose_name="节点")
    achieved_on = models.DateField("申报完成日期")
    evidence = models.CharField("完成依据（文号或说明）", max_length=120)
    claimed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="申报人")
    claimed_at = models.DateTimeField("申报时间")
    state = models.CharField("状态", max_length=10, choices=State, default=State.WAITING)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="确认（退回）人"
    )
    decided_at = models.DateTimeField("确认（退回）时间", null=True, blank=True)
    return_reason = models.CharField("退回原因", max_length=300, blank=True)

    objects = MilestoneClaimQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "节点办结申报"
        ordering = ["-claimed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["milestone"],
                condition=Q(state="waiting"),
                name="one_waiting_claim",
                violation_error_message="该节点已有待确认的办结申报。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "withdrawn"]) | Q(decided_by__isnull=False),
                name="claim_decided_by_somebody",
                violation_error_message="确认、退回须有经办人。",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(return_reason=""),
                name="returned_claim_says_why",
                violation_error_message="退回须有原因。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.milestone} {self.achieved_on}"

    @property
    def project(self) -> Project:
        return self.milestone.project


class Attachment(models.Model):
    """A photo or document (附件) on a project; served only to those who see the project."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="attachments", verbose_name="项目")
    milestone = models.ForeignKey(
        Milestone, models.PROTECT, null=True, blank=True, related_name="attachments", verbose_name="节点"
    )
    report = models.ForeignKey(
        "ProgressReport",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="attachments",
        verbose_name="旬报",
    )
    visit = models.ForeignKey(
        "SiteVisit", models.PROTECT, null=True, blank=True, related_name="attachments", verbose_name="走访"
    )
    problem = models.ForeignKey(
        "Problem", models.PROTECT, null=True, blank=True, related_name="attachments", verbose_name="问题"
    )
    date_change = models.ForeignKey(
        DateChangeRequest,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="attachments",
        verbose_name="节点调整申请",
    )
    handover = models.ForeignKey(
        "Handover",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="attachments",
        verbose_name="责任交接",
    )
    state_change = models.ForeignKey(
        "StateChange",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="attachments",
        verbose_name="状态变更",
    )
    permit = models.ForeignKey(
        "Permit", models.PROTECT, null=True, blank=True, related_name="attachments", verbose_name="许可"
    )
    supervision_line = models.ForeignKey(
        "SupervisionLine",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="attachments",
        verbose_name="督办事项",
    )
    file = models.FileField("文件", upload_to="attachments/%Y/%m/")
    name = models.CharField("文件名", max_length=160)
    content_type = models.CharField("类型", max_length=100)
    size = models.PositiveIntegerField("大小（字节）")
    sha256 = models.CharField("校验值", max_length=64)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间")

    objects = ProjectScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "附件"
        ordering = ["uploaded_at"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")
