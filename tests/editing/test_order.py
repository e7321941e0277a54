"""Rows change places in one save."""

import pytest
from django.test import Client

from apps.rules.models import Choice, Question, Rulebook
from tests.admin_forms import opened, refused, url_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def question() -> Question:
    draft = Rulebook.objects.create(version=9, note="x", no_model="x")
    question = Question.objects.create(
        rulebook=draft, order=1, key="k", kind="choice", title="t", why="w", missing="m", short="s"
    )
    for place, key in enumerate("abc", start=1):
        Choice.objects.create(question=question, order=place, key=key, label=key)
    return question


def keys(question: Question) -> str:
    return "".join(Choice.objects.filter(question=question).values_list("key", flat=True))


def test_two_answers_swap_their_places(admin_client: Client, question: Question) -> None:
    assert refused(admin_client, question, **{"choices-0-order": 3, "choices-2-order": 1}) == ""
    assert keys(question) == "cba"


def test_a_place_that_two_claim_is_refused_at_the_second(
    admin_client: Client, question: Question
) -> None:
    page = refused(admin_client, question, **{"choices-2-order": 1})
    assert "Another row has place 1 already." in page
    assert keys(question) == "abc"


def test_a_place_that_is_given_up_can_be_taken(admin_client: Client, question: Question) -> None:
    data = opened(admin_client, question)
    data |= {"choices-0-DELETE": "on", "choices-2-order": 1}
    assert admin_client.post(url_of(question), data).status_code == 302
    assert keys(question) == "cb"
