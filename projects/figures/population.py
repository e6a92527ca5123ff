"""Which rows a figure is over (统计范围): lists, year, day, basis and the eyes that look."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    BooleanField,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    Window,
)
from django.db.models.expressions import Combinable, NegatedExpression
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from ..models import (
    PENDING_STATES,
    AnnualList,
    Handover,
    Listing,
    ListingVersion,
    ProgressReport,
    Project,
    PublishedRow,
    User,
)
from ..models.fields import MoneyField
from ..models.lists.belongings import chain_on
from ..models.lists.listings import total_said
from ..models.projects import ProjectScopedQuerySet, holder_on
from ..models.reports.year_amounts import invested_on
from .definitions import AMOUNTS, COUNTS, PROJECT

UNASSIGNED = "未明确"
# Rows of a population: listing versions, or what a publication froze of them, under the same names of columns.
Rows = ProjectScopedQuerySet[Any]


@dataclass(frozen=True)
class Dimension:
    """A way to split figures (分组): by whom or what, and how the group of a listing version is found."""

    key: str
    name: str
    label: str
    slot: str | None = None

    def group_of(self, as_of: date, project: str = "listing__project") -> Combinable:
        """Expression for the group's id: responsibility and chain as they stood on the day.

        `project` is the path from the queried row to its project ("pk" on Project itself).
        """
        if self.slot is None:
            return chain_on(as_of, project)
        return holder_on(self.slot, as_of, project)


DIMENSIONS = {
    dimension.key: dimension
    for dimension in (
        Dimension("sponsor", "挂包领导", "name", Handover.Slot.SPONSOR),
        Dimension("lead_department", "推进部门", "name", Handover.Slot.LEAD_DEPARTMENT),
        Dimension("host_district", "属地保障", "name", Handover.Slot.HOST_DISTRICT),
        Dimension("industry_chain", "产业链", "name"),
    )
}


UNKNOWN_LIST = 0  # of a scope asked for by what is no list of its year: no row has it


CLAIMED = "claimed_"


def _claimed(day: date) -> dict[str, Combinable]:
    """A project's dates of fact with those of the reports up to the day that wait for confirmation (未确认的)."""
    waiting = ProgressReport.objects.filter(
        project=OuterRef("listing__project"), state__in=PENDING_STATES, counts_from_on__lte=day
    ).order_by("period_ends_on")
    unclaimed = ("entered_statistics_on", "statistics_stated_on")  # no report claims these
    found: dict[str, Combinable] = {f"{CLAIMED}{name}": F(f"{PROJECT}{name}") for name in unclaimed}
    for name in ("started_on", "completed_on", "in_production_on"):
        told = waiting.filter(reported_facts__has_key=name)
        fact = Cast(KeyTextTransform(name, "reported_facts"), DateField())
        found[f"{CLAIMED}{name}"] = Coalesce(F(f"{PROJECT}{name}"), Subquery(told.values(day=fact)[:1]))
    return found


