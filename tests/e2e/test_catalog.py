"""The catalog in a browser: filters, comparison, pages; with scripts and without."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.axe import assert_accessible
from tests.e2e.conftest import NewPage

PAGES = [
    "/models/?openness=open-weight&context_min=200000&tools=yes",
    "/models/?q=nothing-has-this-name&tools=yes",
    "/models/?context_min=long",
    "/models/compare/?m=gpt-oss-120b&m=claude-opus-5-5&m=gemma-4-31b&m=qwen3-8-27b",
    "/models/compare/?m=gpt-oss-120b&m=gemma-4-31b&differences=1",
    "/models/claude-opus-5-5/",
]


@pytest.mark.parametrize("url", PAGES)
def test_axe_finds_nothing(page: Page, url: str) -> None:
    page.goto(url)
    assert_accessible(page)


@pytest.mark.parametrize("width", [320, 360, 768, 1280, 1600])
@pytest.mark.parametrize("url", PAGES)
def test_no_page_scrolls_sideways(new_page: NewPage, url: str, width: int) -> None:
    page = new_page(width=width)
    page.goto(url)
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth") <= page.evaluate(f"{root}.clientWidth")


def test_a_filter_swaps_results_counts_and_address(page: Page) -> None:
    page.goto("/models/")
    before = page.locator("#found-title").inner_text()
    page.get_by_label(re.compile("^Closed")).check()
    expect(page).to_have_url(re.compile(r"/models/\?openness=closed$"))
    expect(page.locator("#found-title")).not_to_have_text(before)
    expect(page.locator("#announcement")).to_contain_text("models found")
    # The box that was ticked keeps the focus, and the address is a whole page.
    expect(page.locator("#filter-openness-closed")).to_be_focused()
    expect(page.locator("#filter-openness-closed")).to_be_checked()
    found = page.locator("#found-title").inner_text()
    page.reload()
    expect(page.locator("#found-title")).to_have_text(found)
    page.go_back()
    expect(page.locator("#found-title")).to_have_text(before)


def test_a_filter_that_is_set_can_be_taken_away(page: Page) -> None:
    page.goto("/models/?openness=closed&tools=yes")
    page.get_by_role("link", name="Remove Openness: Closed").click()
    expect(page).to_have_url(re.compile(r"/models/\?tools=yes$"))


def test_a_heading_sorts_and_then_turns_round(page: Page) -> None:
    page.goto("/models/")
    page.locator("#sort-context").click()
    expect(page.locator("th[aria-sort]")).to_have_attribute("aria-sort", "descending")
    page.locator("#sort-context").click()
    expect(page.locator("th[aria-sort]")).to_have_attribute("aria-sort", "ascending")
    expect(page).to_have_url(re.compile(r"sort=-context$"))


def test_without_scripts_filters_and_comparison_work(new_page: NewPage) -> None:
    page = new_page(javascript=False)
    page.goto("/models/")
    page.get_by_label(re.compile("^Closed")).check()
    page.locator("#filter-apply").click()
    expect(page.locator("#filter-openness-closed")).to_be_checked()
    boxes = page.locator("input[name=m]")
    for place in range(3):
        boxes.nth(place).check()
    page.get_by_role("button", name="Compare the ticked models").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("3 models compared")
    page.get_by_role("link", name="Show differences only").click()
    expect(page.get_by_role("link", name="Show all facts")).to_be_visible()


def test_too_few_models_get_a_clear_message(page: Page) -> None:
    page.goto("/models/")
    page.get_by_role("button", name="Compare the ticked models").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("These models cannot be compared")


def test_on_a_phone_the_filters_are_a_disclosure(new_page: NewPage) -> None:
    page = new_page(width=360)
    page.goto("/models/")
    expect(page.locator("#filter-q")).to_be_hidden()
    page.locator(".filters-fold > summary").click()
    page.get_by_label("Calls tools").select_option("yes")
    expect(page).to_have_url(re.compile(r"/models/\?tools=yes$"))
    # It stays open for the next choice.
    expect(page.locator("#filter-q")).to_be_visible()


def test_a_comparison_prints_whole(page: Page) -> None:
    page.goto("/models/compare/?m=gpt-oss-120b&m=gemma-4-31b")
    page.emulate_media(media="print")
    expect(page.get_by_role("link", name="Show differences only")).to_be_hidden()
    frame = page.locator(".table-frame")
    assert frame.evaluate("f => f.scrollWidth <= f.clientWidth")
