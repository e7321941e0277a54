"""What is derived from the rows for the list, against the rows themselves."""

from datetime import date

import pytest

from apps.catalog.models import Alias, Model, Offer, Score
from apps.catalog.pages.facets import Index, Selection
from apps.catalog.pages.filters import parse
from apps.catalog.price_lists import is_offered
from apps.catalog.snapshot import Snapshot, compile_snapshot
from apps.money.memory import weights_gb

TODAY = date(2026, 11, 22)


@pytest.mark.django_db
def test_what_is_derived_equals_a_computation_from_the_rows(seeded: None) -> None:
    snapshot: Snapshot = compile_snapshot("for a test", TODAY)
    rows = {m.slug: m for m in Model.objects.with_offers()}
    assert len(snapshot.entries) == len(rows) == 125
    for entry in snapshot.entries:
        direct = [
            offer.host_id
            for offer in rows[entry.slug].offers.all()
            if not offer.host.is_router and is_offered(offer, TODAY)
        ]
        assert entry.hosts == len(set(direct))
        if entry.need_gb is not None:
            assert entry.params_b is not None
            assert entry.served_bits is not None
            assert entry.need_gb > weights_gb(entry.params_b, entry.served_bits)


@pytest.mark.django_db
def test_the_search_finds_every_id_that_the_page_of_a_model_prints(seeded: None) -> None:
    index = Index(compile_snapshot("for a test", TODAY))
    printed = {
        *Model.objects.values_list("slug", "hf_repo"),
        *Alias.objects.values_list("model__slug", "name"),
        *Offer.objects.values_list("model__slug", "host_model_id"),
        *Score.objects.values_list("model__slug", "variant"),
    }
    for slug, id_ in printed:
        if id_:
            query = parse([("q", id_)], index.vocabulary)
            assert query.problems == ()
            assert slug in {entry.slug for entry in Selection(index, query).all()}, id_
