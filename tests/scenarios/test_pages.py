"""The pages of the scenarios and the guide, as a browser without JavaScript gets them."""

from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.scenarios.models import Scenario
from tests.factories import (
    DefinitionFactory,
    EvidenceNoteFactory,
    HybridPatternFactory,
    ScenarioFactory,
    StatementFactory,
    TakeawayFactory,
    TradeOffFactory,
)

pytestmark = pytest.mark.django_db

MARKS = {"Closed": "<rect", "Open": "<circle", "Hybrid": "<path"}


class Outline(HTMLParser):
    """Headings, links, ids and attributes of the page's main part."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.attributes: set[str] = set()
        self.feed(html[html.index("<main") : html.index("</main>")])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the tag says."""
        values = dict(attrs)
        self.attributes |= values.keys()
        if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            self.levels.append(int(tag[1]))
        if tag == "a":
            self.links.append(values["href"] or "")
        if "id" in values:
            self.ids.append(values["id"] or "")


def page(client: Client, url: str) -> str:
    """Return the page's HTML."""
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def page_urls() -> list[str]:
    """Return the address of every page of this app."""
    details = [row.get_absolute_url() for row in Scenario.objects.in_order()]
    return [reverse("scenarios:list"), reverse("scenarios:guide"), *details]


def test_the_addresses_are_those_of_the_product() -> None:
    assert reverse("scenarios:list") == "/scenarios/"
    assert reverse("scenarios:guide") == "/guide/"
    assert reverse("scenarios:detail", args=["edge"]) == "/scenarios/edge/"


@pytest.mark.usefixtures("shipped")
def test_headings_are_in_order_and_start_with_one_h1(client: Client) -> None:
    for url in page_urls():
        levels = Outline(page(client, url)).levels
        assert levels[0] == 1, url
        assert levels.count(1) == 1, url
        assert all(b - a <= 1 for a, b in pairwise(levels)), url


@pytest.mark.usefixtures("shipped")
def test_ids_are_unique_and_no_style_or_script_stands_in_the_markup(client: Client) -> None:
    for url in page_urls():
        outline = Outline(page(client, url))
        assert len(outline.ids) == len(set(outline.ids)), url
        assert "style" not in outline.attributes, url
        assert not any(name.startswith("on") for name in outline.attributes), url


@pytest.mark.usefixtures("shipped")
def test_no_page_sets_a_cookie(client: Client) -> None:
    for url in page_urls():
        assert not client.get(url).cookies, url


@pytest.mark.usefixtures("shipped")
def test_each_page_has_a_title_of_its_own(client: Client) -> None:
    titles = []
    for url in page_urls():
        html = page(client, url)
        titles.append(html[html.index("<title>") : html.index("</title>")])
    assert len(titles) == len(set(titles)) == 13
    assert all(title.endswith("OpenWeigh") for title in titles)


def test_the_list_shows_each_scenario_with_winner_mark_and_reason(client: Client) -> None:
    for order, winner in enumerate(("Hybrid", "Open", "Closed")):
        ScenarioFactory.create(
            order=order, winner=winner, title=f"Case {order}", summary=f"R{order}."
        )
    html = page(client, "/scenarios/")
    places = [html.index(f"Case {order}") for order in range(3)]
    assert places == sorted(places)
    for order, winner in enumerate(("Hybrid", "Open", "Closed")):
        part = html[places[order] :][:900]
        assert f"group--{winner.lower()}" in part
        assert MARKS[winner] in part
        assert f"R{order}." in part


def test_a_list_without_scenarios_says_so(client: Client) -> None:
    assert "There are no scenarios yet." in page(client, "/scenarios/")


@pytest.mark.usefixtures("rules")
def test_a_scenario_shows_all_it_holds_and_leads_into_the_wizard(client: Client) -> None:
    scenario = ScenarioFactory.create(
        winner="Open",
        situation="A ship at sea.",
        why="No network.",
        when_not="In a harbour.",
        answers={"connection": "never", "stage": "scaling", "rules": ["hipaa", "gdpr"]},
    )
    html = page(client, scenario.get_absolute_url())
    for text in ("A ship at sea.", "No network.", "In a harbour.", "Why Open wins"):
        assert text in html
    query = "stage=scaling&connection=never&rules=gdpr&rules=hipaa"
    links = Outline(html).links
    assert f"/decide/result/?{query}" in links
    assert f"/decide/stage/?{query}" in links
    assert "/scenarios/" in links


def test_without_published_rules_a_scenario_leads_to_no_wizard(client: Client) -> None:
    html = page(client, ScenarioFactory.create().get_absolute_url())
    assert not [link for link in Outline(html).links if link.startswith("/decide/")]
    assert "The address that you get" not in html


