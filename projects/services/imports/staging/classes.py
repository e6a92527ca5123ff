"""Words for a project's class (项目类别): which are known, and the question that any other one is.

The class decides what a start rate counts, so a word that is not known is never read in silence.
"""

import re
from collections.abc import Iterable

from projects.models import Project, ProjectStage

from .meaning import plain
from .questions import CATEGORY
from .staged import StagedRow, StagedSheet

NATURES = {
    "新建": Project.Nature.NEW,
    "迁建": Project.Nature.NEW,
    "扩建": Project.Nature.EXPANSION,
    "改扩建": Project.Nature.EXPANSION,
    "新建改扩建": Project.Nature.EXPANSION,
    "改建": Project.Nature.RECONSTRUCTION,
    "技术改造": Project.Nature.TECHNICAL,
    "技改": Project.Nature.TECHNICAL,
}
CLASSES = {
    "新开工": ProjectStage.NEW_START,
    "续建": ProjectStage.CONTINUING,
    "结转": ProjectStage.CONTINUING,
    "在建": ProjectStage.CONTINUING,
    "前期": ProjectStage.PREPARATORY,
    "储备": ProjectStage.PREPARATORY,
    "准备": ProjectStage.PREPARATORY,
}
LABELS = tuple(
    str(stage.label) for stage in (ProjectStage.NEW_START, ProjectStage.CONTINUING, ProjectStage.PREPARATORY)
)
_BY_LABEL = {stage.label: stage for stage in ProjectStage}
_ENDING = re.compile(r"(?:\([^()]*\)|类|项目|工程|阶段)+$")
_BEGINNING = re.compile(r"^(?:20\d\d年度?|当年|本年度?|今年|年度|计划|拟|列入)+")
_OF_CLASSES = re.compile(
    r"预备|收尾|竣工|投产|建成|完工|实施|谋划|策划|开工|加快|推进|拟建|促|保|建设类|达产|达效"
)
_LIKELY = (
    (re.compile(r"前|备|谋|储|洽|签约|论证|策划|规划|待"), ProjectStage.PREPARATORY),
    (re.compile(r"竣工|投产|建成|完工|达产|收尾"), ProjectStage.CONTINUING),
    (re.compile(r"新|开工|拟建"), ProjectStage.NEW_START),
)


def core_of(text: str) -> str:
    """A class word without 类, 项目 and a count behind it, and without a year before it."""
    word = plain(text)
    return _BEGINNING.sub("", _ENDING.sub("", word)) or word


def known_class(text: str) -> ProjectStage | None:
    """The class of a word that can mean one only; None for any other."""
    core = core_of(text)
    return next((stage for word, stage in CLASSES.items() if core.startswith(word)), None)


def nature_of(text: str) -> str | None:
    """建设性质 of a word; None for any other."""
    return NATURES.get(re.sub(r"[/、+和及]", "", core_of(text)))


def class_of(
    sheet: StagedSheet, text: str, *, row: StagedRow | int | None = None, column: str = ""
) -> ProjectStage:
    """The class that a word means: known, answered, or the likely one with a question."""
    return known_class(text) or ask_class(sheet, text, row=row, column=column)


def ask_class(
    sheet: StagedSheet, text: str, *, row: StagedRow | int | None = None, column: str = ""
) -> ProjectStage:
    """The answer to what class a word means, else the likely one: once a word and file."""
    met = plain(text)
    likely = known_class(text) or next(
        (stage for words, stage in _LIKELY if words.search(met)), ProjectStage.CONTINUING
    )
    said = sheet.ask(
        CATEGORY,
        met,
        f"“{met}”按哪一类统计？新开工项目计入新开工项目开工率，续建、前期不计入。",
        choices=(str(likely.label), *(label for label in LABELS if label != likely.label)),
        likely=str(likely.label),
        row=row,
        column=column,
    )
    return _BY_LABEL[said]


def unstated_class(sheet: StagedSheet, row: StagedRow) -> ProjectStage:
    """The class of a row that states none and whose dates do not tell: one question for all such rows of a file."""
    said = sheet.ask(
        CATEGORY,
        "",
        "表内没有写明项目类别，也看不出开工时间，这些项目按哪一类统计？新开工项目计入新开工项目开工率，续建、前期不计入。",
        choices=LABELS,
        likely=LABELS[0],
        row=row,
        column=sheet.called("category"),
    )
    return _BY_LABEL[said]


def holds_classes(texts: Iterable[str]) -> bool:
    """Whether the words of a column are classes: at least half of them are known or sound like one."""
    words = {plain(text) for text in texts} - {"", "-", "—", "/"}
    alike = [w for w in words if known_class(w) or (len(w) <= 10 and _OF_CLASSES.search(w))]
    return bool(words) and len(alike) * 2 >= len(words)
