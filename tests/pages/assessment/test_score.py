"""Assessment in the browser: from the scheme to the published ranking, the card, appeals; the papers; what is refused."""

import datetime as dt
from decimal import Decimal
from io import BytesIO
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from projects.models import (
    AssessmentAppeal,
    AssessmentEntry,
    AssessmentRound,
    AuditRecord,
    Role,
    ScoringScheme,
)
from projects.services.assessment import appeals as score_appeals
from projects.services.assessment import rounds as assessments
from tests.crawling import turns
from tests.factories import (
    NOW,
    make_listing,
    make_project,
    make_report,
    make_round,
    make_scheme,
    make_unit,
    make_user,
)
from tests.reading import folded, queries_of
from tests.site.test_bad_input import FORM, GARBAGE

pytestmark = pytest.mark.django_db


def unit_with(amount, name=None, project="储能谷项目"):
    unit = make_unit(name)
    row = make_project(project, lead_department=unit)
    make_listing(row)
    make_report(row, "2023-09-3", amount)
    return unit


@pytest.fixture
def units():
    return [unit_with("400", "建设局"), unit_with("905", "科技局", "数据中心项目")]


@pytest.fixture
def published(office, units):
    round_ = make_round(make_scheme("investment_completion"), office)
    return assessments.publish_round(round_=round_, document="淄高新督〔2023〕6号", by=office, now=NOW)


def text(client, name, *args):
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return folded(answer.content.decode())


def correct(published, unit, office, points="95"):
    row = score_appeals.file_appeal(
        round_=published,
        unit=unit,
        item=published.scheme.items.exclude(figure="manual").get(),
        reason="旬报漏计",
        evidence="产值单",
        by=make_user(Role.UNIT_HEAD, unit=unit),
        now=NOW,
    )
    score_appeals.decide_appeal(
        appeal=row, accept=True, points=Decimal(points), decision="属实", by=office, now=NOW
    )


def test_the_office_goes_from_the_scheme_to_the_published_ranking(client, office, units):
    client.force_login(office)
    default = ScoringScheme.objects.get()
    client.post(reverse("scheme_enforce", args=[default.pk]), {"document": "淄高新办〔2023〕3号"})
    answer = client.post(reverse("score_create"), {"period": "2023-Q3", "scheme": default.pk})
    round_ = AssessmentRound.objects.get()
    assert answer["Location"] == reverse("score_detail", args=[round_.pk])
    assert "单列" in text(client, "score_detail", round_.pk), "one project each is fewer than three"
    entry = {
        "item": default.items.get(figure="manual").pk, "points": "2", "reason": "受表彰", "document": "1号",
    }  # fmt: skip
    client.post(reverse("score_adjust", args=[round_.pk, units[0].pk]), entry)
    assert AssessmentEntry.objects.get().made_by == office
    assert "受表彰（1号；" in text(client, "score_card", round_.pk, units[0].pk)
    client.post(reverse("score_publish", args=[round_.pk]), {"document": "淄高新督〔2023〕6号"})
    page = text(client, "score_detail", round_.pk)
    assert "已公布" in page and "公布成绩</a>" not in page


def test_a_scheme_is_drafted_and_its_items_written(client, office):
    client.force_login(office)
    head = {"name": "考核办法", "year": "2024", "subject": "host_district", "effective_on": "2024-01-01"}
    client.post(reverse("scheme_create"), head)
    scheme = ScoringScheme.objects.get(year=2024)
    item = {
        "name": "投资", "figure": "investment_completion", "weight": "90", "method": "linear", "zero_at": "50",
        "full_at": "100", "per_point": "0", "floor": "0",
    }  # fmt: skip
    client.post(reverse("scheme_item_create", args=[scheme.pk]), item)
    page = text(client, "scheme_detail", scheme.pk)
    assert "权重合计 90 分，满分 100 分" in page and "批准执行</a>" not in page
    row = scheme.items.get()
    wrong = client.post(reverse("scheme_item_edit", args=[scheme.pk, row.pk]), item | {"zero_at": "100"})
    assert "零分值须低于满分值" in wrong.content.decode()
    client.post(reverse("scheme_item_edit", args=[scheme.pk, row.pk]), item | {"weight": "100"})
    assert "50%得0分，100%得100分，按比例计" in text(client, "scheme_detail", scheme.pk)
    rules = {
        "name": "新办法", "effective_on": "2024-01-01", "full_marks": "100", "tie_rule": "next_figure",
        "least_projects": "2", "small_rule": "marked", "appeal_days": "7",
    }  # fmt: skip
    client.post(reverse("scheme_edit", args=[scheme.pk]), rules)
    scheme.refresh_from_db()
    assert (scheme.name, scheme.tie_rule, scheme.appeal_days) == ("新办法", "next_figure", 7)
    client.post(reverse("scheme_item_remove", args=[scheme.pk, row.pk]))
    assert not scheme.items.exists()
    assert AuditRecord.objects.filter(model="scoringitem").count() == 3


