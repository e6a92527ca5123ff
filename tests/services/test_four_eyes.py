"""Who did it does not decide it (四眼原则): one's own act is decided by another, save in an office of one."""

import pytest
from django.core.exceptions import ValidationError

from projects.models import Role, User
from projects.services.assessment import rounds, schemes
from projects.services.plans.date_changes import approve_date_changes
from projects.services.plans.versions import approve_plan, submit_plan
from projects.services.problems.handling import mark_handled, resolve_problem
from projects.services.reports.review import confirm_report, pass_report
from tests.factories import (
    NOW,
    TODAY,
    make_date_change,
    make_list,
    make_listing,
    make_plan,
    make_problem,
    make_report,
    make_round,
    make_scheme,
    make_user,
)

pytestmark = pytest.mark.django_db


def report(project, by):
    row = make_report(
        project, "2023-10-1", state="submitted", filled_by=by, submitted_by=by, submitted_at=NOW
    )
    return lambda who: confirm_report(report=row, by=who, now=NOW)


def passed_report(project, by):
    row = make_report(project, "2023-10-1", state="passed", passed_by=by, passed_at=NOW, submitted_at=NOW)
    return lambda who: confirm_report(report=row, by=who, now=NOW)


def date_change(project, by):
    row = make_date_change(make_plan(project, "2023-12-31").milestones.get(), by, new_due="2024-01-31")
    return lambda who: approve_date_changes(requests=[row], by=who, now=NOW)


def plan(project, by):
    row = make_plan(project, "2023-12-31", state="draft", approved_on=None)
    row = submit_plan(plan=row, by=by, now=NOW, reason="赶工")
    return lambda who: approve_plan(plan=row, approved_on=TODAY, by=who, now=NOW)


def scheme(project, by):
    row = make_scheme("start_rate_of_year", state="draft", made_by=by)
    return lambda who: schemes.enforce_scheme(scheme=row, document="1号", by=who, now=NOW)


def score(project, by):
    make_listing(project, annual_list=make_list(), category="new_start", planned_start="2023年3月底前")
    row = make_round(make_scheme("start_rate_of_year"), by)
    return lambda who: rounds.publish_round(round_=row, document="1号", by=who, now=NOW)


ACTS = {
    "a report filled": report,
    "a report passed": passed_report,
    "a date change asked": date_change,
    "a plan handed in": plan,
    "a scheme drafted": scheme,
    "a score opened": score,
}
of_acts = pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)


@of_acts
def test_another_of_the_office_decides(act, project, office, colleague):
    decide = act(project, office)
    with pytest.raises(ValidationError, match="统筹的其他人员"):
        decide(office)
    decide(colleague)


@of_acts
def test_an_office_of_one_decides(act, project, office):
    act(project, office)(office)


def test_a_plan_that_was_never_handed_in_is_not_approved(project, office):
    draft = make_plan(project, "2023-12-31", state="draft", approved_on=None)
    with pytest.raises(ValidationError, match="尚未报审"):
        approve_plan(plan=draft, approved_on=TODAY, by=office, now=NOW)


def test_a_head_passes_the_own_report_only_where_the_unit_has_no_other(project, unit, head):
    own = {"filled_by": head, "submitted_by": head, "submitted_at": NOW}
    first = make_report(project, "2023-10-1", state="submitted", **own)
    other = make_user(Role.UNIT_HEAD, unit=unit)
    with pytest.raises(ValidationError, match="其他负责人"):
        pass_report(report=first, by=head, now=NOW)
    pass_report(report=first, by=other, now=NOW)
    User.objects.filter(pk=other.pk).update(is_active=False)
    second = make_report(project, "2023-09-3", state="submitted", **own)
    pass_report(report=second, by=head, now=NOW)


def test_the_unit_that_handled_a_problem_does_not_write_it_off(project, unit, reporter, head, office):
    problem = make_problem(project, lead_unit=unit)
    mark_handled(problem=problem, result="已供地", document="1号", by=reporter, now=NOW)
    with pytest.raises(ValidationError, match="办理单位不能自行销号"):
        resolve_problem(problem=problem, by=head, now=NOW)
    assert resolve_problem(problem=problem, by=office, now=NOW).is_resolved
