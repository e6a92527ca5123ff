"""What a ten-day report may say (旬报填报内容): its fields, what is refused outright, what asks for a reason, dates of fact."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

from django.core.exceptions import ValidationError

from .. import rules
from ..models import ENDED_STATES, ProgressReport, Project, User
from ..periods import EARLIEST, TenDayPeriod
from ..queries.reports import (
    current_window,
    last_report_before,
    office_contacts,
    planned_investment,
)
from .records import plain, record, snapshot

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
            period,
            entry.invested_this_year,
            entry.invested_to_date,
            entry.physical_progress,
            entry.work_done,
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
    return report and rules.ReportFacts(
        report.period,
        report.invested_this_year,
        report.invested_to_date,
        report.physical_progress,
        report.work_done,
    )


def refuse_closed_period(
    project: Project,
    period: TenDayPeriod,
    *,
    today: date,
    by: User,
    reason: str = "",
    returned: bool = False,
) -> None:
    """Refuses a period that may not be filled on the day (填报窗口); a returned report may always be mended.

    The office may enter a locked period (代填) when it gives a reason.
    """
    window = current_window(period)
    if window.is_future(today):
        first = window.opens_on
        raise ValidationError(f"{period.words}尚未开始，{first.month}月{first.day}日起可以填报。")
    if project.state in ENDED_STATES:
        raise ValidationError(f"该项目已{project.get_state_display()}，不再报送旬报。")
    if period.last_on < project.reports_from_on and not returned:
        first = TenDayPeriod.containing(project.reports_from_on)
        raise ValidationError(f"该项目自{first.year}年{first.words}起报送旬报，{period.words}无需填报。")
    if returned or not window.is_locked(today, project.pk):
        return
    closed = f"{period.words}旬报已于{window.closes_on.month}月{window.closes_on.day}日截止"
    if not by.is_office:
        raise ValidationError(f"{closed}，不能再填报。确需补报的，请联系{office_contacts()}。")
    if not reason:
        raise ValidationError({"overrule_reason": f"{closed}，由发改局代填须写明原因。"})


def refuse_incomplete(entry: ReportEntry) -> None:
    """Refuses to hand in a report without its amount or 形象进度; a draft may lack both."""
    errors = {}
    if entry.invested_this_year is None:
        errors["invested_this_year"] = "请填写本年累计完成投资；本年尚无投资的填 0。"
    if not entry.physical_progress.strip():
        errors["physical_progress"] = "请用一句话填写形象进度。"
    if errors:
        raise ValidationError(errors)


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
        elif day > today:
            errors[name] = f"{FACTS[name]}不能晚于今天。"
        elif day < EARLIEST:
            errors[name] = f"{FACTS[name]}不能早于{EARLIEST.year}年。"
    reached = [(name, entry.facts.get(name) or getattr(project, name)) for name in FACTS]
    dated = [(name, day) for name, day in reached if day]
    for (earlier, first), (later, second) in pairwise(dated):
        if second < first and later not in errors:
            name = later if later in entry.facts else earlier
            errors[name] = f"{FACTS[later]}不能早于{FACTS[earlier]}。"
    if dated and not reached[0][1] and "started_on" not in errors:
        errors["started_on"] = "填写竣工或投产日期的，须先填写实际开工日期。"
    if errors:
        raise ValidationError(errors)


# --- dates of fact ----------------------------------------------------------------------------------------


def register_facts(report: ProgressReport, project: Project, by: User, now: datetime) -> None:
    """Make the report's dates of fact the project's, as far as it has none (登记开竣工日期)."""
    new = {name: day for name, day in report.reported_facts.items() if getattr(project, name) is None}
    if new != report.reported_facts:
        # What the project knew already is not this report's to take back.
        report.reported_facts = new
        report.save(update_fields=["reported_facts"])
    if not new:
        return
    before = snapshot(project)
    for name, day in new.items():
        setattr(project, name, date.fromisoformat(day))
    project.save(update_fields=list(new))
    record(
        action="随旬报登记开竣工日期",
        instance=project,
        by=by,
        now=now,
        before=before,
        reason=f"{report.period.full_words}旬报",
    )


def withdraw_facts(report: ProgressReport, by: User, now: datetime, reason: str) -> None:
    """Take back the dates of fact a returned report brought, save those somebody has changed since."""
    if not report.reported_facts:
        return
    project = Project.objects.select_for_update(of=("self",)).get(pk=report.project_id)
    before = snapshot(project)
    mine = [name for name, day in report.reported_facts.items() if plain(getattr(project, name)) == day]
    for name in mine:
        setattr(project, name, None)
    if mine:
        project.save(update_fields=mine)
        record(
            action="旬报退回，撤回开竣工日期", instance=project, by=by, now=now, before=before, reason=reason
        )
