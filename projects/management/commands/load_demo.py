"""load_demo: the demonstration (演示数据): the ledger, one account per role, the clock held at 2023-10-12."""

import datetime as dt
import os
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from projects import clock
from projects.management.demo_assessment import show_assessment
from projects.management.demo_lights import show_lights
from projects.management.demo_mechanism import show_mechanism
from projects.management.demo_publications import show_publications
from projects.management.demo_targets import show_targets
from projects.models import Duty, Official, Project, ProjectMember, Role, Unit, User
from projects.services.alerts.scanning import scan_alerts
from projects.services.base.records import record
from projects.services.imports import Options, import_file

LEDGER = Path(settings.BASE_DIR) / "demo" / "ledger-2023-full.xlsx"
TODAY = dt.date(2023, 10, 12)
IN_DUTY_FROM = dt.date(2023, 1, 1)
SPONSOR = "领导甲"
ASSIGNED_PROJECTS = 5
# a unit small enough to see through; the largest that has no more projects than this is taken
MOST_PROJECTS = 10
PREFERRED_UNIT = "建设局"


@dataclass(frozen=True)
class Account:
    """One demonstration account (演示账号)."""

    username: str
    full_name: str
    role: str
    phone: str
    in_unit: bool = False


ACCOUNTS = (
    Account("tianbao", "张晓燕（演示）", Role.REPORTER, "0533-3580101", in_unit=True),
    Account("fuzeren", "王立国（演示）", Role.UNIT_HEAD, "0533-3580102", in_unit=True),
    Account("guabao", "领导甲（演示）", Role.SPONSOR, "0533-3580103"),
    Account("zhuanyuan", "刘文静（演示）", Role.SERVICE_OFFICER, "0533-3580104"),
    Account("fagai", "李海涛（演示）", Role.OFFICE, "0533-3580105"),
    Account("ducha", "陈志强（演示）", Role.INSPECTOR, "0533-3580106"),
    Account("guanli", "赵明（演示）", Role.ADMINISTRATOR, "0533-3580107"),
)


class Command(BaseCommand):
    help = "载入演示台账和演示账号；已有数据时不做任何改动。"

    def handle(self, *args: Any, **options: Any) -> None:
        if Project.objects.exists() or User.objects.exists():
            self.stdout.write("系统中已有数据，未载入演示数据。")
            return
        with transaction.atomic():
            self._load_ledger()
            lines = ["演示账号（口令只显示这一次，另存于 " + str(_accounts_file()) + "，仅本人可读）"]
            for account in ACCOUNTS:
                password = _open(account)
                lines.append(
                    f"  {Role(account.role).label}\t{account.username}\t{password}\t{account.full_name}"
                )
            show_mechanism(TODAY)
            show_assessment(TODAY)
            show_targets(TODAY)
            show_publications(_now() + dt.timedelta(minutes=1))
            show_lights(TODAY)
            scan_alerts(as_of=TODAY, now=_now() + dt.timedelta(hours=1))
            text = "\n".join(lines) + "\n"
            _keep(text)  # before the commit: no account whose password nobody has
        hold_clock()
        self.stdout.write(text)

    def _load_ledger(self) -> None:
        result, refusal = import_file(
            content=LEDGER.read_bytes(),
            file_name=LEDGER.name,
            options=Options(),
            by=None,
            now=_now(),
            today=TODAY,
        )
        if refusal:
            self.stderr.write(refusal)
            sys.exit(1)
        self.stdout.write(f"已载入演示台账：{Project.objects.count()}个项目，批次号 {result['batch']}")


def _now() -> dt.datetime:
    """Early on the demonstration's day, so that what follows the ledger has its time before the evening."""
    return dt.datetime.combine(TODAY, dt.time(8), clock.now().tzinfo)


def _open(account: Account) -> str:
    """Create the account with its duty and what its role needs; answers the password."""
    password = secrets.token_urlsafe(9)
    is_administrator = account.role == Role.ADMINISTRATOR
    user = User(
        username=account.username,
        full_name=account.full_name,
        phone=account.phone,
        is_staff=account.role
        in {Role.ADMINISTRATOR, Role.OFFICE},  # the office keeps lists and plans in the admin
        is_superuser=is_administrator,
    )
    user.set_password(password)
    user.save()
    unit = _small_unit() if account.in_unit else None
    duty = Duty.objects.create(user=user, role=account.role, unit=unit, starts_on=IN_DUTY_FROM)
    record(action="新增", instance=duty, by=None, now=_now(), reason="载入演示数据")
    if account.role == Role.SPONSOR:
        Official.objects.filter(name=SPONSOR).update(user=user)
    if account.role == Role.SERVICE_OFFICER:
        _assign(user)
    return password


def _small_unit() -> Unit:
    """A department whose reports one person can show in a few minutes."""
    departments = {unit: unit.led_projects.count() for unit in Unit.objects.filter(kind=Unit.Kind.DEPARTMENT)}
    few = {unit: count for unit, count in departments.items() if 0 < count <= MOST_PROJECTS}
    preferred = next((unit for unit in few if unit.name == PREFERRED_UNIT), None)
    return preferred or max(few or departments, key=lambda unit: (departments[unit], unit.name))


def _assign(user: User) -> None:
    for project in Project.objects.order_by("code")[:ASSIGNED_PROJECTS]:
        ProjectMember.objects.create(
            project=project, kind=ProjectMember.Kind.SERVICE_OFFICER, user=user, from_on=IN_DUTY_FROM
        )


def _accounts_file() -> Path:
    return Path(settings.DATA_DIR) / "demo-accounts.txt"


def _keep(text: str) -> None:
    handle = os.open(_accounts_file(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(text)


def hold_clock() -> None:
    """Every process started from now on sees the demonstration's day; a TODAY already set is left alone."""
    path = Path(settings.DATA_DIR) / "settings.env"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    if not any(line.replace("export ", "").strip().startswith("TODAY=") for line in lines):
        path.write_text("\n".join([*lines, f"TODAY={TODAY.isoformat()}"]) + "\n", encoding="utf-8")
