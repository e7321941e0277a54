"""Why the other options are not recommended, and what would have to be different."""

from collections.abc import Iterable
from dataclasses import dataclass

from apps.common.format import points
from apps.decision import flow
from apps.decision.answers import Answers
from apps.decision.decide import Decision
from apps.decision.rulebook import Question, Rulebook, Veto
from apps.engine import sentences
from apps.engine.engine import Engine
from apps.money.options import OPTIONS, Option

# A question, the answer given to it and what it rules out.
type Failing = tuple[Question, str, Veto]


@dataclass(frozen=True, slots=True)
class WhyNotRow:
    """Why an option is not the recommended one."""

    name: str
    group: str
    reason: str
    would_qualify: str  # empty where nothing rules it out


@dataclass(frozen=True, slots=True)
class WhyNotBlock:
    """The other options, and when no language model at all is the answer."""

    rows: tuple[WhyNotRow, ...]
    no_model: str


def why_not_block(engine: Engine, decision: Decision) -> WhyNotBlock:
    """Return every option but the recommended one."""
    rows = tuple(
        WhyNotRow(
            name=engine.rulebook.options[option].name,
            group=option.group.value,
            reason=_reason(engine, decision, option),
            would_qualify=_would_qualify(engine.rulebook, decision.answers, option),
        )
        for option in OPTIONS
        if option is not decision.verdict.option
    )
    return WhyNotBlock(rows, engine.rulebook.no_model)


def _reason(engine: Engine, decision: Decision, option: Option) -> str:
    result = decision.result(option)
    failing = _failing(engine.rulebook, decision.answers, option)
    if failing:
        return f"Ruled out by {sentences.ruled_out(engine.rulebook, _answers(failing[0]))}."
    against = next((c for c in decision.comparisons if c.other is option), None)
    combinations = "combinations that are still open"
    won = f"in {sentences.wins(result.acceptability)} {combinations}"
    if against is None:
        unless = ", and is ruled out in some" if result.feasible is None else ""
        return f"Wins {won}{unless}."
    if against.difference < 0:
        unless = ", as it is ruled out in others" if result.feasible is None else ""
        return (
            f"Scores {points(-against.difference)} points more on average, but wins only {won}"
            f"{unless}."
        )
    line = max(against.lines, key=lambda line: line.points)
    criterion = engine.rulebook.criteria[line.criterion].name.lower()
    return (
        f"Scores {points(against.difference)} points less; the largest part of it is {criterion}: "
        f"{points(line.other_value)} of 100 against {points(line.value)}."
    )


def _answers(failing: Failing) -> tuple[tuple[str, str], ...]:
    question, answer, veto = failing
    return ((question.key, answer), *((veto.only_if,) if veto.only_if else ()))


def _failing(rulebook: Rulebook, answers: Answers, option: Option) -> list[Failing]:
    return [found for found in flow.vetoes(rulebook, answers) if found[2].option is option]


def _would_qualify(rulebook: Rulebook, answers: Answers, option: Option) -> str:
    """Return what would have to be answered instead: for each requirement that fails a way out.

    A requirement that two answers make together falls with either of them.
    """
    clauses: dict[str, None] = {}
    for failing in _failing(rulebook, answers, option):
        ways = [
            f"{rulebook.by_key[key].short} were {sentences.listed(labels, 'or')}"
            for key, _ in _answers(failing)
            if (labels := list(_instead(rulebook, answers, option, key)))
        ]
        if ways:
            clauses[", or ".join(ways)] = None
    return f"Would qualify if {'; and '.join(clauses)}." if clauses else ""


def _instead(rulebook: Rulebook, answers: Answers, option: Option, key: str) -> Iterable[str]:
    """Yield the other answers to a question that rule the option out no more."""
    for choice in rulebook.by_key[key].choices:
        changed = answers.replace(key, choice.key)
        left = _failing(rulebook, changed, option)
        if all(key not in dict(_answers(failing)) for failing in left):
            yield f"“{choice.label}”"
