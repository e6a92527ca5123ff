"""Every address for every role (权限矩阵): what opens, what is refused, what does not exist for a stranger.

A cell is the status that answers. "in" leads to the sign-in page, "on" redirects elsewhere (done). A foreign object
answers 404, a thing that is not for the role 403. An address that is missing from the table fails the test.
"""

import pytest
from django.contrib import admin
from django.db import transaction
from django.urls import reverse

from projects.models import AnnualList, AuditRecord, ProgressReport, Project, ReportState

from .factories import TODAY
from .scene import make_scene, unnamed_addresses, url_names

pytestmark = pytest.mark.django_db

COLUMNS = [
    "anonymous",
    "reporter",
    "unit head",
    "sponsor",
    "officer",
    "office",
    "inspector",
    "admin",
    "stranger",
]
# columns: nobody, reporter, unit head, sponsor, service officer, office, inspector, administrator, stranger
GET = """
login                   200   on   on   on   on   on   on   on   on
logout                   in  405  405  405  405  405  405  405  405
password_change          in  200  200  200  200  200  200  200  200
password_change_done     in  200  200  200  200  200  200  200  200
desk                     in  200  200  200  200  200  200  200  200
dashboard                in  200  200  200  200  200  200  200  200
project_list             in  200  200  200  200  200  200  200  200
project_export           in  200  200  200  200  200  200  200  200
project_detail           in  200  200  200  200  200  200  200  404
weekly_list              in  200  200  200  200  200  200  200  200
weekly_detail            in  404  404  404  404  200  200  200  404
weekly_make              in  405  405  405  405  405  405  405  405
weekly_sign              in  405  405  405  405  405  405  405  405
weekly_send              in  405  405  405  405  405  405  405  405
weekly_docx              in  404  404  404  404  200  200  200  404
weekly_xlsx              in  404  404  404  404  200  200  200  404
report_edit              in  200  200  404  200  200  404  404  404
report_list              in  200  200  200  200  200  200  200  200
report_confirm_many      in  405  405  405  405  405  405  405  405
report_detail            in  200  200  200  200  200  200  200  404
report_pass              in  405  405  405  405  405  405  405  405
report_confirm           in  405  405  405  405  405  405  405  405
report_return            in  404  200  404  404  200  404  404  404
attachment               in  200  200  200  200  200  200  200  404
milestone_list           in  200  200  200  200  200  200  200  200
milestone_achieve        in  200  200  404  200  200  404  404  404
milestone_undo           in  403  403  403  403  200  403  403  404
problem_list             in  200  200  200  200  200  200  200  200
problem_detail           in  200  200  200  200  200  200  200  404
problem_progress         in  405  405  405  405  405  405  405  405
problem_handle           in  405  405  405  405  405  405  405  405
problem_resolve          in  405  405  405  405  405  405  405  405
problem_reopen           in  405  405  405  405  405  405  405  405
problem_create           in  200  200  200  200  200  404  404  404
problem_ageing           in  200  200  200  200  200  200  200  200
problem_escalate         in  405  405  405  405  405  405  405  405
problem_helpers          in  405  405  405  405  405  405  405  405
problem_measure          in  405  405  405  405  405  405  405  405
measure_list             in  200  200  200  200  200  200  200  200
measure_finish           in  200  200  200  200  200  404  404  404
urgent_list              in  403  403  403  403  200  200  200  403
urgent_create            in  403  403  403  403  200  403  403  403
urgent_detail            in  403  403  403  403  200  200  200  403
urgent_edit              in  403  403  403  403  200  403  403  403
urgent_issue             in  405  405  405  405  405  405  405  405
urgent_docx              in  403  403  403  403  200  200  200  403
urgent_xlsx              in  403  403  403  403  200  200  200  403
clinic_list              in  200  200  200  200  200  200  200  200
clinic_create            in  403  403  403  403  200  403  403  403
clinic_detail            in  200  200  200  200  200  200  200  404
clinic_add               in  405  405  405  405  405  405  405  405
clinic_held              in  405  405  405  405  405  405  405  405
clinic_case              in  200  200  200  200  200  200  200  404
clinic_diagnose          in  405  405  405  405  405  405  405  405
clinic_prescribe         in  405  405  405  405  405  405  405  405
clinic_follow            in  405  405  405  405  405  405  405  405
clinic_discharge         in  405  405  405  405  405  405  405  405
visit_sponsors           in  200  200  200  200  200  200  200  200
visit_detail             in  200  200  200  200  200  200  200  404
visit_measure            in  405  405  405  405  405  405  405  405
visit_list               in  200  200  200  200  200  200  200  200
visit_create             in  200  200  200  200  200  404  404  404
order_list               in  200  200  200  200  200  200  200  200
order_create             in  403  403  403  403  200  200  403  403
order_detail             in  200  200  200  200  200  200  200  404
order_edit               in  404  404  404  404  200  200  403  404
order_line_add           in  405  405  405  405  405  405  405  405
order_issue              in  405  405  405  405  405  405  405  405
order_void               in  403  403  403  403  200  200  403  404
order_receive            in  405  405  405  405  405  405  405  405
order_docx               in  200  200  200  200  200  200  200  404
order_line_drop          in  405  405  405  405  405  405  405  405
order_reply              in  200  200  403  403  403  403  403  404
order_close              in  405  405  405  405  405  405  405  405
order_return             in  403  403  403  403  200  200  403  404
view_save                in  405  405  405  405  405  405  405  405
view_remove              in  405  405  405  405  405  405  405  405
import_list              in  403  403  403  403  200  403  403  403
import_create            in  403  403  403  403  200  403  403  403
import_detail            in  403  403  403  403  200  403  403  403
import_progress          in  403  403  403  403  200  403  403  403
import_confirm           in  405  405  405  405  405  405  405  405
import_revert            in  403  403  403  403  200  403  403  403
alert_list               in  200  200  200  200  200  200  200  200
alert_acknowledge        in  405  405  405  405  405  405  405  405
alert_exempt             in  403  403  403  403  200  403  403  404
alert_lift               in  405  405  405  405  405  405  405  405
notice_list              in  200  200  200  200  200  200  200  200
notice_read              in  405  405  405  405  405  405  405  405
notice_read_all          in  405  405  405  405  405  405  405  405
help                     in  200  200  200  200  200  200  200  200
healthz                 200  200  200  200  200  200  200  200  200
"""
POST = """
login                   200   on   on   on   on   on   on   on   on
logout                   in   in   in   in   in   in   in   in   in
password_change          in  200  200  200  200  200  200  200  200
password_change_done     in  405  405  405  405  405  405  405  405
desk                     in  405  405  405  405  405  405  405  405
dashboard                in  405  405  405  405  405  405  405  405
project_list             in  405  405  405  405  405  405  405  405
project_export           in  405  405  405  405  405  405  405  405
project_detail           in  405  405  405  405  405  405  405  405
weekly_list              in  405  405  405  405  405  405  405  405
weekly_detail            in  405  405  405  405  405  405  405  405
weekly_make              in  403  403  403  403   on  403  403  403
weekly_sign              in  403  403  403  403   on  403  403  403
weekly_send              in  403  403  403  403   on  403  403  403
weekly_docx              in  405  405  405  405  405  405  405  405
weekly_xlsx              in  405  405  405  405  405  405  405  405
report_edit              in   on   on  404   on   on  404  404  404
report_list              in  405  405  405  405  405  405  405  405
report_confirm_many      in  403  403  403  403   on  403  403   on
report_detail            in  405  405  405  405  405  405  405  405
report_pass              in  403   on  403  403  403  403  403  404
report_confirm           in  403  403  403  403   on  403  403  404
report_return            in  404   on  404  404   on  404  404  404
attachment               in  405  405  405  405  405  405  405  405
milestone_list           in  405  405  405  405  405  405  405  405
milestone_achieve        in   on   on  404   on   on  404  404  404
milestone_undo           in  403  403  403  403  200  403  403  404
problem_list             in  405  405  405  405  405  405  405  405
problem_detail           in  405  405  405  405  405  405  405  405
problem_progress         in   on   on   on   on   on  404  404  404
problem_handle           in   on   on   on   on   on  404  404  404
problem_resolve          in  200  200  200  200  200  404  404  404
problem_reopen           in  200  200  200  200  200  404  404  404
problem_create           in   on   on   on   on   on  404  404  404
problem_ageing           in  405  405  405  405  405  405  405  405
problem_escalate         in   on   on   on   on   on  404  404  404
problem_helpers          in   on   on   on   on   on  404  404  404
problem_measure          in   on   on   on   on   on  404  404  404
measure_list             in  405  405  405  405  405  405  405  405
measure_finish           in   on   on   on   on   on  404  404  404
urgent_list              in  405  405  405  405  405  405  405  405
urgent_create            in  403  403  403  403   on  403  403  403
urgent_detail            in  405  405  405  405  405  405  405  405
urgent_edit              in  403  403  403  403   on  403  403  403
urgent_issue             in  403  403  403  403   on  403  403  403
urgent_docx              in  405  405  405  405  405  405  405  405
urgent_xlsx              in  405  405  405  405  405  405  405  405
clinic_list              in  405  405  405  405  405  405  405  405
clinic_create            in  403  403  403  403   on  403  403  403
clinic_detail            in  405  405  405  405  405  405  405  405
clinic_add               in  403  403  403  403   on  403  403  403
clinic_held              in  403  403  403  403   on  403  403  403
clinic_case              in  405  405  405  405  405  405  405  405
clinic_diagnose          in  404  404  404   on   on  404  404  404
clinic_prescribe         in  404  404  404   on   on  404  404  404
clinic_follow            in  404  404  404   on   on  404  404  404
clinic_discharge         in  404  404  404   on   on  404  404  404
visit_sponsors           in  405  405  405  405  405  405  405  405
visit_detail             in  405  405  405  405  405  405  405  405
visit_measure            in   on   on   on   on   on  404  404  404
visit_list               in  405  405  405  405  405  405  405  405
visit_create             in   on   on   on   on   on  404  404  404
order_list               in  405  405  405  405  405  405  405  405
order_create             in  403  403  403  403   on   on  403  403
order_detail             in  405  405  405  405  405  405  405  405
order_edit               in  404  404  404  404   on   on  403  404
order_line_add           in  404  404  404  404  200  200  403  404
order_issue              in  404  404  404  404   on   on  403  404
order_void               in  403  403  403  403   on   on  403  404
order_receive            in   on   on  403  403  403  403  403  404
order_docx               in  405  405  405  405  405  405  405  405
order_line_drop          in  404  404  404  404   on   on  403  404
order_reply              in   on   on  403  403  403  403  403  404
order_close              in  403  403  403  403   on   on  403  404
order_return             in  403  403  403  403   on   on  403  404
view_save                in   on   on   on   on   on   on   on   on
view_remove              in   on  404  404  404  404  404  404  404
import_list              in  405  405  405  405  405  405  405  405
import_create            in  403  403  403  403  200  403  403  403
import_detail            in  405  405  405  405  405  405  405  405
import_progress          in  405  405  405  405  405  405  405  405
import_confirm           in  403  403  403  403   on  403  403  403
import_revert            in  403  403  403  403   on  403  403  403
alert_list               in  405  405  405  405  405  405  405  405
alert_acknowledge        in   on   on   on   on   on   on   on  404
alert_exempt             in  403  403  403  403   on  403  403  404
alert_lift               in  403  403  403  403   on  403  403  404
notice_list              in  405  405  405  405  405  405  405  405
notice_read              in   on  404  404  404  404  404  404  404
notice_read_all          in   on   on   on   on   on   on   on   on
help                     in  405  405  405  405  405  405  405  405
healthz                 405  405  405  405  405  405  405  405  405
"""
# what makes a POST do its work; without it a form would only be shown again
DATA: dict[str, dict] = {
    "problem_progress": {"text": "已现场会商"},
    "problem_handle": {"result": "指标已落实", "document": "淄高新自规〔2023〕8号"},
    "problem_escalate": {"level": "province", "reason": "需省里协调"},
    "problem_measure": {"text": "现场踏勘", "due_on": "2023-10-20"},
    "measure_finish": {"result": "已踏勘"},
    "urgent_create": {"title": "亟需解决问题清单", "as_of": "2023-10-12", "levels": ["department", "city"]},
    "urgent_edit": {"title": "亟需解决问题清单", "as_of": "2023-10-12"},
    "clinic_create": {"held_on": "2023-10-20"},
    "clinic_add": {"project": "齐鲁储能谷", "words": "问题"},
    "clinic_held": {"note": "同意容缺办理"},
    "clinic_diagnose": {"diagnosis": "指标不足"},
    "clinic_prescribe": {"text": "调剂指标", "due_on": "2023-10-20"},
    "clinic_follow": {"text": "已报市局"},
    "clinic_discharge": {"outcome": "指标已落实"},
    "visit_measure": {"text": "协调电力接入", "due_on": "2023-10-20"},
    "problem_create": {"category": "land", "text": "用地指标未落实", "level": "zone", "due_on": "2023-10-30"},
    "view_save": {"page": "milestone_list", "name": "逾期节点", "query": "status=overdue"},
    "visit_create": {"visited_on": "2023-10-12", "findings": "施工正常"},
    "milestone_achieve": {"achieved_on": "2023-10-10", "evidence": "淄高新审〔2023〕1号"},
    "report_return": {"reason": "金额有误"},
    "report_edit": {"invested_this_year": "150", "physical_progress": "主体施工", "action": "submit"},
    "order_create": {"type": "supervise", "facts": "逾期", "demand": "办结"},
    "order_edit": {"type": "supervise", "facts": "逾期", "demand": "办结"},
    "order_line_add": {"project": "齐鲁储能谷", "matter": "主体封顶"},
    "order_issue": {"due_on": "2023-10-26"},
    "order_void": {"reason": "有误"},
    "order_reply": {"reply": "已封顶"},
    "order_return": {"reason": "请附照片"},
    "alert_exempt": {"reason": "等待省级批复", "until_on": "2023-12-31"},
}


