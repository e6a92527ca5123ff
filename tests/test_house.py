"""The house (工程本身): locks, loud settings, the broker and the supervisor."""

import ast
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from tests.conftest import clean_environment
from zibo_projects import broker
from zibo_projects.celery import TIMETABLE

BASE = Path(__file__).resolve().parents[1]


# --- locks and files ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "requirements-node.lock"])
def test_lock_names_no_address_and_hashes_every_package(name):
    text = (BASE / name).read_text()
    assert "://" not in text
    packages = re.findall(r"^(\S+==\S+)", text, flags=re.M)
    assert packages
    for package in packages:
        block = text.split(package, 1)[1].split("\n", 2)
        assert "--hash=sha256:" in block[1], f"{package} has no hash"


def test_npm_lock_names_no_registry():
    lock = json.loads((BASE / "package-lock.json").read_text())
    assert len(lock["packages"]) > 1
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]


def test_dev_lock_holds_the_packages_of_the_main_lock():
    def pins(name):
        return set(re.findall(r"^(\S+==\S+)", (BASE / name).read_text(), flags=re.M))

    assert pins("requirements.lock") <= pins("requirements-dev.lock")


def test_every_static_file_a_template_names_exists():
    """A missing one would answer 500 in production, where names carry hashes."""
    missing = []
    for template in (BASE / "templates").rglob("*.html"):
        for name in re.findall(r"""{%\s*static\s+["']([^"']+)["']""", template.read_text(encoding="utf-8")):
            if not finders.find(name):
                missing.append(f"{template.relative_to(BASE)}: {name}")
    assert not missing


def test_no_template_holds_inline_script_or_style():
    """The Content-Security-Policy would block them."""
    found = []
    for template in (BASE / "templates").rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        text = re.sub(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}", "", text, flags=re.S)
        if re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|<style\b|\sstyle=|\son\w+=\"", text):
            found.append(str(template.relative_to(BASE)))
    assert not found


def test_every_task_of_the_timetable_exists():
    from zibo_projects.celery import app

    app.loader.import_default_modules()
    missing = [entry["task"] for entry in TIMETABLE.values() if entry["task"] not in app.tasks]
    assert not missing


# A call without the moment to convert: `timezone.localdate(now)` asks nobody.
CLOCK_CALLS = r"\b(clock\.(today|now)|timezone\.(now|localdate|localtime)|date\.today|datetime\.now)\(\)$"


def test_only_faces_ask_the_clock():
    """docs/house-style.md §2: below pages, tasks, commands and the admin the day arrives as `as_of` or `now`.

    One exception: who may do what is asked for today, wherever it is asked (models.organizations.access_day).
    """
    faces = ("pages", "admin", "management", "tasks", "context", "clock", "migrations")
    asking = []
    for file in (BASE / "projects").rglob("*.py"):
        if file.relative_to(BASE / "projects").parts[0].split(".")[0] in faces:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and re.search(CLOCK_CALLS, ast.unparse(node)):
                asking.append(f"{file.relative_to(BASE)}:{node.lineno} {ast.unparse(node.func)}")
    assert [one.split(":")[0] for one in asking] == ["projects/models/organizations.py"], asking


