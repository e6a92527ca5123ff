"""Addresses of before the pages were named by subject (旧网址): letters and bookmarks still hold them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

# former beginning → present one; what follows it stayed
FORMER = {
    "measures": "actions",
    "plots": "land",
    "orders": "supervision",
    "schemes": "assessment/schemes",
    "scores": "assessment",
    "light-rules": "lights/rules",
    "exemptions": "lights/exemptions",
    "adjustments": "lists/adjustments",
    "duties": "responsibilities",
}
FORMER_ADDRESS = rf"^(?P<former>{'|'.join(FORMER)})/(?P<rest>.*)$"


@require_safe
def former_address(request: HttpRequest, former: str, rest: str) -> HttpResponse:
    """Leads to the page's present address, with its filters."""
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(f"/{FORMER[former]}/{rest}{query}", permanent=True)
