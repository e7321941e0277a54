"""What a visitor asks for: the wizard to its end, then models and costs."""

import random
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlencode

from apps.decision.rulebook import Question, QuestionKind
from apps.decision.vocabulary import UNSURE


def walk(questions: Sequence[Question], slugs: Sequence[str], seed: int) -> Iterator[str]:
    """Yield addresses for as long as somebody asks, the same ones for a seed."""
    generator = random.Random(seed)
    while True:
        yield "/"
        yield "/decide/"
        given: list[tuple[str, str]] = []
        for question in questions:
            query = urlencode(given)
            yield f"/decide/{question.key}/?{query}"
            if given:
                yield f"/decide/standing/?{query}"
            given.append((question.key, _answer(question, generator)))
        yield f"/decide/result/?{urlencode(given)}"
        yield f"/costs/?{urlencode(given)}"
        yield f"/models/?input_max={generator.randint(1, 20)}"
        for slug in generator.sample(list(slugs), 3):
            yield f"/models/{slug}/"


def answered(questions: Iterable[Question], generator: random.Random) -> list[tuple[str, str]]:
    """Return an answer to each of some questions."""
    return [(question.key, _answer(question, generator)) for question in questions]


def _answer(question: Question, generator: random.Random) -> str:
    if question.kind is QuestionKind.NUMBER:
        return str(round(10 ** generator.uniform(1, 7)))
    choices = [choice.key for choice in question.choices if choice.key != "custom"]
    return UNSURE if generator.random() < 1 / 8 else generator.choice(choices)
