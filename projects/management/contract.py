"""What every command of docs/contract.md §2 shares: --json, --as-of, and how a refusal is spoken."""

import argparse
import datetime as dt
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from projects import clock
from projects.periods import EARLIEST, LATEST


def day(text: str) -> dt.date:
    """Argument type of a day (统计日); what is no day of the office's calendar is wrong usage."""
    try:
        given = dt.date.fromisoformat(text)
    except ValueError:
        given = None
    if given is None or not EARLIEST <= given <= LATEST:
        raise argparse.ArgumentTypeError(f"“{text}”不是可用的日期，请按 2023-10-12 的格式填写")
    return given


def plan_year(text: str) -> int:
    """Argument type of a plan year (年度)."""
    if not (text.isascii() and text.isdigit()) or not EARLIEST.year <= int(text) <= LATEST.year:
        raise argparse.ArgumentTypeError(f"“{text}”不是可用的年度，请填写四位年份，如 2023")
    return int(text)


class ContractCommand(BaseCommand):
    """Exit 0 done, 1 refused (the reason on standard error and in the JSON), 2 usage.

    Subclasses implement `answer(**options: Any) -> dict` (the JSON document) and `show(document)` (the words for people);
    a refusal is raised as CommandError with a sentence, `refusal` carrying further JSON.
    """

    takes_as_of = True

    def add_arguments(self, parser: CommandParser) -> None:
        if self.takes_as_of:
            parser.add_argument("--as-of", type=day, metavar="YYYY-MM-DD", help="统计日，默认今天")
        parser.add_argument("--json", action="store_true", dest="as_json", help="标准输出只写一份 JSON")

    def handle(self, *args: Any, as_json: bool = False, **options: Any) -> None:
        if self.takes_as_of:
            options["as_of"] = options.get("as_of") or clock.today()
        try:
            document = self.answer(**options)
        except CommandError as refused:
            if as_json:
                self._write({"error": str(refused), **getattr(refused, "refusal", {})})
            raise
        if as_json:
            self._write(document)
        else:
            self.show(document)

    def _write(self, document: dict) -> None:
        self.stdout.write(json.dumps(document, ensure_ascii=False, indent=1))

    def answer(self, *args: Any, **options: Any) -> dict:
        raise NotImplementedError

    def show(self, document: dict) -> None:
        raise NotImplementedError


class Refusal(CommandError):
    """A refusal with exit code 1; `refusal` joins the JSON document."""

    refusal: dict[str, Any]


def refuse(message: str, **refusal: Any) -> Refusal:
    """A refusal of a command in a sentence, with what the JSON document says beside it."""
    error = Refusal(message, returncode=1)
    error.refusal = refusal
    return error
