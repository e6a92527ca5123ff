"""The progress list: its figures against a scene made by hand, past days, the doors of every role, files, queries."""

import datetime as dt
from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from projects.figures.figures import figure_total
from projects.figures.lights.judging import lights_for
from projects.figures.population import Scope
from projects.models import Milestone, Project, StateChange, Unit
from projects.periods import WEEKDAYS_ONLY
from projects.queries.alerts.findings import driven_forward, findings
from projects.queries.plans.progress import (
    of_status,
    on_time_of,
    progress_of_projects,
    progress_of_units,
    progress_total,
    slip_of,
)
from projects.rules import Light
from tests.crawling import Page, turns
from tests.factories import (
    NOW,
    TODAY,
    make_list,
    make_listing,
    make_official,
    make_plan,
    make_project,
    make_report,
    make_unit,
    make_user,
)
from tests.reading import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]
BEFORE = dt.date(2023, 9, 15)


def done(plan, **days):
    """Mark milestones done: _1="2023-09-01"."""
    for position, day in days.items():
        plan.milestones.filter(position=int(position[1:])).update(achieved_on=day, evidence="1号")


@pytest.fixture
def places():
    """Two projects: one of six milestones in every state on a second plan version, one idle and of another unit."""
    builders, planners = make_unit("建设局"), make_unit("规划局")
    boss = make_user("sponsor")
    first = make_project(
        "甲项目",
        lead_department=builders,
        host_district=make_unit("中埠镇", Unit.Kind.DISTRICT),
        sponsor=make_official("张领导", boss),
    )
    old = make_plan(first, "2023-08-31", "2023-09-10", "2023-10-01", "2023-10-12", "2023-11-11", "2023-12-31")
    plan = make_plan(
        first, "2023-08-31", "2023-09-10", "2023-10-01", "2023-10-12", "2023-11-11", "2024-01-10",
        number=2, approved_on="2023-10-01",
    )  # fmt: skip
    for was, now in zip(old.milestones.all(), plan.milestones.all(), strict=True):
        Milestone.objects.filter(pk=now.pk).update(baseline=was)
    for each in (old, plan):
        done(each, _1="2023-08-30", _2="2023-09-12")
    plan.milestones.filter(position=2).update(unit=planners)
    plan.milestones.filter(position=3).update(unit=None)  # then the lead department answers
    second = make_project("乙项目", lead_department=planners)
    make_plan(second, "2023-12-01")
    make_listing(first, make_list("省级重点"))
    make_report(first, "2023-10-1", "640", physical_progress="主体封顶", state="submitted")
    return {"first": first, "second": second, "builders": builders, "planners": planners, "boss": boss}


def row(scene, as_of=TODAY):
    return progress_of_projects(Project.objects.filter(pk=scene["first"].pk), as_of=as_of).get()


def numbers(found) -> tuple:
    return found.due, found.done, found.on_time, found.late, found.soon


def test_the_figures_of_a_project(places):
    found = row(places)
    assert numbers(found) == (4, 2, 1, 1, 2)  # due today is neither done nor late, but falls due soon
    assert on_time_of(found).words() == "25%"
    assert (found.next_milestone, found.next_due_on) == ("节点3", dt.date(2023, 10, 1))
    assert (found.reported_on, found.physical_progress, found.invested) == (
        dt.date(2023, 10, 10),
        "主体封顶",
        640,
    )
    assert slip_of(found, as_of=TODAY, calendar=WEEKDAYS_ONLY).days == 10


def test_a_past_day_takes_the_plan_and_the_facts_of_that_day(places):
    assert numbers(row(places, BEFORE)) == (2, 2, 1, 0, 2)
    assert numbers(row(places, dt.date(2023, 9, 11))) == (2, 1, 1, 1, 1)
    found = row(places, BEFORE)
    assert slip_of(found, as_of=BEFORE, calendar=WEEKDAYS_ONLY).days == 0  # the old plan was in force then
    assert found.reported_on is None


