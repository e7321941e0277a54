"""Rows for tests: valid as they come, each test sets what it is about."""

# The declarations of factory_boy carry no types.
# mypy: allow-untyped-calls

from datetime import date

from django.db.models import Model
from factory.declarations import LazyFunction, Sequence, SubFactory
from factory.django import DjangoModelFactory

from apps.scenarios.models import (
    Definition,
    EvidenceNote,
    HybridPattern,
    Scenario,
    Statement,
    Takeaway,
    TradeOff,
)


class SourcedFactory[M: Model](DjangoModelFactory[M]):
    """A row with a source, its date and the day it was checked."""

    class Meta:
        """No table of its own."""

        abstract = True

    source_title = "A report"
    source_url = "https://source.example/report"
    source_date = "2026-03"
    checked_on = date(2026, 11, 22)


class ScenarioFactory(SourcedFactory[Scenario]):
    """A scenario whose answers are a whole way through the wizard."""

    class Meta:
        """For Scenario."""

        model = Scenario

    slug = Sequence(lambda n: f"scenario-{n}")
    order = Sequence(lambda n: n)
    title = Sequence(lambda n: f"Scenario {n}")
    summary = "The reason in one sentence."
    situation = "What the team has and wants."
    winner = "Closed"
    why = "Because of the answers."
    when_not = "When the answers are others."
    answers = LazyFunction(
        lambda: {
            "stage": "exploring",
            "boundary": "any-vendor",
            "connection": "always",
            "rules": ["none"],
            "task": "simple",
            "modality": "text",
            "volume": "1000",
            "size": "short",
            "traffic": "steady",
            "team": "nobody",
            "training": "prompts",
            "audience": "colleagues",
            "deadline": "weeks",
            "priority": "balanced",
        }
    )


class EvidenceNoteFactory(SourcedFactory[EvidenceNote]):
    """A note that belongs to a scenario."""

    class Meta:
        """For EvidenceNote."""

        model = EvidenceNote

    scenario = SubFactory(ScenarioFactory)
    order = Sequence(lambda n: n)
    text = Sequence(lambda n: f"Evidence {n}.")


class DefinitionFactory(SourcedFactory[Definition]):
    """A definition."""

    class Meta:
        """For Definition."""

        model = Definition

    slug = Sequence(lambda n: f"term-{n}")
    order = Sequence(lambda n: n)
    term = Sequence(lambda n: f"Term {n}")
    text = "What it means."
    examples = "On 22 November 2026: one model."


class TradeOffFactory(SourcedFactory[TradeOff]):
    """An advantage of the open side."""

    class Meta:
        """For TradeOff."""

        model = TradeOff

    slug = Sequence(lambda n: f"trade-off-{n}")
    order = Sequence(lambda n: n)
    side = "open"
    kind = "advantage"
    title = Sequence(lambda n: f"Trade-off {n}")
    text = "What is gained."
    criterion = "cost"


class HybridPatternFactory(SourcedFactory[HybridPattern]):
    """A way to split the work."""

    class Meta:
        """For HybridPattern."""

        model = HybridPattern

    slug = Sequence(lambda n: f"pattern-{n}")
    order = Sequence(lambda n: n)
    title = Sequence(lambda n: f"Pattern {n}")
    text = "How the work is split."
    closed_part = "The hard part."
    open_part = "The large part."


class TakeawayFactory(SourcedFactory[Takeaway]):
    """One thing to remember."""

    class Meta:
        """For Takeaway."""

        model = Takeaway

    slug = Sequence(lambda n: f"takeaway-{n}")
    order = Sequence(lambda n: n)
    text = Sequence(lambda n: f"Remember {n}.")


class StatementFactory(SourcedFactory[Statement]):
    """What the guide says of itself."""

    class Meta:
        """For Statement."""

        model = Statement

    slug = Sequence(lambda n: f"statement-{n}")
    order = Sequence(lambda n: n)
    title = Sequence(lambda n: f"Statement {n}")
    text = "What it is."
