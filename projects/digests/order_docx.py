"""A supervision order as the office's paper (督办单 docx)."""

from ..models import OfficeSettings, SupervisionLine, SupervisionOrder, User
from .paper import Paper

HEADS = ["序号", "项目", "督办事项", "挂包领导", "推进部门", "属地保障"]
WIDTHS = [10, 38, 52, 18, 22, 20]


EXTRACT = "（本件为摘录，仅列您有权查看的项目。）"


def order_docx(order: SupervisionOrder, reader: User) -> bytes:
    """The paper of a slip for a reader: number, facts, demand, the table of the rows the reader may see, as on its page.

    Where rows are left out the paper says that it is an extract. Three queries at most.
    """
    lines = (
        SupervisionLine.objects.visible_to(reader)
        .filter(order=order)
        .select_related("project__sponsor", "project__lead_department", "project__host_district")
    )
    paper = Paper(str(order))
    paper.title(f"重大项目{order.get_type_display()}通知单")
    paper.centred(order.document_number or "（拟稿）")
    paper.blank()
    paper.addressee(order.unit.name)
    paper.body(order.facts)
    paper.body(order.demand)
    if order.due_on:
        day = order.due_on
        paper.body(
            f"请签收后逐项办理，于{day.year}年{day.month}月{day.day}日前书面回复办理情况，并附佐证材料。"
        )
    paper.body("附件：督办项目表")
    if order.issued_on:
        day = order.issued_on
        paper.signature(OfficeSettings.current().office_name, f"{day.year}年{day.month}月{day.day}日")
    paper.caption("督办项目表")
    rows = [
        [
            number,
            line.project.name,
            line.matter,
            line.project.sponsor or "未明确",
            line.project.lead_department or "未明确",
            line.project.host_district or "未明确",
        ]
        for number, line in enumerate(lines, 1)
    ]
    paper.table(HEADS, rows, WIDTHS, text_columns={1, 2})
    if len(rows) < order.lines.count():
        paper.small(EXTRACT)
    return paper.bytes()
