"""Pages around the reports: rounds, reopening, review by the unit, who has not reported, periods opened again."""

import datetime as dt

import pytest
from django.urls import reverse

from projects.models import Notice, OfficeSettings, PeriodReopening, ProgressReport, ReportState
from projects.services.reports.filling import version_of
from projects.services.reports.review import return_report
from tests.factories import NOW, make_list, make_project, make_report, make_unit, make_user
from tests.pages.reports.test_report import edit_url, page, typed
from tests.reading import page_queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
PERIOD = "2023-10-1"
LOCKED = "2023-08-1"


@pytest.fixture
def report(client, reporter, listed_project):
    client.force_login(reporter)
    client.post(edit_url(listed_project), typed())
    return ProgressReport.objects.get()


class TestRounds:
    def test_the_filler_sees_what_to_mend_in_the_open_and_the_rest_folded(
        self, client, reporter, office, listed_project, report
    ):
        client.force_login(office)
        back = {"reason": "金额与产值单不符", "to_mend": ["invested_this_year"]}
        client.post(reverse("report_return", args=[report.pk]), back)
        client.force_login(reporter)
        response = client.get(edit_url(listed_project))
        form = response.context["form"]
        assert [field.name for field in form.main_fields] == ["invested_this_year", "invested_to_date"]
        assert [field.name for field in form.settled_fields] == [
            "physical_progress",
            "work_done",
            "next_steps",
        ]
        text = page(response)
        for words in ("第1次退回", "金额与产值单不符", "只需修改：本年累计完成投资", "其余内容（不必修改）"):
            assert words in text
        assert 'name="pictures"' not in text
        client.post(
            edit_url(listed_project), typed(invested_this_year="120", version=response.context["version"])
        )
        report.refresh_from_db()
        assert (report.state, report.round, report.work_done) == ("submitted", 2, "浇筑三层楼板")

    def test_a_mistake_in_the_fold_opens_it(self, client, reporter, office, listed_project, report):
        return_report(report=report, reason="改", to_mend=["work_done"], by=office, now=NOW)
        client.force_login(reporter)
        response = client.post(edit_url(listed_project), typed(physical_progress="", version="x"))
        assert response.context["form"].settled_open

    def test_the_reviewer_of_the_second_round_sees_before_and_after(
        self, client, reporter, office, listed_project, report
    ):
        client.force_login(office)
        first = page(client.get(reverse("report_detail", args=[report.pk])))
        assert "与上一轮相比的变化" not in first
        return_report(report=report, reason="金额有误", by=office, now=NOW)
        client.force_login(reporter)
        report.refresh_from_db()
        mended = typed(invested_this_year="1200", next_steps="封顶", version=version_of(report))
        client.post(edit_url(listed_project), mended)
        client.force_login(office)
        text = page(client.get(reverse("report_detail", args=[report.pk])))
        for words in ("与上一轮相比的变化", "1,200", "封顶", "第2轮", "第1轮", "金额有误", "共 2 轮"):
            assert words in text

    def test_as_many_queries_for_many_rounds_as_for_two(
        self, client, reporter, office, listed_project, report
    ):
        def again(number):
            for _ in range(number):
                report.refresh_from_db()
                return_report(report=report, reason="改", by=office, now=NOW)
                client.force_login(reporter)
                client.post(edit_url(listed_project), typed())
            client.force_login(office)

        address = reverse("report_detail", args=[report.pk])
        again(1)
        page_queries(client, address)
        two = page_queries(client, address)
        again(4)
        assert report.rounds.count() == 6
        assert page_queries(client, address) == two

    def test_the_office_reopens_from_the_page_and_is_told_what_follows(
        self, client, office, reporter, listed_project, report
    ):
        client.force_login(office)
        address = reverse("report_reopen", args=[report.pk])
        assert "尚未确认" in page(client.get(address))
        client.post(reverse("report_confirm", args=[report.pk]))
        assert address in page(client.get(reverse("report_detail", args=[report.pk])))
        assert "退出正式统计" in page(client.get(address))
        assert "这个字段是必填项" in page(client.post(address))
        text = page(client.post(address, {"reason": "产值单核减", "to_mend": ["work_done"]}, follow=True))
        assert "已重新打开" in text
        assert "已重新打开，待更正" in page(client.get(reverse("report_detail", args=[report.pk])))
        client.force_login(reporter)
        assert "已重新打开，请更正" in page(client.get(edit_url(listed_project)))
        client.force_login(office)
        assert "不能进行此项操作" in page(client.post(address, {"reason": "再来"}))


