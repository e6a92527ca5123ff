"""Queries, SQL time and total time per page, and the commands (测量)."""

import cProfile
import datetime as dt
import io
import pstats
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from django.core.management import call_command
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.test import Client
from django.urls import NoReverseMatch, reverse

from projects.models import AnnualList, Project, User
from projects.models.reports.year_amounts import column_of
from projects.periods import TenDayPeriod

from .bare import bare_milliseconds
from .filling import TODAY, People
from .workbook import write_workbook

HEAD = (
    f"{'':<44}{'查询':>4}{'SQL 毫秒':>10}{'合计毫秒':>8}{'倍数':>8}{'裸SQL 毫秒':>10}{'裸SQL倍':>8}{'KB':>8}"
)
PAST = dt.date(2023, 8, 15)  # a day inside a period of the past


@dataclass(frozen=True)
class Cost:
    """What a page or command took: statements, milliseconds in SQL and in all, and of the same answer by hand."""

    queries: int
    sql: float
    total: float
    bare: float | None = None

    @property
    def ratio(self) -> str:
        return f"{self.total / self.bare:.1f}" if self.bare else ""

    @property
    def sql_ratio(self) -> str:
        return f"{self.sql / self.bare:.1f}" if self.bare else ""


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
    """A line of the output: an address as somebody asks it, and the answer of bare.BARE it is held against."""

    name: str
    user: User
    address: str
    answer: str = ""
    words: dict[str, object] = field(default_factory=dict)

    def bare(self, rounds: int) -> float | None:
        return bare_milliseconds(self.answer, rounds=rounds, **self.words) if self.answer else None


