"""What each row of a sheet is: projects, packages and parts, headings, totals and notes, by all that speaks for it."""

import pytest

from .sheets_of_offices import HEAD, TITLE, asked, grid, kinds, names, project, read, stage


def heading(ordinal: object, text: str, *amounts: object) -> list:
    return [ordinal, text, None, *(amounts or (None,) * 3), None]


def plan_of(sheet) -> int:
    """The year's plan, a package counted once."""
    return sum(row.get("planned_investment") or 0 for row in sheet.rows if not row.get("parent"))


def categories(sheet) -> list:
    return [row.get("category") for row in sheet.rows]


def test_headings_with_an_ordinal_a_count_and_their_sums_are_no_projects():
    sheet = read(
        heading("一", "新开工项目（2个）", 30000, 9000, 4000),
        project(1, "甲", 10000, 4000, 2000),
        project(2, "乙", 20000, 5000, 2000),
        heading("二", "续建项目（1个）", 50000, 8000, 6000),
        project(3, "丙", 50000, 8000, 6000),
    )
    assert (names(sheet), plan_of(sheet)) == (["甲", "乙", "丙"], 17000)
    assert categories(sheet) == ["new_start", "new_start", "continuing"]
    assert [(d["declared"], d["parsed"]) for d in sheet.declared] == [(2, 2), (1, 1)]
    why = sheet.row_kinds[0]["why"]
    for words in ("序号为“一”", "写明2个", "未填建设单位等", "金额等于以下2行之和"):
        assert words in why
    assert sheet.ignored[0] == {"row": 3, "why": f"分类行：{why}"}
    assert not sheet.warnings


@pytest.mark.parametrize(("in_column", "merges"), [(0, ()), (0, ("A3:G3", "A5:G5")), (1, ())])
def test_a_bare_class_word_heads_the_rows_beneath(in_column, merges):
    def bare(text: str) -> list:
        return [text if n == in_column else None for n in range(7)]

    sheet = read(bare("新开工项目"), project(1, "甲"), bare("续建项目"), project(2, "乙"), merges=merges)
    assert (names(sheet), categories(sheet)) == (["甲", "乙"], ["new_start", "continuing"])
    assert not (sheet.errors or asked(sheet))


def test_an_unknown_class_in_a_heading_is_asked_once():
    sheet = read(
        ["一、预备项目（1个）"],
        project(1, "甲", 10000, 0, 0),
        ["二、收尾类（1个）"],
        project(2, "乙"),
        merges=("A3:G3", "A5:G5"),
    )
    assert asked(sheet) == {"category:预备": "前期", "category:收尾": "续建"}
    assert categories(sheet) == ["preparatory", "continuing"]


def test_a_heading_of_a_trade_or_a_town_says_nothing_of_the_class():
    sheet = read(heading("一", "工业项目"), project(1, "甲"), heading("二", "中埠镇"), project(1, "乙"))
    assert (kinds(sheet), categories(sheet), asked(sheet)) == ({3: "class", 5: "class"}, [None, None], {})


def test_headings_within_headings():
    sheet = read(
        heading("一", "工业项目（2个）"),
        heading("（一）", "新开工", 10000, 4000, 2000),
        project(1, "甲"),
        heading("（二）", "续建", 10000, 4000, 2000),
        project(2, "乙"),
        heading("二", "农业项目（1个）"),
        heading("（一）", "新开工", 10000, 4000, 2000),
        project(3, "丙"),
    )
    assert categories(sheet) == ["new_start", "continuing", "new_start"]
    assert [(d["declared"], d["parsed"]) for d in sheet.declared] == [(2, 2), (1, 1)]
    assert not sheet.warnings


