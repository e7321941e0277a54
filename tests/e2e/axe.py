"""Ask axe-core about a page that is open."""

from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDTHS = (360, 1280)


def assert_accessible(page: Page) -> None:
    """Look at the page as it stands, light and dark, narrow and wide; fail with all axe finds.

    The page is not loaded again, so that an error or a step that was swapped in can be checked.
    """
    before = page.viewport_size
    found = []
    for scheme in SCHEMES:
        for width in WIDTHS:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 800})
            violations = Axe().run(page).response["violations"]
            found += [f"{scheme}, {width} px: {_told(violation)}" for violation in violations]
    page.emulate_media(color_scheme="null")
    if before:
        page.set_viewport_size(before)
    assert not found, f"{page.url}\n" + "\n".join(found)


def _told(violation: dict[str, Any]) -> str:
    places = "\n".join(
        f"  at {' '.join(map(str, node['target']))}\n    {_indented(node['failureSummary'])}"
        for node in violation["nodes"]
    )
    return f"{violation['id']}: {violation['help']} ({violation['helpUrl']})\n{places}"


def _indented(text: str) -> str:
    return text.replace("\n", "\n    ")