def functions_of(folder: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Every function of the product's code below a folder, with where it stands."""
    for file in sorted((BASE / folder).rglob("*.py")):
        if "migrations" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                yield f"{file.relative_to(BASE)}:{node.lineno} {node.name}", node


MOST_SIBLINGS = 16
LONG_BY_NATURE = {
    "projects",
    "projects/migrations",
}  # the floors, which lint-imports names one by one; what happened
BEING_CUT = {"projects/services/imports/staging"}  # the importer is in hand


def test_no_folder_of_the_product_holds_more_than_can_be_overseen():
    """Sub-packages and modules beside each other; `__init__` is the folder itself."""
    folders = [BASE / "projects", *(file.parent for file in sorted(BASE.glob("projects/**/__init__.py")))]
    siblings = {
        str(folder.relative_to(BASE)): sum(
            one.suffix == ".py" or (one / "__init__.py").exists() for one in folder.iterdir()
        )
        - (folder / "__init__.py").exists()
        for folder in folders
    }
    crowded = {name for name, count in siblings.items() if count > MOST_SIBLINGS}
    assert crowded == LONG_BY_NATURE | BEING_CUT, {name: siblings[name] for name in crowded}


def test_no_page_hands_on_a_dict_of_ten_keys():
    """What a page shows is put together from parts that say what they are (pages/base/context.show)."""
    large = [
        (place, len(node.keys))
        for place, function in functions_of("projects/pages")
        for node in ast.walk(function)
        if isinstance(node, ast.Dict) and len(node.keys) >= 10
    ]
    assert not large


def test_no_function_is_longer_than_a_screen():
    """Sixty lines, fifty of a page: what is longer does two things."""
    long = [
        (place, lines)
        for place, function in functions_of("projects")
        if (lines := (function.end_lineno or 0) - function.lineno + 1)
        > (50 if place.startswith("projects/pages") else 60)
    ]
    assert not long


# --- settings -------------------------------------------------------------------------------------------


def read_settings(expression: str, tmp_path: Path, **environment: str) -> subprocess.CompletedProcess:
    """Read the settings in a process of their own, as a start would."""
    code = f"from django.conf import settings; print({expression})"
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=BASE,
        env=clean_environment(tmp_path, DJANGO_SETTINGS_MODULE="zibo_projects.settings", **environment),
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("TODAY", "2023-13-01", "不是日期"),
        ("TODAY", "20231012", "不是日期"),
        ("DATABASE_URL", "garbage", "DATABASE_URL 无法识别"),
        ("DATABASE_URL", "mysql://u:p@h/db", "DATABASE_URL 无法识别"),
        ("EMAIL_URL", "pigeon://loft", "EMAIL_URL 无法识别"),
        ("DEBUG", "ture", "应写 1（开）或 0（关）"),
        ("HTTPS", "maybe", "应写 1（开）或 0（关）"),
        ("PORT", "eight", "应写整数"),
        ("PORT", "²", "应写整数"),
        ("SECRET_KEY", " ", "SECRET_KEY 为空"),
        ("CSRF_TRUSTED_ORIGINS", "projects.example", "应以 https: 或 http: 开头"),
        ("DATA_DIR", "/dev/null/x", "请换一个目录"),
    ],
)
def test_malformed_setting_stops_with_a_sentence(name, value, words, tmp_path):
    result = read_settings("settings.DEBUG", tmp_path, **{name: value})
    assert result.returncode != 0
    assert "ImproperlyConfigured" in result.stderr
    assert words in result.stderr
    assert name in result.stderr


def test_a_command_says_the_sentence_without_a_traceback(tmp_path):
    line = [sys.executable, "manage.py", "check"]
    environment = clean_environment(tmp_path, TODAY="tomorrow")
    result = subprocess.run(line, cwd=BASE, env=environment, capture_output=True, text=True)
    assert result.returncode == 1
    assert result.stderr == "配置有误：TODAY=tomorrow 不是日期，应写成 2023-10-12 的样子。\n"


def test_defaults_are_safe_and_local(tmp_path):
    expression = (
        "settings.DEBUG, settings.DATABASES['default']['NAME'], settings.TODAY, settings.ALLOWED_HOSTS"
    )
    result = read_settings(expression, tmp_path)
    assert result.stdout.strip() == (f"False {tmp_path}/db.sqlite3 None ['127.0.0.1', 'localhost', '[::1]']")


def test_settings_env_counts_and_the_real_environment_wins(tmp_path):
    (tmp_path / "settings.env").write_text("TODAY=2023-10-12\n")
    assert read_settings("settings.TODAY", tmp_path).stdout.strip() == "2023-10-12"
    assert read_settings("settings.TODAY", tmp_path, TODAY="2023-11-01").stdout.strip() == "2023-11-01"


def test_secret_key_is_made_once_for_its_owner_only(tmp_path):
    first = read_settings("settings.SECRET_KEY", tmp_path).stdout.strip()
    assert len(first) >= 50
    assert read_settings("settings.SECRET_KEY", tmp_path).stdout.strip() == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_postgres_gets_a_pool(tmp_path):
    url = "postgres://office:p%40ss@db.internal:5433/projects"
    result = read_settings("settings.DATABASES['default']", tmp_path, DATABASE_URL=url)
    database = ast.literal_eval(result.stdout)
    assert database["PASSWORD"] == "p@ss"
    assert database["PORT"] == 5433
    assert database["OPTIONS"]["pool"]["max_size"] >= 4


# --- broker and supervisor ------------------------------------------------------------------------------


def test_socket_of_a_deep_data_directory_is_short_enough(tmp_path):
    deep = tmp_path / ("很深的目录" * 12)
    assert len(str(broker.socket_path(deep)).encode()) <= broker.SOCKET_LENGTH_MAX
    assert broker.socket_path(deep) != broker.socket_path(deep / "x")


def start_broker(directory: Path) -> subprocess.Popen:
    server = subprocess.Popen(broker.command(directory))
    while not broker.answers(directory):
        assert server.poll() is None, "the broker did not start"
        time.sleep(0.05)
    return server


