"""The content of a weekly overdue report (逾期周报): one plain object that page, docx, xlsx and JSON are drawn from.

Only rows and rates are kept; every count is derived from the rows, so text and annex cannot disagree, and
open = opening + new − cleared holds by construction.
"""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cached_property
from itertools import groupby

from ..figures.figures import TOTAL_NAME
from ..models import AlertKind
from ..periods import WEEKDAYS, Week
from ..rules.ranking import SILENT

UNASSIGNED = "未明确"
KIND_WORDS = dict(AlertKind.choices)


@dataclass(frozen=True)
class ReportRow:
    """One overdue matter (逾期事项) as the document prints it; weeks: how many issues in a row have listed it."""

    kind: str
    subject: str
    project_id: int
    code: str
    project: str
    sponsor: str
    lead_department: str
    host_district: str
    unit: str
    title: str
    due_on: date
    days_late: int
    weeks: int
    periods: int = 1
    remark: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.kind, self.subject

    @property
    def kind_words(self) -> str:
        return KIND_WORDS[self.kind]


@dataclass(frozen=True)
class ListRate:
    """A list's rates on the report's day, as printed."""

    list: str
    projects: int
    started: int
    start_rate: str
    new_starts: int
    new_starts_started: int
    start_rate_of_year: str
    planned: str
    invested: str
    completion: str
    pro_rata: str
    gap: str
    start_rate_to_date: str = "—"  # reports frozen before these were printed have none
    start_identity: str = ""
    remark: str = ""  # that nobody of the list has reported yet, or which such lists the total leaves out

    @property
    def is_silent(self) -> bool:
        return self.remark == SILENT

    @property
    def gap_told(self) -> str:
        """The gap with the remark that keeps it from being misread."""
        return f"{self.gap}（{self.remark}）" if self.remark else self.gap


@dataclass(frozen=True)
class Ranked:
    """A department's place by overdue matters; rank is None for 无任务."""

    rank: int | None
    unit: str
    projects: int
    open: int
    new: int
    cleared: int
    remark: str = ""


@dataclass(frozen=True)
class KindLine:
    """The movement of one kind: opening, new, cleared, open."""

    words: str
    opening: int
    new: int
    cleared: int
    open: int

    @property
    def change(self) -> int:
        return self.open - self.opening


@dataclass(frozen=True)
class Silent:
    """A department whose projects have not reported: how many projects, how many reports in all."""

    unit: str
    projects: int
    reports: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class Content:
    """A week's report. `new`, `still`, `cleared` are in office order: 挂包领导, 推进部门, 属地, due day."""

    week: str
    number: int
    office: str
    new: tuple[ReportRow, ...]
    still: tuple[ReportRow, ...]
    cleared: tuple[ReportRow, ...]
    exempt: tuple[ReportRow, ...] = ()
    rates: tuple[ListRate, ...] = ()
    ranking: tuple[Ranked, ...] = ()
    is_partial: bool = False

    @cached_property
    def period(self) -> Week:
        return Week.parse(self.week)

    @property
    def as_of(self) -> date:
        return self.period.last_on

    @property
    def opening_rows(self) -> tuple[ReportRow, ...]:
        return (*self.still, *self.cleared)

    @property
    def open_rows(self) -> tuple[ReportRow, ...]:
        return (*self.new, *self.still)

    @property
    def opening(self) -> int:
        return len(self.opening_rows)

    @property
    def open(self) -> int:
        return len(self.open_rows)

    @property
    def change(self) -> int:
        return self.open - self.opening

    @cached_property
    def by_kind(self) -> tuple[KindLine, ...]:
        """Every kind with its movement, kinds without any left out."""
        counts = [
            Counter(row.kind for row in rows)
            for rows in (self.opening_rows, self.new, self.cleared, self.open_rows)
        ]
        return tuple(
            KindLine(kind.label, *numbers)
            for kind in AlertKind
            if any(numbers := [count[kind.value] for count in counts])
        )

    @cached_property
    def open_by_kind(self) -> dict[str, int]:
        return dict(sorted(Counter(row.kind for row in self.open_rows).items()))

    @cached_property
    def silent(self) -> tuple[Silent, ...]:
        """Departments with missing ten-day reports (未按时报送), the most first."""
        rows = [row for row in self.open_rows if row.kind == AlertKind.REPORT_MISSING]
        units: dict[str, list[ReportRow]] = {}
        for row in rows:
            units.setdefault(row.lead_department, []).append(row)
        lines = [
            Silent(unit, len(own), sum(row.periods for row in own), tuple(row.project for row in own))
            for unit, own in units.items()
        ]
        return tuple(sorted(lines, key=lambda line: -line.projects))

    @property
    def punctual_words(self) -> str:
        """What is said where no report is missing; of a list that nobody has reported on nothing is “on time”."""
        lists = "、".join(rate.list for rate in self.rates if rate.is_silent and rate.list != TOTAL_NAME)
        return "应报旬报均已按时报送" + (f"；{lists}名单{SILENT}。" if lists else "。")

    @property
    def summary(self) -> str:
        """The paragraph of totals, readable aloud."""
        return summary_of(self)

    def only(self, project_ids: Collection[int]) -> "Content":
        """The part about these projects, its counts over them; rates and ranking, which are over all, left out."""
        keep: Callable = lambda rows: tuple(row for row in rows if row.project_id in project_ids)  # noqa: E731
        return replace(
            self,
            new=keep(self.new),
            still=keep(self.still),
            cleared=keep(self.cleared),
            exempt=keep(self.exempt),
            rates=(),
            ranking=(),
            is_partial=True,
        )

    def as_dict(self) -> dict:
        """Plain values for the JSON column; `content_from` reads them back equal."""
        document = asdict(self)
        for name in ("new", "still", "cleared", "exempt"):
            for row in document[name]:
                row["due_on"] = row["due_on"].isoformat()
        return document


