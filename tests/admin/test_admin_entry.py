"""Entering and correcting in the admin: what is refused, what is remembered."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from projects.models import (
    AuditRecord,
    BaselineCurve,
    DeliveryPlan,
    Duty,
    EscalationStep,
    Handover,
    Listing,
    ListingVersion,
    ListKind,
    Milestone,
    Project,
    User,
)
from projects.services.plans.versions import submit_plan
from tests.admin_pages import errors, everything, save, url
from tests.factories import (
    NOW,
    make_list,
    make_listing,
    make_official,
    make_plan,
    make_project,
    make_unit,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_office")]


def new_project(**given):
    return {
        "name": "氢能电堆项目",
        "level": "single",
        "reports_from_on": "2023-10-01",
        "listings-TOTAL_FORMS": "0",
        "listings-INITIAL_FORMS": "0",
        "members-TOTAL_FORMS": "0",
        "members-INITIAL_FORMS": "0",
        "carry_overs-TOTAL_FORMS": "0",
        "carry_overs-INITIAL_FORMS": "0",
        "handovers-TOTAL_FORMS": "0",
        "handovers-INITIAL_FORMS": "0",
        "belongings-TOTAL_FORMS": "0",
        "belongings-INITIAL_FORMS": "0",
        "state_changes-TOTAL_FORMS": "0",
        "state_changes-INITIAL_FORMS": "0",
        **given,
    }


def test_a_new_project_gets_a_local_code_its_holders_and_its_list(client, office):
    lead, sponsor, annual_list = make_unit(), make_official(), make_list()
    data = new_project(
        sponsor=sponsor.pk,
        lead_department=lead.pk,
        in_charge_from_on="2023-09-01",
        **{
            "listings-TOTAL_FORMS": "1",
            "listings-0-annual_list": annual_list.pk,
            "listings-0-category": "new_start",
            "listings-0-planned_investment": "5000",
            "listings-0-planned_start": "2023年三季度",
            "listings-0-planned_completion": "2024年6月",
            "listings-0-effective_on": "2023-01-01",
        },
    )
    response = client.post(url(Project, "add"), data)
    assert response.status_code == 302, errors(response)
    project = Project.objects.get(name="氢能电堆项目")
    assert project.code == "GX-2023-0001"
    assert "qnddxm" in project.search_text
    assert (project.sponsor, project.lead_department) == (sponsor, lead)
    held = {(handover.slot, handover.from_on) for handover in project.handovers.all()}
    assert held == {("sponsor", dt.date(2023, 9, 1)), ("lead_department", dt.date(2023, 9, 1))}
    version = ListingVersion.objects.get(listing__project=project)
    assert (version.planned_investment, version.planned_start_on) == (Decimal("5000"), dt.date(2023, 9, 30))
    assert (version.change, version.made_by) == (ListingVersion.Change.INITIAL, office)
    recorded = set(AuditRecord.objects.filter(project=project).values_list("model", "action"))
    assert {
        ("project", "新增"),
        ("listing", "新增"),
        ("listingversion", "新增"),
        ("project", "责任交接"),
    } <= recorded


def test_the_next_local_code_follows_the_last(client):
    make_project(code="GX-2023-0007")
    client.post(url(Project, "add"), new_project())
    assert Project.objects.get(name="氢能电堆项目").code == "GX-2023-0008"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "必填"),
        ("total_investment", "-1", "不能为负数"),
        ("total_investment", "很多", "数"),
        ("started_on", "2023-13-01", "有效的日期"),
        ("started_on", "2023-10-13", "不能晚于今天"),
        ("started_on", "0001-01-01", "不能早于"),
        ("completed_on", "2023-01-01", "竣工日期不能早于实际开工日期"),
        ("sponsor", "999999999999999999999", "选"),
        ("sponsor", "abc", "选"),
        ("code", "A/B", "不能含斜杠"),
        ("in_charge_from_on", "2024-01-01", "今日之间"),
        ("listings-0-planned_start", "等通知再说", "有效日期"),
        ("listings-0-planned_completion", "2023年1月", "不能早于计划开工时间"),
        ("listings-0-effective_on", "", "必填"),
    ],
)
def test_a_wrong_entry_is_refused_in_chinese_and_nothing_is_written(client, field, value, words):
    data = new_project(
        started_on="2023-05-01",
        **{
            "listings-TOTAL_FORMS": "1",
            "listings-0-annual_list": make_list().pk,
            "listings-0-category": "new_start",
            "listings-0-planned_investment": "5000",
            "listings-0-planned_start": "2023年6月",
            "listings-0-effective_on": "2023-01-01",
        },
    )
    response = client.post(url(Project, "add"), data | {field: value})
    assert response.status_code == 200
    assert words in errors(response)
    assert not Project.objects.exists()
    assert not AuditRecord.objects.exists()


def test_a_correction_needs_a_reason_and_is_remembered_with_before_and_after(client, office):
    project = make_project(developer="甲公司")
    address = url(Project, "change", project.pk)
    refused = save(client, address, developer="乙公司")
    assert "请填写变更原因" in errors(refused)
    saved = save(client, address, developer="乙公司", reason="企业更名")
    assert saved.status_code == 302, errors(saved)
    record = AuditRecord.objects.get(action="修改")
    assert record.changes == {"developer": ["甲公司", "乙公司"]}
    assert (record.by, record.reason, record.project) == (office, "企业更名", project)
    page = client.get(url(Project, "history", project.pk)).content.decode()
    assert "建设单位：甲公司 → 乙公司" in page
    assert "企业更名" in page


def test_saving_without_a_change_leaves_no_record(client):
    project = everything()
    assert save(client, url(Project, "change", project.pk)).status_code == 302
    assert not AuditRecord.objects.exists()


def test_who_answers_for_a_project_moves_only_by_hand_over(client):
    project = everything()
    other = make_unit()
    save(client, url(Project, "change", project.pk), lead_department=other.pk, reason="试图直接改")
    project.refresh_from_db()
    assert project.lead_department != other
    address = reverse("admin:projects_project_verb", args=[project.pk, "handover"])
    assert "责任交接" in client.get(address).content.decode()
    refused = client.post(address, {"slot": "lead_department", "unit": other.pk, "from_on": "2023-10-13"})
    assert "接任日期不能晚于今天" in refused.content.decode()
    done = client.post(
        address,
        {
            "slot": "lead_department",
            "unit": other.pk,
            "from_on": "2023-10-12",
            "document": "高新委〔2023〕9号",
        },
    )
    assert done.status_code == 302
    project.refresh_from_db()
    assert project.lead_department == other
    assert Handover.objects.filter(project=project, unit=other, from_on="2023-10-12").exists()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "必填"),
        ({"slot": "sponsor", "from_on": "2023-10-12"}, "请选择接任者"),
        ({"slot": "sponsor", "unit": "UNIT", "from_on": "2023-10-12"}, "与所选责任类型不符"),
        ({"slot": "x", "from_on": "2023-10-12"}, "x"),
        ({"slot": "lead_department", "unit": "HOLDER", "from_on": "2023-10-12"}, "没有变化"),
    ],
)
def test_a_wrong_hand_over_is_refused(client, given, words):
    project = everything()
    named = {"UNIT": make_unit().pk, "HOLDER": project.lead_department_id}
    given = {name: named.get(value, value) for name, value in given.items()}
    count = Handover.objects.count()
    page = client.post(reverse("admin:projects_project_verb", args=[project.pk, "handover"]), given)
    assert page.status_code == 200
    assert words in page.content.decode()
    assert Handover.objects.count() == count


def test_states_and_dates_of_fact_move_through_the_services(client):
    project = make_project()
    state = reverse("admin:projects_project_verb", args=[project.pk, "state"])
    assert "必填" in client.post(state, {"state": "suspended", "effective_on": "2023-10-01"}).content.decode()
    client.post(state, {"state": "suspended", "effective_on": "2023-10-01", "reason": "环保整改"})
    facts = reverse("admin:projects_project_verb", args=[project.pk, "facts"])
    assert (
        "不能晚于今天" in client.post(facts, {"started_on": "2023-12-01", "reason": "补登"}).content.decode()
    )
    client.post(facts, {"started_on": "2023-05-01", "reason": "补登"})
    project.refresh_from_db()
    assert (project.state, project.started_on) == ("suspended", dt.date(2023, 5, 1))
    assert (
        client.get(reverse("admin:projects_project_verb", args=[project.pk, "nonsense"])).status_code == 302
    )
    assert client.get(reverse("admin:projects_project_verb", args=[99999, "state"])).status_code == 302


def test_an_adjusted_listing_is_a_new_version_and_a_correction_needs_a_reason(client):
    version = make_listing(make_project())
    address = url(Listing, "change", version.listing_id)
    added = save(
        client,
        address,
        **{
            "versions-TOTAL_FORMS": "2",
            "versions-1-listing": version.listing_id,
            "versions-1-effective_on": "2023-07-01",
            "versions-1-change": "raised",
            "versions-1-category": "new_start",
            "versions-1-planned_investment": "1500",
        },
    )
    assert added.status_code == 302, errors(added)
    assert version.listing.versions.count() == 2
    refused = save(client, address, **{"versions-0-planned_investment": "1100"})
    assert "变更原因" in errors(refused)
    save(client, address, **{"versions-0-planned_investment": "1100", "reason": "录入有误"})
    version.refresh_from_db()
    assert version.planned_investment == Decimal("1100")
    assert AuditRecord.objects.get(reason="录入有误").changes == {
        "planned_investment": ["1000.00", "1100.00"]
    }
    history = client.get(url(Listing, "history", version.listing_id)).content.decode()
    assert "1000.00 → 1100.00" in history


def test_two_versions_of_one_day_are_refused(client):
    version = make_listing(make_project())
    same = {
        f"versions-{n}-{name}": value
        for n in (1, 2)
        for name, value in {
            "effective_on": "2023-07-01",
            "change": "raised",
            "category": "new_start",
            "planned_investment": "1500",
        }.items()
    }
    response = save(
        client, url(Listing, "change", version.listing_id), **{"versions-TOTAL_FORMS": "3"}, **same
    )
    assert response.status_code in {200, 302}
    assert version.listing.versions.count() == 1


def test_a_plan_is_drafted_approved_and_revised_and_its_dates_then_stand(client):
    project = make_project()
    rows = {
        "milestones-TOTAL_FORMS": "1",
        "milestones-INITIAL_FORMS": "0",
        "milestones-0-position": "1",
        "milestones-0-stage": "construction",
        "milestones-0-name": "主体封顶",
        "milestones-0-day_kind": "calendar",
        "milestones-0-due": "2023年11月底前",
        "milestones-0-weight": "1",
    }
    added = client.post(url(DeliveryPlan, "add"), {"project": project.pk, "number": 1, **rows})
    assert added.status_code == 302, errors(added)
    plan = project.plans.get()

    def act(name, row):
        return client.post(
            url(DeliveryPlan, "changelist"), {"action": name, "_selected_action": [row.pk]}, follow=True
        )

    submit_plan(plan=plan, by=make_user("office"), now=NOW)
    act("approve", plan)
    plan.refresh_from_db()
    assert (plan.state, plan.approved_on) == ("approved", dt.date(2023, 10, 12))
    save(
        client, url(DeliveryPlan, "change", plan.pk), **{"milestones-0-due": "2024年6月", "reason": "想改期"}
    )
    assert plan.milestones.get().due == "2023年11月底前"
    act("revise", plan)
    draft = project.plans.get(number=2)
    save(client, url(DeliveryPlan, "change", draft.pk), **{"milestones-0-due": "2024年6月"})
    assert "已有未批准的新版" in act("revise", plan).content.decode()
    Milestone.objects.filter(plan=plan).update(achieved_on=dt.date(2023, 10, 12), evidence="验收单1号")
    submit_plan(plan=draft, by=make_user("office"), now=NOW)
    act("approve", draft)
    plan.refresh_from_db()
    assert plan.state == "superseded"
    moved = project.plans.get(state="approved").milestones.get()
    assert (moved.due_on, moved.evidence) == (dt.date(2024, 6, 30), "验收单1号")


def test_draft_milestones_can_be_removed_and_the_removal_is_remembered(client):
    plan = make_plan(make_project(), "2023-11-01", "2023-12-01", state="draft", approved_on=None)
    removed = save(client, url(DeliveryPlan, "change", plan.pk), **{"milestones-0-DELETE": "on"})
    assert removed.status_code == 302, errors(removed)
    assert [milestone.name for milestone in plan.milestones.all()] == ["节点2"]
    assert AuditRecord.objects.get(action="删除").object_text == "节点1"
    assert client.get(url(DeliveryPlan, "history", plan.pk)).status_code == 200


def test_an_account_is_made_with_its_duty_and_the_audit_never_holds_a_hash(client, administrator):
    unit = make_unit()
    data = {
        "username": "zhangsan",
        "full_name": "张三",
        "usable_password": "true",
        "password1": "Wei-Hai-Lu-88",
        "password2": "Wei-Hai-Lu-88",
        "duties-TOTAL_FORMS": "1",
        "duties-INITIAL_FORMS": "0",
        "duties-0-role": "reporter",
        "duties-0-unit": unit.pk,
        "duties-0-starts_on": "2023-10-12",
    }
    assert "填报员、部门负责人须选择所在单位" in errors(
        client.post(url(User, "add"), data | {"duties-0-unit": ""})
    )
    assert "密码" in errors(client.post(url(User, "add"), data | {"password2": "x"}))
    response = client.post(url(User, "add"), data)
    assert response.status_code == 302, errors(response)
    user = User.objects.get(username="zhangsan")
    assert user.check_password("Wei-Hai-Lu-88")
    assert Duty.objects.get(user=user).unit == unit
    twice = {**data, "username": "lisi", "duties-TOTAL_FORMS": "2"}
    twice |= {f"duties-1-{name}": data[f"duties-0-{name}"] for name in ("role", "unit", "starts_on")}
    assert "已有同一职务在任" in errors(client.post(url(User, "add"), twice))
    ended = twice | {"duties-0-ends_on": "2023-10-31", "duties-1-starts_on": "2023-10-31"}
    assert "任期不能重叠" in errors(client.post(url(User, "add"), ended))
    assert not User.objects.filter(username="lisi").exists()
    changed = client.post(
        reverse("admin:auth_user_password_change", args=[user.pk]),
        {
            "usable_password": "true",
            "password1": "Dong-Feng-Lu-99",
            "password2": "Dong-Feng-Lu-99",
            "set-password": "1",
        },
    )
    assert changed.status_code == 302
    assert AuditRecord.objects.filter(action="重置密码", object_id=user.pk, by=administrator).count() == 1
    assert not [record for record in AuditRecord.objects.all() if "password" in record.changes]


def test_words_roles_and_curves_are_written_as_people_write_them(client):
    kind = ListKind.objects.get(name="市级重大")
    save(client, url(ListKind, "change", kind.pk), aliases="市重大、市级项目，市重大")
    kind.refresh_from_db()
    assert kind.aliases == ["市重大", "市级项目"]
    step = EscalationStep.objects.get(working_days=7)
    save(client, url(EscalationStep, "change", step.pk), roles=["sponsor", "office"])
    step.refresh_from_db()
    assert step.roles == ["sponsor", "office"]
    for points, words in (
        ("3-31 20%\n2-28 30%\n12-31 100%", "逐行递增"),
        ("3-31 20%", "末行应为"),
        ("2-30 20%\n12-31 100%", "无法识别"),
        ("", "必填"),
    ):
        page = client.post(url(BaselineCurve, "add"), {"name": "本区口径", "points": points})
        assert words in errors(page)
    client.post(url(BaselineCurve, "add"), {"name": "本区口径", "points": "3-31 20%\n6月30日 50\n12-31 100%"})
    curve = BaselineCurve.objects.get(name="本区口径")
    assert [(month, day, Decimal(share)) for month, day, share in curve.points] == [
        (3, 31, Decimal("0.2")),
        (6, 30, Decimal("0.5")),
        (12, 31, Decimal("1")),
    ]
    assert save(client, url(BaselineCurve, "change", curve.pk)).status_code == 302
    assert not AuditRecord.objects.filter(model="baselinecurve", action="修改").exists()
