"""scan_alerts as the contract says, and the alert page."""

import datetime as dt
import json

import pytest
from django.core.management import call_command

from projects.models import Alert, Notice
from projects.services.alerts.scanning import scan_alerts
from tests.factories import NOW, TODAY, make_plan, make_problem, make_project, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]

QUIET = dt.date(2024, 1, 1)


@pytest.fixture
def project_in_trouble(unit):
    project = make_project("氮化硅项目", reports_from_on=QUIET, lead_department=unit)
    make_plan(project, "2023-10-10")
    make_problem(project)
    return project


def run(capsys, *arguments: str) -> dict:
    call_command("scan_alerts", "--json", *arguments)
    return json.loads(capsys.readouterr().out)


def test_a_scan_and_its_repetition(project_in_trouble, unit, capsys):
    make_user("reporter", unit=unit)
    assert run(capsys, "--as-of", "2023-10-12") == {
        "as_of": "2023-10-12",
        "opened": 2,
        "closed": 0,
        "open": {"milestone_overdue": 1, "problem_overdue": 1},
        "notices": 1,
    }
    again = run(capsys, "--as-of", "2023-10-12")
    assert (again["opened"], again["closed"], again["notices"]) == (0, 0, 0)
    assert again["open"] == {"milestone_overdue": 1, "problem_overdue": 1}


def test_a_rehearsal_lists_each_message_and_writes_nothing(project_in_trouble, unit, capsys):
    make_user("reporter", unit=unit, name="填报员")
    answer = run(capsys, "--rehearse")
    assert [message["to"] for message in answer["messages"]] == ["填报员"]
    line = answer["messages"][0]["lines"][0]
    assert line["project"] == "氮化硅项目" and line["why"] == "填报员" and line["next"]
    assert not Alert.objects.exists() and not Notice.objects.exists()
    call_command("scan_alerts", "--rehearse")
    assert "填报员" in capsys.readouterr().out


def test_the_page_lists_what_the_person_may_see(client, project_in_trouble, unit):
    make_plan(make_project("别处项目", reports_from_on=QUIET), "2023-10-10")
    scan_alerts(as_of=TODAY, now=NOW)
    client.force_login(make_user("reporter", unit=unit))
    page = client.get("/alerts/").content.decode()
    assert 'data-count="2"' in page and "氮化硅项目" in page and "别处项目" not in page
    assert f"/projects/{project_in_trouble.code}/" in page
    assert 'data-count="1"' in client.get("/alerts/?kind=problem_overdue").content.decode()
    assert 'data-count="1"' in client.get("/alerts/?late=15").content.decode()
    assert 'data-count="0"' in client.get("/alerts/?status=closed").content.decode()
    assert client.get("/alerts/?late=x&kind=1&unit=999&status=~&page=9&sort=-days_late").status_code == 200


def test_acknowledging_and_exempting_on_the_page(client, project_in_trouble, unit):
    scan_alerts(as_of=TODAY, now=NOW)
    alert = Alert.objects.first()
    client.force_login(make_user("reporter", unit=unit))
    client.post(f"/alerts/{alert.pk}/acknowledge/")
    alert.refresh_from_db()
    assert alert.acknowledged_at is not None
    assert client.post(f"/alerts/{alert.pk}/exempt/").status_code == 403
    client.force_login(make_user("office"))
    wrong = client.post(f"/alerts/{alert.pk}/exempt/", {"reason": "", "until_on": "2023-10-11"})
    assert wrong.status_code == 200
    past = client.post(f"/alerts/{alert.pk}/exempt/", {"reason": "待批", "until_on": "2023-10-11"})
    assert "不能早于今天" in past.content.decode()
    client.post(f"/alerts/{alert.pk}/exempt/", {"reason": "待批", "until_on": "2023-12-31"})
    assert 'data-count="1"' in client.get("/alerts/").content.decode()
    assert "豁免至" in client.get("/alerts/?status=exempt").content.decode()
    client.post(f"/alerts/{alert.pk}/lift/")
    assert 'data-count="2"' in client.get("/alerts/").content.decode()


def test_a_foreign_alert_answers_404(client, project_in_trouble):
    scan_alerts(as_of=TODAY, now=NOW)
    client.force_login(make_user("reporter"))
    for step in ("acknowledge", "exempt", "lift"):
        assert client.post(f"/alerts/{Alert.objects.first().pk}/{step}/").status_code == 404


def test_as_many_queries_for_thirty_alerts_as_for_one(client, unit, django_assert_max_num_queries):
    client.force_login(make_user("office"))
    for _ in range(30):
        make_plan(make_project(reports_from_on=QUIET, lead_department=unit), "2023-10-10")
    scan_alerts(as_of=TODAY, now=NOW)
    with django_assert_max_num_queries(12):
        client.get("/alerts/")
