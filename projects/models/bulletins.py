"""Published documents: the weekly overdue report (逾期周报)."""

from django.db import models

from ..periods import Week
from .organizations import User


class WeeklyReport(models.Model):
    """A week's overdue report (逾期周报). `content` holds every figure and row; frozen once signed.

    `content` is written by digests.py; page, docx, xlsx and JSON are all drawn from it, so they agree.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "待签发"
        SIGNED = "signed", "已签发"
        SENT = "sent", "已印发"

    year = models.PositiveSmallIntegerField("年度")
    week = models.PositiveSmallIntegerField("周次")
    number = models.PositiveSmallIntegerField("期号")
    state = models.CharField("状态", max_length=8, choices=State, default=State.DRAFT)
    content = models.JSONField("内容")
    made_at = models.DateTimeField("生成时间")
    signed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="签发人"
    )
    signed_at = models.DateTimeField("签发时间", null=True, blank=True)
    sent_at = models.DateTimeField("印发时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "逾期周报"
        ordering = ["-year", "-week"]
        constraints = [
            models.UniqueConstraint(fields=["year", "week"], name="one_report_a_week"),
            models.UniqueConstraint(fields=["year", "number"], name="one_issue_number_a_year"),
        ]

    def __str__(self) -> str:
        return f"逾期周报{self.year}年第{self.number}期"

    @property
    def period(self) -> Week:
        return Week(self.year, self.week)

    @property
    def is_frozen(self) -> bool:
        return self.state != self.State.DRAFT
