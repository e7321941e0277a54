"""What the computation takes without asking."""

from apps.decision.answers import Answers
from apps.decision.rulebook import AssumptionText, Rulebook
from apps.wizard import pages


def rows(rulebook: Rulebook, answers: Answers) -> tuple[pages.AssumedRow, ...]:
    """Return every assumption with its default, range, unit, source and date."""
    changed = answers.assumptions
    return tuple(
        pages.AssumedRow(
            key=assumption.key,
            name=assumption.label,
            value=f"{changed[assumption.key]:.12g}" if assumption.key in changed else "",
            default=_default(assumption),
            unit=assumption.unit,
            allowed=f"{assumption.low:,.10g} to {assumption.high:,.10g}",
            source=assumption.source,
            source_url=assumption.source_url,
            as_of=assumption.as_of,
        )
        for assumption in rulebook.assumptions
    )


def _default(assumption: AssumptionText) -> str:
    if assumption.default is None:
        return "from the traffic" if assumption.key == "peak" else "from the GPU"
    return f"{assumption.default:,.10g}"
