"""What each scenario comes out as today: the option, and the models that it is priced with."""

from collections.abc import Mapping

from apps.common.today import today
from apps.engine.engine import current
from apps.engine.model_scenarios import priced
from apps.rules.compile import NoRulebookError
from apps.scenarios.models import Scenario


def outcomes() -> Mapping[str, str]:
    """Return the outcome of each scenario by its title; none where no rules are published."""
    try:
        engine = current(today())
    except NoRulebookError:
        return {}
    found = {}
    for scenario in Scenario.objects.in_order():
        answers = scenario.answers_under(engine.rulebook)
        option = engine.standing(answers).verdict.option
        names = ", ".join(part.candidate.name for part in priced(engine, answers))
        text = engine.rulebook.options[option].name if option else "nothing"
        found[scenario.title] = f"{text} with {names}" if names else text
    return found
