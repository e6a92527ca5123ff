"""A completion dated before what was confirmed waits for the office (节点办结申报); then it is done since its own day."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from projects.models import AuditRecord, Milestone, MilestoneClaim, Notice, Role
from projects.queries.alerts.findings import findings
from projects.queries.desk.desk import Desk
from projects.queries.desk.owed import OwedKind
from projects.services.plans import claims, date_changes, versions
from projects.services.plans.milestones import achieve_milestone
from tests.factories import NOW, TODAY, make_date_change, make_plan, make_project, make_report, make_user
from tests.reading import page

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.usefixtures("media")]
EARLY = dt.date(2023, 9, 15)  # before 9月下旬, whose report is confirmed
State = MilestoneClaim.State


@pytest.fixture
def milestone(unit):
    """Due on 10 September; the report of 9月下旬 is confirmed."""
    project = make_project(lead_department=unit)
    make_report(project, "2023-09-3")
    return make_plan(project, "2023-09-10", "2024-06-30").milestones.get(position=1)


@pytest.fixture
def claim(milestone, reporter):
    achieve(milestone, reporter)
    return MilestoneClaim.objects.get()


def achieve(milestone, by, **given):
    given = {"achieved_on": EARLY, "evidence": "淄高新审〔2023〕8号", **given}
    return achieve_milestone(milestone=milestone, by=by, now=NOW, **given)


def late(day):
    return [one.subject for one in findings(day) if one.subject.startswith("milestone:")]


def on_desk(user):
    groups = [group for section in Desk(user, TODAY).sections() for group in section.groups]
    return sum(group.count for group in groups if group.kind == OwedKind.MILESTONE_CLAIM)


def test_it_is_open_until_the_office_confirms_it_and_then_done_since_its_own_day(claim, milestone, office):
    milestone.refresh_from_db()
    assert milestone.achieved_on is None and late(TODAY) == [milestone.matter]
    assert on_desk(office) == 1
    claims.confirm_claim(claim=claim, by=office, now=NOW)
    milestone.refresh_from_db()
    assert (milestone.achieved_on, milestone.evidence) == (EARLY, claim.evidence)
    assert late(TODAY) == [] and late(EARLY - dt.timedelta(days=1)) == [milestone.matter]
    assert on_desk(office) == 0
    assert AuditRecord.objects.filter(action="节点办结", by=office).count() == 1


def test_a_date_the_confirmed_report_may_know_of_and_the_offices_own_entry_count_at_once(
    milestone, reporter, office
):
    assert achieve(milestone, reporter, achieved_on=dt.date(2023, 9, 21)).achieved_on
    Milestone.objects.update(achieved_on=None)
    assert achieve(milestone, office).achieved_on == EARLY
    assert not MilestoneClaim.objects.exists()


def test_the_same_claim_twice_answers_the_first_and_another_is_refused(claim, milestone, reporter, office):
    achieve(milestone, reporter)
    for person, given in ((reporter, {"evidence": "另一文号"}), (office, {"achieved_on": TODAY})):
        with pytest.raises(ValidationError, match="已申报办结，待发改局统筹确认"):
            achieve(milestone, person, **given)
    assert MilestoneClaim.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        MilestoneClaim.objects.create(
            milestone=milestone, achieved_on=EARLY, evidence="批1号", claimed_by=reporter, claimed_at=NOW
        )


def test_sent_back_it_says_why_and_may_be_claimed_anew(claim, milestone, reporter, office):
    with pytest.raises(ValidationError, match="请填写退回原因"):
        claims.return_claim(claim=claim, reason=" ", by=office, now=NOW)
    claims.return_claim(claim=claim, reason="文号查无", by=office, now=NOW)
    assert "文号查无" in Notice.objects.get(recipient=reporter, channel="in_app").body
    achieve(milestone, reporter, evidence="更正文号")
    second = MilestoneClaim.objects.waiting().get()
    assert claims.withdraw_claim(claim=second, by=reporter, now=NOW).state == State.WITHDRAWN
    assert Milestone.objects.get(pk=milestone.pk).achieved_on is None


def test_it_follows_its_milestone_into_the_next_version(claim, milestone, reporter, office):
    moved = make_date_change(milestone.plan.milestones.get(position=2), reporter)
    date_changes.approve_date_changes(requests=[moved], by=office, now=NOW)
    claim.refresh_from_db()
    assert claim.milestone.root_id == milestone.pk != claim.milestone_id
    claims.confirm_claim(claim=claim, by=office, now=NOW)
    assert late(TODAY) == []


def test_without_its_milestone_it_is_sent_back(claim, milestone, reporter, office):
    draft = versions.revise_plan(plan=milestone.plan, by=reporter, now=NOW)
    draft.milestones.get(baseline=milestone).delete()
    versions.submit_plan(plan=draft, by=reporter, now=NOW, reason="精简")
    versions.approve_plan(plan=draft, approved_on=TODAY, by=office, now=NOW)
    claim.refresh_from_db()
    assert (claim.state, claim.return_reason) == (State.RETURNED, "该节点未列入新版推进方案。")


def test_the_pages_say_that_it_waits_and_lead_to_it(client, milestone, reporter, office):
    client.force_login(reporter)
    given = {"achieved_on": EARLY.isoformat(), "evidence": "批8号"}
    client.post(reverse("milestone_achieve", args=[milestone.pk]), given)
    claim = MilestoneClaim.objects.get()
    address = reverse("claim_detail", args=[claim.pk])
    assert "已报发改局统筹核实" in page(client.get(reverse("milestone_list")))
    for where in (
        f"{reverse('milestone_list')}?status=claimed",
        reverse("plan_detail", args=[milestone.plan_id]),
        reverse("project_detail", args=[milestone.project.code]),
    ):
        assert address in client.get(where).content.decode(), where
    client.force_login(office)
    assert address in client.get("/").content.decode()
    assert "批8号" in page(client.get(address))
    client.post(reverse("claim_confirm", args=[claim.pk]))
    assert client.get(f"{reverse('milestone_list')}?status=claimed").context["table"].paginator.count == 0
    client.force_login(make_user(Role.REPORTER))
    assert client.get(address).status_code == 404
