"""A row of a version refers only to rows of the same version: the database sees to it."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import RestrictedError
from django.test import Client

from apps.rules import compile, publishing
from apps.rules.models import Choice, Part, Question, Rulebook, VetoEffect
from tests.admin_forms import opened, url_of
from tests.rules.test_read_only import PARTS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

ANOTHER = "A veto waits for an answer of its own version only."
STAYS = "A row stays where it belongs."


@pytest.fixture
def draft() -> Rulebook:
    return publishing.copy_to_draft(Rulebook.objects.get())


@pytest.fixture
def other() -> Rulebook:
    return publishing.copy_to_draft(Rulebook.objects.get(version=1))


def conditional(version: Rulebook) -> VetoEffect:
    """Return a veto of a version that waits for another answer."""
    return VetoEffect.objects.filter(
        choice__question__rulebook=version, only_if__isnull=False
    ).select_related("choice__question", "only_if")[0]


def twin(choice: Choice, version: Rulebook) -> Choice:
    """Return the choice of the same name in another version."""
    return Choice.objects.get(
        question__rulebook=version, question__key=choice.question.key, key=choice.key
    )


def sql(statement: str, *values: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        connection.check_constraints()


def test_a_veto_cannot_wait_for_an_answer_of_another_version(
    draft: Rulebook, other: Rulebook
) -> None:
    veto = conditional(draft)
    assert veto.only_if is not None
    theirs = twin(veto.only_if, other)
    with pytest.raises(IntegrityError, match=ANOTHER), transaction.atomic():
        VetoEffect.objects.filter(pk=veto.pk).update(only_if=theirs)
    with pytest.raises(IntegrityError, match=ANOTHER):
        sql("UPDATE rules_vetoeffect SET only_if_id = %s WHERE id = %s", theirs.pk, veto.pk)
    veto.only_if = theirs
    with pytest.raises(IntegrityError, match=ANOTHER), transaction.atomic():
        veto.save()
    veto.delete()
    with pytest.raises(IntegrityError, match=ANOTHER), transaction.atomic():
        VetoEffect.objects.create(choice=veto.choice, option=veto.option, only_if=theirs)
    insert = "INSERT INTO rules_vetoeffect (choice_id, option, only_if_id) VALUES (%s, %s, %s)"
    with pytest.raises(IntegrityError, match=ANOTHER):
        sql(insert, veto.choice_id, veto.option, theirs.pk)
    sql(insert, veto.choice_id, veto.option, twin(theirs, draft).pk)


@pytest.mark.parametrize("table", PARTS)
def test_a_row_does_not_move_to_another_version(
    table: type[Part], draft: Rulebook, other: Rulebook
) -> None:
    mine, theirs = (table.objects.filter(**{table.path("pk"): v.pk})[0] for v in (draft, other))
    owner = table.owner().attname
    with pytest.raises(IntegrityError, match=STAYS), transaction.atomic():
        table.objects.filter(pk=mine.pk).update(**{owner: getattr(theirs, owner)})
    name = table._meta.db_table
    with pytest.raises(IntegrityError, match=STAYS):
        sql(f"UPDATE {name} SET {owner} = %s WHERE id = %s", getattr(theirs, owner), mine.pk)  # noqa: S608


def test_to_delete_a_draft_takes_nothing_from_what_is_published(draft: Rulebook) -> None:
    published = Rulebook.objects.with_everything().get(version=1)
    before = compile.compile_rulebook(published)
    draft.delete()
    assert not Question.objects.filter(rulebook__version=2).exists()
    published = Rulebook.objects.with_everything().get(version=1)
    assert compile.compile_rulebook(published) == before


def test_an_answer_that_a_veto_waits_for_is_not_deleted(
    draft: Rulebook, admin_client: Client
) -> None:
    answer = conditional(draft).only_if
    assert answer is not None
    for row in (answer, answer.question):
        with pytest.raises(RestrictedError):
            row.delete()
        page = admin_client.post(url_of(row, "delete"), {"post": "yes"})
        assert page.status_code == 200
    assert Choice.objects.filter(pk=answer.pk).exists()
    with pytest.raises(IntegrityError):
        sql("DELETE FROM rules_choice WHERE id = %s", answer.pk)


def test_the_form_offers_the_answers_of_the_same_version(
    draft: Rulebook, other: Rulebook, admin_client: Client
) -> None:
    veto = conditional(draft)
    form = admin_client.get(url_of(veto.choice)).context
    (vetoes,) = (i for i in form["inline_admin_formsets"] if i.formset.model is VetoEffect)
    offered = vetoes.formset.forms[0].fields["only_if"].queryset
    others = Choice.objects.exclude(question=veto.choice.question)
    assert set(offered) == set(others.filter(question__rulebook=draft))
    (owners,) = [form["adminform"].form.fields["question"].queryset]
    assert list(owners) == [veto.choice.question]


def test_an_answer_of_another_version_is_refused_at_its_field(
    draft: Rulebook, other: Rulebook, admin_client: Client
) -> None:
    veto = conditional(draft)
    assert veto.only_if is not None
    data = opened(admin_client, veto.choice)
    field = next(n for n in data if n.startswith("veto_effects") and n.endswith("only_if"))
    page = admin_client.post(url_of(veto.choice), data | {field: str(twin(veto.only_if, other).pk)})
    assert "Select a valid choice" in page.text
