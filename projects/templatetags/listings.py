"""What a list says of a project, in words ({% load listings %})."""

from decimal import Decimal
from typing import Any

from django import template

from projects.models import ListingVersion, ProjectStage
from projects.money import format_wan
from projects.queries.lists.versions import signed_wan

register = template.Library()


@register.simple_tag
def said_words(project: Any) -> str:
    """The list's last word of a project annotated by queries.list_versions.candidates: 在列：新开工，1,000 万元."""
    if project.said_change is None:
        return "未列入"
    if project.said_change == ListingVersion.Change.REMOVED:
        return "已调出"
    return f"在列：{ProjectStage(project.said_category).label}，{format_wan(project.said_plan)} 万元"


@register.filter
def less(amount: Decimal, other: Decimal) -> str:
    """The difference of two amounts in 万元 with its sign."""
    return signed_wan(amount - other)
