"""Grids of a workbook (读取工作簿): the bytes of an xlsx, xls or et file in, its sheets as grids of clean values out.

Pure Python on the ground floor, and light to import, because it runs in a process of its own (`__main__`): a file is
hostile until it is read. `services.imports.reader` starts that process and is the door for everybody else.

1. `formats` says what the file is, by its content, and refuses in words what is no workbook.
2. `package` (xlsx) and `compound` (xls, et) check the container: real sizes, entries, encryption, macros.
3. `markup` (xlsx) and `biff` (xls, et) walk each sheet: cells really there, hidden rows, failed formulas, 1904 dates.
4. `book` lets calamine read the values of what passed, within the bounds that 3 found.
"""
