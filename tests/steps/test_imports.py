"""Import batches (导入批次): what is offered is done, what is not is refused in the same words."""

import pytest

from projects.models import ImportBatch
from projects.services.imports import answer_batch, cancel_batch, confirm_batch, revert_batch, steps_of
from tests.factories import NOW
from tests.scene import Scene
from tests.steps.machines import Machine

pytestmark = pytest.mark.django_db
ANSWERS = {"column:投资方向": "keep"}


def standing(state: str):
    def make(scene: Scene) -> ImportBatch:
        ImportBatch.objects.update(state=state, result={"to_confirm": 2})
        return ImportBatch.objects.get()

    return make


IMPORTS = Machine(
    steps_of,
    states={state: standing(state) for state in ImportBatch.State.values},
    verbs={
        "answer": lambda batch, by: answer_batch(batch=batch, answers=ANSWERS, by=by, now=NOW),
        "confirm": lambda batch, by: confirm_batch(batch=batch, accept_warnings=True, by=by, now=NOW),
        "cancel": lambda batch, by: cancel_batch(batch=batch, by=by, now=NOW),
        "revert": lambda batch, by: revert_batch(batch=batch, by=by, now=NOW),
    },
)


@pytest.mark.parametrize("state", IMPORTS.states)
def test_a_batch_offers_what_it_does(scene, state):
    IMPORTS.check(scene, state)


def test_the_command_line_may_take_a_batch_back(scene):
    assert steps_of(standing("written")(scene), None, NOW.date())["revert"]
