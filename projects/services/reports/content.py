"""What a ten-day report may say (旬报填报内容): its fields, what is refused outright, what asks for a reason, dates of fact."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

from django.core.exceptions import ValidationError

from projects import rules
from projects.models import ProgressReport, Project, User
from projects.periods import TenDayPeriod
from projects.queries.reports.reports import last_report_before, office_contacts, planned_investment

from ..base.changing import refuse
from ..base.guards import wrong_day
from ..base.records import plain, record, snapshot

FACTS = {"started_on": "实际开工日期", "completed_on": "竣工日期", "in_production_on": "投产日期"}
ENTRY_FIELDS = ("invested_this_year", "invested_to_date", "physical_progress", "work_done", "next_steps")


@dataclass(frozen=True)
class ReportEntry:
    """What the reporter typed (填报内容); `facts` holds dates of fact the project does not have yet."""

    invested_this_year: Decimal | None = None
    invested_to_date: Decimal | None = None
    physical_progress: str = ""
    work_done: str = ""
    next_steps: str = ""
    facts: dict[str, date] = field(default_factory=dict)


def plain_facts(facts: dict[str, date]) -> dict[str, str]:
    return {name: plain(day) for name, day in facts.items() if name in FACTS and day}


def report_warnings(project: Project, period: TenDayPeriod, entry: ReportEntry) -> list[str]:
    """Plausibility warnings of an entry (核对提示), sentences a reporter may overrule with a reason. Three queries."""
    issues = rules.report_warnings(
        rules.ReportFacts(
            period, entry.invested_this_year, entry.invested_to_date, entry.physical_progress, entry.work_done
        ),
        _facts_of(last_report_before(project, period, any_year=True)),
        planned_investment(project, year=period.year, as_of=period.last_on),
        project.total_investment,
        entry.facts.get("started_on") or project.started_on,
        two_months_ago=_facts_of(
            last_report_before(project, period.shift(1 - rules.STALLED_PERIODS), any_year=True)
        ),
        completed_on=entry.facts.get("completed_on") or project.completed_on,
    )
    return [issue.message for issue in issues]


def _facts_of(report: ProgressReport | None) -> rules.ReportFacts | None:
    if report is None:
        return None
    return rules.ReportFacts(
        report.period,
        report.invested_this_year,
        report.invested_to_date,
        report.physical_progress,
        report.work_done,
    )


def refuse_incomplete(entry: ReportEntry) -> None:
    """Refuses to hand in a report without its amount or 形象进度; a draft may lack both."""
    no_amount = entry.invested_this_year is None
    refuse(
        invested_this_year=no_amount and "请填写本年累计完成投资；本年尚无投资的填 0。",
        physical_progress=not entry.physical_progress.strip() and "请用一句话填写形象进度。",
    )


def refuse_impossible(entry: ReportEntry, period: TenDayPeriod) -> None:
    """Refuses what no reason can mend: negative amounts."""
    issues = rules.report_errors(rules.ReportFacts(period, entry.invested_this_year, entry.invested_to_date))
    if issues:
        raise ValidationError({issue.field: issue.message for issue in issues})


def refuse_facts(project: Project, entry: ReportEntry, today: date) -> None:
    """Refuses dates of fact in the future, out of order, or other than those the project has already."""
    errors: dict[str, str] = {}
    for name, day in entry.facts.items():
        known = getattr(project, name)
        if known and known != day:
            errors[name] = (
                f"{FACTS[name]}已登记为{known.isoformat()}；如有误，请联系{office_contacts()}更正。"
            )
        elif why := wrong_day(FACTS[name], day, today):
            errors[name] = why
    reached = [(name, entry.facts.get(name) or getattr(project, name)) for name in FACTS]
    dated = [(name, day) for name, day in reached if day]
    for (earlier, first), (later, second) in pairwise(dated):
        if second < first and later not in errors:
            name = later if later in entry.facts else earlier
            errors[name] = f"{FACTS[later]}不能早于{FACTS[earlier]}。"
    if dated and not reached[0][1] and "started_on" not in errors:
        errors["started_on"] = "填写竣工或投产日期的，须先填写实际开工日期。"
    refuse(**errors)


# --- dates of fact ----------------------------------------------------------------------------------------


def register_facts(report: ProgressReport, project: Project, by: User, now: datetime) -> None:
    """Make the report's dates of fact the held project's, as far as it has none (登记开竣工日期)."""
    new = {name: day for name, day in report.reported_facts.items() if getattr(project, name) is None}
    if new != report.reported_facts:
        # What the project knew already is not this report's to take back.
        report.reported_facts = new
        report.save(update_fields=["reported_facts"])
    if new:
        days: dict[str, date | None] = {name: date.fromisoformat(day) for name, day in new.items()}
        why = f"{report.period.full_words}旬报"
        _write_facts(project, days, "随旬报登记开竣工日期", by=by, now=now, reason=why)


def withdraw_facts(report: ProgressReport, by: User, now: datetime, reason: str) -> None:
    """Take back the dates of fact a returned report brought, save those somebody has changed since.

    Its project is held.
    """
    project = report.project
    mine = [name for name, day in report.reported_facts.items() if plain(getattr(project, name)) == day]
    if mine:
        none = dict.fromkeys(mine)
        _write_facts(project, none, "旬报退回，撤回开竣工日期", by=by, now=now, reason=reason)


def _write_facts(
    project: Project, days: dict[str, date | None], action: str, *, by: User, now: datetime, reason: str
) -> None:
    """Dates alone: whatever else stands in the project is not the report's to judge."""
    before = snapshot(project)
    for name, day in days.items():
        setattr(project, name, day)
    project.save(update_fields=list(days))
    record(action=action, instance=project, by=by, now=now, before=before, reason=reason)