def test_a_scheme_in_force_has_no_page_to_change_it(client, office):
    scheme = make_scheme("investment_completion")
    client.force_login(office)
    for name in ("scheme_edit", "scheme_enforce", "scheme_item_create"):
        assert client.get(reverse(name, args=[scheme.pk])).status_code == 404


def test_a_unit_head_sees_the_published_ranking_and_the_own_card_only(client, office, units, published):
    hidden = make_round(published.scheme, office, number=2)
    client.force_login(make_user(Role.UNIT_HEAD, unit=units[0]))
    page = text(client, "score_detail", published.pk)
    own, foreign = (reverse("score_card", args=[published.pk, unit.pk]) for unit in units)
    assert own in page and foreign not in page
    assert "科技局" in page and "90.50" in page
    assert client.get(foreign).status_code == 404
    assert client.get(reverse("score_detail", args=[hidden.pk])).status_code == 404
    assert str(hidden) not in text(client, "score_list")


def test_the_card_opens_every_row_it_counts(client, office, units, published):
    client.force_login(make_user(Role.UNIT_HEAD, unit=units[0]))
    page = text(client, "score_card", published.pk, units[0].pk)
    assert "400 / 1,000" in page
    project = units[0].led_projects.get()
    assert f'href="{reverse("project_detail", args=[project.code])}"' in page
    units[0].led_projects.update(lead_department=units[1])
    page = text(client, "score_card", published.pk, units[0].pk)
    assert "储能谷项目" in page, "what was published stays"
    assert reverse("project_detail", args=[project.code]) not in page, "no door to what one no longer sees"


def test_an_appeal_from_filing_to_the_correction_beside_the_score(client, office, units, published):
    client.force_login(make_user(Role.UNIT_HEAD, unit=units[0]))
    assert "提出申诉</a>" in text(client, "score_card", published.pk, units[0].pk)
    item = published.scheme.items.exclude(figure="manual").get()
    given = {"item": item.pk, "reason": "旬报漏计", "evidence": "产值单"}
    client.post(reverse("score_appeal", args=[published.pk, units[0].pk]), given)
    appeal = AssessmentAppeal.objects.get()
    client.force_login(office)
    assert "待审定申诉 1" in text(client, "score_list")
    decide = reverse("score_decide", args=[appeal.pk])
    wrong = client.post(decide, {"verdict": "accept", "points": "101", "decision": "属实"})
    assert "0.00至100.00之间" in wrong.content.decode()
    client.post(decide, {"verdict": "accept", "points": "95", "decision": "属实"})
    page = text(client, "score_detail", published.pk)
    assert "40.00" in page and "95.00" in page and "第1号" in page


def test_after_the_time_no_appeal_is_offered(client, settings, units, published):
    settings.TODAY = dt.date(2023, 10, 20)
    client.force_login(make_user(Role.UNIT_HEAD, unit=units[0]))
    assert "提出申诉</a>" not in text(client, "score_card", published.pk, units[0].pk)


def test_a_trial_shows_who_would_move_and_writes_nothing(client, office, units):
    make_scheme("investment_completion")
    tried = make_scheme("start_rate_of_year", state="draft")
    units[0].led_projects.update(started_on=dt.date(2023, 5, 1))
    client.force_login(office)
    before = AuditRecord.objects.count()
    page = folded(client.get(reverse("scheme_try", args=[tried.pk]), {"period": "2023-Q3"}).content.decode())
    assert "名次变动 2 个单位" in page
    assert "升1位" in page and "降1位" in page and "+60.00" in page
    assert (AssessmentRound.objects.count(), AuditRecord.objects.count()) == (0, before)


