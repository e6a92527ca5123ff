"""Next year's list drawn up from this year's (滚动编制): one draft adjustment, reviewed and approved like any other."""

from datetime import date, datetime

from django.db import transaction

from projects.models import (
    ENDED_STATES,
    AnnualList,
    ListAdjustment,
    ListAdjustmentLine,
    ListingVersion,
    Project,
    ProjectStage,
    User,
)

from ..base.changing import held, refuse
from ..base.guards import office_only
from ..base.records import build_record, record_many
from .adjustments import draft_adjustment


@transaction.atomic
def roll_over(
    *, annual_list: AnnualList, document: str, effective_on: date, by: User, now: datetime
) -> ListAdjustment:
    """Draft the list of the same kind of the next year (滚动编制). The office alone.

    What is under way is taken along as 续建, what has not started as it was; what was finished by the year's end, 退库
    or 办结 is left. Plans are asked for: the draft cannot be submitted before each line has one. Refuses a second time:
    where the new list has projects or an adjustment in hand.
    """
    office_only(by, "办理名单调整")
    annual_list = held(annual_list, "kind")
    last_on = date(annual_list.year, 12, 31)
    new, _ = AnnualList.objects.get_or_create(
        kind=annual_list.kind,
        year=annual_list.year + 1,
        defaults={
            "counts_level": annual_list.counts_level,
            "baseline": annual_list.baseline,
            "curve": annual_list.curve
            if annual_list.curve and not annual_list.curve.annual_list_id
            else None,
        },
    )
    in_hand = new.adjustments.filter(state__in=("draft", "submitted")).first()
    refuse(
        annual_list=(new.listings.exists() and f"{new}已有项目，不能再次滚动编制；个别项目请用名单调整。")
        or (in_hand is not None and f"{new}已有办理中的名单调整“{in_hand.document}”，不能再次滚动编制。")
    )
    adjustment = draft_adjustment(
        annual_list=new,
        document=document,
        effective_on=effective_on,
        note=f"由{annual_list}滚动编制",
        by=by,
        now=now,
    )
    finished = Project.objects.completed_by(last_on).values("pk")
    kept = (
        ListingVersion.objects.in_force(last_on)
        .filter(listing__annual_list=annual_list)
        .exclude(listing__project__in=finished)
        .exclude(listing__project__state__in=ENDED_STATES)
        .select_related("listing__project")
        .order_by("listing__number", "listing__pk")
    )
    lines = ListAdjustmentLine.objects.bulk_create([_line(adjustment, version, last_on) for version in kept])
    refuse(annual_list=not lines and f"{annual_list}没有需要结转的项目。")
    record_many(
        build_record(
            action="名单调整明细：调入",
            instance=line,
            project=line.project,
            by=by,
            now=now,
            reason=line.reason,
        )
        for line in lines
    )
    return adjustment


def _line(adjustment: ListAdjustment, version: ListingVersion, last_on: date) -> ListAdjustmentLine:
    project = version.listing.project
    started = project.started_on is not None and project.started_on <= last_on
    line = ListAdjustmentLine(
        adjustment=adjustment,
        project=project,
        change=ListAdjustmentLine.Change.ADDED,
        category=ProjectStage.CONTINUING if started else version.category,
        planned_start="" if started else version.planned_start,
        planned_completion=version.planned_completion,
        reason="上年结转",
    )
    line.planned_start_on = None if started else version.planned_start_on
    line.planned_completion_on = version.planned_completion_on
    return line
