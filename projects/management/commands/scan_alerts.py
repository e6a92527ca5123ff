"""Scan for what is late (预警扫描), or rehearse it."""

from datetime import date
from typing import Any

from django.core.management.base import CommandParser

from projects import clock
from projects.management.contract import ContractCommand
from projects.models import AlertKind
from projects.services.alerts.scanning import digest_subject, rehearse_scan, scan_alerts


class Command(ContractCommand):
    help = "预警扫描：按统计日开启、解除预警，按升级规则通知责任人。重复运行不产生变化。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--rehearse", action="store_true", help="预演：列出将发出的每条消息，不写入、不发送"
        )

    def answer(self, *, as_of: date, rehearse: bool = False, **options: Any) -> dict:
        result = rehearse_scan(as_of=as_of) if rehearse else scan_alerts(as_of=as_of, now=clock.now())
        document = result.as_json()
        if result.is_past:
            self.stderr.write(f"{as_of}之后已经扫描过，本日事项均已处理，没有变化。")
        if rehearse:
            document["rehearsal"] = True
            document["messages"] = [
                {"subject": digest_subject(digest, as_of), **digest.as_json()} for digest in result.digests
            ]
        return document

    def show(self, document: dict) -> None:
        labels = dict(AlertKind.choices)
        if document.get("rehearsal"):
            for message in document["messages"]:
                self.stdout.write(f"→ {message['to']}（{message['email'] or '仅站内'}） {message['subject']}")
                for line in message["lines"]:
                    self.stdout.write(
                        f"    {line['project']}｜{line['kind']}：{line['title']}｜{line['when']}"
                        f"｜{line['step']}｜{line['why']}｜下一步：{line['next']}"
                    )
            self.stdout.write("以上为预演，未写入、未发送。")
        open_words = "、".join(f"{labels[kind]}{count}" for kind, count in document["open"].items()) or "无"
        self.stdout.write(
            f"截至{document['as_of']}：新增预警{document['opened']}条，解除{document['closed']}条，"
            f"通知{document['notices']}人；未解除：{open_words}。"
        )
