"""From the address to the population (统计范围): day, year, lists, group and figure of a request."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from projects.measures.definitions import AMOUNTS, COUNTS, MATTERS, Matter
from projects.measures.population import DIMENSIONS, UNASSIGNED, Scope
from projects.models import AnnualList, IndustryChain, Official, Unit
from projects.periods import EARLIEST, LATEST

from .context import as_of_from


@dataclass(frozen=True)
class Asked:
    """What a page was asked for: its scope, and the figure whose rows it is to show ("" for all)."""

    scope: Scope
    figure: str

    @property
    def figure_name(self) -> str:
        found = COUNTS.get(self.figure) or AMOUNTS.get(self.figure)
        return found.name if found else ""


def asked(request: HttpRequest) -> Asked:
    """Read ?as_of= year= list= by= group= basis= figure=; words that mean nothing count as not given."""
    day = as_of_from(request)
    given = request.GET
    year = _number(given.get("year"))
    if year is None or not EARLIEST.year <= year <= LATEST.year:
        year = day.year
    chosen = _number(given.get("list"))
    lists = (
        (chosen,) if chosen is not None and AnnualList.objects.filter(pk=chosen, year=year).exists() else ()
    )
    by = given.get("by", "")
    group = given.get("group", "")
    if by not in DIMENSIONS or (group and _number(group) is None):
        by = group = ""
    basis = given.get("basis") if given.get("basis") in {"confirmed", "submitted"} else "confirmed"
    figure = given.get("figure", "")
    scope = Scope(day, year, lists, basis, request.user, by, group)
    return Asked(scope, figure if figure in COUNTS or figure in AMOUNTS else "")


@dataclass(frozen=True)
class AskedMatters:
    """The milestones or problems a figure counts: of the projects of its population, whoever answers for them."""

    scope: Scope
    matter: Matter

    def of(self, rows: QuerySet, project: str) -> QuerySet:
        """The rows that belong to the population; `project` is the path to theirs."""
        return rows.filter(**{f"{project}__in": self.scope.projects().values("pk")})

    @property
    def words(self) -> str:
        """“2023年市级重大，推进部门：建设局”. Two queries at most."""
        names = [item.kind.name for item in self.scope.annual_lists()] if self.scope.lists else ["全部名单"]
        words = f"{self.scope.year}年{'、'.join(names)}"
        return f"{words}，{group_words(self.scope)}" if self.scope.by else words


def asked_matters(request: HttpRequest, subject: str) -> AskedMatters | None:
    """What a door of milestones or problems asks for (?figure=milestones_due&year=…); None on the plain list."""
    matter = MATTERS.get(request.GET.get("figure", ""))
    if matter is None or matter.subject != subject or "year" not in request.GET:
        return None
    return AskedMatters(asked(request).scope, matter)


def group_words(scope: Scope) -> str:
    """“推进部门：建设局” where a list shows one group of a dimension."""
    if not scope.by:
        return ""
    model = {"sponsor": Official, "industry_chain": IndustryChain}.get(scope.by, Unit)
    found = model.objects.filter(pk=scope.group).first() if scope.group else None
    return f"{DIMENSIONS[scope.by].name}：{found or UNASSIGNED}"


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
    return dict.fromkeys((*COUNTS, *AMOUNTS), ledger) | {
        key: lists[one.subject] for key, one in MATTERS.items()
    }


def _words(scope: Scope) -> str:
    parameters = {"year": scope.year, "as_of": scope.as_of.isoformat()}
    if scope.lists:
        parameters["list"] = scope.lists[0]
    if scope.by:
        parameters |= {"by": scope.by, "group": scope.group}
    if scope.basis != "confirmed":
        parameters["basis"] = scope.basis
    return urlencode(parameters)


def _number(text: str | None) -> int | None:
    """A row id or a year from the address; None unless it is a plain number that a column can hold."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None
