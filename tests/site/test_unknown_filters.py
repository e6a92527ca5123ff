"""A filter that means nothing (筛选无法识别) lets no row through, and page and file say so; it never widens a list."""

import datetime as dt
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from projects.models import ListKind, Project
from projects.services.figures.publications import seal_figures
from tests.factories import NOW, make_list, make_listing, make_plan, make_problem, make_project, make_unit
from tests.reading import page
from tests.scene import url_names

pytestmark = pytest.mark.django_db
# lists whose filters are drawn, but which are no list of rows by themselves
DRAWN = {"wall_chart"}


def first_note(response) -> str:
    assert response.status_code == 200
    return load_workbook(BytesIO(b"".join(response.streaming_content))).active["A1"].value


def test_no_list_answers_an_unknown_choice_with_rows(scene, client):
    """Every choice of every list's filters, one after the other; a page must say which one it could not read."""
    client.force_login(scene.people["office"])
    met = 0
    for name in url_names():
        if not (name.endswith("_list") or name in DRAWN):
            continue
        form = (client.get(scene.address(name)).context or {}).get("form")
        choices = {
            key: field for key, field in getattr(form, "fields", {}).items() if hasattr(field, "choices")
        }
        for key, field in list(choices.items())[:2]:
            if field.widget.is_hidden:
                continue
            response = client.get(scene.address(name), {key: "99999"})
            text, met = page(response), met + 1
            assert f"“{field.label}”无法识别" in text, (name, key)
            table = response.context.get("table")
            assert table is None or not list(table.rows), (name, key)
    assert met > 30


@pytest.fixture
def provincial():
    """A list with nobody in it yet."""
    return make_list("省级重点")


@pytest.fixture
def units(provincial):
    """Two units with an overdue milestone each, in the list."""
    found = []
    for name in ("甲局", "乙局"):
        project = make_project(f"{name}项目", lead_department=make_unit(name))
        make_listing(project, provincial, effective_on=dt.date(2023, 1, 1))
        make_plan(project, "2023-09-01")
        found.append(project.lead_department)
    return found


def test_chips_of_what_is_known_stay(as_office, units):
    """Recipe b of the finding: a list that says whose it is, though another of its filters is gone."""
    response = as_office.get(reverse("milestone_list"), {"unit": units[0].pk, "list": "99999"})
    text = page(response)
    assert "责任单位：甲局" in text and "名单：无法识别" in text
    assert response.context["table"].paginator.count == 0
    note = first_note(
        as_office.get(reverse("milestone_list"), {"unit": units[0].pk, "list": "99999", "format": "xlsx"})
    )
    assert "责任单位：甲局；名单：无法识别" in note and "没有列出任何记录" in note and "共0条" in note


def test_a_file_says_how_many_rows_it_has(as_office, units):
    note = first_note(as_office.get(reverse("milestone_list"), {"unit": units[0].pk, "format": "xlsx"}))
    assert note == "截至2023年10月12日，在执行推进方案的节点。范围：责任单位：甲局。共1条。"


@pytest.mark.database
def test_a_list_is_asked_for_by_its_kind_and_lives_on(as_office, settings, units, provincial):
    """Recipe a of the finding: the same address in January means the new year's list of the kind, or nothing."""
    asked = {"list": provincial.key}

    def count(**more):
        return as_office.get(reverse("milestone_list"), asked | more).context["table"].paginator.count

    assert provincial.key == f"kind-{provincial.kind_id}"
    assert count() == count(list=provincial.pk) == 2
    assert as_office.get(reverse("milestone_list"), {"list": provincial.pk}).context["form"][
        "list"
    ].value() == (provincial.key)
    settings.TODAY = dt.date(2024, 1, 3)
    assert count() == 0
    assert "“名单”无法识别" in page(as_office.get(reverse("milestone_list"), asked))
    project = make_project("新年项目")
    make_plan(project, "2023-12-01")
    make_listing(project, make_list("省级重点", 2024), effective_on=dt.date(2024, 1, 1))
    assert count() == 1
    for name in ("project_list", "progress_list", "slot_list", "lagging_list", "target_list"):
        assert page(as_office.get(reverse(name), asked))


@pytest.mark.parametrize(
    "asked", [{"list": "99999"}, {"list": "kind-99999"}, {"by": "nothing"}, {"by": "sponsor", "group": "x"}]
)
def test_a_population_that_is_none_counts_nothing_and_says_so(as_office, units, asked):
    for name in (
        "dashboard",
        "ranking_list",
        "dashboard_compare",
        "definition_list",
        "project_list",
        "target_list",
    ):
        text = page(as_office.get(reverse(name), asked))
        assert "无法识别" in text, name
        assert "甲局项目" not in text, name
    assert first_note(as_office.get(reverse("project_export"), asked)).endswith("共0条。")


@pytest.mark.parametrize("asked", [{"figure": "nonsense"}, {"by": "lead_department", "group": "99999"}])
@pytest.mark.parametrize("name", ["project_list", "milestone_list", "problem_list"])
def test_a_figure_or_a_group_that_is_none_lists_nothing_and_says_so(as_office, units, name, asked):
    """The list of milestones knows no figure of projects either, nor the ledger one of milestones."""
    make_problem(Project.objects.first())
    address = reverse(name)
    assert as_office.get(address).context["table"].paginator.count > 0
    foreign = "milestones_due" if name == "project_list" else "projects"
    for given in (asked, {"figure": foreign, "year": "2023"} if "figure" in asked else asked):
        response = as_office.get(address, given)
        assert "名单、分组或指标无法识别" in page(response), given
        assert response.context["table"].paginator.count == 0
        note = first_note(as_office.get(address, given | {"format": "xlsx"}))
        assert "无法识别" in note and "共0条" in note


def test_the_choice_of_a_dashboard_lives_on(as_office, units, provincial):
    """The year is changed beside the list: its kind stays chosen."""
    make_list("省级重点", 2024)
    assert ListKind.objects.filter(pk=provincial.kind_id).exists()
    text = page(as_office.get(reverse("dashboard"), {"list": provincial.key, "year": "2024"}))
    assert f'<option value="{provincial.key}" selected>' in text


def test_every_page_of_figures_opens_for_a_publications_reading(as_office, office, units, provincial):
    """The finding: 滞后项目 and 口径说明 answered 500, as they have no published reading; they say which they show."""
    publication = seal_figures(name="月报", as_of=dt.date(2023, 9, 30), by=office, now=NOW)
    asked = {"reading": publication.pk, "year": "2023"}
    for name in (
        "dashboard",
        "ranking_list",
        "dashboard_compare",
        "dashboard_screen",
        "project_list",
        "target_list",
    ):
        assert page(as_office.get(reverse(name), asked | {"list": provincial.key, "figure": "projects"})), (
            name
        )
    for name in ("lagging_list", "definition_list"):
        text = page(as_office.get(reverse(name), asked))
        assert "以下按更正后的数据" in text and "2023年9月30日" in text, name
