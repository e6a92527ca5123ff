"""revert_import: take back a batch that nothing newer depends on (撤销导入); docs/contract.md §2."""

import json
import sys
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandParser

from projects import clock
from projects.models import ImportBatch
from projects.services.imports import revert_batch


class Command(BaseCommand):
    help = "撤销一次导入；导入之后已有改动或引用的，拒绝撤销。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("batch", type=int, help="批次号")
        parser.add_argument("--json", action="store_true", help="在标准输出上给出一份 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        number = options["batch"]
        result = {"batch": number, "reverted": False, "deleted": 0, "restored": 0}
        try:
            batch = ImportBatch.objects.get(pk=number)
            result |= {"reverted": True, **revert_batch(batch=batch, by=None, now=clock.now())}
        except ImportBatch.DoesNotExist:
            result["reason"] = f"没有第{number}批导入"
        except ValidationError as error:
            result["reason"] = "；".join(error.messages)
        if options["json"]:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
        elif result["reverted"]:
            self.stdout.write(f"已撤销第{number}批：删除{result['deleted']}条，恢复{result['restored']}条")
        if "reason" in result:
            self.stderr.write(result["reason"])
            sys.exit(1)
