"""A month of an indicator is entered once it is over; a cumulative value that falls says why."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from projects.figures.indicators import indicator_cards, indicator_months
from projects.models import AuditRecord, IndicatorValue
from projects.services.attraction.indicators import enter_value
from tests.factories import NOW, TODAY, make_indicator, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def indicator():
    return make_indicator()


def enter(indicator, by, month=9, value="90", **changes):
    return enter_value(indicator=indicator, month=month, value=Decimal(value), by=by, now=NOW, **changes)


def refused(*args, **kwargs) -> dict[str, list[str]]:
    before = IndicatorValue.objects.count(), AuditRecord.objects.count()
    with pytest.raises(ValidationError) as caught:
        enter(*args, **kwargs)
    assert (IndicatorValue.objects.count(), AuditRecord.objects.count()) == before
    return caught.value.message_dict


def test_a_month_is_entered_for_its_last_day_with_its_author(indicator, office):
    entry = enter(indicator, office, city_total=Decimal("400"))
    assert (entry.as_of_on, entry.made_by) == (dt.date(2023, 9, 30), office)
    (card,) = indicator_cards(2023, TODAY)
    assert (card.completion.words(), card.share_of_city.words()) == ("75%", "22.5%")
    assert (card.pro_rata.words(), card.gap_points) == ("75%", 0)
    assert AuditRecord.objects.get().action == "登记指标进度"


def test_the_same_entry_twice_is_one(indicator, office):
    assert enter(indicator, office) == enter(indicator, office)
    assert AuditRecord.objects.count() == 1


@pytest.mark.parametrize("month", [10, 11, 12])
def test_a_month_that_is_not_over_is_refused(indicator, office, month):
    assert f"{month}月尚未结束" in refused(indicator, office, month)["month"][0]


def test_a_negative_amount_is_refused(indicator, office):
    assert refused(indicator, office, value="-1")["value"] == ["累计完成不能为负数。"]
    assert refused(indicator, office, city_total=Decimal(-1))["city_total"] == ["全市总量不能为负数。"]


def test_the_city_has_no_less_than_the_zone(indicator, office):
    assert "city_total" in refused(indicator, office, city_total=Decimal("89.99"))


@pytest.mark.parametrize(("month", "value"), [(9, "79.99"), (7, "80.01")])
def test_a_cumulative_value_falls_only_with_a_reason(indicator, office, month, value):
    enter(indicator, office, 8, "80")
    assert "请说明原因" in refused(indicator, office, month, value)["note"][0]
    assert enter(indicator, office, month, value, note="市里核减").note == "市里核减"


def test_an_equal_value_is_no_fall(indicator, office):
    enter(indicator, office, 8, "80")
    enter(indicator, office, 9, "80")
    assert indicator.values.count() == 2


def test_a_correction_says_why_and_keeps_what_stood(indicator, office):
    enter(indicator, office)
    assert "已登记90" in refused(indicator, office, value="91")["note"][0]
    enter(indicator, office, value="91", note="按市通报更正")
    entry = AuditRecord.objects.order_by("-pk").first()
    assert (entry.action, entry.reason) == ("更正指标进度", "按市通报更正")
    assert entry.changes["value"] == ["90.00", "91.00"]


@pytest.mark.parametrize("role", ["reporter", "sponsor", "inspector", "administrator"])
def test_only_the_office_enters(indicator, role):
    with pytest.raises(PermissionDenied):
        enter(indicator, make_user(role))


def test_months_hold_value_increment_and_pace_as_of_a_day(indicator, office):
    enter(indicator, office, 8, "80")
    enter(indicator, office, 9, "90")
    months = indicator_months(indicator, TODAY)
    assert [line.expected for line in months] == [Decimal(10 * month) for month in range(1, 13)]
    assert [(line.month, line.entry.value, line.increment) for line in months if line.entry] == [
        (8, 80, 80),
        (9, 90, 10),
    ]
    assert [line.month for line in indicator_months(indicator, dt.date(2023, 9, 29)) if line.entry] == [8]