@pytest.fixture(autouse=True)
def held(settings, tmp_path):
    settings.TODAY = TODAY
    settings.MEDIA_ROOT = tmp_path


def parsed(table: str) -> dict[str, list[str]]:
    return {line.split()[0]: line.split()[1:] for line in table.strip().splitlines()}


def refuses(answer: str) -> bool:
    return answer in {"in", "403", "404", "405"}


def cell(response) -> str:
    if response.status_code == 302:
        return "in" if response["Location"].startswith("/accounts/login/") else "on"
    return str(response.status_code)


def answers(client, scene, person: str, method: str) -> dict[str, str]:
    """The cell of every address for one person; what a request wrote is taken back before the next."""
    found = {}
    client.raise_request_exception = False
    unit = {"unit": scene.project.lead_department_id}
    data = DATA | {"report_confirm_many": {"report": [scene.arguments["report_detail"]["pk"]]}}
    data |= {name: data[name] | unit for name in ("problem_measure", "visit_measure", "clinic_prescribe")}
    data["clinic_create"] = data["clinic_create"] | {"units": [unit["unit"]]}
    data["urgent_create"] = data["urgent_create"] | {"lists": [AnnualList.objects.get().pk]}
    data |= {name: data[name] | unit for name in ("order_create", "order_edit")}
    user = scene.people[person]
    for name in url_names():
        client.logout()
        if user:
            client.force_login(user)
        before = AuditRecord.objects.count()
        with transaction.atomic():
            response = getattr(client, method)(scene.address(name), data.get(name, {}))
            found[name] = cell(response)
            if refuses(found[name]):
                assert AuditRecord.objects.count() == before, f"{name}: refused, yet something was written"
            if response.streaming:
                b"".join(
                    response
                )  # read to its end a file closes itself; close() would end the connection too
            transaction.set_rollback(True)
    return found


