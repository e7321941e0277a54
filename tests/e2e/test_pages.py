"""What holds for every public page."""

import pytest
from playwright.sync_api import Page

from tests.e2e.axe import assert_accessible
from tests.e2e.conftest import NewPage

NOT_FOUND = "/no-such-page/"
PAGES = [
    "/",
    "/scenarios/",
    "/scenarios/quick-prototype/",
    "/guide/",
    "/models/",
    "/models/gpt-oss-120b/",
    "/decide/",
    NOT_FOUND,
]


@pytest.mark.parametrize("url", PAGES)
def test_axe_finds_nothing_in_any_light_or_width(page: Page, url: str) -> None:
    page.goto(url)
    assert_accessible(page)


@pytest.mark.parametrize("url", PAGES)
def test_a_narrow_page_scrolls_only_down(new_page: NewPage, url: str) -> None:
    page = new_page(width=320)
    page.goto(url)
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth") <= page.evaluate(f"{root}.clientWidth")


@pytest.mark.parametrize("url", PAGES)
def test_a_page_is_there_and_has_one_main_heading(page: Page, url: str) -> None:
    response = page.goto(url)
    assert response is not None
    assert response.status == (404 if url == NOT_FOUND else 200)
    assert page.locator("h1").count() == 1


def test_each_page_has_a_title_of_its_own(page: Page) -> None:
    titles: dict[str, str] = {}
    for url in PAGES:
        page.goto(url)
        assert page.title().strip(), url
        assert page.title() not in titles, f"{url} and {titles[page.title()]} share a title"
        titles[page.title()] = url
