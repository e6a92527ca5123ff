"""Ranking: ties share a place, those with little or nothing to judge stand apart, one rule for all papers."""

from decimal import Decimal

import pytest

from projects.figures.population import Scope
from projects.figures.ranking import CRITERIA, ranking
from projects.models import Role
from projects.rules.ranking import FEW_WORDS, NO_TASK, RankingEntry, places, rank
from tests.factories import TODAY, make_listing, make_project, make_report, make_unit, make_user


def test_equal_results_share_a_place_and_the_next_is_skipped():
    assert places({"a": 9, "b": 7, "c": 9, "d": 1}) == {"a": 1, "c": 1, "b": 3, "d": 4}
    assert places({"a": 9, "b": 7}, largest_first=False) == {"b": 1, "a": 2}


def test_few_and_idle_stand_apart_and_the_few_are_ranked_only_when_asked():
    entries = [
        RankingEntry("idle", 0, None),
        RankingEntry("few", 2, 99),
        RankingEntry("third", 3, 50),
        RankingEntry("first", 5, 80),
    ]
    told = [(line.key, line.place, line.remark) for line in rank(entries, with_few=False)]
    assert told == [("first", 1, ""), ("third", 2, ""), ("few", None, FEW_WORDS), ("idle", None, NO_TASK)]
    told = [(line.key, line.place, line.remark) for line in rank(entries)]
    assert told == [("few", 1, FEW_WORDS), ("first", 2, ""), ("third", 3, ""), ("idle", None, NO_TASK)]


def test_nothing_due_is_no_task_even_with_projects():
    assert rank([RankingEntry("a", 4, None)])[0].remark == NO_TASK


@pytest.mark.django_db
def test_units_by_completion_with_places_of_last_month_and_those_without_projects():
    first, second, idle = make_unit("甲局"), make_unit("乙局"), make_unit("丙局")
    for unit, earlier, now in ((first, 100, 900), (second, 200, 500)):
        for _ in range(3):
            project = make_project(lead_department=unit)
            make_listing(project)
            make_report(project, "2023-09-1", invested=earlier)
            make_report(project, "2023-10-1", invested=now)
    criterion = CRITERIA["investment_completion"]
    rows = ranking(Scope(TODAY, 2023), by="lead_department", criterion=criterion)
    told = [(row.name, row.place, row.result, row.climbed, row.remark) for row in rows]
    assert told == [
        ("甲局", 1, Decimal("90.0"), 1, ""),
        ("乙局", 2, Decimal("50.0"), -1, ""),
        ("丙局", None, None, None, NO_TASK),
    ]
    assert idle.pk == rows[2].group_id
    lowest = ranking(Scope(TODAY, 2023), by="lead_department", criterion=criterion, largest_first=False)
    assert [row.name for row in lowest] == ["乙局", "甲局", "丙局"]
    person = make_user(Role.REPORTER, unit=first)
    own = ranking(Scope(TODAY, 2023, viewer=person), by="lead_department", criterion=criterion)
    assert [row.name for row in own] == [
        "甲局"
    ]  # who sees one unit is not told that others have nothing to do
