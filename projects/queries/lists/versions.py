"""Versions of a list (名单版本): what it last said, a project's history in the lists, two days compared."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, OuterRef, QuerySet, Subquery

from projects.models import (
    AnnualList,
    ListAdjustment,
    ListAdjustmentLine,
    ListingVersion,
    Project,
    ProjectStage,
)
from projects.models.lists.listings import counts_at_level
from projects.money import format_wan
from projects.periods import parse_office_date

NOTHING = Decimal("0.00")


def latest_versions(annual_list: AnnualList, projects: Iterable[int]) -> dict[int, ListingVersion]:
    """The latest version of each project in the list, in force yet or not, by project id. One query."""
    latest = ListingVersion.objects.filter(listing=OuterRef("listing")).order_by("-effective_on").values("pk")
    found = ListingVersion.objects.filter(
        pk=Subquery(latest[:1]), listing__annual_list=annual_list, listing__project__in=projects
    ).select_related("listing")
    return {version.listing.project_id: version for version in found}


def candidates(annual_list: AnnualList, text: str) -> QuerySet[Project]:
    """Projects by free text with what the list last said of each: said_change, said_category, said_plan (选择项目)."""
    latest = ListingVersion.objects.filter(
        listing__annual_list=annual_list, listing__project=OuterRef("pk")
    ).order_by("-effective_on")
    return (
        Project.objects.search(text)
        .annotate(
            said_change=Subquery(latest.values("change")[:1]),
            said_category=Subquery(latest.values("category")[:1]),
            said_plan=Subquery(latest.values("planned_investment")[:1]),
        )
        .order_by("name_key", "pk")
    )


def listing_history(project: Project) -> list[ListingVersion]:
    """What the lists have said of a project and say from a day to come (名单沿革), the newest first. One query."""
    return list(
        project_versions(project)
        .select_related("listing__annual_list__kind", "adjustment")
        .order_by("-effective_on", "listing__annual_list__kind__position")
    )


def project_versions(project: Project) -> QuerySet[ListingVersion]:
    return ListingVersion.objects.filter(listing__project=project)


def last_changed_list() -> int | None:
    """The id of the list with the newest version, the highest where several share the day. One query."""
    newest = ListingVersion.objects.order_by("-effective_on", "listing__annual_list__kind__position")
    return newest.values_list("listing__annual_list", flat=True).first()


def version_dates(annual_list: AnnualList) -> list[tuple[date, list[str]]]:
    """The days from which the list has versions, with the documents of each, oldest first. One query."""
    days: dict[date, list[str]] = {}
    rows = (
        ListingVersion.objects.filter(listing__annual_list=annual_list)
        .order_by("effective_on", "document")
        .values_list("effective_on", "document")
        .distinct()
    )
    for day, document in rows:
        days.setdefault(day, []).extend([document] if document else [])
    return list(days.items())


def date_words(text: str) -> str:
    """A planned date as everybody writes it, so that 2023.06 and 2023年6月 are one: 2023年6月; 未定 for none."""
    date = parse_office_date(text)
    return date.words if date.is_known else "未定"


# --- adjustments ----------------------------------------------------------------------------------------


def settled(line: ListAdjustmentLine, last: ListingVersion | None) -> dict[str, Any]:
    """What the list says of the project once the line is in force: the line's words, else what it said last.

    A project that comes back (重新调入) starts anew; one that leaves keeps its last words.
    """
    if line.change == ListAdjustmentLine.Change.REMOVED:
        line = ListAdjustmentLine()
    elif line.change == ListAdjustmentLine.Change.ADDED:
        last = None
    names = ("category", "planned_start", "planned_completion")
    said = {name: getattr(line, name) or (getattr(last, name) if last else "") for name in names}
    plan = line.planned_investment
    if plan is None and last is not None:
        plan = last.planned_investment
    return said | {"planned_investment": plan}


def exceeds_total(line: ListAdjustmentLine) -> bool:
    """Whether the plan of one year is above the whole project's investment: likely a slip of the unit."""
    total = line.project.total_investment
    return line.planned_investment is not None and total is not None and line.planned_investment > total


