"""Every change is recorded, with who, when, old and new, and every state can be put back."""

from datetime import date

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.db.models import Model as AnyModel
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from reversion.models import Revision, Version

from apps.catalog.models import Capability, CatalogVersion, Host, Model, Offer, Price, Score
from apps.editing import audit
from apps.editing.states import state
from apps.rules import publishing
from apps.rules.models import Choice, OptionRisk, Question, Rulebook, VetoEffect
from tests.admin_forms import opened, url_of
from tests.editors import LogIn
from tests.factories import (
    EstimateFactory,
    ModelFactory,
    OfferFactory,
    PriceFactory,
    ScoreFactory,
)
from tests.recorded import comments, put_back, recover, version_url, versions

pytestmark = pytest.mark.django_db
PUT_BACK = " was put back."


def save(client: Client, row: AnyModel, **fields: object) -> None:
    assert client.post(url_of(row), opened(client, row) | fields).status_code == 302


def delete(client: Client, row: AnyModel) -> None:
    assert client.post(url_of(row, "delete"), {"post": "yes"}).status_code == 302


def test_a_change_shows_who_old_and_new_and_is_put_back(log_in: LogIn) -> None:
    editor = log_in("editor")
    model = ModelFactory.create(access="before")
    assert not Revision.objects.exists()
    save(editor, model, access="after")
    page = editor.get(url_of(model, "history"))
    assert all(word in page.text for word in ("editor", "before", "after", "access"))
    told = [[(x.field, x.old, x.new) for x in one.lines] for one in page.context["changes"]]
    assert told == [[("access", "before", "after")], []]

    found, changed = versions(model)
    assert comments(model) == [("–", audit.FOUND), ("editor", "")]
    assert PUT_BACK in put_back(editor, model, found)
    model.refresh_from_db()
    assert model.access == "before"
    assert comments(model)[-1][0] == "editor"
    assert "Put back as of" in comments(model)[-1][1]
    put_back(editor, model, changed)
    model.refresh_from_db()
    assert model.access == "after"


def test_a_state_is_shown_before_it_is_put_back(admin_client: Client) -> None:
    model = ModelFactory.create(access="before", notes="")
    save(admin_client, model, access="after", notes="a note")
    found, changed = versions(model)
    page = admin_client.get(version_url(model, found))
    told = {(line.field, line.old, line.new) for line in page.context["lines"]}
    assert told == {("access", "after", "before"), ("notes", "a note", "–")}
    now = admin_client.get(version_url(model, changed)).text
    assert "It is like this now." in now
    assert "Put back" not in now


def test_saving_without_a_change_records_nothing_new(admin_client: Client) -> None:
    model = OfferFactory.create().model
    save(admin_client, model)
    assert comments(model) == [("–", audit.FOUND)]
    save(admin_client, model)
    assert len(versions(model)) == 1


def test_what_was_added_is_recorded_with_all_its_values(admin_client: Client) -> None:
    model = ModelFactory.create(name="First")
    data = opened(admin_client, model) | {"name": "Second", "slug": "second"}
    data = {k: v for k, v in data.items() if "-" not in k or "FORMS" in k} | {"_save": "1"}
    assert admin_client.post(reverse("admin:catalog_model_add"), data).status_code == 302
    second = Model.objects.get(slug="second")
    assert comments(second) == [("admin", "Added.")]
    (change,) = admin_client.get(url_of(second, "history")).context["changes"]
    assert ("name", "–", "Second") in [(x.field, x.old, x.new) for x in change.lines]


def test_what_a_program_changed_meanwhile_is_told_and_can_come_back(admin_client: Client) -> None:
    model = ModelFactory.create(access="first")
    save(admin_client, model, access="second")
    Model.objects.filter(pk=model.pk).update(access="by a program")
    save(admin_client, model, access="fourth")
    assert [who for who, _ in comments(model)] == ["–", "admin", "–", "admin"]
    put_back(admin_client, model, versions(model)[2])
    model.refresh_from_db()
    assert model.access == "by a program"


def test_what_was_changed_on_another_page_is_told_there_with_its_editor(log_in: LogIn) -> None:
    editor = log_in("editor")
    offer = OfferFactory.create(note="old")
    save(editor, offer.model, access="first")
    save(log_in("publisher"), offer, note="new")
    save(editor, offer.model, access="second")
    assert [who for who, _ in comments(offer.model)] == ["–", "editor", "–", "editor"]
    found = editor.get(url_of(offer.model, "history")).context["changes"][1]
    assert [(x.field, x.old, x.new) for x in found.lines] == [("note", "old", "new")]
    assert ("publisher", "") in comments(offer)


def test_rows_below_are_recorded_and_put_back(admin_client: Client) -> None:
    price = PriceFactory.create(input="1.25")
    model = price.offer.model
    save(admin_client, model, **{"offers-0-DELETE": "on"})
    assert not Price.objects.exists()
    page = admin_client.get(url_of(model, "history")).text
    assert f"{price.offer} (removed)" in page
    assert PUT_BACK in put_back(admin_client, model, versions(model)[0])
    assert str(Price.objects.get().input) == "1.250000"


