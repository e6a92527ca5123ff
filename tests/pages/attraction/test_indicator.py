"""Indicator pages (指标): the year's table, months against the pace, entry by the office, doors from the overview."""

from decimal import Decimal

import pytest
from django.urls import reverse

from projects.models import IndicatorValue
from tests.crawling import turns
from tests.factories import make_indicator, make_listing, make_project, make_user
from tests.reading import page, page_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def indicator():
    indicator = make_indicator(target=Decimal("128.06"))
    IndicatorValue.objects.create(
        indicator=indicator, as_of_on="2023-09-30", value=Decimal("124.6"), city_total=Decimal("519.2")
    )
    return indicator


def test_the_table_says_value_rate_pace_and_share(client, indicator):
    client.force_login(make_user("reporter"))
    shown = page(client.get(reverse("indicator_list")))
    for words in ("124.6", "128.06", "97.3%", "24.0%", "快于序时22.3个百分点", "09-30"):
        assert words in shown, words


def test_a_day_before_the_first_value_shows_none(client, indicator):
    client.force_login(make_user("reporter"))
    for address in (reverse("indicator_list"), reverse("indicator_detail", args=[indicator.pk])):
        shown = page(client.get(address, {"as_of": "2023-09-29"}))
        assert "97.3%" not in shown
        assert "0%<" not in shown


def test_the_chart_and_its_table_hold_twelve_months(client, indicator):
    client.force_login(make_user("sponsor"))
    context = client.get(reverse("indicator_detail", args=[indicator.pk])).context
    assert context["chart"]["actual"] == [None] * 8 + [124.6] + [None] * 3
    assert context["chart"]["plan"][-1] == 128.06
    assert context["rows"][8] == ["9月", "124.6", "124.6", "96.05", "97.3%", "—", "519.2", "24.0%", "—"]


def test_the_overview_opens_the_indicators(client, indicator, office):
    make_listing(make_project())
    client.force_login(office)
    shown = page(client.get(reverse("dashboard")))
    assert f"{reverse('indicator_detail', args=[indicator.pk])}?as_of=2023-10-12" in shown
    assert f"{reverse('indicator_list')}?as_of=2023-10-12" in shown


def test_the_office_enters_the_last_month_over(client, indicator, office):
    client.force_login(office)
    address = reverse("indicator_enter", args=[indicator.pk])
    assert client.get(address).context["form"].initial["month"] == 9
    assert "10月尚未结束" in page(client.post(address, {"month": "10", "value": "130"}))
    assert "请说明原因" in page(client.post(address, {"month": "9", "value": "120"}))
    assert client.post(address, {"month": "8", "value": "110.5"}).status_code == 302
    assert indicator.values.count() == 2


def test_others_have_no_button_and_no_form(client, indicator):
    client.force_login(make_user("inspector"))
    address = reverse("indicator_enter", args=[indicator.pk])
    assert address not in page(client.get(reverse("indicator_detail", args=[indicator.pk])))
    assert client.post(address, {"month": "8", "value": "1"}).status_code == 403


@pytest.mark.parametrize("kind", ["xlsx", "docx"])
def test_the_list_is_a_file_too(client, indicator, office, kind):
    client.force_login(office)
    assert len(b"".join(client.get(reverse("indicator_list"), {"format": kind}))) > 1000


def test_as_many_queries_for_thirty_as_for_three(client, indicator, office):
    client.force_login(office)
    address = reverse("indicator_list")
    page_queries(client, address)
    few = page_queries(client, address)
    for number in range(30):
        make_indicator(f"指标{number}")
    assert page_queries(client, address) == few


@pytest.mark.parametrize("words", turns(["a\x00b", "9" * 400, "2023-02-30", "-1", "NaN", "1e999999"]))
def test_garbage_is_refused_in_words(client, indicator, office, words):
    client.force_login(office)
    for name in ("as_of", "sort", "page", "format"):
        assert client.get(reverse("indicator_list"), {name: words}).status_code == 200
        assert client.get(reverse("indicator_detail", args=[indicator.pk]), {name: words}).status_code == 200
    address = reverse("indicator_enter", args=[indicator.pk])
    answer = client.post(address, {"month": words, "value": words, "city_total": words, "note": words})
    assert answer.status_code == 200
    assert indicator.values.count() == 1
