"""What the page of a question does, as a value: ask, ask another, or all is answered."""

from itertools import product

import pytest

from apps.decision.address import group
from apps.decision.answers import Parsed, parse
from apps.decision.flow import Asking, Finished, Way, onward, resolve
from tests import method
from tests.visiting import WHOLE, without
from tests.world import World

type Given = dict[str, str | list[str]]
type Told = tuple[str, tuple[str, ...] | None, tuple[str, ...]] | None

FREE: Given = {**without(WHOLE, "scope"), "boundary": "any-vendor"}
SENT = Way(submitted=True)
CHANGE = Way(then=())
CHANGED = Way(submitted=True, then=())


def read(world: World, given: Given) -> Parsed:
    pairs = [
        (key, value)
        for key, values in given.items()
        for value in ([values] if isinstance(values, str) else values)
    ]
    return parse(world.rulebook, group(pairs))


def told(world: World, key: str, given: Given, way: Way) -> Told:
    """Return the question that is asked, what is due after it, and where something is wrong."""
    outcome = resolve(world.rulebook, world.rulebook.by_key[key], read(world, given), way)
    if isinstance(outcome, Finished):
        return None
    wrong = tuple(problem.key for problem in outcome.problems)
    return outcome.question.key, outcome.then, wrong


@pytest.mark.parametrize(
    ("key", "given", "way", "expected"),
    [
        # A fresh page: the next question, one that is answered, and one that is not due.
        ("stage", {}, Way(), ("stage", None, ())),
        ("stage", WHOLE, Way(), ("stage", None, ())),
        ("priority", {"stage": "scaling"}, Way(), ("boundary", None, ())),
        # An answer that is sent leads to the next question; the last one to the result.
        ("stage", {"stage": "scaling"}, SENT, ("boundary", None, ())),
        ("stage", {"stage": "unsure"}, SENT, ("boundary", None, ())),
        ("priority", WHOLE, SENT, None),
        # Nothing chosen, or nothing that can be read: the same question, and what is wrong.
        ("stage", {}, SENT, ("stage", None, ("stage",))),
        ("stage", {"stage": "zzz"}, SENT, ("stage", None, ("stage",))),
        ("stage", {"stage": "zzz"}, Way(), ("stage", None, ("stage",))),
        ("size", {**WHOLE, "size": "custom"}, SENT, ("size", None, ("tokens_in", "tokens_out"))),
        # What is wrong elsewhere is not wrong here.
        ("stage", {**WHOLE, "team": "zzz"}, Way(), ("stage", None, ())),
        # A question whose condition is not met leads on, whatever it holds.
        ("scope", {"stage": "scaling", "boundary": "contract"}, Way(), ("connection", None, ())),
        ("scope", {**FREE, "scope": "zzz"}, Way(), None),
        ("scope", {**FREE, "scope": ["all", "part"]}, SENT, None),
        ("scope", {**FREE, "scope": "zzz"}, CHANGED, None),
        # A change from the result returns to it, over what is due and what is newly asked.
        ("team", without(WHOLE, "team"), CHANGE, ("team", (), ())),
        ("team", WHOLE, CHANGED, None),
        ("team", without(WHOLE, "task"), CHANGED, None),
        (
            "team",
            without(WHOLE, "task", "size"),
            Way(submitted=True, then=("task", "size"), was="nobody"),
            ("task", ("size",), ()),
        ),
        (
            "boundary",
            {**FREE, "boundary": "own-cloud"},
            Way(submitted=True, then=(), was="any-vendor"),
            ("scope", (), ()),
        ),
        (
            "boundary",
            {**FREE, "boundary": "own-cloud"},
            Way(submitted=True, then=(), was="own-premises"),
            None,
        ),
    ],
)
def test_what_the_page_of_a_question_does(
    world: World, key: str, given: Given, way: Way, expected: Told
) -> None:
    assert told(world, key, given, way) == expected


@pytest.mark.parametrize("key", method.CHOICES)
@pytest.mark.parametrize("rest", [{}, WHOLE, FREE, {**WHOLE, "connection": "never"}])
def test_only_what_the_answers_ask_is_ever_asked(world: World, rest: Given, key: str) -> None:
    values: list[str | list[str]] = ["zzz", "unsure", ["a", "b"], ""]
    ways = [Way(), SENT, CHANGE, CHANGED, Way(submitted=True, was="zzz")]
    for value, way in product(values, ways):
        parsed = read(world, {**rest, key: value})
        outcome = resolve(world.rulebook, world.rulebook.by_key[key], parsed, way)
        assert outcome.answers == parsed.answers
        if isinstance(outcome, Asking):
            assert outcome.question.is_asked(outcome.answers.get)
            assert {problem.key for problem in outcome.problems} <= {outcome.question.key}


def test_the_answer_before_a_change_is_kept_through_a_problem(world: World) -> None:
    stage = world.rulebook.by_key["stage"]
    fresh = resolve(world.rulebook, stage, read(world, WHOLE), CHANGE)
    assert isinstance(fresh, Asking)
    assert fresh.was == "scaling"
    wrong = Way(submitted=True, then=(), was="scaling")
    again = resolve(world.rulebook, stage, read(world, without(WHOLE, "stage")), wrong)
    assert isinstance(again, Asking)
    assert (again.was, again.problems[0].message) == ("scaling", stage.missing)


def test_the_ordinary_way_asks_each_question_once_and_ends(world: World) -> None:
    answers, seen = read(world, {}).answers, []
    while isinstance(outcome := onward(world.rulebook, answers), Asking):
        key = outcome.question.key
        seen.append(key)
        answers = read(world, {key: WHOLE[key] for key in seen}).answers
    assert seen == list(WHOLE)
