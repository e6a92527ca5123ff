"""The ledger goes out and comes back: export_ledger, and the list's own export."""

import datetime as dt
import json
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse
from openpyxl import load_workbook

from projects.models import (
    CarryOver,
    Handover,
    ListingVersion,
    ListKind,
    Official,
    Problem,
    ProgressReport,
    Project,
    Unit,
)
from projects.services.register.search import search_text_for
from projects.workbooks import write_ledger
from tests.factories import (
    NOW,
    make_list,
    make_listing,
    make_official,
    make_plan,
    make_problem,
    make_project,
    make_report,
    make_unit,
    make_user,
)
from tests.reading import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SHARED = Path(__file__).resolve().parents[2] / "demo" / "ledger-2023-full.xlsx"


def run_import(path) -> dict:
    out = StringIO()
    call_command("import_ledger", str(path), "--json", stdout=out)
    return json.loads(out.getvalue())


def export(path, *options) -> dict[str, list[list]]:
    """The exported sheets as rows of values."""
    call_command("export_ledger", "--out", str(path), *options, stdout=StringIO())
    return {
        sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in load_workbook(path)
    }


def ledger(rows) -> dict[str, dict]:
    """Project rows of a ledger sheet by name, by their lower or only header."""
    heads = [lower or upper for upper, lower in zip(rows[2], rows[3], strict=True)]
    return {row[1]: dict(zip(heads, row, strict=True)) for row in rows[4:] if row[1]}


# -- there and back --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "counted", "marked"),
    [("package", 1500, {"※产业园一期", "※产业园二期"}), ("single", 1700, {"※产业园"})],
)
def test_totals_are_over_the_level_the_list_counts_and_the_others_are_marked(
    tmp_path, level, counted, marked
):
    annual_list = make_list(counts_level=level)
    package = make_project("产业园", level="package", developer="园区公司")
    parts = [
        make_project(f"产业园{n}期", level="phase", parent=package, developer="园区公司") for n in "一二"
    ]
    for project, planned in (
        (package, 500),
        (parts[0], 300),
        (parts[1], 400),
        (make_project("独立项目"), 1000),
    ):
        project.search_text = search_text_for(project)
        project.save()
        make_listing(project, annual_list, planned_investment=Decimal(planned))
    rows = export(tmp_path / "out.xlsx")["市级重大"]
    heads = [lower or upper for upper, lower in zip(rows[2], rows[3], strict=True)]
    total = dict(zip(heads, rows[4], strict=True))
    named = {row[1] for row in rows[5:] if row[1]}
    assert total["投资"] == counted
    assert rows[4][0] == f"合计（{4 - len(marked)}个）"
    assert {name for name in named if "※" in name} == marked
    assert any("不重复计入合计" in str(row[0]) for row in rows)
    (sheet, *_others) = run_import(tmp_path / "out.xlsx")["sheets"]
    assert (sheet["unchanged"], sheet["updated"], sheet["created"]) == (4, 0, 0)
    assert not [
        warning
        for warning in sheet["warnings"]
        if "相加" in warning["message"] or "写明" in warning["message"]
    ]


def test_odd_words_come_back_as_they_were(tmp_path):
    unit, sponsor = make_unit("=建设局"), make_official("+领导")
    project = make_project(
        "=1+1项目",
        developer="@公司",
        lead_department=unit,
        sponsor=sponsor,
        description="-第一行\n第二行",
        extra={"联系方式": "+86 533", "备注": "=另见"},
        total_investment=Decimal("1234.05"),
    )
    project.search_text = search_text_for(project)
    project.save()
    make_listing(project, planned_start="2023年三季度", planned_completion="未定")
    make_plan(project, "2023年11月底前", "2023-12-01")
    make_report(project, invested="12.34", physical_progress="@主体封顶")
    make_problem(project, text="=用地指标")
    sheets = export(tmp_path / "out.xlsx")
    row = ledger(sheets["市级重大"])["=1+1项目"]
    assert (row["建设单位"], row["推进部门"], row["联系方式"], row["备注"]) == (
        "@公司",
        "=建设局",
        "+86 533",
        "=另见",
    )
    result = run_import(tmp_path / "out.xlsx")
    assert [(s["created"], s["updated"], s["errors"]) for s in result["sheets"]] == [(0, 0, [])] * 4
    assert Project.objects.get().description == "-第一行\n第二行"


