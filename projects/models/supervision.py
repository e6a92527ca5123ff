"""督办单 (supervision orders): numbered, many rows, each row answered alone and closed by the issuer."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.functional import cached_property

from .organizations import Person, Unit, User
from .projects import Project, ProjectScopedQuerySet


class SupervisionOrderQuerySet(models.QuerySet["SupervisionOrder"]):
    def visible_to(self, user: Person) -> Self:
        """All for those who see all projects; others the issued slips to their units or about projects they see."""
        if not user.is_authenticated:
            return self.none()
        if user.sees_all_projects:
            return self
        lines = SupervisionLine.objects.filter(order=OuterRef("pk")).visible_to(user)
        return self.exclude(state=SupervisionOrder.State.DRAFT).filter(
            Q(unit__in=user.unit_ids) | Exists(lines)
        )

    def with_has_lines(self) -> Self:
        """With `has_lines` read beside the row."""
        return self.annotate(has_lines=Exists(SupervisionLine.objects.filter(order=OuterRef("pk"))))

    def answerable_by(self, user: User) -> Self:
        """Slips a person may sign for and answer: those to the person's own unit."""
        return self.visible_to(user).filter(unit__in=user.unit_ids)


class SupervisionOrder(models.Model):
    """A formal order with a reply due date (督办单). One sequence per type and year, numbers never used again."""

    class Type(models.TextChoices):
        REMIND = "remind", "提醒"
        ASSIGN = "assign", "交办"
        SUPERVISE = "supervise", "督办"
        TALK = "talk", "约谈"
        CIRCULAR = "circular", "通报"

    class State(models.TextChoices):
        DRAFT = "draft", "拟稿"
        ISSUED = "issued", "已印发"
        VOID = "void", "已作废"

    type = models.CharField("类型", max_length=10, choices=Type, default=Type.SUPERVISE)
    year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveSmallIntegerField("编号", null=True, blank=True, help_text="印发时编号。")
    state = models.CharField("状态", max_length=8, choices=State, default=State.DRAFT)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="supervision_orders", verbose_name="承办单位")
    facts = models.TextField("事由")
    demand = models.TextField("办理要求")
    issued_on = models.DateField("印发日期", null=True, blank=True)
    due_on = models.DateField("回复时限", null=True, blank=True)
    issued_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="印发人"
    )
    received_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="签收人"
    )
    received_at = models.DateTimeField("签收时间", null=True, blank=True)
    void_reason = models.CharField("作废原因", max_length=200, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="拟稿人")
    made_at = models.DateTimeField("拟稿时间")

    objects = SupervisionOrderQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "督办单"
        ordering = ["-year", "-number", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["type", "year", "number"],
                name="one_order_number",
                violation_error_message="该编号已使用。",
            ),
            models.CheckConstraint(
                condition=~Q(state="issued")
                | Q(number__isnull=False, issued_on__isnull=False, due_on__isnull=False),
                name="issued_order_is_numbered",
                violation_error_message="印发须有编号、日期和回复时限。",
            ),
            models.CheckConstraint(
                condition=~Q(state="void") | ~Q(void_reason=""),
                name="void_order_with_reason",
                violation_error_message="作废须说明原因。",
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(issued_on__isnull=True) | Q(due_on__gte=F("issued_on")),
                name="order_due_after_issue",
                violation_error_message="回复时限不能早于印发日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.document_number or f"督办单（拟稿，{self.unit}）"

    @property
    def document_number(self) -> str:
        """The number as printed (淄高新督〔2023〕12号); empty for a draft."""
        word = dict(zip(self.Type, "提交督约通", strict=True))[self.Type(self.type)]
        return f"淄高新{word}〔{self.year}〕{self.number}号" if self.number else ""

    @cached_property
    def has_lines(self) -> bool:
        """Whether a project stands on it. One query, unless read `with_has_lines`."""
        return self.lines.exists()

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_issued(self) -> bool:
        return self.state == self.State.ISSUED

    @property
    def tone(self) -> str:
        """The colour of its state's tag, never said by it alone."""
        tones: dict[str, str] = {self.State.DRAFT: "waiting", self.State.ISSUED: "blue"}
        return tones.get(self.state, "")


class SupervisionLineQuerySet(ProjectScopedQuerySet["SupervisionLine"]):
    def visible_to(self, user: Person) -> Self:
        """Rows of projects the person sees; of an issued slip to the person's own unit every row, for it owes them."""
        if not user.is_authenticated or user.sees_all_projects:
            return super().visible_to(user)
        addressed = Q(order__unit__in=user.unit_ids) & ~Q(order__state=SupervisionOrder.State.DRAFT)
        return self.filter(addressed | Q(project__in=Project.objects.visible_to(user)))

    def open(self) -> Self:
        """Issued and not closed yet."""
        return self.filter(order__state=SupervisionOrder.State.ISSUED).exclude(
            state=SupervisionLine.State.CLOSED
        )

    def overdue(self, day: date) -> Self:
        """Unanswered on the day with the reply's due day passed."""
        return self.open().filter(state=SupervisionLine.State.OPEN, order__due_on__lt=day)


class SupervisionLine(models.Model):
    """One project on a slip (督办事项): answered by the unit with evidence, closed by the issuer."""

    class State(models.TextChoices):
        OPEN = "open", "待回复"
        REPLIED = "replied", "待核验"
        CLOSED = "closed", "已办结"

    order = models.ForeignKey(SupervisionOrder, models.PROTECT, related_name="lines", verbose_name="督办单")
    project = models.ForeignKey(
        Project, models.PROTECT, related_name="supervision_lines", verbose_name="项目"
    )
    matter = models.CharField("督办事项", max_length=300)
    state = models.CharField("状态", max_length=8, choices=State, default=State.OPEN)
    reply = models.TextField("办理情况", blank=True)
    replied_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="回复人"
    )
    replied_at = models.DateTimeField("回复时间", null=True, blank=True)
    return_reason = models.CharField("退回原因", max_length=300, blank=True)
    closed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="核验人"
    )
    closed_on = models.DateField("办结日期", null=True, blank=True)

    objects = SupervisionLineQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "督办事项"
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "project"],
                name="project_once_on_a_slip",
                violation_error_message="同一项目在一张督办单上只列一次。",
            ),
            models.CheckConstraint(
                condition=Q(state="open") | ~Q(reply=""),
                name="replied_line_has_a_reply",
                violation_error_message="回复须填写办理情况。",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_on__isnull=False),
                name="closed_line_has_a_date",
                violation_error_message="办结须有日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.matter

    @property
    def is_closed(self) -> bool:
        return self.state == self.State.CLOSED

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_sent_back(self) -> bool:
        """Answered before, and to be answered again (退回重办)."""
        return self.is_open and bool(self.return_reason)

    @property
    def tone(self) -> str:
        """The colour of its state's tag, never said by it alone."""
        tones: dict[str, str] = {self.State.REPLIED: "waiting", self.State.CLOSED: "blue"}
        return tones.get(self.state, "")