def content_from(document: dict) -> Content:
    """The content of a stored report."""

    def rows(name: str) -> tuple[ReportRow, ...]:
        return tuple(
            ReportRow(**{**row, "due_on": date.fromisoformat(row["due_on"])})
            for row in document.get(name, ())
        )

    return Content(
        week=document["week"],
        number=document["number"],
        office=document["office"],
        new=rows("new"),
        still=rows("still"),
        cleared=rows("cleared"),
        exempt=rows("exempt"),
        rates=tuple(ListRate(**rate) for rate in document.get("rates", ())),
        ranking=tuple(Ranked(**line) for line in document.get("ranking", ())),
        is_partial=document.get("is_partial", False),
    )


def grouped(rows: tuple[ReportRow, ...]) -> list[tuple[str, list[ReportRow]]]:
    """Rows by 挂包领导, in the order they have (推进部门, 属地 and due day within)."""
    return [(sponsor, list(own)) for sponsor, own in groupby(rows, key=lambda row: row.sponsor)]


def change_words(change: int, unit: str = "项") -> str:
    """比上周增加3项, 比上周减少1项, 与上周持平."""
    if not change:
        return "与上周持平"
    return f"比上周{'增加' if change > 0 else '减少'}{abs(change)}{unit}"


def summary_of(content: Content) -> str:
    """截至…共…项，比上周…；上周结转…，本周新增…，销号…；按类别；涉及…；最长…"""
    day = content.as_of
    head = f"截至{day.year}年{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}），"
    scope = "您可见范围内重大项目" if content.is_partial else "全区重大项目"
    text = [
        f"{head}{scope}逾期事项共{content.open}项，{change_words(content.change)}："
        f"上周结转{content.opening}项，本周新增{len(content.new)}项，本周销号{len(content.cleared)}项。"
    ]
    if content.open:
        kinds = [
            f"{line.words}{line.open}项（{change_words(line.change)}）"
            for line in content.by_kind
            if line.open
        ]
        text.append(f"其中，{'、'.join(kinds)}。")
        projects = len({row.project_id for row in content.open_rows})
        departments = len({row.lead_department for row in content.open_rows} - {UNASSIGNED})
        sponsors = len({row.sponsor for row in content.open_rows} - {UNASSIGNED})
        text.append(f"涉及项目{projects}个、推进部门{departments}个、挂包领导{sponsors}位。")
        worst = max(content.open_rows, key=lambda row: row.days_late)
        text.append(f"逾期最长的是{worst.project}“{worst.title}”，已逾期{worst.days_late}天。")
    if content.exempt:
        text.append(f"另有{len(content.exempt)}项经批准豁免，不计入上述数字。")
    return "".join(text)
