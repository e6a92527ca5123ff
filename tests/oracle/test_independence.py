"""The oracle stands alone (独立性): what it computes with comes from the standard library."""

import ast
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ALONE = sorted(
    path.name for path in HERE.glob("*.py") if path.name != "playing.py" and "test_" not in path.name
)


@pytest.mark.parametrize("name", ALONE)
def test_it_imports_nothing_of_the_product(name):
    tree = ast.parse((HERE / name).read_text(encoding="utf-8"))
    named = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    named += [node.module or "" for node in froms if not node.level]
    assert [one for one in named if one.partition(".")[0] not in sys.stdlib_module_names] == []
    beside = {f"{node.module}.py" for node in froms if node.level}
    assert beside <= set(ALONE)
