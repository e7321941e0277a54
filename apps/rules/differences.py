"""What differs between two versions of the rules, in words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from apps.common.format import UNKNOWN
from apps.decision.rulebook import Choice, Question, Rulebook, ShareBasis
from apps.rules import words

# Numbers and words of a version that stand beside its tables.
_OF_VERSION = (
    "no_model",
    "cost_floor_usd",
    "cost_points",
    "capability_floor",
    "rest_floor",
    "hybrid_capability",
    "hybrid_penalty",
    "hard_consequence_weight",
    "hard_consequence_value",
)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not as it was: where it stands, what it is, before and after."""

    where: str
    what: str
    old: str = ""
    new: str = ""


def differences(before: Rulebook, after: Rulebook) -> tuple[Change, ...]:
    """Return what changes from one version to another, in the order of the wizard."""
    return (
        *_questions(before, after),
        *_values(before, after),
        *_texts("Option", before.options, after.options, lambda o: words.option_name(after, o)),
        *_texts(
            "Criterion", before.criteria, after.criteria, lambda c: words.criterion_name(after, c)
        ),
        *_assumptions(before, after),
        *_limits(before, after),
    )


def _questions(before: Rulebook, after: Rulebook) -> Iterator[Change]:
    yield from _came_and_went("Question", before.questions, after.questions, lambda q: q.title)
    yield from _moved("Questions", before.questions, after.questions, lambda q: q.short)
    for question in after.questions:
        was = before.by_key.get(question.key)
        if was is not None:
            yield from _question(before, was, after, question)


def _question(
    before: Rulebook, was: Question, after: Rulebook, question: Question
) -> Iterator[Change]:
    where = f"Question “{question.short}”"
    yield from _fields(where, was, question, ("key", "choices", "asked_if", "shares_basis"))
    yield from _basis(where, was.shares_basis, question.shares_basis)
    old, new = words.condition(before, was), words.condition(after, question)
    if old != new:
        yield Change(where, "when it is asked", old, new)
    yield from _came_and_went(f"{where}, answer", was.choices, question.choices, lambda c: c.label)
    yield from _moved(f"{where}, answers", was.choices, question.choices, lambda c: c.label)
    for choice in question.choices:
        earlier = was.by_key.get(choice.key)
        if earlier is not None:
            yield from _choice(before, earlier, after, choice, f"{where}, “{choice.label}”")


def _basis(where: str, was: ShareBasis | None, now: ShareBasis | None) -> Iterator[Change]:
    """Tell what the shares of a question's answers rest on now."""
    if was is not None and now is not None:
        yield from _fields(f"{where}, shares", was, now, ())
    elif was != now:
        yield Change(f"{where}, shares", "was removed" if now is None else "was added")


def _choice(
    before: Rulebook, was: Choice, after: Rulebook, choice: Choice, where: str
) -> Iterator[Change]:
    effects = ("deltas", "points", "vetoes", "requires", "parameters", "checklist")
    yield from _fields(where, was, choice, ("key", *effects))
    if all(getattr(was, name) == getattr(choice, name) for name in effects):
        return
    old, new = list(words.does(before, was)), list(words.does(after, choice))
    for clause in old:
        if clause not in new:
            yield Change(where, "what it does", f"{clause}", UNKNOWN)
    for clause in new:
        if clause not in old:
            yield Change(where, "what it does", UNKNOWN, f"{clause}")


def _values(before: Rulebook, after: Rulebook) -> Iterator[Change]:
    for key in sorted(before.base.keys() | after.base.keys()):
        old, new = before.base.get(key), after.base.get(key)
        if old != new:
            where = f"Value of {words.option_name(after, key[1])}"
            name = words.criterion_name(after, key[0])
            yield Change(where, name, _shown(old), _shown(new))


def _texts(kind: str, before: Mapping[Any, Any], after: Mapping[Any, Any], name: Any) -> Any:
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key), after.get(key)
        where = f"{kind} “{name(key)}”"
        if old is None or new is None:
            yield Change(where, "was added" if old is None else "was removed")
        else:
            yield from _fields(where, old, new, ("option", "criterion"))


def _assumptions(before: Rulebook, after: Rulebook) -> Iterator[Change]:
    yield from _came_and_went(
        "Assumption", before.assumptions, after.assumptions, lambda a: a.label
    )
    old = {row.key: row for row in before.assumptions}
    for row in after.assumptions:
        if row.key in old:
            yield from _fields(f"Assumption “{row.label}”", old[row.key], row, ("key",))


def _limits(before: Rulebook, after: Rulebook) -> Iterator[Change]:
    yield from _fields("Limits", before.thresholds, after.thresholds, ())
    for name in _OF_VERSION:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield Change("Limits", name.replace("_", " "), _shown(old), _shown(new))


def _came_and_went(where: str, old: Sequence[Any], new: Sequence[Any], name: Any) -> Any:
    before, after = {row.key for row in old}, {row.key for row in new}
    for row in new:
        if row.key not in before:
            yield Change(f"{where} “{name(row)}”", "was added")
    for row in old:
        if row.key not in after:
            yield Change(f"{where} “{name(row)}”", "was removed")


def _moved(where: str, old: Sequence[Any], new: Sequence[Any], name: Any) -> Iterator[Change]:
    """Tell another order of what stands in both."""
    before, after = [row.key for row in old], [row.key for row in new]
    stayed = [row for row in new if row.key in before]
    if [row.key for row in stayed] != [key for key in before if key in after]:
        earlier = {row.key: row for row in old}
        shown = (earlier[key] for key in before if key in after)
        yield Change(where, "order", *(", ".join(map(name, rows)) for rows in (shown, stayed)))


def _fields(where: str, old: Any, new: Any, leave_out: Iterable[str]) -> Iterator[Change]:
    for field in fields(new):
        was, now = getattr(old, field.name), getattr(new, field.name)
        if field.name not in leave_out and was != now:
            yield Change(where, field.name.replace("_", " "), _shown(was), _shown(now))


def _shown(value: object) -> str:
    if value is None or (value in ("", (), 0.0) and not isinstance(value, int | float)):
        return UNKNOWN
    if isinstance(value, tuple | frozenset):
        return "; ".join(map(_shown, value))
    if isinstance(value, float | int):
        return f"{value:,.10g}"
    text = getattr(value, "text", value)
    return str(text)
