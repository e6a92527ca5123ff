"""Plan pages: the verdict before saving, the draft row by row, the version beside its baseline, dates moved by request."""

import datetime as dt
from itertools import pairwise

import pytest
from django.urls import reverse

from projects.models import AuditRecord, DeliveryPlan, Milestone, PlanTemplate
from projects.services.plans.drafting import draft_plan_from_template
from projects.services.plans.versions import approve_plan, submit_plan
from tests.factories import (
    NOW,
    TODAY,
    handed_in,
    make_date_change,
    make_plan,
    make_project,
    make_unit,
    make_user,
)
from tests.reading import page, page_queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.fixture
def template():
    return PlanTemplate.objects.get()


@pytest.fixture
def draft(project, template, reporter):
    return draft_plan_from_template(
        project=project,
        template=template,
        starts_on=dt.date(2023, 10, 16),
        finish_on=dt.date(2025, 12, 31),
        by=reporter,
        now=NOW,
    )


def named(plan, name) -> Milestone:
    return plan.milestones.get(name=name)


# --- drafting from a template ---------------------------------------------------------------------------


class TestCreate:
    def given(self, form_template, **changed):
        return {
            "template": form_template.pk,
            "starts_on": "2023-10-16",
            "finish_on": "2024-06-30",
            "action": "preview",
            **changed,
        }

    def test_the_verdict_stands_before_anything_is_saved(self, client, reporter, project, template):
        client.force_login(reporter)
        address = reverse("plan_create", args=[project.code])
        assert "倒排推算" in page(client.get(address))
        shown = page(client.post(address, self.given(template)))
        assert "倒排结论：不可行，差" in shown
        assert "2024年放假安排未公布" not in shown  # the calendar knows 2024
        assert not DeliveryPlan.objects.exists()
        saved = client.post(address, self.given(template, action="save", finish_on="2025-12-31"))
        plan = DeliveryPlan.objects.get()
        assert saved["Location"] == reverse("plan_edit", args=[plan.pk])
        assert plan.milestones.count() == 21

    def test_ticked_steps_are_left_out_and_the_target_ends_the_plan(
        self, client, reporter, project, template
    ):
        client.force_login(reporter)
        steps = {step.name: step.pk for step in template.steps.all()}
        client.post(
            reverse("plan_create", args=[project.code]),
            self.given(
                template, action="save", target=steps["厂房竣工"], left_out=[steps["签约"], steps["供地"]]
            ),
        )
        names = list(DeliveryPlan.objects.get().milestones.values_list("name", flat=True))
        assert names[0] == "备案（赋码）" and names[-1] == "厂房竣工"
        assert "供地" not in names

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"finish_on": "2023-10-01"}, "目标完成日期不能早于可启动日期"),
            ({"finish_on": "0001-01-01"}, "日期应在1990年至2099年之间"),
            ({"finish_on": "9999-12-31"}, "日期应在1990年至2099年之间"),
            ({"finish_on": "2023-13-45"}, "日期"),
            ({"starts_on": "1990-01-01", "finish_on": "1990-01-02"}, "请核对各节点工期"),
            ({"template": "99999999999999999999"}, "请先改正"),
            ({"left_out": ["x", "99999999999999999999"]}, "请先改正"),
            ({"reason": "a\x00b"}, "请先改正"),
        ],
    )
    def test_bad_input_is_answered_in_words(self, client, reporter, project, template, changed, said):
        client.force_login(reporter)
        answer = client.post(
            reverse("plan_create", args=[project.code]), self.given(template, action="save", **changed)
        )
        assert said in page(answer)
        assert not DeliveryPlan.objects.exists()

    def test_a_plan_in_force_is_named_before_another_is_drafted_anew(
        self, client, reporter, project, template
    ):
        client.force_login(reporter)
        address = reverse("plan_create", args=[project.code])
        assert "在该版上“拟订新版”" not in page(client.get(address))
        plan = make_plan(project, "2023-12-01")
        shown = page(client.get(address))
        assert reverse("plan_detail", args=[plan.pk]) in shown and "在该版上“拟订新版”" in shown

    def test_a_project_with_an_open_draft_leads_to_it(self, client, reporter, project, template, draft):
        client.force_login(reporter)
        shown = page(client.get(reverse("plan_create", args=[project.code])))
        assert reverse("plan_detail", args=[draft.pk]) in shown
        assert "倒排推算" not in shown
        answer = client.post(reverse("plan_create", args=[project.code]), self.given(template, action="save"))
        assert answer.status_code == 200
        assert DeliveryPlan.objects.count() == 1


