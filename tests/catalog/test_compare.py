"""Two to four models side by side."""

import pytest
from django.test import Client

from apps.catalog.models import Model
from apps.catalog.pages.comparison import FEWEST, MOST, pick
from tests import factories

pytestmark = pytest.mark.django_db


def make(*slugs: str) -> None:
    for slug in slugs:
        factories.ModelFactory.create(slug=slug, name=slug.upper())


def address(*slugs: str) -> str:
    return "/models/compare/?" + "&".join(f"m={slug}" for slug in slugs)


@pytest.mark.parametrize("slugs", [("a", "b"), ("b", "a", "c"), ("d", "c", "b", "a")])
def test_models_stand_in_the_order_in_which_they_were_picked(
    client: Client, slugs: tuple[str, ...]
) -> None:
    make("a", "b", "c", "d")
    response = client.get(address(*slugs))
    assert response.status_code == 200
    page = response.context["page"]
    assert [head.name for head in page.heads] == [slug.upper() for slug in slugs]
    assert all(len(row.values) == len(slugs) for row in page.rows)


@pytest.mark.parametrize(
    ("slugs", "words"),
    [
        ((), "none was given"),
        (("a",), "only one was given"),
        (("a", "a"), "only one was given"),
        (("a", "b", "c", "d", "e"), "at most 4 models; 5 were given"),
        (("a", "nobody"), "holds no model “nobody”"),
        (("a", "<script>"), "holds no model “&lt;script&gt;”"),
    ],
)
def test_what_cannot_be_compared_is_said_in_the_house_style(
    client: Client, slugs: tuple[str, ...], words: str
) -> None:
    make("a", "b", "c", "d", "e")
    response = client.get(address(*slugs))
    assert response.status_code == 400
    text = response.content.decode()
    assert words in text
    assert "<title>Error: " in text
    assert 'href="/models/"' in text


def test_what_is_left_of_a_wrong_request_can_be_compared_at_once(client: Client) -> None:
    make("a", "b", "c", "d", "e")
    for url, ticked in (
        (address("a", "b", "nobody"), "ab"),
        (address("a", "b", "c", "d", "e"), "abcd"),
    ):
        page = client.get(url).context["page"]
        assert [choice.slug for choice in page.choices if choice.is_ticked] == list(ticked)
        again = client.get(address(*ticked))
        assert again.status_code == 200
    assert not client.get(address("a", "nobody")).context["page"].choices


def test_a_price_at_a_router_is_said_to_be_one(client: Client) -> None:
    make("a", "b")
    offer = factories.OfferFactory.create(
        model=Model.objects.get(slug="a"), host__name="Passer", host__kind="router"
    )
    factories.PriceFactory.create(offer=offer)
    rows = client.get(address("a", "b")).context["page"].rows
    assert next(row.values for row in rows if row.label == "At") == (
        "Passer, a router or reseller",
        None,
    )


def test_the_bounds_are_two_and_four() -> None:
    assert (FEWEST, MOST) == (2, 4)
    assert pick([" a ", "", "b", "a"], ["a", "b"]).slugs == ("a", "b")


def test_differences_only_is_part_of_the_address(client: Client) -> None:
    factories.ModelFactory.create(slug="a", context_tokens=1000, tools=True)
    factories.ModelFactory.create(slug="b", context_tokens=2000, tools=True)
    every = client.get(address("a", "b")).context["page"]
    few = client.get(every.differences_url).context["page"]
    labels = [row.label for row in few.rows]
    assert "Context, tokens" in labels
    assert "Calls tools" not in labels
    assert few.hidden == len(every.rows) - len(few.rows) > 0
    assert few.all_url == address("a", "b")


def test_unknown_is_a_dash_and_not_a_no(client: Client) -> None:
    factories.ModelFactory.create(slug="a", tools=False)
    factories.ModelFactory.create(slug="b", tools=None)
    page = client.get(address("a", "b")).context["page"]
    (row,) = [row for row in page.rows if row.label == "Calls tools"]
    assert row.values == ("No", None)
    assert row.differs


def test_only_results_of_the_same_version_and_variant_stand_side_by_side(client: Client) -> None:
    make("a", "b")
    a, b = (Model.objects.get(slug=slug) for slug in "ab")
    bench = factories.BenchmarkFactory.create(name="Bench", unit="%")
    for model, version, value in ((a, "1", 10), (b, "1", 20), (a, "2", 30)):
        factories.ScoreFactory.create(model=model, benchmark=bench, version=version, value=value)
    page = client.get(address("a", "b")).context["page"]
    scores = {row.label: row.values for row in page.rows if row.label.startswith("Bench")}
    assert scores == {"Bench, 1, %": ("10", "20")}


def test_the_list_offers_a_box_for_each_model(client: Client) -> None:
    make("a", "b")
    text = client.get("/models/").content.decode()
    assert '<form id="compare" action="/models/compare/" method="get"' in text
    for slug in "ab":
        assert f'name="m" value="{slug}" form="compare"' in text
