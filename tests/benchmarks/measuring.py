"""Queries, SQL time and total time per page, and the commands (测量)."""

import cProfile
import io
import pstats
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from django.core.management import call_command
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.test import Client
from django.urls import NoReverseMatch, reverse

from projects.models import Project, User

from .bare import bare_milliseconds
from .filling import TODAY, People
from .workbook import write_workbook

HEAD = f"{'':<44}{'查询':>6}{'SQL 毫秒':>10}{'合计毫秒':>10}{'倍数':>8}{'裸SQL倍':>9}{'KB':>8}"


class Meter:
    """Counts the statements of a connection and the time until their last row was fetched."""

    queries = 0
    seconds = 0.0


class _TimedCursor(CursorWrapper):
    """SQLite does most of its work while rows are fetched, so fetching counts as SQL time too."""

    meter: Meter

    def _timed(self, call: Callable, *args):
        began = time.perf_counter()
        try:
            return call(*args)
        finally:
            self.meter.seconds += time.perf_counter() - began

    def execute(self, sql, params=None):
        self.meter.queries += 1
        return self._timed(super().execute, sql, params)

    def executemany(self, sql, param_list):
        self.meter.queries += 1
        return self._timed(super().executemany, sql, param_list)

    def fetchone(self):
        return self._timed(self.cursor.fetchone)

    def fetchmany(self, *size):
        return self._timed(self.cursor.fetchmany, *size)

    def fetchall(self):
        return self._timed(self.cursor.fetchall)

    def __iter__(self):
        while row := self.fetchone():
            yield row


@contextmanager
def metered() -> Iterator[Meter]:
    """A Meter that runs over the statements of the block."""
    meter = Meter()
    cursor_class = type("MeteredCursor", (_TimedCursor,), {"meter": meter})
    connection.make_cursor = lambda cursor: cursor_class(cursor, connection)
    try:
        yield meter
    finally:
        del connection.make_cursor


@dataclass(frozen=True)
class Page:
    """A line of the output: an address as somebody asks it."""

    name: str
    user: User
    address: str


