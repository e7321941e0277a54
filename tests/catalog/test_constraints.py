"""The database refuses rows that cannot be true."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from django.db.models import ProtectedError
from factory.django import DjangoModelFactory

from apps.catalog.models import CatalogVersion, Citation, Model, Offer, Price
from tests import factories

pytestmark = pytest.mark.django_db

LAYERS = {"layers": 32, "kv_heads": 8, "head_dim": 128}
DAY = date(2026, 11, 22)

REFUSED: list[tuple[str, type[DjangoModelFactory[Any]], dict[str, Any]]] = [
    ("source_has_title", factories.SourceFactory, {"title": ""}),
    ("provider_country_has_source", factories.ProviderFactory, {"country": "FR"}),
    (
        "provider_certifications_have_source",
        factories.ProviderFactory,
        {"unconfirmed_certifications": "SOC 2"},
    ),
    ("license_rights_known_word", factories.LicenseFactory, {"rights": "whatever"}),
    ("license_conditions_named", factories.LicenseFactory, {"rights": "conditional"}),
    (
        "license_non_commercial_has_no_rights",
        factories.LicenseFactory,
        {"license_class": "non-commercial", "rights": "free"},
    ),
    (
        "license_proprietary_means_api_terms",
        factories.LicenseFactory,
        {"license_class": "proprietary", "rights": "free"},
    ),
    ("license_proprietary_means_api_terms", factories.LicenseFactory, {"rights": "api-terms"}),
    ("model_params_positive", factories.ModelFactory, {"params_total_b": 0}),
    (
        "model_active_params_in_range",
        factories.ModelFactory,
        {"params_total_b": 8, "params_active_b": 9},
    ),
    ("model_active_params_in_range", factories.ModelFactory, {"params_active_b": 0}),
    ("model_context_positive", factories.ModelFactory, {"context_tokens": 0}),
    ("model_output_positive", factories.ModelFactory, {"max_output_tokens": 0}),
    (
        "model_retires_after_release",
        factories.ModelFactory,
        {"release_date": DAY, "retirement_date": date(2026, 11, 21)},
    ),
    (
        "model_closed_has_no_weights",
        factories.ModelFactory,
        {"openness": "closed", "hf_repo": "maker/model"},
    ),
    ("model_bits_in_range", factories.ModelFactory, {"served_bits": 0}),
    ("model_bits_in_range", factories.ModelFactory, {"served_bits": 64}),
    ("model_architecture_whole", factories.ModelFactory, {"layers": 32}),
    (
        "model_architecture_whole",
        factories.ModelFactory,
        {"layers": 32, "kv_heads": 0, "head_dim": 128},
    ),
    ("model_architecture_whole", factories.ModelFactory, {"latent_dim": 576}),
    (
        "model_architecture_whole",
        factories.ModelFactory,
        {"layers": 61, "kv_heads": 8, "head_dim": 128, "latent_dim": 576},
    ),
    ("model_weights_have_bits", factories.ModelFactory, {"weights_gb": 60}),
    ("model_weights_have_bits", factories.ModelFactory, {"weights_gb": 0, "served_bits": 4}),
    ("model_window_whole", factories.ModelFactory, {**LAYERS, "window_layers": 16}),
    (
        "model_window_whole",
        factories.ModelFactory,
        {**LAYERS, "window_layers": 33, "window_tokens": 128},
    ),
    (
        "model_window_whole",
        factories.ModelFactory,
        {"layers": 61, "latent_dim": 576, "window_layers": 1, "window_tokens": 128},
    ),
    ("model_article_has_label_and_date", factories.ModelFactory, {"in_article": True}),
    ("offer_context_positive", factories.OfferFactory, {"context_tokens": 0}),
    ("price_input_not_negative", factories.PriceFactory, {"input": -1}),
    ("price_output_not_negative", factories.PriceFactory, {"output": -1}),
    ("price_cached_not_negative", factories.PriceFactory, {"cached": -1}),
    ("price_batch_in_not_negative", factories.PriceFactory, {"batch_in": -1}),
    ("price_batch_out_not_negative", factories.PriceFactory, {"batch_out": -1}),
    (
        "price_ends_after_it_starts",
        factories.PriceFactory,
        {"valid_from": DAY, "valid_until": date(2026, 11, 21)},
    ),
    ("score_cost_not_negative", factories.ScoreFactory, {"cost_usd": -1}),
    ("gpu_memory_positive", factories.GpuFactory, {"vram_gb": 0}),
    ("gpu_rent_price_sourced", factories.GpuFactory, {"rent_hourly": 2.95}),
    ("gpu_own_price_sourced", factories.GpuFactory, {"own_hourly": 1.69}),
    (
        "profile_numbers_positive",
        factories.ThroughputProfileFactory,
        {"seconds_per_input_token": 0},
    ),
    ("profile_numbers_positive", factories.ThroughputProfileFactory, {"active_params_b": 0}),
    ("profile_total_params_in_range", factories.ThroughputProfileFactory, {"total_params_b": 7.9}),
]


@pytest.mark.parametrize(("name", "factory", "values"), REFUSED, ids=[r[0] for r in REFUSED])
def test_the_database_refuses(
    name: str, factory: type[DjangoModelFactory[Any]], values: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError, match=name):
        factory.create(**values)


@pytest.mark.parametrize(("name", "factory", "values"), REFUSED, ids=[r[0] for r in REFUSED])
def test_editors_are_told_in_a_sentence(
    name: str, factory: type[DjangoModelFactory[Any]], values: dict[str, Any]
) -> None:
    row: models.Model = factory.build(**values)
    constraint = next(c for c in row._meta.constraints if c.name == name)
    with pytest.raises(ValidationError) as refused:
        constraint.validate(type(row), row)
    (sentence,) = refused.value.messages
    assert sentence.endswith(".")
    assert name not in sentence


def test_a_model_is_not_its_own_successor() -> None:
    model = factories.ModelFactory.create()
    model.successor = model
    with pytest.raises(IntegrityError, match="model_successor_is_another"):
        model.save()


def test_a_fact_has_one_source() -> None:
    citation = factories.CitationFactory.create()
    with pytest.raises(IntegrityError):
        factories.CitationFactory.create(model=citation.model)


def test_a_host_lists_an_offer_once() -> None:
    offer = factories.OfferFactory.create()
    with pytest.raises(IntegrityError):
        factories.OfferFactory.create(
            model=offer.model, host=offer.host, host_model_id=offer.host_model_id
        )


def test_an_offer_has_one_price_from_a_day_and_step() -> None:
    price = factories.PriceFactory.create()
    with pytest.raises(IntegrityError):
        factories.PriceFactory.create(offer=price.offer)


@pytest.mark.parametrize("table", [Model, Offer, Price, Citation], ids=lambda t: t.__name__)
def test_every_fact_needs_a_source(table: type[models.Model]) -> None:
    assert table._meta.get_field("source").null is False


def test_a_source_that_is_used_stays() -> None:
    model = factories.ModelFactory.create()
    with pytest.raises(ProtectedError):
        model.source.delete()


def test_a_cutoff_may_be_a_month_but_not_a_word() -> None:
    model = factories.ModelFactory.create(knowledge_cutoff="2026-06")
    model.clean_fields()
    model.knowledge_cutoff = "spring"
    with pytest.raises(ValidationError, match="Write a day"):
        model.clean_fields()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda m: m.save(), id="save"),
        pytest.param(lambda m: m.delete(), id="delete"),
        pytest.param(lambda m: Model.objects.filter(pk=m.pk).update(name="New"), id="update"),
        pytest.param(lambda m: Model.objects.filter(pk=m.pk).delete(), id="delete of many"),
        pytest.param(lambda m: m.provider.save(), id="another table"),
        pytest.param(
            lambda m: type(m.source).objects.bulk_create(
                [factories.SourceFactory.build(slug="bulk")]
            ),
            id="bulk_create",
        ),
        pytest.param(lambda m: m.offers.update(note="n"), id="update through a relation"),
        pytest.param(lambda m: m.reads.create(slug="text", name="Text", order=1), id="a link"),
    ],
)
def test_any_change_renews_the_version(change: Any) -> None:
    model = factories.ModelFactory.create()
    before = CatalogVersion.current()
    change(model)
    assert CatalogVersion.current() != before


def test_reading_leaves_the_version_alone() -> None:
    factories.ModelFactory.create()
    before = CatalogVersion.current()
    assert list(Model.objects.listed())
    assert CatalogVersion.current() == before
