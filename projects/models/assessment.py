"""Assessment (考核): versioned scoring schemes, rounds with their frozen score sheets, appeals and corrections."""

from datetime import date
from decimal import Decimal
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.functional import cached_property

from ..periods import EARLIEST, LATEST
from ..rules.scoring import ItemRule, PeriodKind, PointsRule, ScoredPeriod
from .fields import PointsField
from .lists.listings import ListKind
from .organizations import Person, Role, Unit, User
from .projects import Handover

YEARS = [
    MinValueValidator(EARLIEST.year, f"年度不能早于{EARLIEST.year}年。"),
    MaxValueValidator(LATEST.year, f"年度不能晚于{LATEST.year}年。"),
]


class AssessedSlot(models.TextChoices):
    """Who is assessed (考核对象), by the slot they hold on projects."""

    LEAD_DEPARTMENT = Handover.Slot.LEAD_DEPARTMENT.value, "推进部门"
    HOST_DISTRICT = Handover.Slot.HOST_DISTRICT.value, "属地保障"


class ScoringSchemeQuerySet(models.QuerySet["ScoringScheme"]):
    def with_in_force_from(self) -> Self:
        """With `in_force_from` read beside the row."""
        in_force = ScoringScheme.objects.filter(
            year=OuterRef("year"), subject=OuterRef("subject"), state=ScoringScheme.State.IN_FORCE
        )
        return self.annotate(in_force_from=Subquery(in_force.values("effective_on")[:1]))


