"""A scenario's answers: keys with their values, which the rules of a version read."""

from collections.abc import Iterator, Mapping, Sequence

from django.core.exceptions import ValidationError

from apps.decision.answers import Answers, parse
from apps.decision.rulebook import Rulebook
from apps.decision.vocabulary import TOKENS_IN, TOKENS_OUT
from apps.rules import compile

type Stored = Mapping[str, str | list[str]]


def read(rulebook: Rulebook, stored: Stored) -> Answers:
    """Return the answers as the rules of a version read them, without what they do not know."""
    return parse(rulebook, as_given(stored)).answers


def as_given(stored: Stored) -> dict[str, tuple[str, ...]]:
    """Return the answers as an address gives them."""
    return {key: (v,) if isinstance(v, str) else tuple(v) for key, v in stored.items()}


def as_stored(given: Stored, rulebooks: Sequence[Rulebook]) -> Stored:
    """Return answers as a scenario holds them, each as the first version writes it that reads it.

    What no version reads stays as it was given.
    """
    readings = [_stored(read(rules, given)) for rules in rulebooks]
    found: dict[str, str | list[str]] = {}
    for key, value in given.items():
        reading = next((one[key] for one in readings if key in one), None)
        plain = value[0] if isinstance(value, list) and len(value) == 1 else value
        found[key] = plain if reading is None else reading
    return found


def validate_answers(value: object) -> None:
    """Refuse what neither the published rules nor those of a draft read as it stands."""
    if not isinstance(value, dict) or not value or not all(map(_is_text, value.values())):
        raise ValidationError("Enter each answer as a text, or as a list of texts.")
    rulebooks = [rules for rules in (published(), *compile.drafts()) if rules is not None]
    readings = [_stored(read(rulebook, value)) for rulebook in rulebooks]
    for key, given in value.items():
        if any(_agree(given, reading.get(key)) for reading in readings):
            continue
        if not any(key in rulebook.by_key for rulebook in rulebooks):
            raise ValidationError(f"“{key}” is not a question of the wizard.")
        texts = given if isinstance(given, str) else ", ".join(given)
        raise ValidationError(f"“{key}” does not take “{texts}” beside the other answers.")


def published() -> Rulebook | None:
    """Return the published rules; None where there are none."""
    now = compile.versions()
    return compile.current(now).rulebook if now.rules else None


def only_in_drafts(stored: Stored) -> Iterator[str]:
    """Yield each answer that the published rules do not read yet, with the draft that does."""
    rulebook = published()
    now = _stored(read(rulebook, stored)) if rulebook else {}
    for draft in compile.drafts():
        reading = _stored(read(draft, stored))
        yield from (
            f"{key} (draft {draft.version})"
            for key, given in stored.items()
            if _agree(given, reading.get(key)) and not _agree(given, now.get(key))
        )


def _is_text(value: object) -> bool:
    texts = value if isinstance(value, list) else [value]
    return all(isinstance(text, str) for text in texts)


def _stored(answers: Answers) -> Stored:
    """Return answers in the shape in which a scenario holds them."""
    several = {key: list(values) for key, values in answers.several.items()}
    tokens = dict(zip((TOKENS_IN, TOKENS_OUT), map(str, answers.tokens or ()), strict=False))
    return {**answers.choices, **several, **tokens}


def _agree(given: str | list[str], read_back: str | list[str] | None) -> bool:
    """Tell whether an answer is read as it stands; the order of several means nothing."""
    if isinstance(given, list) and isinstance(read_back, list):
        return sorted(given) == sorted(read_back)
    return given == read_back
