"""Cells as other offices fill them: classes, days, leaders and units, and what a trial tells of each row."""

import datetime as dt

import pytest

from projects.models import ListingVersion, Official, Project, Unit
from projects.services.imports import Options
from projects.services.imports.importing import plan_import, result_of
from projects.services.imports.reader import Grid
from projects.services.imports.staging.classes import core_of, known_class
from projects.services.imports.staging.responsible import people_in, units_of
from projects.services.imports.staging.sheets import Dictionary, stage_workbook
from tests.factories import NOW, TODAY
from tests.workbooks_for_import import table

pytestmark = [pytest.mark.django_db, pytest.mark.database]

SINCE_NEW_YEAR = {"listed_from:区级重点": "2023-01-01"}  # a list that comes in mid-year is asked about
HEAD = ("序号", "项目名称", "建设单位", "总投资", "2023年计划投资", "本年累计完成投资", "推进部门")
LINE = (1, "甲", "甲公司", 10000, 4000, 2000, "建设局")


def sheet_of(*more: tuple, head: tuple = (), as_of: str = "截至2023年9月30日", answers: dict | None = None):
    """(the plan, its sheet as a trial tells it) of the small ledger with further columns and their cells by row."""
    rows = [[*LINE[:1], f"{LINE[1]}{n}" if n else LINE[1], *LINE[2:], *cells] for n, cells in enumerate(more)]
    cells = [["2023年区级重点项目", as_of, "单位：万元"], [*HEAD, *head], *rows]
    plan = plan_import(
        content=table(cells, "区级重点"),
        file_name="台账.xlsx",
        options=Options(answers={**SINCE_NEW_YEAR, **(answers or {})}),
        by=None,
        now=NOW,
        today=TODAY,
    )
    told = result_of(plan, file_name="台账.xlsx", sha256="", written=False, batch=None, tried_on=TODAY)
    return plan, told["sheets"][0]


def new(plan, model) -> list:
    return [c.instance for c in plan.changes if type(c.instance) is model and c.before is None]


def questions(told: dict) -> dict[str, str]:
    asked = [question for question in told["questions"] if question["kind"] != "listed_from"]
    return {question["id"]: question["likely"] for question in asked}


@pytest.mark.parametrize(
    ("word", "core"),
    [
        ("续建类", "续建"),
        ("新开工项目", "新开工"),
        ("储备类项目(5个)", "储备"),
        ("2023年拟新开工", "新开工"),
        ("类", "类"),
    ],
)
def test_a_class_word_without_its_ending(word, core):
    assert core_of(word) == core


@pytest.mark.parametrize("word", ["预备", "收尾", "实施类", "竣工投产", "建成", "不知道", ""])
def test_what_is_no_known_class_is_none(word):
    assert known_class(word) is None


def test_an_unknown_class_is_asked_once_and_the_answer_counts():
    plan, told = sheet_of(("预备",), ("预备",), ("续建类",), head=("项目类别",))
    assert questions(told) == {"category:预备": "前期"}
    assert [version.category for version in new(plan, ListingVersion)] == [
        "preparatory",
        "preparatory",
        "continuing",
    ]
    plan, told = sheet_of(("预备",), head=("项目类别",), answers={"category:预备": "续建"})
    assert (told["projects"][0]["category"], plan.unanswered) == ("续建", [])


def test_no_row_becomes_a_new_start_in_silence():
    _, told = sheet_of((), ())
    assert questions(told) == {"category:": "新开工"}
    _, told = sheet_of(("2022年3月",), ("2023年3月",), head=("实际开工时间",))
    assert questions(told) == {}
    assert [one["category"] for one in told["projects"]] == ["续建", "新开工"]


def test_new_beside_continuing_is_a_class_and_beside_expansion_the_nature():
    _, told = sheet_of(("新建",), ("续建",), head=("建设性质",))
    assert [(one["category"], one["nature"]) for one in told["projects"]] == [
        ("新开工", None),
        ("续建", None),
    ]
    _, told = sheet_of(("新建",), ("改扩建",), head=("建设性质",), answers={"category:": "续建"})
    assert [(one["category"], one["nature"]) for one in told["projects"]] == [
        ("续建", "新建"),
        ("续建", "扩建"),
    ]


