"""The weekly overdue report as the office's paper (逾期周报 docx)."""

from collections.abc import Callable
from datetime import date

from ..figures.figures import TOTAL_NAME
from ..models import AlertKind
from .content import Content, ListRate, ReportRow, grouped
from .paper import Paper

NUMERALS = "一二三四五六七八九十"
ROW_HEADS = [
    "序号",
    "推进部门",
    "属地保障",
    "项目",
    "逾期事项",
    "应完成日期",
    "逾期天数",
    "已列周数",
    "下一步责任单位",
]
MOST_ROWS = 500  # rows of one table: a Word table of thousands takes minutes to write and nobody reads it
ROW_WIDTHS = [8.5, 22, 18, 32, 34, 20, 11, 11, 22]


def weekly_docx(content: Content, *, dated_on: date, is_draft: bool) -> bytes:
    """The document of a week's content; dated_on is 成文日期; a draft says 送审稿 under its title."""
    name = f"重大项目逾期周报（{content.period.year}年第{content.number}期）"
    paper = Paper(name)
    paper.title("重大项目逾期周报")
    paper.centred(f"〔{content.period.year}〕第{content.number}期{'（送审稿）' if is_draft else ''}")
    first, last = content.period.first_on, content.period.last_on
    paper.centred(f"（{first.month}月{first.day}日—{last.month}月{last.day}日）", font="楷体_GB2312")
    paper.blank()
    headings = iter(NUMERALS)
    _overall(paper, content, next(headings))
    if content.rates:
        _rates(paper, content, next(headings))
    _rows(paper, next(headings), "本周新增逾期事项", content.new, content.as_of.year)
    _rows(paper, next(headings), "持续逾期事项", content.still, content.as_of.year)
    _cleared(paper, next(headings), content)
    _silent(paper, next(headings), content)
    if content.ranking:
        _ranking(paper, next(headings), content)
    paper.signature(content.office, f"{dated_on.year}年{dated_on.month}月{dated_on.day}日")
    _annex(paper, content)
    return paper.bytes()


def _overall(paper: Paper, content: Content, numeral: str) -> None:
    paper.heading(f"{numeral}、总体情况")
    paper.body(content.summary)
    lines = [
        [line.words, line.opening, line.new, line.cleared, line.open, _signed(line.change)]
        for line in content.by_kind
    ]
    lines.append(
        [
            "合计",
            content.opening,
            len(content.new),
            len(content.cleared),
            content.open,
            _signed(content.change),
        ]
    )
    paper.caption("表1　逾期事项增减情况（单位：项）")
    paper.table(
        ["类别", "上周结转", "本周新增", "本周销号", "本周末", "比上周"], lines, [30, 20, 20, 20, 20, 20]
    )


def _rates(paper: Paper, content: Content, numeral: str) -> None:
    paper.heading(f"{numeral}、各名单推进情况")
    for rate in content.rates:
        if rate.list == TOTAL_NAME:
            continue
        starts = (
            f"新开工项目{rate.new_starts}个，已开工{rate.new_starts_started}个，开工率{rate.start_rate_of_year}；"
            if rate.new_starts
            else ""
        )
        if rate.start_identity:
            starts += f"计划开工率{rate.start_rate_to_date}（{rate.start_identity}）；"
        paper.body(
            f"{rate.list}项目{rate.projects}个，累计开工{rate.started}个，开工率（含续建）{rate.start_rate}；{starts}"
            f"年度计划投资{rate.planned}亿元，{_done(rate)}。"
        )
    paper.caption("表2　各名单开工和投资完成情况")
    paper.table(
        [
            "名单",
            "项目数",
            "开工率（含续建）",
            "新开工已开工/新开工",
            "计划投资（亿元）",
            "完成投资（亿元）",
            "完成率",
            "序时进度",
            "与序时比",
        ],
        [
            [
                rate.list,
                rate.projects,
                rate.start_rate,
                f"{rate.new_starts_started}/{rate.new_starts}" if rate.new_starts else "—",
                rate.planned,
                rate.invested,
                rate.completion,
                rate.pro_rata,
                rate.gap_told.replace("序时", ""),
            ]
            for rate in content.rates
        ],
        [20, 11, 17, 19, 18, 18, 15, 15, 26],
    )


def _done(rate: ListRate) -> str:
    """Investment in words; where nobody has reported nothing is said of it."""
    if rate.is_silent:
        return f"完成投资、投资完成率和与序时差距{rate.gap_told}"
    return f"完成{rate.invested}亿元，投资完成率{rate.completion}，{rate.gap_told}"


