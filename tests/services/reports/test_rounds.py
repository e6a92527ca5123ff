"""The rounds of a report: kept with each hand-in, completed by the reviewers, compared; a confirmed report reopened."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from projects.digests.weekly import weekly_content
from projects.models import (
    AuditRecord,
    Notice,
    OfficeSettings,
    ProgressReport,
    ReportRound,
    ReportState,
    WeeklyReport,
)
from projects.periods import TenDayPeriod, Week
from projects.queries.reports.rounds import chain_of, changes_between
from projects.services.base.attachments import prepare_file
from projects.services.reports.content import ReportEntry
from projects.services.reports.filling import save_draft, submit_report
from projects.services.reports.review import (
    confirm_report,
    pass_report,
    pass_reports,
    reopen_report,
    return_report,
)
from projects.services.weekly.issues import keep_draft, sign_report
from tests.factories import NOW, make_picture, make_project, make_report, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.usefixtures("media")]
PERIOD = TenDayPeriod.parse("2023-10-1")
LATER = NOW + dt.timedelta(minutes=5)


def entry(amount="100", **fields) -> ReportEntry:
    fields.setdefault("physical_progress", "主体施工至三层")
    return ReportEntry(invested_this_year=Decimal(amount), **fields)


def submit(project, by, what=None, *, now=NOW, **options) -> ProgressReport:
    return submit_report(project=project, period=PERIOD, entry=what or entry(), by=by, now=now, **options)


class TestKeeping:
    def test_a_hand_in_is_kept_as_it_was(self, listed_project, reporter):
        facts = {"completed_on": dt.date(2023, 10, 9)}
        report = submit(listed_project, reporter, entry("100", invested_to_date=Decimal("300"), facts=facts))
        kept = report.rounds.get()
        assert (kept.number, kept.submitted_by, kept.submitted_at) == (1, reporter, NOW)
        assert kept.content == {
            "invested_this_year": "100.00",
            "invested_to_date": "300.00",
            "physical_progress": "主体施工至三层",
            "work_done": "",
            "next_steps": "",
            "reported_facts": {"completed_on": "2023-10-09"},
            "photos": [],
        }

    def test_drafts_are_no_rounds_and_a_double_click_is_one(self, listed_project, reporter):
        save_draft(project=listed_project, period=PERIOD, entry=entry("90"), by=reporter, now=NOW)
        assert not ReportRound.objects.exists()
        for moment in (NOW, LATER):
            submit(listed_project, reporter, now=moment)
        assert ReportRound.objects.count() == 1

    def test_overruled_warnings_stay_with_their_round(self, listed_project, reporter, office):
        make_report(listed_project, "2023-09-3", "200")
        words = ["本年累计完成投资由200万元降为100万元，如属更正请说明原因。"]
        report = submit(listed_project, reporter, overruled=words, overrule_reason="上期多报")
        return_report(report=report, reason="请核对", by=office, now=NOW)
        submit(listed_project, reporter, entry("210"), now=LATER)
        first, second = report.rounds.order_by("number")
        assert (first.warnings, first.overrule_reason) == (words, "上期多报")
        assert (second.warnings, second.overrule_reason) == ([], "")

    def test_the_whole_chain_is_written_down(self, listed_project, reporter, head, office):
        OfficeSettings.objects.update(unit_review_required=True)
        report = pass_report(report=submit(listed_project, reporter), by=head, now=NOW)
        return_report(
            report=report, reason="金额有误", to_mend=["invested_this_year", "nonsense"], by=office, now=LATER
        )
        report = submit(listed_project, reporter, entry("90"), now=LATER)
        report = pass_report(report=report, by=head, now=LATER)
        report = confirm_report(report=report, by=office, now=LATER)
        first, second = report.rounds.order_by("number")
        assert (first.passed_by, first.returned_by, first.return_reason) == (head, office, "金额有误")
        assert first.to_mend == ["invested_this_year"]
        assert (first.confirmed_by, first.is_reopening) == (None, False)
        assert (second.passed_by, second.confirmed_by, second.returned_at) == (head, office, None)

    def test_of_two_reviewers_one_wins_and_the_round_says_who(self, listed_project, reporter, office):
        report = submit(listed_project, reporter)
        stale = ProgressReport.objects.get(pk=report.pk)
        confirm_report(report=report, by=office, now=NOW)
        with pytest.raises(ValidationError, match="已由赵统"):
            return_report(report=stale, reason="晚了一步", by=make_user("office"), now=LATER)
        with pytest.raises(ValidationError, match="已由赵统"):
            confirm_report(report=stale, by=make_user("office"), now=LATER)
        kept = report.rounds.get()
        assert (kept.confirmed_by, kept.returned_by) == (office, None)


class TestComparing:
    def test_field_by_field_before_and_after(self, listed_project, reporter, office):
        facts = {"completed_on": dt.date(2023, 10, 8)}
        report = submit(listed_project, reporter, entry("100", facts=facts))
        return_report(report=report, reason="请改", by=office, now=NOW)
        pictures = [prepare_file(make_picture())]
        facts = {"completed_on": dt.date(2023, 10, 9)}
        mended = entry("120", next_steps="封顶", facts=facts)
        submit(listed_project, reporter, mended, photos=pictures, now=LATER)
        latest = chain_of(report)[0]
        assert latest.is_compared
        assert [(change.label, change.before, change.after) for change in latest.changes] == [
            ("本年累计完成投资（万元）", "100", "120"),
            ("下步计划", "空", "封顶"),
            ("竣工日期", "2023-10-08", "2023-10-09"),
            ("现场照片", "空", "现场.jpg"),
        ]

    def test_the_same_again_has_no_changes(self, listed_project, reporter, office):
        report = submit(listed_project, reporter)
        return_report(report=report, reason="请改", by=office, now=NOW)
        submit(listed_project, reporter, now=LATER)
        assert chain_of(report)[0].changes == ()

    def test_what_a_round_does_not_know_is_not_compared(self, listed_project, reporter):
        report = submit(listed_project, reporter)
        after = report.rounds.get()
        before = ReportRound(content={"invested_this_year": "100.00", "reported_facts": {}})
        assert changes_between(before, after) == ()


class TestReopening:
    def confirmed(self, project, reporter, office, **facts) -> ProgressReport:
        report = submit(project, reporter, entry("100", facts=facts))
        return confirm_report(report=report, by=office, now=NOW)

    def test_back_to_the_filler_with_the_reason_and_out_of_the_figures(
        self, listed_project, reporter, office
    ):
        make_report(listed_project, "2023-09-3", "80")
        report = self.confirmed(listed_project, reporter, office)
        reopened = reopen_report(
            report=report, reason="产值单核减", to_mend=["invested_this_year"], by=office, now=LATER
        )
        assert (reopened.state, reopened.round, reopened.return_count) == (ReportState.RETURNED, 2, 0)
        assert (reopened.confirmed_by, reopened.confirmed_at) == (None, None)
        kept = reopened.rounds.get()
        assert (kept.is_reopening, kept.confirmed_by, kept.returned_by) == (True, office, office)
        assert "产值单核减" in Notice.objects.visible_to(reporter).get().body
        audit = AuditRecord.objects.get(action="重新打开旬报")
        assert (audit.reason, audit.changes["state"]) == ("产值单核减", ["confirmed", "returned"])
        in_force = ProgressReport.objects.latest_per_project(year=2023, as_of=dt.date(2023, 10, 12)).get()
        assert in_force.invested_this_year == 80

    def test_mended_and_confirmed_it_counts_again(self, listed_project, reporter, office):
        report = self.confirmed(listed_project, reporter, office)
        reopen_report(report=report, reason="核减", by=office, now=LATER)
        # long after the lock: what is reopened may be mended
        mended = submit(listed_project, reporter, entry("90"), now=NOW.replace(month=12))
        confirm_report(report=mended, by=office, now=NOW.replace(month=12))
        in_force = ProgressReport.objects.latest_per_project(year=2023, as_of=dt.date(2023, 10, 12)).get()
        assert in_force.invested_this_year == 90
        assert mended.rounds.count() == 2

    def test_dates_of_fact_are_taken_back(self, listed_project, reporter, office):
        report = self.confirmed(listed_project, reporter, office, completed_on=dt.date(2023, 10, 9))
        reopen_report(report=report, reason="竣工日期有误", by=office, now=LATER)
        listed_project.refresh_from_db()
        assert listed_project.completed_on is None

    def test_a_ledgers_report_gets_its_round_then_and_the_units_reporters_are_told(
        self, listed_project, reporter, office
    ):
        report = make_report(listed_project, "2023-10-1", "100", source=ProgressReport.Source.LEDGER)
        reopen_report(report=report, reason="台账录入有误", by=office, now=LATER)
        kept = report.rounds.get()
        assert (kept.submitted_by, kept.content["invested_this_year"]) == (None, "100.00")
        assert Notice.objects.visible_to(reporter).count() == 1

    def test_refused_to_others_without_reason_and_where_nothing_is_confirmed(
        self, listed_project, reporter, head, office
    ):
        report = submit(listed_project, reporter)
        with pytest.raises(ValidationError, match="提交"):
            reopen_report(report=report, reason="核减", by=office, now=LATER)
        report = confirm_report(report=report, by=office, now=NOW)
        for reason in ("  ", "长" * 301):
            with pytest.raises(ValidationError, match="更正原因"):
                reopen_report(report=report, reason=reason, by=office, now=LATER)
        for person in (reporter, head, make_user("inspector")):
            with pytest.raises(PermissionDenied):
                reopen_report(report=report, reason="核减", by=person, now=LATER)
        report.refresh_from_db()
        assert report.state == ReportState.CONFIRMED

    def test_a_second_click_is_refused_and_changes_nothing(self, listed_project, reporter, office):
        report = self.confirmed(listed_project, reporter, office)
        reopen_report(report=report, reason="核减", by=office, now=LATER)
        with pytest.raises(ValidationError, match="本旬旬报当前状态为“已退回”"):
            reopen_report(report=report, reason="核减", by=office, now=LATER)
        report.refresh_from_db()
        assert (report.round, report.rounds.count()) == (2, 1)

    def test_a_signed_weekly_report_stays_as_it_was(self, listed_project, reporter, office):
        report = self.confirmed(listed_project, reporter, office)
        week = Week.parse("2023-W41")
        draft = keep_draft(week=week, content=weekly_content(week).as_dict(), now=LATER)
        monday = NOW.replace(day=16)
        before = sign_report(report=draft, by=office, now=monday).content
        reopen_report(report=report, reason="核减", by=office, now=monday)
        assert WeeklyReport.objects.get().content == before
        assert weekly_content(week).as_dict() != before


class TestPassingMany:
    def test_each_for_itself_and_only_the_own_units(self, unit, reporter, head, office):
        mine = [make_project(lead_department=unit, started_on=dt.date(2023, 1, 1)) for _ in range(3)]
        reports = [submit(each, reporter) for each in mine]
        confirm_report(report=reports[0], by=office, now=NOW)
        foreign = make_report(make_project(), "2023-10-1", state=ReportState.SUBMITTED)
        outcome = pass_reports(reports=[*reports, foreign], by=head, now=LATER)
        assert (outcome.done, len(outcome.refusals)) == (2, 1)
        foreign.refresh_from_db()
        assert foreign.state == ReportState.SUBMITTED
        assert ProgressReport.objects.filter(state=ReportState.PASSED, passed_by=head).count() == 2

    def test_nobody_but_a_head_passes(self, listed_project, reporter, office):
        report = submit(listed_project, reporter)
        for person in (reporter, office, make_user("inspector")):
            with pytest.raises(PermissionDenied):
                pass_reports(reports=[report], by=person, now=LATER)
