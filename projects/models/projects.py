"""The project (项目), who may see it, and who answers for it (六个一)."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, Self, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from ..pinyin import plain
from .fields import MoneyField, SortKeyField
from .organizations import IndustryChain, Official, Person, Role, Unit, User, access_day
from .spans import Span, ends_after_it_begins, lasts

# the country between its outermost points: what lies outside was swapped or slipped
LONGITUDES, LATITUDES = (Decimal(73), Decimal(136)), (Decimal(3), Decimal(54))
PLACE_RULE = "经度、纬度须一并填写，以度计，经度在73至136之间，纬度在3至54之间。"


class ProjectQuerySet(models.QuerySet["Project"]):
    """Words for sets of projects. `visible_to` and `editable_by` are the only copy of the access rule."""

    def visible_to(self, user: Person) -> Self:
        """Projects this person may read: all, their units', their own sponsored, or those assigned to them."""
        if not user.is_authenticated:
            return self.none()
        if user.sees_all_projects:
            return self
        return self.filter(self._own(user) | self._supporting(user))

    def editable_by(self, user: Person) -> Self:
        """Projects this person may report on: the office all, reporters and heads their units', officers theirs."""
        if not user.is_authenticated:
            return self.none()
        if user.is_office:
            return self
        scope = Q(pk__in=[])
        if user.unit_ids:
            scope |= Q(lead_department__in=user.unit_ids) | Q(host_district__in=user.unit_ids)
        if Role.SERVICE_OFFICER in user.roles:
            scope |= self._supporting(user)
        return self.filter(scope)

    def workable_by(self, user: Person) -> Self:
        """Projects this person may act on beside the reports (problems, visits): the editable, and own sponsored."""
        if not user.is_authenticated:
            return self.none()
        if user.is_office:
            return self
        scope = Q(pk__in=Project.objects.editable_by(user).values("pk"))
        if Role.SPONSOR in user.roles:
            scope |= Q(sponsor__user=user)
        return self.filter(scope)

    @staticmethod
    def _own(user: User) -> Q:
        scope = Q(pk__in=[])
        if user.unit_ids:
            scope |= Q(lead_department__in=user.unit_ids) | Q(host_district__in=user.unit_ids)
        if Role.SPONSOR in user.roles:
            scope |= Q(sponsor__user=user)
        return scope

    @staticmethod
    def _supporting(user: User) -> Q:
        """Further people of the project: service officers, and supporting units whose reporter the user is."""
        members = ProjectMember.objects.current().filter(project=OuterRef("pk"))
        mine = Q(user=user)
        if user.unit_ids:
            mine |= Q(unit__in=user.unit_ids)
        return Q(Exists(members.filter(mine)))

    def held_by(self, slot: str, holder: "Official | Unit | None", day: date) -> Self:
        """Projects that the official or unit answered for in a slot on the day (当日责任); None: where nobody did."""
        held = Handover.objects.on(day).filter(slot=slot)
        if holder is None:
            return self.exclude(pk__in=held.exclude(official=None, unit=None).values("project"))
        column = "official" if slot == Handover.Slot.SPONSOR else "unit"
        return self.filter(pk__in=held.filter(**{column: holder.pk}).values("project"))

    def of_units(self, units: Iterable[int]) -> Self:
        """Projects that one of the units drives or hosts (推进部门或属地)."""
        return self.filter(Q(lead_department__in=units) | Q(host_district__in=units))

    def started_by(self, day: date) -> Self:
        return self.filter(started_on__lte=day)

    def completed_by(self, day: date) -> Self:
        """Completed or in production by the day (竣工或投产): production counts as completion."""
        return self.filter(Q(completed_on__lte=day) | Q(in_production_on__lte=day))

    def active(self) -> Self:
        """Projects still driven forward: neither 退库 nor closed."""
        return self.exclude(state__in=ENDED_STATES)

    def reporting_on(self, period_ends_on: date) -> Self:
        """Projects that owe a ten-day report for the period: followed by then, active, not yet in production."""
        return self.filter(reports_from_on__lte=period_ends_on, state=Project.State.ACTIVE).filter(
            Q(in_production_on__isnull=True) | Q(in_production_on__gt=period_ends_on)
        )

    def search(self, text: str) -> Self:
        """Free-text search over code, name, firm and their pinyin; every word must match."""
        found = self
        for word in plain(text).split():
            found = found.filter(search_text__contains=word)
        return found


