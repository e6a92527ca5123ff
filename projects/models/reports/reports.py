"""Ten-day progress reports (旬报) and site visits (走访)."""

from collections.abc import Collection
from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Substr

from ...periods import TenDayPeriod
from ..fields import MoneyField
from ..organizations import Official, User
from ..projects import Project, ProjectScopedQuerySet


class ReportState(models.TextChoices):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待审核"  # by the unit, or by the office where no unit review is set
    PASSED = "passed", "待发改局确认"
    CONFIRMED = "confirmed", "已确认"
    RETURNED = "returned", "已退回"


PENDING_STATES = frozenset({ReportState.SUBMITTED, ReportState.PASSED})
HANDED_IN_STATES = PENDING_STATES | {ReportState.CONFIRMED}
EDITABLE_STATES = frozenset({ReportState.DRAFT, ReportState.RETURNED})


class ProgressReportQuerySet(ProjectScopedQuerySet["ProgressReport"]):
    def of_basis(self, basis: str) -> Self:
        """basis 'confirmed': official figures; 'submitted': also what waits for review (provisional)."""
        if basis == "confirmed":
            return self.filter(state=ReportState.CONFIRMED)
        if basis == "submitted":
            return self.filter(state__in=HANDED_IN_STATES)
        raise ValueError(f"unknown basis {basis!r}")

    def confirmable_by(self, user: User, states: Collection[str]) -> Self:
        """Those in the states that the person of the office may confirm: not filled, handed in or passed by the person.

        All of them for an office of one.
        """
        waiting = self.filter(state__in=states)
        if user.is_whole_office:
            return waiting
        # a person nobody named is NULL: exclude() keeps such rows
        return waiting.exclude(filled_by=user).exclude(submitted_by=user).exclude(passed_by=user)

    def waiting_for_head(self, user: User) -> Self:
        """Handed in and not yet passed on, of the units the person heads (待本单位审核)."""
        own = Project.objects.of_units(user.headed_unit_ids)
        return self.filter(state=ReportState.SUBMITTED, project__in=own)

    def handed_in_by(self, day: date) -> Self:
        """Reports that stood handed in at the end of a day (当日已报): what came back later was handed in until then.

        One from a ledger counts from its own day, not from the day of its import.
        """
        ledger = Q(source=ProgressReport.Source.LEDGER) | Q(submitted_at__isnull=True)
        come = (ledger & Q(counts_from_on__lte=day)) | (~ledger & Q(submitted_at__date__lte=day))
        then = ReportRound.objects.filter(submitted_at__date__lte=day, returned_at__date__gt=day)
        return self.filter(Q(come, state__in=HANDED_IN_STATES) | Q(pk__in=then.values("report")))

    def up_to(self, day: date) -> Self:
        """A report counts from its period's last day; one for a running period counts from its own as-of day."""
        return self.filter(counts_from_on__lte=day)

    def latest_for(self, project_ref: str, *, year: int, as_of: date, basis: str = "confirmed") -> Self:
        """Correlated rows for Subquery: the year's reports up to as_of of OuterRef(project_ref), latest first."""
        return (
            self.of_basis(basis)
            .up_to(as_of)
            .filter(project=OuterRef(project_ref), period_ends_on__year=year)
            .order_by("-period_ends_on")
        )

    def latest_per_project(self, *, year: int, as_of: date, basis: str = "confirmed") -> Self:
        """The year's report in force of each project on the day, one row a project at most."""
        latest = ProgressReport.objects.latest_for("project", year=year, as_of=as_of, basis=basis)
        return self.filter(pk=Subquery(latest.values("pk")[:1]))


