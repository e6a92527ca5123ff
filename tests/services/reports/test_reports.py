"""A ten-day report from draft to confirmation: windows, warnings, two people at once, dates of fact."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from projects.figures.figures import figure_total
from projects.figures.population import Scope
from projects.models import AuditRecord, Notice, OfficeSettings, ProgressReport, Project, ReportState
from projects.periods import TenDayPeriod
from projects.queries.reports.reports import current_window, last_report_before, missing_reports
from projects.services.reports.content import ReportEntry
from projects.services.reports.filling import WarningsToAnswer, save_draft, submit_report, version_of
from projects.services.reports.review import confirm_report, confirm_reports, pass_report, return_report
from tests.factories import NOW, make_listing, make_project, make_report, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]
PERIOD = TenDayPeriod.parse("2023-10-1")  # due 10月11日, locked after 10月23日 (20日 is a Friday)
LATER = NOW + dt.timedelta(minutes=5)


def on(month: int, day: int) -> dt.datetime:
    return NOW.replace(month=month, day=day)


def entry(amount="100", **fields) -> ReportEntry:
    fields.setdefault("physical_progress", "主体施工至三层")
    return ReportEntry(invested_this_year=amount and Decimal(amount), **fields)


def submit(project, by, what=None, *, period=PERIOD, now=NOW, **options) -> ProgressReport:
    return submit_report(project=project, period=period, entry=what or entry(), by=by, now=now, **options)


def words(refused) -> str:
    return "".join(refused.value.messages)


class TestWindow:
    def test_opens_with_the_period_and_locks_with_the_next_due_day(self):
        window = current_window(PERIOD)
        assert (window.opens_on, window.due_on) == (dt.date(2023, 10, 1), dt.date(2023, 10, 11))
        assert window.closes_on == dt.date(2023, 10, 23)

    def test_on_the_due_day_in_time_the_day_after_late_but_taken(self, listed_project, reporter):
        assert not current_window(PERIOD).is_late(dt.date(2023, 10, 11))
        assert current_window(PERIOD).is_late(dt.date(2023, 10, 12))
        assert submit(listed_project, reporter, now=on(10, 23)).state == ReportState.SUBMITTED

    def test_locked_the_day_after_and_says_whom_to_ask(self, listed_project, reporter, office):
        with pytest.raises(ValidationError) as refused:
            submit(listed_project, reporter, now=on(10, 24))
        assert "已于10月23日截止" in words(refused)
        assert "赵统" in words(refused)
        assert not ProgressReport.objects.exists()

    def test_the_office_enters_a_locked_period_with_a_reason(self, listed_project, office):
        with pytest.raises(ValidationError) as refused:
            submit(listed_project, office, now=on(10, 24))
        assert "overrule_reason" in refused.value.message_dict
        report = submit(listed_project, office, now=on(10, 24), overrule_reason="单位补报")
        assert report.overrule_reason == "单位补报"
        assert AuditRecord.objects.get(action="提交旬报").reason == "单位补报"

    def test_a_future_period_is_refused(self, listed_project, reporter):
        with pytest.raises(ValidationError, match="10月21日起可以填报"):
            submit(listed_project, reporter, period=TenDayPeriod.parse("2023-10-3"))
        with pytest.raises(ValidationError, match="尚未开始"):
            save_draft(
                project=listed_project,
                period=TenDayPeriod.parse("2023-10-3"),
                entry=entry(),
                by=reporter,
                now=NOW,
            )

    def test_before_the_project_is_followed_and_after_it_ended(self, listed_project, reporter):
        Project.objects.update(reports_from_on=dt.date(2023, 10, 15))
        listed_project.refresh_from_db()
        with pytest.raises(ValidationError, match="10月中旬起报送"):
            submit(listed_project, reporter)
        Project.objects.update(reports_from_on=dt.date(2023, 1, 1), state=Project.State.WITHDRAWN)
        listed_project.refresh_from_db()
        with pytest.raises(ValidationError, match="已退库"):
            submit(listed_project, reporter)

    def test_a_returned_report_is_mended_even_after_the_lock(self, listed_project, reporter, office):
        report = submit(listed_project, reporter)
        return_report(report=report, reason="金额有误", by=office, now=on(10, 30))
        mended = submit(listed_project, reporter, entry("90"), now=on(11, 2))
        assert (mended.state, mended.round, mended.return_count) == (ReportState.SUBMITTED, 2, 1)


class TestFilling:
    def test_a_draft_keeps_whatever_was_typed(self, listed_project, reporter):
        typed = ReportEntry(work_done="浇筑基础", facts={"completed_on": dt.date(2023, 10, 9)})
        report = save_draft(project=listed_project, period=PERIOD, entry=typed, by=reporter, now=NOW)
        assert (report.state, report.invested_this_year, report.work_done) == ("draft", None, "浇筑基础")
        assert report.reported_facts == {"completed_on": "2023-10-09"}
        listed_project.refresh_from_db()
        assert listed_project.completed_on is None

    def test_saving_the_same_again_is_no_change(self, listed_project, reporter):
        for moment in (NOW, LATER):
            save_draft(project=listed_project, period=PERIOD, entry=entry(), by=reporter, now=moment)
        assert AuditRecord.objects.filter(action="保存旬报草稿").count() == 1
        save_draft(project=listed_project, period=PERIOD, entry=entry("101"), by=reporter, now=LATER)
        assert AuditRecord.objects.filter(action="保存旬报草稿").count() == 2

    def test_handed_in_it_counts_from_the_periods_last_day(self, listed_project, reporter):
        report = submit(listed_project, reporter, entry("100", invested_to_date=Decimal("300")))
        assert report.counts_from_on == dt.date(2023, 10, 10)
        assert (report.submitted_by, report.submitted_at) == (reporter, NOW)
        record = AuditRecord.objects.get(action="提交旬报")
        assert record.project == listed_project
        assert record.changes["invested_this_year"] == [None, "100.00"]

    def test_amount_and_physical_progress_are_owed(self, listed_project, reporter):
        with pytest.raises(ValidationError) as refused:
            submit(listed_project, reporter, ReportEntry())
        assert set(refused.value.message_dict) == {"invested_this_year", "physical_progress"}

    def test_negative_amounts_are_refused_also_in_a_draft(self, listed_project, reporter):
        for verb in (submit_report, save_draft):
            with pytest.raises(ValidationError) as refused:
                verb(project=listed_project, period=PERIOD, entry=entry("-1"), by=reporter, now=NOW)
            assert "invested_this_year" in refused.value.message_dict

    def test_strangers_sponsors_and_inspectors_may_not(self, listed_project):
        for person in (make_user("reporter"), make_user("sponsor"), make_user("inspector")):
            with pytest.raises(PermissionDenied):
                submit(listed_project, person)

    def test_one_report_a_period_whatever_the_clicks(self, listed_project, reporter):
        save_draft(project=listed_project, period=PERIOD, entry=entry("90"), by=reporter, now=NOW)
        first = submit(listed_project, reporter)
        second = submit(listed_project, reporter, now=LATER)
        assert first == second
        assert ProgressReport.objects.count() == 1
        assert AuditRecord.objects.filter(action="提交旬报").count() == 1


class TestTwoPeople:
    def test_the_second_to_hand_in_reads_who_was_first(self, listed_project, reporter, unit):
        submit(listed_project, reporter)
        with pytest.raises(ValidationError) as refused:
            submit(listed_project, make_user("reporter", unit=unit), entry("120"), now=LATER)
        assert "已由王报于10月12日 09:00提交" in words(refused)
        assert ProgressReport.objects.get().invested_this_year == 100

    def test_saving_over_a_colleague_is_announced_once(self, listed_project, reporter, unit):
        other = make_user("reporter", unit=unit)
        started = version_of(None)
        draft = save_draft(
            project=listed_project, period=PERIOD, entry=entry(), by=reporter, now=NOW, version=started
        )
        with pytest.raises(ValidationError, match="王报已于09:00保存过"):
            save_draft(
                project=listed_project, period=PERIOD, entry=entry("80"), by=other, now=LATER, version=started
            )
        over = save_draft(
            project=listed_project,
            period=PERIOD,
            entry=entry("80"),
            by=other,
            now=LATER,
            version=version_of(draft),
        )
        assert over.invested_this_year == 80

    def test_the_same_person_on_two_devices_is_told_too_but_not_of_the_same_words(
        self, listed_project, reporter
    ):
        given = {"project": listed_project, "period": PERIOD, "by": reporter, "version": version_of(None)}
        save_draft(**given, entry=entry(), now=NOW)
        save_draft(**given, entry=entry(), now=LATER)
        with pytest.raises(ValidationError, match="您在另一处已于"):
            save_draft(**given, entry=entry("80"), now=LATER)
        assert ProgressReport.objects.get().invested_this_year == 100

    def test_confirming_twice_is_refused_with_the_name(self, listed_project, reporter, office):
        report = submit(listed_project, reporter)
        confirm_report(report=report, by=office, now=NOW)
        with pytest.raises(ValidationError, match="已由赵统于10月12日 09:00确认"):
            confirm_report(report=report, by=make_user("office"), now=LATER)
        with pytest.raises(ValidationError, match="确认"):
            return_report(report=report, reason="晚了", by=office, now=LATER)


class TestWarnings:
    def test_a_falling_amount_asks_for_a_reason(self, listed_project, reporter):
        make_report(listed_project, "2023-09-3", "200")
        with pytest.raises(WarningsToAnswer) as asked:
            submit(listed_project, reporter)
        assert "200" in asked.value.warnings[0]
        assert not ProgressReport.objects.filter(period_ends_on=PERIOD.last_on).exists()

        seen = asked.value.warnings
        with pytest.raises(WarningsToAnswer):
            submit(listed_project, reporter, overruled=seen)
        report = submit(listed_project, reporter, overruled=seen, overrule_reason="上期多报")
        assert report.overruled_warnings == seen
        assert report.overrule_reason == "上期多报"

    def test_a_reason_does_not_cover_a_warning_not_seen(self, listed_project, reporter):
        make_report(listed_project, "2023-09-3", "200")
        with pytest.raises(WarningsToAnswer) as asked:
            submit(listed_project, reporter)
        with pytest.raises(WarningsToAnswer):
            submit(
                listed_project,
                reporter,
                entry("50"),
                overruled=asked.value.warnings,
                overrule_reason="上期多报",
            )

    def test_without_warnings_no_reason_is_kept(self, listed_project, reporter):
        report = submit(listed_project, reporter, overrule_reason="无")
        assert (report.overruled_warnings, report.overrule_reason) == ([], "")


class TestReview:
    def test_the_office_confirms_what_was_handed_in(self, listed_project, reporter, office):
        report = confirm_report(report=submit(listed_project, reporter), by=office, now=LATER)
        assert (report.state, report.confirmed_by, report.confirmed_at) == ("confirmed", office, LATER)

    def test_with_unit_review_the_head_passes_first(self, listed_project, reporter, head, office):
        OfficeSettings.objects.update(unit_review_required=True)
        report = submit(listed_project, reporter)
        with pytest.raises(ValidationError, match="先经本单位负责人审核"):
            confirm_report(report=report, by=office, now=NOW)
        passed = pass_report(report=report, by=head, now=NOW)
        assert (passed.state, passed.passed_by) == ("passed", head)
        assert confirm_report(report=passed, by=office, now=NOW).state == "confirmed"

    def test_who_may_review(self, listed_project, reporter, head, office):
        report = submit(listed_project, reporter)
        with pytest.raises(PermissionDenied):
            confirm_report(report=report, by=head, now=NOW)
        for person in (reporter, office, make_user("unit_head")):
            with pytest.raises(PermissionDenied):
                pass_report(report=report, by=person, now=NOW)
        with pytest.raises(PermissionDenied):
            return_report(report=report, reason="无", by=reporter, now=NOW)

    def test_returned_with_reason_count_round_and_a_notice(self, listed_project, reporter, office):
        report = submit(listed_project, reporter)
        with pytest.raises(ValidationError, match="退回原因"):
            return_report(report=report, reason="  ", by=office, now=NOW)
        returned = return_report(report=report, reason="金额与产值单不符", by=office, now=NOW)
        assert (returned.state, returned.round, returned.return_count) == ("returned", 2, 1)
        assert returned.return_reason == "金额与产值单不符"
        notice = Notice.objects.visible_to(reporter).unread().get()
        assert "金额与产值单不符" in notice.body
        with pytest.raises(ValidationError, match="本旬旬报当前状态为“已退回”"):
            return_report(report=returned, reason="再退", by=office, now=NOW)

    def test_the_head_returns_only_what_waits_for_the_unit(self, listed_project, reporter, head):
        report = pass_report(report=submit(listed_project, reporter), by=head, now=NOW)
        with pytest.raises(ValidationError, match="审核通过"):
            return_report(report=report, reason="退", by=head, now=NOW)

    def test_many_at_once_each_for_itself(self, unit, reporter, office):
        projects = [make_project(lead_department=unit, started_on=dt.date(2023, 1, 1)) for _ in range(3)]
        reports = [submit(each, reporter) for each in projects]
        confirm_report(report=reports[0], by=office, now=NOW)
        outcome = confirm_reports(reports=reports, by=office, now=LATER)
        assert outcome.done == 2
        assert len(outcome.refusals) == 1
        assert ProgressReport.objects.filter(state=ReportState.CONFIRMED).count() == 3


class TestDatesOfFact:
    def test_confirming_makes_the_date_the_projects(self, project, reporter, office):
        report = submit(project, reporter, entry(facts={"started_on": dt.date(2023, 10, 8)}))
        project.refresh_from_db()
        assert project.started_on is None, "handed in it is a claim"
        confirm_report(report=report, by=office, now=LATER)
        project.refresh_from_db()
        assert project.started_on == dt.date(2023, 10, 8)
        change = AuditRecord.objects.get(action="随旬报登记开竣工日期")
        assert change.changes == {"started_on": [None, "2023-10-08"]}
        assert change.by == office

    def test_a_returned_report_claims_nothing_and_what_is_mended_counts(self, project, reporter, office):
        report = submit(project, reporter, entry(facts={"started_on": dt.date(2023, 10, 8)}))
        return_report(report=report, reason="开工日期有误", by=office, now=NOW)
        report = submit(project, reporter, entry(facts={"started_on": dt.date(2023, 10, 9)}), now=LATER)
        confirm_report(report=report, by=office, now=LATER)
        project.refresh_from_db()
        assert project.started_on == dt.date(2023, 10, 9)

    def test_a_claim_that_waits_is_known_to_the_next_report(self, project, reporter, office):
        first = submit(project, reporter, entry(facts={"started_on": dt.date(2023, 10, 8)}))
        following, later = TenDayPeriod.parse("2023-10-2"), NOW + dt.timedelta(days=9)
        with pytest.raises(ValidationError, match="另一期待确认的旬报中填为2023-10-08"):
            submit(
                project,
                reporter,
                entry(facts={"started_on": dt.date(2023, 10, 9)}),
                period=following,
                now=later,
            )
        second = submit(
            project,
            reporter,
            entry("150", physical_progress="封顶", facts={"completed_on": dt.date(2023, 10, 20)}),
            period=following,
            now=later,
        )
        Project.objects.update(started_on=dt.date(2023, 10, 21))
        with pytest.raises(ValidationError, match="竣工日期早于实际开工日期，请退回核对"):
            confirm_report(report=second, by=office, now=later)
        Project.objects.update(started_on=None)
        for report in (first, second):
            confirm_report(report=report, by=office, now=later)
        project.refresh_from_db()
        assert (project.started_on, project.completed_on) == (dt.date(2023, 10, 8), dt.date(2023, 10, 20))

    def test_a_claimed_start_counts_in_provisional_figures_alone_until_it_is_confirmed(
        self, project, reporter, office
    ):
        make_listing(project, category="new_start", planned_start="2023年8月底前")

        def starts(basis):
            values = figure_total(Scope(dt.date(2023, 10, 12), 2023, basis=basis)).values
            return values["new_starts_started"], values["missed_starts"], values["started"]

        report = submit(project, reporter, entry(facts={"started_on": dt.date(2023, 8, 15)}))
        assert (starts("confirmed"), starts("submitted")) == ((0, 1, 0), (1, 0, 1))
        assert Scope(dt.date(2023, 10, 12), 2023, basis="submitted").projects("started").get() == project
        confirm_report(report=report, by=office, now=LATER)
        assert starts("confirmed") == (1, 0, 1) == starts("submitted")

    def test_returning_leaves_a_date_somebody_changed_since(self, project, reporter, office):
        report = submit(project, reporter, entry(facts={"started_on": dt.date(2023, 10, 8)}))
        Project.objects.update(started_on=dt.date(2023, 10, 1))
        return_report(report=report, reason="金额有误", by=office, now=NOW)
        project.refresh_from_db()
        assert project.started_on == dt.date(2023, 10, 1)

    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ({"started_on": dt.date(2023, 10, 13)}, "started_on"),
            ({"completed_on": dt.date(2023, 10, 1)}, "started_on"),
            ({"started_on": dt.date(2023, 10, 8), "completed_on": dt.date(2023, 10, 1)}, "completed_on"),
            ({"started_on": dt.date(1023, 10, 8)}, "started_on"),
        ],
    )
    def test_impossible_dates_are_refused(self, project, reporter, facts, field):
        with pytest.raises(ValidationError) as refused:
            submit(project, reporter, entry(facts=facts))
        assert field in refused.value.message_dict
        assert not ProgressReport.objects.exists()

    def test_a_known_date_is_not_changed_from_here(self, project, reporter):
        Project.objects.update(started_on=dt.date(2023, 5, 1))
        with pytest.raises(ValidationError, match="已登记为2023-05-01"):
            submit(project, reporter, entry(facts={"started_on": dt.date(2023, 10, 8)}))


class TestReading:
    def test_the_last_report_is_of_the_year_and_handed_in(self, listed_project):
        make_report(listed_project, "2022-12-3", "900")
        september = make_report(listed_project, "2023-09-2", "80", state=ReportState.SUBMITTED)
        make_report(listed_project, "2023-09-3", "95", state=ReportState.DRAFT)
        make_report(listed_project, "2023-10-2", "120")
        assert last_report_before(listed_project, PERIOD) == september
        assert last_report_before(listed_project, TenDayPeriod.parse("2023-01-1")) is None

    def test_missing_are_those_without_a_report_handed_in(self, listed_project, unit):
        drafted, done, elsewhere = make_project(), make_project(), make_project()
        make_report(drafted, "2023-10-1", state=ReportState.DRAFT)
        make_report(done, "2023-10-1", state=ReportState.SUBMITTED)
        Project.objects.filter(pk=elsewhere.pk).update(state=Project.State.SUSPENDED)
        assert set(missing_reports(Project.objects.all(), PERIOD)) == {listed_project, drafted}
