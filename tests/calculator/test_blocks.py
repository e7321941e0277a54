"""The cost page's form and sections, on small markets made by hand: no request, no database."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from apps.calculator import hosting, sections
from apps.calculator.form import form
from apps.calculator.query import CostQuery
from apps.decision.address import Problem
from apps.decision.answers import Answers, parse
from apps.engine.engine import Engine
from apps.money.needs import Needs
from apps.money.options import OPTIONS, Option
from apps.money.outlook.report import Report, report
from tests.markets import H100, NEEDS, closed, market, measured, opened
from tests.world import World

CLOSED, HOSTED, RENTED, OWN, HYBRID = OPTIONS
BARE = {"retry": "0", "salary": "0", "cached": "0", "batch": "0"}


def made(
    world: World,
    *candidates: Any,
    needs: Needs = NEEDS,
    left: Sequence[Option] = OPTIONS,
    focus: Option | None = None,
    gpus: Any = (),
    profiles: Any = (),
    **assumed: str,
) -> tuple[Engine, Report, Answers]:
    """Return the report of a market for one request a second, with the engine that made it."""
    engine = Engine(world.tables, market(*candidates, gpus=gpus, profiles=profiles))
    given = {key: (value,) for key, value in {**BARE, **assumed}.items()}
    answers = parse(world.rulebook, given).answers
    ranges = {row.key: (row.low, row.high) for row in world.rulebook.assumptions}
    found = report(engine.pricer(answers), needs, left, focus, ranges)
    return engine, found, answers


# What a month is made of


def test_the_parts_of_a_month_sum_to_it(world: World) -> None:
    engine, found, _ = made(world, closed(), opened(), gpus=(H100,), profiles=(measured(),))
    block = sections.breakdown(engine, found)
    assert block.part_names == ("Tokens", "GPUs", "Infrastructure", "People")
    for row in block.rows:
        assert sum(row.parts) == pytest.approx(row.total)
    by_name = {row.name: row for row in block.rows}
    assert by_name["Closed API"].parts == pytest.approx((31_536, 0, 0, 0))
    assert by_name["Closed API"].how[0].startswith("All requests: Closed at maker: ")
    hybrid = by_name["Hybrid"].how
    assert [line.partition(":")[0] for line in hybrid] == ["The hard part", "The rest"]


def test_an_option_without_a_model_has_no_lines(world: World) -> None:
    engine, found, _ = made(world, closed())
    hosted = sections.breakdown(engine, found).rows[OPTIONS.index(HOSTED)]
    assert hosted.how == ()


# What moves an option most


def test_the_option_in_detail_is_named_and_moved(world: World) -> None:
    engine, found, _ = made(world, closed(), opened(), focus=CLOSED)
    block = sections.levers(engine, found)
    assert block.title == "What moves the cost of Closed API most"
    assert block.plot is not None
    volume = next(row for row in block.rows if row.name == "Requests a day")
    # The bill of an API is in proportion to its requests.
    assert (volume.low_value, volume.high_value) == ("43,200", "173,000")
    assert volume.low_usd == pytest.approx(31_536 / 2)
    assert volume.high_usd == pytest.approx(31_536 * 2)
    assert volume.low_cheapest == "Hosted open model"
    price = next(row for row in block.rows if row.name == "Price of tokens")
    assert (price.low_value, price.high_value) == ("½×", "2×")


def test_nothing_is_moved_where_nothing_can_be_priced(world: World) -> None:
    engine, found, _ = made(world)
    block = sections.levers(engine, found)
    assert block.sentence == "None of the options can be priced."
    assert (block.plot, block.rows) == (None, ())


# Over months


@pytest.mark.parametrize(
    ("left", "sentence"),
    [
        (OPTIONS, "Over 12 months Hosted open model is cheapest with $63,100,"),
        ((CLOSED,), "Over 12 months Closed API costs $378,000,"),
    ],
)
def test_a_horizon_names_the_cheapest_of_those_that_are_compared(
    world: World, left: Sequence[Option], sentence: str
) -> None:
    engine, found, answers = made(world, closed(), opened(), left=left, setup="0", growth="0")
    block = sections.totals(engine, found, engine.pricer(answers))
    first, second = block.horizons
    assert (first.months, second.months) == (12, 36)
    assert first.sentence.startswith(sentence)
    assert first.sentence.endswith("if the last month has 86,400 requests a day.")
    assert block.note.startswith("Requests stay as they are.")
    assert block.part_names[-1] == "Set-up"


def test_growth_is_told(world: World) -> None:
    engine, found, answers = made(world, closed(), growth="0.05")
    note = sections.totals(engine, found, engine.pricer(answers)).note
    assert note.startswith("Requests grow by 5.0% a month.")


# If the volume turns out otherwise


def test_each_volume_is_told_by_what_it_is_to_the_one_planned(world: World) -> None:
    engine, found, _ = made(world, closed(), opened())
    block = sections.regret(engine, found, {})
    assert [(column.scale, column.volume) for column in block.columns] == [
        ("A tenth", 8_640),
        ("As planned", 86_400),
        ("Ten times", 864_000),
    ]
    assert block.sentence == "Hosted open model is cheapest at all three volumes."
    closed_row = block.rows[OPTIONS.index(CLOSED)]
    assert closed_row.cells[1] == pytest.approx((31_536, 31_536 - 5_256))
    assert closed_row.most == pytest.approx(10 * (31_536 - 5_256))


@pytest.mark.parametrize(
    ("volume", "scales"),
    [
        (5.0, ["The least that is taken", "As planned", "Ten times"]),
        (5e8, ["A tenth", "As planned", "The most that is taken"]),
    ],
)
def test_a_volume_at_the_end_of_what_is_taken_says_so(
    world: World, volume: float, scales: list[str]
) -> None:
    engine, found, _ = made(world, closed(), needs=replace(NEEDS, volume=volume))
    assert [column.scale for column in sections.regret(engine, found, {}).columns] == scales


@pytest.mark.parametrize(
    ("candidates", "left", "sentence"),
    [
        ((), OPTIONS, "None of the options can be priced."),
        (
            (closed(), opened()),
            (CLOSED,),
            "Closed API is the only option that is left to compare.",
        ),
    ],
)
def test_what_cannot_be_compared_is_told(
    world: World, candidates: Sequence[Any], left: Sequence[Option], sentence: str
) -> None:
    engine, found, _ = made(world, *candidates, left=left)
    block = sections.regret(engine, found, {HOSTED: "Ruled out by “No”"})
    assert block.sentence == sentence
    assert block.rows[OPTIONS.index(HOSTED)].left_out == "Ruled out by “No”"


# GPUs


def test_the_staircase_shows_where_the_workload_stands(world: World) -> None:
    engine, found, _ = made(world, opened(), gpus=(H100,), profiles=(measured(),))
    rented, own = hosting.blocks(engine, found)
    assert (rented.title, own.title) == (
        "Open model on rented GPUs",
        "Open model on your own hardware",
    )
    (today,) = [stair for stair in rented.stairs if stair.is_today]
    assert today.end >= NEEDS.volume
    before = [stair for stair in rented.stairs if stair.end < today.end]
    assert all(stair.end < NEEDS.volume and stair.usd < today.usd for stair in before)
    assert "requests a day at this peak, the spare kept apart." in rented.sentence


def test_the_memory_of_a_model_is_told_once(world: World) -> None:
    engine, found, _ = made(world, opened(), gpus=(H100,), profiles=(measured(),))
    rented, own = hosting.blocks(engine, found)
    assert [row.bits for row in rented.fits] == [16, 8, 4]
    assert [row.is_chosen for row in rented.fits] == [False, True, False]
    assert own.fits == ()
    # 10 billion parameters at 8 bits; 1.05 times that and 0.2 GB for one request.
    chosen = rented.fits[1]
    assert chosen.weights_gb == pytest.approx(10)
    assert chosen.need_gb == pytest.approx(10.7)
    assert chosen.fits == ("1",)
    assert "Open at 8 bits needs 10.7 GB" in rented.fit_sentence


SMALL = replace(H100, slug="small", name="Small", vram_gb=1.0)
FREE = replace(H100, slug="free", name="Free", rent_hourly=None)
UNMEASURED = replace(H100, slug="new", name="New")


@pytest.mark.parametrize(
    ("gpu", "why"),
    [
        (SMALL, "does not fit: 16 of them are "),
        (FREE, "its price is not known"),
        (UNMEASURED, "nothing was measured on it"),
    ],
)
def test_a_gpu_that_cannot_carry_the_model_says_why(world: World, gpu: Any, why: str) -> None:
    profiles = (measured(), *((measured(gpu.slug),) if gpu is FREE else ()))
    engine, found, _ = made(world, opened(), gpus=(H100, gpu), profiles=profiles)
    rented = hosting.blocks(engine, found)[0]
    priced, other = rented.gpus
    assert (priced.name, priced.is_chosen, priced.why_not) == ("H100", True, "")
    assert other.why_not.startswith(why)
    assert other.usd is None


def test_a_model_of_unknown_layers_is_an_estimate(world: World) -> None:
    guessed = opened(cache_of="Another")
    engine, found, _ = made(world, guessed, gpus=(H100,), profiles=(measured(),))
    block = hosting.blocks(engine, found)[0]
    assert "an estimate by Another, because its own layers are not known" in block.fit_sentence


# The form


def of_form(engine: Engine, *problems: Problem, **given: str) -> Any:
    """Return the form of an address, with the problems that reading it made."""
    values = {key: (value,) for key, value in given.items()}
    query = CostQuery(engine.known(parse(engine.rulebook, values, any_size=True)).answers)
    return form(engine, query, problems, given)


def test_an_open_question_shows_its_starting_point(engine: Engine) -> None:
    numbers = {field.key: field for field in of_form(engine).numbers}
    assert list(numbers) == ["volume", "tokens_in", "tokens_out"]
    assert all(field.value and not field.error for field in numbers.values())
    assert (numbers["volume"].label, numbers["volume"].unit) == ("Requests", "a day")


def test_what_cannot_be_read_stays_as_it_was_typed(engine: Engine) -> None:
    wrong = Problem("volume", "lots", "Requests: “lots” is not a number")
    made_form = of_form(engine, wrong, volume="lots", tokens_in="900", tokens_out="100")
    volume, tokens_in, _ = made_form.numbers
    assert (volume.value, volume.error) == ("lots", wrong.message)
    assert (tokens_in.value, tokens_in.error) == ("900", "")


@pytest.mark.parametrize(
    ("key", "opens"),
    [("at", "overrides_open"), ("gpu", "overrides_open"), ("retry", "assumed_open")],
)
def test_the_part_where_something_is_wrong_is_open(engine: Engine, key: str, opens: str) -> None:
    assert not getattr(of_form(engine), opens)
    assert getattr(of_form(engine, Problem(key, "x", "Wrong"), **{key: "x"}), opens)


def test_the_form_hands_on_only_what_has_no_field(engine: Engine) -> None:
    made_form = of_form(engine, boundary="contract", volume="5000", traffic="office", retry="0.1")
    assert dict(made_form.hidden_inputs) == {"boundary": "contract"}


def test_every_change_has_its_way_back(engine: Engine) -> None:
    made_form = of_form(engine, retry="0.1", gpu="h100")
    assert len(made_form.changes) == 2
    picked, assumed = made_form.changes
    assert picked[0].startswith("GPU: ")
    assert "gpu=" not in picked[1]
    assert "retry=0.1" in picked[1]
    assert "retry=" not in assumed[1]
    assert "gpu=h100" in assumed[1]
    assert made_form.reset_url == "/costs/"
    assert of_form(engine).reset_url == ""


def test_an_unusual_precision_that_is_asked_for_stays_a_choice(engine: Engine) -> None:
    def bits(**given: str) -> list[str]:
        select = next(s for s in of_form(engine, **given).overrides if s.key == "bits")
        return [option.value for option in select.options]

    assert bits() == ["", "16", "8", "4"]
    assert bits(bits="8") == ["", "16", "8", "4"]
    assert bits(bits="6") == ["", "6", "16", "8", "4"]
