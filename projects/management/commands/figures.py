"""figures: 指标 per list or group as of a day (docs/contract.md §2)."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.management.base import CommandParser

from projects.figures.baselines import BUILT_IN_NAMES, Baseline, built_in, curve_baseline
from projects.figures.figures import StartIdentity, figure_rows, figure_total
from projects.figures.population import DIMENSIONS, Scope
from projects.management.contract import ContractCommand, plan_year, refuse
from projects.models import AnnualList, BaselineCurve
from projects.money import gap_sentence
from projects.queries.lists.names import find_annual_list


class Command(ContractCommand):
    help = "按名单或按单位计算各项指标（开工率、投资完成率、序时进度等）。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--year", type=plan_year, help="名单年度，默认统计日所在年")
        parser.add_argument("--list", dest="list_name", metavar="NAME", help="名单名称，默认全部")
        parser.add_argument("--by", choices=["list", *DIMENSIONS], default="list", help="分组方式")
        parser.add_argument("--baseline", metavar="NAME", help="序时口径，默认名单自定")
        parser.add_argument("--places", type=int, choices=range(0, 5), help="比率小数位，默认名单自定")
        parser.add_argument(
            "--basis", choices=["confirmed", "submitted"], default="confirmed", help="数据口径"
        )

    def answer(
        self,
        *,
        as_of: date,
        year: int | None,
        list_name: str | None,
        by: str,
        baseline: str | None,
        places: int | None,
        basis: str,
        **_: Any,
    ) -> dict:
        year = year or as_of.year
        scope = Scope(as_of, year, self._lists(list_name, year), basis)
        rule = self._baseline(baseline)
        total = figure_total(scope, baseline=rule, places=places)
        return {
            "as_of": as_of.isoformat(),
            "year": year,
            "basis": basis,
            "baseline": total.baseline.name,
            "rows": [row.as_json() for row in figure_rows(scope, by=by, baseline=rule, places=places)],
            "total": total.as_json(),
        }

    def show(self, document: dict) -> None:
        self.stdout.write(
            f"截至{document['as_of']}，{document['year']}年名单，序时口径 {document['baseline']}"
        )
        for row in [*document["rows"], document["total"]]:
            self.stdout.write(
                f"{row['group']}：{row['projects']}个，总投资{row['total_investment']}万元；"
                f"已开工{row['started']}个，开工率（含续建）{_percent(row['start_rate_including_continuing'])}，"
                f"新开工{row['new_starts_started']}/{row['new_starts']}个，{_percent(row['start_rate_of_year'])}，"
                f"计划开工率{_percent(row['start_rate_to_date'])}（{_identity(row)}）；"
                f"完成投资{row['invested_this_year']}/{row['planned_investment']}万元，"
                f"{_percent(row['investment_completion'])}，序时{_percent(row['pro_rata_progress'])}，"
                f"{_gap(row['schedule_gap_points'])}；投产{row['in_production']}个"
            )

    def _lists(self, name: str | None, year: int) -> tuple[int, ...]:
        if name is None:
            return ()
        found = find_annual_list(name, year)
        if found is None:
            known = "、".join(str(item) for item in AnnualList.objects.select_related("kind")) or "无"
            raise refuse(f"没有{year}年名单“{name}”。现有名单：{known}。")
        return (found.pk,)

    def _baseline(self, name: str | None) -> Baseline | None:
        if name is None:
            return None
        if name in BUILT_IN_NAMES:
            return built_in(name)
        curve = BaselineCurve.objects.filter(name=name).first()
        if curve is None:
            known = "、".join([*BUILT_IN_NAMES, *BaselineCurve.objects.values_list("name", flat=True)])
            raise refuse(f"没有序时口径“{name}”。可用：{known}。")
        return curve_baseline(curve)


def _identity(row: dict) -> str:
    """The starts of a printed row (开工勾稽关系)."""
    keys = ("new_starts_due", "missed_starts", "early_starts", "new_starts_started")
    return StartIdentity(*(row[key] for key in keys)).words


def _gap(text: str | None) -> str:
    return gap_sentence(None if text is None else Decimal(text))


def _percent(text: str | None) -> str:
    return "—" if text is None else f"{text}%"
