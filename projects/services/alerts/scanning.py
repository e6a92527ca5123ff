"""Alerts (预警): the scan that opens and closes them and walks the ladder; acknowledging and exempting."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from projects.models import (
    Alert,
    AlertExemption,
    AlertKind,
    AlertStep,
    DueReminder,
    ListingVersion,
    OfficeSettings,
    User,
)
from projects.queries.alerts.due_soon import PERMIT_SOON
from projects.queries.alerts.ladder import Digest, LetterLine, ScanPlan, plan_scan

from ..base.changing import added, changed, held, refuse, required
from ..base.guards import not_office
from ..base.notices import queue_notice
from ..base.steps import Steps, not_now, not_you, step

VALIDITY_KINDS = frozenset(
    {AlertKind.PERMIT_LAPSED.value, PERMIT_SOON}
)  # they end, where others are to be done
PROJECTS_IN_A_LETTER = 15  # the rest stands in the attached sheet


DOCUMENT_LENGTH = ListingVersion._meta.get_field("document").max_length
CARRIED = (AlertKind.START_OVERDUE, AlertKind.COMPLETION_OVERDUE)
REASON_LENGTH = AlertExemption._meta.get_field("reason").max_length


def steps_of(alert: Alert, user: User, today: date, sees: bool | None = None) -> Steps:
    """What may be done with an alert: acknowledge (知悉), carry (结转), exempt (豁免), lift (取消豁免).

    One query for its exemptions unless they are read beside it, and one unless `sees` says that the person may read
    it; who acknowledged it is read beside it.
    """
    if sees is None:
        sees = Alert.objects.visible_to(user).filter(pk=alert.pk).exists()
    is_closed = alert.closed_on is not None
    return Steps(
        acknowledge=step(
            not sees and not_you("无权知悉该预警。"),
            is_closed and not_now("该预警已解除，无需知悉。"),
            alert.acknowledged_at is not None and not_now(f"该预警已由{alert.acknowledged_by}知悉。"),
        ),
        carry=step(
            not_office(user, "结转"),
            is_closed and not_now("该预警已解除，无需结转。"),
            not (alert.kind in CARRIED and alert.due_on.year < today.year)
            and not_now("只有以前年度名单到期未办的开工、竣工事项可以结转。"),
        ),
        exempt=step(not_office(user, "豁免预警"), is_closed and not_now("该预警已解除，无需豁免。")),
        lift=step(
            not_office(user, "取消豁免"),
            is_closed and not_now("该预警已解除，无需取消豁免。"),
            not alert.exemption_on(today) and not_now("该预警现无豁免。"),
        ),
    )


@dataclass(frozen=True)
class ScanResult:
    """What a scan did: alerts opened and closed, those open and not exempted by kind, messages queued."""

    as_of: date
    opened: int
    closed: int
    open: dict[str, int]
    digests: tuple[Digest, ...]
    is_past: bool = False

    def as_json(self) -> dict:
        return {
            "as_of": self.as_of.isoformat(),
            "opened": self.opened,
            "closed": self.closed,
            "open": self.open,
            "notices": len(self.digests),
        }


@transaction.atomic
def scan_alerts(*, as_of: date, now: datetime) -> ScanResult:
    """Bring the alerts up to a day (预警扫描): open, close, escalate, queue one message a person.

    Run again it changes nothing; a day before the last scan changes nothing either, since that scan has caught up.
    Exempted alerts stay visible but are neither counted nor escalated. The scan has no actor: opened_on, closed_on
    and the steps are its record.
    """
    OfficeSettings.objects.select_for_update().get(
        pk=1
    )  # one at a time: a second scan meets what the first left
    plan = plan_scan(as_of)
    Alert.objects.bulk_create(plan.opened, batch_size=500)
    Alert.objects.bulk_update(
        [*plan.changed, *plan.closed], ["title", "due_on", "unit", "closed_on"], batch_size=500
    )
    AlertStep.objects.bulk_create(plan.steps, batch_size=500)
    DueReminder.objects.bulk_create(plan.reminders, batch_size=500)
    for digest in plan.digests:
        queue_notice(
            recipient=digest.recipient,
            key=_key(digest, as_of),
            subject=digest_subject(digest, as_of),
            body=digest_body(digest),
            rows=[line.as_row() for line in digest.lines],
            link=reverse("alert_list"),
            now=now,
        )
    return _result(plan)


def rehearse_scan(*, as_of: date) -> ScanResult:
    """What a scan of the day would do and whom it would tell (预演); writes nothing."""
    plan = plan_scan(as_of)
    gone = {alert.pk for alert in plan.closed}
    standing = [alert for alert in Alert.objects.counted_on(as_of) if alert.pk not in gone]
    open_by_kind = Counter(alert.kind for alert in [*standing, *plan.opened])
    return _result(plan, dict(sorted(open_by_kind.items())))


def open_counts(as_of: date) -> dict[str, int]:
    """Alerts open and not exempted, by kind; kinds without any are left out."""
    return dict(sorted(Counter(Alert.objects.counted_on(as_of).values_list("kind", flat=True)).items()))


def _result(plan: ScanPlan, open_by_kind: dict[str, int] | None = None) -> ScanResult:
    return ScanResult(
        as_of=plan.as_of,
        opened=len(plan.opened),
        closed=len(plan.closed),
        open=open_counts(plan.as_of) if open_by_kind is None else open_by_kind,
        digests=tuple(plan.digests),
        is_past=plan.is_past,
    )


@transaction.atomic
def acknowledge_alert(*, alert: Alert, by: User, now: datetime) -> Alert:
    """Say that one has taken note (知悉), of an alert one may see. Refuses one closed or acknowledged already."""
    alert = _held(alert, "acknowledge", by, now)
    with changed(alert, "知悉预警", by=by, now=now):
        alert.acknowledged_by, alert.acknowledged_at = by, now
    return alert


@transaction.atomic
def exempt_alert(*, alert: Alert, reason: str, until_on: date, by: User, now: datetime) -> AlertExemption:
    """Exempt an alert from today until a day (豁免): kept visible, not counted, not escalated. Only the office.

    One that is exempted is exempted anew from today on (变更豁免); the days before keep what was granted for them.
    Refuses no reason, a closed alert and a day gone by.
    """
    alert = _held(alert, "exempt", by, now)
    reason = required(reason, "豁免原因", most=REASON_LENGTH)
    today = timezone.localdate(now)
    if until_on < today:
        refuse(until_on="豁免截止日期不能早于今天。")
    _end_exemption(alert, "变更豁免", by=by, now=now)
    exemption = AlertExemption(alert=alert, reason=reason, from_on=today, until_on=until_on, granted_by=by)
    return added(exemption, "豁免预警", by=by, now=now, reason=reason)


@transaction.atomic
def lift_exemption(*, alert: Alert, by: User, now: datetime) -> Alert:
    """End an exemption before its day (取消豁免), from today on; the days it ran stay exempted. Only the office."""
    alert = _held(alert, "lift", by, now)
    _end_exemption(alert, "取消豁免", by=by, now=now)
    return alert


def _end_exemption(alert: Alert, action: str, *, by: User, now: datetime) -> None:
    """End the exemption that holds today, if one does, from today on."""
    today = timezone.localdate(now)
    if exemption := alert.exemption_on(today):
        with changed(exemption, action, by=by, now=now):
            exemption.ended_on = today


@transaction.atomic
def carry_over(*, alert: Alert, document: str, by: User, now: datetime) -> Alert:
    """Close what an earlier year's list had due and was missed (结转), by a document, from today on. Only the office.

    The lists of those years then say nothing of the project any more; what they said of days before stays.
    """
    alert = _held(alert, "carry", by, now)
    document = required(document, "结转文件文号", field="document", most=DOCUMENT_LENGTH)
    today = timezone.localdate(now)
    owed = ListingVersion.objects.in_force(today).filter(
        listing__project=alert.project, listing__annual_list__year__lt=today.year
    )
    for version in owed.select_related("listing__annual_list"):
        carried = ListingVersion(
            listing=version.listing,
            effective_on=today,
            change=ListingVersion.Change.CARRIED,
            category=version.category,
            planned_investment=version.planned_investment,
            planned_start=version.planned_start,
            planned_completion=version.planned_completion,
            document=document,
            made_by=by,
            made_at=now,
        )
        added(carried, "名单事项结转", by=by, now=now, reason=document)
    with changed(alert, "结转", by=by, now=now, reason=document):
        alert.closed_on = today
    return alert


def _held(alert: Alert, verb: str, by: User, now: datetime) -> Alert:
    """The alert as it is now; refuses the verb where it is not open."""
    alert = held(alert, "project", "acknowledged_by")
    steps_of(alert, by, timezone.localdate(now)).require(verb)
    return alert


# --- the words of a digest --------------------------------------------------------------------------------


def digest_subject(digest: Digest, as_of: date) -> str:
    """The subject line: how many matters are overdue, how many are due soon."""
    late = sum(line.is_late for line in digest.lines)
    soon = len(digest.lines) - late
    parts = [f"逾期{late}项"] * bool(late) + [f"临期{soon}项"] * bool(soon)
    return f"重大项目提醒（{as_of.month}月{as_of.day}日）：{'、'.join(parts)}"


def digest_body(digest: Digest) -> str:
    """The text of a digest, grouped by project; every line says what, since when, why you, and what stops it."""
    groups: dict[int, list[LetterLine]] = {}
    for line in digest.lines:
        groups.setdefault(line.project.pk, []).append(line)
    shown = list(groups.values())[:PROJECTS_IN_A_LETTER]
    text = [f"以下{len(groups)}个项目共{len(digest.lines)}项事项请您关注："]
    for lines in shown:
        text += ["", f"【{lines[0].project.name}】（{lines[0].project.code}）"]
        for number, line in enumerate(lines, 1):
            text.append(
                f"{number}．{line.kind_words}：{line.title}，{_due(line)}，{line.when}。（{line.step}；{line.why}）"
            )
            text.append(f"　　下一步：{line.next_step}。")
    if len(groups) > len(shown):
        text += ["", f"其余{len(groups) - len(shown)}个项目见清单。"]
    return "\n".join(text)


def _due(line: LetterLine) -> str:
    day = _day(line.due_on, line.as_of)
    return f"有效期至{day}" if line.kind in VALIDITY_KINDS else f"应于{day}完成"


def _day(day: date, as_of: date) -> str:
    year = "" if day.year == as_of.year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日"


def _key(digest: Digest, as_of: date) -> str:
    """Names the message by day, person and matters, so that the same run can never queue it twice."""
    matters = "\n".join(f"{line.key} {line.step}" for line in digest.lines)
    return f"alerts:{as_of}:{digest.recipient.pk}:{hashlib.sha256(matters.encode()).hexdigest()[:12]}"
