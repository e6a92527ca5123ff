"""The cast of the tests: people and places by role, one meaning for a name in every file (conftest.py loads them).

Who else is needed gets a name that says who it is. Everybody around a project with something of everything: scene.py.
"""

import datetime as dt
from pathlib import Path

import pytest
from django.test import Client

from projects.models import AnnualList, Official, Project, Role, Unit, User
from tests.factories import TODAY, make_list, make_listing, make_official, make_project, make_unit, make_user
from tests.scene import Scene, make_cast


@pytest.fixture(autouse=True)
def held_clock(settings) -> None:
    """Every test's day is TODAY, unless it says another."""
    settings.TODAY = TODAY


@pytest.fixture
def media(settings, tmp_path) -> Path:
    """A place for attachments that nobody else writes to."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def unit(db) -> Unit:
    """The department that leads `project`."""
    return make_unit("建设局")


@pytest.fixture
def project(unit: Unit) -> Project:
    """A project of the unit's, in no list and not begun."""
    return make_project("新材料项目", lead_department=unit)


@pytest.fixture
def listed_project(project: Project) -> Project:
    """`project`, begun in March and in the year's list: it owes a report every ten days."""
    project.started_on = dt.date(2023, 3, 1)
    project.save()
    make_listing(project)
    return project


@pytest.fixture
def sponsored_project(unit: Unit, official: Official) -> Project:
    """As `project`, with `official` as its sponsor (挂包领导)."""
    return make_project("新材料项目", lead_department=unit, sponsor=official)


@pytest.fixture
def annual_list(db) -> AnnualList:
    """The year's list of the city's major projects (市级重大), empty."""
    return make_list()


@pytest.fixture
def office(db) -> User:
    """An officer of the reform bureau (发改局统筹)."""
    return make_user(Role.OFFICE, name="赵统", is_staff=True)


@pytest.fixture
def colleague(db) -> User:
    """A second officer of the reform bureau: who decides on what `office` has drawn up."""
    return make_user(Role.OFFICE, name="李四")


@pytest.fixture
def as_office(client: Client, office: User) -> Client:
    """The client, with the office signed in."""
    client.force_login(office)
    return client


@pytest.fixture
def reporter(unit: Unit) -> User:
    """Who fills the unit's reports in (填报人)."""
    return make_user(Role.REPORTER, unit=unit, name="王报", phone="13800000001")


@pytest.fixture
def head(unit: Unit) -> User:
    """The head of the unit (部门负责人)."""
    return make_user(Role.UNIT_HEAD, unit=unit, name="李局")


@pytest.fixture
def sponsor(db) -> User:
    """The account of `official` (挂包领导)."""
    return make_user(Role.SPONSOR)


@pytest.fixture
def official(sponsor: User) -> Official:
    """A leader who may be a project's sponsor, with an account."""
    return make_official("领导甲", sponsor)


@pytest.fixture
def inspector(db) -> User:
    """An officer of the supervision office (督查)."""
    return make_user(Role.INSPECTOR)


@pytest.fixture
def stranger(db) -> User:
    """A reporter whose unit has nothing to do with `project`."""
    return make_user(Role.REPORTER, unit=make_unit("无关单位"))


@pytest.fixture
def cast(db) -> Scene:
    """People of every role around one listed project."""
    return make_cast()
