"""Two editors have the same form open, and neither loses a change."""

import pytest
from django.test import Client

from apps.catalog.models import Modality, Offer
from tests.admin_forms import opened, sent_again, url_of
from tests.factories import LicenseFactory, ModelFactory, OfferFactory, ScenarioFactory

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

    again = sent_again(page.context)
    assert admin_client.post(url_of(model), again).status_code == 302
    model.refresh_from_db()
    assert model.access == "mine"


def test_what_the_second_left_alone_is_not_undone_by_saving_again(admin_client: Client) -> None:
    text = Modality.objects.create(slug="text", name="Text", order=1)
    image = Modality.objects.create(slug="image", name="Images", order=2)
    model = ModelFactory.create(access="nowhere", tools=None, context_tokens=1, in_article=False)
    model.reads.set([text])
    offer = OfferFactory.create(model=model, note="old")
    license_ = LicenseFactory.create()
    first, second = opened(admin_client, model), opened(admin_client, model)
    theirs = {
        "tools": "true",
        "context_tokens": "2",
        "release_date": "2026-01-31",
        "license": license_.pk,
        "license_unknown": "",
        "reads": [text.pk, image.pk],
        "in_article": "on",
        "article_label": "Label",
        "article_date": "2026-03-10",
        "offers-0-note": "new",
    }
    assert admin_client.post(url_of(model), first | theirs).status_code == 302

    page = admin_client.post(url_of(model), second | {"access": "mine"})
    again = sent_again(page.context)
    assert again["access"] == "mine"
    assert admin_client.post(url_of(model), again).status_code == 302
    model.refresh_from_db()
    assert (model.access, model.tools, model.context_tokens) == ("mine", True, 2)
    assert (model.license, str(model.release_date)) == (license_, "2026-01-31")
    assert (model.in_article, model.article_label) == (True, "Label")
    assert list(model.reads.all()) == [text, image]
    offer.refresh_from_db()
    assert offer.note == "new"


def test_a_wrong_entry_in_between_does_not_hide_the_change(admin_client: Client) -> None:
    model = ModelFactory.create()
    mine = opened(admin_client, model)
    wrong = admin_client.post(url_of(model), mine | {"context_tokens": "0"})
    type(model).objects.filter(pk=model.pk).update(access="theirs")
    again = sent_again(wrong.context) | {"context_tokens": "1"}
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
    again = sent_again(page.context)
    assert admin_client.post(url_of(other.model), again).status_code == 302
    assert Offer.objects.filter(host_model_id="kept/by-me").exists()


def test_a_row_that_somebody_moved_is_not_made_twice(admin_client: Client) -> None:
    offer = OfferFactory.create()
    model, other = offer.model, ModelFactory.create()
    mine = opened(admin_client, model)
    Offer.objects.filter(pk=offer.pk).update(model=other)
    page = admin_client.post(url_of(model), mine)
    admin_client.post(url_of(model), sent_again(page.context))
    assert Offer.objects.get().model == other


def test_what_the_second_wrote_into_a_row_that_is_gone_is_still_there(admin_client: Client) -> None:
    gone, stays = (OfferFactory.create(note="old") for _ in range(2))
    Offer.objects.update(model=stays.model)
    mine = opened(admin_client, stays.model)
    gone.delete()
    page = admin_client.post(url_of(stays.model), mine | {"offers-0-note": "mine"})
    assert {c.yours for c in page.context["clashes"] if c.field == "note"} == {"mine"}
    again = sent_again(page.context)
    assert admin_client.post(url_of(stays.model), again).status_code == 302
    assert sorted(Offer.objects.values_list("note", flat=True)) == ["mine", "old"]
    assert Offer.objects.get(pk=stays.pk).note == "old"


def test_a_forged_state_saves_nothing(admin_client: Client) -> None:
    scenario = ScenarioFactory.create(title="Before")
    data = opened(admin_client, scenario) | {"title": "After", "opened_state": "forged"}
    assert admin_client.post(url_of(scenario), data).status_code == 200
    scenario.refresh_from_db()
    assert scenario.title == "Before"
