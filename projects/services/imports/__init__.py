"""Importing workbooks (台账导入): read, stage, match, compare, write, take back."""

from .answering import (
    Mended,
    answer_batch,
    answer_steps,
    change_answer,
    read_again,
    take_back_answer,
)
from .at_once import import_file
from .jobs import (
    cancel_batch,
    confirm_batch,
    is_interrupted,
    read_batch,
    unfinished_batches,
    upload_batch,
    write_batch,
)
from .revert import revert_batch
from .staging.sheets import Options
from .steps import steps_of

__all__ = [
    "Mended",
    "Options",
    "answer_batch",
    "answer_steps",
    "cancel_batch",
    "change_answer",
    "confirm_batch",
    "import_file",
    "is_interrupted",
    "read_again",
    "read_batch",
    "revert_batch",
    "steps_of",
    "take_back_answer",
    "unfinished_batches",
    "upload_batch",
    "write_batch",
]
