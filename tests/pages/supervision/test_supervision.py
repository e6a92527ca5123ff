"""Supervision orders in the browser: drafted, issued, answered and closed; the paper; what is refused."""

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document

from projects.models import Role, SupervisionLine, SupervisionOrder
from projects.services.supervision import orders as service
from tests.factories import NOW, make_project, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def issued(unit, by, *projects):
    order = service.draft_order(
        type="supervise", unit=unit, facts="主体封顶逾期", demand="月底前封顶", by=by, now=NOW
    )
    for project in projects:
        service.add_line(order=order, project=project, matter="主体封顶", by=by, now=NOW)
    return service.issue_order(order=order, by=by, now=NOW)


def test_from_the_draft_to_the_close(client, unit, inspector):
    project = make_project("齐鲁储能谷项目", lead_department=unit)
    client.force_login(inspector)
    head = {"type": "supervise", "unit": unit.pk, "facts": "逾期15天", "demand": "月底前封顶"}
    answer = client.post(f"{reverse('order_create')}?project={project.code}", head)
    order = SupervisionOrder.objects.get()
    assert answer["Location"].endswith(f"?project={project.code}")
    assert project.code in client.get(answer["Location"]).content.decode(), "the project is offered at once"
    client.post(reverse("order_line_add", args=[order.pk]), {"project": "储能谷", "matter": "主体封顶"})
    client.post(reverse("order_issue", args=[order.pk]), {"due_on": "2023-10-26"})
    order.refresh_from_db()
    assert order.document_number == "淄高新督〔2023〕1号"
    line = order.lines.get()

    client.force_login(make_user(Role.REPORTER, unit=unit))
    assert order.document_number in client.get(reverse("order_list")).content.decode()
    client.post(reverse("order_receive", args=[order.pk]))
    client.post(reverse("order_reply", args=[line.pk]), {"reply": "已封顶"})

    client.force_login(inspector)
    client.post(reverse("order_return", args=[line.pk]), {"reason": "请附照片"})
    line.refresh_from_db()
    assert line.state == SupervisionLine.State.OPEN
    client.force_login(make_user(Role.REPORTER, unit=unit))
    assert "请附照片" in client.get(reverse("order_reply", args=[line.pk])).content.decode()
    client.post(reverse("order_reply", args=[line.pk]), {"reply": "已封顶，照片见附件"})
    client.force_login(inspector)
    client.post(reverse("order_close", args=[line.pk]))
    line.refresh_from_db()
    assert line.state == SupervisionLine.State.CLOSED


def test_words_that_fit_several_projects_are_answered_with_their_names(client, unit, inspector):
    make_project("储能一期"), make_project("储能二期")
    client.force_login(inspector)
    order = service.draft_order(
        type="supervise", unit=unit, facts="逾期", demand="办结", by=inspector, now=NOW
    )
    address = reverse("order_line_add", args=[order.pk])
    page = client.post(address, {"project": "储能", "matter": "封顶"}).content.decode()
    assert "储能一期" in page and "储能二期" in page
    page = client.post(address, {"project": "没有这个", "matter": "封顶"}).content.decode()
    assert "没有找到“没有这个”" in page
    page = client.post(address, {"project": "a\0b", "matter": "封顶"}).content.decode()
    assert "matter" in page
    assert not order.lines.exists()


def test_the_unit_sees_only_rows_of_projects_it_may_see(client, unit, inspector):
    sponsor = make_user(Role.SPONSOR)
    mine, other = make_project("我的项目"), make_project("别人的项目")
    from tests.factories import make_official

    mine.sponsor = make_official("领导甲", sponsor)
    mine.save()
    order = issued(unit, inspector, mine, other)
    client.force_login(sponsor)
    page = client.get(reverse("order_detail", args=[order.pk])).content.decode()
    assert "我的项目" in page and "别人的项目" not in page
    table = client.get(reverse("order_list")).context["table"]
    assert [table.value_progress(row.record) for row in table.page.object_list] == ["0/1"]
    client.force_login(inspector)
    table = client.get(reverse("order_list")).context["table"]
    assert [table.value_progress(row.record) for row in table.page.object_list] == ["0/2"]


def test_filters_find_what_is_late_and_what_waits(client, unit, inspector, settings):
    late = issued(unit, inspector, make_project())
    client.force_login(inspector)

    def listed(**query):
        page = client.get(reverse("order_list"), query)
        return {row.record.pk for row in page.context["table"].rows}

    assert listed(status="overdue", as_of="2023-10-26") == set()
    assert listed(status="overdue", as_of="2023-10-27") == {late.pk}
    assert listed(status="to_check") == set()
    service.reply_line(line=late.lines.get(), reply="已办", by=make_user(Role.REPORTER, unit=unit), now=NOW)
    assert listed(status="to_check") == {late.pk} == listed(status="unsettled")
    assert listed(status="nonsense") == listed(unit="999999999999999999999") == set()


def test_the_paper_names_the_number_the_unit_and_every_project(client, unit, inspector):
    order = issued(unit, inspector, make_project("甲项目"), make_project("乙项目"))
    client.force_login(inspector)
    paper = Document(BytesIO(client.get(reverse("order_docx", args=[order.pk])).getvalue()))
    text = "\n".join(paragraph.text for paragraph in paper.paragraphs)
    assert "淄高新督〔2023〕1号" in text and "建设局：" in text
    assert [row.cells[1].text for row in paper.tables[0].rows[1:]] == ["甲项目", "乙项目"]


def test_as_many_queries_for_many_slips_as_for_few(client, unit, inspector):
    client.force_login(inspector)
    counts = []
    for number in (2, 12):
        for _ in range(number):
            issued(unit, inspector, make_project(), make_project())
        order = SupervisionOrder.objects.first()
        with CaptureQueriesContext(
            connection,
        ) as listed:
            client.get(reverse("order_list"))
        with CaptureQueriesContext(connection) as opened:
            client.get(reverse("order_detail", args=[order.pk]))
        counts.append((len(listed), len(opened)))
    assert counts[0] == counts[1]
