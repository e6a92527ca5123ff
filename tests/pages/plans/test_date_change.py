"""Date change pages: asked from the milestone list, decided by the office with what else would move before its eyes."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from projects.models import DateChangeRequest, Milestone
from tests.factories import make_date_change, make_plan, make_unit, make_user
from tests.reading import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


class TestDateChanges:
    GIVEN = {"new_due": "2024年1月底前", "reason": "冬季停工", "document": "淄高新〔2023〕9号"}

    @pytest.fixture
    def plan(self, project):
        plan = make_plan(project, "2023-12-01", "2023-12-10", "2023-10-12")
        one, two, _three = plan.milestones.all()
        two.predecessors.add(one)
        return plan

    def test_asked_from_the_milestone_list_and_back_there(self, client, reporter, plan):
        client.force_login(reporter)
        ahead, _next, today = plan.milestones.all()
        shown = page(client.get(reverse("milestone_list")))
        address = reverse("datechange_create", args=[ahead.pk])
        assert address in shown
        assert reverse("datechange_create", args=[today.pk]) not in shown
        back = reverse("milestone_list") + "?status=open"
        answer = client.post(address, self.GIVEN | {"next": back})
        assert answer["Location"] == back
        assert DateChangeRequest.objects.get().new_due_on == dt.date(2024, 1, 31)
        shown = page(client.get(reverse("milestone_list")))
        assert "调整待审定" in shown and f'href="{address}' not in shown

    def test_on_the_due_date_the_page_says_why_not(self, client, reporter, plan):
        client.force_login(reporter)
        address = reverse("datechange_create", args=[plan.milestones.get(position=3).pk])
        late = "已到计划完成时间，不能再申请调整；逾期按原计划日期认定。"
        assert late in page(client.get(address))
        assert late in page(client.post(address, self.GIVEN))
        assert not DateChangeRequest.objects.exists()

    @pytest.mark.parametrize(
        "changed",
        [
            {"new_due": "下辈子"},
            {"new_due": "2023-10-12"},
            {"new_due": "a\x00"},
            {"reason": ""},
            {"document": ""},
        ],
    )
    def test_bad_requests_are_answered_in_words(self, client, reporter, plan, changed):
        client.force_login(reporter)
        address = reverse("datechange_create", args=[plan.milestones.get(position=1).pk])
        assert "请先改正" in page(client.post(address, self.GIVEN | changed))
        assert not DateChangeRequest.objects.exists()

    def test_the_responsible_unit_may_ask_and_mark_its_own(self, client, plan):
        bureau = make_unit("审批局")
        own, other = plan.milestones.all()[:2]
        Milestone.objects.filter(pk=own.pk).update(unit=bureau)
        client.force_login(make_user("reporter", unit=bureau))
        for name in ("datechange_create", "milestone_achieve"):
            assert client.get(reverse(name, args=[own.pk])).status_code == 200
            assert client.get(reverse(name, args=[other.pk])).status_code == 404

    def test_the_office_sees_what_would_move_and_decides_several_at_once(
        self, client, office, reporter, plan
    ):
        one, two, three = plan.milestones.all()
        first = make_date_change(one, reporter, new_due="2024-01-31")
        second = make_date_change(two, reporter, new_due="2024-02-10")
        client.force_login(office)
        address = reverse("datechange_decide", args=[first.pk])
        assert "否则前后倒置" not in page(client.get(address))  # both together keep their order
        second.delete()
        shown = page(client.get(address))
        assert "否则前后倒置" in shown and "节点2（建设局）" in shown
        second = make_date_change(two, reporter, new_due="2024-02-10")
        answer = client.post(address, {"requests": [first.pk, second.pk], "action": "approve"}, follow=True)
        assert "已同意调整" in page(answer)
        new = plan.project.plans.get(state="approved")
        assert [row.due for row in new.milestones.all()] == ["2024-01-31", "2024-02-10", three.due]

    def test_an_agreed_request_leads_to_the_version_it_made(self, client, office, reporter, plan):
        asked = make_date_change(plan.milestones.get(position=1), reporter)
        client.force_login(office)
        address = reverse("datechange_decide", args=[asked.pk])
        answer = client.post(address, {"requests": [asked.pk], "action": "approve"}, follow=True)
        asked.refresh_from_db()
        assert reverse("plan_detail", args=[asked.new_plan_id]) in page(answer)

    def test_refusing_asks_for_the_reason_and_a_decided_request_offers_nothing(
        self, client, office, reporter, plan
    ):
        request = make_date_change(plan.milestones.get(position=1), reporter)
        client.force_login(office)
        address = reverse("datechange_decide", args=[request.pk])
        given = {"requests": [request.pk], "action": "refuse"}
        assert "不同意的，请写明理由" in page(client.post(address, given))
        assert "没有收到要办理的操作" in page(client.post(address, {"requests": [request.pk]}))
        request.refresh_from_db()
        assert request.state == "waiting"
        client.post(address, given | {"decision": "可以并联办理"})
        request.refresh_from_db()
        assert (request.state, request.decision) == ("refused", "可以并联办理")
        assert "没有待审定的申请" in page(client.get(address))
        assert "请先改正" in page(client.post(address, given))

    @pytest.mark.parametrize("given", [{}, {"requests": ["x"]}, {"requests": ["99999999999999999999"]}])
    def test_nothing_or_nonsense_chosen_decides_nothing(self, client, office, reporter, plan, given):
        request = make_date_change(plan.milestones.get(position=1), reporter)
        client.force_login(office)
        answer = client.post(reverse("datechange_decide", args=[request.pk]), given | {"action": "approve"})
        assert "请先改正" in page(answer)
        request.refresh_from_db()
        assert request.state == "waiting"

    def test_who_asked_takes_it_back(self, client, reporter, plan):
        request = make_date_change(plan.milestones.get(position=1), reporter)
        client.force_login(reporter)
        assert reverse("datechange_withdraw", args=[request.pk]) in page(
            client.get(reverse("datechange_list"))
        )
        client.post(reverse("datechange_withdraw", args=[request.pk]))
        again = client.post(reverse("datechange_withdraw", args=[request.pk]), follow=True)
        assert "不能撤回" in page(again)
        request.refresh_from_db()
        assert request.state == "withdrawn"

    def test_thirty_own_requests_cost_as_many_queries_as_one(self, client, office, project):
        client.force_login(office)

        def queries():
            with CaptureQueriesContext(connection) as captured:
                page(client.get(reverse("datechange_list")))
            return len(captured)

        plan = make_plan(project, *["2023-12-01"] * 12)
        first, *others = plan.milestones.all()
        make_date_change(first, office)
        few = queries()
        for milestone in others:
            make_date_change(milestone, office)
        assert queries() == few
