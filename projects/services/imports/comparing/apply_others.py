"""Comparing the other sheets with the record (比对): investment by month, milestones, problems, indicators."""

from collections import defaultdict
from datetime import date
from typing import Any

from projects.models import DeliveryPlan, Indicator, IndicatorValue, Milestone, Problem, ProblemEntry, Unit
from projects.periods import WorkingCalendar

from ...base.changing import sure
from ..staging.cells import match_key
from ..staging.staged import SheetPlace, StagedRow, StagedSheet
from .apply_ledger import put_report, same_span
from .matching import Known
from .world import Context, Dossier

IMPORTED_EVIDENCE = "台账登记："


def apply_investment(context: Context, sheet: StagedSheet, row: StagedRow, known: Known) -> None:
    """One confirmed report for each filled period column; the plan column is only compared."""
    dossier = sure(context.world.dossier(known))
    plan = row.get("planned_investment")
    planned = {
        version.planned_investment for versions in dossier.versions.values() for version in versions[-1:]
    }
    if plan is not None and planned and plan not in planned:
        sheet.warn(
            row, "planned_investment", f"与名单中的年度计划投资{max(planned)}万元不一致，以名单为准，请核对"
        )
    for ends_on, amount in sorted(row.amounts.items()):
        put_report(context, sheet, row, known, dossier, ends_on, amount, sheet.period_columns[ends_on], {})


# ---------------------------------------------------------------------------------------------------------
# Milestones


def apply_milestones(context: Context, sheet: StagedSheet, matched: dict[SheetPlace, Known]) -> None:
    """The first plan of a project is taken as approved; an approved plan's dates are never moved by a sheet."""
    rows: dict[int, list[StagedRow]] = defaultdict(list)
    projects: dict[int, Known] = {}
    for row in sheet.rows:
        if (known := matched.get(sheet.at(row))) and row.get("milestone_name"):
            projects[id(known)] = known
            rows[id(known)].append(row)
    for key, known in projects.items():
        dossier = sure(context.world.dossier(known))
        if dossier.milestones:
            _compare_plan(context, sheet, rows[key], dossier)
        else:
            _first_plan(context, sheet, rows[key], dossier)


def _first_plan(context: Context, sheet: StagedSheet, rows: list[StagedRow], dossier: Dossier) -> None:
    dues = [row.get("due").last_on for row in rows if row.get("due") and row.get("due").last_on]
    first = rows[0]
    plan = next((plan for plan in dossier.plans if plan.state == DeliveryPlan.State.APPROVED), None)
    if plan is None:
        plan = DeliveryPlan(
            project=dossier.project,
            number=max((plan.number for plan in dossier.plans), default=0) + 1,
            state=DeliveryPlan.State.APPROVED,
            document=sheet.title[:120],
            approved_on=min([date(sure(sheet.year), 1, 1), *dues]),
            made_by=context.by,
            made_at=context.now,
        )
        dossier.plans.append(context.changes.add(plan, sheet.at(first), dossier.project))
    seen: dict[str, int] = {}
    for position, row in enumerate(rows, 1):
        key = match_key(row.get("milestone_name"))
        if key in seen:
            sheet.refuse(row, "milestone_name", f"与第{seen[key]}行的节点重复，请删去一行或区分名称")
            continue
        seen[key] = row.number
        milestone = Milestone(
            plan=plan,
            position=position,
            stage=row.get("stage"),
            name=row.get("milestone_name"),
            unit=_unit(context, sheet, row),
            due=row.get("due").text if row.get("due") else "",
            achieved_on=row.get("achieved_on"),
            evidence=evidence(context, sheet, row) if row.get("achieved_on") else "",
            note=row.get("note", ""),
        )
        dossier.milestones.append(context.changes.add(milestone, sheet.at(row), dossier.project))


def _compare_plan(context: Context, sheet: StagedSheet, rows: list[StagedRow], dossier: Dossier) -> None:
    by_name = {match_key(milestone.name): milestone for milestone in dossier.milestones}
    for row in rows:
        milestone = by_name.get(match_key(row.get("milestone_name")))
        if milestone is None:
            text = "已批准的推进方案中没有该节点，增减节点须按节点调整程序办理；请删去本行后再导入"
            sheet.refuse(row, "milestone_name", text)
            continue
        if row.get("due") and not same_span(row.get("due"), milestone.due_span):
            text = f"该节点计划日期{milestone.due_span.words}已批准，调整须按节点调整程序办理；请改回后再导入"
            sheet.refuse(row, "due", text)
            continue
        unit = _unit(context, sheet, row)
        values: dict[str, Any] = {"unit": unit} if unit else {}
        if row.get("note"):
            values["note"] = row.get("note")
        achieved = row.get("achieved_on")
        if achieved and milestone.achieved_on != achieved:
            if milestone.achieved_on and not milestone.evidence.startswith(IMPORTED_EVIDENCE):
                text = f"单位已登记{milestone.achieved_on}完成（{milestone.evidence}），与本行不一致，未改动，请核对"
                sheet.warn(row, "achieved", text)
            else:
                values |= {"achieved_on": achieved, "evidence": evidence(context, sheet, row)}
        context.changes.set(milestone, sheet.at(row), dossier.project, **values)


