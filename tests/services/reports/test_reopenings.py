"""A locked period opened again: who may, what is refused, who can fill then, and what late means."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from projects.models import AuditRecord, PeriodReopening, ProgressReport, ReportState
from projects.periods import TenDayPeriod
from projects.queries.desk.desk import Desk
from projects.queries.reports.reports import ReportWindows, current_window, missing_reports, still_fillable
from projects.queries.reports.timeliness import (
    days_late,
    late_reports,
    punctual_reports,
    with_first_hand_in,
)
from projects.services.reports.content import ReportEntry
from projects.services.reports.filling import submit_report
from projects.services.reports.reopenings import close_reopening, reopen_period
from projects.services.reports.review import confirm_report, reopen_report, return_report
from tests.factories import NOW, make_project, make_report, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]
PERIOD = TenDayPeriod.parse("2023-08-1")  # due 8月11日, locked after 8月21日
TODAY = NOW.date()


def reopen(by, project=None, until=dt.date(2023, 10, 20), **changes) -> PeriodReopening:
    given = {"period": PERIOD, "reason": "统一核报", "now": NOW} | changes
    return reopen_period(project=project, until_on=until, by=by, **given)


def submit(project, by, now=NOW) -> ProgressReport:
    entry = ReportEntry(Decimal(100), physical_progress="主体施工至三层")
    return submit_report(project=project, period=PERIOD, entry=entry, by=by, now=now)


class TestOpening:
    def test_for_all_until_the_day_and_locked_again_the_day_after(self, listed_project, reporter, office):
        with pytest.raises(ValidationError, match="已于8月21日截止"):
            submit(listed_project, reporter)
        reopen(office)
        other = make_project(lead_department=listed_project.lead_department, started_on=dt.date(2023, 1, 1))
        assert submit(other, reporter).state == ReportState.SUBMITTED
        assert submit(listed_project, reporter, NOW.replace(day=20)).overrule_reason == ""
        third = make_project(lead_department=listed_project.lead_department)
        with pytest.raises(ValidationError, match="截止"):
            submit(third, reporter, NOW.replace(day=21))

    def test_for_one_project_alone(self, listed_project, reporter, office, unit):
        reopen(office, listed_project)
        submit(listed_project, reporter)
        with pytest.raises(ValidationError, match="截止"):
            submit(make_project(lead_department=unit), reporter)
        window = current_window(PERIOD)
        missing = missing_reports(type(listed_project).objects.all(), PERIOD)
        assert list(still_fillable(missing, window, TODAY)) == []
        assert still_fillable(type(listed_project).objects.all(), window, TODAY).get() == listed_project

    def test_it_is_written_down_and_the_same_click_twice_is_one(self, listed_project, office):
        assert reopen(office, listed_project) == reopen(office, listed_project)
        audit = AuditRecord.objects.get(action="重新开放填报")
        assert (audit.project, audit.reason, audit.by) == (listed_project, "统一核报", office)

    @pytest.mark.parametrize(
        ("changes", "field", "words"),
        [
            ({"period": TenDayPeriod.parse("2023-10-1")}, "period", "尚未截止"),
            ({"period": TenDayPeriod.parse("2023-10-2")}, "period", "尚未截止"),
            ({"period": TenDayPeriod.parse("2023-11-1")}, "period", "尚未开始"),
            ({"until": dt.date(2023, 10, 11)}, "until_on", "不能早于今天"),
            ({"until": dt.date(2023, 12, 12)}, "until_on", "60天内"),
            ({"reason": " "}, "reason", "原因"),
            ({"reason": "长" * 301}, "reason", "300"),
        ],
    )
    def test_refusals_name_the_field(self, office, changes, field, words):
        with pytest.raises(ValidationError) as refused:
            reopen(office, **changes)
        assert words in refused.value.message_dict[field][0]
        assert not PeriodReopening.objects.exists()

    def test_the_outermost_days_are_taken(self, office):
        assert reopen(office, until=TODAY).until_on == TODAY
        assert reopen(office, until=TODAY + dt.timedelta(days=60)).pk

    def test_a_project_that_owed_nothing_then_is_refused(self, office):
        late = make_project(reports_from_on=dt.date(2023, 9, 1))
        with pytest.raises(ValidationError, match="无需填报"):
            reopen(office, late)

    def test_what_stands_open_longer_already_is_refused(self, listed_project, office):
        reopen(office)
        with pytest.raises(ValidationError, match="已开放至"):
            reopen(office, listed_project, until=dt.date(2023, 10, 15))
        assert reopen(office, listed_project, until=dt.date(2023, 10, 25)).pk

    def test_the_office_alone(self, reporter, unit):
        for person in (reporter, make_user("unit_head", unit=unit), make_user("inspector")):
            with pytest.raises(PermissionDenied):
                reopen(person)

    def test_the_desk_asks_for_what_was_opened_again(self, listed_project, reporter, office):
        make_project(lead_department=listed_project.lead_department)
        reopen(office, listed_project)
        groups = {
            group.target: group for section in Desk(reporter, TODAY).sections() for group in section.groups
        }
        group = groups[PERIOD.code]
        assert (group.title, group.count) == ("8月上旬旬报补报", 1)
        assert (group.rows[0].project, group.rows[0].due_on) == (listed_project, dt.date(2023, 10, 20))


class TestClosing:
    def test_locked_again_at_once_with_the_reason(self, listed_project, reporter, office):
        reopening = reopen(office)
        close_reopening(reopening=reopening, reason="已报齐", by=office, now=NOW)
        with pytest.raises(ValidationError, match="截止"):
            submit(listed_project, reporter)
        audit = AuditRecord.objects.get(action="提前关闭填报")
        assert (audit.reason, audit.changes["until_on"]) == ("已报齐", ["2023-10-20", "2023-10-11"])

    def test_refused_to_others_without_reason_and_twice(self, reporter, office):
        reopening = reopen(office)
        with pytest.raises(PermissionDenied):
            close_reopening(reopening=reopening, reason="已报齐", by=reporter, now=NOW)
        with pytest.raises(ValidationError, match="原因"):
            close_reopening(reopening=reopening, reason=" ", by=office, now=NOW)
        close_reopening(reopening=reopening, reason="已报齐", by=office, now=NOW)
        with pytest.raises(ValidationError, match="已于"):
            close_reopening(reopening=reopening, reason="再关", by=office, now=NOW)


def at(month: int, day: int, hour: int = 9) -> dt.datetime:
    return NOW.replace(month=month, day=day, hour=hour)


class TestLate:
    """Days late as the row shows them, and the filter's rows: one rule."""

    def judged(self) -> list[int | None]:
        windows = ReportWindows.current()
        reports = with_first_hand_in(ProgressReport.objects.order_by("pk"))
        found = [days_late(report, windows) for report in reports]
        late = set(late_reports(ProgressReport.objects.all(), windows).values_list("pk", flat=True))
        in_time = set(punctual_reports(ProgressReport.objects.all(), windows).values_list("pk", flat=True))
        assert late == {report.pk for report, days in zip(reports, found, strict=True) if days}
        assert in_time == {report.pk for report, days in zip(reports, found, strict=True) if days == 0}
        return found

    def handed_in(self, moment, project=None, **fields) -> ProgressReport:
        fields.setdefault("submitted_by", make_user("office"))
        return make_report(project or make_project(), PERIOD.code, submitted_at=moment, **fields)

    def test_on_the_due_day_in_time_to_its_last_minute(self):
        self.handed_in(at(8, 11, 23))
        self.handed_in(at(8, 12, 0))
        self.handed_in(at(8, 21))
        assert self.judged() == [0, 1, 10]

    def test_within_a_reopening_in_time_against_the_reopened_day(self, office):
        reopen(office)
        self.handed_in(at(10, 12))
        self.handed_in(at(10, 20, 23))
        assert self.judged() == [0, 0]

    def test_a_later_reopening_does_not_wash_off_an_earlier_lateness(self, office):
        self.handed_in(at(8, 15))
        self.handed_in(at(9, 30))
        reopen(office)
        assert self.judged() == [4, 50]

    def test_a_reopening_for_one_excuses_that_one(self, listed_project, office):
        reopen(office, listed_project)
        self.handed_in(at(10, 15), listed_project)
        self.handed_in(at(10, 15))
        assert self.judged() == [0, 65]

    def test_ledgers_and_drafts_are_not_judged(self):
        self.handed_in(None, submitted_by=None, source=ProgressReport.Source.LEDGER)
        self.handed_in(None, submitted_by=None, state=ReportState.DRAFT)
        assert self.judged() == [None, None]

    def test_what_was_returned_or_reopened_stays_as_punctual_as_it_first_was(
        self, listed_project, reporter, office
    ):
        report = submit(listed_project, reporter, at(8, 11))
        return_report(report=report, reason="请改", by=office, now=at(8, 14))
        assert self.judged() == [0]
        report = submit(listed_project, reporter, at(9, 20))
        assert self.judged() == [0]
        confirm_report(report=report, by=office, now=at(9, 21))
        reopen_report(report=report, reason="核减", by=office, now=at(10, 1))
        submit(listed_project, reporter, at(10, 12))
        assert self.judged() == [0]

    def test_a_ledgers_report_mended_later_is_the_units_word_and_not_judged(
        self, listed_project, reporter, office
    ):
        report = make_report(listed_project, PERIOD.code, "90", source=ProgressReport.Source.LEDGER)
        reopen_report(report=report, reason="台账录入有误", by=office, now=NOW)
        assert submit(listed_project, reporter).source == ProgressReport.Source.REPORTED
        assert self.judged() == [None]