def key_pages(people: People) -> list[Page]:
    """The ruler, and the lines that have an answer by hand: what a run measures unless told --all."""
    project = Project.objects.order_by("pk")[3]
    department = project.lead_department
    annual_list = AnnualList.objects.order_by("pk")[1]
    last = -(-Project.objects.count() // 50)
    lines = [
        ("空白页（尺子）", "empty", "", "", {}),
        ("总览，今天", "dashboard", "", "总览", _day(TODAY)),
        (f"总览，过去一日（{PAST}）", "dashboard", f"?as_of={PAST}", "总览", _day(PAST)),
        (
            f"总览，一个名单（{annual_list}）",
            "dashboard",
            f"?list={annual_list.pk}",
            "总览",
            _day(TODAY) | {"narrowed": f"AND a.id = {annual_list.pk}"},
        ),
        ("台账，第1页", "project_list", "", "台账", _day(TODAY)),
        (
            "台账，筛选推进部门",
            "project_list",
            f"?lead_department={department.pk}",
            "台账",
            _day(TODAY) | {"condition": f"p.lead_department_id = {department.pk}"},
        ),
        (
            "台账，末页",
            "project_list",
            f"?page={last}",
            "台账",
            _day(TODAY) | {"offset": (last - 1) * 50},
        ),
        (
            "台账，检索（储能）",
            "project_list",
            "?q=储能",
            "台账",
            _day(TODAY) | {"condition": "p.search_text LIKE '%储能%'"},
        ),
        ("项目页", "project_detail", "", "项目页", {"condition": f"p.id = {project.pk}"}),
    ]
    parts = {"project_detail": {"code": project.code}}
    return [
        Page(name, people.office, reverse(url, kwargs=parts.get(url, {})) + query, answer, words)
        for name, url, query, answer, words in lines
    ]


def _day(day: dt.date) -> dict[str, object]:
    """Words of a bare statement for a day; inside a period the amounts are those of the period before."""
    period = TenDayPeriod.last_closed(day)
    return {"day": day.isoformat(), "year": day.year, "column": column_of(period)}


def other_pages(people: People) -> list[Page]:
    """Every further page, with --all; addresses that are not installed are left out, and said."""
    unreported = "2301-370371-04-01-000010"  # one of those that missed the last closed period
    wanted = [
        ("总览，按挂包领导", "office", "dashboard", {}, "?split=sponsor"),
        ("总览，填报员所见", "reporter", "dashboard", {}, ""),
        ("总览，一个推进部门", "office", "dashboard", {}, "?by=lead_department&group=3"),
        ("排名", "office", "ranking_list", {}, ""),
        ("同期对比", "office", "dashboard_compare", {}, ""),
        ("滞后项目", "office", "lagging_list", {}, ""),
        ("大屏", "office", "dashboard_screen", {}, ""),
        ("台账，亮红灯", "office", "project_list", {}, "?light=red"),
        (
            "台账，口径之门（新开工已开工）",
            "office",
            "project_list",
            {},
            "?figure=new_starts_started&year=2023",
        ),
        ("台账，检索（一个）", "office", "project_list", {}, "?q=000777"),
        ("台账，按完成投资排序", "office", "project_list", {}, "?sort=-invested"),
        ("台账，填报员所见", "reporter", "project_list", {}, ""),
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
        ("责任清单", "office", "responsibility_list", {}, ""),
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


def measure_pages(
    people: People, *, rounds: int, only: str = "", profile: str = "", every: bool = False
) -> dict[str, Cost]:
    """Print a line per page: median of the rounds after one warm-up. Answers {name: cost}."""
    print(HEAD)
    costs: dict[str, Cost] = {}
    yardstick = 0.0
    for page in key_pages(people) + (other_pages(people) if every else []):
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
        yardstick = yardstick or total
        cost = costs[page.name] = Cost(took[-1][2], sql, total, page.bare(rounds))
        size = len(response.content) / 1024
        print(
            f"{_wide(page.name)}{cost.queries:>6}{sql:>10.1f}{total:>12.1f}{total / yardstick:>10.1f}"
            f"{f'{cost.bare:.1f}' if cost.bare else '':>13}{cost.ratio:>10}{size:>8.0f}",
            flush=True,
        )
        if profile and profile in page.name:
            _profile(lambda client=client, page=page: client.get(page.address))
    return costs


def print_growth(measured: dict[int, dict[str, Cost]]) -> None:
    """The table to read: every line at every size, and how its time grew from the size before."""
    print(
        f"\n各规模对照。合计：整页或整条命令；裸SQL：同一答案手写语句；SQL倍、合计倍：SQL、合计与它之比；增长：合计较上一规模的倍数（项目数增长倍数在括号内）"
        f"\n{'':<40}{'项目数':>7}{'查询':>6}{'SQL 毫秒':>10}{'合计毫秒':>8}{'裸SQL 毫秒':>10}{'SQL倍':>9}{'合计倍':>7}{'增长':>10}"
    )
    for name in next(iter(measured.values())):
        before: tuple[int, Cost] | None = None
        for size, costs in measured.items():
            if (cost := costs.get(name)) is None:
                continue
            grown = f"{cost.total / before[1].total:.1f}（{size / before[0]:.0f}）" if before else ""
            print(
                f"{_wide('' if before else name)}{size:>9,}{cost.queries:>8}{cost.sql:>12.1f}{cost.total:>12.1f}"
                f"{f'{cost.bare:.1f}' if cost.bare else '':>13}{cost.sql_ratio:>10}{cost.ratio:>10}{grown:>14}"
            )
            before = size, cost


def measure_commands(where: Path, *, only: str = "", every: bool = False) -> dict[str, Cost]:
    """Print a line per command; each is run once, as the office would. Answers {name: cost}.

    The export comes with the most memory the process needed beside what it held before (Python's own, by tracemalloc),
    in a second run.
    """
    costs: dict[str, Cost] = {}
    new, out = where / "new.xlsx", where / "export.xlsx"
    quiet = io.StringIO
    lines: list[tuple[str, Callable]] = [
        ("figures 命令", lambda: call_command("figures", "--json", stdout=quiet()))
    ]
    if every:
        write_workbook(new, rows=10_000)
        lines += [
            (
                "figures --by sponsor",
                lambda: call_command("figures", "--by", "sponsor", "--json", stdout=quiet()),
            ),
            ("export_ledger", lambda: call_command("export_ledger", "--out", str(out), stdout=quiet())),
            ("check_amounts", lambda: call_command("check_amounts", stdout=quiet())),
            ("scan_alerts --rehearse", lambda: call_command("scan_alerts", "--rehearse", stdout=quiet())),
            ("scan_alerts，首次", lambda: call_command("scan_alerts", "--json", stdout=quiet())),
            ("scan_alerts，再次", lambda: call_command("scan_alerts", "--json", stdout=quiet())),
            ("weekly_report", lambda: call_command("weekly_report", "--json", stdout=quiet())),
            ("import_ledger，一万行新项目", lambda: _import(new)),
            ("import_ledger，同一文件再次", lambda: _import(new)),
        ]
    print(f"\n{'命令':<42}{'语句':>4}{'SQL 秒':>9}{'合计秒':>9}{'裸SQL 秒':>10}{'裸SQL倍':>8}")
    for name, call in lines:
        if only not in name:
            continue
        with metered() as meter:
            began = time.perf_counter()
            try:
                call()
            except (Exception, SystemExit) as error:  # noqa: BLE001 - printed, and the next line is measured
                print(f"{_wide(name)} 未完成：{type(error).__name__} {str(error)[:300]}", flush=True)
                continue
            total = time.perf_counter() - began
        bare = (
            bare_milliseconds("figures", rounds=1, **_day(TODAY)) if name.startswith("figures 命令") else None
        )
        cost = costs[name] = Cost(meter.queries, meter.seconds * 1000, total * 1000, bare)
        print(
            f"{_wide(name)}{meter.queries:>6}{meter.seconds:>11.1f}{total:>12.1f}"
            f"{f'{bare / 1000:.1f}' if bare else '':>13}{cost.ratio:>10}{_peak(call) if name == 'export_ledger' else ''}",
            flush=True,
        )
    return costs


def _peak(call: Callable) -> str:
    tracemalloc.start()
    call()
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return f"    内存峰值 {peak / 1024 / 1024:.0f} MB"


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
