"""Annual lists (年度名单) and their versions: what a list says of a project from a date on; 序时 baselines."""

from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from ...periods import OfficeDate
from ..fields import MoneyField, OfficeDateField
from ..organizations import User
from ..projects import Project, ProjectScopedQuerySet, SpanQuerySet
from ..spans import Span, ends_after_it_begins
from .belongings import above, beneath


class BaselineCurve(models.Model):
    """A named pro-rata baseline (序时基线): cumulative shares over the year, read as steps or joined by lines.

    `points` is a list of [month, day, share] with share as a decimal string, ascending, e.g. [[3, 31, "0.20"], …].
    """

    name = models.CharField("名称", max_length=40, unique=True)
    points = models.JSONField(
        "节点", default=list, help_text='如 [[3, 31, "0.20"], [6, 30, "0.50"], [12, 31, "1"]]'
    )
    is_joined = models.BooleanField("按直线连接", default=False, help_text="不勾选则为阶梯。")
    source = models.CharField("出处", max_length=160, blank=True)
    annual_list = models.ForeignKey(
        "AnnualList",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="own_curves",
        verbose_name="所属名单",
        help_text="名单自定计划填其名单；通用基线留空。",
    )

    class Meta:
        verbose_name = verbose_name_plural = "序时基线"

    def __str__(self) -> str:
        return self.name


class ListKind(models.Model):
    """The name and manner of an annual list (名单类别): 省级重点, 市级重大, 技改 …"""

    class Level(models.TextChoices):
        PROVINCE = "province", "省级"
        CITY = "city", "市级"
        ZONE = "zone", "区级"

    name = models.CharField("名称", max_length=40, unique=True)
    aliases = models.JSONField("别名", default=list, blank=True, help_text="台账标题或表名中的其他叫法。")
    level = models.CharField("级别", max_length=10, choices=Level, default=Level.ZONE)
    rate_places = models.PositiveSmallIntegerField("比率小数位", default=1)
    position = models.PositiveSmallIntegerField("排序", default=100, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "名单类别"
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name


BUILT_IN_BASELINES = [
    ("ten_day", "按旬"),
    ("month", "按月"),
    ("half_month", "按半月"),
    ("day", "按日"),
    ("own_plan", "按各项目自定计划"),
]


KIND_KEY = "kind-"


class AnnualList(models.Model):
    """A list of one year (年度名单), e.g. 2023年省级重点."""

    kind = models.ForeignKey(ListKind, models.PROTECT, related_name="years", verbose_name="名单类别")
    year = models.PositiveSmallIntegerField("年度")
    document = models.CharField("公布文件", max_length=120, blank=True)
    counts_level = models.CharField(
        "统计层级", max_length=10, choices=Project.Level, default=Project.Level.SINGLE
    )
    baseline = models.CharField("序时口径", max_length=12, choices=BUILT_IN_BASELINES, default="ten_day")
    curve = models.ForeignKey(
        BaselineCurve,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="自定义基线",
        help_text="填写后优先于序时口径。",
    )

    class Meta:
        verbose_name = verbose_name_plural = "年度名单"
        ordering = ["-year", "kind__position"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "year"], name="one_list_a_year", violation_error_message="该年度名单已存在。"
            )
        ]

    def __str__(self) -> str:
        return f"{self.year}年{self.kind.name}"

    @property
    def name(self) -> str:
        return self.kind.name

    def projects_on(self, day: date) -> QuerySet[Project]:
        """Projects with a version in force in the list on the day (当日在列)."""
        listed = ListingVersion.objects.in_force(day).filter(listing__annual_list=self.pk)
        return Project.objects.filter(pk__in=listed.values("listing__project"))

    @property
    def key(self) -> str:
        """What an address calls it (kind-3): the list of its kind in the year at hand, so that it lives on next year."""
        return f"{KIND_KEY}{self.kind_id}"


