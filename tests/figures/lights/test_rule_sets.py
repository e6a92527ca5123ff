"""Rule sets as data: which judges whom, exemptions, periods running recomputed from the facts, trying one out."""

import datetime as dt
from decimal import Decimal

import pytest

from projects.figures.lights.judging import colours_for, lights_for
from projects.figures.lights.rule_sets import DEFAULT, applied
from projects.figures.lights.trial import COLUMNS, LightTrial
from projects.figures.population import Scope
from projects.models import LightBand, LightExemption, LightRuleSet, ListKind, Project
from projects.rules import PRESETS, Light, LightDimension, LightGauge
from tests.factories import (
    NOW,
    TODAY,
    make_list,
    make_listing,
    make_problem,
    make_project,
    make_report,
    make_user,
)
from tests.reading import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]
GREEN, YELLOW, RED, EXEMPT = Light.GREEN, Light.YELLOW, Light.RED, Light.EXEMPT
LATER = dt.date(2024, 1, 1)


def behind(invested="0", kind="市级重大", plan="1000", **version):
    """A project with nothing but its progress to be judged."""
    project = make_project(reports_from_on=LATER)
    make_listing(project, make_list(kind), planned_investment=Decimal(plan), category="continuing", **version)
    if invested != "0":
        make_report(project, "2023-10-1", invested)
    return project


def make_rules(name, *bands, kinds=(), effective_on=dt.date(2023, 1, 1), **fields):
    """A rule set with bands of (gauge, light, low, high, running)."""
    rule_set = LightRuleSet.objects.create(name=name, effective_on=effective_on, made_at=NOW, **fields)
    rule_set.kinds.set(ListKind.objects.filter(name__in=kinds))
    for gauge, light, low, high, running in bands:
        LightBand.objects.create(
            rule_set=rule_set, gauge=gauge, light=light, low=low, high=high, running=running
        )
    return rule_set


def red_from(days, name, **fields):
    return make_rules(name, (LightGauge.PROBLEM_DAYS, RED, days, None, 1), **fields)


def light_of(project, day=TODAY, rule_set=None):
    projects = Project.objects.filter(pk=project.pk)
    found = lights_for(projects, day, rule_set)[project.pk]
    assert colours_for(projects, day, rule_set) == {project.pk: found.light}
    return found


@pytest.mark.parametrize("preset", PRESETS)
def test_the_migration_laid_the_presets_as_the_rules_have_them(preset):
    pure = PRESETS[preset]
    row = LightRuleSet.objects.get(name=pure.rules.name)
    stored = applied(row)
    assert set(stored.rules.bands) == set(pure.rules.bands)
    assert (row.source, row.min_planned_investment) == (pure.source, pure.min_planned_investment)
    assert row.effective_on == (dt.date(2000, 1, 1) if preset == "yinchuan_2025" else None)


def test_a_light_names_the_rule_set_that_gave_it():
    found = light_of(behind())
    assert (found.rule_name, found.rule_set_id) == (
        "银川市2025年",
        LightRuleSet.objects.get(effective_on__isnull=False).pk,
    )


def test_without_a_rule_set_in_force_the_default_judges():
    project = behind()
    before = light_of(project)
    LightRuleSet.objects.update(effective_on=None)
    after = light_of(project)
    assert (after.light, after.sentence, after.rule_set_id) == (before.light, before.sentence, None)
    assert after.rule_name == "银川市2025年"


def test_the_narrower_population_rules_then_the_later():
    make_problem(province := behind("800", "省级重点"), due_on=dt.date(2023, 10, 5))  # seven days past
    make_problem(city := behind("800"), due_on=dt.date(2023, 10, 5))
    make_problem(small := behind("80", "省级重点", plan="100"), due_on=dt.date(2023, 10, 5))
    make_problem(unlisted := make_project(reports_from_on=LATER), due_on=dt.date(2023, 10, 5))
    later = red_from(60, "后启用", effective_on=dt.date(2023, 6, 1))
    red_from(50, "未启用", effective_on=None)
    red_from(50, "将启用", effective_on=dt.date(2023, 10, 13))
    of_kind = red_from(30, "省级", kinds=["省级重点"])
    of_both = red_from(7, "省级大项目", kinds=["省级重点"], min_planned_investment=1000)
    used = {project: light_of(project).rule_set_id for project in (province, city, small, unlisted)}
    assert used == {province: of_both.pk, city: later.pk, small: of_kind.pk, unlisted: later.pk}
    assert light_of(province).light is RED
    assert light_of(city, dt.date(2023, 5, 31)).rule_name == "银川市2025年"
    assert light_of(city, dt.date(2023, 10, 13)).rule_name == "将启用"


