"""Who answers for a row (责任人和责任单位): one cell may name several leaders or units, and who leads them.

A name on record is one name, whatever stands in it. Several without a mark (牵头) are a question, once a text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .cells import RowReader, match_key, text_of
from .questions import PEOPLE, UNITS

OTHER_LEADERS = "其他挂包领导"
_LEADS = re.compile(r"牵头|主办|主责|主要责任|组长|第一责任")
_HELPS = re.compile(r"配合|协办|协助|协同|副组长|参与|会办")
_LABEL = re.compile(
    r"^(牵头|主办|主责|责任|配合|协办|协助|协同|参与|包联|挂包)(?:单位|部门|领导|人|责任单位)?[:：]"
)
_IS_UNIT = re.compile(
    r"(?:局|委|办|室|镇|街|街道|公司|集团|中心|区|县|市|乡|院|部|处|站|所|厅|会|园|队|政府|组|专班|银行|校|厂|社)"
    r"(?:[(（][^()（）]*[)）])?$"
)
_IS_POST = re.compile(
    r"^[副市区县党政工管委常局主书镇街人组部纪宣统秘一二三四调办园开高总董监厅省国科专团院处校群]"
    r"[^ ]*(?:长|书记|主任|委员|主席|专员|常委|调研员|秘书|经理|代表)$"
)


@dataclass(frozen=True)
class Named:
    """One leader or unit of a cell, what stands in brackets behind, and the part it plays."""

    name: str
    post: str = ""
    leads: bool = False
    helps: bool = False


def leaders(reader: RowReader) -> None:
    """挂包领导 of the row: the one who leads, the post, and the others, kept with the row."""
    row, sheet = reader.row, reader.sheet
    column = reader.columns.get("sponsor")
    written = str(reader.value(column) or "") if column else ""
    row.values.pop("sponsor", None)
    reader.text("sponsor")
    row.values.pop("sponsor", None)
    found = people_in(written, sheet.known_names)
    if not found:
        return
    first = _first(reader, found, PEOPLE, written, "sponsor")
    others = [one for one in found if one is not first]
    posts = [text for text in re.split(r"[、,，;；\r\n]+", row.get("sponsor_post", "")) if text]
    row.values["sponsor"] = first.name
    if len(found) > 1 and len(posts) == len(found):
        row.values["sponsor_post"] = posts[found.index(first)]
    elif first.post and not posts:
        row.values["sponsor_post"] = first.post
    if others:
        names = "、".join(one.name + (f"（{one.post}）" if one.post else "") for one in others)
        row.values["other_sponsors"] = [one.name for one in others]
        row.extra[OTHER_LEADERS] = names
        sheet.warn(row, "sponsor", f"填有{len(found)}位领导，以{first.name}为挂包领导，{names}另行保留")


def unit_in(reader: RowReader, name: str, limit: int = 80) -> str:
    """The unit of a cell; of several the one that leads. The others are kept with the row as 协办单位."""
    row, sheet = reader.row, reader.sheet
    column = reader.columns.get(name)
    if column is None or not reader.text(name):
        return ""
    found = units_of(str(reader.value(column)), sheet.known_names)
    first = _first(reader, found, UNITS, str(reader.value(column)), name) if found else None
    if first is None or len(first.name) > limit:
        row.values.pop(name, None)
        if first:
            reader.refuse(column, f"“{column.header}”超过{limit}字，请精简后再导入")
        return ""
    row.values[name] = first.name
    helpers = [one.name for one in found if one is not first]
    if helpers:
        row.values["helpers"] = [*row.get("helpers", []), *helpers]
    return first.name


def helpers(reader: RowReader) -> None:
    """协办单位: those of their own column and those beside the lead in one cell; no unit is registered for them."""
    row = reader.row
    column = reader.columns.get("helpers")
    beside = row.values.pop("helpers", [])
    own = (
        [one.name for one in units_of(str(reader.value(column) or ""), reader.sheet.known_names)]
        if column
        else []
    )
    found = list(dict.fromkeys([*own, *beside]))
    if found:
        row.values["helpers"] = found
        row.extra[reader.sheet.head("helpers") or "协办单位"] = "、".join(found)


def _first(reader: RowReader, found: Sequence[Named], kind: str, written: str, name: str) -> Named:
    """The one who leads: marked so, or the only one who does not merely help, else the answer to a question."""
    marked = [one for one in found if one.leads] or [one for one in found if not one.helps]
    if len(marked) == 1:
        return marked[0]
    among = marked or list(found)
    what = "挂包领导" if kind == PEOPLE else reader.sheet.head(name)
    choices = list(dict.fromkeys(one.name for one in among))
    said = reader.sheet.ask(
        kind,
        met_of(written),
        f"“{met_of(written)}”写有{len(found)}个，以哪一个为{what}？其余另行保留。",
        choices=choices,
        likely=choices[0],
        row=reader.row,
        column=reader.sheet.head(name),
    )
    return next(one for one in among if one.name == said)


def met_of(written: str) -> str:
    """A cell of several lines in one line."""
    return re.sub(r"[、,，]?\s*[\r\n]+\s*", "、", written.strip())


def _apart(text: str, separators: str) -> list[str]:
    """Split at separators that stand in no bracket."""
    parts, depth, begun = [], 0, 0
    for place, character in enumerate(text):
        depth += (character in "(（") - (character in ")）")
        if depth <= 0 and character in separators:
            parts.append(text[begun:place])
            begun = place + 1
    return [part.strip() for part in [*parts, text[begun:]] if part.strip()]


def _marked(part: str) -> Named:
    """A name with its mark: 建设局（牵头）, 配合单位：财政局, 张三（副区长）."""
    leads = helps = False
    if label := _LABEL.match(part):
        helps, leads = bool(_HELPS.search(label[1])), not _HELPS.search(label[1])
        part = part[label.end() :].strip()
    post = ""
    if found := re.fullmatch(r"(.+?)\s*[(（]([^()（）]*)[)）]", part):
        inside = found[2]
        if _HELPS.search(inside) or _LEADS.search(inside):
            part, helps, leads = found[1], bool(_HELPS.search(inside)), not _HELPS.search(inside)
        elif _IS_POST.search(inside):
            part, post = found[1], inside
    return Named(part.strip(), post, leads, helps)


def people_in(written: str, known: frozenset[str] = frozenset()) -> list[Named]:
    """The leaders a cell names: by 、 comma or line, by space where it parts whole names; “张 三”, “John Smith” are one."""
    if not written.strip(" \r\n\t—-–/\\无"):
        return []
    if match_key(text_of(written)) in known:
        return [Named(text_of(written))]
    found: list[Named] = []
    post_ahead = ""
    for part in _apart(written, "、,，;；/\r\n"):
        one = _marked(part)
        for name in _names(one.name):
            if _IS_POST.search(name) and match_key(name) not in known:
                if found and not found[-1].post:
                    found[-1] = Named(found[-1].name, name, found[-1].leads, found[-1].helps)
                else:
                    post_ahead = name
            else:
                found.append(Named(name, one.post or post_ahead, one.leads, one.helps))
                post_ahead = ""
    if post_ahead and not found:
        return [Named(post_ahead)]
    if len(found) > 1 and all(len(one.name) == 1 for one in found):  # a name set one sign a line
        return [Named("".join(one.name for one in found))]
    return found


def _names(text: str) -> list[str]:
    words = text.split()
    if text.isascii() or len(words) == 1:
        return [" ".join(words)]
    names: list[str] = []
    short = ""
    for word in words:
        short = short + word if len(word) == 1 else short
        if len(word) > 1 or len(short) == 2:
            names += [short] if short else []
            names += [word] if len(word) > 1 else []
            short = ""
    return [*names, short] if short else names


def units_of(written: str, known: frozenset[str] = frozenset()) -> list[Named]:
    """The units a cell names; a line break or a space parts only what are whole units on both sides."""
    text = written.strip()
    if not text.strip(" —-–/\\无"):
        return []
    if match_key(text_of(text)) in known:
        return [Named(text_of(text))]
    parts: list[str] = []
    for part in _apart(text, "、,，;；/"):
        for separators in ("\r\n", " \t　"):
            pieces = _apart(part, separators)
            if len(pieces) > 1 and all(_IS_UNIT.search(piece) or _LABEL.match(piece) for piece in pieces):
                break
        else:
            pieces = [text_of(part)]
        parts += [text_of(piece) for piece in pieces]
    # a label at the head of a list holds for all that follows: 配合单位：建设局、财政局
    found: list[Named] = []
    helping = False
    for part in parts:
        label = _LABEL.match(part)
        one = _marked(part)
        helping = bool(_HELPS.search(label[1])) if label else helping
        if one.name:
            found.append(Named(one.name, one.post, one.leads, one.helps or (helping and not one.leads)))
    return found
