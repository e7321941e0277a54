"""The list as a page: filters that are set, what to relax, pages, and the part that is swapped."""

import pytest
from django.test import Client

from tests import factories

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def test_nothing_found_says_which_filter_to_relax(client: Client) -> None:
    factories.ModelFactory.create(openness="closed", tools=True)
    factories.ModelFactory.create(openness="closed", tools=True)
    factories.ModelFactory.create(tools=False)
    page = client.get("/models/?openness=closed&tools=no").context["page"]
    assert page.counts.total == 0
    assert [(f.name, f.count) for f in page.nothing.relax] == [("Calls tools", 2), ("Openness", 1)]
    assert page.nothing.relax[0].remove_url == "/models/?openness=closed"
    text = client.get("/models/?openness=closed&tools=no").content.decode()
    assert "No model matches all of these filters" in text


def test_a_name_that_is_not_there_is_answered_with_the_nearest(client: Client) -> None:
    new = factories.ModelFactory.create(slug="new", name="Claude Opus 5")
    factories.ModelFactory.create(name="Claude Opus 4", status="retired", successor=new)
    text = client.get("/models/?q=claude+three+opus").content.decode()
    assert "No model here is called “claude three opus”" in text
    assert "Claude Opus 4</a>: retired" in text
    assert '<a href="/models/new/">Claude Opus 5</a>: current' in text


def test_a_model_that_was_replaced_names_what_replaced_it(client: Client) -> None:
    new = factories.ModelFactory.create(slug="new", name="New")
    factories.ModelFactory.create(name="Old", status="retired", successor=new)
    page = client.get("/models/?sort=name").context["page"]
    assert [row.successor and row.successor.name for row in page.rows] == [None, "New"]


def test_where_no_single_filter_is_the_cause_all_can_be_cleared(client: Client) -> None:
    factories.ModelFactory.create()
    text = client.get("/models/?openness=closed&tools=yes").content.decode()
    assert "No single filter is the cause" in text


def test_a_bad_value_is_named_at_its_field_and_never_breaks_the_page(client: Client) -> None:
    factories.ModelFactory.create()
    response = client.get("/models/?context_min=long&other=1")
    assert response.status_code == 200
    text = response.content.decode()
    assert '<a href="#filter-context_min">“Context at least” must be a number' in text
    assert 'id="filter-context_min"' in text


def test_a_number_that_was_typed_stays_a_choice(client: Client) -> None:
    factories.ModelFactory.create(context_tokens=64_000)
    text = client.get("/models/?context_min=64k").content.decode()
    assert '<option value="64000" selected>64k tokens or more (1)</option>' in text


def test_pages_lead_forward_and_back(client: Client) -> None:
    for n in range(7):
        factories.ModelFactory.create(name=f"M{n}", slug=f"m{n}")
    seen, url = [], "/models/?sort=name&page_size=3"
    while url:
        page = client.get(url).context["page"]
        seen.append([row.name for row in page.rows])
        last, url = page, page.links.next_url
    assert seen == [["M0", "M1", "M2"], ["M3", "M4", "M5"], ["M6"]]
    assert [row.name for row in client.get(last.links.previous_url).context["page"].rows] == seen[1]
    assert [row.name for row in client.get(last.links.first_url).context["page"].rows] == seen[0]


def test_htmx_gets_the_list_alone_and_the_short_address(client: Client) -> None:
    factories.ModelFactory.create(openness="closed")
    response = client.get("/models/?q=&openness=closed&tools=&sort=provider", headers=HTMX)
    text = response.content.decode()
    assert "<html" not in text
    assert text.strip().startswith('<div class="catalog" id="catalog">')
    assert 'hx-swap-oob="innerHTML:#announcement">1 model found.' in text
    assert response["HX-Push-Url"] == "/models/?openness=closed"
    assert "HX-Request" in response["Vary"]


def test_every_link_that_htmx_follows_is_a_link_without_it(client: Client) -> None:
    import re

    factories.ModelFactory.create()
    text = client.get("/models/?tools=unknown").content.decode()
    swapped = re.findall(r'href="([^"]*)"[^>]*?hx-get="([^"]*)"', text)
    assert len(swapped) > 10
    assert all(href == get for href, get in swapped)


def test_an_export_takes_the_filters_along(client: Client) -> None:
    factories.ModelFactory.create()
    text = client.get("/models/?openness=open-weight&sort=-name").content.decode()
    for kind in ("json", "csv"):
        assert f'href="/models.{kind}?openness=open-weight&amp;sort=-name"' in text
