"""Delivery plans (推进方案), their milestones (节点), evidence and the working calendar."""

from django.db import models
from django.db.models import Q

from .fields import OfficeDateField
from .organizations import Unit, User
from .projects import Project, ProjectScopedQuerySet


class CalendarDay(models.Model):
    """A day on which the working calendar differs from the plain week (节假日、调休)."""

    day = models.DateField("日期", unique=True)
    is_working = models.BooleanField("上班")
    note = models.CharField("说明", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "节假日与调休"
        ordering = ["-day"]

    def __str__(self):
        return f"{self.day}（{'上班' if self.is_working else '放假'}）"


class DeliveryPlan(models.Model):
    """One version of a project's plan (推进方案). The first approved version is the baseline for ever."""

    class State(models.TextChoices):
        DRAFT = "draft", "拟订"
        SUBMITTED = "submitted", "待审"
        APPROVED = "approved", "在执行"
        SUPERSEDED = "superseded", "已替代"

    project = models.ForeignKey(Project, models.PROTECT, related_name="plans", verbose_name="项目")
    number = models.PositiveSmallIntegerField("版次", default=1)
    state = models.CharField("状态", max_length=12, choices=State, default=State.DRAFT)
    document = models.CharField("依据文件", max_length=120, blank=True)
    approved_on = models.DateField("批准日期", null=True, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="拟订人")
    made_at = models.DateTimeField("拟订时间")

    objects = ProjectScopedQuerySet.as_manager()

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
        ]

    def __str__(self):
        return f"{self.project} 推进方案第{self.number}版"


class MilestoneQuerySet(ProjectScopedQuerySet):
    PROJECT = "plan__project"

    def in_force(self):
        """Milestones of the plans in execution of projects still driven forward."""
        return self.filter(plan__state=DeliveryPlan.State.APPROVED, plan__project__state=Project.State.ACTIVE)

    def achieved_by(self, day):
        return self.filter(achieved_on__lte=day)

    def open(self, day):
        """Not achieved by the day: what was achieved later was still open then."""
        return self.filter(Q(achieved_on__isnull=True) | Q(achieved_on__gt=day))

    def due_by(self, day):
        return self.filter(due_on__lte=day)

    def overdue(self, day):
        """Open on the day with the due date passed; due that day is not overdue."""
        return self.open(day).filter(due_on__lt=day)


class Milestone(models.Model):
    """A dated step of a plan (节点). “Done” needs evidence: a document number or an attachment."""

    class Stage(models.TextChoices):
        PREPARATORY = "preparatory", "前期"
        CONSTRUCTION = "construction", "在建"
        COMPLETION = "completion", "竣工"

    plan = models.ForeignKey(DeliveryPlan, models.PROTECT, related_name="milestones", verbose_name="推进方案")
    position = models.PositiveSmallIntegerField("序号")
    stage = models.CharField("阶段", max_length=14, choices=Stage)
    name = models.CharField("节点名称", max_length=80)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="milestones", verbose_name="责任单位"
    )
    due = OfficeDateField("计划完成时间")
    due_on = models.DateField(null=True, editable=False)
    achieved_on = models.DateField("实际完成日期", null=True, blank=True)
    evidence = models.CharField("完成依据（文号或说明）", max_length=120, blank=True)
    weight = models.PositiveSmallIntegerField("权重", default=1)
    is_key = models.BooleanField("关键节点", default=False)
    predecessors = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="successors", verbose_name="紧前节点"
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
            models.CheckConstraint(
                condition=Q(achieved_on__isnull=True) | ~Q(evidence=""),
                name="achieved_milestone_has_evidence",
                violation_error_message="节点办结须有依据：请填写文号，或上传照片、文件。",
            ),
        ]

    def __str__(self):
        return self.name


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

    def __str__(self):
        return self.name

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")
