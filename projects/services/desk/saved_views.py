"""Keep and drop a person's own views of a list (我的视图). Personal bookmarks: no audit rows, nobody else's concern."""

import re
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, TooManyFieldsSent, ValidationError
from django.db import transaction
from django.http import QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from projects.models import AnnualList, SavedView, User

MOST_VIEWS = 30  # a page and person
LONGEST_NAME, LONGEST_QUERY = 40, 2000
# never part of a view: the page stood on, the file asked for, the day (a view opens as of today)
PASSING = ("page", "format", "as_of", "next", "csrfmiddlewaretoken")
ANY_YEAR = frozenset({"adjustment_list"})  # pages whose 名单 is one of any year, by its id
_ROW_ID = re.compile(r"[0-9]{1,9}")
_PARAMETER = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,59}")


def is_list_page(page: str) -> bool:
    """Whether a URL name is a list's (problem_list): named so, and opened without further parts."""
    if not page.endswith("_list"):
        return False
    try:
        reverse(page)
    except NoReverseMatch:
        return False
    return True


def kept_query(text: str, page: str, day: date) -> str:
    """The filters and the order of a query string, without what passes, and living on when the year turns.

    Refuses what no list page could have sent: parameters without a name, null bytes, more than it may hold.
    """
    try:
        query = QueryDict(text.lstrip("?"), mutable=True)
    except TooManyFieldsSent:
        query = QueryDict("\x00", mutable=True)  # refused below
    for name in PASSING:
        query.pop(name, None)
    values = [value for _name, found in query.lists() for value in found]
    if any("\x00" in value for value in values) or not all(map(_PARAMETER.fullmatch, query)):
        raise ValidationError("筛选条件无法识别，未保存。请在列表上重新筛选后再保存。")
    _live_on(query, page, day)
    found = query.urlencode()
    if len(found) > LONGEST_QUERY:
        raise ValidationError(f"筛选条件过长（超过 {LONGEST_QUERY} 个字符），请减少条件后再保存。")
    return found


def _live_on(query: QueryDict, page: str, day: date) -> None:
    """The year at hand stays the year at hand, and a list of it is named by its kind: next year's is meant then."""
    year = query.get("year") or str(day.year)
    if query.get("year") == str(day.year):
        query["year"] = ""
    asked = query.get("list", "")
    if page not in ANY_YEAR and _ROW_ID.fullmatch(asked) and _ROW_ID.fullmatch(year):
        found = AnnualList.objects.filter(pk=int(asked), year=int(year)).first()
        query["list"] = found.key if found else asked


@transaction.atomic
def save_view(*, page: str, name: str, query: str, by: User, now: datetime) -> SavedView:
    """Keep a list's filters and order under a name; the same name again takes the new ones.

    Refuses: a page that is no list, no name or too long a one, a query no list could have, more than 30 a page.
    """
    if not is_list_page(page):
        raise ValidationError("这个页面不能保存视图，请从列表页保存。")
    name = " ".join(name.replace("\x00", "").split())
    if not name:
        raise ValidationError("请填写视图名称。")
    if len(name) > LONGEST_NAME:
        raise ValidationError(f"视图名称过长，请控制在 {LONGEST_NAME} 个字以内。")
    query = kept_query(query, page, timezone.localtime(now).date())
    User.objects.select_for_update().get(pk=by.pk)  # one saving of a person at a time
    views = SavedView.objects.filter(owner=by, page=page, is_active=True)
    view = views.filter(name=name).first()
    if view is None:
        if views.count() >= MOST_VIEWS:
            raise ValidationError(f"本列表已有 {MOST_VIEWS} 个视图，请先删除不用的视图。")
        view = SavedView(owner=by, page=page, name=name)
    view.query, view.made_at = query, now
    view.save()
    return view


@transaction.atomic
def remove_view(*, view: SavedView, by: User) -> None:
    """Drop a view; one already dropped stays so. Refuses everybody but its owner."""
    if view.owner_id != by.pk:
        raise PermissionDenied
    SavedView.objects.filter(pk=view.pk).update(is_active=False)
