"""Assessment: scoring schemes with their items, rounds, points given by hand, appeals, corrections."""

import django.core.validators
import django.db.models.deletion
import projects.models.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0021_indicator_entry"),
    ]

    operations = [
        migrations.CreateModel(
            name="ScoringItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="序号")),
                ("name", models.CharField(max_length=40, verbose_name="考核项")),
                (
                    "figure",
                    models.CharField(
                        choices=[
                            ("investment_completion", "投资完成率"),
                            ("schedule_gap", "投资与序时差距"),
                            ("start_rate_of_year", "新开工开工率"),
                            ("start_rate_to_date", "计划开工率"),
                            ("statistics_rate", "纳统率"),
                            ("milestones_on_time", "节点按期率"),
                            ("reports_on_time", "旬报按期率"),
                            ("problems_settled", "问题办结率"),
                            ("manual", "人工评分"),
                        ],
                        max_length=24,
                        verbose_name="指标",
                    ),
                ),
                (
                    "weight",
                    projects.models.fields.PointsField(
                        decimal_places=2,
                        help_text="各项权重合计等于满分；人工加减分项填 0。",
                        max_digits=8,
                        validators=[django.core.validators.MinValueValidator(0, "权重不能为负数。")],
                        verbose_name="权重（分）",
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("linear", "零分值与满分值之间按比例"),
                            ("deduction", "低于满分值的，每差一个单位扣分"),
                        ],
                        default="linear",
                        max_length=10,
                        verbose_name="计分方法",
                    ),
                ),
                (
                    "zero_at",
                    projects.models.fields.PointsField(
                        decimal_places=2,
                        default=0,
                        help_text="指标低到该值得 0 分，单位同指标（% 或个百分点）。",
                        max_digits=8,
                        verbose_name="零分值",
                    ),
                ),
                (
                    "full_at",
                    projects.models.fields.PointsField(
                        decimal_places=2,
                        default=100,
                        help_text="指标达到该值得满分。",
                        max_digits=8,
                        verbose_name="满分值",
                    ),
                ),
                (
                    "per_point",
                    projects.models.fields.PointsField(
                        decimal_places=2,
                        default=0,
                        help_text="按差距扣分时填写。",
                        max_digits=8,
                        verbose_name="每差一个单位扣分",
                    ),
                ),
                (
                    "floor",
                    projects.models.fields.PointsField(
                        decimal_places=2,
                        default=0,
                        help_text="减分项可为负数。",
                        max_digits=8,
                        verbose_name="最低分",
                    ),
                ),
                (
                    "cap",
                    projects.models.fields.PointsField(
                        blank=True,
                        decimal_places=2,
                        help_text="不填为权重；高于权重的，超额部分加分。",
                        max_digits=8,
                        null=True,
                        verbose_name="最高分",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
            ],
            options={
                "verbose_name": "考核项",
                "verbose_name_plural": "考核项",
                "ordering": ["scheme", "position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="AssessmentRound",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        choices=[("lead_department", "推进部门"), ("host_district", "属地保障")],
                        editable=False,
                        max_length=16,
                        verbose_name="考核对象",
                    ),
                ),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1990, "年度不能早于1990年。"),
                            django.core.validators.MaxValueValidator(2099, "年度不能晚于2099年。"),
                        ],
                        verbose_name="年度",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("quarter", "季度"), ("half", "半年"), ("year", "年度")],
                        max_length=8,
                        verbose_name="考核周期",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(default=1, verbose_name="期次")),
                ("as_of", models.DateField(help_text="考核期末日。", verbose_name="截至日期")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "拟订"), ("published", "已公布")],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("document", models.CharField(blank=True, max_length=120, verbose_name="公布文件")),
                ("content", models.JSONField(blank=True, editable=False, null=True, verbose_name="成绩单")),
                ("made_at", models.DateTimeField(verbose_name="拟订时间")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="公布时间")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="拟订人",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="公布人",
                    ),
                ),
            ],
            options={
                "verbose_name": "考核期",
                "verbose_name_plural": "考核期",
                "ordering": ["-as_of", "subject", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="AssessmentAppeal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=400, verbose_name="申诉理由")),
                (
                    "evidence",
                    models.CharField(
                        help_text="文号或材料名称，原件报发改局。", max_length=200, verbose_name="佐证材料"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "待审定"), ("accepted", "采纳"), ("refused", "不予采纳")],
                        default="waiting",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("filed_at", models.DateTimeField(verbose_name="申诉时间")),
                ("decision", models.CharField(blank=True, max_length=400, verbose_name="审定意见")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="审定时间")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审定人",
                    ),
                ),
                (
                    "filed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="申诉人",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeals",
                        to="projects.unit",
                        verbose_name="单位",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeals",
                        to="projects.assessmentround",
                        verbose_name="考核期",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.scoringitem",
                        verbose_name="考核项",
                    ),
                ),
            ],
            options={
                "verbose_name": "考核申诉",
                "verbose_name_plural": "考核申诉",
                "ordering": ["-filed_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ScoringScheme",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="方案名称")),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1990, "年度不能早于1990年。"),
                            django.core.validators.MaxValueValidator(2099, "年度不能晚于2099年。"),
                        ],
                        verbose_name="适用年度",
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="版次")),
                (
                    "subject",
                    models.CharField(
                        choices=[("lead_department", "推进部门"), ("host_district", "属地保障")],
                        default="lead_department",
                        max_length=16,
                        verbose_name="考核对象",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "拟订"), ("in_force", "执行中"), ("superseded", "已替代")],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "effective_on",
                    models.DateField(help_text="考核期末日在该日及以后的适用。", verbose_name="生效日期"),
                ),
                (
                    "document",
                    models.CharField(
                        blank=True, help_text="批准方案的文号。", max_length=120, verbose_name="依据文件"
                    ),
                ),
                (
                    "full_marks",
                    projects.models.fields.PointsField(
                        decimal_places=2,
                        default=100,
                        max_digits=8,
                        validators=[django.core.validators.MinValueValidator(1, "满分须大于0。")],
                        verbose_name="满分",
                    ),
                ),
                (
                    "tie_rule",
                    models.CharField(
                        choices=[
                            ("same_rank", "同分同名次，其后名次顺延"),
                            ("next_figure", "同分的按权重由大到小依次比较各项得分，仍相同的同名次"),
                        ],
                        default="same_rank",
                        max_length=12,
                        verbose_name="同分处理",
                    ),
                ),
                (
                    "least_projects",
                    models.PositiveSmallIntegerField(
                        default=3,
                        help_text="项目数少于此数的单位，按下面的办法处理。",
                        verbose_name="小样本界限",
                    ),
                ),
                (
                    "small_rule",
                    models.CharField(
                        choices=[
                            ("apart", "单列，注明项目数，不参加排名"),
                            ("marked", "参加排名，并注明项目数"),
                            ("zone_mean", "各项指标按全区合计计分，参加排名并注明"),
                        ],
                        default="apart",
                        max_length=10,
                        verbose_name="小样本处理",
                    ),
                ),
                (
                    "appeal_days",
                    models.PositiveSmallIntegerField(
                        default=5,
                        validators=[
                            django.core.validators.MaxValueValidator(60, "申诉期限不能超过60个工作日。")
                        ],
                        verbose_name="申诉期限（工作日）",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("made_at", models.DateTimeField(verbose_name="拟订时间")),
                ("enforced_at", models.DateTimeField(blank=True, null=True, verbose_name="批准执行时间")),
                (
                    "enforced_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="批准执行人",
                    ),
                ),
                (
                    "list_kind",
                    models.ForeignKey(
                        blank=True,
                        help_text="不选为当年全部名单，每个项目只计一次。",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.listkind",
                        verbose_name="考核名单",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="拟订人",
                    ),
                ),
            ],
            options={
                "verbose_name": "考核方案",
                "verbose_name_plural": "考核方案",
                "ordering": ["-year", "subject", "-version"],
            },
        ),
        migrations.AddField(
            model_name="scoringitem",
            name="scheme",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="items",
                to="projects.scoringscheme",
                verbose_name="考核方案",
            ),
        ),
        migrations.AddField(
            model_name="assessmentround",
            name="scheme",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rounds",
                to="projects.scoringscheme",
                verbose_name="考核方案",
            ),
        ),
        migrations.CreateModel(
            name="AssessmentEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "points",
                    projects.models.fields.PointsField(decimal_places=2, max_digits=8, verbose_name="得分"),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="理由")),
                (
                    "document",
                    models.CharField(help_text="文号或材料名称。", max_length=120, verbose_name="佐证材料"),
                ),
                ("made_at", models.DateTimeField(verbose_name="评分时间")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="评分人",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.unit",
                        verbose_name="单位",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="projects.assessmentround",
                        verbose_name="考核期",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="projects.scoringitem",
                        verbose_name="考核项",
                    ),
                ),
            ],
            options={
                "verbose_name": "人工评分",
                "verbose_name_plural": "人工评分",
                "ordering": ["round", "unit", "item", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", ""), _negated=True), models.Q(("document", ""), _negated=True)
                        ),
                        name="entry_with_reason_and_document",
                        violation_error_message="人工评分须写明理由和佐证材料。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AssessmentCorrection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="更正号")),
                (
                    "published_points",
                    projects.models.fields.PointsField(
                        decimal_places=2, max_digits=8, null=True, verbose_name="公布得分"
                    ),
                ),
                (
                    "points",
                    projects.models.fields.PointsField(
                        decimal_places=2, max_digits=8, verbose_name="更正得分"
                    ),
                ),
                ("reason", models.CharField(max_length=400, verbose_name="更正依据")),
                ("made_at", models.DateTimeField(verbose_name="更正时间")),
                (
                    "appeal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="correction",
                        to="projects.assessmentappeal",
                        verbose_name="申诉",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="更正人",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.unit",
                        verbose_name="单位",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="projects.assessmentround",
                        verbose_name="考核期",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.scoringitem",
                        verbose_name="考核项",
                    ),
                ),
            ],
            options={
                "verbose_name": "考核更正",
                "verbose_name_plural": "考核更正",
                "ordering": ["round", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("round", "number"),
                        name="one_correction_number",
                        violation_error_message="该更正号已使用。",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="assessmentappeal",
            constraint=models.UniqueConstraint(
                fields=("round", "unit", "item"),
                name="one_appeal_an_item",
                violation_error_message="本单位已就该考核项提出过申诉。",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessmentappeal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "waiting"),
                    models.Q(("decided_by__isnull", False), models.Q(("decision", ""), _negated=True)),
                    _connector="OR",
                ),
                name="appeal_decided_with_words",
                violation_error_message="审定申诉须写明意见。",
            ),
        ),
        migrations.AddConstraint(
            model_name="scoringscheme",
            constraint=models.UniqueConstraint(
                fields=("year", "subject", "version"),
                name="one_scheme_version",
                violation_error_message="该年度已有此版次。",
            ),
        ),
        migrations.AddConstraint(
            model_name="scoringscheme",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "in_force")),
                fields=("year", "subject"),
                name="one_scheme_in_force",
                violation_error_message="该年度已有执行中的方案。",
            ),
        ),
        migrations.AddConstraint(
            model_name="scoringscheme",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "draft"), models.Q(("document", ""), _negated=True), _connector="OR"
                ),
                name="scheme_in_force_has_a_document",
                violation_error_message="执行的方案须有依据文件。",
            ),
        ),
        migrations.AddConstraint(
            model_name="scoringitem",
            constraint=models.UniqueConstraint(
                fields=("scheme", "name"),
                name="one_item_name_a_scheme",
                violation_error_message="该方案已有同名考核项。",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessmentround",
            constraint=models.UniqueConstraint(
                fields=("scheme", "year", "kind", "number"),
                name="one_round_a_scheme",
                violation_error_message="该方案已有此考核期，请打开已有的一期。",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessmentround",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "published")),
                fields=("subject", "year", "kind", "number"),
                name="one_published_round",
                violation_error_message="该考核期已公布过成绩，不能重复公布。",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessmentround",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "draft"),
                    models.Q(("content__isnull", False), ("published_at__isnull", False)),
                    _connector="OR",
                ),
                name="published_round_is_frozen",
                violation_error_message="公布须有成绩单和公布时间。",
            ),
        ),
    ]
