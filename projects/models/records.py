"""The memory of the product: audit records, import batches, settings of the office, heartbeats, people's own views."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from .organizations import User
from .projects import Project


class ImportBatch(models.Model):
    """One uploaded workbook and what became of it (导入批次). Reading and writing run as jobs; `progress` is 0–100."""

    class State(models.TextChoices):
        READING = "reading", "正在读取"
        READY = "ready", "待确认"
        REFUSED = "refused", "有错误，未写入"
        WRITING = "writing", "正在写入"
        WRITTEN = "written", "已写入"
        UNCHANGED = "unchanged", "无变化"
        REVERTED = "reverted", "已撤销"
        FAILED = "failed", "处理失败"
        CANCELLED = "cancelled", "已取消"

    file = models.FileField("文件", upload_to="imports/%Y/%m/", blank=True)
    file_name = models.CharField("文件名", max_length=160)
    sha256 = models.CharField("校验值", max_length=64)
    options = models.JSONField("选项", default=dict, blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.READING)
    progress = models.PositiveSmallIntegerField("进度", default=0, validators=[MaxValueValidator(100)])
    message = models.CharField("说明", max_length=300, blank=True)
    result = models.JSONField("结果", default=dict, blank=True)
    sender = models.CharField("填报单位", max_length=80, blank=True)
    plan = models.JSONField("预览的变更", default=dict, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="导入人")
    made_at = models.DateTimeField("上传时间")
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="确认人"
    )
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    claimed_at = models.DateTimeField("领取时间", null=True, blank=True)
    claimed_by = models.CharField("领取进程", max_length=120, blank=True)
    claims = models.PositiveSmallIntegerField("领取次数", default=0, help_text="本步骤被后台进程领取的次数。")
    written_at = models.DateTimeField("写入时间", null=True, blank=True)
    reverted_at = models.DateTimeField("撤销时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "导入批次"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"第{self.pk}批 {self.file_name}"

    @property
    def is_running(self) -> bool:
        """Waits for a worker, or is at work (处理中)."""
        return self.state in UNFINISHED_STATES

    @property
    def is_written(self) -> bool:
        return self.state == self.State.WRITTEN


UNFINISHED_STATES = frozenset({ImportBatch.State.READING, ImportBatch.State.WRITING})


class ImportAnswer(models.Model):
    """What a person answered for one batch (本批回答): the id of the question, or sheet!id, and the answer."""

    batch = models.ForeignKey(ImportBatch, models.PROTECT, related_name="answers", verbose_name="批次")
    question = models.CharField("问题", max_length=300)
    answer = models.CharField("回答", max_length=160)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="回答人")
    made_at = models.DateTimeField("回答时间")

    class Meta:
        verbose_name = verbose_name_plural = "本批回答"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["batch", "question"], name="one_answer_a_question")]

    def __str__(self) -> str:
        return f"{self.question} → {self.answer}"


class CellCorrection(models.Model):
    """A cell read otherwise than the file says, in one batch (单元格更正); `row` counts from 1, `column` from 0."""

    batch = models.ForeignKey(ImportBatch, models.PROTECT, related_name="corrections", verbose_name="批次")
    sheet = models.CharField("工作表", max_length=120)
    row = models.PositiveIntegerField("行号")
    column = models.PositiveSmallIntegerField("列号")
    header = models.CharField("表头", max_length=160, blank=True)
    was = models.CharField("原值", max_length=300, blank=True)
    value = models.CharField("改为", max_length=300, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="更正人")
    made_at = models.DateTimeField("更正时间")

    class Meta:
        verbose_name = verbose_name_plural = "单元格更正"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "sheet", "row", "column"], name="one_correction_a_cell")
        ]

    def __str__(self) -> str:
        return f"{self.sheet}第{self.row}行“{self.header}”：{self.was or '空'} → {self.value or '空'}"


class SenderAnswer(models.Model):
    """An answer kept for the next file of a sender (沿用的回答): what a word or header of theirs means.

    Taken back it stays as the memory of what was once used; at most one for a word holds.
    """

    sender = models.CharField("填报单位", max_length=80)
    kind = models.CharField("问题类型", max_length=12)
    met = models.CharField("原文", max_length=200)
    answer = models.CharField("回答", max_length=160)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="回答人")
    made_at = models.DateTimeField("回答时间")
    taken_back_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="停用人"
    )
    taken_back_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "沿用的回答"
        ordering = ["sender", "kind", "met", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["sender", "kind", "met"],
                condition=models.Q(taken_back_at__isnull=True),
                name="one_answer_holds",
                violation_error_message="该填报单位对此已有回答，请先停用原回答。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.sender}：{self.met} → {self.answer}"

    @property
    def question(self) -> str:
        """The id of the question it answers."""
        return f"{self.kind}:{self.met}"

    @property
    def holds(self) -> bool:
        return self.taken_back_at is None


class ImportedRow(models.Model):
    """One object an import created or changed (导入明细): what it was before, from which sheet and row."""

    batch = models.ForeignKey(ImportBatch, models.PROTECT, related_name="rows", verbose_name="批次")
    model = models.CharField("数据表", max_length=40)
    object_id = models.PositiveBigIntegerField("编号")
    before = models.JSONField("原值", null=True, help_text="新建时为空。")
    after = models.JSONField("新值", default=dict)
    sheet = models.CharField("工作表", max_length=60, blank=True)
    row = models.PositiveIntegerField("行号", null=True)
    taken_back = models.BooleanField("已撤回", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "导入明细"
        ordering = ["pk"]
        indexes = [models.Index(fields=["model", "object_id"], name="imported_object")]

    def __str__(self) -> str:
        return f"{self.sheet} 第{self.row}行"


class HeaderAlias(models.Model):
    """A header met in sheets and the field it means (表头对照); extended by the office."""

    header = models.CharField("表头", max_length=80, unique=True)
    field = models.CharField("对应字段", max_length=40)

    class Meta:
        verbose_name = verbose_name_plural = "表头对照"
        ordering = ["field", "header"]

    def __str__(self) -> str:
        return f"{self.header} → {self.field}"


class FurtherField(models.Model):
    """A column that the office adds to projects of its own (自定义字段); its values stand in Project.extra by its name.

    A ledger's column of that name is read as one of it, the ledger's export writes it. Nothing is deleted: a field
    that is no longer in use is not shown, its values stay.
    """

    class Kind(models.TextChoices):
        TEXT = "text", "文字"
        NUMBER = "number", "数字"
        DATE = "date", "日期"
        CHOICE = "choice", "选项"

    name = models.CharField(
        "名称", max_length=40, unique=True, help_text="也是台账导入、导出时的表头，如 用地性质。"
    )
    kind = models.CharField("类型", max_length=8, choices=Kind, default=Kind.TEXT)
    choices = models.JSONField("选项", default=list, blank=True)
    hint = models.CharField("填写说明", max_length=100, blank=True)
    position = models.PositiveSmallIntegerField("排序", default=100)
    is_active = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "自定义字段"
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuses a field of choices without any."""
        if self.kind == self.Kind.CHOICE and not self.choices:
            raise ValidationError({"choices": "请填写选项，多个请用顿号分隔。"})


