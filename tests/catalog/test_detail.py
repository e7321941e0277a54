"""What the page of a model adds to its facts: price history, hardware, uses, where to report."""

from datetime import date
from typing import Any

import pytest
from django.test import Client, override_settings

from apps.catalog.models import Gpu, Model
from apps.catalog.pages import model_scenarios
from apps.catalog.pages.detail import detail_page
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 22)


def detailed(model: Model) -> Any:
    return detail_page(Model.objects.for_detail().get(pk=model.pk), TODAY, Gpu.objects.all())


# Price history


def test_the_history_follows_the_cheapest_host_and_what_is_announced(client: Client) -> None:
    model = factories.ModelFactory.create()
    first = factories.OfferFactory.create(model=model, host__name="First")
    second = factories.OfferFactory.create(model=model, host__name="Second")
    factories.PriceFactory.create(
        offer=first, valid_from=date(2026, 1, 1), valid_until=date(2026, 11, 30), input=1, output=4
    )
    factories.PriceFactory.create(offer=first, valid_from=date(2026, 12, 1), input=2, output=8)
    factories.PriceFactory.create(
        offer=second,
        valid_from=date(2026, 3, 1),
        valid_until=date(2026, 4, 30),
        input=0.5,
        output=1,
    )
    found = detailed(model).history
    assert [(step.start, step.price.host, step.is_ahead) for step in found.steps] == [
        (date(2026, 1, 1), "First", False),
        (date(2026, 3, 1), "Second", False),
        (date(2026, 5, 1), "First", False),
        (date(2026, 12, 1), "First", True),
    ]
    assert found.sentence == (
        "On 1 January 2026 the lowest price was $1 input and $4 output at First; "
        "since 1 May 2026 it is $1 input and $4 output at First. "
        "On 1 December 2026 it becomes $2 input and $8 output at First."
    )
    text = client.get(model.get_absolute_url()).content.decode()
    assert 'id="history-picture"' in text
    assert "Price history" in text


def test_a_price_that_ended_leaves_a_gap_and_not_a_guess() -> None:
    price = factories.PriceFactory.create(
        valid_from=date(2026, 1, 1), valid_until=date(2026, 1, 31)
    )
    found = detailed(price.offer.model).history
    assert [(step.start, step.price is None) for step in found.steps] == [
        (date(2026, 1, 1), False),
        (date(2026, 2, 1), True),
    ]
    assert all(line.path.count("M") == 1 for line in found.picture.layouts[0].lines)


@pytest.mark.parametrize(
    ("status", "end", "days"),
    [
        ("ended", date(2026, 6, 1), [date(2026, 1, 1), date(2026, 6, 1)]),
        ("ended", None, None),
        ("deprecated", date(2027, 6, 1), None),
    ],
)
def test_an_offer_that_is_gone_counts_until_its_end_where_that_is_known(
    status: str, end: date | None, days: list[date] | None
) -> None:
    price = factories.PriceFactory.create(offer__status=status, offer__deprecated_on=end)
    found = detailed(price.offer.model).history
    assert (found and [step.start for step in found.steps]) == days


@pytest.mark.parametrize("values", [{"input": 0, "output": 0}, {"input": None, "output": None}])
def test_without_a_known_price_there_is_no_history(values: dict[str, Any]) -> None:
    price = factories.PriceFactory.create(**values)
    assert detailed(price.offer.model).history is None


# Hardware


def test_memory_follows_the_formula_at_each_precision() -> None:
    factories.GpuFactory.create(name="Large", vram_gb=80.0)
    model = factories.ModelFactory.create(
        params_total_b=70.6, served_bits=8, layers=80, kv_heads=8, head_dim=128
    )
    found = detailed(model).hardware
    # 2·80·8·128·2 bytes a token · 8,192 tokens = 2.68 GB; 0.9·80·n − 2·n = 70·n.
    expected = {16: (141.2, 150.94), 8: (70.6, 76.81), 4: (35.3, 39.75)}
    for precision in found.precisions:
        weights, need = expected[int(precision.bits)]
        assert precision.weights_gb == pytest.approx(weights)
        assert precision.need_gb == pytest.approx(need, abs=0.01)
    (large,) = found.gpus
    assert (large.name, large.numbers) == ("Large, 80 GB", (4, 2, 1))
    assert [p.is_served for p in found.precisions] == [False, True, False]
    assert not found.estimated


def test_without_layers_the_memory_is_an_estimate_that_says_so(client: Client) -> None:
    factories.GpuFactory.create(vram_gb=48.0)
    factories.ModelFactory.create(
        name="Near", params_total_b=900.0, layers=80, kv_heads=8, head_dim=128
    )
    model = factories.ModelFactory.create(params_total_b=1000.0)
    found = detailed(model).hardware
    # 1.05 · 2000 and 327,680 bytes a token
    assert found.precisions[0].need_gb == pytest.approx(2102.68, abs=0.01)
    assert found.gpus[0].numbers[0] is None
    text = client.get(model.get_absolute_url()).content.decode()
    assert "an estimate: its layers are not known, those of Near are" in text
    assert "more than 16" in text