@pytest.mark.parametrize(
    "label",
    [
        "合计",
        "合 计",
        "全市合计",
        "总计：",
        "合计（2个）",
        "共2个项目",
        "中埠镇小计",
        "本页小计",
        "全区总合计",
    ],
)
def test_totals_by_any_name_are_no_projects(label):
    sheet = read(project(1, "甲"), project(2, "乙"), [None, label, None, 20000, 8000, 4000, None])
    assert (names(sheet), kinds(sheet), sheet.ignored) == (
        ["甲", "乙"],
        {5: "total"},
        [{"row": 5, "why": "合计"}],
    )
    assert not sheet.warnings


@pytest.mark.parametrize("name", ["总计划管理平台", "小计项目", "合计算力中心", "注塑机技改", "说明书印刷"])
def test_a_name_that_only_begins_like_a_total_or_a_note_is_a_project(name):
    sheet = read(project(1, name), project(2, "乙"))
    assert (names(sheet), sheet.ignored) == ([name, "乙"], [])


def test_a_total_without_a_name_is_known_by_its_sum():
    sheet = read(project(1, "甲"), project(2, "乙"), [None, None, None, 20000, 8000, 4000, None])
    assert (kinds(sheet), sheet.row_kinds[0]["why"]) == ({5: "total"}, "无名称，金额等于各行之和")
    wrong = read(project(1, "甲"), project(2, "乙"), [None, None, None, 20001, 8003, 4004, None])
    assert "项目名称为空" in wrong.errors[0].message


def test_subtotals_stand_above_or_beneath_their_rows():
    above = read(
        [None, "合计", None, 60000, 24000, 6000, None],
        [None, "新开工小计", None, 30000, 12000, 3000, None],
        project(1, "甲", 10000, 4000, 1000),
        project(2, "乙", 20000, 8000, 2000),
        [None, "续建小计", None, 30000, 12000, 3000, None],
        project(3, "丙", 30000, 12000, 3000),
    )
    assert (categories(above), above.warnings) == (["new_start", "new_start", "continuing"], [])
    beneath = read(
        project(1, "甲", 10000, 4000, 1000),
        project(2, "乙", 20000, 8000, 2000),
        [None, "中埠镇小计", None, 30000, 12000, 3000, None],
        HEAD,
        project(3, "丙", 30000, 12000, 3000),
        [None, "四宝山街道小计", None, 30000, 12000, 3000, None],
        [None, "合计", None, 60000, 24000, 6000, None],
    )
    assert (names(beneath), beneath.warnings) == (["甲", "乙", "丙"], [])
    assert [item["why"] for item in beneath.ignored] == ["合计", "重复表头", "合计", "合计"]


def test_a_wrong_subtotal_is_told():
    sheet = read(project(1, "甲"), project(2, "乙"), [None, "小计", None, 20001.5, 8000, 4000, None])
    (told,) = sheet.warnings
    assert "“小计”的“总投资”为20001.50万元，各行相加为20000.00万元" in told.message and told.must_confirm


def test_what_divides_a_total_is_no_project():
    sheet = read(
        [None, "合计", None, 30000, 12000, 6000, None],
        [None, "其中：新开工", None, 20000, 8000, 4000, None],
        [None, "续建", None, 10000, 4000, 2000, None],
        project(1, "甲"),
        project(2, "乙"),
        project(3, "丙"),
    )
    assert (names(sheet), kinds(sheet), sheet.warnings) == (
        ["甲", "乙", "丙"],
        {3: "total", 4: "total", 5: "total"},
        [],
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [("1.1", "1.2"), (1.1, 1.2), ("1-1", "1-2"), ("（1）", "（2）"), ("①", "②"), ("其中：", None)],
)
def test_parts_hang_under_their_package_and_count_once(first, second):
    prefix = "其中：" if first == "其中：" else ""
    sheet = read(
        project(1, "甲管网", 50000, 20000, 18000),
        project(None if prefix else first, f"{prefix}甲管网东段", 30000, 12000, 11000),
        project(second, "甲管网西段", 20000, 8000, 7000),
        project(2, "乙"),
        [None, "合计（2个）", None, 60000, 24000, 20000, None],
    )
    assert names(sheet) == ["甲管网", "甲管网东段", "甲管网西段", "乙"]
    assert [row.get("parent") for row in sheet.rows] == [None, "甲管网", "甲管网", None]
    assert (kinds(sheet), plan_of(sheet)) == ({3: "package", 4: "part", 5: "part", 7: "total"}, 24000)
    assert not sheet.warnings


