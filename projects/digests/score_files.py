"""The score sheet as files (考核成绩 docx 与 xlsx), from the sheet and its numbered corrections alone."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO

from ..figures.assessment.sheets import ScoreSheet, UnitScore, corrected
from ..models import AssessmentCorrection, AssessmentRound, OfficeSettings
from ..workbooks import write_table
from .paper import Paper

SMALLER_FROM, SMALLER = 8, 9  # from so many columns on the table is set in this size


def score_docx(round_: AssessmentRound, sheet: ScoreSheet, day: date) -> bytes:
    """The paper: title, how it was scored, the ranking, those apart, corrections, office and date."""
    corrections = _corrections(round_)
    after = corrected(sheet, corrections)
    title = f"{round_}成绩"
    paper = Paper(title)
    paper.title(title)
    if number := round_.document if round_.is_published else "（送审稿）":
        paper.centred(number)
    paper.blank()
    paper.body(summary(sheet))
    heads = ["名次", "单位", "项目数", *(head.name for head in sheet.items), "总分"]
    if corrections:
        heads += ["更正后总分", "更正后名次"]
    widths = [8, 24, 9, *(15 for _head in sheet.items), 13, *([13, 9] if corrections else [])]
    paper.caption(f"考核成绩（截至{_day(sheet.as_of)}，单位：分）")
    rows = [_line(unit, sheet, after if corrections else None) for unit in (*sheet.ranked, *sheet.small)]
    size = SMALLER if len(heads) >= SMALLER_FROM else 10.5
    paper.table(heads, rows, widths, text_columns=(1,), size=size)
    paper.heading("计分说明")
    for note in notes(sheet):
        paper.body(note)
    if corrections:
        paper.heading("更正")
        for one in corrections:
            paper.body(correction_words(one))
    paper.signature(OfficeSettings.current().office_name, _day(day))
    return paper.bytes()


def score_xlsx(round_: AssessmentRound, sheet: ScoreSheet, day: date, opens: Callable[[int], bool]) -> bytes:
    """The table with every item's value, numerator and denominator, for checking.

    Hand-overs name projects: they stand only beside units whose card the reader may open (`opens`, by the unit's pk).
    """
    corrections = _corrections(round_)
    after = corrected(sheet, corrections)
    heads = ["名次", "单位", "项目数", "总分"]
    for head in sheet.items:
        heads += [f"{head.name}得分"]
        if not head.is_manual:
            heads += [f"{head.name}指标（{head.unit}）", f"{head.name}分子", f"{head.name}分母"]
    heads += ["更正后总分", "更正后名次", "备注"]
    rows = []
    for unit in sheet.units:
        line = [_place(unit), unit.name, unit.projects, unit.total]
        for item in unit.items:
            line += [item.score]
            if not sheet.head(item.item).is_manual:
                line += [item.value, item.numerator, item.denominator]
        new = after.of(unit.unit) if corrections else None
        line += [new.total, _place(new)] if new else [None, None]
        rows.append([*line, "；".join(unit.handovers if opens(unit.unit) else ())])
    out = BytesIO()
    write_table(out, title="考核成绩", heads=heads, rows=rows, notes=[str(round_), *notes(sheet)])
    return out.getvalue()


def summary(sheet: ScoreSheet) -> str:
    """The paragraph above the ranking, to be read aloud."""
    days = f"{_day(sheet.first_on)}至{_day(sheet.as_of)}"
    text = [f"依据{sheet.scheme}{_in_brackets(sheet.document)}，对{sheet.subject}{days}的工作进行考核。"]
    text.append(f"参加排名的单位{len(sheet.ranked)}个")
    if sheet.small:
        text.append(f"，项目较少单列的{len(sheet.small)}个")
    if sheet.idle:
        text.append(f"，无任务的{len(sheet.idle)}个")
    return "".join([*text, "。"])


def notes(sheet: ScoreSheet) -> list[str]:
    """How it was scored (计分说明): items, responsibility, exclusions, ties, small numbers, 无任务."""
    rules = "；".join(f"{head.name}：{head.rule_words}" for head in sheet.items)
    found = [
        f"满分{sheet.full_marks.normalize():f}分。{rules}。无到期事项的考核项不计分，其权重按比例摊入其余各项。",
        "名单类指标按截至日的责任单位计；节点、旬报、问题按到期当日的责任单位计。"
        "当日停工、暂缓、退库的项目和经批准豁免的事项不计。",
        f"{sheet.tie_words}。{sheet.small_words}。统计范围：{sheet.lists}。",
    ]
    if any(unit.is_small for unit in sheet.ranked):
        found.append("单位名称后标＊的项目较少，比率波动较大。")
    if sheet.idle:
        found.append(f"无任务单位：{'、'.join(unit.name for unit in sheet.idle)}。")
    return found


def correction_words(one: AssessmentCorrection) -> str:
    """One correction in a sentence: what was published, what holds instead, why."""
    was = "未计分" if one.published_points is None else f"{one.published_points}分"
    return f"第{one.number}号：{one.unit}“{one.item}”公布{was}，更正为{one.points}分。{one.reason.rstrip('。')}。"


def file_name(round_: AssessmentRound, extension: str) -> str:
    return f"{round_}成绩{'' if round_.is_published else '（送审稿）'}.{extension}"


def _corrections(round_: AssessmentRound) -> list[AssessmentCorrection]:
    return list(round_.corrections.select_related("unit", "item"))


def _line(unit: UnitScore, sheet: ScoreSheet, after: ScoreSheet | None) -> list:
    mark = "＊" if unit.is_small else ""
    scores = (_points(unit.item(head.item).score) for head in sheet.items)
    line = [_place(unit), f"{unit.name}{mark}", unit.projects, *scores, _points(unit.total)]
    new = after.of(unit.unit) if after else None
    return [*line, _points(new.total), _place(new)] if new else line


def _place(unit: UnitScore) -> str:
    if unit.rank:
        return str(unit.rank)
    return "单列" if unit.standing == "small" else "无任务"


def _points(value: Decimal | None) -> str:
    return "—" if value is None else str(value).replace("-", "−")


def _in_brackets(words: str) -> str:
    return f"（{words}）" if words else ""


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
