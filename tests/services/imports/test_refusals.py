"""What a sheet is refused for (导入检查): every refusal of the other sheets in one pass, at its row, in its words."""

import pytest

from projects.services.imports import Options, import_file
from tests.factories import NOW, TODAY, make_project
from tests.workbooks_for_import import table

pytestmark = [pytest.mark.django_db, pytest.mark.database]

NAME = "氢能电堆项目"


def messages(content: bytes, which="errors") -> list[tuple[int, str, str]]:
    """(row, column, words) of what an import of the sheet would say."""
    result, _ = import_file(
        content=content,
        file_name="表.xlsx",
        options=Options(),
        dry_run=True,
        by=None,
        now=NOW,
        today=TODAY,
    )
    return [(m["row"], m["column"], m["message"]) for sheet in result["sheets"] for m in sheet[which]]


def sheet(title: str, head: str, *lines: dict) -> bytes:
    """A sheet of this title and these headers; the first line is row 3, and each is about the project."""
    names = ["序号", *head.split()]
    cells = [
        [{"序号": n, "项目名称": NAME, **line}.get(name) for name in names] for n, line in enumerate(lines, 1)
    ]
    return table([[f"2023年{title}"], names, *cells], title)


def test_every_refusal_of_a_problem_in_one_pass():
    make_project(NAME)
    good = {"问题描述": "供电未接入", "提出时间": "2023-09-01", "问题类别": "配套"}
    content = sheet(
        "问题清单",
        "项目名称 问题类别 问题描述 责任单位 提出时间 计划解决时限 办理进展 是否办结 办结时间",
        {**good, "计划解决时限": "2023-09-01", "办结时间": "2023-09-01", "是否办结": "是"},
        {**good, "问题描述": None, "办理进展": "协调中"},
        {**good, "问题描述": "长" * 401},
        {**good, "提出时间": None},
        {**good, "提出时间": "待定"},
        {**good, "计划解决时限": "2023-08-31"},
        {**good, "办结时间": "2023-08-31", "是否办结": "是"},
        {**good, "是否办结": "是"},
        {**good, "办结时间": "2023-09-20", "是否办结": "否"},
    )
    assert messages(content) == [
        (4, "问题描述", "问题描述为空或过长，请填写400字以内"),
        (5, "问题描述", "“问题描述”超过400字，请精简后再导入"),
        (6, "提出时间", "提出时间为空或不是日期，请写作 2023-06-01"),
        (7, "提出时间", "提出时间为空或不是日期，请写作 2023-06-01"),
        (8, "计划解决时限", "解决时限早于提出时间，请核对后改正"),
        (9, "办结时间", "办结时间早于提出时间，请核对后改正"),
        (10, "办结时间", "已办结的问题须填写办结时间"),
        (11, "办结时间", "填有办结时间，但“是否办结”为否，请核对后改正"),
    ]


def test_an_unknown_kind_of_problem_is_entered_as_other_and_said_so():
    make_project(NAME)
    line = {"问题描述": "供电未接入", "提出时间": "2023-09-01", "问题类别": "天气"}
    content = sheet("问题清单", "项目名称 问题类别 问题描述 提出时间 计划解决时限", line)
    assert (3, "问题类别", "问题类别“天气”不在选项内，按“其他”登记") in messages(content, "warnings")


def test_every_refusal_of_a_milestone_in_one_pass():
    make_project(NAME)
    good = {"阶段": "在建", "节点名称": "桩基施工", "计划完成时间": "2023-12-01"}
    content = sheet(
        "节点计划",
        "项目名称 阶段 节点名称 责任单位 计划完成时间 实际完成时间",
        good,
        {**good, "节点名称": None, "责任单位": "建设局"},
        {**good, "阶段": "收尾", "节点名称": "收尾工程"},
        {**good, "计划完成时间": None, "节点名称": "主体封顶"},
        {**good, "计划完成时间": "待定", "节点名称": "二次结构"},
        {**good, "实际完成时间": "2023-10-13", "节点名称": "竣工验收"},
    )
    assert messages(content) == [
        (4, "节点名称", "节点名称为空，请补填"),
        (5, "阶段", "阶段无法识别，请填写前期、在建或竣工"),
        (6, "计划完成时间", "计划完成时间为空或不是日期，请写作 2023-10-24 或 2023年10月底前"),
        (7, "计划完成时间", "计划完成时间为空或不是日期，请写作 2023-10-24 或 2023年10月底前"),
        (8, "实际完成时间", "实际完成时间晚于今天，请核对后改正"),
    ]


def test_a_milestone_done_today_is_taken():
    make_project(NAME)
    line = {
        "阶段": "在建",
        "节点名称": "桩基施工",
        "计划完成时间": "2023-12-01",
        "实际完成时间": TODAY.isoformat(),
    }
    content = sheet("节点计划", "项目名称 阶段 节点名称 责任单位 计划完成时间 实际完成时间", line)
    assert messages(content) == []


def test_every_refusal_of_an_indicator_in_one_pass():
    head = ["序号", "指标名称", "单位", "年度任务", "1-9月完成", "全市总量"]
    lines = [
        [1, "省外到位资金", "亿元", 120, 80, 600],
        [2, "签约项目", "个", None, 30, None],
        [3, "开工项目", "个", "若干", 30, None],
        [4, "外资", "亿元", 10, "八", None],
        [5, "技改投资", "亿元", 10, 10**15, "—"],
        [6, "外贸", "亿元", 10, "9", "很多"],
    ]
    assert messages(table([["2023年招商指标"], head, *lines], "指标")) == [
        (4, "年度任务", "年度任务为空，请填写数字；没有任务的须有上年同期数"),
        (5, "年度任务", "“若干”不是数字，请改正"),
        (6, "1-9月完成", "“八”不是数字，请改正"),
        (7, "1-9月完成", f"“{10**15}”不是数字，请改正"),
        (8, "全市总量", "“很多”不是数字，请改正"),
    ]


def test_a_value_that_says_no_day_is_refused_until_its_header_does():
    lines = [[1, "省外到位资金", "亿元", 120, 80]]
    head = ["序号", "指标名称", "单位", "年度任务"]
    assert messages(table([["招商指标"], [*head, "完成数"], *lines], "指标")) == [
        (3, "完成数", "看不出数值截至哪一天，请在表头写明，如 1—9月完成")
    ]
    assert messages(table([["招商指标"], [*head, "1-9月完成"], *lines], "指标")) == []
