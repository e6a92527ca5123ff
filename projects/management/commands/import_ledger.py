"""import_ledger: read a workbook of the office and write what it says (导入台账); docs/contract.md §2."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from projects import clock
from projects.services.imports import Options, import_file
from projects.services.imports.reader import MAX_FILE_BYTES
from projects.services.imports.staging.staged import KIND_WORDS


class Command(BaseCommand):
    help = "导入台账工作簿：识别各表，逐行核对，有错误则整本不写入。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE.xlsx", help="工作簿")
        parser.add_argument("--year", type=int, help="年度；不填则由表题、表头判断")
        parser.add_argument(
            "--list", dest="list_name", help="台账所属名单，如 市级重大；不填则由表题、表名判断"
        )
        parser.add_argument("--sheet", action="append", default=[], help="只读此工作表，可重复")
        parser.add_argument("--unit", choices=["万元", "亿元"], help="表内未写单位时的金额单位")
        parser.add_argument(
            "--answers", metavar="FILE.json", help='对问题的回答，如 {"category:预备": "前期"}'
        )
        parser.add_argument("--dry-run", action="store_true", help="只核对，不写入")
        parser.add_argument("--allow-warnings", action="store_true", help="需要确认的提示已核对无误")
        parser.add_argument("--json", action="store_true", help="在标准输出上给出一份 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        try:
            with path.open("rb") as file:
                content = file.read(MAX_FILE_BYTES + 1)  # one byte too many is refused, however many follow
        except OSError as error:
            self.stderr.write(f"无法读取文件 {path}：{error.strerror}")
            sys.exit(2)
        if options["year"] is not None and not 2000 <= options["year"] <= 2099:
            self.stderr.write("--year 应为四位年份，如 2023")
            sys.exit(2)
        said = Options(
            options["year"],
            options["list_name"],
            tuple(options["sheet"]),
            options["unit"],
            self._answers(options),
        )
        result, refusal = import_file(
            content=content,
            file_name=path.name,
            options=said,
            allow_warnings=options["allow_warnings"],
            dry_run=options["dry_run"],
            by=None,
            now=clock.now(),
            today=clock.today(),
        )
        if refusal:
            result["reason"] = refusal
        if options["json"]:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
        else:
            self._print(result, dry_run=options["dry_run"])
        if refusal:
            self.stderr.write(refusal)
            sys.exit(1)

    def _answers(self, options: dict[str, Any]) -> dict[str, str]:
        """The answers of a file, by the id of their question; a file that holds none ends the command."""
        if not options["answers"]:
            return {}
        try:
            found = json.loads(Path(options["answers"]).read_text(encoding="utf-8-sig"))
        except (OSError, ValueError):
            found = None
        if not isinstance(found, dict) or not all(isinstance(answer, str) for answer in found.values()):
            self.stderr.write(
                f'--answers 应为 JSON 文件，内容如 {{"category:预备": "前期"}}：{options["answers"]}'
            )
            sys.exit(2)
        return found

    def _print(self, result: dict, *, dry_run: bool) -> None:
        for sheet in result["sheets"]:
            counts = f"{sheet['rows']}行：新增{sheet['created']}，更新{sheet['updated']}，无变化{sheet['unchanged']}"
            self.stdout.write(f"{sheet['sheet']}（{KIND_WORDS[sheet['kind']]}）{counts}")
            for word, messages in (("提示", sheet["warnings"]), ("错误", sheet["errors"])):
                for message in messages:
                    place = f"第{message['row']}行" if message["row"] else ""
                    column = f"“{message['column']}”" if message["column"] else ""
                    self.stdout.write(f"  {word}　{place}{column}{message['message']}")
        for question in result["questions"]:
            said = (
                f"已答：{question['answer']}"
                if question["answer"]
                else f"可选：{'、'.join(question['choices'])}"
            )
            self.stdout.write(f"  问题　{question['id']}　{question['text']}（{said}）")
        if result["written"]:
            self.stdout.write(f"已写入，批次号 {result['batch']}")
        elif dry_run and "reason" not in result:
            self.stdout.write("核对完毕，未写入")
        elif "reason" not in result:
            self.stdout.write("与已有数据一致，没有需要写入的内容")
