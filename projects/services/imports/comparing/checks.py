"""What shows only when a whole file is compared (整表校验): repeated figures, stalled projects, missing projects."""

from datetime import date, timedelta

from projects.models import ProgressReport

from ...base.changing import sure
from ..staging.staged import LEDGER, SheetPlace, StagedRow, StagedSheet
from .matching import Known
from .world import Context, Dossier

TWO_MONTHS = timedelta(days=59)
NAMED = 5


def check_progress(context: Context, sheets: list[StagedSheet], matched: dict[SheetPlace, Known]) -> None:
    """雷同 and 疑似停工, for reports this import adds; a repeated import adds none and asks nothing."""
    seen: set[int] = set()
    for sheet in sheets:
        if sheet.kind != LEDGER or not sheet.list_name:
            continue
        newest = None
        for row in sheet.rows:
            known = matched.get(sheet.at(row))
            dossier = context.world.dossier(known) if known else None
            if dossier is None:
                continue
            newest = max([newest, *_imported_days(context, dossier)], key=lambda day: day or date.min)
            if id(known) in seen or not _under_construction(dossier, context.day_of(sheet)):
                continue
            seen.add(id(known))
            reports = [dossier.reports[day] for day in sorted(dossier.reports)]
            if len(reports) > 1 and context.changes.is_new(reports[-1]):
                _look_back(sheet, row, reports)
        if newest and newest > context.day_of(sheet) and _touched(context, sheet):
            sheet.warn(None, "截至", f"系统中已有截至{newest}的台账数据，晚于本表", ask=True)


def _imported_days(context: Context, dossier: Dossier) -> list[date]:
    return [
        report.counts_from_on
        for report in dossier.reports.values()
        if report.source == ProgressReport.Source.LEDGER and not context.changes.is_new(report)
    ]


def _touched(context: Context, sheet: StagedSheet) -> bool:
    return any(
        sheet.at(row) in context.changes.updated_at or sheet.at(row) in context.changes.created_at
        for row in sheet.rows
    )


def _under_construction(dossier: Dossier, day: date) -> bool:
    project = dossier.project
    return bool(
        project.started_on
        and project.started_on <= day
        and not (project.completed_on and project.completed_on <= day)
        and not (project.in_production_on and project.in_production_on <= day)
    )


def _look_back(sheet: StagedSheet, row: StagedRow, reports: list[ProgressReport]) -> None:
    last, previous = reports[-1], reports[-2]
    same_amount = last.invested_this_year == previous.invested_this_year
    words = last.physical_progress
    if same_amount and words and words == previous.physical_progress and last.invested_this_year:
        sheet.warn(
            row, "physical_progress", f"形象进度和完成投资与{previous.period.words}雷同，请核对", ask=True
        )
    year = last.period_ends_on.year
    long_ago = [
        report
        for report in reports
        if report.period_ends_on <= last.period_ends_on - TWO_MONTHS and report.period_ends_on.year == year
    ]
    if long_ago and long_ago[-1].invested_this_year == last.invested_this_year:
        text = f"自{long_ago[-1].period.words}以来完成投资没有增加，疑似停工，请核对"
        sheet.warn(row, "invested_this_year", text)


def check_lists(context: Context, sheets: list[StagedSheet], matched: dict[SheetPlace, Known]) -> None:
    """Name the listed projects a sheet of that list no longer holds: leaving a list (调出) is never silent."""
    for sheet in sheets:
        annual_list = None
        if sheet.kind == LEDGER and sheet.list_name:
            annual_list = context.world.lists.get((sheet.list_name, sure(sheet.year)))
        if annual_list is None or annual_list.pk is None:
            continue
        here = {known.pk for row in sheet.rows if (known := matched.get(sheet.at(row))) and known.pk}
        missing = annual_list.listings.exclude(project__in=here).select_related("project").order_by("number")
        names = [f"“{listing.project.name}”" for listing in missing[: NAMED + 1]]
        if names:
            shown = "、".join(names[:NAMED]) + ("等" if len(names) > NAMED else "")
            sheet.warn(
                None,
                "name",
                f"名单中的{shown}共{missing.count()}个项目未列入本表，未作改动；如已调出请办理调出",
            )
