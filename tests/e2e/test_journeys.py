"""Whole ways through the wizard, as people take them."""

import re
from collections.abc import Sequence

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.axe import CROSSED, assert_accessible
from tests.e2e.conftest import NewPage
from tests.visiting import RESULT, WHOLE, before, parts, question, url, way, without

HEADINGS = {
    "stage": "Where is your project now?",
    "boundary": "How far may your data travel?",
    "terms": "Which terms must the vendor give?",
    "scope": "Does the limit on your data hold for every request?",
    "connection": "Can it count on a connection?",
    "rules": "Which rules apply to you?",
    "task": "What is the hardest thing it must do?",
    "modality": "What must it read, see or hear?",
    "volume": "How many requests a day do you expect?",
    "size": "How large is a typical request?",
    "traffic": "How does traffic vary over the week?",
    "team": "Who could run a model?",
    "training": "How far must the model be adapted?",
    "audience": "Who depends on the answers?",
    "deadline": "When must it be in use?",
    "priority": "What matters most if you cannot have everything?",
}
FOCUSED = "document.activeElement"


def heading(page: Page, text: str) -> None:
    """The page has come to this heading."""
    expect(page.locator("h1")).to_have_text(text)


def answer(page: Page, key: str, given: str | Sequence[str]) -> None:
    """Give an answer by clicking its row, or type the number."""
    if key == "volume":
        page.get_by_label("How many").fill(str(given))
        return
    for value in [given] if isinstance(given, str) else given:
        row = page.locator(".choice").filter(has=page.locator(f"input[value='{value}']"))
        # Far right in the row: all of it can be clicked.
        box = row.bounding_box()
        assert box is not None
        row.click(position={"x": box["width"] - 6, "y": box["height"] / 2})


def go_on(page: Page) -> None:
    """Press Continue."""
    page.get_by_role("button", name="Continue").click()


def given_so_far(page: Page) -> list[str]:
    """Return the names of the answers that the page lists."""
    return page.locator(".answers dt").all_inner_texts()


def assert_came(page: Page, key: str) -> None:
    """The step was swapped in: title, focus and announcement have changed with it."""
    heading(page, HEADINGS[key])
    expect(page).to_have_title(f"{HEADINGS[key]} – OpenWeigh")
    expect(page.locator("h1")).to_be_focused()
    expect(page.locator("#announcement")).to_have_text(re.compile(r"Question \d+ of about \d+\."))
    assert page.evaluate("window.scrollY") == 0


@pytest.mark.parametrize("javascript", [True, False])
def test_the_whole_way_from_the_front_page_to_the_recommendation(
    new_page: NewPage, javascript: bool
) -> None:
    page = new_page(javascript=javascript)
    page.goto("/")
    page.get_by_role("link", name="Start", exact=True).click()
    page.get_by_role("link", name="Start with the first question").click()
    heading(page, HEADINGS["stage"])
    if javascript:
        page.evaluate("window.sameDocument = true")
    for key, given in WHOLE.items():
        if javascript and key != "stage":
            assert_came(page, key)
            # A new document would have lost it: only the step is swapped.
            assert page.evaluate("window.sameDocument") is True
        heading(page, HEADINGS[key])
        assert parts(page.url)[1] == parts(question(key, before(key)))[1]
        answer(page, key, given)
        go_on(page)
    heading(page, "Hybrid, narrowly")
    assert parts(page.url)[1] == parts(url(RESULT, WHOLE))[1]
    assert page.title() == "Hybrid, narrowly – OpenWeigh"


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until an element has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(f"{FOCUSED}.matches({selector!r})"):
            return
    raise AssertionError(f"Tab does not reach {selector}")


def test_the_whole_way_by_keyboard_alone(page: Page) -> None:
    page.goto("/")
    tab_to(page, "main .button")
    page.keyboard.press("Enter")
    heading(page, "Decide between open, closed and hybrid")
    tab_to(page, "main .button")
    page.keyboard.press("Enter")
    # Any vendor may have the data, so neither terms nor its reach are asked.
    for key in without(HEADINGS, "terms", "scope"):
        heading(page, HEADINGS[str(key)])
        if key != "stage":
            expect(page.locator("h1")).to_be_focused()
        if key == "volume":
            tab_to(page, "#volume")
            page.keyboard.type("1.5M")
            page.keyboard.press("Enter")
            continue
        tab_to(page, f"#{key}")
        page.keyboard.press("Space")
        if key == "task":
            page.keyboard.press("ArrowDown")
        tab_to(page, "button")
        assert page.evaluate(f"getComputedStyle({FOCUSED}).outlineWidth") == "3px"
        page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/decide/result/"))
    query = parts(page.url)[1]
    assert (query["volume"], query["task"], query["rules"]) == (
        ["1500000"],
        ["documents"],
        ["none"],
    )


