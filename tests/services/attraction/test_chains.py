"""A chain's team, work and places: entered by the office, done by the responsible unit, each refusal in words."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from projects.models import AuditRecord, ChainMember, ChainPlacement, ChainTask, Lead, chains_visible_to
from projects.queries.attraction.chains import chain_map, projects_of, tasks_on, team_on
from projects.services.attraction.chains import add_member, add_task, end_member, finish_task, place_project
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
DAY = dt.timedelta(days=1)
SINCE = dt.date(2023, 2, 1)


@pytest.fixture
def chain():
    return make_chain("新能源")


def refused(verb, **kwargs) -> dict[str, list[str]]:
    before = AuditRecord.objects.count()
    with pytest.raises(ValidationError) as caught:
        verb(now=NOW, **kwargs)
    assert AuditRecord.objects.count() == before
    return caught.value.message_dict if hasattr(caught.value, "error_dict") else {"": caught.value.messages}


class TestTeam:
    def test_a_member_serves_from_a_day_until_a_day(self, chain, unit, office):
        member = add_member(chain=chain, unit=unit, post="牵头单位", from_on=SINCE, by=office, now=NOW)
        end_member(member=member, until_on=TODAY, by=office, now=NOW)
        assert [team_on(chain, day).count() for day in (SINCE - DAY, SINCE, TODAY, TODAY + DAY)] == [
            0,
            1,
            1,
            0,
        ]
        actions = AuditRecord.objects.order_by("pk").values_list("action", flat=True)
        assert list(actions) == ["登记专班成员", "专班成员不再担任"]

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"name": " "}, "unit"),
            ({"post": " "}, "post"),
            ({"from_on": TODAY + DAY}, "from_on"),
        ],
    )
    def test_what_is_missing_or_cannot_be_is_refused(self, chain, office, changes, field):
        given = {"chain": chain, "name": "李娜", "post": "联络员", "from_on": SINCE, "by": office} | changes
        assert field in refused(add_member, **given)

    def test_the_same_post_is_not_held_twice(self, chain, unit, office):
        given = {"chain": chain, "unit": unit, "post": "牵头单位", "from_on": SINCE, "by": office}
        add_member(now=NOW, **given)
        assert "post" in refused(add_member, **given)

    def test_a_unit_out_of_service_is_refused(self, chain, unit, office):
        unit.is_active = False
        unit.save()
        given = {"chain": chain, "unit": unit, "post": "牵头单位", "from_on": SINCE, "by": office}
        assert "unit" in refused(add_member, **given)

    def test_a_service_ends_once_and_not_before_it_began(self, chain, unit, office):
        member = add_member(chain=chain, unit=unit, post="牵头单位", from_on=SINCE, by=office, now=NOW)
        assert "until_on" in refused(end_member, member=member, until_on=SINCE - DAY, by=office)
        assert "until_on" in refused(end_member, member=member, until_on=TODAY + DAY, by=office)
        end_member(member=member, until_on=TODAY, by=office, now=NOW)
        assert "无需重复" in refused(end_member, member=member, until_on=TODAY, by=office)[""][0]

    def test_only_the_office_may(self, chain, unit):
        by = make_user("reporter", unit=unit)
        with pytest.raises(PermissionDenied):
            add_member(chain=chain, unit=unit, post="牵头单位", from_on=SINCE, by=by, now=NOW)
        member = ChainMember.objects.create(chain=chain, unit=unit, post="成员", from_on=SINCE)
        with pytest.raises(PermissionDenied):
            end_member(member=member, until_on=TODAY, by=by, now=NOW)


class TestWork:
    def task(self, chain, unit, office, due_on=dt.date(2023, 9, 30)):
        return add_task(chain=chain, text="编制图谱", unit=unit, due_on=due_on, by=office, now=NOW)

    def test_an_item_is_late_after_its_limit_until_its_unit_reports_it_done(self, chain, unit, office):
        task = self.task(chain, unit, office)
        reporter = make_user("reporter", unit=unit)
        finish_task(task=task, done_on=TODAY, result="已印发", by=reporter, now=NOW)
        states = {day: tasks_on(chain, day)[0].state for day in (task.due_on, task.due_on + DAY, TODAY)}
        assert list(states.values()) == ["open", "late", "done"]
        assert tasks_on(chain, dt.date(2024, 1, 1)) == []

    def test_reported_twice_it_answers_the_first_but_is_not_changed(self, chain, unit, office):
        task = self.task(chain, unit, office)
        for _time in range(2):
            finish_task(task=task, done_on=TODAY, result="已印发", by=office, now=NOW)
        assert AuditRecord.objects.filter(action="产业链任务完成").count() == 1
        assert refused(finish_task, task=task, done_on=TODAY, result="又一次", by=office)[""]

    def test_done_needs_a_result_and_a_day_that_has_come(self, chain, unit, office):
        task = self.task(chain, unit, office)
        found = refused(finish_task, task=task, done_on=TODAY + DAY, result=" ", by=office)
        assert set(found) == {"done_on", "result"}

    def test_another_unit_may_not_report_it(self, chain, unit, office):
        task = self.task(chain, unit, office)
        with pytest.raises(PermissionDenied):
            finish_task(task=task, done_on=TODAY, result="已印发", by=make_user("reporter"), now=NOW)

    def test_an_item_stands_once_a_year_within_the_calendar(self, chain, unit, office):
        self.task(chain, unit, office)
        given = {"chain": chain, "text": "编制图谱", "unit": unit, "by": office}
        assert "text" in refused(add_task, due_on=dt.date(2023, 12, 1), **given)
        assert "due_on" in refused(add_task, due_on=dt.date(1900, 1, 1), **given)
        self.task(chain, unit, office, dt.date(2024, 3, 1))
        assert ChainTask.objects.count() == 2

    def test_only_the_office_sets_work(self, chain, unit):
        with pytest.raises(PermissionDenied):
            self.task(chain, unit, make_user("unit_head", unit=unit))


class TestPlaces:
    def test_a_project_is_put_into_the_chain_and_its_segment(self, chain, office):
        project, segment = make_project(), chain.segments.first()
        place_project(chain=chain, project=project, segment=segment, from_on=TODAY, by=office, now=NOW)
        project.refresh_from_db()
        assert project.industry_chain == chain
        assert projects_of(chain, office, TODAY).get().segment_id == segment.pk
        actions = AuditRecord.objects.order_by("pk").values_list("action", flat=True)
        assert list(actions) == ["归入产业链", "确定所在环节"]
        assert "project" in refused(
            place_project, chain=chain, project=project, segment=segment, from_on=TODAY, by=office
        )

    def test_from_another_chain_it_comes_with_a_reason_and_leaves_its_old_segment(self, chain, office):
        old = make_chain("新材料")
        project = make_project(industry_chain=old)
        place_project(
            chain=old, project=project, segment=old.segments.first(), from_on=TODAY, by=office, now=NOW
        )
        given = {"chain": chain, "project": project, "segment": None, "from_on": TODAY, "by": office}
        assert "reason" in refused(place_project, **given)
        place_project(now=NOW, reason="产品属储能", **given)
        assert ChainPlacement.objects.get().segment.chain == old
        assert projects_of(chain, office, TODAY).get().segment_id is None

    def test_a_segment_of_another_chain_or_out_of_use_is_refused(self, chain, office):
        unused = chain.segments.last()
        unused.is_active = False
        unused.save()
        for segment in (make_chain().segments.first(), unused):
            given = {
                "chain": chain,
                "project": make_project(),
                "segment": segment,
                "from_on": TODAY,
                "by": office,
            }
            assert "segment" in refused(place_project, **given)

    def test_only_the_office_may(self, chain, unit):
        project = make_project(lead_department=unit)
        with pytest.raises(PermissionDenied):
            place_project(
                chain=chain,
                project=project,
                segment=None,
                from_on=TODAY,
                by=make_user("reporter", unit=unit),
                now=NOW,
            )

    def test_the_map_holds_everything_once_and_names_the_gaps(self, chain, unit, office):
        upstream, midstream, _downstream = chain.segments.all()
        placed, unplaced = make_project(industry_chain=chain), make_project(industry_chain=chain)
        ChainPlacement.objects.create(project=placed, segment=upstream, made_at=NOW)
        lead = make_lead(unit, industry_chain=chain, segment=midstream)
        drawn = chain_map(chain, list(projects_of(chain, office, TODAY)), list(Lead.objects.on(TODAY)))
        boxes = {box.segment.name: box for _tier, row in drawn.tiers for box in row}
        assert boxes["上游材料"].projects == [placed]
        assert boxes["中游部件"].leads == [lead]
        assert [name for name, box in boxes.items() if box.is_gap] == ["下游整机"]
        assert drawn.projects_unplaced == [unplaced]


def test_a_chain_is_seen_by_those_who_see_something_of_it(chain, unit):
    make_chain("别的链")
    other = make_unit()
    by_role = {
        "project": make_user("reporter", unit=make_unit("甲局")),
        "lead": make_user("unit_head", unit=unit),
        "team": make_user("reporter", unit=other),
        "leader": make_user("sponsor"),
    }
    make_project(lead_department=by_role["project"].current_duties[0].unit, industry_chain=chain)
    make_lead(unit, industry_chain=chain)
    ChainMember.objects.create(chain=chain, unit=other, post="成员单位", from_on=SINCE)
    chain.chain_leader = make_official("链长", by_role["leader"])
    chain.save()
    for words, user in by_role.items():
        assert list(chains_visible_to(user)) == [chain], words
    assert chains_visible_to(make_user("reporter")).count() == 0
    assert chains_visible_to(make_user("inspector")).count() == 2
