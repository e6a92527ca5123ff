"""Comparing ledger rows with the record (台账比对): project facts, list version, responsible people, investment."""

from datetime import date, timedelta
from typing import Any

from projects.models import (
    Belonging,
    CarryOver,
    Handover,
    LedgerReading,
    Listing,
    ListingVersion,
    ProgressReport,
    Project,
    ProjectMember,
    ProjectStage,
    ReportState,
    Unit,
)
from projects.periods import NO_DATE, OfficeDate, TenDayPeriod
from projects.rules.listing import listed_since

from ...base.changing import sure
from ...register.further_fields import value_of
from ...register.search import search_text_for
from ..staging.cells import match_key, text_of
from ..staging.classes import known_class, unstated_class
from ..staging.columns import FIELDS
from ..staging.headers import plain
from ..staging.investment import counts_from
from ..staging.questions import LISTED_FROM
from ..staging.staged import SheetPlace, StagedRow, StagedSheet
from .matching import Known, code_key
from .world import Context, Dossier

SETS = [field.sets for field in FIELDS if field.sets]
LONGEST_TEXT = 32_767  # of a cell
FACT_DAYS = ("started_on", "completed_on", "in_production_on", "full_production_on")
OWN_LAYOUT = frozenset({"code", "planned_investment", "sponsor", "lead_department", "host_district"})
HEAD_OF = {
    "started_on": "started",
    "completed_on": "completed",
    "in_production_on": "in_production",
    "full_production_on": "full_production",
    "entered_statistics_on": "in_statistics",
    "statistics_stated_on": "in_statistics",
    "industry_chain": "chain",
}


def apply_row(context: Context, sheet: StagedSheet, row: StagedRow, known: Known) -> None:
    """Plan everything one ledger row creates or changes. Blank cells change nothing."""
    dossier = context.world.dossier(known) or _new_project(context, sheet, row, known)
    _project_facts(context, sheet, row, known, dossier)
    _chain(context, sheet, row, known, dossier)
    _package(context, sheet, row, dossier)
    _listing(context, sheet, row, dossier)
    _responsible(context, sheet, row, known, dossier)
    _carry_over(context, sheet, row, known, dossier)
    _amounts(context, sheet, row, known, dossier)


def _new_project(context: Context, sheet: StagedSheet, row: StagedRow, known: Known) -> Dossier:
    project = Project(
        code=row.get("code") or context.world.local_code(sure(sheet.year)),
        name=row.get("name"),
        reports_from_on=context.day_of(sheet) + timedelta(days=1),
    )
    context.changes.add(project, sheet.at(row), project)
    return context.world.open_dossier(known, project)


def _once(context: Context, known: Known, name: str, value: Any, sheet: StagedSheet, row: StagedRow) -> bool:
    """Whether the value may be used: the first sheet of a file wins, a later different one is pointed out."""
    compared = plain(value) if isinstance(value, str) else value
    earlier = context.first_said(known, name, compared, sheet, row)
    if earlier is None:
        return True
    head = HEAD_OF.get(name, name)
    sheet.warn(
        row,
        head,
        f"“{sheet.head(head) or head}”与{earlier[1]}（{earlier[0]}）不一致，以{earlier[1]}为准，请核对",
    )
    return False


def _project_facts(
    context: Context, sheet: StagedSheet, row: StagedRow, known: Known, dossier: Dossier
) -> None:
    project, place = dossier.project, sheet.at(row)
    values = _said_of(project, row)
    _statistics(context, sheet, row, project, values)
    values = {name: value for name, value in values.items() if _once(context, known, name, value, sheet, row)}
    if row.get("says_started") is False and project.started_on and "started_on" not in values:
        sheet.warn(row, "started", f"系统已登记{project.started_on}开工，本行填未开工，未作改动，请核对")
    _own_columns(context, sheet, row)
    context.changes.set(project, place, project, extra=_kept_beside(project, row), **values)
    if {"name", "code", "developer"} & values.keys() or not project.search_text:
        context.changes.set(project, place, project, search_text=search_text_for(project))
    for name in FACT_DAYS[1:]:
        day = getattr(project, name)
        if project.started_on and day and day < project.started_on:
            sheet.refuse(row, HEAD_OF[name], f"早于已登记的开工日期{project.started_on}，请核对后改正")


