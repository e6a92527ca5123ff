"""The lists of ten-day reports (旬报): who owes one, what waits for review, all of them."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from projects.models import HANDED_IN_STATES, PENDING_STATES, ProgressReport, Project, ReportState, Role, User
from projects.models.projects import ProjectQuerySet
from projects.periods import TenDayPeriod
from projects.queries.reports.reports import confirmable_states, missing_reports, still_fillable
from projects.queries.reports.timeliness import with_first_hand_in, with_handed_in, with_report_of
from projects.services.reports.steps import ReportRules

from ..base.columns import HouseTable
from ..base.list_page import ListPage
from ..base.listing import Chip
from ..base.requests import HouseRequest
from .filters import ReportFilter, ReportsDueFilter
from .periods import PeriodShown, period_of
from .tables import BULK_FORM, CONFIRM, PASS, ReportsDueTable, ReportTable

DUTIES, REVIEW, WAITING, ALL = "duties", "review", "pending", "all"
FILLERS = frozenset({Role.REPORTER, Role.UNIT_HEAD, Role.SERVICE_OFFICER, Role.OFFICE})
TITLES = {REVIEW: "待我审核的旬报", WAITING: "待审旬报", ALL: ReportTable.title}


@require_safe
def report_list(request: HouseRequest) -> HttpResponse:
    """Views of one matter: who has filled a period (duties), what waits for me (review), for anybody (pending), all."""
    rules = ReportRules()
    reviews = _reviews(request.user, rules)
    view = _view_of(request, reviews=reviews)
    page = (DutyList if view == DUTIES else ReportList)(view=view, reviews=reviews, rules=rules)
    page.setup(request)
    return page.get(request)


def _view_of(request: HouseRequest, *, reviews: bool) -> str:
    """The view asked for; without one the office reviews, everybody else sees the period's duties."""
    given = request.GET
    if given.get("view") in {DUTIES, WAITING, ALL} or (given.get("view") == REVIEW and reviews):
        return given["view"]
    if "state" in given:
        return ALL
    return WAITING if request.user.is_office and "period" not in given else DUTIES


def fills_reports(user: User) -> bool:
    """Whether the person fills reports at all (填报旬报). No query."""
    return bool(user.roles & FILLERS)


def _reviews(user: User, rules: ReportRules) -> bool:
    """Whether reports wait for this person as the head of a unit (待我审核)."""
    return bool(user.headed_unit_ids) and rules.settings.unit_review_required


def _period_at_hand(projects: ProjectQuerySet, today: date) -> TenDayPeriod:
    """The period people are busy with: the last closed one while reports of it are missing, then the running one."""
    closed = TenDayPeriod.last_closed(today)
    return closed if missing_reports(projects, closed).exists() else TenDayPeriod.containing(today)


class ReportTabs(ListPage):
    """What the views of reports share: the tabs, with how many wait behind them."""

    template_name = "reports/report_list.html"
    heading = "旬报"
    takes_as_of = False
    view: str
    reviews: bool
    rules: ReportRules

    def make_table(self, rows: QuerySet) -> HouseTable:
        table = super().make_table(rows)
        table.caption = self.title
        return table

    def context(self) -> dict[str, Any]:
        user = self.request.user
        return {
            "view": self.view,
            "waiting": ProgressReport.objects.visible_to(user).filter(state__in=PENDING_STATES).count(),
            "reviews": self.reviews,
            "to_review": ProgressReport.objects.waiting_for_head(user).count() if self.reviews else 0,
            "unit_review_required": self.rules.settings.unit_review_required,
            "bulk": BULK_FORM,
        }


