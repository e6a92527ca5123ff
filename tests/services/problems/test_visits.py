"""A visit logged for a leader by another counts once the leader or the office has confirmed it (走访确认)."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from projects.models import AuditRecord, Notice, Project, Role, SiteVisit, User
from projects.queries.desk.desk import Desk
from projects.queries.desk.owed import OwedKind
from projects.queries.problems.visits import sponsor_visits, visits_owed
from projects.services.problems import visits
from tests.factories import NOW, TODAY, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]
State = SiteVisit.State


@pytest.fixture
def clerk(sponsored_project):
    return make_user(Role.REPORTER, unit=sponsored_project.lead_department)


@pytest.fixture
def waiting(sponsored_project, official, clerk):
    """Logged by a reporter of the department for the leader who came."""
    return log(sponsored_project, clerk, official=official)


def log(project, by, **fields):
    fields = {"visited_on": TODAY, "findings": "主体施工至三层", **fields}
    return visits.log_visit(project=project, by=by, now=NOW, **fields)


def owed():
    return visits_owed(Project.objects.all(), as_of=TODAY).count()


def on_desk(user):
    groups = [group for section in Desk(user, TODAY).sections() for group in section.groups]
    return sum(group.count for group in groups if group.kind == OwedKind.VISIT_CONFIRM)


def test_a_visit_logged_for_a_leader_counts_only_from_its_confirmation(waiting, sponsor):
    assert waiting.state == State.WAITING
    assert (owed(), sponsor_visits(Project.objects.all(), as_of=TODAY)[0].made) == (1, 0)
    assert Notice.objects.get(recipient=sponsor, channel="in_app").link == reverse(
        "visit_detail", args=[waiting.pk]
    )
    visits.confirm_visit(visit=waiting, by=sponsor, now=NOW)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.decided_by) == (State.CONFIRMED, sponsor)
    assert (owed(), sponsor_visits(Project.objects.all(), as_of=TODAY)[0].made) == (0, 1)
    assert AuditRecord.objects.filter(action="确认走访", by=sponsor).count() == 1


def test_what_the_leader_logs_counts_at_once_and_so_does_what_no_leader_led(
    sponsored_project, sponsor, official, clerk
):
    assert log(sponsored_project, sponsor, official=official).state == State.CONFIRMED
    assert log(sponsored_project, clerk).state == State.CONFIRMED
    assert not Notice.objects.exists()


def test_it_stands_on_the_desks_of_the_leader_and_of_the_office(waiting, sponsor, office, clerk):
    assert (on_desk(sponsor), on_desk(office), on_desk(clerk)) == (1, 1, 0)
    visits.confirm_visit(visit=waiting, by=office, now=NOW)
    assert (on_desk(sponsor), on_desk(office)) == (0, 0)


def test_the_office_confirms_what_it_logged_only_when_it_is_one_person(sponsored_project, official, office):
    other = make_user(Role.OFFICE)
    visit = log(sponsored_project, office, official=official)
    assert (on_desk(office), on_desk(other)) == (0, 1)
    with pytest.raises(ValidationError, match="不能确认自己代为登记"):
        visits.confirm_visit(visit=visit, by=office, now=NOW)
    User.objects.filter(pk=other.pk).update(is_active=False)
    office = User.objects.get(pk=office.pk)  # a request later
    assert on_desk(office) == 1
    assert visits.confirm_visit(visit=visit, by=office, now=NOW).state == State.CONFIRMED


def test_a_visit_sent_back_says_why_and_is_logged_anew_with_other_words(
    sponsored_project, official, waiting, sponsor, clerk
):
    with pytest.raises(ValidationError, match="请填写退回原因"):
        visits.return_visit(visit=waiting, reason=" ", by=sponsor, now=NOW)
    visits.return_visit(visit=waiting, reason="当日未到现场", by=sponsor, now=NOW)
    assert "当日未到现场" in Notice.objects.get(recipient=clerk, channel="in_app").body
    with pytest.raises(ValidationError, match="请修改后重新登记"):
        log(sponsored_project, clerk, official=official)
    assert log(sponsored_project, clerk, official=official, findings="更正").state == State.WAITING
    assert owed() == 1


def test_one_takes_back_ones_own_entry_and_nobody_elses(waiting, sponsor, clerk):
    with pytest.raises(PermissionDenied, match="只有登记人"):
        visits.withdraw_visit(visit=waiting, by=sponsor, now=NOW)
    visits.withdraw_visit(visit=waiting, by=clerk, now=NOW)
    with pytest.raises(ValidationError, match="该次走访已撤回"):
        visits.confirm_visit(visit=waiting, by=sponsor, now=NOW)


def test_the_database_refuses_a_return_without_a_reason(waiting):
    with pytest.raises(IntegrityError), transaction.atomic():
        SiteVisit.objects.filter(pk=waiting.pk).update(state=State.RETURNED)


def test_the_list_shows_what_counts_and_beside_it_what_waits(client, waiting, sponsor):
    client.force_login(sponsor)
    assert waiting.findings not in client.get(reverse("visit_list")).content.decode()
    page = client.get(reverse("visit_list"), {"unsettled": "1"}).content.decode()
    assert waiting.findings in page and "待确认" in page
    assert waiting.findings in client.get(reverse("visit_detail", args=[waiting.pk])).content.decode()
    client.post(reverse("visit_confirm", args=[waiting.pk]))
    assert waiting.findings in client.get(reverse("visit_list")).content.decode()
    assert 'href="?unsettled' not in client.get(reverse("visit_list")).content.decode()
