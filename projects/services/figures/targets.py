"""Splitting the year's plan of a project to ten-day periods by hand (目标分解)."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from projects.figures.year.targets import closed_periods, targets_in_force
from projects.models import Listing, ListingVersion, PeriodTarget, Project, TargetPlan, User
from projects.money import format_wan
from projects.periods import TenDayPeriod, day_words

from ..base.changing import held, refuse, sure
from ..base.guards import ended
from ..base.records import build_record
from ..base.steps import Steps, not_you, step


def steps_of(project: Project, user: User, today: date) -> Steps:
    """What may be done with a project's targets: split (分解), the office and its lead department. No query."""
    return Steps(
        split=step(
            not (user.is_office or project.lead_department_id in user.unit_ids)
            and not_you("只有发改局统筹和推进部门可以分解该项目的年度目标。"),
            ended(project, "不再分解目标"),
        )
    )


@transaction.atomic
def set_targets(
    *,
    listing: Listing,
    amounts: Sequence[Decimal],
    effective_on: date,
    reason: str = "",
    by: User,
    now: datetime,
) -> TargetPlan:
    """Split the plan of a listing to its 36 periods from a day on (分解年度目标); earlier splits stay as they were.

    Refuses: a sum other than the plan in force that day; a day outside the plan year, on which the project is not on
    the list, or that has a split already; an ended project. Targets of closed periods and days gone by are the
    office's alone, with a reason.
    """
    project, today = held(listing.project), timezone.localdate(now)
    steps_of(project, by, today).require("split")
    year, reason = listing.annual_list.year, reason.strip()
    amounts = tuple(amounts)
    if len(amounts) != TenDayPeriod.PER_YEAR:
        raise ValueError(f"36 targets, not {len(amounts)}")
    version = _version(listing, effective_on, year)
    _check_sum(amounts, version.planned_investment, effective_on)
    now_listed = ListingVersion.objects.in_force(today).filter(listing=listing).first()
    present = targets_in_force(
        now_listed or version, listing.annual_list, today if now_listed else effective_on
    )
    _check_closed(amounts, present, effective_on, today, year, reason, by)
    plan = TargetPlan(listing=listing, effective_on=effective_on, reason=reason, made_by=by, made_at=now)
    plan.full_clean()
    plan.save()
    periods = TenDayPeriod.of_year(year)
    PeriodTarget.objects.bulk_create(
        PeriodTarget(plan=plan, period_ends_on=period.last_on, amount=amount)
        for period, amount in zip(periods, amounts, strict=True)
    )
    entry = build_record(action="分解年度目标", instance=plan, by=by, now=now, project=project, reason=reason)
    changed = [
        (period.words, str(old), str(new))
        for period, old, new in zip(periods, present, amounts, strict=True)
        if old != new
    ]
    entry.changes["旬目标"] = [
        {words: old for words, old, _ in changed},
        {words: new for words, _, new in changed},
    ]
    entry.save()
    return plan


def _version(listing: Listing, effective_on: date, year: int) -> ListingVersion:
    if effective_on.year != year:
        refuse(effective_on=f"生效日期应在{year}年之内。")
    if listing.target_plans.filter(effective_on=effective_on).exists():
        refuse(effective_on=f"{day_words(effective_on)}已有一份目标分解，请把生效日期改为次日或以后。")
    version = ListingVersion.objects.in_force(effective_on).filter(listing=listing).first()
    absent = f"{day_words(effective_on)}该项目不在{listing.annual_list}名单中。"
    refuse(effective_on=version is None and absent)
    return sure(version)


def _check_sum(amounts: Sequence[Decimal], planned: Decimal, effective_on: date) -> None:
    if any(amount < 0 for amount in amounts):
        raise ValidationError("各旬目标不能为负数。")
    difference = planned - sum(amounts)
    if difference:
        words = "少" if difference > 0 else "多"
        raise ValidationError(
            f"各旬目标合计{format_wan(sum(amounts))}万元，比{day_words(effective_on)}有效的年度计划"
            f"{format_wan(planned)}万元{words}{format_wan(abs(difference))}万元。"
            "请改正，或点“余数摊到后续各旬”。"
        )


def _check_closed(
    amounts: Sequence[Decimal],
    present: Sequence[Decimal],
    effective_on: date,
    today: date,
    year: int,
    reason: str,
    by: User,
) -> None:
    """What lies in the past is changed by the office alone, saying why."""
    closed = closed_periods(today, year)
    rows = list(zip(TenDayPeriod.of_year(year), present, amounts, strict=True))[:closed]
    changed = next((row for row in rows if row[1] != row[2]), None)
    if not by.is_office:
        if effective_on < today:
            refuse(effective_on="生效日期不能早于今天；确需追溯的，请联系发改局统筹办理。")
        if changed:
            period, old, new = changed
            raise ValidationError(
                f"{period.words}已结束，目标只能由发改局统筹调整（原{format_wan(old)}万元，现填{format_wan(new)}万元）。"
            )
    elif (changed or effective_on < today) and not reason:
        refuse(reason="调整已结束各旬的目标或追溯生效，请说明原因。")