class Listing(models.Model):
    """A project's place in an annual list (列入)."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="listings", verbose_name="项目")
    annual_list = models.ForeignKey(
        AnnualList, models.PROTECT, related_name="listings", verbose_name="年度名单"
    )
    number = models.PositiveIntegerField("序号", null=True, blank=True)

    objects = ProjectScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "列入名单"
        ordering = ["annual_list", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "annual_list"],
                name="listed_once",
                violation_error_message="该项目已列入此名单。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.annual_list}"


class ProjectStage(models.TextChoices):
    """项目类别 in the plan year, as the list states it."""

    NEW_START = "new_start", "新开工"
    CONTINUING = "continuing", "续建"
    PREPARATORY = "preparatory", "前期"


class ListingVersionQuerySet(SpanQuerySet["ListingVersion"]):
    PROJECT = "listing__project"

    def in_force(self, day: date) -> Self:
        """The version of each listing in force on the day; listings taken off (调出) or closed (结转) by then are out."""
        return self.on(day).exclude(change__in=ENDING)

    def owed(self, day: date, due: str) -> Self:
        """The versions by which a start or a finish is owed on the day; `due` is the column of its planned day.

        Those of the year's lists; and of a project that no later list names what an earlier list had due within its
        own year: a new year is no cause, only the new list or the office (结转) is.
        """
        year, in_force = "listing__annual_list__year", ListingVersion.objects.in_force(day)
        later = in_force.filter(
            **{f"{year}__gt": OuterRef(year), f"{year}__lte": day.year},
            listing__project=OuterRef("listing__project"),
        )
        left_over = Q(**{f"{year}__lt": day.year, f"{due}__year__lte": F(year)}) & ~Q(
            Exists(later.order_by())
        )
        return self.in_force(day).filter(Q(**{year: day.year}) | left_over)

    def counting(self, day: date) -> Self:
        """The versions in force that their list counts (统计层级): what every figure of a list is over."""
        return self.in_force(day).filter(counts_at_level(day))


def total_said() -> Coalesce:
    """总投资 as the list says it, as a column of a version; what the project's record holds where it says nothing."""
    return Coalesce("total_investment", "listing__project__total_investment")


def counts_at_level(day: date) -> Q:
    """Whether a list counts a version in force on the day, for filters and annotations. The one copy of the rule.

    Where a package (打包) and a part of it stand in the same list, only one level counts: a list that counts packages
    leaves out the part, one that counts single projects or phases leaves out the package. What stands in the list
    without its package or parts counts always. What was packaged on the day is what counts (打包按日).
    """
    beside = ListingVersion.objects.in_force(day).filter(
        listing__annual_list=OuterRef("listing__annual_list")
    )
    # the level of the list is asked inside, so that each is a plain “there is none” the database can join
    counts_packages = Q(listing__annual_list__counts_level=Project.Level.PACKAGE)
    project = "listing__project"
    its_package = beside.filter(counts_packages, above(OuterRef(project), day, project))
    its_parts = beside.filter(~counts_packages, beneath(OuterRef(project), day, project))
    return ~Q(Exists(its_package.order_by())) & ~Q(Exists(its_parts.order_by()))


ENDING = ("removed", "carried")  # the changes after which a list says nothing of the project


class ListingVersion(Span):
    """What a list says of a project from a date on (名单版本): category, plan, planned start and finish."""

    BEGINS, SPANNED = "effective_on", ("listing_id",)

    class Change(models.TextChoices):
        INITIAL = "initial", "年初"
        ADDED = "added", "调入"
        REMOVED = "removed", "调出"
        RAISED = "raised", "调增"
        LOWERED = "lowered", "调减"
        RECLASSIFIED = "reclassified", "调整"
        CARRIED = "carried", "结转"

    listing = models.ForeignKey(Listing, models.PROTECT, related_name="versions", verbose_name="列入名单")
    effective_on = models.DateField("生效日期")
    change = models.CharField("变动", max_length=14, choices=Change, default=Change.INITIAL)
    category = models.CharField("项目类别", max_length=12, choices=ProjectStage)
    total_investment = MoneyField("总投资", null=True, blank=True, help_text="空为项目台账所载。")
    planned_investment = MoneyField("年度计划投资", default=0)
    planned_start = OfficeDateField("计划开工时间")
    planned_start_on = models.DateField(null=True, editable=False)
    planned_start_span: OfficeDate
    planned_completion = OfficeDateField("计划竣工时间")
    planned_completion_on = models.DateField(null=True, editable=False)
    planned_completion_span: OfficeDate
    document = models.CharField("文号", max_length=120, blank=True)
    adjustment = models.ForeignKey(
        "ListAdjustment",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="versions",
        verbose_name="名单调整",
    )
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    made_at = models.DateTimeField("登记时间")

    objects = ListingVersionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "名单版本"
        ordering = ["listing", "effective_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["listing", "effective_on"],
                name="one_listing_version_a_day",
                violation_error_message="同一生效日期已有版本。",
            ),
            ends_after_it_begins("effective_on", "listing_version_ends_after_it_begins"),
        ]
        indexes = [models.Index(fields=["effective_on", "until_on"], name="listing_version_span")]

    def __str__(self) -> str:
        return f"{self.listing} {self.effective_on}"

    def clean(self) -> None:
        """Refuses a finish before the start; spans are compared, so “2023年” and “2023年6月” agree."""
        try:
            start, finish = self.planned_start_span, self.planned_completion_span
        except ValueError:
            return  # unreadable words: the fields themselves say so
        if finish.ends_before(start):
            raise ValidationError({"planned_completion": "计划竣工时间不能早于计划开工时间。"})