def test_evidence_shows_source_date_check_and_judgement_in_its_order(client: Client) -> None:
    scenario = ScenarioFactory.create()
    EvidenceNoteFactory.create(
        scenario=scenario,
        order=2,
        text="Second note.",
        basis="judgement",
        source_title="An article",
        source_url="",
        source_date="2024",
    )
    EvidenceNoteFactory.create(
        scenario=scenario, order=1, text="First note.", source_date="2024-04-30"
    )
    html = page(client, scenario.get_absolute_url())
    first, second = html.index("First note."), html.index("Second note.")
    assert first < second
    assert 'href="https://source.example/report"' in html[first:second]
    assert '<time datetime="2024-04-30">30 April 2024</time>' in html[first:second]
    assert '<time datetime="2026-11-22">22 November 2026</time>' in html[first:second]
    assert "Judgement" not in html[first:second]
    assert "Judgement" in html[second:]
    assert '<time datetime="2024">2024</time>' in html[second:]
    assert "<a " not in html[second : html.index("</main>")]


def test_a_scenario_without_evidence_says_so(client: Client) -> None:
    url = ScenarioFactory.create().get_absolute_url()
    assert "No evidence has been recorded yet." in page(client, url)


def test_texts_are_escaped(client: Client) -> None:
    url = ScenarioFactory.create(why="<b>Because</b>").get_absolute_url()
    assert "&lt;b&gt;Because&lt;/b&gt;" in page(client, url)


def test_an_unknown_scenario_is_not_found(client: Client) -> None:
    assert client.get("/scenarios/none/").status_code == 404


@pytest.mark.parametrize("url", ["/scenarios/", "/guide/"])
def test_pages_are_read_only(client: Client, url: str) -> None:
    assert client.post(url).status_code == 405
    assert client.head(url).status_code == 200


@pytest.mark.usefixtures("shipped")
def test_the_contents_list_of_the_guide_leads_to_each_section(client: Client) -> None:
    outline = Outline(page(client, "/guide/"))
    anchors = [link.removeprefix("#") for link in outline.links if link.startswith("#")]
    assert anchors == ["definitions", "trade-offs", "hybrid", "takeaways", "about"]
    assert set(anchors) <= set(outline.ids)


@pytest.mark.usefixtures("shipped")
def test_the_guide_holds_everything_with_its_source(client: Client) -> None:
    html = page(client, "/guide/")
    for text in (
        "Fully open source",
        "Behind at the very top",
        "Follows every peak",
        "Keep the routine majority on an open model",
        "No choice is for ever.",
        "What it is not",
        "10 March 2026",
        "22 November 2026",
        "Managed safety and support",
    ):
        assert text in html
    assert "/scenarios/" in Outline(html).links


def test_the_guide_puts_each_trade_off_on_its_side(client: Client) -> None:
    for side, kind, title in (
        ("closed", "disadvantage", "Point CD"),
        ("closed", "advantage", "Point CA"),
        ("open", "disadvantage", "Point OD"),
        ("open", "advantage", "Point OA"),
    ):
        TradeOffFactory.create(side=side, kind=kind, title=title)
    html = page(client, "/guide/")
    places = [html.index(f"Point {name}") for name in ("OA", "OD", "CA", "CD")]
    assert places == sorted(places)


def test_a_source_that_several_rows_share_is_named_once(client: Client) -> None:
    TakeawayFactory.create_batch(3, source_title="A shared report")
    assert page(client, "/guide/").count("A shared report") == 1


def test_an_empty_guide_is_still_a_page(client: Client) -> None:
    assert "No definitions have been recorded yet." in page(client, "/guide/")


def fill_guide(count: int) -> str:
    """Add rows to every table of the guide."""
    for factory in (
        DefinitionFactory,
        TradeOffFactory,
        HybridPatternFactory,
        TakeawayFactory,
        StatementFactory,
    ):
        factory.create_batch(count)
    return "/guide/"


def fill_list(count: int) -> str:
    """Add scenarios with evidence."""
    EvidenceNoteFactory.create_batch(count)
    return "/scenarios/"


def fill_detail(count: int) -> str:
    """Add evidence to one scenario, and other scenarios beside it."""
    fill_list(count)
    scenario = Scenario.objects.in_order()[0]
    EvidenceNoteFactory.create_batch(count, scenario=scenario)
    return scenario.get_absolute_url()


@pytest.mark.parametrize("fill", [fill_list, fill_detail, fill_guide])
def test_twice_the_rows_take_no_more_queries(client: Client, fill: Callable[[int], str]) -> None:
    counts = []
    for _ in range(2):
        url = fill(4)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(client, url)
        counts.append(len(queries))
    assert counts[0] == counts[1] > 0
