"""Markers of joint services advance with dates, documents and reasons."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from projects.models import AuditRecord, Project, ProjectMarker
from projects.services.papers.markers import set_marker
from tests.factories import NOW, TODAY, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def mark(project, by, state="planned", since_on=dt.date(2023, 9, 1), **more):
    return set_marker(
        project=project, kind="six_in_one", state=state, since_on=since_on, by=by, now=NOW, **more
    )


def refused(field, *args, **kwargs) -> str:
    with pytest.raises(ValidationError) as caught:
        mark(*args, **kwargs)
    return "".join(caught.value.message_dict[field] if field else caught.value.messages)


def test_a_marker_is_set_and_advanced_as_one_row(project, reporter):
    mark(project, reporter)
    mark(project, reporter, "running", dt.date(2023, 9, 10))
    mark(project, reporter, "done", dt.date(2023, 10, 1), document="370303202310010101")
    assert ProjectMarker.objects.get().state == "done"
    assert list(AuditRecord.objects.order_by("pk").values_list("action", flat=True)) == [
        "登记服务标记",
        "更新服务标记",
        "更新服务标记",
    ]


def test_twice_the_same_is_once(project, reporter):
    mark(project, reporter)
    mark(project, reporter)
    assert AuditRecord.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "given", "words"),
    [
        ("since_on", {"since_on": None}, "请填写状态日期"),
        ("since_on", {"since_on": TODAY + dt.timedelta(days=1)}, "不能晚于今天"),
        ("since_on", {"since_on": dt.date(1989, 1, 1)}, "不能早于1990年"),
        ("document", {"state": "done"}, "办结须填写文号"),
        ("note", {"state": "dropped"}, "说明原因"),
    ],
)
def test_what_is_refused(project, reporter, field, given, words):
    assert words in refused(field, project, reporter, **given)
    assert not ProjectMarker.objects.exists() and not AuditRecord.objects.exists()


def test_dates_do_not_go_back(project, reporter):
    mark(project, reporter)
    assert "不能早于上一状态" in refused("since_on", project, reporter, "running", dt.date(2023, 8, 31))


def test_what_is_settled_is_corrected_by_the_office_with_a_reason(project, reporter):
    office = make_user("office")
    mark(project, reporter, "done", document="证号")
    assert "请联系发改局统筹" in refused("", project, reporter, "running", note="误登")
    assert "说明原因" in refused("note", project, office, "running")
    mark(project, office, "running", note="误登")
    assert AuditRecord.objects.first().reason == "误登"


def test_only_those_who_report_on_an_open_project(project, reporter):
    with pytest.raises(PermissionDenied):
        mark(project, make_user("sponsor"))
    Project.objects.update(state="withdrawn")
    assert "已退库" in refused("", project, reporter)
