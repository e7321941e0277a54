"""The questions of a version as a picture: what asks what, and what rules out what."""

from collections.abc import Iterator
from dataclasses import dataclass

from apps.decision.rulebook import Choice, Question, Rulebook
from apps.rules import words

WIDTH, MARGIN, LINE, GAP = 1120, 16, 22, 18
ANSWERS_AT, BOX_WIDTH = 300, 230
_LONGEST = 68


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with its place, and what it rules out."""

    key: str
    y: int
    label: str
    rules_out: str
    text: str


@dataclass(frozen=True, slots=True)
class Box:
    """A question with its place and its answers."""

    key: str
    y: int
    height: int
    name: str
    when: str
    answers: tuple[Answer, ...]

    @property
    def middle(self) -> int:
        """The height of its middle."""
        return self.y + self.height // 2


@dataclass(frozen=True, slots=True)
class Line:
    """A line from an answer to the question that it asks, or to the answer that it completes."""

    path: str
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class FlowMap:
    """The picture with its size."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


def flow_map(rules: Rulebook) -> FlowMap:
    """Place every question under the one before it, with its answers to the right."""
    boxes, y = [], MARGIN
    for question in rules.questions:
        box = _box(rules, question, y)
        boxes.append(box)
        y += box.height + GAP
    return FlowMap(WIDTH, y, tuple(boxes), tuple(_lines(rules, {b.key: b for b in boxes})))


def _box(rules: Rulebook, question: Question, y: int) -> Box:
    answers = tuple(
        _answer(rules, choice, y + LINE * place + LINE // 2)
        for place, choice in enumerate(question.choices)
    )
    height = max(LINE * max(len(answers), 1), 2 * LINE)
    when = words.condition(rules, question)
    return Box(question.key, y, height, question.short, when, answers)


def _answer(rules: Rulebook, choice: Choice, y: int) -> Answer:
    out = [
        f"{words.option_name(rules, veto.option)}{words.beside(rules, veto)}"
        for veto in choice.vetoes
    ]
    rules_out = f"rules out {'; '.join(out)}" if out else ""
    text = f"{choice.label}: {'; '.join(words.does(rules, choice)) or 'changes nothing'}"
    return Answer(choice.key, y, _cut(choice.label), rules_out, text)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _lines(rules: Rulebook, boxes: dict[str, Box]) -> Iterator[Line]:
    for question in rules.questions:
        for parent, keys in question.asked_if:
            for answer in boxes[parent].answers if parent in boxes else ():
                if answer.key in keys:
                    title = f"“{answer.label}” asks “{question.short}”"
                    yield Line(_to_box(answer.y, boxes[question.key]), "asks", title)
        for choice in question.choices:
            for veto in choice.vetoes:
                if veto.only_if is not None and veto.only_if[0] in boxes:
                    yield from _completes(rules, boxes, question, choice, veto.only_if)


def _completes(
    rules: Rulebook,
    boxes: dict[str, Box],
    question: Question,
    choice: Choice,
    only_if: tuple[str, str],
) -> Iterator[Line]:
    there = {answer.key: answer for answer in boxes[only_if[0]].answers}
    here = {answer.key: answer for answer in boxes[question.key].answers}
    if only_if[1] in there:
        start, end = there[only_if[1]].y, here[choice.key].y
        other = words.choice_name(rules, *only_if)
        x, bend = ANSWERS_AT - 6, ANSWERS_AT - 40
        path = f"M{x},{start} C{bend},{start} {bend},{end} {x},{end}"
        yield Line(path, "completes", f"“{choice.label}” waits for “{other}”")


def _to_box(y: int, box: Box) -> str:
    x, end = ANSWERS_AT - 6, MARGIN + BOX_WIDTH
    return f"M{x},{y} C{end + 30},{y} {end + 50},{box.middle} {end},{box.middle}"
