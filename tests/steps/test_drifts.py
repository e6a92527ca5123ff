"""Pages that had offered what was refused, or hidden what could be done, until they asked steps_of."""

import pytest
from django.urls import reverse

from projects.models import (
    Alert,
    AnnualList,
    BaselineCurve,
    ListAdjustment,
    ListKind,
    Project,
    ReportState,
    Role,
)
from projects.periods import TenDayPeriod
from projects.services.reports.filling import version_of
from projects.services.reports.urging import urge_reports
from tests.factories import NOW, TODAY, make_list, make_project, make_report, make_unit, make_user

pytestmark = pytest.mark.django_db
OPEN, LOCKED = "2023-10-1", "2023-09-1"


@pytest.fixture
def page(client, scene):
    def read(person: str, name: str, *args, **query) -> str:
        client.force_login(scene.people[person])
        return client.get(reverse(name, args=args), query).content.decode()

    return read


@pytest.mark.parametrize("person", ["reporter", "office"])
def test_a_project_offers_to_report_and_to_split_only_while_it_goes_on(scene, page, person):
    code = scene.project.code
    forms = [reverse("report_edit", args=[code, "2023-10-2"]), scene.address("target_edit")]
    assert all(form in page(person, "project_detail", code) for form in forms)
    Project.objects.filter(pk=scene.project.pk).update(state=Project.State.CLOSED)
    assert not any(form in page(person, "project_detail", code) for form in forms)


def test_a_project_as_of_a_locked_period_offers_it_to_the_office_alone(scene, page):
    form = reverse("report_edit", args=[scene.project.code, LOCKED])
    as_of = {"as_of": "2023-09-05"}
    assert form not in page("reporter", "project_detail", scene.project.code, **as_of)
    assert form in page("office", "project_detail", scene.project.code, **as_of)


def test_a_draft_left_over_from_a_locked_period_is_not_offered_to_go_on_with(scene, page):
    report = make_report(scene.project, LOCKED, state=ReportState.DRAFT)
    assert "继续填报" not in page("reporter", "report_detail", report.pk)
    assert "继续填报" in page("office", "report_detail", report.pk)


def test_the_office_mends_a_returned_report_of_a_locked_period_without_a_reason(scene, page, client):
    report = make_report(scene.project, LOCKED, state=ReportState.RETURNED, return_reason="金额有误")
    assert "须在“情况说明”中写明原因" not in page("office", "report_edit", scene.project.code, LOCKED)
    typed = {"invested_this_year": "100", "physical_progress": "三层", "action": "submit"}
    typed["version"] = version_of(report)
    client.post(reverse("report_edit", args=[scene.project.code, LOCKED]), typed)
    report.refresh_from_db()
    assert report.state == ReportState.SUBMITTED


def test_urging_is_offered_however_the_page_is_narrowed(scene, page):
    make_report(make_project(lead_department=make_unit()), OPEN)
    other = AnnualList.objects.create(
        kind=ListKind.objects.exclude(pk=make_list().kind_id).first(), year=2023
    )
    assert "一键催报" in page("office", "missing_list", period=OPEN, list=other.pk)
    make_report(scene.project, OPEN, state=ReportState.SUBMITTED)
    assert "一键催报" not in page("office", "missing_list", period=OPEN, list=other.pk)


def test_a_head_is_told_that_the_reporters_of_a_hosted_project_are_not_the_units(scene):
    other, host = make_unit(), make_unit()
    make_user(Role.REPORTER, unit=other)
    make_project(lead_department=other, host_district=host)
    head = make_user(Role.UNIT_HEAD, unit=host)
    urged = urge_reports(period=TenDayPeriod.parse(OPEN), units={host.pk}, by=head, now=NOW)
    assert urged.words == "没有可以催报的填报员。"


def test_the_form_of_an_exemption_says_that_the_alert_is_closed(scene, page):
    Alert.objects.update(closed_on=TODAY)
    text = page("office", "alert_exempt", Alert.objects.get().pk)
    assert "该预警已解除，无需豁免。" in text
    assert "<textarea" not in text


def test_the_forms_of_a_draft_say_whose_it_is(scene, page):
    ListAdjustment.objects.update(made_by=make_user(Role.OFFICE, name="张三"))
    adjustment = ListAdjustment.objects.get()
    for name, query in (
        ("adjustment_edit", {}),
        ("adjustment_line_create", {}),
        ("adjustment_line_create", {"project": scene.project.code}),
    ):
        text = page("office", name, adjustment.pk, **query)
        assert "草稿由拟订人张三修改" in text, (name, query)
        assert 'name="document"' not in text and 'name="change"' not in text and 'name="q"' not in text


def test_a_curve_that_projects_without_a_split_follow_is_offered_as_another(scene, page):
    curve = BaselineCurve.objects.filter(annuallist__isnull=True).first()
    edit = reverse("baseline_edit", args=[curve.pk])
    assert edit in page("office", "baseline_list")
    AnnualList.objects.update(curve=curve, baseline="own_plan")
    text = page("office", "baseline_list")
    assert edit not in text
    assert f"{reverse('baseline_create')}?based_on={curve.pk}" in text


def test_a_batch_that_was_not_written_is_not_asked_to_be_taken_back(scene, page):
    text = page("office", "import_revert", scene.arguments["import_revert"]["pk"])
    assert "不能撤销" in text
    assert "删除" not in text
