"""What the address of a question says beside the answers."""

import pytest

from apps.decision.address import Given, group
from apps.decision.flow import Asking, Way
from apps.wizard.routing import hidden_inputs, way
from tests.world import World


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, Way()),
        ({"stage": ("scaling",)}, Way()),
        ({"next": ("1",)}, Way(submitted=True)),
        ({"then": ("result",)}, Way(then=())),
        ({"then": ("team,size,result",)}, Way(then=("team", "size"))),
        ({"then": ("//elsewhere.example/,team",)}, Way(then=("team",))),
        ({"then": ("team", "size")}, Way(then=("size",))),
        ({"next": ("1",), "then": ("result",), "was": ("all",)}, Way(True, (), "all")),
    ],
)
def test_how_a_question_was_come_to(world: World, given: Given, expected: Way) -> None:
    assert way(world.rulebook, given) == expected


@pytest.mark.parametrize("then", [None, (), ("team",), ("team", "size")])
def test_the_form_hands_on_the_other_answers_and_the_way(
    world: World, then: tuple[str, ...] | None
) -> None:
    answers = world.answers(stage="scaling", task="simple", retry="0.1")
    asking = Asking(world.rulebook.by_key["stage"], answers, then=then, was="scaling")
    pairs = hidden_inputs(world.rulebook, asking)
    own = {"then", "was", "next"}
    assert [pair for pair in pairs if pair[0] not in own] == [("task", "simple"), ("retry", "0.1")]
    sent = way(world.rulebook, group(pairs))
    assert sent == Way(True, then, "" if then is None else "scaling")
