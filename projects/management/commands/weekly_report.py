"""The weekly overdue report (逾期周报): built or re-printed, with its docx and xlsx."""

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from projects import clock
from projects.digests.weekly import weekly_content
from projects.digests.weekly_files import weekly_files
from projects.management.contract import ContractCommand, refuse
from projects.models import AlertKind
from projects.periods import EARLIEST, LATEST, Week
from projects.services.weekly.issues import keep_draft


def week_of(text: str) -> Week:
    try:
        week = Week.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    if not EARLIEST.year <= week.year <= LATEST.year:
        raise argparse.ArgumentTypeError(f"周次应在{EARLIEST.year}年至{LATEST.year}年之间")
    return week


class Command(ContractCommand):
    help = "生成逾期周报（docx、xlsx）并存为待签发稿；已签发的按签发时的内容重新输出。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--week", type=week_of, metavar="2023-W41", help="周次，默认统计日之前最近结束的一周"
        )
        parser.add_argument("--out", type=Path, metavar="DIR", help="输出目录，默认 DATA_DIR/documents")

    def answer(
        self, *, as_of: date, week: Week | None = None, out: Path | None = None, **options: Any
    ) -> dict:
        week = week or Week.containing(as_of).previous()
        directory = out or settings.DATA_DIR / "documents"
        try:
            directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise refuse(f"无法建立目录 {directory}：{error.strerror}。") from error
        content = weekly_content(week)
        files = []
        report = keep_draft(week=week, content=content.as_dict(), now=clock.now())
        for name, document in weekly_files(report):
            path = directory / name
            try:
                path.write_bytes(document)
            except OSError as error:
                raise refuse(f"无法写入 {path}：{error.strerror}。") from error
            files.append(str(path))
        return {
            "week": week.code,
            "from": week.first_on.isoformat(),
            "to": week.last_on.isoformat(),
            "number": content.number,
            "opening": content.opening,
            "new": len(content.new),
            "cleared": len(content.cleared),
            "open": content.open,
            "by_kind": content.open_by_kind,
            "state": report.state,
            "files": files,
        }

    def show(self, document: dict) -> None:
        labels = dict(AlertKind.choices)
        kinds = "、".join(f"{labels[kind]}{count}" for kind, count in document["by_kind"].items()) or "无"
        self.stdout.write(
            f"{document['week']}（{document['from']}至{document['to']}）第{document['number']}期："
            f"上周结转{document['opening']}，新增{document['new']}，销号{document['cleared']}，"
            f"本周末{document['open']}（{kinds}）。"
        )
        for name in document["files"]:
            self.stdout.write(f"  {name}")
