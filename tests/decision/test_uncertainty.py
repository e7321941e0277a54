"""Not sure is taken seriously: every state counts, and no unknown must-have is averaged over."""

from functools import partial
from itertools import product
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.decision.answers import Answers
from apps.decision.decide import Decision
from apps.decision.rulebook import QuestionKind
from apps.decision.scoring import Tables
from apps.decision.uncertainty import MOST_STATES, Lead, Strength, cells, mean, veto_groups, won
from apps.decision.uncertainty import strength as strength_of
from apps.money.options import OPTIONS, Group
from tests import method
from tests.decision.states import SINGLE
from tests.world import World

BASE = {
    "stage": "first-production",
    "boundary": "contract",
    "connection": "always",
    "task": "documents",
    "modality": "text",
    "volume": "20000",
    "size": "chat",
    "traffic": "office",
    "team": "devops",
    "training": "prompts",
    "audience": "public",
    "deadline": "quarter",
    "priority": "balanced",
}


def without(*keys: str, **changed: str) -> dict[str, str]:
    return {key: value for key, value in (BASE | changed).items() if key not in keys}


def shares_of(key: str) -> list[float]:
    """Return how common the answers to a question are, by the method; they sum to 1."""
    return list(method.SHARES.get(key, [1 / len(SINGLE[key])] * len(SINGLE[key])))


some_unsure = st.lists(st.sampled_from(sorted(BASE)), min_size=1, max_size=3, unique=True)


@settings(max_examples=40)
@given(unsure=some_unsure, seed=st.randoms(use_true_random=False))
def test_shares_are_those_of_counting_every_state(
    world: World, unsure: list[str], seed: object
) -> None:
    answers = {key: seed.choice(SINGLE[key]) for key in BASE}  # type: ignore[attr-defined]
    answers |= {"scope": seed.choice(SINGLE["scope"])}  # type: ignore[attr-defined]
    known = {key: value for key, value in answers.items() if key not in unsure}
    wins = dict.fromkeys((*(option.value for option in OPTIONS), "none"), 0.0)
    ways = list(product(*(SINGLE[key] for key in unsure)))
    for way in ways:
        state = known | dict(zip(unsure, way, strict=True))
        option = world.verdict(**state).option
        share = prod(
            shares_of(key)[SINGLE[key].index(word)] for key, word in zip(unsure, way, strict=True)
        )
        wins[option.value if option else "none"] += share
    found = won(world.cells(**known))
    shares = {option.value: float(found[place]) for place, option in enumerate(OPTIONS)}
    assert sum(shares.values()) + wins["none"] == pytest.approx(1)
    for name, share in shares.items():
        assert share == pytest.approx(wins[name])


@pytest.mark.parametrize("key", sorted(set(BASE) - {"boundary", "connection"}))
def test_total_probability_over_any_unsure_answer(world: World, key: str) -> None:
    open_too = {"traffic", "team", key}
    whole = world.cells(**without(*open_too))
    parts = [world.cells(**without(*(open_too - {key}), **{key: v})) for v in SINGLE[key]]
    for of_all in (won, partial(mean, of="totals")):
        expected = np.average([of_all(part) for part in parts], axis=0, weights=shares_of(key))
        assert of_all(whole) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("share", "strength"),
    [
        (0.95, "robust"),
        (0.90, "robust"),
        (0.89, "likely"),
        (0.70, "likely"),
        (0.69, "leaning"),
        (0.50, "leaning"),
        (0.49, "none"),
    ],
)
def test_the_strength_of_a_share(world: World, share: float, strength: str) -> None:
    assert strength_of(Lead(OPTIONS[0], share, share), world.rulebook.thresholds) == strength


def test_choices_that_rule_out_the_same_are_decided_together(world: World) -> None:
    assert veto_groups(world.rulebook.by_key["boundary"]) == (
        ("any-vendor", "contract", "strict-contract", "cloud-service"),
        ("own-cloud",),
        ("own-premises",),
    )
    assert veto_groups(world.rulebook.by_key["connection"]) == (
        ("always",),
        ("outages",),
        ("never",),
    )


