"""`make bench ARGS="1000 10000 100000 --database postgres://postgres@127.0.0.1/zibo"`: what pages and commands cost.

    python -m tests.benchmarks [项目数 …] [--database 地址] [--all] [--keep] [--pages-only | --scheduling-only]
        [--only 词] [--profile 词] [--rounds N]

A database of each size is filled, the lines that matter are measured on it (--all: every page and command), and all
sizes stand side by side in one table at the end. The database is a temporary SQLite file, or a test database beside
the one that --database (or TEST_DATABASE_URL) names; --keep leaves it, and the next run with --keep uses it again.
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
    parser.add_argument(
        "--all", action="store_true", help="every page and command, not only those that matter"
    )
    parser.add_argument("--keep", action="store_true", help="leave the filled databases for the next run")
    part = parser.add_mutually_exclusive_group()
    part.add_argument("--pages-only", action="store_true", help="leave out the commands")
    part.add_argument("--scheduling-only", action="store_true", help="only the scheduling engine (倒排工期)")
    parser.add_argument("--only", default="", help="only the lines whose name holds these words")
    parser.add_argument("--profile", default="", help="profile the pages whose name holds these words")
    parser.add_argument("--rounds", type=int, default=3, help="measured requests per page; the median counts")
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

    test = settings.DATABASES["default"].setdefault("TEST", {})
    where = Path(tempfile.mkdtemp(prefix="zibo-bench-"))
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        lasting = Path(tempfile.gettempdir()) if arguments.keep else where
        test["NAME"] = str(lasting / "zibo-bench-{size}.sqlite3")
    else:
        settings.DATABASES["default"]["OPTIONS"].pop("pool")  # it would stay with the first size's database
        test["NAME"] = f"{settings.DATABASES['default']['NAME']}_bench_{{size}}"
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
    print_growth(measured)
    if arguments.all and not arguments.pages_only and arguments.only in SCHEDULING:
        measure_scheduling()


def run_size(size: int, arguments: argparse.Namespace, where: Path) -> dict:
    """{page or command: its cost} on a database of so many projects, fresh or kept from an earlier run."""
    from django.db import connection

    from .filling import already_filled, fill
    from .measuring import measure_commands, measure_pages

    named, pattern = connection.settings_dict["NAME"], connection.settings_dict["TEST"]["NAME"]
    connection.settings_dict["TEST"]["NAME"] = pattern.format(size=size)
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False, keepdb=arguments.keep)
    try:
        began = time.perf_counter()
        people = already_filled(size) if arguments.keep else None
        if people is None:
            people = fill(size)
        print(
            f"\n{connection.vendor}，{size:,} 个项目，装入用时 {time.perf_counter() - began:.0f} 秒，"
            f"Python {sys.version.split()[0]}，统计日 {TODAY}",
            flush=True,
        )
        costs = measure_pages(
            people,
            rounds=arguments.rounds,
            only=arguments.only,
            profile=arguments.profile,
            every=arguments.all,
        )
        if not arguments.pages_only:
            costs |= measure_commands(where, only=arguments.only, every=arguments.all)
        return costs
    finally:
        connection.creation.destroy_test_db(named, verbosity=0, keepdb=arguments.keep)
        connection.settings_dict["TEST"]["NAME"] = pattern


if __name__ == "__main__":
    main()