class DutyList(ReportTabs):
    """Projects that owe the period's report, those missing, drafted or returned first."""

    filter_class, table_class = ReportsDueFilter, ReportsDueTable

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        visible = Project.objects.visible_to(self.request.user)
        self.period = period_of(request.GET.get("period", "")) or _period_at_hand(visible, self.as_of)
        self.owing = visible.reporting_on(self.period.last_on)
        self.window = self.rules.windows.of(self.period)
        self.title = f"{self.period.full_words}填报情况"
        self.given = {"period": self.period.code}

    def rows(self) -> QuerySet[Project]:
        mine = Project.objects.editable_by(self.request.user).filter(pk=OuterRef("pk"))
        return (
            with_handed_in(with_report_of(self.owing, self.period), self.period)
            .select_related("lead_department", "host_district")
            .annotate(editable=Exists(mine))
            .order_by("is_handed_in", "code")
        )

    def filter_arguments(self) -> dict[str, Any]:
        return super().filter_arguments() | {"period": self.period, "windows": self.rules.windows}

    def active(self) -> list[Chip]:
        return [chip for chip in super().active() if chip.name != "period"]

    def table_arguments(self) -> dict[str, Any]:
        return super().table_arguments() | {"window": self.window, "rules": self.rules}

    def context(self) -> dict[str, Any]:
        total, missing = self.owing.count(), missing_reports(self.owing, self.period).count()
        fillable = still_fillable(self.owing, self.window, self.as_of)
        return super().context() | {
            "period": self.period,
            "fills": not self.window.is_future(self.as_of) and fills_reports(self.request.user),
            "shown": PeriodShown(self.window, self.as_of),
            "reopened_for_some": self.window.is_locked(self.as_of) and fillable.exists(),
            "total": total,
            "missing": missing,
            "handed_in": total - missing,
        }


class ReportList(ReportTabs):
    """Reports themselves, each with the steps that the person may take; many at once where they wait for that."""

    filter_class, table_class = ReportFilter, ReportTable

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.title = TITLES[self.view]
        self.ticks = PASS if self.view == REVIEW else CONFIRM if self.request.user.is_office else ""

    def rows(self) -> QuerySet[ProgressReport]:
        reports = ProgressReport.objects.visible_to(self.request.user)
        if self.view == REVIEW:
            reports = ProgressReport.objects.waiting_for_head(self.request.user)
        elif self.view == WAITING:
            reports = reports.filter(state__in=PENDING_STATES)
        beside = ("project__lead_department", "submitted_by", "passed_by", "confirmed_by")
        rows = with_first_hand_in(with_last_amount(reports.select_related(*beside)))
        return rows.order_by("-period_ends_on", "project__code")

    def filter_arguments(self) -> dict[str, Any]:
        return super().filter_arguments() | {"windows": self.rules.windows}

    def table_arguments(self) -> dict[str, Any]:
        user = self.request.user
        return super().table_arguments() | {
            "rules": self.rules,
            "ticks": self.ticks,
            "back": self.request.get_full_path(),
            "exclude": () if user.is_office or user.headed_unit_ids else ("actions",),
        }

    def make_table(self, rows: QuerySet[ProgressReport]) -> HouseTable:
        table = super().make_table(rows)
        if self.view != ALL and not self.filterset.form.changed_data:
            table.empty_text = "没有待审的旬报。"
        return table

    def context(self) -> dict[str, Any]:
        states = {ReportState.SUBMITTED} if self.view == REVIEW else confirmable_states(self.rules.settings)
        tickable = self.filterset.qs.filter(state__in=states)
        return super().context() | {
            "ticks": self.ticks if self.ticks and tickable.exists() else "",
            "back": self.request.get_full_path(),
        }


def with_last_amount(reports: QuerySet[ProgressReport]) -> QuerySet[ProgressReport]:
    """Reports with `last_amount`: the cumulative amount of the report handed in before, within the year."""
    earlier = ProgressReport.objects.filter(
        project=OuterRef("project"),
        state__in=HANDED_IN_STATES,
        period_ends_on__lt=OuterRef("period_ends_on"),
        period_ends_on__year=OuterRef("period_ends_on__year"),
    )
    return reports.annotate(
        last_amount=Subquery(earlier.order_by("-period_ends_on").values("invested_this_year")[:1])
    )
