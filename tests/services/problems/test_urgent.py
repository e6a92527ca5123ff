"""Lists of urgent problems: drafted, numbered by year, frozen once issued."""

import datetime as dt
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from docx import Document
from openpyxl import load_workbook

from projects.digests.urgent_list import content_from, content_now, content_of
from projects.digests.urgent_list_files import urgent_docx, urgent_xlsx
from projects.models import AuditRecord, Role, UrgentList
from projects.queries.problems.urgent import candidates
from projects.services.problems import urgent as urgent_lists
from tests.factories import (
    NOW,
    TODAY,
    make_list,
    make_problem,
    make_project,
    make_unit,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def draft(by, *problems, as_of=TODAY, title="亟需解决问题清单"):
    return urgent_lists.draft_urgent_list(title=title, as_of=as_of, problems=problems, by=by, now=NOW)


def issue(urgent, by):
    return urgent_lists.issue_urgent_list(
        urgent=urgent, write=lambda row: content_now(row).as_dict(), by=by, now=NOW
    )


def test_numbers_run_by_year_and_issuing_twice_is_once(office, listed_project):
    problem = make_problem(listed_project)
    first, second = (draft(office, problem, title=title) for title in ("上半月清单", "下半月清单"))
    last_year = draft(
        office, make_problem(listed_project, raised_on=dt.date(2022, 1, 1)), as_of=dt.date(2022, 12, 1)
    )
    assert first.number is None
    assert [issue(row, office).number for row in (second, first, second, last_year)] == [1, 2, 1, 1]
    assert AuditRecord.objects.filter(action="印发亟需解决问题清单").count() == 3


def test_what_was_issued_stays_while_a_draft_follows_the_record(office, listed_project):
    problem = make_problem(listed_project, text="用地指标未落实", demand="请市局调剂", level="city")
    issued, kept = issue(draft(office, problem), office), draft(office, problem)
    before = content_of(issued)
    problem.text, problem.due_on = "改过的说法", dt.date(2023, 12, 1)
    problem.save()
    issued.refresh_from_db()
    assert content_of(issued) == before
    assert content_of(kept).rows[0].text == "改过的说法"
    with pytest.raises(ValidationError, match="已印发"):
        urgent_lists.edit_urgent_list(urgent=issued, title="x", as_of=TODAY, problems=[], by=office, now=NOW)


def test_the_content_reads_back_equal_and_its_paragraph_agrees_with_its_rows(office, listed_project):
    late = make_problem(listed_project, text="指标未落实", level="city", due_on=dt.date(2023, 10, 2))
    timely = make_problem(listed_project, category="funds", level="province", due_on=dt.date(2023, 11, 2))
    timely.helper_units.add(make_unit("财政局"))
    content = content_now(draft(office, late, timely))
    assert content_from(content.as_dict()) == content
    assert [row.days_late for row in content.rows] == [10, 0]
    assert content.rows[1].units == "未明确（配合：财政局）"
    assert content.rows[0].lists == "市级重大"
    assert content.summary == (
        "截至2023年10月12日，全区重大项目亟需协调解决的问题共2个，涉及项目1个。按问题类别分：用地1个、资金1个。"
        "按协调层级分：市1个、省1个。其中1个已超过办理时限，最长的是新材料项目“指标未落实”，已逾期10天。"
    )


def test_paper_and_sheet_say_the_same(office, listed_project):
    urgent = issue(draft(office, make_problem(listed_project, text="=1+1", level="city")), office)
    paper = Document(BytesIO(urgent_docx(urgent)))
    words = [paragraph.text for paragraph in paper.paragraphs]
    assert words[:2] == ["亟需解决问题清单", "〔2023〕第1期"]
    assert content_of(urgent).summary in words
    assert [cell.text for cell in paper.tables[0].rows[0].cells] == [
        "序号", "项目", "问题", "请求协调事项", "责任单位", "时限",
    ]  # fmt: skip
    assert paper.tables[0].rows[1].cells[2].text == "用地：=1+1"
    sheet = load_workbook(BytesIO(urgent_xlsx(urgent))).active
    assert [cell.value for cell in sheet[4]][5:8] == ["=1+1", "请市层面协调解决", "市"]
    assert sheet["F4"].data_type == "s"


def test_what_drafting_and_issuing_refuse(office, listed_project):
    inspector, problem = make_user(Role.INSPECTOR), make_problem(listed_project)
    with pytest.raises(PermissionDenied):
        draft(inspector, problem)
    with pytest.raises(ValidationError, match="不能晚于今天"):
        draft(office, problem, as_of=TODAY + dt.timedelta(days=1))
    with pytest.raises(ValidationError, match="已销号或尚未提出"):
        draft(office, make_problem(listed_project, state="resolved", resolved_on=TODAY))
    assert not UrgentList.objects.exists()
    with pytest.raises(ValidationError, match="还没有问题"):
        issue(draft(office), office)
    urgent = draft(office, problem)
    with pytest.raises(PermissionDenied):
        issue(urgent, inspector)
    problem.state, problem.resolved_on = "resolved", TODAY
    problem.save()
    with pytest.raises(ValidationError, match="请先移出"):
        issue(urgent, office)
    urgent.refresh_from_db()
    assert (urgent.state, urgent.number) == ("draft", None)


def test_editing_changes_which_problems_stand_on_it(office, listed_project):
    one, two = make_problem(listed_project), make_problem(listed_project)
    urgent = draft(office, one)
    urgent_lists.edit_urgent_list(
        urgent=urgent, title="新标题", as_of=TODAY, problems=[two], by=office, now=NOW
    )
    urgent.refresh_from_db()
    assert (urgent.title, list(urgent.problems.all())) == ("新标题", [two])
    assert AuditRecord.objects.get(action="修改亟需解决问题清单").reason == "列入1个问题，新增1个，移出1个"


def test_drawn_are_open_problems_of_listed_projects_at_the_levels_chosen(listed_project):
    wanted = make_problem(listed_project, level="city")
    make_problem(listed_project, level="department")
    make_problem(listed_project, level="city", state="resolved", resolved_on=TODAY)
    make_problem(make_project(), level="city")
    drawn = candidates(lists=[make_list()], as_of=TODAY, levels=["city", "province"])
    assert list(drawn) == [wanted]
