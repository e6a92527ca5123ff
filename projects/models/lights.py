"""Lights as data (亮灯): rule sets with their bands, exemptions, and the light each period closed with."""

from datetime import date
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from ..rules import Light, LightDimension, LightGauge
from .fields import MoneyField, PointsField
from .lists.listings import ListKind
from .organizations import User
from .projects import ENDED_STATES, Project, ProjectScopedQuerySet

LIGHTS = [(light.value, light.words) for light in Light]


class LightRuleSet(models.Model):
    """A rule set (亮灯规则): bands per dimension, for a population, from a date on.

    Without `effective_on` it is a draft (草案), which alone may be edited. Of several in force for a project the one
    of the narrower population rules, then the later. It is replaced by a later one for the same population, or ended
    (停用) without one: from `repealed_on` on it judges nobody. Source: docs/rules.md §6.
    """

    name = models.CharField("名称", max_length=60, unique=True)
    source = models.CharField("依据", max_length=160, blank=True)
    kinds = models.ManyToManyField(
        ListKind, blank=True, verbose_name="适用名单", help_text="不选则适用于全部名单。"
    )
    min_planned_investment = MoneyField(
        "适用项目年度计划投资下限", default=0, help_text="年度计划投资达到此数的项目适用。"
    )
    red_needs = models.PositiveSmallIntegerField(
        "亮红灯所需红灯维度数",
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(6)],
        help_text="缺省为1，即取最差；填2表示两个维度亮红灯项目才亮红灯，只有一个时亮黄灯。",
    )
    effective_on = models.DateField("启用日期", null=True, blank=True)
    document = models.CharField("启用文号", max_length=120, blank=True)
    made_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="拟订人"
    )
    made_at = models.DateTimeField("拟订时间")
    enforced_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="启用人"
    )
    enforced_at = models.DateTimeField("启用时间", null=True, blank=True)
    repealed_on = models.DateField("停用日期", null=True, blank=True)
    repeal_document = models.CharField("停用文号", max_length=120, blank=True)
    repealed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="停用人"
    )
    repealed_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "亮灯规则"
        ordering = [F("effective_on").desc(nulls_first=True), "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(repealed_on__isnull=True)
                | Q(effective_on__isnull=False, repealed_on__gt=F("effective_on")),
                name="rules_end_after_they_begin",
                violation_error_message="停用日期须晚于启用日期；草案无需停用。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_draft(self) -> bool:
        return self.effective_on is None

    def is_repealed(self, day: date) -> bool:
        """Whether it was ended by the day; on `repealed_on` itself it judges no more."""
        return self.repealed_on is not None and self.repealed_on <= day


class LightBand(models.Model):
    """One band of a rule set (档): the light between two ends, each open or closed; an end left empty has no limit."""

    rule_set = models.ForeignKey(LightRuleSet, models.PROTECT, related_name="bands", verbose_name="亮灯规则")
    gauge = models.CharField("指标", max_length=20, choices=[(one.value, one.words) for one in LightGauge])
    light = models.CharField(
        "亮灯", max_length=6, choices=[(light.value, light.words) for light in (Light.YELLOW, Light.RED)]
    )
    low = PointsField("下限", null=True, blank=True)
    low_closed = models.BooleanField("含下限", default=True)
    high = PointsField("上限", null=True, blank=True)
    high_closed = models.BooleanField("含上限", default=False)
    running = models.PositiveSmallIntegerField(
        "连续旬数",
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(9)],
        help_text="连续这么多旬落在本档才亮灯，缺省为1。",
    )

    class Meta:
        verbose_name = verbose_name_plural = "亮灯档"
        ordering = ["rule_set", "gauge", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(low__isnull=False) | Q(high__isnull=False), name="band_has_an_end"
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lte=F("high")),
                name="band_ends_in_order",
                violation_error_message="下限不能大于上限。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_gauge_display()} {self.get_light_display()}"


