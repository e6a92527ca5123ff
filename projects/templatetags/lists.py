"""What components/list_tools.html asks (列表工具): the person's views of the present page."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import QueryDict

from projects.models import SavedView
from projects.services.desk.saved_views import PASSING

register = template.Library()


@register.simple_tag(takes_context=True)
def saved_views(context: dict[str, Any]) -> list[SavedView]:
    """The person's views of this page by name, the one in use marked `is_current`. One query."""
    request = context["request"]
    if not request.user.is_authenticated or request.resolver_match is None:
        return []
    found = SavedView.objects.filter(owner=request.user, page=request.resolver_match.url_name, is_active=True)
    here = _asked(request.GET)
    views: list[Any] = list(found)
    for view in views:
        view.is_current = _asked(QueryDict(view.query)) == here
    return views


def _asked(query: QueryDict) -> dict[str, list[str]]:
    return {name: values for name, values in query.lists() if name not in PASSING}