class ProgressReport(models.Model):
    """One report per project and ten-day period (旬报); amounts are cumulative, never increments."""

    class Source(models.TextChoices):
        REPORTED = "reported", "填报口径"
        STATISTICS = "statistics", "统计口径"
        OUTPUT_VALUE = "output_value", "产值单"
        LEDGER = "ledger", "台账导入"

    project = models.ForeignKey(Project, models.PROTECT, related_name="reports", verbose_name="项目")
    period_ends_on = models.DateField("旬末日", help_text="所属旬的最后一日。")
    counts_from_on = models.DateField("计入统计日", help_text="自该日起计入各项指标，一般为旬末日。")
    invested_this_year = MoneyField("本年累计完成投资", null=True, blank=True)  # empty only while a draft
    invested_to_date = MoneyField("自开工累计完成投资", null=True, blank=True)
    physical_progress = models.CharField("形象进度", max_length=200, blank=True)
    work_done = models.TextField("本旬进展", blank=True)
    next_steps = models.TextField("下步计划", blank=True)
    reported_facts = models.JSONField(
        "报送的开竣工日期", default=dict, blank=True, help_text="随本期旬报首次报送的开工、竣工、投产日期。"
    )
    source = models.CharField("数据来源", max_length=14, choices=Source, default=Source.REPORTED)

    state = models.CharField("状态", max_length=10, choices=ReportState, default=ReportState.DRAFT)
    round = models.PositiveSmallIntegerField("报送轮次", default=1)
    return_count = models.PositiveSmallIntegerField("退回次数", default=0)
    return_reason = models.CharField("退回原因", max_length=300, blank=True)
    overruled_warnings = models.JSONField("已确认的提示", default=list, blank=True)
    overrule_reason = models.CharField("情况说明", max_length=300, blank=True)

    filled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="填报人")
    filled_at = models.DateTimeField("填报时间")
    submitted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="报送人"
    )
    submitted_at = models.DateTimeField("报送时间", null=True, blank=True)
    passed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位审核人"
    )
    passed_at = models.DateTimeField("单位审核时间", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="确认人"
    )
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)

    objects = ProgressReportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "旬报"
        ordering = ["-period_ends_on", "project"]
        indexes = [
            # holds all that “the latest report up to a day” reads, so that figures never touch the wide rows
            models.Index(
                fields=["project", "-period_ends_on", "state", "counts_from_on", "invested_this_year"],
                name="report_latest",
            ),
            models.Index(fields=["period_ends_on", "state", "project"], name="report_of_period"),
            models.Index(fields=["state", "submitted_at"], name="report_waiting"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "period_ends_on"],
                name="one_report_a_period",
                violation_error_message="该项目本旬旬报已存在。",
            ),
            models.CheckConstraint(
                condition=Q(invested_this_year__gte=0),
                name="report_amount_not_negative",
                violation_error_message="完成投资不能为负数。",
            ),
            models.CheckConstraint(
                condition=Q(counts_from_on__lte=F("period_ends_on")),
                name="report_counts_within_its_period",
                violation_error_message="计入统计日不能晚于旬末日。",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(return_reason=""),
                name="returned_with_reason",
                violation_error_message="退回须说明原因。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "returned"]) | Q(invested_this_year__isnull=False),
                name="handed_in_report_has_an_amount",
                violation_error_message="报送的旬报须填写本年累计完成投资。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.period.label}"

    @property
    def period(self) -> TenDayPeriod:
        return TenDayPeriod.ending_on(self.period_ends_on)

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE_STATES

    @property
    def is_returned(self) -> bool:
        return self.state == ReportState.RETURNED

    @property
    def is_pending(self) -> bool:
        """Handed in and not confirmed (待审)."""
        return self.state in PENDING_STATES

    @property
    def is_unreviewed(self) -> bool:
        """Handed in, and its unit has not passed it on (待审核)."""
        return self.state == ReportState.SUBMITTED


class LedgerReadingQuerySet(ProjectScopedQuerySet["LedgerReading"]):
    def on(self, day: date) -> Self:
        """The amounts that stood on the day before a later ledger of the same period took over."""
        return self.filter(from_on__lte=day, until_on__gt=day)


class LedgerReading(models.Model):
    """What a ledger said within a ten-day period until a later one of the same period said otherwise (旬内读数).

    The report of the period holds the last amount and its day; this keeps the ones before it, so that a ledger of the
    8th does not change what stood on the 5th.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="ledger_readings", verbose_name="项目")
    period_ends_on = models.DateField("旬末日")
    from_on = models.DateField("数据日期")
    until_on = models.DateField("被接替日期")
    invested_this_year = MoneyField("本年累计完成投资")

    objects = LedgerReadingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "旬内读数"
        ordering = ["project", "from_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "from_on"],
                name="one_reading_a_day",
                violation_error_message="该项目当日已有读数。",
            ),
            models.CheckConstraint(
                condition=Q(until_on__gt=F("from_on"), until_on__lte=F("period_ends_on")),
                name="reading_within_its_period",
                violation_error_message="读数须在所属旬内，且早于接替的读数。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.from_on}"


class ReportRound(models.Model):
    """One round of a report (报送轮次): what was handed in, and what was said when it came back.

    `content` is the report's entry as handed in (JSON-safe values by field name), so that the next round can show
    what has changed since.
    """

    report = models.ForeignKey(ProgressReport, models.PROTECT, related_name="rounds", verbose_name="旬报")
    number = models.PositiveSmallIntegerField("轮次")
    content = models.JSONField("报送内容", default=dict)
    warnings = models.JSONField("已确认的提示", default=list, blank=True)
    overrule_reason = models.CharField("情况说明", max_length=300, blank=True)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="报送人")
    submitted_at = models.DateTimeField("报送时间")
    passed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位审核人"
    )
    passed_at = models.DateTimeField("单位审核时间", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="确认人"
    )
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    returned_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="退回人"
    )
    returned_at = models.DateTimeField("退回时间", null=True, blank=True)
    return_reason = models.CharField("退回原因", max_length=300, blank=True)
    to_mend = models.JSONField("需修改内容", default=list, blank=True, help_text="字段名；空为不限。")
    is_reopening = models.BooleanField("确认后重新打开", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "旬报轮次"
        ordering = ["report", "number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="one_round_a_number"),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True) | ~Q(return_reason=""),
                name="round_returned_with_reason",
                violation_error_message="退回须说明原因。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report} 第{self.number}轮"


class PeriodReopening(models.Model):
    """A locked period opened again until a day (重新开放填报), for one project or for all, with reason and author."""

    period_ends_on = models.DateField("旬末日")
    project = models.ForeignKey(
        Project,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reopenings",
        verbose_name="项目",
        help_text="不填为全部项目。",
    )
    until_on = models.DateField("开放至")
    reason = models.CharField("原因", max_length=300)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    made_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "重新开放填报"
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["period_ends_on"], name="reopened_period")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="reopened_with_reason",
                violation_error_message="重新开放须说明原因。",
            )
        ]

    def __str__(self) -> str:
        return f"{TenDayPeriod.ending_on(self.period_ends_on).label} 开放至{self.until_on}"

    def is_open_on(self, day: date) -> bool:
        return self.until_on >= day


class SiteVisitQuerySet(ProjectScopedQuerySet["SiteVisit"]):
    def confirmed(self) -> Self:
        """Those that count: logged by their leader, led by none, or confirmed since."""
        return self.filter(state=SiteVisit.State.CONFIRMED)

    def unsettled(self) -> Self:
        """Those that wait for the leader or the office, and those sent back to whoever logged them (待确认、已退回)."""
        return self.filter(state__in=[SiteVisit.State.WAITING, SiteVisit.State.RETURNED])

    def decidable_by(self, user: User) -> Self:
        """Those the person may confirm or send back: own ones as their leader; as the office, what another logged."""
        waiting, own = self.filter(state=SiteVisit.State.WAITING), Q(official__user=user)
        if not user.is_office:
            return waiting.filter(own)
        return waiting if user.is_whole_office else waiting.filter(own | ~Q(logged_by=user))


class SiteVisit(models.Model):
    """A dated visit to the site (走访、一线工作法): findings and decisions, with photos.

    Logged for a leader by another it waits until the leader or the office confirms it; before that it counts nowhere.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "待确认"
        CONFIRMED = "confirmed", "已确认"
        RETURNED = "returned", "已退回"
        WITHDRAWN = "withdrawn", "已撤回"

    project = models.ForeignKey(Project, models.PROTECT, related_name="visits", verbose_name="项目")
    official = models.ForeignKey(
        Official, models.PROTECT, null=True, blank=True, related_name="visits", verbose_name="带队领导"
    )
    visited_on = models.DateField("走访日期")
    place = models.CharField("地点", max_length=120, blank=True)
    people = models.CharField("参加人员", max_length=200, blank=True)
    findings = models.TextField("现场情况")
    decisions = models.TextField("议定事项", blank=True)
    logged_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    logged_at = models.DateTimeField("登记时间")
    state = models.CharField("状态", max_length=10, choices=State, default=State.CONFIRMED)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="确认（退回）人"
    )
    decided_at = models.DateTimeField("确认（退回）时间", null=True, blank=True)
    return_reason = models.CharField("退回原因", max_length=300, blank=True)

    objects = SiteVisitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "现场走访"
        ordering = ["-visited_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="returned") | (Q(decided_by__isnull=False) & ~Q(return_reason="")),
                name="returned_visit_says_why",
                violation_error_message="退回走访须有退回人和原因。",
            ),
            models.CheckConstraint(
                condition=Q(state="confirmed") | Q(official__isnull=False),
                name="visit_waits_for_a_leader",
                violation_error_message="无领导带队的走访无需确认。",
            ),
            models.UniqueConstraint(
                "project",
                "visited_on",
                Coalesce("official", 0, output_field=models.BigIntegerField()),
                "logged_by",
                "place",
                "people",
                Substr("findings", 1, 200),  # as much as an index of PostgreSQL holds
                Substr("decisions", 1, 200),
                name="visit_logged_once",
                violation_error_message="该次走访已登记，无需重复登记。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.visited_on}"
