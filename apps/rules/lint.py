"""What is plainly wrong with rules that would still run: said while editing, refused to publish."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

from apps.decision.rulebook import Choice, Question, QuestionKind, Rulebook
from apps.decision.vocabulary import CUSTOM, Criterion
from apps.money.options import OPTIONS
from apps.rules import words
from apps.rules.forms import MOST_POINTS

# A lead of more points than this is never reached.
_MOST_MARGIN = 50.0


def shortcomings(rules: Rulebook, today: date) -> Iterator[str]:
    """Yield a sentence for everything that an editor cannot have meant, with what to do."""
    for question in rules.questions:
        yield from _question(rules, question)
    yield from _names(rules)
    yield from _limits(rules)
    yield from _flat(rules)
    yield from _sources(rules, today)


def _question(rules: Rulebook, question: Question) -> Iterator[str]:
    if any(not answers for _, answers in question.asked_if):
        yield f"“{question.short}” is never asked: name the answers that it is asked beside."
    if question.kind is QuestionKind.NUMBER:
        return
    labels = Counter(choice.label.strip() for choice in question.choices)
    for label, times in labels.items():
        if not label:
            yield f"“{question.short}” has an answer without a label: give it one."
        elif times > 1:
            yield f"“{question.short}” has “{label}” twice: name the answers apart."
    for choice in question.choices:
        yield from _choice(rules, question, choice)


def _choice(rules: Rulebook, question: Question, choice: Choice) -> Iterator[str]:
    name = f"“{choice.label or choice.key}” ({question.short})"
    out = {veto.option for veto in choice.vetoes if veto.only_if is None}
    if len(out) == len(OPTIONS):
        yield f"{name} rules out every option: leave one."
    speaks = choice.vetoes or choice.points or choice.deltas or choice.key == CUSTOM
    if speaks and not choice.phrase.strip():
        yield f"{name} has no words for “because …”: give it a phrase."
    for criterion, points in choice.points.items():
        if points > MOST_POINTS:
            told = words.criterion_name(rules, criterion)
            yield f"{name} adds {points:g} to {told}: at most {MOST_POINTS} is meant."


def _names(rules: Rulebook) -> Iterator[str]:
    for texts, kind in ((rules.options, "options"), (rules.criteria, "criteria")):
        names = Counter(text.name.strip() for text in texts.values())
        for name, times in names.items():
            if times > 1:
                yield f"{times} {kind} are called “{name}”: name them apart."
    for text in rules.options.values():
        for field in ("name", "headline", "sentence"):
            if not getattr(text, field).strip():
                yield f"The option {text.option} has no {field}: write one."


def _limits(rules: Rulebook) -> Iterator[str]:
    if rules.thresholds.clear > _MOST_MARGIN:
        yield f"No lead is ever clear: {rules.thresholds.clear:g} points are more than any lead."
    if rules.thresholds.close_call > _MOST_MARGIN:
        yield "Every result would be too close to call: lower the lead for a close call."


def _flat(rules: Rulebook) -> Iterator[str]:
    """Yield the criteria that tell no option from another."""
    moved = {c for q in rules.questions for choice in q.choices for c, _ in choice.deltas}
    for criterion in Criterion:
        values = {rules.base.get((criterion, option)) for option in OPTIONS}
        if len(values) == 1 and criterion is not Criterion.COST and criterion not in moved:
            name = words.criterion_name(rules, criterion)
            yield f"All options are worth the same on {name}: it tells none from another."


def _sources(rules: Rulebook, today: date) -> Iterator[str]:
    rows = [
        *((f"The basis of {t.name}", t.basis_url, t.as_of) for t in rules.criteria.values()),
        *((f"The assumption “{a.label}”", a.source_url, a.as_of) for a in rules.assumptions),
        *(
            (f"“{item.text}”", item.source_url, item.as_of)
            for question in rules.questions
            for choice in question.choices
            for item in choice.checklist
        ),
    ]
    for name, url, day in rows:
        if url and urlsplit(url).scheme not in {"http", "https"}:
            yield f"{name} has a link that is no web page."
        if day > today:
            yield f"{name} is dated after today: correct the date."
