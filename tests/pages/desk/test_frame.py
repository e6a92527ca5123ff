"""The frame of the pages: navigation by role, notices, help, sign-in."""

import pytest

from projects.models import Notice, Role
from tests.factories import NOW, make_user

pytestmark = pytest.mark.django_db


def notify(user, key="1", **fields):
    fields = {
        "channel": "in_app",
        "subject": "旬报提醒",
        "body": "请填报",
        "made_at": NOW,
        "state": "sent",
        **fields,
    }
    return Notice.objects.create(key=key, recipient=user, **fields)


def test_only_the_office_is_led_to_imports_and_only_staff_to_the_admin(client):
    for user, imports, admin in [
        (make_user(Role.REPORTER), False, False),
        (make_user(Role.OFFICE), True, False),
        (make_user(Role.ADMINISTRATOR, is_staff=True), False, True),
    ]:
        client.force_login(user)
        page = client.get("/help/").content.decode()
        assert ('href="/imports/"' in page) == imports
        assert ('href="/admin/"' in page) == admin


def test_the_present_area_is_marked(client):
    client.force_login(make_user(Role.OFFICE))
    page = client.get("/problems/").content.decode()
    assert 'href="/problems/" aria-current="page"' in page
    assert 'href="/visits/" aria-current="page"' not in page


def test_a_held_clock_is_said_on_the_page(client, settings):
    client.force_login(make_user())
    assert "演示日期" in client.get("/help/").content.decode()
    settings.TODAY = None
    assert "演示日期" not in client.get("/help/").content.decode()


def test_notices_are_private_counted_and_marked_one_by_one_or_all(client):
    me, other = make_user(), make_user()
    first, _second = notify(me, "1"), notify(me, "2")
    notify(me, "mail", channel="email", subject="邮件不在此列")
    foreign = notify(other, "3", subject="别人的")
    client.force_login(me)
    page = client.get("/notices/").content.decode()
    assert "2 条未读" in page and "别人的" not in page and "邮件不在此列" not in page
    assert client.post(f"/notices/{foreign.pk}/read/").status_code == 404
    assert client.get(f"/notices/{first.pk}/read/").status_code == 405
    client.post(f"/notices/{first.pk}/read/")
    assert "1 条未读" in client.get("/notices/?unread=1").content.decode()
    client.post("/notices/read/")
    assert not Notice.objects.unread().filter(recipient=me).exists()
    foreign.refresh_from_db()
    assert foreign.read_at is None
    assert "通知都已读过" in client.get("/notices/?unread=1").content.decode()


def test_a_notice_leads_on_and_shows_its_rows(client):
    me = make_user()
    row = {"project": "二期<b>", "code": "A-1", "kind": "节点逾期", "title": "主体封顶", "when": "逾期3天"}
    notify(me, "1", rows=[row], link="/alerts/")
    client.force_login(me)
    page = client.get("/notices/").content.decode()
    assert "节点逾期：主体封顶" in page and 'href="/projects/A-1/"' in page and 'href="/alerts/"' in page
    assert "二期<b>" not in page and "二期&lt;b&gt;" in page


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_its_help(client, role):
    client.force_login(make_user(role))
    page = client.get("/help/")
    assert page.status_code == 200 and role.label in page.content.decode()


def test_a_person_with_two_roles_chooses_among_their_guides_only(client):
    client.force_login(make_user(Role.REPORTER, Role.UNIT_HEAD))
    page = client.get("/help/?role=unit_head").content.decode()
    assert 'href="?role=unit_head" aria-current="page"' in page
    assert "?role=office" not in page
    assert client.get("/help/?role=office").status_code == 200


def test_signing_in_leads_to_the_desk_and_out_again(client):
    user = make_user()
    user.set_password("a-long-password")
    user.save()
    assert client.get("/accounts/login/").status_code == 200
    answer = client.post("/accounts/login/", {"username": user.username, "password": "a-long-password"})
    assert answer.url == "/"
    assert client.get("/accounts/password/").status_code == 200
    assert client.post("/accounts/logout/").url == "/accounts/login/"
    assert client.get("/notices/").status_code == 302
