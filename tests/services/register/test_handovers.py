"""Hand-overs with their papers, and everything of a holder handed over in one act."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from projects.models import Attachment, AuditRecord, Handover, Project, Role
from projects.queries.register.handovers import responsibility_on, terms_of
from projects.services.base.attachments import PreparedFile
from projects.services.register.handovers import hand_over, hand_over_all
from tests.factories import NOW, TODAY, make_official, make_project, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.usefixtures("media")]
DOCUMENT = "淄高新办〔2023〕8号"
PAPER = PreparedFile("任免文件.pdf", "pdf", "application/pdf", b"%PDF-1.7\n%%EOF")
TOMORROW = TODAY + dt.timedelta(days=1)


def one(project, to, by, **fields):
    fields = {"slot": "sponsor", "from_on": TODAY, "document": DOCUMENT, **fields}
    return hand_over(project=project, to=to, by=by, now=NOW, **fields)


def everything(holder, to, by, **fields):
    fields = {"slot": "sponsor", "from_on": TODAY, "document": DOCUMENT, **fields}
    return hand_over_all(holder=holder, to=to, by=by, now=NOW, **fields)


def test_a_successor_needs_a_number_or_a_paper_and_the_first_holder_neither(office):
    project = make_project()
    one(project, make_official(), office, from_on=dt.date(2023, 3, 1), document="")
    with pytest.raises(ValidationError) as refusal:
        one(project, make_official(), office, document=" ")
    assert list(refusal.value.message_dict) == ["document"]
    handover = one(project, make_official(), office, document="", files=[PAPER])
    assert Attachment.objects.get().handover == handover


def test_a_day_before_the_calendar_is_refused(office):
    with pytest.raises(ValidationError) as refusal:
        one(make_project(), make_official(), office, from_on=dt.date(1989, 12, 31))
    assert "不能早于1990年" in refusal.value.message_dict["from_on"][0]


def test_the_same_hand_over_sent_twice_is_refused_the_second_time(office):
    project, to = make_project(sponsor=make_official()), make_official()
    one(project, to, office)
    with pytest.raises(ValidationError, match="没有变化"):
        one(project, to, office)
    assert project.handovers.count() == 2


def test_a_leader_who_leaves_hands_everything_over_on_one_document(office):
    leaving, to = make_official(), make_official()
    mine = [make_project(sponsor=leaving), make_project(sponsor=leaving)]
    closed = make_project(sponsor=leaving, state=Project.State.CLOSED)
    other = make_project(sponsor=make_official())
    done = everything(leaving, to, office, files=[PAPER])
    assert {row.project for row in done} == set(mine)
    assert {row.document for row in done} == {DOCUMENT}
    assert set(Project.objects.filter(sponsor=to)) == set(mine)
    assert {p.sponsor for p in Project.objects.filter(pk__in=[closed.pk, other.pk])} == {
        leaving,
        other.sponsor,
    }
    assert AuditRecord.objects.filter(action="责任交接").count() == 2
    assert Attachment.objects.filter(handover__in=done).count() == 2


def test_one_project_in_the_way_and_nothing_is_handed_over(office):
    leaving = make_official()
    make_project(sponsor=leaving)
    late = make_project("储能谷项目")
    one(late, leaving, office, document="")
    with pytest.raises(ValidationError) as refusal:
        everything(leaving, make_official(), office)
    assert "“储能谷项目”（2023年10月12日）" in refusal.value.message_dict["from_on"][0]
    assert Project.objects.filter(sponsor=leaving).count() == 2
    assert Handover.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"from_on": TOMORROW}, "from_on"),
        ({"document": ""}, "document"),
        ({"to": "same"}, "to"),
        ({"to": "old"}, "to"),
    ],
)
def test_what_one_hand_over_refuses_all_refuse(office, fields, named):
    leaving = make_official()
    make_project(sponsor=leaving)
    retired = make_official()
    retired.is_active = False
    retired.save()
    to = {"same": leaving, "old": retired}.get(fields.pop("to", "")) or make_official()
    with pytest.raises(ValidationError) as refusal:
        everything(leaving, to, office, **fields)
    assert list(refusal.value.message_dict) == [named]
    assert Handover.objects.count() == 1


def test_a_holder_without_projects_has_nothing_to_hand_over(office):
    with pytest.raises(ValidationError, match="没有可交接的项目"):
        everything(make_official(), make_official(), office)


def test_only_the_office_hands_everything_over():
    leaving = make_official()
    make_project(sponsor=leaving)
    with pytest.raises(PermissionDenied):
        everything(leaving, make_official(), make_user(Role.INSPECTOR))


def test_who_answered_on_a_past_day_comes_from_the_hand_overs(office):
    first, second = make_official("甲"), make_official("乙")
    project = make_project(sponsor=first)
    one(project, second, office, from_on=dt.date(2023, 7, 1))

    def answered(day):
        return dict(responsibility_on(terms_of(project), day))["挂包领导"]

    assert answered(dt.date(2023, 6, 30)).holder == first
    assert answered(dt.date(2023, 7, 1)).holder == second
    assert answered(dt.date(2022, 12, 31)) is None
    assert [(term.holder, term.until_on) for term in terms_of(project)] == [
        (second, None),
        (first, dt.date(2023, 6, 30)),
    ]


def test_a_unit_hands_over_to_units_alone(office):
    with pytest.raises(ValueError, match="goes to"):
        everything(make_unit(), make_official(), office, slot="lead_department")
