"""The desk (工作台): what the signed-in person has to do today, then the own projects in short."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from projects import clock
from projects.models import Problem, Project, Role, User
from projects.queries.desk.desk import Desk, own_projects
from projects.queries.desk.owed import DeskSection, Owed, OwedGroup, OwedKind
from projects.queries.register.my_projects import MyProject, my_projects
from projects.rules import Light

from ..base.filters import UNKNOWN
from ..base.requests import HouseRequest
from ..problems.filters import UNDONE

CARDS, ROWS = 12, 8  # own projects shown on the desk; the rest is in the ledger

# kind: name of the address, what its argument is, words on the button
DOORS = {
    OwedKind.REPORT_RETURNED: ("report_edit", "修改重报"),
    OwedKind.REPORT: ("report_edit", "填报"),
    OwedKind.REPORT_PASS: ("report_detail", "审核"),
    OwedKind.REPORT_CONFIRM: ("report_detail", "确认"),
    OwedKind.UNIT_SILENT: ("report_list", "查看"),
    OwedKind.MILESTONE: ("milestone_achieve", "登记办结"),
    OwedKind.PERMIT: ("milestone_achieve", "登记办结"),
    OwedKind.MILESTONE_CLAIM: ("claim_detail", "确认"),
    OwedKind.PROBLEM: ("problem_detail", "办理"),
    OwedKind.PROBLEM_VERIFY: ("problem_detail", "核验销号"),
    OwedKind.PROBLEM_SETTLE: ("problem_detail", "协调"),
    OwedKind.ACTION: ("action_finish", "登记落实"),
    OwedKind.VISIT: ("visit_create", "登记走访"),
    OwedKind.VISIT_CONFIRM: ("visit_detail", "确认"),
    OwedKind.IMPORT: ("import_detail", "确认"),
    OwedKind.WEEKLY: ("weekly_detail", "审阅签发"),
    OwedKind.GAP: ("project_detail", "补齐"),
    OwedKind.UNIT_OVERDUE: ("milestone_list", "查看"),
    OwedKind.ORDER_ANSWER: ("order_detail", "签收回复"),
    OwedKind.ORDER_CHECK: ("order_detail", "核验"),
    OwedKind.PLAN_APPROVE: ("plan_detail", "审定"),
    OwedKind.PLAN_MEND: ("plan_detail", "修改"),
    OwedKind.DATE_CHANGE: ("datechange_decide", "审定"),
    OwedKind.ADJUSTMENT: ("adjustment_detail", "复核"),
    OwedKind.PERMIT_LAPSING: ("permit_detail", "办理延续"),
    OwedKind.EXEMPTION: ("exemption_decide", "批准"),
    OwedKind.EXEMPTION_ENDING: ("exemption_create", "重新申请"),
}
# kind: the list that holds the rest, and its parameters
LISTS: dict[OwedKind, tuple[str, dict[str, Any]]] = {
    OwedKind.REPORT_RETURNED: ("report_list", {"state": "returned"}),
    OwedKind.REPORT: ("report_list", {"status": "missing"}),
    OwedKind.REPORT_PASS: ("report_list", {"view": "review"}),
    OwedKind.REPORT_CONFIRM: ("report_list", {}),
    OwedKind.UNIT_SILENT: ("report_list", {"status": "missing"}),
    OwedKind.MILESTONE: ("milestone_list", {"status": "open"}),
    OwedKind.PERMIT: ("milestone_list", {"status": "open", "stage": "preparatory"}),
    OwedKind.MILESTONE_CLAIM: ("milestone_list", {"status": "claimed"}),
    OwedKind.PROBLEM: ("problem_list", {"status": Problem.State.OPEN.value}),
    OwedKind.PROBLEM_VERIFY: ("problem_list", {"status": Problem.State.HANDLED.value}),
    OwedKind.PROBLEM_SETTLE: ("problem_list", {"status": UNDONE, "level": Problem.Level.SPONSOR.value}),
    OwedKind.ACTION: ("action_list", {"status": "open"}),
    OwedKind.VISIT: ("visit_list", {"owed": "1"}),
    OwedKind.VISIT_CONFIRM: ("visit_list", {"unsettled": "1"}),
    OwedKind.IMPORT: ("import_list", {}),
    OwedKind.WEEKLY: ("weekly_list", {}),
    OwedKind.GAP: ("slot_list", {"missing": "any"}),
    OwedKind.UNIT_OVERDUE: ("milestone_list", {"status": "overdue"}),
    OwedKind.ORDER_ANSWER: ("order_list", {"status": "unsettled"}),
    OwedKind.ORDER_CHECK: ("order_list", {"status": "to_check"}),
    OwedKind.PLAN_APPROVE: ("plan_list", {"state": "submitted"}),
    OwedKind.PLAN_MEND: ("plan_list", {"state": "draft"}),
    OwedKind.DATE_CHANGE: ("datechange_list", {"state": "waiting"}),
    OwedKind.ADJUSTMENT: ("adjustment_list", {"state": "submitted"}),
    OwedKind.PERMIT_LAPSING: ("permit_list", {"within": "30"}),
    OwedKind.EXEMPTION: ("exemption_list", {"state": "waiting"}),
    OwedKind.EXEMPTION_ENDING: ("exemption_list", {"state": "running"}),
}
# kinds that count units, not duties
COUNTED_IN = {OwedKind.UNIT_SILENT: "家", OwedKind.UNIT_OVERDUE: "家"}


@dataclass(frozen=True)
class DeskLine:
    """One duty as the page shows it, with the one button that does it."""

    owed: Owed
    href: str
    button: str


@dataclass(frozen=True)
class Card:
    """Duties of one kind, with the way to the rest."""

    group: OwedGroup
    lines: list[DeskLine]
    href: str
    unit: str


@dataclass(frozen=True)
class SponsorFigures:
    """The three numbers of a sponsor's phone, each with the list of exactly its rows."""

    projects: int
    projects_href: str
    red: int
    red_href: str
    yellow: int
    visits_owed: int
    visits_href: str

    @property
    def yellow_words(self) -> str:
        """The line beneath the red ones; empty when no project is yellow."""
        return f"另有黄灯 {self.yellow} 个" if self.yellow else ""


