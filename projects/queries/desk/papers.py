"""Papers on a desk (文件办理): slips, plans, date changes, adjustments, exemptions and permits that wait for a person."""

from datetime import date, timedelta

from django.db.models import QuerySet

from projects.models import (
    DateChangeRequest,
    DeliveryPlan,
    LightExemption,
    ListAdjustment,
    MilestoneClaim,
    Permit,
    Project,
    SiteVisit,
    SupervisionLine,
    SupervisionOrder,
    User,
    Validity,
)
from projects.models.fields import span_of
from projects.periods import day_words

from .owed import Owed, OwedGroup, OwedKind, group_of

LAPSING_DAYS = 30
ENDING_DAYS = 7  # an exemption whose last day is so near is to be asked for anew, if it is still needed


def orders_to_answer(user: User) -> OwedGroup:
    """Slips to the person's unit with rows not answered yet (督办单待回复), the earliest reply date first."""
    waiting = SupervisionLine.objects.open().filter(state=SupervisionLine.State.OPEN)
    rows = (
        SupervisionOrder.objects.answerable_by(user)
        .filter(pk__in=waiting.values("order"))
        .order_by("due_on", "pk")
    )
    return group_of(
        OwedKind.ORDER_ANSWER,
        "督办单待回复",
        rows,
        lambda row: Owed(
            OwedKind.ORDER_ANSWER,
            row.document_number,
            row.due_on,
            target=row.pk,
            note="" if row.received_by_id else "尚未签收",
        ),
    )


def orders_to_check() -> OwedGroup:
    """Answered rows that wait for the issuing side (督办回复待核验)."""
    rows = SupervisionLine.objects.open().filter(state=SupervisionLine.State.REPLIED)
    rows = rows.select_related("order__unit", "project").order_by("replied_at", "pk")
    return group_of(
        OwedKind.ORDER_CHECK,
        "督办回复待核验",
        rows,
        lambda row: Owed(
            OwedKind.ORDER_CHECK,
            f"{row.order.document_number}　{row.order.unit}",
            project=row.project,
            target=row.order_id,
            note=row.matter,
        ),
    )


def plans_to_approve() -> OwedGroup:
    """Plans handed in for approval (推进方案待审定)."""
    rows = DeliveryPlan.objects.filter(state=DeliveryPlan.State.SUBMITTED)
    return _plans(OwedKind.PLAN_APPROVE, "推进方案待审定", rows.order_by("submitted_at", "pk"))


def plans_to_mend(mine: QuerySet[Project]) -> OwedGroup:
    """Plans the office has sent back (推进方案退回待改)."""
    rows = DeliveryPlan.objects.filter(project__in=mine, state=DeliveryPlan.State.DRAFT)
    return _plans(OwedKind.PLAN_MEND, "推进方案退回待改", rows.exclude(return_reason="").order_by("pk"))


def _plans(kind: OwedKind, title: str, rows: QuerySet[DeliveryPlan]) -> OwedGroup:
    return group_of(
        kind,
        title,
        rows.select_related("project"),
        lambda row: Owed(
            kind,
            f"推进方案第{row.number}版",
            project=row.project,
            target=row.pk,
            note=f"退回原因：{row.return_reason}" if row.return_reason else row.reason,
        ),
    )


def claims_to_confirm(user: User) -> OwedGroup:
    """Completions that wait for the office (节点办结待确认), without the person's own, the earliest day first."""
    rows = MilestoneClaim.objects.waiting().select_related("milestone__plan__project", "claimed_by")
    if not user.is_whole_office:
        rows = rows.exclude(claimed_by=user)
    return group_of(
        OwedKind.MILESTONE_CLAIM,
        "节点办结待确认",
        rows.order_by("achieved_on", "pk"),
        lambda row: Owed(
            OwedKind.MILESTONE_CLAIM,
            row.milestone.name,
            project=row.project,
            target=row.pk,
            note=f"{row.claimed_by}申报{day_words(row.achieved_on)}办结",
        ),
    )


