"""The score sheet of an assessment (成绩单): every unit from its total to its items to the rows counted.

Composed from a scheme and the figures, kept as JSON when a round is published, read back equal. Page, docx and xlsx
are drawn from this one object; corrections are laid over it, never into it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils import timezone

from ...models import (
    AnnualList,
    AssessedSlot,
    AssessmentCorrection,
    AssessmentEntry,
    AssessmentRound,
    ScoringItem,
    ScoringScheme,
    Unit,
)
from ...money import Ratio, round_half_up
from ...rules.scoring import SmallRule, TieRule, ranks, total_points
from .assessed import (
    FOLLOWED,
    MEANINGS,
    Assessed,
    CountedRow,
    LeftOut,
    Measured,
    assessed_figures,
    handovers_within,
    projects_counted,
    zone_value,
)

RANKED, SMALL, IDLE = "ranked", "small", "idle"  # 参加排名、小样本单列、无任务
VALUE_PLACES = 2


@dataclass(frozen=True)
class ItemHead:
    """An item of the scheme as it stood (考核项)."""

    item: int
    name: str
    figure: str
    weight: Decimal
    floor: Decimal
    highest: Decimal
    unit: str
    rule_words: str
    meaning: str

    @property
    def is_manual(self) -> bool:
        return self.figure == ScoringItem.Figure.MANUAL

    @property
    def is_bonus(self) -> bool:
        """Added to the total or taken off it (加减分项), outside the full marks."""
        return not self.weight

    @property
    def amount_unit(self) -> str:
        """What its numerator and denominator count."""
        units = {
            ScoringItem.Figure.INVESTMENT_COMPLETION.value: "万元",
            ScoringItem.Figure.SCHEDULE_GAP.value: "万元",
            ScoringItem.Figure.REPORTS_ON_TIME.value: "期",
        }
        return units.get(self.figure, "个")

    @property
    def has_details(self) -> bool:
        """Whether its rows say more than their numbers: what falls due does."""
        return self.figure in FOLLOWED


@dataclass(frozen=True)
class ItemScore:
    """One unit's score of one item, its figure and what stands behind it."""

    item: int
    score: Decimal | None
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    note: str = ""
    rows: tuple[CountedRow, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True)
class UnitScore:
    """One unit on the sheet; `rank` is None where it is not ranked."""

    unit: int
    name: str
    projects: int
    standing: str
    total: Decimal | None
    rank: int | None
    is_small: bool
    items: tuple[ItemScore, ...]
    handovers: tuple[str, ...] = ()

    @property
    def is_apart(self) -> bool:
        """Listed apart and not ranked, for its few projects (单列)."""
        return self.standing == SMALL

    def item(self, item: int) -> ItemScore:
        return next(score for score in self.items if score.item == item)


@dataclass(frozen=True)
class ScoreSheet:
    """A whole assessment: its scheme in words, its days, its items, its units in the order of the ranking."""

    scheme: str
    document: str
    subject: str
    lists: str
    first_on: date
    as_of: date
    full_marks: Decimal
    tie_rule: str
    tie_words: str
    small_rule: str
    small_words: str
    items: tuple[ItemHead, ...]
    units: tuple[UnitScore, ...] = field(default=())

    def standing(self, standing: str) -> list[UnitScore]:
        return [unit for unit in self.units if unit.standing == standing]

    @property
    def ranked(self) -> list[UnitScore]:
        return self.standing(RANKED)

    @property
    def small(self) -> list[UnitScore]:
        return self.standing(SMALL)

    @property
    def idle(self) -> list[UnitScore]:
        return self.standing(IDLE)

    def of(self, unit: int) -> UnitScore | None:
        return next((score for score in self.units if score.unit == unit), None)

    def head(self, item: int) -> ItemHead:
        return next(head for head in self.items if head.item == item)

    def as_dict(self) -> dict:
        """Plain values for the JSON column: decimals and dates as text; `sheet_from` reads them back equal."""
        return _plain(asdict(self))


def sheet_of(round_: AssessmentRound) -> ScoreSheet:
    """What a round says: as frozen once published, as the record stands while a draft."""
    if round_.is_published and round_.content is not None:
        return sheet_from(round_.content)
    entries = list(round_.entries.select_related("made_by"))
    return compose_sheet(round_.scheme, round_.period.first_on, round_.as_of, entries)