@require_safe
def desk(request: HouseRequest) -> HttpResponse:
    """Duties by role, then own projects, the worst light first. Queries do not grow with the projects."""
    user, today = request.user, clock.today()
    sections = [(section, _cards(section)) for section in Desk(user, today).sections()]
    is_sponsor = Role.SPONSOR in user.roles
    projects = own_projects(user).filter(state=Project.State.ACTIVE).distinct()
    mine = my_projects(projects, as_of=today, with_phones=is_sponsor)
    sponsored = [
        row for row in mine if is_sponsor and row.project.sponsor and row.project.sponsor.user_id == user.pk
    ]
    others = [row for row in mine if row not in sponsored] if is_sponsor else mine
    context = {
        "sections": sections,
        "duties": sum(
            group.count
            for section, _ in sections
            for group in section.groups
            if group.rows and group.kind not in COUNTED_IN
        ),
        "figures": _sponsor_figures(user, sponsored) if is_sponsor else None,
        "sponsored": sponsored[:CARDS],
        "sponsored_hidden": max(0, len(sponsored) - CARDS),
        "mine": others[:ROWS],
        "mine_count": len(others),
    }
    return render(request, "desk/desk.html", context)


def _cards(section: DeskSection) -> list[Card]:
    return [
        Card(
            group=group,
            lines=[DeskLine(owed, _door(owed), DOORS[owed.kind][1]) for owed in group.rows],
            href=_list(group),
            unit=COUNTED_IN.get(group.kind, "件"),
        )
        for group in section.groups
    ]


def _door(owed: Owed) -> str:
    """Where the duty is done."""
    name = DOORS[owed.kind][0]
    if name == "report_edit" and owed.project:
        return reverse(name, args=[owed.project.code, owed.target])
    if owed.kind == OwedKind.UNIT_SILENT:
        return _narrowed(name, {"status": "missing", "period": owed.target, "lead": owed.unit_id or UNKNOWN})
    if owed.kind == OwedKind.UNIT_OVERDUE:
        name = "problem_list" if owed.target == "问题" else "milestone_list"
        return _narrowed(name, {"status": "overdue", "unit": owed.unit_id})
    return reverse(name, args=[] if owed.target is None else [owed.target])


def _narrowed(name: str, parameters: dict[str, Any]) -> str:
    """The address of a list, narrowed by those parameters that say something."""
    said = urlencode({key: value for key, value in parameters.items() if value})
    return f"{reverse(name)}?{said}" if said else reverse(name)


def _list(group: OwedGroup) -> str:
    """Where the rest of the kind is."""
    name, parameters = LISTS[group.kind]
    return _narrowed(name, parameters | {"period": group.target})


def _sponsor_figures(user: User, rows: list[MyProject]) -> SponsorFigures | None:
    if not rows:
        return None
    lights = [row.light.light for row in rows if row.light]
    mine = {"sponsor": rows[0].project.sponsor_id, "state": Project.State.ACTIVE.value}
    return SponsorFigures(
        projects=len(rows),
        projects_href=_narrowed("project_list", mine),
        red=lights.count(Light.RED),
        red_href=_narrowed("project_list", mine | {"light": Light.RED.value}),
        yellow=lights.count(Light.YELLOW),
        visits_owed=sum(row.owes_visit for row in rows),
        visits_href=_narrowed("visit_list", {"owed": "1", "official": mine["sponsor"]}),
    )
