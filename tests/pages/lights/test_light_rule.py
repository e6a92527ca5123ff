"""Rule sets of lights in the browser: from the preset to the trial and into force; every count opens its rows."""

import datetime as dt
import re
from decimal import Decimal
from html import unescape
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from projects.models import AuditRecord, LightRuleSet
from projects.rules import Light
from tests.factories import NOW, TODAY, make_listing, make_problem, make_project, make_report, make_user
from tests.figures.lights.test_rule_sets import LATER
from tests.reading import folded, queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    return LightRuleSet.objects.get(name="三亚市2022年")


def project_with(invested, plan="1000"):
    project = make_project(reports_from_on=LATER)
    make_listing(project, planned_investment=Decimal(plan), category="continuing")
    make_report(project, "2023-10-1", invested)
    return project


@pytest.fixture
def projects():
    found = [project_with(invested) for invested in ("777", "700", "400", "380", "900")]
    project_with("1", plan="100")
    make_problem(found[4])
    return found


def page(client, name, *args, **query):
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return folded(answer.content.decode())


def rows_of(bands):
    """What the browser sends of the rows of bands."""
    data = {"band-TOTAL_FORMS": str(len(bands)), "band-INITIAL_FORMS": "0"}
    for number, (gauge, light, low, high, *more) in enumerate(bands):
        row = {
            "gauge": gauge,
            "light": light,
            "low": low,
            "high": high,
            "running": "1",
            "low_closed": "on",
        }
        data |= {f"band-{number}-{key}": value for key, value in (row | dict(more)).items()}
    return data


HEAD = {"name": "本区规则", "source": "", "min_planned_investment": "0", "red_needs": "1"}
BANDS = [("problem_days", "yellow", "1", "5"), ("problem_days", "red", "5", "")]


def test_the_list_and_the_words_of_a_set(as_office, draft):
    assert "执行中" in page(as_office, "lightrule_list") and "草案" in page(as_office, "lightrule_list")
    words = page(as_office, "lightrule_detail", draft.pk)
    for said in ("50%及以上、不足100%", "不足50%", "1至14天", "年度计划投资1,000万元及以上的项目", "不评定"):
        assert said in words
    in_force = page(as_office, "lightrule_detail", LightRuleSet.objects.get(name="银川市2025年").pk)
    assert "10至30个百分点" in in_force and "超过30个百分点" in in_force
    assert reverse("lightrule_edit", args=[draft.pk]) in words
    assert "修改草案" not in in_force and "沿用拟新规则" in in_force


def test_from_a_preset_into_force(as_office):
    answer = as_office.post(reverse("lightrule_create"), {"name": "本区规则", "start": "preset:wuhan_2022"})
    rule_set = LightRuleSet.objects.get(name="本区规则")
    assert answer.url == reverse("lightrule_edit", args=[rule_set.pk])
    form = page(as_office, "lightrule_edit", rule_set.pk)
    assert 'name="band-0-low" value="60"' in form and 'value="8"' in form
    as_office.post(reverse("lightrule_edit", args=[rule_set.pk]), HEAD | rows_of(BANDS))
    assert {(band.light, band.low, band.high) for band in rule_set.bands.all()} == {
        ("yellow", 1, 5),
        ("red", 5, None),
    }
    enforce = reverse("lightrule_enforce", args=[rule_set.pk])
    assert "按今天试算" in page(as_office, "lightrule_enforce", rule_set.pk)
    refused = as_office.post(enforce, {"effective_on": "2023-10-11", "document": "1号"})
    assert "启用日期不能早于今天" in refused.content.decode()
    as_office.post(enforce, {"effective_on": "2023-10-12", "document": "淄高新发改〔2023〕20号"})
    assert "淄高新发改〔2023〕20号" in page(as_office, "lightrule_detail", rule_set.pk)
    assert as_office.get(enforce).status_code == 404
    assert as_office.get(reverse("lightrule_edit", args=[rule_set.pk])).status_code == 404


