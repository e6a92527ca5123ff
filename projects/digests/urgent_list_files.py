"""The list of urgent problems as files (docx 与 xlsx), from its content alone."""

from datetime import date
from io import BytesIO

from django.utils import timezone

from ..models import UrgentList
from ..workbooks import write_table
from .paper import Paper
from .urgent_list import UrgentContent, UrgentRow, content_of

HEADS = ["序号", "项目", "问题", "请求协调事项", "责任单位", "时限"]
WIDTHS = [9, 32, 38, 34, 24, 23]
SHEET_HEADS = [
    "序号", "项目代码", "项目", "列入名单", "问题类别", "问题", "请求协调事项", "协调层级", "责任单位", "配合单位",
    "提出日期", "办理时限", "逾期天数",
]  # fmt: skip
SHEET_WIDTHS = [6, 28, 32, 20, 10, 44, 40, 10, 20, 24, 12, 12, 10]


def number_words(urgent: UrgentList) -> str:
    """〔2023〕第1期; a draft has no number yet."""
    return f"〔{urgent.year}〕第{urgent.number}期" if urgent.number else f"〔{urgent.year}〕（送审稿）"


def urgent_docx(urgent: UrgentList) -> bytes:
    """The paper: title, number, the paragraph that can be read aloud, the table, office and date."""
    content = content_of(urgent)
    paper = Paper(f"{content.title}{number_words(urgent)}")
    paper.title(content.title)
    paper.centred(number_words(urgent))
    paper.blank()
    paper.body(content.summary)
    paper.body("现将有关问题列表如下，请各责任单位按时限办理，需省、市协调的事项请予支持。")
    paper.caption(f"亟需解决问题清单（截至{_day(content.as_of)}）")
    paper.table(
        HEADS,
        [_line(number, row, content) for number, row in enumerate(content.rows, 1)],
        WIDTHS,
        text_columns=(1, 2, 3),
    )
    dated = timezone.localdate(urgent.issued_at) if urgent.issued_at else content.as_of
    paper.signature(content.office, _day(dated))
    return paper.bytes()


def _line(number: int, row: UrgentRow, content: UrgentContent) -> list:
    project = f"{row.project}（{row.lists}）" if row.lists else row.project
    due = (
        _day(row.due_on)
        if row.due_on.year != content.as_of.year
        else f"{row.due_on.month}月{row.due_on.day}日"
    )
    late = f"（逾期{row.days_late}天）" if row.days_late else ""
    return [number, project, f"{row.category}：{row.text}", row.asked, row.units, f"{due}{late}"]


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def urgent_xlsx(urgent: UrgentList) -> bytes:
    """The table with every column, for working on."""
    content = content_of(urgent)
    out = BytesIO()
    write_table(
        out,
        title="亟需解决问题清单",
        heads=SHEET_HEADS,
        rows=(
            [
                number, row.code, row.project, row.lists, row.category, row.text, row.asked, row.level, row.unit,
                row.helpers, row.raised_on, row.due_on, row.days_late,
            ]
            for number, row in enumerate(content.rows, 1)
        ),
        notes=[f"{content.title}{number_words(urgent)}", content.summary],
        widths=SHEET_WIDTHS,
    )  # fmt: skip
    return out.getvalue()


def file_name(urgent: UrgentList, extension: str) -> str:
    number = f"第{urgent.number}期" if urgent.number else "（送审稿）"
    return f"亟需解决问题清单{urgent.year}年{number}.{extension}"
