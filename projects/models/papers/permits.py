"""Permits and approvals (手续) with their validity, and the markers of joint services on a project."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Least

from ..organizations import User
from ..projects import Project, ProjectScopedQuerySet


class PermitKind(models.Model):
    """A kind of permit (许可种类) and how long it holds: 用地预审 3 years, 环评 5, 工程规划 1; 施工许可: start within 3 months."""

    name = models.CharField("名称", max_length=60, unique=True)
    validity_months = models.PositiveSmallIntegerField(
        "有效期（月）", null=True, blank=True, help_text="不填为长期有效。"
    )
    lapses_unless_started = models.BooleanField(
        "开工后不再失效", default=False, help_text="勾选则有效期内开工的，不再提醒。"
    )
    remind_days = models.PositiveSmallIntegerField("到期前几日提醒", default=30)
    basis = models.CharField("依据", max_length=120, blank=True)
    is_active = models.BooleanField("在用", default=True)
    position = models.PositiveSmallIntegerField("排序", default=100)

    class Meta:
        verbose_name = verbose_name_plural = "许可种类"
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class Validity(models.TextChoices):
    """How a permit stands on a day (效力): what may lapse, what has, what no longer can."""

    RUNNING = "running", "有效期内"
    UNLIMITED = "unlimited", "长期有效"
    SETTLED = "settled", "无须延续"  # started within its validity, or completed: it can lapse no more
    LAPSED = "lapsed", "已失效"
    RENEWED = "renewed", "已延续"
    VOID = "void", "已作废"


class PermitQuerySet(ProjectScopedQuerySet["Permit"]):
    def with_validity(self, day: date) -> ProjectScopedQuerySet[Any]:
        """Permits issued by the day with `validity`, a Validity: how each stands then, from the dates of fact.

        The last day itself still holds. What was renewed later was in force then; a void permit never was.
        """
        renewal = Permit.objects.filter(renews=OuterRef("pk"), issued_on__lte=day)
        done = Q(project__completed_on__lte=day) | Q(project__in_production_on__lte=day)
        kept = Q(
            kind__lapses_unless_started=True,
            project__started_on__lte=Least("valid_until_on", Value(day, models.DateField())),
        )
        return self.filter(issued_on__lte=day).annotate(
            validity=Case(
                When(state=Permit.State.VOID, then=Value(Validity.VOID)),
                When(Exists(renewal), then=Value(Validity.RENEWED)),
                When(valid_until_on__isnull=True, then=Value(Validity.UNLIMITED)),
                When(done | kept, then=Value(Validity.SETTLED)),
                When(valid_until_on__lt=day, then=Value(Validity.LAPSED)),
                default=Value(Validity.RUNNING),
                output_field=models.CharField(),
            )
        )


class Permit(models.Model):
    """A permit granted to a project (许可、批复): number, validity, file."""

    class State(models.TextChoices):
        VALID = "valid", "有效"
        RENEWED = "renewed", "已延续"
        VOID = "void", "已作废"

    project = models.ForeignKey(Project, models.PROTECT, related_name="permits", verbose_name="项目")
    kind = models.ForeignKey(PermitKind, models.PROTECT, related_name="permits", verbose_name="许可种类")
    number = models.CharField("文号（证号）", max_length=80)
    issued_by = models.CharField("发证机关", max_length=80, blank=True)
    issued_on = models.DateField("发证日期")
    valid_until_on = models.DateField("有效期至", null=True, blank=True, help_text="不填为长期有效。")
    state = models.CharField("状态", max_length=8, choices=State, default=State.VALID)
    renews = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="renewed_by", verbose_name="延续自"
    )
    void_reason = models.CharField("作废原因", max_length=200, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    made_at = models.DateTimeField("登记时间")

    objects = PermitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "许可手续"
        ordering = ["project", "kind", "-issued_on", "-pk"]
        indexes = [models.Index(fields=["valid_until_on"], name="permit_validity")]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "kind", "number"],
                name="permit_once",
                violation_error_message="该文号的许可已登记。",
            ),
            models.CheckConstraint(
                condition=Q(valid_until_on__isnull=True) | Q(valid_until_on__gte=F("issued_on")),
                name="permit_valid_after_issue",
                violation_error_message="有效期不能早于发证日期。",
            ),
            models.CheckConstraint(
                condition=~Q(state="void") | ~Q(void_reason=""),
                name="void_permit_with_reason",
                violation_error_message="作废须说明原因。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class ProjectMarker(models.Model):
    """A joint service on a project with its own state (服务标记): 六证合一, 三代服务, 带方案出让."""

    class Kind(models.TextChoices):
        SIX_IN_ONE = "six_in_one", "施工许可“六证合一”"
        THREE_PROXIES = "three_proxies", "“三代”服务"
        WITH_SCHEME = "with_scheme", "带方案出让"

    class State(models.TextChoices):
        PLANNED = "planned", "拟办"
        RUNNING = "running", "办理中"
        DONE = "done", "已办结"
        DROPPED = "dropped", "不再办理"

    project = models.ForeignKey(Project, models.PROTECT, related_name="markers", verbose_name="项目")
    kind = models.CharField("服务事项", max_length=16, choices=Kind)
    state = models.CharField("状态", max_length=8, choices=State, default=State.PLANNED)
    since_on = models.DateField("状态日期")
    document = models.CharField("文号或说明", max_length=120, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    made_at = models.DateTimeField("登记时间")

    objects = ProjectScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "服务标记"
        ordering = ["project", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "kind"],
                name="one_marker_of_a_kind",
                violation_error_message="该项目已有此项服务标记。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.get_state_display()}"