def _chain(context: Context, sheet: StagedSheet, row: StagedRow, known: Known, dossier: Dossier) -> None:
    if not row.get("chain"):
        return
    chain = context.world.chain(row.get("chain"), sheet.at(row))
    if _once(context, known, "industry_chain", chain, sheet, row) and chain != dossier.project.industry_chain:
        _belong(context, sheet, row, dossier, Belonging.Kind.INDUSTRY_CHAIN, "chain", industry_chain=chain)


def _package(context: Context, sheet: StagedSheet, row: StagedRow, dossier: Dossier) -> None:
    """A package and its parts, as the sheet hangs them; a row that says nothing of it leaves the project where it is."""
    project, kind = dossier.project, Belonging.Kind.PACKAGE
    package = context.packages.get(SheetPlace(sheet.name, row.get("parent_row"), row.left), project.parent)
    level = project.level
    if row.get("has_parts"):
        context.packages[sheet.at(row)], level = project, Project.Level.PACKAGE
    if package is not None and project in _with_those_above(package):
        sheet.refuse(row, "name", f"与打包项目“{package}”互为上下级，请核对序号")
    elif (package, level) != (project.parent, project.level):
        _belong(context, sheet, row, dossier, kind, "name", level=level, parent=package)


def _with_those_above(project: Project) -> list[Project]:
    """The project and the packages above it, the nearest first."""
    found: list[Project] = []
    above: Project | None = project
    while above is not None and above not in found and len(found) <= Project.DEEPEST:
        found.append(above)
        above = above.parent
    return found


def _belong(
    context: Context,
    sheet: StagedSheet,
    row: StagedRow,
    dossier: Dossier,
    kind: Belonging.Kind,
    head: str,
    **place: Any,
) -> None:
    """Where the project belongs from the sheet's day on; one that is new has belonged there since the year began."""
    project, at, as_of = dossier.project, sheet.at(row), context.day_of(sheet)
    earlier = dossier.belongings[kind]
    if earlier and earlier[-1].from_on > as_of:
        day = earlier[-1].from_on
        sheet.warn(row, head, f"{day}已有{kind.label}归属登记，晚于本表截至日期，未作改动")
        return
    if earlier and earlier[-1].from_on == as_of:
        context.changes.set(earlier[-1], at, project, **place)
    else:
        since = date(sure(sheet.year), 1, 1) if context.changes.is_new(project) else as_of
        said = {"reason": sheet.title[:200], "made_by": context.by, "made_at": context.now, **place}
        row_of_day = Belonging(project=project, kind=kind, from_on=since, **said)
        earlier.append(context.changes.add(row_of_day, at, project))
    context.changes.set(project, at, project, **place)


def _said_of(project: Project, row: StagedRow) -> dict[str, Any]:
    """The project's own attributes as the row states them; blank cells state nothing."""
    values: dict[str, Any] = {}
    for name in SETS:
        said = row.get(name)
        if said not in (None, ""):
            kept = getattr(project, name)
            values[name] = kept if _says_the_same(kept, said) else said
    if match_key(row.get("name")) != match_key(project.name):
        values["name"] = row.get("name")
    if row.get("code") and row.get("code") != code_key(project.code):
        values["code"] = row.get("code")
    for name in FACT_DAYS:
        if row.get(name) is not None:
            values[name] = row.get(name)
    return values


def _says_the_same(kept: Any, said: Any) -> bool:
    """Spaces and line breaks alone are no change: reading a cell folds them, and a cell holds 32,767 signs."""
    if not isinstance(kept, str) or not isinstance(said, str):
        return bool(kept == said)
    full, read = plain(kept), plain(said)
    return full == read or (
        len(kept) > LONGEST_TEXT >= len(read) > LONGEST_TEXT // 2 and full.startswith(read)
    )


