"""新建项目: a project entered by hand, with who answers for it and its place in the year's list."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from projects.models import AuditRecord, Belonging, IndustryChain, ListingVersion, Project
from tests.factories import make_official, make_unit
from tests.reading import page

pytestmark = pytest.mark.django_db
URL = "/projects/new/"


def typed(**changes) -> dict:
    return {"name": "新能源装备项目", "total_investment": "1.2亿元", "from_on": "2023-10-01"} | changes


def listed(annual_list, **changes) -> dict:
    return (
        typed(
            annual_list=annual_list.pk,
            category="new_start",
            planned_investment="3000",
            planned_start="2023年11月",
            planned_completion="2024年底",
            effective_on="2023-10-01",
            document="淄高新发改〔2023〕20号",
        )
        | changes
    )


def test_facts_holders_and_chain_are_of_the_day_named(client, office):
    sponsor, lead, host = (
        make_official("李领导"),
        make_unit("科技创新局"),
        make_unit("石桥街道", kind="district"),
    )
    chain = IndustryChain.objects.create(name="新能源")
    client.force_login(office)
    answer = client.post(
        URL,
        typed(sponsor=sponsor.pk, lead_department=lead.pk, host_district=host.pk, industry_chain=chain.pk),
    )
    project = Project.objects.get()
    assert answer["Location"] == reverse("project_detail", args=[project.code])
    assert (project.code, project.total_investment) == ("GX-2023-0001", Decimal("12000"))
    assert (project.sponsor, project.lead_department, project.host_district) == (sponsor, lead, host)
    assert {row.from_on for row in project.handovers.all()} == {dt.date(2023, 10, 1)}
    assert Belonging.objects.get().industry_chain == chain
    assert AuditRecord.objects.filter(action="新建项目", by=office, project=project).exists()
    assert Project.objects.search("xinnengyuan").get() == project


def test_it_stands_in_the_list_from_the_day_named(client, office, annual_list):
    client.force_login(office)
    client.post(URL, listed(annual_list))
    version = ListingVersion.objects.get()
    assert (version.change, version.effective_on) == ("added", dt.date(2023, 10, 1))
    assert version.planned_completion_on == dt.date(2024, 12, 31)
    assert not annual_list.projects_on(dt.date(2023, 9, 30)).exists()
    assert annual_list.projects_on(dt.date(2023, 10, 1)).exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": " "}, "name"),
        ({"total_investment": "很多"}, "total_investment"),
        ({"from_on": "2023-12-01"}, "责任起始日期"),
        ({"started_on": "2023-12-01"}, "实际开工日期不能晚于今天"),
        ({"code": "a/b"}, "不能含斜杠"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_written(client, office, changes, words):
    client.force_login(office)
    answer = client.post(URL, typed(**changes))
    assert answer.status_code == 200
    assert words in page(answer)
    assert not Project.objects.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"category": ""}, "请选择项目类别"),
        ({"planned_investment": ""}, "请填写年度计划投资"),
        ({"planned_start": "某日"}, "某日"),
        ({"effective_on": "2022-12-31"}, "列入日期应在2023年内"),
    ],
)
def test_a_place_in_a_list_is_whole_or_refused(client, office, annual_list, changes, words):
    client.force_login(office)
    assert words in page(client.post(URL, listed(annual_list, **changes)))
    assert not Project.objects.exists()


def test_a_known_name_is_asked_about_once(client, office, project):
    client.force_login(office)
    text = page(client.post(URL, typed(name=project.name)))
    assert f"已有同名项目（{project.code}" in text
    client.post(URL, typed(name=project.name, is_another="on"))
    assert Project.objects.filter(name=project.name).count() == 2


def test_a_code_in_use_names_its_project(client, office, project):
    client.force_login(office)
    assert f"项目代码已用于“{project.name}”" in page(client.post(URL, typed(code=project.code)))


def test_the_ledger_offers_it_to_the_office_alone(client, office, reporter):
    for user, offered in ((office, True), (reporter, False)):
        client.force_login(user)
        assert (f'href="{URL}"' in page(client.get(reverse("project_list")))) is offered
