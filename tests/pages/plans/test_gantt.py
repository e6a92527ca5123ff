"""Plans drawn: the axis as geometry, the chart's rows against hand-made plans, the pages and what they say in words."""

import datetime as dt
import re
from itertools import pairwise

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from projects.models import Milestone, Unit
from projects.queries.plans.gantt import gantt_of, plan_on
from projects.queries.plans.wall import WallMark
from projects.templatetags.axis import Axis
from projects.templatetags.gantt import axis_of, gantt_row, placed_labels
from tests.factories import (
    TODAY,
    make_list,
    make_listing,
    make_official,
    make_plan,
    make_project,
    make_unit,
    make_user,
)
from tests.reading import folded, queries_of

DAYS = st.dates(dt.date(2021, 1, 1), dt.date(2030, 12, 31))


# --- the axis -------------------------------------------------------------------------------------------


@given(st.lists(DAYS, min_size=1, max_size=12), st.integers(100, 2000))
def test_every_day_lies_on_the_axis_in_its_order(days, width):
    axis = Axis.around(days, width)
    assert axis.first_on.day == 1
    assert (axis.last_on + dt.timedelta(1)).day == 1
    places = [(axis.start(day), axis.end(day)) for day in sorted(days)]
    for day, (start, end) in zip(sorted(days), places, strict=True):
        assert 0 <= start <= axis.middle(day) <= end <= width
    assert places == sorted(places)


@given(DAYS, DAYS, st.integers(100, 2000))
def test_days_outside_are_drawn_at_the_edge(first, other, width):
    axis = Axis.around([first], width)
    if other < axis.first_on:
        assert axis.end(other) == 0
    elif other > axis.last_on:
        assert axis.start(other) == width
    assert axis.holds(other) == (axis.first_on <= other <= axis.last_on)


@given(DAYS, DAYS, st.integers(300, 2000))
def test_the_bands_of_the_scale_fill_the_axis_without_gaps(one, other, width):
    axis = Axis.around([one, other], width)
    assert axis.years()
    for bands in filter(None, (axis.years(), axis.parts())):
        assert bands[0].x == 0
        assert bands[-1].x + bands[-1].width == pytest.approx(width, abs=0.2)
        for band, after in pairwise(bands):
            assert band.x + band.width == pytest.approx(after.x, abs=0.2)


def test_months_are_named_while_wide_then_quarters_and_tens_of_days_on_short_axes():
    year = Axis.of_year(2023, 700)
    assert [band.words for band in year.parts()][:2] == ["1月", "2月"]
    assert len(year.ten_days()) == 24
    long = Axis(dt.date(2023, 1, 1), dt.date(2026, 12, 31), 980)
    assert [band.words for band in long.parts()][:2] == ["1季", "2季"]
    assert long.ten_days() == []
    assert Axis(dt.date(2000, 1, 1), dt.date(2050, 12, 31), 700).parts() == []


@given(
    st.lists(
        st.tuples(st.dates(dt.date(2023, 1, 1), dt.date(2023, 12, 31)), st.text("主体封顶", min_size=1)),
        max_size=9,
    )
)
def test_names_on_the_wall_never_run_into_each_other(nodes):
    axis = Axis.of_year(2023, 700)
    marks = [WallMark(name, day, None, None, 0) for day, name in sorted(nodes)]
    lanes: dict[int, float] = {}
    labels = placed_labels(axis, marks)
    assert labels or all(axis.middle(day) < 6 for day, _name in nodes)  # at the very edge a name has no room
    for x, y, anchor, words in labels:
        width = (len(words) - 3) * 11 + 22
        left = x if anchor == "start" else x - width
        assert left >= lanes.get(y, 0)
        lanes[y] = left + width


# --- the rows -------------------------------------------------------------------------------------------


@pytest.fixture
def plan(db):
    """Four steps: done late, overdue with a duration, waiting for it, and an event at the end."""
    project = make_project("储能项目", lead_department=make_unit("建设局"))
    plan = make_plan(project, "2023-08-31", "2023-10-09", "2023-10-31", "2023-10-31", starts_on="2023-08-01")
    one, two, three, four = plan.milestones.all()
    fields = [(one, 10, "working"), (two, 10, "calendar"), (three, 20, "calendar"), (four, 0, "working")]
    for milestone, duration, kind in fields:
        milestone.duration, milestone.day_kind = duration, kind
        milestone.save()
    for before, after in ((one, two), (two, three), (three, four)):
        after.predecessors.add(before)
    Milestone.objects.filter(pk=one.pk).update(achieved_on=dt.date(2023, 9, 4), evidence="1号")
    return plan


