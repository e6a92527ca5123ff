"""Addresses of before the pages were named by subject (旧网址): letters and bookmarks still hold them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

# former beginning → present one; what follows stayed
FORMER = {
    "measures/": "actions/",
    "plots/": "land/",
    "orders/": "supervision/",
    "schemes/": "assessment/schemes/",
    "scores/": "assessment/",
    "light-rules/": "lights/rules/",
    "exemptions/": "lights/exemptions/",
    "adjustments/": "lists/adjustments/",
    "duties/": "responsibilities/",
}


def former_address(request: HttpRequest, now: str, rest: str) -> HttpResponse:
    """Leads to the page's present address, with its filters."""
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(f"/{now}{rest}{query}", permanent=True)
