"""Publishing the zone's figures (数据发布): population and facts of a day sealed as they are read at that moment."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from projects.figures.figures import figures_of
from projects.figures.lights.judging import colours_for
from projects.figures.population import DIMENSIONS, Scope
from projects.figures.printed import printed_difference, printed_rates
from projects.figures.published import CHUNK, TOTAL, as_published, counted_rows, frozen_share
from projects.models import Project, Publication, PublishedRow, User, WeeklyReport
from projects.periods import day_words

from ..base.changing import refuse, sure
from ..base.guards import office_only, one_at_a_time, wrong_day
from ..base.records import record

WEEKLY = str(WeeklyReport._meta.verbose_name)


@transaction.atomic
def seal_figures(*, name: str, as_of: date | None, by: User, now: datetime) -> Publication:
    """Seal the figures of a day (封存数据), for a monthly report or the press. The office alone.

    Refuses: no name, one the day has already, a day in the future, a day on which no list counts a project.
    """
    office_only(by, "封存数据")
    name = " ".join(name.split())
    refuse(
        name=(not name and "请填写名称，如：2023年9月月报。")
        or (name.startswith(WEEKLY) and f"“{WEEKLY}”的数据随周报签发自动封存，请另取名称。"),
        as_of=wrong_day("统计日", as_of, timezone.localdate(now), "，请到当日以后再封存"),
    )
    day = sure(as_of)
    publication = _publish(Publication(name=name, as_of=day, published_by=by, published_at=now))
    if not publication.rows.exists():
        refuse(as_of=f"{day_words(day)}没有在列项目，无数据可封存。")
    record(action="封存数据", instance=publication, by=by, now=now)
    return publication


@transaction.atomic
def publish_report(*, report: WeeklyReport, by: User, now: datetime) -> Publication:
    """Seal the figures of a weekly report's Sunday with its signature (随周报发布), within the caller's transaction.

    Refuses a report whose printed rates are no longer what the sealed rows say: the draft is to be made anew first.
    """
    publication = _publish(
        Publication(
            name=str(report),
            as_of=report.period.last_on,
            weekly_report=report,
            published_by=by,
            published_at=now,
        )
    )
    if moved := printed_difference(report.content.get("rates", []), printed_rates(as_published(publication))):
        raise ValidationError(f"草稿生成后数据有变动：{moved}。请先点“按最新数据重新生成”，核对后再签发。")
    record(action="发布数据", instance=publication, by=by, now=now)
    return publication


def _publish(publication: Publication) -> Publication:
    """Write a publication and its rows, read and written in chunks; the lists' 序时 of the day with it."""
    one_at_a_time()  # a double click meets the first
    publication.year = publication.as_of.year
    scope = Scope(publication.as_of, publication.year)
    figures = figures_of(scope, follow_up=False)
    publication.pro_rata = {TOTAL: frozen_share(figures.total.baseline.name, figures.total.pro_rata_progress)}
    for row in figures.lists:
        publication.pro_rata[str(row.scope.lists[0])] = frozen_share(row.baseline.name, row.pro_rata_progress)
    publication.full_clean()
    publication.save()
    lights = colours_for(
        Project.objects.filter(pk__in=scope.versions().values("listing__project")), scope.as_of
    )
    places = {item.pk: item.places for item in scope.annual_lists()}
    rows = (
        PublishedRow(
            publication=publication,
            listing_id=row.listing,
            position=row.position,
            rate_places=places[row.annual_list],
            light=lights[row.project],
            **{
                f"{name}_id" if name in DIMENSIONS else name: value
                for name, value in row.facts._asdict().items()
            },
        )
        for row in counted_rows(scope)
        if row.project in lights  # listed by somebody between two statements: the next publication has it
    )
    for chunk in _chunks(rows):
        PublishedRow.objects.bulk_create(chunk)
    return publication


def _chunks(rows: Iterable[PublishedRow]) -> Iterator[list[PublishedRow]]:
    rows = iter(rows)
    while chunk := list(islice(rows, CHUNK)):
        yield chunk
