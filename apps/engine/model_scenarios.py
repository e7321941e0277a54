"""Which scenarios a model serves: those whose recommendation is priced with it."""

from collections.abc import Mapping, Sequence
from datetime import date

from apps.catalog.pages.model_scenarios import Use
from apps.decision.answers import Answers
from apps.decision.verdict import verdict
from apps.engine.engine import Engine, Kept, current
from apps.engine.labels import ROLES
from apps.money.priced import Priced
from apps.rules.compile import NoRulebookError
from apps.rules.scenario_answers import scenario_answers
from apps.scenarios.models import Scenario

_kept = Kept(4)


def scenarios_of(slug: str, day: date) -> Sequence[Use]:
    """Return the scenarios whose recommendation is priced with a model on a day."""
    try:
        engine = current(day)
    except NoRulebookError:
        return ()
    scenarios = tuple(Scenario.objects.in_order())
    # Editors change scenarios without changing the rules.
    asked = tuple((scenario.title, scenario.query) for scenario in scenarios)
    found: Mapping[str, Sequence[Use]] = _kept.get(
        (engine, asked), lambda: _served(engine, scenarios)
    )
    return found.get(slug, ())


def _served(engine: Engine, scenarios: Sequence[Scenario]) -> Mapping[str, Sequence[Use]]:
    found: dict[str, list[Use]] = {}
    for scenario in scenarios:
        for part in _priced(engine, scenario_answers(engine.rulebook, scenario)):
            use = Use(scenario.title, scenario.get_absolute_url(), ROLES[part.role].clause)
            found.setdefault(part.candidate.slug, []).append(use)
    return found


def _priced(engine: Engine, answers: Answers) -> Sequence[Priced]:
    """Return the models that the recommendation is priced with, without all that is around it."""
    cells = engine.standing(answers)
    option = verdict(cells, engine.rulebook.thresholds).option
    if option is None:
        return ()
    if sum(cell.batch.size for cell in cells) > 1:
        # Something is unsure: which state is priced is the whole decision's to say.
        return engine.decide(answers).result(option).price.parts
    prices = engine.pricer(answers).detail(engine.tables.needs(cells[0].batch.state(0)))
    return next(price.parts for price in prices if price.option is option)
