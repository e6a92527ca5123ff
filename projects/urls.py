"""Addresses (网址) of the product, by subject; docs/contract.md §3 fixes the outer ones."""

from django.urls import include, path, re_path, register_converter

from projects.pages.base.moved import FORMER_ADDRESS, former_address


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
    re_path(FORMER_ADDRESS, former_address, name="former_address"),
]
