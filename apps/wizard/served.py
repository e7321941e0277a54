"""Which scenarios a model serves: those whose recommendation is priced with it."""

from collections.abc import Mapping, Sequence
from datetime import date

from apps.catalog.uses import Use
from apps.decision.answers import Answers
from apps.decision.verdict import verdict
from apps.money.pricing import Priced
from apps.scenarios.models import Scenario
from apps.wizard.engine import Engine, Kept, engine
from apps.wizard.questions import scenario_answers
from apps.wizard.rules import NoRulebookError
from apps.wizard.shortlist import ROLES

_kept = Kept(4)


def scenarios_of(slug: str, day: date) -> Sequence[Use]:
    """Return the scenarios whose recommendation is priced with a model on a day."""
    try:
        now = engine(day)
    except NoRulebookError:
        return ()
    scenarios = tuple(Scenario.objects.in_order())
    # Editors change scenarios without changing the rules.
    asked = tuple((scenario.title, scenario.query) for scenario in scenarios)
    found: Mapping[str, Sequence[Use]] = _kept.get((now, asked), lambda: _served(now, scenarios))
    return found.get(slug, ())


def _served(now: Engine, scenarios: Sequence[Scenario]) -> Mapping[str, Sequence[Use]]:
    found: dict[str, list[Use]] = {}
    for scenario in scenarios:
        for part in _priced(now, scenario_answers(now.rulebook, scenario)):
            use = Use(scenario.title, scenario.get_absolute_url(), ROLES[part.role])
            found.setdefault(part.candidate.slug, []).append(use)
    return found


def _priced(now: Engine, answers: Answers) -> Sequence[Priced]:
    """Return the models that the recommendation is priced with, without all that is around it."""
    cells = now.standing(answers)
    option = verdict(cells, now.rulebook.thresholds).option
    if option is None:
        return ()
    if sum(cell.batch.size for cell in cells) > 1:
        # Something is unsure: which state is priced is the whole decision's to say.
        return now.decide(answers).result(option).price.parts
    prices = now.pricer(answers).detail(now.tables.needs(cells[0].batch.state(0)))
    return next(price.parts for price in prices if price.option is option)
