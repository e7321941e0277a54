"""What the address of the cost page asks: the wizard's own answers, and an option."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse

from apps.decision import flow
from apps.decision.address import Problem, Reading, UnreadableError
from apps.decision.answers import Answers
from apps.decision.assumed import assumed_state
from apps.decision.rulebook import Parameter, QuestionKind, Rulebook
from apps.decision.scoring import Said, is_priced
from apps.engine import links
from apps.engine.engine import Engine
from apps.engine.request import Visit
from apps.money import overrides
from apps.money.needs import Needs
from apps.money.options import OPTIONS, Option
from apps.money.pricing import best_eci
from apps.money.suitability import index

OPTION = "option"


@dataclass(frozen=True)
class CostQuery:
    """The answers, and the option in detail: None where it is the cheapest."""

    answers: Answers
    option: Option | None = None

    def pairs(self, rulebook: Rulebook) -> tuple[tuple[str, str], ...]:
        """Return the canonical pairs: same question, same address."""
        own = [(OPTION, self.option.value)] if self.option is not None else []
        return (*self.answers.canonical(rulebook), *own)

    def url(self, rulebook: Rulebook, name: str = "calculator:costs") -> str:
        """Return the address of the page, or of its JSON or CSV."""
        query = urlencode(self.pairs(rulebook))
        return f"{reverse(name)}?{query}" if query else reverse(name)


def cost_query(visit: Visit) -> tuple[CostQuery, tuple[Problem, ...]]:
    """Return what a visit asks; whatever cannot be read is reported and left to its default."""
    reading = Reading(visit.given)
    query = CostQuery(visit.answers, reading.read(OPTION, _read_option))
    return query, (*visit.problems, *reading.problems)


def _read_option(values: Sequence[str]) -> Option:
    if len(values) != 1 or values[0].lower() not in set(OPTIONS):
        raise UnreadableError(f"Option: “{values[0][:60]}” is not one of the five")
    return Option(values[0].lower())


def needs(engine: Engine, query: CostQuery) -> Needs:
    """Return the workload: what is not answered takes a starting point to change.

    All options are compared at one capability: that which is asked for, else the least that the
    task leaves in the running.
    """
    answers = query.answers
    found = engine.tables.needs(assumed_state(engine.tables, answers), Said.of(answers))
    stated = _stated_eci(engine, answers)
    return replace(found, least_eci=_least_eci(engine, found) if stated is None else stated)


def _stated_eci(engine: Engine, answers: Answers) -> float | None:
    """Return the index that is asked for, as a number or as that of a model."""
    text = answers.overrides.get(overrides.NEED)
    if text is None:
        return None
    model = next((c for c in engine.market.candidates if c.slug == text), None)
    return index(model) if model is not None else float(text)


def _least_eci(engine: Engine, found: Needs) -> float:
    """Return the index from which on a model sets the scale of cost for this work."""
    floor = engine.tables.rulebook.capability_floor
    return round(found.hardest.least(floor * found.hardest.chance(best_eci(engine.market))), 1)


def decide_url(engine: Engine, query: CostQuery) -> str:
    """Return the recommendation for this workload: what the form shows counts as answered.

    The task does not: a capability to compare at is no answer to what the model must do.
    """
    shown = [
        question
        for question in engine.tables.questions
        if is_priced(question)
        and not any(Parameter.DIFFICULTY in c.parameters for c in question.choices)
    ]
    asked = query.answers.without_overrides([overrides.NEED])
    answers = links.with_state(asked, shown, assumed_state(engine.tables, query.answers))
    return links.result_url(engine.rulebook, _whole(engine.rulebook, answers))


def _whole(rulebook: Rulebook, answers: Answers) -> Answers:
    """Return the answers with whole numbers: the wizard asks for no fractions."""
    volume = rulebook.of_kind(QuestionKind.NUMBER)
    if answers.is_known(volume.key):
        rounded = max(volume.low, round(float(answers.get(volume.key))))
        answers = answers.replace(volume.key, str(rounded))
    if answers.tokens is not None:
        tokens_in, tokens_out = map(round, answers.tokens)
        answers = replace(answers, tokens=(max(tokens_in, int(tokens_out == 0)), tokens_out))
    return answers


def left(engine: Engine, query: CostQuery) -> tuple[Option, ...]:
    """Return the options that no answer rules out; all of them where none would be left."""
    return flow.possible(engine.rulebook, query.answers) or OPTIONS
