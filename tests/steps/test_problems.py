"""Problems and what is to be done about them: what is offered is done, what is not is refused in the same words."""

import datetime as dt

import pytest

from projects.models import CorrectiveAction, Problem
from projects.services.problems import actions as actions
from projects.services.problems import entries as problem_steps
from projects.services.problems import handling as problems
from tests.factories import NOW, TODAY, make_action, make_problem, make_unit
from tests.scene import Scene
from tests.steps.machines import Machine

pytestmark = pytest.mark.django_db


def problem_in(**fields):
    def made(scene: Scene) -> Problem:
        return make_problem(scene.project, lead_unit=scene.project.lead_department, **fields)

    return made


def unfinished(scene: Scene) -> Problem:
    problem = problem_in()(scene)
    make_action(scene.project.lead_department, by=scene.people["office"], problem=problem)
    return problem


def handled(scene: Scene) -> Problem:
    return handle(problem_in()(scene), scene.people["reporter"])


def resolved(scene: Scene) -> Problem:
    return problems.resolve_problem(problem=handled(scene), by=scene.people["office"], now=NOW)


def handle(problem: Problem, by) -> Problem:
    return problems.mark_handled(problem=problem, result="已批", document="批1号", by=by, now=NOW)


PROBLEMS = Machine(
    problem_steps.steps_of,
    states={
        "open": problem_in(),
        "open without anybody who raised it": problem_in(raised_by=None),
        "open with a action to be done": unfinished,
        "open at the highest level": problem_in(level=Problem.Level.PROVINCE),
        "handled": handled,
        "resolved": resolved,
    },
    verbs={
        "progress": lambda problem, by: problems.add_progress(problem=problem, text="已协调", by=by, now=NOW),
        "action": lambda problem, by: actions.add_action(
            problem=problem, text="报件", unit=problem.lead_unit, due_on=TODAY, by=by, now=NOW
        ),
        "helpers": lambda problem, by: problems.set_helpers(
            problem=problem, units=[make_unit()], by=by, now=NOW
        ),
        "escalate": lambda problem, by: problems.escalate_problem(
            problem=problem, level=Problem.Level.PROVINCE, reason="本级无权", by=by, now=NOW
        ),
        "handle": handle,
        "resolve": lambda problem, by: problems.resolve_problem(problem=problem, by=by, now=NOW),
        "reopen": lambda problem, by: problems.reopen_problem(
            problem=problem, reason="未解决", by=by, now=NOW
        ),
    },
)


def to_be_done(scene: Scene) -> CorrectiveAction:
    return make_action(make_unit(), by=scene.people["office"], problem=problem_in()(scene))


def done(scene: Scene) -> CorrectiveAction:
    return finish(to_be_done(scene), scene.people["reporter"])


def finish(action: CorrectiveAction, by) -> CorrectiveAction:
    return actions.finish_action(action=action, result="已报件", by=by, now=NOW)


MEASURES = Machine(
    actions.steps_of, states={"to be done": to_be_done, "done": done}, verbs={"finish": finish}
)


@pytest.mark.parametrize("state", PROBLEMS.states)
def test_a_problem_offers_what_it_does(cast, state):
    PROBLEMS.check(cast, state)


@pytest.mark.parametrize("state", MEASURES.states)
def test_a_action_offers_what_it_does(cast, state):
    MEASURES.check(cast, state)


def test_the_same_escalation_of_somebody_else_is_no_answer(cast):
    """The highest level may be asked for twice by the same person only: the second one answers the first."""
    problem, office = problem_in()(cast), cast.people["office"]
    first, again = (PROBLEMS.verbs["escalate"](problem, office) for _time in range(2))
    assert (first.level, again.level, problem.entries.count()) == ("province", "province", 1)
    assert first.due_on == again.due_on >= dt.date(2023, 9, 15)
