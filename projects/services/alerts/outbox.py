"""The outbox by hand (发件箱): what was given up is queued again."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from projects.models import Notice, Role, User

from ..base.records import record, snapshot


@transaction.atomic
def queue_again(*, notices: QuerySet[Notice], by: User, now: datetime) -> int:
    """Queue the given-up notices among these once more (重发); answers how many. Others are left as they are.

    Refuses: anybody but the office and the administrators.
    """
    if not (by.is_office or Role.ADMINISTRATOR in by.roles):
        raise PermissionDenied("只有发改局统筹和管理员可以重发消息。")
    given_up = notices.select_for_update(of=("self",)).filter(state=Notice.State.GIVEN_UP)
    count = 0
    for notice in given_up:
        before = snapshot(notice)
        notice.state, notice.attempts = Notice.State.QUEUED, 0
        notice.not_before_at = notice.claimed_at = None
        notice.save(update_fields=["state", "attempts", "not_before_at", "claimed_at"])
        record(action="重发消息", instance=notice, by=by, now=now, before=before)
        count += 1
    return count