@pytest.mark.parametrize(
    ("cell", "started", "planned", "kept"),
    [
        ("2023年3月已开工", "2023-03-31", None, None),
        ("2022年续建", "2022-12-31", None, None),
        ("2023.3.15（桩基）", "2023-03-15", None, None),
        ("2023年6月\n-2024年", "2023-06-30", None, None),
        ("2023年底前开工", None, "2023年底前开工", None),
        ("手续办理中", None, None, "手续办理中"),
        ("十四五期间", None, None, "十四五期间"),
        ("已完工", None, None, "已完工"),
        ("未开工", None, None, None),
    ],
)
def test_days_and_words_in_the_column_of_actual_starts(cell, started, planned, kept):
    _, told = sheet_of((cell, "新开工"), head=("实际开工时间", "项目类别"))
    (one,) = told["projects"]
    assert told["errors"] == []
    assert (one["started_on"], one["planned_start"]) == (started, planned)
    assert one["extra"].get("实际开工时间说明") == kept


def test_a_day_to_come_never_starts_a_project():
    plan, _ = sheet_of(("2023年12月", "新开工"), head=("实际开工时间", "项目类别"))
    assert new(plan, Project)[0].started_on is None
    assert new(plan, ListingVersion)[0].planned_start == "2023年12月"


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("张三\n李四", ["张三", "李四"]),
        ("张 三", ["张三"]),
        ("张 三 李四", ["张三", "李四"]),
        ("张\n三", ["张三"]),
        ("John Smith", ["John Smith"]),
        ("买买提·艾力、王五", ["买买提·艾力", "王五"]),
        ("张三（副区长、公安局长）", ["张三"]),
        ("张三 副区长", ["张三"]),
        ("副区长 张三", ["张三"]),
        ("王区长", ["王区长"]),
        ("—", []),
    ],
)
def test_leaders_of_one_cell(cell, names):
    assert [one.name for one in people_in(cell)] == names


def test_several_leaders_are_asked_about_unless_one_is_marked_or_the_name_is_on_record():
    plan, told = sheet_of(("张三\n李四", "续建"), head=("挂包领导", "项目类别"))
    assert questions(told) == {"people:张三、李四": "张三"}
    assert [one.name for one in new(plan, Official)] == ["张三"]
    plan, told = sheet_of(
        ("张三\n李四", "续建"), head=("挂包领导", "项目类别"), answers={"people:张三、李四": "李四"}
    )
    (one,) = told["projects"]
    assert (one["sponsor"], one["other_sponsors"], one["extra"]) == (
        "李四",
        ["张三"],
        {"其他挂包领导": "张三"},
    )
    _, told = sheet_of(("李四（牵头）、张三", "续建"), head=("挂包领导", "项目类别"))
    assert (told["projects"][0]["sponsor"], questions(told)) == ("李四", {})
    Official.objects.create(name="甲、乙", position=1)
    _, told = sheet_of(("甲、乙", "续建"), head=("挂包领导", "项目类别"))
    assert (told["projects"][0]["sponsor"], questions(told)) == ("甲、乙", {})


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("建设局\n财政金融局", ["建设局", "财政金融局"]),
        ("自然资源和\n规划局", ["自然资源和规划局"]),
        ("建设局、科技创新局", ["建设局", "科技创新局"]),
        ("区住建局,区征拆办", ["区住建局", "区征拆办"]),
        ("建设局 财政局", ["建设局", "财政局"]),
        ("建设局（牵头）", ["建设局"]),
        ("牵头单位：建设局；配合单位：财政局、商务局", ["建设局", "财政局", "商务局"]),
        ("建设局（住房、保障中心）", ["建设局（住房、保障中心）"]),
    ],
)
def test_units_of_one_cell(cell, names):
    assert [one.name for one in units_of(cell)] == names


def test_units_beside_the_lead_help_and_none_is_registered_for_them():
    cells = [["2023年区级重点项目", "截至2023年9月30日", "单位：万元"], [*HEAD, "项目类别"]]
    cells += [
        [*LINE[:6], "财政局（配合）、建设局", "续建"],
        [2, "乙", "乙公司", 1000, 400, 200, "建设局\n财政局", "续建"],
    ]
    plan = plan_import(
        content=table(cells, "区级重点"),
        file_name="台账.xlsx",
        options=Options(),
        by=None,
        now=NOW,
        today=TODAY,
    )
    (sheet,) = plan.sheets
    assert [(row.get("lead_department"), row.get("helpers")) for row in sheet.rows] == [
        ("建设局", ["财政局"])
    ] * 2
    assert [question.id for question in plan.questions if question.kind == "units"] == [
        "units:建设局、财政局"
    ]
    assert [unit.name for unit in new(plan, Unit)] == ["建设局"]
    assert [project.extra for project in new(plan, Project)] == [{"协办单位": "财政局"}] * 2


def test_a_name_on_record_is_one_unit_whatever_stands_in_it():
    Unit.objects.create(name="建设局、财政局", kind=Unit.Kind.DEPARTMENT)
    cells = [["2023年区级重点项目", "截至2023年9月30日", "单位：万元"], [*HEAD, "项目类别"]]
    cells += [[*LINE[:6], "建设局、财政局", "续建"]]
    plan = plan_import(
        content=table(cells, "区级重点"),
        file_name="台账.xlsx",
        options=Options(answers=SINCE_NEW_YEAR),
        by=None,
        now=NOW,
        today=TODAY,
    )
    assert plan.unanswered == [] and new(plan, Unit) == []


