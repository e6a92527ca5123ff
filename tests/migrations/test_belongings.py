"""Where projects belong when the table of belongings is made (0052): since before any figure of theirs."""

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps

from projects.models import Belonging, IndustryChain, Project
from tests.factories import make_listing, make_project

pytestmark = [pytest.mark.django_db, pytest.mark.database]
migration = import_module("projects.migrations.0052_belongings")


def test_what_the_projects_say_holds_since_their_first_list_or_their_registration():
    registered = dt.datetime(2023, 3, 1, 12, tzinfo=dt.UTC)
    package, chain = make_project("产业园", level="package"), IndustryChain.objects.create(name="氢能")
    part = make_project("一期", level="phase", parent=package, industry_chain=chain)
    make_project("单体")
    make_listing(part, effective_on=dt.date(2023, 1, 1))
    make_listing(package, effective_on=dt.date(2023, 7, 1))
    Project.objects.update(created_at=registered)
    Belonging.objects.all().delete()
    migration.as_recorded(apps, None)
    said = Belonging.objects.order_by("project__name", "kind")
    assert set(
        said.values_list("project__name", "from_on", "level", "parent__name", "industry_chain__name")
    ) == {
        ("产业园", dt.date(2023, 3, 1), "package", None, None),
        ("一期", dt.date(2023, 1, 1), "phase", "产业园", None),
        ("一期", dt.date(2023, 1, 1), "", None, "氢能"),
    }
