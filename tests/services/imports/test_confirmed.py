"""What was confirmed is what is written: whatever moved since the preview brings the batch back to the person."""

import pytest

from projects.figures.figures import figure_rows
from projects.figures.population import Scope
from projects.models import AuditRecord, ImportBatch, ImportedRow, Project, Role, User
from projects.services.imports import (
    confirm_batch,
    read_batch,
    revert_batch,
    upload_batch,
    write_batch,
    writing,
)
from projects.services.imports.comparing.changes import Changes
from tests.factories import NOW, TODAY, make_project, make_user
from tests.workbooks_for_import import ledger, row, rows

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.usefixtures("media")]
State = ImportBatch.State


@pytest.fixture
def colleague() -> User:
    return make_user(Role.OFFICE)


def ready(by, content: bytes) -> ImportBatch:
    batch = upload_batch(content=content, file_name="台账.xlsx", options={}, by=by, now=NOW)
    read_batch(batch.pk, now=NOW, today=TODAY)
    batch.refresh_from_db()
    assert batch.state == State.READY
    return batch


def written(batch: ImportBatch, by) -> ImportBatch:
    confirm_batch(batch=batch, accept_warnings=True, by=by, now=NOW)
    write_batch(batch.pk, now=NOW, today=TODAY)
    batch.refresh_from_db()
    return batch


def total(amount: int) -> bytes:
    return ledger([row(总投资=amount)])


def test_of_two_previews_of_one_cell_the_second_comes_back_with_the_difference(office):
    written(ready(office, total(91530)), office)
    first, second = ready(office, total(50000)), ready(office, total(60000))
    assert written(first, office).state == State.WRITTEN
    assert written(second, office).state == State.READY
    assert "自预览以来数据有变动" in second.message
    assert Project.objects.get().total_investment == 50000
    assert {
        (line["field"], line["shown"]["from"], line["now"]["from"], line["now"]["to"])
        for line in second.result["moved"]
        if line["kind"] == "项目"
    } == {("总投资（万元）", "91530.00", "50000.00", "60000.00")}
    assert written(second, office).state == State.WRITTEN
    assert Project.objects.get().total_investment == 60000


def test_what_has_become_true_meanwhile_needs_no_writing(office):
    written(ready(office, total(91530)), office)
    first, second = ready(office, total(50000)), ready(office, total(50000))
    written(first, office)
    assert written(second, office).state == State.UNCHANGED


def test_a_warning_born_after_the_preview_is_not_accepted_unseen(office):
    batch = ready(office, ledger([row(项目代码=None)]))
    make_project("氢能电堆", developer="甲公司")
    assert written(batch, office).state == State.READY
    assert any("相近" in asked["message"] for asked in batch.result["asked"])
    assert Project.objects.count() == 1


def test_the_memory_names_who_confirmed(office, colleague):
    batch = written(ready(office, ledger(rows(2))), colleague)
    assert (batch.made_by, batch.confirmed_by) == (office, colleague)
    imported = AuditRecord.objects.filter(imported_row__batch=batch)
    assert {record.by for record in imported} == {colleague}


def test_numbers_of_our_own_that_others_took_do_not_bring_a_batch_back(office):
    written(ready(office, ledger(rows(1))), office)
    first, second = (
        ready(office, ledger([row(项目名称=name, 项目代码=None, 建设单位=name)])) for name in ("甲厂", "乙厂")
    )
    assert written(first, office).state == State.WRITTEN
    assert written(second, office).state == State.WRITTEN
    assert Project.objects.values("code").distinct().count() == 3


# --- in slices --------------------------------------------------------------------------------------------


@pytest.fixture
def slices(monkeypatch) -> list[int]:
    """Slices of one project or so; the sizes of those written."""
    monkeypatch.setattr(writing, "SLICE", 5)
    monkeypatch.setattr(writing, "BREATH_SECONDS", 0)
    sizes: list[int] = []
    write = Changes.write

    def counted(self, **options):
        sizes.append(len(self))
        write(self, **options)

    monkeypatch.setattr(Changes, "write", counted)
    return sizes


def test_a_batch_written_in_slices_is_one_act(office, slices):
    batch = written(ready(office, ledger(rows(6))), office)
    assert len(slices) > 3
    assert (batch.state, Project.objects.count()) == (State.WRITTEN, 6)
    assert batch.rows.count() == sum(slices)
    revert_batch(batch=batch, by=office, now=NOW)
    assert not Project.objects.exists()


def test_what_moves_between_two_slices_takes_everything_back(office, slices, monkeypatch):
    batch = ready(office, ledger(rows(6)))
    write, seen = Changes.write, []

    def moving(self, **options):
        write(self, **options)
        seen.append(self)
        if len(seen) == 3:
            make_project(code="2103-370371-04-02-100006", name="示例6号项目", developer="企业6")

    monkeypatch.setattr(Changes, "write", moving)
    assert written(batch, office).state == State.READY
    assert [project.code for project in Project.objects.all()] == ["2103-370371-04-02-100006"]
    assert not ImportedRow.objects.filter(batch=batch, taken_back=False).exists()
    monkeypatch.setattr(Changes, "write", write)
    assert written(batch, office).state == State.WRITTEN
    assert Project.objects.count() == 6


def test_a_worker_that_died_between_slices_is_followed_by_one_that_begins_anew(office, slices, monkeypatch):
    class KilledError(BaseException):
        """What takes a worker without giving it time to tidy up."""

    batch = ready(office, ledger(rows(6)))
    write = Changes.write

    def dying(self, **options):
        if len(slices) == 3:
            raise KilledError
        write(self, **options)

    monkeypatch.setattr(Changes, "write", dying)
    with pytest.raises(KilledError):
        written(batch, office)
    assert 0 < Project.objects.count() < 6
    monkeypatch.setattr(Changes, "write", write)
    ImportBatch.objects.update(claimed_at=None)
    write_batch(batch.pk, now=NOW, today=TODAY)
    batch.refresh_from_db()
    assert (batch.state, Project.objects.count()) == (State.WRITTEN, 6)
    revert_batch(batch=batch, by=office, now=NOW)
    assert not Project.objects.exists()


# --- figures promised -------------------------------------------------------------------------------------


def test_the_rates_promised_are_those_after_the_writing_and_nothing_was_written_for_them(office):
    written(ready(office, ledger(rows(3))), office)
    more = [row(序号=9, 项目名称="新来的项目", 项目代码=None, 本年累计完成投资=1234.56, 实际开工时间=None)]
    changed = [{**item, "本年累计完成投资": 3333.33} for item in rows(3)]
    before = ImportedRow.objects.count(), Project.objects.count()
    batch = ready(office, ledger([*changed, *more]))
    assert (ImportedRow.objects.count(), Project.objects.count()) == before
    promised = {(rate["list"], rate["rate"]): rate["after"] for rate in batch.result["rates"]}
    assert any(rate["changed"] for rate in batch.result["rates"])
    assert written(batch, office).state == State.WRITTEN
    (figure,) = [found for found in figure_rows(Scope(TODAY, 2023), follow_up=False) if found.list_name]
    assert promised["2023年市级重大", "投资完成率"] == figure.ratio("investment_completion").words(
        figure.places
    )
    assert promised["2023年市级重大", "新开工项目开工率"] == figure.ratio("start_rate_of_year").words(
        figure.places
    )
