"""What a draft would change for visitors: two versions asked the same, on a sample of answers.

The sample is drawn evenly over the answers of each question, from a fixed seed: nobody records
what visitors really answer. It is computed in steps, each of which can be stored.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from random import Random
from typing import Any
from urllib.parse import urlencode

from apps.catalog.compile import current_market
from apps.decision.answers import Answers, parse
from apps.decision.assumed import assumptions
from apps.decision.rulebook import Question, QuestionKind, Rulebook
from apps.decision.scoring import Tables
from apps.decision.uncertainty import cells
from apps.decision.verdict import verdict
from apps.decision.vocabulary import CUSTOM
from apps.money.market import Market
from apps.money.options import OPTIONS
from apps.money.pricing import Pricer

# How many sets of answers are asked; at a share of 1 % its error is about 0.4 points.
SAMPLE = 2_000
# How many examples of a change are kept to be opened.
EXAMPLES = 10
NOTHING = "nothing"

type Given = Mapping[str, tuple[str, ...]]
# Names what is asked beside the sample, with its answers.
type Cases = Callable[[], Iterable[tuple[str, Given]]]

_cases: list[Cases] = []


def register(cases: Cases) -> None:
    """Have answers of another app asked beside the sample, such as those of the scenarios."""
    _cases.append(cases)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a version recommends for some answers; 'nothing' where it names nothing."""

    group: str
    option: str


@dataclass(slots=True)
class Impact:
    """What differs between two versions, as far as it was computed; plain values, for JSON."""

    of: str = ""
    done: int = 0
    size: int = field(default_factory=lambda: SAMPLE)
    groups_changed: int = 0
    options_changed: int = 0
    # How often each option wins before and after; how often one becomes another, as 'a → b'.
    wins_before: dict[str, int] = field(default_factory=dict)
    wins_after: dict[str, int] = field(default_factory=dict)
    moves: dict[str, int] = field(default_factory=dict)
    # Each with its query, and what it comes out as before and after.
    examples: list[tuple[str, str, str]] = field(default_factory=list)
    cases: list[tuple[str, str, str]] = field(default_factory=list)
    cases_asked: int = 0

    @property
    def is_whole(self) -> bool:
        """Tell whether the whole sample was asked."""
        return self.done >= self.size

    def as_json(self) -> dict[str, Any]:
        """Return it as it is stored."""
        return asdict(self)


class Versions:
    """Two versions of the rules with the prices of a day."""

    def __init__(self, before: Rulebook, after: Rulebook, today: date, catalog: str) -> None:
        """Compile both."""
        market = current_market(today, catalog)
        self.before, self.after = _Side(before, market), _Side(after, market)
        told = repr((before, after, today, catalog))
        self.fingerprint = hashlib.sha256(told.encode()).hexdigest()

    def read(self, stored: Mapping[str, Any]) -> Impact:
        """Return what was stored of these versions; of others nothing is left."""
        if stored.get("of") != self.fingerprint:
            return Impact(of=self.fingerprint)
        return Impact(**stored)

    def go_on(self, impact: Impact, steps: int) -> None:
        """Ask some more of the sample, and at the end the cases."""
        last = min(impact.size, impact.done + steps)
        for number in range(impact.done, last):
            self._ask(impact, drawn(self.before.rules, self.after.rules, number))
        impact.done = last
        if impact.is_whole:
            self._ask_cases(impact)

    def _ask(self, impact: Impact, given: Given) -> None:
        before, after = self.before.outcome(given), self.after.outcome(given)
        _count(impact.wins_before, before.option)
        _count(impact.wins_after, after.option)
        impact.groups_changed += before.group != after.group
        if before.option == after.option:
            return
        impact.options_changed += 1
        _count(impact.moves, f"{before.option} → {after.option}")
        if len(impact.examples) < EXAMPLES:
            impact.examples.append((query_of(given), before.option, after.option))

    def _ask_cases(self, impact: Impact) -> None:
        impact.cases, impact.cases_asked = [], 0
        for name, given in (case for cases in _cases for case in cases()):
            before, after = self.before.outcome(given), self.after.outcome(given)
            impact.cases_asked += 1
            if before != after:
                impact.cases.append((name, before.option, after.option))


class _Side:
    """One version, asked again and again."""

    def __init__(self, rules: Rulebook, market: Market) -> None:
        self.rules, self.tables = rules, Tables(rules)
        self.pricer = Pricer(market, assumptions(rules, Answers()))

    def outcome(self, given: Given) -> Outcome:
        answers = parse(self.rules, given).answers
        found = verdict(cells(self.tables, answers, self.pricer), self.rules.thresholds)
        leading = found.option or found.leading
        return Outcome(
            str(found.group or (leading.group if leading else NOTHING)), str(leading or NOTHING)
        )


def drawn(before: Rulebook, after: Rulebook, number: int) -> Given:
    """Return one set of answers to the questions of both versions: the same for each number."""
    random = Random(f"impact:{number}")  # noqa: S311
    questions = {question.key: question for question in (*before.questions, *after.questions)}
    given = {key: _draw(question, random) for key, question in sorted(questions.items())}
    return {key: values for key, values in given.items() if values}


def _draw(question: Question, random: Random) -> tuple[str, ...]:
    if question.kind is QuestionKind.NUMBER:
        return (str(random.choice(question.states)),) if question.states else ()
    keys = [choice.key for choice in question.choices if choice.key != CUSTOM]
    return (random.choice(keys),) if keys else ()


def query_of(given: Given) -> str:
    """Return answers as an address holds them."""
    return urlencode([(key, value) for key, values in given.items() for value in values])


def _count(counts: dict[str, int], key: str) -> None:
    counts[key] = counts.get(key, 0) + 1


def shares(impact: Impact) -> Iterator[tuple[str, float, float]]:
    """Yield each option, and 'nothing', with its share of wins before and after."""
    for option in (*map(str, OPTIONS), NOTHING):
        before, after = impact.wins_before.get(option, 0), impact.wins_after.get(option, 0)
        if before or after:
            yield option, before / max(impact.done, 1), after / max(impact.done, 1)
