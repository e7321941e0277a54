"""What a request asks: its address, read once, with the rules and the prices that answer it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest

from apps.common.today import today
from apps.decision.address import Given, Problem, group
from apps.decision.answers import Answers, Parsed, parse
from apps.engine.engine import Engine, of_rules
from apps.engine.replay import replayed
from apps.rules import compile
from apps.rules.compile import Versions

_VERSIONS = "_rules_and_catalog"


@dataclass(frozen=True, slots=True)
class Visit:
    """A request as it was read.

    `given` holds all that stands in the address, `parsed` what the rules and the market know of it.
    """

    engine: Engine
    given: Given
    parsed: Parsed

    @property
    def answers(self) -> Answers:
        """The answers that could be read."""
        return self.parsed.answers

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What could not be read."""
        return self.parsed.problems

    @property
    def day(self) -> date:
        """The day whose prices count."""
        return self.engine.market.as_of

    @property
    def typed(self) -> Mapping[str, str]:
        """What stands in each field of a form that was sent."""
        return {key: values[-1] for key, values in self.given.items()}


def versions_of(request: HttpRequest) -> Versions:
    """Return the versions that a request works with: read once for the page and its footer."""
    known: Versions | None = vars(request).get(_VERSIONS)
    if known is None:
        known = vars(request)[_VERSIONS] = compile.versions()
    return known


def read(request: HttpRequest, *, any_size: bool = False) -> Visit:
    """Read the address of a request: the only way from a request to answers.

    The rules say what its keys mean, its day which prices answer it. With `any_size` the two
    numbers of tokens count whatever size is given.
    """
    now = versions_of(request)
    given = group((key, value) for key, values in request.GET.lists() for value in values)
    other = replayed(request)
    tables = other.tables if other else compile.current(now)
    parsed = parse(tables.rulebook, given, any_size=any_size)
    engine = of_rules(tables, parsed.day or today(), now.catalog)
    return Visit(engine, given, engine.known(parsed))
