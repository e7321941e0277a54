"""Editors change drafts; what is published is only read, and only sound drafts are published."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from apps.common.rows import unlocked
from apps.rules import compile, impact, publishing
from apps.rules.models import BaseValue, Choice, PointEffect, Question, Rulebook, Status

TODAY = date(2026, 11, 25)
APPROVED = publishing.Approval("What is new.")


@pytest.fixture(scope="module", autouse=True)
def seeded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The fixtures, loaded once and taken away after the last test of this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("seed", verbosity=0)
        yield
        transaction.set_rollback(True)


pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("ed"))
    return client


@pytest.fixture
def draft() -> Rulebook:
    return publishing.copy_to_draft(Rulebook.objects.get())


def test_a_draft_is_a_whole_copy(draft: Rulebook) -> None:
    published = Rulebook.objects.with_everything().get(status=Status.PUBLISHED)
    copy = Rulebook.objects.with_everything().get(pk=draft.pk)
    before, after = compile.compile_rulebook(published), compile.compile_rulebook(copy)
    assert (after.version, after.published_on) == (2, None)
    assert after.questions == before.questions
    assert after.base == before.base
    assert after.options == before.options
    assert after.criteria == before.criteria
    assert after.assumptions == before.assumptions


def test_a_sound_draft_replaces_the_published_version(draft: Rulebook) -> None:
    publishing.publish(draft, TODAY, APPROVED)
    statuses = dict(Rulebook.objects.values_list("version", "status"))
    assert statuses == {1: Status.RETIRED, 2: Status.PUBLISHED}
    assert compile.current().rulebook.version == 2
    assert Rulebook.objects.get(version=2).published_on == TODAY


def test_a_broken_draft_is_refused_with_every_reason(draft: Rulebook) -> None:
    Question.objects.filter(rulebook=draft, key="modality").delete()
    with pytest.raises(publishing.NotPublishableError) as refused:
        publishing.publish(draft, TODAY, APPROVED)
    assert any("modality" in reason for reason in refused.value.reasons)
    assert Rulebook.objects.get(status=Status.PUBLISHED).version == 1


def test_a_draft_that_turns_a_scenario_round_is_refused(draft: Rulebook) -> None:
    BaseValue.objects.filter(rulebook=draft, option="closed-api").update(value=0)
    with pytest.raises(publishing.NotPublishableError) as refused:
        publishing.publish(draft, TODAY, APPROVED)
    assert any("would come out as Open, not Closed" in r for r in refused.value.reasons)


def test_only_drafts_are_published() -> None:
    with pytest.raises(publishing.NotPublishableError, match="only a draft"):
        publishing.publish(Rulebook.objects.get(), TODAY, APPROVED)


def test_the_database_holds_one_published_version(draft: Rulebook) -> None:
    with pytest.raises(IntegrityError), unlocked(), transaction.atomic():
        Rulebook.objects.filter(pk=draft.pk).update(status=Status.PUBLISHED, published_on=TODAY)


def change_url(row: Rulebook | Question | Choice) -> str:
    return reverse(f"admin:rules_{row._meta.model_name}_change", args=[row.pk])


@pytest.mark.parametrize("table", [Rulebook, Question, Choice])
def test_a_published_version_is_only_read(
    editor: Client, table: type[Rulebook | Question | Choice]
) -> None:
    row = table._default_manager.all()[0]
    page = editor.get(change_url(row))
    assert page.status_code == 200
    assert 'name="_save"' not in page.text
    assert editor.post(change_url(row), {"note": "x", "title": "x"}).status_code == 403


@pytest.mark.parametrize("table", [Rulebook, Question, Choice])
def test_a_draft_is_edited(
    editor: Client, draft: Rulebook, table: type[Rulebook | Question | Choice]
) -> None:
    paths = {Rulebook: "pk", Question: "rulebook", Choice: "question__rulebook"}
    row = table._default_manager.filter(**{paths[table]: draft.pk})[0]
    assert 'name="_save"' in editor.get(change_url(row)).text


def run(editor: Client, action: str, *rows: Rulebook) -> str:
    page = editor.post(
        reverse("admin:rules_rulebook_changelist"),
        {"action": action, "_selected_action": [row.pk for row in rows]},
        follow=True,
    )
    return page.text


@pytest.fixture(autouse=True)
def small_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask few sets of answers for the impact."""
    monkeypatch.setattr(impact, "SAMPLE", 40)


def publish(editor: Client, row: Rulebook) -> str:
    url = reverse("admin:rules_publish", args=[row.pk])
    editor.post(reverse("admin:rules_impact", args=[row.pk]))
    return editor.post(url, {"note": "What is new."}, follow=True).text


def test_the_way_from_one_version_to_the_next(editor: Client) -> None:
    first = Rulebook.objects.get()
    assert "Draft 2 was made." in run(editor, "copy_to_draft", first)
    second = Rulebook.objects.get(version=2)
    PointEffect.objects.filter(
        choice__question__rulebook=second, choice__question__key="audience"
    ).update(points=0)
    publisher = Client()
    publisher.force_login(User.objects.create_superuser("another"))
    assert "does the same as" in publish(publisher, second)
    second.delete()
    run(editor, "copy_to_draft", first)
    assert "is published." in publish(publisher, Rulebook.objects.get(version=2))


def test_who_may_only_look_cannot_make_or_publish_drafts(client: Client, draft: Rulebook) -> None:
    looker = User.objects.create_user("looker", is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_rulebook"))
    client.force_login(looker)
    assert "You may not publish." in publish(client, draft)
    run(client, "copy_to_draft", draft)
    copied = client.post(reverse("admin:rules_copy", args=[draft.pk]))
    assert copied.status_code == 403
    assert Rulebook.objects.count() == 2


def test_every_list_and_form_of_the_admin_opens(editor: Client, draft: Rulebook) -> None:
    for name in ("rulebook", "question", "choice", "optiontext"):
        page = editor.get(reverse(f"admin:rules_{name}_changelist"))
        assert page.status_code == 200
    for name in ("question", "choice", "optiontext"):
        assert editor.get(reverse(f"admin:rules_{name}_add")).status_code == 200