# --- the draft ------------------------------------------------------------------------------------------


def filled(plan, **changed) -> dict:
    """What the draft's page would send back unchanged."""
    data = {
        "starts_on": plan.starts_on.isoformat(),
        "finish_on": plan.finish_on.isoformat(),
        "action": "save",
    }
    for row in plan.milestones.all():
        data |= {
            f"row{row.pk}-unit": row.unit_id or "",
            f"row{row.pk}-duration": row.duration,
            f"row{row.pk}-day_kind": row.day_kind,
            f"row{row.pk}-due": row.due,
        }
    return data | changed


class TestEdit:
    def test_saving_the_page_as_shown_changes_nothing(self, client, reporter, draft):
        client.force_login(reporter)
        records = AuditRecord.objects.count()
        answer = client.post(reverse("plan_edit", args=[draft.pk]), filled(draft))
        assert answer.status_code == 302
        assert AuditRecord.objects.count() == records

    def test_rows_are_changed_scheduled_anew_and_moved(self, client, reporter, draft):
        client.force_login(reporter)
        address, row = reverse("plan_edit", args=[draft.pk]), named(draft, "厂房竣工")
        other = make_unit("中埠镇")
        before = named(draft, "主体封顶").due_on
        changed = {f"row{row.pk}-duration": "120", f"row{row.pk}-unit": other.pk}
        shown = client.post(address, filled(draft, action="recompute", **changed), follow=True)
        assert "按倒排重算" in page(shown)
        row.refresh_from_db()
        assert (row.duration, row.unit) == (120, other)
        assert named(draft, "主体封顶").due_on == before - dt.timedelta(30)
        client.post(address, filled(draft, action=f"up:{row.pk}"))
        row.refresh_from_db()
        assert row.position == 16

    @pytest.mark.parametrize(
        ("field", "value", "said"),
        [
            ("due", "下辈子", "不是有效日期"),
            ("duration", "-1", "请先改正下列节点"),
            ("duration", "99999999999999999999", "请先改正下列节点"),
            ("duration", "4000", "请先改正下列节点"),
            ("unit", "99999999999999999999", "请先改正下列节点"),
            ("unit", "x", "请先改正下列节点"),
            ("day_kind", "month", "请先改正下列节点"),
            ("due", "a\x00b", "请先改正下列节点"),
        ],
    )
    def test_a_wrong_cell_is_named_and_nothing_is_written(self, client, reporter, draft, field, value, said):
        client.force_login(reporter)
        row = named(draft, "能评")
        records = AuditRecord.objects.count()
        answer = client.post(
            reverse("plan_edit", args=[draft.pk]), filled(draft, **{f"row{row.pk}-{field}": value})
        )
        assert said in page(answer)
        assert AuditRecord.objects.count() == records

    @pytest.mark.parametrize("action", ["up:999999", "up:x", "down:", "\x00", "recompute:1"])
    def test_an_unknown_button_only_saves(self, client, reporter, draft, action):
        client.force_login(reporter)
        answer = client.post(reverse("plan_edit", args=[draft.pk]), filled(draft, action=action))
        assert answer.status_code == 302

    def test_a_row_is_added_corrected_and_removed(self, client, reporter, draft):
        client.force_login(reporter)
        given = {
            "name": "水土保持", "stage": "preparatory", "day_kind": "working", "duration": "10",
            "weight": "1", "due": "2024年5月底前", "predecessors": [named(draft, "供地").pk],
        }  # fmt: skip
        assert client.post(reverse("plan_row_create", args=[draft.pk]), given).status_code == 302
        row = named(draft, "水土保持")
        assert row.predecessors.get().name == "供地"
        address = reverse("plan_row_edit", args=[draft.pk, row.pk])
        assert "水土保持" in page(client.get(address))
        assert "不是有效日期" in page(client.post(address, given | {"due": "下辈子"}))
        first = named(draft, "供地")
        cycle = client.post(
            reverse("plan_row_edit", args=[draft.pk, first.pk]),
            given | {"name": "供地", "predecessors": [row.pk]},
        )
        assert "“供地”→“水土保持”→“供地”互为前置" in page(cycle)
        client.post(reverse("plan_row_remove", args=[draft.pk, row.pk]))
        assert not draft.milestones.filter(name="水土保持").exists()

    def test_a_row_of_another_plan_and_a_plan_in_force_have_no_such_page(self, client, reporter, draft, unit):
        client.force_login(reporter)
        other = make_plan(make_project(lead_department=unit), "2023-12-01")
        foreign = other.milestones.get()
        assert client.get(reverse("plan_row_edit", args=[draft.pk, foreign.pk])).status_code == 404
        assert client.get(reverse("plan_edit", args=[other.pk])).status_code == 404
        given = {"name": "x", "stage": "preparatory", "day_kind": "working", "weight": "1"}
        answer = client.post(
            reverse("plan_row_create", args=[draft.pk]), given | {"predecessors": [foreign.pk]}
        )
        assert "请先改正" in page(answer)
        answer = client.post(
            reverse("plan_row_create", args=[draft.pk]), given | {"predecessors": ["9" * 20]}
        )
        assert "请先改正" in page(answer)


