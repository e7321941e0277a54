"""Which scenarios a model serves: those whose recommendation is priced with it."""

from collections.abc import Mapping, Sequence
from datetime import date

from apps.catalog.pages.model_scenarios import Use
from apps.decision.answers import Answers
from apps.decision.scoring import Said
from apps.engine.engine import Engine, current
from apps.engine.labels import ROLES
from apps.money.cache import Latest
from apps.money.priced import Priced
from apps.rules.compile import NoRulebookError
from apps.scenarios.models import Scenario

_MOST_BYTES = 1_000_000
_served: Latest[date, Mapping[str, Sequence[Use]]] = Latest(_MOST_BYTES)


def scenarios_of(slug: str, day: date) -> Sequence[Use]:
    """Return the scenarios whose recommendation is priced with a model on a day."""
    try:
        engine = current(day)
    except NoRulebookError:
        return ()
    scenarios = tuple(Scenario.objects.in_order())
    # Editors change scenarios without changing the rules.
    rulebook = engine.rulebook
    asked = tuple((s.title, s.answers_under(rulebook).query(rulebook)) for s in scenarios)
    found = _served.get(day, (engine.key, asked), lambda: _serve(engine, scenarios))
    return found.get(slug, ())


def _serve(engine: Engine, scenarios: Sequence[Scenario]) -> Mapping[str, Sequence[Use]]:
    found: dict[str, list[Use]] = {}
    for scenario in scenarios:
        for part in priced(engine, scenario.answers_under(engine.rulebook)):
            use = Use(scenario.title, scenario.get_absolute_url(), ROLES[part.role].clause)
            found.setdefault(part.candidate.slug, []).append(use)
    return found


def priced(engine: Engine, answers: Answers) -> Sequence[Priced]:
    """Return the models that the recommendation is priced with, without all that is around it."""
    standing = engine.standing(answers)
    option = standing.verdict.option
    if option is None:
        return ()
    if standing.only_state is None:
        # Something is unsure: which state is priced is the whole decision's to say.
        return engine.decide(answers).result(option).price.parts
    needs = engine.tables.needs(standing.only_state, Said.of(answers))
    prices = engine.pricer(answers).detail(needs)
    return next(price.parts for price in prices if price.option is option)