def test_the_published_size_of_the_weights_counts_as_served() -> None:
    model = factories.ModelFactory.create(
        params_total_b=100, served_bits=4, weights_gb=60, layers=60, latent_dim=576
    )
    page = detailed(model)
    served, eight = (next(p for p in page.hardware.precisions if p.bits == bits) for bits in (4, 8))
    # 60 · 576 · 2 = 69,120 bytes a token: 0.57 GB
    assert (served.weights_gb, eight.weights_gb) == (60, 100)
    assert served.need_gb == pytest.approx(63.57, abs=0.01)
    assert "as published at 4 bits" in page.hardware.formula
    assert "69,120 bytes of cache a token, n times on n GPUs" in page.hardware.formula
    shown = {fact.label: fact.value for fact in page.facts}
    assert shown["Size of the published weights"] == "60 GB"
    assert shown["Layers that keep a cache"] == "60, with latent attention of 576 values"


def test_windows_are_told_and_counted() -> None:
    model = factories.ModelFactory.create(
        params_total_b=20,
        served_bits=4,
        layers=24,
        kv_heads=8,
        head_dim=64,
        window_layers=12,
        window_tokens=128,
    )
    page = detailed(model)
    served = next(p for p in page.hardware.precisions if p.is_served)
    # 1.05 · 10 GB, and 12 · 2,048 · (8,192 + 128) bytes
    assert served.need_gb == pytest.approx(10.5 + 0.20447, abs=1e-4)
    assert "12 of 24 layers keep the last 128 tokens only" in page.hardware.formula
    shown = {fact.label: fact.value for fact in page.facts}
    assert shown["Layers that keep a cache"] == (
        "24, with 8 KV heads of 64; 12 of them keep the last 128 tokens only"
    )


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"openness": "closed", "params_total_b": 5.0}, "there are no weights to download"),
        ({"params_total_b": None}, "Its parameters are not known"),
    ],
)
def test_what_cannot_be_sized_is_not_guessed(
    client: Client, values: dict[str, Any], words: str
) -> None:
    model = factories.ModelFactory.create(**values)
    assert words in client.get(model.get_absolute_url()).content.decode()


# Uses, reports, what came before


def test_other_apps_hand_over_what_a_model_serves(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_scenarios, "_finders", [])
    model_scenarios.register(
        lambda slug, day: [model_scenarios.Use(f"A use of {slug}", "/scenarios/x/", "for all")]
    )
    model = factories.ModelFactory.create(slug="large")
    text = client.get(model.get_absolute_url()).content.decode()
    assert '<a href="/scenarios/x/">A use of large</a>: for all' in text


def test_the_scenarios_name_the_models_that_their_costs_rest_on(
    seeded: None, client: Client
) -> None:
    from apps.engine.engine import current
    from apps.engine.model_scenarios import scenarios_of
    from apps.scenarios.models import Scenario

    engine = current(TODAY)
    scenario = Scenario.objects.get(slug="hybrid")
    decision = engine.decide(scenario.answers_under(engine.rulebook))
    assert decision.verdict.option is not None
    parts = decision.result(decision.verdict.option).price.parts
    assert len(parts) == 2
    for part in parts:
        found = scenarios_of(part.candidate.slug, TODAY)
        assert scenario.title in [use.title for use in found]


@pytest.mark.parametrize(
    ("contact", "link"),
    [
        ("", None),
        ("https://site.example/report", 'href="https://site.example/report"'),
        (
            "mailto:facts@site.example",
            'href="mailto:facts@site.example?subject=Wrong%20fact%3A%20Large%20%28large%29"',
        ),
    ],
)
def test_a_wrong_fact_can_be_reported_where_an_address_is_set(
    client: Client, contact: str, link: str | None
) -> None:
    model = factories.ModelFactory.create(slug="large", name="Large")
    with override_settings(CONTACT=contact):
        text = client.get(model.get_absolute_url()).content.decode()
    assert ("Report a wrong fact" in text) == (link is not None)
    assert (link or "Tell whoever runs this site") in text


def test_a_chain_of_successors_leads_to_its_end(client: Client) -> None:
    last = factories.ModelFactory.create(slug="last", name="Last")
    middle = factories.ModelFactory.create(name="Middle", status="retired", successor=last)
    first = factories.ModelFactory.create(slug="first", status="retired", successor=middle)
    page = client.get(first.get_absolute_url()).context["page"]
    assert [link.name for link in page.status.later] == ["Middle", "Last"]
    assert page.status.compare_url == "/models/compare/?m=first&m=last"


def test_a_retired_model_and_its_successor_name_each_other(client: Client) -> None:
    new = factories.ModelFactory.create(slug="new", name="New")
    old = factories.ModelFactory.create(slug="old", name="Old", status="retired", successor=new)
    text = client.get(old.get_absolute_url()).content.decode()
    assert "It is kept here for reference." in text
    assert 'href="/models/compare/?m=old&amp;m=new"' in text
    text = client.get(new.get_absolute_url()).content.decode()
    assert 'It took the place of <a href="/models/old/">Old</a>' in text


def test_whether_weights_can_be_had_may_be_unknown(client: Client) -> None:
    model = factories.ModelFactory.create(openness="unknown", license=None)
    page = client.get(model.get_absolute_url()).content.decode()
    assert "Not known" in page
    assert "may or may not be public" in page
    # Neither group's mark may stand for what nobody knows.
    assert "group--" not in page
    assert not model.is_open
