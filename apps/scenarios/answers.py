"""A scenario's answers: their shape, and the addresses that they lead to."""

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from django.core.exceptions import ValidationError

# The order of the URL contract. Which answers a question takes is for the rulebook to say.
ANSWER_KEYS = (
    "stage",
    "boundary",
    "scope",
    "connection",
    "rules",
    "task",
    "modality",
    "volume",
    "size",
    "tokens_in",
    "tokens_out",
    "traffic",
    "team",
    "training",
    "audience",
    "deadline",
    "priority",
)
SEVERAL_KEYS = frozenset({"rules"})
NUMBER_KEYS = frozenset({"volume", "tokens_in", "tokens_out"})
RESULT_PATH = "/decide/result/"
FIRST_QUESTION_PATH = "/decide/stage/"

_WORD = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NUMBER = re.compile(r"0|[1-9][0-9]*")

type AnswerMap = Mapping[str, str | list[str]]


def validate_answers(value: object) -> None:
    """Refuse what could not stand in a canonical query string."""
    if not isinstance(value, dict) or not value:
        raise ValidationError("Enter the answers as a list of keys with their values.")
    for key, given in value.items():
        if key not in ANSWER_KEYS:
            raise ValidationError(f"“{key}” is not a question of the wizard.")
        if key in SEVERAL_KEYS:
            if not isinstance(given, list) or not given:
                raise ValidationError(f"“{key}” takes a list with at least one answer.")
            texts = given
        else:
            texts = [given]
        pattern = _NUMBER if key in NUMBER_KEYS else _WORD
        for text in texts:
            unsure = text == "unsure" and key == "volume"
            if not isinstance(text, str) or not (unsure or pattern.fullmatch(text)):
                raise ValidationError(f"“{text}” is not an answer that “{key}” can have.")


def canonical_query(answers: AnswerMap) -> str:
    """Return the answers as a query string in the order of the URL contract."""
    pairs = []
    for key in ANSWER_KEYS:
        given = answers.get(key, [])
        values = [given] if isinstance(given, str) else sorted(given)
        pairs += [(key, value) for value in values]
    return urlencode(pairs)


def result_url(answers: AnswerMap) -> str:
    """Return the address of the recommendation for these answers."""
    return f"{RESULT_PATH}?{canonical_query(answers)}"


def questions_url(answers: AnswerMap) -> str:
    """Return the address of the first question with these answers given."""
    return f"{FIRST_QUESTION_PATH}?{canonical_query(answers)}"
