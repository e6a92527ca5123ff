"""The desk (工作台): what a person owes, by role; addresses and buttons are the view's."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet
from django.db.models.functions import Coalesce

from projects.models import (
    CorrectiveAction,
    ImportBatch,
    Milestone,
    OfficeSettings,
    Problem,
    ProgressReport,
    Project,
    ProjectMember,
    ReportState,
    Role,
    User,
    WeeklyReport,
)
from projects.models.problems.clinics import ActionQuerySet
from projects.models.projects import ProjectQuerySet
from projects.periods import TenDayPeriod, WorkingCalendar

from ..base.calendar import working_calendar
from ..problems.visits import visits_owed
from ..register.six_slots import SLOTS, is_filled, with_gap
from ..reports.reports import (
    ReportWindow,
    ReportWindows,
    confirmable_states,
    missing_reports,
    still_fillable,
)
from . import papers as desk_papers
from .owed import SHOWN, DeskSection, Owed, OwedGroup, OwedKind

SOON_DAYS = 7
PERMIT_DAYS = 14
VISITS_SHOWN = 2  # each sponsored project has the same button on its own card


@dataclass
class Desk:
    """Everything the duties of one person are drawn from; the calendar and the settings are read once."""

    user: User
    as_of: date
    calendar: WorkingCalendar = field(default_factory=working_calendar)
    settings: OfficeSettings = field(default_factory=OfficeSettings.current)
    windows: ReportWindows = field(init=False)

    def __post_init__(self) -> None:
        self.windows = ReportWindows.current(calendar=self.calendar, settings=self.settings)

    def sections(self) -> list[DeskSection]:
        """A section for each role with something to do; what two roles share is shown once, in the first."""
        builders = {
            Role.REPORTER: self._reporters,
            Role.UNIT_HEAD: self._unit_heads,
            Role.SPONSOR: self._sponsors,
            Role.SERVICE_OFFICER: self._service_officers,
            Role.OFFICE: self._offices,
            Role.INSPECTOR: self._inspectors,
        }
        roles = self.user.roles | ({Role.OFFICE} if self.user.is_superuser else set())
        seen: set[tuple] = set()
        sections = []
        for role, build in builders.items():
            if role not in roles:
                continue
            groups = tuple(
                group for group in build() if group.count and (group.kind, group.target) not in seen
            )
            seen |= {(group.kind, group.target) for group in groups}
            if groups:
                sections.append(DeskSection(role, Role(role).label, groups))
        return sections

    # --- roles ------------------------------------------------------------------------------------------

    def _reporters(self) -> Iterator[OwedGroup]:
        mine = self._of_units(self._units_as(Role.REPORTER))
        yield desk_papers.orders_to_answer(self.user)
        yield self._returned(mine)
        yield from self._reports_owed(mine)
        yield from self._unit_work(mine)

    def _unit_heads(self) -> Iterator[OwedGroup]:
        mine = self._of_units(self._units_as(Role.UNIT_HEAD))
        yield desk_papers.orders_to_answer(self.user)
        if self.settings.unit_review_required:
            waiting = ProgressReport.objects.waiting_for_head(self.user)
            yield self._reports(OwedKind.REPORT_PASS, "旬报待审核", waiting, "审核")
        yield from self._reports_owed(mine)
        yield from self._unit_work(mine)

    def _sponsors(self) -> Iterator[OwedGroup]:
        mine = Project.objects.filter(sponsor__user=self.user)
        problems = Problem.objects.open(self.as_of).filter(
            project__in=mine, level=Problem.Level.SPONSOR, state=Problem.State.OPEN
        )
        yield self._problems(OwedKind.PROBLEM_SETTLE, "请您协调的问题", problems)
        yield desk_papers.visits_to_confirm(self.user)
        owed = visits_owed(mine, as_of=self.as_of).order_by("code")
        yield self._group(
            OwedKind.VISIT,
            "本月待走访",
            owed.count(),
            (
                Owed(OwedKind.VISIT, "现场走访", self._month_end(), project, project.code)
                for project in owed[:VISITS_SHOWN]
            ),
        )

    def _service_officers(self) -> Iterator[OwedGroup]:
        members = ProjectMember.objects.in_force(self.as_of).filter(
            user=self.user, kind=ProjectMember.Kind.SERVICE_OFFICER
        )
        mine = Project.objects.active().filter(pk__in=members.values("project"))
        permits = self._milestones_until(mine, PERMIT_DAYS).filter(stage=Milestone.Stage.PREPARATORY)
        yield self._milestones(OwedKind.PERMIT, "手续节点", permits)
        problems = Problem.objects.open(self.as_of).filter(project__in=mine, state=Problem.State.OPEN)
        yield self._problems(OwedKind.PROBLEM, "所服务项目的问题", problems)

    def _offices(self) -> Iterator[OwedGroup]:
        states = confirmable_states(self.settings)
        waiting = ProgressReport.objects.confirmable_by(self.user, states)
        yield self._reports(OwedKind.REPORT_CONFIRM, "旬报待确认", waiting, "确认")
        weekly = WeeklyReport.objects.filter(state=WeeklyReport.State.DRAFT).order_by("year", "week")
        yield self._group(
            OwedKind.WEEKLY,
            "周报待签发",
            weekly.count(),
            (Owed(OwedKind.WEEKLY, f"签发{row}", target=row.period.code) for row in weekly[:SHOWN]),
        )
        imports = ImportBatch.objects.filter(state=ImportBatch.State.READY)
        yield self._group(
            OwedKind.IMPORT,
            "导入待确认",
            imports.count(),
            (Owed(OwedKind.IMPORT, f"确认导入：{row.file_name}", target=row.pk) for row in imports[:SHOWN]),
        )
        yield self._to_verify(Problem.objects.all())
        yield desk_papers.claims_to_confirm(self.user)
        yield desk_papers.visits_to_confirm(self.user)
        yield desk_papers.plans_to_approve()
        yield desk_papers.date_changes_to_decide(self.user)
        yield desk_papers.adjustments_to_review(self.user)
        yield desk_papers.exemptions_to_decide(self.user)
        yield desk_papers.exemptions_ending(self.user, Project.objects.all(), self.as_of)
        yield desk_papers.orders_to_check()
        yield self._silent_units()
        gaps = with_gap(Project.objects.all(), self.as_of).order_by("code")
        yield self._group(
            OwedKind.GAP,
            "“六个一”缺项",
            gaps.count(),
            (
                Owed(OwedKind.GAP, "补齐“六个一”", None, row, row.code, _gaps_in_words(row))
                for row in gaps[:SHOWN]
            ),
        )

    def _inspectors(self) -> Iterator[OwedGroup]:
        yield desk_papers.orders_to_check()
        yield self._overdue_units()

    # --- kinds ------------------------------------------------------------------------------------------

    def _returned(self, mine: ProjectQuerySet) -> OwedGroup:
        # of a project that has ended nothing is handed in any more
        rows = ProgressReport.objects.filter(project__in=mine.active(), state=ReportState.RETURNED)
        rows = rows.select_related("project").order_by("period_ends_on", "project__code")
        return self._group(
            OwedKind.REPORT_RETURNED,
            "退回待修改",
            rows.count(),
            (
                Owed(
                    OwedKind.REPORT_RETURNED,
                    f"修改{row.period.words}旬报",
                    self._window(row.period).due_on,
                    row.project,
                    row.period.code,
                    f"退回原因：{row.return_reason}",
                )
                for row in rows[:SHOWN]
            ),
        )

    def _reports_owed(self, mine: ProjectQuerySet) -> Iterator[OwedGroup]:
        """Periods opened again, the last closed one while its window is open, then the one in progress."""
        running = TenDayPeriod.containing(self.as_of)
        for window in self.windows.reopened_on(self.as_of):
            yield self._report_owed(mine, window, "补报")
        for period in (running.previous(), running):
            window = self._window(period)
            if self.as_of <= window.closes_on:
                yield self._report_owed(mine, window, "待报")

    def _report_owed(self, mine: ProjectQuerySet, window: ReportWindow, words: str) -> OwedGroup:
        period = window.period
        returned = ProgressReport.objects.filter(period_ends_on=period.last_on, state=ReportState.RETURNED)
        missing = missing_reports(mine, period).exclude(pk__in=returned.values("project"))
        missing = still_fillable(missing, window, self.as_of).order_by("code")
        untils = [window.reopened_until(self.as_of, each.project_id) for each in window.reopened]
        due_on = min((day for day in untils if day), default=window.due_on)
        # while the period runs its reports are one quiet line; they unfold in its last days
        is_near = (due_on - self.as_of).days <= self.settings.report_reminder_days + 1
        return self._group(
            OwedKind.REPORT,
            f"{period.words}旬报{words}",
            missing.count(),
            (
                Owed(
                    OwedKind.REPORT,
                    f"填报{period.words}旬报",
                    window.due_on_for(self.as_of, project.pk),
                    project,
                    period.code,
                )
                for project in (missing[:SHOWN] if is_near or words == "补报" else ())
            ),
            due_on=due_on,
            target=period.code,
        )

    def _unit_work(self, mine: QuerySet[Project]) -> Iterator[OwedGroup]:
        units = self.user.unit_ids
        milestones = self._milestones_until(mine, SOON_DAYS).filter(
            Q(unit__isnull=True) | Q(unit__in=units) | Q(plan__project__lead_department__in=units)
        )
        yield self._milestones(OwedKind.MILESTONE, "节点逾期或临近", milestones)
        problems = Problem.objects.open(self.as_of).filter(lead_unit__in=units, state=Problem.State.OPEN)
        yield self._problems(OwedKind.PROBLEM, "本单位待办理的问题", problems.visible_to(self.user))
        yield self._actions(CorrectiveAction.objects.filter(unit__in=units).visible_to(self.user))
        # who raised it may have moved on to another unit since
        yield self._to_verify(Problem.objects.workable_by(self.user).filter(raised_by=self.user))
        yield desk_papers.plans_to_mend(mine)
        yield desk_papers.permits_lapsing(mine, self.as_of)
        yield desk_papers.exemptions_ending(self.user, mine, self.as_of)

    def _milestones_until(self, mine: QuerySet[Project], days: int) -> QuerySet[Milestone]:
        until = self.as_of + timedelta(days=days)
        return Milestone.objects.in_force().open(self.as_of).due_by(until).filter(plan__project__in=mine)

    def _milestones(self, kind: OwedKind, title: str, rows: QuerySet[Milestone]) -> OwedGroup:
        shown = rows.select_related("plan__project").order_by("due_on", "pk")[:SHOWN]
        return self._group(
            kind,
            title,
            rows.count(),
            (Owed(kind, row.name, row.due_on, row.plan.project, row.pk) for row in shown),
        )

    def _problems(self, kind: OwedKind, title: str, rows: QuerySet[Problem]) -> OwedGroup:
        shown = rows.select_related("project").order_by("due_on", "pk")[:SHOWN]
        return self._group(
            kind,
            title,
            rows.count(),
            (
                Owed(kind, f"{row.get_category_display()}问题", row.due_on, row.project, row.pk, row.text)
                for row in shown
            ),
        )

    def _actions(self, mine: ActionQuerySet) -> OwedGroup:
        """Actions of own units past their day or due within the week (措施待落实)."""
        rows = mine.open(self.as_of).filter(due_on__lte=self.as_of + timedelta(days=SOON_DAYS))
        return self._group(
            OwedKind.ACTION,
            "措施待落实",
            rows.count(),
            (
                Owed(OwedKind.ACTION, "措施落实", row.due_on, row.project, row.pk, row.text)
                for row in rows.select_related("project").order_by("due_on", "pk")[:SHOWN]
            ),
        )

    def _to_verify(self, rows: QuerySet[Problem]) -> OwedGroup:
        waiting = rows.filter(state=Problem.State.HANDLED).exclude(handled_by=self.user)
        return self._problems(OwedKind.PROBLEM_VERIFY, "问题待核验销号", waiting)

    def _reports(self, kind: OwedKind, title: str, rows: QuerySet[ProgressReport], verb: str) -> OwedGroup:
        shown = rows.select_related("project").order_by("submitted_at", "pk")[:SHOWN]
        return self._group(
            kind,
            title,
            rows.count(),
            (Owed(kind, f"{verb}{row.period.words}旬报", None, row.project, row.pk) for row in shown),
        )

    def _silent_units(self) -> OwedGroup:
        """Lead departments with reports of the last closed period missing, the most first."""
        period = TenDayPeriod.last_closed(self.as_of)
        units = (
            missing_reports(Project.objects.all(), period)
            .order_by()
            .values("lead_department", "lead_department__name")
            .annotate(n=Count("pk"))
            .order_by("-n", F("lead_department__position").asc(nulls_last=True), "lead_department__name_key")
        )
        found = list(units)
        return self._group(
            OwedKind.UNIT_SILENT,
            f"{period.words}旬报未报单位",
            len(found),
            (
                Owed(
                    OwedKind.UNIT_SILENT,
                    row["lead_department__name"] or "推进部门待明确",
                    self._window(period).due_on,
                    target=period.code,
                    note=f"{row['n']}个项目未报",
                    unit_id=row["lead_department"],
                )
                for row in found[:SHOWN]
            ),
            target=period.code,
        )

    def _overdue_units(self) -> OwedGroup:
        """Units with overdue milestones or problems, the longest overdue first. Two queries."""
        milestones = (
            Milestone.objects.in_force()
            .overdue(self.as_of)
            .order_by()
            .annotate(
                owner=Coalesce("unit", "plan__project__lead_department"),
                owner_name=Coalesce("unit__name", "plan__project__lead_department__name"),
            )
            .values_list("owner", "owner_name")
            .annotate(Count("pk"), Min("due_on"))
        )
        problems = (
            Problem.objects.overdue(self.as_of)
            .order_by()
            .annotate(owner=F("lead_unit"), owner_name=F("lead_unit__name"))
            .values_list("owner", "owner_name")
            .annotate(Count("pk"), Min("due_on"))
        )
        found: dict[tuple[int | None, str], dict[str, tuple[int, date]]] = {}
        counted: Iterable[tuple[str, Iterable[tuple[Any, ...]]]] = (("节点", milestones), ("问题", problems))
        for words, rows in counted:
            for owner, name, count, since in rows:
                unit = found.setdefault((owner, name or "责任单位待明确"), {})
                unit[words] = (count, since)
        owed = (
            Owed(
                OwedKind.UNIT_OVERDUE,
                name,
                min(since for _, since in matters.values()),
                target=next(iter(matters)),
                note="，".join(f"{count}个{words}逾期" for words, (count, _) in matters.items()),
                unit_id=owner,
            )
            for (owner, name), matters in found.items()
        )
        return self._group(
            OwedKind.UNIT_OVERDUE,
            "各单位逾期事项（按最长逾期排列）",
            len(found),
            sorted(owed, key=lambda row: (row.due_on, row.what)),
        )

    # --- parts ------------------------------------------------------------------------------------------

    def _group(
        self,
        kind: OwedKind,
        title: str,
        count: int,
        rows: Iterable[Owed],
        *,
        due_on: date | None = None,
        target: int | str | None = None,
    ) -> OwedGroup:
        return OwedGroup(kind, title, count, tuple(rows) if count else (), due_on, target)

    def _window(self, period: TenDayPeriod) -> ReportWindow:
        return self.windows.of(period)

    def _units_as(self, role: str) -> set[int]:
        return {duty.unit_id for duty in self.user.current_duties if duty.role == role and duty.unit_id}

    def _of_units(self, units: set[int]) -> ProjectQuerySet:
        """Projects the person reports for: own units' alone, also when the office role shows all."""
        return Project.objects.editable_by(self.user).of_units(units)

    def _month_end(self) -> date:
        first = self.as_of.replace(day=1)
        return (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _gaps_in_words(row: Project) -> str:
    """What a row of `with_gap` lacks: 缺：一套推进方案、一抓到底."""
    return "缺：" + "、".join(words for slot, words in SLOTS.items() if not is_filled(row, slot))


def own_projects(user: User) -> QuerySet[Project]:
    """Projects the person answers for by unit, sponsorship or assignment; of those that see all, only such."""
    scope = Q(pk__in=[])
    if user.unit_ids:
        scope |= Q(lead_department__in=user.unit_ids) | Q(host_district__in=user.unit_ids)
    if Role.SPONSOR in user.roles:
        scope |= Q(sponsor__user=user)
    members = ProjectMember.objects.current().filter(user=user)
    return Project.objects.visible_to(user).filter(scope | Q(pk__in=members.values("project")))