def test_back_forward_reload_and_a_second_tab_show_the_same(page: Page) -> None:
    page.goto("/decide/stage/")
    keys = ["stage", "boundary", "terms", "scope", "connection"]
    addresses = []
    for key in keys:
        heading(page, HEADINGS[key])
        addresses.append(page.url)
        answer(page, key, WHOLE[key])
        go_on(page)
    heading(page, HEADINGS["rules"])
    names = ["Stage", "Data boundary", "Vendor terms", "Reach of the limit", "Connection"]
    assert given_so_far(page) == names
    for place in (4, 3, 2):
        page.go_back()
        heading(page, HEADINGS[keys[place]])
        assert page.url == addresses[place]
        assert given_so_far(page) == names[:place]
        expect(page).to_have_title(f"{HEADINGS[keys[place]]} – OpenWeigh")
    page.go_forward()
    heading(page, HEADINGS["scope"])
    assert page.locator("header nav").is_visible()
    page.reload()
    heading(page, HEADINGS["scope"])
    assert given_so_far(page) == names[:3]
    other = page.context.new_page()
    other.goto(page.url)
    heading(other, HEADINGS["scope"])
    answer(other, "scope", "all")
    go_on(other)
    heading(other, HEADINGS["connection"])
    # The first tab goes its own way.
    answer(page, "scope", "part")
    go_on(page)
    heading(page, HEADINGS["connection"])
    assert (parts(page.url)[1]["scope"], parts(other.url)[1]["scope"]) == (["part"], ["all"])


def test_back_returns_from_the_recommendation_to_the_last_question(page: Page) -> None:
    page.goto(question("priority", before("priority")))
    answer(page, "priority", "cost")
    go_on(page)
    heading(page, "Hybrid, narrowly")
    page.go_back()
    heading(page, HEADINGS["priority"])
    assert len(given_so_far(page)) == len(before("priority"))
    page.go_forward()
    heading(page, "Hybrid, narrowly")


@pytest.mark.parametrize("javascript", [True, False])
def test_one_answer_is_changed_from_the_recommendation(new_page: NewPage, javascript: bool) -> None:
    page = new_page(javascript=javascript)
    page.goto(url(RESULT, {**without(WHOLE, "scope"), "boundary": "any-vendor"}))
    page.locator("#assumed").get_by_role("link", name=re.compile("Change.*Data boundary")).click()
    heading(page, HEADINGS["boundary"])
    expect(page.locator("#boundary")).to_be_checked()
    answer(page, "boundary", "own-cloud")
    go_on(page)
    heading(page, HEADINGS["scope"])
    answer(page, "scope", "all")
    go_on(page)
    expect(page.locator("h1")).to_contain_text("Open: on rented GPUs")
    expected = way(boundary="own-cloud", scope="all")
    assert parts(page.url)[1] == parts(url(RESULT, expected))[1]


ERRORS = {
    "boundary": ([], "#boundary"),
    "rules": (["none", "gdpr"], "#rules"),
    "volume": ("lots", "#volume"),
    "size": ("custom", "#tokens_in"),
}


@pytest.mark.parametrize("key", ERRORS)
def test_a_problem_is_focused_linked_accessible_and_can_be_mended(page: Page, key: str) -> None:
    given, field = ERRORS[key]
    page.goto(question(key, before(key)))
    address = page.url
    answer(page, key, given)
    go_on(page)
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("heading")).to_have_text("There is a problem")
    expect(page).to_have_title(f"Error: {HEADINGS[key]} – OpenWeigh")
    assert page.url == address
    assert_accessible(page, CROSSED)
    summary.get_by_role("link").first.click()
    expect(page.locator(field)).to_be_focused()
    if key == "size":
        page.locator("#tokens_in").fill("1.2k")
        page.locator("#tokens_out").fill("300")
    else:
        answer(page, key, "none" if key == "rules" else WHOLE[key])
    go_on(page)
    after = list(HEADINGS)[list(HEADINGS).index(key) + 1]
    assert_came(page, after)


def test_nothing_moves_on_by_itself(page: Page) -> None:
    page.goto(question("boundary", before("boundary")))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(parts(request.url)[0]))
    for box in page.get_by_role("radio").all():
        box.check()
        expect(box).to_be_checked()
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert not [path for path in asked if path.startswith("/decide/")]
    expect(page.get_by_role("button", name="Continue")).to_be_enabled()


def test_start_again_really_starts_again(page: Page) -> None:
    page.goto(url(RESULT, WHOLE))
    page.get_by_role("link", name="Start again").click()
    page.get_by_role("link", name="Start with the first question").click()
    heading(page, HEADINGS["stage"])
    assert page.locator("input:checked").count() == 0
    assert page.locator(".answers").count() == 0
    assert "?" not in page.url


def test_an_assumption_is_changed_on_the_recommendation(page: Page) -> None:
    page.goto(url(RESULT, WHOLE))
    money = page.locator(".money .expected").first
    before_ = money.inner_text()
    page.get_by_label("Requests sent again after a failure").fill("50 %")
    page.get_by_role("button", name="Compute again").click()
    expect(page).to_have_url(re.compile("retry="))
    assert money.inner_text() != before_
    page.get_by_role("link", name="Back to all defaults").click()
    expect(money).to_have_text(before_)
