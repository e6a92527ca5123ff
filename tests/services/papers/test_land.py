"""A plot's items go in their order: started with a limit in working days, done on a document, not needed, taken back."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from projects.models import AuditRecord, LandItem, Plot, PlotItem, Project, UnitName
from projects.queries.papers.land import plot_sheet, with_progress
from projects.services.papers.land import create_plot, finish_item, skip_item, start_item, undo_item
from tests.factories import NOW, TODAY, make_plot, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]
FIRST, RED_LINE, SURVEY = "国土空间规划符合性核查", "永久基本农田和生态保护红线核查", "勘测定界"
DAY = dt.timedelta(days=1)


@pytest.fixture
def plot(project):
    return make_plot(project)


def item(plot, name) -> PlotItem:
    return plot.items.get(item__name=name)


def start(plot, name, by, day=dt.date(2023, 9, 25)):
    return start_item(item=item(plot, name), started_on=day, by=by, now=NOW)


def finish(plot, name, by, day=dt.date(2023, 9, 27), document="文号"):
    return finish_item(item=item(plot, name), done_on=day, document=document, by=by, now=NOW)


def refused(verb, *args, **kwargs) -> str:
    with pytest.raises(ValidationError) as caught:
        verb(*args, **kwargs)
    return "".join(caught.value.messages)


def test_the_shipped_catalogue_is_a_draft_of_three_stages_nine_classes_and_48_items():
    items = LandItem.objects.select_related("land_class")
    assert len(items) == 48
    assert len({found.land_class_id for found in items}) == 9
    assert len({found.land_class.stage for found in items}) == 3
    assert not any(found.is_checked for found in items)
    assert all(found.unit_name and found.materials for found in items)


class TestCreate:
    def test_a_plot_gets_every_item_in_use_with_our_own_unit_where_it_is_named(self, project, reporter):
        UnitName.objects.create(unit=make_unit("税务局"), name="税务部门")
        LandItem.objects.filter(name="使用林地审核").update(is_active=False)
        plot = create_plot(project=project, name=" 一期  地块 ", by=reporter, now=NOW)
        assert (plot.name, plot.items.count()) == ("一期 地块", 47)
        assert str(item(plot, "契税缴纳").unit) == "税务局"
        assert item(plot, FIRST).unit is None
        assert AuditRecord.objects.get().action == "登记地块"

    def test_what_is_refused(self, project, reporter):
        make_plot(project, "一期")
        assert "已有同名地块" in refused(create_plot, project=project, name="一期", by=reporter, now=NOW)
        assert refused(create_plot, project=project, name=" ", by=reporter, now=NOW)
        assert "大于 0" in refused(create_plot, project=project, name="二", area=0, by=reporter, now=NOW)
        with pytest.raises(PermissionDenied):
            create_plot(project=project, name="二期", by=make_user("reporter"), now=NOW)
        LandItem.objects.update(is_active=False)
        assert "目录为空" in refused(create_plot, project=project, name="二期", by=reporter, now=NOW)
        Project.objects.update(state="closed")
        assert "已办结" in refused(create_plot, project=project, name="二期", by=reporter, now=NOW)
        assert Plot.objects.count() == 1


class TestSteps:
    def test_the_limit_runs_in_working_days_over_the_holiday(self, plot, reporter):
        started = start(plot, FIRST, reporter, dt.date(2023, 9, 27))
        # three working days: 28 September, then 7 and 8 October, which make up for the holiday
        assert (started.state, started.due_on) == ("running", dt.date(2023, 10, 8))
        entry = AuditRecord.objects.get()
        assert (entry.action, entry.project) == ("启动用地事项", plot.project)

    def test_an_item_without_a_limit_has_no_due_day(self, plot, reporter):
        LandItem.objects.filter(name=FIRST).update(limit_days=None)
        assert start(plot, FIRST, reporter).due_on is None

    def test_twice_the_same_is_once(self, plot, reporter, office):
        for _ in range(2):
            start(plot, FIRST, reporter)
        for _ in range(2):
            finish(plot, FIRST, reporter)
        for _ in range(2):
            skip_item(item=item(plot, RED_LINE), reason="不涉及", by=reporter, now=NOW)
        assert AuditRecord.objects.count() == 3

    def test_what_comes_before_must_be_settled(self, plot, reporter):
        for verb in (start, finish):
            assert f"前置事项“{FIRST}”未办结" in refused(verb, plot, SURVEY, reporter)
        skip_item(item=item(plot, FIRST), reason="已由上位规划确认", by=reporter, now=NOW)
        assert start(plot, SURVEY, reporter).state == "running"

    def test_an_item_out_of_use_holds_nothing_up(self, plot, reporter):
        LandItem.objects.filter(name=FIRST).update(is_active=False)
        assert start(plot, SURVEY, reporter).state == "running"

    def test_a_day_must_be_given_and_come_and_the_document_too(self, plot, reporter):
        assert "请填写受理日期" in refused(start, plot, FIRST, reporter, None)
        assert "不能晚于今天" in refused(start, plot, FIRST, reporter, TODAY + DAY)
        assert "不能早于1990年" in refused(start, plot, FIRST, reporter, dt.date(1989, 1, 1))
        start(plot, FIRST, reporter)
        assert "不能早于受理日期" in refused(finish, plot, FIRST, reporter, dt.date(2023, 9, 24))
        assert "没有依据不能办结" in refused(finish, plot, FIRST, reporter, document=" ")
        assert "不能超过120字" in refused(finish, plot, FIRST, reporter, document="字" * 121)
        assert item(plot, FIRST).state == "running"

    def test_what_is_settled_stays(self, plot, reporter):
        finish(plot, FIRST, reporter)
        assert "已办结" in refused(start, plot, FIRST, reporter)
        assert "已办结" in refused(finish, plot, FIRST, reporter, document="另一文号")
        words = refused(skip_item, item=item(plot, FIRST), reason="不涉及", by=reporter, now=NOW)
        assert "请联系发改局统筹撤销" in words

    def test_not_needed_says_why(self, plot, reporter):
        assert "请填写不涉及的原因" in refused(
            skip_item, item=item(plot, FIRST), reason=" ", by=reporter, now=NOW
        )
        done = skip_item(item=item(plot, FIRST), reason="存量用地", by=reporter, now=NOW)
        assert (done.state, done.note) == ("not_needed", "存量用地")

    def test_strangers_do_nothing(self, plot):
        with pytest.raises(PermissionDenied):
            start(plot, FIRST, make_user("reporter"))

    def test_the_database_refuses_done_without_a_document(self, plot):
        row = item(plot, FIRST)
        row.state, row.done_on = "done", TODAY
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


class TestUndo:
    def undo(self, plot, name, by, reason="登记有误"):
        return undo_item(item=item(plot, name), reason=reason, by=by, now=NOW)

    def test_each_state_goes_back_one_step(self, plot, reporter, office):
        start(plot, FIRST, reporter)
        finish(plot, FIRST, reporter)
        back = self.undo(plot, FIRST, office)
        assert (back.state, back.done_on, back.document) == ("running", None, "")
        assert back.due_on is not None
        back = self.undo(plot, FIRST, office)
        assert (back.state, back.started_on, back.due_on) == ("waiting", None, None)
        assert AuditRecord.objects.first().reason == "登记有误"

    def test_not_needed_goes_back_to_where_it_was(self, plot, reporter, office):
        start(plot, FIRST, reporter)
        skip_item(item=item(plot, FIRST), reason="不涉及", by=reporter, now=NOW)
        assert self.undo(plot, FIRST, office).state == "running"

    def test_what_is_refused(self, plot, reporter, office):
        with pytest.raises(PermissionDenied):
            self.undo(plot, FIRST, reporter)
        assert "未启动，无需撤销" in refused(self.undo, plot, FIRST, office)
        finish(plot, FIRST, reporter)
        assert "请填写撤销原因" in refused(self.undo, plot, FIRST, office, " ")
        start(plot, SURVEY, reporter, dt.date(2023, 9, 28))
        assert f"后续事项“{SURVEY}”已启动或办结" in refused(self.undo, plot, FIRST, office)


class TestReading:
    def test_the_sheet_says_what_is_ready_running_late_and_waited_for(self, plot, reporter):
        finish(plot, FIRST, reporter)
        skip_item(item=item(plot, RED_LINE), reason="不涉及", by=reporter, now=NOW)
        start(plot, SURVEY, reporter, dt.date(2023, 9, 1))
        sheet = plot_sheet(plot, TODAY)
        assert (sheet.settled, sheet.done, sheet.skipped, sheet.total) == (2, 1, 1, 48)
        assert [row.item.item.name for row in sheet.running] == [SURVEY]
        assert sheet.overdue == 1 and sheet.running[0].days_late == (TODAY - dt.date(2023, 9, 15)).days
        assert sheet.ready == []
        waits = {row.item.item.name: row.waits_for for row in sheet.rows}
        assert waits["用地预审与选址意见书核发"] == [SURVEY]
        assert [(stage.words, len(stage.classes)) for stage in sheet.stages] == [
            ("用地报批", 3),
            ("土地供应", 4),
            ("用地登记", 2),
        ]

    def test_the_due_day_itself_is_not_late(self, plot, reporter):
        due_on = start(plot, FIRST, reporter).due_on
        assert plot_sheet(plot, due_on).overdue == 0
        assert plot_sheet(plot, due_on + DAY).overdue == 1

    def test_the_list_counts_as_the_sheet_does(self, plot, reporter):
        start(plot, FIRST, reporter, dt.date(2023, 9, 1))
        skip_item(item=item(plot, RED_LINE), reason="不涉及", by=reporter, now=NOW)
        LandItem.objects.filter(name__in=[FIRST, "契税缴纳"]).update(is_active=False)
        row, sheet = with_progress(Plot.objects.all(), TODAY).get(), plot_sheet(plot, TODAY)
        counts = (row.total, row.done, row.skipped, row.settled, row.running, row.overdue)
        assert counts == (47, 0, 1, 1, 1, 1)
        assert counts == (
            sheet.total,
            sheet.done,
            sheet.skipped,
            sheet.settled,
            len(sheet.running),
            sheet.overdue,
        )
        assert row.next_due_on == item(plot, FIRST).due_on

    def test_two_queries_whatever_is_done(self, plot, reporter):
        finish(plot, FIRST, reporter)
        with CaptureQueriesContext(connection) as captured:
            plot_sheet(plot, TODAY)
        assert len(captured) == 2
