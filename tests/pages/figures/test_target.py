"""Pages of targets: groups and projects with doors, the strip, a split by hand, the project's own section."""

import datetime as dt
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from projects.models import Listing, TargetPlan
from tests.crawling import Walk, turns
from tests.factories import make_list, make_listing, make_project, make_report, make_unit, make_user
from tests.figures.test_baselines import split
from tests.reading import page, queries_of

pytestmark = pytest.mark.django_db


def listed(unit, name=None, planned="360", done=None, annual_list=None) -> Listing:
    project = make_project(name, lead_department=unit)
    if done is not None:
        make_report(project, "2023-10-1", done)
    return make_listing(project, annual_list, planned_investment=Decimal(planned)).listing


def shown(client, **query):
    return client.get(reverse("target_list"), query)


@pytest.mark.parametrize("split_by", ["list", "lead_department", "sponsor", "project"])
@pytest.mark.parametrize("level", turns(["ten_day", "month", "quarter", "year"]))
def test_every_level_and_grouping_opens(client, office, unit, split_by, level):
    listed(unit, "储能项目", done="300")
    client.force_login(office)
    text = page(shown(client, split=split_by, level=level))
    assert "target-strip" in text
    assert {"list": "市级重大", "lead_department": "建设局", "sponsor": "未明确", "project": "储能项目"}[
        split_by
    ] in text


@pytest.mark.crawl
def test_the_amounts_of_a_group_open_exactly_their_rows(client, office, unit):
    listed(unit, done="300")
    listed(unit, done="100", annual_list=make_list("省级重点"))
    listed(make_unit("生态局"), done="5")
    client.force_login(office)
    for grouping in ("list", "lead_department"):
        walk = Walk(client)
        assert walk.check(f"{reverse('target_list')}?split={grouping}") >= 8
        assert not walk.wrong


def test_projects_are_narrowed_to_those_behind_to_words_and_to_a_group(client, office, unit):
    listed(unit, "落后项目", done="10")
    listed(unit, "领先项目", done="360")
    listed(make_unit("生态局"), "别处项目", done="10")
    client.force_login(office)

    def names(**query):
        table = shown(client, split="project", **query).context["table"]
        return [row.record.name for row in table.page.object_list]

    assert set(names(short="true")) == {"落后项目", "别处项目"}
    assert names(q="领先") == ["领先项目"]
    assert set(names(by="lead_department", group=unit.pk)) == {"落后项目", "领先项目"}
    assert names(by="lead_department", group=unit.pk, short="true") == ["落后项目"]
    assert names(sort="-invested")[0] == "领先项目"


def test_a_cell_of_the_past_is_chosen_and_words_that_mean_nothing_are_not(client, office, unit):
    listed(unit)
    client.force_login(office)
    assert shown(client, level="quarter", cell="0").context["cell"].words == "一季度"
    assert shown(client, level="quarter").context["cell"].words == "四季度"
    for nonsense in ("4", "-1", "²", "x", "9" * 20):
        assert shown(client, level="quarter", cell=nonsense).context["cell"].words == "四季度"


def test_the_year_before_its_beginning_and_an_old_year_open(client, office, unit):
    listed(unit, annual_list=make_list(year=2024))
    client.force_login(office)
    assert "未到" in page(shown(client, year="2024", split="project"))
    assert page(shown(client, year="2022"))


def test_people_see_their_own_projects_alone(client, unit):
    listed(unit, "自己项目")
    listed(make_unit(), "别人项目")
    client.force_login(make_user("reporter", unit=unit))
    text = page(shown(client, split="project"))
    assert "自己项目" in text
    assert "别人项目" not in text
    assert shown(client).context["total"].planned == 360


