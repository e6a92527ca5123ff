"""A sheet that meets something newer or other than it says (台账晚于登记): what it leaves alone, in words."""

import datetime as dt
from decimal import Decimal

import pytest

from projects.models import (
    Handover,
    ListingVersion,
    Milestone,
    Official,
    Problem,
    ProgressReport,
    Project,
    Role,
)
from projects.services.imports import Options, import_file
from projects.services.register.handovers import hand_over
from tests.factories import (
    NOW,
    TODAY,
    make_official,
    make_plan,
    make_problem,
    make_project,
    make_unit,
    make_user,
)
from tests.workbooks_for_import import HEAD, ledger, row, table

pytestmark = [pytest.mark.django_db, pytest.mark.database]
OLDER = "截至2023年9月30日"
PROBLEM_HEAD = (
    "序号 项目名称 问题类别 问题描述 责任单位 提出时间 计划解决时限 办理进展 是否办结 办结时间".split()
)


def load(content: bytes, **options) -> tuple[dict, str]:
    """An import whose questions are answered with yes: (result, refusal)."""
    return import_file(
        content=content,
        file_name="台账.xlsx",
        options=Options(),
        allow_warnings=True,
        by=None,
        now=NOW,
        today=TODAY,
        **options,
    )


def notes(result: dict) -> str:
    return " ".join(message["message"] for sheet in result["sheets"] for message in sheet["warnings"])


@pytest.fixture
def imported_project() -> Project:
    result, refusal = load(ledger([row()]))
    assert (result["written"], refusal) == (True, "")
    return Project.objects.get()


# --- who answers for it -----------------------------------------------------------------------------------


def handed_over(project: Project, day: dt.date) -> Official:
    """A sponsor registered by the office from a day on, after the ledger's own."""
    Handover.objects.filter(project=project).update(from_on=dt.date(2023, 1, 1))
    to = make_official("领导丙")
    hand_over(
        project=project,
        slot="sponsor",
        to=to,
        from_on=day,
        document="任免〔2023〕3号",
        by=make_user(Role.OFFICE),
        now=NOW,
    )
    return to


def test_a_hand_over_registered_later_than_the_sheet_stands(imported_project):
    to = handed_over(imported_project, dt.date(2023, 10, 11))
    result, refusal = load(ledger([row(挂包领导="领导乙", 职务="工委副书记")]))
    assert refusal == ""
    assert "2023-10-11已有交接登记，晚于本表截至日期，未作改动" in notes(result)
    imported_project.refresh_from_db()
    assert imported_project.sponsor == to
    assert [row.official.name for row in imported_project.handovers.filter(slot="sponsor")] == [
        "领导甲",
        "领导丙",
    ]


def test_a_unit_registered_later_than_the_sheet_stands(imported_project):
    unit = make_unit("科技局")
    hand_over(
        project=imported_project,
        slot="lead_department",
        to=unit,
        from_on=TODAY,
        document="会议纪要",
        by=make_user(Role.OFFICE),
        now=NOW,
    )
    result, _ = load(ledger([row(推进部门="商务局")]))
    assert "已有交接登记，晚于本表截至日期，未作改动" in notes(result)
    imported_project.refresh_from_db()
    assert imported_project.lead_department == unit


def test_a_sheet_of_the_very_day_corrects_that_hand_over(imported_project):
    handed_over(imported_project, dt.date(2023, 10, 10))
    load(ledger([row(挂包领导="领导乙", 职务="工委副书记")]))
    imported_project.refresh_from_db()
    assert imported_project.sponsor.name == "领导乙"
    found = imported_project.handovers.filter(slot="sponsor").values_list("from_on", "official__name")
    assert list(found) == [(dt.date(2023, 1, 1), "领导甲"), (dt.date(2023, 10, 10), "领导乙")]


def test_a_later_sheet_hands_over_from_its_own_day(imported_project):
    handed_over(imported_project, dt.date(2023, 10, 9))
    load(ledger([row(挂包领导="领导乙", 职务="工委副书记")]))
    imported_project.refresh_from_db()
    assert imported_project.sponsor.name == "领导乙"
    assert imported_project.handovers.filter(slot="sponsor").count() == 3


def test_a_service_officer_is_registered_once_however_often_named(imported_project):
    def named(who: str) -> bytes:
        return ledger([row(服务专员=who)], head=[*HEAD, "服务专员"])

    load(named("王专员"))
    load(named("王专员、李专员"))
    found = imported_project.members.order_by("pk").values_list("kind", "name", "from_on")
    assert list(found) == [
        ("service_officer", "王专员", dt.date(2023, 10, 10)),
        ("service_officer", "李专员", dt.date(2023, 10, 10)),
    ]


# --- the project and its lists ----------------------------------------------------------------------------


def test_a_project_without_a_code_takes_the_one_the_sheet_brings():
    known = make_project("氢能电堆项目", code="GX-2023-0009", developer="甲公司")
    load(ledger([row()]))
    known.refresh_from_db()
    assert (Project.objects.count(), known.code) == (1, row()["项目代码"])
    assert row()["项目代码"] in known.search_text


@pytest.mark.parametrize(
    ("cells", "change"),
    [
        ({"2023年计划投资": 4000}, "lowered"),
        ({"2023年计划投资": 6000}, "raised"),
        ({"项目类别": "续建"}, "reclassified"),
        ({"计划竣工时间": "2025年3月"}, "reclassified"),
    ],
)
def test_a_later_plan_says_what_kind_of_change_it_is(imported_project, cells, change):
    load(ledger([row(本年累计完成投资=2500, **cells)], as_of="截至2023年10月20日"))
    versions = ListingVersion.objects.order_by("effective_on").values_list("effective_on", "change")
    assert list(versions) == [(dt.date(2023, 1, 1), "initial"), (dt.date(2023, 10, 20), change)]


