"""Input that nobody should send (错误输入): no address answers 500, and a refused form says so in Chinese."""

import re
from copy import deepcopy
from functools import partial
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from projects.models import AuditRecord
from tests.crawling import turns
from tests.scene import url_names

pytestmark = pytest.mark.django_db

HUGE = "9" * 400
FORM = "application/x-www-form-urlencoded"
GARBAGE = {
    "nothing": "",
    "null byte": "a\x00b",
    "huge number": HUGE,
    "over 64 bits": str(2**63),
    "over 32 bits": str(2**31),
    "negative": "-1",
    "wrong date": "2023-02-30",
    "far date": "9999-12-31",
    "no date": "0000-00-00",
    "superscript digits": "²³",
    "full-width digits": "２０２３",
    "not a number": "NaN",
    "infinity": "1e999999",
    "quotes": "';--\"<script>%00{{7*7}}",
    "surrogate": "\udcff",
    "long": "项" * 5000,
    "emoji": "👷‍♀️\u202e",
}
# every parameter and field that a page reads, met or not by each page: an unknown one must not matter either
NAMES = (
    "q as_of year list by group basis figure sort page per_page columns col category stage light state "
    "status level sponsor lead_department host_district industry_chain gap unit lead_unit period view "
    "owed official next split unread kind week start end from until_on reason text result due_on "
    "visited_on findings achieved_on evidence action invested_this_year invested_to_date "
    "physical_progress work_done next_steps started_on completed_on in_production_on version seen remove "
    "report milestone money_at_risk demand place people decisions file files pictures photo "
    "accept_warnings overrule_reason username password old_password new_password1 new_password2 list_name "
    "sheet unit_name project assigned age helper reopened source visit lists levels units problems title "
    "held_on chair words diagnosis outcome note document open owes lead late format to_mend missing slot "
    "holder on changed effective_on parent to from_on is_vacant name post phone user watch order few "
    "panel origin investor agreed_investment sector segment linked contact notes talked_on developer code "
    "address description total_investment is_other link month value city_total done_on dimension ever "
    "check decision_note reading fact cell short baseline fill t1 t2 month0 day0 share0 month12 is_joined "
    "based_on was will show min_planned_investment red_needs kinds band-TOTAL_FORMS band-INITIAL_FORMS "
    "band-0-action band-0-low band-0-high band-0-running band-0-light scheme item points decision "
    "verdict weight method zero_at full_at per_point floor cap"
).split()
# characters a value may have in an address: all names together fill the 64 KB that a server reads of a first line
IN_ADDRESS = 20
METHODS = ["put", "patch", "delete", "options", "trace", "head"]


@pytest.fixture
def office_client(client, scene):
    """The client of the person to whom most is open; a failure comes back as an answer, not as an exception."""
    client.raise_request_exception = False
    client.force_login(scene.people["office"])
    return client


def ask(client, method: str, address: str, **kwargs):
    """One request whose writes are taken back, and the session with them, for a sign-out may have been asked."""
    signed_in = deepcopy(client.cookies)
    with transaction.atomic():
        # raw: the client's own post() would read the body in the charset it names
        send = partial(client.generic, "POST") if method == "raw" else getattr(client, method)
        response = send(address, **kwargs)
        if response.streaming:
            b"".join(response)  # read to its end a file closes itself; close() would end the connection too
        transaction.set_rollback(True)
    client.cookies = signed_in
    return response


def failures(client, requests) -> list[str]:
    """What answered 500 or worse, of (words, method, address, arguments)."""
    found = []
    for words, method, address, arguments in requests:
        response = ask(client, method, address, **arguments)
        if response.status_code >= 500:
            error = getattr(response, "exc_info", None)
            found.append(f"{method} {address} with {words}: {response.status_code} {error and error[1]!r}")
    return found


TURNS = turns([(0, 5), *((turn, 1) for turn in range(6))])  # the short one asks each fifth page


def mixed(turn: int) -> dict[str, str]:
    """Every name with some garbage, another one each turn: a page meets all kinds, each name six of them."""
    kinds = list(GARBAGE.values())
    return {name: kinds[(place + 3 * turn) % len(kinds)] for place, name in enumerate(NAMES)}


