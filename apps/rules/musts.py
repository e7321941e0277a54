"""What a draft takes from its visitors without being asked: must-haves, and answers of old links.

Each is confirmed by itself before the draft is published.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from apps.decision.rulebook import Choice, HostClause, Question, QuestionKind, Rulebook, Veto
from apps.rules import words


@dataclass(frozen=True, slots=True)
class Weakened:
    """Something that the version before did for its visitors; the key names it in a form."""

    key: str
    sentence: str


def weakened(before: Rulebook, after: Rulebook) -> tuple[Weakened, ...]:
    """Return what holds no longer, each as a sentence."""
    return tuple(
        found
        for question in before.questions
        for found in _question(before, question, after, after.by_key.get(question.key))
    )


def _question(
    before: Rulebook, was: Question, after: Rulebook, now: Question | None
) -> Iterator[Weakened]:
    name = was.short or was.key
    if now is None:
        yield Weakened(was.key, f"“{name}” is asked no more: old links lose that answer.")
    elif _is_asked_less(was, now):
        old, new = words.condition(before, was), words.condition(after, now)
        told = f"“{name}” is asked less often: {new}; it was {old}."
        yield Weakened(f"{was.key}:asked", told)
    if now is not None and now.kind != was.kind:
        yield Weakened(f"{was.key}:kind", f"“{name}” takes its answers in another way.")
    for choice in was.choices:
        found = now.by_key.get(choice.key) if now else None
        if now is not None and found is None and now.kind is not QuestionKind.NUMBER:
            told = f"“{choice.label}” ({name}) is no answer any more: old links lose it."
            yield Weakened(f"{was.key}:{choice.key}", told)
        yield from _choice(before, was, choice, found)


def _is_asked_less(was: Question, now: Question) -> bool:
    """Tell whether there is an answer beside which it was asked and is not any more."""
    if not now.asked_if:
        return False
    if not was.asked_if:
        return True
    still = {(parent, answer) for parent, answers in now.asked_if for answer in answers}
    asked = {(parent, answer) for parent, answers in was.asked_if for answer in answers}
    return not asked <= still


def _choice(
    before: Rulebook, question: Question, was: Choice, now: Choice | None
) -> Iterator[Weakened]:
    for veto in was.vetoes:
        held = [v for v in now.vetoes if v.option == veto.option] if now else []
        if any(_holds(veto, other) for other in held):
            continue
        option = words.option_name(before, veto.option)
        told = (
            f"“{was.label}” ({question.short}) no longer rules out {option}"
            f"{words.beside(before, veto)}"
        )
        if held:
            told += " in every case"
        yield Weakened(f"{question.key}:{was.key}:{veto.option.value}", f"{told}.")
    yield from _of_hosts(before, question, was, now)


def _of_hosts(
    before: Rulebook, question: Question, was: Choice, now: Choice | None
) -> Iterator[Weakened]:
    """Yield what an answer asked of hosts and asks no more."""
    kept = now.requires if now else ()
    for clause in was.requires:
        if not any(_asks_as_much(clause, other) for other in kept):
            told = f"“{was.label}” ({question.short}) no longer "
            told += words.asks_of_hosts(before, clause)
            key = f"{question.key}:{was.key}:{'-'.join(sorted(clause.any_of))}"
            yield Weakened(key, f"{told}.")


def _asks_as_much(was: HostClause, now: HostClause) -> bool:
    """Tell whether whoever meets the new clause meets the old one, and it holds as often."""
    return now.any_of <= was.any_of and now.unless in {"", was.unless}


def _holds(was: Veto, now: Veto) -> bool:
    """Tell whether a veto rules out all that another did."""
    return now.only_if is None or now.only_if == was.only_if
