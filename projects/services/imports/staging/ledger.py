"""Ledger rows (台账行): reading one project's row of a list, and the checks across its cells."""

import re
from datetime import date

from projects.models import ProjectStage
from projects.periods import NO_DATE, OfficeDate
from projects.rules import Level, RowFacts, row_issues

from .cells import RowReader, fact_day, people_of, text_of
from .classes import ask_class, class_of, core_of, known_class, nature_of
from .columns import FIELDS
from .headers import Table, plain
from .responsible import helpers, leaders, unit_in
from .staged import LEDGER, StagedRow

PLAIN = {field.name: field.read for field in FIELDS if field.read and LEDGER in field.kinds}
FACTS = {"started": "started_on", "completed": "completed_on", "in_production": "in_production_on"}
FACTS["full_production"] = "full_production_on"
PLANNED_OF = {"started": "planned_start", "completed": "planned_completion"}
_STARTED_WORDS = re.compile(r"已|续建|在建|停工|复工|竣工|完工|建成")
# the fields of RowFacts by ours, so that a finding points at the right column
RULE_FIELDS = {"project_code": "code", "carried_over": "carry_over", "planned_finish": "planned_completion"}
LONGEST_PROGRESS = 200


def stage_row(reader: RowReader, table: Table, *, category: str | None, today: date, zone_code: str) -> None:
    """Read one ledger row into its StagedRow; errors and questions go to the sheet."""
    row, sheet = reader.row, reader.sheet
    row.values["name"] = reader.name()
    _code(reader)
    for name, read in PLAIN.items():
        if name in reader.columns:
            read(reader, name)
    _number(reader)
    _classify(reader, table, category)
    for column in table.period_columns:
        amount = reader.amount_in(column, sheet.unit or "万元")
        if amount is not None:
            row.amounts[column.ends_on] = amount
    _figure_day(reader, today)
    _planned_dates(reader)
    _facts(reader, today)
    _people(reader)
    _progress(reader)
    row.extra |= {column.header: text for column in table.unmapped if (text := _extra(reader, column.index))}
    for name in ("note", "problem_text"):
        if text := reader.text(name):
            row.extra[sheet.head(name)] = text
            if sheet.head(name) not in sheet.unmapped:
                sheet.unmapped.append(sheet.head(name))
    if "note" in sheet.heads and sheet.head("note") not in sheet.unmapped:
        sheet.unmapped.append(sheet.head("note"))
    _cross_checks(reader, zone_code)


def _extra(reader: RowReader, index: int) -> str:
    return text_of(reader.cells[index]) if index < len(reader.cells) else ""


def _number(reader: RowReader) -> None:
    """序号; an office's own number (项目编号 XM-12) is no 项目代码 and is kept as it is."""
    text, head = reader.text("number"), reader.sheet.head("number")
    reader.row.values["number"] = _whole(text)
    if text and reader.row.values["number"] is None and not head.startswith("序"):
        reader.row.extra[head] = text


def _whole(text: str) -> int | None:
    """A number of a row, full-width or in a circle (①) as well; None for anything else."""
    folded = plain(text)
    return int(folded) if folded.isascii() and folded.isdigit() and len(folded) < 9 else None


def _code(reader: RowReader) -> None:
    """A 项目代码 of letters, digits and dashes; words (正在办理) mean none yet. Another form is none but one on record."""
    text = reader.text("code", 40)
    code = plain(text).replace("—", "-").replace("–", "-").upper()
    reader.row.values.pop("code", None)
    if not any(character.isdigit() for character in code):
        return
    reader.row.values["code"] = code
    if not all(character.isascii() and (character.isalnum() or character == "-") for character in code):
        reader.row.values["odd_code"] = True