def _rows(paper: Paper, numeral: str, words: str, rows: tuple[ReportRow, ...], year: int) -> None:
    paper.heading(f"{numeral}、{words}（{len(rows)}项）")
    if not rows:
        paper.body(f"无{words}。")
        return
    departments = len({row.lead_department for row in rows})
    parts = "、".join(f"{sponsor}{len(own)}项" for sponsor, own in grouped(rows))
    paper.body(f"涉及推进部门{departments}个，按挂包领导分：{parts}。")
    lines = _by_sponsor(
        rows,
        lambda row: [
            row.lead_department,
            row.host_district,
            row.project,
            f"{row.kind_words}：{row.title}",
            _day(row.due_on, year),
            row.days_late,
            row.weeks,
            row.unit,
        ],
    )
    paper.table(ROW_HEADS, lines, ROW_WIDTHS, text_columns=(3, 4))
    _rest(paper, rows)


def _by_sponsor(rows: tuple[ReportRow, ...], cells: Callable[[ReportRow], list]) -> list[list]:
    """Table lines of the first MOST_ROWS rows, numbered, under a line for each 挂包领导 with all that is his."""
    lines: list[list] = []
    number = 0
    for sponsor, own in grouped(rows):
        if number == MOST_ROWS:
            break
        lines.append([f"挂包领导：{sponsor}（{len(own)}项）"])
        for row in own[: MOST_ROWS - number]:
            number += 1
            lines.append([number, *cells(row)])
    return lines


def _rest(paper: Paper, rows: tuple[ReportRow, ...]) -> None:
    """Where the rows that the table leaves out are to be read."""
    if len(rows) > MOST_ROWS:
        paper.body(f"上表列前{MOST_ROWS}项，其余{len(rows) - MOST_ROWS}项见所附 xlsx。")


def _cleared(paper: Paper, numeral: str, content: Content) -> None:
    paper.heading(f"{numeral}、本周销号事项（{len(content.cleared)}项）")
    if not content.cleared:
        paper.body("本周无销号事项。")
        return
    lines = _by_sponsor(
        content.cleared,
        lambda row: [
            row.lead_department,
            row.host_district,
            row.project,
            f"{row.kind_words}：{row.title}",
            row.remark,
        ],
    )
    paper.table(
        ["序号", "推进部门", "属地保障", "项目", "事项", "备注"],
        lines,
        [8, 24, 22, 40, 40, 22],
        text_columns=(3, 4),
    )
    _rest(paper, content.cleared)


def _silent(paper: Paper, numeral: str, content: Content) -> None:
    paper.heading(f"{numeral}、未按时报送旬报情况")
    if not content.silent:
        paper.body(content.punctual_words)
        return
    projects = sum(line.projects for line in content.silent)
    parts = "、".join(f"{line.unit}{line.projects}个" for line in content.silent)
    paper.body(f"{len(content.silent)}个推进部门的{projects}个项目未按时报送旬报，分别为：{parts}。")


def _ranking(paper: Paper, numeral: str, content: Content) -> None:
    paper.heading(f"{numeral}、推进部门逾期情况")
    paper.body(
        "按牵头推进项目的逾期事项数由多到少排列，数量相同的名次并列；项目数较少的单位已注明，不宜直接比较。"
    )
    paper.table(
        ["名次", "推进部门", "项目数", "逾期事项", "其中本周新增", "本周销号", "备注"],
        [
            [line.rank or "—", line.unit, line.projects, line.open, line.new, line.cleared, line.remark]
            for line in content.ranking
        ],
        [12, 44, 16, 18, 22, 18, 26],
    )


def _annex(paper: Paper, content: Content) -> None:
    """Departments by kind, and what is exempted: the same rows counted another way."""
    kinds = [kind for kind in AlertKind if kind.value in content.open_by_kind]
    if not kinds and not content.exempt:
        return
    paper.new_page()
    paper.heading("附件")
    if kinds:
        departments = list(dict.fromkeys(line.unit for line in content.ranking))
        departments += [
            row.lead_department for row in content.open_rows if row.lead_department not in departments
        ]
        lines = []
        for unit in dict.fromkeys(departments):
            own = [row for row in content.open_rows if row.lead_department == unit]
            if own:
                lines.append([unit, *(sum(row.kind == kind for row in own) for kind in kinds), len(own)])
        totals = [content.open_by_kind[kind.value] for kind in kinds]
        lines.append(["合计", *totals, content.open])
        paper.caption("附表1　推进部门逾期事项分类（单位：项）")
        paper.table(
            ["推进部门", *(kind.label for kind in kinds), "合计"], lines, [40, *(20 for _ in kinds), 16]
        )
    if content.exempt:
        paper.caption(f"附表{2 if kinds else 1}　经批准豁免的事项（不计入上述数字）")
        paper.table(
            ["序号", "推进部门", "项目", "事项", "说明"],
            [
                [number, row.lead_department, row.project, f"{row.kind_words}：{row.title}", row.remark]
                for number, row in enumerate(content.exempt[:MOST_ROWS], 1)
            ],
            [8, 28, 44, 44, 32],
            text_columns=(2, 3),
        )
        _rest(paper, content.exempt)


def _day(day: date, year: int) -> str:
    return f"{'' if day.year == year else f'{day.year}年'}{day.month}月{day.day}日"


def _signed(change: int) -> str:
    return f"{change:+d}" if change else "持平"
