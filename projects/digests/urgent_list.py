"""The content of a list of urgent problems (亟需解决问题清单): every row as printed, kept as JSON, read back equal.

Page, docx and xlsx are drawn from this one object, so that they cannot disagree.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date

from ..models import ListingVersion, OfficeSettings, UrgentList
from ..rules import overdue_days

UNASSIGNED = "未明确"


@dataclass(frozen=True)
class UrgentRow:
    """One problem as printed; `lists` are the project's lists that day, `helpers` the 配合单位."""

    problem_id: int
    project: str
    code: str
    lists: str
    category: str
    text: str
    demand: str
    level: str
    unit: str
    helpers: str
    raised_on: date
    due_on: date
    days_late: int

    @property
    def asked(self) -> str:
        """What is asked of the level above (请求协调事项); where nothing was written, by its level."""
        return self.demand or f"请{self.level}层面协调解决"

    @property
    def units(self) -> str:
        return f"{self.unit}（配合：{self.helpers}）" if self.helpers else self.unit


@dataclass(frozen=True)
class UrgentContent:
    """A whole list: its day, its office, its rows."""

    title: str
    as_of: date
    office: str
    rows: tuple[UrgentRow, ...]

    @property
    def summary(self) -> str:
        """The paragraph above the table, to be read aloud: how many, of which lists, kinds and levels, how late."""
        day = f"{self.as_of.year}年{self.as_of.month}月{self.as_of.day}日"
        projects = {row.code for row in self.rows}
        text = [
            f"截至{day}，全区重大项目亟需协调解决的问题共{len(self.rows)}个，涉及项目{len(projects)}个。",
            f"按问题类别分：{_counted(row.category for row in self.rows)}。",
            f"按协调层级分：{_counted(row.level for row in self.rows)}。",
        ]
        late = [row for row in self.rows if row.days_late]
        if late:
            worst = max(late, key=lambda row: row.days_late)
            text.append(
                f"其中{len(late)}个已超过办理时限，最长的是{worst.project}“{worst.text}”，已逾期{worst.days_late}天。"
            )
        else:
            text.append("均在办理时限内。")
        return "".join(text)

    def as_dict(self) -> dict:
        """Plain values for the JSON column; `content_from` reads them back equal."""
        document = asdict(self)
        document["as_of"] = self.as_of.isoformat()
        for row in document["rows"]:
            row["raised_on"], row["due_on"] = row["raised_on"].isoformat(), row["due_on"].isoformat()
        return document


def _counted(words: Iterable[str]) -> str:
    """“用地3个、资金1个”, the most first."""
    return "、".join(f"{word}{count}个" for word, count in Counter(words).most_common())


def content_from(document: dict) -> UrgentContent:
    """The content of an issued list."""
    return UrgentContent(
        title=document["title"],
        as_of=date.fromisoformat(document["as_of"]),
        office=document["office"],
        rows=tuple(
            UrgentRow(
                **row
                | {
                    "raised_on": date.fromisoformat(row["raised_on"]),
                    "due_on": date.fromisoformat(row["due_on"]),
                }
            )
            for row in document["rows"]
        ),
    )


def content_now(urgent: UrgentList) -> UrgentContent:
    """The content as the record has it at this moment, for a draft and for issuing it. Four queries."""
    problems = (
        urgent.problems.select_related("project", "lead_unit")
        .prefetch_related("helper_units")
        .order_by("project__code", "due_on", "pk")
    )
    names: dict[int, list[str]] = {}
    listed = (
        ListingVersion.objects.in_force(urgent.as_of)
        .filter(listing__annual_list__year=urgent.year, listing__project__problems__in=problems)
        .order_by("listing__annual_list__kind__position")
        .values_list("listing__project", "listing__annual_list__kind__name")
        .distinct()
    )
    for project, name in listed:
        names.setdefault(project, []).append(name)
    rows = tuple(
        UrgentRow(
            problem_id=problem.pk,
            project=problem.project.name,
            code=problem.project.code,
            lists="、".join(names.get(problem.project_id, ())),
            category=problem.get_category_display(),
            text=problem.text,
            demand=problem.demand,
            level=problem.get_level_display(),
            unit=str(problem.lead_unit or UNASSIGNED),
            helpers="、".join(str(unit) for unit in problem.helper_units.all()),
            raised_on=problem.raised_on,
            due_on=problem.due_on,
            days_late=overdue_days(problem.due_on, urgent.as_of),
        )
        for problem in problems
    )
    return UrgentContent(urgent.title, urgent.as_of, OfficeSettings.current().office_name, rows)


def content_of(urgent: UrgentList) -> UrgentContent:
    """What the list says: as frozen once it is issued, as it stands while a draft."""
    return content_from(urgent.content) if urgent.state == UrgentList.State.ISSUED else content_now(urgent)
