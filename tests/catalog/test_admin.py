"""Editors can open, search and change every table of the catalog."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from factory.django import DjangoModelFactory

from apps.catalog.models import CatalogVersion
from apps.prices.models import Proposal, SourceCopy
from tests import factories

pytestmark = pytest.mark.django_db

# Nobody adds these by hand.
MADE = {CatalogVersion, Proposal, SourceCopy}
TABLES = [t for t in apps.get_app_config("catalog").get_models() if t not in MADE]
FACTORIES: list[type[DjangoModelFactory[Any]]] = [
    factories.ModelFactory,
    factories.HostFactFactory,
    factories.IndexScoreFactory,
    factories.CapabilityFactory,
    factories.BenchmarkDifficultyFactory,
    factories.OfferFactory,
    factories.PriceFactory,
    factories.ScoreFactory,
    factories.CitationFactory,
    factories.LicenseFactory,
    factories.GpuFactory,
    factories.ThroughputProfileFactory,
]


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.__name__)
def test_every_table_is_there(table: Any, admin_client: Client) -> None:
    assert admin.site.is_registered(table)
    for page in ("changelist", "add"):
        url = reverse(f"admin:catalog_{table._meta.model_name}_{page}")
        assert admin_client.get(url).status_code == 200


@pytest.mark.parametrize("factory", FACTORIES, ids=lambda f: f.__name__)
def test_every_row_opens(factory: type[DjangoModelFactory[Any]], admin_client: Client) -> None:
    row = factory.create()
    name = row._meta.model_name
    changelist = reverse(f"admin:catalog_{name}_changelist")
    assert admin_client.get(changelist, {"q": "x"}).status_code == 200
    assert (
        admin_client.get(reverse(f"admin:catalog_{name}_change", args=[row.pk])).status_code == 200
    )


def test_the_public_cannot_edit(client: Client) -> None:
    response = client.get(reverse("admin:catalog_model_changelist"))
    assert response.status_code == 302
