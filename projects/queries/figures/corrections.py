"""The list of corrections since a publication (更正清单): names and words, by whom, when and why."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from projects.figures.corrections import ADDED, OTHER_LIST, REMOVED, Correction
from projects.models import (
    AnnualList,
    AuditRecord,
    IndustryChain,
    ListingVersion,
    Official,
    ProgressReport,
    Project,
    ProjectStage,
    Publication,
    ReportState,
    Unit,
    User,
)
from projects.money import format_wan

CHUNK = 500  # rows whose causes are asked for at once: a page is one question, a long file a few
NAMED = 5000  # projects named at once
# what an audit record calls the column, where that is not the fact's own name
HOLDERS = {"sponsor", "lead_department", "host_district", "industry_chain"}
OF_LIST = {"category", "planned_investment", "planned_start_on", "planned_completion_on"}
LISTED = {ADDED, REMOVED, OTHER_LIST}
LEVELS = {"parent_id", "level"}  # a package listed beside its parts moves what counts


@dataclass(frozen=True)
class Cause:
    """The change behind a correction: the last one, with the last reason given on the way."""

    by: User | None
    at: datetime
    action: str
    reason: str

    @property
    def words(self) -> str:
        return f"{self.action}：{self.reason}" if self.reason else self.action


@dataclass
class CorrectionRow:
    """A correction as the list shows it (更正清单); `cause` is put there for the rows that are shown."""

    correction: Correction
    code: str
    project: str
    lists: str
    fact: str
    before: str
    after: str
    cause: Cause | None = None

    @property
    def planned(self) -> Decimal:
        return self.correction.planned

    @property
    def invested(self) -> Decimal:
        return self.correction.invested


def correction_rows(corrections: list[Correction]) -> list[CorrectionRow]:
    """Corrections with their names and words, by project code. Five queries, and one more for each NAMED projects."""
    ids = list(dict.fromkeys(correction.project for correction in corrections))
    projects: dict[int, tuple[str, str]] = {}
    for start in range(0, len(ids), NAMED):
        named = Project.objects.filter(pk__in=ids[start : start + NAMED])
        projects |= {pk: (code, name) for pk, code, name in named.values_list("pk", "code", "name")}
    words = _Words()
    rows = [
        CorrectionRow(
            correction,
            code,
            name,
            "、".join(words.say(OTHER_LIST, pk) for pk in correction.lists),
            correction.fact_words,
            words.say(correction.fact, correction.before),
            words.say(correction.fact, correction.after),
        )
        for correction in corrections
        for code, name in [projects[correction.project]]
    ]
    rows.sort(key=lambda row: row.code)  # facts of a project stay in their order
    return rows


def find_causes(publication: Publication, rows: Sequence[CorrectionRow]) -> None:
    """Put by whom, when and why beside the rows. Three queries for up to CHUNK rows."""
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        trail = _Trail(publication, {row.correction.project for row in chunk})
        for row in chunk:
            row.cause = trail.cause_of(row.correction)


class _Words:
    """Values of facts in words: holders and lists by name, days, amounts in 万元. Four queries."""

    def __init__(self) -> None:
        units = {unit.pk: str(unit) for unit in Unit.objects.all()}
        self._names: dict[str, dict[Any, str]] = {
            "sponsor": {official.pk: official.name for official in Official.objects.all()},
            "lead_department": units,
            "host_district": units,
            "industry_chain": dict(IndustryChain.objects.values_list("pk", "name")),
            OTHER_LIST: dict(AnnualList.objects.values_list("pk", "kind__name")),
            "category": dict(ProjectStage.choices),
        }

    def say(self, fact: str, value: Any) -> str:
        if fact in (ADDED, REMOVED):
            return ""
        if value is None:
            return "无"
        if fact in self._names:
            return self._names[fact].get(value, "")
        return f"{format_wan(value)}万元" if isinstance(value, Decimal) else value.isoformat()


class _Trail:
    """Audit records of some projects since the publication, and what their reports and list versions are."""

    def __init__(self, publication: Publication, projects: Collection[int]) -> None:
        self._day, self._year = publication.as_of, publication.year
        self._records: dict[int, list[AuditRecord]] = defaultdict(list)
        rows = AuditRecord.objects.filter(
            project__in=projects,
            at__gt=publication.published_at,
            model__in=("project", "progressreport", "listingversion"),
        )
        of_model: dict[str, list[int]] = defaultdict(list)
        for row in rows.select_related("by").order_by("-at", "-pk"):
            if row.project_id is not None:
                self._records[row.project_id].append(row)
            of_model[row.model].append(row.object_id)
        counted = ProgressReport.objects.filter(
            pk__in=of_model["progressreport"], counts_from_on__lte=self._day, period_ends_on__year=self._year
        )
        self._reports = set(counted.values_list("pk", flat=True))
        versions = ListingVersion.objects.filter(
            pk__in=of_model["listingversion"], effective_on__lte=self._day
        )
        self._lists = dict(versions.order_by().values_list("pk", "listing__annual_list"))

    def cause_of(self, correction: Correction) -> Cause | None:
        records = [row for row in self._records[correction.project] if self._moved(row, correction)]
        if not records:
            return None
        last = records[0]
        reason = next((row.reason for row in records if row.reason), "")
        return Cause(last.by, last.at, last.action, reason)

    def _moved(self, row: AuditRecord, correction: Correction) -> bool:
        """Whether a record is of a change to the corrected fact."""
        fact = correction.fact
        if row.model == "progressreport":
            return fact == "invested" and row.object_id in self._reports and _counts(row)
        if row.model == "listingversion":
            of_its_lists = self._lists.get(row.object_id) in correction.lists
            # counted by another list now: that list's words differ, whatever the version changed
            is_moved = fact in LISTED or (len(correction.lists) > 1 and fact in OF_LIST)
            return of_its_lists and (is_moved or fact in row.changes)
        if fact in LISTED:
            return bool(LEVELS & row.changes.keys())
        return (f"{fact}_id" if fact in HOLDERS else fact) in row.changes and fact not in OF_LIST


def _counts(row: AuditRecord) -> bool:
    """Whether a report's change touched the official figure: it was confirmed, opened again, or changed while confirmed."""
    if "state" in row.changes:
        return ReportState.CONFIRMED in row.changes["state"]
    return "invested_this_year" in row.changes