def pages(people: People) -> list[Page]:
    """What is measured; addresses that are not installed are left out, and said."""
    code = Project.objects.order_by("pk")[3].code
    unreported = "2301-370371-04-01-000010"  # one of those that missed the last closed period
    last = -(-Project.objects.count() // 50)
    wanted = [
        ("空白页（尺子）", "office", "empty", {}, ""),
        ("总览", "office", "dashboard", {}, ""),
        ("总览，按挂包领导", "office", "dashboard", {}, "?split=sponsor"),
        ("总览，填报员所见", "reporter", "dashboard", {}, ""),
        ("总览，一个推进部门", "office", "dashboard", {}, "?by=lead_department&group=3"),
        ("排名", "office", "ranking_list", {}, ""),
        ("同期对比", "office", "dashboard_compare", {}, ""),
        ("滞后项目", "office", "lagging_list", {}, ""),
        ("大屏", "office", "dashboard_screen", {}, ""),
        ("台账，第1页", "office", "project_list", {}, ""),
        ("台账，筛选推进部门", "office", "project_list", {}, "?lead_department=3"),
        ("台账，亮红灯", "office", "project_list", {}, "?light=red"),
        (
            "台账，口径之门（新开工已开工）",
            "office",
            "project_list",
            {},
            "?figure=new_starts_started&year=2023",
        ),
        ("台账，检索（很多）", "office", "project_list", {}, "?q=储能"),
        ("台账，检索（一个）", "office", "project_list", {}, "?q=000777"),
        ("台账，按完成投资排序", "office", "project_list", {}, "?sort=-invested"),
        (f"台账，末页（{last}）", "office", "project_list", {}, f"?page={last}"),
        ("台账，填报员所见", "reporter", "project_list", {}, ""),
        ("项目页", "office", "project_detail", {"code": code}, ""),
        ("工作台，填报员", "reporter", "desk", {}, ""),
        ("工作台，发改局", "office", "desk", {}, ""),
        ("工作台，挂包领导", "sponsor", "desk", {}, ""),
        ("填报旬报", "office", "report_edit", {"code": unreported, "period": "2023-12-2"}, ""),
        ("节点清单", "office", "milestone_list", {}, ""),
        ("节点清单，逾期", "office", "milestone_list", {}, "?status=overdue"),
        ("进度清单", "office", "progress_list", {}, ""),
        ("进度清单，按责任单位", "office", "progress_list", {}, "?by=unit"),
        ("挂图作战，一个名单", "office", "wall_chart", {}, ""),
        ("推进方案", "office", "plan_list", {}, ""),
        ("六个一", "office", "slot_list", {}, ""),
        ("责任清单", "office", "duty_list", {}, ""),
        ("未报催报", "office", "missing_list", {}, ""),
        ("许可手续", "office", "permit_list", {}, ""),
        ("问题账龄", "office", "problem_ageing", {}, ""),
        ("旬报清单", "office", "report_list", {}, ""),
        ("问题清单", "office", "problem_list", {}, ""),
        ("走访清单", "office", "visit_list", {}, ""),
        ("预警清单", "office", "alert_list", {}, ""),
        ("周报清单", "office", "weekly_list", {}, ""),
        ("导入批次", "office", "import_list", {}, ""),
    ]
    found = []
    for name, who, url_name, parts, query in wanted:
        try:
            found.append(Page(name, getattr(people, who), reverse(url_name, kwargs=parts) + query))
        except NoReverseMatch:
            print(f"（没有 {url_name}，未测）")
    return found


def measure_pages(people: People, *, rounds: int, only: str = "", profile: str = "") -> dict[str, float]:
    """Print a line per page: median of the rounds after one warm-up. Answers {name: milliseconds in all}."""
    print(HEAD)
    totals: dict[str, float] = {}
    yardstick = 0.0
    for page in pages(people):
        if yardstick and only not in page.name:
            continue
        client = Client(raise_request_exception=False)
        client.force_login(page.user)
        warm = client.get(page.address)
        if warm.status_code != 200:
            why = getattr(warm, "exc_info", None)
            print(f"{_wide(page.name)} 回答 {warm.status_code} {why[1] if why else ''}", flush=True)
            continue
        took = []
        for _round in range(rounds):
            with metered() as meter:
                began = time.perf_counter()
                response = client.get(page.address)
                took.append((time.perf_counter() - began, meter.seconds, meter.queries))
        total, sql = median(t[0] for t in took) * 1000, median(t[1] for t in took) * 1000
        totals[page.name] = total
        yardstick = yardstick or total
        bare = bare_milliseconds(page.name, day=TODAY.isoformat(), rounds=rounds)
        size = len(response.content) / 1024
        print(
            f"{_wide(page.name)}{took[-1][2]:>6}{sql:>10.1f}{total:>10.1f}{total / yardstick:>8.1f}"
            f"{f'{total / bare:.1f}' if bare else '':>9}{size:>8.0f}",
            flush=True,
        )
        if profile and profile in page.name:
            _profile(lambda client=client, page=page: client.get(page.address))
    return totals


def print_growth(measured: dict[int, dict[str, float]]) -> None:
    """A line per page or command measured at several sizes: its times, and how it grew from the first size to the last."""
    sizes = list(measured)
    print(f"\n{'随项目数的增长（毫秒）':<33}" + "".join(f"{size:>12,}" for size in sizes) + f"{'增长':>10}")
    for name, first in measured[sizes[0]].items():
        times = [measured[size].get(name) for size in sizes]
        if None not in times:
            print(f"{_wide(name)}" + "".join(f"{t:>12.1f}" for t in times) + f"{times[-1] / first:>9.1f}倍")


def measure_commands(where: Path, *, only: str = "") -> dict[str, float]:
    """Print a line per command; each is run once, as the office would. Answers {name: milliseconds in all}."""
    totals: dict[str, float] = {}
    new, again = where / "new.xlsx", where / "export.xlsx"
    lines = [
        ("figures", lambda: call_command("figures", "--json", stdout=io.StringIO())),
        (
            "figures --by sponsor",
            lambda: call_command("figures", "--by", "sponsor", "--json", stdout=io.StringIO()),
        ),
        ("scan_alerts --rehearse", lambda: call_command("scan_alerts", "--rehearse", stdout=io.StringIO())),
        ("scan_alerts，首次", lambda: call_command("scan_alerts", "--json", stdout=io.StringIO())),
        ("scan_alerts，再次", lambda: call_command("scan_alerts", "--json", stdout=io.StringIO())),
        ("weekly_report", lambda: call_command("weekly_report", "--json", stdout=io.StringIO())),
        ("export_ledger", lambda: call_command("export_ledger", "--out", str(again), stdout=io.StringIO())),
        ("import_ledger，一万行新项目", lambda: _import(new)),
        ("import_ledger，同一文件再次", lambda: _import(new)),
    ]
    write_workbook(new, rows=10_000)
    print(f"\n{'命令':<42}{'语句':>6}{'SQL 秒':>10}{'合计秒':>10}")
    for name, call in lines:
        if only not in name:
            continue
        with metered() as meter:
            began = time.perf_counter()
            try:
                call()
            except (Exception, SystemExit) as error:
                print(f"{_wide(name)} 未完成：{type(error).__name__} {str(error)[:300]}", flush=True)
                continue
            total = time.perf_counter() - began
        totals[name] = total * 1000
        print(f"{_wide(name)}{meter.queries:>6}{meter.seconds:>10.1f}{total:>10.1f}", flush=True)
    return totals


def _import(path: Path) -> None:
    errors = io.StringIO()
    try:
        call_command("import_ledger", str(path), "--allow-warnings", stdout=io.StringIO(), stderr=errors)
    except SystemExit as error:
        raise RuntimeError(errors.getvalue()) from error


def _profile(call: Callable) -> None:
    profiler = cProfile.Profile()
    profiler.runcall(call)
    stream = io.StringIO()
    pstats.Stats(profiler, stream=stream).sort_stats("cumulative").print_stats(45)
    print(stream.getvalue())
    with metered_statements() as statements:
        call()
    for seconds, sql in sorted(statements, reverse=True)[:6]:
        print(f"{seconds * 1000:8.1f} ms  {sql[:1500]}\n")


@contextmanager
def metered_statements() -> Iterator[list[tuple[float, str]]]:
    """Seconds and text of every statement of the block, executing only."""
    statements: list[tuple[float, str]] = []

    def wrap(execute, sql, params, many, context):
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            statements.append((time.perf_counter() - began, sql))

    with connection.execute_wrapper(wrap):
        yield statements


def _wide(name: str) -> str:
    """Padded to 44 columns, a Chinese character counting two."""
    return name + " " * max(1, 44 - sum(2 if ord(letter) > 0x2E7F else 1 for letter in name))
