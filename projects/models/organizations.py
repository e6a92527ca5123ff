"""Who takes part (机构与人员): units, officials, accounts, duties, industry chains."""

from datetime import date
from typing import Self

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property

from .. import clock
from ..periods import day_words
from .fields import SortKeyField
from .spans import lasts


class Unit(models.Model):
    """A department or district (单位). A renamed unit keeps its row; earlier names live in UnitName."""

    class Kind(models.TextChoices):
        DEPARTMENT = "department", "推进部门"
        DISTRICT = "district", "属地"
        OTHER = "other", "其他单位"

    name = models.CharField("名称", max_length=80, unique=True)
    short_name = models.CharField("简称", max_length=40, blank=True)
    kind = models.CharField("类型", max_length=12, choices=Kind, default=Kind.DEPARTMENT)
    contact = models.CharField("联系人", max_length=40, blank=True)
    phone = models.CharField("联系电话", max_length=40, blank=True)
    position = models.PositiveSmallIntegerField("排序", default=100)
    is_active = models.BooleanField("在用", default=True)

    name_key = SortKeyField()

    class Meta:
        verbose_name = verbose_name_plural = "单位"
        ordering = ["position", "name_key", "pk"]

    def __str__(self) -> str:
        return self.short_name or self.name


class UnitName(models.Model):
    """A further or former name of a unit (曾用名、别名), by which ledgers may call it."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="names", verbose_name="单位")
    name = models.CharField("名称", max_length=80, unique=True)
    until_on = models.DateField("使用至", null=True, blank=True)
    document = models.CharField("更名依据", max_length=120, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "单位曾用名"

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """Roles of the product (角色); a person may hold several, each as a dated Duty."""

    REPORTER = "reporter", "填报员"
    UNIT_HEAD = "unit_head", "部门负责人"
    SPONSOR = "sponsor", "挂包领导"
    SERVICE_OFFICER = "service_officer", "服务专员"
    OFFICE = "office", "发改局统筹"
    INSPECTOR = "inspector", "督查"
    ADMINISTRATOR = "administrator", "管理员"


ALL_SEEING_ROLES = frozenset({Role.OFFICE, Role.INSPECTOR, Role.ADMINISTRATOR})
UNIT_ROLES = frozenset({Role.REPORTER, Role.UNIT_HEAD})


class User(AbstractUser):
    """A person with an account (用户). What they may do follows from their duties, not from Django groups."""

    first_name = None  # type: ignore[assignment]  # Django's way to do without an inherited field
    last_name = None  # type: ignore[assignment]
    full_name = models.CharField("姓名", max_length=40)
    phone = models.CharField("手机", max_length=40, blank=True)

    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = verbose_name_plural = "用户"
        ordering = ["username"]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name

    @cached_property
    def current_duties(self) -> list["Duty"]:
        """Duties of today (现任职务), one query per request's user object; ended and coming ones give no rights."""
        return list(self.duties.current().select_related("unit"))

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(duty.role for duty in self.current_duties)

    @property
    def unit_ids(self) -> frozenset[int]:
        """Units whose projects this person reports or heads."""
        return frozenset(
            duty.unit_id for duty in self.current_duties if duty.role in UNIT_ROLES and duty.unit_id
        )

    @property
    def headed_unit_ids(self) -> frozenset[int]:
        """Units this person heads (负责的单位)."""
        return frozenset(
            duty.unit_id for duty in self.current_duties if duty.role == Role.UNIT_HEAD and duty.unit_id
        )

    @property
    def sees_all_projects(self) -> bool:
        return self.is_superuser or bool(self.roles & ALL_SEEING_ROLES)

    @property
    def is_office(self) -> bool:
        """May review reports, import ledgers, issue documents (发改局统筹)."""
        return self.is_superuser or Role.OFFICE in self.roles

    @cached_property
    def is_whole_office(self) -> bool:
        """Whether nobody else of the office has an active account (统筹只有一人). One query per request's user object."""
        others = Duty.objects.current().filter(role=Role.OFFICE, user__is_active=True)
        return not others.exclude(user=self).exists()

    @property
    def supervises(self) -> bool:
        """May issue and close supervision orders (督办): the office and the inspectors."""
        return self.is_office or Role.INSPECTOR in self.roles


