"""What the demonstration shows of 链长制: one chain with leader, team, work and map, the ledger's leads in it."""

import datetime as dt

from projects.models import ChainSegment, IndustryChain, Lead, Official, Project, Unit, User
from projects.services.attraction import chains, leads
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
    ("储能变流与电池", TIER.MIDSTREAM, ("储能变流", "电池", "电芯")),
    ("氢能电堆", TIER.MIDSTREAM, ("氢能",)),
    ("储能系统集成", TIER.DOWNSTREAM, ("储能",)),
    ("智能运维与回收", TIER.DOWNSTREAM, ()),
)


def show_chains(office: User, unit: Unit, today: dt.date) -> None:
    """One chain filled in with the projects and leads of the ledger; nothing where it names no such chain."""
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


def _lead_the_chain(chain: IndustryChain, office: User, today: dt.date) -> None:
    before = snapshot(chain)
    chain.chain_leader = Official.objects.filter(user__isnull=False).first()  # so that his page shows it
    largest = chain.projects.exclude(developer="").order_by("-total_investment").first()
    chain.anchor_enterprise = largest.developer if largest else ""
    chain.save()
    record(action="修改", instance=chain, by=office, now=_at(today), before=before)


def _place(chain: IndustryChain, segments: dict, office: User, today: dt.date) -> None:
    """Projects and leads by the words in their names; a lead that says nothing of a segment stays without one."""
    for project in Project.objects.filter(industry_chain=chain).order_by("code"):
        if name := _segment_of(project.name):
            chains.place_project(
                chain=chain,
                project=project,
                segment=segments[name],
                from_on=today,
                by=office,
                now=_at(today),
            )
    for lead in Lead.objects.filter(industry_chain=chain).order_by("pk"):
        if name := _segment_of(lead.name):
            leads.edit_lead(lead=lead, segment=segments[name], by=office, now=_at(today))


def _segment_of(name: str) -> str | None:
    return next((segment for segment, _tier, words in SEGMENTS if any(word in name for word in words)), None)


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


def _at(day: dt.date) -> dt.datetime:
    """Nine in the morning of a day."""
    return dt.datetime.combine(day, dt.time(9), SHANGHAI)