def test_the_matrix_names_every_address():
    assert not unnamed_addresses()
    assert set(parsed(GET)) == set(parsed(POST)) == set(url_names())
    assert all(len(row) == len(COLUMNS) for table in (GET, POST) for row in parsed(table).values())


@pytest.mark.parametrize("person", COLUMNS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_each_address_answers_each_role_as_the_matrix_says(client, person, method):
    table = parsed(GET if method == "get" else POST)
    column = COLUMNS.index(person)
    found = answers(client, make_scene(), person, method)
    assert found == {name: row[column] for name, row in table.items()}


def test_confirming_in_bulk_confirms_nothing_for_anybody_but_the_office(client):
    scene = make_scene()
    report = ProgressReport.objects.get()
    ticked = {"report": [report.pk]}
    for person, user in scene.people.items():
        if user and person != "office":
            client.force_login(user)
            client.post(reverse("report_confirm_many"), ticked)
            report.refresh_from_db()
            assert report.state == ReportState.SUBMITTED, person
    client.force_login(scene.people["office"])
    client.post(reverse("report_confirm_many"), ticked)
    report.refresh_from_db()
    assert report.state == ReportState.CONFIRMED


ADMIN_VERBS = [("changelist", False), ("add", False), ("change", True), ("history", True), ("delete", True)]


@pytest.mark.parametrize("person", COLUMNS)
def test_the_admin_opens_for_office_and_administrator_only(client, person):
    """Lists open for both; what each may enter and correct is tested with the admin itself. Nobody deletes."""
    scene = make_scene()
    client.raise_request_exception = False
    if scene.people[person]:
        client.force_login(scene.people[person])
    wrong = {}
    for name, verb, address in admin_addresses():
        answer = client.get(address)
        found = (
            "login" if answer.status_code == 302 and "/login/" in answer["Location"] else answer.status_code
        )
        if person not in {"office", "admin"}:
            expected = {"login"}
        elif verb == "delete" or "axes" in name or (verb == "verb" and person == "admin"):
            expected = {403}  # the sign-in log is the superuser's; what happens to a project is the office's
        else:
            expected = {200} if verb in {"changelist", "change", "history", "verb"} else {200, 403}
        if found not in expected:
            wrong[name] = found
    assert wrong == {}


def admin_addresses() -> list[tuple[str, str, str]]:
    """(name, verb, address) of every admin page of every registered table; row pages where the scene has a row."""
    found = []
    for model in admin.site._registry:
        row = model._default_manager.first()
        for verb, needs_row in ADMIN_VERBS:
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{verb}"
            if needs_row and row is None:
                continue
            found.append((name, verb, reverse(name, args=[row.pk] if needs_row else [])))
    row = Project.objects.get()
    found += [
        (f"verb {verb}", "verb", reverse("admin:projects_project_verb", args=[row.pk, verb]))
        for verb in ("handover", "state", "facts")
    ]
    return [*found, ("admin:index", "changelist", reverse("admin:index"))]


def test_every_kind_of_admin_page_is_asked():
    verbs = {name.rsplit("_", 1)[-1] for name in admin_names()}
    known = {verb for verb, _row in ADMIN_VERBS} | {"verb"}
    # pages of the admin itself; a password is set by whoever may edit the account
    own = {"index", "login", "logout", "autocomplete", "jsi18n", "site", "list", "done"}
    assert verbs - known - own == set()


def admin_names() -> list[str]:
    return [pattern.name for pattern in _flat(admin.site.urls[0]) if pattern.name]


def _flat(patterns):
    for item in patterns:
        if hasattr(item, "url_patterns"):
            yield from _flat(item.url_patterns)
        else:
            yield item
