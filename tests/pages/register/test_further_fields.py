"""自定义字段: columns of the office's own, shown, filtered, exported and read back."""

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from projects.models import FurtherField, Project
from projects.services.imports import Options, import_file
from projects.services.register.further_fields import value_of
from tests.factories import NOW, TODAY, make_listing, make_project
from tests.reading import page, page_queries
from tests.workbooks_for_import import HEAD, ledger, row

pytestmark = pytest.mark.django_db


@pytest.fixture
def use(db) -> FurtherField:
    return FurtherField.objects.create(name="用地性质", kind="choice", choices=["工业", "商业"])


@pytest.fixture
def area(db) -> FurtherField:
    return FurtherField.objects.create(name="用地面积（亩）", kind="number")


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("text", " 两行\n文字 ", "两行\n文字"),
        ("number", "１,200.50", "1200.5"),
        ("number", "0", "0"),
        ("date", "2023年10月12日", "2023-10-12"),
        ("choice", "工业", "工业"),
        ("choice", "", ""),
    ],
)
def test_words_are_kept_as_their_kind(kind, typed, kept):
    assert value_of(FurtherField(name="某项", kind=kind, choices=["工业"]), typed) == kept


@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        ("number", "很多", "应为数字"),
        ("date", "10月", "应为日期"),
        ("date", "某日", "应为日期"),
        ("choice", "农业", "不在选项之内：工业"),
        ("text", "长" * 501, "不能超过500字"),
    ],
)
def test_what_is_none_of_the_kind_is_refused_in_words(kind, typed, words):
    with pytest.raises(ValueError, match=words):
        value_of(FurtherField(name="某项", kind=kind, choices=["工业"]), typed)


def test_the_office_fills_them_on_the_project(client, office, project, use, area):
    client.force_login(office)
    address = reverse("project_fields", args=[project.code])
    assert address in page(client.get(reverse("project_detail", args=[project.code])))
    names = {use: f"field_{use.pk}", area: f"field_{area.pk}"}
    text = page(client.post(address, {names[use]: "工业", names[area]: "十几"}))
    assert "应为数字" in text
    client.post(address, {names[use]: "工业", names[area]: "1,200"})
    project.refresh_from_db()
    assert project.extra == {"用地性质": "工业", "用地面积（亩）": "1200"}
    assert "1200" in page(client.get(reverse("project_detail", args=[project.code])))


def test_nobody_else_fills_them(client, reporter, project, use):
    client.force_login(reporter)
    assert client.post(reverse("project_fields", args=[project.code]), {}).status_code == 403


def test_the_ledger_filters_and_shows_them(client, office, use, area):
    one = make_project("甲项目", extra={"用地性质": "工业", "用地面积（亩）": "120"})
    two = make_project("乙项目", extra={"用地性质": "商业"})
    for project in (one, two):
        make_listing(project)
    client.force_login(office)
    address = reverse("project_list")
    text = page(client.get(address, {f"field_{use.pk}": "工业", "columns": "1", "col": f"field_{area.pk}"}))
    assert "甲项目" in text and "乙项目" not in text
    assert "用地面积（亩）" in text and "120" in text
    text = page(client.get(address, {f"field_{use.pk}": "农业"}))
    assert "甲项目" not in text
    answer = client.get(address, {f"field_{use.pk}": "商业", "format": "xlsx"})
    rows = list(load_workbook(BytesIO(b"".join(answer.streaming_content))).active.values)
    assert any("乙项目" in map(str, row) for row in rows) and not any(
        "甲项目" in map(str, row) for row in rows
    )


def test_a_field_out_of_use_is_not_shown_and_its_values_stay(client, office, project, use):
    Project.objects.update(extra={"用地性质": "工业"})
    FurtherField.objects.update(is_active=False)
    client.force_login(office)
    text = page(client.get(reverse("project_detail", args=[project.code])))
    assert "台账其他列（1项）" in text and "修改自定义字段" not in text


def test_a_field_more_asks_no_more(client, office, project, use):
    make_listing(project)
    client.force_login(office)
    one = page_queries(client, reverse("project_list"))
    FurtherField.objects.create(name="另一项", kind="text")
    assert page_queries(client, reverse("project_list")) == one


def read_ledger(**cells) -> tuple[dict, str]:
    content = ledger([row(**cells)], head=(*HEAD, *cells))
    options = Options(answers={"listed_from:": "2023-01-01"})
    return import_file(
        content=content,
        file_name="台账.xlsx",
        options=options,
        allow_warnings=True,
        by=None,
        now=NOW,
        today=TODAY,
    )


def test_a_ledger_brings_them_as_their_kind(use, area):
    _result, refusal = read_ledger(**{"用地性质": "工业", "用地面积（亩）": 1200.5})
    assert not refusal, refusal
    assert Project.objects.get().extra == {"用地性质": "工业", "用地面积（亩）": "1200.5"}


def test_a_cell_that_is_none_of_the_kind_is_refused_in_its_place(use):
    result, refusal = read_ledger(用地性质="农业")
    assert "不在选项之内" in refusal
    (error,) = result["sheets"][0]["errors"]
    assert (error["row"], error["column"]) == (4, "用地性质")
    assert not Project.objects.exists()
