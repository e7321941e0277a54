"""Lists show what needs work, filter on it, and cost the same for many rows as for few."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from reversion.models import Version

from apps.catalog.models import Host, Model, Offer
from tests import factories
from tests.factories import HostFactory, ModelFactory, OfferFactory, PriceFactory, SourceFactory
from tests.recorded import comments

pytestmark = pytest.mark.django_db
LIST = "admin:catalog_model_changelist"


def shown(client: Client, **filters: str) -> list[Any]:
    page = client.get(reverse(LIST), filters)
    assert page.status_code == 200
    return list(page.context["cl"].result_list)


def test_stale_models_are_marked_and_found(admin_client: Client) -> None:
    today = timezone.localdate()
    stale = ModelFactory.create(checked_on=today - timedelta(days=90))
    fresh = ModelFactory.create(checked_on=today - timedelta(days=89))
    assert shown(admin_client, stale="yes") == [stale]
    assert shown(admin_client, stale="no") == [fresh]
    assert "(stale)" in admin_client.get(reverse(LIST)).text


def test_the_lowest_price_leaves_out_routers_free_tiers_and_what_is_over(
    admin_client: Client,
) -> None:
    model = ModelFactory.create()
    day = date(2026, 1, 1)
    offer = OfferFactory.create(model=model)
    PriceFactory.create(offer=offer, valid_from=day, output="0.5")
    PriceFactory.create(offer=offer, valid_from=date(2026, 2, 1), output="3")
    PriceFactory.create(offer=OfferFactory.create(model=model), valid_from=day, output="0")
    router = HostFactory.create(kind=Host.Kind.ROUTER)
    PriceFactory.create(
        offer=OfferFactory.create(model=model, host=router), valid_from=day, output="0.1"
    )
    ended = OfferFactory.create(model=model, status="ended")
    over = OfferFactory.create(model=model, deprecated_on=day)
    for gone in (ended, over):
        PriceFactory.create(offer=gone, valid_from=day, output="0.2")
    unknown = ModelFactory.create()
    assert shown(admin_client, price="1-10") == [model]
    assert shown(admin_client, price="unknown") == [unknown]
    assert "$3" in admin_client.get(reverse(LIST)).text


def test_completeness_is_the_share_of_known_facts(admin_client: Client) -> None:
    bare = ModelFactory.create(license=None)
    full = ModelFactory.create(
        access="API",
        context_tokens=1,
        max_output_tokens=1,
        tools=False,
        structured_output=False,
        reasoning=False,
        release_date=date(2026, 1, 1),
        knowledge_cutoff="2025",
        openness="closed",
    )
    found = {model.pk: model.completeness for model in shown(admin_client)}
    # Of 12 facts of a closed model what it reads, what it writes and its capability are unknown.
    assert found[bare.pk] == 0
    assert found[full.pk] == pytest.approx(75)
    assert shown(admin_client, complete="50-80") == [full]
    assert shown(admin_client, complete="under-50") == [bare]


@pytest.mark.parametrize(
    "factory",
    [
        factories.ModelFactory,
        factories.OfferFactory,
        factories.PriceFactory,
        factories.ScoreFactory,
        factories.EstimateFactory,
        factories.CitationFactory,
        factories.LicenseFactory,
        factories.ProviderFactory,
        factories.HostFactory,
        factories.GpuFactory,
        factories.ThroughputProfileFactory,
        factories.SourceFactory,
        factories.ScenarioFactory,
        factories.TradeOffFactory,
    ],
    ids=lambda factory: factory.__name__,
)
def test_a_list_of_twice_as_many_rows_costs_as_many_queries(
    factory: Any, admin_client: Client
) -> None:
    meta = factory._meta.model._meta
    url = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    counts = []
    for _ in range(2):
        factory.create_batch(4)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert admin_client.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def act(client: Client, action: str, *rows: Model, **data: Any) -> Any:
    data |= {"action": action, ACTION_CHECKBOX_NAME: [row.pk for row in rows]}
    return client.post(reverse(LIST), data, follow=True)


def test_models_are_marked_checked_today_with_the_source(admin_client: Client) -> None:
    models = [ModelFactory.create(checked_on=date(2026, 1, 1)) for _ in range(2)]
    source = SourceFactory.create()
    asked = act(admin_client, "mark_checked", *models)
    assert 'name="source"' in asked.text
    assert "Offers and prices are not touched." in asked.text
    assert not Version.objects.exists()
    done = act(admin_client, "mark_checked", *models, apply="1", source=source.pk)
    assert "2 marked as checked today." in done.text
    assert {(m.checked_on, m.source) for m in Model.objects.all()} == {
        (timezone.localdate(), source)
    }
    for model in models:
        assert comments(model)[1:] == [("admin", f"Checked against {source}.")]


def test_a_check_without_a_source_leaves_each_model_its_own(admin_client: Client) -> None:
    models = [ModelFactory.create(checked_on=date(2026, 1, 1)) for _ in range(2)]
    assert "2 marked as checked" in act(admin_client, "mark_checked", *models, apply="1").text
    assert {m.source for m in Model.objects.all()} == {model.source for model in models}


def test_the_offers_of_a_retired_model_end_with_it(admin_client: Client) -> None:
    offer, gone = OfferFactory.create(), OfferFactory.create(deprecated_on=date(2026, 1, 2))
    Offer.objects.filter(pk=gone.pk).update(model=offer.model)
    act(admin_client, "retire", offer.model, apply="1", retirement_date="2026-01-31")
    ends = {o.pk: (o.status, o.deprecated_on) for o in Offer.objects.all()}
    assert ends == {
        offer.pk: ("ended", date(2026, 1, 31)),
        gone.pk: ("ended", date(2026, 1, 2)),
    }


def test_models_are_retired_with_a_successor(admin_client: Client) -> None:
    old, new, gone = (
        ModelFactory.create(),
        ModelFactory.create(),
        ModelFactory.create(status="retired"),
    )
    day = {"apply": "1", "retirement_date": "2026-01-31"}
    assert "successor" in act(admin_client, "retire", old).text
    refused = act(admin_client, "retire", old, **day, successor=gone.pk)
    assert "is retired itself" in refused.text
    late = ModelFactory.create(name="Late", release_date=date(2026, 2, 3))
    told = act(admin_client, "retire", late, **day).text
    assert "Late was released later: on 3 February 2026." in told
    before = ModelFactory.create(name="Before", successor=old)
    assert (
        "was itself replaced by"
        in act(admin_client, "retire", old, **day, successor=before.pk).text
    )
    assert "one of those" in act(admin_client, "retire", old, new, **day, successor=new.pk).text
    done = act(admin_client, "retire", old, **day, successor=new.pk)
    assert "1 retired." in done.text
    old.refresh_from_db()
    assert (old.status, old.retirement_date, old.successor) == ("retired", date(2026, 1, 31), new)
