"""Sheets beside the ledgers: rosters of leaders and units, places of projects, leads, indicators with last year's value."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from projects.models import ImportBatch, IndicatorValue, Lead, Official, Project, Unit
from projects.services.attraction.leads import move_lead
from projects.services.imports import Options, import_file, revert_batch
from tests.factories import NOW, TODAY, make_lead, make_official, make_project, make_unit, make_user
from tests.workbooks_for_import import HEAD, ledger, row, table

pytestmark = [pytest.mark.django_db, pytest.mark.database]

OFFICIALS = ["序号", "姓名", "职务", "办公电话", "手机"]
UNITS = ["序号", "单位名称", "类别", "联系人", "办公电话"]
PLACES = ["序号", "项目名称", "建设地点", "经度", "纬度"]
LEADS = (
    "序号 项目名称 投资方 资金来源地 项目状态 约定总投资 所属产业链 洽谈/签约时间 责任单位 进展情况".split()
)


def imported(content: bytes) -> tuple[dict, str]:
    return import_file(content=content, file_name="表.xlsx", options=Options(), by=None, now=NOW, today=TODAY)


def sheet(head: list[str], *lines: list, title: str = "名册", corner: str = "") -> bytes:
    return table([[title], *([[corner]] if corner else []), head, *lines], title)


def messages(content: bytes, kind: str = "errors") -> list[tuple]:
    (found,) = imported(content)[0]["sheets"]
    return [(one["row"], one["column"], one["message"]) for one in found[kind]]


def lead(**changes) -> list:
    cells = dict(
        zip(
            LEADS,
            [1, "固态电池项目", "甲投资", "省外", "签约", 3.48, "新材料", "2023-07-16", "建设局", "已签协议"],
            strict=True,
        )
    )
    return list((cells | changes).values())


def leads(*lines: list) -> bytes:
    return sheet(LEADS, *lines, title="2023年招商引资签约在谈项目表", corner="单位：亿元")


# --- leaders and units ------------------------------------------------------------------------------------


def test_leaders_stand_in_the_order_of_the_roster_and_strangers_behind():
    for position, name in enumerate("壬甲乙", 1):
        Official.objects.create(name=f"领导{name}", post="管委会副主任", position=position)
    content = sheet(
        OFFICIALS,
        [1, "领导乙", "管委会副主任", "0533-1", 13805330001],
        [2, "领 导 甲", "管委会副主任", "0533-2", None],
        [3, "领导丙", "工委委员", None, None],
    )
    result, refusal = imported(content)
    assert (refusal, result["sheets"][0]["kind"]) == ("", "officials")
    assert (result["sheets"][0]["created"], result["sheets"][0]["updated"]) == (1, 2)
    assert [one.name for one in Official.objects.all()] == ["领导乙", "领导甲", "领导丙", "领导壬"]
    first = Official.objects.first()
    assert (first.phone, first.mobile) == ("0533-1", "13805330001")
    again, _ = imported(content)
    assert not again["written"] and again["sheets"][0]["unchanged"] == 3


def test_a_leader_registered_without_a_post_is_completed_and_a_namesake_asked_about():
    Official.objects.create(name="领导甲")
    make_official("领导乙")
    content = sheet(OFFICIALS, [1, "领导甲", "工委书记", "1", ""], [2, "领导乙", "工委委员", "2", ""])
    (_row, column, text) = messages(content, "warnings")[0]
    assert (column, "同名领导" in text) == ("姓名", True)
    assert list(Official.objects.values_list("name", "post")) == [
        ("领导甲", "工委书记"),
        ("领导乙", "工委委员"),
        ("领导乙", "管委会副主任"),
    ]


def test_units_in_their_order_with_phones_and_a_kind_is_never_changed():
    make_unit("建设局", kind=Unit.Kind.DISTRICT)
    content = sheet(
        UNITS,
        [1, "发展改革局", "推进部门", "联系人甲", "0533-101"],
        [2, "建设局", "推进部门", "联系人乙", "0533-102"],
        [3, "中埠镇", "属地", None, None],
    )
    warned = [text for _row, _column, text in messages(content, "warnings")]
    assert any("登记为属地" in text for text in warned)
    told = list(Unit.objects.values_list("name", "kind", "contact", "phone"))
    assert told == [
        ("发展改革局", "department", "联系人甲", "0533-101"),
        ("建设局", "district", "联系人乙", "0533-102"),
        ("中埠镇", "district", "", ""),
    ]


def test_every_refusal_of_a_roster_in_one_pass():
    assert messages(sheet(UNITS, [1, "甲局", "衙门", "", ""], [2, "", "属地", "某人", ""])) == [
        (3, "类别", "类别无法识别，请填写推进部门、属地或其他单位"),
        (4, "单位名称", "单位名称为空，请补填；如非数据行请删除"),
    ]
    twice = sheet(OFFICIALS, [1, "领导甲", "工委书记", "1", ""], [2, "领导甲", "工委书记", "2", ""])
    assert messages(twice) == [(4, "姓名", "“领导甲”在名册中重复，请删去一行")]
    assert not Official.objects.exists() and not Unit.objects.exists()


def test_what_a_roster_calls_its_columns_is_kept_with_the_row_in_a_ledger():
    head = [*HEAD, "联系人", "联系电话", "电话", "类别"]
    cells = row(联系人="王某", 联系电话="1", 电话="2", 类别="甲类")
    result, refusal = imported(ledger([cells], head=head))
    (told,) = result["sheets"]
    assert (refusal, told["kind"]) == ("", "ledger")
    assert [one["message"] for one in told["warnings"]] == ["新登记单位：建设局、中埠镇"]
    assert Project.objects.get().extra == {"联系人": "王某", "联系电话": "1", "电话": "2", "类别": "甲类"}


# --- places -----------------------------------------------------------------------------------------------


def test_a_project_gets_its_place():
    project = make_project("氢能项目")
    content = sheet(
        PLACES, [1, "氢能项目", "示例路1号", 118.0196934, "36.788947°"], title="位置表（CGCS2000）"
    )
    result, refusal = imported(content)
    (told,) = result["sheets"]
    assert (refusal, told["kind"], told["updated"], told["year"]) == ("", "places", 1, None)
    project.refresh_from_db()
    assert (project.longitude, project.latitude) == (Decimal("118.019693"), Decimal("36.788947"))
    assert project.address == "示例路1号"


def test_every_refusal_of_a_place_in_one_pass():
    for name in "甲乙丙":
        make_project(f"{name}项目")
    lines = [
        [1, "甲项目", "", 36.788947, 118.019693],
        [2, "乙项目", "", 118.019693, None],
        [3, "丙项目", "", "118度", "36.788947"],
        [4, "丁项目", "", 118.019693, 36.788947],
    ]
    found = messages(sheet(PLACES, *lines))
    assert [(place, column) for place, column, _text in found] == [
        (3, "经度"),
        (3, "纬度"),
        (4, "纬度"),
        (5, "经度"),
        (6, "项目名称"),
    ]
    assert "填反" in found[0][2] and "一并填写" in found[2][2] and "以度计" in found[3][2]
    assert not Project.objects.filter(longitude__isnull=False).exists()


@pytest.mark.parametrize("place", [("118", None), (None, "36"), ("36", "73"), ("200", "36")])
def test_the_database_refuses_half_a_place_and_one_abroad(place):
    project = make_project()
    project.longitude, project.latitude = (value and Decimal(value) for value in place)
    with pytest.raises(IntegrityError), transaction.atomic():
        project.save()


# --- leads ------------------------------------------------------------------------------------------------


def test_leads_in_yi_with_their_stage_and_a_second_time_nothing():
    content = leads(lead(), lead(序号=2, 项目名称="空天项目", 项目状态="在谈", 约定总投资=370.27))
    result, refusal = imported(content)
    (told,) = result["sheets"]
    assert (refusal, told["kind"], told["unit"], told["created"]) == ("", "leads", "亿元", 2)
    signed = Lead.objects.get(name="固态电池项目")
    assert (signed.agreed_investment, signed.origin, signed.unit.name) == (
        Decimal(34800),
        "out_of_province",
        "建设局",
    )
    step = signed.steps.get()
    assert (step.stage, str(step.on), step.document, step.note) == (
        "signed",
        "2023-07-16",
        "台账登记：表.xlsx 2023年招商引资签约在谈项目表 第4行",
        "已签协议",
    )
    assert not imported(content)[0]["written"]
    revert_batch(batch=ImportBatch.objects.get(), by=None, now=NOW)
    assert not Lead.objects.exists()


def test_a_lead_moves_on_and_what_people_entered_stays():
    unit = make_unit("建设局")
    talking = make_lead(unit, ("talking", "2023-03-01"), name="固态电池项目", investor="甲投资")
    ended = make_lead(unit, ("ended", "2023-08-01"), name="终止项目", investor="甲投资")
    result, refusal = imported(leads(lead(), lead(序号=2, 项目名称="终止项目")))
    assert refusal == ""
    assert [step.stage for step in talking.steps.all()] == ["talking", "signed"]
    assert ended.steps.get().stage == "ended"
    assert [one["row"] for one in result["sheets"][0]["warnings"]] == [5]
    assert "不衔接" in result["sheets"][0]["warnings"][0]["message"]


def test_every_refusal_of_a_lead_in_one_pass():
    found = messages(
        leads(
            lead(投资方=""),
            lead(资金来源地="火星", 项目名称="乙"),
            lead(项目状态="观望", 项目名称="丙"),
            lead(约定总投资=0, 项目名称="丁"),
            lead(**{"洽谈/签约时间": "2023-12-01"}, 项目名称="戊"),
            lead(责任单位="", 项目名称="己"),
            lead(项目名称="庚"),
            lead(项目名称="庚"),
        )
    )
    assert [(place, column) for place, column, _text in found] == [
        (4, "投资方"),
        (5, "资金来源地"),
        (6, "项目状态"),
        (7, "约定总投资"),
        (8, "洽谈/签约时间"),
        (9, "责任单位"),
        (11, "项目名称"),
    ]
    assert found[1][2] == "资金来源地“火星”无法识别，请填写市内、市外省内、省外或境外"
    assert not Lead.objects.exists()


# --- indicators -------------------------------------------------------------------------------------------


def test_an_indicator_without_a_task_has_last_years_value():
    head = ["序号", "指标名称", "单位", "年度任务", "1-9月完成", "上年同期", "全市总量"]
    content = table([["2023年主要指标"], head, [1, "技改项目", "个", None, 86, 70, 500]], "主要指标")
    assert imported(content)[1] == ""
    value = IndicatorValue.objects.select_related("indicator").get()
    assert (value.indicator.target, value.value, value.last_year, value.city_total) == (None, 86, 70, 500)
    assert not imported(content)[0]["written"]


def test_a_batch_is_not_taken_back_once_a_lead_moved_on():
    imported(leads(lead()))
    office = make_user("office")
    move_lead(lead=Lead.objects.get(), stage="landed", on=TODAY, document="备案", by=office, now=NOW)
    with pytest.raises(ValidationError, match="后续数据"):
        revert_batch(batch=ImportBatch.objects.get(), by=None, now=NOW)
