"""A scenario's answers: what they may hold, and the address that they make."""

from random import Random
from urllib.parse import parse_qsl

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from apps.scenarios.answers import (
    ANSWER_KEYS,
    NUMBER_KEYS,
    SEVERAL_KEYS,
    canonical_query,
    questions_url,
    result_url,
    validate_answers,
)
from apps.scenarios.dates import SourceDate
from tests.factories import ScenarioFactory

WORDS = st.from_regex(r"[a-z]+(-[a-z]+)?", fullmatch=True)
NUMBERS = st.integers(0, 10**9).map(str)


def values_of(key: str) -> st.SearchStrategy[str | list[str]]:
    """Return what a key of this name may hold."""
    if key in SEVERAL_KEYS:
        return st.lists(WORDS, min_size=1, max_size=4, unique=True)
    return NUMBERS if key in NUMBER_KEYS else WORDS


ANSWERS = st.fixed_dictionaries({}, optional={key: values_of(key) for key in ANSWER_KEYS})


def test_the_query_follows_the_order_of_the_method_and_repeats_what_has_several() -> None:
    answers: dict[str, str | list[str]] = {
        "priority": "cost",
        "rules": ["hipaa", "gdpr"],
        "volume": "1000",
        "scope": "all",
        "boundary": "own-cloud",
        "stage": "scaling",
    }
    query = "stage=scaling&boundary=own-cloud&scope=all&rules=gdpr&rules=hipaa&volume=1000"
    assert canonical_query(answers) == f"{query}&priority=cost"
    assert result_url(answers) == f"/decide/result/?{query}&priority=cost"
    assert questions_url(answers) == f"/decide/stage/?{query}&priority=cost"


def test_a_scenario_knows_the_addresses_it_leads_to() -> None:
    scenario = ScenarioFactory.build(slug="edge", answers={"task": "simple", "stage": "scaling"})
    assert scenario.query == "stage=scaling&task=simple"
    assert scenario.load_url == "/decide/result/?stage=scaling&task=simple"
    assert scenario.questions_url == "/decide/stage/?stage=scaling&task=simple"
    assert scenario.get_absolute_url() == "/scenarios/edge/"


@given(ANSWERS)
def test_the_query_holds_every_answer_once_in_the_canonical_order(
    answers: dict[str, str | list[str]],
) -> None:
    pairs = parse_qsl(canonical_query(answers))
    expected = {
        (key, value)
        for key, given_value in answers.items()
        for value in ([given_value] if isinstance(given_value, str) else given_value)
    }
    assert set(pairs) == expected
    assert len(pairs) == len(expected)
    assert pairs == sorted(pairs, key=lambda pair: (ANSWER_KEYS.index(pair[0]), pair[1]))


@given(ANSWERS, st.randoms(use_true_random=False))
def test_the_order_in_which_answers_are_stored_changes_nothing(
    answers: dict[str, str | list[str]], random: Random
) -> None:
    items = list(answers.items())
    random.shuffle(items)
    assert canonical_query(dict(items)) == canonical_query(answers)


@given(ANSWERS.filter(bool))
def test_what_can_stand_in_an_address_is_accepted(answers: dict[str, str | list[str]]) -> None:
    validate_answers(answers)


@pytest.mark.parametrize(
    "answers",
    [
        {},
        [],
        "stage=scaling",
        {"colour": "blue"},
        {"stage": "First production"},
        {"stage": ["scaling"]},
        {"stage": None},
        {"rules": "gdpr"},
        {"rules": []},
        {"rules": [1]},
        {"volume": 1000},
        {"volume": "1M"},
        {"volume": "-5"},
        {"volume": "0100"},
        {"tokens_in": "unsure"},
    ],
)
def test_what_cannot_stand_in_an_address_is_refused(answers: object) -> None:
    with pytest.raises(ValidationError):
        validate_answers(answers)


@pytest.mark.parametrize("answers", [{"volume": "unsure"}, {"stage": "unsure"}, {"volume": "0"}])
def test_unsure_is_an_answer(answers: object) -> None:
    validate_answers(answers)


@pytest.mark.parametrize(
    ("iso", "text"),
    [
        ("2024", "2024"),
        ("2024-04", "April 2024"),
        ("2024-11", "November 2024"),
        ("2024-04-30", "30 April 2024"),
        ("2016-04-01", "1 April 2016"),
    ],
)
def test_a_date_is_written_as_exactly_as_it_is_known(iso: str, text: str) -> None:
    assert SourceDate(iso).text == text
