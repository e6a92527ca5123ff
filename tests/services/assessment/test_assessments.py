"""Assessment verbs (考核办理): schemes put in force, rounds published once, appeals and numbered corrections."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from projects.figures.assessment.sheets import corrected, sheet_of
from projects.models import (
    AssessmentCorrection,
    AssessmentEntry,
    AssessmentRound,
    AuditRecord,
    Notice,
    ProgressReport,
    Role,
    ScoringScheme,
)
from projects.rules.scoring import ScoredPeriod
from projects.services.assessment import (
    appeals as score_appeals,
)
from projects.services.assessment import (
    rounds as assessments,
)
from projects.services.assessment import (
    schemes as scoring_schemes,
)
from projects.services.figures.year_amounts import rewrite_all_year_amounts
from tests.factories import (
    NOW,
    make_listing,
    make_project,
    make_report,
    make_round,
    make_scheme,
    make_unit,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]

QUARTER = ScoredPeriod(2023, "quarter", 3)
LATER = NOW + dt.timedelta(days=30)


@pytest.fixture
def units():
    """Two units of one project each, 40 % and 90.5 % of their plans done."""
    found = [make_unit("建设局"), make_unit("科技局")]
    for unit, amount in zip(found, ("400", "905"), strict=True):
        project = make_project(lead_department=unit)
        make_listing(project)
        make_report(project, "2023-09-3", amount)
    return found


@pytest.fixture
def scheme():
    return make_scheme("investment_completion")


@pytest.fixture
def published(office, units, scheme):
    return assessments.publish_round(
        round_=make_round(scheme, office), document="淄高新督〔2023〕6号", by=office, now=NOW
    )


def figure_item(scheme):
    return scheme.items.exclude(figure="manual").get()


def refused(words, verb, **arguments):
    with pytest.raises(ValidationError) as refusal:
        verb(**arguments)
    assert words in "".join(refusal.value.messages)


# --- schemes --------------------------------------------------------------------------------------------


def draft(office, **fields):
    fields = {"name": "考核办法", "year": 2023, "effective_on": dt.date(2023, 1, 1)} | fields
    return scoring_schemes.draft_scheme(by=office, now=NOW, **fields)


ITEM = {"name": "投资", "figure": "investment_completion", "weight": Decimal(100), "full_at": Decimal(100)}


def test_the_default_scheme_is_a_draft_whose_weights_are_whole_and_says_it_is_unchecked(office):
    default = ScoringScheme.objects.get()
    assert default.name == "缺省方案（待核）"
    assert default.state == ScoringScheme.State.DRAFT
    enforced = scoring_schemes.enforce_scheme(
        scheme=default, document="淄高新办〔2023〕3号", by=office, now=NOW
    )
    assert enforced.state == ScoringScheme.State.IN_FORCE
    for item in enforced.items.all():
        item.full_clean()


def test_a_new_version_takes_over_items_and_rules_of_another(office):
    default = ScoringScheme.objects.get()
    scheme = draft(office, based_on=default, year=2024, subject="host_district")
    assert (scheme.version, scheme.subject, scheme.small_rule) == (1, "host_district", default.small_rule)
    assert list(scheme.items.values_list("name", "weight")) == list(
        default.items.values_list("name", "weight")
    )
    assert default.items.count() == 6
    assert draft(office).version == default.version + 1
    assert AuditRecord.objects.filter(action="拟订考核方案", by=office).count() == 2


def test_items_are_added_changed_and_taken_off_a_draft(office):
    scheme = draft(office)
    item = scoring_schemes.save_item(scheme=scheme, by=office, now=NOW, **ITEM)
    scoring_schemes.save_item(scheme=scheme, item=item, name="投资进度", by=office, now=NOW)
    assert scheme.items.get().name == "投资进度"
    scoring_schemes.remove_item(item=scheme.items.get(), by=office, now=NOW)
    assert not scheme.items.exists()
    actions = AuditRecord.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["拟订考核方案", "新增考核项", "修改考核项", "移出考核项"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"zero_at": Decimal(100)}, "零分值须低于满分值"),
        ({"weight": Decimal(0)}, "须有权重"),
        ({"weight": Decimal(-1)}, "权重不能为负数"),
        ({"method": "deduction"}, "每差一个单位扣几分"),
        ({"figure": "manual", "weight": Decimal(0)}, "人工评分须有分值范围"),
        ({"figure": "manual", "floor": Decimal(101)}, "最低分不能高于权重"),
    ],
)
def test_items_that_make_no_rule_are_refused(office, fields, words):
    refused(words, scoring_schemes.save_item, scheme=draft(office), by=office, now=NOW, **ITEM | fields)


def test_a_scheme_goes_in_force_whole_and_by_document(office):
    scheme = draft(office)
    enforce = {"scheme": scheme, "by": office, "now": NOW}
    refused("还没有考核项", scoring_schemes.enforce_scheme, document="1号", **enforce)
    item = scoring_schemes.save_item(scheme=scheme, by=office, now=NOW, **ITEM | {"weight": Decimal(90)})
    refused("比满分100分少10分", scoring_schemes.enforce_scheme, document="1号", **enforce)
    scoring_schemes.save_item(scheme=scheme, item=item, weight=Decimal(100), by=office, now=NOW)
    refused("请填写批准方案的文号", scoring_schemes.enforce_scheme, document=" ", **enforce)
    first = scoring_schemes.enforce_scheme(document="1号", **enforce)
    again = scoring_schemes.enforce_scheme(document="2号", **enforce)
    assert (again.document, again.enforced_at) == ("1号", first.enforced_at)
    assert AuditRecord.objects.filter(action="批准执行考核方案").count() == 1
    refused("不再修改", scoring_schemes.save_item, item=item, name="甲", **enforce)
    refused("不再修改", scoring_schemes.remove_item, item=item, by=office, now=NOW)


def test_the_scheme_before_is_superseded_from_a_later_day(office, scheme):
    same_day = draft(office, based_on=scheme)
    enforce = {"document": "9号", "by": office, "now": NOW}
    refused("须晚于现行方案", scoring_schemes.enforce_scheme, scheme=same_day, **enforce)
    later = draft(office, based_on=scheme, effective_on=dt.date(2023, 7, 1))
    scoring_schemes.enforce_scheme(scheme=later, **enforce)
    scheme.refresh_from_db()
    assert scheme.state == ScoringScheme.State.SUPERSEDED


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.ADMINISTRATOR, Role.UNIT_HEAD, Role.REPORTER])
def test_schemes_and_rounds_are_the_office_s_alone(role, scheme, office):
    by = make_user(role)
    with pytest.raises(PermissionDenied):
        draft(by)
    with pytest.raises(PermissionDenied):
        scoring_schemes.enforce_scheme(scheme=scheme, document="1号", by=by, now=NOW)
    with pytest.raises(PermissionDenied):
        assessments.open_round(scheme=scheme, period=QUARTER, by=by, now=NOW)
    with pytest.raises(PermissionDenied):
        assessments.publish_round(round_=make_round(scheme, office), document="", by=by, now=NOW)


# --- rounds ---------------------------------------------------------------------------------------------


def test_a_round_is_opened_over_an_ended_period_once(office, scheme):
    first = assessments.open_round(scheme=scheme, period=QUARTER, by=office, now=NOW)
    again = assessments.open_round(scheme=scheme, period=QUARTER, by=office, now=NOW)
    assert first == again
    assert first.as_of == dt.date(2023, 9, 30)
    assert AuditRecord.objects.filter(action="建立考核期").count() == 1


@pytest.mark.parametrize(
    ("fields", "period", "words"),
    [
        ({}, ScoredPeriod(2023, "quarter", 4), "尚未结束"),
        ({}, ScoredPeriod(2022, "quarter", 4), "不适用于2022年"),
        ({"state": "draft"}, QUARTER, "尚未批准执行"),
        ({"effective_on": dt.date(2023, 10, 1)}, QUARTER, "自2023-10-01起生效"),
    ],
)
def test_periods_and_schemes_that_do_not_go_together_are_refused(office, fields, period, words):
    scheme = make_scheme("investment_completion", **fields)
    refused(words, assessments.open_round, scheme=scheme, period=period, by=office, now=NOW)


def give(round_, unit, office, points="3", **fields):
    fields = {
        "item": round_.scheme.items.get(weight=0),
        "reason": "获省级表彰",
        "document": "鲁发改〔2023〕1号",
    } | fields
    return assessments.give_points(
        round_=round_, unit=unit, points=Decimal(points), by=office, now=NOW, **fields
    )


def test_points_by_hand_have_reason_document_and_author_and_the_latest_counts(office, units, scheme):
    round_ = make_round(scheme, office)
    give(round_, units[0], office)
    give(round_, units[0], office)  # sent twice
    give(round_, units[0], office, "-2.5", reason="被通报")
    assert AssessmentEntry.objects.count() == 2
    score = sheet_of(round_).of(units[0].pk)
    assert score.total == Decimal("37.50")
    assert score.items[1].note.startswith("被通报（鲁发改〔2023〕1号；")
    assert AuditRecord.objects.filter(action="人工评分").count() == 2


def test_points_by_hand_that_cannot_stand_are_refused(office, units, scheme):
    round_, other = make_round(scheme, office), make_scheme("investment_completion", state="draft")
    for points in ("5.01", "-5.01"):
        with pytest.raises(ValidationError, match=r"-5\.00至5\.00之间"):
            give(round_, units[0], office, points)
    for item in (figure_item(scheme), other.items.get(figure="manual")):
        with pytest.raises(ValidationError, match="本方案的人工评分项"):
            give(round_, units[0], office, item=item)
    with pytest.raises(ValidationError, match="此字段不能为空"):
        give(round_, units[0], office, document=" ")


def test_published_figures_never_change(office, units, published):
    before = sheet_of(AssessmentRound.objects.get())
    ProgressReport.objects.update(invested_this_year=Decimal(1))
    rewrite_all_year_amounts()
    units[0].name = "住建局"
    units[0].save()
    assert sheet_of(AssessmentRound.objects.get()) == before
    again = assessments.publish_round(round_=published, document="另一文号", by=office, now=LATER)
    assert (again.document, again.published_at) == ("淄高新督〔2023〕6号", NOW)
    with pytest.raises(ValidationError, match="不再变动"):
        give(published, units[0], office)
    assert AuditRecord.objects.filter(action="公布考核成绩").count() == 1


def test_unit_heads_hear_of_their_own_place(office, units, scheme):
    head, other = make_user(Role.UNIT_HEAD, unit=units[1]), make_user(Role.REPORTER, unit=units[1])
    assessments.publish_round(round_=make_round(scheme, office), document="", by=office, now=NOW)
    notice = Notice.objects.get(recipient=head, channel="in_app")
    assert "90.50分，第1名" in notice.body
    assert not Notice.objects.filter(recipient=other).exists()


def test_a_round_with_nothing_to_score_or_points_missing_is_not_published(office, scheme):
    publish = {"document": "", "by": office, "now": NOW}
    refused("没有可计分的单位", assessments.publish_round, round_=make_round(scheme, office), **publish)


def test_weighted_points_by_hand_must_be_there(office, units):
    scheme = make_scheme("investment_completion", "manual")
    round_ = make_round(scheme, office)
    publish = {"round_": round_, "document": "", "by": office, "now": NOW}
    refused("建设局“人工评分”", assessments.publish_round, **publish)
    for unit in units:
        give(round_, unit, office, "45", item=scheme.items.get(name="人工评分"))
    assert assessments.publish_round(**publish).is_published


def test_a_period_is_published_once_whatever_the_scheme(office, units, published):
    other = make_scheme("investment_completion", state="superseded")
    round_ = make_round(other, office)
    refused("已公布过成绩", assessments.publish_round, round_=round_, document="", by=office, now=NOW)
    round_.refresh_from_db()
    assert not round_.is_published


# --- appeals --------------------------------------------------------------------------------------------


def appeal(published, unit, **fields):
    fields.setdefault("by", make_user(Role.UNIT_HEAD, unit=unit))
    fields = {
        "item": figure_item(published.scheme),
        "reason": "9月下旬旬报漏计",
        "evidence": "产值单",
    } | fields
    fields.setdefault("now", NOW)
    return score_appeals.file_appeal(round_=published, unit=unit, **fields)


def decide(row, office, **fields):
    fields = {"accept": True, "points": Decimal("60"), "decision": "经核属实"} | fields
    return score_appeals.decide_appeal(appeal=row, by=office, now=NOW, **fields)


def test_an_accepted_appeal_makes_a_numbered_correction_beside_what_was_published(office, units, published):
    before = sheet_of(published)
    row = appeal(published, units[0])
    assert Notice.objects.filter(recipient=office, subject__contains="提出申诉").exists()
    decide(row, office, points=Decimal("95"))
    decide(row, office, points=Decimal("10"))  # decided already
    correction = AssessmentCorrection.objects.get()
    assert (correction.number, correction.published_points, correction.points) == (1, 40, 95)
    published.refresh_from_db()
    assert sheet_of(published) == before
    after = corrected(before, [correction])
    assert (after.of(units[0].pk).total, after.of(units[0].pk).rank) == (95, 1)
    assert after.of(units[1].pk).rank == 2
    assert before.of(units[0].pk).rank == 2
    assert Notice.objects.filter(recipient=row.filed_by, subject__contains="更正第1号").exists()
    actions = AuditRecord.objects.filter(action__in=["提出考核申诉", "审定考核申诉", "更正考核得分"])
    assert actions.count() == 3


def test_a_refused_appeal_changes_nothing(office, units, published):
    decide(appeal(published, units[0]), office, accept=False, points=None, decision="旬报逾期，不予计入")
    assert not AssessmentCorrection.objects.exists()
    assert Notice.objects.filter(subject__contains="未予采纳").exists()


def test_an_appeal_is_the_head_s_of_that_unit_alone(office, units, published):
    for by in (office, make_user(Role.REPORTER, unit=units[0]), make_user(Role.UNIT_HEAD, unit=units[1])):
        with pytest.raises(PermissionDenied):
            appeal(published, units[0], by=by)


def test_appeals_that_come_late_or_twice_or_too_early_are_refused(office, units, scheme, published):
    head = make_user(Role.UNIT_HEAD, unit=units[0])
    # published on Thursday 12 October: five working days end on the 19th
    assert score_appeals.appeal_until(published) == dt.date(2023, 10, 19)
    in_time = NOW + dt.timedelta(days=7)
    refused(
        "申诉期限已于2023-10-19届满",
        appeal,
        published=published,
        unit=units[0],
        by=head,
        now=in_time + dt.timedelta(days=1),
    )
    first = appeal(published, units[0], by=head, now=in_time)
    assert appeal(published, units[0], by=head, now=in_time) == first
    refused("已就该考核项提出过申诉", appeal, published=published, unit=units[0], by=head, reason="再提")
    draft_round = make_round(scheme, office, number=2)
    refused("尚未公布", appeal, published=draft_round, unit=units[0], by=head)
    idle = make_unit("文旅局")
    refused("没有得分", appeal, published=published, unit=idle)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"decision": " "}, "请写明审定意见"),
        ({"points": None}, "须填写更正后的得分"),
        ({"points": Decimal("100.01")}, "0.00至100.00之间"),
        ({"points": Decimal("40")}, "与公布的相同"),
    ],
)
def test_decisions_that_cannot_stand_are_refused(office, units, published, fields, words):
    row = appeal(published, units[0])
    refused(words, decide, row=row, office=office, **fields)
    row.refresh_from_db()
    assert row.state == "waiting"
    assert not AssessmentCorrection.objects.exists()


def test_deciding_is_the_office_s(units, published):
    row = appeal(published, units[0])
    with pytest.raises(PermissionDenied):
        decide(row, make_user(Role.INSPECTOR))
