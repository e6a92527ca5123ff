"""Drafting light rule sets, changing drafts, putting them in force, ending them; what is refused and what is kept."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from projects.models import AuditRecord, LightRuleSet, ListKind
from projects.queries.lights.rule_sets import RuleState, bands_of, population_words, stored_rules
from projects.rules import PRESETS, Band, Light, LightGauge
from projects.services.lights import rule_sets as service
from tests.factories import NOW, TODAY, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]
DAY = dt.timedelta(days=1)
YELLOW, RED = Light.YELLOW, Light.RED
SOUND = (
    Band(LightGauge.PROBLEM_DAYS, YELLOW, Decimal(1), Decimal(5)),
    Band(LightGauge.PROBLEM_DAYS, RED, Decimal(5)),
)


@pytest.fixture
def draft(office):
    return service.draft_rule_set(name="2024年亮灯规则", preset="wuhan_2022", by=office, now=NOW)


def edit(draft, office, bands=SOUND, **fields):
    given = {
        "name": draft.name,
        "source": "",
        "kinds": [],
        "min_planned_investment": Decimal(0),
        "red_needs": 1,
    }
    return service.edit_rule_set(rule_set=draft, bands=bands, by=office, now=NOW, **given | fields)


def enforce(rule_set, office, effective_on=TODAY, document="淄高新发改〔2023〕20号"):
    return service.enforce_rule_set(
        rule_set=rule_set, effective_on=effective_on, document=document, by=office, now=NOW
    )


def repeal(rule_set, office, repealed_on=TODAY + DAY, document="淄高新发改〔2023〕21号"):
    return service.repeal_rule_set(
        rule_set=rule_set, repealed_on=repealed_on, document=document, by=office, now=NOW
    )


def begun(rule_set, effective_on=dt.date(2023, 6, 1)):
    LightRuleSet.objects.filter(pk=rule_set.pk).update(effective_on=effective_on)
    rule_set.refresh_from_db()
    return rule_set


def states(day):
    return {row.rule_set.name: row.state for row in stored_rules(day)}


def test_a_draft_from_a_preset_holds_its_bands(draft):
    preset = PRESETS["wuhan_2022"]
    assert set(bands_of(draft)) == set(preset.rules.bands)
    assert (draft.is_draft, draft.source) == (True, preset.source)
    assert AuditRecord.objects.get(model="lightruleset").action == "拟订亮灯规则"


def test_a_copy_holds_everything_but_the_day_it_came_into_force(office):
    original = LightRuleSet.objects.get(name="银川市2025年")
    original.kinds.set(ListKind.objects.filter(name="技改"))
    LightRuleSet.objects.update(red_needs=2, min_planned_investment=500)
    original.refresh_from_db()
    copy = service.draft_rule_set(name="新版", based_on=original, source="新文件", by=office, now=NOW)
    assert set(bands_of(copy)) == set(bands_of(original))
    assert (copy.red_needs, copy.min_planned_investment, copy.source) == (2, 500, "新文件")
    assert [kind.name for kind in copy.kinds.all()] == ["技改"]
    assert (copy.effective_on, copy.document, copy.enforced_by) == (None, "", None)
    assert population_words(copy) == "技改名单中年度计划投资500万元及以上的项目"


def test_a_taken_name_is_refused(office, draft):
    with pytest.raises(ValidationError, match="名称"):
        service.draft_rule_set(name="2024年亮灯规则", preset="wuhan_2022", by=office, now=NOW)


def test_an_edit_changes_bands_and_leaves_a_record_of_each(office, draft):
    kept = draft.bands.get(gauge="problem_days", light="red")
    bands = (
        Band(LightGauge.PROBLEM_DAYS, YELLOW, Decimal(1), Decimal(7)),
        Band(LightGauge.PROBLEM_DAYS, RED, Decimal(7)),
    )
    edit(draft, office, bands, kinds=ListKind.objects.filter(name="省级重点"), red_needs=1)
    assert set(bands_of(draft)) == set(bands)
    assert draft.bands.get(light="red").pk == kept.pk  # what stays is left alone
    actions = list(AuditRecord.objects.filter(model="lightband").values_list("action", flat=True))
    assert actions.count("删除亮灯档") == 6 and "新增亮灯档" not in actions
    assert AuditRecord.objects.get(action="修改亮灯规则").reason == "适用名单：省级重点"


def test_a_draft_may_be_unfinished_but_not_absurd(office, draft):
    edit(draft, office, [])
    for band, words in (
        (Band(LightGauge.PROBLEM_DAYS, RED), "第2档：上限和下限至少填写一个"),
        (Band(LightGauge.PROBLEM_DAYS, RED, Decimal(9), Decimal(1)), "第2档：下限不能大于上限"),
        (Band(LightGauge.PROBLEM_DAYS, RED, Decimal(9), running=10), "第2档"),
    ):
        with pytest.raises(ValidationError) as refusal:
            edit(draft, office, [SOUND[0], band])
        assert words in "".join(refusal.value.messages)
    assert not draft.bands.exists()


def test_enforcing_keeps_who_when_and_by_what(office, draft):
    enforced = enforce(draft, office, TODAY + dt.timedelta(days=20))
    assert (enforced.effective_on, enforced.document) == (dt.date(2023, 11, 1), "淄高新发改〔2023〕20号")
    assert (enforced.enforced_by, enforced.enforced_at) == (office, NOW)
    assert AuditRecord.objects.get(action="启用亮灯规则").reason == "淄高新发改〔2023〕20号"
    assert (
        enforce(draft, office, TODAY, "另一号").document == "淄高新发改〔2023〕20号"
    )  # twice answers the first


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"document": " "}, "请填写启用规则的文号"),
        ({"effective_on": TODAY - dt.timedelta(days=1)}, "不能早于今天"),
        ({"effective_on": dt.date(2032, 1, 1)}, "请核对年份"),
    ],
)
def test_enforcing_is_refused(office, draft, fields, words):
    with pytest.raises(ValidationError, match=words):
        enforce(draft, office, **fields)
    draft.refresh_from_db()
    assert draft.is_draft


def test_an_unsound_draft_is_not_enforced(office, draft):
    edit(draft, office, [Band(LightGauge.PROBLEM_DAYS, RED, Decimal(7), Decimal(30))])
    with pytest.raises(ValidationError, match="最重的一档不能设上限"):
        enforce(draft, office)


def test_two_sets_for_the_same_projects_do_not_begin_on_one_day(office, draft):
    enforce(draft, office)
    other = service.draft_rule_set(name="另一规则", preset="yinchuan_2025", by=office, now=NOW)
    with pytest.raises(ValidationError, match="适用范围相同"):
        enforce(other, office)
    edit(other, office, bands_of(other), kinds=ListKind.objects.filter(name="省级重点"))
    enforce(other, office)


def test_what_is_in_force_is_never_changed(office, draft):
    enforce(draft, office)
    with pytest.raises(ValidationError, match="规则已启用，不再修改"):
        edit(draft, office)


def test_only_the_office_drafts_edits_enforces_and_ends(office, draft):
    inspector = make_user("inspector")
    with pytest.raises(PermissionDenied):
        service.draft_rule_set(name="x", preset="wuhan_2022", by=inspector, now=NOW)
    with pytest.raises(PermissionDenied):
        edit(draft, inspector)
    with pytest.raises(PermissionDenied):
        enforce(draft, inspector)
    enforce(draft, office)
    with pytest.raises(PermissionDenied):
        repeal(draft, inspector)


def test_states_follow_the_day(office, draft):
    enforce(draft, office, dt.date(2023, 11, 1))
    assert states(TODAY)["2024年亮灯规则"] is RuleState.AHEAD
    assert states(TODAY)["银川市2025年"] is RuleState.IN_FORCE
    after = states(dt.date(2023, 11, 1))
    assert (after["2024年亮灯规则"], after["银川市2025年"]) == (RuleState.IN_FORCE, RuleState.FORMER)
    assert after["三亚市2022年"] is RuleState.DRAFT


# --- ending (停用) ---------------------------------------------------------------------------------------------


def test_ending_keeps_who_when_and_by_what(office, draft):
    ended = repeal(begun(draft), office, dt.date(2023, 11, 1))
    assert (ended.repealed_on, ended.repeal_document) == (dt.date(2023, 11, 1), "淄高新发改〔2023〕21号")
    assert (ended.repealed_by, ended.repealed_at) == (office, NOW)
    entry = AuditRecord.objects.get(action="停用亮灯规则")
    assert (entry.by, entry.reason) == (office, "淄高新发改〔2023〕21号")
    assert entry.changes["repealed_on"] == [None, "2023-11-01"]
    assert ended.effective_on == dt.date(2023, 6, 1), "that it was in force stays"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"document": " "}, "请填写停用规则的文号"),
        ({"repealed_on": TODAY - DAY}, "不能早于今天"),
        ({"repealed_on": TODAY + service.FARTHEST + DAY}, "请核对年份"),
    ],
)
def test_ending_is_refused(office, draft, fields, words):
    begun(draft)
    with pytest.raises(ValidationError, match=words):
        repeal(draft, office, **fields)
    draft.refresh_from_db()
    assert draft.repealed_on is None and not AuditRecord.objects.filter(action="停用亮灯规则").exists()


@pytest.mark.parametrize("day", [TODAY, TODAY + service.FARTHEST])
def test_today_and_a_year_ahead_are_days_to_end_on(office, draft, day):
    assert repeal(begun(draft), office, day).repealed_on == day


def test_a_draft_and_one_ended_already_are_not_ended(office, draft):
    with pytest.raises(ValidationError, match="草案尚未启用"):
        repeal(draft, office)
    repeal(begun(draft), office)
    with pytest.raises(ValidationError, match="已定于2023年10月13日停用"):
        repeal(draft, office, TODAY + 9 * DAY)
    draft.refresh_from_db()
    assert draft.repealed_on == TODAY + DAY


@pytest.mark.parametrize("first_day", [TODAY, TODAY + 20 * DAY])
def test_a_set_judges_at_least_on_its_first_day(office, draft, first_day):
    enforce(draft, office, first_day)
    with pytest.raises(ValidationError, match="停用日期须晚于这一天"):
        repeal(draft, office, first_day)
    assert repeal(draft, office, first_day + DAY).repealed_on == first_day + DAY


def test_what_is_replaced_by_then_needs_no_end(office, draft):
    general = LightRuleSet.objects.get(name="银川市2025年")
    enforce(draft, office, TODAY + 20 * DAY)
    with pytest.raises(ValidationError, match="2023年11月1日起由“2024年亮灯规则”替代"):
        repeal(general, office, TODAY + 20 * DAY)
    assert repeal(general, office, TODAY + 19 * DAY).repealed_on


def test_a_set_for_other_projects_replaces_nothing(office, draft):
    edit(draft, office, PRESETS["wuhan_2022"].rules.bands, kinds=ListKind.objects.filter(name="省级重点"))
    enforce(draft, office)
    assert repeal(LightRuleSet.objects.get(name="银川市2025年"), office).repealed_on


def test_the_state_of_an_ended_set_follows_the_day(office, draft):
    enforce(draft, office, TODAY + 5 * DAY)
    repeal(draft, office, TODAY + 10 * DAY)
    name = "2024年亮灯规则"
    days = [TODAY + number * DAY for number in (4, 5, 9, 10)]
    assert [states(day)[name] for day in days] == ["ahead", "ending", "ending", "repealed"]
    assert states(days[-1])["银川市2025年"] is RuleState.FORMER, "what it had replaced does not come back"
    assert [state.words for state in RuleState] == [
        "执行中",
        "将停用",
        "待执行",
        "草案",
        "已被替代",
        "已停用",
    ]


def test_after_an_end_the_same_projects_may_get_a_new_set(office, draft):
    begun(draft)
    repeal(draft, office)
    again = service.draft_rule_set(name="再启用", based_on=draft, by=office, now=NOW)
    assert (again.repealed_on, again.repeal_document) == (None, "")
    enforce(again, office, TODAY + 5 * DAY)
    after = states(TODAY + 5 * DAY)
    assert (after["再启用"], after["2024年亮灯规则"]) == (RuleState.IN_FORCE, RuleState.REPEALED)


@pytest.mark.parametrize("effective_on", [None, TODAY, TODAY + DAY])
def test_the_database_holds_no_set_that_ends_before_it_judged(draft, effective_on):
    rows = LightRuleSet.objects.filter(pk=draft.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(effective_on=effective_on, repealed_on=TODAY)
    assert rows.update(effective_on=TODAY - DAY, repealed_on=TODAY) == 1
