"""One word per thing (一事一名): no public name of the product is defined twice."""

import ast
from collections import defaultdict
from pathlib import Path

PRODUCT = Path(__file__).resolve().parents[1] / "projects"
# Django looks these up by their names, one a module
BY_DJANGO = {"Command", "Meta"}


def test_no_public_class_is_defined_twice():
    homes = defaultdict(list)
    for file in sorted(PRODUCT.rglob("*.py")):
        if "migrations" in file.parts:
            continue
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if (
                isinstance(node, ast.ClassDef)
                and not node.name.startswith("_")
                and node.name not in BY_DJANGO
            ):
                homes[node.name].append(str(file.relative_to(PRODUCT)))
    assert len(homes) > 200
    assert {name: files for name, files in homes.items() if len(files) > 1} == {}


def test_no_template_tag_is_defined_twice():
    """Of two in one template the later one loaded would win in silence."""
    homes = defaultdict(list)
    for file in sorted((PRODUCT / "templatetags").glob("*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and any(
                "register" in ast.unparse(d) for d in node.decorator_list
            ):
                homes[node.name].append(file.name)
    assert len(homes) > 40
    assert {name: files for name, files in homes.items() if len(files) > 1} == {}
