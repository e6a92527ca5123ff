"""What the office published (周报、数据发布): weekly reports, and the rows behind published figures, kept for ever."""

from django.db import models

from ..periods import Week
from ..rules import Light
from .fields import MoneyField
from .lists.listings import Listing, ProjectStage
from .organizations import IndustryChain, Official, Unit, User
from .projects import ProjectScopedQuerySet


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


class Publication(models.Model):
    """One publishing of the zone's figures (数据发布): with a signed weekly report, or sealed by the office (封存).

    The rows are the population and its facts as read at `published_at` for `as_of`, so every figure as published can
    be computed again by the definitions, and opened.
    """

    as_of = models.DateField("统计日")
    year = models.PositiveSmallIntegerField("名单年度")
    name = models.CharField("名称", max_length=80, help_text="如：逾期周报2023年第41期、2023年9月月报。")
    weekly_report = models.OneToOneField(
        WeeklyReport,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="publication",
        verbose_name="逾期周报",
    )
    pro_rata = models.JSONField(
        "序时进度",
        default=dict,
        help_text="发布时的序时进度：名单编号（合计为空）→ [序时口径, 进度分数]。",
    )
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="发布人")
    published_at = models.DateTimeField("发布时间")

    class Meta:
        verbose_name = verbose_name_plural = "数据发布"
        ordering = ["-as_of", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["as_of", "name"],
                name="published_once",
                violation_error_message="该统计日已有同名的数据发布。",
            )
        ]

    def __str__(self) -> str:
        return self.name


class PublishedRowQuerySet(ProjectScopedQuerySet["PublishedRow"]):
    PROJECT = "listing__project"


class PublishedRow(models.Model):
    """A listing that counted, with the facts its figures were computed from (发布明细)."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="rows", verbose_name="数据发布")
    listing = models.ForeignKey(
        Listing, models.PROTECT, related_name="published_rows", verbose_name="列入名单"
    )
    position = models.PositiveSmallIntegerField("名单位次")  # the list's rank and places as they were then
    rate_places = models.PositiveSmallIntegerField("比率小数位")
    category = models.CharField("项目类别", max_length=12, choices=ProjectStage)
    planned_investment = MoneyField("年度计划投资", default=0)
    planned_start_on = models.DateField("计划开工", null=True)
    planned_completion_on = models.DateField("计划竣工", null=True)
    total_investment = MoneyField("总投资", null=True)
    invested = MoneyField("本年累计完成投资", null=True)  # none where nothing was reported
    started_on = models.DateField("实际开工", null=True)
    completed_on = models.DateField("竣工", null=True)
    in_production_on = models.DateField("投产", null=True)
    entered_statistics_on = models.DateField("纳统", null=True)
    statistics_stated_on = models.DateField("纳统（日期待补）", null=True)
    sponsor = models.ForeignKey(
        Official, models.PROTECT, null=True, related_name="+", verbose_name="挂包领导"
    )
    lead_department = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", verbose_name="推进部门"
    )
    host_district = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", verbose_name="属地保障"
    )
    industry_chain = models.ForeignKey(
        IndustryChain, models.PROTECT, null=True, related_name="+", verbose_name="产业链"
    )
    light = models.CharField("亮灯", max_length=6, choices=[(light.value, light.words) for light in Light])

    objects = PublishedRowQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "发布明细"
        ordering = ["publication", "listing"]
        constraints = [
            models.UniqueConstraint(fields=["publication", "listing"], name="one_published_row_a_listing"),
        ]

    def __str__(self) -> str:
        return f"{self.publication} {self.listing}"
