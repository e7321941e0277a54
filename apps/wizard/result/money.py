"""What the options cost, as far as the answers are known."""

from dataclasses import dataclass

from apps.decision import flow
from apps.decision.decide import Decision
from apps.decision.scoring import is_priced
from apps.engine import links, money_panel, sentences
from apps.engine.contexts import Panel
from apps.engine.engine import Engine


@dataclass(frozen=True, slots=True)
class MoneyBlock:
    """All options side by side, and the way to the cost page."""

    note: str  # which answers the amounts wait for; empty where none
    panel: Panel
    costs_url: str


def money_block(engine: Engine, decision: Decision) -> MoneyBlock:
    """Return the costs of the state that is priced."""
    return MoneyBlock(
        note=_note(engine, decision),
        panel=money_panel.of_decision(engine, decision),
        costs_url=links.costs_url(engine, decision.answers, decision.priced_state),
    )


def _note(engine: Engine, decision: Decision) -> str:
    """Return which unsure answers the amounts depend on, with the case that is shown."""
    priced = decision.priced_state
    shown = [
        f"{question.short.lower()} (shown: "
        f"{sentences.label(engine.rulebook, question.key, priced[question.key].key)})"
        for question in flow.asked(engine.rulebook, decision.answers)
        if question.key in priced
        and is_priced(question)
        and not decision.answers.is_known(question.key)
    ]
    if not shown:
        return ""
    return (
        f"Not sure yet: {sentences.listed(shown)}. The amounts are those of the median case; the "
        "bands reach from the cheapest to the dearest case that is still possible."
    )