def _classify(reader: RowReader, table: Table, group_category: str | None) -> None:
    """项目类别 and 建设性质: “建设性质” may hold either (新建/改扩建, or 新建/续建)."""
    row, sheet = reader.row, reader.sheet
    nature, category = plain(reader.text("nature")), plain(reader.text("category"))
    row.values.pop("nature", None)
    row.values.pop("category", None)
    found = known_class(nature)
    if nature and found is None:
        if nature_of(nature):
            row.values["nature"] = nature_of(nature)
        else:
            sheet.warn(row, "nature", f"建设性质“{nature}”不在选项内（新建、扩建、改建、技术改造），未采用")
    if nature_of(category) and table.new_is_class and core_of(category) == "新建":
        found = ProjectStage.NEW_START
    elif category and nature_of(category):  # the two headings are often swapped
        row.values.setdefault("nature", nature_of(category))
    elif category:
        found = class_of(sheet, category, row=row, column=sheet.head("category"))
    if found and group_category and found != group_category:
        label = ProjectStage(group_category).label
        sheet.warn(row, "category", f"项目类别与所在分类“{label}”不一致，按本行读取，请核对", ask=True)
    row.values["category"] = found or group_category


def _figure_day(reader: RowReader, today: date) -> None:
    """数据截至: the day of a row's own figure where it is older than the sheet's (our own exports write it)."""
    row, sheet = reader.row, reader.sheet
    day = reader.day("figure_as_of", sheet.year).last_on
    row.values.pop("figure_as_of", None)
    if day is None:
        return
    if day > (sheet.as_of or today) or day.year != sheet.year:
        sheet.refuse(row, "figure_as_of", "“数据截至”应在本年度内，且不晚于表头的截至日期")
        return
    row.values["figure_as_of"] = day


def _planned_dates(reader: RowReader) -> None:
    row, year = reader.row, reader.sheet.year
    if "planned_span" in reader.columns:
        start, finish = reader.span("planned_span")
        row.values |= {"planned_start": start, "planned_completion": finish}
    for name in ("planned_start", "planned_completion"):
        reader.day(name, year)
    if "due" in reader.columns and "planned_completion" not in reader.columns:
        row.values["planned_completion"] = reader.day("due", year)
    for name in ("planned_start", "planned_completion"):
        written: OfficeDate | None = row.get(name)
        if written and len(written.text) > 40:
            reader.sheet.refuse(row, name, "时间文字超过40字，请写作 2023年6月 或 2023年三季度")


def _facts(reader: RowReader, today: date) -> None:
    """Dates of fact: 实际开工, 竣工, 投产, 达产, 纳统."""
    row, sheet = reader.row, reader.sheet
    as_of = sheet.as_of or today
    says_started = None
    for name, target in FACTS.items():
        if name in reader.columns and plain(reader.cells[reader.columns[name].index]) in {"已开工", "是"}:
            says_started = True
            row.raw[name] = plain(reader.cells[reader.columns[name].index])
            continue
        written = reader.day(name, sheet.year)
        row.values.pop(name, None)
        if written.is_known and written.first_on and written.first_on > as_of:
            _still_to_come(reader, name, written)
            continue
        if not written.is_known and written.text.strip("-—–―/\\"):
            says_started = _words_for_a_day(reader, name, written, says_started)
        day = fact_day(written, as_of)
        if day:
            row.values[target] = day
            row.values.setdefault("written", {})[target] = written
    if "started_flag" in reader.columns:
        text = plain(reader.text("started_flag"))
        if text:
            says_started = not (text.startswith(("未", "否", "无", "拟")))
    row.values["says_started"] = says_started
    _order_of_facts(reader)
    _statistics(reader, as_of)
    _built_since_this_year(reader)


def _built_since_this_year(reader: RowReader) -> None:
    """在建 says that works go on, not since when: of a project begun within the year it may be either class."""
    row, sheet = reader.row, reader.sheet
    begun = row.get("started_on") or (row.get("planned_start") or NO_DATE).last_on
    word = plain(row.raw.get("category", "")) or plain(row.raw.get("nature", ""))
    if core_of(word) == "在建" and begun and begun.year == sheet.year:
        row.values["category"] = ask_class(sheet, word, row=row, column=sheet.head("category"))