def test_the_figures_of_units_and_who_answers_where_none_is_named(places):
    rows = {
        found.unit.name: found
        for found in progress_of_units(Project.objects.all(), as_of=TODAY, calendar=WEEKDAYS_ONLY)
    }
    builders, planners = rows["建设局"], rows["规划局"]
    assert numbers(builders) == (3, 1, 1, 1, 2)
    assert numbers(planners) == (1, 1, 0, 0, 0)
    assert (builders.slips.late, builders.slips.days) == (2, 11 + 10)  # overdue by 11 days, moved by 10
    assert (planners.slips.late, planners.slip_days) == (1, 2)
    late = [item for item in findings(TODAY) if item.kind == "milestone_overdue"]
    assert [item.unit_id for item in late] == [places["builders"].pk]
    total = progress_total(Project.objects.all(), as_of=TODAY)
    assert total == {"due": 4, "done": 2, "on_time": 1, "late": 1, "soon": 2}


def test_lights_and_figures_of_a_past_day_take_that_days_plan():
    project = make_project(reports_from_on=dt.date(2024, 1, 1))
    make_listing(project, category="preparatory", planned_investment=0)
    make_plan(project, "2023-08-01", state="superseded")
    make_plan(project, "2023-12-01", number=2, approved_on="2023-10-01")
    projects = Project.objects.all()
    assert lights_for(projects, BEFORE)[project.pk].light == Light.RED
    assert lights_for(projects, TODAY)[project.pk].light == Light.GREEN
    assert [figure_total(Scope(day, 2023))["milestones_overdue"] for day in (BEFORE, TODAY)] == [1, 0]


def test_nobody_answers_where_there_is_neither_unit_nor_department():
    make_plan(make_project(), "2023-10-01")
    (found,) = progress_of_units(Project.objects.all(), as_of=TODAY, calendar=WEEKDAYS_ONLY)
    assert (found.unit, found.late) == (None, 1)


@pytest.mark.parametrize(
    ("state", "changes", "day", "driven"),
    [
        ("active", [], TODAY, True),
        ("suspended", [], TODAY, False),  # imported without a dated change
        ("suspended", [("2023-10-01", "suspended")], "2023-09-30", True),
        ("suspended", [("2023-10-01", "suspended")], "2023-10-01", False),
        ("active", [("2023-09-01", "suspended"), ("2023-10-01", "active")], "2023-09-15", False),
        ("active", [("2023-09-01", "suspended"), ("2023-10-01", "active")], "2023-10-01", True),
        ("active", [("2023-09-01", "active"), ("2023-09-01", "suspended")], "2023-09-01", False),
        ("withdrawn", [("2023-09-01", "suspended"), ("2023-12-01", "withdrawn")], TODAY, False),
    ],
)
def test_held_projects_are_left_out_from_the_day_they_are_held(state, changes, day, driven):
    project = make_project(state=state)
    make_plan(project, "2023-01-01")
    for effective_on, to in changes:
        StateChange.objects.create(
            project=project, state=to, effective_on=effective_on, reason="停工", made_at=NOW
        )
    day = dt.date.fromisoformat(str(day))
    assert driven_forward(day, Project.objects.all()).exists() == driven
    late = any(item.kind == "milestone_overdue" for item in findings(day))
    assert late == driven  # the alerts keep the same rule
    assert progress_of_projects(Project.objects.all(), as_of=day).exists() == driven


def test_statuses_part_what_fell_due(places):
    milestones = Milestone.objects.in_force()
    due = set(of_status(milestones, "due_by", TODAY))
    finished, late = (
        set(of_status(milestones, "due_done", TODAY)),
        set(of_status(milestones, "overdue", TODAY)),
    )
    assert finished | late < due
    assert not finished & late
    assert set(of_status(milestones, "on_time", TODAY)) < finished


# --- the page -------------------------------------------------------------------------------------------


def opened(client, address, query=None) -> str:
    response = client.get(address, query)
    assert response.status_code == 200
    return response.content.decode()


