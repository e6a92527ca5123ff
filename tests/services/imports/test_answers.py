"""Answers as data: kept with the batch, remembered for the sender's next file, changed and taken back."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from projects.models import AuditRecord, ImportBatch, Project, Role, SenderAnswer
from projects.services.imports import (
    Mended,
    answer_batch,
    change_answer,
    confirm_batch,
    read_batch,
    take_back_answer,
    upload_batch,
    write_batch,
)
from projects.services.imports.staging.senders import sender_in
from tests.factories import NOW, TODAY, make_user
from tests.workbooks_for_import import HEAD, ledger, row

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.usefixtures("media")]
State = ImportBatch.State
SENDER = "发展改革局"
FOREIGN = [name if name != "形象进度" else "工程到哪一步" for name in HEAD]  # a header nobody has listed


def foreign(**cells) -> bytes:
    return ledger([row(工程到哪一步="主体封顶", **cells)], head=FOREIGN)


def uploaded(by, content: bytes, **options) -> ImportBatch:
    batch = upload_batch(content=content, file_name="台账.xlsx", options=options, by=by, now=NOW)
    return read(batch)


def read(batch: ImportBatch) -> ImportBatch:
    read_batch(batch.pk, now=NOW, today=TODAY)
    batch.refresh_from_db()
    return batch


def column(batch: ImportBatch, header: str) -> dict:
    (sheet,) = batch.result["sheets"]
    return next(column for column in sheet["columns"] if column["header"] == header)


def mapped(by, **options) -> ImportBatch:
    batch = uploaded(by, foreign(), **options)
    answer_batch(batch=batch, answers={"column:工程到哪一步": "physical_progress"}, by=by, now=NOW)
    return read(batch)


@pytest.mark.parametrize(
    ("top", "sender"),
    [
        ([[None, None], ["填报单位：发改局"]], "发改局"),
        ([["重大项目调度表"], ["填报单位：发展改革局", "截至2023年10月10日", "单位：万元"]], SENDER),
        ([["填报单位：", "", "发展改革局", "单位：万元"]], SENDER),
        ([["填报单位（盖章）：发展改革局 截至2023年10月10日"]], SENDER),
        ([["报送部门: 发展改革局　　填报时间：2023.9.30"]], SENDER),
        ([["填报单位：", "单位：万元"]], ""),
        ([["序号", "项目名称", "推进部门"]], ""),
    ],
)
def test_the_corner_names_the_sender(top, sender):
    assert sender_in([top]) == sender


def test_a_column_answered_is_read_anew_and_remembered_for_the_senders_next_file(office):
    batch = mapped(office)
    assert (batch.state, batch.sender) == (State.READY, SENDER)
    assert column(batch, "工程到哪一步")["field"] == "physical_progress"
    (kept,) = batch.answers.all()
    assert (kept.question, kept.answer, kept.made_by) == ("column:工程到哪一步", "physical_progress", office)

    following = uploaded(office, foreign(项目名称="另一个项目", 项目代码=None))
    assert column(following, "工程到哪一步")["field"] == "physical_progress"
    assert following.result["remembered"] == {"column:工程到哪一步": NOW.date().isoformat()}
    assert not following.answers.exists()


def test_another_sender_is_not_answered_for(office):
    mapped(office)
    other = ledger([row(工程到哪一步="主体封顶")], head=FOREIGN)
    SenderAnswer.objects.update(sender="住建局")
    assert column(uploaded(office, other), "工程到哪一步")["field"] == ""


def test_the_sender_chosen_at_upload_counts_where_the_corner_is_silent(office, monkeypatch):
    monkeypatch.setattr("projects.services.imports.importing.sender_in", lambda sheets: "")
    assert mapped(office, sender="招商局").sender == "招商局"
    assert SenderAnswer.objects.get().sender == "招商局"


def test_an_answer_taken_back_or_changed_stays_as_memory(office):
    mapped(office)
    (first,) = SenderAnswer.objects.all()
    changed = change_answer(answer=first, to="note", by=office, now=NOW)
    first.refresh_from_db()
    assert (first.holds, first.taken_back_by, changed.answer) == (False, office, "note")
    take_back_answer(answer=changed, by=office, now=NOW)
    assert SenderAnswer.objects.count() == 2
    assert column(uploaded(office, foreign()), "工程到哪一步")["field"] == ""
    with pytest.raises(ValidationError, match="该回答已停用"):
        take_back_answer(answer=changed, by=office, now=NOW)
    assert AuditRecord.objects.filter(action="停用回答").count() == 2


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OFFICE])
def test_the_office_alone_answers_and_takes_back(office, role):
    batch, stranger = mapped(office), make_user(role)
    with pytest.raises(PermissionDenied, match="只有发改局统筹人员"):
        answer_batch(batch=batch, answers={"column:工程到哪一步": "keep"}, by=stranger, now=NOW)
    with pytest.raises(PermissionDenied, match="只有发改局统筹人员"):
        take_back_answer(answer=SenderAnswer.objects.get(), by=stranger, now=NOW)
    assert SenderAnswer.objects.get().holds


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"column:工程到哪一步": "nonsense"}, "没有“工程到哪一步”这个问题"),
        ({"category:预备": "前期"}, "没有“预备”这个问题"),
        ({}, "没有新的回答或更正"),
    ],
)
def test_what_is_no_answer_is_refused_and_nothing_kept(office, answers, words):
    batch = uploaded(office, foreign())
    with pytest.raises(ValidationError, match=words):
        answer_batch(batch=batch, answers=answers, by=office, now=NOW)
    batch.refresh_from_db()
    assert batch.state == State.READY
    assert not batch.answers.exists() and not SenderAnswer.objects.exists()


def test_a_cell_mended_on_screen_is_read_as_mended_and_kept_with_its_person(office):
    batch = uploaded(office, ledger([row(总投资="很多")]))
    (error,) = batch.result["sheets"][0]["errors"]
    assert batch.state == State.REFUSED
    cell = Mended("市级重大", error["row"], HEAD.index("总投资"), "12000", "总投资", "很多")
    answer_batch(batch=batch, answers={}, mended=[cell], by=office, now=NOW)
    assert read(batch).state == State.READY
    confirm_batch(batch=batch, accept_warnings=True, by=office, now=NOW)
    write_batch(batch.pk, now=NOW, today=TODAY)
    assert Project.objects.get().total_investment == 12000
    (kept,) = batch.corrections.all()
    assert (kept.was, kept.value, kept.made_by) == ("很多", "12000", office)


def test_a_batch_written_takes_no_more_answers(office):
    batch = mapped(office)
    confirm_batch(batch=batch, accept_warnings=True, by=office, now=NOW)
    write_batch(batch.pk, now=NOW + dt.timedelta(minutes=1), today=TODAY)
    with pytest.raises(ValidationError, match="不能再作答或更正"):
        answer_batch(batch=batch, answers={"column:工程到哪一步": "keep"}, by=office, now=NOW)