class AuditRecord(models.Model):
    """Who changed what, when, from what to what and why (操作记录). Appended by services.records, never changed."""

    at = models.DateTimeField("时间", db_index=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="操作人")
    action = models.CharField("操作", max_length=40)
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="audit_records", verbose_name="项目"
    )
    model = models.CharField("数据表", max_length=40)
    object_id = models.PositiveBigIntegerField("编号")
    object_text = models.CharField("对象", max_length=160)
    changes = models.JSONField("变更", default=dict, help_text="字段 → [原值, 新值]")
    reason = models.CharField("原因", max_length=300, blank=True)
    imported_row = models.ForeignKey(
        ImportedRow, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="导入明细"
    )

    class Meta:
        verbose_name = verbose_name_plural = "操作记录"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["model", "object_id"], name="audited_object")]

    def __str__(self) -> str:
        return f"{self.action} {self.object_text}"


class OfficeSettings(models.Model):
    """The office's own rules (业务规则设置): one row, defaults from docs/rules.md."""

    report_grace_days = models.PositiveSmallIntegerField("旬报宽限工作日", default=1)
    report_reminder_days = models.PositiveSmallIntegerField("旬末前几日提醒", default=2)
    unit_review_required = models.BooleanField("旬报须经单位审核", default=False)
    visits_per_month = models.PositiveSmallIntegerField("挂包领导每月走访次数", default=1)
    problem_limit_days = models.PositiveSmallIntegerField("问题默认办理时限（工作日）", default=10)
    zone_code = models.CharField("行政区划代码前缀", max_length=6, default="3703")
    office_name = models.CharField("发文机关", max_length=60, default="淄博高新区发展改革局")

    class Meta:
        verbose_name = verbose_name_plural = "业务规则设置"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_row_of_settings")]

    def __str__(self) -> str:
        return "业务规则设置"

    @classmethod
    def current(cls) -> "OfficeSettings":
        """The one row; created with the defaults by the reference-data migration."""
        return cls.objects.get(pk=1)


class Heartbeat(models.Model):
    """Last sign of life of a process (心跳): 'beat' and 'worker', written every minute by a scheduled task."""

    name = models.CharField("进程", max_length=20, unique=True)
    beat_at = models.DateTimeField("最近时间")

    class Meta:
        verbose_name = verbose_name_plural = "心跳"

    def __str__(self) -> str:
        return self.name


class SavedView(models.Model):
    """Filters and order of a list page kept under a name (我的视图), for its owner alone.

    A bookmark, not a record of the office: no audit row. `page` is the list's URL name, `query` what stands behind
    the question mark.
    """

    owner = models.ForeignKey(User, models.PROTECT, related_name="saved_views", verbose_name="所有人")
    page = models.CharField("列表", max_length=60)
    name = models.CharField("名称", max_length=40)
    query = models.TextField("筛选与排序", max_length=2000, blank=True)
    is_active = models.BooleanField("在用", default=True)
    made_at = models.DateTimeField("保存时间")

    class Meta:
        verbose_name = verbose_name_plural = "我的视图"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "page", "name"],
                condition=Q(is_active=True),
                name="one_saved_view_a_name",
                violation_error_message="已有同名视图。",
            )
        ]

    def __str__(self) -> str:
        return self.name