@pytest.mark.crash
def test_broker_keeps_its_messages_over_kill_9_and_a_stale_socket(tmp_path):
    import redis

    assert not broker.answers(tmp_path)
    server = start_broker(tmp_path)
    with redis.Redis(unix_socket_path=str(broker.socket_path(tmp_path))) as client:
        client.lpush("queue", "message")
        client.execute_command("WAITAOF", 1, 0, 0)  # until it is on the disk
    server.kill()
    server.wait()
    assert broker.socket_path(tmp_path).exists()
    assert not broker.answers(tmp_path)
    server = start_broker(tmp_path)
    try:
        with redis.Redis(unix_socket_path=str(broker.socket_path(tmp_path))) as client:
            assert client.lrange("queue", 0, -1) == [b"message"]
    finally:
        server.terminate()
        server.wait()
    assert broker.socket_path(tmp_path).parent.stat().st_mode & 0o077 == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def descendants(pid: int) -> set[int]:
    """All processes below one, by /proc."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, todo = set(), [pid]
    while todo:
        below = parents.get(todo.pop(), [])
        found.update(below)
        todo += below
    return found


def alive(pids: set[int]) -> set[int]:
    def runs(pid):
        try:
            return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
        except OSError:
            return False

    return {pid for pid in pids if runs(pid)}


def beats(pids: set[int]) -> set[int]:
    """Those of the processes that are the timetable's."""
    found = set()
    for pid in pids:
        try:
            if b"\0beat\0" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.add(pid)
        except OSError:
            continue
    return found


@pytest.mark.crash
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs Linux")
class TestUp:
    """`manage.py up` with the real processes, on SQLite and the embedded broker. What never comes ends in the timeout."""

    @pytest.fixture
    def environment(self, own_data_dir):
        # DEBUG: static names without hashes, so that the test needs no collected files
        return clean_environment(own_data_dir, PORT=str(free_port()), WEB_WORKERS="1", DEBUG="1")

    @pytest.fixture
    def start(self, environment):
        """Starts `up` and answers when it is ready; whatever becomes of the test, nothing is left running."""
        started: list[subprocess.Popen] = []

        def up() -> subprocess.Popen:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=BASE,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
            started.append(process)
            assert any("已就绪" in line for line in process.stdout), "up ended before it was ready"
            return process

        yield up
        for process in started:
            process.kill()  # its children end with it
            process.wait()
            process.stdout.close()

    def health(self, environment) -> dict:
        with urllib.request.urlopen(f"http://127.0.0.1:{environment['PORT']}/healthz") as answer:
            return json.load(answer)

    def test_serves_revives_a_child_and_leaves_nothing_behind(self, environment, start):
        process = start()
        assert self.health(environment)["broker"] == "ok"
        assert self.health(environment)["database"] == "ok"
        second = subprocess.run(
            [sys.executable, "manage.py", "up"], cwd=BASE, env=environment, capture_output=True, text=True
        )
        assert second.returncode == 1
        assert "已有一个实例在运行" in second.stderr
        before = descendants(process.pid)
        (beat,) = beats(before)
        os.kill(beat, signal.SIGKILL)
        assert any("定时器（beat）意外退出" in line for line in process.stdout)
        while not beats(descendants(process.pid) - before):
            assert process.poll() is None
            time.sleep(0.1)
        everyone = descendants(process.pid)
        os.killpg(process.pid, signal.SIGINT)  # what Ctrl-C does
        process.communicate()
        assert process.returncode == 0
        assert not alive(before | everyone)

    @pytest.mark.crawl
    def test_kill_9_of_the_supervisor_takes_the_children_along_and_a_new_start_works(
        self, environment, start
    ):
        process = start()
        while len(everyone := descendants(process.pid)) < 5:
            assert process.poll() is None
            time.sleep(0.1)  # the web answers before the worker has forked its own children
        process.kill()
        process.communicate()
        while alive(everyone):
            time.sleep(0.1)
        again = start()
        assert self.health(environment)["broker"] == "ok"
        again.terminate()
        again.communicate()
        assert again.returncode == 0

    def test_taken_port_is_refused_in_words(self, environment):
        with socket.socket() as other:
            other.bind(("127.0.0.1", int(environment["PORT"])))
            other.listen()
            result = subprocess.run(
                [sys.executable, "manage.py", "up"], cwd=BASE, env=environment, capture_output=True, text=True
            )
        assert result.returncode == 1
        assert f"端口 {environment['PORT']} 不可用" in result.stderr


def test_no_test_empties_the_database_of_its_worker():
    """Django empties every table after a test without a transaction: the office's reference data would be gone for all
    that follow. What must be committed stands in test_two_connections.py, on a database of its own.
    """
    asked = re.compile(r"transaction=" + r"True|transactional" + r"_db|Transaction" + r"TestCase")
    found = [
        file.name
        for file in sorted((BASE / "tests").rglob("*.py"))
        if asked.search(file.read_text(encoding="utf-8"))
    ]
    assert found == []