def evidence(context: Context, sheet: StagedSheet, row: StagedRow) -> str:
    """What a fact of a sheet rests on: the file, the sheet, the row."""
    ending = f" {sheet.name} 第{row.number}行"
    return IMPORTED_EVIDENCE + context.file_name[: 120 - len(IMPORTED_EVIDENCE) - len(ending)] + ending


def _unit(context: Context, sheet: StagedSheet, row: StagedRow) -> Unit | None:
    name = row.get("lead_department")
    return context.world.unit(name, Unit.Kind.DEPARTMENT, sheet, row) if name else None


# ---------------------------------------------------------------------------------------------------------
# Problems


def apply_problem(
    context: Context, sheet: StagedSheet, row: StagedRow, known: Known, calendar: WorkingCalendar
) -> None:
    """A problem is known by project, words and the day it was raised; its progress becomes a dated entry."""
    raised = row.get("raised_on")
    if raised is None or not row.get("problem_text"):
        return
    dossier, place = sure(context.world.dossier(known)), sheet.at(row)
    key = match_key(row.get("problem_text"))
    found = [p for p in dossier.problems if p.raised_on == raised and match_key(p.text) == key]
    values = {"category": row.get("problem_category")}
    if unit := _unit(context, sheet, row):
        values["lead_unit"] = unit
    if row.get("problem_due_on"):
        values["due_on"] = row.get("problem_due_on")
    if row.get("demand"):
        values["demand"] = row.get("demand")
    if found:
        problem = found[0]
        context.changes.set(problem, place, dossier.project, **values)
    else:
        values.setdefault("due_on", calendar.shift(raised, context.limit_days))
        problem = Problem(
            project=dossier.project,
            text=row.get("problem_text"),
            raised_on=raised,
            raised_by=context.by,
            **values,
        )
        dossier.problems.append(context.changes.add(problem, place, dossier.project))
    _resolve(context, sheet, row, dossier, problem)
    _entry(context, sheet, row, dossier, problem)


def _resolve(
    context: Context, sheet: StagedSheet, row: StagedRow, dossier: Dossier, problem: Problem
) -> None:
    resolved = row.get("resolved_on")
    if not resolved or problem.resolved_on == resolved:
        return
    if problem.resolved_on:
        sheet.warn(row, "resolved", f"系统已登记{problem.resolved_on}销号，与本行不一致，未改动，请核对")
        return
    context.changes.set(
        problem,
        sheet.at(row),
        dossier.project,
        state=Problem.State.RESOLVED,
        handled_on=problem.handled_on or resolved,
        resolved_on=resolved,
        resolution=row.get("progress") or problem.resolution or "台账登记办结",
    )


def _entry(context: Context, sheet: StagedSheet, row: StagedRow, dossier: Dossier, problem: Problem) -> None:
    text = row.get("progress")
    entries = dossier.entries[id(problem)]
    if not text or any(match_key(entry.text) == match_key(text) for entry in entries):
        return
    day = row.get("resolved_on") or max(context.day_of(sheet), problem.raised_on)
    entry = ProblemEntry(
        problem=problem, entered_on=day, text=text, entered_by=context.by, entered_at=context.now
    )
    entries.append(context.changes.add(entry, sheet.at(row), dossier.project))


# ---------------------------------------------------------------------------------------------------------
# Indicators


def apply_indicator(context: Context, sheet: StagedSheet, row: StagedRow) -> None:
    """One indicator of the year and its values by day."""
    name, target = row.get("indicator_name"), row.get("indicator_target")
    if not name:
        return
    world, place = context.world, sheet.at(row)
    year = sure(sheet.year)
    key = (match_key(name), year)
    indicator = world.indicators.get(key)
    if indicator is None:
        indicator = Indicator(
            name=name,
            year=year,
            unit=row.get("indicator_unit", ""),
            target=target,
            position=10 * (len(world.indicators) + 1),
        )
        world.indicators[key] = context.changes.add(indicator, place)
    else:
        said = {"target": target, "unit": row.get("indicator_unit")}
        context.changes.set(
            indicator, place, **{name: value for name, value in said.items() if value is not None}
        )
    beside = {
        name: row.get(field)
        for name, field in (("city_total", "city_total"), ("last_year", "indicator_last_year"))
        if row.get(field) is not None
    }
    for day, amount in row.amounts.items():
        value = world.indicator_values.get((indicator.pk, day)) if indicator.pk else None
        if value is None:
            value = IndicatorValue(indicator=indicator, as_of_on=day, value=amount, **beside)
            context.changes.add(value, place)
        else:
            value.indicator = indicator
            context.changes.set(value, place, value=amount, **beside)
