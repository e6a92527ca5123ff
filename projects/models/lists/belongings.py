"""Where a project belongs (归属): its level and the package above it, its industry chain, each from a day until a day."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from ..organizations import IndustryChain, User
from ..projects import Project, SpanQuerySet
from ..spans import Span, ends_after_it_begins


class BelongingQuerySet(SpanQuerySet["Belonging"]):
    """Belongings held from a day until a day."""


class Belonging(Span):
    """Where a project belongs from a day on (归属). What holds today stands on the project itself as well (COLUMNS).

    Before its first row a project is a single one beneath no package, and of no chain.
    """

    BEGINS, SPANNED = "from_on", ("project_id", "kind")

    class Kind(models.TextChoices):
        PACKAGE = "package", "打包、分期"
        INDUSTRY_CHAIN = "industry_chain", "产业链"

    COLUMNS: ClassVar = {Kind.PACKAGE: ("level", "parent"), Kind.INDUSTRY_CHAIN: ("industry_chain",)}

    project = models.ForeignKey(Project, models.PROTECT, related_name="belongings", verbose_name="项目")
    kind = models.CharField("归属类型", max_length=16, choices=Kind)
    level = models.CharField("项目层级", max_length=10, choices=Project.Level, blank=True)
    parent = models.ForeignKey(
        Project,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="belongings_beneath",
        verbose_name="所属打包项目",
    )
    industry_chain = models.ForeignKey(
        IndustryChain, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所属产业链"
    )
    from_on = models.DateField("起始日期")
    reason = models.CharField("原因", max_length=200, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    made_at = models.DateTimeField("登记时间")

    objects = BelongingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "项目归属"
        ordering = ["project", "kind", "from_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "kind", "from_on"],
                name="one_belonging_a_day",
                violation_error_message="同一日期已有该归属的登记。",
            ),
            models.CheckConstraint(
                condition=(Q(kind="package", industry_chain__isnull=True) & ~Q(level=""))
                | Q(kind="industry_chain", level="", parent__isnull=True),
                name="belonging_of_its_kind",
                violation_error_message="打包、分期应写明层级，产业链应写明所属产业链。",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("project")),
                name="belongs_not_to_itself",
                violation_error_message="项目不能隶属于自身。",
            ),
            ends_after_it_begins("from_on", "belonging_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.get_kind_display()} {self.from_on}"

    @property
    def words(self) -> str:
        """What it says: 打包项目, 分期项目（属产业园）, 新能源; 未明确 for a chain taken away."""
        if self.kind == self.Kind.INDUSTRY_CHAIN:
            return str(self.industry_chain or "未明确")
        above = f"（属{self.parent}）" if self.parent else ""
        return f"{self.get_level_display()}{above}"


def chain_on(day: date, project: str = "pk") -> Subquery:
    """The id of a project's industry chain on a day, as a column; `project` leads from the row to its project."""
    return Subquery(_on(day, Belonging.Kind.INDUSTRY_CHAIN, project).values("industry_chain")[:1])


def chain_name_on(day: date, project: str = "pk") -> Subquery:
    """The name of a project's industry chain on a day, as a column."""
    return Subquery(_on(day, Belonging.Kind.INDUSTRY_CHAIN, project).values("industry_chain__name")[:1])


def level_on(day: date, project: str = "pk") -> Coalesce:
    """The level of a project on a day (单体、打包、分期), as a column."""
    held = _on(day, Belonging.Kind.PACKAGE, project).values("level")[:1]
    return Coalesce(Subquery(held), Value(Project.Level.SINGLE.value))


def beneath(package: Any, day: date, project: str = "pk") -> Q:
    """The condition on a row that its project is a part of the package on the day; a package may be an OuterRef."""
    path = _path("belongings", project)
    return Q(**{f"{path}parent": package}) & Belonging.holds(day, path)


def above(part: Any, day: date, project: str = "pk") -> Q:
    """The condition on a row that its project is the package of the part on the day."""
    path = _path("belongings_beneath", project)
    return Q(**{f"{path}project": part}) & Belonging.holds(day, path)


def _path(name: str, project: str) -> str:
    return f"{name}__" if project == "pk" else f"{project}__{name}__"


def _on(day: date, kind: str, project: str) -> BelongingQuerySet:
    return Belonging.objects.on(day).filter(project=OuterRef(project), kind=kind).order_by()
