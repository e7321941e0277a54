"""A served site, a browser, and pages that fail the test when they misbehave."""

from collections.abc import Iterator
from typing import Literal, Protocol

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import find_chromium
from tests.e2e.site import Site, prepare, serve
from tests.e2e.watch import Watch

ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page that asks another host for something finds none, with or without a network.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
WAIT_MILLISECONDS = 15_000


class NewPage(Protocol):
    """Opens a page of its own context."""

    def __call__(
        self,
        *,
        javascript: bool = True,
        scheme: Literal["light", "dark"] = "light",
        width: int = 1280,
        cookies: bool = False,
    ) -> Page:
        """Return a blank page; only the editors' side may set `cookies`."""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve the seeded product, once for all tests: public pages change nothing."""
    running, process = serve(prepare(tmp_path_factory.mktemp("site")))
    yield running
    process.terminate()
    process.wait(30)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the browser of this machine."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def new_page(browser: Browser, site: Site) -> Iterator[NewPage]:
    """Open pages that are watched; whatever they did wrong fails the test at its end."""
    watches: list[Watch] = []

    def opened(
        *,
        javascript: bool = True,
        scheme: Literal["light", "dark"] = "light",
        width: int = 1280,
        cookies: bool = False,
    ) -> Page:
        context = browser.new_context(
            base_url=site.url,
            java_script_enabled=javascript,
            color_scheme=scheme,
            viewport={"width": width, "height": 800},
            locale="en-GB",
            # A colour on its way to another would be measured half-way.
            reduced_motion="reduce",
        )
        context.set_default_timeout(WAIT_MILLISECONDS)
        watches.append(Watch(context, site.url, cookies=cookies))
        return context.new_page()

    before = len(site.log)
    yield opened
    problems = [problem for watch in watches for problem in watch.settle()]
    for watch in watches:
        watch.close()
    if problems:
        pytest.fail("\n".join(problems + site.log[before:]), pytrace=False)


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """Open a blank page with scripts, light, 1280 pixels wide."""
    return new_page()
