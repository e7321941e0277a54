"""The sentences that pages and JSON share, from values made by hand."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from apps.decision.decide import Comparison, Decision, Line, Part
from apps.decision.deciding_answers import Deciding
from apps.decision.uncertainty import Strength
from apps.decision.verdict import Verdict
from apps.decision.vocabulary import Criterion
from apps.engine import sentences
from apps.money.options import Option
from tests.visiting import WHOLE
from tests.world import World

CLOSED, HOSTED, HYBRID = Option.CLOSED_API, Option.HOSTED_OPEN, Option.HYBRID


def decision(world: World, strength: Strength, **changes: Any) -> Decision:
    """Return a decision for a hosted open model over a closed one, changed by hand."""
    made = world.decide(**{key: str(value) for key, value in WHOLE.items() if key != "rules"})
    lead = Verdict(HOSTED.group, HOSTED, strength, 0.8, HOSTED)
    against = Comparison(HOSTED, CLOSED, 10.0, ())
    by_hand: dict[str, Any] = {"verdict": lead, "comparisons": (against,), "states": 1, **changes}
    return replace(made, **by_hand)


@pytest.mark.parametrize(
    ("parts", "word", "text"),
    [
        ([], "and", ""),
        (["a"], "and", "a"),
        (["a", "b"], "or", "a or b"),
        (["a", "b", "c"], "and", "a, b and c"),
    ],
)
def test_words_are_joined_as_a_sentence_does(parts: list[str], word: str, text: str) -> None:
    assert sentences.listed(parts, word) == text


@pytest.mark.parametrize(
    ("phrases", "text"),
    [
        (["your data may stay", "your data may go"], "your data may stay or go"),
        # One word in common is an accident, and a clause keeps some of its own.
        (["you host it", "you rent it"], "you host it or you rent it"),
        (["it is here", "it is"], "it is here or it is"),
        (["alone at home"], "alone at home"),
    ],
)
def test_clauses_share_the_words_that_all_begin_with(phrases: list[str], text: str) -> None:
    assert sentences.joined(phrases, "or") == text


@pytest.mark.parametrize(
    ("share", "text"), [(1.0, "all"), (0.59, "59% of the"), (0.0, "none of the")]
)
def test_how_often_something_wins(share: float, text: str) -> None:
    assert sentences.wins(share) == text


@pytest.mark.parametrize(
    ("option", "headline", "short"),
    [
        (CLOSED, "Closed API", "Closed API"),
        (HOSTED, "Open: hosted for you", "Hosted for you"),
        (HYBRID, "Hybrid", "Hybrid"),
    ],
)
def test_an_open_option_is_never_named_without_its_group(
    world: World, option: Option, headline: str, short: str
) -> None:
    assert sentences.headline(world.rulebook, option) == headline
    assert sentences.short(world.rulebook, option) == short


def test_with_all_answers_the_lead_in_points_is_worded(world: World) -> None:
    limits = world.rulebook.thresholds
    lead = "Open: hosted for you"
    for difference, ending in (
        # Limits are compared with the points that are shown, to a tenth.
        (limits.close_call - 0.06, "but too close to call"),
        (limits.close_call - 0.04, "narrowly"),
        (limits.clear - 0.06, "narrowly"),
        (limits.clear - 0.04, "clearly"),
    ):
        against = Comparison(HOSTED, CLOSED, difference, ())
        made = decision(world, Strength.ROBUST, comparisons=(against,))
        assert sentences.verdict_sentence(world.rulebook, made) == f"{lead}, {ending}"


NOTHING = Verdict(None, None, Strength.CONFLICT, 0.0, None)
WORDS: dict[str, tuple[Callable[[World], Decision], str, str]] = {
    "open answers": (
        lambda world: decision(world, Strength.LIKELY, states=4, complete=False),
        "Open: hosted for you, likely",
        "Open wins in 80% of 4 sampled combinations of the answers that are still open.",
    ),
    "nothing else left": (
        lambda world: decision(world, Strength.ROBUST, comparisons=()),
        "Open: hosted for you, the only option left",
        "Every other option is ruled out by a must-have.",
    ),
    "nothing left": (
        lambda world: decision(world, Strength.CONFLICT, verdict=NOTHING),
        "No option meets all of these answers",
        "Each option is ruled out by at least one answer. One of them has to give.",
    ),
    "too open": (
        lambda world: decision(
            world,
            Strength.LEANING,
            verdict=Verdict(None, None, Strength.LEANING, 0.4, HYBRID),
            states=10,
            complete=True,
        ),
        "No recommendation yet",
        "Hybrid wins in 40% of 10 combinations of the answers that are still open.",
    ),
    "a must-have is not known": (
        lambda world: decision(
            world,
            Strength.SPLIT,
            verdict=Verdict(None, None, Strength.SPLIT, 0.0, None),
            parts=(Part((("boundary", ("inside",)),), HOSTED, Strength.ROBUST, 1.0),),
        ),
        "It depends on the data boundary",
        "A must-have is not known, and it is never averaged over",
    ),
}


@pytest.mark.parametrize(("made", "sentence", "detail"), WORDS.values(), ids=WORDS)
def test_each_strength_has_its_words(
    world: World, made: Callable[[World], Decision], sentence: str, detail: str
) -> None:
    found = made(world)
    assert sentences.verdict_sentence(world.rulebook, found) == sentence
    assert sentences.verdict_detail(world.rulebook, found).startswith(detail)


@pytest.mark.parametrize(
    ("option", "share", "text"),
    [
        (None, 0.0, "Every option is ruled out by a must-have."),
        (HOSTED, 1.0, "Open wins whatever the other answers are."),
        (HYBRID, 0.75, "Hybrid wins in 75% of the combinations that are then left."),
    ],
)
def test_what_a_possibility_leads_to(option: Option | None, share: float, text: str) -> None:
    assert sentences.part_detail(Part((), option, Strength.ROBUST, share)) == text


@pytest.mark.parametrize(
    ("value", "other", "begins"),
    [
        (80.0, 60.0, "Hosted open model "),
        (60.0, 80.0, "Closed API "),
        (70.04, 69.96, "No difference between them: both 70.0 of 100."),
    ],
)
def test_a_reason_names_first_who_is_ahead(
    world: World, value: float, other: float, begins: str
) -> None:
    line = Line(Criterion.CAPABILITY, value - other, 0.25, value, other)
    made = decision(world, Strength.ROBUST)
    why = made.comparisons[0]
    text = sentences.reason(world.rulebook, made, why, line)
    assert text.startswith(begins)
    if round(value) != round(other):
        assert f"{max(value, other)} of 100 against {min(value, other)}" in text
        assert "it carries 25% of the weight" in text


def test_what_rests_on_an_answer(world: World) -> None:
    rulebook = world.rulebook
    closed = sentences.name(rulebook, CLOSED)
    for found, text in (
        (Deciding("boundary", "strict-contract", 0.0, (CLOSED,), ()), f"rules out {closed}"),
        (
            Deciding("boundary", "strict-contract", 3.0, (), ()),
            "leads by 3.0 points more than with the other answers",
        ),
    ):
        assert text in sentences.deciding(rulebook, HOSTED, found)