class TestUnitReview:
    def test_a_head_passes_the_ticked_reports_at_once(self, client, head, unit, office, report):
        OfficeSettings.objects.update(unit_review_required=True)
        other = make_report(make_project(lead_department=unit), PERIOD, state=ReportState.SUBMITTED)
        foreign = make_report(make_project(), PERIOD, state=ReportState.SUBMITTED)
        client.force_login(office)
        assert "确认勾选" not in page(client.get(reverse("report_list"), {"view": "pending"}))
        client.force_login(head)
        text = page(client.get(reverse("report_list"), {"view": "review"}))
        assert "待我审核 2" in text
        assert reverse("report_pass_many") in text
        assert f'name="report" value="{report.pk}"' in text
        ticked = {"report": [report.pk, other.pk, foreign.pk, "x"]}
        assert "已审核通过 2 份" in page(client.post(reverse("report_pass_many"), ticked, follow=True))
        assert ProgressReport.objects.filter(state="passed").count() == 2
        assert "请先勾选" in page(client.post(reverse("report_pass_many"), follow=True))

    def test_without_unit_review_nobody_waits_for_the_head_and_words_say_so(
        self, client, head, office, report
    ):
        client.force_login(head)
        response = client.get(reverse("report_list"), {"view": "review"})
        assert response.context["view"] == "duties"
        assert "待我审核" not in page(response)
        client.force_login(office)
        assert "旬报由发改局直接确认" in page(client.get(reverse("report_list"), {"view": "pending"}))
        assert "不需要，由发改局直接确认" in page(client.get(reverse("report_detail", args=[report.pk])))

    def test_as_many_queries_for_many_rows_as_for_one(self, client, head, unit, report):
        OfficeSettings.objects.update(unit_review_required=True)
        client.force_login(head)
        address = reverse("report_list")
        page_queries(client, address, view="review")
        one = page_queries(client, address, view="review")
        for _ in range(12):
            make_report(make_project(lead_department=unit), PERIOD, state=ReportState.SUBMITTED)
        assert page_queries(client, address, view="review") == one


