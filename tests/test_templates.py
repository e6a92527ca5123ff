"""Templates are laid out to be read: an element a line, no line over 120 characters but those that cannot be broken."""

from pathlib import Path

BASE = Path(__file__).resolve().parents[1]
WIDTH = 120
# runs of words and inline tags without a space to break at, where a line break would show on the page; only shrinks
UNBREAKABLE = 187


def test_no_line_is_longer_than_a_screen():
    long = [
        f"{file.relative_to(BASE)}:{number}"
        for file in sorted((BASE / "templates").rglob("*.html"))
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > WIDTH
    ]
    assert len(long) <= UNBREAKABLE, long
