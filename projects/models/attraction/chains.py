"""链长制: the segments of an industry chain, its team (专班), its year's work, its projects' places in it."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q

from ..organizations import IndustryChain, Unit, User
from ..projects import Project, ProjectScopedQuerySet


class ChainSegment(models.Model):
    """A segment of a chain (环节), e.g. 储能电池 in 新能源: upstream, midstream or downstream."""

    class Tier(models.TextChoices):
        UPSTREAM = "1_upstream", "上游"
        MIDSTREAM = "2_midstream", "中游"
        DOWNSTREAM = "3_downstream", "下游"

    chain = models.ForeignKey(IndustryChain, models.PROTECT, related_name="segments", verbose_name="产业链")
    tier = models.CharField("位置", max_length=12, choices=Tier)
    name = models.CharField("环节名称", max_length=40)
    position = models.PositiveSmallIntegerField("排序", default=100)
    is_active = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "产业链环节"
        ordering = ["chain", "tier", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["chain", "name"],
                name="segment_once_a_chain",
                violation_error_message="该产业链已有同名环节。",
            )
        ]

    def __str__(self) -> str:
        return self.name


class ChainPlacement(models.Model):
    """The segment a project stands in (所在环节); it counts while the project belongs to the segment's chain."""

    project = models.OneToOneField(
        Project, models.PROTECT, related_name="chain_placement", verbose_name="项目"
    )
    segment = models.ForeignKey(
        ChainSegment, models.PROTECT, related_name="placements", verbose_name="所在环节"
    )
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    made_at = models.DateTimeField("登记时间")

    objects = ProjectScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "项目所在环节"

    def __str__(self) -> str:
        return f"{self.project} {self.segment}"


class ChainMember(models.Model):
    """A unit or person of a chain's team (专班), with the post held in it, from a day until a day."""

    chain = models.ForeignKey(IndustryChain, models.PROTECT, related_name="members", verbose_name="产业链")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位"
    )
    name = models.CharField("姓名", max_length=40, blank=True)
    post = models.CharField("专班职务", max_length=40, help_text="如 组长、副组长、成员单位、联络员。")
    phone = models.CharField("电话", max_length=40, blank=True)
    from_on = models.DateField("自")
    until_on = models.DateField("至", null=True, blank=True)
    position = models.PositiveSmallIntegerField("排序", default=100)

    class Meta:
        verbose_name = verbose_name_plural = "产业链专班成员"
        ordering = ["chain", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(unit__isnull=False) | ~Q(name=""),
                name="chain_member_is_somebody",
                violation_error_message="单位、姓名至少填写一项。",
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=models.F("from_on")),
                name="chain_member_ends_after_start",
                violation_error_message="截止日期不能早于起始日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.unit)


class ChainTaskQuerySet(models.QuerySet["ChainTask"]):
    def of_year(self, year: int) -> Self:
        return self.filter(year=year)

    def done_by(self, day: date) -> Self:
        return self.filter(done_on__lte=day)


class ChainTask(models.Model):
    """An item of a chain's work of the year (年度工作任务): what, who, by when, done with which result."""

    chain = models.ForeignKey(IndustryChain, models.PROTECT, related_name="tasks", verbose_name="产业链")
    year = models.PositiveSmallIntegerField("年度")
    text = models.CharField("工作任务", max_length=200)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="责任单位")
    due_on = models.DateField("完成时限")
    done_on = models.DateField("完成日期", null=True, blank=True)
    result = models.CharField("完成情况", max_length=200, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    made_at = models.DateTimeField("登记时间")

    objects = ChainTaskQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "产业链年度任务"
        ordering = ["chain", "due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["chain", "year", "text"],
                name="chain_task_once_a_year",
                violation_error_message="该产业链本年度已有同一任务。",
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | ~Q(result=""),
                name="chain_task_done_with_a_result",
                violation_error_message="登记完成须写明完成情况。",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def is_worked_by(self, user: User) -> bool:
        """Whether the person may report it done: the office everything, reporters and heads their unit's."""
        return user.is_office or self.unit_id in user.unit_ids

    def state_on(self, day: date) -> str:
        """done, late or open on a day; the due day itself is not late."""
        if self.done_on is not None and self.done_on <= day:
            return "done"
        return "late" if self.due_on < day else "open"
