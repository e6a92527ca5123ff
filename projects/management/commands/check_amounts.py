"""check_amounts: do the year's amounts (年度累计) say what the reports say? `--mend` writes them anew."""

from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction

from projects.management.contract import ContractCommand, refuse
from projects.models import YearAmounts
from projects.queries.figures.year_amounts import wrong_year_amounts
from projects.services.figures.year_amounts import rewrite_all_year_amounts

SHOWN = 10


class Command(ContractCommand):
    help = "核对年度累计与已确认旬报是否一致；--mend 按旬报重新写入。"
    takes_as_of = False

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--mend", action="store_true", help="不一致时按旬报重新写入")

    def answer(self, *, mend: bool, **_: Any) -> dict:
        wrong = wrong_year_amounts()
        named = [{"code": project.code, "name": project.name, "year": year} for project, year in wrong]
        if wrong and not mend:
            shown = "；".join(f"{row['name']}（{row['year']}年）" for row in named[:SHOWN])
            more = f" 等{len(named)}项" if len(named) > SHOWN else ""
            raise refuse(
                f"年度累计与已确认旬报不一致：{shown}{more}。请运行 manage.py check_amounts --mend 按旬报重新写入。",
                wrong=named,
            )
        if wrong:
            with transaction.atomic():
                rewrite_all_year_amounts()
        return {"rows": YearAmounts.objects.count(), "mended": named}

    def show(self, document: dict) -> None:
        mended = f"，已按旬报改正{len(document['mended'])}项" if document["mended"] else ""
        self.stdout.write(f"年度累计与已确认旬报一致，共{document['rows']}项{mended}。")
