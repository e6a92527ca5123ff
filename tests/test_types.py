"""Every module's types are checked (pyproject.toml): nothing ignores its errors but the migrations."""

import tomllib
from pathlib import Path

BASE = Path(__file__).resolve().parents[1]


def test_only_migrations_are_left_unchecked():
    settings = tomllib.loads((BASE / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]
    assert not settings.get("ignore_errors")
    assert [one["module"] for one in settings["overrides"] if one.get("ignore_errors")] == [
        "projects.migrations.*"
    ]


def test_no_module_or_line_ignores_its_own_errors():
    """Two lines of models/ have to."""
    hidden = [
        f"{file.relative_to(BASE)}: {line.strip()}"
        for folder in ("projects", "zibo_projects")
        for file in (BASE / folder).rglob("*.py")
        for line in file.read_text(encoding="utf-8").splitlines()
        if "# type: ignore" in line or "# mypy:" in line
    ]
    assert len(hidden) <= 2, hidden
