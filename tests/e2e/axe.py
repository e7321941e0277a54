"""Ask axe-core about a page that is open."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def assert_accessible(page: Page) -> None:
    """Fail with the rule, the place and the remedy of everything that axe finds."""
    violations = Axe().run(page).response["violations"]
    assert not violations, f"{page.url}\n" + "\n".join(map(_told, violations))


def _told(violation: dict[str, Any]) -> str:
    places = "\n".join(
        f"  at {' '.join(map(str, node['target']))}\n    {_indented(node['failureSummary'])}"
        for node in violation["nodes"]
    )
    return f"{violation['id']}: {violation['help']} ({violation['helpUrl']})\n{places}"


def _indented(text: str) -> str:
    return text.replace("\n", "\n    ")
