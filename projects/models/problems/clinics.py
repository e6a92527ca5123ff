"""项目诊所 (project clinics) and actions (措施): who does what by when, for problems, visits and clinic cases."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from ..organizations import Person, Unit, User
from ..projects import Project, ProjectScopedQuerySet
from ..reports.reports import SiteVisit
from .problems import Problem


class ClinicSession(models.Model):
    """A sitting of departments on stuck projects (项目诊所会诊)."""

    class State(models.TextChoices):
        PLANNED = "planned", "待会诊"
        HELD = "held", "已会诊"

    year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveSmallIntegerField("期号")
    held_on = models.DateField("会诊日期")
    place = models.CharField("地点", max_length=120, blank=True)
    chair = models.CharField("主持人", max_length=60, blank=True)
    units = models.ManyToManyField(Unit, blank=True, related_name="clinics", verbose_name="会诊单位")
    note = models.TextField("会诊纪要", blank=True)
    state = models.CharField("状态", max_length=8, choices=State, default=State.PLANNED)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    made_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "项目诊所"
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "number"],
                name="one_clinic_number_a_year",
                violation_error_message="该期号已使用。",
            )
        ]

    def __str__(self) -> str:
        return f"项目诊所{self.year}年第{self.number}期"


class ClinicCaseQuerySet(ProjectScopedQuerySet["ClinicCase"]):
    PROJECT = "problem__project"


class ClinicCase(models.Model):
    """A problem before the clinic (病例): diagnosis, prescription (actions), follow-up, discharge."""

    class State(models.TextChoices):
        WAITING = "waiting", "待会诊"
        TREATED = "treated", "治疗中"
        DISCHARGED = "discharged", "已出院"

    session = models.ForeignKey(ClinicSession, models.PROTECT, related_name="cases", verbose_name="会诊")
    problem = models.ForeignKey(Problem, models.PROTECT, related_name="cases", verbose_name="问题")
    diagnosis = models.TextField("诊断意见", blank=True)
    state = models.CharField("状态", max_length=12, choices=State, default=State.WAITING)
    discharged_on = models.DateField("出院日期", null=True, blank=True)
    discharged_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="出院登记人"
    )
    outcome = models.CharField("疗效", max_length=300, blank=True)

    objects = ClinicCaseQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "诊所病例"
        ordering = ["session", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "problem"],
                name="case_once_a_session",
                violation_error_message="该问题已列入本期会诊。",
            ),
            models.CheckConstraint(
                condition=~Q(state="discharged") | (Q(discharged_on__isnull=False) & ~Q(outcome="")),
                name="discharged_with_outcome",
                violation_error_message="出院须有日期和疗效说明。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session} {self.problem}"

    @property
    def project(self) -> Project:
        return self.problem.project


class ActionQuerySet(ProjectScopedQuerySet["CorrectiveAction"]):
    def open(self, day: date) -> Self:
        """Not done by the day."""
        return self.filter(Q(done_on__isnull=True) | Q(done_on__gt=day))

    def overdue(self, day: date) -> Self:
        return self.open(day).filter(due_on__lt=day)

    def for_steps(self, user: Person) -> ProjectScopedQuerySet[Any]:
        """Annotates what services.actions.steps_of asks: `is_ours` (workable_by)."""
        return self.annotate(
            is_ours=Exists(CorrectiveAction.objects.workable_by(user).filter(pk=OuterRef("pk")))
        )

    def workable_by(self, user: Person) -> Self:
        """Actions this person may report done: of projects he or she acts on, and those of the person's units."""
        scope = Q(project__in=Project.objects.workable_by(user))
        if user.is_authenticated and user.unit_ids:
            scope |= Q(unit__in=user.unit_ids)
        return self.filter(scope)


class CorrectiveAction(models.Model):
    """Who does what by when (措施、议定事项、处方): of a problem, of a visit, or of a clinic case."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="actions", verbose_name="项目")
    problem = models.ForeignKey(
        Problem, models.PROTECT, null=True, blank=True, related_name="actions", verbose_name="问题"
    )
    visit = models.ForeignKey(
        SiteVisit, models.PROTECT, null=True, blank=True, related_name="actions", verbose_name="走访"
    )
    case = models.ForeignKey(
        ClinicCase, models.PROTECT, null=True, blank=True, related_name="actions", verbose_name="诊所病例"
    )
    text = models.CharField("措施", max_length=300)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="actions", verbose_name="责任单位")
    due_on = models.DateField("完成时限")
    done_on = models.DateField("完成日期", null=True, blank=True)
    result = models.CharField("落实情况", max_length=300, blank=True)
    done_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登记完成人"
    )
    made_on = models.DateField("提出日期")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="登记人")
    made_at = models.DateTimeField("登记时间")

    objects = ActionQuerySet.as_manager()

    class Meta:
        db_table = "projects_measure"  # the table of before the model had its name
        verbose_name = verbose_name_plural = "措施"
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["due_on"], name="measure_due")]
        constraints = [
            models.UniqueConstraint(
                Coalesce("problem", 0, output_field=models.BigIntegerField()),
                Coalesce("visit", 0, output_field=models.BigIntegerField()),
                Coalesce("case", 0, output_field=models.BigIntegerField()),
                "unit",
                "text",
                "due_on",
                "made_on",
                "made_by",
                name="action_set_once",
                violation_error_message="该措施已登记，无需重复登记。",
            ),
            models.CheckConstraint(
                condition=Q(problem__isnull=False) | Q(visit__isnull=False),
                name="measure_belongs_somewhere",
                violation_error_message="措施须属于问题或走访。",
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | ~Q(result=""),
                name="done_measure_has_a_result",
                violation_error_message="完成须填写落实情况。",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("made_on")),
                name="measure_due_after_made",
                violation_error_message="完成时限不能早于提出日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.text