def test_an_ended_set_judges_until_the_day_before_its_end():
    end = dt.date(2023, 10, 5)
    large, small = behind("777"), behind("77", plan="100")
    sanya = LightRuleSet.objects.get(name="三亚市2022年")  # plans of 1000 万元 and more
    LightRuleSet.objects.filter(pk=sanya.pk).update(effective_on=dt.date(2023, 9, 1), repealed_on=end)
    names = [light_of(large, end + dt.timedelta(days=days)).rule_name for days in (-40, -1, 0, 7)]
    assert names == ["银川市2025年", "三亚市2022年", "银川市2025年", "银川市2025年"]
    assert light_of(small, end - dt.timedelta(days=1)).rule_name == "银川市2025年"


def test_with_the_end_of_the_general_set_the_default_judges_not_what_it_had_replaced():
    project = behind("800")
    make_problem(project, due_on=dt.date(2023, 10, 5))  # seven days past: red by default
    lenient = red_from(60, "后启用", effective_on=dt.date(2023, 6, 1), repealed_on=TODAY)
    red_from(90, "先启用", effective_on=dt.date(2023, 3, 1))
    before, after = light_of(project, TODAY - dt.timedelta(days=1)), light_of(project)
    assert (before.rule_set_id, before.light) == (lenient.pk, GREEN)
    assert (after.rule_set_id, after.light) == (None, RED)


def test_a_set_tried_out_judges_its_population_and_nobody_else():
    tried = LightRuleSet.objects.get(name="三亚市2022年")  # plans of 1000 万元 and more
    large, small = behind("777"), behind("77", plan="100")
    assert [light_of(one).light for one in (large, small)] == [GREEN, GREEN]
    found = light_of(large, rule_set=tried)
    assert (found.light, found.rule_set_id) == (YELLOW, tried.pk)
    assert found.sentence == "完成序时进度的99.9%（50%及以上、不足100%亮黄灯）"
    assert light_of(small, rule_set=tried).rule_name == "银川市2025年"


def exempt(project, **fields):
    by = make_user("office")
    fields = {
        "from_on": dt.date(2023, 10, 1),
        "until_on": dt.date(2023, 12, 31),
        "state": "approved",
    } | fields
    return LightExemption.objects.create(
        project=project,
        reason="规划调整",
        asked_by=by,
        asked_at=NOW,
        decided_by=None if fields["state"] == "asked" else by,
        decided_at=NOW,
        **fields,
    )


def test_an_exemption_of_a_dimension_hides_its_finding_and_says_so():
    project = behind()
    exempt(project, dimension="progress")
    found = light_of(project)
    assert found.light is EXEMPT
    assert found.sentence.startswith(
        "已豁免至2023年12月31日（规划调整）；原为滞后：投资完成率慢于序时77.8个百分点"
    )
    make_problem(project, due_on=TODAY - dt.timedelta(days=1))
    assert light_of(project).light is YELLOW  # what is not exempted shows


@pytest.mark.parametrize(
    ("fields", "light"),
    [
        ({"dimension": ""}, EXEMPT),
        ({"dimension": "problem"}, RED),
        ({"state": "asked"}, RED),
        ({"state": "refused"}, RED),
        ({"from_on": TODAY + dt.timedelta(days=1)}, RED),
        ({"until_on": TODAY}, EXEMPT),
        ({"until_on": TODAY - dt.timedelta(days=1)}, RED),
        ({"ended_on": TODAY}, RED),
        ({"ended_on": TODAY + dt.timedelta(days=1)}, EXEMPT),
    ],
)
def test_only_an_exemption_in_force_counts(fields, light):
    project = behind()
    exempt(project, **fields)
    assert light_of(project).light is light


def test_what_is_in_order_needs_no_exemption():
    project = behind("900")
    exempt(project)
    assert light_of(project).light is GREEN


def test_exempted_reds_do_not_count_towards_a_red_project():
    project = behind()
    make_problem(project, due_on=dt.date(2023, 9, 1))
    LightRuleSet.objects.filter(name="银川市2025年").update(red_needs=2)
    assert light_of(project).light is RED
    exempt(project, dimension="problem")
    assert light_of(project).light is YELLOW


# --- periods running -----------------------------------------------------------------------------------------


def patient():
    """Red only when behind by ten points at the ends of three ten-day periods running, this day included."""
    return make_rules(
        "连续",
        (LightGauge.POINTS_BEHIND, YELLOW, 10, None, 1),
        (LightGauge.POINTS_BEHIND, RED, 10, None, 3),
        effective_on=dt.date(2023, 9, 1),
    )


@pytest.mark.parametrize(
    ("reports", "light"),
    [
        ({}, RED),
        ({"2023-09-3": "660"}, YELLOW),  # 9.0 behind on 30 September, 11.8 from 10 October on
        ({"2023-09-2": "640"}, RED),  # 11.0 behind on 30 September already
        ({"2023-10-1": "700"}, GREEN),
    ],
)
def test_periods_running_are_recomputed_from_the_facts(reports, light):
    patient()
    project = make_project(reports_from_on=LATER)
    make_listing(project, planned_investment=Decimal(1000), category="continuing")
    for period, invested in reports.items():
        make_report(project, period, invested)
    assert light_of(project, dt.date(2023, 10, 12)).light is light