def compose_sheet(
    scheme: ScoringScheme, first_on: date, as_of: date, entries: Iterable[AssessmentEntry] = ()
) -> ScoreSheet:
    """The sheet of a scheme over some days, from the figures as they are now. A constant number of queries.

    Units are those of the assessed kind in use, and any other that held the slot in the period; one without projects
    and without anything due is 无任务.
    """
    items = list(scheme.items.all())
    annual = AnnualList.objects.filter(year=as_of.year).select_related("kind")
    chosen = annual.filter(kind=scheme.list_kind_id) if scheme.list_kind_id else annual
    names = [one.name for one in chosen]
    # a list that does not exist this year has no rows; an empty choice would mean all of them
    lists = tuple(one.pk for one in chosen) or (0,)
    assessed = Assessed(first_on, as_of, scheme.subject, lists if scheme.list_kind_id else ())
    figures = assessed_figures(assessed, [item.figure for item in items])
    projects, handovers = projects_counted(assessed), handovers_within(assessed)
    given = {(entry.unit_id, entry.item_id): entry for entry in entries}
    units = _units(scheme, {*projects, *handovers})
    zone = _zone(assessed, items, {unit.pk: figures.get(unit.pk, {}) for unit in units})
    sheet = ScoreSheet(
        scheme=str(scheme),
        document=scheme.document,
        subject=AssessedSlot(scheme.subject).label,
        lists="、".join(names) or "全部名单",
        first_on=first_on,
        as_of=as_of,
        full_marks=scheme.full_marks,
        tie_rule=scheme.tie_rule,
        tie_words=scheme.get_tie_rule_display(),
        small_rule=scheme.small_rule,
        small_words=f"项目少于{scheme.least_projects}个的单位{scheme.get_small_rule_display()}",
        items=tuple(_head(item) for item in items),
    )
    scores = [
        _unit_score(
            unit,
            projects.get(unit.pk, 0),
            scheme,
            items,
            figures.get(unit.pk, {}),
            {item: entry for (pk, item), entry in given.items() if pk == unit.pk},
            zone,
            tuple(handovers.get(unit.pk, ())),
        )
        for unit in units
    ]
    return _ranked(sheet, scores)


def corrected(sheet: ScoreSheet, corrections: Iterable[AssessmentCorrection]) -> ScoreSheet:
    """The sheet with corrections laid over it (更正后): totals and ranks anew, the sheet itself unchanged."""
    points = {(one.unit_id, one.item_id): one.points for one in corrections}
    units = []
    for unit in sheet.units:
        items = tuple(
            replace(score, score=points.get((unit.unit, score.item), score.score)) for score in unit.items
        )
        units.append(replace(unit, items=items, total=_total(sheet, items)))
    return _ranked(sheet, units)


def sheet_from(content: dict) -> ScoreSheet:
    """The sheet of a published round, as it was frozen."""
    units = tuple(
        UnitScore(
            **unit
            | {
                "total": _decimal(unit["total"]),
                "items": tuple(_item_from(item) for item in unit["items"]),
                "handovers": tuple(unit["handovers"]),
            }
        )
        for unit in content["units"]
    )
    decimals = ("weight", "floor", "highest")
    heads = tuple(
        ItemHead(**head | {name: Decimal(head[name]) for name in decimals}) for head in content["items"]
    )
    return ScoreSheet(
        **content
        | {
            "first_on": date.fromisoformat(content["first_on"]),
            "as_of": date.fromisoformat(content["as_of"]),
            "full_marks": Decimal(content["full_marks"]),
            "items": heads,
            "units": units,
        }
    )


def unscored(sheet: ScoreSheet) -> list[tuple[UnitScore, ItemHead]]:
    """Units that still lack points an item with a weight is given by hand (待评分)."""
    heads = [head for head in sheet.items if head.is_manual and head.weight]
    scored = [unit for unit in sheet.units if unit.standing != IDLE]
    return [(unit, head) for unit in scored for head in heads if unit.item(head.item).score is None]


# --- one unit -------------------------------------------------------------------------------------------


def _unit_score(
    unit: Unit,
    projects: int,
    scheme: ScoringScheme,
    items: list[ScoringItem],
    figures: Mapping[str, Measured],
    entries: Mapping[int, AssessmentEntry],
    zone: Mapping[str, Fraction | None],
    handovers: tuple[str, ...],
) -> UnitScore:
    has_task = bool(projects) or any(measured.rows for measured in figures.values())
    is_small = has_task and projects < scheme.least_projects
    by_zone = is_small and scheme.small_rule == SmallRule.ZONE_MEAN
    scores = tuple(
        _by_hand(item, entries.get(item.pk))
        if item.is_manual
        else _by_figure(item, figures.get(item.figure, Measured()), zone if by_zone else None)
        for item in items
    )
    standing = RANKED
    if not has_task:
        standing = IDLE
    elif is_small and scheme.small_rule == SmallRule.APART:
        standing = SMALL
    total = None
    if has_task:
        total = _sum({item.pk: item.weight for item in items}, scheme.full_marks, scores)
        standing = IDLE if total is None else standing
    return UnitScore(unit.pk, str(unit), projects, standing, total, None, is_small, scores, handovers)


