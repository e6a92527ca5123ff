"""Views and names saved before: lists by their kind (0046_saved_views_live_on), names by pinyin (0042_names_by_pinyin)."""

from importlib import import_module

import pytest
from django.apps import apps

from projects.models import Official, Project, SavedView, Unit
from projects.pinyin import sort_key
from tests.factories import NOW, make_list, make_official, make_project, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_a_view_of_a_list_of_its_own_year_names_the_kind():
    own, old = make_list(), make_list("省级重点", 2022)
    owner = make_user()
    asked = {
        "甲": (f"list={own.pk}&status=overdue&sort=-due", f"list={own.key}&status=overdue&sort=-due"),
        "乙": (f"year=2023&list={own.pk}", f"year=&list={own.key}"),
        "丙": (f"list={old.pk}", f"list={old.pk}"),
        "丁": ("q=%E5%8E%82&level=", "q=%E5%8E%82&level="),
    }
    for name, (query, _kept) in asked.items():
        SavedView.objects.create(owner=owner, page="project_list", name=name, query=query, made_at=NOW)
    import_module("projects.migrations.0046_saved_views_live_on").live_on(apps, None)
    assert dict(SavedView.objects.values_list("name", "query")) == {
        name: kept for name, (_query, kept) in asked.items()
    }


def test_names_are_sorted_and_found_by_pinyin_afterwards():
    project, unit, official = make_project("中材高新"), make_unit("建设局"), make_official("王某")
    for model in (Project, Unit, Official):
        model.objects.update(name_key="")
    import_module("projects.migrations.0042_names_by_pinyin").write_keys(apps, None)
    for row in (project, unit, official):
        row.refresh_from_db()
        assert row.name_key == sort_key(row.name)
    assert Project.objects.search("zhongcai").get() == project
