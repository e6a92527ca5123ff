"""The overview (总览): rates of the year's lists, units around 序时, the year's trend; every figure a door."""

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from projects.measures.baselines import TEN_DAY
from projects.measures.definitions import RATES
from projects.measures.figures import FigureRow, figures_of
from projects.measures.indicators import indicator_cards
from projects.measures.population import DIMENSIONS, Scope
from projects.measures.trend import investment_trend
from projects.models import AnnualList, Project, Unit
from projects.money import gap_sentence
from projects.queries.findings import milestones_driven
from projects.rules import Light

from .readings import reading_of
from .scope import asked, door, doors

JOINED_SHARE = 10  # a tenth of the projects reporting for the first time is a jump worth a word
STAGES = ("preparatory_stage", "construction_stage", "completed")
STAGE_WORDS = {
    "preparatory_stage": ("前期", "抓对接、保开工"),
    "construction_stage": ("在建", "抓进度、保节点"),
    "completed": ("竣工", "抓配套、保投用"),
}


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """Cards per list, the total, one split by unit, trend, stages, lights, overdue. Constant queries."""
    scope = asked(request).scope.within("", "")  # the splits below are the only groups of this page
    split = request.GET.get("split") if request.GET.get("split") in DIMENSIONS else "lead_department"
    figures = figures_of(scope, by=split)
    total = figures.total
    reading = reading_of(request, scope)
    overdue = [] if reading.is_published else _overdue_by_unit(scope)
    return render(
        request,
        "dashboard/dashboard.html",
        {
            "as_of": scope.as_of,
            "takes_as_of": True,
            "scope": scope,
            "all_lists": AnnualList.objects.filter(year=scope.year).select_related("kind"),
            "years": AnnualList.objects.values_list("year", flat=True).distinct().order_by("-year"),
            "cards": [_card(row) for row in figures.lists],
            "total": total,
            "total_doors": doors(scope),
            "gap": gap_sentence(total.schedule_gap_points),
            "lights": [
                (light, total.lights.get(light.value, 0), f"{door(scope, 'projects')}&light={light.value}")
                for light in (Light.RED, Light.YELLOW, Light.GREEN)
            ],
            "splits": [(key, dimension.name) for key, dimension in DIMENSIONS.items()],
            "split": split,
            "split_name": DIMENSIONS[split].name,
            "bars": _bars(figures.groups),
            "unit_rows": [(row, doors(row.scope)) for row in figures.groups],
            "reading": reading,
            "trend": None if reading.is_published else _trend(scope, total),
            "stages": [(*STAGE_WORDS[key], key, total[key], door(scope, key)) for key in STAGES],
            "overdue": overdue,
            "overdue_total": sum(row["n"] for row in overdue),
            "indicators": indicator_cards(scope.year, scope.cut_off),
            "limited": not request.user.sees_all_projects,
        },
    )


def _card(row: FigureRow) -> dict:
    """Context of components/rate_card.html for one list."""
    links = doors(row.scope)
    gap = row.schedule_gap_points
    return {
        "name": row.list_name,
        "year": row.scope.year,
        "href": links["projects"],
        "projects": row["projects"],
        "start": row.ratio("start_rate_of_year"),
        "start_label": RATES["start_rate_of_year"].name,
        "start_key": "start_rate_of_year",
        "started_key": "new_starts_started",
        "started": row["new_starts_started"],
        "of": row["new_starts"],
        "of_key": "new_starts",
        "completion": row.investment_completion,
        "invested": row["invested_this_year"],
        "planned": row["planned_investment"],
        "pro_rata": row.pro_rata_ratio,
        "gap_words": gap_sentence(gap),
        "gap_tone": "even" if not gap else "ahead" if gap > 0 else "behind",
        "places": row.places,
        "row": row,
        "to_date": row.ratio("start_rate_to_date"),
        "including": row.ratio("start_rate_including_continuing"),
        "doors": links,
        "links": links
        | {
            "start_rate": links["new_starts"],
            "started": links["new_starts_started"],
            "of": links["new_starts"],
            "investment_completion": links["projects"],
        },
    }


def _bars(units: list[FigureRow]) -> list[dict]:
    """Groups around 序时, the fastest first; a group without plan stands last as 无任务."""
    ranked = sorted(units, key=lambda row: (row.schedule_gap_points is None, -(row.schedule_gap_points or 0)))
    return [
        {
            "label": row.group,
            "value": row.schedule_gap_points,
            "href": door(row.scope, "projects"),
            "note": f"{row['projects']}个项目",
            "key": "projects",
            "data_value": row["projects"],
        }
        for row in ranked
    ]


def _trend(scope: Scope, total: FigureRow) -> dict:
    """The year's cumulative investment in 亿元, by period, as chart and as table."""
    points = investment_trend(scope, total.baseline, planned=total["planned_investment"])
    hundred_million = 10_000
    plan = total["planned_investment"]
    first = next((point for point in points if point.invested is not None), None)
    return {
        "joined": [
            (point.period.words, point.joined)
            for point in points
            if point is not first and point.joined * JOINED_SHARE >= total["projects"] > 0
        ],
        "chart": {
            "labels": [point.period.words for point in points],
            "actual": [
                None if point.invested is None else float(point.invested / hundred_million)
                for point in points
            ],
            "plan": [float(point.planned / hundred_million) for point in points],
            "unit": "亿元",
            "actual_name": "累计完成投资",
            "plan_name": "序时计划" if total.baseline == TEN_DAY else f"计划（{total.baseline.name}）",
        },
        "heads": ["旬", "累计完成（亿元）", "序时计划（亿元）", "投资完成率"],
        "rows": [
            [
                point.period.words,
                f"{point.invested / hundred_million:.2f}",
                f"{point.planned / hundred_million:.2f}",
                point.completion(plan).words(),
            ]
            for point in points
            if point.invested is not None
        ],
    }


def _overdue_by_unit(scope: Scope) -> list[dict]:
    """Overdue milestones of visible projects by responsible unit, most first (逾期节点)."""
    projects = Project.objects.all() if scope.viewer is None else Project.objects.visible_to(scope.viewer)
    overdue = milestones_driven(scope.cut_off, projects).overdue(scope.cut_off)
    if scope.lists:
        overdue = overdue.filter(plan__project__listings__annual_list__in=scope.lists)
    counts = overdue.with_responsible().order_by().values_list("responsible").annotate(n=Count("pk"))
    units = Unit.objects.in_bulk()
    rows = [{"unit": units.get(pk), "n": n} for pk, n in counts]
    rows.sort(key=lambda row: (-row["n"], row["unit"].position if row["unit"] else 0))
    address = reverse("milestone_list")
    day = scope.as_of.isoformat()
    narrowed = f"&list={scope.lists[0]}" if scope.lists else ""
    return [
        row
        | {
            "href": f"{address}?status=overdue&unit={row['unit'].pk if row['unit'] else 'none'}&as_of={day}{narrowed}"
        }
        for row in rows
    ]
