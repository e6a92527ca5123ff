"""责任清单 and its sums, hand-overs, further people, states and levels in the browser."""

import datetime as dt
import re
from html import unescape
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from projects.models import Attachment, Handover, Project, ProjectMember, Role, StateChange
from tests.crawling import turns
from tests.factories import (
    NOW,
    TODAY,
    make_official,
    make_plan,
    make_problem,
    make_project,
    make_unit,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
DOCUMENT = "淄高新办〔2023〕8号"


def told(response) -> str:
    return re.sub(r"<[^>]+>", "", unescape(response.content.decode()))


def hand_over(project, slot, holder, on):
    which = "official" if slot == "sponsor" else "unit"
    Handover.objects.create(project=project, slot=slot, from_on=on, made_at=NOW, **{which: holder})
    Project.objects.filter(pk=project.pk).update(**{slot: holder})


# --- the list ---------------------------------------------------------------------------------------------


def test_phones_are_for_those_who_work_on_the_project(client, unit):
    project = make_project(lead_department=unit)
    ProjectMember.objects.create(
        project=project,
        kind="enterprise_contact",
        name="李娜",
        phone="13900001111",
        from_on=dt.date(2023, 1, 1),
    )
    for role, sees in ((Role.REPORTER, True), (Role.INSPECTOR, False), (Role.OFFICE, True)):
        client.force_login(make_user(role, unit=unit if role == Role.REPORTER else None))
        for address in (reverse("responsibility_list"), reverse("project_detail", args=[project.code])):
            page = client.get(address).content.decode()
            assert "李娜" in page and ("13900001111" in page) is sees, (role, address)
        file = client.get(reverse("responsibility_list"), {"format": "xlsx"})
        sheet = load_workbook(BytesIO(b"".join(file.streaming_content))).active
        words = "".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
        assert "李娜" in words and ("13900001111" in words) is sees


def test_the_years_change_of_holder_is_told_and_found(as_office):
    first, second = make_official("领导甲"), make_official("领导乙")
    project = make_project("甲", sponsor=first)
    make_project("乙")
    hand_over(project, "sponsor", second, dt.date(2023, 7, 1))
    page = as_office.get(reverse("responsibility_list"), {"changed": "yes"})
    assert 'data-count="1"' in page.content.decode()
    assert "7月1日挂包领导由领导甲改为领导乙" in told(page)
    assert (
        'data-count="0"'
        in as_office.get(
            reverse("responsibility_list"), {"changed": "yes", "as_of": "2023-06-30"}
        ).content.decode()
    )


def test_a_person_who_left_is_listed_until_the_last_day(as_office):
    ProjectMember.objects.create(
        project=make_project(),
        kind="representative",
        name="王强",
        from_on=dt.date(2023, 1, 1),
        until_on=dt.date(2023, 6, 30),
    )
    assert "王强" in told(as_office.get(reverse("responsibility_list"), {"as_of": "2023-06-30"}))
    assert "王强" not in told(as_office.get(reverse("responsibility_list"), {"as_of": "2023-07-01"}))


@pytest.mark.parametrize("by", turns(Handover.Slot.values))
def test_each_figure_of_the_summary_opens_its_rows(as_office, by):
    holder = (
        make_official()
        if by == "sponsor"
        else make_unit(kind="district" if by == "host_district" else "department")
    )
    make_project(**{by: holder}, started_on=dt.date(2023, 3, 1))
    make_project(**{by: holder}, in_production_on=TODAY)
    make_project()
    page = as_office.get(reverse("responsibility_summary"), {"by": by}).content.decode()
    found = re.findall(r'<a class="figure" data-figure="\w+" data-value="(\d+)" href="([^"]+)"', page)
    assert len(found) == 2 * 6
    for value, href in found:
        assert f'data-count="{value}"' in as_office.get(unescape(href)).content.decode(), href


def test_a_leaders_sheet_lists_own_projects_only(as_office):
    leader = make_official("领导甲")
    make_project("齐鲁储能谷项目", sponsor=leader, started_on=dt.date(2023, 3, 1))
    make_project("别人的项目", sponsor=make_official())
    words = told(as_office.get(reverse("responsibility_sheet", args=[leader.pk])))
    assert "齐鲁储能谷项目" in words and "别人的项目" not in words
    assert "在建1个" in words


# --- hand-overs -------------------------------------------------------------------------------------------


def test_the_office_hands_a_slot_over_with_its_paper(as_office, unit):
    project, to = make_project(lead_department=make_unit()), unit
    paper = SimpleUploadedFile("任免.pdf", b"%PDF-1.7\n%%EOF")
    address = f"{reverse('handover_create', args=[project.code])}?slot=lead_department"
    answer = as_office.post(address, {"to": to.pk, "from_on": "2023-10-12", "files": paper})
    assert answer.status_code == 302
    project.refresh_from_db()
    assert project.lead_department == to
    assert Attachment.objects.get().handover.unit == to
    record = as_office.get(reverse("handover_list", args=[project.code]), {"on": "2023-10-11"})
    assert "任免.pdf" in told(record) and record.context["answered"][1][1].holder != to


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"from_on": ""}, "请填写日期"),
        ({"from_on": "2023-10-13"}, "不能晚于今天"),
        ({"from_on": "2023-01-01"}, "须晚于上一次交接"),
        ({"document": ""}, "请填写依据文件的文号"),
        ({"to": ""}, "请选择接任者"),
        ({"is_vacant": "on"}, "请选择接任者"),
        ({"to": "same"}, "没有变化"),
        ({"to": "retired"}, "选择一个有效的选项"),
    ],
)
def test_a_refused_hand_over_says_why_and_changes_nothing(as_office, data, words):
    sponsor, to, retired = make_official(), make_official(), make_official()
    retired.is_active = False
    retired.save()
    project = make_project(sponsor=sponsor)
    given = {"to": to.pk, "from_on": "2023-10-12", "document": DOCUMENT, **data}
    given["to"] = {"same": sponsor.pk, "retired": retired.pk}.get(given["to"], given["to"])
    answer = as_office.post(reverse("handover_create", args=[project.code]), given)
    assert answer.status_code == 200 and words in told(answer)
    project.refresh_from_db()
    assert project.sponsor == sponsor and project.handovers.count() == 1


