"""What a page for some people alone begins with (仅限发改局统筹、仅限办理人)."""

from django.core.exceptions import PermissionDenied

from projects.services.base.steps import Step

from .requests import HouseRequest


def office_only(request: HouseRequest, what: str = "") -> None:
    """Answers 403 to everybody but the office; `what` completes “只有发改局统筹可以”."""
    if not request.user.is_office:
        raise PermissionDenied(f"只有发改局统筹可以{what}。" if what else "")


def refuse_others(step: Step) -> None:
    """Answers 403 where the step is for other people; what the row's state forbids is for the page to say."""
    if step.is_who:
        raise PermissionDenied(step.refusal)
