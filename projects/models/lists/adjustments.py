"""Mid-year adjustments of an annual list (名单调整): one reviewed act with a document number and an effective date."""

from django.db import models
from django.db.models import Q

from ...periods import OfficeDate
from ..fields import MoneyField, OfficeDateField
from ..organizations import User
from ..projects import Project
from .listings import AnnualList, ProjectStage


class ListAdjustment(models.Model):
    """An adjustment of one list (名单调整). Its lines become listing versions when another office account approves it."""

    class State(models.TextChoices):
        DRAFT = "draft", "拟订"
        SUBMITTED = "submitted", "待复核"
        APPROVED = "approved", "已生效"
        WITHDRAWN = "withdrawn", "已撤回"

    annual_list = models.ForeignKey(
        AnnualList, models.PROTECT, related_name="adjustments", verbose_name="年度名单"
    )
    document = models.CharField("文号", max_length=120)
    effective_on = models.DateField("生效日期")
    note = models.CharField("调整说明", max_length=300, blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="拟订人")
    made_at = models.DateTimeField("拟订时间")
    reviewed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="复核人"
    )
    reviewed_at = models.DateTimeField("复核时间", null=True, blank=True)
    review_note = models.CharField("复核意见", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "名单调整"
        ordering = ["-effective_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(reviewed_by__isnull=False),
                name="adjustment_reviewed_by_somebody",
                violation_error_message="名单调整须经复核后生效。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.annual_list} {self.document}"

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_submitted(self) -> bool:
        return self.state == self.State.SUBMITTED

    @property
    def is_approved(self) -> bool:
        return self.state == self.State.APPROVED

    @property
    def is_withdrawn(self) -> bool:
        return self.state == self.State.WITHDRAWN

    @property
    def is_open(self) -> bool:
        """Not decided yet (办理中)."""
        return self.is_draft or self.is_submitted


class ListAdjustmentLine(models.Model):
    """One project in an adjustment (调整明细): 调入, 调出, 调增, 调减, 类别变更, and what the list then says of it."""

    class Change(models.TextChoices):
        ADDED = "added", "调入"
        REMOVED = "removed", "调出"
        RAISED = "raised", "调增"
        LOWERED = "lowered", "调减"
        RECLASSIFIED = "reclassified", "类别变更"

    adjustment = models.ForeignKey(
        ListAdjustment, models.CASCADE, related_name="lines", verbose_name="名单调整"
    )
    project = models.ForeignKey(Project, models.PROTECT, related_name="+", verbose_name="项目")
    change = models.CharField("变动", max_length=14, choices=Change)
    category = models.CharField("项目类别", max_length=12, choices=ProjectStage, blank=True)
    planned_investment = MoneyField("年度计划投资", null=True, blank=True)
    planned_start = OfficeDateField("计划开工时间")
    planned_start_on = models.DateField(null=True, editable=False)
    planned_start_span: OfficeDate
    planned_completion = OfficeDateField("计划竣工时间")
    planned_completion_on = models.DateField(null=True, editable=False)
    planned_completion_span: OfficeDate
    reason = models.CharField("原因", max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "调整明细"
        ordering = ["adjustment", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["adjustment", "project"],
                name="adjusted_once",
                violation_error_message="同一项目在一次调整中只能有一条明细。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_change_display()} {self.project}"
