"""Where an action returns to (返回地址)."""

from urllib.parse import urlsplit

from django.utils.http import url_has_allowed_host_and_scheme

from .requests import HouseRequest


def safe_next(request: HouseRequest, default: str) -> str:
    """The address named by `next`, if it is one of our own pages; else the default."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    # a bare word would be taken for the name of a view
    safe = wanted.startswith(("/", "http:", "https:")) and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else default


def as_left(request: HouseRequest, address: str) -> str:
    """The page of an address with the filters, order and page number the person left it in, where that is known.

    Known is what `next` names, else the page the step was taken on.
    """
    referrer = request.META.get("HTTP_REFERER", "")
    for left in (safe_next(request, ""), referrer):
        ours = url_has_allowed_host_and_scheme(left, {request.get_host()}, require_https=request.is_secure())
        if ours and urlsplit(left).path == urlsplit(address).path and urlsplit(left).query:
            return f"{urlsplit(left).path}?{urlsplit(left).query}"
    return address