def test_ending_a_set_of_few_projects_says_what_judges_them_then(as_office, draft, projects):
    draft.effective_on = dt.date(2023, 9, 1)
    draft.save()
    address = reverse("lightrule_repeal", args=[draft.pk])
    assert address in page(as_office, "lightrule_detail", draft.pk)
    words = page(as_office, "lightrule_repeal", draft.pk)
    assert "5个项目" in words and "“银川市2025年”5个" in words
    assert "停用后3个项目亮灯有变化：2个由预警变正常，1个由预警变滞后。" in words
    assert "产品缺省规则" not in words and "启用后评定" not in words
    refused = as_office.post(address, {"repealed_on": "2023-10-11", "document": "1号"}).content.decode()
    assert "停用日期不能早于今天" in refused
    answer = as_office.post(
        address, {"repealed_on": "2023-10-20", "document": "淄高新发改〔2023〕21号"}, follow=True
    )
    done = answer.content.decode()
    assert "规则自2023年10月20日起停用。" in done
    assert "将停用" in done and "淄高新发改〔2023〕21号" in done and address not in done
    assert "10月20日（周五）停用" in page(as_office, "lightrule_list")
    assert as_office.get(address).status_code == as_office.post(address).status_code == 404


def test_ending_the_last_general_set_says_that_the_default_judges(as_office, draft, projects):
    general = LightRuleSet.objects.get(name="银川市2025年")
    words = page(as_office, "lightrule_repeal", general.pk)
    assert "没有专门规则的项目按产品缺省规则（银川市2025年）亮灯" in words
    assert "产品缺省规则（银川市2025年）6个" in words
    assert as_office.get(reverse("lightrule_repeal", args=[draft.pk])).status_code == 404


def test_a_set_still_to_come_may_be_given_its_end(as_office, draft, projects):
    draft.effective_on = dt.date(2023, 11, 1)
    draft.save()
    address = reverse("lightrule_repeal", args=[draft.pk])
    assert address in page(as_office, "lightrule_detail", draft.pk)
    words = page(as_office, "lightrule_repeal", draft.pk)
    assert "启用后评定" in words and "停用后3个项目亮灯有变化" in words
    refused = as_office.post(address, {"repealed_on": "2023-11-01", "document": "1号"}).content.decode()
    assert "该规则自2023年11月1日起执行，停用日期须晚于这一天。" in refused
    as_office.post(address, {"repealed_on": "2023-12-01", "document": "1号"})
    assert "待执行" in page(as_office, "lightrule_detail", draft.pk)


def test_only_who_may_end_a_set_that_judges_is_offered_it(as_office, client, draft):
    general = LightRuleSet.objects.get(name="银川市2025年")
    door = reverse("lightrule_repeal", args=[general.pk])
    assert door in page(as_office, "lightrule_detail", general.pk)
    LightRuleSet.objects.create(name="后启用", effective_on=TODAY, made_at=NOW)
    assert door not in page(as_office, "lightrule_detail", general.pk), "replaced"
    assert reverse("lightrule_repeal", args=[draft.pk]) not in page(as_office, "lightrule_detail", draft.pk)
    later = LightRuleSet.objects.get(name="后启用")
    client.force_login(make_user("inspector"))
    assert reverse("lightrule_repeal", args=[later.pk]) not in page(client, "lightrule_detail", later.pk)


def test_the_page_of_an_end_asks_as_much_for_many_as_for_few(as_office, projects):
    general = LightRuleSet.objects.get(name="银川市2025年")

    def asked():
        return queries_of(page, as_office, "lightrule_repeal", general.pk)

    few = asked()
    for number in range(12):
        project_with(str(300 + number * 40))
    assert asked() == few


def test_a_copy_starts_from_an_existing_set(as_office, draft):
    as_office.post(reverse("lightrule_create"), {"name": "沿用", "start": f"set:{draft.pk}"})
    assert LightRuleSet.objects.get(name="沿用").min_planned_investment == 1000


def test_the_saved_form_comes_back_as_it_was(as_office, draft):
    """What the page shows, sent back unchanged, changes nothing."""
    form = page(as_office, "lightrule_edit", draft.pk)
    data = HEAD | {"name": draft.name, "source": draft.source, "min_planned_investment": "1000.00"}
    for tag in re.findall(r"<input[^>]+>", form):
        name, value = re.search(r'name="(band-[^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ("checkbox" not in tag or "checked" in tag):
            data[name[1]] = value[1] if value else "" if "checkbox" not in tag else "on"
    for name, options in re.findall(r'<select name="(band-[^"]+)".*?>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        data[name] = chosen[1] if chosen else re.search(r'value="([^"]*)"', options)[1]
    before = set(draft.bands.values_list())
    answer = as_office.post(reverse("lightrule_edit", args=[draft.pk]), data)
    assert answer.status_code == 302
    assert set(draft.bands.values_list()) == before
    assert not AuditRecord.objects.filter(model="lightband").exists()


