"""Sheets as other offices publish them, built cell by cell and read without a database."""

import datetime as dt
from collections.abc import Mapping, Sequence

from projects.services.imports.reader import Grid
from projects.services.imports.staging.sheets import Dictionary, Options, stage_workbook
from projects.services.imports.staging.staged import StagedSheet

TODAY = dt.date(2023, 10, 12)
TITLE = ("2023年区级重点项目", "截至2023年9月30日", "单位：万元")
HEAD = ("序号", "项目名称", "建设单位", "总投资", "2023年计划投资", "本年累计完成投资", "推进部门")
LISTS = {"省级重点": "省级重点", "市级重大": "市级重大", "区级重点": "区级重点", "技改": "技改"}


def grid(cells: Sequence[Sequence], *, name: str = "区级重点", merges: Sequence[str] = ()) -> Grid:
    """A sheet of these cells; a merge is given as its corners, A3:G3, and repeats its first cell."""
    width = max(len(line) for line in cells)
    rows = [["" if cell is None else cell for cell in line] + [""] * (width - len(line)) for line in cells]
    sheet = Grid(name, rows)
    for merge in merges:
        (top, left), (bottom, right) = (_place(corner) for corner in merge.split(":"))
        sheet.merges.append(((top, left), (bottom, right)))
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                if (row, column) != (top, left):
                    rows[row][column] = rows[top][left]
                    sheet.filled.add((row, column))
    return sheet


def _place(corner: str) -> tuple[int, int]:
    return int(corner[1:]) - 1, ord(corner[0]) - 65


def stage(
    *grids: Grid, file_name: str = "台账.xlsx", answers: Mapping[str, str] | None = None, **options
) -> list[StagedSheet]:
    """The sheets as staged, on 12 October 2023."""
    said = Options(answers=answers or {}, **options)
    return stage_workbook(grids, file_name, said, Dictionary({}, LISTS, "370371", TODAY))


def read(
    *lines: Sequence,
    top: Sequence[Sequence] = (TITLE,),
    head: Sequence = HEAD,
    name: str = "区级重点",
    merges: Sequence[str] = (),
    **said,
) -> StagedSheet:
    """The one sheet of a title, a header and lines."""
    (sheet,) = stage(grid([*top, head, *lines], name=name, merges=merges), **said)
    return sheet


def project(
    number: object, name: str, total: object = 10000, plan: object = 4000, done: object = 2000
) -> list:
    """A line as most projects have it."""
    return [number, name, f"{name}公司", total, plan, done, "建设局"]


def names(sheet: StagedSheet) -> list[str]:
    return [row.get("name") for row in sheet.rows]


def kinds(sheet: StagedSheet) -> dict[int, str]:
    """The kind of each row that is no plain project."""
    return {item["row"]: item["kind"] for item in sheet.row_kinds}


def asked(sheet: StagedSheet) -> dict[str, str]:
    """Open questions with the likely answer."""
    return {q.id: q.likely for q in sheet.questions.values() if q.answer is None}