def chart(plan, as_of=TODAY):
    plan.refresh_from_db()
    return gantt_of(plan.project, as_of=as_of)


def test_bars_run_from_the_first_day_of_the_duration_in_its_kind_of_days(plan):
    one, two, three, four = chart(plan).rows
    assert (one.start_on, one.due_on) == (dt.date(2023, 8, 18), dt.date(2023, 8, 31))  # ten weekdays
    assert (two.start_on, two.due_on) == (dt.date(2023, 9, 30), dt.date(2023, 10, 9))
    assert (three.start_on, four.start_on) == (dt.date(2023, 10, 12), None)


def test_done_late_and_pushed(plan):
    one, two, three, four = chart(plan).rows
    assert (one.achieved_on, one.late_days, one.late_done_days) == (dt.date(2023, 9, 4), 0, 4)
    assert (two.late_days, two.expected_on) == (3, TODAY)
    assert three.expected_on == dt.date(2023, 11, 1)  # twenty days after the day itself
    assert four.expected_on == dt.date(2023, 11, 1)
    assert (chart(plan).expected_finish_on, chart(plan).expected_late_days) == (dt.date(2023, 11, 1), 1)


def test_what_is_done_leaves_the_critical_path(plan):
    assert [row.is_critical for row in chart(plan).rows] == [False, True, True, True]


def test_a_past_day_is_drawn_as_it_was(plan):
    one, two, *_rest = chart(plan, dt.date(2023, 9, 2)).rows
    assert (one.achieved_on, one.late_days, one.is_critical) == (None, 2, True)
    assert two.late_days == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda plan: plan.milestones.update(duration=None), "未填写工期"),
        (lambda plan: [one.predecessors.clear() for one in plan.milestones.all()], "未填写紧前关系"),
        (lambda plan: plan.milestones.update(achieved_on="2023-10-01", evidence="1号"), "全部节点已办结"),
    ],
)
def test_why_there_is_no_critical_path_is_said(plan, change, words):
    change(plan)
    assert words in chart(plan).no_path
    assert not any(row.is_critical for row in chart(plan).rows)


def test_a_cycle_is_named_and_the_rest_is_drawn(plan):
    two, three = plan.milestones.all()[1:3]
    two.predecessors.add(three)
    found = chart(plan)
    assert "形成循环" in found.no_path
    assert found.rows[1].start_on == dt.date(2023, 9, 30)


def test_the_baseline_is_the_first_plans_and_the_plan_that_of_the_day(plan):
    new = make_plan(plan.project, "2023-09-10", number=2, approved_on="2023-09-01")
    Milestone.objects.filter(plan=new).update(baseline=plan.milestones.first(), duration=3)
    (row,) = chart(new).rows
    assert (row.baseline_start_on, row.baseline_on) == (dt.date(2023, 8, 18), dt.date(2023, 8, 31))
    assert plan_on(plan.project, dt.date(2023, 8, 31)) == plan
    assert plan_on(plan.project, TODAY) == new
    assert plan_on(make_project(), TODAY) is None


def test_bars_stay_within_the_axis_and_carry_their_words(plan):
    found = chart(plan)
    axis = axis_of(found)
    for row in found.rows:
        drawing = gantt_row(axis, row, TODAY)
        for x, width in re.findall(r'<rect class="[^"]+" x="([\d.]+)" y="\d+" width="([\d.]+)"', drawing):
            assert 0 <= float(x) <= float(x) + float(width) <= axis.width + 2
        assert row.milestone.name in drawing
        assert f'x1="{axis.end(TODAY)}"' in drawing  # the line of the day
    assert "逾期3天" in gantt_row(axis, found.rows[1], TODAY)
    assert "g-critical" in gantt_row(axis, found.rows[1], TODAY)
    assert "g-achieved" in gantt_row(axis, found.rows[0], TODAY)
    assert "10-31→11-1" in gantt_row(axis, found.rows[2], TODAY)


