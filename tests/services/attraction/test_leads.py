"""Leads are registered once, move forward with date and paper, and become a project without being typed again."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from projects.models import AuditRecord, ChainPlacement, Handover, Lead, LeadStep, Project
from projects.services.attraction.landing import land_lead, likely_projects, link_lead
from projects.services.attraction.leads import edit_lead, move_lead, register_lead
from tests.factories import (
    NOW,
    TODAY,
    make_chain,
    make_lead,
    make_official,
    make_project,
    make_unit,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SIGNED = (("talking", "2023-03-01"), ("signed", "2023-06-01"))
DAY = dt.timedelta(days=1)


def register(unit, by, **changes) -> Lead:
    given = {
        "name": "储能电池项目",
        "investor": "深圳某公司",
        "origin": "out_of_province",
        "agreed_investment": Decimal("50000"),
        "talked_on": dt.date(2023, 9, 1),
        "unit": unit,
    }
    return register_lead(by=by, now=NOW, **{**given, **changes})


def refused(verb, *args, **kwargs) -> dict[str, list[str]]:
    """What a verb refuses, by field ("" for the whole), and that it left nothing behind."""
    before = AuditRecord.objects.count(), LeadStep.objects.count(), Project.objects.count()
    with pytest.raises(ValidationError) as caught:
        verb(*args, **kwargs)
    assert (AuditRecord.objects.count(), LeadStep.objects.count(), Project.objects.count()) == before
    error = caught.value
    return error.message_dict if hasattr(error, "error_dict") else {"": error.messages}


class TestRegister:
    def test_a_reporter_registers_one_of_the_own_unit_in_talks_from_a_day(self, unit, reporter):
        lead = register(unit, reporter, name=" 储能电池项目 ")
        assert lead.name == "储能电池项目"
        assert [(step.stage, step.on) for step in lead.steps.all()] == [("talking", dt.date(2023, 9, 1))]
        assert list(AuditRecord.objects.order_by("pk").values_list("action", flat=True)) == [
            "登记招商项目",
            "招商在谈",
        ]

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"agreed_investment": Decimal(0)}, "agreed_investment"),
            ({"agreed_investment": None}, "agreed_investment"),
            ({"talked_on": TODAY + DAY}, "talked_on"),
            ({"talked_on": dt.date(1900, 1, 1)}, "talked_on"),
            ({"name": "  "}, "name"),
        ],
    )
    def test_what_cannot_be_is_refused_at_its_field(self, unit, reporter, changes, field):
        assert field in refused(register, unit, reporter, **changes)

    def test_a_reporter_may_not_register_for_another_unit(self, reporter):
        assert refused(register, make_unit("别的局"), reporter)["unit"] == ["只能登记本单位负责的招商项目。"]

    @pytest.mark.parametrize("role", ["sponsor", "inspector", "service_officer", "administrator"])
    def test_others_register_none(self, unit, role):
        with pytest.raises(PermissionDenied):
            register(unit, make_user(role))

    def test_the_same_lead_is_refused_naming_the_unit_that_has_it(self, unit, reporter, office):
        register(unit, reporter)
        words = refused(register, make_unit("别的局"), office, name="储能 电池项目")["name"][0]
        assert "建设局" in words
        assert Lead.objects.count() == 1

    def test_a_segment_of_another_chain_is_refused(self, unit, reporter):
        own, other = make_chain(), make_chain()
        segment = other.segments.first()
        assert "segment" in refused(register, unit, reporter, industry_chain=own, segment=segment)
        assert "segment" in refused(register, unit, reporter, segment=segment)


class TestEdit:
    def facts(self, lead, **changes):
        names = ("name", "investor", "origin", "agreed_investment", "unit", "notes")
        return {name: getattr(lead, name) for name in names} | changes

    def test_a_changed_amount_says_why_and_is_audited(self, unit, reporter):
        lead = make_lead(unit)
        facts = self.facts(lead, agreed_investment=Decimal("30000"))
        assert "reason" in refused(edit_lead, lead=lead, by=reporter, now=NOW, **facts)
        edit_lead(lead=lead, reason="追加二期", by=reporter, now=NOW, **facts)
        entry = AuditRecord.objects.get()
        assert entry.changes == {"agreed_investment": ["20000.00", "30000.00"]}
        assert entry.reason == "追加二期"

    def test_nothing_changed_is_refused(self, unit, reporter):
        lead = make_lead(unit)
        assert refused(edit_lead, lead=lead, by=reporter, now=NOW, **self.facts(lead)) == {
            "": ["内容没有变化。"]
        }

    def test_one_that_is_a_project_is_kept_there(self, unit, office):
        lead = make_lead(unit, *SIGNED, project=make_project())
        assert "在项目中维护" in refused(edit_lead, lead=lead, by=office, now=NOW, notes="新")[""][0]

    def test_a_stranger_may_not(self, unit):
        lead = make_lead(unit)
        with pytest.raises(PermissionDenied):
            edit_lead(lead=lead, by=make_user("reporter"), now=NOW, notes="新")


class TestMove:
    def move(self, lead, by, stage="signed", **changes):
        given = {"on": dt.date(2023, 9, 1), "document": "投资协议〔2023〕3号"}
        return move_lead(lead=lead, stage=stage, by=by, now=NOW, **{**given, **changes})

    def test_talks_sign_and_land_each_with_its_day_and_paper(self, unit, reporter):
        lead = make_lead(unit)
        self.move(lead, reporter)
        self.move(lead, reporter, "landed", on=TODAY, document="备案证明")
        assert Lead.objects.on(TODAY).get().stage == "landed"
        assert Lead.objects.on(TODAY - DAY).get().stage == "signed"
        assert Lead.objects.on(dt.date(2023, 8, 31)).get().stage == "talking"
        assert not Lead.objects.on(dt.date(2023, 2, 28)).exists()
        assert AuditRecord.objects.filter(action="招商签约").count() == 1

    @pytest.mark.parametrize(
        ("stages", "wanted"),
        [
            ([("talking", "2023-03-01")], "landed"),
            ([("talking", "2023-03-01")], "talking"),
            (SIGNED, "talking"),
            ([("talking", "2023-03-01"), ("ended", "2023-07-01")], "signed"),
        ],
    )
    def test_no_stage_is_skipped_or_taken_back(self, unit, office, stages, wanted):
        lead = make_lead(unit, *stages)
        assert "stage" in refused(self.move, lead, office, wanted, note="原因")

    def test_what_has_landed_goes_no_further(self, unit, office):
        lead = make_lead(unit, *SIGNED, ("landed", "2023-07-01"))
        assert refused(self.move, lead, office, "ended", note="原因") == {
            "": ["该招商项目目前为“落地”，没有后续阶段。"]
        }

    def test_one_without_any_step_is_refused_in_words(self, unit, office):
        lead = make_lead(unit)
        lead.steps.all().delete()
        assert refused(self.move, lead, office) == {"": ["该招商项目目前为“未登记”，没有后续阶段。"]}

    @pytest.mark.parametrize(
        ("stage", "changes", "field"),
        [
            ("signed", {"document": " "}, "document"),
            ("signed", {"on": TODAY + DAY}, "on"),
            ("signed", {"on": dt.date(2023, 2, 28)}, "on"),
            ("ended", {"note": ""}, "note"),
        ],
    )
    def test_what_is_missing_or_cannot_be_is_refused(self, unit, reporter, stage, changes, field):
        assert field in refused(self.move, make_lead(unit), reporter, stage, **changes)

    def test_one_given_up_may_be_taken_up_again_with_a_reason(self, unit, reporter):
        lead = make_lead(unit)
        self.move(lead, reporter, "ended", document="", note="投资方调整布局")
        self.move(lead, reporter, "talking", document="", note="重启洽谈")
        assert Lead.objects.on(TODAY).get().stage == "talking"

    def test_the_same_step_twice_answers_the_first(self, unit, reporter):
        lead = make_lead(unit)
        assert self.move(lead, reporter) == self.move(lead, reporter)
        assert lead.steps.count() == 2

    def test_one_that_is_a_project_is_not_given_up(self, unit, office):
        lead = make_lead(unit, *SIGNED, project=make_project())
        assert "退库" in refused(self.move, lead, office, "ended", note="不推进")["stage"][0]

    def test_whoever_only_reads_may_not_move_it(self, unit):
        with pytest.raises(PermissionDenied):
            self.move(make_lead(unit), make_user("inspector"))


class TestLand:
    def land(self, lead, by, **changes):
        given = {
            "name": lead.name,
            "developer": lead.investor,
            "total_investment": lead.agreed_investment,
            "industry_chain": lead.industry_chain,
            "lead_department": lead.unit,
            "from_on": TODAY,
        }
        return land_lead(lead=lead, by=by, now=NOW, **{**given, **changes})

    def test_a_signed_lead_becomes_a_project_in_preparation_with_its_hand_overs(self, unit, office):
        chain = make_chain()
        segment = chain.segments.first()
        lead = make_lead(unit, *SIGNED, industry_chain=chain, segment=segment, name="储能电池项目")
        leader = make_official("领导甲")
        project = self.land(lead, office, sponsor=leader)
        lead.refresh_from_db()
        assert (lead.project, project.lead) == (project, lead)
        assert (project.name, project.developer, project.total_investment) == (
            "储能电池项目",
            "某投资公司",
            20000,
        )
        assert (project.lead_department, project.sponsor, project.host_district) == (unit, leader, None)
        assert project.code == "GX-2023-0001"
        assert project.stage_on(TODAY) == "前期"
        assert set(Handover.objects.values_list("slot", "from_on")) == {
            ("sponsor", TODAY),
            ("lead_department", TODAY),
        }
        assert ChainPlacement.objects.get().segment == segment
        assert Project.objects.search("cndc").get() == project
        assert set(AuditRecord.objects.values_list("action", flat=True)) == {
            "招商转项目",
            "责任交接",
            "关联项目",
            "确定所在环节",
        }

    @pytest.mark.parametrize(
        ("stages", "words"),
        [
            ([("talking", "2023-03-01")], "签约后才能"),
            ([*SIGNED, ("ended", "2023-07-01")], "签约后才能"),
        ],
    )
    def test_one_that_is_not_signed_is_refused(self, unit, office, stages, words):
        assert words in refused(self.land, make_lead(unit, *stages), office)[""][0]

    def test_sent_twice_it_makes_one_project(self, unit, office):
        lead = make_lead(unit, *SIGNED)
        self.land(lead, office)
        assert "无需重复" in refused(self.land, lead, office)[""][0]
        assert Project.objects.count() == 1

    def test_a_project_of_the_same_name_and_firm_is_never_made_again(self, unit, office):
        twin = make_project("储能 电池项目", developer="某投资公司")
        lead = make_lead(unit, *SIGNED, name="储能电池项目")
        words = refused(self.land, lead, office, is_other=True)["name"][0]
        assert twin.code in words

    def test_a_near_match_is_offered_and_passed_over_only_when_told(self, unit, office):
        near = make_project("储能电池生产项目", developer="别的公司")
        lead = make_lead(unit, *SIGNED, name="储能电池项目")
        assert near.code in refused(self.land, lead, office)["is_other"][0]
        assert self.land(lead, office, is_other=True).pk != near.pk

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"name": " "}, "name"),
            ({"developer": ""}, "developer"),
            ({"code": "a/b"}, "code"),
            ({"code": "2301-370371-04-01-999999"}, "code"),
            ({"from_on": TODAY + DAY}, "from_on"),
        ],
    )
    def test_what_cannot_be_is_refused_at_its_field(self, unit, office, changes, field):
        make_project("毫不相干的学校", code="2301-370371-04-01-999999")
        assert field in refused(self.land, make_lead(unit, *SIGNED), office, **changes)

    def test_a_leader_out_of_office_is_refused_and_nothing_is_made(self, unit, office):
        leader = make_official()
        leader.is_active = False
        leader.save()
        assert "sponsor" in refused(self.land, make_lead(unit, *SIGNED), office, sponsor=leader)

    def test_only_the_office_may(self, unit, reporter):
        with pytest.raises(PermissionDenied):
            self.land(make_lead(unit, *SIGNED), reporter)


class TestLink:
    def test_a_lead_is_tied_to_the_project_it_is(self, unit, office):
        lead, project = make_lead(unit, *SIGNED), make_project()
        link_lead(lead=lead, project=project, by=office, now=NOW)
        assert project.lead == lead
        assert AuditRecord.objects.get().action == "关联项目"

    def test_a_project_has_one_lead(self, unit, office):
        project = make_project()
        make_lead(unit, *SIGNED, project=project)
        other = make_lead(unit, *SIGNED)
        assert "已与招商项目" in refused(link_lead, lead=other, project=project, by=office, now=NOW)[""][0]

    def test_only_the_office_may(self, unit, reporter):
        with pytest.raises(PermissionDenied):
            link_lead(lead=make_lead(unit, *SIGNED), project=make_project(), by=reporter, now=NOW)


class TestLikely:
    def test_the_likeliest_come_first_and_strangers_not_at_all(self):
        make_project("人才公寓二期", developer="城投公司")
        near = make_project("储能电池生产线项目", developer="乙公司")
        same = make_project("储能电池项目", developer="甲公司")
        found = likely_projects("储能电池项目", "甲公司")
        assert [twin.code for twin in found] == [same.code, near.code]
        assert [twin.same for twin in found] == [True, False]

    def test_the_firms_other_projects_are_offered_where_somewhat_alike(self):
        make_project("储能变流器二期项目", developer="甲公司")
        make_project("办公楼装修", developer="甲公司")
        assert [twin.name for twin in likely_projects("储能电池项目", "甲公司")] == ["储能变流器二期项目"]

    def test_no_more_than_five(self):
        for number in range(8):
            make_project(f"储能电池项目{number}")
        assert len(likely_projects("储能电池项目", "")) == 5

    def test_an_empty_register_offers_none(self):
        assert likely_projects("", "") == likely_projects("储能", "甲") == []
