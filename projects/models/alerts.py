"""Alerts (预警), the escalation ladder and the outbox of notices (消息)."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from .organizations import Person, Role, Unit, User
from .projects import Project, ProjectScopedQuerySet


class AlertKind(models.TextChoices):
    MILESTONE_OVERDUE = "milestone_overdue", "节点逾期"
    START_OVERDUE = "start_overdue", "未按期开工"
    COMPLETION_OVERDUE = "completion_overdue", "未按期竣工"
    REPORT_MISSING = "report_missing", "旬报未报"
    PROBLEM_OVERDUE = "problem_overdue", "问题超期"
    PERMIT_LAPSED = "permit_lapsed", "许可失效"


class AlertQuerySet(ProjectScopedQuerySet["Alert"]):
    def open(self) -> Self:
        return self.filter(closed_on__isnull=True)

    def open_on(self, day: date) -> Self:
        return self.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day), opened_on__lte=day)

    def exempt_on(self, day: date) -> Self:
        """Open on the day and exempted then (豁免中): neither counted nor escalated."""
        return self.open_on(day).filter(_exempted(day))

    def counted_on(self, day: date) -> Self:
        """Open and not exempted on the day: what figures count."""
        return self.open().exclude(_exempted(day))


def _exempted(day: date) -> Exists:
    return Exists(AlertExemption.objects.on(day).filter(alert=OuterRef("pk")))


class Alert(models.Model):
    """A finding that holds until its cause is gone (预警). One open alert per (subject, kind).

    `subject` names what is late, e.g. "milestone:12" (its first row, Milestone.matter), "project:3", "problem:9"; `due_on`
    is the day it was due.
    """

    kind = models.CharField("类别", max_length=20, choices=AlertKind)
    subject = models.CharField("对象", max_length=40)
    project = models.ForeignKey(Project, models.PROTECT, related_name="alerts", verbose_name="项目")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="alerts", verbose_name="下一步责任单位"
    )
    title = models.CharField("事项", max_length=160)
    due_on = models.DateField("应完成日期")
    opened_on = models.DateField("首次预警日期")
    closed_on = models.DateField("解除日期", null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="知悉人"
    )
    acknowledged_at = models.DateTimeField("知悉时间", null=True, blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "预警"
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "kind"],
                condition=Q(closed_on__isnull=True),
                name="one_open_alert",
                violation_error_message="该事项已有未解除的预警。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.title}"

    def exemption_on(self, day: date) -> "AlertExemption | None":
        """The exemption that holds on the day. One query, none where the exemptions are read beside it."""
        return next((one for one in self.exemptions.all() if one.holds_on(day)), None)


class AlertExemptionQuerySet(models.QuerySet["AlertExemption"]):
    def on(self, day: date) -> Self:
        """Begun and neither run out nor ended on the day; the last day granted still counts."""
        ended = Q(ended_on__isnull=True) | Q(ended_on__gt=day)
        return self.filter(ended, from_on__lte=day, until_on__gte=day)


class AlertExemption(models.Model):
    """A time for which an alert is left alone (预警豁免), as granted; one after another, never two on a day.

    One lifted, or granted anew with another end, keeps the end it was granted with and ends by `ended_on`, the first
    day on which it no longer holds: what a past day was told stays so.
    """

    alert = models.ForeignKey(Alert, models.PROTECT, related_name="exemptions", verbose_name="预警")
    reason = models.CharField("豁免原因", max_length=200)
    from_on = models.DateField("豁免自")
    until_on = models.DateField("豁免至")
    granted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="批准人"
    )
    ended_on = models.DateField("提前终止日", null=True, blank=True)

    objects = AlertExemptionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "预警豁免"
        ordering = ["alert", "from_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["alert", "from_on"],
                condition=Q(ended_on__isnull=True),
                name="one_alert_exemption_a_day",
                violation_error_message="该预警当日已有豁免。",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="alert_exempted_with_reason",
                violation_error_message="豁免须说明原因。",
            ),
            models.CheckConstraint(
                condition=Q(from_on__lte=F("until_on")),
                name="alert_exemption_ends_after_it_begins",
                violation_error_message="豁免起始日不能晚于截止日。",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("from_on")),
                name="alert_exemption_ended_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.alert} 豁免至{self.until_on}"

    def holds_on(self, day: date) -> bool:
        return self.from_on <= day <= self.until_on and (self.ended_on is None or day < self.ended_on)


class EscalationStep(models.Model):
    """A step of the ladder (预警升级规则): so many working days overdue, these people are told."""

    class Audience(models.TextChoices):
        """Whom a step tells: roles, and the district's reporters, who are reporters of another unit."""

        REPORTER = Role.REPORTER.value, "填报员"
        UNIT_HEAD = Role.UNIT_HEAD.value, "部门负责人"
        DISTRICT = "district", "属地填报员"
        SERVICE_OFFICER = Role.SERVICE_OFFICER.value, "服务专员"
        SPONSOR = Role.SPONSOR.value, "挂包领导"
        OFFICE = Role.OFFICE.value, "发改局统筹"
        INSPECTOR = Role.INSPECTOR.value, "督查"

    working_days = models.SmallIntegerField("逾期工作日", unique=True, help_text="负数为到期前的工作日。")
    roles = models.JSONField("通知对象", default=list)
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "预警升级规则"
        ordering = ["working_days"]

    def __str__(self) -> str:
        labels = dict(self.Audience.choices)
        names = "、".join(labels.get(role, str(role)) for role in self.roles)
        return f"{self.working_days:+d}个工作日：{names}"


