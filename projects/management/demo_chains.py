"""What the demonstration shows of 链长制 and 招商: one chain with leader, team, work and map; leads in every stage."""

import datetime as dt
from decimal import Decimal

from projects.models import ChainSegment, IndustryChain, Lead, Official, Project, Unit, User
from projects.services.attraction import chains, leads
from projects.services.attraction import landing as lead_landing
from projects.services.base.changing import sure
from projects.services.base.records import record, snapshot

SHANGHAI = dt.timezone(dt.timedelta(hours=8))
CHAIN = "绿色能源"
TIER = ChainSegment.Tier
# segment, place, words in the names of the projects that stand there
SEGMENTS = (
    ("关键材料", TIER.UPSTREAM, ("材料", "隔膜", "玻璃", "陶瓷", "氮化硅", "靶材")),
    ("核心器件", TIER.UPSTREAM, ("器件", "载板", "基板")),
    ("光伏组件", TIER.MIDSTREAM, ("光伏",)),
    ("储能变流与电池", TIER.MIDSTREAM, ("储能变流", "电池")),
    ("氢能电堆", TIER.MIDSTREAM, ("氢能",)),
    ("储能系统集成", TIER.DOWNSTREAM, ("储能",)),
    ("智能运维与回收", TIER.DOWNSTREAM, ()),
)
# name, investor, origin, 万元, segment, days ago: talks, signed
LEADS = (
    ("储能电池模组生产线项目", "投资方乙（演示）", "out_of_province", 86000, "储能变流与电池", 150, 60),
    ("工商业储能集成基地项目", "投资方丙（演示）", "in_province", 30000, "储能系统集成", 110, 25),
    ("退役电池回收利用项目", "投资方丁（演示）", "out_of_province", 18000, None, 70, None),
    ("氢燃料电池检测中心项目", "投资方戊（演示）", "abroad", 24000, "氢能电堆", 45, None),
    ("光伏逆变器扩能项目", "投资方己（演示）", "in_city", 12000, None, 20, None),
)


def show_chains(office: User, unit: Unit, today: dt.date) -> None:
    """One chain filled in, leads of the reporter's unit and of another in it; nothing where the ledger names no such chain."""
    chain = IndustryChain.objects.filter(name=CHAIN).first()
    if chain is None:
        return
    _lead_the_chain(chain, office, today)
    segments = {
        name: ChainSegment.objects.create(chain=chain, tier=tier, name=name, position=10 * number)
        for number, (name, tier, _words) in enumerate(SEGMENTS, 1)
    }
    for segment in segments.values():
        record(action="新增", instance=segment, by=office, now=_at(today))
    _place(chain, segments, office, today)
    _team_and_work(chain, unit, office, today)
    _leads(chain, segments, unit, office, today)


def _lead_the_chain(chain: IndustryChain, office: User, today: dt.date) -> None:
    before = snapshot(chain)
    chain.chain_leader = Official.objects.filter(user__isnull=False).first()  # so that his page shows it
    largest = chain.projects.exclude(developer="").order_by("-total_investment").first()
    chain.anchor_enterprise = largest.developer if largest else ""
    chain.save()
    record(action="修改", instance=chain, by=office, now=_at(today), before=before)


def _place(chain: IndustryChain, segments: dict, office: User, today: dt.date) -> None:
    for project in Project.objects.filter(industry_chain=chain).order_by("code"):
        name = next((name for name, _tier, words in SEGMENTS if any(w in project.name for w in words)), None)
        if name:
            chains.place_project(
                chain=chain, project=project, segment=segments[name], by=office, now=_at(today)
            )


def _team_and_work(chain: IndustryChain, unit: Unit, office: User, today: dt.date) -> None:
    since = dt.date(today.year, 2, 1)
    other = sure(Unit.objects.exclude(pk=unit.pk).filter(kind=Unit.Kind.DEPARTMENT).first())
    for member, post in ((other, "牵头单位"), (unit, "成员单位")):
        chains.add_member(chain=chain, unit=member, post=post, from_on=since, by=office, now=_at(today))
    work = (
        ("编制产业链图谱，列出空白环节和目标企业清单", other, dt.date(today.year, 4, 30)),
        ("组织产业链专题招商活动不少于4次", other, dt.date(today.year, 12, 15)),
        ("协调链主企业与本地企业配套对接，签订供货协议3份", unit, dt.date(today.year, 9, 30)),
    )
    tasks = [
        chains.add_task(chain=chain, text=text, unit=owner, due_on=due_on, by=office, now=_at(since))
        for text, owner, due_on in work
    ]
    done_on = dt.date(today.year, 4, 25)
    result = "图谱和目标企业清单已印发各单位。"
    chains.finish_task(task=tasks[0], done_on=done_on, result=result, by=office, now=_at(done_on))


def _leads(chain: IndustryChain, segments: dict, unit: Unit, office: User, today: dt.date) -> None:
    """Leads under talks, signed and given up, of two units; and the one that is a project of the ledger."""
    other = sure(Unit.objects.exclude(pk=unit.pk).filter(kind=Unit.Kind.DEPARTMENT).first())
    for number, (name, investor, origin, amount, segment, *ago) in enumerate(LEADS):
        talked, signed = (today - dt.timedelta(days=days) if days else None for days in ago)
        facts = {"name": name, "investor": investor, "origin": origin, "agreed_investment": Decimal(amount)}
        owner, segment = unit if number % 2 else other, segments.get(segment)
        lead = _registered(chain, segment, owner, facts, sure(talked), office)
        if signed:
            _move(lead, "signed", signed, office, document="投资协议")
    _move(lead, "ended", today - dt.timedelta(days=2), office, note="投资方调整布局，不再推进")
    project = chain.projects.filter(started_on__isnull=True, lead_department__isnull=False).first()
    if project:
        _landed(chain, segments, project, office, today)


def _landed(chain: IndustryChain, segments: dict, project: Project, office: User, today: dt.date) -> None:
    """The lead that a project in preparation came from."""
    talked, signed, landed = (today - dt.timedelta(days=days) for days in (190, 120, 40))
    facts = {
        "name": project.name,
        "investor": project.developer,
        "origin": "out_of_province",
        "agreed_investment": project.total_investment,
    }
    lead = _registered(chain, segments["核心器件"], sure(project.lead_department), facts, talked, office)
    _move(lead, "signed", signed, office, document="投资协议")
    _move(lead, "landed", landed, office, document="项目备案证明")
    lead_landing.link_lead(lead=lead, project=project, by=office, now=_at(today))


def _registered(
    chain: IndustryChain,
    segment: ChainSegment | None,
    unit: Unit,
    facts: dict,
    talked_on: dt.date,
    office: User,
) -> Lead:
    return leads.register_lead(
        industry_chain=chain,
        segment=segment,
        unit=unit,
        notes="演示用招商项目。",
        talked_on=talked_on,
        by=office,
        now=_at(talked_on),
        **facts,
    )


def _move(lead: Lead, stage: str, on: dt.date, office: User, **why: str) -> None:
    leads.move_lead(lead=lead, stage=stage, on=on, by=office, now=_at(on), **why)


def _at(day: dt.date) -> dt.datetime:
    """Nine in the morning of a day."""
    return dt.datetime.combine(day, dt.time(9), SHANGHAI)
