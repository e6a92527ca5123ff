"""The whole site for every role: one project with something of everything (tests/scene.py), every link, every figure."""

import pytest

from projects.pages.base.listing import paged
from tests.crawling import Walk, turns

pytestmark = [pytest.mark.django_db, pytest.mark.database]
# pages that the walk must have come to, and further ones whose figures are looked at whether it did or not
MET = {
    "desk", "dashboard", "ranking_list", "dashboard_compare", "lagging_list", "project_list", "project_detail",
    "slot_list", "responsibility_list", "responsibility_summary", "progress_list", "chain_list", "lead_list", "milestone_list",
    "problem_list", "report_list", "visit_list", "alert_list", "score_list", "weekly_list",
}  # fmt: skip
BESIDES = (
    "chain_detail lead_detail score_detail score_card action_list marker_list problem_ageing missing_list "
    "visit_sponsors indicator_detail permit_list"
).split()
ROLES = ["office", "reporter", "unit head", "sponsor", "officer", "inspector", "admin", "stranger"]


@pytest.fixture(autouse=True)
def one_row_a_page(monkeypatch):
    """What a door says of its rows is said of all its pages."""
    monkeypatch.setattr(paged, "__defaults__", (1,))


@pytest.mark.parametrize(("role", "doors"), turns([("office", 0), *((role, 1) for role in ROLES)]))
def test_every_figure_is_a_door_and_every_link_opens(scene, client, role, doors):
    client.force_login(scene.people[role])
    walk = Walk(client)
    walk.follow(most=60 if role == "office" else 20, depth=3, doors=doors)
    assert not walk.wrong
    if role == "office":
        assert MET - set(walk.names) == set()


def test_every_figure_of_further_pages_is_a_door(scene, client):
    client.force_login(scene.people["office"])
    walk = Walk(client)
    for name in BESIDES:
        walk.check(scene.address(name), doors=2)
    assert not walk.wrong
    assert walk.checked > 20
