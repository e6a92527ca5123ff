"""Local numbers (临时编号) for projects that have no 项目代码 yet."""

from projects.models import Project

PREFIX = "GX"


def local_codes(year: int, count: int = 1) -> list[str]:
    """The next free local numbers of a year, e.g. GX-2023-0001. One query; a taken code is skipped."""
    prefix = f"{PREFIX}-{year}-"
    taken = set(Project.objects.filter(code__startswith=prefix).values_list("code", flat=True))
    numbers = [int(code.removeprefix(prefix)) for code in taken if code.removeprefix(prefix).isdecimal()]
    last = max(numbers, default=0)
    return [f"{prefix}{number:04d}" for number in range(last + 1, last + 1 + count)]
