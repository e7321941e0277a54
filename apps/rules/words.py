"""Rules in words: what an answer does, and what else a version says, without keys and numbers."""

from collections.abc import Iterator

from apps.decision.rulebook import Choice, HostClause, Parameter, Question, Rulebook, Veto
from apps.decision.vocabulary import UNSURE, Criterion
from apps.money.options import Option

PARAMETERS = {
    Parameter.DIFFICULTY: "difficulty of the work on the scale of the capability index",
    Parameter.SLOPE: "how steeply the chance rises with the index there",
    Parameter.REST_DIFFICULTY: "difficulty of the easier work that a hybrid keeps open",
    Parameter.REST_SLOPE: "how steeply the chance rises there",
    Parameter.REASONING: "output tokens for each of the answer, where a model reasons",
    Parameter.STAFFING: "people, times what the fleet alone asks",
    Parameter.STARTS_IN: "months until the first day of use",
    Parameter.TUNED: "1 where the model is tuned, 0 where it is not",
    Parameter.SENSITIVE: "1 where a part of the requests has to stay inside",
    Parameter.HARD_SHARE: "share of requests that a hybrid sends to a closed API",
    Parameter.PEAK: "busiest hour, times the mean hour",
    Parameter.TOKENS_IN: "tokens in",
    Parameter.TOKENS_OUT: "tokens out",
}
# What may be asked of a host.
HOST_FACTS = {
    "contract": "signs a data-processing contract",
    "no-training": "does not train on paid requests",
    "zero-retention": "keeps nothing of a request",
    "audited": "has a SOC 2 Type II report or ISO 27001",
    "hipaa": "signs a business associate agreement (HIPAA)",
    "eu-region": "can hold requests to the European Union",
    "us-region": "can hold requests to the United States",
    "aws": "runs in your own account at Amazon Web Services",
    "azure": "runs in your own account at Microsoft Azure",
    "google": "runs in your own account at Google Cloud",
    "other-cloud": "runs in your own account at another cloud",
}
PLACES = {"low": "the lowest number that it takes", "high": "the highest number that it takes"}


def option_name(rules: Rulebook, option: Option) -> str:
    """Return what the pages call an option."""
    text = rules.options.get(option)
    return text.name if text and text.name else option.value


def criterion_name(rules: Rulebook, criterion: Criterion) -> str:
    """Return what the pages call a criterion."""
    text = rules.criteria.get(criterion)
    return text.name if text and text.name else criterion.value


def question_name(rules: Rulebook, key: str) -> str:
    """Return the short name of a question; of one that is gone, its key."""
    question = rules.by_key.get(key)
    return question.short or key if question else key


def choice_name(rules: Rulebook, question: str, key: str) -> str:
    """Return an answer as the page shows it."""
    if key == UNSURE:
        return "I’m not sure"
    found = rules.by_key.get(question)
    choice = found.by_key.get(key) if found else None
    return choice.label or key if choice else key


def beside(rules: Rulebook, veto: Veto) -> str:
    """Return the condition of a veto as the end of a clause; empty where it has none."""
    if veto.only_if is None:
        return ""
    question, key = veto.only_if
    name = question_name(rules, question)
    return f", only beside “{choice_name(rules, question, key)}” ({name})"


def condition(rules: Rulebook, question: Question) -> str:
    """Say when a question is asked."""
    if not question.asked_if:
        return "always asked"
    return f"asked only where {', or '.join(_parents(rules, question))}"


def _parents(rules: Rulebook, question: Question) -> Iterator[str]:
    for parent, answers in question.asked_if:
        names = sorted(f"“{choice_name(rules, parent, key)}”" for key in answers)
        yield f"{question_name(rules, parent)} is {' or '.join(names)}"


def asks_of_hosts(rules: Rulebook, clause: HostClause) -> str:
    """Return what an answer asks of hosts, as a clause."""
    facts = " or ".join(HOST_FACTS.get(fact, fact) for fact in sorted(clause.any_of))
    unless = ""
    if clause.unless:
        unless = f", while “{question_name(rules, clause.unless)}” names nothing"
    return f"asks of a host: {facts}{unless}"


def does(rules: Rulebook, choice: Choice) -> Iterator[str]:
    """Yield each thing that an answer does, as a clause that begins with its verb."""
    for veto in choice.vetoes:
        yield f"rules out {option_name(rules, veto.option)}{beside(rules, veto)}"
    heaviest = most_points(rules)
    for criterion, points in choice.points.items():
        share = f"of {heaviest:g}, the most that one answer adds" if heaviest else ""
        name = criterion_name(rules, criterion)
        yield f"makes {name} more important: +{points:g} {share}".rstrip()
    for (criterion, option), delta in choice.deltas.items():
        word = "raises" if delta > 0 else "lowers"
        name = criterion_name(rules, criterion)
        yield f"{word} {name} of {option_name(rules, option)} by {abs(delta):g} of 100"
    for clause in choice.requires:
        yield asks_of_hosts(rules, clause)
    for parameter, value in choice.parameters.items():
        yield f"sets the {PARAMETERS.get(parameter, parameter.value)} to {value:,.10g}"
    for item in choice.checklist:
        yield f"asks to check: {item.text}"


def most_points(rules: Rulebook) -> float:
    """Return the most importance that one answer adds to one criterion."""
    every = (p for q in rules.questions for c in q.choices for p in c.points.values())
    return max(every, default=0.0)
