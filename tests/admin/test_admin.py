"""The admin site: who comes in, what services write, the lists."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse
from openpyxl import load_workbook

from projects.models import (
    AuditRecord,
    DeliveryPlan,
    Listing,
    Notice,
    ProgressReport,
    Project,
    ReportState,
    User,
)
from tests.admin_pages import everything, save, url
from tests.factories import NOW, make_project, make_report, make_user
from tests.reading import page_queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_office")]
MODELS = sorted(
    (model for model in admin.site._registry if model._meta.app_label == "projects"),
    key=lambda model: model.__name__,
)


# -- who comes in ----------------------------------------------------------------------------------------


def test_every_model_of_the_product_has_its_admin_page():
    below = {
        "AlertExemption",
        "AlertStep",
        "CarryOver",
        "Duty",
        "Handover",
        "ListingVersion",
        "Milestone",
        "ProblemClosing",
    }
    below |= {
        "Belonging",
        "LedgerReading",
        "ProblemEntry",
        "ProjectMember",
        "StateChange",
        "UnitName",
        "ChainMember",
        "ChainSegment",
        "ChainTask",
        "LeadStep",
        "IndicatorValue",
        "DueReminder",
        "ListAdjustmentLine",
        "TemplateStep",
        "AssessmentCorrection",
        "AssessmentEntry",
        "ScoringItem",
        "LightBand",
        "PeriodTarget",
    }
    missing = {model.__name__ for model in apps.get_app_config("projects").get_models()} - below
    missing -= {model.__name__ for model in MODELS}
    assert missing == set()


@pytest.mark.parametrize("role", ["office", "administrator"])
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_staff_open_every_list_and_every_page(client, role, model):
    client.force_login(make_user(role, is_staff=True))
    everything()
    assert client.get(url(model, "changelist")).status_code == 200
    row = model.objects.first()
    if row is not None:
        assert client.get(url(model, "change", row.pk)).status_code == 200
        assert client.get(url(model, "history", row.pk)).status_code == 200
    assert client.get(url(model, "add")).status_code in {200, 403}


@pytest.mark.parametrize("role", ["reporter", "unit_head", "sponsor", "service_officer", "inspector"])
def test_others_stay_outside_even_when_somebody_ticked_staff(client, role):
    client.force_login(make_user(role))
    assert client.get(url(Project, "changelist")).status_code == 302
    client.force_login(make_user(role, is_staff=True))
    assert client.get(url(Project, "changelist")).status_code == 403
    assert client.get(url(User, "changelist")).status_code == 403


def test_the_office_reads_accounts_but_writes_none(client):
    other = make_user("reporter", password="!hash-that-nobody-may-see")
    page = client.get(url(User, "change", other.pk))
    assert page.status_code == 200
    assert "hash-that" not in page.content.decode()
    assert client.get(url(User, "add")).status_code == 403
    assert client.post(url(User, "change", other.pk), {"full_name": "改名"}).status_code == 403
    assert client.get(reverse("admin:auth_user_password_change", args=[other.pk])).status_code == 403


def test_an_administrator_without_office_duty_reads_projects_but_writes_none(client, administrator):
    project = make_project()
    assert client.get(url(Project, "change", project.pk)).status_code == 200
    assert client.post(url(Project, "change", project.pk), {"name": "改名"}).status_code == 403


def test_nothing_can_be_deleted(client):
    client.force_login(make_user(is_staff=True, is_superuser=True))
    project = everything()
    assert client.post(url(Project, "delete", project.pk), {"post": "yes"}).status_code == 403
    page = client.get(url(Project, "changelist"))
    assert "delete_selected" not in dict(page.context["action_form"].fields["action"].choices)


def test_an_administrator_by_duty_cannot_reach_a_superuser(client, administrator):
    root = make_user(is_staff=True, is_superuser=True)
    assert client.post(url(User, "change", root.pk), {"full_name": "改名"}).status_code == 403
    assert client.get(reverse("admin:auth_user_password_change", args=[root.pk])).status_code == 403
    own = save(client, url(User, "change", administrator.pk), is_superuser="on")
    assert own.status_code == 302
    administrator.refresh_from_db()
    assert not administrator.is_superuser


# -- what services write ---------------------------------------------------------------------------------


def test_reports_are_confirmed_here_but_not_written(client, office):
    waiting = make_report(make_project(), state=ReportState.SUBMITTED)
    assert client.get(url(ProgressReport, "add")).status_code == 403
    assert (
        client.post(url(ProgressReport, "change", waiting.pk), {"invested_this_year": "9"}).status_code == 403
    )
    data = {"action": "confirm", "_selected_action": [waiting.pk]}
    page = client.post(url(ProgressReport, "changelist"), data, follow=True)
    assert "已确认1份旬报" in page.content.decode()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.confirmed_by) == (ReportState.CONFIRMED, office)


def test_given_up_notices_are_queued_again_and_others_are_not(client, office):
    rows = [
        Notice.objects.create(
            key=state,
            recipient=office,
            channel="email",
            subject="预警",
            body="x",
            made_at=NOW,
            state=state,
            attempts=5,
        )
        for state in ("given_up", "sent")
    ]
    data = {"action": "send_again", "_selected_action": [row.pk for row in rows]}
    page = client.post(url(Notice, "changelist"), data, follow=True)
    assert "1条消息已重新排入待发送" in page.content.decode()
    assert list(Notice.objects.order_by("key").values_list("state", "attempts")) == [
        ("queued", 0),
        ("sent", 5),
    ]


# -- lists -----------------------------------------------------------------------------------------------


def test_a_list_is_exported_as_text_that_cannot_run(client):
    project = make_project(name="=HYPERLINK(1)", developer="@公司", total_investment=Decimal("1234.56"))
    data = {"action": "export_xlsx", "_selected_action": [project.pk]}
    response = client.post(url(Project, "changelist"), data)
    sheet = load_workbook(BytesIO(b"".join(response.streaming_content))).active
    heads, values = [[cell.value for cell in row] for row in sheet.rows]
    row = dict(zip(heads, values, strict=True))
    assert heads[:3] == ["项目代码", "项目名称", "建设单位"]
    assert row["项目名称"] == "=HYPERLINK(1)"
    assert {cell.data_type for cell in sheet[2]} <= {"s", "n"}
    assert row["总投资（万元）"] == 1234.56
    assert row["项目状态"] == "正常推进"


@pytest.mark.parametrize("model", [Project, Listing, DeliveryPlan, ProgressReport, AuditRecord, User])
def test_a_list_takes_as_many_queries_for_thirty_rows_as_for_one(
    client, office, model, django_assert_num_queries
):

    def queries():
        return page_queries(client, url(model, "changelist"))

    def add():
        project = everything()
        AuditRecord.objects.create(
            at=NOW, by=office, action="修改", project=project, model="project", object_id=1, object_text="x"
        )
        make_user("reporter")

    add()
    few = queries()
    for _ in range(29):
        add()
    assert queries() == few


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "q=" + "长" * 3000,
        "p=99999999999999999999",
        "p=-1",
        "o=99.x.-1",
        "state__exact=nonsense",
        "lead_department__id__exact=abc",
        "lead_department__id__exact=99999999999999999999999",
        "started_on__year=99999",
        "started_on__year=2023&started_on__month=13",
        "no_such_field=1",
        "_facets=1",
        "all=1",
    ],
)
def test_no_address_of_a_list_answers_500(client, query):
    everything()
    assert client.get(f"{url(Project, 'changelist')}?{query}").status_code in {200, 302, 400}


@pytest.mark.parametrize("key", ["abc", "0", "-1", "99999999999999999999999", "%00", "1_2F"])
def test_no_address_of_a_row_answers_500(client, key):
    for page in ("change", "history"):
        address = url(Project, page, 1).replace("/1/", f"/{key}/")
        assert client.get(address).status_code in {302, 403, 404}


def test_autocompletes_answer_for_the_long_lists(client):
    project = everything()
    for model, field in (("project", "sponsor"), ("project", "lead_department"), ("listing", "project")):
        query = {"app_label": "projects", "model_name": model, "field_name": field, "term": ""}
        assert client.get(reverse("admin:autocomplete"), query).json()["results"]
    query = {"app_label": "projects", "model_name": "listing", "field_name": "project", "term": project.name}
    assert client.get(reverse("admin:autocomplete"), query).json()["results"][0]["text"] == project.name
