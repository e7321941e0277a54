"""A model's form holds all that belongs to it, and refuses what cannot be, at the field."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.catalog.admin import language_models
from apps.catalog.models import Model, Offer, Price
from tests.admin_forms import opened, url_of
from tests.factories import (
    HostFactory,
    LicenseFactory,
    ModelFactory,
    OfferFactory,
    PriceFactory,
    SourceFactory,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("field", "entered", "sentence"),
    [
        ("context_tokens", "0", "The context must be above 0 tokens."),
        ("context_tokens", "1000000001", "Write at most 1,000,000,000 tokens."),
        ("params_total_b", "0", "The number of parameters must be above 0."),
        ("retirement_date", "2024-12-31", "A model cannot retire before it was released."),
        ("license", "", "An open model needs its licence."),
        ("served_bits", "64", "Bits a weight must be above 0 and at most 32."),
        (
            "layers",
            "12",
            "Give layers with KV heads and head size, or with the latent size instead",
        ),
        ("knowledge_cutoff", "soon", "Write a day (2026-11-22)"),
        ("prices-0-input", "-1", "A price cannot be below 0."),
        ("prices-0-valid_until", "2025-01-01", "A price cannot end before it starts."),
        ("offers-0-context_tokens", "0", "The context must be above 0 tokens."),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    admin_client: Client, field: str, entered: str, sentence: str
) -> None:
    model = ModelFactory.create(release_date=date(2025, 1, 1))
    PriceFactory.create(offer=OfferFactory.create(model=model), valid_from=date(2026, 1, 1))
    page = admin_client.post(url_of(model), opened(admin_client, model) | {field: entered})
    assert page.status_code == 200
    forms = [page.context["adminform"].form]
    for inline in page.context["inline_admin_formsets"]:
        forms += inline.formset.forms
    found = {
        form.add_prefix(name): errors for form in forms for name, errors in form.errors.items()
    }
    assert list(found) == [field]
    assert sentence in found[field][0]


def test_a_retired_successor_is_refused(admin_client: Client) -> None:
    model, gone = ModelFactory.create(), ModelFactory.create(status="retired")
    ended = ModelFactory.create(retirement_date=date(2026, 1, 1))
    for successor in (gone, ended):
        data = opened(admin_client, model) | {"successor": successor.pk}
        errors = admin_client.post(url_of(model), data).context["adminform"].form.errors
        assert "is retired itself" in errors["successor"][0]


def test_a_chain_of_successors_cannot_lead_back(admin_client: Client) -> None:
    first = ModelFactory.create()
    second = ModelFactory.create(successor=first)
    third = ModelFactory.create(successor=second)
    for successor in (second, third):
        data = opened(admin_client, first) | {"successor": successor.pk}
        errors = admin_client.post(url_of(first), data).context["adminform"].form.errors
        assert "was itself replaced by this model" in errors["successor"][0]


def test_many_offers_are_a_table_with_links(admin_client: Client) -> None:
    price = PriceFactory.create(input="0.25")
    model = price.offer.model
    for _ in range(language_models.MOST_OFFERS):
        OfferFactory.create(model=model)
    page = admin_client.get(url_of(model))
    assert "offers-TOTAL_FORMS" not in page.text
    assert reverse("admin:catalog_offer_new_price", args=[price.offer.pk]) in page.text
    assert page.text.count(f"{price.offer.host}: {price.offer.host_model_id}") == 1
    data = opened(admin_client, model) | {"access": "changed"}
    assert admin_client.post(url_of(model), data).status_code == 302
    model.refresh_from_db()
    assert (model.access, model.offers.count()) == ("changed", language_models.MOST_OFFERS + 1)


def test_a_model_with_hundreds_of_offers_opens_and_saves_with_as_many_queries(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(language_models, "MOST_OFFERS", 1_000)
    model, host, source = ModelFactory.create(), HostFactory.create(), SourceFactory.create()
    counts = []
    # The first round fills what Django keeps for the process.
    for total in (2, 3, 120):
        for n in range(model.offers.count(), total):
            offer = OfferFactory.create(
                model=model, host=host, source=source, host_model_id=f"id/{n}"
            )
            PriceFactory.create(offer=offer, source=source)
        with CaptureQueriesContext(connection) as reading:
            data = opened(admin_client, model)
        price = Decimal(f"2.{total:03}")
        data |= {"offers-1-note": f"of {total}", "prices-1-output": str(price)}
        with CaptureQueriesContext(connection) as writing:
            assert admin_client.post(url_of(model), data).status_code == 302
        counts.append((len(reading), len(writing)))
        assert Offer.objects.filter(note=f"of {total}").count() == 1
        assert Price.objects.filter(output=price).count() == 1
    # As a browser sends them, these are more fields than Django takes unasked.
    assert len(data) > 1_000
    assert counts[1] == counts[2]


def test_a_row_that_is_touched_is_checked_and_the_others_are_left_alone(
    admin_client: Client,
) -> None:
    model = ModelFactory.create()
    for n in range(3):
        OfferFactory.create(model=model, host_model_id=f"id/{n}")
    data = opened(admin_client, model) | {"offers-1-context_tokens": "0"}
    formsets = admin_client.post(url_of(model), data).context["inline_admin_formsets"]
    (errors,) = [f.formset.errors for f in formsets if f.formset.prefix == "offers"]
    assert [list(found) for found in errors] == [[], ["context_tokens"], []]


def test_two_rows_of_the_same_name_are_refused(admin_client: Client) -> None:
    model, host = ModelFactory.create(), HostFactory.create()
    for n in range(2):
        OfferFactory.create(model=model, host=host, host_model_id=f"id/{n}")
    data = opened(admin_client, model)
    ids = [data["offers-0-host_model_id"], data["offers-1-host_model_id"]]
    page = admin_client.post(url_of(model), data | {"offers-0-host_model_id": ids[1]})
    assert page.status_code == 200
    assert sorted(model.offers.values_list("host_model_id", flat=True)) == ["id/0", "id/1"]


def test_a_licence_may_be_unknown_but_must_be_said_to_be(admin_client: Client) -> None:
    model = ModelFactory.create()
    data = opened(admin_client, model) | {"license": "", "license_unknown": "on"}
    assert admin_client.post(url_of(model), data).status_code == 302
    model.refresh_from_db()
    assert model.license is None
    assert opened(admin_client, model)["license_unknown"] is True


@pytest.mark.parametrize(
    ("openness", "terms", "sentence"),
    [
        ("closed", {}, "A closed model cannot come under an open licence."),
        (
            "open-weight",
            {"license_class": "proprietary", "rights": "api-terms"},
            "An open model cannot come under API terms alone.",
        ),
    ],
)
def test_openness_and_licence_fit(
    admin_client: Client, openness: str, terms: dict[str, str], sentence: str
) -> None:
    model = ModelFactory.create()
    data = opened(admin_client, model)
    data |= {"openness": openness, "license": LicenseFactory.create(**terms).pk}
    errors = admin_client.post(url_of(model), data).context["adminform"].form.errors
    assert errors["license"] == [sentence]


def test_a_price_is_added_in_the_models_form(admin_client: Client) -> None:
    offer = OfferFactory.create()
    data: dict[str, Any] = opened(admin_client, offer.model)
    data |= {
        "prices-TOTAL_FORMS": "1",
        "prices-0-offer": offer.pk,
        "prices-0-valid_from": "2026-11-01",
        "prices-0-above_tokens": "0",
        "prices-0-input": "1.5",
        "prices-0-source": SourceFactory.create().pk,
    }
    assert admin_client.post(url_of(offer.model), data).status_code == 302
    assert str(Price.objects.get(offer=offer).input) == "1.500000"
    foreign = OfferFactory.create()
    data = opened(admin_client, offer.model) | {"prices-0-offer": foreign.pk}
    assert admin_client.post(url_of(offer.model), data).status_code == 200


def test_the_form_links_to_the_site(admin_client: Client) -> None:
    model: Model = ModelFactory.create()
    assert "View on site" in admin_client.get(url_of(model)).text
