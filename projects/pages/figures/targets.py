"""Targets (目标进度): done against target by 旬, 月, 季, 年 of groups and projects; a project's split by hand."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from django_tables2 import Table

from projects import clock
from projects.figures.baselines import baseline_of
from projects.figures.year.targets import (
    TargetRow,
    closed_periods,
    listing_years,
    project_targets,
    target_rows,
    target_total,
    targets_in_force,
)
from projects.models import Listing, ListingVersion, Project
from projects.rules.targets import Pace, TargetCell, TargetLevel, fit_rest, split_by_shares
from projects.services.figures.targets import set_targets, steps_of

from ..base.context import context_of
from ..base.form_page import Done, bound, form_page
from ..base.list_page import ListPage
from ..base.listing import Chip, file_asked
from ..base.requests import HouseRequest
from ..base.scope import asked, doors, group_of
from .filters import BY_PROJECT, SPLITS, TargetFilter
from .forms import TargetForm
from .tables import GroupTargetTable, ProjectTargetTable, inside_of


class TargetList(ListPage):
    """One cell of a level for every group or project, and the strip of the year. Constant queries."""

    template_name = "figures/target_list.html"
    heading = "目标进度"
    foot = (
        "完成数取已确认旬报的本年累计，缺报的旬沿用上一次报数；"
        "尚无项目报数的旬记“未报数”。"
        "分组行未手工分解的部分按合计数和名单基线计算，与各项目之和在期中可能有分位差，全年一致。"
    )
    filter_class = TargetFilter

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.scope = asked(self.request).scope
        self.as_of = self.scope.as_of

    def rows(self) -> QuerySet[Project]:
        return Project.objects.all()

    def filter_arguments(self) -> dict[str, Any]:
        return {"as_of": self.as_of, "year": self.scope.year}

    def active(self) -> list[Chip]:
        return [chip for chip in super().active() if chip.name in {"list", "q", "short"}]

    def make_table(self, rows: QuerySet[Project]) -> Table:
        level, split = self.filterset.chosen_level, self.filterset.grouping
        self.by_project = split == BY_PROJECT
        if not self.by_project:
            self.scope = self.scope.within("", "")
        scope, self.group, self.total = self.scope, group_of(self.scope), target_total(self.scope)
        number = self.filterset.cell(self.total.year.closed)
        self.cell = self.total.year.cell(level, number)
        words = (
            f"{scope.year}年名单",
            f"{self.cell.words}目标与完成",
            self.group.words if self.group else "",
        )
        self.title = f"{self.cell.words}目标进度（按{SPLITS[split]}）"
        self.note = "，".join(filter(None, words))
        columns: dict[str, Any] = {"as_of": self.as_of, "level": level, "cell": number}
        if not self.by_project:
            inside = inside_of(scope, split, level.value)
            return GroupTargetTable(
                target_rows(scope, split), heading=SPLITS[split], inside=inside, **columns
            )
        narrowed = self.filterset.data.get("q") or not self.filterset.form.is_valid()
        targets = project_targets(scope, rows if narrowed else None)
        if self.filterset.short_only:
            targets = [row for row in targets if row.shortfall]
        table = ProjectTargetTable(targets, **columns)
        if file_asked(self.request):
            table.years = listing_years(targets, scope)
        return table

    def prepare(self, table: Table) -> None:
        if self.by_project:
            table.years = listing_years([row.record for row in table.paginated_rows], self.scope)

    def context(self) -> dict[str, Any]:
        level = self.filterset.chosen_level
        strip = YearStrip(
            self.total,
            doors(self.scope),
            self.cell,
            self.total.year.cells(level),
            self.total.year.pace(level.larger),
        )
        return {
            "scope": self.scope,
            "group": self.group,
            "level": level,
            "levels": list(TargetLevel),
            "split": self.filterset.grouping,
            "splits": SPLITS,
            **context_of(strip),
        }


@dataclass(frozen=True)
class YearStrip:
    """The year of the whole population: its cells, the one asked for, the pace until the next larger one closes."""

    total: TargetRow
    total_doors: dict[str, str]
    cell: TargetCell
    cells: list[TargetCell]
    pace: Pace | None


# --- one project ------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def target_edit(request: HouseRequest, pk: int) -> HttpResponse:
    """Split a project's plan to its 36 periods by hand (分解年度目标); fill buttons compute, only 保存 saves."""
    listing = get_object_or_404(
        Listing.objects.visible_to(request.user).select_related(
            "project", "annual_list__kind", "annual_list__curve"
        ),
        pk=pk,
    )
    today, year = clock.today(), listing.annual_list.year
    back = f"{reverse('project_detail', args=[listing.project.code])}#targets"
    splits = steps_of(listing.project, request.user, today)["split"]
    if splits.is_who:
        splits.require()
    if not splits:
        messages.warning(request, splits.refusal)
        return redirect(back)
    version = ListingVersion.objects.in_force(today).filter(listing=listing).first()
    if version is None:
        messages.warning(request, f"该项目现不在{listing.annual_list}名单中，不能分解目标。")
        return redirect(back)
    closed = closed_periods(today, year)
    present = targets_in_force(version, listing.annual_list, today)
    held, initial = 0 if request.user.is_office else closed, {"effective_on": today}
    form = TargetForm(**bound(request), year=year, present=present, held=held, initial=initial)
    if request.method == "POST" and "fill" in request.POST:
        form = form.filled(_filled(request, form, version, listing, present, closed))

    def split() -> Done:
        day, reason = form.cleaned_data["effective_on"], form.cleaned_data["reason"]
        amounts, now = form.amounts(), clock.now()
        set_targets(
            listing=listing, amounts=amounts, effective_on=day, reason=reason, by=request.user, now=now
        )
        return Done(f"已保存{listing.annual_list}目标分解。", back)

    context = {
        "listing": listing,
        "project": listing.project,
        "planned": version.planned_investment,
        "difference": version.planned_investment - form.total,
        "months": form.months(closed),
        "baseline": baseline_of(listing.annual_list).label,
        "back": back,
        "holds_closed": not request.user.is_office and bool(closed),
    }
    return form_page(request, "figures/target_form.html", form, split, context=context)


def _filled(
    request: HouseRequest,
    form: TargetForm,
    version: ListingVersion,
    listing: Listing,
    present: tuple[Decimal, ...],
    closed: int,
) -> tuple[Decimal, ...]:
    """The amounts a fill button computes: by the list's baseline, or what is missing spread over the open periods.

    What has closed stays as it is in force for a unit; what cannot be spread is said and left.
    """
    amounts, plan = form.amounts(), version.planned_investment
    if request.POST["fill"] == "curve":
        amounts = split_by_shares(plan, baseline_of(listing.annual_list).shares(listing.annual_list.year))
        if not request.user.is_office:
            amounts = (*present[:closed], *amounts[closed:])
    try:
        return fit_rest(plan, amounts, closed)
    except ValueError as error:
        messages.warning(request, f"{error}。")
        return amounts