def test_rows_without_a_number_that_add_up_to_the_one_above_are_its_parts():
    sheet = read(
        project(1, "甲园区", 50000, 20000, 18000),
        project(None, "一号厂房", 30000, 12000, 11000),
        project(None, "二号厂房", 20000, 8000, 7000),
        project(2, "乙"),
        project(None, "忘编号的丙"),
    )
    assert [row.get("parent") for row in sheet.rows] == [None, "甲园区", "甲园区", None, None]


def test_a_project_numbered_in_chinese_over_numbers_that_add_up_to_it_is_a_package():
    sheet = read(
        project("一", "甲片区", 20000, 8000, 4000),
        project(1, "甲东"),
        project(2, "甲西"),
        project("二", "乙片区", 10000, 4000, 2000),
        project(1, "乙东"),
    )
    assert [row.get("parent") for row in sheet.rows] == [None, "甲片区", "甲片区", None, "乙片区"]
    assert not sheet.declared


def test_numbers_of_a_class_and_of_its_projects_make_no_package():
    sheet = read(
        heading(1, "新开工项目", 20000, 8000, 4000), project(1.1, "甲"), project(1.2, "乙"), heading(2, "续建项目"),
        project(2.1, "丙"),
    )  # fmt: skip
    assert (kinds(sheet), plan_of(sheet)) == ({3: "class", 6: "class"}, 12000)


def test_a_package_that_leaves_its_amounts_to_its_parts_is_their_sum():
    sheet = read(
        project(1, "甲", None, None, None), project(1.1, "东", 300, 120, 60), project(1.2, "西", 200, 80, 40)
    )
    assert (sheet.rows[0].get("total_investment"), plan_of(sheet)) == (500, 200)
    assert "按各分项相加计" in sheet.warnings[0].message


def test_a_row_that_may_be_a_project_or_a_heading_is_asked_about_and_the_answer_holds():
    lines = (project(1, "甲"), heading(None, "高端装备基地"), project(2, "乙"))
    sheet = read(*lines)
    assert asked(sheet) == {"row:高端装备基地": "class"}
    assert set(sheet.questions["row:高端装备基地"].choices) == {
        "project",
        "package",
        "part",
        "class",
        "total",
        "note",
    }
    said = read(*lines, answers={"row:高端装备基地": "project"})
    assert (names(said), asked(said)) == (["甲", "高端装备基地", "乙"], {})


@pytest.mark.parametrize("said", ["note", "class", "total"])
def test_an_answer_decides_any_row_also_one_that_was_never_in_doubt(said):
    sheet = read(project(1, "甲"), project(2, "乙"), answers={"row:乙": said})
    assert (names(sheet), kinds(sheet)) == (["甲"], {4: said})
    assert sheet.questions["row:乙"].answer == said


@pytest.mark.parametrize(
    "note",
    [
        ["注：1.总投资含土地费用。"],
        ["备注", "★为省级重点，△为市级重点"],
        ["填报人：张三", None, "审核人：李四", None, "联系电话：3581000"],
        ["※为重复列入的项目"],
        ["数据来源：投资项目在线审批监管平台"],
    ],
)
def test_what_stands_under_the_table_is_a_note(note):
    sheet = read(project(1, "甲"), note)
    assert (names(sheet), sheet.ignored, sheet.errors) == (["甲"], [{"row": 4, "why": "表下注释"}], [])


