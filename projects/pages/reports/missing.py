"""Who has not reported (未报催报): units with what they owe for a period, and one button that urges them all."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from projects import clock
from projects.models import Project, Unit
from projects.models.projects import ProjectQuerySet
from projects.queries.reports.missing import period_to_chase, unit_reports
from projects.queries.reports.reports import current_window
from projects.services.reports.urging import steps_of, urge_reports

from ..base.columns import HouseTable
from ..base.context import context_of
from ..base.filters import UNKNOWN
from ..base.list_page import ListPage
from ..base.listing import Chip
from ..base.refusals import refused_aloud
from ..base.requests import HouseRequest
from ..base.returning import safe_next
from .filters import HANDED_IN, LATE, MISSING, MissingFilter
from .periods import PeriodShown, period_of
from .tables import MissingTable

STATUSES = ("", HANDED_IN, MISSING, LATE)  # of the projects a figure opens


@dataclass(frozen=True)
class HandInSums:
    """How many units there are, how many reports they owe, handed in, miss and brought late; each with its door."""

    units: int
    owed: int
    handed_in: int
    missing: int
    late: int
    doors: dict[str, str]


class MissingList(ListPage):
    """A period's reports by lead department: owed, handed in, missing, late, with the projects and the reporters."""

    template_name = "reports/missing_list.html"
    heading = "未报催报"
    takes_as_of = False
    filter_class, table_class = MissingFilter, MissingTable

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        asked = period_of(request.GET.get("period", ""))
        self.period = asked or period_to_chase(self.as_of, self.rows())
        self.window = current_window(self.period)
        self.title = f"{self.period.full_words}旬报报送情况"
        self.note = f"{self.period.full_words}旬报，报送截止{self.window.due_on}"

    def rows(self) -> ProjectQuerySet:
        return Project.objects.visible_to(self.request.user)

    def filter_data(self) -> QueryDict:
        data = super().filter_data()
        if period_of(data.get("period", "")) or not data.get("period"):
            data["period"] = self.period.code
        return data

    def active(self) -> list[Chip]:
        return [chip for chip in super().active() if chip.name != "period"]

    def table_arguments(self) -> dict[str, Any]:
        return super().table_arguments() | {
            "period": self.period,
            "door": partial(self._door, self._narrowed()),
        }

    def make_table(self, rows: ProjectQuerySet) -> HouseTable:
        self.units = unit_reports(rows, self.window, user=self.request.user)
        if self.request.GET.get("owes") == "1":
            self.units = [unit for unit in self.units if unit.missing]
        return super().make_table(self.units)

    def context(self) -> dict[str, Any]:
        units, narrowed = self.units, self._narrowed()
        missing = [project for unit in units for project in unit.missing]
        # what the page was narrowed to is urged with the rest
        is_whole = not self.active()
        sums = HandInSums(
            units=len(units),
            owed=sum(unit.owed for unit in units),
            handed_in=sum(unit.handed_in for unit in units),
            missing=len(missing),
            late=sum(unit.late for unit in units),
            doors={status or "owed": self._figure_door(narrowed, status) for status in STATUSES},
        )
        return {
            "period": self.period,
            "shown": PeriodShown(self.window, self.as_of),
            "steps": steps_of(self.window, self.request.user, self.as_of, missing=missing, is_whole=is_whole),
            "back": self.request.get_full_path(),
            **context_of(sums),
        }

    def _narrowed(self) -> dict[str, str]:
        return {chip.name: chip.value for chip in self.active() if chip.name in {"list", "lead"}}

    def _door(self, narrowed: Mapping[str, str], unit: Unit | None, status: str) -> str:
        """The projects of one unit that a figure counts."""
        return self._figure_door({**narrowed, "lead": str(unit.pk) if unit else UNKNOWN}, status)

    def _figure_door(self, narrowed: Mapping[str, str], status: str) -> str:
        query = {"view": "duties", "period": self.period.code, **narrowed}
        return f"{reverse('report_list')}?{urlencode(query | ({'status': status} if status else {}))}"


@require_POST
def missing_urge(request: HouseRequest) -> HttpResponse:
    """Urge everybody who owes a report of the period (一键催报): the office all units, a head the own ones."""
    user = request.user
    units = None if user.is_office else user.headed_unit_ids
    back = safe_next(request, reverse("missing_list"))
    period = period_of(request.POST.get("period", ""))
    if period is None:
        messages.error(request, "没有这一旬，请重新选择。")
        return redirect(back)
    with refused_aloud(request):
        urged = urge_reports(period=period, units=units, by=user, now=clock.now())
        tell = messages.success if urged.people else messages.warning
        tell(request, urged.words)
    return redirect(back)
