"""Milestones (节点): the list over all projects, marking one done, taking that back."""

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from projects import clock
from projects.models import Milestone, Project
from projects.models.plans.plans import MilestoneQuerySet
from projects.queries.alerts.findings import milestones_driven
from projects.queries.plans.progress import DUE, OPEN, OVERDUE, of_status
from projects.queries.plans.schedule import milestone_files
from projects.services.plans.milestones import achieve_milestone, steps_of, undo_achievement

from ..base.form_page import Done, bound, form_page
from ..base.list_page import ListPage
from ..base.requests import HouseRequest
from ..base.returning import safe_next
from ..base.scope import UNKNOWN_WORDS, asked_matters, of_group
from .filters import MilestoneFilter
from .forms import AchieveForm, UndoForm
from .tables import MilestoneTable

CLAIMED_WORDS = "完成日期早于最近一期已确认的旬报，已报发改局统筹核实，确认后办结"
OPEN_FIRST = F("achieved_on").desc(nulls_first=True)  # what is still to be done, then the latest done


class MilestoneList(ListPage):
    """Milestones by status, stage, unit and list as of a day, the earliest due first."""

    template_name = "plans/milestones/milestone_list.html"
    title, heading = "节点清单", "节点"
    subheading = "在执行推进方案的节点"
    filter_class, table_class = MilestoneFilter, MilestoneTable

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.asked, self.matters = asked_matters(self.request, "milestone")
        self.scope = self.asked.scope
        if self.matters:
            self.as_of = self.matters.scope.cut_off
        said = [self.subheading, self.matters and self.matters.words, self.scope.is_unknown and UNKNOWN_WORDS]
        self.note = "，".join(words for words in said if words)

    @cached_property
    def population(self) -> Any:
        """The milestones of the figure or the group asked for, before any filter."""
        user = self.request.user
        rows = (
            milestones_driven(self.as_of, Project.objects.visible_to(user))
            .select_related("plan__project__sponsor", "plan__project__lead_department", "unit")
            .for_steps(user)
        )
        if self.matters:
            return self.matters.of(rows, "plan__project")
        return of_group(rows, self.scope, "plan__project")

    def rows(self) -> QuerySet[Milestone]:
        return self.population.order_by(OPEN_FIRST, "due_on", "pk")

    def make_table(self, rows: Any) -> MilestoneTable:
        undone = self.filterset.data.get("status") in {OVERDUE, DUE, OPEN}
        table = MilestoneTable(rows, as_of=self.as_of, exclude=("achieved_on",) if undone else ())
        table.user, table.today = self.request.user, clock.today()
        table.back = self.request.get_full_path()
        return table

    def prepare(self, table: MilestoneTable) -> None:
        table.files = milestone_files(row.record for row in table.paginated_rows)

    def context(self) -> dict[str, Any]:
        return {
            "asked": self.matters,
            "scope": self.scope,
            "chips": self.active(),  # also the status that a figure asks for
            "overdue": of_status(self.population, OVERDUE, self.as_of).count(),
            "group": None if self.matters else self.asked.group,
        }


def with_steps(request: HouseRequest, milestones: MilestoneQuerySet, pk: int) -> Milestone:
    """The milestone of a step, read with what its steps ask; 404 where it is none of these."""
    found = milestones.for_steps(request.user).select_related("plan__project", "unit")
    return get_object_or_404(found, pk=pk)


def about_step(request: HouseRequest, milestone: Milestone) -> dict[str, Any]:
    """What the page of a step shows beside its form: the milestone, what may be done with it, where it leads back."""
    return {
        "milestone": milestone,
        "back": safe_next(request, reverse("milestone_list")),
        "steps": steps_of(milestone, request.user, clock.today()),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def milestone_achieve(request: HouseRequest, pk: int) -> HttpResponse:
    """Mark a milestone done (登记办结), on a phone with a photo from the site or at the desk with a number."""
    milestone = with_steps(request, Milestone.objects.workable_by(request.user), pk)
    about = about_step(request, milestone)
    form = AchieveForm(**bound(request), initial={"achieved_on": clock.today()})

    def achieve() -> Done:
        done = achieve_milestone(milestone=milestone, by=request.user, now=clock.now(), **form.cleaned_data)
        sees = Project.objects.visible_to(request.user).filter(pk=milestone.project.pk).exists()
        back = (
            about["back"] if sees else reverse("milestone_list")
        )  # a unit that saw it for this milestone alone
        if done.achieved_on is None:
            return Done(f"{CLAIMED_WORDS}：节点“{milestone.name}”。", back)
        return Done(f"已登记节点“{milestone.name}”办结。", back)

    return form_page(request, "plans/milestones/milestone_achieve.html", form, achieve, context=about)


@require_http_methods(["GET", "HEAD", "POST"])
def milestone_undo(request: HouseRequest, pk: int) -> HttpResponse:
    """Take back a completion (撤销办结), with the reason; the office alone."""
    milestone = with_steps(request, Milestone.objects.visible_to(request.user), pk)
    if not request.user.is_office:
        raise PermissionDenied
    about = about_step(request, milestone)
    form = UndoForm(**bound(request))

    def undo() -> Done:
        undo_achievement(milestone=milestone, by=request.user, now=clock.now(), **form.cleaned_data)
        return Done(f"已撤销节点“{milestone.name}”的办结。", about["back"])

    return form_page(request, "plans/milestones/milestone_undo.html", form, undo, context=about)