# --- one version ----------------------------------------------------------------------------------------


class TestDetail:
    def test_submitted_returned_and_approved_through_the_pages(self, client, reporter, office, draft):
        client.force_login(reporter)
        client.post(reverse("plan_submit", args=[draft.pk]), {"reason": ""})
        client.force_login(office)
        shown = page(client.get(reverse("plan_detail", args=[draft.pk])))
        assert reverse("plan_approve", args=[draft.pk]) in shown
        client.post(reverse("plan_return", args=[draft.pk]), {"reason": "环评工期偏短"})
        client.force_login(reporter)
        assert "退回原因：环评工期偏短" in page(client.get(reverse("plan_detail", args=[draft.pk])))
        client.post(reverse("plan_submit", args=[draft.pk]), {"reason": ""})
        client.force_login(office)
        later = client.post(reverse("plan_approve", args=[draft.pk]), {"approved_on": "2023-10-13"})
        assert "批准日期不能晚于今天" in page(later)
        client.post(reverse("plan_approve", args=[draft.pk]), {"approved_on": "2023-10-12"})
        draft.refresh_from_db()
        assert draft.state == "approved"

    def test_an_infeasible_plan_asks_for_the_reason(self, client, reporter, draft):
        DeliveryPlan.objects.filter(pk=draft.pk).update(finish_on=dt.date(2024, 6, 30))
        client.force_login(reporter)
        address = reverse("plan_submit", args=[draft.pk])
        assert "不可行，差" in page(client.get(address))
        assert "请说明原因和赶工措施" in page(client.post(address, {"reason": " "}))
        assert client.post(address, {"reason": "前期并联"}).status_code == 302

    def test_slips_stand_beside_the_baseline(self, client, office, project):
        first = make_plan(project, "2023-09-01", "2023-12-01", state="superseded")
        second = make_plan(project, "2023-11-01", "2023-12-11", number=2)
        for old, new in zip(first.milestones.all(), second.milestones.all(), strict=True):
            Milestone.objects.filter(pk=new.pk).update(baseline=old)
        client.force_login(office)
        response = client.get(reverse("plan_detail", args=[second.pk]))
        assert [row.slip.days for row in response.context["rows"]] == [61, 10]
        assert "+61" in page(response)
        assert "末节点较基线晚10天（6个工作日）" in page(response)
        assert "建设局" in page(response)

    def test_actions_are_offered_to_who_may_take_them(self, client, reporter, project):
        plan = make_plan(project, "2023-12-01", "2023-10-12")
        ahead, today = plan.milestones.all()
        client.force_login(reporter)
        shown = page(client.get(reverse("plan_detail", args=[plan.pk])))
        assert reverse("datechange_create", args=[ahead.pk]) in shown
        assert reverse("datechange_create", args=[today.pk]) not in shown
        assert reverse("plan_revise", args=[plan.pk]) in shown
        client.force_login(make_user("inspector"))
        shown = page(client.get(reverse("plan_detail", args=[plan.pk])))
        assert "datechange" not in shown and "申请调整" not in shown
        assert reverse("plan_revise", args=[plan.pk]) not in shown

    def test_a_revision_opens_as_a_draft_and_a_second_is_refused(self, client, reporter, project):
        plan = make_plan(project, "2023-12-01")
        client.force_login(reporter)
        answer = client.post(reverse("plan_revise", args=[plan.pk]))
        new = project.plans.get(number=2)
        assert answer["Location"] == reverse("plan_edit", args=[new.pk])
        again = client.post(reverse("plan_revise", args=[plan.pk]), follow=True)
        assert "已有未批准的新版" in page(again)
        assert project.plans.count() == 2

    def test_achievements_a_new_plan_leaves_behind_are_named_before_it_is_approved(
        self, client, office, project, draft
    ):
        first = make_plan(project, "2023-05-01", "2023-06-01", number=9)
        first.milestones.filter(position=1).update(
            name="签约", achieved_on=dt.date(2023, 5, 1), evidence="1号"
        )
        first.milestones.filter(position=2).update(
            name="施工图备案", achieved_on=dt.date(2023, 6, 1), evidence="2号"
        )
        handed_in(draft)
        client.force_login(office)
        for name in ("plan_detail", "plan_approve"):
            shown = page(client.get(reverse(name, args=[draft.pk])))
            assert "第9版已办结的1个节点未列入本版" in shown
            assert "施工图备案" in shown
        draft.milestones.filter(name="供地").update(name="施工图备案")
        assert "未列入本版" not in page(client.get(reverse("plan_approve", args=[draft.pk])))

    def test_a_superseded_version_leads_to_the_one_in_force(self, client, office, project):
        old = make_plan(project, "2023-12-01", state=DeliveryPlan.State.SUPERSEDED)
        new = make_plan(project, "2023-12-02", number=2)
        client.force_login(office)
        assert f'现执行<a href="{reverse("plan_detail", args=[new.pk])}">第2版' in page(
            client.get(reverse("plan_detail", args=[old.pk]))
        )
        shown = page(client.get(reverse("plan_detail", args=[new.pk])))
        assert reverse("gantt_detail", args=[project.code]) in shown and "现执行" not in shown

    def test_the_verdict_praises_no_plan_that_is_being_carried_out(self, client, office, project, draft):
        client.force_login(office)
        address = reverse("plan_detail", args=[draft.pk])
        assert "note spaced success" in page(client.get(address))
        approve_plan(plan=handed_in(draft), approved_on=TODAY, by=office, now=NOW)
        shown = page(client.get(address))
        assert "倒排结论：可行" in shown and "不计实际进度" in shown and "note spaced success" not in shown

    def test_a_page_costs_as_many_queries_for_many_milestones_as_for_few(self, client, office, unit):
        client.force_login(office)
        few = make_plan(make_project(lead_department=unit), *["2023-12-01"] * 3)
        many = make_plan(make_project(lead_department=unit), *["2023-12-01"] * 30)
        for plan in (few, many):
            rows = list(plan.milestones.all())
            for before, after in pairwise(rows):
                after.predecessors.add(before)
        assert page_queries(client, reverse("plan_detail", args=[few.pk])) == page_queries(
            client, reverse("plan_detail", args=[many.pk])
        )

    def test_the_draft_costs_as_many_queries_for_many_rows_as_for_few(self, client, reporter, unit):
        client.force_login(reporter)
        few, many = (
            make_plan(
                make_project(lead_department=unit), *["2023-12-01"] * count, state="draft", approved_on=None
            )
            for count in (3, 30)
        )
        assert page_queries(client, reverse("plan_edit", args=[few.pk])) == page_queries(
            client, reverse("plan_edit", args=[many.pk])
        )


