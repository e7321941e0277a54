"""A scenario's answers, as the rules read them."""

from urllib.parse import parse_qsl

from apps.decision.address import group
from apps.decision.answers import Answers, parse
from apps.decision.rulebook import Rulebook
from apps.scenarios.answers import canonical_query
from apps.scenarios.models import Scenario


def scenario_answers(rulebook: Rulebook, scenario: Scenario) -> Answers:
    """Return the canonical answers of a scenario."""
    given = group(parse_qsl(canonical_query(scenario.answers)))
    return parse(rulebook, given).answers
