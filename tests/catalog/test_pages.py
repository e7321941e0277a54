"""The two pages of the catalog."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.catalog.models import Model
from apps.catalog.pages.detail import detail_page
from apps.catalog.pages.facets import Selection, index
from apps.catalog.pages.filters import parse
from apps.catalog.pages.listing import ListPage, list_page
from apps.catalog.pages.model_capability import TaskLevel
from apps.catalog.snapshot import current_snapshot
from apps.money.needs import Level
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 22)


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def fill(model: Model, count: int) -> None:
    """Give a model offers with prices, scores and citations."""
    fields = ["context_tokens", "license", "status", "openness", "release_date", "modalities"]
    used = model.citations.count()
    for field in fields[used : used + count]:
        factories.CitationFactory.create(model=model, field=field)
    for _ in range(count):
        offer = factories.OfferFactory.create(model=model)
        factories.PriceFactory.create(offer=offer)
        factories.PriceFactory.create(offer=offer, above_tokens=1000)
        factories.ScoreFactory.create(model=model)


def listed(sort: str = "", today: date = TODAY) -> ListPage:
    arrays = index(current_snapshot(today))
    return list_page(Selection(arrays, parse([("sort", sort)], arrays.vocabulary)), today)


def detailed(model: Model, today: date = TODAY) -> Any:
    return detail_page(Model.objects.for_detail().get(pk=model.pk), today)


# The list


def test_an_empty_catalog_says_so(client: Client) -> None:
    assert "There are no models yet" in client.get("/models/").content.decode()


def test_twice_the_models_take_the_same_queries(client: Client) -> None:
    for _ in range(3):
        fill(factories.ModelFactory.create(), 2)
    first = queries(client, "/models/")
    for _ in range(3):
        fill(factories.ModelFactory.create(), 2)
    assert queries(client, "/models/") == first


def test_a_row_shows_what_is_known(client: Client) -> None:
    price = factories.PriceFactory.create(
        offer__host__name="Groq",
        offer__model=factories.ModelFactory.create(
            slug="large",
            name="Large (B200)",
            provider__name="Maker",
            context_tokens=131_072,
            params_total_b=117,
            params_active_b=5.1,
        ),
    )
    (row,) = listed().rows
    assert (row.name, row.variant, row.provider) == ("Large", "B200", "Maker")
    assert (row.rights, row.hosts, row.status.text) == ("Yes", 1, "Current")
    text = client.get("/models/").content.decode()
    assert f'href="/models/{price.offer.model.slug}/"' in text
    for words in ("Maker", "Groq", "131k", "117B", "5.1B", "$1", "$2", "Open-weight"):
        assert words in text


def test_what_is_unknown_is_a_dash_that_is_spoken(client: Client) -> None:
    factories.ModelFactory.create(license=None)
    text = client.get("/models/").content.decode()
    # Rights, context, parameters, input and output.
    assert text.count('<span class="visually-hidden">unknown</span>') == 5


def test_the_lowest_price_is_that_of_a_host_not_of_a_router() -> None:
    model = factories.ModelFactory.create()
    for name, kind, dollars in (("Dear", "host", 3), ("Cheap", "host", 2), ("Router", "router", 1)):
        factories.PriceFactory.create(
            offer__model=model,
            offer__host__name=name,
            offer__host__kind=kind,
            input=dollars,
            output=dollars,
        )
    (row,) = listed().rows
    assert row.price is not None
    assert (row.price.host, row.hosts) == ("Cheap", 2)


def test_a_router_counts_where_no_host_states_a_price() -> None:
    model = factories.ModelFactory.create()
    factories.PriceFactory.create(offer__model=model, offer__host__kind="host", input=0)
    factories.PriceFactory.create(offer__model=model, offer__host__kind="router")
    (row,) = listed().rows
    assert row.price is not None
    assert row.price.is_router


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("", ["B", "C", "A"]),
        ("no such order", ["B", "C", "A"]),
        ("provider", ["B", "C", "A"]),
        ("newest", ["C", "A", "B"]),
        ("context", ["A", "C", "B"]),
        ("parameters", ["A", "B", "C"]),
        ("input", ["C", "A", "B"]),
        ("output", ["A", "C", "B"]),
        ("hosts", ["C", "A", "B"]),
        ("name", ["A", "B", "C"]),
        ("-name", ["C", "B", "A"]),
        ("-context", ["C", "A", "B"]),
        ("-output", ["C", "A", "B"]),
        ("-newest", ["B", "A", "C"]),
    ],
)
def test_the_order_of_rows_with_unknown_last(sort: str, names: list[str]) -> None:
    first = factories.ProviderFactory.create(name="First")
    second = factories.ProviderFactory.create(name="Second")
    a = factories.ModelFactory.create(
        name="A",
        provider=second,
        context_tokens=9,
        params_total_b=5,
        release_date=date(2026, 1, 1),
    )
    factories.ModelFactory.create(name="B", provider=first, release_date=date(2025, 1, 1))
    Model.objects.filter(name="B").update(params_total_b=2)
    c = factories.ModelFactory.create(
        name="C", provider=second, context_tokens=8, release_date=date(2026, 2, 2)
    )
    factories.PriceFactory.create(offer__model=a, input=2, output=2)
    factories.PriceFactory.create(offer__model=c, input=1, output=3)
    factories.OfferFactory.create(model=c)
    assert [row.name for row in listed(sort).rows] == names


def test_the_order_is_a_link_that_says_it_is_current(client: Client) -> None:
    factories.ModelFactory.create()
    text = client.get("/models/?sort=context").content.decode()
    assert 'href="/models/?sort=-context" aria-current="true"' in text
    assert 'aria-sort="descending"' in text


# The page of a model


def test_an_unknown_model_is_not_found(client: Client) -> None:
    assert client.get("/models/no-such-model/").status_code == 404


def test_twice_the_offers_and_scores_take_the_same_queries(client: Client) -> None:
    model = factories.ModelFactory.create()
    fill(model, 3)
    first = queries(client, model.get_absolute_url())
    fill(model, 3)
    assert queries(client, model.get_absolute_url()) == first


def test_every_fact_that_is_known_has_its_source(client: Client) -> None:
    model = factories.ModelFactory.create(context_tokens=131_072, source__title="The set")
    factories.CitationFactory.create(
        model=model, field="context_tokens", source__title="The card", detail="Page 2"
    )
    facts = {fact.label: fact for fact in detailed(model).facts}
    context = facts["Context"]
    assert (context.value, context.source.title, context.source.detail) == (
        "131,072 tokens",
        "The card",
        "Page 2",
    )
    assert facts["Parameters"].value is None
    assert all((fact.value is None) == (fact.source is None) for fact in facts.values())
    text = client.get(model.get_absolute_url()).content.decode()
    assert "The card" in text
    assert "22 November 2026" in text


def test_yes_no_and_unknown_are_three_things() -> None:
    model = factories.ModelFactory.create(tools=True, reasoning=False)
    facts = {fact.label: fact.value for fact in detailed(model).facts}
    assert facts["Calls tools"] == "Yes"
    assert facts["Reasons before it answers"] == "No"
    assert facts["Structured output"] is None


def test_a_closed_model_shows_no_size_of_weights() -> None:
    model = factories.ModelFactory.create(openness="closed")
    assert "Parameters" not in {fact.label for fact in detailed(model).facts}


def test_the_licence_is_told_clause_by_clause(client: Client) -> None:
    license_ = factories.LicenseFactory.create(
        license_class="custom-conditional",
        rights="conditional",
        revenue_clause="Not above US$20 million.",
        users_clause="Not above 100 million users.",
        region_clause="Not in one region.",
    )
    model = factories.ModelFactory.create(license=license_)
    text = client.get(model.get_absolute_url()).content.decode()
    for clause in ("US$20 million", "100 million users", "one region", "under conditions"):
        assert clause in text


def test_a_licence_keeps_the_capitals_of_its_class(client: Client) -> None:
    license_ = factories.LicenseFactory.create(license_class="osi-permissive", rights="free")
    model = factories.ModelFactory.create(license=license_)
    assert ": permissive, approved by the OSI." in client.get(model.get_absolute_url()).text


def test_a_licence_that_was_not_found_is_unknown(client: Client) -> None:
    model = factories.ModelFactory.create(license=None)
    text = client.get(model.get_absolute_url()).content.decode()
    assert "is not known: read the licence first" in text
    assert "text was not found" in text


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"status": "current"}, "Its maker offers it without a replacement."),
        ({"status": "legacy"}, "A newer model has taken its place; it can still be used."),
        ({"status": "deprecated"}, "Its maker will shut it down; the date is not known."),
        (
            {"status": "deprecated", "retirement_date": date(2027, 1, 14)},
            "Its maker shuts it down on 14 January 2027.",
        ),
        (
            {"status": "deprecated", "retirement_date": TODAY},
            "Its maker has shut it down on 22 November 2026. It is kept here for reference.",
        ),
        (
            {"status": "retired"},
            "Its maker has shut it down. It is kept here for reference.",
        ),
    ],
)
def test_the_status_in_a_sentence(values: dict[str, Any], sentence: str) -> None:
    assert detailed(factories.ModelFactory.create(**values)).status.sentence == sentence


def test_the_successor_is_a_link(client: Client) -> None:
    successor = factories.ModelFactory.create(name="Newer")
    model = factories.ModelFactory.create(status="legacy", successor=successor)
    text = client.get(model.get_absolute_url()).content.decode()
    assert f'<a href="/models/{successor.slug}/">Newer</a>' in text


def test_prices_say_whether_they_are_past_in_force_or_announced() -> None:
    offer = factories.OfferFactory.create()
    for start, end in (
        (date(2026, 1, 1), date(2026, 6, 30)),
        (date(2026, 7, 1), date(2026, 11, 30)),
        (date(2026, 12, 1), None),
    ):
        factories.PriceFactory.create(offer=offer, valid_from=start, valid_until=end)
    found = detailed(offer.model).offered
    assert [(row.valid, row.badge.text) for row in (*found.rows, *found.past)] == [
        ("1 July 2026 to 30 November 2026", "In force"),
        ("from 1 December 2026", "Announced"),
        ("1 January 2026 to 30 June 2026", "Past"),
    ]


def test_a_price_of_0_is_shown_as_unknown() -> None:
    price = factories.PriceFactory.create(input=0, output=2)
    (row,) = detailed(price.offer.model).offered.rows
    assert (row.input, row.output) == (None, 2)


def test_a_longer_prompt_has_its_own_row(client: Client) -> None:
    price = factories.PriceFactory.create()
    factories.PriceFactory.create(offer=price.offer, above_tokens=272_000, input=4)
    text = client.get(price.offer.model.get_absolute_url()).content.decode()
    assert "Prompts above 272,000 tokens" in text


def test_an_offer_without_a_price_is_named() -> None:
    offer = factories.OfferFactory.create(host__name="Silent")
    assert detailed(offer.model).offered.unpriced == ("Silent",)


def test_scores_keep_version_variant_date_and_source(client: Client) -> None:
    score = factories.ScoreFactory.create(
        version="2026-06-25",
        variant="high",
        measured_on="2026-06",
        value=41.8,
        cost_usd=0.74,
        source__title="The board",
    )
    text = client.get(score.model.get_absolute_url()).content.decode()
    for words in ("41.8", "2026-06-25", "high", "2026-06", "$0.74", "The board"):
        assert words in text


def test_a_capability_shows_index_interval_grade_line_and_both_sources(client: Client) -> None:
    line = factories.IndexScoreFactory.create(
        name="The one before", eci=150.25, ci_low=148.5, ci_high=152.0, source__title="The index"
    )
    row = factories.CapabilityFactory.create(
        index_name=line.name, grade="predecessor", note="Few benchmarks.", source__title="The map"
    )
    text = client.get(row.model.get_absolute_url()).content.decode()
    for words in (
        "150.2 on the Epoch Capabilities Index",
        "(90% interval 148.5 to 152.0)",
        "Epoch AI, CC BY 4.0",
        "The one before. Its predecessor: a lower bound. Few benchmarks.",
        "1 October 2026",
        "The index",
        "The map",
    ):
        assert words in text


def test_an_estimate_is_reckoned_with_at_its_low_end(client: Client) -> None:
    row = factories.EstimateFactory.create(estimate=140, estimate_low=133.5, estimate_high=147)
    text = client.get(row.model.get_absolute_url()).content.decode()
    assert "140.0 on the Epoch Capabilities Index (90% interval 133.5 to 147.0)" in text
    assert "reckoned with as 133.5, the low end" in text
    assert "Estimated from another benchmark." in text


def test_a_capability_shows_what_the_model_solves_of_each_task() -> None:
    row = factories.EstimateFactory.create(estimate=141)
    levels = (TaskLevel("Easy", Level(131, 0.1)), TaskLevel("Hard", Level(151, 0.1)))
    model = Model.objects.for_detail().get(pk=row.model.pk)
    found = detail_page(model, TODAY, levels=levels).capability
    # 1/(1 + e^-1) = 0.731, and the rest of it to 1.
    assert found is not None
    assert [(chance.task, chance.share) for chance in found.chances] == [
        ("Easy", "73%"),
        ("Hard", "27%"),
    ]


def test_a_model_that_is_not_measured_is_said_not_to_be_recommended(client: Client) -> None:
    text = client.get(factories.ModelFactory.create().get_absolute_url()).content.decode()
    assert "never recommended" in text


def test_what_the_article_said_stands_beside_today(client: Client) -> None:
    model = factories.ModelFactory.create(
        name="Llama 3.1 405B",
        in_article=True,
        article_label="Llama 3 405B",
        article_provider="Meta",
        article_strengths="The strongest.",
        article_date=date(2026, 3, 10),
    )
    text = client.get(model.get_absolute_url()).content.decode()
    for words in ("10 March 2026", "Llama 3 405B", "Llama 3.1 405B", "The strongest."):
        assert words in text
    other = factories.ModelFactory.create()
    assert "Then and now" not in client.get(other.get_absolute_url()).content.decode()


# Stale facts


@pytest.mark.parametrize(
    ("days", "badge"), [(0, None), (89, None), (90, "90 days"), (91, "91 days")]
)
def test_a_fact_that_nobody_checked_carries_a_badge(days: int, badge: str | None) -> None:
    assert settings.STALE_AFTER_DAYS == 90
    day = TODAY + timedelta(days=days)
    row = factories.EstimateFactory.create(checked_on=TODAY)
    factories.PriceFactory.create(offer__model=row.model)
    page = detailed(row.model, day)
    (shown,) = listed(today=day).rows
    assert page.capability is not None
    of_page = (page.identity.stale, page.capability.stale, page.offered.rows[0].stale)
    for found in (*of_page, shown.stale):
        assert (found.text if found else None) == (badge and f"Not checked for {badge}")


def test_the_pages_take_the_day_from_the_clock(client: Client) -> None:
    old = timezone.localdate() - timedelta(days=200)
    model = factories.ModelFactory.create(checked_on=old)
    for url in ("/models/", model.get_absolute_url()):
        assert "Not checked for 200 days" in client.get(url).content.decode()


# The house


@pytest.mark.parametrize("url", ["/models/", "/models/large/"])
def test_pages_set_no_cookie_and_hold_nothing_inline(client: Client, url: str) -> None:
    fill(factories.ModelFactory.create(slug="large"), 2)
    response = client.get(url)
    text = response.content.decode()
    assert not response.cookies
    assert " style=" not in text
    assert "<style" not in text
    assert " onclick=" not in text


@pytest.mark.parametrize("url", ["/models/", "/models/large/"])
def test_pages_are_only_read(client: Client, url: str) -> None:
    factories.ModelFactory.create(slug="large")
    assert client.post(url).status_code == 405
    assert client.head(url).status_code == 200


def test_titles_name_the_page(client: Client) -> None:
    model = factories.ModelFactory.create(name="Large")
    assert "<title>Models – OpenWeigh</title>" in client.get("/models/").content.decode()
    text = client.get(model.get_absolute_url()).content.decode()
    assert "<title>Large – OpenWeigh</title>" in text
