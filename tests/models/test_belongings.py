"""Packaging and 产业链 are those of the day, wherever a figure, a filter or a page asks (归属按日)."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from projects.figures.figures import figure_rows, figure_total
from projects.figures.population import Scope
from projects.models import Belonging, IndustryChain, Project
from projects.services.attraction.chains import place_project as put_on_chain
from projects.services.register.projects import place_project
from tests.admin_pages import save, url
from tests.factories import NOW, TODAY, belongs, make_list, make_listing, make_project, make_user
from tests.reading import page

pytestmark = [pytest.mark.django_db, pytest.mark.database]
JUNE, SEPTEMBER = dt.date(2023, 6, 30), dt.date(2023, 9, 1)


@pytest.fixture
def office():
    return make_user("office", is_staff=True)


@pytest.fixture
def as_office(client, office):
    client.force_login(office)
    return client


def counted(day: dt.date) -> int:
    return figure_total(Scope(day, 2023), follow_up=False)["projects"]


def by_chain(day: dt.date) -> dict[str, int]:
    return {row.group: row["projects"] for row in figure_rows(Scope(day, 2023), by="industry_chain")}


def listed_package() -> tuple[Project, Project]:
    """A package and a project beside it in one list that counts packages."""
    annual_list = make_list(counts_level="package")
    package, part = make_project("产业园", level="package"), make_project("一期")
    for project in (package, part):
        make_listing(project, annual_list)
    return package, part


def test_a_package_built_in_september_leaves_june_as_it_was(office):
    package, part = listed_package()
    assert counted(JUNE) == counted(TODAY) == 2
    said = {"project": part, "level": "phase", "parent": package, "reason": "打包", "by": office, "now": NOW}
    place_project(from_on=SEPTEMBER, **said)
    assert [counted(day) for day in (JUNE, SEPTEMBER - dt.timedelta(days=1), SEPTEMBER, TODAY)] == [
        2,
        2,
        1,
        1,
    ]
    part.refresh_from_db()
    place_project(from_on=TODAY, **said | {"level": "single", "parent": None, "reason": "分出"})
    assert [counted(day) for day in (JUNE, SEPTEMBER, TODAY)] == [2, 1, 2]


def test_the_list_that_counts_parts_leaves_out_the_package_of_that_day(office):
    annual_list = make_list(counts_level="single")
    package, part = make_project("产业园", level="package"), make_project("一期")
    make_listing(package, annual_list)
    make_listing(part, annual_list)
    belongs(part, from_on=SEPTEMBER, level="phase", parent=package)
    assert (counted(JUNE), counted(SEPTEMBER)) == (2, 1)


def test_figures_by_chain_and_the_chain_s_pages_are_those_of_the_day(as_office, office):
    old, new = (IndustryChain.objects.create(name=name) for name in ("新材料", "氢能"))
    project = make_project("电堆", industry_chain=old)
    make_listing(project)
    put_on_chain(
        chain=new, project=project, segment=None, from_on=SEPTEMBER, reason="转产", by=office, now=NOW
    )
    assert (by_chain(JUNE), by_chain(SEPTEMBER)) == ({"新材料": 1}, {"氢能": 1})
    for day, chain, other in ((JUNE, old, new), (TODAY, new, old)):
        asked = {"as_of": day.isoformat()}
        for name in ("chain_detail", "chain_map"):
            assert "电堆" in page(as_office.get(reverse(name, args=[chain.pk]), asked))
            assert "电堆" not in page(as_office.get(reverse(name, args=[other.pk]), asked))
        listed = as_office.get(reverse("project_list"), asked | {"industry_chain": chain.pk})
        assert listed.context["table"].paginator.count == 1
        assert str(chain) in page(as_office.get(reverse("project_detail", args=[project.code]), asked))


def test_the_ledger_and_the_project_page_say_the_level_of_the_day(as_office):
    package, part = listed_package()
    belongs(part, from_on=SEPTEMBER, level="phase", parent=package)

    def levels(day: dt.date) -> list[int]:
        asked = [{"as_of": day.isoformat(), "level": level} for level in ("single", "phase")]
        pages = [as_office.get(reverse("project_list"), each) for each in asked]
        return [each.context["table"].paginator.count for each in pages]

    assert (levels(JUNE), levels(SEPTEMBER)) == ([1, 0], [0, 1])
    for day, is_part in ((JUNE, False), (SEPTEMBER, True)):
        asked = {"as_of": day.isoformat()}
        assert (
            "所属打包项目" in page(as_office.get(reverse("project_detail", args=[part.code]), asked))
        ) is is_part
        assert (
            "分项" in page(as_office.get(reverse("project_detail", args=[package.code]), asked))
        ) is is_part


def test_a_start_before_the_last_is_refused_and_the_same_day_is_a_correction(office):
    package, part = listed_package()
    said = {"project": part, "level": "phase", "reason": "打包", "by": office, "now": NOW}
    place_project(parent=package, from_on=SEPTEMBER, **said)
    for day, words in (
        (JUNE, "不能早于上一次登记"),
        (TODAY + dt.timedelta(days=1), "不能晚于今天"),
        (None, "请填写"),
    ):
        part.refresh_from_db()
        with pytest.raises(ValidationError) as refusal:
            place_project(parent=None, from_on=day, **said)
        assert words in refusal.value.message_dict["from_on"][0]
    place_project(parent=None, from_on=SEPTEMBER, **said | {"level": "single"})
    assert Belonging.objects.get(project=part).parent is None
    assert counted(SEPTEMBER) == 2


def test_a_correction_in_the_admin_says_from_when(as_office):
    package, part = listed_package()
    address = url(Project, "change", part.pk)
    refused = save(as_office, address, parent=package.pk, belongs_from_on="2023-10-13", reason="打包")
    assert "不能晚于今天" in page(refused)
    assert (
        save(as_office, address, parent=package.pk, belongs_from_on="2023-09-01", reason="打包").status_code
        == 302
    )
    assert (counted(JUNE), counted(SEPTEMBER)) == (2, 1)
    assert save(as_office, address, developer="甲公司", reason="更名").status_code == 302
    assert Belonging.objects.filter(project=part).count() == 1


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"kind": "package"}, "belonging_of_its_kind"),
        ({"kind": "industry_chain", "level": "single"}, "belonging_of_its_kind"),
    ],
)
def test_a_row_of_neither_kind_is_refused_by_the_database(said, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Belonging.objects.create(project=make_project(), from_on=JUNE, made_at=NOW, **said)


@pytest.mark.postgres
def test_postgres_refuses_two_that_hold_on_one_day():
    project = make_project(level="package")
    belongs(project, from_on=SEPTEMBER, level="single")
    Belonging.objects.filter(project=project).update(until_on=None)
    with pytest.raises(IntegrityError, match="packages_apart"), transaction.atomic():
        connection.check_constraints()
    transaction.set_rollback(True)
