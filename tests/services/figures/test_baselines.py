"""Curves, a list's own plan, and which baseline a list follows: refusals and records."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from projects.figures.baselines import baseline_of
from projects.models import AuditRecord, BaselineCurve
from projects.services.figures.baselines import choose_baseline, list_plan, save_curve
from tests.factories import NOW, make_list, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]
HALVES = [(6, 30, Decimal("0.4")), (12, 31, Decimal(1))]


def save(by, **fields) -> BaselineCurve:
    given = {"name": "上下半年", "points": HALVES, "is_joined": False, "source": "会议纪要"} | fields
    return save_curve(by=by, now=NOW, **given)


def test_a_curve_is_added_changed_and_recorded(office):
    curve = save(office)
    assert curve.points == [[6, 30, "0.4"], [12, 31, "1"]]
    save(office, curve=curve, is_joined=True)
    curve.refresh_from_db()
    assert curve.is_joined
    assert list(AuditRecord.objects.order_by("pk").values_list("action", flat=True)) == [
        "新增序时基线",
        "修改序时基线",
    ]


def test_a_curve_in_use_is_not_changed(office):
    curve = save(office)
    choose_baseline(annual_list=make_list(), baseline="ten_day", curve=curve, by=office, now=NOW)
    with pytest.raises(ValidationError, match="正由2023年市级重大使用"):
        save(office, curve=curve, source="改了")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"points": [(6, 30, Decimal(1)), (12, 31, Decimal("0.5"))]}, "100%"),
        ({"points": [(6, 30, Decimal("0.5")), (3, 31, Decimal(1))]}, "按日期先后"),
        ({"points": [(2, 30, Decimal("0.5")), (12, 31, Decimal(1))]}, "不存在的日期"),
        ({"points": []}, "100%"),
        ({"name": "month"}, "内置口径"),
        ({"name": "按月"}, "内置口径"),
        ({"name": "按季度阶梯（20/50/75/100）"}, "已存在"),
    ],
)
def test_what_is_no_curve_is_refused_in_words(office, fields, words):
    with pytest.raises(ValidationError, match=words):
        save(office, **fields)


def test_only_the_office_keeps_baselines():
    for role in ("inspector", "administrator", "unit_head"):
        with pytest.raises(PermissionDenied):
            save(make_user(role))


def test_a_lists_own_plan_takes_amounts_or_percentages_and_counts_its_versions(office):
    annual_list = make_list()

    def plan(*amounts):
        ends = [(3, 31), (6, 30), (9, 30), (12, 31)]
        cumulative = [(*end, Decimal(amount)) for end, amount in zip(ends, amounts, strict=True)]
        return list_plan(annual_list=annual_list, cumulative=cumulative, source="", by=office, now=NOW)

    first, second = plan(100, 200, 200, 300), plan(10, 40, 70, 100)
    assert first.points == [
        [3, 31, "0.33333333"],
        [6, 30, "0.66666667"],
        [9, 30, "0.66666667"],
        [12, 31, "1.00000000"],
    ]
    assert [first.name, second.name] == ["2023年市级重大自定计划", "2023年市级重大自定计划（第2版）"]
    assert second.annual_list == annual_list
    with pytest.raises(ValidationError, match="逐期递增"):
        plan(10, 5, 70, 100)
    with pytest.raises(ValidationError, match="大于零"):
        plan(0, 0, 0, 0)


def test_the_choice_is_recorded_once_and_own_plans_keep_the_curve_behind_them(office):
    annual_list, curve = make_list(), save(office)
    for _ in range(2):
        choose_baseline(annual_list=annual_list, baseline="own_plan", curve=curve, by=office, now=NOW)
    assert AuditRecord.objects.filter(action="选定序时口径").count() == 1
    annual_list.refresh_from_db()
    followed = baseline_of(annual_list)
    assert (followed.name, followed.by_project, followed.rule.points[0][2]) == (
        "own_plan",
        True,
        Decimal("0.4"),
    )


def test_the_plan_of_another_list_is_no_choice(office):
    plan = list_plan(
        annual_list=make_list("省级重点"), cumulative=[(12, 31, Decimal(1))], source="", by=office, now=NOW
    )
    with pytest.raises(ValidationError, match="其他名单"):
        choose_baseline(annual_list=make_list(), baseline="ten_day", curve=plan, by=office, now=NOW)
