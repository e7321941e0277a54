"""The watch over the pages sees what it is there to see."""

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.e2e.axe import assert_accessible
from tests.e2e.conftest import NewPage
from tests.e2e.site import Site
from tests.e2e.watch import Watch

UNTIL_THROWN = "new Promise(done => {{ addEventListener('error', () => done()); {} }})"
UNTIL_REFUSED = UNTIL_THROWN.replace("'error'", "'securitypolicyviolation'")


@pytest.mark.parametrize(
    ("deed", "problem"),
    [
        ("console.error('broken')", "console: broken"),
        (UNTIL_THROWN.format("setTimeout(() => { throw new Error('lost') })"), "script: .*lost"),
        (UNTIL_REFUSED.format("document.body.setAttribute('style', 'color: red')"), "style-src"),
        ("fetch('https://elsewhere.example/').catch(() => 0)", "connect-src"),
        ("fetch('/static/none.css').then(() => 0)", "console: .*404"),
        ("document.cookie = 'a=b'", "cookie: a"),
    ],
)
def test_a_misdeed_is_noted(watched: tuple[Page, Watch], deed: str, problem: str) -> None:
    page, watch = watched
    page.goto("/no-such-page/")
    page.evaluate(deed)
    assert re.search(problem, "\n".join(watch.settle()))


def test_a_request_to_another_host_is_noted(watched: tuple[Page, Watch]) -> None:
    page, watch = watched
    with pytest.raises(Exception, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://elsewhere.example/")
    assert "request to another host: http://elsewhere.example/" in watch.settle()


def test_a_page_that_says_what_was_not_found_is_no_problem(page: Page) -> None:
    response = page.goto("/no-such-page/")
    assert response is not None
    assert response.status == 404


def test_axe_is_heard(page: Page) -> None:
    page.goto("/no-such-page/")
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    with pytest.raises(AssertionError, match="dark, 360 px: image-alt"):
        assert_accessible(page)


def test_a_page_without_scripts_runs_none(new_page: NewPage) -> None:
    page = new_page(javascript=False)
    page.goto("data:text/html,<title>a</title><script>document.title = 'b'</script>")
    assert page.title() == "a"


@pytest.fixture
def watched(context: BrowserContext, site: Site) -> tuple[Page, Watch]:
    watch = Watch(context, site.url, cookies=False)
    return context.new_page(), watch


@pytest.fixture
def context(browser: Browser, site: Site) -> BrowserContext:
    return browser.new_context(base_url=site.url)
