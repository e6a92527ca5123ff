"""A mistake in a sheet that a person uploads (填表错误), where the sheet is taken whole or not at all."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mistake:
    """What is wrong and where (错误): row and column as the sheet names them."""

    row: int
    column: str
    message: str
