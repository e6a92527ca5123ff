"""What `steps_of` promises (当前可办的步骤), asked of every verb, in every state, for every person.

A step that is offered succeeds or asks only for input; one that is not is refused by its verb with that very sentence,
and nothing is written. A subject's test file declares its `Machine` and is checked whole:

    @pytest.mark.parametrize("state", MACHINE.states)
    def test_a_permit_offers_what_it_does(scene, state):
        MACHINE.check(scene, state)
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction

from projects.models import AuditRecord, User
from projects.services.base.steps import Step, Steps
from tests.factories import TODAY
from tests.scene import Scene

PEOPLE = ["reporter", "unit head", "sponsor", "officer", "office", "inspector", "admin", "stranger"]


@dataclass(frozen=True)
class Machine:
    """A subject's states, each made by a function of the scene, and its verbs, each called with a row and a person.

    The calls give complete input, so that a verb that refuses on a field asks for something the state owes.
    """

    steps_of: Callable[..., Steps]
    states: dict[str, Callable[[Scene], models.Model]]
    verbs: dict[str, Callable[[Any, User], Any]]

    def check(self, scene: Scene, state: str) -> None:
        """Every person asks and then tries every verb of a row in this state; each try is taken back."""
        key = self.states[state](scene)
        for person in PEOPLE:
            user, row = scene.people[person], self._fresh(key)
            steps = self.steps_of(row, user, TODAY)
            assert set(steps) == set(self.verbs)
            for verb, call in self.verbs.items():
                self._try(steps[verb], f"{verb} of {state} by {person}", call, self._fresh(key), user)

    def _fresh(self, row: models.Model) -> models.Model:
        return type(row)._default_manager.get(pk=row.pk)

    def _try(self, step: Step, words: str, call: Callable, row: models.Model, user: User) -> None:
        written = AuditRecord.objects.count()
        with transaction.atomic():
            try:
                call(
                    row, user
                )  # a step not offered may answer what was done before, when it is the same again
            except PermissionDenied as refusal:
                assert step.is_who and str(refusal) == step.refusal, f"{words}: {refusal}, told {step}"
            except ValidationError as refusal:
                told = hasattr(refusal, "error_dict") if step else refusal.messages == [step.refusal]
                assert told and not step.is_who, f"{words}: {refusal}, told {step}"
            else:
                assert not step.is_who, f"{words} was done, told {step}"
            assert step or AuditRecord.objects.count() == written, f"{words} wrote, told {step}"
            transaction.set_rollback(True)
