"""The cost page in a browser: computing, mistakes, the bill; with scripts and without."""

import re

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.calculator.test_bill import OPENAI
from tests.e2e.axe import assert_accessible
from tests.e2e.conftest import NewPage

START = "/costs/?volume=20000&tokens_in=1500&tokens_out=400"
FILE: FilePayload = {"name": "usage.csv", "mimeType": "text/csv", "buffer": OPENAI.encode()}


def compute(page: Page, **typed: str) -> None:
    """Type into the form and press Compute."""
    for key, value in typed.items():
        page.locator(f"#{key}").fill(value)
    page.get_by_role("button", name="Compute").click()


def expected(page: Page) -> list[str]:
    """Return the expected months as the page shows them."""
    return page.locator(".money .expected").all_inner_texts()


def test_computing_swaps_the_costs_moves_the_focus_and_the_address(page: Page) -> None:
    page.goto(START)
    before = expected(page)
    compute(page, volume="1.5M")
    expect(page).to_have_url(re.compile(r"/costs/\?.*volume=1500000&"))
    expect(page.locator("#money-title")).to_be_focused()
    expect(page.locator("#announcement")).to_contain_text("Cheapest: ")
    expect(page.locator("#volume")).to_have_value("1,500,000")
    after = expected(page)
    assert after != before
    page.reload()
    shown = page.locator(".money .expected")
    expect(shown).to_have_text(after)
    page.go_back()
    expect(page.locator("#volume")).to_have_value("20,000")
    expect(shown).to_have_text(before)
    page.go_forward()
    expect(shown).to_have_text(after)


def test_on_a_phone_the_answer_or_the_mistake_comes_into_view(new_page: NewPage) -> None:
    page = new_page(width=360)
    page.goto(START)
    compute(page, volume="1.5M")
    expect(page.locator("#money-title")).to_be_focused()
    expect(page.locator("#money-title")).to_be_in_viewport()
    compute(page, volume="many")
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator(".error-summary")).to_be_in_viewport()


def test_a_mistake_is_shown_at_its_field_and_loses_nothing(page: Page) -> None:
    page.goto(START)
    page.get_by_text("assumptions, with sources").click()
    compute(page, tokens_out="a few", efficiency="7")
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.locator(".error-summary")).to_be_focused()
    # The address is still the one that works.
    assert page.url.endswith(START)
    expect(page.locator("#tokens_out")).to_have_value("a few")
    page.get_by_role("link", name=re.compile("must be between 0.05 and 1")).click()
    expect(page.locator("#efficiency")).to_be_focused()
    compute(page, tokens_out="500", efficiency="0.7")
    expect(page.locator("#money-title")).to_be_focused()
    expect(page).to_have_url(re.compile("efficiency=0.7"))


def test_a_changed_assumption_goes_back_with_one_click(page: Page) -> None:
    page.goto(f"{START}&retry=0.4&salary=90000")
    changed = expected(page)
    page.get_by_text("assumptions, with sources").click()
    page.get_by_role("link", name=re.compile("Reset to the default: Requests sent again")).click()
    expect(page.locator("#retry")).to_have_value("")
    expect(page.locator("#salary")).to_have_value("90000")
    assert expected(page) != changed
    page.get_by_role("link", name=re.compile("Set back Cost of one full-time person")).click()
    expect(page.locator("#salary")).to_have_value("")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_usage_file_fills_in_the_form(new_page: NewPage, javascript: bool) -> None:
    page = new_page(javascript=javascript)
    page.goto(f"{START}&need=150")
    page.get_by_role("button", name="Fill in from the bill").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    page.locator("#usage").set_input_files(FILE)
    page.get_by_role("button", name="Fill in from the bill").click()
    expect(page.get_by_role("heading", name="Your bill as it was read")).to_be_visible()
    if javascript:
        # Axe is a script itself: on a page without any it would never answer.
        assert_accessible(page)
    page.get_by_role("button", name="Fill in the costs").click()
    expect(page.locator("#volume")).to_have_value("100,000")
    expect(page.locator("#tokens_in")).to_have_value("2,000")
    expect(page.locator("#cached")).to_have_value("0.5")
    expect(page).to_have_url(re.compile("need=150"))


def test_without_scripts_everything_computes(new_page: NewPage) -> None:
    page = new_page(javascript=False)
    page.goto(START)
    before = expected(page)
    page.locator("#need").fill("150")
    compute(page, volume="2M")
    expect(page.locator("#volume")).to_have_value("2,000,000")
    assert expected(page) != before
    compute(page, volume="many")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(page.locator("#volume")).to_have_value("many")


OPEN_ALL = "folds => folds.forEach(fold => { fold.open = true })"


def test_axe_finds_nothing_in_what_is_folded(page: Page) -> None:
    page.goto(f"{START}&gpu=h100&growth=0.1")
    page.locator("details").evaluate_all(OPEN_ALL)
    assert_accessible(page)


def test_axe_finds_nothing_in_a_bill_that_is_wrong(page: Page) -> None:
    page.goto(START)
    page.locator("#bill_requests").fill("some")
    page.get_by_role("button", name="Fill in from the bill").click()
    expect(page.locator(".error-summary")).to_be_focused()
    assert_accessible(page)


@pytest.mark.parametrize("width", [320, 360, 768, 1280, 1600])
def test_no_picture_or_table_scrolls_the_page_sideways(new_page: NewPage, width: int) -> None:
    page = new_page(width=width)
    page.goto(f"{START}&gpu=h100&growth=0.1&retry=0.2")
    page.locator("details").evaluate_all(OPEN_ALL)
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth") <= page.evaluate(f"{root}.clientWidth")


def test_the_costs_print_whole(page: Page) -> None:
    page.goto(START)
    page.emulate_media(media="print")
    for there in ("#money", "#breakdown", "#gpus", "#levers", "#totals", "#regret"):
        expect(page.locator(there)).to_be_visible()
    for gone in (".contents", ".cost-form"):
        assert not [shown for shown in page.locator(gone).all() if shown.is_visible()], gone