def _still_to_come(reader: RowReader, name: str, written: OfficeDate) -> None:
    """A day after the sheet's is no fact: it is the plan where the row has none, and is kept in words."""
    row, sheet = reader.row, reader.sheet
    planned = PLANNED_OF.get(name)
    if planned and not row.get(planned):
        row.values[planned] = written
        sheet.warn(row, name, f"“{sheet.head(name)}”{written.words}晚于截至日期，按计划时间读取")
        return
    row.extra[f"{sheet.head(name)}说明"] = written.text
    sheet.warn(row, name, f"“{sheet.head(name)}”{written.words}晚于截至日期，未作为已发生登记，原文保留")


def _words_for_a_day(reader: RowReader, name: str, written: OfficeDate, said: bool | None) -> bool | None:
    """Words in a date column: no date yet. 未开工 is how our own layout says it, others are kept with the row."""
    if written.text != "未开工":
        reader.row.extra[f"{reader.sheet.head(name)}说明"] = written.text
    return bool(_STARTED_WORDS.search(written.text)) if name == "started" else said


def _order_of_facts(reader: RowReader) -> None:
    """Completion and production never come before the start; nothing later repairs such a row."""
    row, sheet = reader.row, reader.sheet
    started = row.get("started_on")
    for name in ("completed", "in_production", "full_production"):
        day = row.get(FACTS[name])
        if started and day and day < started:
            sheet.refuse(row, name, f"“{sheet.head(name)}”早于“{sheet.head('started')}”，请核对后改正")


def _statistics(reader: RowReader, as_of: date) -> None:
    """是否纳统: yes is a fact without a date, known from the sheet's day on; a date counts itself."""
    column = reader.columns.get("in_statistics")
    if column is None:
        return
    text = plain(reader.cells[column.index])
    if any(character.isdigit() for character in text):
        day = fact_day(reader.day("in_statistics", reader.sheet.year), as_of)
        reader.row.values["in_statistics"] = bool(day)
        if day:
            reader.row.values["entered_statistics_on"] = day
        return
    reader.yes_or_no("in_statistics")


def _people(reader: RowReader) -> None:
    row = reader.row
    leaders(reader)
    for name in ("lead_department", "host_district"):
        unit_in(reader, name)
    helpers(reader)
    officers = people_of(reader.text("service_officer"))
    row.values["service_officers"] = [name for name in officers if len(name) <= 40]


def _progress(reader: RowReader) -> None:
    """形象进度: what is longer than the column keeps its whole text in 本旬进展."""
    row = reader.row
    text = reader.text("physical_progress")
    if len(text) > LONGEST_PROGRESS:
        row.values["work_done"] = text
        row.values["physical_progress"] = text[: LONGEST_PROGRESS - 1] + "…"
        reader.sheet.warn(row, "physical_progress", f"形象进度超过{LONGEST_PROGRESS}字，全文存入本旬进展")


def _cross_checks(reader: RowReader, zone_code: str) -> None:
    row, sheet = reader.row, reader.sheet
    issues = row_issues(facts_of(row, sheet.unit or "万元"), zone_code)
    for issue in issues:
        name = RULE_FIELDS.get(issue.column, issue.column)
        if name == "invested_to_date" and name not in sheet.heads:
            name = "invested_this_year"
        if issue.level == Level.ERROR:
            sheet.refuse(row, name, f"{issue.message}，请核对后改正")
        else:
            sheet.warn(row, name, issue.message, ask=issue.level == Level.ASK and "疑似" in issue.message)


def facts_of(row: StagedRow, unit: str) -> RowFacts:
    """The row as the rules want it (docs/rules.md §13)."""
    written = row.get("written", {})
    known = {
        name: row.get(ours)
        for name, ours in (
            ("total_investment", "total_investment"),
            ("planned_investment", "planned_investment"),
            ("carried_over", "carry_over"),
            ("invested_this_year", "invested_this_year"),
            ("invested_to_date", "invested_to_date"),
            ("started", "started_on"),
            ("planned_start", "planned_start"),
            ("planned_finish", "planned_completion"),
        )
        if row.get(ours) is not None
    }
    if "started" in known:
        known["started"] = written["started_on"]
    return RowFacts(
        project_code=row.get("code", ""), unit=unit, says_started=row.get("says_started"), **known
    )