@dataclass(frozen=True)
class AdjustedLine:
    """A line of an adjustment with what the list said before it (None: not listed) and says after it."""

    line: ListAdjustmentLine
    said: dict[str, Any] | None
    then: dict[str, Any] | None

    @property
    def exceeds_total(self) -> bool:
        return exceeds_total(self.line)

    def says(self, name: str) -> bool:
        """Whether the list says anything of the column before or after."""
        return any(side and side[name] for side in (self.said, self.then))

    def moved(self, name: str, words: Callable[[Any], str]) -> str:
        """The column before → after, or its one value where nothing moves."""
        sides = [words(side[name]) for side in (self.said, self.then) if side]
        return " → ".join(sides if len(set(sides)) > 1 else sides[:1])


def adjusted_lines(adjustment: ListAdjustment) -> list[AdjustedLine]:
    """The lines of an adjustment beside what the list said before its effective date. Two queries."""
    lines = list(adjustment.lines.select_related("project").order_by("pk"))
    earlier = (
        ListingVersion.objects.filter(
            listing__annual_list=adjustment.annual_list_id,
            listing__project__in=[line.project_id for line in lines],
            effective_on__lt=adjustment.effective_on,
        )
        .select_related("listing")
        .order_by("effective_on")
    )
    last = {version.listing.project_id: version for version in earlier}
    return [_adjusted(line, last.get(line.project_id)) for line in lines]


def _adjusted(line: ListAdjustmentLine, last: ListingVersion | None) -> AdjustedLine:
    listed = last is not None and last.change != ListingVersion.Change.REMOVED
    names = ("category", "planned_investment", "planned_start", "planned_completion")
    said = {name: getattr(last, name) for name in names} if listed else None
    leaves = line.change == ListAdjustmentLine.Change.REMOVED
    return AdjustedLine(line, said, None if leaves else settled(line, last))


# --- two days compared ----------------------------------------------------------------------------------

ADDED, REMOVED, RECLASSIFIED = "added", "removed", "reclassified"
RAISED, LOWERED, MOVED, LEVEL = "raised", "lowered", "moved", "level"
KINDS = {
    ADDED: "调入",
    REMOVED: "调出",
    RECLASSIFIED: "类别变更",
    RAISED: "调增",
    LOWERED: "调减",
    MOVED: "计划时间调整",
    LEVEL: "统计层级变化",
}


@dataclass(frozen=True)
class Said:
    """What the list says of a project on a day, dates in date_words; `counts` is whether its figures count it (统计层级)."""

    category: str
    planned_investment: Decimal
    planned_start: str
    planned_completion: str
    counts: bool

    @property
    def counted_plan(self) -> Decimal:
        return self.planned_investment if self.counts else NOTHING


@dataclass(frozen=True)
class ListDifference:
    """One project that the list speaks of differently on two days; before or after is None where it is not listed."""

    kind: str
    code: str
    project: str
    before: Said | None
    after: Said | None
    document: str

    @property
    def kind_words(self) -> str:
        return KINDS[self.kind]

    @property
    def plan_before(self) -> Decimal:
        return self.before.counted_plan if self.before else NOTHING

    @property
    def plan_after(self) -> Decimal:
        return self.after.counted_plan if self.after else NOTHING

    @property
    def change(self) -> Decimal:
        return self.plan_after - self.plan_before

    @property
    def uncounted(self) -> bool:
        """Whether a side of it does not count in the list's figures."""
        return any(side is not None and not side.counts for side in (self.before, self.after))

    @property
    def remarks(self) -> list[str]:
        """What changed beside the amount, in words."""
        words = []
        if self.before and self.after:
            if self.before.category != self.after.category:
                old, new = (ProjectStage(side.category).label for side in (self.before, self.after))
                words.append(f"{old}→{new}")
            for name, label in (("planned_start", "计划开工"), ("planned_completion", "计划竣工")):
                old, new = getattr(self.before, name), getattr(self.after, name)
                if old != new:
                    words.append(f"{label}{old}→{new}")
        elif side := self.before or self.after:
            words.append(ProjectStage(side.category).label)
        if self.uncounted:
            words.append("按统计层级不计入合计")
        return words


@dataclass(frozen=True)
class VersionSide:
    """The list on one of the days: projects and planned investment (万元) it counts."""

    day: date
    projects: int
    planned: Decimal


