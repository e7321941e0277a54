"""Rules on their way to visitors: edited, previewed, mended, weighed, published, taken back."""

import subprocess
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import WAIT_MILLISECONDS
from tests.e2e.site import Site, prepare, serve
from tests.e2e.watch import Watch

PASSWORD = "a long way to type"  # noqa: S105
PEOPLE = ("first", "second")
MAKE = """
from django.contrib.auth.models import Group, User
for name in {people!r}:
    user = User.objects.create_user(name, password={password!r}, is_staff=True)
    user.groups.set(Group.objects.filter(name="publisher"))
"""


class Two(NamedTuple):
    """Two processes with one database."""

    one: Site
    other: Site


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    """Serve a site of its own by two processes: what is published here is seen nowhere else."""
    environment = prepare(tmp_path_factory.mktemp("publishing")) | {"SECOND_FACTOR": "off"}
    running: list[tuple[Site, subprocess.Popen[str]]] = [serve(environment), serve(environment)]
    two = Two(*(site for site, _ in running))
    two.one.manage("shell", "-c", MAKE.format(people=PEOPLE, password=PASSWORD))
    yield two
    for _, process in running:
        process.terminate()
        process.wait(30)


class People:
    """Opens pages of several people, each watched."""

    def __init__(self, browser: Browser) -> None:
        """Take the browser."""
        self.browser = browser
        self.watches: list[Watch] = []

    def page(self, site: Site, *, cookies: bool) -> Page:
        """Return a blank page of somebody new."""
        context = self.browser.new_context(base_url=site.url, locale="en-GB")
        context.set_default_timeout(WAIT_MILLISECONDS)
        self.watches.append(Watch(context, site.url, cookies=cookies))
        return context.new_page()

    def signed_in(self, site: Site, name: str) -> Page:
        """Return the front page of somebody who signed in."""
        page = self.page(site, cookies=True)
        page.goto("/admin/")
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.locator("[type=submit]").click()
        expect(page.get_by_role("heading", name="What waits")).to_be_visible()
        return page


@pytest.fixture
def people(browser: Browser, two: Two) -> Iterator[People]:
    """Watch all pages; whatever they did wrong fails the test at its end."""
    people = People(browser)
    yield people
    problems = [problem for watch in people.watches for problem in watch.settle()]
    for watch in people.watches:
        watch.close()
    if problems:
        pytest.fail("\n".join([*problems, *two.one.log, *two.other.log]), pytrace=False)


def open_version(page: Page, version: int) -> None:
    """Open a version from the front page."""
    page.goto("/admin/")
    page.get_by_role("link", name="Change the rules").click()
    page.locator("#result_list").get_by_role("link", name=str(version), exact=True).click()


def copy(page: Page, version: int) -> None:
    """Copy a version to a new draft."""
    open_version(page, version)
    page.get_by_role("link", name="What differs").click()
    page.get_by_role("button", name=f"Copy version {version} to a new draft").click()
    expect(page.get_by_text("was made.")).to_be_visible()


def open_question(page: Page, version: int, key: str) -> None:
    """Open a question of a draft."""
    open_version(page, version)
    page.get_by_role("link", name="list of this version").click()
    page.locator("#result_list").get_by_role("link", name=key, exact=True).click()


def weigh(page: Page, version: int) -> None:
    """Open what publishing a draft would do, with its impact."""
    open_version(page, version)
    page.get_by_role("link", name="Check and publish").click()
    page.get_by_role("button", name="Compute the impact").click()
    whole = "Asked 2000 of 2000 sets of answers"
    expect(page.locator("#impact")).to_contain_text(whole, timeout=4 * WAIT_MILLISECONDS)


def publish(page: Page, version: int, note: str) -> None:
    """Publish a draft that was weighed."""
    open_version(page, version)
    page.get_by_role("link", name="Check and publish").click()
    page.get_by_label("What is new in this version, and why").fill(note)
    page.get_by_role("button", name=f"Publish version {version}").click()
    expect(page.get_by_text(f"Version {version} is published.")).to_be_visible()


def test_rules_reach_visitors_through_two_people_and_can_be_taken_back(
    people: People, two: Two
) -> None:
    first = people.signed_in(two.one, PEOPLE[0])
    copy(first, 1)
    open_question(first, 2, "stage")
    first.get_by_label("Title:").fill("Where are you now?")
    labels = first.locator("input[name^='choices-'][name$='-label']")
    right, same = labels.nth(1).input_value(), labels.nth(0).input_value()
    labels.nth(1).fill(same)
    first.get_by_role("button", name="Save", exact=True).click()

    open_version(first, 2)
    expect(first.locator("#checks")).to_contain_text(f"has “{same}” twice")
    first.get_by_role("link", name="Preview").click()
    expect(first.locator("#replayed")).to_contain_text("Preview of the draft of version 2")
    first.goto("/rules/2/decide/stage/")
    expect(first.locator("h1")).to_have_text("Where are you now?")

    open_question(first, 2, "stage")
    labels.nth(1).fill(right)
    first.get_by_role("button", name="Save", exact=True).click()
    open_version(first, 2)
    expect(first.locator("#checks")).to_contain_text("Nothing is wrong with this draft.")
    weigh(first, 2)
    expect(first.locator("#impact")).to_contain_text("The option changes in 0%")
    expect(first.get_by_text("You edited this draft last")).to_be_visible()
    expect(first.get_by_role("button", name="Publish version 2")).to_have_count(0)

    second = people.signed_in(two.one, PEOPLE[1])
    publish(second, 2, "The first question is shorter.")
    visitor = people.page(two.other, cookies=False)
    visitor.goto("/decide/stage/")
    expect(visitor.locator("h1")).to_have_text("Where are you now?")
    visitor.goto("/how-it-works/versions/")
    expect(visitor.locator("main")).to_contain_text("The first question is shorter.")

    copy(second, 1)
    weigh(second, 3)
    publish(first, 3, "The first question as it was.")
    # Whoever was there a moment ago may see the page that was there then.
    visitor = people.page(two.other, cookies=False)
    visitor.goto("/decide/stage/")
    expect(visitor.locator("h1")).to_have_text("Where is your project now?")
    visitor.goto("/rules/2/decide/stage/")
    expect(visitor.locator("#replayed")).to_contain_text("the same with version 3")
    expect(visitor.locator("h1")).to_have_text("Where are you now?")
