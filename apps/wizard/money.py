"""The money of a recommendation: every option, the losers too, with band and models."""

import math

from apps.common.format import count, day, usd
from apps.decision.answers import CUSTOM
from apps.decision.decide import Decision, OptionResult
from apps.decision.flow import MODALITY
from apps.decision.pricing import Moves, Role
from apps.decision.rulebook import Kind
from apps.decision.vocabulary import UNSURE
from apps.wizard import pages, sentences
from apps.wizard.engine import Engine

_MOVES = {
    Moves.TOKEN_PRICE: "token prices ½ to 2×",
    Moves.GPU_PRICE: "GPU prices ½ to 2×",
    Moves.PEOPLE: "people ½ to 2×",
    Moves.THROUGHPUT: "estimated throughput ½ to 2×",
}
_ROLES = {Role.ALL: "", Role.HARD: " (hard part)", Role.REST: " (rest)"}


def rows(now: Engine, decision: Decision) -> tuple[pages.MoneyRow, ...]:
    """Return the five options with their costs; the bars share one logarithmic scale."""
    known = [r for r in decision.options if math.isfinite(r.price.expected)]
    least = min((r.low for r in known), default=1.0)
    most = max((r.high for r in known), default=10.0)
    return tuple(_row(now, decision, result, least, most) for result in decision.options)


def _row(
    now: Engine, decision: Decision, result: OptionResult, least: float, most: float
) -> pages.MoneyRow:
    expected = result.price.expected
    start, middle, end = (_place(v, least, most) for v in (result.low, expected, result.high))
    return pages.MoneyRow(
        option=result.option.value,
        name=now.rulebook.options[result.option].name,
        group=result.option.group.value,
        is_winner=result.option is decision.verdict.option,
        ruled_out=f"Ruled out by {sentences.ruled_out(now.rulebook, result.ruled_out_by)}"
        if result.feasible is False
        else "",
        low=result.low,
        expected=expected,
        high=result.high,
        start=start,
        middle=middle,
        end=end,
        models=sentences.listed(
            [f"{part.candidate.name}{_ROLES[part.role]}" for part in result.price.parts]
        ),
        score=result.score,
        share=result.acceptability,
        moved_by=sentences.listed([_MOVES[moves] for moves in result.price.moved_by]),
    )


def _place(value: float, least: float, most: float) -> float:
    """Return where an amount lies on the logarithmic scale, 0 to 100."""
    if not math.isfinite(value) or most <= least or least <= 0:
        return 0.0
    return 100 * math.log(max(value, least) / least) / math.log(most / least)


def notes(now: Engine, decision: Decision) -> tuple[str, ...]:
    """Return what the amounts are for, their date, and the break-even volume."""
    people = [r.price.people_usd for r in decision.options]
    found = [
        f"For {_workload(now, decision)}. US dollars a month at prices in force on "
        f"{day(now.market.as_of)}, with people ({usd(min(people))} to {usd(max(people))} a month)."
    ]
    unsure = _assumed_workload(now, decision)
    if unsure:
        found.append(
            f"Not sure yet: {unsure}. The amounts are those of the median case; the bands reach "
            "from the cheapest to the dearest case that is still possible."
        )
    moved = sorted({moves for r in decision.options for moves in r.price.moved_by})
    if moved:
        found.append(
            f"The bands move {sentences.listed([_MOVES[moves] for moves in moved])}, whichever "
            "an option pays for."
        )
    found.append(break_even(now, decision))
    return tuple(note for note in found if note)


def _workload(now: Engine, decision: Decision) -> str:
    needs = now.tables.needs(decision.priced_state)
    return (
        f"{count(needs.volume)} requests a day of {count(needs.tokens_in)} tokens in and "
        f"{count(needs.tokens_out)} out"
    )


def _assumed_workload(now: Engine, decision: Decision) -> str:
    """Return the unsure answers that the amounts depend on, with the case that is shown."""
    shown = []
    for question in now.tables.questions:
        priced = (
            question.kind in {Kind.NUMBER, Kind.SIZE}
            or question.key == MODALITY
            or any(choice.parameters for choice in question.choices)
        )
        value = decision.priced_state[question.key]
        if priced and decision.answers.get(question.key) == UNSURE and value.key != CUSTOM:
            label = sentences.label(now.rulebook, question.key, value.key)
            shown.append(f"{question.short.lower()} (shown: {label})")
    return sentences.listed(shown)


def break_even(now: Engine, decision: Decision) -> str:
    """Return the volume from which renting GPUs stays cheaper than the closed API."""
    pricer = now.pricer(decision.answers)
    found = pricer.break_even(now.tables.needs(decision.priced_state))
    if found is None:
        return ""
    pair = (
        "renting GPUs for an open model and the closed API, each with its cheapest suitable model"
    )
    if found.volume is None:
        return (
            f"Break-even between {pair}: never, at any volume. GPUs that are busy in every peak "
            f"hour serve a request for {usd(found.self_request_usd)}, the API for "
            f"{usd(found.api_request_usd)}."
        )
    if found.volume == 0:
        return f"Break-even between {pair}: the GPUs are cheaper from the first request on."
    return (
        f"Break-even between {pair}: from about {count(float(f'{found.volume:.3g}'))} requests a "
        "day on the GPUs stay cheaper, people included."
    )
