"""Rule sets of lights (亮灯规则): list, words of each, drafts with their bands, putting in force, ending, trying out."""

import datetime as dt
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from projects import clock
from projects.figures.lights.rule_sets import DEFAULT, applied
from projects.figures.lights.trial import COLUMNS, LightTrial
from projects.figures.population import Scope
from projects.models import LightRuleSet, Project
from projects.periods import day_words
from projects.queries.lights.rule_sets import bands_of, by_gauge, population_words, stored_rules, unjudged
from projects.rules import rule_faults
from projects.services.base.changing import sure
from projects.services.base.steps import Steps
from projects.services.lights import rule_sets as service

from ..base.form_page import Done, bound, form_page
from ..base.guards import office_only
from ..base.list_page import ListPage
from ..base.refusals import refused_on
from ..base.requests import HouseRequest
from .filters import TrialFilter
from .forms import BandFormSet, EnforceForm, RepealForm, RuleCreateForm, RuleSetForm, WithdrawForm
from .tables import TrialTable


def _rule_set(request: HouseRequest, pk: int) -> LightRuleSet:
    """A rule set, for those who see all projects."""
    if not request.user.sees_all_projects:
        raise PermissionDenied("亮灯规则由统筹、督查和管理员查看。")
    rows = LightRuleSet.objects.select_related("made_by", "enforced_by", "repealed_by")
    rows = rows.prefetch_related("bands", "kinds")
    return get_object_or_404(rows, pk=pk)


def _draft(request: HouseRequest, pk: int) -> tuple[LightRuleSet, Steps]:
    """A draft and its steps, for the office; one that was put in force is not there to be changed."""
    office_only(request, service.VERBS)
    rule_set = get_object_or_404(LightRuleSet.objects.prefetch_related("bands", "kinds"), pk=pk)
    steps = service.steps_of(rule_set, request.user, clock.today(), among=())
    if not steps["edit"]:
        raise Http404(steps["edit"].refusal)
    return rule_set, steps


@require_safe
def lightrule_list(request: HouseRequest) -> HttpResponse:
    """All rule sets: those in force, those to come, drafts, those that were replaced or ended."""
    if not request.user.sees_all_projects:
        raise PermissionDenied("亮灯规则由统筹、督查和管理员查看。")
    return render(request, "lights/lightrule_list.html", {"rows": stored_rules(clock.today())})


