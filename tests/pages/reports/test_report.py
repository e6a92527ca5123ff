"""The pages of ten-day reports: filling on one screen, who owes one, reviewing."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from projects.models import OfficeSettings, ProgressReport, Project, ReportState
from tests.factories import NOW, make_picture, make_project, make_report, make_user
from tests.reading import page, page_queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
PERIOD = "2023-10-1"


def edit_url(project, period=PERIOD) -> str:
    return reverse("report_edit", args=[project.code, period])


def typed(**changes) -> dict:
    return {
        "invested_this_year": "100",
        "invested_to_date": "",
        "physical_progress": "主体施工至三层",
        "work_done": "浇筑三层楼板",
        "next_steps": "",
        "overrule_reason": "",
        "version": "new",
        "action": "submit",
    } | changes


class TestFilling:
    def test_the_last_report_is_carried_over_and_shown_beside(self, client, reporter, listed_project):
        make_report(
            listed_project,
            "2023-09-3",
            "80",
            physical_progress="二层封顶",
            invested_to_date=Decimal("380"),
            next_steps="三层",
        )
        client.force_login(reporter)
        text = page(client.get(edit_url(listed_project)))
        assert "计入10月10日起的统计" in text
        assert 'value="80"' in text
        assert 'value="380"' in text
        assert "上期（9月下旬）80 万元" in text
        assert "上期（9月下旬）下步计划：三层" in text

    def test_handed_in_from_the_screen(self, client, reporter, listed_project):
        client.force_login(reporter)
        response = client.post(
            edit_url(listed_project),
            typed(invested_this_year="1,234.5", pictures=[make_picture(), make_picture()]),
        )
        report = ProgressReport.objects.get()
        assert response["Location"] == reverse("report_detail", args=[report.pk])
        assert (report.state, report.invested_this_year) == ("submitted", Decimal("1234.50"))
        assert report.attachments.get().name == "现场.jpg"  # the same picture twice is one

    def test_an_amount_in_hundred_millions_is_converted(self, client, reporter, listed_project):
        client.force_login(reporter)
        client.post(edit_url(listed_project), typed(invested_this_year="０.01亿元"))
        assert ProgressReport.objects.get().invested_this_year == 100

    def test_the_total_is_worked_out_where_it_is_left_empty(self, client, reporter, listed_project):
        listed_project.carry_overs.create(year=2023, amount=Decimal("500"))
        client.force_login(reporter)
        client.post(edit_url(listed_project), typed())
        assert ProgressReport.objects.get().invested_to_date == 600

    def test_a_refusal_shows_everything_again(self, client, reporter, listed_project):
        client.force_login(reporter)
        response = client.post(
            edit_url(listed_project), typed(invested_this_year="一百多万", pictures=[make_picture()])
        )
        text = page(response)
        assert response.status_code == 200
        assert "一百多万" in text
        assert "浇筑三层楼板" in text
        assert "请重新选择" in text
        assert not ProgressReport.objects.exists()

    def test_a_draft_needs_nothing(self, client, reporter, listed_project):
        client.force_login(reporter)
        response = client.post(
            edit_url(listed_project), typed(action="draft", invested_this_year="", physical_progress="")
        )
        assert response["Location"] == edit_url(listed_project)
        assert ProgressReport.objects.get().work_done == "浇筑三层楼板"
        assert "浇筑三层楼板" in page(client.get(edit_url(listed_project)))

    def test_warnings_are_answered_on_the_same_screen_and_nothing_is_lost(
        self, client, reporter, listed_project
    ):
        make_report(listed_project, "2023-09-3", "200")
        client.force_login(reporter)
        response = client.post(edit_url(listed_project), typed(pictures=[make_picture()]))
        warnings = response.context["warnings"]
        assert "降为" in warnings[0]
        assert "情况说明" in page(response)
        draft = ProgressReport.objects.get(period_ends_on=dt.date(2023, 10, 10))
        assert (draft.state, draft.attachments.count()) == ("draft", 1)

        answered = typed(seen=warnings, overrule_reason="上期多报", version=response.context["version"])
        client.post(edit_url(listed_project), answered)
        draft.refresh_from_db()
        assert (draft.state, draft.overrule_reason) == ("submitted", "上期多报")
        assert draft.overruled_warnings == warnings
        assert "上期多报" in page(client.get(reverse("report_detail", args=[draft.pk])))

    def test_dates_of_fact_are_asked_only_while_missing(self, client, reporter, listed_project):
        client.force_login(reporter)
        response = client.get(edit_url(listed_project))
        assert response.context["form"].fact_names == ["completed_on", "in_production_on"]
        client.post(edit_url(listed_project), typed(completed_on="2023-10-09"))
        report = listed_project.reports.get(period_ends_on=dt.date(2023, 10, 10))
        assert report.reported_facts == {"completed_on": "2023-10-09"}, "the project's once it is confirmed"

    def test_a_photo_is_taken_off_a_draft(self, client, reporter, listed_project):
        client.force_login(reporter)
        client.post(edit_url(listed_project), typed(action="draft", pictures=[make_picture()]))
        report = ProgressReport.objects.get()
        file = report.attachments.get()
        client.post(edit_url(listed_project), typed(action="draft", remove=[file.pk]))
        assert not report.attachments.exists()

    def test_a_second_click_is_no_second_report(self, client, reporter, listed_project):
        client.force_login(reporter)
        client.post(edit_url(listed_project), typed())
        response = client.post(edit_url(listed_project), typed())
        assert response["Location"] == reverse("report_detail", args=[ProgressReport.objects.get().pk])

    def test_who_comes_second_reads_who_was_first_and_keeps_the_words(
        self, client, reporter, unit, listed_project
    ):
        client.force_login(reporter)
        client.post(edit_url(listed_project), typed())
        client.force_login(make_user("reporter", unit=unit))
        text = page(client.post(edit_url(listed_project), typed(work_done="我写的另一段")))
        assert "已由王报于" in text
        assert "我写的另一段" in text

    def test_a_report_handed_in_is_shown_instead(self, client, reporter, listed_project):
        report = make_report(listed_project, PERIOD, state=ReportState.SUBMITTED)
        client.force_login(reporter)
        assert client.get(edit_url(listed_project))["Location"] == reverse("report_detail", args=[report.pk])

    def test_returned_shows_what_to_mend(self, client, reporter, listed_project):
        make_report(
            listed_project, PERIOD, state=ReportState.RETURNED, return_reason="金额有误", return_count=1
        )
        client.force_login(reporter)
        assert "金额有误" in page(client.get(edit_url(listed_project)))

    def test_closed_and_future_periods_say_so(self, client, reporter, office, listed_project):
        client.force_login(reporter)
        locked = page(client.get(edit_url(listed_project, "2023-09-1")))
        assert "不能再填报" in locked
        assert "赵统" in locked
        assert "<textarea" not in locked
        assert "10月21日起可以填报" in page(client.get(edit_url(listed_project, "2023-10-3")))
        refused = page(client.post(edit_url(listed_project, "2023-09-1"), typed()))
        assert "浇筑三层楼板" in refused
        assert not ProgressReport.objects.exists()

    def test_the_office_enters_a_closed_period_with_a_reason(self, client, office, listed_project):
        client.force_login(office)
        assert "情况说明" in page(client.get(edit_url(listed_project, "2023-09-1")))
        client.post(edit_url(listed_project, "2023-09-1"), typed())
        assert not ProgressReport.objects.exists()
        client.post(edit_url(listed_project, "2023-09-1"), typed(overrule_reason="单位补报"))
        assert ProgressReport.objects.get().state == "submitted"

    @pytest.mark.parametrize("period", ["2023-13-1", "2023-10-4", "x", "0001-01-1", "9999-12-3"])
    def test_no_such_period(self, client, reporter, listed_project, period):
        client.force_login(reporter)
        assert client.get(edit_url(listed_project, period)).status_code == 404

    def test_another_units_project_does_not_exist(self, client, listed_project):
        for person in (make_user("reporter"), make_user("sponsor"), make_user("inspector")):
            client.force_login(person)
            assert client.get(edit_url(listed_project)).status_code == 404
            assert client.post(edit_url(listed_project), typed()).status_code == 404


class TestLists:
    def duties(self, client, **query):
        return client.get(reverse("report_list"), {"view": "duties", "period": PERIOD} | query)

    def test_a_reporter_sees_own_projects_the_missing_first(self, client, reporter, unit, listed_project):
        done = make_project(lead_department=unit)
        make_report(done, PERIOD, state=ReportState.SUBMITTED)
        make_project()
        client.force_login(reporter)
        response = client.get(reverse("report_list"))
        rows = [row.record for row in response.context["table"].rows]
        assert rows == [listed_project, done]
        assert (response.context["missing"], response.context["total"]) == (1, 2)
        assert f'href="{edit_url(listed_project)}"' in page(response)

    def test_once_all_is_handed_in_the_running_period_comes_up(self, client, reporter, listed_project):
        client.force_login(reporter)
        assert client.get(reverse("report_list")).context["period"].code == "2023-10-1"
        make_report(listed_project, PERIOD, state=ReportState.SUBMITTED)
        assert client.get(reverse("report_list")).context["period"].code == "2023-10-2"

    def test_figures_open_as_many_rows_as_they_say(self, client, office, unit):
        for state in (
            None,
            ReportState.DRAFT,
            ReportState.RETURNED,
            ReportState.SUBMITTED,
            ReportState.CONFIRMED,
        ):
            one = make_project(lead_department=unit)
            if state:
                make_report(one, PERIOD, state=state, return_reason="改")
        client.force_login(office)
        text = page(self.duties(client))
        for key, status, number in (("reports_missing", "missing", 3), ("reports_handed_in", "handed_in", 2)):
            assert f'data-figure="{key}" data-value="{number}"' in text
            assert f'data-count="{number}"' in page(self.duties(client, status=status))

    def test_the_office_starts_with_what_waits(self, client, office, listed_project):
        make_report(listed_project, PERIOD, state=ReportState.SUBMITTED)
        make_report(listed_project, "2023-09-3")
        client.force_login(office)
        response = client.get(reverse("report_list"))
        assert 'data-count="1"' in page(response)
        assert "待审 1" in page(response)
        assert "另有 1 份待审" in page(client.get(reverse("report_list"), {"view": "all"}))

    def test_filters_by_period_state_unit_late_and_list(self, client, office, unit, listed_project):
        late = dt.datetime(2023, 10, 12, 0, 0, tzinfo=NOW.tzinfo)  # due on the 11th
        make_report(listed_project, PERIOD, state=ReportState.SUBMITTED, submitted_at=late)
        other = make_project()
        in_time = late - dt.timedelta(seconds=1)
        make_report(other, PERIOD, submitted_at=in_time)
        make_report(other, "2023-09-3", submitted_at=NOW - dt.timedelta(days=60))
        listing = listed_project.listings.get()
        client.force_login(office)

        def count(**query) -> int:
            response = client.get(reverse("report_list"), {"view": "all"} | query)
            assert f'data-count="{response.context["table"].paginator.count}"' in page(response)
            return response.context["table"].paginator.count

        assert count() == 3
        assert count(period=PERIOD) == 2
        assert count(state="pending") == 1
        assert count(state="confirmed") == 2
        assert count(unit=unit.pk) == 1
        assert count(late="true") == 1
        assert count(list=listing.annual_list_id) == 1
        assert count(q=other.name) == 2
        assert count(period="nonsense") == count(unit="x") == 0

    @pytest.mark.parametrize("view", ["duties", "all", "pending"])
    def test_as_many_queries_for_many_rows_as_for_one(self, client, office, unit, view):
        def fill(number):
            for _ in range(number):
                one = make_project(lead_department=unit)
                make_report(one, PERIOD, state=ReportState.SUBMITTED, submitted_by=office, submitted_at=NOW)
                make_report(one, "2023-09-3")

        def queries() -> int:
            return page_queries(client, reverse("report_list"), view=view, period=PERIOD)

        client.force_login(office)
        fill(1)
        queries()
        one = queries()
        fill(12)
        assert queries() == one

    def test_a_stranger_sees_nothing_of_it(self, client, listed_project):
        make_report(listed_project, PERIOD, state=ReportState.SUBMITTED)
        client.force_login(make_user("reporter"))
        for view in ("duties", "all", "pending"):
            assert 'data-count="0"' in page(client.get(reverse("report_list"), {"view": view}))


class TestReviewing:
    @pytest.fixture
    def report(self, listed_project, reporter):
        return make_report(
            listed_project,
            PERIOD,
            state=ReportState.SUBMITTED,
            submitted_by=reporter,
            submitted_at=NOW,
            filled_by=reporter,
        )

    def act(self, client, name, report, **data):
        return client.post(reverse(name, args=[report.pk]), data)

    def test_one_click_confirms_and_comes_back(self, client, office, report):
        client.force_login(office)
        back = reverse("report_list") + "?view=pending&page=2"
        response = self.act(client, "report_confirm", report, next=back)
        assert response["Location"] == back
        report.refresh_from_db()
        assert (report.state, report.confirmed_by) == ("confirmed", office)

    def test_no_way_out_of_the_house(self, client, office, report):
        client.force_login(office)
        response = self.act(client, "report_confirm", report, next="https://example.com/")
        assert response["Location"] == reverse("report_detail", args=[report.pk])

    def test_the_ticked_are_confirmed_together(self, client, office, unit, report):
        others = [make_report(make_project(), PERIOD, state=ReportState.SUBMITTED) for _ in range(2)]
        returned = make_report(make_project(), PERIOD, state=ReportState.RETURNED, return_reason="改")
        client.force_login(office)
        ticked = [report.pk, others[0].pk, returned.pk, "x"]
        text = page(client.post(reverse("report_confirm_many"), {"report": ticked}, follow=True))
        assert "已确认 2 份" in text
        assert returned.project.name in text
        assert ProgressReport.objects.filter(state="confirmed").count() == 2
        assert "请先勾选" in page(client.post(reverse("report_confirm_many"), follow=True))

    def test_returned_from_its_own_page_with_a_reason(self, client, office, report):
        client.force_login(office)
        assert client.get(reverse("report_return", args=[report.pk])).status_code == 200
        assert "请先改正下列内容" in page(self.act(client, "report_return", report))
        report.refresh_from_db()
        assert report.state == "submitted"
        self.act(client, "report_return", report, reason="金额与产值单不符")
        report.refresh_from_db()
        assert (report.state, report.return_count) == ("returned", 1)

    def test_the_second_to_confirm_is_told(self, client, office, report):
        client.force_login(office)
        self.act(client, "report_confirm", report)
        text = page(client.post(reverse("report_confirm", args=[report.pk]), follow=True))
        assert "已由赵统于" in text

    def test_the_head_passes_where_the_unit_reviews(self, client, unit, office, report):
        OfficeSettings.objects.update(unit_review_required=True)
        head = make_user("unit_head", unit=unit)
        client.force_login(head)
        assert reverse("report_pass", args=[report.pk]) in page(
            client.get(reverse("report_list"), {"view": "pending"})
        )
        self.act(client, "report_pass", report)
        report.refresh_from_db()
        assert report.state == "passed"

    def test_actions_ask_for_post_and_for_the_right_person(self, client, reporter, office, report):
        client.force_login(office)
        for name in ("report_pass", "report_confirm"):
            assert client.get(reverse(name, args=[report.pk])).status_code == 405
        assert client.get(reverse("report_confirm_many")).status_code == 405
        client.force_login(reporter)
        assert self.act(client, "report_confirm", report).status_code == 403
        assert self.act(client, "report_return", report, reason="改").status_code == 404
        assert client.post(reverse("report_confirm_many"), {"report": [report.pk]}).status_code == 403
        client.force_login(make_user("reporter"))
        for name in ("report_pass", "report_confirm", "report_return"):
            assert self.act(client, name, report).status_code == 404
        assert client.get(reverse("report_detail", args=[report.pk])).status_code == 404
        report.refresh_from_db()
        assert report.state == "submitted"

    def test_the_detail_tells_the_whole_story(self, client, reporter, office, listed_project):
        client.force_login(reporter)
        make_report(listed_project, "2023-09-3", "80")
        client.post(edit_url(listed_project), typed(pictures=[make_picture()]))
        report = ProgressReport.objects.get(period_ends_on=dt.date(2023, 10, 10))
        client.force_login(office)
        self.act(client, "report_return", report, reason="请补充照片")
        text = page(client.get(reverse("report_detail", args=[report.pk])))
        for words in ("主体施工至三层", "请补充照片", "现场.jpg", "提交旬报", "迟报1天", "较上期 20 万元"):
            assert words in text

    def test_an_imported_report_without_people_is_shown(self, client, office, listed_project):
        report = make_report(listed_project, "2023-08-3", invested_to_date=None, source="ledger")
        client.force_login(office)
        assert "台账导入" in page(client.get(reverse("report_detail", args=[report.pk])))


def test_signed_out_people_are_asked_to_sign_in(client, listed_project):
    for address in (reverse("report_list"), edit_url(listed_project)):
        assert reverse("login") in client.get(address)["Location"]
    assert Project.objects.count() == 1


def test_january_is_prefilled_from_december(client):
    """形象进度 and 自开工累计 carry over the year's end; the year's own amount begins anew, and is added by itself."""
    reporter = make_user("reporter")
    project = make_project(lead_department_id=min(reporter.unit_ids))
    make_report(project, "2023-12-3", "800", invested_to_date=Decimal("96660"), physical_progress="主体封顶")
    client.force_login(reporter)
    page = client.get(reverse("report_edit", args=[project.code, "2024-01-1"]))
    initial = page.context["form"].initial
    assert (initial["invested_to_date"], initial["physical_progress"]) == (96660, "主体封顶")
    assert "invested_this_year" not in initial
    assert page.context["form"].base == 96660
    assert page.context["prefilled"] and page.context["known"].latest.period.code == "2023-12-3"