def test_projects_reported_at_different_days_come_back_unchanged(tmp_path, settings):
    settings.TODAY = dt.date(2023, 10, 25)
    for number, period in enumerate(("2023-10-1", "2023-10-2")):
        project = make_project(f"项目{number}", started_on=dt.date(2023, 3, 1))
        project.search_text = search_text_for(project)
        project.save()
        make_listing(project)
        for ended, amount in (("2023-9-3", "50"), (period, "100")):
            make_report(project, ended, amount, source=ProgressReport.Source.LEDGER)
    rows = export(tmp_path / "out.xlsx")["市级重大"]
    assert "截至2023年10月20日" in rows[1]
    assert [row["数据截至"].day for row in ledger(rows).values()] == [10, 20]
    result = run_import(tmp_path / "out.xlsx")
    assert [(s["created"], s["updated"], s["errors"]) for s in result["sheets"]] == [(0, 0, [])] * 2
    assert ProgressReport.objects.count() == 4


# -- the layout ------------------------------------------------------------------------------------------


def test_the_sheet_is_laid_out_as_the_office_does(tmp_path):
    kind = ListKind.objects.get(name="市级重大")
    both = make_project("甲项目")
    CarryOver.objects.create(project=both, year=2023, amount=Decimal("500"))
    make_listing(both)
    make_listing(both, make_list("省级重点"))
    make_listing(make_project("乙项目"), category="continuing", planned_investment=Decimal("2000.50"))
    make_report(both, invested="300")
    rows = export(tmp_path / "out.xlsx", "--list", kind.name)["市级重大"]
    assert rows[0][0] == "淄博高新区2023年市级重大项目调度表"
    assert [cell for cell in rows[1] if cell] == [
        "填报单位：淄博高新区发展改革局",
        "截至2023年10月10日",
        "单位：万元",
    ]
    heads = dict(zip(rows[2], rows[3], strict=True))
    assert heads["2023年计划"] == "投资"
    assert heads["六个一"] == "挂包领导"
    assert [row[0] for row in rows[4:]] == [
        "合计（2个）",
        "一、新开工项目（1个）",
        None,
        "二、续建项目（1个）",
        None,
        "注：项目名称带“☆”的同时列入省级重点。",
    ]
    total = dict(
        zip([lower or upper for upper, lower in zip(rows[2], rows[3], strict=True)], rows[4], strict=True)
    )
    assert (total["总投资"], total["投资"], total["本年累计完成投资"]) == (20000, 3000.5, 300)
    assert total["至2022年底累计完成投资"] == 500
    assert list(ledger(rows)) == ["☆甲项目", "乙项目"]


def test_facts_are_those_of_the_day_asked_for(tmp_path):
    old, new = make_unit("旧部门"), make_unit("新部门")
    project = make_project("甲项目", lead_department=old, started_on=dt.date(2023, 8, 1))
    Handover.objects.create(
        project=project, slot="lead_department", unit=new, from_on=dt.date(2023, 7, 1), made_at=NOW
    )
    first = make_listing(project)
    ListingVersion.objects.create(
        listing=first.listing,
        effective_on=dt.date(2023, 7, 1),
        change="raised",
        category="new_start",
        planned_investment=Decimal("1500"),
        made_at=NOW,
    )
    make_report(project, "2023-6-3", "200")
    make_report(project, "2023-9-3", "400")
    make_report(project, "2023-10-1", "999", state="submitted")
    gone = make_project("调出项目")
    listed = make_listing(gone)
    ListingVersion.objects.create(
        listing=listed.listing,
        effective_on=dt.date(2023, 7, 1),
        change="removed",
        category="new_start",
        made_at=NOW,
    )
    june = ledger(export(tmp_path / "june.xlsx", "--as-of", "2023-06-30")["市级重大"])
    october = ledger(export(tmp_path / "october.xlsx")["市级重大"])
    assert list(june) == ["甲项目", "调出项目"]
    assert list(october) == ["甲项目"]
    keys = ("投资", "本年累计完成投资", "实际开工时间", "推进部门")
    assert [june["甲项目"][key] for key in keys] == [1000, 200, "未开工", "旧部门"]
    assert [october["甲项目"][key] for key in keys] == [1500, 400, dt.datetime(2023, 8, 1), "新部门"]


def test_milestones_and_problems_stand_as_they_did(tmp_path):
    project = make_project("甲项目")
    make_listing(project)
    plan = make_plan(project, "2023-05-01", "2023-09-01")
    plan.milestones.filter(position=2).update(achieved_on=dt.date(2023, 8, 20), evidence="验收单")
    make_problem(
        project,
        raised_on=dt.date(2023, 6, 1),
        due_on=dt.date(2023, 7, 1),
        state=Problem.State.RESOLVED,
        resolved_on=dt.date(2023, 8, 1),
    )
    make_problem(project, raised_on=dt.date(2023, 8, 1), due_on=dt.date(2023, 9, 1))
    june = export(tmp_path / "june.xlsx", "--as-of", "2023-06-30")
    now = export(tmp_path / "now.xlsx")
    assert [row[7] for row in june["节点计划"][2:]] == [None, None]
    assert [row[7] for row in now["节点计划"][2:]] == [None, dt.datetime(2023, 8, 20)]
    assert [row[9] for row in june["问题清单"][2:]] == ["否"]
    assert [row[9] for row in now["问题清单"][2:]] == ["是", "否"]


