"""Targets (目标进度): done against target by 旬, 月, 季, 年 of groups and projects; a project's split by hand."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from projects import clock
from projects.figures.baselines import baseline_of
from projects.figures.population import Scope
from projects.figures.targets import (
    closed_periods,
    listing_years,
    project_targets,
    target_rows,
    target_total,
    targets_in_force,
)
from projects.models import Listing, ListingVersion, Project
from projects.rules.targets import TargetLevel, fit_rest, split_by_shares
from projects.services.figures.targets import set_targets, steps_of

from ..base.form_page import Done, bound, form_page
from ..base.listing import chips, exported, file_asked, list_notes, paged
from ..base.requests import HouseRequest
from ..base.scope import asked, doors, group_of
from .filters import BY_PROJECT, SPLITS, TargetFilter
from .forms import TargetForm
from .tables import GroupTargetTable, ProjectTargetTable, inside_of


@require_safe
def target_list(request: HouseRequest) -> HttpResponse:
    """One cell of a level for every group or project, and the strip of the year. Constant queries."""
    scope = asked(request).scope
    projects = Project.objects.all()
    filterset = TargetFilter(request.GET, queryset=projects, as_of=scope.as_of, year=scope.year)
    level, by_project = filterset.chosen_level, filterset.grouping == BY_PROJECT
    if not by_project:
        scope = scope.within("", "")
    group = group_of(scope)
    total = target_total(scope)
    number = filterset.cell(total.year.closed)
    cell = total.year.cell(level, number)
    columns = {"as_of": scope.as_of, "level": level, "cell": number}
    table = (_by_project if by_project else _by_group)(scope, filterset, columns)
    active = [chip for chip in chips(filterset) if chip.name in {"list", "q", "short"}]
    words = f"{cell.words}目标进度（按{SPLITS[filterset.grouping]}）"
    notes = list_notes(
        request,
        scope.as_of,
        active,
        f"{scope.year}年名单",
        f"{cell.words}目标与完成",
        group.words if group else "",
    )
    if by_project and file_asked(request):
        table.years = listing_years(table.data.data, scope)
    if file := exported(request, table, title=words, notes=notes, as_of=scope.as_of):
        return file
    table = paged(request, table)
    if by_project:
        table.years = listing_years([row.record for row in table.page.object_list], scope)
    context = {
        "as_of": scope.as_of,
        "takes_as_of": True,
        "scope": scope,
        "table": table,
        "form": filterset.form,
        "chips": active,
        "total": total,
        "total_doors": doors(scope),
        "cell": cell,
        "cells": total.year.cells(level),
        "level": level,
        "levels": list(TargetLevel),
        "pace": total.year.pace(level.larger),
        "split": filterset.grouping,
        "splits": SPLITS,
        "group": group,
        "limited": not request.user.sees_all_projects,
    }
    return render(request, "figures/target_list.html", context)


def _by_group(scope: Scope, filterset: TargetFilter, columns: dict[str, Any]) -> GroupTargetTable:
    return GroupTargetTable(
        target_rows(scope, filterset.grouping),
        heading=SPLITS[filterset.grouping],
        inside=inside_of(scope, filterset.grouping, filterset.chosen_level.value),
        **columns,
    )


def _by_project(scope: Scope, filterset: TargetFilter, columns: dict[str, Any]) -> ProjectTargetTable:
    rows = project_targets(scope, filterset.qs if filterset.data.get("q") else None)
    return ProjectTargetTable(
        [row for row in rows if row.shortfall] if filterset.short_only else rows, **columns
    )


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
        "limited": not request.user.is_office and bool(closed),
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
