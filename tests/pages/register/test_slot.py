"""六个一: one definition of a gap, asked of any day, counted and opened."""

import datetime as dt
import re
from html import unescape
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from projects.models import Handover, Project, ReportState, Role, Unit
from projects.queries.register.six_slots import SlotsOfDay, gap_counts, is_filled, with_gap
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
from tests.reading import page_queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
LAST_DUE = "2023-10-1"


def whole(name=None, **fields) -> Project:
    """A project with all six slots filled on TODAY."""
    holders = {
        "sponsor": make_official(),
        "lead_department": make_unit(),
        "host_district": make_unit(kind=Unit.Kind.DISTRICT),
    }
    project = make_project(name, **holders | fields)
    make_plan(project, "2023-12-01")
    make_report(project, LAST_DUE)
    return project


def empty(project, day=TODAY) -> set[str]:
    row = SlotsOfDay.on(day).with_slots(Project.objects.filter(pk=project.pk)).get()
    slots = {"project", "sponsor", "lead_department", "host_district", "plan", "followed"}
    found = {slot for slot in slots if not is_filled(row, slot)}
    assert row.gaps == len(found)
    return found


# --- the definition ---------------------------------------------------------------------------------------


def test_six_filled_slots_are_no_gap():
    assert empty(whole()) == set()
    assert not with_gap(Project.objects.all(), TODAY).exists()


@pytest.mark.parametrize("slot", ["sponsor", "lead_department", "host_district"])
def test_a_slot_left_vacant_is_empty_from_that_day(slot):
    project = whole()
    Handover.objects.create(project=project, slot=slot, from_on=TODAY, made_at=NOW)
    assert empty(project) == {slot}
    assert slot not in empty(project, TODAY - dt.timedelta(days=1))


def test_a_plan_fills_its_slot_when_approved_and_with_milestones():
    project = whole()
    project.plans.update(approved_on=TODAY + dt.timedelta(days=1))
    assert empty(project) == {"plan"}
    project.plans.update(approved_on=TODAY)
    assert empty(project) == set()
    project.plans.get().milestones.all().delete()
    assert empty(project) == {"plan"}


def test_a_draft_is_no_plan():
    project = whole()
    project.plans.update(state="draft")
    assert empty(project) == {"plan"}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, {"followed"}),
        ({"in_production_on": dt.date(2023, 10, 1)}, set()),
        ({"state": Project.State.SUSPENDED}, set()),
        ({"reports_from_on": dt.date(2023, 10, 11)}, set()),
    ],
)
def test_the_sixth_slot_asks_for_the_last_report_that_was_due(fields, expected):
    project = whole(**fields)
    project.reports.all().delete()
    assert empty(project) == expected


def test_a_report_that_is_only_a_draft_is_not_handed_in():
    project = whole()
    project.reports.update(state=ReportState.DRAFT)
    assert empty(project) == {"followed"}


def test_withdrawn_projects_and_such_as_came_later_are_not_asked():
    make_project(state=Project.State.WITHDRAWN)
    later = make_project(reports_from_on=dt.date(2023, 10, 11))
    Project.objects.update(created_at=NOW)
    assert set(with_gap(Project.objects.all(), TODAY)) == {later}
    assert not with_gap(Project.objects.all(), dt.date(2022, 12, 31)).exists()


def test_counts_are_of_the_same_rows():
    whole()
    make_project(sponsor=make_official())
    counted = gap_counts(SlotsOfDay.on(TODAY).rows(Project.objects.all()))
    assert counted == {
        "all": 2,
        "any": 1,
        "project": 0,
        "sponsor": 0,
        "lead_department": 1,
        "host_district": 1,
        "plan": 1,
        "followed": 1,
    }


# --- the page ---------------------------------------------------------------------------------------------


def figures(page: str) -> list[tuple[str, str, str]]:
    found = re.findall(r'<a class="figure" data-figure="(\w+)" data-value="(\d+)" href="([^"]+)"', page)
    return [(key, value, unescape(href)) for key, value, href in found]


