"""An editor of the catalog is told which scenarios come out otherwise."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.catalog.models import Model, Offer
from apps.engine.outcomes import outcomes
from tests.admin_forms import opened, url_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


def named(text: str) -> Model:
    """Return the model that an outcome names first."""
    return Model.objects.get(name=text.partition(" with ")[2].split(", ")[0])


def test_a_model_that_goes_takes_its_recommendations_along(admin_client: Client) -> None:
    title, text = next((t, o) for t, o in outcomes().items() if " with " in o)
    model = named(text)
    data = {"action": "retire", "_selected_action": [model.pk], "apply": "1"}
    page = admin_client.post(
        reverse("admin:catalog_model_changelist"),
        data | {"retirement_date": "2026-11-20"},
        follow=True,
    ).text
    assert f"“{title}” now comes out as" in page
    assert f"it was {text}." in page


def test_a_change_that_touches_no_recommendation_says_nothing(admin_client: Client) -> None:
    offer = Offer.objects.filter(status="active")[0]
    page = admin_client.post(
        url_of(offer), opened(admin_client, offer) | {"note": "x"}, follow=True
    )
    assert page.status_code == 200
    assert "now comes out as" not in page.text
