"""`make bench ARGS="1000 10000"`: fill a throw-away database and print what each page and command costs.

    python -m tests.benchmarks [项目数 …] [--database 地址] [--pages-only | --scheduling-only] [--only 词] [--profile 词]
        [--rounds N]

Several sizes are measured one after the other, and their growth printed. The database is a temporary SQLite file, or
a test database beside the one that --database (or TEST_DATABASE_URL) names, e.g. postgres://postgres@127.0.0.1/zibo.
Read ratios, not milliseconds, for the machine is whatever it is: 倍数 to the empty page of the same run, 裸SQL倍 to the
same answer asked by hand of the same database.
"""

import argparse
import logging
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests import (
    environment,
)  # sets the throw-away DATA_DIR, key, database and broker before Django reads them

from .scheduling import SCHEDULING, measure_scheduling

TODAY = "2023-12-29"  # the last days of the year: all 36 periods stand


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument(
        "sizes", nargs="*", type=int, default=[10_000], help="projects, e.g. 1000 10000 100000"
    )
    parser.add_argument(
        "--database", default="", help="where to measure, e.g. postgres://postgres@127.0.0.1/zibo"
    )
    part = parser.add_mutually_exclusive_group()
    part.add_argument(
        "--pages-only", action="store_true", help="leave out commands, import, export, scheduling"
    )
    part.add_argument("--scheduling-only", action="store_true", help="only the scheduling engine (倒排工期)")
    parser.add_argument("--only", default="", help="only the lines whose name holds these words")
    parser.add_argument("--profile", default="", help="profile the pages whose name holds these words")
    parser.add_argument("--rounds", type=int, default=5, help="measured requests per page; the median counts")
    arguments = parser.parse_args()
    if min(arguments.sizes) < 100:
        parser.error("给出的项目数太小，至少 100 个。")
    try:
        if arguments.scheduling_only:
            measure_scheduling()
        else:
            measure_site(arguments)
    finally:
        shutil.rmtree(environment.DATA_DIR, ignore_errors=True)


def measure_site(arguments: argparse.Namespace) -> None:
    os.environ["TODAY"] = TODAY
    os.environ["DJANGO_SETTINGS_MODULE"] = "zibo_projects.settings"
    os.environ["LOG_LEVEL"] = "ERROR"
    if arguments.database:
        os.environ["DATABASE_URL"] = arguments.database
    import django
    from django.conf import settings

    settings.DATABASES["default"].setdefault("TEST", {})
    where = Path(tempfile.mkdtemp(prefix="zibo-bench-"))
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        settings.DATABASES["default"]["TEST"]["NAME"] = str(where / "bench.sqlite3")
    settings.ROOT_URLCONF = "tests.benchmarks.urls"
    settings.AXES_ENABLED = False
    # no setup_test_environment: it notes the context of every template, which costs more than the template
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    logging.disable(logging.ERROR)
    django.setup()
    try:
        run(arguments, where)
    finally:
        shutil.rmtree(where, ignore_errors=True)


def run(arguments: argparse.Namespace, where: Path) -> None:
    from .measuring import print_growth

    measured = {size: run_size(size, arguments, where) for size in arguments.sizes}
    if len(measured) > 1:
        print_growth(measured)
    if not arguments.pages_only and arguments.only in SCHEDULING:
        measure_scheduling()


def run_size(size: int, arguments: argparse.Namespace, where: Path) -> dict[str, float]:
    """{page or command: milliseconds} on a fresh database of so many projects."""
    from django.db import connection

    from .filling import fill
    from .measuring import measure_commands, measure_pages

    named = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        began = time.perf_counter()
        people = fill(size)
        print(
            f"\n{connection.vendor}，{size:,} 个项目，装入用时 {time.perf_counter() - began:.0f} 秒，"
            f"Python {sys.version.split()[0]}，统计日 {TODAY}",
            flush=True,
        )
        totals = measure_pages(
            people, rounds=arguments.rounds, only=arguments.only, profile=arguments.profile
        )
        if not arguments.pages_only:
            totals |= measure_commands(where, only=arguments.only)
        return totals
    finally:
        connection.creation.destroy_test_db(named, verbosity=0)


if __name__ == "__main__":
    main()
