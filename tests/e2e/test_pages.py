"""What holds for every public page, as a browser shows it."""

import pytest
from playwright.sync_api import Page

from tests.e2e.axe import CROSSED, LOOKS, Look, assert_accessible
from tests.visiting import KEYS, RESULT, STATES, WHOLE, before, question, url

NOT_FOUND = "/no-such-page/"
COSTS = "/costs/?volume=100000&tokens_in=1500&tokens_out=400&gpu=h100&growth=0.05&retry=0.1"
PAGES = [
    "/accessibility/",
    "/",
    "/scenarios/",
    "/scenarios/quick-prototype/",
    "/guide/",
    "/models/",
    "/models/gpt-oss-120b/",
    "/how-it-works/",
    "/how-it-works/gap/",
    "/decide/",
    COSTS,
    NOT_FOUND,
]
QUESTIONS = [question(key, before(key)) for key in KEYS]
RESULTS = {state: url(RESULT, answers) for state, (answers, _, _) in STATES.items()}
PROBLEMS = url(RESULT, WHOLE, team="nonsense", retry="x" * 300)
SIZE = before("size")
ERRORS = {
    "choice": question("boundary", before("boundary"), next="1"),
    "several": question("rules", before("rules"), rules=["none", "gdpr"], next="1"),
    "number": question("volume", before("volume"), volume="lots of them " * 9, next="1"),
    "size": question("size", SIZE, size="custom", tokens_in="x", tokens_out="", next="1"),
    "costs": "/costs/?volume=lots+of+them&tokens_in=-1&tokens_out=5&efficiency=7&at=soon",
}
ALL = [*PAGES, *QUESTIONS, *RESULTS.values(), PROBLEMS, *ERRORS.values()]
# The pages that stand for their template are looked at in every way.
WHOLE_LOOK = {*PAGES, QUESTIONS[-1], RESULTS["clear"], ERRORS["size"], ERRORS["costs"]}


@pytest.mark.parametrize("address", ALL, ids=range(len(ALL)))
def test_a_page_is_accessible_and_scrolls_only_down(page: Page, address: str) -> None:
    response = page.goto(address)
    assert response is not None
    expected = {NOT_FOUND: 404} | dict.fromkeys(ERRORS.values(), 422)
    assert response.status == expected.get(address, 200)
    assert page.locator("h1").count() == 1
    looks: tuple[Look, ...] = LOOKS if address in WHOLE_LOOK else CROSSED
    assert_accessible(page, looks)
    for width in (320, 360):
        page.set_viewport_size({"width": width, "height": 800})
        root = "document.documentElement"
        wide = page.evaluate(f"{root}.scrollWidth - {root}.clientWidth")
        assert wide <= 0, f"{wide} px too wide at {width} px"


def test_each_page_has_a_title_of_its_own(page: Page) -> None:
    titles: dict[str, str] = {}
    for address in [*PAGES, *QUESTIONS]:
        page.goto(address)
        assert page.title().strip(), address
        assert page.title() not in titles, f"{address} and {titles[page.title()]} share a title"
        titles[page.title()] = address


def test_the_recommendation_prints_whole_and_without_what_only_a_screen_needs(page: Page) -> None:
    page.goto(RESULTS["clear"])
    page.emulate_media(media="print")
    for gone in (".site-nav", ".contents", ".button-row", ".skip-link", ".summary-action"):
        assert not [shown for shown in page.locator(gone).all() if shown.is_visible()], gone
    for there in ("h1", "#money", "#why", "#changes", "#models", "#why-not", "#risks", "#proof"):
        assert page.locator(there).is_visible(), there
    assert page.pdf(format="A4", print_background=True).startswith(b"%PDF")


@pytest.mark.parametrize("address", [RESULTS["clear"], QUESTIONS[1]])
def test_what_is_touched_is_large_enough(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(address)
    for touched in page.locator(".button, .choice, .summary-action a, .site-nav a").all():
        box = touched.bounding_box()
        assert box is not None
        assert box["height"] >= 43.5, touched.inner_text()


def test_nothing_moves_for_who_wants_less_motion(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(QUESTIONS[1])
    moving = "all => all.map(one => getComputedStyle(one).transitionDuration)"
    assert set(page.locator(".choice, .button, a").evaluate_all(moving)) == {"0s"}
