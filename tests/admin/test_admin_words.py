"""The admin speaks and looks as the product does: groups of the work, no English, no unlabelled choice, no browser clock."""

import re
from html import unescape

import pytest
from django.contrib import admin
from django.urls import reverse

from tests.factories import make_official, make_unit
from tests.reading import page
from tests.scene import Scene
from zibo_projects.admin_site import GROUPS, INNER

pytestmark = pytest.mark.django_db
MODELS = [model for model in admin.site._registry if model._meta.app_label == "projects"]
ENGLISH = re.compile(r"[A-Za-z]{4,}")
# what officials call by these letters themselves
KNOWN = {"xlsx", "Excel", "Word", "CGCS"}


def words_of(html: str) -> str:
    """What a person reads on the page: no scripts, no styles, no tags; placeholders and labels too."""
    said = re.findall(r'(?:placeholder|aria-label|title)="([^"]*)"', html)
    bare = re.sub(r"<(script|style|option)\b.*?</\1>|<[^>]*>", " ", html, flags=re.S)
    return unescape(" ".join([bare, *said]))


def test_every_table_stands_in_one_group():
    grouped = [name for names in GROUPS.values() for name in names]
    assert sorted(grouped) == sorted(model.__name__ for model in MODELS)


def test_what_the_product_keeps_for_itself_is_shown_to_who_manages_the_machine(
    client, office, django_user_model
):
    client.force_login(office)
    assert INNER not in page(client.get(reverse("admin:index")))
    root = django_user_model.objects.create_superuser("root", full_name="系统管理员")
    client.force_login(root)
    assert INNER in page(client.get(reverse("admin:index")))


@pytest.mark.parametrize(
    "name", ["index", "projects_project_changelist", "projects_unit_add", "projects_problem_changelist"]
)
def test_no_english_and_no_clock_of_the_browser(client, office, name):
    make_unit("建设局"), make_official("李领导")
    client.force_login(office)
    html = client.get(reverse(f"admin:{name}")).content.decode()
    assert not set(ENGLISH.findall(words_of(html))) - KNOWN
    assert "---------" not in html
    assert "DateTimeShortcuts" not in html


def test_a_form_of_every_table_the_office_keeps_is_in_chinese(client, office):
    client.force_login(office)
    for model in MODELS:
        if admin.site._registry[model].has_add_permission(_as(office)):
            html = client.get(reverse(f"admin:projects_{model._meta.model_name}_add")).content.decode()
            assert not set(ENGLISH.findall(words_of(html))) - KNOWN, model
            assert "---------" not in html, model


def test_a_project_of_the_scene_is_in_chinese(client, scene: Scene):
    client.force_login(scene.people["office"])
    html = client.get(reverse("admin:projects_project_change", args=[scene.project.pk])).content.decode()
    assert not set(ENGLISH.findall(words_of(html))) - KNOWN


def _as(user):
    class Request:
        pass

    request = Request()
    request.user = user
    return request
