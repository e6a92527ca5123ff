"""Documents over the reader's rows (文件按可见范围): no file of any kind prints what the person may not see."""

import zipfile
from io import BytesIO

import pytest
from django.test import Client

from projects.digests.weekly import weekly_content
from projects.models import AssessmentRound, ProjectMember, Role, SupervisionLine, WeeklyReport
from projects.pages.base.list_page import ListPage
from tests.factories import NOW, make_listing, make_plan, make_project, make_user
from tests.scene import Scene, url_patterns

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

FOREIGN = "齐鲁储能谷项目"  # the scene's project, in every document of it
PAPERS = (
    "order_docx",
    "period_sheet",
    "weekly_docx",
    "weekly_xlsx",
    "urgent_docx",
    "urgent_xlsx",
    "score_docx",
    "score_xlsx",
)
OTHER_FILES = {"project_export", "land_sheet"}  # the ledger, and a catalogue of no project
PAGES = {"responsibility_sheet"}


def lists() -> list[str]:
    """The names of all lists made by the recipe, each of which is a sheet and a paper too."""
    found = [(name, getattr(pattern.callback, "view_class", object)) for name, pattern in url_patterns()]
    return [name for name, view in found if issubclass(view, ListPage)]


def text_of(client: Client, address: str, **query: str) -> str:
    """What stands in a file, of a sheet and a paper alike; "" where the person is refused."""
    answer = client.get(address, query)
    if answer.status_code in (403, 404):
        return ""
    assert answer.status_code == 200, (address, answer.status_code)
    book = zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content)))
    return "".join(book.read(part).decode() for part in book.namelist() if part.endswith(".xml"))


@pytest.fixture
def planted(scene: Scene) -> Scene:
    """The scene with a row of the stranger's own beside the foreign one in every document of several projects."""
    unit = scene.people["stranger"].duties.get().unit
    own = make_project("自家项目", lead_department=unit)
    make_listing(own)
    make_plan(own, "2023-09-01")
    slip = scene.project.supervision_lines.get(order__state="issued").order
    SupervisionLine.objects.create(order=slip, project=own, matter="主体封顶")
    scored = AssessmentRound.objects.get(state="published")
    scored.content["units"][0]["handovers"] = [f"2023-09-01自综合执法局接手{FOREIGN}"]
    scored.save()
    report = WeeklyReport.objects.get()
    report.content = weekly_content(report.period).as_dict()
    report.state, report.signed_by, report.signed_at = "sent", scene.people["office"], NOW
    report.save()
    return scene


def test_the_papers_named_here_are_all_there_are():
    files = {
        name for name, _pattern in url_patterns() if name.endswith(("_docx", "_xlsx", "_export", "_sheet"))
    }
    assert files - set(lists()) - OTHER_FILES - PAGES == set(PAPERS)


@pytest.mark.parametrize("role", [Role.REPORTER, Role.UNIT_HEAD])
def test_no_paper_prints_a_foreign_row(client, planted, role):
    reader = make_user(role, unit=planted.people["stranger"].duties.get().unit)
    client.force_login(reader)
    leaking = [name for name in PAPERS if FOREIGN in text_of(client, planted.address(name))]
    leaking += [name for name in lists() if FOREIGN in text_of(client, planted.address(name), format="xlsx")]
    assert not leaking


def test_each_paper_of_several_projects_prints_the_row_to_who_may_see_it(client, planted):
    """Else the test above would prove nothing."""
    client.force_login(planted.people["office"])
    silent = [name for name in PAPERS if FOREIGN not in text_of(client, planted.address(name))]
    assert silent == ["score_docx"], "that one names units only"


def test_the_slip_is_an_extract_for_who_sees_one_of_its_projects(client, planted):
    client.force_login(planted.people["stranger"])
    text = text_of(client, planted.address("order_docx"))
    assert "自家项目" in text and FOREIGN not in text and "摘录" in text


def test_the_slip_is_whole_for_the_addressed_unit_even_where_it_no_longer_sees_a_project(client, planted):
    ProjectMember.objects.filter(kind="supporting_unit").delete()
    client.force_login(planted.people["reporter"])
    text = text_of(client, planted.address("order_docx"))
    assert "自家项目" in text and FOREIGN in text and "摘录" not in text
