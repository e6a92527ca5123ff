"""A milestone turns green on evidence alone, and only the office takes it back."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from projects.models import AuditRecord, DeliveryPlan
from projects.services.base.attachments import prepare_file
from projects.services.plans.milestones import achieve_milestone, undo_achievement
from tests.factories import NOW, TODAY, make_plan, make_project, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.usefixtures("media")]
PDF = b"%PDF-1.7\n...\n%%EOF\n"


@pytest.fixture
def milestone(unit):
    return make_plan(make_project(lead_department=unit), "2023-10-01").milestones.get()


def achieve(milestone, by, **given):
    given = {"achieved_on": TODAY, "evidence": "淄高新审〔2023〕8号", **given}
    return achieve_milestone(milestone=milestone, by=by, now=NOW, **given)


def test_done_on_a_document_number(milestone, reporter):
    done = achieve(milestone, reporter)
    assert (done.achieved_on, done.evidence) == (TODAY, "淄高新审〔2023〕8号")
    entry = AuditRecord.objects.get(action="节点办结")
    assert entry.by == reporter
    assert entry.project == milestone.plan.project
    assert entry.changes["achieved_on"] == [None, "2023-10-12"]


def test_done_on_a_file_alone(milestone, reporter):
    file = prepare_file(SimpleUploadedFile("施工许可证.pdf", PDF))
    done = achieve(milestone, reporter, evidence="", files=[file])
    assert done.evidence == "附件：施工许可证.pdf"
    assert done.attachments.get().name == "施工许可证.pdf"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"evidence": "  "}, "evidence"),
        ({"achieved_on": None}, "achieved_on"),
        ({"achieved_on": TODAY + dt.timedelta(days=1)}, "achieved_on"),
        ({"achieved_on": dt.date(1023, 10, 1)}, "achieved_on"),
    ],
)
def test_refused_without_evidence_or_a_possible_date(milestone, reporter, given, field):
    with pytest.raises(ValidationError) as refused:
        achieve(milestone, reporter, **given)
    assert field in refused.value.message_dict
    milestone.refresh_from_db()
    assert milestone.achieved_on is None
    assert not AuditRecord.objects.exists()


def test_every_slip_is_named_at_once(milestone, reporter):
    with pytest.raises(ValidationError) as refused:
        achieve(milestone, reporter, achieved_on=None, evidence="")
    assert set(refused.value.message_dict) == {"achieved_on", "evidence"}


def test_the_same_entry_twice_is_one(milestone, reporter):
    achieve(milestone, reporter)
    achieve(milestone, reporter)
    assert AuditRecord.objects.count() == 1


def test_who_comes_second_with_another_date_is_told(milestone, reporter):
    achieve(milestone, reporter)
    with pytest.raises(ValidationError, match="已于2023年10月12日办结"):
        achieve(milestone, reporter, achieved_on=dt.date(2023, 10, 1))


def test_a_stranger_and_a_sponsor_may_not(milestone):
    for person in (make_user("reporter"), make_user("sponsor"), make_user("inspector")):
        with pytest.raises(PermissionDenied):
            achieve(milestone, person)


def test_a_replaced_plan_takes_nothing_more(milestone, reporter):
    DeliveryPlan.objects.update(state=DeliveryPlan.State.SUPERSEDED, until_on=TODAY)
    with pytest.raises(ValidationError, match="现行方案"):
        achieve(milestone, reporter)


def test_the_office_takes_it_back_with_a_reason(milestone, reporter):
    achieve(milestone, reporter)
    undone = undo_achievement(milestone=milestone, reason="文号有误", by=make_user("office"), now=NOW)
    assert (undone.achieved_on, undone.evidence) == (None, "")
    entry = AuditRecord.objects.get(action="撤销节点办结")
    assert entry.reason == "文号有误"
    assert entry.changes["evidence"] == ["淄高新审〔2023〕8号", ""]


def test_undoing_needs_the_office_a_reason_and_something_done(milestone, reporter):
    with pytest.raises(PermissionDenied):
        undo_achievement(milestone=milestone, reason="误报", by=reporter, now=NOW)
    office = make_user("office")
    with pytest.raises(ValidationError, match="尚未办结"):
        undo_achievement(milestone=milestone, reason="误报", by=office, now=NOW)
    achieve(milestone, reporter)
    with pytest.raises(ValidationError, match="请填写撤销原因"):
        undo_achievement(milestone=milestone, reason=" ", by=office, now=NOW)