def shown(client, **query) -> Page:
    return Page.read(opened(client, reverse("progress_list"), query))


def people(scene):
    return {
        "office": make_user("office"),
        "reporter": make_user("reporter", unit=scene["builders"]),
        "sponsor": scene["boss"],
        "stranger": make_user("reporter"),
    }


def assert_doors_agree(client, queries, at_least):
    figures = {one for query in queries for one in shown(client, **query).figures}
    assert len(figures) >= at_least
    known = {one.href: Page.read(opened(client, one.href)).counts for one in figures}
    assert [one for one in figures if known[one.href] != [one.value]] == []


@pytest.mark.parametrize("person", turns(["office", "reporter", "sponsor", "stranger"]))
def test_every_number_opens_exactly_its_rows(client, places, person):
    client.force_login(people(places)[person])
    assert_doors_agree(client, [{}, {"by": "unit"}], at_least=5)


@pytest.mark.crawl
@pytest.mark.parametrize("by", ["", "unit"])
def test_doors_keep_the_filters_and_the_day(client, places, by):
    client.force_login(make_user("office"))
    narrowed = [{"list": make_list("省级重点").pk}, {"sponsor": places["first"].sponsor_id}, {"q": "甲"}]
    narrowed += [{"district": places["first"].host_district_id, "late": "true"}, {"as_of": "2023-09-11"}]
    assert_doors_agree(client, [{"by": by, **query} for query in narrowed], at_least=20)


def test_filters_and_order(client, places):
    client.force_login(make_user("office"))
    for query, names in (
        ({}, ["甲项目", "乙项目"]),
        ({"late": "true"}, ["甲项目"]),
        ({"q": "乙项"}, ["乙项目"]),
        ({"department": places["builders"].pk}, ["甲项目"]),
        ({"sort": "due"}, ["乙项目", "甲项目"]),
        ({"sort": "-soon"}, ["甲项目", "乙项目"]),
        ({"sort": "-next_milestone"}, ["乙项目", "甲项目"]),
        ({"sort": "-x", "page": "x"}, ["甲项目", "乙项目"]),
        *(({name: "x"}, []) for name in ("list", "late", "by", "department")),
    ):
        table = client.get(reverse("progress_list"), query).context["table"]
        assert [found.record.name for found in table.rows] == names, query
    text = opened(client, reverse("progress_list"))
    for words in ("逾期11天", "晚10天", "10月上旬：主体封顶", "640", "乙项目"):
        assert words in text
    units = client.get(reverse("progress_list"), {"by": "unit", "sort": "-slips"}).context["table"]
    assert [found.record.unit.name for found in units.rows] == ["建设局", "规划局"]


def test_files_hold_what_is_seen(client, places):
    client.force_login(make_user("office"))
    for by, heads, first in (
        ("", ["项目", "推进部门"], ["甲项目", "建设局", "中埠镇", 4, 2, 1, 25]),
        ("unit", ["责任单位", "应办节点"], ["建设局", 3, 1, 1]),
    ):
        response = client.get(reverse("progress_list"), {"format": "xlsx", "by": by, "late": "true"})
        sheet = openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content))).active
        rows = [[cell.value for cell in line] for line in sheet.iter_rows()]
        start = next(number for number, line in enumerate(rows) if line[:2] == heads)
        assert rows[start + 1][: len(first)] == first
        response = client.get(reverse("progress_list"), {"format": "docx", "by": by})
        assert b"".join(response.streaming_content)[:2] == b"PK"


def test_as_many_queries_for_thirty_projects_as_for_three(client, places):
    def queries(**query) -> int:
        return queries_of(opened, client, reverse("progress_list"), query)

    client.force_login(make_user("office"))
    queries()
    few = queries(), queries(by="unit")
    for _number in range(27):
        make_plan(make_project(lead_department=make_unit()), "2023-10-01", "2023-12-01")
    assert (queries(), queries(by="unit")) == few