def test_a_long_list_takes_no_more_queries_than_a_short_one():
    def queries():
        return queries_of(write_ledger, BytesIO(), lists=[make_list()], as_of=dt.date(2023, 10, 12))

    def add():
        project = make_project(lead_department=make_unit(), sponsor=make_official())
        make_listing(project)
        make_plan(project, "2023-05-01", "2023-09-01")
        make_report(project)
        make_problem(project)

    add()
    few = queries()
    for _ in range(9):
        add()
    assert queries() == few


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--list", "没有的名单"], "没有名单"),
        (["--year", "1999"], "没有可导出的内容"),
        (["--as-of", "2023-13-01"], "不是日期"),
        (["--as-of", "昨天"], "不是日期"),
        (["--out", "/no/such/directory/x.xlsx"], "无法写入"),
        (["--out", "x.txt"], "应以 .xlsx 结尾"),
    ],
)
def test_what_cannot_be_exported_is_refused_in_words(tmp_path, options, words):
    make_listing(make_project())
    target = [] if "--out" in options else ["--out", str(tmp_path / "x.xlsx")]
    with pytest.raises(CommandError, match=words):
        call_command("export_ledger", *target, *options)
    assert list(tmp_path.iterdir()) == []


# -- the list's own export -------------------------------------------------------------------------------


def exported(client, query="") -> tuple[str, list[dict]]:
    response = client.get(f"{reverse('project_export')}{query}")
    assert response.status_code == 200
    rows = list(
        load_workbook(BytesIO(b"".join(response.streaming_content))).active.iter_rows(values_only=True)
    )
    return rows[0][0], [dict(zip(rows[1], row, strict=True)) for row in rows[2:]]


def test_the_export_is_the_filtered_list_in_its_order(client):
    client.force_login(make_user("office"))
    for name, plan in (("甲项目", 100), ("乙项目", 300), ("丙厂房", 200)):
        make_listing(make_project(name), planned_investment=Decimal(plan))
    note, rows = exported(client, "?q=项目&sort=-planned")
    assert [row["项目名称"] for row in rows] == ["乙项目", "甲项目"]
    assert rows[0]["年度计划投资（万元）"] == 300
    assert "关键词：项目" in note
    assert "仅含" not in note
    page = client.get(f"{reverse('project_list')}?q=项目")
    assert f'data-count="{len(rows)}"' in page.content.decode()


def test_a_reporter_exports_only_own_projects(client):
    own, other = make_unit(), make_unit()
    make_project("本单位项目", lead_department=own)
    make_project("外单位项目", lead_department=other)
    client.force_login(make_user("reporter", unit=own))
    note, rows = exported(client)
    assert [row["项目名称"] for row in rows] == ["本单位项目"]
    assert "仅含本人有权查看的项目" in note


def test_chosen_columns_are_exported_and_formulas_are_text(client):
    client.force_login(make_user("office"))
    make_project("=cmd()", developer="+公司")
    assert "建设单位" not in exported(client)[1][0]
    client.get(f"{reverse('project_list')}?columns=1&col=developer")
    (row,) = exported(client)[1]
    assert (row["项目名称"], row["建设单位"]) == ("=cmd()", "+公司")


def test_the_export_takes_as_many_queries_for_thirty_projects_as_for_one(client):
    client.force_login(make_user("office"))

    def queries():
        return queries_of(exported, client)

    make_listing(make_project(lead_department=make_unit(), sponsor=make_official()))
    few = queries()
    for _ in range(29):
        make_listing(make_project(lead_department=make_unit(), sponsor=make_official()))
    assert queries() == few


@pytest.mark.parametrize(
    "query", ["?sort=nonsense", "?light=x", "?list=99999", "?as_of=x", "?q=%00", "?sponsor=abc"]
)
def test_no_address_of_the_export_answers_500(client, query):
    client.force_login(make_user("office"))
    make_project()
    response = client.get(f"{reverse('project_export')}{query}")
    assert response.status_code in {200, 400}
    response.close()


def test_a_stranger_is_sent_to_sign_in(client):
    assert client.get(reverse("project_export")).status_code == 302
    assert ProgressReport.objects.count() == Official.objects.count() == Unit.objects.count() == 0