class Project(models.Model):
    """A construction project (项目). `code` names it in URLs: the 项目代码, or a local number where none was given."""

    class Nature(models.TextChoices):
        NEW = "new", "新建"
        EXPANSION = "expansion", "扩建"
        RECONSTRUCTION = "reconstruction", "改建"
        TECHNICAL = "technical", "技术改造"

    class State(models.TextChoices):
        ACTIVE = "active", "正常推进"
        SUSPENDED = "suspended", "停工"
        POSTPONED = "postponed", "暂缓"
        WITHDRAWN = "withdrawn", "退库"
        CLOSED = "closed", "办结"

    class Level(models.TextChoices):
        SINGLE = "single", "单体项目"
        PACKAGE = "package", "打包项目"
        PHASE = "phase", "分期项目"

    DEEPEST = 20  # packages above one another; more would be a mistake

    code = models.CharField("项目代码", max_length=40, unique=True)
    name = models.CharField("项目名称", max_length=120)
    developer = models.CharField("建设单位", max_length=120, blank=True)
    nature = models.CharField("建设性质", max_length=16, choices=Nature, blank=True)
    level = models.CharField("项目层级", max_length=10, choices=Level, default=Level.SINGLE)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="所属打包项目"
    )
    industry_chain = models.ForeignKey(
        IndustryChain,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name="所属产业链",
    )
    description = models.TextField("建设内容及规模", blank=True)
    address = models.CharField("建设地点", max_length=160, blank=True)
    longitude = models.DecimalField(
        "经度",
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        help_text="东经，CGCS2000，以度计，如 118.019693；与纬度一并填写。",
    )
    latitude = models.DecimalField(
        "纬度",
        max_digits=8,
        decimal_places=6,
        null=True,
        blank=True,
        help_text="北纬，CGCS2000，以度计，如 36.788947。",
    )
    total_investment = MoneyField("总投资", null=True, blank=True)

    sponsor = models.ForeignKey(
        Official, models.PROTECT, null=True, blank=True, related_name="projects", verbose_name="挂包领导"
    )
    lead_department = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="led_projects", verbose_name="推进部门"
    )
    host_district = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="hosted_projects", verbose_name="属地保障"
    )

    started_on = models.DateField("实际开工日期", null=True, blank=True)
    completed_on = models.DateField("竣工日期", null=True, blank=True)
    in_production_on = models.DateField("投产日期", null=True, blank=True)
    full_production_on = models.DateField("达产日期", null=True, blank=True)
    entered_statistics_on = models.DateField("纳统日期", null=True, blank=True)
    statistics_stated_on = models.DateField(
        "台账载明已纳统",
        null=True,
        blank=True,
        help_text="台账“是否纳统”填“是”而没有日期时，所填台账的截止日；纳统日期待补。",
    )
    state = models.CharField("项目状态", max_length=10, choices=State, default=State.ACTIVE)

    reports_from_on = models.DateField("旬报起始日", help_text="自该日所在旬起报送旬报。")
    name_key = SortKeyField(db_index=True)
    search_text = models.TextField("检索文本", blank=True, editable=False)
    extra = models.JSONField(
        "台账其他列", default=dict, blank=True, help_text="导入台账中未识别的列，原样保留。"
    )
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "项目"
        ordering = ["code"]
        indexes = [
            models.Index(fields=["name"], name="project_name"),
            models.Index(fields=["started_on"], name="project_started"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(completed_on__isnull=True)
                | Q(started_on__isnull=True)
                | Q(completed_on__gte=F("started_on")),
                name="project_completed_after_start",
                violation_error_message="竣工日期不能早于实际开工日期。",
            ),
            models.CheckConstraint(
                condition=Q(in_production_on__isnull=True)
                | Q(started_on__isnull=True)
                | Q(in_production_on__gte=F("started_on")),
                name="project_production_after_start",
                violation_error_message="投产日期不能早于实际开工日期。",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("pk")),
                name="project_not_its_own_parent",
                violation_error_message="项目不能隶属于自身。",
            ),
            models.CheckConstraint(
                # that both are there is said as well: of half a place the ranges alone would be unknown, which passes
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(longitude__isnull=False, longitude__range=LONGITUDES)
                & Q(latitude__isnull=False, latitude__range=LATITUDES),
                name="project_place_in_the_country",
                violation_error_message=PLACE_RULE,
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuses a parent that is no package or lies beneath this project, and a level its children forbid."""
        if self.pk and self.level != self.Level.PACKAGE and (children := self.children.count()):
            raise ValidationError({"level": f"名下还有{children}个分项，须保持为打包项目。"})
        if self.parent is None:
            return
        if self.parent.level != self.Level.PACKAGE:
            raise ValidationError({"parent": f"“{self.parent}”不是打包项目，请先将其层级改为打包项目。"})
        above: Project | None = self.parent
        chain = [self.name]
        while above is not None and len(chain) <= self.DEEPEST:
            chain.append(above.name)
            if above.pk == self.pk:
                raise ValidationError({"parent": f"隶属关系成了循环：{' → '.join(chain)}，请另选。"})
            above = above.parent

    @property
    def is_active(self) -> bool:
        """Driven forward as planned (正常推进): neither 停工 nor 暂缓, 退库 or 办结."""
        return self.state == self.State.ACTIVE

    def stage_on(self, day: date) -> str:
        """Stage reached by the day (前期、在建、竣工、投产、达产), from the dates of fact."""
        for reached_on, words in (
            (self.full_production_on, "达产"),
            (self.in_production_on, "投产"),
            (self.completed_on, "竣工"),
            (self.started_on, "在建"),
        ):
            if reached_on and reached_on <= day:
                return words
        return "前期"


ENDED_STATES = frozenset({Project.State.WITHDRAWN, Project.State.CLOSED})


Row = TypeVar("Row", bound=models.Model)


class ProjectScopedQuerySet(models.QuerySet[Row]):
    """Rows that belong to a project are seen by whoever sees the project."""

    PROJECT = "project"

    def visible_to(self, user: Person) -> Self:
        if user.is_authenticated and user.sees_all_projects:
            return self
        return self.filter(**{f"{self.PROJECT}__in": Project.objects.visible_to(user)})

    def editable_by(self, user: Person) -> Self:
        if user.is_authenticated and user.is_office:
            return self
        return self.filter(**{f"{self.PROJECT}__in": Project.objects.editable_by(user)})


class SpanQuerySet(ProjectScopedQuerySet[Row]):
    """Sets of spans (models.spans) of projects."""

    model: type[Any]

    def on(self, day: date) -> Self:
        """Those that hold on the day: begun by then, and nothing has taken over."""
        return self.filter(self.model.holds(day))

    def bulk_create(self, objs: Iterable[Row], *args: Any, **kwargs: Any) -> list[Row]:
        rows: list[Any] = list(objs)
        with transaction.atomic():
            made = super().bulk_create(rows, *args, **kwargs)
            self.model.respan({row.span_key for row in rows})
        return made

    def delete(self) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            keys = set(self.values_list(*self.model.SPANNED))
            gone = super().delete()
            self.model.respan(keys)
        return gone


class HandoverQuerySet(SpanQuerySet["Handover"]):
    """Slots held from a day until a day."""


class StateChangeQuerySet(SpanQuerySet["StateChange"]):
    """States held from a day until a day."""


class Handover(Span):
    """A dated change of sponsor, lead department or host district (交接), with its document."""

    BEGINS, SPANNED = "from_on", ("project_id", "slot")

    class Slot(models.TextChoices):
        SPONSOR = "sponsor", "挂包领导"
        LEAD_DEPARTMENT = "lead_department", "推进部门"
        HOST_DISTRICT = "host_district", "属地保障"

    project = models.ForeignKey(Project, models.PROTECT, related_name="handovers", verbose_name="项目")
    slot = models.CharField("责任类型", max_length=16, choices=Slot)
    official = models.ForeignKey(
        Official, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="领导"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位"
    )
    from_on = models.DateField("接任日期")
    document = models.CharField("依据文件", max_length=120, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    made_at = models.DateTimeField("登记时间")

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "责任交接"
        ordering = ["project", "slot", "from_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "slot", "from_on"],
                name="one_handover_a_day",
                violation_error_message="同一日期已有该责任的交接记录。",
            ),
            models.CheckConstraint(
                condition=(Q(slot="sponsor") & Q(unit__isnull=True))
                | (~Q(slot="sponsor") & Q(official__isnull=True)),
                name="handover_to_the_right_kind",
                violation_error_message="挂包领导应为领导干部，推进部门、属地保障应为单位。",
            ),
            ends_after_it_begins("from_on", "handover_ends_after_it_begins"),
        ]
        indexes = [
            models.Index(fields=["slot", "official", "from_on"], name="slots_of_an_official"),
            models.Index(fields=["slot", "unit", "from_on"], name="slots_of_a_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.get_slot_display()} {self.from_on}"


def state_on(day: date, project: str = "pk") -> Coalesce:
    """The state of a project on a day, as a column: before its first change it was driven forward (正常推进).

    One that never changed keeps the state on its row. `project` leads from the row to its project.
    """
    changes = StateChange.objects.filter(project=OuterRef(project))
    held = changes.filter(StateChange.holds(day)).order_by().values("state")[:1]
    of_row = "state" if project == "pk" else f"{project}__state"
    before = Case(When(Exists(changes), then=Value(Project.State.ACTIVE.value)), default=F(of_row))
    return Coalesce(Subquery(held), before)


def holder_on(slot: str, day: date, project: str = "pk") -> Subquery:
    """The id of who held a slot on a day, as a column; `project` leads from the row to its project."""
    column = "official" if slot == Handover.Slot.SPONSOR else "unit"
    held = Handover.objects.on(day).filter(project=OuterRef(project), slot=slot)
    return Subquery(held.order_by().values(column)[:1])


class MemberQuerySet(ProjectScopedQuerySet["ProjectMember"]):
    def current(self) -> Self:
        return self.in_force(access_day())

    def in_force(self, day: date) -> Self:
        """On the project on the day; the last day still counts."""
        return self.filter(lasts(day, "from_on", "until_on"))

    def lasting(self) -> Self:
        """Those without a last day."""
        return self.filter(until_on__isnull=True)


class ProjectMember(models.Model):
    """A further person or unit on the project (服务专员、协办单位、代办员、企业联系人), from its first to its last day.

    A supporting unit has a row for each `cause` that lets it see the project (services.register.members.let_in), and
    one without where the office put it on by hand.
    """

    class Kind(models.TextChoices):
        SERVICE_OFFICER = "service_officer", "服务专员"
        SUPPORTING_UNIT = "supporting_unit", "协办单位"
        REPRESENTATIVE = "representative", "项目代表（代办员）"
        ENTERPRISE_CONTACT = "enterprise_contact", "企业联系人"

    project = models.ForeignKey(Project, models.PROTECT, related_name="members", verbose_name="项目")
    kind = models.CharField("类型", max_length=20, choices=Kind)
    user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="账号"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位"
    )
    name = models.CharField("姓名", max_length=40, blank=True)
    post = models.CharField("职务", max_length=60, blank=True)
    phone = models.CharField("电话", max_length=40, blank=True)
    from_on = models.DateField("自")
    until_on = models.DateField("至", null=True, blank=True)
    cause = models.CharField("事由", max_length=40, blank=True, editable=False, db_index=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "项目服务人员"
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False) | Q(unit__isnull=False) | ~Q(name=""),
                name="member_is_somebody",
                violation_error_message="账号、单位、姓名至少填写一项。",
            ),
            models.UniqueConstraint(
                fields=["project", "unit", "cause"],
                condition=Q(kind="supporting_unit", until_on__isnull=True),
                name="supporting_unit_once_a_cause",
                violation_error_message="该单位已登记为本项目的协办单位，无需重复登记。",
            ),
            models.UniqueConstraint(
                fields=["project", "kind", "user"],
                condition=Q(until_on__isnull=True),
                name="member_once_by_account",
                violation_error_message="该账号已登记为本项目的此类人员，无需重复登记。",
            ),
            models.UniqueConstraint(
                fields=["project", "kind", "name"],
                condition=Q(until_on__isnull=True, user__isnull=True) & ~Q(kind="supporting_unit"),
                name="member_once_by_name",
                violation_error_message="该人员已登记为本项目的此类人员，无需重复登记。",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.user or self.unit)


class StateChange(Span):
    """Suspension, postponement, withdrawal or resumption of a project (停工、暂缓、退库、复工), with its reason."""

    BEGINS, SPANNED = "effective_on", ("project_id",)

    project = models.ForeignKey(Project, models.PROTECT, related_name="state_changes", verbose_name="项目")
    state = models.CharField("状态", max_length=10, choices=Project.State)
    effective_on = models.DateField("生效日期")
    reason = models.CharField("原因", max_length=200)
    document = models.CharField("依据文件", max_length=120, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    made_at = models.DateTimeField("登记时间")

    objects = StateChangeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "项目状态变更"
        ordering = ["project", "effective_on", "pk"]
        constraints = [ends_after_it_begins("effective_on", "state_ends_after_it_begins")]

    def __str__(self) -> str:
        return f"{self.project} {self.get_state_display()} {self.effective_on}"


class CarryOver(models.Model):
    """Investment completed before a plan year (至上年底累计完成投资), from the ledger."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="carry_overs", verbose_name="项目")
    year = models.PositiveSmallIntegerField("年度", help_text="金额截至该年度的上年底。")
    amount = MoneyField("至上年底累计完成投资")

    objects = ProjectScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "年初累计投资"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "year"],
                name="one_carry_over_a_year",
                violation_error_message="该项目本年度的年初累计已登记。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.year}"
