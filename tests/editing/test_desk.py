"""The front page says what waits, and where the commonest tasks are done."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from apps.common.today import today
from apps.prices.models import Proposal
from apps.rules import publishing
from apps.rules.models import Question, Rulebook
from tests.admin_forms import opened, url_of
from tests.editors import LogIn
from tests.factories import ModelFactory, OfferFactory, PriceFactory, SourceFactory

pytestmark = pytest.mark.django_db


def proposal(**fields: object) -> Proposal:
    offer = OfferFactory.create()
    known: dict[str, object] = {
        "model": offer.model,
        "host": offer.host,
        "host_slug": offer.host.slug,
        "host_model_id": offer.host_model_id,
        "offer": offer,
        "field": "status",
        "old": {"status": offer.status, "deprecated_on": None},
        "new": {"status": "ended", "deprecated_on": None},
        "starts": today(),
        "dataset": "x",
        "source": SourceFactory.create(),
        "read_on": today(),
        "reason": "Only one source says so.",
    }
    return Proposal.objects.create(**known | fields)


def test_an_editor_sees_the_five_commonest_tasks(log_in: LogIn) -> None:
    page = log_in("editor").get(reverse("admin:index"))
    assert {task.name for task in page.context["tasks"]} == {
        "Work through proposals",
        "Change a price",
        "Add a model",
        "Check stale models",
        "Change the rules",
    }
    assert "Nothing waits." in page.text
    assert reverse("admin:guide") in page.text


def test_who_may_edit_nothing_sees_no_task(log_in: LogIn) -> None:
    page = log_in("staff").get(reverse("admin:index"))
    assert page.context["tasks"] == []
    assert page.context["waiting"] == []


def test_what_waits_is_told(log_in: LogIn, seeded: None) -> None:
    editor = log_in("editor")
    ModelFactory.create(checked_on=today() - timedelta(days=400))
    proposal()
    draft = publishing.copy_to_draft(Rulebook.objects.get())
    question = Question.objects.filter(rulebook=draft)[0]
    assert (
        editor.post(url_of(question), opened(editor, question) | {"hint": "x"}).status_code == 302
    )
    told = [one.text for one in editor.get(reverse("admin:index")).context["waiting"]]
    assert "1 proposals wait" in told
    assert any("models were last checked" in text for text in told)
    assert (
        f"Draft {draft.version}, last edited by editor: ready to be weighed and published" in told
    )


def test_the_guide_is_for_editors(log_in: LogIn) -> None:
    assert "New price from …" in log_in("editor").get(reverse("admin:guide")).text
    assert log_in("anonymous").get(reverse("admin:guide")).status_code == 302


def test_a_decision_leads_to_the_next_proposal(log_in: LogIn) -> None:
    editor = log_in("editor")
    first, second = proposal(change=0.9), proposal(change=0.5)
    page = editor.get(url_of(first))
    assert "Only one source says so." in page.text
    assert "→ ended" in page.text
    assert f'href="{url_of(second)}">Leave it, next (2 wait)' in page.text
    assert editor.post(url_of(first), {"_accept": "1"})["Location"] == url_of(second)
    done = editor.post(url_of(second), {"_refuse": "1"})
    assert done["Location"] == reverse("admin:prices_proposal_changelist")
    assert not Proposal.objects.waiting().exists()


def test_a_model_has_one_history(log_in: LogIn) -> None:
    editor = log_in("editor")
    price = PriceFactory.create(input="1", valid_from=date(2026, 1, 1))
    model, offer = price.offer.model, price.offer
    editor.post(url_of(offer), opened(editor, offer) | {"note": "a note"})
    editor.post(url_of(price), opened(editor, price) | {"input": "1.5"})
    data = opened(editor, model) | {"access": "changed"}
    editor.post(url_of(model), data)
    editor.post(url_of(price), opened(editor, price) | {"input": "1.75"})
    changes = editor.get(url_of(model, "history")).context["changes"]
    told = [[(line.field, line.new) for line in one.lines] for one in changes]
    assert [("input", "1.750000")] in told
    assert [("access", "changed")] in told
    assert [("note", "a note")] in told
