"""What the address of a question says beside the answers: how its page was come to."""

from apps.decision.address import Given
from apps.decision.flow import Asking, Way
from apps.decision.rulebook import Rulebook
from apps.engine.links import THEN, then_text

# Set by the button of a question page: tells a choice that was not made from a fresh page.
SUBMITTED = "next"
# The answer before the change, to see which questions it made newly relevant.
WAS = "was"


def way(rulebook: Rulebook, given: Given) -> Way:
    """Read how a question was come to; whatever is no question of the rules is dropped."""
    then = None
    if THEN in given:
        then = tuple(key for key in given[THEN][-1].split(",") if key in rulebook.by_key)
    return Way(SUBMITTED in given, then, given.get(WAS, ("",))[-1])


def hidden_inputs(rulebook: Rulebook, asking: Asking) -> tuple[tuple[str, str], ...]:
    """Return the other answers, and what tells the next page how it is come to."""
    rest = asking.answers.without(asking.question.key)
    pairs = list(rest.canonical(rulebook))
    if asking.then is not None:
        pairs += [(THEN, then_text(asking.then)), (WAS, asking.was)]
    return (*pairs, (SUBMITTED, "1"))
