"""Visit pages: logged from the site, seen with the project, owed once a month."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import Role, SiteVisit
from tests.factories import NOW, TODAY, make_picture, make_project, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def shown(client, query=""):
    page = client.get(f"/visits/{query}")
    assert page.status_code == 200
    return int(re.search(r'data-count="(\d+)"', page.content.decode())[1])


def test_the_sponsor_logs_a_visit_with_photos_from_the_camera_and_the_album(
    client, sponsored_project, sponsor, official
):
    client.force_login(sponsor)
    url = f"/projects/{sponsored_project.code}/visits/new/"
    page = client.get(url).content.decode()
    assert 'capture="environment"' in page
    assert f'<option value="{official.pk}" selected>' in page
    assert shown(client, "?owed=1") == 1
    answer = client.post(
        url,
        {
            "visited_on": "2023-10-12",
            "official": official.pk,
            "findings": "主体施工至三层",
            "photo": make_picture("拍照.jpg"),
            "pictures": [make_picture("一.jpg"), make_picture("二.png", "PNG")],
        },
    )
    assert answer.url == f"/visits/{SiteVisit.objects.get().pk}/"
    visit = SiteVisit.objects.get()
    assert (visit.official, visit.logged_by, visit.visited_on) == (official, sponsor, TODAY)
    assert visit.attachments.count() == 2  # the same picture twice is kept once
    assert shown(client) == 1
    assert shown(client, "?owed=1") == 0


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"visited_on": "2023-10-13"}, "走访日期不能晚于今天"),
        ({"findings": ""}, "这个字段是必填项"),
        ({"pictures": SimpleUploadedFile("清单.txt", b"x")}, "不能上传"),
    ],
)
def test_a_wrong_visit_is_refused_with_words(client, sponsored_project, sponsor, wrong, words):
    client.force_login(sponsor)
    given = {"visited_on": "2023-10-12", "findings": "正常"} | wrong
    page = client.post(f"/projects/{sponsored_project.code}/visits/new/", given)
    assert words in page.content.decode()
    assert not SiteVisit.objects.exists()


def test_the_department_may_log_it_and_readers_and_strangers_may_not(client, sponsored_project):
    url = f"/projects/{sponsored_project.code}/visits/new/"
    for role, status in [
        (Role.INSPECTOR, 404),
        (Role.REPORTER, 404),
        (Role.SPONSOR, 404),
        (Role.OFFICE, 200),
    ]:
        client.force_login(make_user(role))
        assert client.get(url).status_code == status, role
    client.force_login(make_user(Role.REPORTER, unit=sponsored_project.lead_department))
    assert client.get(url).status_code == 200


def test_visits_are_seen_with_the_project(client, sponsored_project, sponsor, official):
    visit = {"official": official, "findings": "正常", "logged_by": sponsor, "logged_at": NOW}
    SiteVisit.objects.create(project=sponsored_project, visited_on=TODAY, **visit)
    SiteVisit.objects.create(project=make_project(), visited_on=TODAY, **visit)
    client.force_login(sponsor)
    assert shown(client) == 1
    assert shown(client, "?as_of=2023-10-11") == 0
    assert shown(client, f"?official={official.pk}&since=2023-10-12&until=2023-10-12&q=新材料") == 1
    assert shown(client, "?q=没有") == 0
    client.force_login(make_user(Role.OFFICE))
    assert shown(client) == 2


def test_thirty_visits_cost_as_many_queries_as_one(client, sponsored_project, sponsor, official):
    client.force_login(sponsor)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            shown(client)
            shown(client, "?owed=1")
        return len(captured)

    def add():
        SiteVisit.objects.create(
            project=make_project(sponsor=official),
            official=official,
            findings="正常",
            visited_on=TODAY,
            logged_by=sponsor,
            logged_at=NOW,
        )
        make_project(sponsor=official)

    add()
    few = queries()
    for _ in range(29):
        add()
    assert queries() == few
