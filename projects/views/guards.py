"""What a page for the office alone begins with (仅限发改局统筹)."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


def office_only(request: HttpRequest, what: str = "") -> None:
    """Answers 403 to everybody but the office; `what` completes “只有发改局统筹可以”."""
    if not request.user.is_office:
        raise PermissionDenied(f"只有发改局统筹可以{what}。" if what else "")
