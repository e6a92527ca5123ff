"""Chain pages (链长制): figures as doors, team, work, places and the map; who sees which chain; constant queries."""

import datetime as dt

import pytest
from django.urls import reverse

from projects.models import ChainMember, ChainPlacement, ChainTask
from tests.crawling import Walk, turns
from tests.factories import (
    NOW,
    make_chain,
    make_lead,
    make_listing,
    make_official,
    make_project,
    make_report,
    make_unit,
    make_user,
)
from tests.reading import page, page_queries

pytestmark = pytest.mark.django_db
AMOUNTS = {"planned_investment", "invested_this_year", "total_investment", "agreed_investment"}


@pytest.fixture
def chain():
    return make_chain("新能源", anchor_enterprise="某股份公司")


def fill(chain, unit, number=1):
    """Listed projects in segments, reports, leads and work of the chain."""
    segments = list(chain.segments.all())
    for index in range(number):
        project = make_project(lead_department=unit, industry_chain=chain, started_on=dt.date(2023, 3, 1))
        make_listing(project)
        make_report(project, "2023-09-3", "333.33")
        ChainPlacement.objects.create(project=project, segment=segments[index % 3], made_at=NOW)
        make_lead(unit, industry_chain=chain, segment=segments[index % 3])
        ChainTask.objects.create(
            chain=chain,
            year=2023,
            text=f"{unit}任务{index}",
            unit=unit,
            due_on=dt.date(2023, 9, 1),
            made_at=NOW,
        )
        ChainMember.objects.create(chain=chain, unit=unit, post=f"成员{index}", from_on=dt.date(2023, 1, 1))


def disagreeing(client, address: str) -> tuple[int, list]:
    walk = Walk(client)
    return walk.check(address), walk.wrong


@pytest.mark.parametrize("person", turns(["chain leader", "office", "reporter"]))
@pytest.mark.parametrize("name", ["chain_list", "chain_detail"])
@pytest.mark.parametrize(
    ("query", "unknown"), turns([("", 0), ("?as_of=2023-06-30", 1)])
)  # not reported is no 0
def test_every_figure_opens_exactly_its_rows(client, chain, unit, reporter, person, name, query, unknown):
    fill(chain, unit, 2)
    fill(chain, make_unit())
    make_lead(unit, ("talking", "2023-03-01"), ("ended", "2023-07-01"), industry_chain=chain)
    leader = make_user("sponsor")
    chain.chain_leader = make_official("链长", leader)
    chain.save()
    client.force_login({"office": make_user("office"), "reporter": reporter}.get(person, leader))
    address = reverse(name, args=[] if name == "chain_list" else [chain.pk]) + query
    figures, wrong = disagreeing(client, address)
    assert figures >= (5 if name == "chain_list" else 14) - unknown
    assert not wrong


def test_figures_are_over_what_the_viewer_sees(client, chain, unit, reporter, office):
    fill(chain, unit, 2)
    fill(chain, make_unit())
    address = reverse("chain_detail", args=[chain.pk])
    found = {}
    for user in (office, reporter):
        client.force_login(user)
        response = client.get(address)
        found[user] = (response.context["total"]["projects"], response.context["table"].paginator.count)
    assert found == {office: (3, 3), reporter: (2, 2)}


def test_a_chain_names_leader_anchor_team_and_work(client, chain, unit, office):
    fill(chain, unit)
    client.force_login(office)
    shown = page(client.get(reverse("chain_detail", args=[chain.pk])))
    for words in ("某股份公司", "建设局", "成员0", "任务0", "逾期41天", "待明确"):
        assert words in shown, words


@pytest.mark.parametrize("name", ["chain_detail", "chain_map"])
def test_a_foreign_chain_is_not_found(client, chain, unit, name):
    fill(chain, unit)
    client.force_login(make_user("reporter"))
    assert client.get(reverse(name, args=[chain.pk])).status_code == 404
    assert client.get(reverse("chain_list")).context["table"].paginator.count == 0


def test_the_map_draws_segments_projects_leads_and_gaps_without_script(client, chain, unit, office):
    project = make_project("正极材料项目", industry_chain=chain)
    ChainPlacement.objects.create(project=project, segment=chain.segments.first(), made_at=NOW)
    make_lead(unit, name="电芯项目", industry_chain=chain, segment=chain.segments.all()[1])
    make_lead(unit, name="已成项目", industry_chain=chain, project=project)
    make_lead(unit, ("talking", "2023-03-01"), ("ended", "2023-04-01"), name="已终止", industry_chain=chain)
    client.force_login(office)
    shown = page(client.get(reverse("chain_map", args=[chain.pk])))
    body = shown[shown.index("chain-map") :]
    assert (
        body.index("上游材料") < body.index("正极材料项目") < body.index("中游部件") < body.index("电芯项目")
    )
    assert body.count('<section class="chain-box gap"') == 1
    assert "已成项目" not in shown
    assert "已终止" not in shown
    assert "print-wide" in shown