def test_an_expected_day_of_another_year_carries_it(plan):
    Milestone.objects.filter(plan=plan, position=3).update(duration=90)
    found = chart(plan)
    assert "10-31→2024-1-10" in gantt_row(axis_of(found), found.rows[2], TODAY)


def test_a_milestone_without_a_date_says_so(db):
    plan = make_plan(make_project(), "未定")
    found = chart(plan)
    assert "未定日期" in gantt_row(axis_of(found), found.rows[0], TODAY)


# --- the pages ------------------------------------------------------------------------------------------


def page(client, name, *args, **query) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return folded(response.content.decode())


@pytest.mark.usefixtures("db")
class TestPages:
    def test_the_table_says_what_the_drawing_shows(self, client, plan):
        client.force_login(make_user("office"))
        text = page(client, "gantt_detail", plan.project.code)
        assert text.count('class="gantt-svg"') == 1 + 4
        body = text[text.index("gantt-table") :]
        for words in ("2023-09-30 至 2023-10-09", "逾期3天", "逾期4天办结", "2023-09-04", "建设局", "关键"):
            assert words in body
        assert "style=" not in text[text.index("<main") :]

    def test_a_plan_is_missing_kindly_and_a_stranger_finds_nothing(self, client):
        project = make_project()
        client.force_login(make_user("office"))
        assert "尚无已批准的推进方案" in page(client, "gantt_detail", project.code)
        client.force_login(make_user("reporter"))
        assert client.get(reverse("gantt_detail", args=[project.code])).status_code == 404

    @pytest.mark.parametrize("as_of", ["2023-01-01", "2031-12-31", "1999-01-01", "x"])
    def test_any_day_is_drawn(self, client, plan, as_of):
        client.force_login(make_user("office"))
        assert "gantt-svg" in page(client, "gantt_detail", plan.project.code, as_of=as_of)
        page(client, "wall_chart", as_of=as_of, list="x", department="99999999999", page="\x00")

    def test_the_wall_opens_on_ones_own(self, client, plan):
        boss = make_user("sponsor")
        sponsored = make_project("挂包项目", sponsor=make_official("张领导", boss))
        listed = make_project("名单项目", host_district=make_unit("中埠镇", Unit.Kind.DISTRICT))
        make_listing(listed, make_list("省级重点"))
        reporter = make_user("reporter", unit=plan.project.lead_department)
        local = make_user("unit_head", unit=listed.host_district)
        everything = {"储能项目", "挂包项目", "名单项目"}
        for user, own in ((reporter, "储能项目"), (boss, "挂包项目"), (local, "名单项目")):
            client.force_login(user)
            assert {name for name in everything if name in page(client, "wall_chart")} == {own}
        client.force_login(make_user("office"))
        assert {name for name in everything if name in page(client, "wall_chart")} == {"名单项目"}
        assert {name for name in everything if name in page(client, "wall_chart", list="")} == everything
        assert {
            name for name in everything if name in page(client, "wall_chart", sponsor=sponsored.sponsor_id)
        } == {"挂包项目"}

    def test_the_wall_shows_lateness_in_words_and_leaves_out_who_is_held(self, client, plan):
        client.force_login(make_user("office"))
        text = page(client, "wall_chart", list="")
        assert "节点2 2023-10-09（逾期3天）" in text
        assert 'data-count="1"' in text
        plan.project.state = "suspended"
        plan.project.save()
        assert "没有正常推进的项目" in page(client, "wall_chart", list="")

    def test_as_many_queries_for_thirty_projects_as_for_one(self, client, plan):
        def queries(*args, **query) -> int:
            return queries_of(page, client, *args, **query)

        client.force_login(make_user("office"))
        queries("wall_chart", list="")
        one = queries("wall_chart", list="")
        few = queries("gantt_detail", plan.project.code)
        for _number in range(29):
            make_plan(make_project(sponsor=make_official()), "2023-10-01", "2023-12-01")
        for number in range(5, 30):
            Milestone.objects.create(
                plan=plan,
                position=number,
                stage="completion",
                name=f"节点{number}",
                due="2023-12-01",
                duration=3,
            )
        assert queries("wall_chart", list="") == one
        assert queries("gantt_detail", plan.project.code) == few