@require_safe
def lightrule_detail(request: HouseRequest, pk: int) -> HttpResponse:
    """One rule set in words: its bands by dimension, whom it applies to, who put it in force by what document."""
    rule_set = _rule_set(request, pk)
    bands = bands_of(rule_set)
    faults = rule_faults(bands, rule_set.red_needs) if rule_set.is_draft else []
    stored = stored_rules(clock.today())
    context = {
        "rule_set": rule_set,
        "state": next(row.state for row in stored if row.rule_set.pk == pk),
        "population": population_words(rule_set),
        "gauges": by_gauge(bands),
        "unjudged": unjudged(bands),
        "faults": faults,
        "steps": service.steps_of(
            rule_set, request.user, clock.today(), among=[row.rule_set for row in stored]
        ),
    }
    return render(request, "lights/lightrule_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def lightrule_create(request: HouseRequest) -> HttpResponse:
    """Draft a rule set (拟订规则), from a preset or a copy of an existing one."""
    office_only(request, service.VERBS)
    form = RuleCreateForm(**bound(request), initial={"start": request.GET.get("start")})

    def draft() -> Done:
        rule_set = service.draft_rule_set(by=request.user, now=clock.now(), **form.cleaned_data)
        return Done("已建立草案，请逐档核定。", "lightrule_edit", rule_set.pk)

    context = {"cancel_href": reverse("lightrule_list")}
    return form_page(request, "lights/lightrule_form.html", form, draft, context=context)


@require_http_methods(["GET", "HEAD", "POST"])
def lightrule_edit(request: HouseRequest, pk: int) -> HttpResponse:
    """Change a draft: its head and its bands, row by row."""
    rule_set, _steps = _draft(request, pk)
    form = RuleSetForm(**bound(request), instance=rule_set, initial={"kinds": rule_set.kinds.all()})
    bands = [band for one in by_gauge(bands_of(rule_set)) for band in one.all]
    rows = BandFormSet(**bound(request), initial=BandFormSet.rows_of(bands), prefix="band")
    if request.method == "POST" and all([form.is_valid(), rows.is_valid()]):
        with refused_on(form):
            service.edit_rule_set(
                rule_set=rule_set, bands=rows.bands, by=request.user, now=clock.now(), **form.cleaned_data
            )
            messages.success(request, "草案已保存。")
            return redirect("lightrule_detail", pk=pk)
    context = {"form": form, "rows": rows, "rule_set": rule_set}
    return render(request, "lights/lightrule_edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def lightrule_enforce(request: HouseRequest, pk: int) -> HttpResponse:
    """Put a draft in force (启用), told what would change by the facts of today."""
    rule_set, steps = _draft(request, pk)
    today = clock.today()
    form = EnforceForm(**bound(request), initial={"effective_on": today})

    def enforce() -> Done:
        service.enforce_rule_set(rule_set=rule_set, by=request.user, now=clock.now(), **form.cleaned_data)
        return Done("规则已启用，不再修改。", "lightrule_detail", pk)

    def context() -> dict[str, Any]:
        trial = LightTrial(rule_set, Scope(today, today.year, viewer=request.user))
        facts = {
            "适用范围": f"{population_words(rule_set)}，今年{len(trial.moves)}个",
            "按今天试算": f"{trial.sentence}。",
        }
        return _asked(rule_set, facts) | {"steps": steps}

    return form_page(request, "lights/lightrule_enforce.html", form, enforce, context=context)


@require_http_methods(["GET", "HEAD", "POST"])
def lightrule_withdraw(request: HouseRequest, pk: int) -> HttpResponse:
    """Take back a set put in force by mistake (撤回启用), before its first day, with the reason."""
    rule_set = _rule_set(request, pk)
    if not service.steps_of(rule_set, request.user, clock.today())["withdraw"]:
        office_only(request, service.VERBS)
        raise Http404
    form = WithdrawForm(**bound(request))

    def withdraw() -> Done:
        reason = form.cleaned_data["reason"]
        service.withdraw_rule_set(rule_set=rule_set, reason=reason, by=request.user, now=clock.now())
        return Done("已撤回启用，规则回到草案。", "lightrule_detail", pk)

    facts = {"适用范围": population_words(rule_set), "原定启用": day_words(sure(rule_set.effective_on))}
    context = _asked(rule_set, facts)
    return form_page(request, "lights/lightrule_withdraw.html", form, withdraw, context=context)


@require_http_methods(["GET", "HEAD", "POST"])
def lightrule_repeal(request: HouseRequest, pk: int) -> HttpResponse:
    """End a set in force (停用), told which rules would judge its projects by the facts of today."""
    office_only(request, service.VERBS)
    today, rows = clock.today(), list(LightRuleSet.objects.prefetch_related("bands", "kinds"))
    rule_set = next((row for row in rows if row.pk == pk), None)
    if rule_set is None or not service.steps_of(rule_set, request.user, today, among=rows)["repeal"]:
        raise Http404
    form = RepealForm(**bound(request))

    def repeal() -> Done:
        service.repeal_rule_set(rule_set=rule_set, by=request.user, now=clock.now(), **form.cleaned_data)
        words = f"规则自{day_words(form.cleaned_data['repealed_on'])}起停用。"
        return Done(words, "lightrule_detail", pk)

    def context() -> dict[str, Any]:
        trial = LightTrial(rule_set, Scope(today, today.year, viewer=request.user), ends=True)
        is_ahead = rule_set.effective_on is not None and rule_set.effective_on > today
        facts = {
            "适用范围": population_words(rule_set),
            "启用后评定" if is_ahead else "现评定": f"{len(trial.moves)}个项目",
            "停用后改按": _heirs_in_words(trial),
            "按今天试算": f"{trial.sentence}。",
        }
        is_general = applied(rule_set).is_general
        return _asked(rule_set, facts) | {"is_general": is_general, "default": DEFAULT.rules.name}

    return form_page(request, "lights/lightrule_repeal.html", form, repeal, context=context)


def _asked(rule_set: LightRuleSet, facts: dict[str, str]) -> dict[str, Any]:
    """What a page that asks before a step shows: the set, and what the step would come to."""
    return {
        "rule_set": rule_set,
        "facts": [{"label": label, "value": value} for label, value in facts.items()],
        "cancel_href": reverse("lightrule_detail", args=[rule_set.pk]),
    }


def _heirs_in_words(trial: LightTrial) -> str:
    """“银川市2025年”12个、产品缺省规则（银川市2025年）3个: which rules would judge the projects of an ended set."""
    named = [
        (f"“{one.rules.name}”" if one.pk else f"产品缺省规则（{one.rules.name}）", number)
        for one, number in trial.heirs
    ]
    return "、".join(f"{name}{number}个" for name, number in named) or "—"


class LightRuleTrial(ListPage):
    """What would change (试算): the set on a day beside what is in force then, and each project it would move. No writes."""

    template_name = "lights/lightrule_try.html"
    filter_class, table_class = TrialFilter, TrialTable

    def get(self, request: HouseRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.rule_set = _rule_set(request, kwargs["pk"])
        self.trial = LightTrial(self.rule_set, Scope(self.as_of, self.as_of.year, viewer=request.user))
        self.heading, self.title = f"试算：{self.rule_set}", f"{self.rule_set}试算清单"
        self.note = f"亮灯规则“{self.rule_set}”与现行规则对照"
        return super().get(request, *args, **kwargs)

    def rows(self) -> QuerySet[Project]:
        return Project.objects.select_related("lead_department").order_by("code")

    def filter_arguments(self) -> dict[str, Any]:
        return super().filter_arguments() | {"trial": self.trial}

    def table_arguments(self) -> dict[str, Any]:
        return super().table_arguments() | {"trial": self.trial}

    def context(self) -> dict[str, Any]:
        trial, door = self.trial, partial(_door, self.as_of)
        return {
            "rule_set": self.rule_set,
            "population": population_words(self.rule_set),
            "trial": trial,
            "everything": door(show="all"),
            "changed": door(),
            "changes": [(*move, door(was=move[0], will=move[1])) for move in trial.changes],
            "columns": COLUMNS,
            "matrix": _matrix(trial, self.as_of),
            "totals": [(light, trial.after(light), door(will=light, show="all")) for light in COLUMNS],
        }


def _matrix(trial: LightTrial, as_of: dt.date) -> list[tuple[Any, ...]]:
    """Rows of (light now, its number, its door, cells of (light then, number, door)); every cell opens its rows."""
    return [
        (
            was,
            trial.before(was),
            _door(as_of, was=was, show="all"),
            [
                (will, trial.counts[was, will], _door(as_of, was=was, will=will, show="all"))
                for will in COLUMNS
            ],
        )
        for was in COLUMNS
    ]


def _door(as_of: dt.date, **chosen: str) -> str:
    """The trial's own page with exactly the rows a figure counts."""
    return f"?{urlencode({'as_of': as_of.isoformat()} | {key: str(value) for key, value in chosen.items()})}"
