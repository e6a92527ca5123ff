"""Staging (暂存): grids into rows of plain values; columns, row kinds, cells, questions. Knows no record."""