class LightExemptionQuerySet(ProjectScopedQuerySet["LightExemption"]):
    def in_force(self, day: date) -> Self:
        """Approved, begun and not ended on the day; its last day still counts."""
        return self.filter(state=LightExemption.State.APPROVED, from_on__lte=day, until_on__gte=day).filter(
            Q(ended_on__isnull=True) | Q(ended_on__gt=day)
        )

    def waiting(self) -> Self:
        return self.filter(state=LightExemption.State.ASKED)

    def over(self, day: date) -> Self:
        """Approved, and behind us on the day: its last day gone by, or ended early."""
        gone = Q(until_on__lt=day) | Q(ended_on__lte=day)
        return self.filter(gone, state=LightExemption.State.APPROVED)

    def coming(self, day: date) -> Self:
        """Approved, its first day still to come."""
        return self.filter(state=LightExemption.State.APPROVED, from_on__gt=day, ended_on__isnull=True)

    def ending(self, day: date, until: date) -> Self:
        """In force on the day and over by `until`, of a project that still has a light, and not asked for anew."""
        anew = LightExemption.objects.filter(
            Q(dimension="") | Q(dimension=OuterRef("dimension")),
            project=OuterRef("project"),
            state__in=[LightExemption.State.ASKED, LightExemption.State.APPROVED],
            until_on__gt=OuterRef("until_on"),
            ended_on__isnull=True,
        )
        ended = Q(project__state__in=ENDED_STATES)
        return self.in_force(day).filter(~Exists(anew), ~ended, until_on__lte=until)


class LightExemption(models.Model):
    """A dimension of a project that is not to be judged for a time (亮灯豁免): asked with a reason, approved, ended."""

    class State(models.TextChoices):
        ASKED = "asked", "待批准"
        APPROVED = "approved", "已批准"
        REFUSED = "refused", "未批准"
        WITHDRAWN = "withdrawn", "已撤回"

    project = models.ForeignKey(Project, models.PROTECT, related_name="light_exemptions", verbose_name="项目")
    dimension = models.CharField("维度", max_length=10, blank=True, help_text="空表示全部维度。")
    reason = models.CharField("豁免原因", max_length=200)
    document = models.CharField("依据文号", max_length=120, blank=True)
    from_on = models.DateField("自")
    until_on = models.DateField("至")
    state = models.CharField("状态", max_length=10, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="申请人")
    asked_at = models.DateTimeField("申请时间")
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="批准人"
    )
    decided_at = models.DateTimeField("批准时间", null=True, blank=True)
    decision_note = models.CharField("批准意见", max_length=200, blank=True)
    ended_on = models.DateField("提前终止日", null=True, blank=True)
    ended_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="终止人"
    )

    objects = LightExemptionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "亮灯豁免"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")),
                name="exemption_ends_after_it_begins",
                violation_error_message="豁免截止日不能早于起始日。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "withdrawn"]) | Q(decided_by__isnull=False),
                name="exemption_decided_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.from_on}—{self.until_on}"

    @property
    def dimension_words(self) -> str:
        return LightDimension(self.dimension).words if self.dimension else "全部维度"

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.ASKED

    def touches(self, other: "LightExemption") -> bool:
        """Whether it runs on a day and in a dimension of the other (时间重叠); all dimensions share every one."""
        shares = not self.dimension or other.dimension in {"", self.dimension}
        ended = self.ended_on is not None and self.ended_on <= other.from_on
        return shares and not ended and self.from_on <= other.until_on and self.until_on >= other.from_on

    def can_end(self, day: date) -> bool:
        """Whether there is anything left to end on the day: approved, not over, not ended."""
        return self.state == self.State.APPROVED and not self.ended_on and self.until_on >= day

    def is_in_force(self, day: date) -> bool:
        """The rule of in_force() for one row."""
        ended = self.ended_on is not None and self.ended_on <= day
        return self.state == self.State.APPROVED and self.from_on <= day <= self.until_on and not ended

    def words_on(self, day: date) -> str:
        """How it stands on the day: what was approved begins, runs, and is over or ended early."""
        if self.state != self.State.APPROVED:
            return self.get_state_display()
        if self.is_in_force(day):
            return "豁免中"
        if self.ended_on and self.ended_on <= day:
            return "已提前终止"
        return "已到期" if self.until_on < day else "已批准，未起始"


class LightRecord(models.Model):
    """The light a project closed a ten-day period with (亮灯记录): kept as it was seen, whatever is corrected later.

    `reasons` is a list of {"dimension", "light", "sentence"}, worst first.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="light_records", verbose_name="项目")
    period_ends_on = models.DateField("旬末日")
    light = models.CharField("亮灯", max_length=6, choices=LIGHTS)
    reasons = models.JSONField("原因", default=list)
    rule_set = models.ForeignKey(
        LightRuleSet, models.PROTECT, null=True, related_name="+", verbose_name="亮灯规则"
    )
    recorded_at = models.DateTimeField("记录时间")

    objects = ProjectScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "亮灯记录"
        ordering = ["project", "period_ends_on"]
        constraints = [
            models.UniqueConstraint(fields=["project", "period_ends_on"], name="one_light_a_period"),
        ]
        indexes = [models.Index(fields=["period_ends_on", "light"], name="lights_of_a_period")]

    def __str__(self) -> str:
        return f"{self.project} {self.period_ends_on} {self.get_light_display()}"
