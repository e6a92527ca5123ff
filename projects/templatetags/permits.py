"""Words and tones of permits, plots and markers (手续): {% load permits %}. Nothing here decides."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from projects.models import PlotItem, ProjectMarker, Validity
from projects.periods import due_words

from .states import state_tag

register = template.Library()

SOON_DAYS = 30


@register.filter
def validity(permit: Any, as_of: dt.date) -> SafeString:
    """How an annotated permit stands, with its tone: ■ 已失效，逾期3天; 12天后到期; 长期有效."""
    words = Validity(permit.validity).label
    if permit.validity == Validity.LAPSED:
        return format_html(
            '<span class="late"><span aria-hidden="true">■ </span>{}，{}</span>',
            words,
            due_words(permit.valid_until_on, as_of),
        )
    if permit.validity == Validity.RUNNING:
        days = (permit.valid_until_on - as_of).days
        if days <= SOON_DAYS:
            return format_html(
                '<span class="soon"><span aria-hidden="true">▲ </span>{}</span>',
                due_words(permit.valid_until_on, as_of),
            )
        return format_html("<span>{}</span>", words)
    return format_html('<span class="muted">{}</span>', words)


@register.simple_tag
def item_state(row: Any) -> SafeString:
    """The state of a plot's item (queries.land.Row) as a tag, what it waits for or how late it is in words."""
    state = PlotItem.State(row.item.state)
    if row.days_late:
        return format_html(
            '<span class="late"><span aria-hidden="true">■ </span>{}，逾期{}天</span>',
            state.label,
            row.days_late,
        )
    if state == PlotItem.State.WAITING:
        if row.is_ready:
            return format_html('<span class="tag waiting">{}</span>', "可启动")
        return format_html('<span class="muted">待前置：{}</span>', "、".join(row.waits_for))
    return state_tag(row.item)


@register.filter
def marker_tag(marker: ProjectMarker | None) -> SafeString:
    if marker is None:
        return format_html('<span class="muted">{}</span>', "未登记")
    return state_tag(marker)


@register.simple_tag
def share_bar(done: int, total: int) -> SafeString:
    """A bar of how much is settled, with its words for those who cannot see it (12/48)."""
    width = round(100 * done / total) if total else 0
    return format_html(
        '<svg class="svg-bar cell" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="bar-ground" width="100" height="10"/><rect class="bar-fill" width="{}" height="10"/></svg>',
        width,
    )
