"""Supervision orders: numbered once and for ever, signed for, answered row by row, closed by the issuing side."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from projects.models import AuditRecord, Notice, Project, Role, SupervisionLine, SupervisionOrder
from projects.services.supervision import orders as service
from tests.factories import NOW, TODAY, make_project, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def draft(unit, by, *projects, type=SupervisionOrder.Type.SUPERVISE):
    order = service.draft_order(
        type=type, unit=unit, facts="主体封顶逾期15天", demand="月底前封顶", by=by, now=NOW
    )
    for project in projects:
        service.add_line(order=order, project=project, matter="主体封顶", by=by, now=NOW)
    return order


def issued(unit, by, *projects, **more):
    return service.issue_order(order=draft(unit, by, *projects, **more), by=by, now=NOW)


def words(refusal):
    return "".join(refusal.value.messages)


def test_issuing_numbers_dates_tells_the_unit_and_lets_it_see_the_project(unit, inspector, reporter):
    project = make_project()
    order = issued(unit, inspector, project)
    assert (order.number, order.issued_on) == (1, TODAY)
    assert order.due_on == TODAY + dt.timedelta(days=14)
    assert order.document_number == "淄高新督〔2023〕1号"
    assert Notice.objects.filter(recipient=reporter, subject__contains=order.document_number).exists()
    assert project in Project.objects.visible_to(reporter)


def test_each_type_counts_for_itself_and_a_void_number_is_not_used_again(unit, inspector):
    first = issued(unit, inspector, make_project())
    service.void_order(order=first, reason="事项已并入另单", by=inspector, now=NOW)
    assert issued(unit, inspector, make_project()).number == 2
    remind = issued(unit, inspector, make_project(), type=SupervisionOrder.Type.REMIND)
    assert remind.document_number == "淄高新提〔2023〕1号"
    first.refresh_from_db()
    assert (first.state, first.number) == (SupervisionOrder.State.VOID, 1)


def test_a_slip_without_projects_or_with_a_past_reply_date_is_not_issued(unit, inspector):
    order = draft(unit, inspector)
    with pytest.raises(ValidationError) as refusal:
        service.issue_order(order=order, by=inspector, now=NOW)
    assert "还没有项目" in words(refusal)
    service.add_line(order=order, project=make_project(), matter="封顶", by=inspector, now=NOW)
    for day in (TODAY, TODAY + dt.timedelta(days=181)):
        with pytest.raises(ValidationError, match="回复时限须在明天至180天之内"):
            service.issue_order(order=order, due_on=day, by=inspector, now=NOW)
    order.refresh_from_db()
    assert order.state == SupervisionOrder.State.DRAFT


def test_an_issued_slip_is_not_changed_any_more(unit, inspector):
    order = issued(unit, inspector, make_project())
    with pytest.raises(ValidationError, match="该督办单已印发"):
        service.add_line(order=order, project=make_project(), matter="封顶", by=inspector, now=NOW)
    with pytest.raises(ValidationError, match="该督办单已印发"):
        service.drop_line(line=order.lines.get(), by=inspector, now=NOW)
    with pytest.raises(ValidationError, match="该督办单已印发"):
        service.issue_order(order=order, by=inspector, now=NOW)


def test_a_project_stands_on_a_slip_once_and_can_be_taken_off_a_draft(unit, inspector):
    project = make_project()
    order = draft(unit, inspector, project)
    with pytest.raises(ValidationError) as refusal:
        service.add_line(order=order, project=project, matter="再次", by=inspector, now=NOW)
    assert "已在本督办单上" in words(refusal)
    service.drop_line(line=order.lines.get(), by=inspector, now=NOW)
    assert not order.lines.exists()
    assert AuditRecord.objects.filter(action="督办单移出项目", reason="主体封顶").exists()


def test_answered_by_the_unit_closed_by_the_issuer(unit, inspector, reporter):
    line = issued(unit, inspector, make_project()).lines.get()
    with pytest.raises(ValidationError, match="承办单位尚未回复"):
        service.close_line(line=line, by=inspector, now=NOW)
    line = service.reply_line(line=line, reply="已封顶", by=reporter, now=NOW)
    assert line.state == SupervisionLine.State.REPLIED
    assert line.order.received_by == reporter, "answering signs for the slip"
    assert list(SupervisionLine.objects.open()) == [line]
    line = service.close_line(line=line, by=inspector, now=NOW)
    assert (line.state, line.closed_on) == (SupervisionLine.State.CLOSED, TODAY)
    assert not SupervisionLine.objects.open().exists()
    assert service.close_line(line=line, by=inspector, now=NOW) == line
    with pytest.raises(ValidationError, match="该事项已核验办结"):
        service.reply_line(line=line, reply="再说一句", by=reporter, now=NOW)


def test_a_reply_sent_back_names_the_reason_and_may_be_given_again(unit, inspector, reporter):
    line = issued(unit, inspector, make_project()).lines.get()
    with pytest.raises(ValidationError, match="该事项当前没有待核验的回复"):
        service.return_line(line=line, reason="无佐证", by=inspector, now=NOW)
    service.reply_line(line=line, reply="已封顶", by=reporter, now=NOW)
    with pytest.raises(ValidationError, match="请填写退回原因"):
        service.return_line(line=line, reason=" ", by=inspector, now=NOW)
    line = service.return_line(line=line, reason="请附照片", by=inspector, now=NOW)
    assert (line.state, line.return_reason) == (SupervisionLine.State.OPEN, "请附照片")
    assert Notice.objects.filter(recipient=reporter, body__contains="请附照片").exists()
    line = service.reply_line(line=line, reply="已封顶，照片见附件", by=reporter, now=NOW)
    assert (line.state, line.return_reason) == (SupervisionLine.State.REPLIED, "")


def test_who_answers_does_not_close(unit):
    both = make_user(Role.INSPECTOR, Role.REPORTER, unit=unit)
    line = issued(unit, both, make_project()).lines.get()
    line = service.reply_line(line=line, reply="已封顶", by=both, now=NOW)
    with pytest.raises(ValidationError) as refusal:
        service.close_line(line=line, by=both, now=NOW)
    assert "不能自行核验" in words(refusal)


def test_only_the_unit_answers_and_only_issuers_issue(unit, inspector, reporter):
    order = issued(unit, inspector, make_project())
    stranger = make_user(Role.REPORTER)
    for wrong in (stranger, inspector):
        with pytest.raises(PermissionDenied):
            service.receive_order(order=order, by=wrong, now=NOW)
    with pytest.raises(PermissionDenied):
        draft(unit, reporter)
    with pytest.raises(PermissionDenied):
        service.void_order(order=order, reason="不办", by=reporter, now=NOW)


def test_a_void_slip_is_neither_signed_for_nor_answered(unit, inspector, reporter):
    order = issued(unit, inspector, make_project())
    with pytest.raises(ValidationError, match="请填写作废原因"):
        service.void_order(order=order, reason="", by=inspector, now=NOW)
    service.void_order(order=order, reason="有误", by=inspector, now=NOW)
    assert not SupervisionLine.objects.open().exists()
    with pytest.raises(ValidationError, match="该督办单已作废"):
        service.receive_order(order=order, by=reporter, now=NOW)
    with pytest.raises(ValidationError, match="该督办单已作废"):
        service.void_order(order=order, reason="有误", by=inspector, now=NOW)


def test_signing_twice_answers_the_first(unit, inspector, reporter):
    order = issued(unit, inspector, make_project())
    service.receive_order(order=order, by=reporter, now=NOW)
    colleague = make_user(Role.UNIT_HEAD, unit=unit)
    assert service.receive_order(order=order, by=colleague, now=NOW).received_by == reporter
    assert AuditRecord.objects.filter(action="签收督办单").count() == 1


def test_drafts_are_the_issuers_own_and_foreign_slips_stay_hidden(unit, inspector, reporter):
    order = draft(unit, inspector, make_project())
    visible = SupervisionOrder.objects.visible_to
    assert order not in visible(reporter)
    service.issue_order(order=order, by=inspector, now=NOW)
    assert order in visible(reporter)
    assert order not in visible(make_user(Role.REPORTER))
