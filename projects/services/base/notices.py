"""The outbox (消息): messages are queued in the transaction of the change, claimed, sent and marked later.

A letter passes QUEUED → SENDING (claimed by one worker, committed) → SENT. A claim that a dead worker left behind
is taken over after STALE_AFTER and the letter sent again under the same key: the backend that writes files
refuses the second copy, mail servers get the same Message-ID. So nothing is lost, and nothing arrives twice.
Times here are real times, even when TODAY holds the clock: they only order deliveries.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from projects.models import Notice, User, WeeklyReport

STALE_AFTER = timedelta(minutes=10)  # far longer than one letter can take (EMAIL_TIMEOUT)
RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
ATTEMPTS_MAX = len(RETRY_AFTER) + 1

State = Notice.State


@transaction.atomic
def queue_notice(
    *,
    recipient: User,
    key: str,
    subject: str,
    body: str,
    now: datetime,
    rows: Sequence[dict] = (),
    link: str = "",
    weekly_report: WeeklyReport | None = None,
) -> bool:
    """One message to one person (发消息): in-app at once, and a letter where the person has an address.

    `key` names the message for ever: queued again it does nothing and answers False.
    """
    common = {
        "recipient": recipient,
        "subject": subject[:160],
        "body": body,
        "rows": list(rows),
        "made_at": now,
        "link": link,
        "weekly_report": weekly_report,
    }
    _, is_new = Notice.objects.get_or_create(
        key=f"{key}:{Notice.Channel.IN_APP}",
        defaults={**common, "channel": Notice.Channel.IN_APP, "state": State.SENT, "sent_at": now},
    )
    if is_new and recipient.email:
        Notice.objects.create(
            key=f"{key}:{Notice.Channel.EMAIL}", channel=Notice.Channel.EMAIL, state=State.QUEUED, **common
        )
    return is_new


def waiting_notices(now: datetime) -> QuerySet[Notice]:
    """Letters that a worker may claim: queued, due for another try, or claimed by a worker that died."""
    due = Q(state__in=[State.QUEUED, State.FAILED]) & (
        Q(not_before_at__isnull=True) | Q(not_before_at__lte=now)
    )
    left_behind = Q(state=State.SENDING, claimed_at__lt=now - STALE_AFTER)
    return Notice.objects.filter(due | left_behind, channel=Notice.Channel.EMAIL).order_by("made_at", "pk")


def claim_notice(*, pk: int, now: datetime) -> Notice | None:
    """Take one letter for sending (领取); None when another worker was quicker or it has been tried enough."""
    if (
        waiting_notices(now)
        .filter(pk=pk, attempts__gte=ATTEMPTS_MAX)
        .update(state=State.GIVEN_UP, last_error="发送过程多次中断，已停止重试，请核对后重新发送。")
    ):
        return None
    claimed = (
        waiting_notices(now)
        .filter(pk=pk)
        .update(state=State.SENDING, claimed_at=now, attempts=F("attempts") + 1, last_error="")
    )
    if not claimed:
        return None
    return Notice.objects.select_related("recipient", "weekly_report").get(pk=pk)


def mark_sent(*, notice: Notice, now: datetime) -> None:
    """The letter has left (已发送). Only the worker that holds the claim may say so."""
    _mine(notice).update(state=State.SENT, sent_at=now, last_error="")


def mark_failed(*, notice: Notice, error: str, now: datetime) -> None:
    """The letter did not leave: tried again with growing pauses, given up after ATTEMPTS_MAX (已放弃)."""
    words = error[:300]
    if notice.attempts >= ATTEMPTS_MAX:
        _mine(notice).update(state=State.GIVEN_UP, last_error=words)
    else:
        pause = RETRY_AFTER[notice.attempts - 1]
        _mine(notice).update(state=State.FAILED, last_error=words, not_before_at=now + pause)


def _mine(notice: Notice) -> QuerySet[Notice]:
    return Notice.objects.filter(pk=notice.pk, state=State.SENDING, claimed_at=notice.claimed_at)
