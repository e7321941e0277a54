"""Ask axe-core about a page that is open."""

from collections.abc import Sequence
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

type Look = tuple[Literal["light", "dark"], int]

LOOKS: tuple[Look, ...] = (("light", 360), ("light", 1280), ("dark", 360), ("dark", 1280))
# Each scheme and each width once: enough for pages that share a template with a page that got all.
CROSSED: tuple[Look, ...] = (("light", 1280), ("dark", 360))


def assert_accessible(page: Page, looks: Sequence[Look] = LOOKS) -> None:
    """Look at the page as it stands, light and dark, narrow and wide; fail with all axe finds.

    The page is not loaded again, so that an error or a step that was swapped in can be checked.
    """
    before = page.viewport_size
    found = []
    for scheme, width in looks:
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
