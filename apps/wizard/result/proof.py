"""What the recommendation was computed from, and where every table is."""

from dataclasses import dataclass

from apps.common.format import count, day
from apps.decision.decide import Decision
from apps.engine import links
from apps.engine.engine import Engine


@dataclass(frozen=True, slots=True)
class ProofBlock:
    """How it was computed, in sentences, and every value for programs."""

    lines: tuple[str, ...]
    json_url: str
    lasting_url: str  # keeps the version of the rules


def proof_block(engine: Engine, decision: Decision) -> ProofBlock:
    """Return what was computed, from which rules and prices."""
    return ProofBlock(
        lines=_lines(engine, decision),
        json_url=links.result_url(engine.rulebook, decision.answers, "wizard:result-json"),
        lasting_url=links.lasting_url(engine.rulebook, decision.answers),
    )


def _lines(engine: Engine, decision: Decision) -> tuple[str, ...]:
    rulebook = engine.rulebook
    published = f", published {day(rulebook.published_on)}" if rulebook.published_on else ""
    looked = (
        "Every combination of the answers that are still open was scored."
        if decision.complete
        else f"{count(decision.states)} balanced samples of the open answers were scored; the same "
        "answers always give the same samples."
    )
    return (
        f"Rules: version {rulebook.version}{published}. Prices and facts in force on "
        f"{day(engine.market.as_of)}.",
        "Score: each option has a value from 0 to 100 on nine criteria; your answers say how much "
        "each criterion counts; the score is the weighted mean. A must-have removes an option "
        "before any score is compared.",
        looked
        if decision.states > 1
        else "All answers that matter are known: one state was scored.",
    )
