"""What is on record (已有数据), loaded once for an import: a dossier per project, units, officials, lists."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from projects.models import (
    AnnualList,
    Belonging,
    CarryOver,
    DeliveryPlan,
    Handover,
    Indicator,
    IndicatorValue,
    IndustryChain,
    Lead,
    LeadStep,
    Listing,
    ListingVersion,
    ListKind,
    Milestone,
    Official,
    Problem,
    ProblemEntry,
    ProgressReport,
    Project,
    ProjectMember,
    Unit,
    UnitName,
    User,
)

from ...register.further_fields import active_fields
from ...register.local_codes import local_codes
from ..reader import MAX_ROWS
from ..staging.cells import match_key
from ..staging.headers import plain
from ..staging.staged import SheetPlace, StagedRow, StagedSheet
from .changes import Changes
from .matching import Known

CHUNK = 2000


@dataclass
class Dossier:
    """Everything on record about one project that an import may touch."""

    project: Project
    listings: dict[int, Listing] = field(default_factory=dict)  # by id() of the annual list in memory
    versions: dict[int, list[ListingVersion]] = field(default_factory=lambda: defaultdict(list))
    handovers: dict[str, list[Handover]] = field(default_factory=lambda: defaultdict(list))
    belongings: dict[str, list[Belonging]] = field(default_factory=lambda: defaultdict(list))
    carry_overs: dict[int, CarryOver] = field(default_factory=dict)
    reports: dict[date, ProgressReport] = field(default_factory=dict)
    plans: list[DeliveryPlan] = field(default_factory=list)
    milestones: list[Milestone] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    entries: dict[int, list[ProblemEntry]] = field(default_factory=lambda: defaultdict(list))
    members: list[ProjectMember] = field(default_factory=list)


class World:
    """The register as the import sees it. Finding is in memory; what is missing is added to the changes."""

    def __init__(self, changes: Changes):
        self.changes = changes
        self.dossiers: dict[int, Dossier] = {}  # by id() of the Known
        self.units: dict[str, Unit] = {}
        for unit in Unit.objects.all():
            self.units[match_key(unit.name)] = unit
            if unit.short_name:
                self.units.setdefault(match_key(unit.short_name), unit)
        by_pk = {unit.pk: unit for unit in self.units.values()}
        for name, unit_id in UnitName.objects.values_list("name", "unit_id"):
            self.units.setdefault(match_key(name), by_pk[unit_id])
        self.officials = {(match_key(o.name), match_key(o.post)): o for o in Official.objects.all()}
        self.chains = {match_key(chain.name): chain for chain in IndustryChain.objects.all()}
        self.kinds = {kind.name: kind for kind in ListKind.objects.all()}
        self.lists = {(item.kind.name, item.year): item for item in AnnualList.objects.select_related("kind")}
        self.filled_lists = set(Listing.objects.values_list("annual_list_id", flat=True).distinct())
        self.indicators = {(match_key(i.name), i.year): i for i in Indicator.objects.all()}
        self.indicator_values: dict[tuple[int, date], IndicatorValue] = {
            (value.indicator_id, value.as_of_on): value for value in IndicatorValue.objects.all()
        }
        self.further_fields = {plain(field.name): field for field in active_fields()}
        self.new_units: dict[str, list[str]] = defaultdict(list)  # sheet → names
        self._free_codes: dict[int, Iterator[str]] = {}

    # -----------------------------------------------------------------------------------------------------
    # projects

    def load(self, known: Iterable[Known]) -> None:
        """Load the dossiers of projects on record; a constant number of queries for each 2,000 projects."""
        wanted = {item.pk: item for item in known if item.pk is not None}
        for pks in _chunks(sorted(wanted)):
            projects = Project.objects.select_related(
                "sponsor", "lead_department", "host_district", "industry_chain"
            ).in_bulk(pks)
            found = {pk: Dossier(project) for pk, project in projects.items()}
            for pk, dossier in found.items():
                self.dossiers[id(wanted[pk])] = dossier
            self._load_children(pks, found)
            self._load_plans(pks, found)

    def _load_children(self, pks: list[int], found: dict[int, Dossier]) -> None:
        lists = {item.pk: item for item in self.lists.values()}
        listings = {}
        for listing in _own(Listing, pks, found):
            listing.annual_list = lists[listing.annual_list_id]
            found[listing.project_id].listings[id(listing.annual_list)] = listing
            listings[listing.pk] = listing
        for version in ListingVersion.objects.filter(listing__project__in=pks).order_by("effective_on"):
            version.listing = listings[version.listing_id]
            found[version.listing.project_id].versions[id(version.listing)].append(version)
        for handover in _own(Handover, pks, found, "official", "unit", order="from_on"):
            found[handover.project_id].handovers[handover.slot].append(handover)
        for belonging in _own(Belonging, pks, found, "parent", "industry_chain", order="from_on"):
            found[belonging.project_id].belongings[belonging.kind].append(belonging)
        for carry_over in _own(CarryOver, pks, found):
            found[carry_over.project_id].carry_overs[carry_over.year] = carry_over
        for report in _own(ProgressReport, pks, found):
            found[report.project_id].reports[report.period_ends_on] = report
        for member in _own(ProjectMember, pks, found):
            found[member.project_id].members.append(member)
        problems = {}
        for problem in _own(Problem, pks, found, "lead_unit"):
            found[problem.project_id].problems.append(problem)
            problems[problem.pk] = problem
        for entry in ProblemEntry.objects.filter(problem__project__in=pks):
            entry.problem = problems[entry.problem_id]
            found[entry.problem.project_id].entries[id(entry.problem)].append(entry)

    def _load_plans(self, pks: list[int], found: dict[int, Dossier]) -> None:
        approved = {}
        for plan in _own(DeliveryPlan, pks, found, order="number"):
            found[plan.project_id].plans.append(plan)
            if plan.state == DeliveryPlan.State.APPROVED:
                approved[plan.pk] = plan
        rows = Milestone.objects.filter(plan__project__in=pks, plan__state=DeliveryPlan.State.APPROVED)
        for milestone in rows.select_related("unit").order_by("position"):
            milestone.plan = approved[milestone.plan_id]
            found[milestone.plan.project_id].milestones.append(milestone)

    def dossier(self, known: Known) -> Dossier | None:
        return self.dossiers.get(id(known))

    def open_dossier(self, known: Known, project: Project) -> Dossier:
        self.dossiers[id(known)] = Dossier(project)
        return self.dossiers[id(known)]

    def local_code(self, year: int) -> str:
        """The next number of our own for a project without 项目代码."""
        if not self._free_codes.get(year):
            self._free_codes[year] = iter(local_codes(year, MAX_ROWS))
        return next(self._free_codes[year])

    # -----------------------------------------------------------------------------------------------------
    # what a row names

    def unit(self, name: str, kind: str, sheet: StagedSheet, row: StagedRow) -> Unit:
        """The unit of that name, former name or short name; a new one is registered and reported."""
        key = match_key(name)
        if key not in self.units:
            near = next((u.name for u in self.units.values() if _abbreviates(key, match_key(u.name))), None)
            self.units[key] = self.changes.add(Unit(name=name, kind=kind), sheet.at(row))
            self.new_units[sheet.name].append(
                f"{name}（与“{near}”相近，如为同一单位请登记为其别名）" if near else name
            )
        return self.units[key]

    @cached_property
    def leads(self) -> dict[tuple[str, str], tuple[Lead, list[LeadStep]]]:
        """Leads with their steps by name and investor; read when a sheet asks for them."""
        leads = Lead.objects.select_related("unit", "industry_chain").prefetch_related("steps")
        return {
            (match_key(lead.name), match_key(lead.investor)): (lead, list(lead.steps.all())) for lead in leads
        }

    def official(
        self, name: str, post: str, sheet: StagedSheet, row: StagedRow, column: str = "sponsor"
    ) -> Official:
        """The leader of that name and post; without a post the only one of that name."""
        key = (match_key(name), match_key(post))
        if key in self.officials:
            return self.officials[key]
        namesakes = [official for (own, _), official in self.officials.items() if own == key[0]]
        if not post and len(namesakes) == 1:
            return namesakes[0]
        if namesakes:
            posts = "、".join(official.post or "未填职务" for official in namesakes)
            sheet.warn(row, column, f"已登记有同名领导（{posts}），职务不同，按另一位登记，请核对")
        position = 10 * (len(self.officials) + 1)
        self.officials[key] = self.changes.add(
            Official(name=name, post=post, position=min(position, 32000)), sheet.at(row)
        )
        return self.officials[key]

    def chain(self, name: str, place: SheetPlace) -> IndustryChain:
        key = match_key(name)
        if key not in self.chains:
            position = min(10 * (len(self.chains) + 1), 32000)
            self.chains[key] = self.changes.add(IndustryChain(name=name, position=position), place)
        return self.chains[key]

    def annual_list(self, name: str, year: int, place: SheetPlace) -> AnnualList:
        if (name, year) not in self.lists:
            self.lists[name, year] = self.changes.add(AnnualList(kind=self.kinds[name], year=year), place)
        return self.lists[name, year]


@dataclass
class Context:
    """What every step of the comparison needs; `said` remembers what this file has already said of a project."""

    world: World
    changes: Changes
    by: User | None
    now: datetime
    today: date
    file_name: str
    as_of: date  # the workbook's day, for sheets that name none
    limit_days: int = 10
    said: dict[tuple[int, str], tuple[object, str]] = field(default_factory=dict)
    packages: dict[SheetPlace, Project] = field(
        default_factory=dict
    )  # the packages of this file, by their row
    leads_told: dict[int, int] = field(default_factory=dict)  # id() of a lead → its row

    def day_of(self, sheet: StagedSheet) -> date:
        return sheet.as_of or self.as_of

    def first_said(
        self, known: Known, name: str, value: object, sheet: StagedSheet, row: StagedRow
    ) -> tuple | None:
        """None when this file says it for the first time or says the same; else (value, place) said before."""
        key = (id(known), name)
        earlier = self.said.setdefault(key, (value, f"{sheet.name}第{row.number}行"))
        return None if earlier[0] == value else earlier


def _own(model: Any, pks: list[int], found: dict[int, Dossier], *related: str, order: str = "pk") -> Iterator:
    """Rows of the projects, each tied to the project object in memory."""
    for row in model.objects.filter(project__in=pks).select_related(*related).order_by(order):
        row.project = found[row.project_id].project
        yield row


def _chunks(pks: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(pks), CHUNK):
        yield pks[start : start + CHUNK]


def _abbreviates(short: str, full: str) -> bool:
    """发改局 for 发展改革局: the letters appear in order, the first and last agree."""
    if (
        short == full
        or len(short) < 2
        or len(short) >= len(full)
        or short[0] != full[0]
        or short[-1] != full[-1]
    ):
        return False
    letters = iter(full)
    return all(letter in letters for letter in short)