def _own_columns(context: Context, sheet: StagedSheet, row: StagedRow) -> None:
    """Columns of the office's own (自定义字段) are read as what they are; what is none of it is refused in its place."""
    for header, text in list(row.extra.items()):
        field = context.world.further_fields.get(plain(header))
        if field is not None:
            del row.extra[header]
            try:
                row.extra[field.name] = value_of(field, text)
            except ValueError as error:
                sheet.refuse(row, header, f"{error}，请核对后改正")


def _kept_beside(project: Project, row: StagedRow) -> dict[str, Any]:
    """The columns kept with the project, with those of the row; a header differs by more than spaces."""
    kept = dict(project.extra)
    headers = {plain(header): header for header in kept}
    for header, text in row.extra.items():
        own = headers.get(plain(header), header)
        if text and not _says_the_same(text_of(kept.get(own)), text):
            kept[own] = text
    return kept


def _statistics(context: Context, sheet: StagedSheet, row: StagedRow, project: Project, values: dict) -> None:
    entered = row.get("in_statistics")
    if row.get("entered_statistics_on"):
        values["entered_statistics_on"] = row.get("entered_statistics_on")
    elif entered and project.entered_statistics_on is None:
        if project.statistics_stated_on is None:  # a fact without a date: no day is made up for it
            values["statistics_stated_on"] = context.day_of(sheet)
    elif entered is False and project.entered_statistics_on:
        sheet.warn(
            row, "in_statistics", f"系统已登记{project.entered_statistics_on}纳统，本行填否，未作改动，请核对"
        )


# ---------------------------------------------------------------------------------------------------------
# The list and its versions


def _listing(context: Context, sheet: StagedSheet, row: StagedRow, dossier: Dossier) -> None:
    changes, place, project = context.changes, sheet.at(row), dossier.project
    annual_list = context.world.annual_list(sure(sheet.list_name), sure(sheet.year), place)
    listing = dossier.listings.get(id(annual_list))
    if row.get("has_parts") and changes.is_new(annual_list):
        changes.set(annual_list, place, counts_level=Project.Level.PACKAGE)
    if row.get("parent_row") and listing is None and not _has_amounts(row):
        return  # its package stands in the list for it
    if listing is None:
        listing = changes.add(
            Listing(project=project, annual_list=annual_list, number=row.get("number")), place, project
        )
        dossier.listings[id(annual_list)] = listing
    elif row.get("number"):
        changes.set(listing, place, project, number=row.get("number"))
    _version(context, sheet, row, dossier, listing)


def _has_amounts(row: StagedRow) -> bool:
    return any(row.get(name) is not None for name in ("total_investment", "planned_investment"))


def _version(
    context: Context, sheet: StagedSheet, row: StagedRow, dossier: Dossier, listing: Listing
) -> None:
    """The year's first version on 1 January; whatever differs later takes effect on the sheet's day."""
    as_of, versions = context.day_of(sheet), dossier.versions[id(listing)]
    latest = next((version for version in reversed(versions) if version.effective_on <= as_of), None)
    if versions and versions[-1].effective_on > as_of and not _says_same(row, latest or versions[0]):
        sheet.warn(
            row, "planned_investment", f"名单在{versions[-1].effective_on}已有更新的版本，本行的计划未采用"
        )
        return
    said = _plan_said(sheet, row, latest)
    if latest is None:
        added = listing.annual_list.pk in context.world.filled_lists
        first = ListingVersion(
            listing=listing,
            effective_on=_listed_from(sheet, as_of, is_filled=added),
            change=ListingVersion.Change.ADDED if added else ListingVersion.Change.INITIAL,
            made_by=context.by,
            made_at=context.now,
            **said,
        )
        versions.append(context.changes.add(first, sheet.at(row), dossier.project))
        return
    if _says_same(row, latest):
        return
    if latest.effective_on == as_of or context.changes.is_new(latest):
        context.changes.set(latest, sheet.at(row), dossier.project, **said)
        return
    following = ListingVersion(
        listing=listing,
        effective_on=as_of,
        change=_kind_of_change(latest, said),
        made_by=context.by,
        made_at=context.now,
        **said,
    )
    versions.append(context.changes.add(following, sheet.at(row), dossier.project))


