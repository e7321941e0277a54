"""What is typed is read as a person means it, or refused where it stands."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib import admin
from django.db import models
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from apps.catalog.admin.language_models import LanguageModelAdmin
from apps.catalog.models import Model, Price, Source
from apps.common.today import today
from apps.editing.fields import FORMFIELD_OVERRIDES, NumberField, formfield
from tests.admin_forms import opened, refused, url_of
from tests.factories import (
    DefinitionFactory,
    EstimateFactory,
    GpuFactory,
    ModelFactory,
    PriceFactory,
    ScoreFactory,
    SourceFactory,
)

pytestmark = pytest.mark.django_db

TOMORROW = (today() + timedelta(days=1)).isoformat()


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1.50", "1.50"),
        ("1,50", "1.50"),
        ("0,5", "0.5"),
        ("0,125", "0.125"),
        (" $1.50 ", "1.50"),
        ("1,234.5", "1234.5"),
        ("1,234,567", "1234567"),
        ("1 234.5", "1234.5"),
        ("−8", "-8"),
        ("-0,5", "-0.5"),
        ("2.5e-07", "0.00000025"),
    ],
)
def test_a_number_is_read_as_people_write_it(typed: str, number: str) -> None:
    assert NumberField().clean(typed) == pytest.approx(float(number))
    assert formfield(Price._meta.get_field("note")) is not None
    exact = FORMFIELD_OVERRIDES[models.DecimalField]["form_class"](max_digits=20)
    assert exact.clean(typed) == Decimal(number)


@pytest.mark.parametrize("typed", ["1,500", "12,345", "-1,500"])
def test_a_number_that_is_two_is_refused_with_both(typed: str, admin_client: Client) -> None:
    price = PriceFactory.create()
    page = refused(admin_client, price, input=typed)
    plain = typed.replace(",", "")
    assert f"Write {plain} or {typed.replace(',', '.')}" in page


@pytest.mark.parametrize("typed", ["1.234,5", "abc", "1,2,3", "5 %", "nan", "inf", "1_000"])
def test_what_is_no_number_is_refused(typed: str, admin_client: Client) -> None:
    price = PriceFactory.create()
    assert "Enter a number." in refused(admin_client, price, input=typed)


def test_a_decimal_comma_is_kept_in_form_and_rows_below(admin_client: Client) -> None:
    price = PriceFactory.create(input="1.25")
    assert refused(admin_client, price, input="1,50") == ""
    price.refresh_from_db()
    assert price.input == Decimal("1.50")
    assert refused(admin_client, price.offer, **{"prices-0-input": "1,75"}) == ""
    price.refresh_from_db()
    assert price.input == Decimal("1.75")


@pytest.mark.parametrize("name", ["catalog_price_add", "catalog_model_add", "catalog_gpu_add"])
def test_no_number_is_typed_where_a_wheel_changes_it(admin_client: Client, name: str) -> None:
    page = admin_client.get(reverse(f"admin:{name}")).text
    assert 'type="number"' not in page
    assert 'inputmode="decimal"' in page


def test_a_price_stands_without_trailing_zeros(admin_client: Client) -> None:
    price = PriceFactory.create(input="0.100000")
    assert 'value="0.1"' in admin_client.get(url_of(price)).text


def test_a_price_far_from_the_one_before_is_asked_for_once(admin_client: Client) -> None:
    price = PriceFactory.create(input="0.50", output="1")
    data = opened(admin_client, price) | {"input": "150"}
    page = admin_client.post(url_of(price), data)
    assert "It was $0.5 and would be $150: 300 times as much." in page.text
    assert Price.objects.get().input == Decimal("0.50")
    again = {**data, "questioned": page.context["adminform"].form["questioned"].value()}
    # Another number than the one that was asked about is asked about anew.
    other = admin_client.post(url_of(price), again | {"input": "1500"})
    assert "3,000 times as much" in other.text
    assert admin_client.post(url_of(price), again).status_code == 302
    assert Price.objects.get().input == Decimal(150)


def test_a_price_above_all_that_is_asked_anywhere_is_refused(
    admin_client: Client, settings: Settings
) -> None:
    settings.PRICE_MOST = 2000
    price = PriceFactory.create(input="1500")
    assert "at most $2,000 a million tokens" in refused(admin_client, price, input="100000")


def test_a_cached_price_above_the_input_price_is_asked_for_once(admin_client: Client) -> None:
    price = PriceFactory.create(input="1", cached=None)
    assert "more than the input price" in refused(admin_client, price, cached="1.5")


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: ModelFactory.create(), "checked_on"),
        (lambda: SourceFactory.create(), "read_on"),
        (lambda: EstimateFactory.create(), "checked_on"),
        (lambda: GpuFactory.create(), "checked_on"),
        (lambda: DefinitionFactory.create(), "checked_on"),
        (lambda: DefinitionFactory.create(), "source_date"),
        (lambda: ScoreFactory.create(), "measured_on"),
    ],
)
def test_nothing_was_checked_in_the_future(admin_client: Client, make: object, field: str) -> None:
    row = make()  # type: ignore[operator]
    assert "This day is still to come." in refused(admin_client, row, **{field: TOMORROW})
    assert refused(admin_client, row, **{field: today().isoformat()}) == ""


def test_a_release_may_be_announced(admin_client: Client) -> None:
    assert refused(admin_client, ModelFactory.create(), release_date=TOMORROW) == ""


def test_a_model_is_not_its_own_successor(admin_client: Client) -> None:
    model = ModelFactory.create()
    page = refused(admin_client, model, successor=model.pk, access="typed")
    assert "A model cannot be its own successor." in page
    assert "typed" in page
    next_ = ModelFactory.create(successor=model)
    assert "was itself replaced by this model" in refused(admin_client, model, successor=next_.pk)
    far = ModelFactory.create(successor=next_)
    assert "was itself replaced by this model" in refused(admin_client, model, successor=far.pk)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("params_total_b", "1e30"),
        ("weights_gb", "1e9"),
        ("layers", "1000000"),
        ("hf_repo", "https://huggingface.co/a/b"),
        ("hf_repo", "any text"),
    ],
)
def test_absurd_facts_of_a_model_are_refused(admin_client: Client, field: str, typed: str) -> None:
    model = ModelFactory.create(hf_repo="a/b", served_bits=8)
    assert "Write" in refused(admin_client, model, **{field: typed})
    model.refresh_from_db()
    assert str(getattr(model, field)) != typed


@pytest.mark.parametrize(
    "url", ["ftp://a.example/", "https://user:secret@a.example/", "javascript:alert(1)"]
)
def test_a_link_leads_to_the_web_without_credentials(admin_client: Client, url: str) -> None:
    source = SourceFactory.create()
    assert "error" in refused(admin_client, source, url=url)
    assert Source.objects.get().url != url


def test_a_day_to_come_is_refused_in_a_file_too(admin_client: Client) -> None:
    model = ModelFactory.create()
    sheet = LanguageModelAdmin(Model, admin.site).sheet
    plan = sheet.plan(f"slug,checked_on\n{model.slug},{TOMORROW}\n")
    assert plan.refused[0].reasons == ["checked_on: This day is still to come."]