class TestForecast:
    @pytest.fixture
    def plan(self, project):
        plan = make_plan(project, "2023-12-01", "2024-03-01", finish_on=dt.date(2024, 3, 1))
        one, two = plan.milestones.all()
        two.predecessors.add(one)
        return plan

    def test_what_moves_is_shown_and_nothing_is_written(self, client, reporter, plan):
        client.force_login(reporter)
        address = reverse("plan_forecast", args=[plan.pk])
        one = plan.milestones.get(position=1)
        shown = page(client.get(address, {"milestone": one.pk, "until": "2024-04-15"}))
        assert "比目标完成日期晚45天" in shown
        shown = page(client.get(address, {"milestone": one.pk, "until": "2023-11-01"}))
        assert "后续节点不受影响" in shown
        assert not AuditRecord.objects.exists()

    @pytest.mark.parametrize(
        "given",
        [
            {"milestone": "x", "until": "y"},
            {"milestone": "99999999999999999999", "until": "9999-12-31"},
            {"milestone": "", "until": ""},
            {"milestone": "1\x00", "until": "0001-01-01"},
        ],
    )
    def test_bad_questions_are_answered_in_words(self, client, reporter, plan, given):
        client.force_login(reporter)
        assert "请先改正" in page(client.get(reverse("plan_forecast", args=[plan.pk]), given))