def _listed_from(sheet: StagedSheet, as_of: date, *, is_filled: bool) -> date:
    """Since when the list counts what a sheet adds to it (自何日起列入); asked where a list comes in mid-year.

    The office's own layout is the ledger of a list that the year began with: it is not asked about.
    """
    since = listed_since(sure(sheet.year), as_of, is_filled=is_filled)
    if not since.asks or sheet.heads.keys() >= OWN_LAYOUT:
        return since.likely
    days = [day.isoformat() for day in since.choices]
    text = f"“{sheet.list_name}”{sheet.year}年首次导入，数据截至{as_of}。本表各项目自何日起列入名单？此前各日的开工率、完成率随之而定。"
    return date.fromisoformat(
        sheet.ask(LISTED_FROM, sure(sheet.list_name), text, choices=days, likely=since.likely.isoformat())
    )


def _plan_said(sheet: StagedSheet, row: StagedRow, latest: ListingVersion | None) -> dict[str, Any]:
    """The version a row describes: what it leaves blank stays as it was."""
    if not row.get("category") and latest is None:
        row.values["category"] = _guess_category(sheet, row)
    said = {
        "category": row.get("category") or sure(latest).category,
        "total_investment": row.get("total_investment") or (latest.total_investment if latest else None),
        "planned_investment": row.get("planned_investment"),
        "planned_start": _text(row.get("planned_start")),
        "planned_completion": _text(row.get("planned_completion")),
    }
    if said["planned_investment"] is None:
        said["planned_investment"] = latest.planned_investment if latest else 0
    for name in ("planned_start", "planned_completion"):
        if (not said[name] and latest) or (
            latest and same_span(row.get(name), getattr(latest, f"{name}_span"))
        ):
            said[name] = getattr(latest, name)
    return said


def _guess_category(sheet: StagedSheet, row: StagedRow) -> str:
    """Without a class anywhere: what the row's dates say of it; where they are silent it is asked."""
    found = _class_by_dates(row, sure(sheet.year))
    if found is None:
        return unstated_class(sheet, row)
    sheet.warn(row, "category", f"未填项目类别，按开工时间和年初累计记为{found.label}，请核对")
    return found


def _class_by_dates(row: StagedRow, year: int) -> ProjectStage | None:
    """Begun before the year is 续建, begun or planned within it 新开工; 续建 or 前期 may stand among the dates."""
    if not row.get("started_on") and (word := known_class(row.raw.get("started", ""))):
        return word
    planned = row.get("planned_start") or NO_DATE
    begun = row.get("started_on") or planned.last_on
    if (begun and begun.year < year) or (row.get("carry_over") or 0) > 0:
        return ProjectStage.CONTINUING
    return ProjectStage.NEW_START if begun and begun.year == year else None


def _text(written: OfficeDate | None) -> str:
    return written.text if written else ""


def same_span(written: OfficeDate | None, other: OfficeDate) -> bool:
    """2023.06 and 2023年6月 are the same month; words count as written."""
    if not written or not written.text:
        return True
    if written.is_known:
        return (written.first_on, written.last_on) == (other.first_on, other.last_on)
    return not other.is_known and plain(written.text) == plain(other.text)


def _says_same(row: StagedRow, version: ListingVersion) -> bool:
    category, plan, total = (row.get(name) for name in ("category", "planned_investment", "total_investment"))
    return (
        (total is None or version.total_investment in (None, total))
        and (not category or category == version.category)
        and (plan is None or plan == version.planned_investment)
        and same_span(row.get("planned_start"), version.planned_start_span)
        and same_span(row.get("planned_completion"), version.planned_completion_span)
    )


