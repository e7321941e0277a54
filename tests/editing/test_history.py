"""Every change is kept, with who, when, old and new, and can be put back."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.catalog.models import Model, Offer, Price
from apps.editing.models import Change
from tests.admin_forms import opened, url_of
from tests.editors import LogIn
from tests.factories import ModelFactory, OfferFactory, PriceFactory

pytestmark = pytest.mark.django_db


def put_back(client: Client, change: Change) -> str:
    url = reverse("admin:editing_change_change", args=[change.pk])
    assert 'value="Put back"' in client.get(url).text
    return client.post(url, follow=True).text


def test_a_change_shows_who_old_and_new_and_is_put_back(log_in: LogIn) -> None:
    editor = log_in("editor")
    model = ModelFactory.create(access="before")
    assert not Change.objects.exists()
    editor.post(url_of(model), opened(editor, model) | {"access": "after"})
    page = editor.get(url_of(model, "history")).text
    assert all(word in page for word in ("editor", "before", "after", "access"))

    editor.post(url_of(model), opened(editor, model) | {"notes": "later"})
    assert "was put back" in put_back(editor, Change.objects.order_by("pk")[0])
    model.refresh_from_db()
    assert (model.access, model.notes) == ("before", "later")
    assert Change.objects.count() == 3


def test_saving_without_a_change_keeps_nothing(admin_client: Client) -> None:
    model = OfferFactory.create().model
    assert admin_client.post(url_of(model), opened(admin_client, model)).status_code == 302
    assert not Change.objects.exists()


def test_rows_below_are_kept_and_put_back(admin_client: Client) -> None:
    price = PriceFactory.create(input="1.25")
    model = price.offer.model
    data = opened(admin_client, model) | {"offers-0-DELETE": "on"}
    admin_client.post(url_of(model), data)
    assert not Price.objects.exists()
    assert "was put back" in put_back(admin_client, Change.objects.get())
    assert str(Price.objects.get().input) == "1.250000"


def test_what_was_deleted_comes_back_whole(admin_client: Client) -> None:
    offer = OfferFactory.create()
    admin_client.post(url_of(offer.model, "delete"), {"post": "yes"})
    assert not Model.objects.exists()
    assert "was put back" in put_back(admin_client, Change.objects.get())
    assert Offer.objects.get().model == offer.model


def test_what_was_added_is_taken_away_again(admin_client: Client) -> None:
    model = ModelFactory.create(name="First")
    data = opened(admin_client, model) | {"name": "Second", "slug": "second"}
    data = {k: v for k, v in data.items() if "-" not in k or "FORMS" in k} | {"_save": "1"}
    page = admin_client.post(reverse("admin:catalog_model_add"), data)
    assert page.status_code == 302
    assert "was put back" in put_back(admin_client, Change.objects.get())
    assert list(Model.objects.all()) == [model]


def test_old_values_that_no_longer_fit_change_nothing(admin_client: Client) -> None:
    model = ModelFactory.create(name="Taken")
    admin_client.post(url_of(model), opened(admin_client, model) | {"name": "New"})
    admin_client.post(url_of(model, "delete"), {"post": "yes"})
    ModelFactory.create(slug=model.slug)
    assert "Nothing was put back" in put_back(admin_client, Change.objects.all()[0])
    assert Model.objects.count() == 1