def test_a_correction_of_the_past_is_seen_by_the_counter():
    patient()
    project = behind()
    assert light_of(project).light is RED
    make_report(project, "2023-09-3", "700")  # 70 % at the end of September, 75 % due
    assert light_of(project).light is GREEN  # 77.8 due now: 7.8 behind
    make_report(project, "2023-10-1", "600")
    assert light_of(project).light is YELLOW


def queries(rule_set=None):
    return queries_of(lights_for, Project.objects.all(), TODAY, rule_set)


def test_queries_are_constant_and_counters_ask_only_where_a_band_needs_them():
    tried = LightRuleSet.objects.get(name="武汉市2022年")
    behind()
    usual, of_tried = queries(), queries(tried)
    patient()
    with_counters = queries()
    for _ in range(5):
        exempt(behind(), dimension="progress")
        red_from(9, f"规则{_}", kinds=["省级重点"], effective_on=TODAY - dt.timedelta(days=_))
    assert queries() == with_counters
    assert (of_tried, with_counters > usual) == (usual + 2, True)
    LightRuleSet.objects.filter(name="连续").update(effective_on=None)
    assert queries() == usual


# --- trying out ----------------------------------------------------------------------------------------------


def test_a_trial_adds_up_to_its_population():
    tried = LightRuleSet.objects.get(name="三亚市2022年")
    moving = [behind("777"), behind("700")]  # green, or 7.8 behind: yellow in 三亚
    behind("400")  # yellow by points (37.8: red), 51 % of 序时
    worse = behind("380")
    behind("900")
    behind("1", plan="100")  # not of its population
    make_project(reports_from_on=LATER)  # on no list
    trial = LightTrial(tried, Scope(TODAY, 2023))
    assert len(trial.moves) == 5
    assert sum(trial.before(light) for light in COLUMNS) == sum(trial.after(light) for light in COLUMNS) == 5
    assert sum(trial.counts.values()) == 5
    assert set(trial.picked("green", "yellow")) == {project.pk for project in moving}
    assert trial.picked("red", "red") == [worse.pk]
    assert len(trial.picked(changed=True)) == trial.changed == sum(number for *_move, number in trial.changes)
    assert len(trial.picked()) == 5
    assert trial.sentence == "启用后3个项目亮灯有变化：2个由正常变预警，1个由滞后变预警"
    for pk, (was, will) in trial.moves.items():
        both = trial.compared(pk)
        assert (both.before.light, both.after.light) == (was, will)
        assert {both.before.rule_name, both.after.rule_name} == {"银川市2025年", "三亚市2022年"}


def test_the_end_of_a_set_is_tried_on_the_projects_it_judges():
    sanya = LightRuleSet.objects.get(name="三亚市2022年")
    sanya.effective_on = dt.date(2023, 9, 1)
    sanya.save()
    moving, worse = behind("777"), behind("400")  # by points green and red
    behind("1", plan="100")  # not of its population
    narrower = red_from(60, "省级", kinds=["省级重点"], min_planned_investment=1000)
    judged_by_another = behind("700", "省级重点")
    trial = LightTrial(sanya, Scope(TODAY, 2023), ends=True)
    assert trial.moves == {moving.pk: (YELLOW, GREEN), worse.pk: (YELLOW, RED)}
    assert trial.sentence == "停用后2个项目亮灯有变化：1个由预警变正常，1个由预警变滞后"
    assert [(one.rules.name, number) for one, number in trial.heirs] == [("银川市2025年", 2)]
    of_kind = LightTrial(narrower, Scope(TODAY, 2023), ends=True)
    assert (list(of_kind.moves), of_kind.heirs[0][0].pk) == ([judged_by_another.pk], sanya.pk)


def test_the_end_of_a_set_still_to_come_and_of_the_last_general_one():
    project = behind("777")
    sanya = LightRuleSet.objects.get(name="三亚市2022年")
    sanya.effective_on = TODAY + dt.timedelta(days=20)
    sanya.save()
    ahead = LightTrial(sanya, Scope(TODAY, 2023), ends=True)
    assert ahead.moves == {project.pk: (YELLOW, GREEN)}
    last = LightTrial(LightRuleSet.objects.get(name="银川市2025年"), Scope(TODAY, 2023), ends=True)
    assert (last.sentence, last.heirs) == ("停用后没有项目的亮灯变化", [(DEFAULT, 1)])


def test_a_set_in_force_for_all_changes_nothing():
    behind("400")
    trial = LightTrial(LightRuleSet.objects.get(name="银川市2025年"), Scope(TODAY, 2023))
    assert (trial.changed, trial.sentence) == (0, "启用后没有项目的亮灯变化")


def test_every_dimension_may_be_exempted_by_its_name():
    names = {value for value in LightDimension}
    assert max(map(len, names)) <= LightExemption._meta.get_field("dimension").max_length
