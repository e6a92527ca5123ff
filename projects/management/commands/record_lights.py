"""Record the lights that ten-day periods closed with (记录亮灯)."""

import argparse
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser

from projects import clock
from projects.management.contract import ContractCommand, refuse
from projects.periods import EARLIEST, TenDayPeriod
from projects.rules import Light
from projects.services.lights.records import record_lights


def period(text: str) -> TenDayPeriod:
    """Argument type of a ten-day period (旬)."""
    try:
        found = TenDayPeriod.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    if found.year < EARLIEST.year:
        raise argparse.ArgumentTypeError(f"不能早于{EARLIEST.year}年")
    return found


class Command(ContractCommand):
    help = "记录亮灯：记下各项目在每个已过报送期的旬末所亮的灯，此后不再改动。重复运行不产生变化。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--since",
            type=period,
            metavar="YYYY-MM-N",
            help="补记：自该旬起，对当时已有投资数据的项目补记；默认只记各项目旬报起始以后的旬",
        )

    def answer(self, *, as_of: date, since: TenDayPeriod | None = None, **options: Any) -> dict:
        try:
            done = record_lights(as_of=as_of, now=clock.now(), since=since)
        except ValidationError as refusal:
            raise refuse("".join(refusal.messages)) from refusal
        return {
            "as_of": as_of.isoformat(),
            "records": sum(one.projects for one in done),
            "periods": [
                {
                    "period": one.period.code,
                    "ends_on": one.period.last_on.isoformat(),
                    "projects": one.projects,
                    "lights": {light.value: one.lights[light] for light in Light},
                }
                for one in done
            ],
        }

    def show(self, document: dict) -> None:
        for one in document["periods"]:
            words = "、".join(f"{light.words}{one['lights'][light.value]}个" for light in Light)
            self.stdout.write(
                f"{TenDayPeriod.parse(one['period']).full_words}：{one['projects']}个项目，{words}。"
            )
        self.stdout.write(f"截至{document['as_of']}：新增亮灯记录{document['records']}条。")
