"""From the address to the population (统计范围): day, year, lists, group and figure of a request."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from projects.figures.definitions import AMOUNTS, COUNTS, MATTERS, Matter
from projects.figures.population import DIMENSIONS, UNASSIGNED, UNKNOWN_LIST, Scope
from projects.models import IndustryChain, Official, Publication, Unit
from projects.periods import EARLIEST, LATEST

from .context import as_of_from
from .filters import list_asked, lists_of
from .requests import HouseRequest

LEDGER_FIGURES = (*COUNTS, *AMOUNTS)  # whose rows are projects
UNKNOWN_WORDS = "名单、分组或指标无法识别，因此没有列出任何记录"


@dataclass(frozen=True)
class ScopeGroup:
    """Whose dashboard it is: the dimension in words, the name, and the post or chain leader beside it."""

    dimension: str
    name: str
    post: str = ""

    @property
    def words(self) -> str:
        """推进部门：建设局."""
        return f"{self.dimension}：{self.name}"


@dataclass(frozen=True)
class Asked:
    """What a page was asked for: its scope, and the figure whose rows it is to show ("" for all).

    `group` is whom the scope is narrowed to, read by `asked_rows` alone.
    """

    scope: Scope
    figure: str
    group: ScopeGroup | None = None

    @property
    def figure_name(self) -> str:
        found = COUNTS.get(self.figure) or AMOUNTS.get(self.figure)
        return found.name if found else ""


def asked(request: HouseRequest) -> Asked:
    """Read ?as_of= year= list= by= group= basis= figure= reading=; a day, year, basis or figure that means nothing counts as not given.

    A list or group that is none leaves no project: what falls away would widen the population.
    """
    day = as_of_from(request)
    given = request.GET
    year = _number(given.get("year"))
    if year is None or not EARLIEST.year <= year <= LATEST.year:
        year = day.year
    publication = publication_asked(request)
    if publication is not None:
        day, year = publication.as_of, publication.year
    lists: tuple[int, ...] = ()
    if chosen := given.get("list"):
        found = list_asked(chosen, lists_of(year))
        lists = (found.pk if found else UNKNOWN_LIST,)
    by = given.get("by", "")
    group = given.get("group", "") if by else ""
    if (by and by not in DIMENSIONS) or (group and _number(group) is None):
        by, group, lists = "", "", (UNKNOWN_LIST,)
    basis = "submitted" if given.get("basis") == "submitted" else "confirmed"
    figure = given.get("figure", "")
    scope = Scope(day, year, lists, basis, request.user, by, group)
    if publication is not None:
        scope = replace(scope, basis="confirmed", publication=publication.pk)
    return Asked(scope, figure if figure in LEDGER_FIGURES else "")


def asked_rows(request: HouseRequest, figures: Collection[str]) -> Asked:
    """As `asked`, for a list of what is counted: a figure that is none of these, or a group that is none, leaves no row."""
    found = asked(request)
    if (figure := request.GET.get("figure")) and figure not in figures:
        return replace(found, scope=replace(found.scope, lists=(UNKNOWN_LIST,), by="", group=""))
    group = group_of(found.scope)
    return replace(found, scope=of_known_group(found.scope, group), group=group)


def asked_corrected(request: HouseRequest) -> Scope:
    """The scope asked for on a page that has no published reading: that of the publication's day as it stands today."""
    return replace(asked(request).scope, publication=None)


def publication_asked(request: HouseRequest) -> Publication | None:
    """The publication whose figures ?reading= asks for (发布时); None for the corrected reading.

    A reading is of its own day and year: an address that asks for others has left it.
    """
    given = request.GET
    number = _number(given.get("reading"))
    publication = None if number is None else Publication.objects.filter(pk=number).first()
    if publication is None:
        return None
    own = {"as_of": publication.as_of.isoformat(), "year": str(publication.year)}
    return publication if all(given.get(name) in (None, "", words) for name, words in own.items()) else None