@dataclass(frozen=True)
class Scope:
    """The population of a question: listing versions in force on a day that their list counts (统计层级).

    `lists` are AnnualList ids of `year`, all of the year's when empty. `viewer` limits to what that person may see;
    None (commands, tasks) is everything. `by` and `group` narrow to one group of a dimension ("" is 未明确).
    `listed_on` asks what the lists of another day would say of the facts of as_of (名单调整前后对照).
    `publication` asks for the figures as published (发布时): its rows are the population, with the facts they froze;
    as_of and year are then the publication's, and reports, lists and hand-overs entered since change nothing.
    """

    as_of: date
    year: int
    lists: tuple[int, ...] = ()
    basis: str = "confirmed"
    viewer: User | None = None
    by: str = ""
    group: str = ""
    listed_on: date | None = None
    publication: int | None = None

    @property
    def listing_day(self) -> date:
        """The day whose list versions are the population: that of the facts, unless another was asked for."""
        return self.listed_on or self.cut_off

    @property
    def cut_off(self) -> date:
        """The day facts are taken to: as_of, within the plan year (an old year asked later stands at its end)."""
        return min(self.as_of, date(self.year, 12, 31))

    @property
    def is_unknown(self) -> bool:
        """Whether it was asked for by a list or group that is none: nothing counts then."""
        return UNKNOWN_LIST in self.lists

    def within(self, by: str, group: str) -> "Scope":
        return replace(self, by=by, group=group)

    def annual_lists(self) -> QuerySet[Any]:
        """The lists of the scope by rank, with the `places` of their rates; both as published where the scope is."""
        chosen: QuerySet[Any] = AnnualList.objects.filter(year=self.year).select_related("kind", "curve")
        chosen = chosen.filter(pk__in=self.lists) if self.lists else chosen
        rank, places = F("kind__position"), F("kind__rate_places")
        if self.publication is None:
            return chosen.annotate(places=places).order_by(rank)
        rows = PublishedRow.objects.filter(
            publication=self.publication, listing__annual_list=OuterRef("pk")
        ).order_by()
        then = {name: Subquery(rows.values(name)[:1]) for name in ("position", "rate_places")}
        # a list without rows in it had none to rank
        return chosen.annotate(
            rank=Coalesce(then["position"], rank), places=Coalesce(then["rate_places"], places)
        ).order_by("rank", rank)

    @property
    def level_words(self) -> str:
        """Which level the figures count, in words (统计层级): 按打包项目统计. One query."""
        levels = {item.get_counts_level_display() for item in self.annual_lists()}
        if len(levels) == 1:
            return f"按{levels.pop()}统计"
        return "按各名单规定的层级统计" if levels else ""

    @property
    def project_path(self) -> str:
        """The path from a row of the population to its project's facts; a published row holds them itself.

        Provisional figures read them beside what reports claim that nobody has confirmed yet.
        """
        if self.publication is not None:
            return ""
        return PROJECT if self.basis == "confirmed" else CLAIMED

    def group_of(self, by: str) -> Combinable:
        """Expression on a row of the population for its group of a dimension, on the scope's day or as published."""
        return DIMENSIONS[by].group_of(self.cut_off) if self.publication is None else F(by)

    def versions(self) -> Rows:
        """Listing versions that count, annotated with `invested`, `told`, `total` (万元) and `position` (rank of the list).

        `told` is None where nothing was reported; `invested` is 0 then, for sums and for what judges a project.

        A project in two of the lists has two rows; `once()` keeps one. As published they are the published rows, which
        hold `invested` and the facts of the project themselves.
        """
        rows = self._counting()
        if self.lists:
            rows = rows.filter(listing__annual_list__in=self.lists)
        if self.viewer is not None:
            rows = rows.visible_to(self.viewer)
        if self.by:
            rows = rows.annotate(group_id=self.group_of(self.by))
            rows = rows.filter(group_id=self.group) if self.group else rows.filter(group_id__isnull=True)
        if self.publication is not None:
            return rows.annotate(told=F("invested"), total=F("total_investment"))
        rows = rows.annotate(position=F("listing__annual_list__kind__position"))
        if self.basis != "confirmed":
            rows = rows.annotate(**_claimed(self.cut_off))
        rows, invested = invested_on(
            rows, "listing__project", year=self.year, day=self.cut_off, basis=self.basis
        )
        return rows.annotate(
            total=total_said(),
            told=invested,
            invested=Coalesce(invested, Value(Decimal(0)), output_field=MoneyField()),
        )

    def _counting(self) -> Rows:
        """The rows that count in the year's lists, whatever else the scope is narrowed to."""
        if self.publication is not None:
            return PublishedRow.objects.filter(publication=self.publication)
        return ListingVersion.objects.counting(self.listing_day).filter(listing__annual_list__year=self.year)

    def listed(self) -> QuerySet[Project]:
        """Projects that were ever on the lists: a cheap superset of the population, to narrow other questions by."""
        listings = Listing.objects.filter(annual_list__year=self.year)
        if self.lists:
            listings = listings.filter(annual_list__in=self.lists)
        if self.viewer is not None:
            listings = listings.visible_to(self.viewer)
        return Project.objects.filter(pk__in=listings.order_by().values("project"))

    def once(self) -> Rows:
        """The population with each project once, by its list of the highest rank (省级 before 市级 before 区级)."""
        return self.versions().filter(self.is_highest())

    def is_highest(self) -> Value | NegatedExpression:
        """Condition on a row of versions(): no list of a higher rank among the lists counts its project."""
        if len(self.lists) == 1:
            return Value(True)
        higher = self._counting()
        if self.publication is None:
            kind = "listing__annual_list__kind__position"
            higher = higher.filter(
                listing__project=OuterRef("listing__project"), **{f"{kind}__lt": OuterRef(kind)}
            )
        else:  # from the project's few listings, or SQLite reads the whole publication for each of its rows
            own = Listing.objects.filter(project=OuterRef(OuterRef("listing__project"))).order_by()
            higher = higher.filter(listing__in=own.values("pk"), position__lt=OuterRef("position"))
        if self.lists:
            higher = higher.filter(listing__annual_list__in=self.lists)
        return ~Exists(higher)

    def marked_highest(self) -> Value | ExpressionWrapper:
        """is_highest() as a column of versions(): the database ranks a project's rows instead of asking of each."""
        if len(self.lists) == 1:
            return Value(True)
        best = Window(Min("position"), partition_by="listing__project")
        return ExpressionWrapper(Q(position=best), output_field=BooleanField())

    def picked(self, figure: str) -> Rows:
        """The rows that a figure counts, each project once; every row of the population for an amount."""
        rows = self.once()
        if figure not in COUNTS:
            return rows
        return rows.filter(COUNTS[figure].select(self.cut_off, self.project_path))

    def projects(self, figure: str = "projects") -> QuerySet[Project]:
        """The projects a figure counts: what its door opens."""
        if figure not in COUNTS and figure not in AMOUNTS:
            raise ValueError(f"unknown figure {figure!r}")
        return Project.objects.filter(pk__in=self.picked(figure).values("listing__project"))
