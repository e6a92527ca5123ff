"""Ledgers put together by chance, of groups, subtotals, totals and packages, read exactly their projects, each once."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from .sheets_of_offices import asked, names, project, read

AMOUNTS = st.integers(1, 90_000)
CLASSES = (("新开工项目", "new_start"), ("续建项目", "continuing"), ("前期项目", "preparatory"))
ORDINALS = "一二三四五六七八九"
FIELDS = ("total_investment", "planned_investment", "invested_this_year")


class Ledger:
    """The lines of a ledger and what is to be read of them: names, classes and parents in order."""

    def __init__(self, style: dict) -> None:
        self.style = style
        self.lines: list[list] = []
        self.read: list[tuple[str, str, str | None]] = []
        self.sums: list[tuple[int, ...]] = []

    def group(self, place: int, text: str, category: str, projects: list) -> None:
        head = len(self.lines)
        self.lines.append([])
        of_group = [self.project(category, *found) for found in projects]
        sums = [sum(column) for column in zip(*of_group, strict=True)]
        label = text + (f"（{len(projects)}个）" if self.style["counted"] else "")
        ordinal = {"cell": ORDINALS[place], "label": None, "none": None}[self.style["ordinal"]]
        label = f"{ORDINALS[place]}、{label}" if self.style["ordinal"] == "label" else label
        shown = sums if self.style["sums"] == "above" else [None] * 3
        self.lines[head] = [ordinal, label, None, *shown, None]
        if self.style["sums"] == "beneath":
            self.lines.append([None, "小计", None, *sums, None])

    def project(self, category: str, amounts: tuple, parts: list) -> tuple[int, ...]:
        number = len(self.sums) + 1
        name = f"示范{number}号"
        if parts:
            amounts = tuple(sum(column) for column in zip(*parts, strict=True))
        self.lines.append(project(number, name, *amounts))
        self.read.append((name, category, None))
        self.sums.append(amounts)
        for place, part in enumerate(parts, 1):
            ordinal = {"dotted": f"{number}.{place}", "paren": f"（{place}）"}[self.style["parts"]]
            self.lines.append(project(ordinal, f"{name}子项{place}", *part))
            self.read.append((f"{name}子项{place}", category, name))
        return amounts

    def total(self) -> list:
        sums = [sum(column) for column in zip(*self.sums, strict=True)]
        return [None, self.style["total"], None, *sums, None]


TRIPLE = st.tuples(AMOUNTS, AMOUNTS, AMOUNTS)
PROJECT = st.tuples(TRIPLE, st.one_of(st.just([]), st.lists(TRIPLE, min_size=1, max_size=3)))
STYLE = st.fixed_dictionaries(
    {
        "ordinal": st.sampled_from(["cell", "label", "none"]),
        "counted": st.booleans(),
        "sums": st.sampled_from(["above", "beneath", "none"]),
        "parts": st.sampled_from(["dotted", "paren"]),
        "total": st.sampled_from(["合计", "全市合计", "总 计", "合计："]),
        "first": st.booleans(),
    }
)
GROUPS = st.lists(st.lists(PROJECT, min_size=1, max_size=4), min_size=1, max_size=3)


@settings(max_examples=60, deadline=None)
@given(style=STYLE, groups=GROUPS, order=st.permutations(range(3)))
def test_a_ledger_reads_its_projects_each_once_and_its_sums(style, groups, order):
    ledger = Ledger(style)
    for place, projects in enumerate(groups):
        text, category = CLASSES[order[place]]
        ledger.group(place, text, category, projects)
    lines = [ledger.total(), *ledger.lines] if style["first"] else [*ledger.lines, ledger.total()]
    sheet = read(*lines)
    assert names(sheet) == [name for name, _, _ in ledger.read]
    said = [(row.get("category"), row.get("parent")) for row in sheet.rows]
    assert said == [(category, parent) for _, category, parent in ledger.read]
    tops = [row for row in sheet.rows if not row.get("parent")]
    for place, name in enumerate(FIELDS):
        assert sum(row.get(name) for row in tops) == Decimal(sum(amounts[place] for amounts in ledger.sums))
    assert not (sheet.errors or asked(sheet))
    assert not [
        message for message in sheet.warnings if "相加" in message.message or "写明" in message.message
    ]
