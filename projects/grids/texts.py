"""Texts without what nobody sees (去除不可见字符): NUL, control characters, zero-width marks, overrides of direction."""

import re

# kept: tab and line breaks; private-use letters, which stand for rare characters in names
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc"
    "\ufffe\uffff\ud800-\udfff]"
)


class Texts(dict[str, str]):
    """Clean texts by what was written; each distinct text is cleaned, and kept in memory, once."""

    def __missing__(self, written: str) -> str:
        clean = self[written] = _UNSEEN.sub("", written)
        return clean
