"""Building the weekly overdue report (逾期周报): from findings, lists and the reports frozen before and after."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from django.db.models import Count

from ..figures.population import Scope
from ..figures.printed import printed_rates
from ..models import Alert, AlertExemption, Handover, OfficeSettings, Official, Project, Unit, WeeklyReport
from ..models.projects import holder_on
from ..periods import Week
from ..queries.alerts.findings import Finding, findings
from ..rules.ranking import RankingEntry, rank
from .content import UNASSIGNED, Content, ListRate, Ranked, ReportRow, content_from

Rows = dict[tuple[str, str], ReportRow]
LAST = 10**6  # sorts those without a place behind the others


def weekly_content(week: Week) -> Content:
    """A week's report as of its Sunday: what was published once it is frozen, else built from the facts.

    The opening is the open set of the week before. What a frozen neighbour printed stays: a frozen week before
    gives this opening, a frozen week after gives this open set, so that issues always join.
    """
    own = frozen(week)
    if own is not None:
        return own
    before, after = frozen(week.previous()), frozen(week.next())
    listed = by_key(before.open_rows) if before else None
    prior = listed if listed is not None else _computed(week.previous(), {})[0]
    standing, exempt = _computed(week, prior)
    if after is not None:
        standing = _as_listed_after(after, week)
    cleared = _cleared(prior, standing, exempt)
    new = tuple(row for key, row in standing.items() if key not in prior)
    still = tuple(row for key, row in standing.items() if key in prior)
    return Content(
        week=week.code,
        number=week.number,
        office=OfficeSettings.current().office_name,
        new=tuple(replace(row, weeks=1) for row in new),
        still=still,
        cleared=cleared,
        exempt=tuple(exempt.values()),
        rates=tuple(_rates(week.last_on)),
        ranking=tuple(_ranking(new, still, cleared)),
    )


def frozen(week: Week) -> Content | None:
    """What was published for the week, or None while it is a draft or missing."""
    report = WeeklyReport.objects.filter(year=week.year, week=week.number).first()
    return content_from(report.content) if report and report.is_frozen else None


def by_key(rows: tuple[ReportRow, ...]) -> Rows:
    return {row.key: row for row in rows}


def _as_listed_after(after: Content, week: Week) -> Rows:
    """The open set that the frozen issue of the next week started from, told as of this week's Sunday."""
    week_earlier = tuple(replace(row, weeks=max(1, row.weeks - 1)) for row in after.still)
    day = week.last_on
    return {
        row.key: replace(row, days_late=(day - row.due_on).days) for row in (*week_earlier, *after.cleared)
    }


def _computed(week: Week, prior: Rows) -> tuple[Rows, Rows]:
    """(open, exempt) on the week's Sunday, in office order. prior: the week before, for the weeks listed."""
    found = findings(week.last_on)
    projects = Project.objects.in_bulk({item.project_id for item in found})
    units = Unit.objects.in_bulk()
    holders = _holders(projects, units, week.last_on)
    alerts = Alert.objects.open_on(week.last_on)
    exempt_until = {
        (exemption.alert.kind, exemption.alert.subject): exemption.until_on
        for exemption in AlertExemption.objects.on(week.last_on)
        .filter(alert__in=alerts)
        .select_related("alert")
    }
    found.sort(key=lambda item: _place(projects[item.project_id], holders[item.project_id], item))
    standing: Rows = {}
    exempt: Rows = {}
    for item in found:
        project = projects[item.project_id]
        row = _row(item, project, holders[project.pk], units, week, prior.get(item.key))
        if item.key in exempt_until:
            until = exempt_until[item.key]
            exempt[item.key] = replace(row, remark=f"豁免至{until.year}年{until.month}月{until.day}日")
        else:
            standing[item.key] = row
    return standing, exempt


class Holders(NamedTuple):
    """Who answered for a project on the report's Sunday (当日责任)."""

    sponsor: Official | None
    lead_department: Unit | None
    host_district: Unit | None


def _holders(projects: Iterable[int], units: dict[int, Unit], day: date) -> dict[int, Holders]:
    """{project: who held its slots on the day}, of all units by key. Two queries."""
    officials = Official.objects.in_bulk()
    rows = Project.objects.filter(pk__in=projects).values_list(
        "pk", *(holder_on(slot, day) for slot in Handover.Slot.values)
    )
    return {
        pk: Holders(officials.get(sponsor), units.get(lead), units.get(host))
        for pk, sponsor, lead, host in rows
    }


def _row(
    item: Finding,
    project: Project,
    holders: Holders,
    units: dict[int, Unit],
    week: Week,
    listed: ReportRow | None,
) -> ReportRow:
    return ReportRow(
        kind=item.kind,
        subject=item.subject,
        project_id=project.pk,
        code=project.code,
        project=project.name,
        sponsor=str(holders.sponsor or UNASSIGNED),
        lead_department=str(holders.lead_department or UNASSIGNED),
        host_district=str(holders.host_district or UNASSIGNED),
        unit=str(units.get(item.unit_id or 0, UNASSIGNED)),
        title=item.title,
        due_on=item.due_on,
        days_late=item.days_late,
        weeks=listed.weeks + 1 if listed else _weeks_late(item.due_on, week.last_on),
        periods=item.count,
    )


def _weeks_late(due_on: date, sunday: date) -> int:
    """How many Sundays the matter has been late on: the weeks listed when no earlier issue says."""
    return max(1, ((sunday - due_on).days + 6) // 7)


def _cleared(prior: Rows, standing: Rows, exempt: Rows) -> tuple[ReportRow, ...]:
    return tuple(
        replace(row, remark=exempt[key].remark if key in exempt else row.remark)
        for key, row in prior.items()
        if key not in standing
    )


def _place(project: Project, holders: Holders, item: Finding) -> tuple:
    """Office order: 挂包领导, then 推进部门, then 属地, each by its position; then project and due day."""

    def place(holder: Official | Unit | None) -> tuple[int, int]:
        return (holder.position, holder.pk) if holder else (LAST, 0)

    return (*map(place, holders), project.code, item.due_on, item.kind, item.subject)


def _rates(day: date) -> list[ListRate]:
    """Rates of each of the year's lists and of all together, by the definitions of figures."""
    return [ListRate(**line) for line in printed_rates(Scope(day, day.year))]


def _ranking(
    new: tuple[ReportRow, ...], still: tuple[ReportRow, ...], cleared: tuple[ReportRow, ...]
) -> list[Ranked]:
    """Departments by overdue matters of the projects they lead, the most first; equal numbers share a rank.

    Departments without projects are named without a rank (无任务), those with one or two are marked.
    """
    projects = dict(
        Project.objects.active().order_by().values_list("lead_department").annotate(n=Count("pk"))
    )
    lines = {}
    for unit in Unit.objects.filter(kind=Unit.Kind.DEPARTMENT, is_active=True):
        name = str(unit)
        listed, added, gone = (
            sum(row.lead_department == name for row in rows) for rows in ((*new, *still), new, cleared)
        )
        lines[name] = Ranked(None, name, projects.get(unit.pk, 0), listed, added, gone)
    places = rank(RankingEntry(name, line.projects, line.open) for name, line in lines.items())
    return [replace(lines[line.key], rank=line.place, remark=line.remark) for line in places]
