"""From lead to project (招商转项目): a signed or landed lead becomes a 前期 project, or is tied to the one there is."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from difflib import SequenceMatcher

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from projects.models import Handover, IndustryChain, Lead, Official, Project, Unit, User

from ..base.changing import added, changed, held, refuse
from ..base.guards import LATER, one_at_a_time, wrong_day
from ..imports.staging.cells import match_key
from ..register.belongings import write_belongings
from ..register.handovers import hand_over
from ..register.local_codes import local_codes
from ..register.search import search_text_for
from .chains import set_segment
from .leads import steps_of

NEAR = 0.72  # names shorter than a ledger's: the office looks at what is offered
OFFERED = 5


@dataclass(frozen=True)
class Twin:
    """A project that may be the lead's own; `same` when name and firm are the very same."""

    code: str
    name: str
    developer: str
    same: bool


def likely_projects(name: str, developer: str) -> list[Twin]:
    """Projects a lead may already be (相近项目), the likeliest first, at most five. One query over the register.

    The same name, a name nearly the same, or the same firm with a name somewhat alike; linked ones too.
    """
    key, firm = match_key(name), match_key(developer)
    found = []
    matcher = SequenceMatcher(b=key, autojunk=False)
    for code, other, other_firm in Project.objects.values_list("code", "name", "developer").iterator():
        own_firm = bool(firm) and match_key(other_firm) == firm
        matcher.set_seq1(match_key(other))
        likely = NEAR / 2 if own_firm else NEAR
        if matcher.real_quick_ratio() < likely or matcher.quick_ratio() < likely:
            continue
        likeness = matcher.ratio()
        if likeness >= likely:
            found.append((likeness + own_firm, Twin(code, other, other_firm, own_firm and likeness == 1)))
    found.sort(key=lambda pair: (-pair[0], pair[1].code))
    return [twin for _likeness, twin in found[:OFFERED]]


@transaction.atomic
def land_lead(
    *,
    lead: Lead,
    name: str,
    developer: str,
    total_investment: Decimal | None,
    industry_chain: IndustryChain | None = None,
    code: str = "",
    description: str = "",
    address: str = "",
    sponsor: Official | None = None,
    lead_department: Unit | None = None,
    host_district: Unit | None = None,
    from_on: date,
    is_other: bool = False,
    by: User,
    now: datetime,
) -> Project:
    """Make a 前期 project of a signed or landed lead (转为项目), with its first hand-overs from a day on. The office alone.

    Without a 项目代码 it gets a local number; ten-day reports begin with the day's period. Refuses: a lead under talks,
    given up or already a project; a taken code; a project of the same name and firm; near matches until `is_other`
    says that it is another one. Sent twice, the second is refused by the link of the first.
    """
    # one at a time: doubles and local numbers see the last
    one_at_a_time()
    lead = _landable(lead, by, now)
    today = timezone.localdate(now)
    code = "".join(code.split())
    refuse(
        name=not name.strip() and "请填写项目名称。",
        developer=not developer.strip() and "请填写建设单位。",
        code=_wrong_code(code),
        from_on=wrong_day("责任起始日期", from_on, today, LATER),
    )
    _refuse_doubles(name, developer, is_other)
    project = Project(
        code=code or local_codes(today.year)[0],
        name=name.strip(),
        developer=developer.strip(),
        industry_chain=industry_chain,
        description=description.strip(),
        address=address.strip(),
        total_investment=total_investment,
        reports_from_on=today,
    )
    project.search_text = search_text_for(project)
    added(project, "招商转项目", by=by, now=now, reason=f"由招商项目“{lead}”转入")
    _belong_first(project, from_on, lead, by, now)
    holders: dict[Handover.Slot, Official | Unit | None] = {
        Handover.Slot.SPONSOR: sponsor,
        Handover.Slot.LEAD_DEPARTMENT: lead_department,
        Handover.Slot.HOST_DISTRICT: host_district,
    }
    for slot, holder in holders.items():
        if holder is not None:
            _hand_over_first(project, slot, holder, from_on, lead, by, now)
    _tie(lead, project, by, now)
    project.refresh_from_db()
    return project


def _wrong_code(code: str) -> str:
    """What is wrong with a 项目代码 that was given; "" where nothing is."""
    if "/" in code or "\\" in code:
        return "项目代码不能含斜杠。"
    taken = code and Project.objects.filter(code=code).exists()
    return "该项目代码已登记，请核对，或关联到已有项目。" if taken else ""


@transaction.atomic
def link_lead(*, lead: Lead, project: Project, by: User, now: datetime) -> Project:
    """Tie a signed or landed lead to the project it already is (关联已有项目). The office alone.

    Refuses: what `land_lead` refuses of the lead; a project tied to another lead.
    """
    lead = _landable(lead, by, now)
    other = Lead.objects.filter(project=project).first()
    if other is not None:
        raise ValidationError(f"“{project}”已与招商项目“{other}”关联，请另选。")
    _tie(lead, project, by, now)
    return project


def _landable(lead: Lead, by: User, now: datetime) -> Lead:
    lead = held(lead, "segment")
    steps_of(lead, by, timezone.localdate(now)).require("land")
    return lead


def _refuse_doubles(name: str, developer: str, is_other: bool) -> None:
    twins = likely_projects(name, developer)
    same = next((twin for twin in twins if twin.same), None)
    if same is not None:
        refuse(name=f"项目“{same.name}”（{same.code}，{same.developer}）已在台账中，请关联到该项目。")
    if twins and not is_other:
        names = "、".join(f"“{twin.name}”（{twin.code}）" for twin in twins)
        refuse(is_other=f"台账中有相近的项目：{names}。如为同一项目，请关联；确系另一项目，请勾选后再提交。")


def _belong_first(project: Project, from_on: date, lead: Lead, by: User, now: datetime) -> None:
    if project.industry_chain is not None:
        reason = f"招商项目转入：{lead}"[:200]
        write_belongings(project, ["industry_chain"], from_on, reason=reason, by=by, now=now)


def _hand_over_first(
    project: Project,
    slot: Handover.Slot,
    holder: Official | Unit,
    from_on: date,
    lead: Lead,
    by: User,
    now: datetime,
) -> None:
    try:
        hand_over(
            project=project,
            slot=slot,
            to=holder,
            from_on=from_on,
            document=f"招商项目转入：{lead}"[:120],
            by=by,
            now=now,
        )
    except ValidationError as refusal:
        raise ValidationError({slot.value: refusal.messages}) from refusal


def _tie(lead: Lead, project: Project, by: User, now: datetime) -> None:
    """Both ways at once: the link stands on the lead, the project finds it as `project.lead`."""
    with changed(lead, "关联项目", by=by, now=now, unchecked=["made_by"]):
        lead.project = project
    if lead.segment and lead.segment.chain_id == project.industry_chain_id:
        set_segment(project, lead.segment, by=by, now=now)
