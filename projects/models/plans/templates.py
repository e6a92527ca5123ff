"""Plan templates (方案模板): the usual steps of a kind of project with durations and dependencies, as data."""

from django.db import models

from ..organizations import Unit


class StepDayKind(models.TextChoices):
    """In which days a duration counts (工期单位): approvals run in working days, works in calendar days."""

    WORKING = "working", "工作日"
    CALENDAR = "calendar", "日历日"


class Stage(models.TextChoices):
    """Stage of a project's life a step belongs to (阶段)."""

    PREPARATORY = "preparatory", "前期"
    CONSTRUCTION = "construction", "在建"
    COMPLETION = "completion", "竣工"


class PlanTemplate(models.Model):
    """A named network of steps (方案模板), e.g. 工业项目; plans are drafted from it and then stand on their own."""

    name = models.CharField("名称", max_length=60, unique=True)
    note = models.CharField("适用范围", max_length=200, blank=True)
    is_active = models.BooleanField("在用", default=True)
    position = models.PositiveSmallIntegerField("排序", default=100)

    class Meta:
        verbose_name = verbose_name_plural = "方案模板"
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class TemplateStep(models.Model):
    """A step of a template (模板节点) with its limit and what must be done before it."""

    class Answers(models.TextChoices):
        """Whose unit a drafted milestone gets: the project's own slots, or the unit named."""

        LEAD_DEPARTMENT = "lead_department", "推进部门"
        HOST_DISTRICT = "host_district", "属地保障"
        UNIT = "unit", "指定单位"

    template = models.ForeignKey(PlanTemplate, models.PROTECT, related_name="steps", verbose_name="方案模板")
    position = models.PositiveSmallIntegerField("序号")
    stage = models.CharField("阶段", max_length=14, choices=Stage)
    name = models.CharField("节点名称", max_length=80)
    duration = models.PositiveSmallIntegerField("工期", default=0, help_text="0 为当日完成的事项。")
    day_kind = models.CharField("工期单位", max_length=8, choices=StepDayKind, default=StepDayKind.WORKING)
    answers = models.CharField("责任方", max_length=16, choices=Answers, default=Answers.LEAD_DEPARTMENT)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="指定单位"
    )
    weight = models.PositiveSmallIntegerField("权重", default=1)
    is_key = models.BooleanField("关键节点", default=False)
    predecessors = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="successors", verbose_name="紧前节点"
    )
    basis = models.CharField("时限依据", max_length=120, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "模板节点"
        ordering = ["template", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["template", "position"],
                name="template_step_position",
                violation_error_message="模板节点序号重复。",
            ),
            models.UniqueConstraint(
                fields=["template", "name"],
                name="template_step_name",
                violation_error_message="模板节点名称重复。",
            ),
            models.CheckConstraint(
                condition=~models.Q(answers="unit") | models.Q(unit__isnull=False),
                name="template_step_has_its_unit",
                violation_error_message="责任方为指定单位的，须选择单位。",
            ),
        ]

    def __str__(self) -> str:
        return self.name
