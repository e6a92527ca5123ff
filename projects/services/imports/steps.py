"""What may be done with a batch (批次的步骤): answer and mend, confirm, take back."""

from datetime import date
from typing import Literal

from projects.models import UNFINISHED_STATES, ImportBatch, User

from ..base.steps import Step, Steps, not_now, not_you, step

State = ImportBatch.State
BY_COMMAND = ("made_by",)  # a batch that came by a command was uploaded by no person
CANCELLABLE = UNFINISHED_STATES | {State.READY}
READ_STATES = frozenset({State.READY, State.REFUSED, State.UNCHANGED})  # read, and nothing written


def steps_of(batch: ImportBatch, user: User | None, today: date) -> Steps:
    """What may be done with a batch: answer (作答、改列、更正), confirm (确认导入), cancel (取消), revert (撤销导入). No query.

    Taking back is refused as well where something newer depends on the batch; that is found out only by doing it.
    `user` is None for the command line, which only the administrator of the machine can reach.
    """
    return Steps(
        answer=step(
            stranger(user, "导入台账"),
            batch.state not in READ_STATES
            and not_now(f"该批次的状态为“{batch.get_state_display()}”，不能再作答或更正，请刷新页面后再看。"),
        ),
        confirm=step(
            stranger(user, "导入台账"),
            batch.state != State.READY and not_now("该批次不在待确认状态，请刷新页面后再看。"),
        ),
        cancel=step(
            stranger(user, "取消导入"),
            batch.state not in CANCELLABLE
            and not_now(f"第{batch.pk}批的状态为“{batch.get_state_display()}”，不能取消。"),
        ),
        revert=step(
            stranger(user, "撤销导入"),
            not batch.is_written
            and not_now(f"第{batch.pk}批的状态为“{batch.get_state_display()}”，不能撤销。"),
        ),
    )


def stranger(user: User | None, what: str) -> Step | Literal[False]:
    """The refusal of whoever is not the office."""
    return user is not None and not user.is_office and not_you(f"只有发改局统筹人员可以{what}。")
