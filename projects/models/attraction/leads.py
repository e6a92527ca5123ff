"""Investment leads (招商项目) from the first talk to the ground (在谈、签约、落地), each step dated and kept."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.functional import cached_property

from ..fields import MoneyField
from ..organizations import IndustryChain, Person, Role, Unit, User, access_day
from ..projects import Project
from ..spans import lasts
from .chains import ChainMember, ChainSegment


class LeadStage(models.TextChoices):
    """How far a lead has come (招商阶段)."""

    TALKING = "talking", "在谈"
    SIGNED = "signed", "签约"
    LANDED = "landed", "落地"
    ENDED = "ended", "终止"

    @property
    def step_words(self) -> str:
        """What the step to it is called: a lead is talked of again only after it was given up."""
        return "重新洽谈" if self is LeadStage.TALKING else f"登记{self.label}"


# what may follow a stage; a lead given up may be taken up again
NEXT_STAGES = {
    LeadStage.TALKING: (LeadStage.SIGNED, LeadStage.ENDED),
    LeadStage.SIGNED: (LeadStage.LANDED, LeadStage.ENDED),
    LeadStage.LANDED: (),
    LeadStage.ENDED: (LeadStage.TALKING,),
}
PROJECT_STAGES = frozenset({LeadStage.SIGNED, LeadStage.LANDED})


class LeadQuerySet(models.QuerySet["Lead"]):
    def visible_to(self, user: Person) -> Self:
        """Leads a person may read: all, their units', and those of chains they lead (链长)."""
        if not user.is_authenticated:
            return self.none()
        if user.sees_all_projects:
            return self
        scope = Q(unit__in=user.unit_ids)
        if Role.SPONSOR in user.roles:
            scope |= Q(industry_chain__chain_leader__user=user)
        return self.filter(scope)

    def on(self, day: date) -> models.QuerySet[Any]:
        """Leads known by the day with `stage` and `stage_on`: the last step dated up to it."""
        steps = LeadStep.objects.filter(lead=OuterRef("pk"), on__lte=day).order_by("-on", "-pk")
        return self.annotate(
            stage=Subquery(steps.values("stage")[:1]), stage_on=Subquery(steps.values("on")[:1])
        ).filter(stage__isnull=False)


class Lead(models.Model):
    """An investment under talks (招商项目). Its stage follows from its dated steps; never set by hand."""

    class Origin(models.TextChoices):
        IN_CITY = "in_city", "市内"
        IN_PROVINCE = "in_province", "市外省内"
        OUT_OF_PROVINCE = "out_of_province", "省外"
        ABROAD = "abroad", "境外"

    name = models.CharField("招商项目名称", max_length=120)
    investor = models.CharField("投资方", max_length=120)
    origin = models.CharField("资金来源地", max_length=16, choices=Origin)
    agreed_investment = MoneyField("约定投资额")
    sector = models.CharField("所属行业", max_length=60, blank=True)
    industry_chain = models.ForeignKey(
        IndustryChain, models.PROTECT, null=True, blank=True, related_name="leads", verbose_name="产业链"
    )
    segment = models.ForeignKey(
        ChainSegment, models.PROTECT, null=True, blank=True, related_name="leads", verbose_name="所在环节"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="leads", verbose_name="责任单位")
    contact = models.CharField("投资方联系人", max_length=80, blank=True)
    notes = models.TextField("项目概况及备注", max_length=2000, blank=True)
    project = models.OneToOneField(
        Project, models.PROTECT, null=True, blank=True, related_name="lead", verbose_name="转为项目"
    )
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    made_at = models.DateTimeField("登记时间")

    objects = LeadQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "招商项目"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "investor"],
                name="lead_once",
                violation_error_message="该投资方的同名招商项目已登记。",
            ),
            models.CheckConstraint(
                condition=Q(segment__isnull=True) | Q(industry_chain__isnull=False),
                name="lead_segment_in_a_chain",
                violation_error_message="选择环节须同时选择产业链。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_kept_by(self, user: User) -> bool:
        """Whether the person may keep it up: the office every lead, reporters and heads their units'."""
        return user.is_office or self.unit_id in user.unit_ids

    @cached_property
    def stage(self) -> str | None:
        """The stage of its last step; None before the first. One query, unless read by `on(day)`."""
        last = self.steps.last()
        return last.stage if last else None

    @property
    def next_stages(self) -> tuple[LeadStage, ...]:
        """What may follow its stage; one that is a project is not given up, but withdrawn there (退库)."""
        following = NEXT_STAGES[LeadStage(self.stage)] if self.stage else ()
        return tuple(stage for stage in following if stage != LeadStage.ENDED or not self.project_id)


class LeadStep(models.Model):
    """A stage a lead reached on a day (阶段进展), with the paper that shows it."""

    lead = models.ForeignKey(Lead, models.PROTECT, related_name="steps", verbose_name="招商项目")
    stage = models.CharField("阶段", max_length=8, choices=LeadStage)
    on = models.DateField("日期")
    document = models.CharField("依据材料", max_length=120, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    made_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "招商阶段进展"
        ordering = ["lead", "on", "pk"]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} {self.on}"

    @property
    def project(self) -> Project | None:
        """The project its lead has become, among whose changes it is told."""
        return self.lead.project

    @property
    def gives_up(self) -> bool:
        return self.stage == LeadStage.ENDED


def chains_visible_to(user: Person) -> models.QuerySet[IndustryChain]:
    """Chains a person may read: all; those of projects or leads they see, led by them, or with their unit in the team."""
    chains = IndustryChain.objects.all()
    if not user.is_authenticated:
        return chains.none()
    if user.sees_all_projects:
        return chains
    scope = Q(pk__in=Project.objects.visible_to(user).values("industry_chain"))
    scope |= Q(pk__in=Lead.objects.visible_to(user).values("industry_chain"))
    if user.unit_ids:
        serving = lasts(access_day(), "from_on", "until_on")
        team = ChainMember.objects.filter(serving, unit__in=user.unit_ids)
        scope |= Q(pk__in=team.values("chain"))
    if Role.SPONSOR in user.roles:
        scope |= Q(chain_leader__user=user)
    return chains.filter(scope)