class ScoringScheme(models.Model):
    """A version of the rules of assessment (考核方案). A draft is worked on; one in force is never changed again."""

    class State(models.TextChoices):
        DRAFT = "draft", "拟订"
        IN_FORCE = "in_force", "执行中"
        SUPERSEDED = "superseded", "已替代"

    class Tie(models.TextChoices):
        SAME_RANK = "same_rank", "同分同名次，其后名次顺延"
        NEXT_FIGURE = "next_figure", "同分的按权重由大到小依次比较各项得分，仍相同的同名次"

    class Small(models.TextChoices):
        APART = "apart", "单列，注明项目数，不参加排名"
        MARKED = "marked", "参加排名，并注明项目数"
        ZONE_MEAN = "zone_mean", "各项指标按全区合计计分，参加排名并注明"

    name = models.CharField("方案名称", max_length=80)
    year = models.PositiveSmallIntegerField("适用年度", validators=YEARS)
    version = models.PositiveSmallIntegerField("版次", default=1)
    subject = models.CharField(
        "考核对象", max_length=16, choices=AssessedSlot, default=AssessedSlot.LEAD_DEPARTMENT
    )
    list_kind = models.ForeignKey(
        ListKind,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="考核名单",
        help_text="不选为当年全部名单，每个项目只计一次。",
    )
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    effective_on = models.DateField("生效日期", help_text="考核期末日在该日及以后的适用。")
    document = models.CharField("依据文件", max_length=120, blank=True, help_text="批准方案的文号。")
    full_marks = PointsField("满分", default=100, validators=[MinValueValidator(1, "满分须大于0。")])
    tie_rule = models.CharField("同分处理", max_length=12, choices=Tie, default=Tie.SAME_RANK)
    least_projects = models.PositiveSmallIntegerField(
        "小样本界限", default=3, help_text="项目数少于此数的单位，按下面的办法处理。"
    )
    small_rule = models.CharField("小样本处理", max_length=10, choices=Small, default=Small.APART)
    appeal_days = models.PositiveSmallIntegerField(
        "申诉期限（工作日）", default=5, validators=[MaxValueValidator(60, "申诉期限不能超过60个工作日。")]
    )
    note = models.CharField("说明", max_length=300, blank=True)
    made_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="拟订人"
    )
    made_at = models.DateTimeField("拟订时间")
    enforced_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="批准执行人"
    )
    enforced_at = models.DateTimeField("批准执行时间", null=True, blank=True)

    objects = ScoringSchemeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "考核方案"
        ordering = ["-year", "subject", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "subject", "version"],
                name="one_scheme_version",
                violation_error_message="该年度已有此版次。",
            ),
            models.UniqueConstraint(
                fields=["year", "subject"],
                condition=Q(state="in_force"),
                name="one_scheme_in_force",
                violation_error_message="该年度已有执行中的方案。",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | ~Q(document=""),
                name="scheme_in_force_has_a_document",
                violation_error_message="执行的方案须有依据文件。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.year}年第{self.version}版）"

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def tone(self) -> str:
        """The colour of its state's tag, never said by it alone."""
        tones: dict[str, str] = {self.State.DRAFT: "waiting", self.State.IN_FORCE: "blue"}
        return tones.get(self.state, "")

    @cached_property
    def in_force_from(self) -> date | None:
        """The effective date of the year's version in force (现行方案). One query, unless read `with_in_force_from`."""
        in_force = ScoringScheme.objects.filter(
            year=self.year, subject=self.subject, state=self.State.IN_FORCE
        )
        return in_force.values_list("effective_on", flat=True).first()


class ScoringItem(models.Model):
    """One item of a scheme (考核项): a figure mapped to points, or points given by hand."""

    class Figure(models.TextChoices):
        """Keys of figures/assessment/assessed.py; each figure has its one definition there or below."""

        INVESTMENT_COMPLETION = "investment_completion", "投资完成率"
        SCHEDULE_GAP = "schedule_gap", "投资与序时差距"
        START_RATE_OF_YEAR = "start_rate_of_year", "新开工开工率"
        START_RATE_TO_DATE = "start_rate_to_date", "计划开工率"
        STATISTICS_RATE = "statistics_rate", "纳统率"
        MILESTONES_ON_TIME = "milestones_on_time", "节点按期率"
        REPORTS_ON_TIME = "reports_on_time", "旬报按期率"
        PROBLEMS_SETTLED = "problems_settled", "问题办结率"
        MANUAL = "manual", "人工评分"

    class Method(models.TextChoices):
        LINEAR = "linear", "零分值与满分值之间按比例"
        DEDUCTION = "deduction", "低于满分值的，每差一个单位扣分"

    scheme = models.ForeignKey(ScoringScheme, models.PROTECT, related_name="items", verbose_name="考核方案")
    position = models.PositiveSmallIntegerField("序号")
    name = models.CharField("考核项", max_length=40)
    figure = models.CharField("指标", max_length=24, choices=Figure)
    weight = PointsField(
        "权重（分）",
        validators=[MinValueValidator(0, "权重不能为负数。")],
        help_text="各项权重合计等于满分；人工加减分项填 0。",
    )
    method = models.CharField("计分方法", max_length=10, choices=Method, default=Method.LINEAR)
    zero_at = PointsField("零分值", default=0, help_text="指标低到该值得 0 分，单位同指标（% 或个百分点）。")
    full_at = PointsField("满分值", default=100, help_text="指标达到该值得满分。")
    per_point = PointsField("每差一个单位扣分", default=0, help_text="按差距扣分时填写。")
    floor = PointsField("最低分", default=0, help_text="减分项可为负数。")
    cap = PointsField("最高分", null=True, blank=True, help_text="不填为权重；高于权重的，超额部分加分。")
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "考核项"
        ordering = ["scheme", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "name"],
                name="one_item_name_a_scheme",
                violation_error_message="该方案已有同名考核项。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_manual(self) -> bool:
        return self.figure == self.Figure.MANUAL

    @property
    def highest(self) -> Decimal:
        return self.weight if self.cap is None else self.cap

    @property
    def unit(self) -> str:
        """The unit of its value: %, 个百分点, or 分 where points are given by hand."""
        if self.is_manual:
            return "分"
        return "个百分点" if self.figure == self.Figure.SCHEDULE_GAP else "%"

    @property
    def rule(self) -> ItemRule:
        """The item as a rule; ValueError in Chinese where its numbers do not fit together."""
        return ItemRule(
            PointsRule(self.method),
            self.weight,
            self.full_at,
            self.zero_at,
            self.per_point,
            self.floor,
            self.cap,
        )

    def clean(self) -> None:
        """Refuses numbers that make no rule, and a manual item that can neither give nor take points."""
        if self.weight is None or self.floor is None:
            return  # the fields themselves say so
        if self.is_manual:
            if not self.floor <= self.weight <= self.highest:
                raise ValidationError("最低分不能高于权重，最高分不能低于权重。")
            if self.floor == self.highest:
                raise ValidationError({"cap": "人工评分须有分值范围：请填写最低分、最高分或权重。"})
            return
        if None in (self.full_at, self.zero_at, self.per_point):
            return
        if not self.weight:
            raise ValidationError({"weight": "按指标计分的考核项须有权重。"})
        try:
            _rule = self.rule
        except ValueError as refusal:
            raise ValidationError(str(refusal)) from refusal


class AssessmentRoundQuerySet(models.QuerySet["AssessmentRound"]):
    def visible_to(self, user: Person) -> Self:
        """All for those who see all projects; unit heads the published ones; nobody else."""
        if not user.is_authenticated:
            return self.none()
        if user.sees_all_projects:
            return self
        if Role.UNIT_HEAD in user.roles:
            return self.filter(state=AssessmentRound.State.PUBLISHED)
        return self.none()


class AssessmentRound(models.Model):
    """One assessment (考核期): a scheme over a quarter, half or year. `content` is frozen when it is published."""

    class State(models.TextChoices):
        DRAFT = "draft", "拟订"
        PUBLISHED = "published", "已公布"

    class Period(models.TextChoices):
        QUARTER = "quarter", "季度"
        HALF = "half", "半年"
        YEAR = "year", "年度"

    scheme = models.ForeignKey(ScoringScheme, models.PROTECT, related_name="rounds", verbose_name="考核方案")
    subject = models.CharField("考核对象", max_length=16, choices=AssessedSlot, editable=False)
    year = models.PositiveSmallIntegerField("年度", validators=YEARS)
    kind = models.CharField("考核周期", max_length=8, choices=Period)
    number = models.PositiveSmallIntegerField("期次", default=1)
    as_of = models.DateField("截至日期", help_text="考核期末日。")
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    document = models.CharField("公布文件", max_length=120, blank=True)
    content = models.JSONField("成绩单", null=True, blank=True, editable=False)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="拟订人")
    made_at = models.DateTimeField("拟订时间")
    published_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="公布人"
    )
    published_at = models.DateTimeField("公布时间", null=True, blank=True)

    objects = AssessmentRoundQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "考核期"
        ordering = ["-as_of", "subject", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "year", "kind", "number"],
                name="one_round_a_scheme",
                violation_error_message="该方案已有此考核期，请打开已有的一期。",
            ),
            models.UniqueConstraint(
                fields=["subject", "year", "kind", "number"],
                condition=Q(state="published"),
                name="one_published_round",
                violation_error_message="该考核期已公布过成绩，不能重复公布。",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(content__isnull=False, published_at__isnull=False),
                name="published_round_is_frozen",
                violation_error_message="公布须有成绩单和公布时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period.words}{self.get_subject_display()}考核"

    @property
    def period(self) -> ScoredPeriod:
        return ScoredPeriod(self.year, PeriodKind(self.kind), self.number)

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED


class AssessmentEntry(models.Model):
    """Points given by hand (人工评分): for one unit and item, with reason, document and author. The latest counts."""

    round = models.ForeignKey(AssessmentRound, models.PROTECT, related_name="entries", verbose_name="考核期")
    item = models.ForeignKey(ScoringItem, models.PROTECT, related_name="entries", verbose_name="考核项")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    points = PointsField("得分")
    reason = models.CharField("理由", max_length=300)
    document = models.CharField("佐证材料", max_length=120, help_text="文号或材料名称。")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="评分人")
    made_at = models.DateTimeField("评分时间")

    class Meta:
        verbose_name = verbose_name_plural = "人工评分"
        ordering = ["round", "unit", "item", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(document=""),
                name="entry_with_reason_and_document",
                violation_error_message="人工评分须写明理由和佐证材料。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.item} {self.points}"


class AssessmentAppeal(models.Model):
    """An objection of a unit to its published score (申诉); the office decides, an accepted one makes a correction."""

    class State(models.TextChoices):
        WAITING = "waiting", "待审定"
        ACCEPTED = "accepted", "采纳"
        REFUSED = "refused", "不予采纳"

    round = models.ForeignKey(AssessmentRound, models.PROTECT, related_name="appeals", verbose_name="考核期")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="appeals", verbose_name="单位")
    item = models.ForeignKey(ScoringItem, models.PROTECT, related_name="+", verbose_name="考核项")
    reason = models.CharField("申诉理由", max_length=400)
    evidence = models.CharField("佐证材料", max_length=200, help_text="文号或材料名称，原件报发改局。")
    state = models.CharField("状态", max_length=10, choices=State, default=State.WAITING)
    filed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="申诉人")
    filed_at = models.DateTimeField("申诉时间")
    decision = models.CharField("审定意见", max_length=400, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审定人"
    )
    decided_at = models.DateTimeField("审定时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "考核申诉"
        ordering = ["-filed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "unit", "item"],
                name="one_appeal_an_item",
                violation_error_message="本单位已就该考核项提出过申诉。",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting") | (Q(decided_by__isnull=False) & ~Q(decision="")),
                name="appeal_decided_with_words",
                violation_error_message="审定申诉须写明意见。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.item} 申诉"

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING


class AssessmentCorrection(models.Model):
    """A numbered correction beside a published score (更正): what was published stays as it was."""

    round = models.ForeignKey(
        AssessmentRound, models.PROTECT, related_name="corrections", verbose_name="考核期"
    )
    number = models.PositiveSmallIntegerField("更正号")
    appeal = models.OneToOneField(
        AssessmentAppeal, models.PROTECT, related_name="correction", verbose_name="申诉"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    item = models.ForeignKey(ScoringItem, models.PROTECT, related_name="+", verbose_name="考核项")
    published_points = PointsField("公布得分", null=True)
    points = PointsField("更正得分")
    reason = models.CharField("更正依据", max_length=400)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="更正人")
    made_at = models.DateTimeField("更正时间")

    class Meta:
        verbose_name = verbose_name_plural = "考核更正"
        ordering = ["round", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "number"],
                name="one_correction_number",
                violation_error_message="该更正号已使用。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} 更正第{self.number}号"
