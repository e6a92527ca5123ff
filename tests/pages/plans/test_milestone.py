"""The milestone list, marking one done with evidence, and the way of a file to those who may see it."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from projects.models import Attachment, Milestone, Project
from projects.services.plans.versions import approve_plan, revise_plan
from tests.factories import (
    NOW,
    handed_in,
    make_listing,
    make_official,
    make_picture,
    make_plan,
    make_project,
    make_user,
)
from tests.reading import page, page_queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
PDF = b"%PDF-1.7\n...\n%%EOF\n"


@pytest.fixture
def milestone(sponsored_project):
    return make_plan(sponsored_project, "2023-10-01").milestones.get()


def count(client, **query) -> int:
    response = client.get(reverse("milestone_list"), query)
    assert response.status_code == 200
    number = response.context["table"].paginator.count
    assert f'data-count="{number}"' in page(response)
    return number


class TestList:
    def test_statuses_are_those_of_the_day(self, client, office, sponsored_project):
        plan = make_plan(
            sponsored_project, "2023-10-11", "2023-10-12", "2023-11-11", "2023-11-12", "2023年9月", "未定"
        )
        done = plan.milestones.get(position=5)
        done.achieved_on, done.evidence = dt.date(2023, 10, 5), "淄高新审1号"
        done.save()
        client.force_login(office)
        assert count(client) == 6
        assert count(client, status="overdue") == 1  # due on the day itself is not overdue
        assert count(client, status="due") == 2
        assert count(client, status="open") == 5
        assert count(client, status="achieved") == 1
        assert count(client, status="overdue", as_of="2023-10-02") == 1  # then the fifth was still open
        assert count(client, status="achieved", as_of="2023-10-02") == 0

    def test_the_doors_of_figures(self, client, office, sponsored_project):
        make_plan(sponsored_project, "2023-10-11", "2023-10-12", "2023-12-01")
        client.force_login(office)
        assert count(client, figure="milestones_overdue") == 1
        assert count(client, figure="milestones_due") == 2

    def test_filters_and_words(self, client, office, sponsored_project, unit):
        make_plan(sponsored_project, "2023-10-01", "2023-12-01")
        elsewhere = make_project("别处项目")
        make_plan(elsewhere, "2023-10-01")
        listing = make_listing(sponsored_project).listing
        client.force_login(office)
        assert count(client, unit=unit.pk) == 2
        assert count(client, unit="none") == 1
        Milestone.objects.filter(plan__project=sponsored_project, position=1).update(unit=None)
        assert count(client, unit=unit.pk) == 2  # the lead department answers where no unit is named
        assert count(client, department=unit.pk) == 2
        assert count(client, project=sponsored_project.code) == 2
        assert count(client, project_q="别处") == 1
        assert count(client, list=listing.annual_list_id) == 2
        assert count(client, sponsor=sponsored_project.sponsor_id) == 2
        assert count(client, q="新材料") == 2
        assert count(client, q="节点2 新材料") == 1
        assert count(client, stage="preparatory") == 0
        assert count(client, sort="-nonsense", page="x") == 3
        assert count(client, status="nonsense") == count(client, unit="x") == 0

    def test_replaced_plans_and_ended_projects_are_left_out(self, client, office, milestone):
        client.force_login(office)
        assert count(client) == 1
        make_plan(milestone.plan.project, "2023-11-01", "2023-12-01", number=2, approved_on="2023-10-01")
        assert count(client) == 2
        assert count(client, as_of="2023-09-30") == 1  # a past day shows the plan of that day
        Project.objects.update(state=Project.State.WITHDRAWN)
        assert count(client) == 0

    def test_days_late_sorting_and_own_rows_only(self, client, reporter, sponsored_project):
        make_plan(sponsored_project, "2023-10-01", "2023-09-01")
        make_plan(make_project(), "2023-01-01")
        client.force_login(reporter)
        response = client.get(reverse("milestone_list"), {"sort": "due"})
        assert [row.record.name for row in response.context["table"].rows] == ["节点2", "节点1"]
        assert "逾期41天" in page(response)
        assert "登记办结" in page(response)
        assert "?next=%2Fmilestones%2F%3Fsort%3Ddue" in page(response)

    def test_a_reader_gets_no_button(self, client, milestone):
        client.force_login(make_user("inspector"))
        assert "登记办结" not in page(client.get(reverse("milestone_list")))

    def test_as_many_queries_for_many_rows_as_for_one(self, client, office, unit):
        def queries() -> int:
            return page_queries(client, reverse("milestone_list"))

        client.force_login(office)
        make_plan(make_project(lead_department=unit, sponsor=make_official()), "2023-10-01")
        queries()
        one = queries()
        for _ in range(10):
            make_plan(make_project(lead_department=unit, sponsor=make_official()), "2023-10-01", "2023-11-01")
        assert queries() == one


class TestDone:
    def url(self, milestone) -> str:
        return reverse("milestone_achieve", args=[milestone.pk])

    def test_done_with_a_number_and_back_to_where_one_came_from(self, client, reporter, milestone):
        client.force_login(reporter)
        assert client.get(self.url(milestone)).status_code == 200
        back = reverse("milestone_list") + "?status=overdue"
        given = {"achieved_on": "2023-10-09", "evidence": "淄高新审〔2023〕8号", "next": back}
        assert client.post(self.url(milestone), given)["Location"] == back
        milestone.refresh_from_db()
        assert milestone.achieved_on == dt.date(2023, 10, 9)
        assert "淄高新审〔2023〕8号" in page(client.get(self.url(milestone)))

    def test_done_with_a_file(self, client, reporter, milestone):
        client.force_login(reporter)
        file = SimpleUploadedFile("许可证.pdf", PDF)
        client.post(self.url(milestone), {"achieved_on": "2023-10-09", "evidence": "", "files": [file]})
        milestone.refresh_from_db()
        assert milestone.evidence == "附件：许可证.pdf"

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"achieved_on": "2023-10-09"}, "没有依据不能办结"),
            ({"achieved_on": "2023-10-13", "evidence": "8号"}, "不能晚于今天"),
            ({"evidence": "8号"}, "请先改正下列内容"),
            ({}, "请先改正下列内容"),
        ],
    )
    def test_refusals_keep_what_was_typed(self, client, reporter, milestone, given, words):
        client.force_login(reporter)
        text = page(client.post(self.url(milestone), given))
        assert words in text
        assert given.get("evidence", "") in text
        milestone.refresh_from_db()
        assert milestone.achieved_on is None

    def test_strangers_and_readers_find_nothing(self, client, milestone):
        for person in (make_user("reporter"), make_user("sponsor"), make_user("inspector")):
            client.force_login(person)
            assert client.post(self.url(milestone), {"achieved_on": "2023-10-09"}).status_code == 404

    def test_the_office_takes_it_back(self, client, office, reporter, milestone):
        client.force_login(office)
        client.post(self.url(milestone), {"achieved_on": "2023-10-09", "evidence": "8号"})
        address = reverse("milestone_undo", args=[milestone.pk])
        assert address in page(client.get(reverse("milestone_list")))
        assert "撤销原因" in page(client.get(address))
        client.post(address, {"reason": "文号有误"})
        assert Milestone.objects.get().achieved_on is None
        client.force_login(reporter)
        assert client.post(address, {"reason": "误"}).status_code == 403


class TestFiles:
    def upload(self, client, milestone, name: str, content: bytes) -> Attachment:
        file = SimpleUploadedFile(name, content)
        given = {"achieved_on": "2023-10-09", "files": [file]}
        client.post(reverse("milestone_achieve", args=[milestone.pk]), given)
        return Attachment.objects.get()

    def test_what_proves_a_milestone_is_opened_from_the_list_and_the_plan_under_every_version(
        self, client, office, milestone
    ):
        client.force_login(office)
        file = self.upload(client, milestone, "批复.pdf", PDF)
        revise_plan(plan=milestone.plan, by=office, now=NOW)
        draft = milestone.plan.project.plans.get(number=2)
        approve_plan(plan=handed_in(draft), approved_on=dt.date(2023, 10, 12), by=office, now=NOW)
        for address in (reverse("milestone_list"), reverse("plan_detail", args=[draft.pk])):
            assert reverse("attachment", args=[file.pk]) in client.get(address).content.decode()

    def test_a_picture_opens_in_the_page_and_nothing_is_guessed(self, client, reporter, milestone):
        client.force_login(reporter)
        attachment = self.upload(client, milestone, "现场.png", make_picture(kind="PNG").read())
        response = client.get(reverse("attachment", args=[attachment.pk]))
        assert response["Content-Type"] == "image/png"
        assert response["Content-Disposition"].startswith("inline")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert b"".join(response.streaming_content).startswith(b"\x89PNG")

    def test_other_papers_are_saved(self, client, reporter, milestone):
        client.force_login(reporter)
        attachment = self.upload(client, milestone, "批文.pdf", PDF)
        Attachment.objects.update(content_type="application/vnd.ms-excel")
        response = client.get(reverse("attachment", args=[attachment.pk]))
        assert response["Content-Disposition"].startswith("attachment")
        assert "%E6%89%B9%E6%96%87.pdf" in response["Content-Disposition"]
        response.close()

    def test_a_stranger_and_a_lost_file_answer_404(self, client, reporter, milestone):
        client.force_login(reporter)
        attachment = self.upload(client, milestone, "批文.pdf", PDF)
        address = reverse("attachment", args=[attachment.pk])
        client.force_login(make_user("reporter"))
        assert client.get(address).status_code == 404
        client.logout()
        assert reverse("login") in client.get(address)["Location"]
        client.force_login(reporter)
        attachment.file.storage.delete(attachment.file.name)
        assert client.get(address).status_code == 404