def _kind_of_change(latest: ListingVersion, said: dict[str, Any]) -> str:
    if said["planned_investment"] > latest.planned_investment:
        return ListingVersion.Change.RAISED
    if said["planned_investment"] < latest.planned_investment:
        return ListingVersion.Change.LOWERED
    return ListingVersion.Change.RECLASSIFIED


# ---------------------------------------------------------------------------------------------------------
# Who answers for it


def _responsible(
    context: Context, sheet: StagedSheet, row: StagedRow, known: Known, dossier: Dossier
) -> None:
    world = context.world
    holders: dict[str, Any] = {}
    if row.get("sponsor"):
        holders["sponsor"] = world.official(row.get("sponsor"), row.get("sponsor_post", ""), sheet, row)
    for slot, kind in (("lead_department", Unit.Kind.DEPARTMENT), ("host_district", Unit.Kind.DISTRICT)):
        if row.get(slot):
            holders[slot] = world.unit(row.get(slot), kind, sheet, row)
    for slot, holder in holders.items():
        if _once(context, known, slot, holder, sheet, row):
            _hand_over(context, sheet, row, dossier, slot, holder)
    for name in row.get("service_officers", ()):
        _service_officer(context, sheet, row, dossier, name)


def _hand_over(
    context: Context, sheet: StagedSheet, row: StagedRow, dossier: Dossier, slot: str, holder: Any
) -> None:
    project, place, as_of = dossier.project, sheet.at(row), context.day_of(sheet)
    if getattr(project, slot) == holder:
        return
    earlier = dossier.handovers[slot]
    if earlier and earlier[-1].from_on > as_of:
        sheet.warn(row, slot, f"{earlier[-1].from_on}已有交接登记，晚于本表截至日期，未作改动")
        return
    who = {"official" if slot == Handover.Slot.SPONSOR else "unit": holder}
    if earlier and earlier[-1].from_on == as_of:
        context.changes.set(earlier[-1], place, project, **who)
    else:
        handover = Handover(
            project=project,
            slot=slot,
            from_on=date(sure(sheet.year), 1, 1) if context.changes.is_new(project) else as_of,
            document=sheet.title[:120],
            made_by=context.by,
            made_at=context.now,
            **who,
        )
        earlier.append(context.changes.add(handover, place, project))
    context.changes.set(project, place, project, **{slot: holder})


def _service_officer(
    context: Context, sheet: StagedSheet, row: StagedRow, dossier: Dossier, name: str
) -> None:
    kind = ProjectMember.Kind.SERVICE_OFFICER
    if any(member.kind == kind and match_key(str(member)) == match_key(name) for member in dossier.members):
        return
    member = ProjectMember(project=dossier.project, kind=kind, name=name, from_on=context.day_of(sheet))
    dossier.members.append(context.changes.add(member, sheet.at(row), dossier.project))


# ---------------------------------------------------------------------------------------------------------
# Money


def _carry_over(context: Context, sheet: StagedSheet, row: StagedRow, known: Known, dossier: Dossier) -> None:
    amount = row.get("carry_over")
    if amount is None and None not in (row.get("invested_to_date"), row.get("invested_this_year")):
        amount = row.get("invested_to_date") - row.get("invested_this_year")
    if amount is None or amount < 0 or not _once(context, known, "carry_over", amount, sheet, row):
        return
    year = sure(sheet.year)
    carry_over = dossier.carry_overs.get(year)
    if carry_over:
        context.changes.set(carry_over, sheet.at(row), dossier.project, amount=amount)
        return
    carry_over = CarryOver(project=dossier.project, year=year, amount=amount)
    dossier.carry_overs[year] = context.changes.add(carry_over, sheet.at(row), dossier.project)


