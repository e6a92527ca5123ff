"""All tables and what a new office starts with, in one step: an empty database takes this for the first thirty migrations.

A database that has all thirty counts as having this one; one that stopped on the way goes on by them
(docs/decisions/0015-one-first-migration.md).
"""

import django.contrib.auth.models
import django.contrib.auth.validators
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import projects.models.fields
from django.conf import settings
from django.db import migrations, models

from .reference import (
    headers,
    industrial_template,
    light_rules,
    office,
    permits_and_land,
    problem_limits,
    scoring_scheme,
)


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("projects", "0001_initial"),
        ("projects", "0002_reference_data"),
        ("projects", "0003_report_drafts_and_facts"),
        ("projects", "0004_due_reminders_and_links"),
        ("projects", "0005_ladder_tells_districts"),
        ("projects", "0006_header_aliases"),
        ("projects", "0007_one_duty_without_unit"),
        ("projects", "0008_figure_day_header"),
        ("projects", "0009_mechanism_in_full"),
        ("projects", "0010_saved_views"),
        ("projects", "0011_industrial_template"),
        ("projects", "0012_land_and_permit_kinds"),
        ("projects", "0013_permit_alerts"),
        ("projects", "0014_reminder_subjects"),
        ("projects", "0015_reminders_by_subject"),
        ("projects", "0016_report_rounds"),
        ("projects", "0017_fields_to_mend"),
        ("projects", "0018_problem_limits"),
        ("projects", "0019_report_indexes"),
        ("projects", "0020_leads_and_chains"),
        ("projects", "0021_indicator_entry"),
        ("projects", "0022_assessment"),
        ("projects", "0023_default_scoring_scheme"),
        ("projects", "0024_targets_lights_publications"),
        ("projects", "0025_light_rule_presets"),
        ("projects", "0026_year_amounts"),
        ("projects", "0027_publication_pro_rata"),
        ("projects", "0028_light_rules_end"),
        ("projects", "0029_corrective_actions_and_gauges"),
        ("projects", "0030_words_of_corrective_actions"),
    ]

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                (
                    "date_joined",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined"),
                ),
                ("full_name", models.CharField(max_length=40, verbose_name="姓名")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="手机")),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "用户",
                "verbose_name_plural": "用户",
                "ordering": ["username"],
                "indexes": [],
                "constraints": [],
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="Official",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="姓名")),
                ("post", models.CharField(blank=True, max_length=60, verbose_name="职务")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="电话")),
                ("position", models.PositiveSmallIntegerField(default=100, verbose_name="排序")),
                (
                    "user",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="official",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="在任")),
            ],
            options={
                "verbose_name": "领导干部",
                "verbose_name_plural": "领导干部",
                "ordering": ["position", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("name", "post"),
                        name="official_once",
                        violation_error_message="该领导已登记。",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="IndustryChain",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="名称")),
                (
                    "chain_leader",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="chains",
                        to="projects.official",
                        verbose_name="链长",
                    ),
                ),
                ("anchor_enterprise", models.CharField(blank=True, max_length=120, verbose_name="链主企业")),
                ("position", models.PositiveSmallIntegerField(default=100, verbose_name="排序")),
            ],
            options={
                "verbose_name": "产业链",
                "verbose_name_plural": "产业链",
                "ordering": ["position", "pk"],
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True, verbose_name="名称")),
                ("short_name", models.CharField(blank=True, max_length=40, verbose_name="简称")),
                (
                    "kind",
                    models.CharField(
                        choices=[("department", "推进部门"), ("district", "属地"), ("other", "其他单位")],
                        default="department",
                        max_length=12,
                        verbose_name="类型",
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="联系电话")),
                ("position", models.PositiveSmallIntegerField(default=100, verbose_name="排序")),
                ("is_active", models.BooleanField(default=True, verbose_name="在用")),
            ],
            options={
                "verbose_name": "单位",
                "verbose_name_plural": "单位",
                "ordering": ["position", "name"],
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Project",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="项目代码")),
                ("name", models.CharField(max_length=120, verbose_name="项目名称")),
                ("developer", models.CharField(blank=True, max_length=120, verbose_name="建设单位")),
                (
                    "nature",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("new", "新建"),
                            ("expansion", "扩建"),
                            ("reconstruction", "改建"),
                            ("technical", "技术改造"),
                        ],
                        max_length=16,
                        verbose_name="建设性质",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("single", "单体项目"), ("package", "打包项目"), ("phase", "分期项目")],
                        default="single",
                        max_length=10,
                        verbose_name="项目层级",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="projects.project",
                        verbose_name="所属打包项目",
                    ),
                ),
                (
                    "industry_chain",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="projects",
                        to="projects.industrychain",
                        verbose_name="所属产业链",
                    ),
                ),
                ("description", models.TextField(blank=True, verbose_name="建设内容及规模")),
                ("address", models.CharField(blank=True, max_length=160, verbose_name="建设地点")),
                (
                    "total_investment",
                    projects.models.fields.MoneyField(
                        blank=True, decimal_places=2, max_digits=16, null=True, verbose_name="总投资（万元）"
                    ),
                ),
                (
                    "sponsor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="projects",
                        to="projects.official",
                        verbose_name="挂包领导",
                    ),
                ),
                (
                    "lead_department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="led_projects",
                        to="projects.unit",
                        verbose_name="推进部门",
                    ),
                ),
                (
                    "host_district",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hosted_projects",
                        to="projects.unit",
                        verbose_name="属地保障",
                    ),
                ),
                ("started_on", models.DateField(blank=True, null=True, verbose_name="实际开工日期")),
                ("completed_on", models.DateField(blank=True, null=True, verbose_name="竣工日期")),
                ("in_production_on", models.DateField(blank=True, null=True, verbose_name="投产日期")),
                ("full_production_on", models.DateField(blank=True, null=True, verbose_name="达产日期")),
                ("entered_statistics_on", models.DateField(blank=True, null=True, verbose_name="纳统日期")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("active", "正常推进"),
                            ("suspended", "停工"),
                            ("postponed", "暂缓"),
                            ("withdrawn", "退库"),
                            ("closed", "办结"),
                        ],
                        default="active",
                        max_length=10,
                        verbose_name="项目状态",
                    ),
                ),
                (
                    "reports_from_on",
                    models.DateField(help_text="自该日所在旬起报送旬报。", verbose_name="旬报起始日"),
                ),
                ("search_text", models.TextField(blank=True, editable=False, verbose_name="检索文本")),
                (
                    "extra",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="导入台账中未识别的列，原样保留。",
                        verbose_name="台账其他列",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="登记时间")),
            ],
            options={
                "verbose_name": "项目",
                "verbose_name_plural": "项目",
                "ordering": ["code"],
                "indexes": [
                    models.Index(fields=["name"], name="project_name"),
                    models.Index(fields=["started_on"], name="project_started"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("completed_on__isnull", True),
                            ("started_on__isnull", True),
                            ("completed_on__gte", models.F("started_on")),
                            _connector="OR",
                        ),
                        name="project_completed_after_start",
                        violation_error_message="竣工日期不能早于实际开工日期。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("in_production_on__isnull", True),
                            ("started_on__isnull", True),
                            ("in_production_on__gte", models.F("started_on")),
                            _connector="OR",
                        ),
                        name="project_production_after_start",
                        violation_error_message="投产日期不能早于实际开工日期。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("parent__isnull", True),
                            models.Q(("parent", models.F("pk")), _negated=True),
                            _connector="OR",
                        ),
                        name="project_not_its_own_parent",
                        violation_error_message="项目不能隶属于自身。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("milestone_overdue", "节点逾期"),
                            ("start_overdue", "未按期开工"),
                            ("completion_overdue", "未按期竣工"),
                            ("report_missing", "旬报未报"),
                            ("problem_overdue", "问题超期"),
                            ("permit_lapsed", "许可失效"),
                        ],
                        max_length=20,
                        verbose_name="类别",
                    ),
                ),
                ("subject", models.CharField(max_length=40, verbose_name="对象")),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alerts",
                        to="projects.project",
                        verbose_name="项目",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alerts",
                        to="projects.unit",
                        verbose_name="下一步责任单位",
                    ),
                ),
                ("title", models.CharField(max_length=160, verbose_name="事项")),
                ("due_on", models.DateField(verbose_name="应完成日期")),
                ("opened_on", models.DateField(verbose_name="首次预警日期")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="解除日期")),
                (
                    "acknowledged_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="知悉人",
                    ),
                ),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True, verbose_name="知悉时间")),
                ("exempted_until_on", models.DateField(blank=True, null=True, verbose_name="豁免至")),
                (
                    "exempted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="豁免批准人",
                    ),
                ),
                ("exemption_reason", models.CharField(blank=True, max_length=200, verbose_name="豁免原因")),
            ],
            options={
                "verbose_name": "预警",
                "verbose_name_plural": "预警",
                "ordering": ["due_on", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_on__isnull", True)),
                        fields=("subject", "kind"),
                        name="one_open_alert",
                        violation_error_message="该事项已有未解除的预警。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("exempted_until_on__isnull", True),
                            models.Q(("exemption_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="exempted_with_reason",
                        violation_error_message="豁免须说明原因。",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="AlertStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="projects.alert",
                        verbose_name="预警",
                    ),
                ),
                ("working_days", models.SmallIntegerField(verbose_name="逾期工作日")),
                ("reached_on", models.DateField(verbose_name="执行日期")),
            ],
            options={
                "verbose_name": "预警升级记录",
                "verbose_name_plural": "预警升级记录",
                "constraints": [
                    models.UniqueConstraint(fields=("alert", "working_days"), name="each_step_once")
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="BaselineCurve",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, unique=True, verbose_name="名称")),
                (
                    "points",
                    models.JSONField(
                        default=list,
                        help_text='如 [[3, 31, "0.20"], [6, 30, "0.50"], [12, 31, "1"]]',
                        verbose_name="节点",
                    ),
                ),
                (
                    "is_joined",
                    models.BooleanField(
                        default=False, help_text="不勾选则为阶梯。", verbose_name="按直线连接"
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=160, verbose_name="出处")),
            ],
            options={
                "verbose_name": "序时基线",
                "verbose_name_plural": "序时基线",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="ListKind",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, unique=True, verbose_name="名称")),
                (
                    "aliases",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="台账标题或表名中的其他叫法。",
                        verbose_name="别名",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("province", "省级"), ("city", "市级"), ("zone", "区级")],
                        default="zone",
                        max_length=10,
                        verbose_name="级别",
                    ),
                ),
                ("rate_places", models.PositiveSmallIntegerField(default=1, verbose_name="比率小数位")),
                ("position", models.PositiveSmallIntegerField(default=100, unique=True, verbose_name="排序")),
            ],
            options={
                "verbose_name": "名单类别",
                "verbose_name_plural": "名单类别",
                "ordering": ["position"],
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="AnnualList",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="years",
                        to="projects.listkind",
                        verbose_name="名单类别",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("document", models.CharField(blank=True, max_length=120, verbose_name="公布文件")),
                (
                    "counts_level",
                    models.CharField(
                        choices=[("single", "单体项目"), ("package", "打包项目"), ("phase", "分期项目")],
                        default="single",
                        max_length=10,
                        verbose_name="统计层级",
                    ),
                ),
                (
                    "baseline",
                    models.CharField(
                        choices=[
                            ("ten_day", "按旬"),
                            ("month", "按月"),
                            ("half_month", "按半月"),
                            ("day", "按日"),
                            ("own_plan", "按各项目自定计划"),
                        ],
                        default="ten_day",
                        max_length=12,
                        verbose_name="序时口径",
                    ),
                ),
                (
                    "curve",
                    models.ForeignKey(
                        blank=True,
                        help_text="填写后优先于序时口径。",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="projects.baselinecurve",
                        verbose_name="自定义基线",
                    ),
                ),
            ],
            options={
                "verbose_name": "年度名单",
                "verbose_name_plural": "年度名单",
                "ordering": ["-year", "kind__position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "year"),
                        name="one_list_a_year",
                        violation_error_message="该年度名单已存在。",
                    )
                ],
                "indexes": [],
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
                ("made_at", models.DateTimeField(verbose_name="拟订时间")),
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
                ("enforced_at", models.DateTimeField(blank=True, null=True, verbose_name="批准执行时间")),
            ],
            options={
                "verbose_name": "考核方案",
                "verbose_name_plural": "考核方案",
                "ordering": ["-year", "subject", "-version"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("year", "subject", "version"),
                        name="one_scheme_version",
                        violation_error_message="该年度已有此版次。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "in_force")),
                        fields=("year", "subject"),
                        name="one_scheme_in_force",
                        violation_error_message="该年度已有执行中的方案。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"), models.Q(("document", ""), _negated=True), _connector="OR"
                        ),
                        name="scheme_in_force_has_a_document",
                        violation_error_message="执行的方案须有依据文件。",
                    ),
                ],
                "indexes": [],
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
                    "scheme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="projects.scoringscheme",
                        verbose_name="考核方案",
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
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="拟订人",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="拟订时间")),
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
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="公布时间")),
            ],
            options={
                "verbose_name": "考核期",
                "verbose_name_plural": "考核期",
                "ordering": ["-as_of", "subject", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("scheme", "year", "kind", "number"),
                        name="one_round_a_scheme",
                        violation_error_message="该方案已有此考核期，请打开已有的一期。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "published")),
                        fields=("subject", "year", "kind", "number"),
                        name="one_published_round",
                        violation_error_message="该考核期已公布过成绩，不能重复公布。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"),
                            models.Q(("content__isnull", False), ("published_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="published_round_is_frozen",
                        violation_error_message="公布须有成绩单和公布时间。",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ScoringItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "scheme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="projects.scoringscheme",
                        verbose_name="考核方案",
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("scheme", "name"),
                        name="one_item_name_a_scheme",
                        violation_error_message="该方案已有同名考核项。",
                    )
                ],
                "indexes": [],
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
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeals",
                        to="projects.unit",
                        verbose_name="单位",
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
                (
                    "filed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="申诉人",
                    ),
                ),
                ("filed_at", models.DateTimeField(verbose_name="申诉时间")),
                ("decision", models.CharField(blank=True, max_length=400, verbose_name="审定意见")),
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
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="审定时间")),
            ],
            options={
                "verbose_name": "考核申诉",
                "verbose_name_plural": "考核申诉",
                "ordering": ["-filed_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("round", "unit", "item"),
                        name="one_appeal_an_item",
                        violation_error_message="本单位已就该考核项提出过申诉。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "waiting"),
                            models.Q(
                                ("decided_by__isnull", False), models.Q(("decision", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="appeal_decided_with_words",
                        violation_error_message="审定申诉须写明意见。",
                    ),
                ],
                "indexes": [],
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
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="projects.assessmentround",
                        verbose_name="考核期",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="更正号")),
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
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.unit",
                        verbose_name="单位",
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
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="更正人",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="更正时间")),
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
                "indexes": [],
            },
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
                    "points",
                    projects.models.fields.PointsField(decimal_places=2, max_digits=8, verbose_name="得分"),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="理由")),
                (
                    "document",
                    models.CharField(help_text="文号或材料名称。", max_length=120, verbose_name="佐证材料"),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="评分人",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="评分时间")),
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
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="PlanTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="名称")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="适用范围")),
                ("is_active", models.BooleanField(default=True, verbose_name="在用")),
                ("position", models.PositiveSmallIntegerField(default=100, verbose_name="排序")),
            ],
            options={
                "verbose_name": "方案模板",
                "verbose_name_plural": "方案模板",
                "ordering": ["position", "pk"],
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="DeliveryPlan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="projects.project",
                        verbose_name="项目",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(default=1, verbose_name="版次")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "拟订"),
                            ("submitted", "待审"),
                            ("approved", "在执行"),
                            ("superseded", "已替代"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="projects.plantemplate",
                        verbose_name="方案模板",
                    ),
                ),
                (
                    "starts_on",
                    models.DateField(
                        blank=True,
                        help_text="倒排工期由此判断是否可行。",
                        null=True,
                        verbose_name="可启动日期",
                    ),
                ),
                (
                    "finish_on",
                    models.DateField(
                        blank=True, help_text="竣工或投产的目标日期。", null=True, verbose_name="目标完成日期"
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="编制（调整）说明")),
                ("document", models.CharField(blank=True, max_length=120, verbose_name="依据文件")),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="报审人",
                    ),
                ),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="报审时间")),
                ("return_reason", models.CharField(blank=True, max_length=300, verbose_name="退回原因")),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="批准人",
                    ),
                ),
                ("approved_on", models.DateField(blank=True, null=True, verbose_name="批准日期")),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="拟订人",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="拟订时间")),
            ],
            options={
                "verbose_name": "推进方案",
                "verbose_name_plural": "推进方案",
                "ordering": ["project", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("project", "number"),
                        name="one_plan_version",
                        violation_error_message="该版次已存在。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "approved")),
                        fields=("project",),
                        name="one_plan_in_force",
                        violation_error_message="该项目已有在执行的推进方案。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["approved", "superseded"]), _negated=True),
                            ("approved_on__isnull", False),
                            _connector="OR",
                        ),
                        name="approved_plan_has_a_date",
                        violation_error_message="已批准的推进方案须有批准日期。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("starts_on__isnull", True),
                            ("finish_on__isnull", True),
                            ("finish_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="plan_finishes_after_its_start",
                        violation_error_message="目标完成日期不能早于可启动日期。",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Milestone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="milestones",
                        to="projects.deliveryplan",
                        verbose_name="推进方案",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="序号")),
                (
                    "stage",
                    models.CharField(
                        choices=[("preparatory", "前期"), ("construction", "在建"), ("completion", "竣工")],
                        max_length=14,
                        verbose_name="阶段",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="节点名称")),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="milestones",
                        to="projects.unit",
                        verbose_name="责任单位",
                    ),
                ),
                ("duration", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="工期")),
                (
                    "day_kind",
                    models.CharField(
                        choices=[("working", "工作日"), ("calendar", "日历日")],
                        default="working",
                        max_length=8,
                        verbose_name="工期单位",
                    ),
                ),
                (
                    "due",
                    projects.models.fields.OfficeDateField(
                        blank=True, default="", max_length=40, verbose_name="计划完成时间"
                    ),
                ),
                ("due_on", models.DateField(editable=False, null=True)),
                ("achieved_on", models.DateField(blank=True, null=True, verbose_name="实际完成日期")),
                (
                    "evidence",
                    models.CharField(blank=True, max_length=120, verbose_name="完成依据（文号或说明）"),
                ),
                ("weight", models.PositiveSmallIntegerField(default=1, verbose_name="权重")),
                ("is_key", models.BooleanField(default=False, verbose_name="关键节点")),
                (
                    "baseline",
                    models.ForeignKey(
                        blank=True,
                        help_text="首次批准的方案中的同一节点；首次列入的节点为空。",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisions",
                        to="projects.milestone",
                        verbose_name="基线节点",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="备注")),
                (
                    "predecessors",
                    models.ManyToManyField(
                        blank=True,
                        related_name="successors",
                        to="projects.milestone",
                        verbose_name="紧前节点",
                    ),
                ),
            ],
            options={
                "verbose_name": "节点",
                "verbose_name_plural": "节点",
                "ordering": ["plan", "position"],
                "indexes": [models.Index(fields=["due_on"], name="milestone_due")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("plan", "position"),
                        name="milestone_position",
                        violation_error_message="节点序号重复。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("achieved_on__isnull", True),
                            models.Q(("evidence", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="achieved_milestone_has_evidence",
                        violation_error_message="节点办结须有依据：请填写文号，或上传照片、文件。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DateChangeRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "milestone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="date_changes",
                        to="projects.milestone",
                        verbose_name="节点",
                    ),
                ),
                ("old_due", models.CharField(max_length=40, verbose_name="原计划完成时间")),
                ("old_due_on", models.DateField(verbose_name="原计划完成日期")),
                (
                    "new_due",
                    projects.models.fields.OfficeDateField(
                        blank=True, default="", max_length=40, verbose_name="申请调整至"
                    ),
                ),
                ("new_due_on", models.DateField(editable=False, null=True)),
                ("reason", models.CharField(max_length=300, verbose_name="调整原因")),
                ("document", models.CharField(blank=True, max_length=120, verbose_name="依据文件")),
                ("asked_on", models.DateField(verbose_name="申请日期")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="申请人",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="申请时间")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "待审定"),
                            ("approved", "已同意"),
                            ("refused", "不同意"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
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
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="审定时间")),
                ("decision", models.CharField(blank=True, max_length=300, verbose_name="审定意见")),
                (
                    "new_plan",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.deliveryplan",
                        verbose_name="生效版次",
                    ),
                ),
            ],
            options={
                "verbose_name": "节点调整申请",
                "verbose_name_plural": "节点调整申请",
                "ordering": ["-asked_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("milestone",),
                        name="one_waiting_date_change",
                        violation_error_message="该节点已有待审定的调整申请。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("asked_on__lt", models.F("old_due_on"))),
                        name="date_change_asked_before_due",
                        violation_error_message="调整申请须在原计划完成日期之前提出。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["waiting", "withdrawn"]),
                            ("decided_by__isnull", False),
                            _connector="OR",
                        ),
                        name="date_change_decided_by_somebody",
                        violation_error_message="审定须有审定人。",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handovers",
                        to="projects.project",
                        verbose_name="项目",
                    ),
                ),
                (
                    "slot",
                    models.CharField(
                        choices=[
                            ("sponsor", "挂包领导"),
                            ("lead_department", "推进部门"),
                            ("host_district", "属地保障"),
                        ],
                        max_length=16,
                        verbose_name="责任类型",
                    ),
                ),
                (
                    "official",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.official",
                        verbose_name="领导",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.unit",
                        verbose_name="单位",
                    ),
                ),
                ("from_on", models.DateField(verbose_name="接任日期")),
                ("document", models.CharField(blank=True, max_length=120, verbose_name="依据文件")),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="登记时间")),
            ],
            options={
                "verbose_name": "责任交接",
                "verbose_name_plural": "责任交接",
                "ordering": ["project", "slot", "from_on"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("project", "slot", "from_on"),
                        name="one_handover_a_day",
                        violation_error_message="同一日期已有该责任的交接记录。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("slot", "sponsor"), ("unit__isnull", True)),
                            models.Q(
                                models.Q(("slot", "sponsor"), _negated=True), ("official__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="handover_to_the_right_kind",
                        violation_error_message="挂包领导应为领导干部，推进部门、属地保障应为单位。",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="PermitKind",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="名称")),
                (
                    "validity_months",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="不填为长期有效。", null=True, verbose_name="有效期（月）"
                    ),
                ),
                (
                    "lapses_unless_started",
                    models.BooleanField(
                        default=False,
                        help_text="勾选则有效期内开工的，不再提醒。",
                        verbose_name="开工后不再失效",
                    ),
                ),
                ("remind_days", models.PositiveSmallIntegerField(default=30, verbose_name="到期前几日提醒")),
                ("basis", models.CharField(blank=True, max_length=120, verbose_name="依据")),
                ("is_active", models.BooleanField(default=True, verbose_name="在用")),
                ("position", models.PositiveSmallIntegerField(default=100, verbose_name="排序")),
            ],
            options={
                "verbose_name": "许可种类",
                "verbose_name_plural": "许可种类",
                "ordering": ["position", "pk"],
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Permit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="permits",
                        to="projects.project",
                        verbose_name="项目",
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="permits",
                        to="projects.permitkind",
                        verbose_name="许可种类",
                    ),
                ),
                ("number", models.CharField(max_length=80, verbose_name="文号（证号）")),
                ("issued_by", models.CharField(blank=True, max_length=80, verbose_name="发证机关")),
                ("issued_on", models.DateField(verbose_name="发证日期")),
                (
                    "valid_until_on",
                    models.DateField(
                        blank=True, help_text="不填为长期有效。", null=True, verbose_name="有效期至"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("valid", "有效"), ("renewed", "已延续"), ("void", "已作废")],
                        default="valid",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                (
                    "renews",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="renewed_by",
                        to="projects.permit",
                        verbose_name="延续自",
                    ),
                ),
                ("void_reason", models.CharField(blank=True, max_length=200, verbose_name="作废原因")),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="登记时间")),
            ],
            options={
                "verbose_name": "许可手续",
                "verbose_name_plural": "许可手续",
                "ordering": ["project", "kind", "-issued_on", "-pk"],
                "indexes": [models.Index(fields=["valid_until_on"], name="permit_validity")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("project", "kind", "number"),
                        name="permit_once",
                        violation_error_message="该文号的许可已登记。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until_on__isnull", True),
                            ("valid_until_on__gte", models.F("issued_on")),
                            _connector="OR",
                        ),
                        name="permit_valid_after_issue",
                        violation_error_message="有效期不能早于发证日期。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "void"), _negated=True),
                            models.Q(("void_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="void_permit_with_reason",
                        violation_error_message="作废须说明原因。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SiteVisit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="projects.project",
                        verbose_name="项目",
                    ),
                ),
                (
                    "official",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="projects.official",
                        verbose_name="带队领导",
                    ),
                ),
                ("visited_on", models.DateField(verbose_name="走访日期")),
                ("place", models.CharField(blank=True, max_length=120, verbose_name="地点")),
                ("people", models.CharField(blank=True, max_length=200, verbose_name="参加人员")),
                ("findings", models.TextField(verbose_name="现场情况")),
                ("decisions", models.TextField(blank=True, verbose_name="议定事项")),
                (
                    "logged_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("logged_at", models.DateTimeField(verbose_name="登记时间")),
            ],
            options={
                "verbose_name": "现场走访",
                "verbose_name_plural": "现场走访",
                "ordering": ["-visited_on", "-pk"],
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Problem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="problems",
                        to="projects.project",
                        verbose_name="项目",
                    ),
                ),
                (
                    "milestone",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="problems",
                        to="projects.milestone",
                        verbose_name="影响节点",
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("land", "用地"),
                            ("planning", "规划"),
                            ("environment", "环评"),
                            ("energy", "能耗"),
                            ("permits", "手续"),
                            ("funds", "资金"),
                            ("demolition", "征拆"),
                            ("utilities", "配套"),
                            ("labour", "用工"),
                            ("site", "施工环境"),
                            ("other", "其他"),
                        ],
                        max_length=12,
                        verbose_name="问题类别",
                    ),
                ),
                ("text", models.CharField(max_length=400, verbose_name="问题描述")),
                ("demand", models.CharField(blank=True, max_length=300, verbose_name="请求协调事项")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("officer", "专员"),
                            ("department", "部门"),
                            ("sponsor", "挂包领导"),
                            ("zone", "区"),
                            ("city", "市"),
                            ("province", "省"),
                        ],
                        default="department",
                        max_length=12,
                        verbose_name="协调层级",
                    ),
                ),
                (
                    "lead_unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="problems",
                        to="projects.unit",
                        verbose_name="责任单位",
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="problems",
                        to="projects.sitevisit",
                        verbose_name="发现于走访",
                    ),
                ),
                (
                    "money_at_risk",
                    projects.models.fields.MoneyField(
                        blank=True,
                        decimal_places=2,
                        max_digits=16,
                        null=True,
                        verbose_name="影响投资（万元）",
                    ),
                ),
                ("raised_on", models.DateField(verbose_name="提出日期")),
                (
                    "raised_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提出人",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="办理时限")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "办理中"), ("handled", "待销号"), ("resolved", "已销号")],
                        default="open",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "handled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="办理人",
                    ),
                ),
                ("handled_on", models.DateField(blank=True, null=True, verbose_name="办理完成日期")),
                ("resolved_on", models.DateField(blank=True, null=True, verbose_name="销号日期")),
                (
                    "resolved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="销号人",
                    ),
                ),
                ("resolution", models.CharField(blank=True, max_length=400, verbose_name="办理结果")),
                ("reopen_count", models.PositiveSmallIntegerField(default=0, verbose_name="重新办理次数")),
                (
                    "helper_units",
                    models.ManyToManyField(
                        blank=True,
                        related_name="helped_problems",
                        to="projects.unit",
                        verbose_name="配合单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "问题",
                "verbose_name_plural": "问题",
                "ordering": ["-raised_on", "-pk"],
                "indexes": [models.Index(fields=["due_on"], name="problem_due")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gte", models.F("raised_on"))),
                        name="problem_due_after_raised",
                        violation_error_message="办理时限不能早于提出日期。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("resolved_on__isnull", False), ("state", "resolved")),
                            models.Q(
                                models.Q(("state", "resolved"), _negated=True), ("resolved_on__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="resolved_problem_has_a_date",
                        violation_error_message="销号须有销号日期。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("resolved_by__isnull", True),
                            ("handled_by__isnull", True),
                            models.Q(("resolved_by", models.F("handled_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="resolved_by_another",
                        violation_error_message="办理人不能自行销号，请由他人核验。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProgressReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="projects.project",
                        verbose_name="项目",
                    ),
                ),
                ("period_ends_on", models.DateField(help_text="所属旬的最后一日。", verbose_name="旬末日")),
                (
                    "counts_from_on",
                    models.DateField(
                        help_text="自该日起计入各项指标，一般为旬末日。", verbose_name="计入统计日"
                    ),
                ),
                (
                    "invested_this_year",
                    projects.models.fields.MoneyField(
                        blank=True,
                        decimal_places=2,
                        max_digits=16,
                        null=True,
                        verbose_name="本年累计完成投资（万元）",
                    ),
                ),
                (
                    "invested_to_date",
                    projects.models.fields.MoneyField(
                        blank=True,
                        decimal_places=2,
                        max_digits=16,
                        null=True,
                        verbose_name="自开工累计完成投资（万元）",
                    ),
                ),
                ("physical_progress", models.CharField(blank=True, max_length=200, verbose_name="形象进度")),
                ("work_done", models.TextField(blank=True, verbose_name="本旬进展")),
                ("next_steps", models.TextField(blank=True, verbose_name="下步计划")),
                (
                    "reported_facts",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="随本期旬报首次报送的开工、竣工、投产日期。",
                        verbose_name="报送的开竣工日期",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("reported", "填报口径"),
                            ("statistics", "统计口径"),
                            ("output_value", "产值单"),
                            ("ledger", "台账导入"),
                        ],
                        default="reported",
                        max_length=14,
                        verbose_name="数据来源",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("submitted", "待单位审核"),
                            ("passed", "待发改局确认"),
                            ("confirmed", "已确认"),
                            ("returned", "已退回"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1, verbose_name="报送轮次")),
                ("return_count", models.PositiveSmallIntegerField(default=0, verbose_name="退回次数")),
                ("return_reason", models.CharField(blank=True, max_length=300, verbose_name="退回原因")),
                (
                    "overruled_warnings",
                    models.JSONField(blank=True, default=list, verbose_name="已确认的提示"),
                ),
                ("overrule_reason", models.CharField(blank=True, max_length=300, verbose_name="情况说明")),
                (
                    "filled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="填报人",
                    ),
                ),
                ("filled_at", models.DateTimeField(verbose_name="填报时间")),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="报送人",
                    ),
                ),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="报送时间")),
                (
                    "passed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="单位审核人",
                    ),
                ),
                ("passed_at", models.DateTimeField(blank=True, null=True, verbose_name="单位审核时间")),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="确认人",
                    ),
                ),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="确认时间")),
            ],
            options={
                "verbose_name": "旬报",
                "verbose_name_plural": "旬报",
                "ordering": ["-period_ends_on", "project"],
                "indexes": [
                    models.Index(
                        fields=[
                            "project",
                            "-period_ends_on",
                            "state",
                            "counts_from_on",
                            "invested_this_year",
                        ],
                        name="report_latest",
                    ),
                    models.Index(fields=["period_ends_on", "state", "project"], name="report_of_period"),
                    models.Index(fields=["state", "submitted_at"], name="report_waiting"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("project", "period_ends_on"),
                        name="one_report_a_period",
                        violation_error_message="该项目本旬旬报已存在。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("invested_this_year__gte", 0)),
                        name="report_amount_not_negative",
                        violation_error_message="完成投资不能为负数。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("counts_from_on__lte", models.F("period_ends_on"))),
                        name="report_counts_within_its_period",
                        violation_error_message="计入统计日不能晚于旬末日。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "returned"), _negated=True),
                            models.Q(("return_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="returned_with_reason",
                        violation_error_message="退回须说明原因。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "returned"]),
                            ("invested_this_year__isnull", False),
                            _connector="OR",
                        ),
                        name="handed_in_report_has_an_amount",
                        violation_error_message="报送的旬报须填写本年累计完成投资。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StateChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="state_changes",
                        to="projects.project",
                        verbose_name="项目",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("active", "正常推进"),
                            ("suspended", "停工"),
                            ("postponed", "暂缓"),
                            ("withdrawn", "退库"),
                            ("closed", "办结"),
                        ],
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("effective_on", models.DateField(verbose_name="生效日期")),
                ("reason", models.CharField(max_length=200, verbose_name="原因")),
                ("document", models.CharField(blank=True, max_length=120, verbose_name="依据文件")),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="登记时间")),
            ],
            options={
                "verbose_name": "项目状态变更",
                "verbose_name_plural": "项目状态变更",
                "ordering": ["project", "effective_on", "pk"],
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="SupervisionOrder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("remind", "提醒"),
                            ("assign", "交办"),
                            ("supervise", "督办"),
                            ("talk", "约谈"),
                            ("circular", "通报"),
                        ],
                        default="supervise",
                        max_length=10,
                        verbose_name="类型",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                (
                    "number",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="印发时编号。", null=True, verbose_name="编号"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "拟稿"), ("issued", "已印发"), ("void", "已作废")],
                        default="draft",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supervision_orders",
                        to="projects.unit",
                        verbose_name="承办单位",
                    ),
                ),
                ("facts", models.TextField(verbose_name="事由")),
                ("demand", models.TextField(verbose_name="办理要求")),
                ("issued_on", models.DateField(blank=True, null=True, verbose_name="印发日期")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="回复时限")),
                (
                    "issued_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="印发人",
                    ),
                ),
                (
                    "received_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="签收人",
                    ),
                ),
                ("received_at", models.DateTimeField(blank=True, null=True, verbose_name="签收时间")),
                ("void_reason", models.CharField(blank=True, max_length=200, verbose_name="作废原因")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="拟稿人",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="拟稿时间")),
            ],
            options={
                "verbose_name": "督办单",
                "verbose_name_plural": "督办单",
                "ordering": ["-year", "-number", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("type", "year", "number"),
                        name="one_order_number",
                        violation_error_message="该编号已使用。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "issued"), _negated=True),
                            models.Q(
                                ("due_on__isnull", False),
                                ("issued_on__isnull", False),
                                ("number__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="issued_order_is_numbered",
                        violation_error_message="印发须有编号、日期和回复时限。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "void"), _negated=True),
                            models.Q(("void_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="void_order_with_reason",
                        violation_error_message="作废须说明原因。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("due_on__isnull", True),
                            ("issued_on__isnull", True),
                            ("due_on__gte", models.F("issued_on")),
                            _connector="OR",
                        ),
                        name="order_due_after_issue",
                        violation_error_message="回复时限不能早于印发日期。",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="SupervisionLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="projects.supervisionorder",
                        verbose_name="督办单",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supervision_lines",
                        to="projects.project",
                        verbose_name="项目",
                    ),
                ),
                ("matter", models.CharField(max_length=300, verbose_name="督办事项")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "待回复"), ("replied", "待核验"), ("closed", "已办结")],
                        default="open",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("reply", models.TextField(blank=True, verbose_name="办理情况")),
                (
                    "replied_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="回复人",
                    ),
                ),
                ("replied_at", models.DateTimeField(blank=True, null=True, verbose_name="回复时间")),
                ("return_reason", models.CharField(blank=True, max_length=300, verbose_name="退回原因")),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="核验人",
                    ),
                ),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="办结日期")),
            ],
            options={
                "verbose_name": "督办事项",
                "verbose_name_plural": "督办事项",
                "ordering": ["order", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("order", "project"),
                        name="project_once_on_a_slip",
                        violation_error_message="同一项目在一张督办单上只列一次。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "open"), models.Q(("reply", ""), _negated=True), _connector="OR"
                        ),
                        name="replied_line_has_a_reply",
                        violation_error_message="回复须填写办理情况。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "closed"), _negated=True),
                            ("closed_on__isnull", False),
                            _connector="OR",
                        ),
                        name="closed_line_has_a_date",
                        violation_error_message="办结须有日期。",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="projects.project",
                        verbose_name="项目",
                    ),
                ),
                (
                    "milestone",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="projects.milestone",
                        verbose_name="节点",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="projects.progressreport",
                        verbose_name="旬报",
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="projects.sitevisit",
                        verbose_name="走访",
                    ),
                ),
                (
                    "problem",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="projects.problem",
                        verbose_name="问题",
                    ),
                ),
                (
                    "date_change",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="projects.datechangerequest",
                        verbose_name="节点调整申请",
                    ),
                ),
                (
                    "handover",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="projects.handover",
                        verbose_name="责任交接",
                    ),
                ),
                (
                    "state_change",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="projects.statechange",
                        verbose_name="状态变更",
                    ),
                ),
                (
                    "permit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="projects.permit",
                        verbose_name="许可",
                    ),
                ),
                (
                    "supervision_line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="projects.supervisionline",
                        verbose_name="督办事项",
                    ),
                ),
                ("file", models.FileField(upload_to="attachments/%Y/%m/", verbose_name="文件")),
                ("name", models.CharField(max_length=160, verbose_name="文件名")),
                ("content_type", models.CharField(max_length=100, verbose_name="类型")),
                ("size", models.PositiveIntegerField(verbose_name="大小（字节）")),
                ("sha256", models.CharField(max_length=64, verbose_name="校验值")),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="上传人",
                    ),
                ),
                ("uploaded_at", models.DateTimeField(verbose_name="上传时间")),
            ],
            options={
                "verbose_name": "附件",
                "verbose_name_plural": "附件",
                "ordering": ["uploaded_at"],
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="ImportBatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file", models.FileField(blank=True, upload_to="imports/%Y/%m/", verbose_name="文件")),
                ("file_name", models.CharField(max_length=160, verbose_name="文件名")),
                ("sha256", models.CharField(max_length=64, verbose_name="校验值")),
                ("options", models.JSONField(blank=True, default=dict, verbose_name="选项")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("reading", "正在读取"),
                            ("ready", "待确认"),
                            ("refused", "有错误，未写入"),
                            ("writing", "正在写入"),
                            ("written", "已写入"),
                            ("unchanged", "无变化"),
                            ("reverted", "已撤销"),
                            ("failed", "处理失败"),
                        ],
                        default="reading",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "progress",
                    models.PositiveSmallIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="进度",
                    ),
                ),
                ("message", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("result", models.JSONField(blank=True, default=dict, verbose_name="结果")),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="导入人",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="上传时间")),
                ("claimed_at", models.DateTimeField(blank=True, null=True, verbose_name="领取时间")),
                ("written_at", models.DateTimeField(blank=True, null=True, verbose_name="写入时间")),
                ("reverted_at", models.DateTimeField(blank=True, null=True, verbose_name="撤销时间")),
            ],
            options={
                "verbose_name": "导入批次",
                "verbose_name_plural": "导入批次",
                "ordering": ["-pk"],
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="ImportedRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rows",
                        to="projects.importbatch",
                        verbose_name="批次",
                    ),
                ),
                ("model", models.CharField(max_length=40, verbose_name="数据表")),
                ("object_id", models.PositiveBigIntegerField(verbose_name="编号")),
                ("before", models.JSONField(help_text="新建时为空。", null=True, verbose_name="原值")),
                ("after", models.JSONField(default=dict, verbose_name="新值")),
                ("sheet", models.CharField(blank=True, max_length=60, verbose_name="工作表")),
                ("row", models.PositiveIntegerField(null=True, verbose_name="行号")),
            ],
            options={
                "verbose_name": "导入明细",
                "verbose_name_plural": "导入明细",
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["model", "object_id"], name="imported_object")],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="AuditRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_index=True, verbose_name="时间")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="操作人",
                    ),
                ),
                ("action", models.CharField(max_length=40, verbose_name="操作")),
                (
                    "project",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="audit_records",
                        to="projects.project",
                        verbose_name="项目",
                    ),
                ),
                ("model", models.CharField(max_length=40, verbose_name="数据表")),
                ("object_id", models.PositiveBigIntegerField(verbose_name="编号")),
                ("object_text", models.CharField(max_length=160, verbose_name="对象")),
                (
                    "changes",
                    models.JSONField(default=dict, help_text="字段 → [原值, 新值]", verbose_name="变更"),
                ),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="原因")),
                (
                    "imported_row",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.importedrow",
                        verbose_name="导入明细",
                    ),
                ),
            ],
            options={
                "verbose_name": "操作记录",
                "verbose_name_plural": "操作记录",
                "ordering": ["-at", "-pk"],
                "indexes": [models.Index(fields=["model", "object_id"], name="audited_object")],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="CalendarDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(unique=True, verbose_name="日期")),
                ("is_working", models.BooleanField(verbose_name="上班")),
                ("note", models.CharField(blank=True, max_length=60, verbose_name="说明")),
            ],
            options={
                "verbose_name": "节假日与调休",
                "verbose_name_plural": "节假日与调休",
                "ordering": ["-day"],
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="CarryOver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="carry_overs",
                        to="projects.project",
                        verbose_name="项目",
                    ),
                ),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        help_text="金额截至该年度的上年底。", verbose_name="年度"
                    ),
                ),
                (
                    "amount",
                    projects.models.fields.MoneyField(
                        decimal_places=2, max_digits=16, verbose_name="至上年底累计完成投资（万元）"
                    ),
                ),
            ],
            options={
                "verbose_name": "年初累计投资",
                "verbose_name_plural": "年初累计投资",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("project", "year"),
                        name="one_carry_over_a_year",
                        violation_error_message="该项目本年度的年初累计已登记。",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ChainMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "chain",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="projects.industrychain",
                        verbose_name="产业链",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.unit",
                        verbose_name="单位",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=40, verbose_name="姓名")),
                (
                    "post",
                    models.CharField(
                        help_text="如 组长、副组长、成员单位、联络员。",
                        max_length=40,
                        verbose_name="专班职务",
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="电话")),
                ("from_on", models.DateField(verbose_name="自")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="至")),
                ("position", models.PositiveSmallIntegerField(default=100, verbose_name="排序")),
            ],
            options={
                "verbose_name": "产业链专班成员",
                "verbose_name_plural": "产业链专班成员",
                "ordering": ["chain", "position", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("unit__isnull", False), models.Q(("name", ""), _negated=True), _connector="OR"
                        ),
                        name="chain_member_is_somebody",
                        violation_error_message="单位、姓名至少填写一项。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_on__isnull", True),
                            ("until_on__gte", models.F("from_on")),
                            _connector="OR",
                        ),
                        name="chain_member_ends_after_start",
                        violation_error_message="截止日期不能早于起始日期。",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ChainSegment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "chain",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="segments",
                        to="projects.industrychain",
                        verbose_name="产业链",
                    ),
                ),
                (
                    "tier",
                    models.CharField(
                        choices=[("1_upstream", "上游"), ("2_midstream", "中游"), ("3_downstream", "下游")],
                        max_length=12,
                        verbose_name="位置",
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="环节名称")),
                ("position", models.PositiveSmallIntegerField(default=100, verbose_name="排序")),
                ("is_active", models.BooleanField(default=True, verbose_name="在用")),
            ],
            options={
                "verbose_name": "产业链环节",
                "verbose_name_plural": "产业链环节",
                "ordering": ["chain", "tier", "position", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("chain", "name"),
                        name="segment_once_a_chain",
                        violation_error_message="该产业链已有同名环节。",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ChainPlacement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "project",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="chain_placement",
                        to="projects.project",
                        verbose_name="项目",
                    ),
                ),
                (
                    "segment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="placements",
                        to="projects.chainsegment",
                        verbose_name="所在环节",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="登记时间")),
            ],
            options={
                "verbose_name": "项目所在环节",
                "verbose_name_plural": "项目所在环节",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="ChainTask",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "chain",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="projects.industrychain",
                        verbose_name="产业链",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("text", models.CharField(max_length=200, verbose_name="工作任务")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.unit",
                        verbose_name="责任单位",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="完成时限")),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="完成日期")),
                ("result", models.CharField(blank=True, max_length=200, verbose_name="完成情况")),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="登记时间")),
            ],
            options={
                "verbose_name": "产业链年度任务",
                "verbose_name_plural": "产业链年度任务",
                "ordering": ["chain", "due_on", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("chain", "year", "text"),
                        name="chain_task_once_a_year",
                        violation_error_message="该产业链本年度已有同一任务。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("done_on__isnull", True),
                            models.Q(("result", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="chain_task_done_with_a_result",
                        violation_error_message="登记完成须写明完成情况。",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ClinicSession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("number", models.PositiveSmallIntegerField(verbose_name="期号")),
                ("held_on", models.DateField(verbose_name="会诊日期")),
                ("place", models.CharField(blank=True, max_length=120, verbose_name="地点")),
                ("chair", models.CharField(blank=True, max_length=60, verbose_name="主持人")),
                ("note", models.TextField(blank=True, verbose_name="会诊纪要")),
                (
                    "state",
                    models.CharField(
                        choices=[("planned", "待会诊"), ("held", "已会诊")],
                        default="planned",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="登记时间")),
                (
                    "units",
                    models.ManyToManyField(
                        blank=True, related_name="clinics", to="projects.unit", verbose_name="会诊单位"
                    ),
                ),
            ],
            options={
                "verbose_name": "项目诊所",
                "verbose_name_plural": "项目诊所",
                "ordering": ["-year", "-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("year", "number"),
                        name="one_clinic_number_a_year",
                        violation_error_message="该期号已使用。",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ClinicCase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="projects.clinicsession",
                        verbose_name="会诊",
                    ),
                ),
                (
                    "problem",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="projects.problem",
                        verbose_name="问题",
                    ),
                ),
                ("diagnosis", models.TextField(blank=True, verbose_name="诊断意见")),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "待会诊"), ("treated", "治疗中"), ("discharged", "已出院")],
                        default="waiting",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("discharged_on", models.DateField(blank=True, null=True, verbose_name="出院日期")),
                (
                    "discharged_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="出院登记人",
                    ),
                ),
                ("outcome", models.CharField(blank=True, max_length=300, verbose_name="疗效")),
            ],
            options={
                "verbose_name": "诊所病例",
                "verbose_name_plural": "诊所病例",
                "ordering": ["session", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("session", "problem"),
                        name="case_once_a_session",
                        violation_error_message="该问题已列入本期会诊。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "discharged"), _negated=True),
                            models.Q(
                                ("discharged_on__isnull", False), models.Q(("outcome", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="discharged_with_outcome",
                        violation_error_message="出院须有日期和疗效说明。",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="CorrectiveAction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="projects.project",
                        verbose_name="项目",
                    ),
                ),
                (
                    "problem",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="projects.problem",
                        verbose_name="问题",
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="projects.sitevisit",
                        verbose_name="走访",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="projects.cliniccase",
                        verbose_name="诊所病例",
                    ),
                ),
                ("text", models.CharField(max_length=300, verbose_name="措施")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="projects.unit",
                        verbose_name="责任单位",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="完成时限")),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="完成日期")),
                ("result", models.CharField(blank=True, max_length=300, verbose_name="落实情况")),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记完成人",
                    ),
                ),
                ("made_on", models.DateField(verbose_name="提出日期")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="登记时间")),
            ],
            options={
                "verbose_name": "措施",
                "verbose_name_plural": "措施",
                "db_table": "projects_measure",
                "ordering": ["due_on", "pk"],
                "indexes": [models.Index(fields=["due_on"], name="measure_due")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("problem__isnull", False), ("visit__isnull", False), _connector="OR"
                        ),
                        name="measure_belongs_somewhere",
                        violation_error_message="措施须属于问题或走访。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("done_on__isnull", True),
                            models.Q(("result", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="done_measure_has_a_result",
                        violation_error_message="完成须填写落实情况。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gte", models.F("made_on"))),
                        name="measure_due_after_made",
                        violation_error_message="完成时限不能早于提出日期。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DueReminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject", models.CharField(max_length=40, verbose_name="对象")),
                ("due_on", models.DateField(verbose_name="到期日期")),
                (
                    "working_days",
                    models.SmallIntegerField(
                        help_text="负数为到期前的工作日；0 为提前提醒。", verbose_name="距到期工作日"
                    ),
                ),
                ("reached_on", models.DateField(verbose_name="执行日期")),
            ],
            options={
                "verbose_name": "到期提醒记录",
                "verbose_name_plural": "到期提醒记录",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subject", "due_on", "working_days"), name="each_reminder_once"
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Duty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duties",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="人员",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("reporter", "填报员"),
                            ("unit_head", "部门负责人"),
                            ("sponsor", "挂包领导"),
                            ("service_officer", "服务专员"),
                            ("office", "发改局统筹"),
                            ("inspector", "督查"),
                            ("administrator", "管理员"),
                        ],
                        max_length=20,
                        verbose_name="角色",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duties",
                        to="projects.unit",
                        verbose_name="单位",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="任职日期")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="离任日期")),
            ],
            options={
                "verbose_name": "任职",
                "verbose_name_plural": "任职",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("role__in", ["reporter", "unit_head"]), _negated=True),
                            ("unit__isnull", False),
                            _connector="OR",
                        ),
                        name="duty_in_a_unit",
                        violation_error_message="填报员、部门负责人须选择所在单位。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="duty_ends_after_start",
                        violation_error_message="离任日期不能早于任职日期。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on__isnull", True)),
                        fields=("user", "role", "unit"),
                        name="one_current_duty_of_a_kind",
                        violation_error_message="该人员已有同一职务在任。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on__isnull", True), ("unit__isnull", True)),
                        fields=("user", "role"),
                        name="one_current_duty_without_unit",
                        violation_error_message="该人员已有同一职务在任。",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="EscalationStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "working_days",
                    models.SmallIntegerField(
                        help_text="负数为到期前的工作日。", unique=True, verbose_name="逾期工作日"
                    ),
                ),
                ("roles", models.JSONField(default=list, verbose_name="通知对象")),
                ("is_active", models.BooleanField(default=True, verbose_name="启用")),
            ],
            options={
                "verbose_name": "预警升级规则",
                "verbose_name_plural": "预警升级规则",
                "ordering": ["working_days"],
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="HeaderAlias",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("header", models.CharField(max_length=80, unique=True, verbose_name="表头")),
                ("field", models.CharField(max_length=40, verbose_name="对应字段")),
            ],
            options={
                "verbose_name": "表头对照",
                "verbose_name_plural": "表头对照",
                "ordering": ["field", "header"],
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=20, unique=True, verbose_name="进程")),
                ("beat_at", models.DateTimeField(verbose_name="最近时间")),
            ],
            options={
                "verbose_name": "心跳",
                "verbose_name_plural": "心跳",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Indicator",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="指标名称")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("unit", models.CharField(max_length=20, verbose_name="计量单位")),
                ("target", models.DecimalField(decimal_places=2, max_digits=16, verbose_name="年度任务")),
                ("position", models.PositiveSmallIntegerField(default=100, verbose_name="排序")),
            ],
            options={
                "verbose_name": "指标",
                "verbose_name_plural": "指标",
                "ordering": ["-year", "position", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("name", "year"),
                        name="one_indicator_a_year",
                        violation_error_message="该年度指标已存在。",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="IndicatorValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="values",
                        to="projects.indicator",
                        verbose_name="指标",
                    ),
                ),
                ("as_of_on", models.DateField(verbose_name="截至日期")),
                ("value", models.DecimalField(decimal_places=2, max_digits=16, verbose_name="累计完成")),
                (
                    "city_total",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=16, null=True, verbose_name="全市总量"
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "made_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="登记时间"),
                ),
            ],
            options={
                "verbose_name": "指标进度",
                "verbose_name_plural": "指标进度",
                "ordering": ["indicator", "as_of_on"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("indicator", "as_of_on"),
                        name="one_indicator_value_a_day",
                        violation_error_message="该日期已有数值。",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="LandClass",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("approval", "用地报批"),
                            ("supply", "土地供应"),
                            ("registration", "用地登记"),
                        ],
                        max_length=14,
                        verbose_name="阶段",
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="名称")),
                ("position", models.PositiveSmallIntegerField(unique=True, verbose_name="排序")),
            ],
            options={
                "verbose_name": "用地类别",
                "verbose_name_plural": "用地类别",
                "ordering": ["position"],
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="LandItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "land_class",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="projects.landclass",
                        verbose_name="类别",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(unique=True, verbose_name="序号")),
                ("name", models.CharField(max_length=80, unique=True, verbose_name="事项名称")),
                ("unit_name", models.CharField(blank=True, max_length=80, verbose_name="办理单位")),
                (
                    "limit_days",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="办理时限（工作日）"
                    ),
                ),
                ("materials", models.TextField(blank=True, verbose_name="申请材料")),
                (
                    "is_checked",
                    models.BooleanField(
                        default=False, help_text="未勾选的在页面标注“待核”。", verbose_name="已核"
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="在用")),
                (
                    "predecessors",
                    models.ManyToManyField(
                        blank=True, related_name="successors", to="projects.landitem", verbose_name="前置事项"
                    ),
                ),
            ],
            options={
                "verbose_name": "用地事项",
                "verbose_name_plural": "用地事项",
                "ordering": ["position"],
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Lead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="招商项目名称")),
                ("investor", models.CharField(max_length=120, verbose_name="投资方")),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("in_city", "市内"),
                            ("in_province", "市外省内"),
                            ("out_of_province", "省外"),
                            ("abroad", "境外"),
                        ],
                        max_length=16,
                        verbose_name="资金来源地",
                    ),
                ),
                (
                    "agreed_investment",
                    projects.models.fields.MoneyField(
                        decimal_places=2, max_digits=16, verbose_name="约定投资额（万元）"
                    ),
                ),
                ("sector", models.CharField(blank=True, max_length=60, verbose_name="所属行业")),
                (
                    "industry_chain",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leads",
                        to="projects.industrychain",
                        verbose_name="产业链",
                    ),
                ),
                (
                    "segment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leads",
                        to="projects.chainsegment",
                        verbose_name="所在环节",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leads",
                        to="projects.unit",
                        verbose_name="责任单位",
                    ),
                ),
                ("contact", models.CharField(blank=True, max_length=80, verbose_name="投资方联系人")),
                ("notes", models.TextField(blank=True, max_length=2000, verbose_name="项目概况及备注")),
                (
                    "project",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lead",
                        to="projects.project",
                        verbose_name="转为项目",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="登记时间")),
            ],
            options={
                "verbose_name": "招商项目",
                "verbose_name_plural": "招商项目",
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("name", "investor"),
                        name="lead_once",
                        violation_error_message="该投资方的同名招商项目已登记。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("segment__isnull", True), ("industry_chain__isnull", False), _connector="OR"
                        ),
                        name="lead_segment_in_a_chain",
                        violation_error_message="选择环节须同时选择产业链。",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="LeadStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="projects.lead",
                        verbose_name="招商项目",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("talking", "在谈"),
                            ("signed", "签约"),
                            ("landed", "落地"),
                            ("ended", "终止"),
                        ],
                        max_length=8,
                        verbose_name="阶段",
                    ),
                ),
                ("on", models.DateField(verbose_name="日期")),
                ("document", models.CharField(blank=True, max_length=120, verbose_name="依据材料")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="登记时间")),
            ],
            options={
                "verbose_name": "招商阶段进展",
                "verbose_name_plural": "招商阶段进展",
                "ordering": ["lead", "on", "pk"],
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="LevelLimit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("officer", "专员"),
                            ("department", "部门"),
                            ("sponsor", "挂包领导"),
                            ("zone", "区"),
                            ("city", "市"),
                            ("province", "省"),
                        ],
                        max_length=12,
                        unique=True,
                        verbose_name="协调层级",
                    ),
                ),
                ("working_days", models.PositiveSmallIntegerField(verbose_name="办理时限（工作日）")),
            ],
            options={
                "verbose_name": "问题办理时限",
                "verbose_name_plural": "问题办理时限",
                "ordering": ["pk"],
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="LightRuleSet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="名称")),
                ("source", models.CharField(blank=True, max_length=160, verbose_name="依据")),
                (
                    "min_planned_investment",
                    projects.models.fields.MoneyField(
                        decimal_places=2,
                        default=0,
                        help_text="年度计划投资达到此数的项目适用。",
                        max_digits=16,
                        verbose_name="适用项目年度计划投资下限（万元）",
                    ),
                ),
                (
                    "red_needs",
                    models.PositiveSmallIntegerField(
                        default=1,
                        help_text="缺省为1，即取最差；填2表示两个维度亮红灯项目才亮红灯，只有一个时亮黄灯。",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(6),
                        ],
                        verbose_name="亮红灯所需红灯维度数",
                    ),
                ),
                ("effective_on", models.DateField(blank=True, null=True, verbose_name="启用日期")),
                ("document", models.CharField(blank=True, max_length=120, verbose_name="启用文号")),
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
                ("made_at", models.DateTimeField(verbose_name="拟订时间")),
                (
                    "enforced_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="启用人",
                    ),
                ),
                ("enforced_at", models.DateTimeField(blank=True, null=True, verbose_name="启用时间")),
                ("repealed_on", models.DateField(blank=True, null=True, verbose_name="停用日期")),
                ("repeal_document", models.CharField(blank=True, max_length=120, verbose_name="停用文号")),
                (
                    "repealed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="停用人",
                    ),
                ),
                ("repealed_at", models.DateTimeField(blank=True, null=True, verbose_name="停用时间")),
                (
                    "kinds",
                    models.ManyToManyField(
                        blank=True,
                        help_text="不选则适用于全部名单。",
                        to="projects.listkind",
                        verbose_name="适用名单",
                    ),
                ),
            ],
            options={
                "verbose_name": "亮灯规则",
                "verbose_name_plural": "亮灯规则",
                "ordering": [
                    models.OrderBy(models.F("effective_on"), descending=True, nulls_first=True),
                    "-pk",
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("repealed_on__isnull", True),
                            models.Q(
                                ("effective_on__isnull", False), ("repealed_on__gt", models.F("effective_on"))
                            ),
                            _connector="OR",
                        ),
                        name="rules_end_after_they_begin",
                        violation_error_message="停用日期须晚于启用日期；草案无需停用。",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="LightBand",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "rule_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bands",
                        to="projects.lightruleset",
                        verbose_name="亮灯规则",
                    ),
                ),
                (
                    "gauge",
                    models.CharField(
                        choices=[
                            ("months_due", "应开工未开工的月数"),
                            ("points_behind", "低于序时的百分点"),
                            ("share_of_pro_rata", "完成序时进度的百分比"),
                            ("months_unregistered", "开工后未纳统的月数"),
                            ("milestone_days", "节点逾期天数"),
                            ("problem_days", "问题超时限天数"),
                            ("periods_missing", "连续未报旬报的旬数"),
                        ],
                        max_length=20,
                        verbose_name="指标",
                    ),
                ),
                (
                    "light",
                    models.CharField(
                        choices=[("yellow", "预警"), ("red", "滞后")], max_length=6, verbose_name="亮灯"
                    ),
                ),
                (
                    "low",
                    projects.models.fields.PointsField(
                        blank=True, decimal_places=2, max_digits=8, null=True, verbose_name="下限"
                    ),
                ),
                ("low_closed", models.BooleanField(default=True, verbose_name="含下限")),
                (
                    "high",
                    projects.models.fields.PointsField(
                        blank=True, decimal_places=2, max_digits=8, null=True, verbose_name="上限"
                    ),
                ),
                ("high_closed", models.BooleanField(default=False, verbose_name="含上限")),
                (
                    "running",
                    models.PositiveSmallIntegerField(
                        default=1,
                        help_text="连续这么多旬落在本档才亮灯，缺省为1。",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(9),
                        ],
                        verbose_name="连续旬数",
                    ),
                ),
            ],
            options={
                "verbose_name": "亮灯档",
                "verbose_name_plural": "亮灯档",
                "ordering": ["rule_set", "gauge", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("low__isnull", False), ("high__isnull", False), _connector="OR"),
                        name="band_has_an_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("low__isnull", True),
                            ("high__isnull", True),
                            ("low__lte", models.F("high")),
                            _connector="OR",
                        ),
                        name="band_ends_in_order",
                        violation_error_message="下限不能大于上限。",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="LightExemption",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="light_exemptions",
                        to="projects.project",
                        verbose_name="项目",
                    ),
                ),
                (
                    "dimension",
                    models.CharField(
                        blank=True, help_text="空表示全部维度。", max_length=10, verbose_name="维度"
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="豁免原因")),
                ("document", models.CharField(blank=True, max_length=120, verbose_name="依据文号")),
                ("from_on", models.DateField(verbose_name="自")),
                ("until_on", models.DateField(verbose_name="至")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "待批准"),
                            ("approved", "已批准"),
                            ("refused", "未批准"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="asked",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="申请人",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="申请时间")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="批准人",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="批准时间")),
                ("decision_note", models.CharField(blank=True, max_length=200, verbose_name="批准意见")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="提前终止日")),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="终止人",
                    ),
                ),
            ],
            options={
                "verbose_name": "亮灯豁免",
                "verbose_name_plural": "亮灯豁免",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until_on__gte", models.F("from_on"))),
                        name="exemption_ends_after_it_begins",
                        violation_error_message="豁免截止日不能早于起始日。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["asked", "withdrawn"]),
                            ("decided_by__isnull", False),
                            _connector="OR",
                        ),
                        name="exemption_decided_by",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="LightRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="light_records",
                        to="projects.project",
                        verbose_name="项目",
                    ),
                ),
                ("period_ends_on", models.DateField(verbose_name="旬末日")),
                (
                    "light",
                    models.CharField(
                        choices=[("green", "正常"), ("yellow", "预警"), ("red", "滞后"), ("exempt", "豁免")],
                        max_length=6,
                        verbose_name="亮灯",
                    ),
                ),
                ("reasons", models.JSONField(default=list, verbose_name="原因")),
                (
                    "rule_set",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.lightruleset",
                        verbose_name="亮灯规则",
                    ),
                ),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
            ],
            options={
                "verbose_name": "亮灯记录",
                "verbose_name_plural": "亮灯记录",
                "ordering": ["project", "period_ends_on"],
                "indexes": [models.Index(fields=["period_ends_on", "light"], name="lights_of_a_period")],
                "constraints": [
                    models.UniqueConstraint(fields=("project", "period_ends_on"), name="one_light_a_period")
                ],
            },
        ),
        migrations.CreateModel(
            name="ListAdjustment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "annual_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adjustments",
                        to="projects.annuallist",
                        verbose_name="年度名单",
                    ),
                ),
                ("document", models.CharField(max_length=120, verbose_name="文号")),
                ("effective_on", models.DateField(verbose_name="生效日期")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="调整说明")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "拟订"),
                            ("submitted", "待复核"),
                            ("approved", "已生效"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="拟订人",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="拟订时间")),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="复核人",
                    ),
                ),
                ("reviewed_at", models.DateTimeField(blank=True, null=True, verbose_name="复核时间")),
                ("review_note", models.CharField(blank=True, max_length=300, verbose_name="复核意见")),
            ],
            options={
                "verbose_name": "名单调整",
                "verbose_name_plural": "名单调整",
                "ordering": ["-effective_on", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "approved"), _negated=True),
                            ("reviewed_by__isnull", False),
                            _connector="OR",
                        ),
                        name="adjustment_reviewed_by_somebody",
                        violation_error_message="名单调整须经复核后生效。",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ListAdjustmentLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "adjustment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="projects.listadjustment",
                        verbose_name="名单调整",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.project",
                        verbose_name="项目",
                    ),
                ),
                (
                    "change",
                    models.CharField(
                        choices=[
                            ("added", "调入"),
                            ("removed", "调出"),
                            ("raised", "调增"),
                            ("lowered", "调减"),
                            ("reclassified", "类别变更"),
                        ],
                        max_length=14,
                        verbose_name="变动",
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        choices=[("new_start", "新开工"), ("continuing", "续建"), ("preparatory", "前期")],
                        max_length=12,
                        verbose_name="项目类别",
                    ),
                ),
                (
                    "planned_investment",
                    projects.models.fields.MoneyField(
                        blank=True,
                        decimal_places=2,
                        max_digits=16,
                        null=True,
                        verbose_name="年度计划投资（万元）",
                    ),
                ),
                (
                    "planned_start",
                    projects.models.fields.OfficeDateField(
                        blank=True, default="", max_length=40, verbose_name="计划开工时间"
                    ),
                ),
                ("planned_start_on", models.DateField(editable=False, null=True)),
                (
                    "planned_completion",
                    projects.models.fields.OfficeDateField(
                        blank=True, default="", max_length=40, verbose_name="计划竣工时间"
                    ),
                ),
                ("planned_completion_on", models.DateField(editable=False, null=True)),
                ("reason", models.CharField(max_length=200, verbose_name="原因")),
            ],
            options={
                "verbose_name": "调整明细",
                "verbose_name_plural": "调整明细",
                "ordering": ["adjustment", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("adjustment", "project"),
                        name="adjusted_once",
                        violation_error_message="同一项目在一次调整中只能有一条明细。",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Listing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="listings",
                        to="projects.project",
                        verbose_name="项目",
                    ),
                ),
                (
                    "annual_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="listings",
                        to="projects.annuallist",
                        verbose_name="年度名单",
                    ),
                ),
                ("number", models.PositiveIntegerField(blank=True, null=True, verbose_name="序号")),
            ],
            options={
                "verbose_name": "列入名单",
                "verbose_name_plural": "列入名单",
                "ordering": ["annual_list", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("project", "annual_list"),
                        name="listed_once",
                        violation_error_message="该项目已列入此名单。",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ListingVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="projects.listing",
                        verbose_name="列入名单",
                    ),
                ),
                ("effective_on", models.DateField(verbose_name="生效日期")),
                (
                    "change",
                    models.CharField(
                        choices=[
                            ("initial", "年初"),
                            ("added", "调入"),
                            ("removed", "调出"),
                            ("raised", "调增"),
                            ("lowered", "调减"),
                            ("reclassified", "调整"),
                        ],
                        default="initial",
                        max_length=14,
                        verbose_name="变动",
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[("new_start", "新开工"), ("continuing", "续建"), ("preparatory", "前期")],
                        max_length=12,
                        verbose_name="项目类别",
                    ),
                ),
                (
                    "planned_investment",
                    projects.models.fields.MoneyField(
                        decimal_places=2, default=0, max_digits=16, verbose_name="年度计划投资（万元）"
                    ),
                ),
                (
                    "planned_start",
                    projects.models.fields.OfficeDateField(
                        blank=True, default="", max_length=40, verbose_name="计划开工时间"
                    ),
                ),
                ("planned_start_on", models.DateField(editable=False, null=True)),
                (
                    "planned_completion",
                    projects.models.fields.OfficeDateField(
                        blank=True, default="", max_length=40, verbose_name="计划竣工时间"
                    ),
                ),
                ("planned_completion_on", models.DateField(editable=False, null=True)),
                ("document", models.CharField(blank=True, max_length=120, verbose_name="文号")),
                (
                    "adjustment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="projects.listadjustment",
                        verbose_name="名单调整",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="登记时间")),
            ],
            options={
                "verbose_name": "名单版本",
                "verbose_name_plural": "名单版本",
                "ordering": ["listing", "effective_on"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("listing", "effective_on"),
                        name="one_listing_version_a_day",
                        violation_error_message="同一生效日期已有版本。",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="WeeklyReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("week", models.PositiveSmallIntegerField(verbose_name="周次")),
                ("number", models.PositiveSmallIntegerField(verbose_name="期号")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "待签发"), ("signed", "已签发"), ("sent", "已印发")],
                        default="draft",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("content", models.JSONField(verbose_name="内容")),
                ("made_at", models.DateTimeField(verbose_name="生成时间")),
                (
                    "signed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="签发人",
                    ),
                ),
                ("signed_at", models.DateTimeField(blank=True, null=True, verbose_name="签发时间")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="印发时间")),
            ],
            options={
                "verbose_name": "逾期周报",
                "verbose_name_plural": "逾期周报",
                "ordering": ["-year", "-week"],
                "constraints": [
                    models.UniqueConstraint(fields=("year", "week"), name="one_report_a_week"),
                    models.UniqueConstraint(fields=("year", "number"), name="one_issue_number_a_year"),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=120, unique=True, verbose_name="唯一标识")),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="收件人",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("in_app", "站内"), ("email", "邮件")], max_length=10, verbose_name="渠道"
                    ),
                ),
                ("subject", models.CharField(max_length=160, verbose_name="标题")),
                ("body", models.TextField(verbose_name="正文")),
                (
                    "rows",
                    models.JSONField(
                        blank=True, default=list, help_text="随附表格的行。", verbose_name="清单"
                    ),
                ),
                (
                    "weekly_report",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="projects.weeklyreport",
                        verbose_name="随附周报",
                    ),
                ),
                (
                    "link",
                    models.CharField(
                        blank=True, help_text="站内地址，以 / 开头。", max_length=200, verbose_name="链接"
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="生成时间")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "待发送"),
                            ("sending", "发送中"),
                            ("sent", "已发送"),
                            ("failed", "待重试"),
                            ("given_up", "已放弃"),
                        ],
                        default="queued",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="尝试次数")),
                ("not_before_at", models.DateTimeField(blank=True, null=True, verbose_name="不早于")),
                ("claimed_at", models.DateTimeField(blank=True, null=True, verbose_name="领取时间")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="发送时间")),
                ("last_error", models.CharField(blank=True, max_length=300, verbose_name="最近错误")),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="阅读时间")),
            ],
            options={
                "verbose_name": "消息",
                "verbose_name_plural": "消息",
                "ordering": ["-made_at", "-pk"],
                "indexes": [models.Index(fields=["state", "not_before_at"], name="notice_outbox")],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="OfficeSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "report_grace_days",
                    models.PositiveSmallIntegerField(default=1, verbose_name="旬报宽限工作日"),
                ),
                (
                    "report_reminder_days",
                    models.PositiveSmallIntegerField(default=2, verbose_name="旬末前几日提醒"),
                ),
                ("unit_review_required", models.BooleanField(default=False, verbose_name="旬报须经单位审核")),
                (
                    "visits_per_month",
                    models.PositiveSmallIntegerField(default=1, verbose_name="挂包领导每月走访次数"),
                ),
                (
                    "problem_limit_days",
                    models.PositiveSmallIntegerField(default=10, verbose_name="问题默认办理时限（工作日）"),
                ),
                (
                    "zone_code",
                    models.CharField(default="3703", max_length=6, verbose_name="行政区划代码前缀"),
                ),
                (
                    "office_name",
                    models.CharField(default="淄博高新区发展改革局", max_length=60, verbose_name="发文机关"),
                ),
            ],
            options={
                "verbose_name": "业务规则设置",
                "verbose_name_plural": "业务规则设置",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="one_row_of_settings")
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="PeriodReopening",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("period_ends_on", models.DateField(verbose_name="旬末日")),
                (
                    "project",
                    models.ForeignKey(
                        blank=True,
                        help_text="不填为全部项目。",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reopenings",
                        to="projects.project",
                        verbose_name="项目",
                    ),
                ),
                ("until_on", models.DateField(verbose_name="开放至")),
                ("reason", models.CharField(max_length=300, verbose_name="原因")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="登记时间")),
            ],
            options={
                "verbose_name": "重新开放填报",
                "verbose_name_plural": "重新开放填报",
                "ordering": ["-made_at", "-pk"],
                "indexes": [models.Index(fields=["period_ends_on"], name="reopened_period")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="reopened_with_reason",
                        violation_error_message="重新开放须说明原因。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TargetPlan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="target_plans",
                        to="projects.listing",
                        verbose_name="列入名单",
                    ),
                ),
                ("effective_on", models.DateField(verbose_name="生效日期")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="登记时间")),
            ],
            options={
                "verbose_name": "目标分解",
                "verbose_name_plural": "目标分解",
                "ordering": ["listing", "effective_on"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("listing", "effective_on"),
                        name="one_target_plan_a_day",
                        violation_error_message="同一生效日期已有目标分解。",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="PeriodTarget",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="targets",
                        to="projects.targetplan",
                        verbose_name="目标分解",
                    ),
                ),
                ("period_ends_on", models.DateField(verbose_name="旬末日")),
                (
                    "amount",
                    projects.models.fields.MoneyField(
                        decimal_places=2, default=0, max_digits=16, verbose_name="旬目标（万元）"
                    ),
                ),
            ],
            options={
                "verbose_name": "旬目标",
                "verbose_name_plural": "旬目标",
                "ordering": ["plan", "period_ends_on"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "period_ends_on"), name="one_target_a_period"),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)), name="target_not_negative"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Plot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plots",
                        to="projects.project",
                        verbose_name="项目",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="地块名称或编号")),
                (
                    "area",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=10, null=True, verbose_name="面积（亩）"
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=160, verbose_name="四至或位置")),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="登记时间")),
            ],
            options={
                "verbose_name": "地块",
                "verbose_name_plural": "地块",
                "ordering": ["project", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("project", "name"),
                        name="plot_once",
                        violation_error_message="该项目已有同名地块。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("area__isnull", True), ("area__gt", 0), _connector="OR"),
                        name="plot_area_positive",
                        violation_error_message="面积须大于 0。",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="PlotItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "plot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="projects.plot",
                        verbose_name="地块",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plot_items",
                        to="projects.landitem",
                        verbose_name="用地事项",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "未启动"),
                            ("running", "办理中"),
                            ("done", "已办结"),
                            ("not_needed", "不涉及"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.unit",
                        verbose_name="办理单位",
                    ),
                ),
                ("started_on", models.DateField(blank=True, null=True, verbose_name="受理日期")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="应办结日期")),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="办结日期")),
                ("document", models.CharField(blank=True, max_length=120, verbose_name="文号或说明")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="备注")),
            ],
            options={
                "verbose_name": "地块事项",
                "verbose_name_plural": "地块事项",
                "ordering": ["plot", "item__position"],
                "constraints": [
                    models.UniqueConstraint(fields=("plot", "item"), name="plot_item_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "done"), _negated=True),
                            models.Q(("done_on__isnull", False), models.Q(("document", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="done_plot_item_has_evidence",
                        violation_error_message="办结须有日期和文号（或说明）。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("done_on__isnull", True),
                            ("started_on__isnull", True),
                            ("done_on__gte", models.F("started_on")),
                            _connector="OR",
                        ),
                        name="plot_item_done_after_start",
                        violation_error_message="办结日期不能早于受理日期。",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ProblemEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "problem",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="projects.problem",
                        verbose_name="问题",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("progress", "进展"),
                            ("escalated", "提级"),
                            ("action", "措施"),
                            ("handled", "办结"),
                            ("resolved", "销号"),
                            ("reopened", "重新办理"),
                        ],
                        default="progress",
                        max_length=10,
                        verbose_name="类型",
                    ),
                ),
                ("entered_on", models.DateField(verbose_name="日期")),
                ("text", models.CharField(max_length=400, verbose_name="办理进展")),
                (
                    "entered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("entered_at", models.DateTimeField(verbose_name="登记时间")),
            ],
            options={
                "verbose_name": "办理进展",
                "verbose_name_plural": "办理进展",
                "ordering": ["entered_on", "pk"],
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="ProjectMarker",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="markers",
                        to="projects.project",
                        verbose_name="项目",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("six_in_one", "施工许可“六证合一”"),
                            ("three_proxies", "“三代”服务"),
                            ("with_scheme", "带方案出让"),
                        ],
                        max_length=16,
                        verbose_name="服务事项",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "拟办"),
                            ("running", "办理中"),
                            ("done", "已办结"),
                            ("dropped", "不再办理"),
                        ],
                        default="planned",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("since_on", models.DateField(verbose_name="状态日期")),
                ("document", models.CharField(blank=True, max_length=120, verbose_name="文号或说明")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="备注")),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="登记时间")),
            ],
            options={
                "verbose_name": "服务标记",
                "verbose_name_plural": "服务标记",
                "ordering": ["project", "kind"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("project", "kind"),
                        name="one_marker_of_a_kind",
                        violation_error_message="该项目已有此项服务标记。",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ProjectMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="projects.project",
                        verbose_name="项目",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("service_officer", "服务专员"),
                            ("supporting_unit", "协办单位"),
                            ("representative", "项目代表（代办员）"),
                            ("enterprise_contact", "企业联系人"),
                        ],
                        max_length=20,
                        verbose_name="类型",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.unit",
                        verbose_name="单位",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=40, verbose_name="姓名")),
                ("post", models.CharField(blank=True, max_length=60, verbose_name="职务")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="电话")),
                ("from_on", models.DateField(verbose_name="自")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="至")),
            ],
            options={
                "verbose_name": "项目服务人员",
                "verbose_name_plural": "项目服务人员",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("user__isnull", False),
                            ("unit__isnull", False),
                            models.Q(("name", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="member_is_somebody",
                        violation_error_message="账号、单位、姓名至少填写一项。",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("as_of", models.DateField(verbose_name="统计日")),
                ("year", models.PositiveSmallIntegerField(verbose_name="名单年度")),
                (
                    "name",
                    models.CharField(
                        help_text="如：逾期周报2023年第41期、2023年9月月报。",
                        max_length=80,
                        verbose_name="名称",
                    ),
                ),
                (
                    "weekly_report",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publication",
                        to="projects.weeklyreport",
                        verbose_name="逾期周报",
                    ),
                ),
                (
                    "pro_rata",
                    models.JSONField(
                        default=dict,
                        help_text="发布时的序时进度：名单编号（合计为空）→ [序时口径, 进度分数]。",
                        verbose_name="序时进度",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="发布人",
                    ),
                ),
                ("published_at", models.DateTimeField(verbose_name="发布时间")),
            ],
            options={
                "verbose_name": "数据发布",
                "verbose_name_plural": "数据发布",
                "ordering": ["-as_of", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("as_of", "name"),
                        name="published_once",
                        violation_error_message="该统计日已有同名的数据发布。",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="PublishedRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rows",
                        to="projects.publication",
                        verbose_name="数据发布",
                    ),
                ),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.listing",
                        verbose_name="列入名单",
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[("new_start", "新开工"), ("continuing", "续建"), ("preparatory", "前期")],
                        max_length=12,
                        verbose_name="项目类别",
                    ),
                ),
                (
                    "planned_investment",
                    projects.models.fields.MoneyField(
                        decimal_places=2, default=0, max_digits=16, verbose_name="年度计划投资（万元）"
                    ),
                ),
                ("planned_start_on", models.DateField(null=True, verbose_name="计划开工")),
                ("planned_completion_on", models.DateField(null=True, verbose_name="计划竣工")),
                (
                    "total_investment",
                    projects.models.fields.MoneyField(
                        decimal_places=2, max_digits=16, null=True, verbose_name="总投资（万元）"
                    ),
                ),
                (
                    "invested",
                    projects.models.fields.MoneyField(
                        decimal_places=2, default=0, max_digits=16, verbose_name="本年累计完成投资（万元）"
                    ),
                ),
                ("started_on", models.DateField(null=True, verbose_name="实际开工")),
                ("completed_on", models.DateField(null=True, verbose_name="竣工")),
                ("in_production_on", models.DateField(null=True, verbose_name="投产")),
                ("entered_statistics_on", models.DateField(null=True, verbose_name="纳统")),
                (
                    "sponsor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.official",
                        verbose_name="挂包领导",
                    ),
                ),
                (
                    "lead_department",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.unit",
                        verbose_name="推进部门",
                    ),
                ),
                (
                    "host_district",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.unit",
                        verbose_name="属地保障",
                    ),
                ),
                (
                    "industry_chain",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.industrychain",
                        verbose_name="产业链",
                    ),
                ),
                (
                    "light",
                    models.CharField(
                        choices=[("green", "正常"), ("yellow", "预警"), ("red", "滞后"), ("exempt", "豁免")],
                        max_length=6,
                        verbose_name="亮灯",
                    ),
                ),
            ],
            options={
                "verbose_name": "发布明细",
                "verbose_name_plural": "发布明细",
                "ordering": ["publication", "listing"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("publication", "listing"), name="one_published_row_a_listing"
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ReportRound",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="projects.progressreport",
                        verbose_name="旬报",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="轮次")),
                ("content", models.JSONField(default=dict, verbose_name="报送内容")),
                ("warnings", models.JSONField(blank=True, default=list, verbose_name="已确认的提示")),
                ("overrule_reason", models.CharField(blank=True, max_length=300, verbose_name="情况说明")),
                (
                    "submitted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="报送人",
                    ),
                ),
                ("submitted_at", models.DateTimeField(verbose_name="报送时间")),
                (
                    "passed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="单位审核人",
                    ),
                ),
                ("passed_at", models.DateTimeField(blank=True, null=True, verbose_name="单位审核时间")),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="确认人",
                    ),
                ),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="确认时间")),
                (
                    "returned_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="退回人",
                    ),
                ),
                ("returned_at", models.DateTimeField(blank=True, null=True, verbose_name="退回时间")),
                ("return_reason", models.CharField(blank=True, max_length=300, verbose_name="退回原因")),
                (
                    "to_mend",
                    models.JSONField(
                        blank=True, default=list, help_text="字段名；空为不限。", verbose_name="需修改内容"
                    ),
                ),
                ("is_reopening", models.BooleanField(default=False, verbose_name="确认后重新打开")),
            ],
            options={
                "verbose_name": "旬报轮次",
                "verbose_name_plural": "旬报轮次",
                "ordering": ["report", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("report", "number"), name="one_round_a_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("returned_at__isnull", True),
                            models.Q(("return_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="round_returned_with_reason",
                        violation_error_message="退回须说明原因。",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="saved_views",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="所有人",
                    ),
                ),
                ("page", models.CharField(max_length=60, verbose_name="列表")),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                ("query", models.TextField(blank=True, max_length=2000, verbose_name="筛选与排序")),
                ("is_active", models.BooleanField(default=True, verbose_name="在用")),
                ("made_at", models.DateTimeField(verbose_name="保存时间")),
            ],
            options={
                "verbose_name": "我的视图",
                "verbose_name_plural": "我的视图",
                "ordering": ["name", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_active", True)),
                        fields=("owner", "page", "name"),
                        name="one_saved_view_a_name",
                        violation_error_message="已有同名视图。",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="TemplateStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="projects.plantemplate",
                        verbose_name="方案模板",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="序号")),
                (
                    "stage",
                    models.CharField(
                        choices=[("preparatory", "前期"), ("construction", "在建"), ("completion", "竣工")],
                        max_length=14,
                        verbose_name="阶段",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="节点名称")),
                (
                    "duration",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="0 为当日完成的事项。", verbose_name="工期"
                    ),
                ),
                (
                    "day_kind",
                    models.CharField(
                        choices=[("working", "工作日"), ("calendar", "日历日")],
                        default="working",
                        max_length=8,
                        verbose_name="工期单位",
                    ),
                ),
                (
                    "answers",
                    models.CharField(
                        choices=[
                            ("lead_department", "推进部门"),
                            ("host_district", "属地保障"),
                            ("unit", "指定单位"),
                        ],
                        default="lead_department",
                        max_length=16,
                        verbose_name="责任方",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.unit",
                        verbose_name="指定单位",
                    ),
                ),
                ("weight", models.PositiveSmallIntegerField(default=1, verbose_name="权重")),
                ("is_key", models.BooleanField(default=False, verbose_name="关键节点")),
                ("basis", models.CharField(blank=True, max_length=120, verbose_name="时限依据")),
                (
                    "predecessors",
                    models.ManyToManyField(
                        blank=True,
                        related_name="successors",
                        to="projects.templatestep",
                        verbose_name="紧前节点",
                    ),
                ),
            ],
            options={
                "verbose_name": "模板节点",
                "verbose_name_plural": "模板节点",
                "ordering": ["template", "position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("template", "position"),
                        name="template_step_position",
                        violation_error_message="模板节点序号重复。",
                    ),
                    models.UniqueConstraint(
                        fields=("template", "name"),
                        name="template_step_name",
                        violation_error_message="模板节点名称重复。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answers", "unit"), _negated=True),
                            ("unit__isnull", False),
                            _connector="OR",
                        ),
                        name="template_step_has_its_unit",
                        violation_error_message="责任方为指定单位的，须选择单位。",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="UnitName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="names",
                        to="projects.unit",
                        verbose_name="单位",
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True, verbose_name="名称")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="使用至")),
                ("document", models.CharField(blank=True, max_length=120, verbose_name="更名依据")),
            ],
            options={
                "verbose_name": "单位曾用名",
                "verbose_name_plural": "单位曾用名",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="UrgentList",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                (
                    "number",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="印发时编号。", null=True, verbose_name="期号"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "拟稿"), ("issued", "已印发")],
                        default="draft",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("as_of", models.DateField(verbose_name="截至日期")),
                ("title", models.CharField(max_length=120, verbose_name="标题")),
                ("content", models.JSONField(default=dict, verbose_name="内容")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="拟稿人",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="拟稿时间")),
                (
                    "issued_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="签发人",
                    ),
                ),
                ("issued_at", models.DateTimeField(blank=True, null=True, verbose_name="签发时间")),
                (
                    "problems",
                    models.ManyToManyField(
                        blank=True,
                        related_name="urgent_lists",
                        to="projects.problem",
                        verbose_name="列入的问题",
                    ),
                ),
            ],
            options={
                "verbose_name": "亟需解决问题清单",
                "verbose_name_plural": "亟需解决问题清单",
                "ordering": ["-year", "-number", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("year", "number"),
                        name="one_urgent_list_number",
                        violation_error_message="该期号已使用。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "issued"), _negated=True),
                            ("number__isnull", False),
                            _connector="OR",
                        ),
                        name="issued_urgent_list_is_numbered",
                        violation_error_message="印发须有期号。",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="YearAmounts",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="year_amounts",
                        to="projects.project",
                        verbose_name="项目",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("reported", models.BigIntegerField(default=0, verbose_name="已报各旬")),
                ("early", models.BigIntegerField(default=0, verbose_name="旬内计入各旬")),
                (
                    "by_01",
                    projects.models.fields.MoneyField(
                        decimal_places=2, max_digits=16, null=True, verbose_name="第1旬末累计（万元）"
                    ),
                ),
                (
                    "by_02",
                    projects.models.fields.MoneyField(
                        decimal_places=2, max_digits=16, null=True, verbose_name="第2旬末累计（万元）"
                    ),
                ),
                (
                    "by_03",
                    projects.models.fields.MoneyField(
                        decimal_places=2, max_digits=16, null=True, verbose_name="第3旬末累计（万元）"
                    ),
                ),
                (
                    "by_04",
                    projects.models.fields.MoneyField(
                        decimal_places=2, max_digits=16, null=True, verbose_name="第4旬末累计（万元）"
                    ),
                ),
                (
                    "by_05",
                    projects.models.fields.MoneyField(
                        decimal_places=2, max_digits=16, null=True, verbose_name="第5旬末累计（万元）"
                    ),
                ),
                (
                    "by_06",
                    projects.models.fields.MoneyField(
                        decimal_places=2, max_digits=16, null=True, verbose_name="第6旬末累计（万元）"
                    ),
                ),
                (
                    "by_07",
                    projects.models.fields.MoneyField(
                        decimal_places=2, max_digits=16, null=True, verbose_name="第7旬末累计（万元）"
                    ),
                ),
                (
                    "by_08",
                    projects.models.fields.MoneyField(
                        decimal_places=2, max_digits=16, null=True, verbose_name="第8旬末累计（万元）"
                    ),
                ),
                (
                    "by_09",
                    projects.models.fields.MoneyField(
                        decimal_places=2, max_digits=16, null=True, verbose_name="第9旬末累计（万元）"
                    ),
                ),
                (
                    "by_10",
                    projects.models.fields.MoneyField(
                        decimal_places=2, max_digits=16, null=True, verbose_name="第10旬末累计（万元）"
                    ),
                ),
                (
                    "by_11",
                    projects.models.fields.MoneyField(
                        decimal_places=2, max_digits=16, null=True, verbose_name="第11旬末累计（万元）"
                    ),
                ),
                (
                    "by_12",
                    projects.models.fields.MoneyField(
                        decimal_places=2, max_digits=16, null=True, verbose_name="第12旬末累计（万元）"
                    ),
                ),
                (
                    "by_13",
                    projects.models.fields.MoneyField(
                        decimal_places=2, max_digits=16, null=True, verbose_name="第13旬末累计（万元）"
                    ),
                ),
                (
                    "by_14",
                    projects.models.fields.MoneyField(
                        decimal_places=2, max_digits=16, null=True, verbose_name="第14旬末累计（万元）"
                    ),
                ),
                (
                    "by_15",
                    projects.models.fields.MoneyField(
                        decimal_places=2, max_digits=16, null=True, verbose_name="第15旬末累计（万元）"
                    ),
                ),
                (
                    "by_16",
                    projects.models.fields.MoneyField(
                        decimal_places=2, max_digits=16, null=True, verbose_name="第16旬末累计（万元）"
                    ),
                ),
                (
                    "by_17",
                    projects.models.fields.MoneyField(
                        decimal_places=2, max_digits=16, null=True, verbose_name="第17旬末累计（万元）"
                    ),
                ),
                (
                    "by_18",
                    projects.models.fields.MoneyField(
                        decimal_places=2, max_digits=16, null=True, verbose_name="第18旬末累计（万元）"
                    ),
                ),
                (
                    "by_19",
                    projects.models.fields.MoneyField(
                        decimal_places=2, max_digits=16, null=True, verbose_name="第19旬末累计（万元）"
                    ),
                ),
                (
                    "by_20",
                    projects.models.fields.MoneyField(
                        decimal_places=2, max_digits=16, null=True, verbose_name="第20旬末累计（万元）"
                    ),
                ),
                (
                    "by_21",
                    projects.models.fields.MoneyField(
                        decimal_places=2, max_digits=16, null=True, verbose_name="第21旬末累计（万元）"
                    ),
                ),
                (
                    "by_22",
                    projects.models.fields.MoneyField(
                        decimal_places=2, max_digits=16, null=True, verbose_name="第22旬末累计（万元）"
                    ),
                ),
                (
                    "by_23",
                    projects.models.fields.MoneyField(
                        decimal_places=2, max_digits=16, null=True, verbose_name="第23旬末累计（万元）"
                    ),
                ),
                (
                    "by_24",
                    projects.models.fields.MoneyField(
                        decimal_places=2, max_digits=16, null=True, verbose_name="第24旬末累计（万元）"
                    ),
                ),
                (
                    "by_25",
                    projects.models.fields.MoneyField(
                        decimal_places=2, max_digits=16, null=True, verbose_name="第25旬末累计（万元）"
                    ),
                ),
                (
                    "by_26",
                    projects.models.fields.MoneyField(
                        decimal_places=2, max_digits=16, null=True, verbose_name="第26旬末累计（万元）"
                    ),
                ),
                (
                    "by_27",
                    projects.models.fields.MoneyField(
                        decimal_places=2, max_digits=16, null=True, verbose_name="第27旬末累计（万元）"
                    ),
                ),
                (
                    "by_28",
                    projects.models.fields.MoneyField(
                        decimal_places=2, max_digits=16, null=True, verbose_name="第28旬末累计（万元）"
                    ),
                ),
                (
                    "by_29",
                    projects.models.fields.MoneyField(
                        decimal_places=2, max_digits=16, null=True, verbose_name="第29旬末累计（万元）"
                    ),
                ),
                (
                    "by_30",
                    projects.models.fields.MoneyField(
                        decimal_places=2, max_digits=16, null=True, verbose_name="第30旬末累计（万元）"
                    ),
                ),
                (
                    "by_31",
                    projects.models.fields.MoneyField(
                        decimal_places=2, max_digits=16, null=True, verbose_name="第31旬末累计（万元）"
                    ),
                ),
                (
                    "by_32",
                    projects.models.fields.MoneyField(
                        decimal_places=2, max_digits=16, null=True, verbose_name="第32旬末累计（万元）"
                    ),
                ),
                (
                    "by_33",
                    projects.models.fields.MoneyField(
                        decimal_places=2, max_digits=16, null=True, verbose_name="第33旬末累计（万元）"
                    ),
                ),
                (
                    "by_34",
                    projects.models.fields.MoneyField(
                        decimal_places=2, max_digits=16, null=True, verbose_name="第34旬末累计（万元）"
                    ),
                ),
                (
                    "by_35",
                    projects.models.fields.MoneyField(
                        decimal_places=2, max_digits=16, null=True, verbose_name="第35旬末累计（万元）"
                    ),
                ),
                (
                    "by_36",
                    projects.models.fields.MoneyField(
                        decimal_places=2, max_digits=16, null=True, verbose_name="第36旬末累计（万元）"
                    ),
                ),
            ],
            options={
                "verbose_name": "年度累计",
                "verbose_name_plural": "年度累计",
                "ordering": ["project", "-year"],
                "constraints": [
                    models.UniqueConstraint(fields=("project", "year"), name="one_row_a_project_and_year")
                ],
                "indexes": [],
            },
        ),
        migrations.AddField(
            model_name="BaselineCurve",
            name="annual_list",
            field=models.ForeignKey(
                blank=True,
                help_text="名单自定计划填其名单；通用基线留空。",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="own_curves",
                to="projects.annuallist",
                verbose_name="所属名单",
            ),
        ),
        migrations.RunPython(office.add_reference_data, migrations.RunPython.noop),
        migrations.RunPython(headers.add_aliases, migrations.RunPython.noop),
        migrations.RunPython(industrial_template.add_template, migrations.RunPython.noop),
        migrations.RunPython(permits_and_land.add_permit_kinds, migrations.RunPython.noop),
        migrations.RunPython(permits_and_land.add_catalogue, migrations.RunPython.noop),
        migrations.RunPython(problem_limits.add_limits, migrations.RunPython.noop),
        migrations.RunPython(scoring_scheme.add_scheme, migrations.RunPython.noop),
        migrations.RunPython(light_rules.add_presets, migrations.RunPython.noop),
    ]