@dataclass(frozen=True)
class ListComparison:
    """A list on two days (名单对比): its totals as the figures have them, and what differs between."""

    before: VersionSide
    after: VersionSide
    rows: list[ListDifference]

    @property
    def change(self) -> Decimal:
        return self.after.planned - self.before.planned

    @property
    def change_words(self) -> str:
        """The difference of the plans with its sign: +1,000, −300, 0."""
        return signed_wan(self.change)

    @property
    def words(self) -> str:
        """The totals in one sentence, for the head of a file."""
        before, after = self.before, self.after
        return (
            f"项目数{before.projects}个→{after.projects}个，"
            f"年度计划投资{format_wan(before.planned)}万元→{format_wan(after.planned)}万元（{self.change_words}）"
        )

    def summary(self) -> list[tuple[str, int, Decimal, Decimal]]:
        """(words, projects, planned before, planned after) by kind, kinds that occur."""
        found = []
        for kind, words in KINDS.items():
            rows = [row for row in self.rows if row.kind == kind]
            if rows:
                before = sum((row.plan_before for row in rows), Decimal(0))
                after = sum((row.plan_after for row in rows), Decimal(0))
                found.append((words, len(rows), before, after))
        return found


def signed_wan(amount: Decimal) -> str:
    """An amount of difference in 万元: +1,200, −300, 0."""
    return f"{'+' if amount > 0 else '−' if amount < 0 else ''}{format_wan(abs(amount))}"


def compare(annual_list: AnnualList, before_on: date, after_on: date) -> ListComparison:
    """The list on two days. Three queries, however many projects.

    A project stands in one row, under the first of: 调入, 调出, 类别变更, 调增, 调减, dates, 统计层级; so the rows'
    changes add up to the change of the totals.
    """
    old, new = _said(annual_list, before_on), _said(annual_list, after_on)
    documents = _documents(annual_list, before_on, after_on)
    names = old["names"] | new["names"]
    rows = []
    for pk, (code, name) in names.items():
        before, after = old["said"].get(pk), new["said"].get(pk)
        if kind := _kind(before, after):
            rows.append(ListDifference(kind, code, name, before, after, documents.get(pk, "")))
    order = list(KINDS)
    rows.sort(key=lambda row: (order.index(row.kind), row.code))
    return ListComparison(_side(before_on, old), _side(after_on, new), rows)


def _said(annual_list: AnnualList, day: date) -> dict:
    rows = (
        ListingVersion.objects.in_force(day)
        .filter(listing__annual_list=annual_list)
        .annotate(is_counted=ExpressionWrapper(counts_at_level(day), output_field=BooleanField()))
        .order_by("listing__number", "listing__project__code")
        .values_list(
            "listing__project",
            "listing__project__code",
            "listing__project__name",
            "category",
            "planned_investment",
            "planned_start",
            "planned_completion",
            "is_counted",
        )
    )
    names, said = {}, {}
    for pk, code, name, category, plan, start, finish, counts in rows:
        names[pk] = (code, name)
        said[pk] = Said(category, plan, date_words(start), date_words(finish), bool(counts))
    return {"names": names, "said": said}


def _side(day: date, found: dict) -> VersionSide:
    counted = [said for said in found["said"].values() if said.counts]
    return VersionSide(day, len(counted), sum((said.planned_investment for said in counted), NOTHING))


def _documents(annual_list: AnnualList, before_on: date, after_on: date) -> dict[int, str]:
    """The documents by which the list came to speak differently of a project, by project id."""
    first, last = sorted((before_on, after_on))
    rows = (
        ListingVersion.objects.filter(
            listing__annual_list=annual_list, effective_on__gt=first, effective_on__lte=last
        )
        .exclude(document="")
        .order_by("effective_on")
        .values_list("listing__project", "document")
    )
    found: dict[int, list[str]] = {}
    for pk, document in rows:
        if document not in found.setdefault(pk, []):
            found[pk].append(document)
    return {pk: "、".join(documents) for pk, documents in found.items()}


def _kind(before: Said | None, after: Said | None) -> str:
    """What the difference is called; "" where there is none."""
    if before is None or after is None:
        return ADDED if before is None else REMOVED
    if before == after:
        return ""
    if before.category != after.category:
        return RECLASSIFIED
    if before.planned_investment != after.planned_investment:
        return RAISED if after.planned_investment > before.planned_investment else LOWERED
    if before.counts != after.counts:
        return LEVEL
    return MOVED
