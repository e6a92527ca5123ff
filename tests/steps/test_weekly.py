"""The weekly report (逾期周报): what is offered is done, what is not is refused in the same words."""

import datetime as dt

import pytest

from projects.digests.weekly import weekly_content
from projects.models import WeeklyReport
from projects.periods import Week
from projects.services.weekly.issues import keep_draft, send_report, sign_report, steps_of
from tests.factories import NOW
from tests.scene import Scene
from tests.steps.machines import Machine

pytestmark = pytest.mark.django_db
LAST_WEEK, THIS_WEEK = Week.parse("2023-W40"), Week.parse("2023-W41")


def draft(week: Week):
    return lambda scene: keep_draft(week=week, content=weekly_content(week).as_dict(), now=NOW)


def signed(scene: Scene) -> WeeklyReport:
    return sign_report(report=draft(LAST_WEEK)(scene), by=scene.people["office"], now=NOW)


def sent(scene: Scene) -> WeeklyReport:
    report = signed(scene)
    send_report(report=report, by=scene.people["office"], now=NOW)
    return report


def remake(report: WeeklyReport, by):
    content = weekly_content(report.period).as_dict()
    keep_draft(week=report.period, content=content, by=by, now=NOW + dt.timedelta(hours=1))


WEEKLY = Machine(
    steps_of,
    states={
        "draft": draft(LAST_WEEK),
        "of the running week": draft(THIS_WEEK),
        "signed": signed,
        "sent": sent,
    },
    verbs={
        "remake": remake,
        "sign": lambda report, by: sign_report(report=report, by=by, now=NOW),
        "send": lambda report, by: send_report(report=report, by=by, now=NOW),
    },
)


@pytest.mark.parametrize("state", WEEKLY.states)
def test_an_issue_offers_what_it_does(scene, state):
    WEEKLY.check(scene, state)
