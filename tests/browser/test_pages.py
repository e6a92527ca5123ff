"""Every page in a real browser: nothing that the Content-Security-Policy blocks, no other host, no sideways scroll."""

import pytest
from django.urls import reverse

from tests.crawling import FILES, NOT_FOLLOWED, turns
from tests.site.test_permissions import COLUMNS, GET, parsed

pytestmark = pytest.mark.browser
ADMIN_NAMES = ["index", "projects_project_changelist", "projects_project_add", "projects_unit_add"]
NO_PAGE = NOT_FOLLOWED | {"healthz", "import_progress", "land_sheet"}


def pages_of(person: str, scene) -> list[str]:
    """The addresses that answer this person with a whole page, as the matrix of permissions says."""
    place = COLUMNS.index(person)
    names = [name for name, answers in parsed(GET).items() if answers[place] == "200" and is_page(name)]
    found = [scene.address(name) for name in names]
    if scene.people[person].is_staff:
        found += [reverse(f"admin:{name}") for name in ADMIN_NAMES]
    return found


def is_page(name: str) -> bool:
    return name not in NO_PAGE and name.rsplit("_", 1)[-1] not in FILES


WALKS = [("reporter", 360, 6), ("reporter", 360, 1), ("office", 1440, 1), ("sponsor", 360, 1)]


@pytest.mark.parametrize(("person", "width", "each"), turns(WALKS))
def test_pages_are_quiet_local_and_fit_the_screen(site, person, width, each):
    """All pages of a person; in a short walk each sixth of them."""
    page = site.context(person, {"width": width, "height": 800}).new_page()
    wrong = []
    page.on("console", lambda m: wrong.append(f"{page.url}: {m.text}") if m.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
    page.on(
        "request",
        lambda r: None if r.url.startswith((site.url, "data:")) else wrong.append(f"asked {r.url}"),
    )
    addresses = pages_of(person, site.scene)
    assert len(addresses) >= 60
    for address in addresses[::each]:
        assert page.goto(site.url + address).status == 200, address
        page.wait_for_timeout(150)  # charts are drawn after the load
        overflow = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if overflow > 0 and not address.startswith("/admin/"):
            wrong.append(f"{address}: {overflow} px wider than the screen")
    assert not wrong
