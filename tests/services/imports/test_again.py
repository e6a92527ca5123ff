"""The second and later sheets (再次导入): what changes, from when, what is left alone; properties of the whole."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from projects.models import (
    AuditRecord,
    Belonging,
    Handover,
    ImportBatch,
    ImportedRow,
    IndustryChain,
    ListingVersion,
    Milestone,
    ProgressReport,
    Project,
    ReportState,
    Unit,
    UnitName,
)
from projects.periods import TenDayPeriod
from projects.services.imports import Options, import_file, revert_batch
from tests.factories import NOW, TODAY, belongs, make_plan, make_problem, make_report
from tests.properties import costly
from tests.workbooks_for_import import HEAD, ledger, row, rows, table

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def load(content: bytes, today=TODAY, **options) -> tuple[dict, str]:
    return import_file(
        content=content,
        file_name="台账.xlsx",
        options=Options(),
        allow_warnings=options.pop("allow_warnings", False),
        by=None,
        now=NOW,
        today=today,
        **options,
    )


def later(**changes) -> bytes:
    """The same project ten days on, with some progress."""
    return ledger([row(**{"本年累计完成投资": 2500, **changes})], as_of="截至2023年10月20日")


@pytest.fixture
def imported_project() -> Project:
    result, refusal = load(ledger([row()]))
    assert (result["written"], refusal) == (True, "")
    return Project.objects.get()


def counts(result: dict) -> tuple:
    sheet = result["sheets"][0]
    return sheet["created"], sheet["updated"], sheet["unchanged"]


def notes(result: dict) -> str:
    return str(result["sheets"][0]["warnings"])


def test_changed_plan_is_a_new_version_from_the_sheets_day(imported_project):
    load(later(**{"2023年计划投资": 6000}))
    assert list(ListingVersion.objects.values_list("effective_on", "change", "planned_investment")) == [
        (dt.date(2023, 1, 1), "initial", Decimal("5000")),
        (dt.date(2023, 10, 20), "raised", Decimal("6000")),
    ]
    load(later(**{"2023年计划投资": 4000}))  # the same day once more: that version is corrected
    assert ListingVersion.objects.get(effective_on="2023-10-20").planned_investment == 4000


def test_the_same_month_written_otherwise_is_no_change(imported_project):
    result, _ = load(ledger([row(计划开工时间="2023.06", 计划竣工时间="2024-12")]))
    assert (counts(result), result["written"]) == ((0, 0, 1), False)


def test_changed_leader_and_unit_are_handed_over_from_the_sheets_day(imported_project):
    result, _ = load(later(挂包领导="领导乙", 职务="工委副书记", 推进部门="科技局"))
    imported_project.refresh_from_db()
    assert (imported_project.sponsor.name, imported_project.lead_department.name) == ("领导乙", "科技局")
    assert list(Handover.objects.filter(slot="sponsor").values_list("from_on", "official__name")) == [
        (dt.date(2023, 1, 1), "领导甲"),
        (dt.date(2023, 10, 20), "领导乙"),
    ]
    assert "新登记单位：科技局" in notes(result)


def test_a_changed_chain_holds_from_the_sheets_day_and_a_revert_gives_the_old_one_its_days_back():
    head = [*HEAD, "产业链"]
    load(ledger([row(产业链="新材料")], head=head), allow_warnings=True)
    second, _ = load(
        ledger([row(本年累计完成投资=2500, 产业链="氢能")], head=head, as_of="截至2023年10月20日"),
        allow_warnings=True,
    )
    assert Project.objects.get().industry_chain.name == "氢能"
    assert chains() == [
        (dt.date(2023, 1, 1), dt.date(2023, 10, 20), "新材料"),
        (dt.date(2023, 10, 20), None, "氢能"),
    ]
    revert_batch(batch=ImportBatch.objects.get(pk=second["batch"]), by=None, now=NOW)
    assert Project.objects.get().industry_chain.name == "新材料"
    assert chains() == [(dt.date(2023, 1, 1), None, "新材料")]


def test_a_chain_said_since_by_the_office_is_left_to_it(imported_project):
    mine = IndustryChain.objects.create(name="氢能")
    belongs(imported_project, from_on=dt.date(2023, 10, 25), industry_chain=mine)
    head = [*HEAD, "产业链"]
    result, _ = load(
        ledger([row(产业链="新材料")], head=head, as_of="截至2023年10月20日"), allow_warnings=True
    )
    assert "2023-10-25已有产业链归属登记，晚于本表截至日期，未作改动" in notes(result)
    assert Project.objects.get().industry_chain == mine


def chains() -> list[tuple]:
    rows = Belonging.objects.filter(kind="industry_chain").order_by("from_on")
    return list(rows.values_list("from_on", "until_on", "industry_chain__name"))


def test_unit_is_known_by_its_former_name(imported_project):
    UnitName.objects.create(unit=Unit.objects.get(name="建设局"), name="住建局")
    load(later(推进部门="住建局"))
    assert not Unit.objects.filter(name="住建局").exists()
    assert Handover.objects.filter(slot="lead_department").count() == 1


def test_changed_facts_are_updated_with_before_and_after(imported_project):
    result, _ = load(later(总投资=12000))
    imported_project.refresh_from_db()
    assert (counts(result), imported_project.total_investment) == ((0, 1, 0), Decimal("12000"))
    kept = ImportedRow.objects.get(model="project", before__isnull=False)
    assert (kept.before["total_investment"], kept.after["total_investment"], kept.row) == (
        "10000.00",
        "12000.00",
        4,
    )
    audit = AuditRecord.objects.get(imported_row=kept)
    assert (audit.changes, audit.project) == (
        {"total_investment": ["10000.00", "12000.00"]},
        imported_project,
    )


def test_project_found_by_code_takes_its_new_name_and_stays_one(imported_project):
    load(later(项目名称="氢能电堆产业园项目"))
    renamed = Project.objects.get()
    assert renamed.name == "氢能电堆产业园项目"
    assert "cyy" in renamed.search_text


def test_blank_cells_change_nothing(imported_project):
    blank = {
        name: None for name in ("总投资", "挂包领导", "推进部门", "实际开工时间", "形象进度", "计划竣工时间")
    }
    result, _ = load(ledger([row(**blank)]))
    assert counts(result) == (0, 0, 1)


def test_next_period_is_a_new_report_and_a_correction_changes_the_imported_one(imported_project):
    load(later(本年累计完成投资=2500, 形象进度="基础施工"))
    load(later(本年累计完成投资=2600))
    report = ProgressReport.objects.get(period_ends_on="2023-10-20")
    assert (report.invested_this_year, report.invested_to_date) == (Decimal("2600"), Decimal("2600"))
    assert ProgressReport.objects.count() == 2


def test_report_filed_by_a_unit_is_never_overwritten(imported_project):
    filed = make_report(imported_project, "2023-10-2", "2400", state=ReportState.SUBMITTED)
    result, refusal = load(later(本年累计完成投资=2500))
    filed.refresh_from_db()
    assert (filed.invested_this_year, refusal) == (Decimal("2400"), "")
    assert "以旬报为准，未覆盖" in notes(result)


def test_sheet_made_within_a_period_counts_from_its_own_day(imported_project):
    load(ledger([row(本年累计完成投资=2100)], as_of="截至2023年10月12日"))
    report = ProgressReport.objects.get(period_ends_on=TenDayPeriod(2023, 10, 2).last_on)
    assert report.counts_from_on == dt.date(2023, 10, 12)


def test_repeated_words_and_amount_are_asked_about(imported_project):
    _, refusal = load(later(本年累计完成投资=2000))
    assert "需要确认" in refusal
    result, _ = load(later(本年累计完成投资=2000), allow_warnings=True)
    assert "雷同" in notes(result)


def test_older_sheet_is_asked_about_before_it_changes_anything(imported_project):
    _, refusal = load(ledger([row(总投资=9000)], as_of="截至2023年9月30日"))
    assert "需要确认" in refusal
    imported_project.refresh_from_db()
    assert imported_project.total_investment == Decimal("10000")


def test_project_new_to_a_running_list_is_added_from_the_sheets_day(imported_project):
    result, _ = load(
        ledger([row(), row(项目名称="乙项目", 项目代码="2103-370371-04-02-100002", 建设单位="乙")])
    )
    version = ListingVersion.objects.get(listing__project__name="乙项目")
    assert (version.change, version.effective_on, counts(result)) == (
        "added",
        dt.date(2023, 10, 10),
        (1, 0, 1),
    )


def test_project_a_list_no_longer_names_is_pointed_out(imported_project):
    result, _ = load(ledger([row(项目名称="乙项目", 项目代码="2103-370371-04-02-100002", 建设单位="乙")]))
    assert "“氢能电堆项目”共1个项目未列入本表" in notes(result)


def milestones(due="2023-12-01", achieved=None, name="节点1") -> bytes:
    head = ["序号", "项目名称", "阶段", "节点名称", "责任单位", "计划完成时间", "实际完成时间"]
    line = [1, "氢能电堆项目", "在建", name, "建设局", due, achieved]
    return table([["2023年重大项目推进方案节点计划表"], head, line], "节点计划")


def test_approved_due_date_is_not_moved_by_a_sheet(imported_project):
    make_plan(imported_project, "2023-12-01")
    result, refusal = load(milestones(due="2024-01-01"))
    assert "已批准，调整须按节点调整程序办理" in refusal
    assert result["sheets"][0]["errors"][0]["row"] == 3


def test_achievement_is_taken_with_the_sheet_as_its_evidence_but_not_over_the_units_own(imported_project):
    make_plan(imported_project, "2023-12-01")
    load(milestones(achieved="2023-10-01"))
    milestone = Milestone.objects.get()
    assert (str(milestone.achieved_on), milestone.evidence) == (
        "2023-10-01",
        "台账登记：台账.xlsx 节点计划 第3行",
    )
    Milestone.objects.update(evidence="淄建验〔2023〕8号")
    result, _ = load(milestones(achieved="2023-10-05"))
    assert "未改动" in notes(result)
    assert str(Milestone.objects.get().achieved_on) == "2023-10-01"


def test_problem_is_updated_not_doubled_and_not_reopened(imported_project):
    make_problem(
        imported_project, text="供电未接入", raised_on=dt.date(2023, 9, 1), due_on=dt.date(2023, 9, 15)
    )
    head = "序号 项目名称 问题类别 问题描述 责任单位 提出时间 计划解决时限 办理进展 是否办结 办结时间".split()
    line = [
        1,
        "氢能电堆项目",
        "配套",
        "供电未接入",
        "建设局",
        "2023-09-01",
        "2023-09-15",
        "已接入",
        "是",
        "2023-09-20",
    ]
    content = table([["问题清单"], head, line], "问题清单")
    load(content)
    problem = imported_project.problems.get()
    assert (problem.state, problem.category, str(problem.resolved_on)) == (
        "resolved",
        "utilities",
        "2023-09-20",
    )
    assert [entry.text for entry in problem.entries.all()] == ["已接入"]
    assert counts(load(content)[0]) == (0, 0, 1)


@costly(5)
@given(order=st.permutations(HEAD))
def test_the_order_of_columns_does_not_matter(imported_project, order):
    result, refusal = load(ledger([row()], head=order))
    assert (counts(result), refusal) == ((0, 0, 1), "")


CELLS = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
)


@costly(20)
@example(cells=[[digit] * len(HEAD) for digit in ("①", "²", "１")])
@given(cells=st.lists(st.lists(CELLS, min_size=len(HEAD), max_size=len(HEAD)), max_size=4))
def test_whatever_stands_in_the_cells_is_answered_in_words(imported_project, cells):
    clean = [
        [c if not isinstance(c, str) else "".join(x for x in c if x.isprintable()) for c in line]
        for line in cells
    ]
    clean = [[None if isinstance(c, str) and c.startswith("=") else c for c in line] for line in clean]
    result, refusal = load(ledger([row()], after=clean), allow_warnings=True, dry_run=True)
    errors = result["sheets"][0]["errors"]
    assert bool(errors) == ("处错误" in refusal)
    assert all(error["message"] for error in errors)


def test_ten_times_the_rows_need_no_more_queries_per_row(django_assert_max_num_queries):
    with django_assert_max_num_queries(140):  # 52 for thirty rows; SQLite takes few values a statement
        result, _ = load(ledger(rows(300)))
    assert result["sheets"][0]["created"] == 300
    with django_assert_max_num_queries(45):
        assert counts(load(ledger(rows(300)))[0]) == (0, 0, 300)