def test_a_trial_is_held_against_what_was_published(client, office, published):
    tried = make_scheme("start_rate_of_year", state="draft")
    client.force_login(office)
    assert "对照已公布的成绩" in text(client, "scheme_try", tried.pk)


@pytest.mark.parametrize("period", ["", "2023-Q4", "2023-Q9", "a\x00b", "９" * 50])
def test_words_that_are_no_period_try_the_latest(client, office, period):
    client.force_login(office)
    scheme = ScoringScheme.objects.get()
    answer = client.get(reverse("scheme_try", args=[scheme.pk]), {"period": period})
    assert "2023年三季度</h2>" in answer.content.decode()


def test_the_paper_and_the_table_say_what_the_page_says(client, office, units, published):
    correct(published, units[0], office)
    client.force_login(office)
    paper = Document(BytesIO(client.get(reverse("score_docx", args=[published.pk])).getvalue()))
    cells = [[cell.text for cell in row.cells] for row in paper.tables[0].rows]
    assert cells[0][-3:] == ["总分", "更正后总分", "更正后名次"]
    assert cells[1] == ["1", "科技局", "1", "90.50", "0.00", "90.50", "90.50", "2"]
    assert cells[2] == ["2", "建设局", "1", "40.00", "0.00", "40.00", "95.00", "1"]
    words = "\n".join(paragraph.text for paragraph in paper.paragraphs)
    assert "2023年三季度推进部门考核成绩" in words
    assert "第1号：建设局“投资完成率”公布40.00分，更正为95.00分。属实" in words
    sheet = load_workbook(BytesIO(client.get(reverse("score_xlsx", args=[published.pk])).getvalue())).active
    values = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
    assert {"投资完成率分子", 905, "科技局", 90.5} <= set(values)


def test_a_draft_s_paper_is_marked_as_such(client, office, units):
    round_ = make_round(make_scheme("investment_completion"), office)
    client.force_login(office)
    answer = client.get(reverse("score_docx", args=[round_.pk]))
    words = [one.text for one in Document(BytesIO(answer.getvalue())).paragraphs]
    assert "（送审稿）" in words


@pytest.mark.parametrize("name", ["score_detail", "score_card", "scheme_try", "score_list"])
def test_pages_need_as_many_queries_for_thirty_units_as_for_three(client, office, name):
    first = unit_with("400")
    unit_with("500"), unit_with("600")
    scheme = make_scheme("investment_completion", "milestones_on_time")
    round_ = make_round(scheme, office)
    tried = make_scheme("start_rate_of_year", state="draft")
    arguments = {
        "score_detail": [round_.pk],
        "score_card": [round_.pk, first.pk],
        "scheme_try": [tried.pk],
        "score_list": [],
    }[name]
    client.force_login(office)

    def queries():
        return queries_of(text, client, name, *arguments)

    few = queries()
    for _number in range(27):
        unit_with("400")
    assert queries() == few


FIELDS = (
    "name year subject effective_on based_on list_kind full_marks tie_rule least_projects small_rule appeal_days note "
    "figure weight method zero_at full_at per_point floor cap document period scheme item points reason evidence "
    "verdict decision"
).split()
FORMS = {
    "score_create": [], "score_publish": ["draft"], "score_adjust": ["draft", "unit"], "score_decide": ["appeal"],
    "scheme_create": [], "scheme_edit": ["scheme"], "scheme_enforce": ["scheme"], "scheme_item_create": ["scheme"],
}  # fmt: skip


@pytest.mark.parametrize("garbage", turns(GARBAGE.values()), ids=GARBAGE)
def test_no_form_answers_garbage_with_an_error_of_its_own(client, office, units, published, garbage):
    correct(published, units[0], office)
    made = {
        "draft": make_round(published.scheme, office, number=2).pk,
        "unit": units[0].pk,
        "appeal": AssessmentAppeal.objects.get().pk,
        "scheme": make_scheme("investment_completion", state="draft").pk,
    }
    client.force_login(office)
    body = urlencode(dict.fromkeys(FIELDS, garbage), errors="surrogatepass")
    for name, parts in FORMS.items():
        address = reverse(name, args=[made[part] for part in parts])
        with transaction.atomic():
            answer = client.generic("POST", address, body, content_type=FORM)
            transaction.set_rollback(True)
        assert answer.status_code < 500, name
        assert client.get(address, dict.fromkeys(FIELDS, garbage.replace("\udcff", ""))).status_code < 500
