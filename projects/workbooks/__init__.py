"""Workbooks we write (xlsx 导出): plain lists, and the ledger in the office's own layout."""

from .ledger import write_ledger, write_template
from .plain import write_table

__all__ = ["write_ledger", "write_table", "write_template"]