@pytest.mark.database
@pytest.mark.parametrize(("turn", "each"), TURNS)
def test_garbage_in_the_address_is_never_an_error_of_the_server(scene, office_client, turn, each):
    query = encoded({name: value[:IN_ADDRESS] for name, value in mixed(turn).items()})
    addresses = [f"{scene.address(name)}?{query}" for name in url_names()[::each]]
    assert not failures(office_client, ((turn, "get", address, {}) for address in addresses))


LIST_NAMES = "as_of year list group reading figure sort page light status unit period week".split()


@pytest.mark.database
@pytest.mark.parametrize("name", turns(LIST_NAMES, 0))
def test_each_parameter_alone_may_be_garbage(scene, office_client, name):
    """One wrong parameter among none: a page must not hide behind the first one it refuses. Each page meets two kinds."""
    kinds = ("null byte", "over 64 bits", "far date", "superscript digits", "long")
    lists = [scene.address(name) for name in url_names() if name.endswith("_list")] + [reverse("dashboard")]
    asked = (
        (f"{name}={words}", "get", address, {"data": {name: GARBAGE[words]}})
        for place, address in enumerate(lists, LIST_NAMES.index(name))
        for words in (kinds[place % 5], kinds[(place + 2) % 5])
    )
    assert not failures(office_client, asked)


@pytest.mark.database
@pytest.mark.parametrize(("turn", "each"), TURNS)
def test_garbage_in_a_form_is_never_an_error_of_the_server(scene, office_client, turn, each):
    body = mixed(turn)
    submit = body | {"action": "submit", "by": "sponsor", "category": "land", "level": "zone"}
    bodies = [{"data": encoded(data), "content_type": FORM} for data in (body, submit)]
    asked = ((turn, "post", scene.address(name), sent) for name in url_names()[::each] for sent in bodies)
    assert not failures(office_client, asked)


def encoded(data: dict[str, str]) -> str:
    """As a browser sends a form; a lone surrogate becomes the byte that is no UTF-8."""
    return urlencode(data, errors="surrogateescape")


BODIES = [
    ("multipart/form-data; boundary=x", b"--x\r\nno end"),
    ("application/x-www-form-urlencoded", b"text=%ff%fe%00&due_on=%ff"),
    ("application/json", b'{"a": 1}'),
    ("multipart/form-data", b"no boundary"),
    ("application/x-www-form-urlencoded; charset=gb2312", "text=用地".encode("gb2312")),
    ("application/x-www-form-urlencoded; charset=nonsense", b"text=1"),
    ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(6000))),
    ("application/x-www-form-urlencoded", b"text=" + b"x" * 6_000_000),
    ("", b"\x00\xff"),
]
KINDS_OF_BODY = [
    "cut multipart",
    "not utf-8",
    "json",
    "no boundary",
    "gb2312",
    "unknown charset",
    "fields",
    "size",
    "none",
]


@pytest.mark.parametrize(("kind", "content"), turns(BODIES, 2), ids=KINDS_OF_BODY)
def test_bodies_of_any_kind_are_answered(scene, office_client, kind, content):
    addresses = [scene.address(name) for name in url_names()]
    sent = {"data": content, "content_type": kind}
    asked = (("body", "raw", address, sent) for address in addresses)
    assert not failures(office_client, asked)


@pytest.mark.parametrize("method", turns(METHODS, 2))
def test_unexpected_methods_are_refused(scene, office_client, method):
    addresses = [scene.address(name) for name in url_names()]
    assert not failures(office_client, ((method, method, address, {}) for address in addresses))


PARTS = [
    HUGE,
    "a%00b",
    "２",
    "0",
    str(2**63),
    str(2**31),
    "-1",
    "%ff",
    "../..",
    "2023-13-9",
    "2023-W99",
    "0000-W01",
    "9999-12-3",
    "%F0%9F%91%B7",
]


