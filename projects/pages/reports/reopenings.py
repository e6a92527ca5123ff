"""Periods opened again (重新开放填报): the list with the form that opens one, and ending one early; the office alone."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from projects import clock
from projects.models import PeriodReopening
from projects.periods import TenDayPeriod
from projects.queries.reports.reports import ReportWindows
from projects.services.reports.reopenings import close_reopening, reopen_period, steps_of

from ..base.form_page import Done, bound, form_page
from ..base.guards import office_only
from ..base.list_page import ListPage
from ..base.refusals import refused_on
from ..base.requests import HouseRequest
from ..base.returning import safe_next
from .filters import ReopeningFilter
from .forms import CloseForm, ReopeningForm
from .periods import period_of
from .tables import ReopeningTable

OFFICE_WORK = "重新开放填报"


class ReopeningList(ListPage):
    """Every reopening, the latest first, and the form that opens a locked period."""

    http_method_names = ["get", "head", "post"]
    template_name = "reports/reopening_list.html"
    title = heading = "重新开放填报"
    takes_as_of = False
    filter_class, table_class = ReopeningFilter, ReopeningTable

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        office_only(self.request, OFFICE_WORK)
        self.wanted = {
            name: request.GET.get(of, "") for name, of in (("period", "open"), ("project", "project"))
        }
        periods = _locked_periods(self.wanted["period"])
        self.form = ReopeningForm(**bound(self.request), periods=periods, initial=self.wanted)

    def rows(self) -> QuerySet[PeriodReopening]:
        return PeriodReopening.objects.select_related("project", "made_by")

    def context(self) -> dict[str, Any]:
        return {
            "reopening_form": self.form,
            "is_open": self.form.is_bound or any(self.wanted.values()),
            "count": self.rows().filter(until_on__gte=self.as_of).count(),
        }

    def post(self, request: HouseRequest) -> HttpResponse:
        if self.form.is_valid():
            with refused_on(self.form):
                return self._reopen().redirect(request)
        return self.get(request)

    def _reopen(self) -> Done:
        reopening = reopen_period(by=self.request.user, now=clock.now(), **self.form.cleaned_data)
        whose = f"“{reopening.project.name}”" if reopening.project else "全部项目"
        period, until = self.form.cleaned_data["period"], reopening.until_on
        words = f"已对{whose}重新开放{period.label}旬报，至{until.month}月{until.day}日。"
        return Done(words, "reopening_list")


@require_http_methods(["GET", "HEAD", "POST"])
def reopening_close(request: HouseRequest, pk: int) -> HttpResponse:
    """End a reopening before its day (提前关闭), with the reason."""
    office_only(request, OFFICE_WORK)
    reopening = get_object_or_404(PeriodReopening.objects.select_related("project", "made_by"), pk=pk)
    back = safe_next(request, reverse("reopening_list"))
    form = CloseForm(**bound(request))

    def close() -> Done:
        close_reopening(reopening=reopening, by=request.user, now=clock.now(), **form.cleaned_data)
        return Done("已提前关闭，该旬恢复锁定。", back)

    context = {
        "reopening": reopening,
        "period": TenDayPeriod.ending_on(reopening.period_ends_on),
        "steps": steps_of(reopening, request.user, clock.today()),
        "back": back,
    }
    return form_page(request, "reports/reopening_close.html", form, close, context=context)


def _locked_periods(asked: str) -> list[TenDayPeriod]:
    """The year's periods that are locked, the latest first, and the one asked for."""
    today = clock.today()
    windows = ReportWindows.current()
    running = TenDayPeriod.containing(today)
    periods = [running.shift(-back) for back in range(1, TenDayPeriod.PER_YEAR + 1)]
    wanted = period_of(asked)
    if wanted and wanted not in periods:
        periods.append(wanted)
    return [period for period in periods if today > windows.of(period).closes_on]
