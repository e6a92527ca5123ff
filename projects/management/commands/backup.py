"""`manage.py backup [FILE]` (备份)."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from projects import clock
from projects.management.archive import ArchiveRefused, write_backup


class Command(BaseCommand):
    help = "备份：数据库、附件、配置和密钥存为一个文件，网站可照常运行。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", help="文件名，默认在数据目录的 backups/ 下按日期命名")

    def handle(self, *args: Any, file: str | None = None, **options: Any) -> None:
        now = clock.real_now()
        default = settings.DATA_DIR / "backups" / f"backup-{now:%Y%m%d-%H%M%S}.tar.gz"
        target = Path(file).expanduser().resolve() if file else default
        try:
            write_backup(target=target, now=now)
        except ArchiveRefused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(
            f"已备份到 {target}（{target.stat().st_size / 1024 / 1024:.1f} MB）。请复制到另一台机器。"
        )
