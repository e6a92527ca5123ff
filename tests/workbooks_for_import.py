"""Small workbooks as offices send them, built for the import's tests."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook

SHARED = Path(__file__).resolve().parent.parent / "demo" / "ledger-2023-full.xlsx"
HEAD = (
    "序号 项目名称 项目代码 建设单位 建设性质 项目类别 总投资 至2022年底累计完成投资 2023年计划投资 计划开工时间 计划竣工时间"
    " 本年累计完成投资 实际开工时间 是否纳统 形象进度 挂包领导 职务 推进部门 属地保障"
).split()
ROW = {
    "序号": 1,
    "项目名称": "氢能电堆项目",
    "项目代码": "2103-370371-04-02-100001",
    "建设单位": "甲公司",
    "建设性质": "新建",
    "项目类别": "新开工",
    "总投资": 10000,
    "至2022年底累计完成投资": 0,
    "2023年计划投资": 5000,
    "计划开工时间": "2023年6月",
    "计划竣工时间": "2024年12月",
    "本年累计完成投资": 2000,
    "实际开工时间": "2023.06.10",
    "是否纳统": "是",
    "形象进度": "桩基施工",
    "挂包领导": "领导甲",
    "职务": "工委书记",
    "推进部门": "建设局",
    "属地保障": "中埠镇",
}


def row(**changes) -> dict:
    """A valid ledger row; keyword arguments replace cells by header."""
    return {**ROW, **changes}


def rows(count: int) -> list[dict]:
    """Distinct valid rows."""
    return [
        row(
            序号=n, 项目名称=f"示例{n}号项目", 项目代码=f"2103-370371-04-02-{100000 + n}", 建设单位=f"企业{n}"
        )
        for n in range(1, count + 1)
    ]


def ledger(
    data: Iterable[dict],
    *,
    sheet: str = "市级重大",
    title: str = "淄博高新区2023年市级重大项目调度表",
    as_of: str | None = "截至2023年10月10日",
    unit: str | None = "单位：万元",
    head: Sequence[str] = HEAD,
    before: Sequence[Sequence] = (),
    after: Sequence[Sequence] = (),
) -> bytes:
    """A ledger of one sheet: title, corner cells, header in row 3, rows; `before` and `after` the data, extra rows."""
    book = Workbook()
    add_ledger(
        book, data, sheet=sheet, title=title, as_of=as_of, unit=unit, head=head, before=before, after=after
    )
    del book["Sheet"]
    return saved(book)


def add_ledger(
    book, data, *, sheet, title, as_of="截至2023年10月10日", unit="单位：万元", head=HEAD, before=(), after=()
):
    page = book.create_sheet(sheet)
    page.append([title])
    page.append(["填报单位：发展改革局", as_of, unit])
    page.append(list(head))
    for cells in before:
        page.append(list(cells))
    for item in data:
        page.append([item.get(name) for name in head])
    for cells in after:
        page.append(list(cells))
    return page


def table(cells: Iterable[Sequence], sheet: str) -> bytes:
    """Any sheet, given cell by cell."""
    book = Workbook()
    page = book.active
    page.title = sheet
    for line in cells:
        page.append(list(line))
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()
