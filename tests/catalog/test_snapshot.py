"""What is derived from the rows for the list, against the rows themselves."""

from datetime import date

import pytest

from apps.catalog.compile import token_price
from apps.catalog.models import Model, Offer
from apps.catalog.snapshot import Snapshot, compile_snapshot
from apps.money.memory import weights_gb

TODAY = date(2026, 11, 22)


@pytest.mark.django_db
def test_what_is_derived_equals_a_computation_from_the_rows(seeded: None) -> None:
    snapshot: Snapshot = compile_snapshot("for a test", TODAY)
    rows = {m.slug: m for m in Model.objects.with_offers_on(TODAY)}
    assert len(snapshot.entries) == len(rows) == 66
    for entry in snapshot.entries:
        offers: list[Offer] = rows[entry.slug].offers_on_day
        direct = [offer for offer in offers if not offer.host.is_router]
        assert entry.hosts == len({offer.host_id for offer in direct})
        prices = [
            (offer.host.is_router, 3 * price[0].input + price[0].output)
            for offer in offers
            if (price := token_price(offer.prices_in_force))
        ]
        if not prices:
            assert entry.price is None
        else:
            assert entry.price is not None
            told = (entry.price.is_router, 3 * entry.price.input + entry.price.output)
            assert told == pytest.approx(min(prices))
        if entry.need_gb is not None:
            assert entry.params_b is not None
            assert entry.served_bits is not None
            assert entry.need_gb > weights_gb(entry.params_b, entry.served_bits)