def test_an_unknown_must_have_splits_the_verdict(world: World) -> None:
    decision = world.decide(**without("boundary"))
    assert decision.verdict.strength is Strength.SPLIT
    assert (decision.verdict.group, decision.verdict.option) == (None, None)
    told = {key: option for part in decision.parts for key, option in _conditions(part)}
    for choice in SINGLE["boundary"]:
        alone = world.verdict(**(BASE | {"boundary": choice}))
        assert told["boundary", choice] is alone.leading


def _conditions(part: object) -> list[tuple[tuple[str, str], object]]:
    return [
        ((key, choice), part.option)  # type: ignore[attr-defined]
        for key, choices in part.condition  # type: ignore[attr-defined]
        for choice in choices
    ]


def test_an_unknown_must_have_that_changes_nothing_splits_nothing(world: World) -> None:
    decision = world.decide(**without("boundary", connection="never"))
    assert decision.verdict.group is Group.OPEN
    assert decision.verdict.strength is Strength.ROBUST
    assert decision.parts == ()


def test_a_hybrid_is_never_recommended_while_the_limit_may_hold_for_every_request(
    world: World,
) -> None:
    for boundary, task, priority in product(
        ("own-cloud", "own-premises"), SINGLE["task"], SINGLE["priority"]
    ):
        open_scope = without(boundary=boundary, task=task, priority=priority)
        assert world.verdict(**open_scope).group is not Group.HYBRID


def _counted(world: World, tables: Tables, answers: Answers) -> int:
    return sum(cell.batch.size for cell in cells(tables, answers, world.pricer))


@pytest.mark.parametrize(
    ("unsure", "states"),
    [
        ((), 1),
        (("team",), 3),
        (("volume",), 5),
        (("size",), 3),
        (("rules",), 1),
        (("scope",), 1),
        (("boundary",), 4 * 2 + 2 + 2),
        (("connection",), 3),
        (("team", "priority"), 18),
    ],
)
def test_every_state_is_counted_once(world: World, unsure: tuple[str, ...], states: int) -> None:
    answers = world.answers(**without(*unsure))
    assert _counted(world, world.tables, answers) == states


def test_scope_adds_states_only_where_it_is_asked(world: World) -> None:
    assert _counted(world, world.tables, world.answers(**without(boundary="own-cloud"))) == 2
    assert _counted(world, world.tables, world.answers(**without(boundary="contract"))) == 1


def test_too_many_states_are_sampled_evenly_and_always_alike(world: World) -> None:
    open_answers = world.answers(boundary="contract", connection="always")
    sizes = [len(SINGLE[k]) for k in BASE if k not in {"boundary", "connection"}]
    assert prod(sizes) > MOST_STATES
    (first,), (again,) = (cells(world.tables, open_answers, world.pricer) for _ in range(2))
    assert first.batch.size == MOST_STATES
    assert not first.complete
    for key, places in first.batch.places.items():
        assert (places == again.batch.places[key]).all()
        counts = np.bincount(places)
        expected = (
            [share * MOST_STATES for share in shares_of(key)] if key in BASE else [MOST_STATES]
        )
        if len(counts) > 1:
            assert np.abs(counts - expected).max() <= 1


def test_nothing_answered_is_decided_apart_for_each_must_have(world: World) -> None:
    decision = world.decide()
    assert decision.verdict.strength is Strength.SPLIT
    assert sum(result.acceptability for result in decision.options) == pytest.approx(1)
    assert won(cells(world.tables, Answers(), world.pricer)).sum() == pytest.approx(1)


def test_the_same_answers_give_the_same_decision_in_any_order(world: World) -> None:
    first = world.decide(**without("team", "priority"))
    second = world.decide(**dict(reversed(without("team", "priority").items())))

    def shown(decision: Decision) -> object:
        return decision.verdict, decision.options, decision.comparisons, decision.ask_first

    assert shown(first) == shown(second)


def test_every_question_but_the_rules_can_be_unsure(world: World) -> None:
    kinds = {question.key: question.kind for question in world.rulebook.questions}
    for key in SINGLE:
        sure, unsure = without(key), without(key) | {key: "unsure"}
        assert world.verdict(**sure) == world.verdict(**unsure)
        assert kinds[key] is not QuestionKind.SEVERAL
