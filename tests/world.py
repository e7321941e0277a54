"""The engine with the rules and prices of the fixtures, loaded once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pytest
from django.core.management import call_command
from django.db import transaction
from pytest_django import DjangoDbBlocker

from apps.catalog.compile import current_market
from apps.decision.address import group
from apps.decision.answers import Answers, parse
from apps.decision.assumed import assumptions
from apps.decision.decide import Decision, decide
from apps.decision.rulebook import Rulebook
from apps.decision.scoring import Tables
from apps.decision.uncertainty import Cell, cells
from apps.decision.verdict import Verdict, verdict
from apps.engine.engine import Engine
from apps.engine.request import Visit
from apps.money.pricing import Pricer
from apps.rules.compile import compile_rulebook
from apps.rules.models import Rulebook as RulebookRow
from apps.scenarios.models import Scenario

# The day of the facts.
TODAY = date(2026, 11, 22)


@dataclass(frozen=True, repr=False)
class World:
    """The compiled rules, the prices of a day and the scenarios; too long to be printed."""

    tables: Tables
    pricer: Pricer
    scenarios: dict[str, tuple[Answers, str]]

    @property
    def rulebook(self) -> Rulebook:
        """The rules."""
        return self.tables.rulebook

    def answers(self, **given: str) -> Answers:
        """Return the answers of a URL."""
        return parse(self.rulebook, group(given.items())).answers

    @cached_property
    def engine(self) -> Engine:
        """The rules with the prices."""
        return Engine(self.tables, self.pricer.market)

    def visit(self, given: Mapping[str, str], *, any_size: bool = False) -> Visit:
        """Return a visit of an address."""
        grouped = group(given.items())
        parsed = parse(self.rulebook, grouped, any_size=any_size)
        return Visit(self.engine, grouped, self.engine.known(parsed))

    def cells(self, **given: str) -> tuple[Cell, ...]:
        """Return the scored states of a URL's answers."""
        return cells(self.tables, self.answers(**given), self.pricer)

    def verdict(self, **given: str) -> Verdict:
        """Return the verdict alone, which is much faster than the whole decision."""
        return verdict(self.cells(**given), self.rulebook.thresholds)

    def decide(self, **given: str) -> Decision:
        """Return the decision of a URL's answers."""
        return decide(self.tables, self.answers(**given), self.pricer)


@pytest.fixture(scope="session")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> World:
    """The fixtures as the engine sees them; the database is left as it was."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("seed", verbosity=0)
        tables = Tables(compile_rulebook(RulebookRow.objects.with_everything().get()))
        rulebook = tables.rulebook
        pricer = Pricer(current_market(TODAY), assumptions(rulebook, Answers()), tables.scale)
        scenarios = {
            row.slug: (row.answers_under(rulebook), row.winner) for row in Scenario.objects.all()
        }
        transaction.set_rollback(True)
    return World(tables, pricer, scenarios)


@pytest.fixture(scope="session")
def engine(world: World) -> Engine:
    """The engine of the fixtures' rules and prices; it asks no database."""
    return world.engine
