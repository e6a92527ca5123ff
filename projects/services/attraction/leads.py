"""Investment leads (招商项目): registered, kept up to date, moved from stage to stage with date and paper."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from projects.models import PROJECT_STAGES, Lead, LeadStage, LeadStep, User

from ..base.changing import added, changed, held, refuse, sure
from ..base.guards import LATER, not_office, one_at_a_time, wrong_day
from ..base.records import differences, snapshot
from ..base.steps import Step, Steps, not_now, not_you, step
from ..imports.staging.cells import match_key

# what is asked beside the date: the paper that shows it, or the reason
NEEDS_DOCUMENT = {
    LeadStage.SIGNED: "协议（合同）名称或编号",
    LeadStage.LANDED: "落地依据（备案、供地、注册等）",
}
NEEDS_NOTE = {LeadStage.ENDED: "终止原因", LeadStage.TALKING: "重新洽谈的原因"}


def register_step(user: User) -> Step:
    """Whether a person may enter leads: the office, and the reporters and heads of units."""
    refusal = not_you("只有发改局统筹和各单位填报人员可以登记招商项目。")
    return step(not user.is_office and not user.unit_ids and refusal)


def steps_of(lead: Lead, user: User, today: date) -> Steps:
    """What may be done with a lead: edit (修改), move (阶段推进), land (转为项目、关联已有项目).

    One query for its stage, unless read by `on(today)`.
    """
    stranger = not lead.is_kept_by(user) and not_you("无权办理该招商项目。")
    stage = LeadStage(lead.stage).label if lead.stage else "未登记"
    return Steps(
        edit=step(
            stranger, lead.project_id is not None and not_now("该招商项目已转为项目，请在项目中维护。")
        ),
        move=step(stranger, not lead.next_stages and not_now(f"该招商项目目前为“{stage}”，没有后续阶段。")),
        land=step(
            not_office(user, "将招商项目转为项目"),
            lead.project_id is not None and not_now("该招商项目已转为项目，无需重复办理。"),
            lead.stage not in PROJECT_STAGES and not_now(f"该招商项目目前为“{stage}”，签约后才能转为项目。"),
        ),
    )


@transaction.atomic
def register_lead(*, talked_on: date, document: str = "", by: User, now: datetime, **entry: Any) -> Lead:
    """Enter a lead (登记招商项目) with the day talks began; `entry` are the fields of Lead.

    Refuses: a unit that is not the person's, a day in the future, no amount, a segment of another chain, the same
    lead again (name and investor), saying which unit has it.
    """
    register_step(by).require()
    lead = Lead(made_by=by, made_at=now, **_tidy(entry))
    # one at a time: the same lead sent twice meets the first
    one_at_a_time()
    refuse(**_refusals(lead, by), talked_on=wrong_day("洽谈日期", talked_on, timezone.localdate(now), LATER))
    if twin := twin_of(lead):
        refuse(name=f"该招商项目已由{twin.unit}登记（{twin.name}，{twin.investor}），请勿重复登记。")
    added(lead, "登记招商项目", by=by, now=now)
    _step(lead, LeadStage.TALKING, talked_on, document, "", by, now)
    return lead


@transaction.atomic
def edit_lead(*, lead: Lead, reason: str = "", by: User, now: datetime, **entry: Any) -> Lead:
    """Correct or complete a lead's facts (修改招商项目); a changed amount says why.

    Refuses: nothing changed, a changed amount without a reason, what `register_lead` refuses; one that has become a
    project, whose facts are kept there.
    """
    lead = held(lead)
    steps_of(lead, by, timezone.localdate(now)).require("edit")
    before, agreed, reason = snapshot(lead), lead.agreed_investment, reason.strip()
    with changed(lead, "修改招商项目", by=by, now=now, reason=reason, unchecked=["made_by"]):
        for name, value in _tidy(entry).items():
            setattr(lead, name, value)
        refuse(**_refusals(lead, by))
        if twin := twin_of(lead):
            refuse(name=f"与{twin.unit}登记的“{twin.name}”（{twin.investor}）重复，请核对。")
        refuse(reason=lead.agreed_investment != agreed and not reason and "约定投资额有变化，请填写原因。")
        if not differences(before, snapshot(lead)):
            raise ValidationError("内容没有变化。")
    return lead


@transaction.atomic
def move_lead(
    *, lead: Lead, stage: str, on: date, document: str = "", note: str = "", by: User, now: datetime
) -> LeadStep:
    """Move a lead to its next stage (阶段推进): 在谈 → 签约 → 落地; 终止 from either, and 在谈 anew from there.

    Refuses: a stage that does not follow, a day in the future or before the last step's, 签约 or 落地 without a
    document, 终止 or 重新洽谈 without a reason, giving up one that is a project. The same step twice answers the first.
    """
    lead = held(lead)
    stage, document, note = LeadStage(stage), document.strip(), note.strip()
    last, today = lead.steps.last(), timezone.localdate(now)
    moving, told = steps_of(lead, by, today)["move"], (stage, on, document, note)
    if last and (last.stage, last.on, last.document, last.note) == told and not moving.is_who:
        return last
    moving.require()
    last = sure(last)
    if stage == LeadStage.ENDED and lead.project_id:
        refuse(stage="该招商项目已转为项目，如不再推进，请在项目中办理退库。")
    if stage not in lead.next_stages:
        names = "或".join(f"“{following.label}”" for following in lead.next_stages)
        refuse(stage=f"该招商项目目前为“{last.get_stage_display()}”，下一步只能登记{names}。")
    before = f"日期不能早于上一阶段（{last.get_stage_display()}，{last.on.isoformat()}）。"
    refuse(
        on=wrong_day("日期", on, today, LATER) or (on < last.on and before),
        document=stage in NEEDS_DOCUMENT and not document and f"请填写{NEEDS_DOCUMENT[stage]}。",
        note=stage in NEEDS_NOTE and not note and f"请填写{NEEDS_NOTE[stage]}。",
    )
    return _step(lead, stage, on, document, note, by, now)


def twin_of(lead: Lead) -> Lead | None:
    """Another lead of the same name and investor, spaces and full-width signs aside."""
    key = match_key(lead.name), match_key(lead.investor)
    others = Lead.objects.exclude(pk=lead.pk).values_list("pk", "name", "investor")
    found = next((pk for pk, *words in others if tuple(map(match_key, words)) == key), None)
    return Lead.objects.select_related("unit").get(pk=found) if found else None


def _tidy(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: value.strip() if isinstance(value, str) else value for name, value in entry.items()}


def _refusals(lead: Lead, by: User) -> dict[str, str]:
    errors = {}
    if not by.is_office and lead.unit_id not in by.unit_ids:
        errors["unit"] = "只能登记本单位负责的招商项目。"
    elif not lead.unit.is_active:
        errors["unit"] = f"{lead.unit}已不在用，请另选。"
    if lead.agreed_investment is None or lead.agreed_investment <= 0:
        errors["agreed_investment"] = "约定投资额须大于零。"
    if lead.segment and lead.segment.chain_id != lead.industry_chain_id:
        errors["segment"] = f"“{lead.segment}”不是所选产业链的环节，请另选。"
    return errors


def _step(
    lead: Lead, stage: LeadStage, on: date, document: str, note: str, by: User, now: datetime
) -> LeadStep:
    reached = LeadStep(
        lead=lead, stage=stage, on=on, document=document.strip(), note=note, made_by=by, made_at=now
    )
    return added(reached, f"招商{stage.label}", by=by, now=now, reason=note)
