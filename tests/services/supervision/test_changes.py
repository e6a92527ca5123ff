"""A slip changed while it is a draft, an empty answer, an answer with photos (督办单的修改与回复)."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from projects.models import AuditRecord, Notice, Role, SupervisionLine, SupervisionOrder
from projects.services.base.attachments import PreparedFile
from projects.services.supervision import orders as service
from tests.factories import NOW, make_project, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.usefixtures("media")]
Type = SupervisionOrder.Type


@pytest.fixture
def draft(inspector) -> SupervisionOrder:
    order = service.draft_order(
        type=Type.SUPERVISE,
        unit=make_unit("建设局"),
        facts="节点逾期",
        demand="限期办结",
        by=inspector,
        now=NOW,
    )
    service.add_line(order=order, project=make_project(), matter="主体封顶", by=inspector, now=NOW)
    return order


def edited(order, by, **changes) -> SupervisionOrder:
    said = {"type": Type.REMIND, "unit": order.unit, "facts": " 逾期15天 ", "demand": " 月底前封顶 "}
    return service.edit_order(order=order, by=by, now=NOW, **said | changes)


def test_a_draft_is_changed_and_the_change_recorded(draft, inspector):
    other = make_unit("科技局")
    edited(draft, inspector, unit=other)
    draft.refresh_from_db()
    assert (draft.type, draft.unit, draft.facts, draft.demand) == (
        Type.REMIND,
        other,
        "逾期15天",
        "月底前封顶",
    )
    changes = AuditRecord.objects.get(action="修改督办单").changes
    assert changes["facts"] == ["节点逾期", "逾期15天"]
    assert set(changes) == {"type", "unit_id", "facts", "demand"}


@pytest.mark.parametrize("field", ["facts", "demand"])
def test_a_draft_keeps_its_facts_and_its_demand(draft, inspector, field):
    with pytest.raises(ValidationError, match="此字段不能为空") as refusal:
        edited(draft, inspector, **{field: "  "})
    assert list(refusal.value.message_dict) == [field]
    draft.refresh_from_db()
    assert draft.type == Type.SUPERVISE


def test_an_issued_or_void_slip_is_not_changed(draft, inspector):
    service.issue_order(order=draft, by=inspector, now=NOW)
    with pytest.raises(ValidationError, match="该督办单已印发，不能再修改"):
        edited(draft, inspector)
    service.void_order(order=draft, reason="事项已并入另单", by=inspector, now=NOW)
    with pytest.raises(ValidationError, match="该督办单已作废，不能再修改"):
        edited(draft, inspector)


def test_issuers_alone_change_a_draft(draft):
    with pytest.raises(PermissionDenied, match="只有发改局统筹和督查人员可以办理督办单"):
        edited(draft, make_user(Role.UNIT_HEAD, unit=draft.unit))


def issued_line(draft, inspector) -> tuple[SupervisionLine, object]:
    service.issue_order(order=draft, by=inspector, now=NOW)
    return draft.lines.get(), make_user(Role.REPORTER, unit=draft.unit)


def test_an_empty_answer_is_none_and_does_not_sign_for_the_slip(draft, inspector):
    line, reporter = issued_line(draft, inspector)
    with pytest.raises(ValidationError, match="请填写办理情况") as refusal:
        service.reply_line(line=line, reply=" \n", by=reporter, now=NOW)
    assert list(refusal.value.message_dict) == ["reply"]
    draft.refresh_from_db()
    assert draft.received_by is None
    assert not Notice.objects.filter(recipient=inspector).exists()


def test_photos_of_an_answer_stand_with_its_row(draft, inspector):
    line, reporter = issued_line(draft, inspector)
    photos = [
        PreparedFile(f"现场{number}.pdf", "pdf", "application/pdf", f"%PDF-1.7 {number}".encode())
        for number in (1, 2)
    ]
    service.reply_line(line=line, reply="已封顶", files=photos, by=reporter, now=NOW)
    kept = line.attachments.order_by("pk")
    assert [(file.name, file.project, file.uploaded_by) for file in kept] == [
        ("现场1.pdf", line.project, reporter),
        ("现场2.pdf", line.project, reporter),
    ]


def test_a_row_closed_takes_no_further_answer(draft, inspector):
    line, reporter = issued_line(draft, inspector)
    service.reply_line(line=line, reply="已封顶", by=reporter, now=NOW)
    service.close_line(line=line, by=inspector, now=NOW)
    with pytest.raises(ValidationError, match="该事项已核验办结，无需再回复"):
        service.reply_line(line=line, reply="补充", by=reporter, now=NOW)
    assert SupervisionLine.objects.get().reply == "已封顶"
