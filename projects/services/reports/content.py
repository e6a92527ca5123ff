"""What a ten-day report may say (旬报填报内容): its fields, what is refused outright, what asks for a reason, dates of fact."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

from django.core.exceptions import ValidationError

from projects import rules
from projects.models import ProgressReport, Project, User
from projects.periods import TenDayPeriod
from projects.queries.reports.beforehand import Beforehand
from projects.queries.reports.reports import office_contacts

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


def facts_of(report: ProgressReport | None) -> dict[str, date]:
    """The dates of fact that a report tells (随旬报填报的日期)."""
    told = report.reported_facts if report else {}
    return {name: date.fromisoformat(day) for name, day in told.items()}


def report_warnings(entry: ReportEntry, project: Project, known: Beforehand) -> list[str]:
    """Plausibility warnings of an entry (核对提示), sentences a reporter may overrule with a reason. No query."""
    facts = {**known.claimed, **entry.facts}
    issues = rules.report_warnings(
        rules.ReportFacts(
            known.period,
            entry.invested_this_year,
            entry.invested_to_date,
            entry.physical_progress,
            entry.work_done,
        ),
        _facts_of(known.latest),
        known.planned_investment,
        project.total_investment,
        facts.get("started_on") or project.started_on,
        two_months_ago=_facts_of(known.two_months_ago),
        completed_on=facts.get("completed_on") or project.completed_on,
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


def refuse_facts(entry: ReportEntry, project: Project, known: Beforehand, today: date) -> None:
    """Refuses dates of fact in the future, out of order, or other than those registered or claimed already.

    No query, but for whom to ask where a registered one differs.
    """
    errors: dict[str, str] = {}
    claimed = known.claimed
    for name, day in entry.facts.items():
        registered = getattr(project, name)
        if not registered and name in claimed and claimed[name] != day:
            errors[name] = (
                f"{FACTS[name]}已在另一期待确认的旬报中填为{claimed[name].isoformat()}；如有误，请联系审核人退回该期。"
            )
        elif registered and registered != day:
            errors[name] = (
                f"{FACTS[name]}已登记为{registered.isoformat()}；如有误，请联系{office_contacts()}更正。"
            )
        elif why := wrong_day(FACTS[name], day, today):
            errors[name] = why
    given = {**claimed, **entry.facts}
    reached = {name: given.get(name) or getattr(project, name) for name in FACTS}
    for earlier, later in out_of_order(reached):
        if later not in errors:
            name = later if later in entry.facts else earlier
            errors[name] = f"{FACTS[later]}不能早于{FACTS[earlier]}。"
    if any(reached.values()) and not reached["started_on"] and "started_on" not in errors:
        errors["started_on"] = "填写竣工或投产日期的，须先填写实际开工日期。"
    refuse(**errors)


def out_of_order(reached: Mapping[str, date | None]) -> list[tuple[str, str]]:
    """Pairs of dates of fact of which the later step comes before the earlier one."""
    dated = [(name, day) for name, day in reached.items() if day]
    return [(earlier, later) for (earlier, first), (later, second) in pairwise(dated) if second < first]


# --- dates of fact ----------------------------------------------------------------------------------------


def keep_new_facts(report: ProgressReport, project: Project) -> None:
    """What the project knew already is not this report's to bring, nor to take back."""
    new = {name: day for name, day in report.reported_facts.items() if getattr(project, name) is None}
    if new != report.reported_facts:
        report.reported_facts = new
        report.save(update_fields=["reported_facts"])


def register_facts(report: ProgressReport, by: User, now: datetime) -> None:
    """Make the dates of fact of a report just confirmed its held project's, as far as it has none (登记开竣工日期).

    Refuses dates that do not fit those the project has got since the report was handed in.
    """
    project = report.project
    keep_new_facts(report, project)
    if report.reported_facts:
        days: dict[str, date | None] = {
            name: date.fromisoformat(day) for name, day in report.reported_facts.items()
        }
        if wrong := out_of_order({name: days.get(name) or getattr(project, name) for name in FACTS}):
            earlier, later = wrong[0]
            raise ValidationError(
                f"该旬报填报的日期与已登记的不符：{FACTS[later]}早于{FACTS[earlier]}，请退回核对。"
            )
        why = f"{report.period.full_words}旬报"
        _write_facts(project, days, "随旬报登记开竣工日期", by=by, now=now, reason=why)


def withdraw_facts(report: ProgressReport, by: User, now: datetime, reason: str) -> None:
    """Take back the dates of fact a reopened report brought, save those somebody has changed since.

    Its project is held.
    """
    project = report.project
    mine = [name for name, day in report.reported_facts.items() if plain(getattr(project, name)) == day]
    if mine:
        none = dict.fromkeys(mine)
        _write_facts(project, none, "重新打开旬报，撤回开竣工日期", by=by, now=now, reason=reason)


def _write_facts(
    project: Project, days: dict[str, date | None], action: str, *, by: User, now: datetime, reason: str
) -> None:
    """Dates alone: whatever else stands in the project is not the report's to judge."""
    before = snapshot(project)
    for name, day in days.items():
        setattr(project, name, day)
    project.save(update_fields=list(days))
    record(action=action, instance=project, by=by, now=now, before=before, reason=reason)
