"""The process that reads one workbook (读表进程): its bytes on standard input, the answer pickled on standard output.

`{"grids": [...]}` or `{"refused": sentence}`. It limits itself before it looks at the first byte, and dies of whatever
exceeds the limits; `services.imports.reader` turns its death into words.
"""

import gc
import pickle
import sys
from dataclasses import fields

if sys.platform != "win32":  # there the caller's clock alone ends a reading
    import resource

from .book import read
from .grid import Grid, UnreadableWorkbook

MEMORY_BYTES = 300 * 2**20  # above what the interpreter itself takes
CPU_SECONDS = 50
FIELDS = [field.name for field in fields(Grid)]


def main() -> None:
    limit_itself()
    gc.disable()  # it makes a few million objects, drops none, and ends
    try:
        answer: dict[str, object] = {
            "grids": [[getattr(grid, name) for name in FIELDS] for grid in read(sys.stdin.buffer.read())]
        }
    except UnreadableWorkbook as refusal:
        answer = {"refused": str(refusal)}
    pickle.dump(answer, sys.stdout.buffer, protocol=5)
    sys.stdout.buffer.flush()


def limit_itself() -> None:
    if sys.platform == "win32":
        return
    with open("/proc/self/statm", encoding="ascii") as file:
        taken = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + MEMORY_BYTES, taken + MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
