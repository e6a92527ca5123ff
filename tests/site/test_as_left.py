"""Filters, order and page number of a list survive what is done from it (返回原列表)."""

import datetime as dt
import re
from html import unescape

import pytest
from django.urls import reverse

from projects.models import Alert, AlertKind, Notice
from tests.factories import (
    NOW,
    make_action,
    make_date_change,
    make_exemption,
    make_plan,
    make_problem,
    make_user,
)
from tests.reading import page

pytestmark = pytest.mark.django_db


def make_alert(project):
    return Alert.objects.create(
        kind=AlertKind.MILESTONE_OVERDUE, subject="milestone:1", project=project, title="节点1",
        due_on="2023-09-01", opened_on="2023-09-02",
    )  # fmt: skip


def make_waiting(project):
    return make_date_change(make_plan(project, "2023-12-01").milestones.get(), make_user("reporter"))


# list, what it is narrowed to, a row of it, the step taken from it, what the step is given
STEPS = [
    ("alert_list", "kind=milestone_overdue&sort=unit", make_alert, "alert_exempt",
     {"reason": "会议决定", "until_on": "2023-12-31"}),
    ("alert_list", "kind=milestone_overdue", make_alert, "alert_acknowledge", {}),
    ("exemption_list", "state=waiting", lambda project: make_exemption(project, make_user("reporter")),
     "exemption_decide", {"action": "refuse", "note": "不符"}),
    ("datechange_list", "state=waiting", make_waiting, "datechange_decide",
     {"action": "refuse", "decision": "不符"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "query", "make", "step", "given"), STEPS, ids=[one[3] for one in STEPS])
def test_a_step_leads_back_to_the_list_as_it_was_left(as_office, project, name, query, make, step, given):
    row = make(project)
    left = f"{reverse(name)}?{query}"
    text = page(as_office.get(left))
    address = reverse(step, args=[row.pk])
    if "decision" in given:
        given = given | {"requests": [row.pk]}
    if link := re.search(rf'href="({re.escape(address)}[^"]*)"', text):
        address = unescape(link[1])
    else:  # a button of the list: its form names the page
        assert f'name="next" value="{left}"'.replace("&", "&amp;") in text
        given = {"next": left}
    assert as_office.post(address, given).url == left


def test_an_action_carried_out_leads_back_to_the_list(as_office, office, unit, project):
    action = make_action(unit, by=office, problem=make_problem(project))
    left = f"{reverse('action_list')}?status=open"
    link = re.search(
        rf'href="({reverse("action_finish", args=[action.pk])}[^"]*)"', page(as_office.get(left))
    )
    assert as_office.post(unescape(link[1]), {"result": "已办"}).url == left


def test_a_notice_read_leaves_the_page_of_the_unread(as_office, office):
    """The finding: /notices/?unread=1&page=2, marked read, was /notices/ again."""
    notice = Notice.objects.create(
        recipient=office, subject="提醒", made_at=NOW, channel=Notice.Channel.IN_APP
    )
    left = f"{reverse('notice_list')}?unread=1&page=2"
    assert 'name="next" value="/notices/?unread=1&amp;page=2"' in page(as_office.get(left))
    for name, arguments in (("notice_read", [notice.pk]), ("notice_read_all", [])):
        address = reverse(name, args=arguments)
        assert as_office.post(address, {"next": left}).url == left
        assert as_office.post(address, headers={"referer": f"http://testserver{left}"}).url == left
        assert as_office.post(address, {"next": "https://evil.example/notices/?a=1"}).url == "/notices/"


def test_what_is_done_on_another_page_goes_where_it_always_did(as_office, office, project):
    """The filters of one list are no address of another."""
    exemption = make_exemption(project, make_user("reporter"), from_on=dt.date(2023, 10, 1))
    address = reverse("exemption_decide", args=[exemption.pk])
    given = {"action": "refuse", "note": "不符"}
    response = as_office.post(address, given, headers={"referer": "http://testserver/alerts/?kind=x"})
    assert response.url == reverse("exemption_list")
