"""A ledger workbook of many new projects in the office's layout, for the import."""

from pathlib import Path

import xlsxwriter

HEADS = (
    "序号 项目名称 项目代码 建设单位 建设性质 项目类别 所属产业链 建设内容及规模 总投资 2023年计划投资 "
    "计划开工时间 计划竣工时间 本年累计完成投资 实际开工时间 是否纳统 形象进度 挂包领导 职务 推进部门 属地保障"
).split()


def write_workbook(path: Path, *, rows: int) -> None:
    """One sheet 市级重大 whose projects nobody knows yet, with plan, progress and the six slots."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("市级重大")
    sheet.write_row(0, 0, ["淄博高新区2023年市级重大项目调度表"])
    sheet.write_row(1, 0, ["填报单位：发展改革局", *[""] * 8, "截至2023年12月20日", *[""] * 8, "单位：万元"])
    sheet.write_row(2, 0, HEADS)
    for n in range(rows):
        sheet.write_row(3 + n, 0, _row(n))
    book.close()


def _row(n: int) -> list:
    month = n % 10 + 1
    return [
        n + 1,
        f"导入新建项目{n:06d}",
        f"2302-370371-04-02-{n:06d}",
        f"导入企业{n:06d}有限公司",
        "新建",
        "新开工",
        f"产业链{n % 12:02d}",
        "建设厂房及配套设施",
        20_000 + n % 1000,
        5_000 + n % 100,
        f"2023年{month}月",
        "2024年12月",
        4_000 + n % 100,
        f"2023.{month:02d}.15",
        "是",
        "主体施工",
        f"领导{n % 60:02d}",
        "管委会副主任",
        f"推进部门{n % 40:02d}",
        f"属地{n % 20:02d}",
    ]
