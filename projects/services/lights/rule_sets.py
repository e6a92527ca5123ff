"""Light rule sets (亮灯规则): drafted, put in force and ended by document; taken back only before the first day."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from projects.models import LightBand, LightRuleSet, ListKind, User
from projects.periods import day_words
from projects.queries.lights.rule_sets import bands_of, whom
from projects.rules import PRESETS, Band, rule_faults

from ..base.changing import added, changed, held, refuse, required, sure
from ..base.guards import not_office, office_only, one_at_a_time
from ..base.records import build_record, record_many, snapshot
from ..base.steps import Steps, not_now, step

VERBS = "拟订、启用、撤回、停用亮灯规则"
FARTHEST = timedelta(days=366)  # a date further ahead is a slip of the pen that nobody could take back


def steps_of(
    rule_set: LightRuleSet, user: User, today: date, among: Iterable[LightRuleSet] | None = None
) -> Steps:
    """What may be done with a rule set: edit (修改草案), enforce (启用), withdraw (撤回启用), repeal (停用).

    Its bands are read for a draft, and for one in force all sets with their kinds (two queries), unless they are given
    as `among`.
    """
    stranger = not_office(user, VERBS)
    edit = step(
        stranger,
        not rule_set.is_draft and not_now("规则已启用，不再修改；如需调整，请沿用本规则另拟新规则。"),
    )
    begun = step(
        stranger,
        rule_set.is_draft and not_now("草案尚未启用，无需停用。"),
        rule_set.repealed_on is not None
        and not_now(f"该规则已定于{day_words(rule_set.repealed_on)}停用，不能再次停用。"),
    )
    faults = rule_faults(bands_of(rule_set), rule_set.red_needs) if edit else []
    replaced = _replaced(rule_set, today, among) if begun else ""
    return Steps(
        edit=edit,
        enforce=edit and step(bool(faults) and not_now("".join(faults))),
        withdraw=step(
            stranger,
            rule_set.is_draft and not_now("草案尚未启用，无需撤回。"),
            rule_set.effective_on is not None
            and rule_set.effective_on <= today
            and not_now(f"该规则已自{day_words(rule_set.effective_on)}起执行，不能撤回，只能停用。"),
            rule_set.repealed_on is not None and not_now("该规则已定停用，不能撤回启用。"),
        ),
        repeal=begun and step(bool(replaced) and not_now(replaced)),
    )


@transaction.atomic
def draft_rule_set(
    *,
    name: str,
    source: str = "",
    preset: str = "",
    based_on: LightRuleSet | None = None,
    by: User,
    now: datetime,
) -> LightRuleSet:
    """Draft a rule set (拟订规则) from a preset (key of rules.PRESETS) or as a copy of an existing one.

    Without `source` it keeps that of what it starts from. Refuses a name that is taken; KeyError for no such preset.
    """
    office_only(by, VERBS)
    rule_set = LightRuleSet(name=name.strip(), source=source.strip(), made_by=by, made_at=now)
    kinds: list[ListKind] = []
    if based_on:
        bands, kinds = bands_of(based_on), list(based_on.kinds.all())
        least, red_needs = based_on.min_planned_investment, based_on.red_needs
        inherited = based_on.source
        origin = f"沿用{based_on}"
    else:
        chosen = PRESETS[preset]
        bands, least = chosen.rules.bands, chosen.min_planned_investment
        red_needs, inherited = chosen.rules.red_needs, chosen.source
        origin = f"预设{chosen.rules.name}"
    rule_set.min_planned_investment, rule_set.red_needs = least, red_needs
    rule_set.source = rule_set.source or inherited
    added(rule_set, "拟订亮灯规则", by=by, now=now, reason=origin)
    rule_set.kinds.set(kinds)
    LightBand.objects.bulk_create(_rows(rule_set, bands))
    return rule_set


@transaction.atomic
def edit_rule_set(
    *,
    rule_set: LightRuleSet,
    name: str,
    source: str,
    kinds: Iterable[ListKind],
    min_planned_investment: Decimal,
    red_needs: int,
    bands: Sequence[Band],
    by: User,
    now: datetime,
) -> LightRuleSet:
    """Change a draft (修改规则): its head, whom it applies to, all its bands. A draft may be unfinished, not absurd.

    Refuses what the fields refuse, the sentence naming the row of the band, and a set that was put in force.
    """
    rule_set = held(rule_set)
    steps_of(rule_set, by, timezone.localdate(now)).require("edit")
    chosen = list(kinds)
    lists = "、".join(kind.name for kind in chosen) or "全部名单"
    with changed(rule_set, "修改亮灯规则", by=by, now=now, reason=f"适用名单：{lists}"):
        rule_set.name, rule_set.source = name.strip(), source.strip()
        rule_set.min_planned_investment, rule_set.red_needs = min_planned_investment, red_needs
    rule_set.kinds.set(chosen)
    _rewrite_bands(rule_set, bands, by, now)
    return rule_set


@transaction.atomic
def enforce_rule_set(
    *, rule_set: LightRuleSet, effective_on: date, document: str, by: User, now: datetime
) -> LightRuleSet:
    """Put a draft in force (启用) from a day on, by its document. Twice answers the first.

    Refuses: no document, a day before today (lights of the past are not rewritten) or more than a year ahead, bands
    that are not sound, a day on which another set for the same projects comes into force.
    """
    # one at a time: two for the same projects would both pass
    one_at_a_time()
    rule_set, today = held(rule_set), timezone.localdate(now)
    enforcing = steps_of(rule_set, by, today)["enforce"]
    if not rule_set.is_draft and not enforcing.is_who:
        return rule_set
    enforcing.require()
    document = required(document, "启用规则的文号", field="document")
    if effective_on < today:
        refuse(effective_on="启用日期不能早于今天；以前的亮灯仍按当时的规则。")
    if effective_on > today + FARTHEST:
        refuse(effective_on="启用日期不能晚于一年以后，请核对年份。")
    same_day = LightRuleSet.objects.filter(effective_on=effective_on).prefetch_related("kinds")
    wanted = whom(rule_set)
    if other := next((one for one in same_day if whom(one) == wanted), None):
        refuse(effective_on=f"“{other}”适用范围相同，也自{day_words(effective_on)}起启用，请另选日期。")
    with changed(rule_set, "启用亮灯规则", by=by, now=now, reason=document):
        rule_set.effective_on, rule_set.document = effective_on, document
        rule_set.enforced_by, rule_set.enforced_at = by, now
    return rule_set


@transaction.atomic
def withdraw_rule_set(*, rule_set: LightRuleSet, reason: str, by: User, now: datetime) -> LightRuleSet:
    """Take back a set put in force by mistake (撤回启用), before its first day: it is a draft again.

    Refuses: a draft, one whose first day has come (it has judged), one ended by document, no reason.
    """
    rule_set = held(rule_set)
    steps_of(rule_set, by, timezone.localdate(now)).require("withdraw")
    reason = required(reason, "撤回原因")
    with changed(rule_set, "撤回启用亮灯规则", by=by, now=now, reason=reason):
        rule_set.effective_on, rule_set.document = None, ""
        rule_set.enforced_by = rule_set.enforced_at = None
    return rule_set


@transaction.atomic
def repeal_rule_set(
    *, rule_set: LightRuleSet, repealed_on: date, document: str, by: User, now: datetime
) -> LightRuleSet:
    """End a set in force (停用) from a day on, by its document: its projects go back to the rules of wider populations.

    Refuses: a draft, one ended already, no document, a day before today (lights of the past are not rewritten), one
    more than a year ahead, one not after the set's first day, one on which a later set has replaced it anyway.
    """
    one_at_a_time()  # no replacement comes into force meanwhile
    rule_set, today = held(rule_set), timezone.localdate(now)
    steps_of(rule_set, by, today).require("repeal")
    document = required(document, "停用规则的文号", field="document")
    if repealed_on < today:
        refuse(repealed_on="停用日期不能早于今天；以前的亮灯仍按当时的规则。")
    if repealed_on > today + FARTHEST:
        refuse(repealed_on="停用日期不能晚于一年以后，请核对年份。")
    began_on = sure(rule_set.effective_on)
    if repealed_on <= began_on:
        refuse(repealed_on=f"该规则自{day_words(began_on)}起执行，停用日期须晚于这一天。")
    refuse(repealed_on=_replaced(rule_set, repealed_on))
    with changed(rule_set, "停用亮灯规则", by=by, now=now, reason=document):
        rule_set.repealed_on, rule_set.repeal_document = repealed_on, document
        rule_set.repealed_by, rule_set.repealed_at = by, now
    return rule_set


def _replaced(rule_set: LightRuleSet, day: date, among: Iterable[LightRuleSet] | None = None) -> str:
    """By which set this one is replaced by the day (被替代): for the same projects, begun after it; "" by none."""
    rows = LightRuleSet.objects.prefetch_related("kinds") if among is None else among
    since, wanted = sure(rule_set.effective_on), whom(rule_set)
    for row in rows:
        begun_on = row.effective_on
        if begun_on and since < begun_on <= day and whom(row) == wanted:
            return f"该规则自{day_words(begun_on)}起由“{row}”替代，不再亮灯，无需停用。"
    return ""


def _rewrite_bands(rule_set: LightRuleSet, bands: Sequence[Band], by: User, now: datetime) -> None:
    """The bands of a draft as wanted; each that goes or comes is recorded, those that stay are not touched."""
    kept = {_plain(row): row for row in rule_set.bands.all()}
    wanted = {_plain(row): row for row in _rows(rule_set, bands)}
    gone = [row for key, row in kept.items() if key not in wanted]
    new = [row for key, row in wanted.items() if key not in kept]
    told = [
        build_record(action="删除亮灯档", instance=row, by=by, now=now, before=snapshot(row), reason=str(row))
        for row in gone
    ]
    # lines of a draft: nothing was judged by them
    rule_set.bands.filter(pk__in=[row.pk for row in gone]).delete()
    LightBand.objects.bulk_create(new)
    record_many([*told, *(build_record(action="新增亮灯档", instance=row, by=by, now=now) for row in new)])


def _rows(rule_set: LightRuleSet, bands: Sequence[Band]) -> list[LightBand]:
    """Unsaved rows of the bands, each checked by its fields; errors name the row."""
    rows, errors = [], []
    for number, band in enumerate(bands, 1):
        row = LightBand(
            rule_set=rule_set, gauge=band.gauge.value, light=band.light.value, low=band.low, high=band.high,
            low_closed=band.low_closed, high_closed=band.high_closed, running=band.running,
        )  # fmt: skip
        if band.low is None and band.high is None:
            errors.append(f"第{number}档：上限和下限至少填写一个。")
            continue
        try:
            row.full_clean()
        except ValidationError as error:
            errors += [f"第{number}档：{message}" for message in error.messages]
        rows.append(row)
    if errors:
        raise ValidationError(errors)
    return rows


def _plain(row: LightBand) -> tuple:
    """What a band says, to tell one that stays from one that changes."""
    ends = (row.low, row.low_closed, row.high, row.high_closed)
    return row.gauge, row.light, *ends, row.running
