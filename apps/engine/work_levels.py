"""How hard each task of the rules is, told to the catalog."""

from collections.abc import Sequence

from apps.catalog.pages.model_capability import TaskLevel
from apps.decision.rulebook import Parameter, Rulebook
from apps.money.needs import Level
from apps.rules.compile import NoRulebookError, current


def levels_of(rulebook: Rulebook) -> tuple[TaskLevel, ...]:
    """Return the tasks of a rulebook, the easiest first."""
    found = (
        TaskLevel(choice.label, Level(given[Parameter.DIFFICULTY], given[Parameter.SLOPE]))
        for question in rulebook.questions
        for choice in question.choices
        if Parameter.DIFFICULTY in (given := choice.parameters)
    )
    return tuple(sorted(found, key=lambda task: task.level.difficulty))


def published_levels() -> Sequence[TaskLevel]:
    """Return the tasks of the published rules; none while nothing is published."""
    try:
        return levels_of(current().rulebook)
    except NoRulebookError:
        return ()
