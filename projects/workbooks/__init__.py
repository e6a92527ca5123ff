"""Workbooks we write (xlsx 导出): plain lists, and the ledger in the office's own layout."""

from .ledger import write_ledger
from .plain import write_table

__all__ = ["write_ledger", "write_table"]