def visits_to_confirm(user: User) -> OwedGroup:
    """Visits logged for a leader that wait for this person (走访待确认), the earliest first."""
    rows = SiteVisit.objects.decidable_by(user).select_related("project", "official", "logged_by")
    return group_of(
        OwedKind.VISIT_CONFIRM,
        "走访待确认",
        rows.order_by("visited_on", "pk"),
        lambda row: Owed(
            OwedKind.VISIT_CONFIRM,
            f"确认{row.official}{day_words(row.visited_on)}走访",
            project=row.project,
            target=row.pk,
            note=f"{row.logged_by}登记",
        ),
    )


def date_changes_to_decide(user: User) -> OwedGroup:
    """Date changes asked by others (节点调整申请待审定), those first whose old date comes first."""
    rows = (
        DateChangeRequest.objects.waiting()
        .exclude(asked_by=user)
        .select_related("milestone__plan__project")
        .order_by("old_due_on", "pk")
    )
    return group_of(
        OwedKind.DATE_CHANGE,
        "节点调整申请待审定",
        rows,
        lambda row: Owed(
            OwedKind.DATE_CHANGE,
            row.milestone.name,
            row.old_due_on,
            row.milestone.plan.project,
            row.pk,
            f"{span_of(row.old_due).words} → {row.new_due_span.words}，{row.reason}",
        ),
    )


def adjustments_to_review(user: User) -> OwedGroup:
    """List adjustments drafted by others (名单调整待复核)."""
    rows = (
        ListAdjustment.objects.filter(state=ListAdjustment.State.SUBMITTED)
        .exclude(made_by=user)
        .select_related("annual_list__kind")
        .order_by("effective_on", "pk")
    )
    return group_of(
        OwedKind.ADJUSTMENT,
        "名单调整待复核",
        rows,
        lambda row: Owed(
            OwedKind.ADJUSTMENT, f"{row.annual_list}：{row.document}", row.effective_on, target=row.pk
        ),
    )


def exemptions_to_decide(user: User) -> OwedGroup:
    """Exemptions from lights asked by others (亮灯豁免待批准), those first that are to begin first."""
    rows = (
        LightExemption.objects.waiting()
        .exclude(asked_by=user)
        .select_related("project")
        .order_by("from_on", "pk")
    )
    return group_of(
        OwedKind.EXEMPTION,
        "亮灯豁免待批准",
        rows,
        lambda row: Owed(
            OwedKind.EXEMPTION,
            f"豁免{row.dimension_words}",
            row.from_on,
            row.project,
            row.pk,
            f"{day_words(row.from_on)}至{day_words(row.until_on)}，{row.reason}",
        ),
    )


def exemptions_ending(user: User, mine: QuerySet[Project], day: date) -> OwedGroup:
    """One's own exemptions that end within ENDING_DAYS and are not asked for anew (亮灯豁免即将到期)."""
    rows = LightExemption.objects.ending(day, day + timedelta(days=ENDING_DAYS))
    rows = rows.filter(asked_by=user, project__in=mine).select_related("project").order_by("until_on", "pk")
    return group_of(
        OwedKind.EXEMPTION_ENDING,
        "亮灯豁免即将到期",
        rows,
        lambda row: Owed(
            OwedKind.EXEMPTION_ENDING,
            f"豁免{row.dimension_words}",
            row.until_on,
            row.project,
            row.project.code,
            ending_words(row),
        ),
    )


def ending_words(exemption: LightExemption) -> str:
    """What follows the last day of an exemption (到期之后), and how not to run into the one that still runs."""
    anew_from = day_words(exemption.until_on + timedelta(days=1))
    return f"到期后恢复评定；仍需豁免的请重新申请，起始日填{anew_from}"


def permits_lapsing(mine: QuerySet[Project], day: date) -> OwedGroup:
    """Permits that lapse within LAPSING_DAYS, or have lapsed (许可临近失效)."""
    rows = (
        Permit.objects.filter(project__in=mine)
        .with_validity(day)
        .filter(
            validity__in=[Validity.RUNNING, Validity.LAPSED],
            valid_until_on__lte=day + timedelta(days=LAPSING_DAYS),
        )
        .select_related("kind", "project")
        .order_by("valid_until_on", "pk")
    )
    return group_of(
        OwedKind.PERMIT_LAPSING,
        "许可临近失效",
        rows,
        lambda row: Owed(
            OwedKind.PERMIT_LAPSING, str(row.kind), row.valid_until_on, row.project, row.pk, row.number
        ),
    )
