"""Drafting light rule sets, changing drafts, putting them in force; what is refused and what is written down."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from projects.models import AuditRecord, LightRuleSet, ListKind
from projects.queries.light_rules import RuleState, bands_of, population_words, stored_rules
from projects.rules import PRESETS, Band, Light, Measure
from projects.services import light_rules as service
from tests.factories import NOW, TODAY, make_user

pytestmark = pytest.mark.django_db
YELLOW, RED = Light.YELLOW, Light.RED
SOUND = (
    Band(Measure.PROBLEM_DAYS, YELLOW, Decimal(1), Decimal(5)),
    Band(Measure.PROBLEM_DAYS, RED, Decimal(5)),
)


@pytest.fixture
def office():
    return make_user("office")


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
    kept = draft.bands.get(measure="problem_days", light="red")
    bands = (
        Band(Measure.PROBLEM_DAYS, YELLOW, Decimal(1), Decimal(7)),
        Band(Measure.PROBLEM_DAYS, RED, Decimal(7)),
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
        (Band(Measure.PROBLEM_DAYS, RED), "第2档：上限和下限至少填写一个"),
        (Band(Measure.PROBLEM_DAYS, RED, Decimal(9), Decimal(1)), "第2档：下限不能大于上限"),
        (Band(Measure.PROBLEM_DAYS, RED, Decimal(9), running=10), "第2档"),
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
    edit(draft, office, [Band(Measure.PROBLEM_DAYS, RED, Decimal(7), Decimal(30))])
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


def test_only_the_office_drafts_edits_and_enforces(office, draft):
    inspector = make_user("inspector")
    with pytest.raises(PermissionDenied):
        service.draft_rule_set(name="x", preset="wuhan_2022", by=inspector, now=NOW)
    with pytest.raises(PermissionDenied):
        edit(draft, inspector)
    with pytest.raises(PermissionDenied):
        enforce(draft, inspector)


def test_states_follow_the_day(office, draft):
    enforce(draft, office, dt.date(2023, 11, 1))

    def states(day):
        return {row.rule_set.name: row.state for row in stored_rules(day)}

    assert states(TODAY)["2024年亮灯规则"] is RuleState.AHEAD
    assert states(TODAY)["银川市2025年"] is RuleState.IN_FORCE
    after = states(dt.date(2023, 11, 1))
    assert (after["2024年亮灯规则"], after["银川市2025年"]) == (RuleState.IN_FORCE, RuleState.FORMER)
    assert after["三亚市2022年"] is RuleState.DRAFT