def test_a_trial_tells_what_was_read_of_each_project():
    _, told = sheet_of(
        ("新开工", "2023年6月", "2024年底", "主体施工"),
        head=("项目类别", "计划开工时间", "计划竣工时间", "形象进度"),
    )
    (one,) = told["projects"]
    assert one | {"row": 3, "name": "甲", "developer": "甲公司", "total_investment": "10000.00"} == one
    assert (
        one | {"planned_investment": "4000.00", "invested_this_year": "2000.00", "invested_to_date": None}
        == one
    )
    assert one | {"category": "新开工", "lead_department": "建设局", "as_of": "2023-09-30"} == one
    assert (
        one | {"planned_start": "2023年6月", "planned_finish": "2024年底", "physical_progress": "主体施工"}
        == one
    )


def test_a_trial_takes_this_years_amount_from_the_column_of_its_months():
    cells = [["2023年区级重点项目", "截至2023年9月30日", "单位：亿元"]]
    cells += [
        ["序号", "项目名称", "建设单位", "总投资", "2023年计划投资", "1-9月份完成投资", "项目类别"],
        [1, "甲", "甲公司", 5, 2, 1.5, "续建"],
    ]
    plan = plan_import(
        content=table(cells, "区级重点"),
        file_name="台账.xlsx",
        options=Options(),
        by=None,
        now=NOW,
        today=TODAY,
    )
    told = result_of(
        plan, file_name="台账.xlsx", sha256="", written=False, batch=None, tried_on=dt.date(2023, 10, 12)
    )
    (one,) = told["sheets"][0]["projects"]
    assert (one["invested_this_year"], one["as_of"]) == ("15000.00", "2023-09-30")


def test_messages_never_name_a_column_in_english():
    _, told = sheet_of(("2022年3月",), head=("实际开工时间",))
    columns = [message["column"] for message in [*told["warnings"], *told["errors"]]]
    assert columns and not any(column.isascii() and column for column in columns)


def test_an_amount_beyond_a_thousand_yi_is_a_slip():
    cells = [["2023年区级重点项目", "截至2023年9月30日", "单位：万元"], [*HEAD]]
    cells += [[1, "甲", "甲公司", "99999999999999.99", 4000, 2000, "建设局"]]
    plan = plan_import(
        content=table(cells, "区级重点"),
        file_name="台账.xlsx",
        options=Options(),
        by=None,
        now=NOW,
        today=TODAY,
    )
    assert "不能超过1000亿元" in plan.decide(allow_warnings=True)


def test_an_error_in_a_remark_is_said_and_does_not_refuse_the_file():
    grid = Grid(
        "区级重点",
        [
            ["2023年区级重点项目", "截至2023年9月30日", "单位：万元"],
            [*HEAD, "项目类别", "备注"],
            [*LINE, "续建", ""],
        ],
    )
    grid.broken[2, 8] = "公式计算出错，请改正或改填数值后再导入"
    dictionary = Dictionary({}, {"区级重点": "区级重点"}, "3703", TODAY)
    (sheet,) = stage_workbook([grid], "台账.xlsx", Options(), dictionary)
    assert sheet.errors == []
    assert [(one.column, one.message) for one in sheet.warnings] == [
        ("备注", "I3单元格公式出错或没有结果，按空白读取")
    ]
    grid.broken[2, 3] = "公式计算出错，请改正或改填数值后再导入"
    grid.rows[2][3] = ""
    (sheet,) = stage_workbook([grid], "台账.xlsx", Options(), dictionary)
    assert [one.column for one in sheet.errors] == ["总投资"]


def test_a_project_numbered_like_the_others_is_none_of_the_one_above_whatever_its_name_begins_with():
    cells = [["2023年区级重点项目", "截至2023年9月30日", "单位：万元"], [*HEAD, "项目类别"]]
    names = ["甲", "含氟新材料项目", "包括堂路改造工程", "#3机组改造"]
    cells += [[n, name, "甲公司", 10000, 4000, 2000, "建设局", "续建"] for n, name in enumerate(names, 1)]
    plan = plan_import(
        content=table(cells, "区级重点"),
        file_name="台账.xlsx",
        options=Options(),
        by=None,
        now=NOW,
        today=TODAY,
    )
    assert [(row.get("name"), row.get("parent")) for row in plan.sheets[0].rows] == [
        (name, None) for name in names
    ]
    assert not [question for question in plan.questions if question.kind == "row"]
