"""Scoring schemes (考核方案): drafted in versions, put in force by document, never changed afterwards."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from ..models import ListKind, OfficeSettings, ScoringItem, ScoringScheme, User
from ..rules.scoring import weight_gap
from .guards import office_only
from .records import record, snapshot

State = ScoringScheme.State
VERBS = "拟订、批准考核方案"


@transaction.atomic
def draft_scheme(
    *,
    name: str,
    year: int,
    effective_on: date,
    based_on: ScoringScheme | None = None,
    by: User,
    now: datetime,
    **rules,
) -> ScoringScheme:
    """Draft the next version of a year's scheme (拟订方案), with the items and rules of `based_on` where given.

    `rules` are the fields of EDITABLE_RULES. Refuses what the fields refuse, and a name that is taken by no document.
    """
    office_only(by, VERBS)
    inherited = {field: getattr(based_on, field) for field in EDITABLE_RULES} if based_on else {}
    scheme = ScoringScheme(
        name=name.strip(), year=year, effective_on=effective_on, made_by=by, made_at=now, **inherited | rules
    )
    OfficeSettings.objects.select_for_update().get(pk=1)  # keeps the queue for the next version
    taken = ScoringScheme.objects.filter(year=year, subject=scheme.subject)
    scheme.version = (taken.aggregate(last=Max("version"))["last"] or 0) + 1
    scheme.full_clean()
    scheme.save()
    for item in based_on.items.all() if based_on else ():
        item.pk, item.scheme, item._state.adding = None, scheme, True
        item.save()
    words = f"沿用{based_on}" if based_on else ""
    record(action="拟订考核方案", instance=scheme, by=by, now=now, reason=words)
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
    **rules,
) -> ScoringScheme:
    """Change a draft's name, days and rules (修改方案). Year and 考核对象 stay: they number the version."""
    scheme = _draft(scheme, by)
    before = snapshot(scheme)
    if unknown := set(rules) - set(EDITABLE_RULES) - {"subject"}:
        raise TypeError(f"no rule of a scheme: {sorted(unknown)}")
    for field, value in (rules | {"name": name.strip(), "effective_on": effective_on}).items():
        setattr(scheme, field, value)
    scheme.list_kind = list_kind
    scheme.full_clean()
    scheme.save()
    record(action="修改考核方案", instance=scheme, by=by, now=now, before=before)
    return scheme


@transaction.atomic
def save_item(
    *, scheme: ScoringScheme, item: ScoringItem | None = None, by: User, now: datetime, **fields
) -> ScoringItem:
    """Add an item to a draft, or change one of its items (考核项). Refuses numbers that make no rule."""
    scheme = _draft(scheme, by)
    before = snapshot(item) if item else None
    row = (
        scheme.items.get(pk=item.pk) if item else ScoringItem(scheme=scheme, position=_next_position(scheme))
    )
    for field, value in fields.items():
        setattr(row, field, value)
    row.full_clean()
    row.save()
    action = "修改考核项" if item else "新增考核项"
    record(action=action, instance=row, by=by, now=now, before=before)
    return row


@transaction.atomic
def remove_item(*, item: ScoringItem, by: User, now: datetime) -> None:
    """Take an item off a draft (移出考核项); the audit record keeps what stood there. Refuses one that was scored."""
    scheme = _draft(item.scheme, by)
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
    office_only(by, VERBS)
    scheme = ScoringScheme.objects.select_for_update().get(pk=scheme.pk)
    if scheme.state != State.DRAFT:
        return scheme
    if not document.strip():
        raise ValidationError({"document": "请填写批准方案的文号。"})
    _whole(scheme)
    previous = (
        ScoringScheme.objects.select_for_update()
        .filter(year=scheme.year, subject=scheme.subject, state=State.IN_FORCE)
        .first()
    )
    if previous:
        if scheme.effective_on <= previous.effective_on:
            day = f"{previous.effective_on:%Y-%m-%d}"
            raise ValidationError(f"生效日期须晚于现行方案的生效日期（{day}），请先修改方案。")
        before = snapshot(previous)
        previous.state = State.SUPERSEDED
        previous.save(update_fields=["state"])
        record(action="考核方案被替代", instance=previous, by=by, now=now, before=before, reason=str(scheme))
    before = snapshot(scheme)
    scheme.state, scheme.document = State.IN_FORCE, document.strip()
    scheme.enforced_by, scheme.enforced_at = by, now
    scheme.full_clean()
    scheme.save()
    record(action="批准执行考核方案", instance=scheme, by=by, now=now, before=before, reason=scheme.document)
    return scheme


def _whole(scheme: ScoringScheme) -> None:
    """Refuses a scheme that could not score: no item, or weights beside the full marks."""
    weights = list(scheme.items.values_list("weight", flat=True))
    if not weights:
        raise ValidationError("方案还没有考核项，请先添加。")
    if gap := weight_gap(weights, scheme.full_marks):
        side = "多" if gap > 0 else "少"
        raise ValidationError(
            f"各项权重合计比满分{scheme.full_marks.normalize():f}分{side}{abs(gap).normalize():f}分，请调整。"
        )


def _next_position(scheme: ScoringScheme) -> int:
    return (scheme.items.aggregate(last=Max("position"))["last"] or 0) + 10


def _draft(scheme: ScoringScheme, by: User) -> ScoringScheme:
    office_only(by, VERBS)
    scheme = ScoringScheme.objects.select_for_update().get(pk=scheme.pk)
    if scheme.state != State.DRAFT:
        raise ValidationError("方案已批准执行，不再修改；如需调整，请拟订新版。")
    return scheme