def test_a_plan_older_than_the_lists_own_is_left_alone(imported_project):
    load(ledger([row(**{"2023年计划投资": 6000})]))
    result, refusal = load(ledger([row(**{"2023年计划投资": 5500, "本年累计完成投资": None})], as_of=OLDER))
    assert refusal == ""
    assert "名单在2023-10-10已有更新的版本，本行的计划未采用" in notes(result)
    plans = ListingVersion.objects.order_by("effective_on").values_list("planned_investment", flat=True)
    assert list(plans) == [Decimal(5000), Decimal(6000)]


# --- reports ----------------------------------------------------------------------------------------------


def test_a_figure_older_than_the_one_on_record_is_left_alone(imported_project):
    load(ledger([row(本年累计完成投资=2100)], as_of="截至2023年10月12日"))
    load(ledger([row(本年累计完成投资=2150)], as_of="截至2023年10月14日"))
    result, refusal = load(ledger([row(本年累计完成投资=2050)], as_of="截至2023年10月12日"))
    assert refusal == ""
    assert "已有截至2023-10-14的数据，晚于本表，未覆盖" in notes(result)
    report = ProgressReport.objects.get(period_ends_on="2023-10-20")
    assert (report.invested_this_year, report.counts_from_on) == (2150, dt.date(2023, 10, 14))


def test_the_same_figure_from_an_older_sheet_is_no_remark(imported_project):
    load(ledger([row(本年累计完成投资=2150)], as_of="截至2023年10月14日"))
    result, _ = load(ledger([row(本年累计完成投资=2150)], as_of="截至2023年10月12日"))
    assert "未覆盖" not in notes(result)
    assert ProgressReport.objects.get(period_ends_on="2023-10-20").counts_from_on == dt.date(2023, 10, 14)


def test_a_column_of_a_month_to_come_is_not_taken(imported_project):
    head = ["序号", "项目名称", "10月累计完成投资", "11月累计完成投资"]
    cells = [["2023年投资调度表", "截至2023年10月10日", "单位：万元"], head, [1, "氢能电堆项目", 2000, 3000]]
    result, refusal = load(table(cells, "投资调度"))
    assert refusal == ""
    assert "11月下旬尚未开始，该列数值未采用" in notes(result)
    assert not ProgressReport.objects.filter(period_ends_on__month=11).exists()


# --- milestones, problems ---------------------------------------------------------------------------------


def milestones(*names: str, project="氢能电堆项目") -> bytes:
    head = ["序号", "项目名称", "阶段", "节点名称", "责任单位", "计划完成时间", "实际完成时间"]
    lines = [[n, project, "在建", name, "建设局", "2023-12-01", None] for n, name in enumerate(names, 1)]
    return table([["2023年重大项目推进方案节点计划表"], head, *lines], "节点计划")


def test_a_milestone_named_twice_in_a_first_plan_is_refused(imported_project):
    _, refusal = load(milestones("桩基施工", "主体封顶", "桩基 施工"))
    assert "共1处错误" in refusal
    assert "“节点计划”第5行“节点名称”与第3行的节点重复，请删去一行或区分名称" in refusal
    assert not Milestone.objects.exists()


def test_a_milestone_the_approved_plan_does_not_have_is_refused(imported_project):
    make_plan(imported_project, "2023-12-01")
    _, refusal = load(milestones("节点1", "竣工验收"))
    assert "第4行“节点名称”已批准的推进方案中没有该节点，增减节点须按节点调整程序办理" in refusal
    assert Milestone.objects.count() == 1


def problem(resolved: str | None, **cells) -> bytes:
    line = {
        "序号": 1,
        "项目名称": "氢能电堆项目",
        "问题类别": "配套",
        "问题描述": "供电未接入",
        "责任单位": "建设局",
        "提出时间": "2023-09-01",
        "计划解决时限": "2023-09-15",
        "是否办结": "是" if resolved else None,
        "办结时间": resolved,
        **cells,
    }
    return table([["问题清单"], PROBLEM_HEAD, [line.get(name) for name in PROBLEM_HEAD]], "问题清单")


def test_a_problem_written_off_on_another_day_stays_as_it_was(imported_project):
    load(problem("2023-09-20"))
    result, refusal = load(problem("2023-09-25", 办理进展="已解决"))
    assert refusal == ""
    assert "系统已登记2023-09-20销号，与本行不一致，未改动，请核对" in notes(result)
    assert Problem.objects.get().resolved_on == dt.date(2023, 9, 20)


def test_a_problem_written_off_on_the_same_day_is_no_remark(imported_project):
    load(problem("2023-09-20"))
    result, _ = load(problem("2023-09-20"))
    assert (result["written"], notes(result)) == (False, "")


def test_a_problem_the_sheet_calls_open_is_not_opened_again(imported_project):
    make_problem(
        imported_project,
        text="供电未接入",
        raised_on=dt.date(2023, 9, 1),
        state="resolved",
        handled_on=dt.date(2023, 9, 20),
        resolved_on=dt.date(2023, 9, 20),
        resolution="已接入",
    )
    load(problem(None))
    assert Problem.objects.get().state == "resolved"
