"""Chinese by its sound (拼音): what names are sorted by, and what a project is found by."""

import re
import unicodedata

from pypinyin import Style, lazy_pinyin

SYLLABLE, MOST = 6, 40  # letters of the longest syllable (zhuang); signs of a name that its key holds
KEY_LENGTH = (SYLLABLE + 1) * MOST
_SOUND = re.compile(r"([a-z]{1,6})([1-5])")


def plain(text: str) -> str:
    """Lower case, full-width letters, digits and marks as their usual ones (全角转半角)."""
    return unicodedata.normalize("NFKC", text).lower()


def sort_key(name: str) -> str:
    """What a name is sorted by: signs, digits and letters before Chinese, that by pinyin, then tone.

    Each sign takes seven of 0–9 and a–z, so that every database puts the keys in one order whatever its collation.
    """
    sounds = lazy_pinyin(
        plain(name)[:MOST],
        style=Style.TONE3,
        neutral_tone_with_five=True,
        errors=lambda others: "".join(map(_sign, others)),
    )
    return "".join(map(_cell, sounds))[:KEY_LENGTH]


def _cell(sound: str) -> str:
    found = _SOUND.fullmatch(sound)
    return (
        f"{found[1]:0<{SYLLABLE}}{found[2]}" if found else sound if sound.startswith("0") else _sign(sound[0])
    )


def _sign(other: str) -> str:
    return f"0{ord(other):06x}"


def found_by(name: str, code: str, developer: str) -> str:
    """The text a project is found by (检索文本): name, code with and without its hyphens, firm, pinyin and its initials."""
    sounds = (
        "".join(lazy_pinyin(text, style=style))
        for text in (name, developer)
        for style in (Style.FIRST_LETTER, Style.NORMAL)
    )
    return plain(" ".join(part for part in (name, code, code.replace("-", ""), developer, *sounds) if part))
