"""The style sheets (样式表): colours in one place, lines that can be read, nothing that no page loads or bears."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from PIL.ImageColor import colormap

BASE = Path(settings.BASE_DIR)
SHEETS = {file.name: file.read_text(encoding="utf-8") for file in sorted((BASE / "static/app").glob("*.css"))}
SCRIPTS = {file.name: file.read_text(encoding="utf-8") for file in sorted((BASE / "static/app").glob("*.js"))}
TEMPLATES = [file.read_text(encoding="utf-8") for file in sorted((BASE / "templates").rglob("*.html"))]

COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color|color-mix)\(|(?<![\w-])(?:"
    + "|".join(colormap)
    + r")(?![\w-])",
    flags=re.I,
)
# the admin site's own, which admin.css colours
OF_DJANGO = {
    "theme-toggle", "module", "inline-group", "section", "field-total_investment", "field-planned_investment",
    "dashboard", "object-tools", "addlink", "fieldset-heading", "inline-heading", "submit-row", "timezonewarning",
}  # fmt: skip


def bare(sheet: str) -> str:
    """A sheet without remarks and quoted words."""
    return re.sub(r"/\*.*?\*/|\"[^\"]*\"", "", SHEETS[sheet], flags=re.S)


def values(sheet: str) -> list[str]:
    return re.findall(r"[\w-]+:([^;{}]+);", bare(sheet))


# --- colours and tokens ---------------------------------------------------------------------------------


@pytest.mark.parametrize("sheet", [name for name in SHEETS if name != "tokens.css"])
def test_a_colour_is_named_in_the_tokens_alone(sheet):
    assert not [value for value in values(sheet) if COLOUR.search(value)]


@pytest.mark.parametrize(
    "value", ["#fff", "1px solid rgba(0, 0, 0, .5)", "white", "0 0 2px Navy", "oklch(1 0 0)"]
)
def test_a_colour_is_known_when_seen(value):
    assert COLOUR.search(value)


@pytest.mark.parametrize("value", ["var(--red)", "var(--yellow-wash)", "currentColor", "transparent", "none"])
def test_a_token_is_no_colour(value):
    assert not COLOUR.search(value)


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_asks_the_tokens_for_its_colours(script):
    assert not re.findall(r"[\"'](?:#[0-9a-f]{3,8}|rgba?\([^\"']*)[\"']", SCRIPTS[script], flags=re.I)


def test_every_variable_is_defined_and_every_token_used():
    """Tabler's and Django's variables are set for them to read."""
    everything = "".join(bare(sheet) for sheet in SHEETS)
    tokens = set(re.findall(r"(--[\w-]+):", bare("tokens.css")))
    asked = set(re.findall(r"var\((--[\w-]+)", everything))
    by_scripts = set(re.findall(r"token\(\"(--[\w-]+)\"\)", "".join(SCRIPTS.values())))
    assert asked | by_scripts == {token for token in tokens if not token.startswith("--tblr-")}


def test_tokens_hold_variables_alone():
    """The admin site and the big screen load them without the look of our pages."""
    assert not [name for name in re.findall(r"([\w-]+):[^;{}]+;", bare("tokens.css")) if name[:2] != "--"]


# --- readable -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_sheet_is_short_of_line_and_length(sheet):
    lines = SHEETS[sheet].splitlines()
    assert [number for number, line in enumerate(lines, 1) if len(line) > 120] == []
    assert len(lines) <= 250


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_line_holds_one_rule_or_one_declaration(sheet):
    text = re.sub(r"/\*.*?\*/", "", SHEETS[sheet], flags=re.S)
    lines = [line for line in text.splitlines() if line.count("{") > 1 or line.count(";") > 1]
    assert [line for line in lines if not re.fullmatch(r"\s*[^{}]+\{ [^{}]+ \}\s*", line)] == [
        line for line in lines if line.startswith("@keyframes")
    ]


# --- used -----------------------------------------------------------------------------------------------


def loaded() -> set[str]:
    return set(re.findall(r"{% static 'app/([\w-]+\.css)' %}", "".join(TEMPLATES)))


def test_every_sheet_is_loaded_by_a_template():
    assert loaded() == set(SHEETS)


def words_of_templates() -> set[str]:
    """Words of class attributes, and quoted words handed to a tag; `light-` where a name is completed on the page."""
    found = []
    for text in TEMPLATES:
        tags = re.findall(r"{[%{].*?[%}]}", text)
        found += [
            quoted
            for tag in tags
            for quoted in re.findall(r"\"([^\"]*)\"|'([^']*)'", tag)
            for quoted in quoted
        ]
        plain = re.sub(r"{[%{].*?[%}]}", lambda tag: tag.group().replace('"', "'"), text)
        found += re.findall(r"class=\"([^\"]*)\"", plain) + re.findall(r"block \w*class %}([^{]*){", text)
    return set(re.findall(r"[\w-]+", " ".join(found)))


def words_of_python() -> set[str]:
    """Words of strings that are no docstrings."""
    found = []
    for file in (BASE / "projects").rglob("*.py"):
        if "migrations" in file.parts:
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        told = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and node not in told]
        found += [node.value for node in constants if isinstance(node.value, str)]
    return set(re.findall(r"[\w-]+", " ".join(found)))


def test_every_class_of_the_sheets_is_borne_somewhere():
    """`is-green` counts where something writes `is-` and a name, and the name is somebody's word."""
    scripts = set(re.findall(r"[\w-]+", " ".join(re.findall(r"\"([^\"]*)\"", "".join(SCRIPTS.values())))))
    used = words_of_templates() | words_of_python() | scripts | OF_DJANGO

    def is_used(name: str) -> bool:
        stem, dash, rest = name.partition("-")
        return name in used or bool(dash and stem + dash in used and rest in used)

    borne = {
        name: sheet
        for sheet in SHEETS
        for selectors in re.findall(r"([^{};]+){", bare(sheet))
        for name in re.findall(r"\.([a-z][\w-]*)", selectors, flags=re.I)
    }
    assert {name: sheet for name, sheet in borne.items() if not is_used(name)} == {}
