"""Importing workbooks (台账导入): read, stage, match, compare, write, take back."""

from .jobs import (
    cancel_batch,
    confirm_batch,
    import_file,
    is_interrupted,
    read_batch,
    steps_of,
    unfinished_batches,
    upload_batch,
    write_batch,
)
from .revert import revert_batch
from .staging.sheets import Options

__all__ = [
    "Options",
    "cancel_batch",
    "confirm_batch",
    "import_file",
    "is_interrupted",
    "read_batch",
    "revert_batch",
    "steps_of",
    "unfinished_batches",
    "upload_batch",
    "write_batch",
]
