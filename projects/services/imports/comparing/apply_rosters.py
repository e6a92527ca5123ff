"""Comparing rosters, places and leads with the record (比对)."""

from collections.abc import Iterable

from projects.models import NEXT_STAGES, Lead, LeadStage, LeadStep, Official, Unit

from ...base.changing import sure
from ..staging.cells import match_key
from ..staging.staged import OFFICIALS, UNITS, StagedRow, StagedSheet
from .apply_others import IMPORTED_EVIDENCE, evidence
from .matching import Known
from .world import Context

LAST_POSITION = 32000


def apply_rosters(context: Context, sheets: list[StagedSheet]) -> None:
    """Leaders and units in the order of the file's rosters; those a roster does not name stand behind, as they stood."""
    officials = [(sheet, row) for sheet in sheets if sheet.kind == OFFICIALS for row in sheet.rows]
    listed: dict[int, Official | Unit] = {}
    for sheet, row in officials:
        _put(context, sheet, row, _official(context, sheet, row), listed, ("phone", "mobile"))
    _stand_behind(context, officials, listed, context.world.officials.values())
    units = [(sheet, row) for sheet in sheets if sheet.kind == UNITS for row in sheet.rows]
    listed = {}
    for sheet, row in units:
        _put(context, sheet, row, _unit(context, sheet, row), listed, ("contact", "phone"))
    kinds = {unit.kind for unit in listed.values() if isinstance(unit, Unit)}
    _stand_behind(
        context, units, listed, (unit for unit in context.world.units.values() if unit.kind in kinds)
    )


def _official(context: Context, sheet: StagedSheet, row: StagedRow) -> Official:
    """The leader of that name and post; one registered without a post is completed."""
    world, name, post = context.world, row.get("official_name"), row.get("sponsor_post", "")
    known = world.officials.get((match_key(name), ""))
    if post and known and (match_key(name), match_key(post)) not in world.officials:
        del world.officials[match_key(name), ""]
        world.officials[match_key(name), match_key(post)] = known
        context.changes.set(known, sheet.at(row), post=post)
    return world.official(name, post, sheet, row, "official_name")


def _unit(context: Context, sheet: StagedSheet, row: StagedRow) -> Unit:
    kind = row.get("unit_kind")
    unit = context.world.unit(row.get("unit_name"), kind or Unit.Kind.DEPARTMENT, sheet, row)
    if kind and unit.kind != kind:
        text = f"系统中登记为{Unit.Kind(unit.kind).label}，与本行不一致，未改动，请核对"
        sheet.warn(row, "unit_kind", text)
    return unit


def _put(
    context: Context,
    sheet: StagedSheet,
    row: StagedRow,
    found: Official | Unit,
    listed: dict[int, Official | Unit],
    names: tuple[str, ...],
) -> None:
    """Give one of a roster its place and what the roster says of it; an empty cell takes nothing away."""
    name = "official_name" if isinstance(found, Official) else "unit_name"
    if id(found) in listed:
        sheet.refuse(row, name, f"“{row.get(name)}”在名册中重复，请删去一行")
        return
    listed[id(found)] = found
    values = {name: row.get(name) for name in names if row.get(name)}
    context.changes.set(found, sheet.at(row), position=len(listed), **values)


def _stand_behind(
    context: Context,
    rows: list[tuple[StagedSheet, StagedRow]],
    listed: dict[int, Official | Unit],
    everybody: Iterable[Official | Unit],
) -> None:
    others = {id(one): one for one in everybody if id(one) not in listed}
    if listed and any(one.position <= len(listed) for one in others.values()):
        sheet, row = rows[-1]
        for one in others.values():
            position = min(one.position + len(listed), LAST_POSITION)
            context.changes.set(one, sheet.at(row), position=position)


def apply_place(context: Context, sheet: StagedSheet, row: StagedRow, known: Known) -> None:
    """Where a project stands; an empty cell takes nothing away."""
    project = sure(context.world.dossier(known)).project
    names = ("address", "longitude", "latitude")
    values = {name: row.get(name) for name in names if row.get(name) is not None}
    context.changes.set(project, sheet.at(row), project, **values)


# ---------------------------------------------------------------------------------------------------------
# Leads


def apply_lead(context: Context, sheet: StagedSheet, row: StagedRow) -> None:
    """A lead is known by name and investor; its facts are the sheet's, its stage a step of the day the sheet gives."""
    needed = ("investor", "lead_department", "origin", "lead_stage", "agreed_investment", "lead_on")
    if not all(row.get(name) for name in needed):
        return
    world, place = context.world, sheet.at(row)
    key = match_key(row.get("lead_name")), match_key(row.get("investor"))
    values = {
        "origin": row.get("origin"),
        "agreed_investment": row.get("agreed_investment"),
        "unit": world.unit(row.get("lead_department"), Unit.Kind.DEPARTMENT, sheet, row),
    }
    if row.get("chain"):
        values["industry_chain"] = world.chain(row.get("chain"), place)
    known = world.leads.get(key)
    if known is None:
        lead = Lead(
            name=row.get("lead_name"),
            investor=row.get("investor"),
            made_by=context.by,
            made_at=context.now,
            **values,
        )
        world.leads[key] = (context.changes.add(lead, place), [])
    else:
        lead = known[0]
        if id(lead) in context.leads_told:
            sheet.refuse(row, "name", f"与第{context.leads_told[id(lead)]}行为同一招商项目，请删去一行")
            return
        _renew(context, sheet, row, lead, values)
    context.leads_told[id(lead)] = row.number
    _step(context, sheet, row, *world.leads[key])


def _renew(context: Context, sheet: StagedSheet, row: StagedRow, lead: Lead, values: dict) -> None:
    if lead.segment_id and values.get("industry_chain", lead.industry_chain) != lead.industry_chain:
        del values["industry_chain"]
        sheet.warn(row, "chain", f"该招商项目已归入{lead.industry_chain}的环节，产业链未改动，请核对")
    if lead.project_id and any(getattr(lead, name) != value for name, value in values.items()):
        sheet.warn(row, "name", "该招商项目已转为项目，内容未改动，请在项目中维护")
        return
    context.changes.set(lead, sheet.at(row), **values)


def _step(context: Context, sheet: StagedSheet, row: StagedRow, lead: Lead, steps: list[LeadStep]) -> None:
    """The stage the row gives, when it follows the last one; what people entered is never changed."""
    stage, day, last = LeadStage(row.get("lead_stage")), row.get("lead_on"), steps[-1] if steps else None
    note = row.get("progress", "")
    if last and last.stage == stage:
        if last.document.startswith(IMPORTED_EVIDENCE):
            context.changes.set(last, sheet.at(row), on=day, note=note or last.note)
        elif last.on != day:
            text = f"单位已登记{last.on}{last.get_stage_display()}，与本行不一致，未改动，请核对"
            sheet.warn(row, "lead_on", text)
        return
    if last and (stage not in NEXT_STAGES[LeadStage(last.stage)] or day < last.on):
        text = f"系统已登记{last.on}{last.get_stage_display()}，与本行不衔接，未改动，请核对"
        sheet.warn(row, "lead_stage", text)
        return
    step = LeadStep(
        lead=lead,
        stage=stage,
        on=day,
        document=evidence(context, sheet, row),
        note=note,
        made_by=context.by,
        made_at=context.now,
    )
    steps.append(context.changes.add(step, sheet.at(row)))