class AlertStep(models.Model):
    """A step of the ladder that an alert has reached (已执行的升级): each step once."""

    alert = models.ForeignKey(Alert, models.PROTECT, related_name="steps", verbose_name="预警")
    working_days = models.SmallIntegerField("逾期工作日")
    reached_on = models.DateField("执行日期")

    class Meta:
        verbose_name = verbose_name_plural = "预警升级记录"
        constraints = [models.UniqueConstraint(fields=["alert", "working_days"], name="each_step_once")]

    def __str__(self) -> str:
        return f"{self.alert} {self.working_days:+d}"


class DueReminder(models.Model):
    """A step before the due date that a matter has reached (到期提醒): each once per due date.

    `subject` names what is due as an alert's does: "milestone:12", "permit:7". A step is a number of working days
    before the due day as in the ladder (negative), or OWN_LEAD: the matter's own notice ahead (许可种类的提前提醒).
    """

    OWN_LEAD = 0

    subject = models.CharField("对象", max_length=40)
    due_on = models.DateField("到期日期")
    working_days = models.SmallIntegerField("距到期工作日", help_text="负数为到期前的工作日；0 为提前提醒。")
    reached_on = models.DateField("执行日期")

    class Meta:
        verbose_name = verbose_name_plural = "到期提醒记录"
        constraints = [
            models.UniqueConstraint(fields=["subject", "due_on", "working_days"], name="each_reminder_once")
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.working_days:+d}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: Person) -> Self:
        """A notice is private to its recipient."""
        return self.filter(recipient=user)

    def unread(self) -> Self:
        return self.filter(channel=Notice.Channel.IN_APP, read_at__isnull=True)


class Notice(models.Model):
    """One message to one person over one channel (消息); the outbox and its delivery ledger.

    Services write rows in the transaction of the change; a scheduled task claims, sends and marks them. `key` makes
    a message unique: the same run, person and channel cannot be queued twice.
    """

    class Channel(models.TextChoices):
        IN_APP = "in_app", "站内"
        EMAIL = "email", "邮件"

    class State(models.TextChoices):
        QUEUED = "queued", "待发送"
        SENDING = "sending", "发送中"
        SENT = "sent", "已发送"
        FAILED = "failed", "待重试"
        GIVEN_UP = "given_up", "已放弃"

    key = models.CharField("唯一标识", max_length=120, unique=True)
    recipient = models.ForeignKey(User, models.PROTECT, related_name="notices", verbose_name="收件人")
    channel = models.CharField("渠道", max_length=10, choices=Channel)
    subject = models.CharField("标题", max_length=160)
    body = models.TextField("正文")
    rows = models.JSONField("清单", default=list, blank=True, help_text="随附表格的行。")
    weekly_report = models.ForeignKey(
        "WeeklyReport", models.PROTECT, null=True, blank=True, related_name="notices", verbose_name="随附周报"
    )
    link = models.CharField("链接", max_length=200, blank=True, help_text="站内地址，以 / 开头。")
    made_at = models.DateTimeField("生成时间")
    state = models.CharField("状态", max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    not_before_at = models.DateTimeField("不早于", null=True, blank=True)
    claimed_at = models.DateTimeField("领取时间", null=True, blank=True)
    sent_at = models.DateTimeField("发送时间", null=True, blank=True)
    last_error = models.CharField("最近错误", max_length=300, blank=True)
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "消息"
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["state", "not_before_at"], name="notice_outbox")]

    def __str__(self) -> str:
        return self.subject
