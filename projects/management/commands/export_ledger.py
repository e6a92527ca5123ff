"""export_ledger (台账导出): the year's lists in the office's own layout (docs/contract.md §2)."""

import os
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from projects import clock
from projects.models import AnnualList
from projects.queries.lists.names import find_list_kind
from projects.workbooks import write_ledger


class Command(BaseCommand):
    help = "按单位台账版式导出年度名单及节点、投资、问题、指标各表（xlsx），可由 import_ledger 原样读回。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", required=True, metavar="文件.xlsx", help="写入的文件")
        parser.add_argument("--list", dest="list_name", metavar="名单", help="只导出该名单，默认全部")
        parser.add_argument("--year", type=int, metavar="年度", help="默认为截至日期所在年度")
        parser.add_argument("--as-of", metavar="YYYY-MM-DD", help="截至日期，默认今日")

    def handle(
        self, *args: Any, out: str, list_name: str | None, year: int | None, as_of: str | None, **options: Any
    ) -> None:
        day = _day(as_of)
        lists = _lists(list_name, year or day.year)
        path = Path(out)
        if path.suffix.lower() != ".xlsx":
            raise CommandError(f"{out} 应以 .xlsx 结尾。")
        counts = _write(path, lists, day)
        self.stdout.write(f"已导出 {path}（截至{day.isoformat()}）：")
        for sheet, rows in counts.items():
            self.stdout.write(f"  {sheet}：{rows}行")


def _day(text: str | None) -> date:
    if not text:
        return clock.today()
    try:
        if len(text) != 10:
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"--as-of {text} 不是日期，应写成 2023-10-12 的样子。", returncode=2) from None


def _lists(name: str | None, year: int) -> list[AnnualList]:
    found = AnnualList.objects.filter(year=year, listings__isnull=False).distinct().select_related("kind")
    if name:
        kind = find_list_kind(name)
        if kind is None:
            raise CommandError(f"没有名单“{name}”，请核对名称。")
        found = found.filter(kind=kind)
    lists = list(found.order_by("kind__position"))
    if not lists:
        raise CommandError(f"{year}年没有{name or '任何名单'}的项目，没有可导出的内容。")
    return lists


def _write(path: Path, lists: list[AnnualList], day: date) -> dict[str, int]:
    """Write beside the target and move it there when whole: a failure leaves no half workbook."""
    try:
        handle, partial = tempfile.mkstemp(dir=path.resolve().parent, suffix=".xlsx")
        try:
            with os.fdopen(handle, "wb") as file:
                counts = write_ledger(file, lists=lists, as_of=day)
            os.chmod(partial, 0o640)
            os.replace(partial, path)
        except BaseException:
            Path(partial).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise CommandError(f"无法写入 {path}（{error.strerror}），请换一个目录。") from error
    return counts
