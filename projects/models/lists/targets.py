"""Investment targets by ten-day period (分旬目标), set by hand where a list's baseline is not to split the plan."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery

from ...periods import TenDayPeriod
from ..fields import MoneyField
from ..organizations import User
from ..projects import ProjectScopedQuerySet
from .listings import Listing


class TargetPlanQuerySet(ProjectScopedQuerySet["TargetPlan"]):
    PROJECT = "listing__project"

    def in_force(self, day: date) -> Self:
        """The split of each listing in force on the day: its latest by then."""
        latest = (
            TargetPlan.objects.filter(listing=OuterRef("listing"), effective_on__lte=day)
            .order_by("-effective_on")
            .values("pk")[:1]
        )
        return self.filter(effective_on__lte=day, pk=Subquery(latest))


class TargetPlan(models.Model):
    """How the year's plan of a listing is split to periods by hand (目标分解), from a date on.

    A listing without one is split by the baseline of its list. Splits are never changed, a new one takes over.
    """

    listing = models.ForeignKey(Listing, models.PROTECT, related_name="target_plans", verbose_name="列入名单")
    effective_on = models.DateField("生效日期")
    reason = models.CharField("说明", max_length=200, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    made_at = models.DateTimeField("登记时间")

    objects = TargetPlanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "目标分解"
        ordering = ["listing", "effective_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["listing", "effective_on"],
                name="one_target_plan_a_day",
                violation_error_message="同一生效日期已有目标分解。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.listing} {self.effective_on}"


class PeriodTarget(models.Model):
    """The amount to invest within one ten-day period (旬目标), an increment, not cumulative."""

    plan = models.ForeignKey(TargetPlan, models.PROTECT, related_name="targets", verbose_name="目标分解")
    period_ends_on = models.DateField("旬末日")
    amount = MoneyField("旬目标", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "旬目标"
        ordering = ["plan", "period_ends_on"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "period_ends_on"], name="one_target_a_period"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="target_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.period.words} {self.amount}"

    @property
    def period(self) -> TenDayPeriod:
        return TenDayPeriod.containing(self.period_ends_on)
