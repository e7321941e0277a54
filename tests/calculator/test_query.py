"""What the address of the cost page asks, as values."""

from dataclasses import replace
from math import exp

import pytest

from apps.calculator.query import CostQuery, cost_query, decide_url, left, needs
from apps.decision.assumed import assumed_state, starting_point
from apps.decision.rulebook import Choice, Parameter, Question, QuestionKind, Veto
from apps.money.options import OPTIONS, Option
from apps.money.suitability import may_be_picked
from tests.world import World


def read(world: World, **given: str) -> CostQuery:
    query, problems = cost_query(world.visit(given, any_size=True))
    assert problems == ()
    return query


@pytest.mark.parametrize(
    ("given", "pairs"),
    [
        ({}, {}),
        ({"volume": "1.5M", "utm_source": "x"}, {"volume": "1500000"}),
        ({"need": "140", "option": "hybrid"}, {"need": "140", "option": "hybrid"}),
        ({"need": "gpt-oss-120b"}, {"need": "gpt-oss-120b"}),
        ({"avoid": "us,cn", "people": "0"}, {"people": "0", "avoid": "CN,US"}),
        # Nobody picks a size before its two numbers here.
        (
            {"tokens_in": "1k", "tokens_out": "5"},
            {"size": "custom", "tokens_in": "1000", "tokens_out": "5"},
        ),
        (
            {"size": "short", "tokens_in": "7", "tokens_out": "5"},
            {"size": "custom", "tokens_in": "7", "tokens_out": "5"},
        ),
        ({"size": "short"}, {"size": "short"}),
    ],
)
def test_what_an_address_asks(world: World, given: dict[str, str], pairs: dict[str, str]) -> None:
    query = read(world, **given)
    assert dict(query.pairs(world.rulebook)) == pairs
    assert read(world, **pairs) == query


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("need", "5", "must be between 50 and 200"),
        ("need", "no-such-model", "is not one that can be priced"),
        ("option", "cheapest", "Option: “cheapest” is not one of the five"),
        ("open", "no-such-model", "is not one that can be priced"),
        ("tokens_in", "5", "Enter tokens out"),
    ],
)
def test_what_cannot_be_read_is_named_and_takes_its_default(
    world: World, key: str, value: str, says: str
) -> None:
    query, problems = cost_query(world.visit({key: value}, any_size=True))
    assert query == read(world)
    (problem,) = problems
    assert says in problem.message


def test_all_options_are_compared_at_the_capability_that_is_asked_for(world: World) -> None:
    assert needs(world.engine, read(world, need="141.5")).least_eci == 141.5
    (model,) = [c for c in world.pricer.market.candidates if c.slug == "gpt-oss-120b"]
    assert model.capability is not None
    found = needs(world.engine, read(world, need="gpt-oss-120b"))
    assert found.least_eci == model.capability.counted


def test_unless_it_is_stated_the_capability_is_the_least_that_the_task_leaves_in_the_running(
    world: World,
) -> None:
    for task, difficulty, slope in (("simple", 112, 0.09), ("expert", 151, 0.12)):
        found = needs(world.engine, read(world, task=task)).least_eci
        assert found is not None
        best = max(
            c.capability.counted
            for c in world.pricer.market.candidates
            if c.capability is not None and may_be_picked(c)
        )
        # Half of the chance of the best: the method's floor, to a tenth of a point.
        chances = [1 / (1 + exp(-slope * (eci - difficulty))) for eci in (found, best)]
        assert chances[0] == pytest.approx(chances[1] / 2, abs=0.05 * slope)


def test_options_that_an_answer_rules_out_are_left_out(world: World) -> None:
    assert left(world.engine, read(world)) == OPTIONS
    assert left(world.engine, read(world, connection="never")) == (Option.SELF_ONPREM,)


def test_the_recommendation_takes_what_the_form_shows_as_answered_but_no_task(
    world: World,
) -> None:
    url = decide_url(world.engine, read(world, volume="500", need="140"))
    assert "volume=500&" in url
    assert "modality=text" in url
    assert "task=" not in url
    assert "need=" not in url


# What stands for an open question


def question(
    kind: QuestionKind = QuestionKind.CHOICE, *choices: Choice, states: tuple[int, ...] = ()
) -> Question:
    return Question("q", kind, "", "", "", "", choices, states=states)


def priced(key: str) -> Choice:
    return Choice(key, "", parameters={Parameter.PEAK: 1.0})


def shared(key: str, share: float) -> Choice:
    return replace(priced(key), share=share)


OUT = (Veto(Option.CLOSED_API),)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (question(QuestionKind.NUMBER, states=(1, 10, 100)), "10"),
        (question(QuestionKind.CHOICE, priced("a"), priced("b"), priced("c")), "b"),
        (question(QuestionKind.CHOICE, priced("a"), priced("b")), "a"),
        (
            question(
                QuestionKind.SIZE, priced("a"), priced("b"), priced("c"), Choice("custom", "")
            ),
            "b",
        ),
        (question(QuestionKind.CHOICE, Choice("a", "", vetoes=OUT), Choice("b", "")), "b"),
        (question(QuestionKind.CHOICE, Choice("a", "", vetoes=OUT)), "a"),
        # What most teams answer goes before the middle; the most common of many does not.
        (
            question(QuestionKind.CHOICE, shared("a", 0.65), shared("b", 0.25), shared("c", 0.1)),
            "a",
        ),
        (
            question(QuestionKind.CHOICE, shared("a", 0.4), shared("b", 0.35), shared("c", 0.25)),
            "b",
        ),
    ],
)
def test_a_starting_point_lies_in_the_middle_and_rules_nothing_out(
    asked: Question, expected: str
) -> None:
    assert starting_point(asked) == expected


def test_a_state_takes_the_answers_and_starts_elsewhere_in_the_middle(world: World) -> None:
    known = world.answers(volume="500", task="unsure", size="custom", tokens_in="7", tokens_out="5")
    state = assumed_state(world.tables, known)
    assert state["volume"].number == 500
    assert state["size"].tokens == (7.0, 5.0)
    assert state["task"].key == starting_point(world.rulebook.by_key["task"])
    assert state.keys() == {
        q.key for q in world.rulebook.questions if q.kind is not QuestionKind.SEVERAL
    }
