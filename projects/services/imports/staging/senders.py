"""Who sent a sheet (填报单位): what its corner says."""

import re
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Any

from .meaning import plain

SEARCHED_ROWS = 6
LONGEST = 80
_CORNER = re.compile(r"^(?:填报|报送)(?:单位|部门)(?:\([^()]*\))?[::]?(.*)$")
_NEXT_CORNER = re.compile(r"(?:截[至止]|单位[::]|填报|填表|报送|联系|数据|时间[::]|日期[::]|\d{4}年).*$")


def sender_in(sheets: Iterable[Sequence[Sequence[Any]]]) -> str:
    """The sender that the top of the first sheet which names one says; empty where none does.

    The name stands behind “填报单位：” in the same cell or in the next filled one.
    """
    for rows in sheets:
        for row in rows[:SEARCHED_ROWS]:
            texts = list(dict.fromkeys(text for cell in row if (text := plain(cell))))
            for text, following in zip_longest(texts, texts[1:], fillvalue=""):
                if found := _CORNER.match(text):
                    beside = following if ":" not in following and not found[1] else ""
                    if name := _NEXT_CORNER.sub("", found[1] or beside)[:LONGEST]:
                        return name
    return ""
