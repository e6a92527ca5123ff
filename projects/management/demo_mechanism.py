"""What the demonstration shows beside the ledger (演示事项): a plan with its slips, permits, land, slips, a clinic.

Everything goes through the services, dated as it would have been, so that each page has something to show and every
row has its author.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from projects.management.demo_chains import show_chains
from projects.models import (
    AnnualList,
    DeliveryPlan,
    LandItem,
    Milestone,
    PermitKind,
    PlanTemplate,
    Problem,
    Project,
    Role,
    Unit,
    User,
)
from projects.queries.base.calendar import working_calendar
from projects.services.base.changing import sure
from projects.services.lists import adjustments as list_adjustments
from projects.services.papers import land, markers, permits
from projects.services.plans import date_changes
from projects.services.plans.drafting import draft_plan_from_template
from projects.services.plans.milestones import achieve_milestone
from projects.services.plans.versions import approve_plan, submit_plan
from projects.services.problems import actions as actions
from projects.services.problems import clinics
from projects.services.problems.urgent import draft_urgent_list
from projects.services.supervision import orders as slips

SHANGHAI = dt.timezone(dt.timedelta(hours=8))
DRAFTED_ON = dt.date(2022, 11, 1)
FINISH_ON = dt.date(2024, 6, 30)
STARTED_FROM = dt.date(2023, 4, 15)  # about when the template's 开工 falls
DONE_UNTIL = dt.date(2023, 9, 1)


@dataclass(frozen=True)
class Cast:
    """Who acts in the demonstration."""

    reporter: User
    office: User
    inspector: User
    unit: Unit

    @classmethod
    def current(cls) -> "Cast":
        roles = (Role.REPORTER, Role.OFFICE, Role.INSPECTOR)
        reporter, office, inspector = (sure(User.objects.filter(duties__role=role).first()) for role in roles)
        return cls(reporter, office, inspector, sure(reporter.current_duties[0].unit))


def show_mechanism(today: dt.date) -> None:
    """A few examples of each part, on projects of the reporter's unit."""
    cast = Cast.current()
    mine = Project.objects.filter(lead_department=cast.unit).order_by("code")
    planless = Project.objects.active().filter(plans__isnull=True)
    _plan_under_way(planless.filter(started_on__gte=STARTED_FROM).order_by("started_on")[0], cast, today)
    _plan_handed_in(planless.filter(started_on__isnull=True).order_by("code")[0], cast, today)
    _ask(Milestone.objects.in_force().open(today).filter(plan__project__in=mine), cast, today)
    _papers(mine[0], cast, today)
    _slip(list(mine[:3]), cast, today)
    _clinic(cast, today)
    _adjustment(list(mine[:2]), cast, today)
    show_chains(cast.office, cast.unit, today)


def _plan_under_way(project: Project, cast: Cast, today: dt.date) -> None:
    """A plan approved last year and worked on since, one date moved by request, one step late."""
    plan = _drafted(project, cast, DRAFTED_ON, FINISH_ON)
    submit_plan(plan=plan, by=cast.office, now=_at(DRAFTED_ON), reason=plan.reason)
    approve_plan(plan=plan, approved_on=DRAFTED_ON, by=cast.office, now=_at(DRAFTED_ON))
    _achieve(plan, cast, DONE_UNTIL)
    later = sure(plan.milestones.filter(due_on__gt=today + dt.timedelta(days=30), is_key=True).first())
    asked = date_changes.request_date_change(
        milestone=later,
        new_due=(sure(later.due_on) + dt.timedelta(days=20)).isoformat(),
        reason="主要设备到货推迟，厂家函告交货期顺延20天",
        document="企业函〔2023〕9号",
        by=cast.office,
        now=_at(today - dt.timedelta(days=30)),
    )
    date_changes.approve_date_changes(
        requests=[asked],
        decision="同意顺延，其后节点不变",
        document="淄高新发改〔2023〕31号",
        by=cast.office,
        now=_at(today - dt.timedelta(days=25)),
    )


def _achieve(plan: DeliveryPlan, cast: Cast, until: dt.date) -> None:
    calendar = working_calendar()
    for number, milestone in enumerate(plan.milestones.filter(due_on__lte=until).order_by("position"), 1):
        done_on = calendar.shift(sure(milestone.due_on), 3 if number % 5 == 0 else -1)
        achieve_milestone(
            milestone=milestone,
            achieved_on=done_on,
            evidence=f"淄高新审〔{done_on.year}〕{100 + number}号",
            by=cast.office,
            now=_at(done_on),
        )


def _ask(open_ones: QuerySet[Milestone], cast: Cast, today: dt.date) -> None:
    """A request of the unit that waits for the office."""
    milestone = open_ones.filter(due_on__gt=today + dt.timedelta(days=7)).order_by("due_on", "pk").first()
    if milestone is None:
        return
    date_changes.request_date_change(
        milestone=milestone,
        new_due=(sure(milestone.due_on) + dt.timedelta(days=15)).isoformat(),
        reason="供电外线施工与市政道路改造交叉，须分段实施",
        document="建设局会议纪要〔2023〕14号",
        by=cast.reporter,
        now=_at(today),
    )


def _plan_handed_in(project: Project, cast: Cast, today: dt.date) -> None:
    """A plan that waits for approval."""
    plan = _drafted(project, cast, today, today + dt.timedelta(days=600))
    submit_plan(plan=plan, by=cast.office, now=_at(today), reason=plan.reason)


