"""用地一件事: the catalogue of 3 stages, 9 classes and 48 items, and where each plot stands in it."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q

from ..organizations import Unit, User
from ..projects import Project, ProjectScopedQuerySet


class LandStage(models.TextChoices):
    """Stages of 用地一件事 (阶段)."""

    APPROVAL = "approval", "用地报批"
    SUPPLY = "supply", "土地供应"
    REGISTRATION = "registration", "用地登记"


class LandClass(models.Model):
    """A class of items (类别), nine in all."""

    stage = models.CharField("阶段", max_length=14, choices=LandStage)
    name = models.CharField("名称", max_length=60, unique=True)
    position = models.PositiveSmallIntegerField("排序", unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "用地类别"
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name


class LandItem(models.Model):
    """An item of the catalogue (用地事项). Shipped as a draft marked 待核 until the office has checked it."""

    land_class = models.ForeignKey(LandClass, models.PROTECT, related_name="items", verbose_name="类别")
    position = models.PositiveSmallIntegerField("序号", unique=True)
    name = models.CharField("事项名称", max_length=80, unique=True)
    unit_name = models.CharField("办理单位", max_length=80, blank=True)
    limit_days = models.PositiveSmallIntegerField("办理时限（工作日）", null=True, blank=True)
    materials = models.TextField("申请材料", blank=True)
    predecessors = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="successors", verbose_name="前置事项"
    )
    is_checked = models.BooleanField("已核", default=False, help_text="未勾选的在页面标注“待核”。")
    is_active = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "用地事项"
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name


class Plot(models.Model):
    """A plot of land of a project (地块)."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="plots", verbose_name="项目")
    name = models.CharField("地块名称或编号", max_length=80)
    area = models.DecimalField("面积（亩）", max_digits=10, decimal_places=2, null=True, blank=True)
    address = models.CharField("四至或位置", max_length=160, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    made_at = models.DateTimeField("登记时间")

    objects = ProjectScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "地块"
        ordering = ["project", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "name"],
                name="plot_once",
                violation_error_message="该项目已有同名地块。",
            ),
            models.CheckConstraint(
                condition=Q(area__isnull=True) | Q(area__gt=0),
                name="plot_area_positive",
                violation_error_message="面积须大于 0。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PlotItemQuerySet(ProjectScopedQuerySet["PlotItem"]):
    PROJECT = "plot__project"

    def live(self) -> Self:
        """Items that count: of the catalogue in use, and those begun before theirs was taken out of it."""
        return self.filter(Q(item__is_active=True) | ~Q(state=PlotItem.State.WAITING))

    def settled(self) -> Self:
        return self.filter(state__in=SETTLED_ITEM_STATES)

    def overdue(self, day: date) -> Self:
        """Running with the limit passed; the due day itself is not late."""
        return self.filter(state=PlotItem.State.RUNNING, due_on__lt=day)


class PlotItem(models.Model):
    """Where a plot stands with one item (地块事项)."""

    class State(models.TextChoices):
        WAITING = "waiting", "未启动"
        RUNNING = "running", "办理中"
        DONE = "done", "已办结"
        NOT_NEEDED = "not_needed", "不涉及"

    plot = models.ForeignKey(Plot, models.PROTECT, related_name="items", verbose_name="地块")
    item = models.ForeignKey(LandItem, models.PROTECT, related_name="plot_items", verbose_name="用地事项")
    state = models.CharField("状态", max_length=10, choices=State, default=State.WAITING)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="办理单位"
    )
    started_on = models.DateField("受理日期", null=True, blank=True)
    due_on = models.DateField("应办结日期", null=True, blank=True)
    done_on = models.DateField("办结日期", null=True, blank=True)
    document = models.CharField("文号或说明", max_length=120, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)

    objects = PlotItemQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "地块事项"
        ordering = ["plot", "item__position"]
        constraints = [
            models.UniqueConstraint(fields=["plot", "item"], name="plot_item_once"),
            models.CheckConstraint(
                condition=~Q(state="done") | (Q(done_on__isnull=False) & ~Q(document="")),
                name="done_plot_item_has_evidence",
                violation_error_message="办结须有日期和文号（或说明）。",
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True)
                | Q(started_on__isnull=True)
                | Q(done_on__gte=F("started_on")),
                name="plot_item_done_after_start",
                violation_error_message="办结日期不能早于受理日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plot} {self.item}"

    @property
    def project(self) -> Project:
        return self.plot.project

    @property
    def is_running(self) -> bool:
        return self.state == PlotItem.State.RUNNING

    @property
    def is_done(self) -> bool:
        return self.state == PlotItem.State.DONE

    @property
    def is_settled(self) -> bool:
        """Done or not needed: what comes after it may begin."""
        return self.state in SETTLED_ITEM_STATES


SETTLED_ITEM_STATES = frozenset({PlotItem.State.DONE, PlotItem.State.NOT_NEEDED})