def test_a_row_is_removed_by_its_tick_and_a_wrong_one_named(as_office, draft):
    address = reverse("lightrule_edit", args=[draft.pk])
    ticked = rows_of([*BANDS, ("milestone_days", "red", "3", "", ("DELETE", "on"))])
    as_office.post(address, HEAD | ticked)
    assert draft.bands.count() == 2
    wrong = rows_of(
        [("problem_days", "red", "", ""), ("problem_days", "red", "9", "2"), ("", "red", "3", "")]
    )
    refused = folded(as_office.post(address, HEAD | wrong).content.decode())
    assert "第1行：上限和下限至少填写一个。" in refused
    assert "下限不能大于上限" in refused and "第3行 指标" in refused
    assert draft.bands.count() == 2
    for data in (HEAD, HEAD | {"band-TOTAL_FORMS": "9" * 30, "band-INITIAL_FORMS": "-1"}):
        assert as_office.post(address, data).status_code == 200


@pytest.mark.crawl
def test_every_count_of_a_trial_opens_its_rows(as_office, draft, projects):
    address = reverse("lightrule_try", args=[draft.pk])
    found = page(as_office, "lightrule_try", draft.pk)
    figures = re.findall(r'data-figure="\w+" data-value="(\d+)" href="([^"]+)"', found)
    assert len(figures) >= 2 + 16 + 9
    assert {("5", "?as_of=2023-10-12&show=all"), ("3", "?as_of=2023-10-12")} <= {
        (value, unescape(href)) for value, href in figures
    }
    for value, href in set(figures):
        opened = as_office.get(address + unescape(href)).content.decode()
        assert re.search(r'data-count="(\d+)"', opened)[1] == value, href
    assert "由" in found and "完成序时进度的90.0%（50%及以上、不足100%亮黄灯）" in found
    assert "投资完成率慢于序时7.8个百分点（不足10个百分点，提示）" in found


def test_a_trial_on_a_past_day_filtered_and_as_a_file(as_office, draft, projects):
    past = page(as_office, "lightrule_try", draft.pk, as_of="2023-10-09")
    assert "2023年10月9日" in past
    words = page(as_office, "lightrule_try", draft.pk, was="red", show="all", q=projects[3].name)
    assert 'data-count="1"' in words
    answer = as_office.get(reverse("lightrule_try", args=[draft.pk]), {"format": "xlsx"})
    sheet = load_workbook(BytesIO(b"".join(answer))).active
    text = [[str(cell.value) for cell in row] for row in sheet.iter_rows()]
    assert sum(projects[0].name in row for row in text) == 1
    assert any("银川市2025年" in row and Light.YELLOW.words in row for row in text)


def test_a_trial_writes_nothing_and_asks_as_much_for_many_as_for_few(as_office, draft, projects):
    def asked():
        with CaptureQueriesContext(connection) as captured:
            page(as_office, "lightrule_try", draft.pk)
        assert not [one for one in captured if re.match(r"(INSERT|UPDATE|DELETE)", one["sql"])]
        return len(captured)

    few = asked()
    for number in range(12):
        project_with(str(300 + number * 40))
    assert asked() == few


def test_those_who_see_all_read_and_others_are_refused(client, draft):
    client.force_login(make_user("inspector"))
    assert "修改草案" not in page(client, "lightrule_detail", draft.pk)
    assert "拟订规则" not in page(client, "lightrule_list")
    assert client.get(reverse("lightrule_edit", args=[draft.pk])).status_code == 403
    client.force_login(make_user("sponsor"))
    assert client.get(reverse("lightrule_list")).status_code == 403


def test_a_project_names_the_rule_that_judged_it(as_office, projects):
    assert "规则：银川市2025年" in page(as_office, "project_detail", projects[0].code)