def group_of(scope: Scope) -> ScopeGroup | None:
    """The group the scope is narrowed to; None where it is not, or where there is no such group."""
    if not scope.by:
        return None
    words = DIMENSIONS[scope.by].name
    if not scope.group:
        return ScopeGroup(words, UNASSIGNED)
    if scope.by == "sponsor":
        official = Official.objects.filter(pk=scope.group).first()
        return ScopeGroup(words, official.name, official.post) if official else None
    if scope.by == "industry_chain":
        chain = IndustryChain.objects.filter(pk=scope.group).select_related("chain_leader").first()
        leader = chain and chain.chain_leader
        return ScopeGroup(words, chain.name, f"链长 {leader}" if leader else "") if chain else None
    unit = Unit.objects.filter(pk=scope.group).first()
    return ScopeGroup(words, unit.name) if unit else None


def of_known_group(scope: Scope, group: ScopeGroup | None) -> Scope:
    """The scope with the group that `group_of` found; one of nothing where it asks for a group that is none."""
    return scope if group or not scope.by else replace(scope, lists=(UNKNOWN_LIST,), by="", group="")


@dataclass(frozen=True)
class AskedMatters:
    """The milestones or problems a figure counts: of the projects of its population, whoever answers for them."""

    scope: Scope
    matter: Matter
    group: ScopeGroup | None

    def of(self, rows: QuerySet, project: str) -> QuerySet:
        """The rows that belong to the population; `project` is the path to theirs."""
        return rows.filter(**{f"{project}__in": self.scope.projects().values("pk")})

    @property
    def words(self) -> str:
        """“2023年市级重大，推进部门：建设局”. Two queries at most."""
        names = [item.kind.name for item in self.scope.annual_lists()] if self.scope.lists else ["全部名单"]
        words = f"{self.scope.year}年{'、'.join(names)}"
        return f"{words}，{self.group.words}" if self.group else words


def asked_matters(request: HouseRequest, subject: str) -> tuple[Asked, AskedMatters | None]:
    """What a list of milestones or problems is asked for, and what its door asks (?figure=milestones_due&year=…).

    No door on the plain list.
    """
    figures = {key: matter for key, matter in MATTERS.items() if matter.subject == subject}
    found, matter = asked_rows(request, figures), figures.get(request.GET.get("figure", ""))
    if matter is None or "year" not in request.GET:
        return found, None
    return found, AskedMatters(found.scope, matter, found.group)


def door(scope: Scope, figure: str) -> str:
    """The address of the list that shows exactly the rows a figure of the scope counts or sums."""
    return f"{_pages()[figure]}?{urlencode({'figure': figure})}&{_words(scope)}"


def doors(scope: Scope) -> dict[str, str]:
    """{figure key: door} of every figure with rows; a page has thousands of them, so the scope is written once."""
    after = f"&{_words(scope)}"
    return {key: f"{page}?figure={key}{after}" for key, page in _pages().items()}


def _pages() -> dict[str, str]:
    """{figure key: address of the list of what it counts}."""
    ledger, lists = (
        reverse("project_list"),
        {name: reverse(f"{name}_list") for name in ("milestone", "problem")},
    )
    return dict.fromkeys(LEDGER_FIGURES, ledger) | {key: lists[one.subject] for key, one in MATTERS.items()}


def page_over(name: str, scope: Scope, **more: str) -> str:
    """The address of a page over the same population: its day, year, list and group."""
    words = _words(scope)
    return f"{reverse(name)}?{words}&{urlencode(more)}" if more else f"{reverse(name)}?{words}"


def of_group(rows: QuerySet, scope: Scope, project: str) -> QuerySet:
    """Rows of the projects that the scope's group answered for on the day; all of them without a group.

    `project` is the path from a row to its project.
    """
    if scope.is_unknown:
        return rows.none()
    if not scope.by:
        return rows
    rows = rows.annotate(group_then=DIMENSIONS[scope.by].group_of(scope.cut_off, project))
    return rows.filter(group_then=scope.group) if scope.group else rows.filter(group_then__isnull=True)


def _words(scope: Scope) -> str:
    parameters = {"year": scope.year, "as_of": scope.as_of.isoformat()}
    if scope.lists:
        parameters["list"] = scope.lists[0]
    if scope.by:
        parameters |= {"by": scope.by, "group": scope.group}
    if scope.basis != "confirmed":
        parameters["basis"] = scope.basis
    if scope.publication is not None:
        parameters["reading"] = scope.publication
    return urlencode(parameters)


def _number(text: str | None) -> int | None:
    """A row id or a year from the address; None unless it is a plain number that a column can hold."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None
