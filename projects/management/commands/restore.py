"""`manage.py restore FILE` (恢复)."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from projects import clock
from projects.management.archive import ArchiveRefused, restore_backup


class Command(BaseCommand):
    help = "恢复：用备份文件替换现有数据库和附件，原有的改名保留。请先停止网站。"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="manage.py backup 写出的文件")

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        try:
            kept = restore_backup(source=Path(file).expanduser().resolve(), now=clock.real_now())
        except ArchiveRefused as refusal:
            raise CommandError(f"{refusal}现有数据未作改动。") from None
        call_command("migrate", interactive=False, verbosity=0)  # an older backup grows to this version
        for line in kept:
            self.stdout.write(f"{line}。")
        self.stdout.write("恢复完成，现在可以启动网站。")