def _drafted(project: Project, cast: Cast, day: dt.date, finish_on: dt.date) -> DeliveryPlan:
    return draft_plan_from_template(
        project=project,
        template=sure(PlanTemplate.objects.first()),
        finish_on=finish_on,
        starts_on=day,
        reason="按工业项目模板倒排，已与企业、属地会商",
        by=cast.office,
        now=_at(day),
    )


def _papers(project: Project, cast: Cast, today: dt.date) -> None:
    """Two permits (one near its end), a plot under way, a joint service."""
    issued = {"建设用地规划许可证": 200, "建设工程规划许可证": 350}
    for number, (name, days) in enumerate(issued.items(), 1):
        kind = PermitKind.objects.filter(name=name).first() or PermitKind.objects.order_by("pk")[number]
        issued_on = today - dt.timedelta(days=days)
        permits.register_permit(
            project=project,
            kind=kind,
            number=f"3703{issued_on:%Y%m}00{number}",
            issued_by="淄博市自然资源和规划局高新区分局",
            issued_on=issued_on,
            valid_until_on=permits.proposed_until(kind, issued_on),
            by=cast.reporter,
            now=_at(today),
        )
    plot = land.create_plot(project=project, name="一期地块", by=cast.reporter, now=_at(today))
    for item in LandItem.objects.filter(predecessors__isnull=True, is_active=True)[:3]:
        land.finish_item(
            item=plot.items.get(item=item),
            done_on=today - dt.timedelta(days=120),
            document=f"淄高新自规〔2023〕{item.position}号",
            by=cast.reporter,
            now=_at(today),
        )
    markers.set_marker(
        project=project,
        kind="three_proxies",
        state="running",
        since_on=today - dt.timedelta(days=60),
        by=cast.reporter,
        now=_at(today),
    )


def _slip(projects: list[Project], cast: Cast, today: dt.date) -> None:
    """A supervision slip to the unit, one row answered."""
    now = _at(today - dt.timedelta(days=6))
    order = slips.draft_order(
        type="supervise",
        unit=cast.unit,
        facts="经9月下旬调度，下列项目节点逾期或投资完成率低于序时，影响全年任务完成。",
        demand="请逐项查明原因，制定赶工措施，明确责任人和完成时限，按期回复。",
        by=cast.inspector,
        now=now,
    )
    for project in projects:
        matter = "节点滞后，请组织赶工，明确完成时限。"
        slips.add_line(order=order, project=project, matter=matter, by=cast.inspector, now=now)
    order = slips.issue_order(order=order, by=cast.inspector, now=now)
    reply = "已增加两个施工班组，10月底前补齐进度。"
    slips.reply_line(line=sure(order.lines.first()), reply=reply, by=cast.reporter, now=_at(today))


def _clinic(cast: Cast, today: dt.date) -> None:
    """A sitting with one case under treatment, and a draft of the urgent problems."""
    stuck = Problem.objects.open(today).filter(state=Problem.State.OPEN).select_related("project")
    problem = stuck.filter(project__lead_department=cast.unit).first() or stuck.first()
    if problem is None:
        return
    held_on, now = today - dt.timedelta(days=3), _at(today - dt.timedelta(days=3))
    units = [unit for unit in (problem.project.lead_department, problem.project.host_district) if unit]
    session = clinics.call_session(
        held_on=held_on, place="管委会一楼会议室", chair="领导甲", units=units, by=cast.office, now=now
    )
    case = clinics.add_case(session=session, problem=problem, by=cast.office, now=now)
    case = clinics.diagnose(
        case=case, diagnosis="前置手续与现场施工衔接不够，责任分工不清。", by=cast.office, now=now
    )
    actions.add_action(
        text="列出衔接清单，每周会商一次，逐项销号。",
        unit=units[0],
        due_on=today + dt.timedelta(days=8),
        problem=problem,
        case=case,
        by=cast.office,
        now=now,
    )
    draft_urgent_list(
        title="省市重大项目亟需解决问题清单",
        as_of=today,
        problems=list(stuck[:3]),
        by=cast.office,
        now=_at(today),
    )


def _adjustment(projects: list[Project], cast: Cast, today: dt.date) -> None:
    """A mid-year adjustment that waits for its review."""
    annual_list = AnnualList.objects.filter(listings__project__in=projects, year=today.year).first()
    if annual_list is None:
        return
    listed = sure(annual_list.listings.filter(project__in=projects).first())
    plan = listed.versions.in_force(today).get().planned_investment
    adjustment = list_adjustments.draft_adjustment(
        annual_list=annual_list,
        document="淄高新发改〔2023〕42号",
        effective_on=today + dt.timedelta(days=4),
        note="年中调整",
        by=cast.office,
        now=_at(today),
    )
    list_adjustments.put_line(
        adjustment=adjustment,
        project=listed.project,
        change="raised",
        planned_investment=plan + 2000,
        reason="追加生产线",
        confirmed=True,
        by=cast.office,
        now=_at(today),
    )
    list_adjustments.submit_adjustment(adjustment=adjustment, by=cast.office, now=_at(today))


def _at(day: dt.date) -> dt.datetime:
    """Nine in the morning of a day."""
    return dt.datetime.combine(day, dt.time(9), SHANGHAI)