def test_everything_of_a_leader_is_handed_over_in_one_act(as_office):
    leaving, to = make_official("领导甲"), make_official("领导乙")
    make_project("甲", sponsor=leaving)
    make_project("乙", sponsor=leaving)
    choice = as_office.get(reverse("handover_many"))
    assert f"holder={leaving.pk}" in choice.content.decode()
    address = f"{reverse('handover_many')}?slot=sponsor&holder={leaving.pk}"
    assert "甲" in told(as_office.get(address))
    data = {"to": to.pk, "from_on": "2023-10-12", "document": DOCUMENT}
    assert "领导甲的2个项目已全部交接给领导乙" in told(as_office.post(address, data, follow=True))
    assert Project.objects.filter(sponsor=to).count() == 2
    assert "没有可交接的项目" in told(as_office.post(address, data))


@pytest.mark.parametrize(
    "query", ["slot=x&holder=1", "slot=sponsor&holder=9999999", "holder=²", "holder=abc"]
)
def test_words_that_are_no_holder_show_the_choice(as_office, query):
    assert as_office.get(f"{reverse('handover_many')}?{query}").status_code == 200


# --- further people ---------------------------------------------------------------------------------------


def test_a_reporter_enters_a_contact_and_ends_it(client, unit):
    project = make_project(lead_department=unit)
    client.force_login(make_user(Role.REPORTER, unit=unit))
    form = client.get(reverse("member_create", args=[project.code])).context["form"]
    assert [kind for kind, _words in form.fields["kind"].choices] == ["representative", "enterprise_contact"]
    data = {"kind": "enterprise_contact", "name": "李娜", "phone": "0533-3580101", "from_on": "2023-10-12"}
    assert client.post(reverse("member_create", args=[project.code]), data).status_code == 302
    member = ProjectMember.objects.get()
    assert client.post(reverse("member_end", args=[member.pk]), {"until_on": "2023-10-12"}).status_code == 302
    member.refresh_from_db()
    assert member.until_on == TODAY


@pytest.mark.parametrize(
    ("field", "value"), [("phone", "<b>"), ("kind", "supporting_unit"), ("from_on", "2023-13-01")]
)
def test_wrong_entries_come_back_with_words(client, unit, field, value):
    project = make_project(lead_department=unit)
    client.force_login(make_user(Role.REPORTER, unit=unit))
    data = {"kind": "enterprise_contact", "name": "李娜", "from_on": "2023-10-12", field: value}
    answer = client.post(reverse("member_create", args=[project.code]), data)
    assert list(answer.context["form"].errors) == [field]
    assert not ProjectMember.objects.exists()


