"""Addresses (网址) of the product, by subject; docs/contract.md §3 fixes the outer ones."""

from django.urls import include, path, register_converter

from projects.pages.base.moved import FORMER, former_address


class CodeConverter:
    """A 项目代码 in an address: anything a column can hold, which a null byte is not (PostgreSQL refuses it)."""

    regex = r"[^/\x00]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(CodeConverter, "code")

SUBJECTS = (
    "desk figures register weekly reports plans problems supervision lists assessment papers attraction lights imports alerts"
).split()

urlpatterns: list = [
    *(path("", include(f"projects.pages.{subject}.urls")) for subject in SUBJECTS),
    *(path(f"{former}<path:rest>", former_address, {"now": now}) for former, now in FORMER.items()),
    *(path(former, former_address, {"now": now, "rest": ""}) for former, now in FORMER.items()),
]
