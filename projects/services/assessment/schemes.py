"""Scoring schemes (考核方案): drafted in versions, put in force by document, never changed afterwards."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from projects.models import ListKind, ScoringItem, ScoringScheme, User
from projects.rules.scoring import weight_gap

from ..base.changing import added, changed, held, required, sent_before
from ..base.guards import next_number, not_office, office_only, one_at_a_time, own_act
from ..base.records import record, snapshot
from ..base.steps import Step, Steps, not_now, step

State = ScoringScheme.State
VERBS = "拟订、批准考核方案"
OWN = "拟订人不能批准自己拟订的考核方案，请由统筹的其他人员批准。"


def steps_of(scheme: ScoringScheme, user: User, today: date) -> Steps:
    """What may be done with a scheme: edit (修改方案和考核项), enforce (批准执行).

    Two queries for a draft and the office, where its items and what it replaces are not read beside it.
    """
    edit = step(
        not_office(user, VERBS),
        not scheme.is_draft and not_now("方案已批准执行，不再修改；如需调整，请拟订新版。"),
    )
    own = own_act(scheme.is_draft and scheme.made_by_id == user.pk, user, OWN)
    return Steps(edit=edit, enforce=edit and step(_enforcing(scheme), own))


@transaction.atomic
def draft_scheme(
    *,
    name: str,
    year: int,
    effective_on: date,
    based_on: ScoringScheme | None = None,
    by: User,
    now: datetime,
    **rules: Any,
) -> ScoringScheme:
    """Draft the next version of a year's scheme (拟订方案), with the items and rules of `based_on` where given.

    `rules` are the fields of EDITABLE_RULES. Refuses what the fields refuse, and a name that is taken by no document.
    Sent twice answers the first draft.
    """
    office_only(by, VERBS)
    inherited = {field: getattr(based_on, field) for field in EDITABLE_RULES} if based_on else {}
    scheme = ScoringScheme(
        name=name.strip(), year=year, effective_on=effective_on, made_by=by, made_at=now, **inherited | rules
    )
    one_at_a_time()
    same = ("name", "year", "effective_on", "made_by", "state", *EDITABLE_RULES)
    if first := sent_before(scheme, *same):
        return first
    taken = ScoringScheme.objects.filter(year=year, subject=scheme.subject)
    scheme.version = next_number(taken, "version")
    added(scheme, "拟订考核方案", by=by, now=now, reason=f"沿用{based_on}" if based_on else "")
    for item in based_on.items.all() if based_on else ():
        item.pk, item.scheme, item._state.adding = None, scheme, True
        item.save()
    return scheme


EDITABLE_RULES = (
    "subject", "list_kind", "full_marks", "tie_rule", "least_projects", "small_rule", "appeal_days", "note",
)  # fmt: skip


@transaction.atomic
def edit_scheme(
    *,
    scheme: ScoringScheme,
    name: str,
    effective_on: date,
    list_kind: ListKind | None,
    by: User,
    now: datetime,
    **rules: Any,
) -> ScoringScheme:
    """Change a draft's name, days and rules (修改方案). Year and 考核对象 stay: they number the version."""
    if unknown := set(rules) - set(EDITABLE_RULES) - {"subject"}:
        raise TypeError(f"no rule of a scheme: {sorted(unknown)}")
    scheme = _held_draft(scheme, by, now)
    with changed(scheme, "修改考核方案", by=by, now=now):
        for field, value in (rules | {"name": name.strip(), "effective_on": effective_on}).items():
            setattr(scheme, field, value)
        scheme.list_kind = list_kind
    return scheme


@transaction.atomic
def save_item(
    *, scheme: ScoringScheme, item: ScoringItem | None = None, by: User, now: datetime, **fields: Any
) -> ScoringItem:
    """Add an item to a draft, or change one of its items (考核项). Refuses numbers that make no rule."""
    scheme = _held_draft(scheme, by, now)
    if item is None:
        new = ScoringItem(scheme=scheme, position=next_number(scheme.items, "position") + 9, **fields)
        return added(new, "新增考核项", by=by, now=now)
    item = scheme.items.get(pk=item.pk)
    with changed(item, "修改考核项", by=by, now=now):
        for field, value in fields.items():
            setattr(item, field, value)
    return item


@transaction.atomic
def remove_item(*, item: ScoringItem, by: User, now: datetime) -> None:
    """Take an item off a draft (移出考核项); the audit record keeps what stood there. Refuses one that was scored."""
    scheme = _held_draft(item.scheme, by, now)
    item = scheme.items.get(pk=item.pk)
    if item.entries.exists():
        raise ValidationError(f"“{item}”已有人工评分，不能移出。")
    record(action="移出考核项", instance=item, by=by, now=now, before=snapshot(item), reason=item.name)
    item.delete()  # a line of a draft: nobody was scored by it


@transaction.atomic
def enforce_scheme(*, scheme: ScoringScheme, document: str, by: User, now: datetime) -> ScoringScheme:
    """Put a draft in force by its document (批准执行); the one before it is superseded. Twice answers the first.

    Refuses: no document, no item, weights that do not add up to the full marks, an effective date before that of the
    version it replaces.
    """
    scheme = held(scheme)
    in_force = ScoringScheme.objects.filter(year=scheme.year, subject=scheme.subject, state=State.IN_FORCE)
    previous = in_force.select_for_update().first()
    enforcing = steps_of(scheme, by, timezone.localdate(now))["enforce"]
    if not scheme.is_draft and not enforcing.is_who:
        return scheme
    enforcing.require()
    document = required(document, "批准方案的文号", field="document")
    if previous is not None:
        with changed(previous, "考核方案被替代", by=by, now=now, reason=str(scheme)):
            previous.state = State.SUPERSEDED
    with changed(scheme, "批准执行考核方案", by=by, now=now, reason=document):
        scheme.state, scheme.document = State.IN_FORCE, document
        scheme.enforced_by, scheme.enforced_at = by, now
    return scheme


def _enforcing(scheme: ScoringScheme) -> Step:
    """Whether a draft could score and replace: items, weights that make the full marks, a later effective date."""
    weights = [item.weight for item in scheme.items.all()]
    if not weights:
        return not_now("方案还没有考核项，请先添加。")
    if gap := weight_gap(weights, scheme.full_marks):
        side, marks = "多" if gap > 0 else "少", f"{scheme.full_marks.normalize():f}"
        return not_now(f"各项权重合计比满分{marks}分{side}{abs(gap).normalize():f}分，请调整。")
    since = scheme.in_force_from
    return step(
        since is not None
        and scheme.effective_on <= since
        and not_now(f"生效日期须晚于现行方案的生效日期（{since:%Y-%m-%d}），请先修改方案。")
    )


def _held_draft(scheme: ScoringScheme, by: User, now: datetime) -> ScoringScheme:
    scheme = held(scheme)
    steps_of(scheme, by, timezone.localdate(now)).require("edit")
    return scheme