class TestMissing:
    def fill(self, unit, reporter):
        """Of the unit one in time, one late, two missing; one missing of nobody's."""
        for moment in (NOW.replace(day=11), NOW):
            make_report(
                make_project(lead_department=unit),
                PERIOD,
                state=ReportState.SUBMITTED,
                submitted_at=moment,
                submitted_by=reporter,
            )
        make_project("缺报甲项目", lead_department=unit)
        make_report(make_project(lead_department=unit), PERIOD, state=ReportState.DRAFT)
        make_project("无主项目")

    def test_every_figure_opens_exactly_its_rows(self, client, office, unit, reporter):
        self.fill(unit, reporter)
        client.force_login(office)
        response = client.get(reverse("missing_list"))
        assert response.context["period"].code == PERIOD
        found = {name: response.context[name] for name in ("owed", "handed_in", "missing", "late")}
        assert found == {"owed": 5, "handed_in": 2, "missing": 3, "late": 1}
        for name, address in response.context["doors"].items():
            assert f'data-count="{found[name]}"' in page(client.get(address))
        table = response.context["table"]
        for row in (row.record for row in table.rows):
            counts = {"": row.owed, "handed_in": row.handed_in, "missing": len(row.missing), "late": row.late}
            for status, number in counts.items():
                assert f'data-count="{number}"' in page(client.get(table.door(row.unit, status))), status

    def test_projects_people_and_phones(self, client, office, unit, reporter):
        self.fill(unit, reporter)
        client.force_login(office)
        text = page(client.get(reverse("missing_list")))
        for words in ("缺报甲项目", "王报", "tel:13800000001", "无填报员账号", "推进部门待明确"):
            assert words in text
        client.force_login(make_user("inspector"))
        seen = page(client.get(reverse("missing_list")))
        assert "王报" in seen
        assert "13800000001" not in seen
        assert "一键催报" not in seen

    def test_filters_by_unit_list_and_what_is_owed(self, client, office, unit, reporter, listed_project):
        self.fill(unit, reporter)
        done = make_unit("已报局")
        make_report(make_project(lead_department=done), PERIOD)
        client.force_login(office)

        def names(**query):
            return [
                row.record.name for row in client.get(reverse("missing_list"), query).context["table"].rows
            ]

        assert names() == ["建设局", "推进部门待明确", "已报局"]
        assert names(owes="1") == ["建设局", "推进部门待明确"]
        assert names(lead=done.pk) == ["已报局"]
        assert names(lead="none") == ["推进部门待明确"]
        response = client.get(reverse("missing_list"), {"list": make_list().pk})
        assert (response.context["owed"], response.context["missing"]) == (1, 1)
        assert 'data-count="1"' in page(client.get(response.context["doors"]["missing"]))

    def test_a_reporter_sees_the_own_unit_alone(self, client, unit, reporter):
        self.fill(unit, reporter)
        client.force_login(reporter)
        response = client.get(reverse("missing_list"))
        assert [row.record.name for row in response.context["table"].rows] == ["建设局"]
        assert "仅含您有权查看的项目" in page(response)

    def test_one_button_urges_and_a_second_press_says_it_is_done(self, client, office, unit, reporter):
        self.fill(unit, reporter)
        client.force_login(office)
        address = reverse("missing_urge")
        text = page(client.post(address, {"period": PERIOD}, follow=True))
        assert "已催报 1 人，涉及 2 个项目；1 个单位无填报员账号：推进部门待明确。" in text
        assert "今天已催报过" in page(client.post(address, {"period": PERIOD}, follow=True))
        assert Notice.objects.filter(recipient=reporter, channel="in_app").count() == 1
        for period in ("", "x", "2023-13-1", "2023-12-1"):
            assert client.post(address, {"period": period}).status_code == 302

    def test_a_head_urges_the_own_unit_and_a_reporter_nobody(self, client, head, unit, reporter):
        self.fill(unit, reporter)
        client.force_login(head)
        assert "一键催报" in page(client.get(reverse("missing_list")))
        client.post(reverse("missing_urge"), {"period": PERIOD})
        assert Notice.objects.filter(recipient=reporter).exists()
        client.force_login(reporter)
        assert "一键催报" not in page(client.get(reverse("missing_list")))
        assert client.post(reverse("missing_urge"), {"period": PERIOD}).status_code == 403

    def test_a_locked_period_leads_to_opening_it_again(self, client, office, listed_project):
        client.force_login(office)
        text = page(client.get(reverse("missing_list"), {"period": LOCKED}))
        assert f"{reverse('reopening_list')}?open={LOCKED}" in text
        assert "一键催报" not in text
        client.post(reverse("reopening_list"), TestReopenings().typed(project=listed_project.code))
        assert "一键催报" in page(client.get(reverse("missing_list"), {"period": LOCKED}))

    def test_it_opens_on_the_running_period_where_nothing_was_owed_before(self, client, office, unit):
        client.force_login(office)
        project = make_project("新列项目", lead_department=unit, reports_from_on=dt.date(2023, 10, 12))
        assert "2023年10月中旬" in client.get("/reports/missing/").content.decode()
        project.reports_from_on = dt.date(2023, 10, 10)
        project.save()
        assert "<h1>2023年10月上旬旬报报送情况</h1>" in client.get("/reports/missing/").content.decode()

    @pytest.mark.parametrize("kind", ["xlsx", "docx"])
    def test_it_leaves_as_a_file(self, client, office, unit, reporter, kind):
        self.fill(unit, reporter)
        client.force_login(office)
        response = client.get(reverse("missing_list"), {"format": kind})
        assert "filename*=utf-8''2023%E5%B9%B410" in response["Content-Disposition"]
        assert response.getvalue()[:2] == b"PK"

    def test_as_many_queries_for_thirty_units_as_for_three(self, client, office):
        def fill(number):
            for _ in range(number):
                one = make_unit()
                make_user("reporter", unit=one)
                make_project(lead_department=one)
                make_report(make_project(lead_department=one), PERIOD, submitted_at=NOW, submitted_by=office)

        client.force_login(office)
        fill(3)
        page_queries(client, reverse("missing_list"))
        three = page_queries(client, reverse("missing_list"))
        fill(27)
        assert page_queries(client, reverse("missing_list")) == three


