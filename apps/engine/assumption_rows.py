"""The assumptions as rows that can be changed and set back, one by one or all at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from apps.common.citing import SourceDate, SourceNote
from apps.decision.address import Problem
from apps.decision.answers import Answers
from apps.decision.rulebook import AssumptionText
from apps.engine.contexts import AssumedRow
from apps.engine.engine import Engine
from apps.money.options import Option

# The options whose price of tokens a person may state.
_NEGOTIATED = (Option.CLOSED_API, Option.HOSTED_OPEN)
# Where a value comes from that no row holds.
_FROM = {
    "peak": "from the traffic",
    "hard_share": "from the task",
    "reasoning": "from the task",
    **dict.fromkeys(
        ("fte_closed", "fte_hosted", "fte", "fte_onprem", "fte_hybrid"),
        "from the team and the GPUs",
    ),
    **dict.fromkeys(
        (f"price_{way}_{option}" for way in ("in", "out") for option in _NEGOTIATED),
        "from the price list",
    ),
}


def rows(
    engine: Engine,
    answers: Answers,
    url: Callable[[Answers], str],
    problems: Sequence[Problem] = (),
    typed: Mapping[str, str] | None = None,
) -> tuple[AssumedRow, ...]:
    """Return every assumption; `typed` holds what a form sent, so that nothing is lost."""
    changed = answers.assumptions
    wrong = {problem.key: problem.message for problem in problems}
    found = []
    for row in engine.rulebook.assumptions:
        value = f"{changed[row.key]:.12g}" if row.key in changed else ""
        if row.key in wrong and typed is not None:
            value = typed.get(row.key, "")
        found.append(
            AssumedRow(
                key=row.key,
                name=row.label,
                value=value,
                error=wrong.get(row.key, ""),
                reset_url=url(_without(answers, row.key)) if row.key in changed else "",
                default=_default(engine, row),
                unit=row.unit,
                allowed=f"{row.low:,.10g} to {row.high:,.10g}",
                source=SourceNote(row.source, row.source_url, dated=SourceDate.of(row.as_of)),
            )
        )
    return tuple(found)


def _default(engine: Engine, row: AssumptionText) -> str:
    """Return the default as it reads, or where it comes from."""
    if row.default is not None:
        return f"{row.default:,.10g}"
    if row.key in _FROM:
        return _FROM[row.key]
    hourly = [
        (gpu.name.split()[-1], gpu.own_hourly if row.key == "gpu_hourly_own" else gpu.rent_hourly)
        for gpu in engine.market.gpus
    ]
    return ", ".join(f"{name} {usd:,.10g}" for name, usd in hourly if usd)


def without_any(answers: Answers) -> Answers:
    """Return the answers with every assumption at its default and nothing picked."""
    return replace(answers, assumptions={}, overrides={})


def _without(answers: Answers, key: str) -> Answers:
    rest = {k: v for k, v in answers.assumptions.items() if k != key}
    return replace(answers, assumptions=rest)
