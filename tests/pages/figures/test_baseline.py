"""Baseline pages: all with their shares, a curve by points, a list's own plan, the choice with its preview."""

from decimal import Decimal

import pytest
from django.urls import reverse

from projects.figures.figures import figure_total
from projects.figures.population import Scope
from projects.models import AnnualList, BaselineCurve
from tests.factories import TODAY, make_list, make_listing, make_project, make_report

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_office")]


@pytest.fixture
def list_in_use() -> AnnualList:
    project = make_project()
    make_listing(project, planned_investment=Decimal(1000))
    make_report(project, "2023-10-1", "824")
    return make_list()


def text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_every_baseline_stands_there_with_its_source_its_shares_and_its_lists(client, list_in_use):
    page = text(client.get(reverse("baseline_list")))
    for words in ("按旬", "按半月", "三亚市2022年", "广东省2022年", "各旬末累计占比", "2023年市级重大"):
        assert words in page
    entries = client.get(reverse("baseline_list")).context["entries"]
    assert entries[0].lists == [list_in_use]
    assert [entry.quarters for entry in entries if entry.baseline.name.startswith("按季度")] == [
        [("一季度末", "20.0%"), ("二季度末", "50.0%"), ("三季度末", "75.0%"), ("年末", "100.0%")]
    ]


def test_a_curve_is_entered_by_points_and_half_a_row_is_refused(client):
    data = {"name": "上下半年", "month0": "6", "day0": "30", "share0": "37.5", "month1": "12", "day1": "31"}
    assert "第2个时点请填全" in text(client.post(reverse("baseline_create"), data))
    assert client.post(reverse("baseline_create"), data | {"share1": "100"}).status_code == 302
    assert BaselineCurve.objects.get(name="上下半年").points == [[6, 30, "0.375"], [12, 31, "1"]]


def test_a_curve_in_use_opens_as_a_new_one(client, list_in_use):
    curve = BaselineCurve.objects.first()
    edit = reverse("baseline_edit", args=[curve.pk])
    assert 'value="20"' in text(client.get(edit))
    AnnualList.objects.update(curve=curve)
    response = client.get(edit, follow=True)
    assert response.redirect_chain[-1][0] == f"{reverse('baseline_create')}?based_on={curve.pk}"
    assert "不能直接修改" in text(response)
    assert response.context["form"]["name"].value() == ""
    data = {"name": curve.name, "month0": "12", "day0": "31", "share0": "100"}
    assert "不能直接修改" in text(client.post(edit, data))


def test_the_preview_says_what_would_change_and_only_the_confirmation_changes_it(client, list_in_use):
    quarterly = BaselineCurve.objects.get(name__startswith="按季度")
    choose = reverse("baseline_choose", args=[list_in_use.pk])
    page = text(client.get(choose, {"to": f"curve-{quarterly.pk}"}))
    assert "改后序时进度由77.8%变为75%" in page
    assert "由“快于序时4.6个百分点”变为“快于序时7.4个百分点”" in page
    scope = Scope(TODAY, 2023, (list_in_use.pk,))
    assert figure_total(scope).pro_rata_ratio.words() == "77.8%"
    assert client.post(choose, {"to": f"curve-{quarterly.pk}"}).status_code == 302
    assert figure_total(scope).pro_rata_ratio.words() == "75%"
    assert "与现行口径相同" in text(client.get(choose, {"to": f"curve-{quarterly.pk}"}))
    for nonsense in ("curve-0", "x", ""):
        assert client.post(choose, {"to": nonsense}).status_code == 200


def test_a_lists_own_plan_leads_to_its_preview(client, list_in_use):
    plan = reverse("baseline_plan", args=[list_in_use.pk])
    assert "必填" in text(client.post(plan, {"month3": "10"}))
    data = {"month3": "100", "month6": "300", "month9": "700", "month12": "1000", "source": "年度计划"}
    response = client.post(plan, data, follow=True)
    assert "由77.8%变为70%" in text(response)
    curve = BaselineCurve.objects.get(annual_list=list_in_use)
    assert curve.source == "年度计划"
    other = make_list("省级重点")
    choices = client.get(reverse("baseline_choose", args=[other.pk])).context["form"].fields["to"].choices
    assert curve.name not in dict(choices).values()