def _amounts(context: Context, sheet: StagedSheet, row: StagedRow, known: Known, dossier: Dossier) -> None:
    as_of = row.get("figure_as_of") or context.day_of(sheet)
    if row.get("invested_this_year") is not None:
        ends_on = TenDayPeriod.containing(as_of).last_on
        amount = row.get("invested_this_year")
        words = {name: row.get(name) for name in ("physical_progress", "work_done") if row.get(name)}
        put_report(context, sheet, row, known, dossier, ends_on, amount, "invested_this_year", words, as_of)
    for ends_on, amount in sorted(row.amounts.items()):
        put_report(context, sheet, row, known, dossier, ends_on, amount, sheet.period_columns[ends_on], {})


def put_report(
    context: Context,
    sheet: StagedSheet,
    row: StagedRow,
    known: Known,
    dossier: Dossier,
    ends_on: date,
    amount: Any,
    head: str,
    words: dict[str, str],
    as_of: date | None = None,
) -> None:
    """Plan the confirmed report of a period; what a reporter has filed is never overwritten.

    `as_of` is the day of the row's figure where it has one of its own, else the sheet's.
    """
    as_of, project, place = as_of or context.day_of(sheet), dossier.project, sheet.at(row)
    period = TenDayPeriod.ending_on(ends_on)
    if period.first_on > as_of:
        if (period.year, period.month) != (as_of.year, as_of.month):
            sheet.warn(row, head, f"{period.words}尚未开始，该列数值未采用")
            return
        ends_on = TenDayPeriod.containing(as_of).last_on  # a month's column in a sheet made within the month
    earlier = context.first_said(known, f"report {ends_on}", amount, sheet, row)
    if earlier:
        sheet.refuse(row, head, f"与{earlier[1]}的{earlier[0]}万元不一致，请核对后统一")
        return
    words = {name: text for name, text in words.items() if _once(context, known, name, text, sheet, row)}
    carry_over = dossier.carry_overs.get(ends_on.year)
    values = {"invested_this_year": amount, "counts_from_on": counts_from(ends_on, as_of), **words}
    if carry_over:
        values["invested_to_date"] = carry_over.amount + amount
    report = dossier.reports.get(ends_on)
    if report is None:
        new = ProgressReport(
            project=project,
            period_ends_on=ends_on,
            source=ProgressReport.Source.LEDGER,
            state=ReportState.CONFIRMED,
            filled_by=context.by,
            filled_at=context.now,
            confirmed_by=context.by,
            confirmed_at=context.now,
            **values,
        )
        dossier.reports[ends_on] = context.changes.add(new, place, project)
    elif report.source != ProgressReport.Source.LEDGER or report.state != ReportState.CONFIRMED:
        if report.invested_this_year != amount:
            filed = (
                "尚未填写金额"
                if report.invested_this_year is None
                else f"填报{report.invested_this_year}万元"
            )
            sheet.warn(row, head, f"{period.words}已有单位旬报（{filed}），以旬报为准，未覆盖，请核对")
    elif report.counts_from_on > values["counts_from_on"]:
        if report.invested_this_year != amount:
            sheet.warn(row, head, f"已有截至{report.counts_from_on}的数据，晚于本表，未覆盖")
    else:
        _said_again(context, place, report, values)


def _said_again(context: Context, place: SheetPlace, report: ProgressReport, values: dict[str, Any]) -> None:
    """A later ledger of the period: the same amount stands since its earlier day, another one from its own day on."""
    since, day = report.counts_from_on, values["counts_from_on"]
    if report.invested_this_year == values["invested_this_year"]:
        values["counts_from_on"] = since
    elif since < day:
        reading = LedgerReading(
            project=report.project,
            period_ends_on=report.period_ends_on,
            from_on=since,
            until_on=day,
            invested_this_year=sure(report.invested_this_year),
        )
        context.changes.add(reading, place, report.project)
    context.changes.set(report, place, report.project, **values)