@pytest.mark.crawl
def test_each_count_opens_exactly_its_projects(as_office):
    province = make_list("省级重点")
    make_listing(whole("甲"), province)
    make_listing(make_project("乙", sponsor=make_official()), province)
    make_project("丙")
    for query in ({}, {"list": province.pk}, {"missing": "sponsor"}):
        page = as_office.get(reverse("slot_list"), query).content.decode()
        assert len(figures(page)) == 7
        for key, value, href in figures(page):
            assert f'data-count="{value}"' in as_office.get(href).content.decode(), (query, key)


def test_filters_by_slot_list_and_holder(as_office):
    unit = make_unit()
    mine = whole("甲", lead_department=unit)
    make_listing(mine)
    make_project("乙", lead_department=unit)
    make_project("丙")

    def rows(**query):
        table = as_office.get(reverse("slot_list"), query).context["table"]
        return [row.record.name for row in table.paginated_rows]

    assert rows() == ["丙", "乙", "甲"]  # the most gaps first
    assert rows(missing="any") == ["丙", "乙"]
    assert rows(missing="lead_department") == rows(lead_department="none") == ["丙"]
    assert rows(lead_department=unit.pk) == ["乙", "甲"]
    assert rows(list=make_list().pk) == ["甲"]
    assert rows(q="甲") == ["甲"]


def test_a_gap_leads_the_office_to_its_form_and_a_reporter_to_the_report(client):
    unit = make_unit()
    project = make_project(lead_department=unit)
    client.force_login(make_user(Role.OFFICE, is_staff=True))
    page = client.get(reverse("slot_list")).content.decode()
    assert f"{reverse('handover_create', args=[project.code])}?slot=sponsor" in page
    client.force_login(make_user(Role.REPORTER, unit=unit))
    page = client.get(reverse("slot_list")).content.decode()
    assert "handovers/new" not in page
    assert reverse("report_edit", args=[project.code, LAST_DUE]) in page


def test_ledger_filter_and_desk_speak_of_the_same_projects(as_office):
    whole("甲")
    for _ in range(7):  # more than the desk shows, so that it links to the rest
        make_project()
    assert 'data-count="7"' in as_office.get(reverse("project_list"), {"gap": "true"}).content.decode()
    assert f"{reverse('slot_list')}?missing=any" in as_office.get(reverse("desk")).content.decode()


def test_the_project_page_says_the_slots_of_the_day_asked(as_office):
    before, after = make_official("领导甲"), make_official("领导乙")
    project = whole(sponsor=before)
    Handover.objects.create(project=project, slot="sponsor", official=after, from_on=TODAY, made_at=NOW)
    Project.objects.update(sponsor=after)

    def sponsor(**query):
        slots = as_office.get(reverse("project_detail", args=[project.code]), query).context["slots"]
        return next(slot.value for slot in slots if slot.key == "sponsor")

    assert sponsor() == "领导乙"
    assert sponsor(as_of="2023-10-11") == "领导甲"


def test_a_file_says_in_words_what_the_page_marks(as_office):
    make_project("乙")
    response = as_office.get(reverse("slot_list"), {"format": "xlsx"})
    sheet = load_workbook(BytesIO(b"".join(response.streaming_content))).active
    assert ["乙", "缺5项", "待明确", "待明确", "待明确", "待编制", "10月上旬缺报"] in [
        [cell.value for cell in row] for row in sheet.iter_rows()
    ]


@pytest.mark.parametrize("name", ["slot_list", "responsibility_list", "responsibility_summary"])
def test_pages_ask_as_often_for_thirty_projects_as_for_three(as_office, name):
    def ask():
        return page_queries(as_office, reverse(name))

    for _ in range(3):
        whole()
    ask()
    few = ask()
    for _ in range(27):
        whole()
    assert ask() == few
