"""Ledgers as other offices lay them out: each is read right, and asks what only a person can know."""

import datetime as dt

import pytest

from projects.services.imports import Options
from projects.services.imports.importing import plan_import, result_of
from tests.factories import NOW, TODAY
from tests.workbooks_for_import import table

pytestmark = [pytest.mark.django_db, pytest.mark.database]
TITLE = ["2023年区级重点项目", "截至2023年9月30日"]
ASKED_CLASS = {"category:": "新开工"}

# name → (cells below the title, the first project as far as it matters, questions with their likely answers)
SHEETS: dict[str, tuple[list[list], dict, dict]] = {
    "months of the year beside last year's end, in 亿元": (
        [
            (
                "序号 项目名称 建设内容及规模 总投资（亿元） 至2022年底累计完成投资（亿元） "
                "2023年计划投资（亿元） 1-4月完成投资（亿元） 占年计划（%） 形象进度 责任单位 联系领导"
            ).split(),
            [1, "甲", "厂房", "12.5", 3, 2.5, 0.8, 32, "主体", "经信局", "张三"],
        ],
        {
            "total_investment": "125000.00",
            "carry_over": "30000.00",
            "planned_investment": "25000.00",
            "invested_this_year": "8000.00",
            "as_of": "2023-04-30",
            "category": "续建",
            "sponsor": "张三",
        },
        {},
    ),
    "a plan with years of building and a goal for the year": (
        [
            "序号 项目名称 建设规模及主要内容 建设年限 总投资(万元) 年度计划投资(万元) 年度工作目标 项目业主 责任单位 挂钩领导".split(),
            [1, "甲", "厂房", "2022-2024", 12500, 2500, "主体封顶", "甲公司", "住建局", "李四"],
        ],
        {
            "planned_start": "2022",
            "planned_finish": "2024",
            "category": "续建",
            "developer": "甲公司",
            "sponsor": "李四",
            "physical_progress": None,
            "extra": {"年度工作目标": "主体封顶"},
        },
        {},
    ),
    "新建 and 续建 as nature, a start that says neither planned nor actual": (
        [
            "序号 项目名称 项目单位 建设地点 建设性质 总投资 2023年投资计划 1-9月完成投资 完成率 开工时间".split(),
            [1, "甲", "甲公司", "河口镇", "新建", 10000, 4000, 2000, "50%", "2023年3月"],
            [2, "乙", "乙公司", "河口镇", "续建", 20000, 8000, 6000, "75%", "2022年5月"],
        ],
        {
            "category": "新开工",
            "nature": None,
            "started_on": "2023-03-31",
            "invested_this_year": "2000.00",
            "address": "河口镇",
        },
        {"date:开工时间": "实际"},
    ),
    "a stage of works in the place of a class, a number of the office's own": (
        [
            "项目编号 项目名称 建设性质 总投资 今年计划投资 今年累计完成投资 本月完成投资 计划开工时间 包联领导 项目类型 建设阶段 本月进展".split(),
            ["XM-1", "甲", "新建", 10000, 4000, 2000, 300, "2023年3月", "张三", "工业", "在建", "主体施工"],
        ],
        {
            "nature": "新建",
            "code": None,
            "category": "续建",
            "invested_this_year": "2000.00",
            "physical_progress": "主体施工",
            "extra": {"项目类型": "工业", "项目编号": "XM-1"},
        },
        {"category:在建": "续建"},
    ),
    "amounts under a group on two lines": (
        [
            ["序号", "项目名称", "建设单位", "投资情况（万元）", None, None, None, None, "工程进展", None],
            [
                None,
                None,
                None,
                "总投资",
                "2023年计划",
                "本月完成",
                "年初以来累计",
                "开工以来累计",
                "形象进度",
                "下步计划",
            ],
            [1, "甲", "甲公司", 10000, 4000, 300, 2000, 5000, "主体", "封顶"],
        ],
        {
            "total_investment": "10000.00",
            "planned_investment": "4000.00",
            "invested_this_year": "2000.00",
            "invested_to_date": "5000.00",
            "physical_progress": "主体",
        },
        ASKED_CLASS,
    ),
    "a cumulative figure by a day": (
        [
            "序号 重点工程名称 建设（业主）单位 项目总投资（亿元） 截至2022年底完成投资 2023年计划投资 截至9月底累计完成投资 占年计划比例".split(),
            [1, "甲", "甲公司", 10, 3, 4, 2, "50%"],
        ],
        {
            "carry_over": "30000.00",
            "planned_investment": "40000.00",
            "invested_this_year": "20000.00",
            "developer": "甲公司",
        },
        {"column:截至9月底累计完成投资": "invested_this_year"},
    ),
    "a province's template": (
        [
            (
                "序号 项目名称 建设内容及规模 建设起止年限 总投资（万元） 到上年底累计完成投资（万元） "
                "本年度投资计划（万元） 本年度投资计划完成情况（万元） 项目类型 项目类别 项目(法人)单位 项目属地"
            ).split(),
            [1, "甲", "厂房", "2022-2025", 10000, 3000, 4000, 2000, "备案", "产业项目", "甲公司", "河口镇"],
        ],
        {
            "carry_over": "3000.00",
            "planned_investment": "4000.00",
            "invested_this_year": "2000.00",
            "host_district": "河口镇",
            "extra": {"项目类型": "备案", "项目类别": "产业项目"},
        },
        {},
    ),
    "the statistics bureau's words": (
        [
            "项目名称 项目代码 计划总投资 自开始建设累计完成投资 本年完成投资 其中：本月完成投资 入库时间".split(),
            ["甲", "2103-370371-04-02-100001", 10000, 5000, 2000, 300, "2022年5月"],
        ],
        {
            "invested_to_date": "5000.00",
            "invested_this_year": "2000.00",
            "entered_statistics_on": "2022-05-31",
        },
        ASKED_CLASS,
    ),
    "two columns of classes, one of trades": (
        [
            "序号 项目名称 项目类别 年度类别 总投资 年度投资 累计完成 责任单位".split(),
            [1, "甲", "产业", "新开工", 10000, 4000, 2000, "建设局"],
            [2, "乙", "民生", "计划竣工", 10000, 4000, 2000, "建设局"],
        ],
        {"category": "新开工", "planned_investment": "4000.00", "extra": {"项目类别": "产业"}},
        {"column:累计完成": "invested_this_year", "category:计划竣工": "续建"},
    ),
    "the unit in each cell": (
        [
            "序号 项目名称 建设单位 总投资 2023年计划投资 本年完成投资".split(),
            [1, "甲", "甲公司", "1.2亿元", "5000万", "0.3亿"],
        ],
        {"total_investment": "12000.00", "planned_investment": "5000.00", "invested_this_year": "3000.00"},
        ASKED_CLASS,
    ),
    "a leader with the post in brackets": (
        [
            "序号 项目名称 责任领导（区级） 责任单位及责任人 总投资 2023年计划投资 1-9月累计完成投资".split(),
            [1, "甲", "张三（区委常委、副区长）", "建设局 王五", 10000, 4000, 2000],
        ],
        {"sponsor": "张三", "lead_department": None, "invested_this_year": "2000.00"},
        ASKED_CLASS,
    ),
    "start and finish under one head": (
        [
            ["序号", "项目名称", "建设单位", "建设起止时间", None, "总投资", "2023年计划投资"],
            [None, None, None, "开工", "竣工", None, None],
            [1, "甲", "甲公司", "2022.3", "2024.12", 10000, 4000],
        ],
        {"planned_start": "2022.3", "planned_finish": "2024.12", "started_on": None, "category": "续建"},
        {},
    ),
    "months alone beside their sum": (
        [
            "序号 项目名称 建设单位 总投资 2023年计划投资 1月完成投资 2月完成投资 1-2月累计完成投资".split(),
            [1, "甲", "甲公司", 10000, 4000, 100, 200, 300],
        ],
        {"invested_this_year": "300.00", "as_of": "2023-02-28"},
        ASKED_CLASS,
    ),
    "amounts that say no year": (
        [
            "序号 项目名称 建设单位 总投资 计划投资 完成投资 完成率".split(),
            [1, "甲", "甲公司", 10000, 4000, 2000, "50%"],
        ],
        {"planned_investment": "4000.00", "invested_this_year": "2000.00"},
        {"column:计划投资": "planned_investment", "column:完成投资": "invested_this_year", **ASKED_CLASS},
    ),
    "last year's figure beside this year's, two units": (
        [
            (
                "序号 项目名称 总投资(亿元) 2023年计划投资(万元) "
                "2023年1-9月累计完成投资(万元) 2022年1-9月累计完成投资(万元) 同比增长(%)"
            ).split(),
            [1, "甲", 10, 40000, 20000, 10000, 100],
        ],
        {
            "total_investment": "100000.00",
            "planned_investment": "40000.00",
            "invested_this_year": "20000.00",
            "as_of": "2023-09-30",
        },
        ASKED_CLASS,
    ),
    "up to the period of report": (
        [
            (
                "序号 项目名称 项目总投资（万元） 年度计划投资（万元） 当月完成投资（万元） "
                "年初至报告期累计完成投资（万元） 占年计划（%） 开工至报告期累计完成投资（万元） 占总投资（%）"
            ).split(),
            [1, "甲", 10000, 4000, 300, 2000, 50, 5000, 50],
        ],
        {"invested_this_year": "2000.00", "invested_to_date": "5000.00"},
        ASKED_CLASS,
    ),
    "goals of the year beside what has been reached": (
        [
            [
                "序号",
                "项目名称",
                "项目主体",
                "总投资（亿元）",
                "2023年度目标任务",
                None,
                "目前进展",
                None,
                "牵头单位",
                "配合单位",
            ],
            [None, None, None, None, "投资（亿元）", "形象进度", "完成投资（亿元）", "形象进度", None, None],
            [1, "甲", "甲公司", 10, 4, "封顶", 2, "基础", "发改委", "财政局、住建局"],
        ],
        {
            "planned_investment": "40000.00",
            "invested_this_year": "20000.00",
            "physical_progress": "基础",
            "lead_department": "发改委",
            "helpers": ["财政局", "住建局"],
        },
        {"column:完成投资（亿元）": "invested_this_year", **ASKED_CLASS},
    ),
    "a list with hardly a figure": (
        ["序号 项目名称 项目概况 投资额（亿元） 项目进展".split(), [1, "甲", "厂房", 10, "主体"]],
        {"total_investment": "100000.00", "description": "厂房", "physical_progress": "主体"},
        {"column:投资额（亿元）": "total_investment", **ASKED_CLASS},
    ),
}


@pytest.mark.parametrize("name", SHEETS)
def test_the_sheet_is_read_right_and_asks_what_must_be_asked(name):
    cells, expected, asked = SHEETS[name]
    in_yi = any("亿元" in str(cell) for cell in cells[0])  # then the headers name the unit
    plan = plan_import(
        content=table([TITLE if in_yi else [*TITLE, "单位：万元"], *cells], "区级重点"),
        file_name="台账.xlsx",
        options=Options(),
        by=None,
        now=NOW,
        today=TODAY,
    )
    told = result_of(plan, file_name="", sha256="", written=False, batch=None, tried_on=dt.date(2023, 10, 12))
    (sheet,) = told["sheets"]
    assert (sheet["kind"], sheet["errors"]) == ("ledger", [])
    first = sheet["projects"][0]
    assert {key: first[key] for key in expected} == expected
    of_the_list = {"listed_from:区级重点": "2023-01-01"}  # a list that comes in mid-year
    assert {question["id"]: question["likely"] for question in sheet["questions"]} == {**asked, **of_the_list}