def _by_figure(
    item: ScoringItem, measured: Measured, zone: Mapping[str, Fraction | None] | None
) -> ItemScore:
    """Points of a figure; for a unit scored by the zone the zone's value stands in for its own."""
    value = measured.value if zone is None else zone.get(item.figure)
    return ItemScore(
        item=item.pk,
        score=item.rule.points(value),
        value=None if value is None else round_half_up(value, VALUE_PLACES),
        numerator=Decimal(measured.ratio.numerator),
        denominator=Decimal(measured.ratio.denominator),
        note="" if zone is None else "按全区合计计分",
        rows=tuple(measured.rows),
        left_out=tuple(measured.left_out),
    )


def _by_hand(item: ScoringItem, entry: AssessmentEntry | None) -> ItemScore:
    if entry is None:
        return ItemScore(item=item.pk, score=None if item.weight else Decimal("0.00"))
    day = f"{timezone.localdate(entry.made_at):%Y-%m-%d}"
    note = f"{entry.reason}（{entry.document}；{entry.made_by}，{day}）"
    return ItemScore(item=item.pk, score=entry.points, note=note)


def _zone(
    assessed: Assessed, items: list[ScoringItem], figures: Mapping[int, Mapping[str, Measured]]
) -> dict:
    """{figure: value over all assessed units}: sums over sums, never the mean of rates."""
    zone = {}
    for item in items:
        if not item.is_manual:
            ratio = Ratio.total(unit[item.figure].ratio for unit in figures.values() if item.figure in unit)
            zone[item.figure] = zone_value(assessed, item.figure, ratio)
    return zone


def _units(scheme: ScoringScheme, holders: set[int]) -> list[Unit]:
    kind = Unit.Kind.DISTRICT if scheme.subject == AssessedSlot.HOST_DISTRICT else Unit.Kind.DEPARTMENT
    return [
        unit for unit in Unit.objects.all() if unit.pk in holders or (unit.kind == kind and unit.is_active)
    ]


# --- totals and ranks -----------------------------------------------------------------------------------


def _total(sheet: ScoreSheet, scores: Iterable[ItemScore]) -> Decimal | None:
    return _sum({head.item: head.weight for head in sheet.items}, sheet.full_marks, scores)


def _sum(weights: Mapping[int, Decimal], full_marks: Decimal, scores: Iterable[ItemScore]) -> Decimal | None:
    scores = list(scores)
    bonus = sum((score.score or Decimal(0) for score in scores if not weights[score.item]), Decimal(0))
    parts = [(score.score, weights[score.item]) for score in scores if weights[score.item]]
    return total_points(parts, full_marks=full_marks, bonus=bonus)


def _ranked(sheet: ScoreSheet, units: list[UnitScore]) -> ScoreSheet:
    """The sheet with its units ranked: the ranked first by rank, then the small, then those without tasks."""
    by_weight = sorted(sheet.items, key=lambda head: -head.weight)  # equal weights keep the scheme's order
    results = {
        unit.unit: (unit.total, *(unit.item(head.item).score or Decimal(0) for head in by_weight))
        for unit in units
        if unit.standing == RANKED and unit.total is not None
    }
    places = ranks(results, TieRule(sheet.tie_rule))
    ranked = [replace(unit, rank=places.get(unit.unit)) for unit in units]
    order = (RANKED, SMALL, IDLE)
    ranked.sort(key=lambda unit: (order.index(unit.standing), unit.rank or 0, -(unit.total or 0)))
    return replace(sheet, units=tuple(ranked))


def _head(item: ScoringItem) -> ItemHead:
    return ItemHead(
        item=item.pk,
        name=item.name,
        figure=item.figure,
        weight=item.weight,
        floor=item.floor,
        highest=item.highest,
        unit=item.unit,
        rule_words=rule_words(item),
        meaning=MEANINGS[item.figure],
    )


def rule_words(item: ScoringItem) -> str:
    """An item's rule in one sentence (计分办法): what a unit can check its own score by."""
    low, high = _number(item.floor), _number(item.highest)
    if item.is_manual:
        return f"人工评分，{low}至{high}分"
    unit, weight = item.unit, _number(item.weight)
    if item.method == ScoringItem.Method.LINEAR:
        words = f"{_number(item.zero_at)}{unit}得0分，{_number(item.full_at)}{unit}得{weight}分，按比例计"
    else:
        each = "每低1个百分点"
        words = f"达到{_number(item.full_at)}{unit}得{weight}分，{each}扣{_number(item.per_point)}分"
    bounds = [f"最低{low}分"] if item.floor else []
    bounds += [f"最高{high}分"] if item.highest != item.weight else []
    return "，".join([words, *bounds])


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}".replace("-", "−")


# --- as JSON --------------------------------------------------------------------------------------------


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _item_from(item: dict) -> ItemScore:
    decimals = ("score", "value", "numerator", "denominator")
    rows = tuple(
        CountedRow(**row | {name: Decimal(str(row[name])) for name in ("numerator", "denominator")})
        for row in item["rows"]
    )
    left_out = tuple(LeftOut(**row) for row in item["left_out"])
    return ItemScore(
        **item | {name: _decimal(item[name]) for name in decimals} | {"rows": rows, "left_out": left_out}
    )


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)