def test_a_note_goes_on_in_the_next_line():
    lines = (project(1, "甲"), ["注：1.总投资含土地费用。"], ["2.带★为新增项目，3.数据来源为平台填报。"])
    sheet = read(*lines, merges=("A4:G4", "A5:G5"))
    assert (names(sheet), kinds(sheet), sheet.errors) == (["甲"], {4: "note", 5: "note"}, [])


def test_the_numbers_of_the_columns_are_no_row():
    sheet = read(["甲", "乙", 1, 2, 3, "4=3/2", 5], project(1, "甲"))
    assert (names(sheet), sheet.ignored) == (["甲"], [{"row": 3, "why": "栏次"}])


def test_a_number_before_the_name_is_not_part_of_it():
    sheet = read(["1、甲项目", *project(1, "甲")[2:]], ["2、乙项目", *project(2, "乙")[2:]], head=HEAD[1:])
    assert names(sheet) == ["甲项目", "乙项目"]


def test_a_title_of_one_class_gives_it_to_all():
    sheet = read(project(1, "甲"), top=[("2023年区级重点续建项目一览表", *TITLE[1:])])
    assert categories(sheet) == ["continuing"]


def test_a_heading_with_its_unit_filled_in_is_known_by_its_sum_and_one_that_is_no_heading_word_is_asked():
    lines = (project(1, "甲"), project(2, "乙"))
    sheet = read([None, "城建项目", None, 20000, 8000, 4000, "建设局"], *lines)
    assert (names(sheet), kinds(sheet), asked(sheet)) == (["甲", "乙"], {3: "class"}, {})
    sheet = read([None, "双创计划", None, 20000, 8000, 4000, "建设局"], *lines)
    assert asked(sheet) == {"row:双创计划": "project"}


def test_a_row_of_dashes_is_none():
    sheet = read(heading("一", "续建项目"), project(1, "甲"), ["—"] * 7, project(2, "乙"))
    assert (names(sheet), categories(sheet)) == (["甲", "乙"], ["continuing", "continuing"])


@pytest.mark.parametrize(
    "headings",
    [
        ("【新开工项目】", "【续建项目】"),
        ("第一部分：新开工项目", "第二部分：续建项目"),
        ("（一）2023年计划新开工项目1个，总投资1亿元", "（二）续建项目1个，总投资1亿元"),
        ("Ⅰ、新开工项目", "Ⅱ、续建项目"),
        ("A、新开工项目", "B、续建项目"),
    ],
)
def test_headings_in_many_forms(headings):
    sheet = read([headings[0]], project(1, "甲"), [headings[1]], project(2, "乙"))
    assert (names(sheet), categories(sheet)) == (["甲", "乙"], ["new_start", "continuing"])
    assert not (sheet.errors or sheet.warnings or asked(sheet))


def test_a_table_without_numbers_or_without_any_other_column():
    lines = [project(1, "甲"), project(2, "乙")]
    sheet = read(
        ["续建项目（2个）", None, 20000, 8000, 4000, None], *(line[1:] for line in lines),
        ["合计（2个）", None, 20000, 8000, 4000, None], head=HEAD[1:],
    )  # fmt: skip
    assert (names(sheet), categories(sheet)) == (["甲", "乙"], ["continuing"] * 2)
    bare = [[line[0], line[1], *line[3:6]] for line in lines]
    head = (*HEAD[:2], *HEAD[3:6])
    sheet = read(["一", "工业项目", 20000, 8000, 4000], *bare, [None, "合计", 20000, 8000, 4000], head=head)
    assert (names(sheet), kinds(sheet), asked(sheet)) == (["甲", "乙"], {3: "class", 6: "total"}, {})


# ---------------------------------------------------------------------------------------------------------
# Several tables in a sheet

OTHER = ("序号", "项目名称", "总投资", "2023年计划投资", "建设单位", "本年累计完成投资")


def other(number: int, name: str) -> list:
    return [number, name, 1000, 400, f"{name}公司", 200]


