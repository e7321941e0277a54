"""The assumptions of the cost formulas: the rulebook's defaults and what an address changes."""

from apps.decision.answers import Answers
from apps.decision.rulebook import Rulebook
from apps.money import overrides
from apps.money.assumptions import Assumptions


def assumptions(rulebook: Rulebook, answers: Answers) -> Assumptions:
    """Return the rulebook's assumptions with what the answers change."""
    values = {a.key: answers.assumptions.get(a.key, a.default) for a in rulebook.assumptions}
    # Rows without a default are those that Assumptions takes as None; publishing checks it.
    return Assumptions(**values, gpu=answers.overrides.get(overrides.GPU))  # type: ignore[arg-type]
