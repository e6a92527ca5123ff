"""Documents (文档): what code and documents name exists, and the glossary uses one term for one thing."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

BASE = Path(__file__).resolve().parents[1]
DOCS = BASE / "docs"
CODE = ("projects", "zibo_projects", "tests", "templates", "static", "run.py")
DOCUMENTS = [BASE / "README.md", BASE / "DEVELOPERS.md", BASE / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
MAPS = [BASE / "DEVELOPERS.md", *sorted(DOCS.rglob("*.md"))]

DOCUMENT = re.compile(r"[\w./-]+\.md\b")
# a path of ours: not an address (/projects/), not the tail of another's path (workbench/projects/models.py)
PATH = re.compile(
    r"(?<![\w/.<>-])(?:projects|zibo_projects|tests|templates|static|demo|docs)/[\w./-]*(?:<[^>]*>[\w./{},-]*)*"
)
TERM = re.compile(r"^\| ([^|`]+) \| `([A-Za-z_][\w.]*)` \| ([^|]+) \|$")
HEAD, RULE = "| 中文 | identifier | meaning |", "|---|---|---|"


def code_files() -> Iterator[Path]:
    for name in CODE:
        root = BASE / name
        found = root.rglob("*") if root.is_dir() else [root]
        yield from (file for file in found if file.suffix in {".py", ".html", ".css", ".js", ".txt", ".svg"})


def lines_of(files) -> Iterator[tuple[str, str]]:
    """(file:line, text) of every line."""
    for file in files:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            yield f"{file.relative_to(BASE)}:{number}", line


def test_every_document_named_in_code_and_documents_exists():
    """Looked for from the root, in docs/, and beside the file that names it."""
    here = Path(__file__).resolve()
    missing = []
    for file in [*code_files(), *DOCUMENTS]:
        if file == here:
            continue
        for place, line in lines_of([file]):
            for name in DOCUMENT.findall(line):
                if not any((root / name).is_file() for root in (BASE, DOCS, file.parent)):
                    missing.append(f"{place}: {name}")
    assert not missing, "\n".join(missing)


def paths_named(line: str) -> list[str]:
    """Paths of the repository in a line, each up to the part that is a placeholder (<subject>) or an ellipsis."""
    return [found.split("<")[0].rstrip(".") for found in PATH.findall(line)]


def test_every_path_named_in_the_map_and_the_documents_exists():
    missing = [
        f"{place}: {name}"
        for place, line in lines_of(MAPS)
        for name in paths_named(line)
        if not (BASE / name).exists()
    ]
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("`projects/rules/`, `projects/pages/<subject>/urls.py`.", ["projects/rules/", "projects/pages/"]),
        ("see projects/tasks.py.", ["projects/tasks.py"]),
        ("`/projects/<code>/` and `workbench/projects/models.py`", []),
        ("`docs/decisions/0001-our-own-audit.md`", ["docs/decisions/0001-our-own-audit.md"]),
    ],
)
def test_what_counts_as_a_path(line, named):
    assert paths_named(line) == named


# --- the glossary ---------------------------------------------------------------------------------------


def glossary() -> list[tuple[str, str]]:
    """(中文, identifier) of every row of part 1 of docs/glossary.md."""
    text = (DOCS / "glossary.md").read_text(encoding="utf-8")
    part = text.split("## 1. ", 1)[1].split("## 2. ", 1)[0]
    rows = [line for line in part.splitlines() if line.startswith("|") and line not in (HEAD, RULE)]
    wrong = [row for row in rows if not TERM.match(row)]
    assert not wrong, "\n".join(wrong)
    return [TERM.match(row).group(1, 2) for row in rows]


def test_the_glossary_gives_each_term_one_identifier_and_each_identifier_one_term():
    rows = glossary()
    assert len(rows) > 100
    for place in (0, 1):
        assert not [word for word, times in Counter(row[place] for row in rows).items() if times > 1]


def test_every_identifier_of_the_glossary_stands_in_the_code():
    text = "\n".join(
        file.read_text(encoding="utf-8")
        for root in ("projects", "templates")
        for file in (BASE / root).rglob("*")
        if file.suffix in {".py", ".html"} and "migrations" not in file.parts
    )
    words = set(re.findall(r"\w+", text))
    assert not [name for _term, name in glossary() if not set(name.split(".")) <= words]