def test_a_table_beneath_with_another_header_is_read_too_and_its_title_gives_the_class():
    total = [None, "合计", None, 10000, 4000, 2000, None]
    sheet = read(project(1, "甲"), total, [], ["二、续建项目"], OTHER, other(1, "乙"), other(2, "丙"))
    assert names(sheet) == ["甲", "乙", "丙"]
    assert [row.get("planned_investment") for row in sheet.rows] == [4000, 400, 400]
    assert (categories(sheet), sheet.header_rows, sheet.errors) == (
        [None, "continuing", "continuing"],
        [2, 7],
        [],
    )


def test_tables_of_two_lists_in_one_sheet_stay_apart():
    cells = [
        ["一、2023年省级重点项目", *TITLE[1:]], HEAD, project(1, "甲"), [],
        ["二、2023年市级重大项目", TITLE[1], "单位：亿元"], OTHER, [1, "乙", 1, 0.4, "乙公司", 0.2],
    ]  # fmt: skip
    sheets = stage(grid(cells, name="Sheet1"))
    assert [(sheet.list_name, sheet.unit, names(sheet)) for sheet in sheets] == [
        ("省级重点", "万元", ["甲"]),
        ("市级重大", "亿元", ["乙"]),
    ]
    assert sheets[1].rows[0].get("total_investment") == 10000


@pytest.mark.parametrize("gap", [[], [None]])
def test_tables_side_by_side(gap):
    head = ("序号", "项目名称", "总投资", "2023年计划投资", "本年累计完成投资")
    lines = [
        [1, "甲", 100, 40, 20, *gap, 3, "丙", 300, 60, 30],
        [2, "乙", 200, 50, 25, *gap, None, None, None, None, None],
    ]
    sheet = read(*lines, head=(*head, *gap, *head))
    assert names(sheet) == ["甲", "乙", "丙"]
    assert [row.get("planned_investment") for row in sheet.rows] == [40, 50, 60]
    assert len({sheet.at(row) for row in sheet.rows}) == 3
    assert not (sheet.warnings or sheet.errors)


@pytest.mark.parametrize("twice", [1, 2])
def test_a_list_of_names_is_one_of_projects_if_a_person_says_so(twice):
    lines = [[1, "甲", 3, "丙"][: twice * 2], [2, "乙", 4, "丁"][: twice * 2]]
    given = {"top": [["2023年区级重点项目名单"]], "head": ("序号", "项目名称") * twice}
    sheet = read(*lines, **given)
    assert (sheet.kind, sorted(names(sheet))) == (
        "ledger",
        sorted("甲乙丙丁"[:2] if twice == 1 else "甲乙丙丁"),
    )
    assert asked(sheet) == {"row:项目名称": "project"}
    assert read(*lines, **given, answers={"row:项目名称": "note"}).rows == []


def test_a_header_repeated_on_the_next_page_begins_no_new_table():
    sheet = read(project(1, "甲"), TITLE, HEAD, project(2, "乙"))
    assert (names(sheet), sheet.header_rows, sheet.errors) == (["甲", "乙"], [2], [])


# ---------------------------------------------------------------------------------------------------------
# Sheets that are not recognised


def test_a_sheet_that_is_not_read_says_what_was_met_and_what_is_missing():
    sheet = read(
        [1, "甲", 3, "x"], top=[["某表"]], head=("序号", "项目名称", "概算投资", "备注"), name="Sheet1"
    )
    told = sheet.as_json()
    assert told["found_headers"] == ["序号", "项目名称", "概算投资", "备注"]
    assert told["missing"] and "认出“项目名称”，但只认出1个台账列：概算投资" in told["reason"]
    sheet = read([1, 2, 3], top=[["某表"]], head=("名称", "金额", "说明"), name="Sheet1")
    assert (sheet.found_headers, sheet.missing) == (["名称", "金额", "说明"], ["项目名称"])
    assert "最像表头的一行是：名称、金额、说明" in sheet.unread
