"""The panel of the money and the rows of the assumptions, on small markets made by hand."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from apps.decision.address import Problem
from apps.decision.answers import Answers, parse
from apps.engine import assumption_rows, money_panel
from apps.engine.contexts import MoneyRow, Panel
from apps.engine.engine import Engine
from apps.money.market import Market
from apps.money.options import OPTIONS, Option
from apps.money.outlook.report import report
from tests.markets import NEEDS, closed, market, opened
from tests.world import World

# Nobody is paid, nothing is sent again: what is left are the prices of tokens and GPUs.
BARE = {"retry": "0", "salary": "0", "cached": "0", "batch": "0"}


def panel(
    world: World,
    sold: Market,
    out: Mapping[Option, str] | None = None,
    need: float | None = None,
    **assumed: str,
) -> Panel:
    """Return the panel of a market for one request a second of 1,000 tokens in and out."""
    engine = Engine(world.tables, sold)
    answers = parse(world.rulebook, {k: (v,) for k, v in {**BARE, **assumed}.items()}).answers
    left = tuple(option for option in OPTIONS if option not in (out or {}))
    made = report(engine.pricer(answers), replace(NEEDS, least_eci=need), left, None, {})
    return money_panel.of_report(engine, answers, made, out or {})


def rows(made: Panel) -> dict[str, MoneyRow]:
    """Return the rows by the name of their option."""
    return {row.name: row for row in made.rows}


def test_every_option_is_told_with_its_month(world: World) -> None:
    made = panel(world, market(closed(), opened(), gpus=(), profiles=()))
    found = rows(made)
    assert list(found) == [world.rulebook.options[option].name for option in OPTIONS]
    # 2,628,000 requests a month at $0.012 and at $0.002.
    assert found["Closed API"].expected == pytest.approx(31_536)
    assert found["Hosted open model"].expected == pytest.approx(5_256)
    assert [row.name for row in made.rows if row.is_winner] == ["Hosted open model"]
    assert made.winner_word == "Cheapest"
    assert not made.scored


def test_the_bars_share_one_logarithmic_scale(world: World) -> None:
    made = panel(world, market(closed(price=6.0), opened(price=0.06), gpus=(), profiles=()))
    closed_row, hosted = rows(made)["Closed API"], rows(made)["Hosted open model"]
    # From half the cheaper month to twice the dearer, a hundred times as much: a factor of 400.
    assert hosted.start == 0
    assert closed_row.end == pytest.approx(100)
    assert closed_row.middle - hosted.middle == pytest.approx(100 * 2 / 2.60206, rel=1e-4)


def test_what_cannot_be_priced_is_told_and_has_no_bar(world: World) -> None:
    made = panel(world, market(closed(), gpus=(), profiles=()))
    hosted = rows(made)["Hosted open model"]
    assert (hosted.start, hosted.middle, hosted.end, hosted.models) == (0.0, 0.0, 0.0, "")
    assert "Hosted open model: the catalog has no model that can be priced" in " ".join(made.gaps)


def test_what_is_not_alike_is_told(world: World) -> None:
    made = panel(world, market(closed(), opened(eci=120), gpus=(), profiles=()), need=130)
    assert (
        "Hosted open model, not alike: Open is the nearest; its ECI is 120, and 130 is asked for."
        in made.gaps
    )
    assert not any(gap.startswith("Closed API") for gap in made.gaps)


def test_what_is_ruled_out_says_why(world: World) -> None:
    out = {Option.HOSTED_OPEN: "Ruled out by “No”"}
    made = panel(world, market(closed(), opened(), gpus=(), profiles=()), out)
    assert rows(made)["Hosted open model"].ruled_out == "Ruled out by “No”"
    assert not rows(made)["Hosted open model"].is_winner


def test_gpus_are_told_with_what_of_them_is_idle(world: World) -> None:
    made = panel(world, market(closed(), opened()))
    rented, owned = made.gpus
    assert rented.startswith("Open model on rented GPUs: Open on ")
    assert owned.startswith("Open model on your own hardware: Open on ")
    for sentence in made.gpus:
        assert "a month buys idle hours. Speed measured." in sentence


REASONING: dict[str, tuple[Mapping[str, Any], str, str]] = {
    "no model reasons": ({"reasons": False}, "1", ""),
    "reasoning is in the tokens out": (
        {"reasons": True},
        "1",
        "Tokens of reasoning are billed as output; Open reasons, and the tokens out are taken to "
        "include them.",
    ),
    "reasoning comes on top": (
        {"reasons": True},
        "3",
        "Tokens of reasoning are billed as output; Open reasons, and 3 tokens are billed for each "
        "one out.",
    ),
    "nobody knows": ({"reasons": None}, "1", "Whether Open reasons is not known."),
    "nobody knows, and it would cost": (
        {"reasons": None},
        "3",
        "Whether Open reasons is not known: no tokens are added there, which can make it look "
        "cheaper.",
    ),
}


@pytest.mark.parametrize(("facts", "times", "note"), REASONING.values(), ids=REASONING)
def test_reasoning_is_told_of_the_models_that_are_priced(
    world: World, facts: Mapping[str, Any], times: str, note: str
) -> None:
    sold = market(closed(reasons=False), opened(**facts), gpus=(), profiles=())
    notes = panel(world, sold, reasoning=times).notes
    told = [n for n in notes if "easons is not known" in n or n.startswith("Tokens of reasoning")]
    assert told == ([note] if note else [])


def test_people_are_told_apart_from_the_bands(world: World) -> None:
    sold = market(closed(), opened(), gpus=(), profiles=())
    assert panel(world, sold).notes[0] == "People are taken to cost nothing."
    paid = panel(world, sold, salary="120000").notes[0]
    # One person in twenty for the closed API, .15 for a hybrid of two APIs, of $10,000 a month.
    assert paid.endswith("people are $500 to $1,500 of a month.")


def test_a_break_even_that_is_ruled_out_says_so(world: World) -> None:
    sold = market(closed(), opened())
    every = panel(world, sold).break_evens
    out = panel(world, sold, {Option.SELF_CLOUD: "Ruled out by “No”"}).break_evens
    assert len(every) == 4
    for before, after in zip(every, out, strict=True):
        is_out = "rented GPUs against" in before
        assert ("Ruled out here: Open model on rented GPUs." in after) is is_out


def assumed(engine: Engine, answers: Answers, **more: Any) -> dict[str, Any]:
    """Return the rows of the assumptions by key."""
    made = assumption_rows.rows(engine, answers, lambda a: f"?{sorted(a.assumptions)}", **more)
    return {row.key: row for row in made}


def test_a_changed_assumption_can_be_set_back_alone(engine: Engine) -> None:
    answers = replace(Answers(), assumptions={"retry": 0.25, "infra": 0.5})
    made = assumed(engine, answers)
    assert (made["retry"].value, made["retry"].reset_url) == ("0.25", "?['infra']")
    assert (made["cached"].value, made["cached"].reset_url) == ("", "")
    assert assumption_rows.without_any(answers) == Answers()


@pytest.mark.parametrize(
    ("key", "default"),
    [
        ("peak", "from the traffic"),
        ("hard_share", "from the task"),
    ],
)
def test_a_default_that_no_row_holds_says_where_it_is_from(
    engine: Engine, key: str, default: str
) -> None:
    assert assumed(engine, Answers())[key].default == default


def test_the_defaults_of_the_hours_are_those_of_the_market(world: World) -> None:
    made = assumed(Engine(world.tables, market()), Answers())
    assert made["gpu_hourly"].default == "H100 2"
    assert made["gpu_hourly_own"].default == "H100 1"


def test_what_was_typed_wrong_is_shown_as_it_was_typed(engine: Engine) -> None:
    problems = [Problem("retry", "lots", "Retries: “lots” is not a number")]
    made = assumed(engine, Answers(), problems=problems, typed={"retry": "lots", "infra": "0.1"})
    assert (made["retry"].value, made["retry"].error) == ("lots", problems[0].message)
    assert (made["infra"].value, made["infra"].error) == ("", "")


def test_the_picture_of_a_decision_is_laid_out_once(world: World) -> None:
    decision = world.decide(task="documents", volume="20000")
    first = money_panel.of_decision(world.engine, decision)
    assert money_panel.of_decision(world.engine, decision) is first
    other = world.decide(task="documents", volume="30000")
    assert money_panel.of_decision(world.engine, other) != first
