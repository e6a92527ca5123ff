"""Taking back a batch that changed rows on record (撤销更新批次): every column as before, or nothing at all."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from openpyxl import Workbook

from projects.models import (
    AuditRecord,
    CarryOver,
    ImportBatch,
    ListingVersion,
    ProgressReport,
    Project,
    Role,
    SiteVisit,
    YearAmounts,
)
from projects.services.base.records import snapshot
from projects.services.imports import Options, import_file, revert_batch
from projects.services.imports.comparing.changes import MODEL_ORDER
from tests.factories import NOW, TODAY, make_user
from tests.workbooks_for_import import add_ledger, ledger, row, saved

pytestmark = [pytest.mark.django_db, pytest.mark.database]

MILESTONE_HEAD = "序号 项目代码 项目名称 阶段 节点名称 责任单位 计划完成时间 实际完成时间 备注".split()
PROBLEM_HEAD = "序号 项目代码 项目名称 问题类别 问题描述 责任单位 提出时间 计划解决时限 办理进展 是否办结 办结时间 请求协调事项".split()
INDICATOR_HEAD = "序号 指标名称 单位 年度任务 1-9月完成 全市总量".split()


def book(**changes) -> bytes:
    """One project in a ledger, with a milestone, a problem and an indicator; `changes` by sheet, else as at first."""
    milestone = {"责任单位": "建设局", "实际完成时间": None, "备注": None} | changes.get("milestone", {})
    problem = {"责任单位": "建设局", "计划解决时限": "2023-09-30", "办理进展": None, "是否办结": None}
    problem |= {"问题类别": "用地", "办结时间": None, "请求协调事项": None} | changes.get("problem", {})
    indicator = {"单位": "亿元", "年度任务": 120, "1-9月完成": 80, "全市总量": 600} | changes.get(
        "indicator", {}
    )
    made = Workbook()
    del made["Sheet"]
    add_ledger(made, [row(**changes.get("ledger", {}))], sheet="市级重大", title="2023年市级重大项目调度表")
    fixed = {"序号": 1, "项目代码": row()["项目代码"], "项目名称": "氢能电堆项目"}
    for title, head, cells in (
        (
            "节点计划",
            MILESTONE_HEAD,
            {"阶段": "在建", "节点名称": "主体封顶", "计划完成时间": "2023-12-01", **milestone},
        ),
        ("问题清单", PROBLEM_HEAD, {"问题描述": "供电未接入", "提出时间": "2023-09-01", **problem}),
        ("指标", INDICATOR_HEAD, {"指标名称": "省外到位资金", **indicator}),
    ):
        page = made.create_sheet(title)
        page.append([f"2023年{title}表"])
        page.append(head)
        page.append([{**fixed, **cells}.get(name) for name in head])
    return saved(made)


CHANGED = {
    "ledger": {
        "序号": 7,
        "项目名称": "氢能电堆产业园项目",
        "建设单位": "甲集团公司",
        "建设性质": "技改",
        "项目类别": "续建",
        "总投资": 12000,
        "至2022年底累计完成投资": 300,
        "2023年计划投资": 6000,
        "计划开工时间": "2023年5月",
        "计划竣工时间": "2025年6月",
        "本年累计完成投资": 2500,
        "实际开工时间": "2023.05.10",
        "形象进度": "主体施工",
        "挂包领导": "领导乙",
        "职务": "工委副书记",
        "推进部门": "科技局",
        "属地保障": "四宝山街道",
    },
    "milestone": {"责任单位": "科技局", "实际完成时间": "2023-10-01", "备注": "提前"},
    "problem": {
        "责任单位": "科技局",
        "问题类别": "配套",
        "计划解决时限": "2023-10-08",
        "办理进展": "已接入",
        "是否办结": "是",
        "办结时间": "2023-10-05",
        "请求协调事项": "请供电公司支持",
    },
    "indicator": {"单位": "亿元人民币", "年度任务": 130, "1-9月完成": 90, "全市总量": 650},
}


def load(content: bytes) -> ImportBatch:
    result, refusal = import_file(
        content=content,
        file_name="台账.xlsx",
        options=Options(),
        allow_warnings=True,
        by=None,
        now=NOW,
        today=TODAY,
    )
    assert (refusal, result["written"]) == ("", True)
    return ImportBatch.objects.get(pk=result["batch"])


def everything() -> dict:
    """Every column of every row an import can write, and the amounts drawn from its reports."""
    rows = {(model, item.pk): snapshot(item) for model in MODEL_ORDER for item in model.objects.all()}
    amounts = {item.project_id: snapshot(item) | {"id": None} for item in YearAmounts.objects.all()}
    return rows | amounts


def test_a_batch_that_changed_everything_leaves_everything_as_it_was():
    load(book())
    before = everything()
    batch = load(book(**CHANGED))
    changed = {row.model for row in batch.rows.filter(before__isnull=False)}
    assert changed >= {
        "project",
        "listing",
        "carryover",
        "progressreport",
        "milestone",
        "problem",
        "indicator",
        "indicatorvalue",
    }
    counted = batch.rows.filter(before__isnull=False).count()
    told = revert_batch(batch=batch, by=None, now=NOW)
    assert told == {"deleted": batch.rows.filter(before__isnull=True).count(), "restored": counted}
    assert everything() == before
    assert (batch.state, batch.message) == (
        ImportBatch.State.REVERTED,
        f"已撤销：删除{told['deleted']}条，恢复{told['restored']}条",
    )


def test_what_was_put_back_is_recorded_field_by_field():
    load(ledger([row()]))
    batch = load(ledger([row(总投资=12000)]))
    office = make_user(Role.OFFICE)
    revert_batch(batch=batch, by=office, now=NOW)
    entry = AuditRecord.objects.get(action="撤销导入", model="project")
    assert entry.changes == {"total_investment": ["12000.00", "10000.00"]}
    assert (entry.by, entry.reason) == (office, f"撤销第{batch.pk}批导入")
    assert entry.imported_row == batch.rows.get(model="project")


def test_two_batches_are_taken_back_the_later_first():
    first = load(ledger([row()]))
    second = load(ledger([row(总投资=12000, 本年累计完成投资=2500)]))
    with pytest.raises(ValidationError, match=r"导入之后已有改动，不能撤销：.*项目“氢能电堆项目”"):
        revert_batch(batch=first, by=None, now=NOW)
    revert_batch(batch=second, by=None, now=NOW)
    assert Project.objects.get().total_investment == Decimal(10000)
    revert_batch(batch=first, by=None, now=NOW)
    assert not Project.objects.exists() and not YearAmounts.objects.exists()


def test_a_batch_whose_row_was_changed_since_is_not_taken_back():
    load(ledger([row()]))
    batch = load(ledger([row(总投资=12000, 形象进度="主体施工")]))
    ProgressReport.objects.update(physical_progress="主体封顶")
    with pytest.raises(ValidationError, match="导入之后已有改动，不能撤销：旬报“"):
        revert_batch(batch=batch, by=None, now=NOW)
    assert Project.objects.get().total_investment == Decimal(12000)


def test_a_batch_whose_row_is_gone_is_not_taken_back():
    load(ledger([row(至2022年底累计完成投资=0)]))
    batch = load(ledger([row(至2022年底累计完成投资=300)]))
    CarryOver.objects.all().delete()
    with pytest.raises(ValidationError, match="年初累计投资“已删除”"):
        revert_batch(batch=batch, by=None, now=NOW)


def test_a_project_that_others_have_built_upon_stays_with_its_whole_batch():
    load(ledger([row()]))
    another = {"项目名称": "乙项目", "项目代码": "2103-370371-04-02-100002", "建设单位": "乙公司"}
    batch = load(ledger([row(总投资=12000), row(**another)]))
    SiteVisit.objects.create(
        project=Project.objects.get(name="乙项目"),
        visited_on=TODAY,
        findings="施工正常",
        logged_by=make_user(),
        logged_at=NOW,
    )
    before = everything()
    with pytest.raises(ValidationError, match="已有后续数据引用本批导入的项目，不能撤销：现场走访“"):
        revert_batch(batch=batch, by=None, now=NOW)
    assert everything() == before, "half of it was taken back"
    batch.refresh_from_db()
    assert batch.state == ImportBatch.State.WRITTEN


def test_the_office_alone_takes_a_batch_back():
    batch = load(ledger([row()]))
    with pytest.raises(PermissionDenied, match="只有发改局统筹人员可以撤销导入"):
        revert_batch(batch=batch, by=make_user(Role.INSPECTOR), now=NOW)
    assert Project.objects.exists()


def test_a_batch_is_taken_back_once():
    batch = load(ledger([row()]))
    revert_batch(batch=batch, by=None, now=NOW)
    with pytest.raises(ValidationError, match=f"第{batch.pk}批的状态为“已撤销”，不能撤销"):
        revert_batch(batch=batch, by=None, now=NOW)
    assert not ListingVersion.objects.exists()