# Whoever asks for rows: a question of access is also asked before anybody has signed in.
Person = User | AnonymousUser


def access_day() -> date:
    """The day on which people are asked what they may do: always today, whatever day a page shows."""
    return clock.today()


class DutyQuerySet(models.QuerySet["Duty"]):
    def current(self) -> Self:
        return self.in_force(access_day())

    def in_force(self, day: date) -> Self:
        """Held on the day: from the first to the last day, whenever it was entered."""
        return self.filter(lasts(day, "starts_on", "ends_on"))


class Duty(models.Model):
    """One role of a person, in a unit where the role has one (任职), from its first to its last day.

    Two of a kind never share a day: `clean` says so, and PostgreSQL refuses those entered at once (migration 0060,
    a guard for each role: a new role needs its own).
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="duties", verbose_name="人员")
    role = models.CharField("角色", max_length=20, choices=Role)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="duties", verbose_name="单位"
    )
    starts_on = models.DateField("任职日期")
    ends_on = models.DateField("离任日期", null=True, blank=True, help_text="在任的最后一天。")

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "任职"
        constraints = [
            models.CheckConstraint(
                condition=~Q(role__in=[role.value for role in sorted(UNIT_ROLES)]) | Q(unit__isnull=False),
                name="duty_in_a_unit",
                violation_error_message="填报员、部门负责人须选择所在单位。",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="duty_ends_after_start",
                violation_error_message="离任日期不能早于任职日期。",
            ),
            # two, because SQLite takes every empty unit for another one
            models.UniqueConstraint(
                fields=["user", "role", "unit"],
                condition=Q(ends_on__isnull=True),
                name="one_current_duty_of_a_kind",
                violation_error_message="该人员已有同一职务在任。",
            ),
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=Q(ends_on__isnull=True, unit__isnull=True),
                name="one_current_duty_without_unit",
                violation_error_message="该人员已有同一职务在任。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()}" + (f"（{self.unit}）" if self.unit else "")

    def clean(self) -> None:
        """Refuses a second duty of the kind on the same days (任期重叠)."""
        if self.user_id is None or self.starts_on is None:
            return
        same = Duty.objects.filter(user=self.user_id, role=self.role, unit=self.unit_id).exclude(pk=self.pk)
        before_its_end = Q() if self.ends_on is None else Q(starts_on__lte=self.ends_on)
        other = same.filter(before_its_end, Q(ends_on__isnull=True) | Q(ends_on__gte=self.starts_on)).first()
        if other is not None:
            until = f"至{day_words(other.ends_on)}" if other.ends_on else "起至今"
            raise ValidationError(
                f"该人员已有同一职务在任（{day_words(other.starts_on)}{until}），任期不能重叠。"
            )

    def is_held(self, day: date) -> bool:
        """The rule of in_force() for one row."""
        return self.starts_on <= day and (self.ends_on is None or self.ends_on >= day)


class Official(models.Model):
    """A leader who can answer for projects (领导干部), with or without an account."""

    name = models.CharField("姓名", max_length=40)
    post = models.CharField("职务", max_length=60, blank=True)
    phone = models.CharField("办公电话", max_length=40, blank=True)
    mobile = models.CharField("手机", max_length=40, blank=True)
    position = models.PositiveSmallIntegerField("排序", default=100)
    user = models.OneToOneField(
        User, models.PROTECT, null=True, blank=True, related_name="official", verbose_name="账号"
    )
    is_active = models.BooleanField("在任", default=True)

    name_key = SortKeyField()

    class Meta:
        verbose_name = verbose_name_plural = "领导干部"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "post"], name="official_once", violation_error_message="该领导已登记。"
            )
        ]

    def __str__(self) -> str:
        return self.name


class IndustryChain(models.Model):
    """An industry chain (产业链) with its chain leader (链长) and leading firm (链主企业)."""

    name = models.CharField("名称", max_length=60, unique=True)
    chain_leader = models.ForeignKey(
        Official, models.PROTECT, null=True, blank=True, related_name="chains", verbose_name="链长"
    )
    anchor_enterprise = models.CharField("链主企业", max_length=120, blank=True)
    position = models.PositiveSmallIntegerField("排序", default=100)

    class Meta:
        verbose_name = verbose_name_plural = "产业链"
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name
