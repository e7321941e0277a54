"""The queue in the admin: accept or refuse, singly or in bulk, with who and when."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.catalog.models import Host, Offer
from apps.editing import audit, states
from apps.prices import accepting
from apps.prices.models import Proposal
from tests import factories
from tests.prices.pricing_source import entry, offer, prices, provider, refresh, table, write
from tests.recorded import comments, put_back, versions

pytestmark = pytest.mark.django_db

QUEUE = reverse("admin:prices_proposal_changelist")


def propose(folder: Path, output: float = 4) -> Proposal:
    refresh("--source", write(folder, [provider(entry(output=output))]))
    return Proposal.objects.waiting().get()


def act(client: Client, action: str, proposals: Iterable[Proposal]) -> str:
    chosen = [proposal.pk for proposal in proposals]
    data = {"action": action, "_selected_action": chosen, "index": 0}
    return client.post(QUEUE, data, follow=True).content.decode()


def press(client: Client, button: str, proposal: Proposal) -> str:
    url = reverse("admin:prices_proposal_change", args=[proposal.pk])
    return client.post(url, {button: "x"}, follow=True).content.decode()


def test_the_queue_shows_old_new_source_and_why_it_waits(
    tmp_path: Path, admin_client: Client
) -> None:
    offer()
    propose(tmp_path)
    page = admin_client.get(QUEUE).content.decode()
    for words in ("Output: $2 → $4", "100%", "genai-prices as of 23", "Only one source says so."):
        assert words in page


def test_what_was_decided_leaves_the_queue_and_stays_on_record(
    tmp_path: Path, admin_client: Client
) -> None:
    offer()
    proposal = propose(tmp_path)
    act(admin_client, "refuse", [proposal])
    assert "$2 → $4" not in admin_client.get(QUEUE).content.decode()
    for state in ("refused", "all"):
        assert "$2 → $4" in admin_client.get(QUEUE, {"state": state}).content.decode()


def test_an_accepted_price_becomes_history_with_who_and_when(
    tmp_path: Path, admin_client: Client, admin_user: User
) -> None:
    found = offer()
    proposal = propose(tmp_path)
    assert "1 of 1 accepted" in act(admin_client, "accept", [proposal])
    assert prices(found) == [
        ("2026-11-01", "2026-11-22", 0, "1", "2"),
        ("2026-11-23", None, 0, "1", "4"),
    ]
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by) == ("accepted", admin_user)
    assert proposal.decided_at is not None
    assert not proposal.automatic


def test_an_accepted_price_is_recorded_and_can_be_put_back(
    tmp_path: Path, admin_client: Client
) -> None:
    row = offer()
    before = states.state(row)
    proposal = propose(tmp_path)
    act(admin_client, "accept", [proposal])
    accepted = f"Accepted as proposed by {proposal.source}."
    assert comments(row) == [("–", audit.FOUND), ("admin", accepted)]
    put_back(admin_client, row, versions(row)[0])
    assert states.state(row) == before


def test_what_is_accepted_without_an_editor_says_so(tmp_path: Path) -> None:
    row = offer()
    proposal = propose(tmp_path)
    accepting.accept([proposal.pk], None, timezone.now(), automatic=True)
    assert comments(row)[-1] == ("–", f"Accepted automatically as proposed by {proposal.source}.")


@pytest.mark.parametrize(("button", "state"), [("_accept", "accepted"), ("_refuse", "refused")])
def test_one_is_decided_on_by_its_own_page(
    tmp_path: Path, admin_client: Client, button: str, state: str
) -> None:
    offer()
    proposal = propose(tmp_path)
    page = admin_client.get(reverse("admin:prices_proposal_change", args=[proposal.pk]))
    assert f'name="{button}"' in page.content.decode()
    press(admin_client, button, proposal)
    proposal.refresh_from_db()
    assert proposal.state == state


def test_a_refused_price_does_not_come_back_while_the_source_says_the_same(
    tmp_path: Path, admin_client: Client
) -> None:
    found = offer()
    act(admin_client, "refuse", [propose(tmp_path)])
    refresh("--source", write(tmp_path, [provider(entry(output=4))]))
    assert not Proposal.objects.waiting().exists()
    assert prices(found) == [("2026-11-01", None, 0, "1", "2")]


@pytest.mark.parametrize("between", [5, 2])
def test_a_refused_price_comes_back_once_the_source_said_something_else(
    tmp_path: Path, admin_client: Client, between: float
) -> None:
    offer()
    act(admin_client, "refuse", [propose(tmp_path)])
    refresh("--source", write(tmp_path, [provider(entry(output=between))]))
    assert propose(tmp_path).new["steps"][0]["output"] == "4"


def test_what_changed_since_is_not_overwritten(tmp_path: Path, admin_client: Client) -> None:
    found = offer()
    proposal = propose(tmp_path)
    found.prices.update(output=3)
    assert "the price has changed since" in act(admin_client, "accept", [proposal])
    assert prices(found) == [("2026-11-01", None, 0, "1", "3")]
    proposal.refresh_from_db()
    assert proposal.state == "waiting"


def test_two_editors_cannot_decide_twice(tmp_path: Path, admin_client: Client) -> None:
    found = offer()
    proposal = propose(tmp_path)
    accepting.refuse([proposal.pk], None, timezone.now())
    page = press(admin_client, "_accept", proposal)
    assert "1 had been decided on before" in page
    assert prices(found) == [("2026-11-01", None, 0, "1", "2")]


def test_many_are_accepted_at_once(tmp_path: Path, admin_client: Client) -> None:
    factories.ModelFactory.create(slug="model")
    rows = [{"host": f"host-{n}", "host_kind": "router/reseller"} for n in range(30)]
    refresh("--offers", write(tmp_path, table(*rows), "offers.csv"))
    assert "30 of 30 accepted" in act(admin_client, "accept", Proposal.objects.waiting())
    offers = Offer.objects.select_related("host")
    assert len(offers) == 30
    assert all(one.host.is_router for one in offers)
    assert all(one.source.slug == "rates-1-0" for one in offers)
    for row in (*offers, *Host.objects.all()):
        assert comments(row) == [("admin", f"Accepted as proposed by {offers[0].source}.")]


def test_a_status_is_accepted(tmp_path: Path, admin_client: Client) -> None:
    found = offer()
    row = {"status_or_deprecation": "2026-11-20"}
    refresh("--offers", write(tmp_path, table(row), "offers.csv"))
    assert "Status: active → ended" in admin_client.get(QUEUE).content.decode()
    act(admin_client, "accept", Proposal.objects.waiting())
    found.refresh_from_db()
    assert (found.status, found.deprecated_on) == ("ended", date(2026, 11, 20))


def test_nobody_adds_edits_or_deletes_a_proposal(tmp_path: Path, admin_client: Client) -> None:
    offer()
    proposal = propose(tmp_path)
    assert admin_client.get(reverse("admin:prices_proposal_add")).status_code == 403
    delete = reverse("admin:prices_proposal_delete", args=[proposal.pk])
    assert admin_client.post(delete, {"post": "yes"}).status_code == 403
    url = reverse("admin:prices_proposal_change", args=[proposal.pk])
    admin_client.post(url, {"reason": "mine", "state": "accepted"})
    proposal.refresh_from_db()
    assert (proposal.state, proposal.reason) == ("waiting", "Only one source says so.")


@pytest.mark.parametrize(
    ("rights", "may"),
    [
        (["view_proposal"], False),
        (["view_proposal", "change_proposal"], False),
        (["view_proposal", "change_proposal", "change_price"], True),
    ],
)
def test_only_who_may_change_prices_decides(
    tmp_path: Path, client: Client, django_user_model: Any, rights: list[str], may: bool
) -> None:
    offer()
    proposal = propose(tmp_path)
    user = django_user_model.objects.create_user("editor", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client.force_login(user)
    act(client, "accept", [proposal])
    proposal.refresh_from_db()
    assert (proposal.state == "accepted") is may


def test_the_kept_copies_can_be_looked_at(tmp_path: Path, admin_client: Client) -> None:
    offer()
    propose(tmp_path)
    page = admin_client.get(reverse("admin:prices_sourcecopy_changelist")).content.decode()
    assert "genai-prices-file" in page
