"""Walking through the product as a person does: from the desk along every link, and through every figure's door."""

import re
from collections import Counter, deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from html import unescape
from urllib.parse import parse_qs, urldefrag, urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

_TAG = re.compile(r"<(\w+)\s([^<>]*)>")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
FILES = {"docx", "xlsx"}
# what is no page to read: sign-out, files, forms that would send something
NOT_FOLLOWED = {"logout", "attachment", "project_export", "project_sheet"}
PASSING = {"as_of", "year", "list", "page", "sort", "next", "group"}


def turns(cases: Iterable, kept: int | Collection = 1) -> list:
    """Cases of a crawl: the first ones, or those named, with every run; the rest under the mark `crawl`."""
    cases = list(cases)
    chosen = cases[:kept] if isinstance(kept, int) else kept
    return [case if case in chosen else _at_length(case) for case in cases]


def _at_length(case):
    return pytest.param(*(case if isinstance(case, tuple) else [case]), marks=pytest.mark.crawl)


@dataclass(frozen=True)
class Figure:
    """A figure as a page shows it (数字): its key, its number, the tag it stands in and the door it opens."""

    key: str
    value: str
    tag: str
    href: str


@dataclass
class Page:
    """What a page shows of figures and links, and what it says of its own rows."""

    figures: list[Figure] = field(default_factory=list)
    counts: list[str] = field(default_factory=list)
    sums: dict[str, str] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, text: str) -> "Page":
        page = cls()
        for tag, written in _TAG.findall(text):
            given = {name: unescape(value) for name, value in _ATTRIBUTE.findall(written)}
            if "data-figure" in given:
                found = Figure(given["data-figure"], given.get("data-value", ""), tag, given.get("href", ""))
                page.figures.append(found)
            elif tag == "a" and "href" in given and "download" not in given:
                page.links.append(given["href"])
            if "data-count" in given:
                page.counts.append(given["data-count"])
            if "data-sum" in given:
                page.sums[given.get("data-sum-key", "")] = given["data-sum"]
        return page

    def told(self, key: str) -> list[str]:
        """What the page says of its rows to a figure of this key: its sum where it sums that, else its counts."""
        return [self.sums[key]] if key in self.sums else self.counts


@dataclass
class Walk:
    """One person's walk: every page is opened once, whoever leads to it."""

    client: Client
    pages: dict[str, Page] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    checked: int = 0
    names: Counter = field(default_factory=Counter)

    def open(self, address: str, whence: str = "") -> Page:
        """The page of an address; an empty one, noted, where it does not open."""
        address = urldefrag(address).url
        if address not in self.pages:
            response = self.client.get(address)
            if response.status_code != 200 or "html" not in response["Content-Type"]:
                if response.status_code not in (200, 302):
                    self.wrong.append(f"{whence} leads to {address}: {response.status_code}")
                self.pages[address] = Page()
            else:
                self.pages[address] = Page.read(response.content.decode())
        return self.pages[address]

    def follow(self, start: str = "/", *, most: int = 90, depth: int = 4, doors: int = 2) -> None:
        """From `start` breadth first: one page of each address name and kind of parameters, and its figures' doors."""
        waiting, met = deque([(start, 0, "")]), set()
        while waiting and len(met) < most:
            address, steps, whence = waiting.popleft()
            kind = kind_of(address)
            if kind is None or kind in met:
                continue
            met.add(kind)
            self.names[kind[0]] += 1
            page = self.open(address, whence)
            self.check(address, doors=doors)
            if steps < depth:
                waiting.extend((urljoin(address, link), steps + 1, address) for link in page.links)
                waiting.extend((urljoin(address, one.href), steps + 1, address) for one in page.figures)

    def check(self, address: str, *, doors: int | None = None) -> int:
        """Open the doors of a page's figures, at most so many of a key; how many figures the page has."""
        page, taken = self.open(address), Counter()
        for figure in sorted(set(page.figures), key=lambda one: (one.key, one.href)):
            if figure.tag != "a" or not figure.href:
                self.wrong.append(f"{address}: {figure.key}={figure.value} is no link")
                continue
            taken[figure.key] += 1
            if doors is not None and taken[figure.key] > doors:
                continue
            self.checked += 1
            behind = urljoin(address, figure.href)
            told = self.open(behind, address).told(figure.key)
            if len(told) != 1 or Decimal(told[0]) != Decimal(figure.value):
                self.wrong.append(f"{address}: {figure.key}={figure.value} opens {behind} with {told}")
        return len(set(page.figures))


def kind_of(address: str) -> tuple | None:
    """(URL name, names of the parameters that change the page); None for what is no page of the product."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or parts.path.startswith("/admin/"):
        return None
    try:
        name = resolve(parts.path).url_name
    except Resolver404:
        return None
    given = parse_qs(parts.query)
    if name in NOT_FOLLOWED or name.rsplit("_", 1)[-1] in FILES or "format" in given:
        return None
    kinds = [(key, given[key][0]) for key in ("by", "split", "view") if key in given]
    return (name, *sorted(set(given) - PASSING), *kinds)