@pytest.mark.parametrize("part", turns(PARTS, 3))
def test_garbage_instead_of_a_number_is_not_found(scene, office_client, part):
    """Every address with a part of its own, that part being nonsense."""
    addresses = []
    for name in url_names():
        if name in scene.arguments:
            own = {key: str(value) for key, value in scene.arguments[name].items()}
            whole = scene.address(name)
            addresses += [
                re.sub(rf"/{re.escape(value)}/", f"/{part}/", whole, count=1) for value in own.values()
            ]
    asked = [(part, method, address, {}) for address in addresses for method in ("get", "post")]
    assert not failures(office_client, asked)


@pytest.mark.database
@pytest.mark.parametrize("words", turns(["huge number", "null byte", "wrong date", "quotes"]))
def test_admin_lists_and_forms_survive_garbage(scene, office_client, words):
    asked, value = [], GARBAGE[words]
    for model in admin.site._registry:
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        query = {"q": value, "p": value, "o": value}
        asked.append((words, "get", reverse(f"{base}_changelist"), {"data": query}))
        asked.append((words, "get", reverse(f"{base}_change", args=[value.replace("\x00", "%00")]), {}))
        asked.append((words, "post", reverse(f"{base}_add"), {"data": dict.fromkeys(NAMES, value)}))
    assert not failures(office_client, asked)


FORMS = [
    "problem_create",
    "visit_create",
    "milestone_achieve",
    "report_return",
    "report_reopen",
    "reopening_list",
    "reopening_close",
    "problem_progress",
    "problem_handle",
    "problem_escalate",
    "problem_action",
    "action_finish",
    "urgent_create",
    "urgent_edit",
    "clinic_create",
    "clinic_add",
    "clinic_held",
    "clinic_diagnose",
    "clinic_prescribe",
    "clinic_follow",
    "clinic_discharge",
    "visit_action",
    "target_edit",
    "baseline_create",
    "baseline_plan",
    "lightrule_create",
    "lightrule_edit",
    "lightrule_enforce",
    "lightrule_withdraw",
    "lightrule_repeal",
    "publication_seal",
]


@pytest.mark.parametrize("name", [*FORMS, "import_create", "alert_exempt", "milestone_undo"])
def test_a_form_without_its_fields_says_so_in_chinese_and_writes_nothing(scene, office_client, name):
    before = AuditRecord.objects.count()
    response = office_client.post(scene.address(name), {"irrelevant": "1"})
    page = response.content.decode()
    assert response.status_code == 200
    assert re.search(r"这个字段是必填项|请填写|请选择|必填|至少填", page), name
    assert "This field" not in page
    assert AuditRecord.objects.count() == before


@pytest.mark.parametrize(
    ("file_name", "content"),
    [
        ("台账.xlsx", b""),
        ("台账.xlsx", b"not a workbook"),
        ("台账.xlsx", b"PK\x03\x04" + b"\x00" * 200),
        ("台账.pdf", b"%PDF-1.7"),
        ("../../etc/passwd", b"x"),
        ("a\x00b.xlsx", b"x"),
        ("名" * 300 + ".xlsx", b"x"),
    ],
)
def test_an_upload_that_is_no_workbook_is_refused_in_words(scene, office_client, file_name, content):
    upload = SimpleUploadedFile("x", content)
    upload.name = file_name
    response = office_client.post(reverse("import_create"), {"file": upload}, follow=True)
    assert response.status_code == 200
    assert re.search("请|不能|无法|不是", response.content.decode())


@pytest.mark.parametrize("name", ["visit_create", "milestone_achieve", "report_edit", "problem_handle"])
@pytest.mark.parametrize(
    ("file_name", "content"),
    [("照片.jpg", b"GIF89a"), ("照片.jpg", b""), ("病毒.exe", b"MZ"), ("x" * 400 + ".png", b"\x89PNG")],
)
def test_a_bad_picture_is_refused_on_the_form(scene, office_client, name, file_name, content):
    data = {"visited_on": "2023-10-12", "findings": "正常", "achieved_on": "2023-10-10", "result": "已办"}
    data |= {field: SimpleUploadedFile(file_name, content) for field in ("photo", "pictures", "files")}
    response = office_client.post(scene.address(name), data)
    assert response.status_code == 200
    assert re.search("不能上传|空|不是|无法|请", response.content.decode())