# --- states and levels ------------------------------------------------------------------------------------


def test_a_project_is_suspended_and_resumed_with_reason_and_paper(as_office):
    project = make_project()
    address = reverse("state_change", args=[project.code])
    paper = SimpleUploadedFile("停工令.pdf", b"%PDF-1.7\n%%EOF")
    data = {"state": "suspended", "effective_on": "2023-10-10", "reason": "企业资金调整", "files": paper}
    assert as_office.post(address, data).status_code == 302
    assert Attachment.objects.get().state_change == StateChange.objects.get()
    page = told(as_office.get(reverse("project_detail", args=[project.code])))
    assert "企业资金调整" in page and "停工令.pdf" in page
    data = {"state": "active", "effective_on": "2023-10-12", "reason": "复工"}
    assert as_office.post(address, data).status_code == 302
    project.refresh_from_db()
    assert project.state == Project.State.ACTIVE


def test_a_close_is_refused_with_every_open_row_named(as_office):
    project = make_project()
    make_plan(project, "2023-12-01")
    problem = make_problem(project, text="用地指标未落实")
    address = reverse("state_change", args=[project.code])
    page = as_office.get(address)
    assert "节点1" in told(page) and "用地指标未落实" in told(page)
    assert reverse("problem_detail", args=[problem.pk]) in page.content.decode()
    data = {"state": "closed", "effective_on": "2023-10-12", "reason": "建成投用"}
    assert "还有1个节点未完成、1个问题未销号，不能办结" in told(as_office.post(address, data))
    project.refresh_from_db()
    assert project.state == Project.State.ACTIVE


def test_parts_hang_under_a_package_with_their_sum(as_office):
    package = make_project("产业园", level=Project.Level.PACKAGE)
    for number in (1, 2):
        part = make_project(f"产业园{number}期", total_investment=1500)
        data = {"level": "phase", "parent": package.pk, "from_on": "2023-10-12", "reason": "分期建设"}
        assert as_office.post(reverse("project_level", args=[part.code]), data).status_code == 302
    page = told(as_office.get(reverse("project_detail", args=[package.code])))
    assert "产业园1期" in page and "总投资合计 3,000 万元" in page
    listed = as_office.get(reverse("project_list"), {"level": "phase"}).content.decode()
    assert 'data-count="2"' in listed


def test_circles_and_parents_that_are_no_package_are_refused(as_office):
    above = make_project("上", level=Project.Level.PACKAGE)
    below = make_project("下", level=Project.Level.PACKAGE, parent=above)
    plain = make_project("单体")

    def refused(project, **data):
        answer = as_office.post(
            reverse("project_level", args=[project.code]), {"from_on": "2023-10-12", "reason": "调整", **data}
        )
        assert answer.status_code == 200
        return told(answer)

    assert "循环：上 → 下 → 上" in refused(above, level="package", parent=below.pk)
    assert "须保持为打包项目" in refused(above, level="single")
    assert "没有变化" in refused(plain, level="single")
    assert "选择一个有效的选项" in refused(below, level="package", parent=plain.pk)
    assert not Project.objects.filter(pk=above.pk, parent__isnull=False).exists()


def test_a_unit_is_renamed_in_the_admin_by_the_office_alone(client, unit):
    address = reverse("admin:projects_unit_verb", args=[unit.pk])
    data = {"name": "工业和信息化局", "on": "2023-10-12", "document": "淄编〔2023〕3号"}
    client.force_login(make_user(Role.ADMINISTRATOR, is_staff=True))
    assert client.post(address, data).status_code == 403
    client.force_login(make_user(Role.OFFICE, is_staff=True))
    assert "单位更名" in told(client.get(reverse("admin:projects_unit_change", args=[unit.pk])))
    assert client.post(address, data).status_code == 302
    unit.refresh_from_db()
    assert unit.name == "工业和信息化局" and unit.names.get().name == "建设局"


def test_each_project_shows_the_version_of_its_own_plan(as_office):
    """The version in force, and no other project's: the plans of several projects stand side by side."""
    for number in (1, 3, 2):
        make_plan(make_project(f"第{number}版的项目"), "2023-12-01", number=number)
    words = told(as_office.get(reverse("responsibility_list")))
    rows = {
        row.record.name: row.record.plan_number
        for row in as_office.get(reverse("responsibility_list")).context["table"].rows
    }
    assert rows == {f"第{number}版的项目": number for number in (1, 2, 3)}
    assert "第3版" in words