def test_who_sees_only_some_projects_is_not_told_of_gaps(client, chain, unit, reporter):
    make_lead(unit, industry_chain=chain)
    fill(chain, make_unit(), 3)
    client.force_login(reporter)
    assert "空白环节" not in page(client.get(reverse("chain_map", args=[chain.pk])))


def test_a_chain_without_segments_says_how_to_get_them(client, office):
    chain = make_chain()
    chain.segments.all().delete()
    client.force_login(office)
    assert "还没有划分环节" in page(client.get(reverse("chain_map", args=[chain.pk])))


def test_the_office_enters_team_work_and_places(client, chain, unit, office):
    project = make_project("储能柜项目")
    client.force_login(office)
    for name, data in (
        ("chain_member_create", {"unit": unit.pk, "post": "牵头单位", "from_on": "2023-10-01"}),
        ("chain_task_create", {"text": "招商4次", "unit": unit.pk, "due_on": "2023-12-15"}),
        ("chain_place", {"project": "储能柜", "segment": chain.segments.first().pk, "from_on": "2023-10-12"}),
    ):
        answer = client.post(reverse(name, args=[chain.pk]), data)
        assert answer["Location"] == reverse("chain_detail", args=[chain.pk]), name
    shown = page(client.get(reverse("chain_detail", args=[chain.pk])))
    assert all(words in shown for words in ("牵头单位", "招商4次", "储能柜项目"))
    assert ChainPlacement.objects.get().project == project
    member = ChainMember.objects.get()
    assert (
        client.post(reverse("chain_member_end", args=[member.pk]), {"until_on": "2023-10-12"}).status_code
        == 302
    )


def test_a_refusal_stands_at_its_field(client, chain, office):
    client.force_login(office)
    address = reverse("chain_member_create", args=[chain.pk])
    shown = page(client.post(address, {"post": "成员", "from_on": "2023-10-01"}))
    assert "请选择单位或填写姓名" in shown


def test_the_responsible_unit_reports_its_work_done_and_no_other(client, chain, unit, reporter):
    task = ChainTask.objects.create(
        chain=chain, year=2023, text="编制图谱", unit=unit, due_on=dt.date(2023, 11, 1), made_at=NOW
    )
    other = make_unit()
    for team in (unit, other):
        ChainMember.objects.create(chain=chain, unit=team, post="成员", from_on=dt.date(2023, 1, 1))
    address = reverse("chain_task_finish", args=[task.pk])
    client.force_login(make_user("reporter", unit=other))
    assert address not in page(client.get(reverse("chain_detail", args=[chain.pk])))
    assert client.post(address, {"done_on": "2023-10-12", "result": "已印发"}).status_code == 404
    client.force_login(reporter)
    assert address in page(client.get(reverse("chain_detail", args=[chain.pk])))
    assert client.post(address, {"done_on": "2023-10-12", "result": "已印发"}).status_code == 302
    assert "已印发" in page(client.get(reverse("chain_detail", args=[chain.pk])))


def test_phones_of_the_team_are_for_the_team(client, chain, unit, reporter):
    ChainMember.objects.create(
        chain=chain, unit=unit, name="李娜", post="联络员", phone="13900000000", from_on=dt.date(2023, 1, 1)
    )
    address = reverse("chain_detail", args=[chain.pk])
    for user, seen in ((reporter, True), (make_user("office"), True), (make_user("inspector"), False)):
        client.force_login(user)
        assert ("13900000000" in page(client.get(address))) is seen


@pytest.mark.parametrize("name", ["chain_list", "chain_detail", "chain_map"])
def test_as_many_queries_for_thirty_as_for_three(client, chain, unit, office, name):
    client.force_login(office)
    address = reverse(name, args=[] if name == "chain_list" else [chain.pk])
    fill(chain, unit, 3)
    page_queries(client, address)
    few = page_queries(client, address)
    if name == "chain_list":
        for _chain in range(10):
            fill(make_chain(chain_leader=make_official()), unit)
    else:
        chain.members.all().delete()
        chain.tasks.all().delete()
        fill(chain, unit, 27)
    assert page_queries(client, address) == few


@pytest.mark.parametrize("kind", ["xlsx", "docx"])
def test_the_list_is_a_file_too(client, chain, unit, office, kind):
    fill(chain, unit)
    client.force_login(office)
    answer = client.get(reverse("chain_list"), {"format": kind})
    assert answer.status_code == 200
    assert len(b"".join(answer)) > 1000


@pytest.mark.parametrize("words", turns(["a\x00b", "9" * 400, "2023-02-30", "-1", "²³", "9999-12-31"]))
def test_garbage_in_the_address_changes_nothing(client, chain, unit, office, words):
    fill(chain, unit)
    client.force_login(office)
    for name in ("as_of", "sort", "page", "format", "project"):
        for address in ("chain_detail", "chain_map", "chain_place"):
            assert client.get(reverse(address, args=[chain.pk]), {name: words}).status_code == 200
        assert client.get(reverse("chain_list"), {name: words}).status_code == 200