def test_what_was_added_below_since_is_removed(admin_client: Client) -> None:
    offer = OfferFactory.create()
    save(admin_client, offer.model, access="after")
    OfferFactory.create(model=offer.model)
    put_back(admin_client, offer.model, versions(offer.model)[0])
    assert list(Offer.objects.all()) == [offer]


def test_a_part_comes_back_without_the_rest(admin_client: Client) -> None:
    """A row that was recorded with another takes only what belongs to it along."""
    price = PriceFactory.create(input="1.25")
    offer, model = price.offer, price.offer.model
    other = OfferFactory.create(model=model, note="other")
    save(admin_client, model, access="later", **{"offers-0-DELETE": "on"})
    Offer.objects.filter(pk=other.pk).update(note="changed since")
    assert PUT_BACK in recover(admin_client, Offer, str(offer))
    assert str(Price.objects.get(offer=offer).input) == "1.250000"
    model.refresh_from_db()
    other.refresh_from_db()
    assert (model.access, other.note) == ("later", "changed since")


def test_what_was_deleted_comes_back_whole(admin_client: Client) -> None:
    price = PriceFactory.create()
    model = price.offer.model
    ScoreFactory.create(model=model)
    EstimateFactory.create(model=model)
    before = state(model)
    delete(admin_client, model)
    assert not Model.objects.exists()
    assert PUT_BACK in recover(admin_client, Model, str(model))
    assert state(model) == before
    assert Price.objects.get() == price
    assert Score.objects.exists()
    assert Capability.objects.exists()
    assert comments(model)[0][1] == audit.DELETED


def test_all_that_a_list_deletes_comes_back(admin_client: Client) -> None:
    rows = [OfferFactory.create() for _ in range(2)]
    admin_client.post(
        reverse("admin:catalog_offer_changelist"),
        {"action": "delete_selected", "_selected_action": [r.pk for r in rows], "post": "yes"},
    )
    assert not Offer.objects.exists()
    for row in rows:
        recover(admin_client, Offer, str(row))
    assert set(Offer.objects.all()) == set(rows)


def test_a_deleted_draft_comes_back_with_every_table(admin_client: Client) -> None:
    call_command("seed", verbosity=0)
    draft = publishing.copy_to_draft(Rulebook.objects.get())
    tables = (Question, Choice, VetoEffect, OptionRisk)
    counts = [table._default_manager.count() for table in tables]
    delete(admin_client, draft)
    assert PUT_BACK in recover(admin_client, Rulebook, str(draft))
    assert [table._default_manager.count() for table in tables] == counts


def test_old_values_that_no_longer_fit_change_nothing(admin_client: Client) -> None:
    model = ModelFactory.create(name="Taken")
    delete(admin_client, model)
    ModelFactory.create(slug=model.slug)
    page = recover(admin_client, Model, str(model))
    assert "Nothing was put back: Model with this Slug already exists." in page
    assert Model.objects.count() == 1


def test_a_row_whose_owner_is_gone_does_not_come_back_alone(admin_client: Client) -> None:
    offer = OfferFactory.create()
    host = offer.host
    delete(admin_client, offer)
    Host.objects.filter(pk=host.pk).delete()
    assert "Nothing was put back" in recover(admin_client, Offer, str(offer))
    assert not Offer.objects.exists()


def test_a_table_that_lost_a_field_still_puts_the_others_back(admin_client: Client) -> None:
    model = ModelFactory.create(access="before")
    save(admin_client, model, access="after")
    version = versions(model)[0]
    data = version.serialized_data.replace('"access"', '"of_old": 1, "access"')
    Version.objects.filter(pk=version.pk).update(serialized_data=data)
    assert PUT_BACK in put_back(admin_client, model, version)
    model.refresh_from_db()
    assert model.access == "before"


def test_putting_back_shows_at_once_on_the_site(admin_client: Client) -> None:
    model = ModelFactory.create(access="before")
    save(admin_client, model, access="after")
    token = CatalogVersion.current()
    put_back(admin_client, model, versions(model)[0])
    assert CatalogVersion.current() != token


def test_a_version_of_another_table_is_not_found(admin_client: Client) -> None:
    offer = OfferFactory.create()
    save(admin_client, offer, note="after")
    other = ModelFactory.create()
    assert admin_client.get(version_url(other, versions(offer)[0])).status_code == 404


def test_a_history_of_many_rows_costs_as_many_queries(admin_client: Client) -> None:
    model = ModelFactory.create(access="0")
    counts = []
    for n in range(3):
        for _ in range(1 + 5 * n):
            PriceFactory.create(offer=OfferFactory.create(model=model), valid_from=date(2026, 1, 1))
        save(admin_client, model, access=str(n + 1))
        Version.objects.exclude(revision=Revision.objects.latest("pk")).delete()
        ContentType.objects.clear_cache()
        with CaptureQueriesContext(connection) as queries:
            assert admin_client.get(version_url(model, versions(model)[0])).status_code == 200
        counts.append(len(queries))
    assert counts[1] == counts[2]
