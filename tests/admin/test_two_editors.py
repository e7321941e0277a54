"""Two editors have the same form open, and neither loses a change."""

import pytest
from django.test import Client

from apps.catalog.models import Offer
from tests.admin.forms import opened, url_of
from tests.factories import ModelFactory, OfferFactory, ScenarioFactory

pytestmark = pytest.mark.django_db


def test_the_second_sees_what_changed_and_decides(admin_client: Client) -> None:
    model = ModelFactory.create(access="nowhere")
    first, second = opened(admin_client, model), opened(admin_client, model)
    saved = admin_client.post(url_of(model), first | {"access": "theirs", "notes": "a note"})
    assert saved.status_code == 302

    page = admin_client.post(url_of(model), second | {"access": "mine"})
    assert page.status_code == 200
    found = {(c.field, c.opened, c.theirs, c.yours) for c in page.context["clashes"]}
    assert found == {("access", "nowhere", "theirs", "mine"), ("notes", "–", "a note", "–")}
    model.refresh_from_db()
    assert model.access == "theirs"

    again = second | {"access": "mine", "opened_state": page.context["opened_state"]}
    assert admin_client.post(url_of(model), again).status_code == 302
    model.refresh_from_db()
    assert model.access == "mine"


def test_a_wrong_entry_in_between_does_not_hide_the_change(admin_client: Client) -> None:
    model = ModelFactory.create()
    mine = opened(admin_client, model)
    wrong = admin_client.post(url_of(model), mine | {"context_tokens": "0"})
    type(model).objects.filter(pk=model.pk).update(access="theirs")
    again = mine | {"opened_state": wrong.context["opened_state"]}
    assert admin_client.post(url_of(model), again).context["clashes"]


def test_a_row_below_counts_too(admin_client: Client) -> None:
    offer = OfferFactory.create(note="old")
    mine = opened(admin_client, offer.model)
    Offer.objects.filter(pk=offer.pk).update(note="theirs")
    page = admin_client.post(url_of(offer.model), mine)
    (clash,) = page.context["clashes"]
    assert (clash.field, clash.theirs, clash.yours) == ("note", "theirs", "old")


def test_a_row_that_somebody_removed_comes_back_only_on_purpose(admin_client: Client) -> None:
    offer = OfferFactory.create(host_model_id="kept/by-me")
    other = OfferFactory.create(model=offer.model)
    mine = opened(admin_client, offer.model)
    offer.delete()
    page = admin_client.post(url_of(other.model), mine)
    assert page.status_code == 200
    assert any("removed" in clash.row for clash in page.context["clashes"])
    assert list(Offer.objects.all()) == [other]
    again = mine | {"opened_state": page.context["opened_state"]}
    for inline in page.context["inline_admin_formsets"]:
        for form in (inline.formset.management_form, *inline.formset.forms):
            again |= {b.html_name: b.value() if b.value() is not None else "" for b in form}
    assert admin_client.post(url_of(other.model), again).status_code == 302
    assert Offer.objects.filter(host_model_id="kept/by-me").exists()


def test_a_forged_state_saves_nothing(admin_client: Client) -> None:
    scenario = ScenarioFactory.create(title="Before")
    data = opened(admin_client, scenario) | {"title": "After", "opened_state": "forged"}
    assert admin_client.post(url_of(scenario), data).status_code == 200
    scenario.refresh_from_db()
    assert scenario.title == "Before"