class TestReopenings:
    def typed(self, **changes) -> dict:
        given = {"period": LOCKED, "project": "", "until_on": "2023-10-20", "reason": "统一核报"}
        return given | changes

    def test_opened_for_one_project_and_filled_by_its_reporter(
        self, client, office, reporter, listed_project
    ):
        client.force_login(office)
        address = reverse("reopening_list")
        text = page(client.post(address, self.typed(project=listed_project.name), follow=True))
        assert f"已对“{listed_project.name}”重新开放" in text
        client.force_login(reporter)
        form = page(client.get(edit_url(listed_project, LOCKED)))
        assert "现已重新开放至10月20日" in form
        assert "已过报送截止日" not in form
        client.post(edit_url(listed_project, LOCKED), typed())
        assert ProgressReport.objects.get().state == "submitted"
        row = page(client.get(reverse("report_list"), {"view": "all", "period": LOCKED}))
        assert "按期" in row

    def test_refusals_stand_at_their_fields_and_nothing_is_lost(self, client, office, listed_project):
        make_project("新材料项目二期")
        client.force_login(office)
        address = reverse("reopening_list")
        for changes, words in (
            ({"project": "没有这个项目"}, "没有找到该项目"),
            ({"project": "新材料"}, "有多个项目符合"),
            ({"until_on": "2024-05-01"}, "60天内"),
            ({"until_on": "2023-02-30"}, "输入一个有效的日期"),
            ({"period": PERIOD}, "选择一个有效的选项"),
            ({"reason": ""}, "这个字段是必填项"),
        ):
            text = page(client.post(address, self.typed(**changes)))
            assert words in text, changes
        assert not PeriodReopening.objects.exists()

    def test_only_locked_periods_are_offered_and_an_older_one_when_asked(self, client, office):
        client.force_login(office)
        offered = client.get(reverse("reopening_list")).context["reopening_form"].fields["period"].choices
        assert offered[0][0] == "2023-09-3"
        asked = client.get(reverse("reopening_list"), {"open": "2021-03-1"}).context["reopening_form"]
        assert "2021-03-1" in dict(asked.fields["period"].choices)
        assert client.get(reverse("reopening_list"), {"open": "2023-13-9"}).status_code == 200

    def test_ended_early_with_the_reason(self, client, office, listed_project):
        client.force_login(office)
        client.post(reverse("reopening_list"), self.typed())
        reopening = PeriodReopening.objects.get()
        address = reverse("reopening_close", args=[reopening.pk])
        assert address in page(client.get(reverse("reopening_list")))
        assert "这个字段是必填项" in page(client.post(address))
        assert "恢复锁定" in page(client.post(address, {"reason": "已报齐"}, follow=True))
        assert "已于2023-10-11结束，无需关闭" in page(client.get(address))
        assert "已于2023-10-11结束" in page(client.post(address, {"reason": "再关"}))
        assert client.get(reverse("reopening_close", args=[0])).status_code == 404

    def test_filters_and_files(self, client, office, listed_project):
        for until, one in ((dt.date(2023, 10, 20), listed_project), (dt.date(2023, 10, 1), None)):
            PeriodReopening.objects.create(
                period_ends_on=dt.date(2023, 8, 10),
                project=one,
                until_on=until,
                reason="核报",
                made_by=office,
                made_at=NOW,
            )
        client.force_login(office)

        def count(**query) -> int:
            return client.get(reverse("reopening_list"), query).context["table"].paginator.count

        assert count() == 2
        assert count(status="open") == count(status="over") == count(q="新材料") == 1
        assert count(period=LOCKED) == 2
        assert count(period="2023-07-1") == 0
        for kind in ("xlsx", "docx"):
            assert client.get(reverse("reopening_list"), {"format": kind}).getvalue()[:2] == b"PK"
        page_queries(client, reverse("reopening_list"))
        two = page_queries(client, reverse("reopening_list"))
        for _ in range(12):
            PeriodReopening.objects.create(
                period_ends_on=dt.date(2023, 8, 10),
                project=make_project(),
                until_on=NOW.date(),
                reason="核报",
                made_by=office,
                made_at=NOW,
            )
        assert page_queries(client, reverse("reopening_list")) == two

    def test_nobody_but_the_office(self, client, reporter, head):
        for person in (reporter, head, make_user("inspector")):
            client.force_login(person)
            assert client.get(reverse("reopening_list")).status_code == 403
            assert client.post(reverse("reopening_list"), self.typed()).status_code == 403
        assert not PeriodReopening.objects.exists()
