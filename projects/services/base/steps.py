"""What may be done with a row now (当前可办的步骤): one answer for the verb, the page, the template and the table.

Each subject's service has one function `steps_of(row, user, today)`. Its verbs refuse by it, views hand it to the
page, templates and tables ask it:

    def steps_of(permit: Permit, user: User, today: date) -> Steps:
        return Steps(
            void=step(
                not user.is_office and not_you("只有发改局统筹可以作废许可。"),
                permit.state == Permit.State.VOID and not_now("该许可已作废。"),
            ),
        )

    steps_of(permit, by, today).require("void")     # a verb, on the locked row
    {% if steps.void %}<a …>作废</a>{% endif %}       # a template
    {{ steps.void.refusal }}                          # why not, in words
"""

from dataclasses import dataclass
from typing import Literal

from django.core.exceptions import PermissionDenied, ValidationError


@dataclass(frozen=True)
class Step:
    """Whether a step is open now: true, or why not; `is_who` where another person may take it."""

    refusal: str = ""
    is_who: bool = False

    def __bool__(self) -> bool:
        return not self.refusal

    def require(self) -> None:
        """Refuses in its own words: PermissionDenied where it is not for this person, else ValidationError."""
        if self.refusal:
            raise (PermissionDenied if self.is_who else ValidationError)(self.refusal)


OPEN = Step()


def not_you(refusal: str) -> Step:
    """The step is not for this person, whatever the row's state."""
    return Step(refusal, is_who=True)


def not_now(refusal: str) -> Step:
    """The row does not stand so that the step could be taken."""
    return Step(refusal)


def step(*refusals: Step | Literal[False]) -> Step:
    """The first refusal that holds, else open. Who comes before what: a stranger learns nothing of the state."""
    return next((one for one in refusals if one is not False and one.refusal), OPEN)


class Steps(dict[str, Step]):
    """The steps of a row by the names of their verbs; a name that is no step of it is a programmer's mistake."""

    def __init__(self, **steps: Step) -> None:
        super().__init__(steps)

    def require(self, verb: str) -> None:
        self[verb].require()