# --- the list -------------------------------------------------------------------------------------------


class TestList:
    def test_waiting_ones_come_first_and_old_versions_on_request(
        self, client, office, reporter, project, draft, unit
    ):
        other = make_project("储能项目", lead_department=unit)
        make_plan(other, "2023-12-01", state="superseded")
        make_plan(other, "2023-12-01", number=2)
        submit_plan(plan=draft, by=reporter, now=NOW)
        client.force_login(office)
        response = client.get(reverse("plan_list"))
        shown = [(row.record.project.name, row.record.number) for row in response.context["table"].rows]
        assert shown == [("新材料项目", 1), ("储能项目", 2)]
        response = client.get(reverse("plan_list"), {"state": "superseded"})
        assert [row.record.number for row in response.context["table"].rows] == [1]
        assert 'data-count="1"' in page(response)
        response = client.get(reverse("plan_list"), {"q": "储能", "state": ""})
        assert response.context["table"].paginator.count == 2

    def test_a_plan_without_a_target_shows_the_day_of_its_last_milestone(self, client, office, project):
        make_plan(project, "2023-12-01", "2024-03-08")
        client.force_login(office)
        assert "2024-03-08" in page(client.get(reverse("plan_list")))

    def test_a_stranger_sees_nothing(self, client, draft):
        client.force_login(make_user("reporter"))
        assert 'data-count="0"' in page(client.get(reverse("plan_list")))
        assert client.get(reverse("plan_detail", args=[draft.pk])).status_code == 404

    @pytest.mark.parametrize("kind", ["xlsx", "docx"])
    @pytest.mark.parametrize("name", ["plan_list", "datechange_list"])
    def test_lists_go_out_as_files(self, client, office, reporter, project, kind, name):
        plan = make_plan(project, "2023-12-01")
        make_date_change(plan.milestones.get(), reporter)
        client.force_login(office)
        response = client.get(reverse(name), {"format": kind})
        assert f".{kind}" in response["Content-Disposition"]
        assert b"".join(response)

    @pytest.mark.parametrize("name", ["plan_list", "datechange_list"])
    def test_as_many_queries_for_thirty_rows_as_for_three(self, client, office, reporter, unit, name):
        client.force_login(office)

        def more(count):
            for _ in range(count):
                plan = make_plan(make_project(lead_department=unit), "2023-12-01", "2024-01-01")
                make_date_change(plan.milestones.get(position=1), reporter)

        more(3)
        few = page_queries(client, reverse(name))
        more(27)
        assert page_queries(client, reverse(name)) == few

    @pytest.mark.parametrize("name", ["plan_list", "datechange_list"])
    def test_nonsense_in_the_address_is_survived(self, client, office, name):
        client.force_login(office)
        for query in ("unit=99999999999999999999", "q=%00", "state=x&sort=y&page=z", "as_of=0001-01-01"):
            assert client.get(f"{reverse(name)}?{query}").status_code == 200


def test_the_project_page_leads_to_each_version_and_to_the_next(client, reporter, office, project, draft):
    client.force_login(reporter)
    address = reverse("project_detail", args=[project.code])
    assert reverse("plan_detail", args=[draft.pk]) in page(client.get(address))
    assert reverse("plan_create", args=[project.code]) not in page(client.get(address))
    approve_plan(plan=handed_in(draft), approved_on=TODAY, by=office, now=NOW)
    shown = page(client.get(address))
    assert reverse("plan_create", args=[project.code]) in shown
    assert reverse("datechange_create", args=[named(draft, "投产").pk]) in shown