@pytest.mark.parametrize("grouping", ["list", "project"])
def test_the_list_as_a_file_holds_every_row(client, office, unit, grouping):
    for _ in range(3):
        split(listed(unit, done="100"), {1: "360"})
    client.force_login(office)
    response = shown(client, split=grouping, level="year", format="xlsx")
    rows = list(load_workbook(BytesIO(b"".join(response.streaming_content))).active.values)
    assert sum(360 in row or 1080 in row for row in rows) == (3 if grouping == "project" else 1)
    assert shown(client, split=grouping, format="docx").status_code == 200


@pytest.mark.parametrize("grouping", turns(["list", "lead_department", "project"]))
def test_as_many_queries_for_thirty_projects_as_for_one(client, office, unit, grouping):
    client.force_login(office)

    def queries() -> int:
        return queries_of(lambda: page(shown(client, split=grouping)))

    split(listed(unit, done="100"), {1: "360"})
    few = queries()
    for _ in range(30):
        split(listed(make_unit(), done="100"), {1: "360"})
    assert queries() <= few


# --- one project --------------------------------------------------------------------------------------------


def test_the_project_page_says_the_state_and_the_pace_of_each_level(client, office, unit):
    listing = listed(unit, done="270")
    client.force_login(office)
    address = reverse("project_detail", args=[listing.project.code])
    text = page(client.get(address))
    assert "按基线（按旬）分解到旬" in text
    assert "当前欠账 10 万元。至月末还差 30 万元，后续每旬需完成 <strong>15</strong> 万元" in text
    split(listing, {1: "300"})
    text = page(client.get(address))
    assert "年度计划已调整为360万元，目标合计300万元，少60万元，请重新分解。" in text
    assert reverse("target_edit", args=[listing.pk]) in text


def post(client, listing, amounts=None, **fields):
    data = {f"t{number}": "10" for number in range(1, 37)} | {"effective_on": "2023-10-12"}
    return client.post(reverse("target_edit", args=[listing.pk]), data | (amounts or {}) | fields)


def test_a_unit_moves_open_targets_and_closed_ones_stay_whatever_is_sent(client, unit):
    listing = listed(unit)
    client.force_login(make_user("unit_head", unit=unit))
    text = page(client.get(reverse("target_edit", args=[listing.pk])))
    assert text.count("disabled") == 28
    response = post(client, listing, {"t1": "999", "t30": "0", "t36": "20"})
    assert response.status_code == 302
    amounts = list(TargetPlan.objects.get().targets.values_list("amount", flat=True))
    assert (amounts[0], amounts[29], amounts[35], sum(amounts)) == (10, 0, 20, 360)


def test_a_wrong_sum_is_said_with_the_difference(client, unit):
    listing = listed(unit)
    client.force_login(make_user("reporter", unit=unit))
    assert "少4万元" in page(post(client, listing, {"t36": "6"}))
    assert "输入一个数" in page(post(client, listing, {"t36": "十"}))
    assert not TargetPlan.objects.exists()


def test_the_buttons_compute_and_save_nothing(client, office, unit):
    listing = listed(unit)
    client.force_login(office)

    def amounts(response) -> tuple:
        assert not TargetPlan.objects.exists()
        return response.context["form"].amounts()

    rest = amounts(post(client, listing, {"t36": "2"}, fill="rest"))
    assert (rest[27], rest[28], rest[35], sum(rest)) == (10, 11, 3, 360)
    by_curve = amounts(post(client, listing, {"t1": "300"}, fill="curve"))
    assert by_curve == (10,) * 36
    too_much = post(client, listing, {"t1": "400"}, fill="rest")
    assert "超过年度计划" in page(too_much)
    assert amounts(too_much)[0] == 400


def test_a_project_no_longer_listed_has_nothing_to_split(client, office, unit):
    listing = listed(unit)
    make_listing(listing.project, effective_on=dt.date(2023, 10, 1), change="removed")
    client.force_login(office)
    response = client.get(reverse("target_edit", args=[listing.pk]), follow=True)
    assert "不能分解目标" in page(response)
