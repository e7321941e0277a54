"""What the address of the cost page asks, as values."""

import pytest

from apps.calculator.query import CostQuery, cost_query, decide_url, left, needs
from apps.decision.assumed import assumed_state, starting_point
from apps.decision.rulebook import Choice, Parameter, Question, QuestionKind, Veto
from apps.money.options import OPTIONS, Option
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
        ({"tier": "4", "option": "hybrid"}, {"tier": "4", "option": "hybrid"}),
        # The tier of the task is no other tier.
        ({"task": "simple", "tier": "1"}, {"task": "simple"}),
        ({"task": "simple", "tier": "2"}, {"task": "simple", "tier": "2"}),
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
        ("tier", "5", "Capability tier must be between 1 and 4"),
        ("tier", "high", "Capability tier must be a whole number"),
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


def test_a_tier_is_that_of_all_of_the_work_and_never_raises_the_rest(world: World) -> None:
    expert = needs(world.engine, read(world, task="expert"))
    lower = needs(world.engine, read(world, task="expert", tier="1"))
    assert (lower.tier, lower.rest_tier) == (1, min(expert.rest_tier, 1))
    higher = needs(world.engine, read(world, task="simple", tier="4"))
    assert higher.rest_tier == needs(world.engine, read(world, task="simple")).rest_tier


def test_options_that_an_answer_rules_out_are_left_out(world: World) -> None:
    assert left(world.engine, read(world)) == OPTIONS
    assert left(world.engine, read(world, connection="never")) == (Option.SELF_ONPREM,)


def test_the_recommendation_takes_what_the_form_shows_as_answered_but_no_task(
    world: World,
) -> None:
    url = decide_url(world.engine, read(world, volume="500", tier="4"))
    assert "volume=500&" in url
    assert "modality=text" in url
    assert "task=" not in url
    assert "tier=" not in url


# What stands for an open question


def question(
    kind: QuestionKind = QuestionKind.CHOICE, *choices: Choice, states: tuple[int, ...] = ()
) -> Question:
    return Question("q", kind, "", "", "", "", choices, states=states)


def priced(key: str) -> Choice:
    return Choice(key, "", parameters={Parameter.PEAK: 1.0})


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
