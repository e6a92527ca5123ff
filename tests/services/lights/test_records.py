"""The light a period closed with is recorded once, caught up after downtime, and never changed by a correction."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from projects import tasks
from projects.figures.lights.judging import lights_for
from projects.models import LightRecord, ProgressReport, Project, StateChange
from projects.periods import TenDayPeriod
from projects.services.lights import records as service
from projects.services.lights.records import record_lights
from tests.factories import NOW, TODAY, make_listing, make_project, make_report, make_user
from tests.reading import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SEPTEMBER = dt.date(2023, 9, 1)


def run(as_of=TODAY, **more) -> list[str]:
    return [one.period.code for one in record_lights(as_of=as_of, now=NOW, **more)]


def recorded(project) -> dict[str, str]:
    rows = LightRecord.objects.filter(project=project)
    return {TenDayPeriod.ending_on(row.period_ends_on).code: row.light for row in rows}


def reporting(project, *periods: str, invested="800"):
    for period in periods:
        make_report(project, period, invested)


def test_every_period_whose_window_has_closed_is_recorded_once():
    project = make_project(reports_from_on=SEPTEMBER)
    reporting(project, "2023-09-1", "2023-09-2", "2023-09-3", "2023-10-1")
    assert run(dt.date(2023, 9, 30)) == ["2023-09-1", "2023-09-2"], "the window of 下旬 is still open"
    assert run() == ["2023-09-3", "2023-10-1"], "downtime is caught up"
    assert run() == []
    assert recorded(project) == dict.fromkeys(["2023-09-1", "2023-09-2", "2023-09-3", "2023-10-1"], "green")


def test_the_light_is_that_of_the_periods_last_day_with_its_reasons():
    project = make_project(reports_from_on=SEPTEMBER)
    make_listing(project, planned_investment=Decimal(1000), category="continuing")
    reporting(project, "2023-09-1", invested="300")
    run(dt.date(2023, 9, 20))
    row = LightRecord.objects.get()
    light = lights_for(Project.objects.all(), dt.date(2023, 9, 10))[project.pk]
    assert (row.light, [reason["sentence"] for reason in row.reasons]) == (
        light.light,
        [reason.sentence for reason in light.reasons],
    )
    assert row.light == "red" and row.reasons[0]["dimension"] == "progress"


def test_a_correction_does_not_change_a_record():
    project = make_project(reports_from_on=SEPTEMBER)
    make_listing(project, planned_investment=Decimal(1000), category="continuing")
    reporting(project, "2023-09-1", "2023-09-2", "2023-09-3", "2023-10-1", invested="100")
    run()
    before = recorded(project)
    ProgressReport.objects.update(invested_this_year=Decimal(1000))
    Project.objects.update(started_on=None, reports_from_on=TODAY)
    run()
    assert recorded(project) == before and set(before.values()) == {"red"}


def test_nobody_looked_before_the_reports_began():
    project = make_project(reports_from_on=TODAY)
    make_listing(project)
    assert run() == [] and recorded(project) == {}


def test_a_backfill_asked_for_reaches_to_the_first_known_investment_and_leaves_out_statistics():
    project = make_project(reports_from_on=TODAY, started_on=dt.date(2023, 1, 5))
    reporting(project, "2023-09-1")
    since = TenDayPeriod(2023, 8, 1)
    assert run(since=since) == ["2023-09-1", "2023-09-2", "2023-09-3", "2023-10-1"]
    assert set(recorded(project).values()) == {"green"}, "registered since when, the ledger did not tell"
    assert lights_for(Project.objects.all(), dt.date(2023, 9, 10))[project.pk].light == "red"
    assert run(since=since) == []


def test_a_new_year_is_begun_only_when_the_old_one_is_complete():
    project = make_project(reports_from_on=dt.date(2023, 12, 11))
    later = dt.datetime(2024, 2, 5, 9, tzinfo=NOW.tzinfo)
    record_lights(as_of=dt.date(2023, 12, 27), now=later)
    done = record_lights(as_of=dt.date(2024, 2, 5), now=later)
    assert [one.period.code for one in done][:2] == ["2023-12-3", "2024-01-1"]
    assert len(recorded(project)) == 5


def test_what_had_ended_by_then_is_left_out_what_stood_still_is_not():
    ended, paused = make_project(reports_from_on=SEPTEMBER), make_project(reports_from_on=SEPTEMBER)
    for project, state in ((ended, "withdrawn"), (paused, "suspended")):
        StateChange.objects.create(
            project=project,
            state=state,
            effective_on=dt.date(2023, 9, 15),
            reason="企业资金",
            made_by=make_user("office"),
            made_at=NOW,
        )
        Project.objects.filter(pk=project.pk).update(state=state)
    run()
    assert list(recorded(ended)) == ["2023-09-1"]
    assert len(recorded(paused)) == 4


def test_as_many_queries_for_thirty_projects_as_for_one():
    def queries() -> int:
        return queries_of(run)

    make_project(reports_from_on=SEPTEMBER)
    one = queries()
    LightRecord.objects.all().delete()
    for _ in range(29):
        make_project(reports_from_on=SEPTEMBER)
    assert queries() == one
    assert LightRecord.objects.count() == 120


def test_projects_come_in_slices(monkeypatch):
    monkeypatch.setattr(service, "AT_ONCE", 2)
    for _ in range(5):
        make_project(reports_from_on=dt.date(2023, 10, 1))
    done = record_lights(as_of=TODAY, now=NOW)
    assert [(one.period.code, one.projects) for one in done] == [("2023-10-1", 5)]


def test_a_day_to_come_is_refused():
    with pytest.raises(ValidationError, match="尚未到来"):
        run(TODAY + dt.timedelta(days=1))


def test_the_command_speaks_json_and_refuses_in_words(capsys):
    make_project(reports_from_on=dt.date(2023, 10, 1))
    call_command("record_lights", "--json", "--as-of", "2023-10-12")
    answer = json.loads(capsys.readouterr().out)
    assert (answer["as_of"], answer["records"]) == ("2023-10-12", 1)
    assert answer["periods"][0]["period"] == "2023-10-1" and sum(answer["periods"][0]["lights"].values()) == 1
    call_command("record_lights")
    assert "新增亮灯记录0条" in capsys.readouterr().out
    with pytest.raises(CommandError, match="尚未到来"):
        call_command("record_lights", "--as-of", "2023-10-13")


def test_the_task_may_run_twice():
    make_project(reports_from_on=dt.date(2023, 10, 1))
    tasks.record_lights()
    tasks.record_lights()
    assert LightRecord.objects.count() == 1
