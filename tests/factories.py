"""Rows for tests: valid as they come, each test sets what it is about."""

# The declarations of factory_boy carry no types.
# mypy: allow-untyped-calls

from datetime import date
from decimal import Decimal

from django.db.models import Model
from factory.declarations import LazyFunction, SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from apps.catalog import models as catalog
from apps.scenarios.models import (
    Definition,
    EvidenceNote,
    FurtherSource,
    HybridPattern,
    PublishedDecision,
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


class PublishedDecisionFactory(SourcedFactory[PublishedDecision]):
    """A closed API that was chosen in April 2026 for a public service."""

    class Meta:
        """For PublishedDecision."""

        model = PublishedDecision

    slug = Sequence(lambda n: f"decision-{n}")
    order = Sequence(lambda n: n)
    organisation = Sequence(lambda n: f"Organisation {n}")
    sentence = "Answer the public, soon."
    decided = "2026-04"
    chosen_group = "Closed"
    chosen_option = "closed-api"
    chosen = "A closed model through its maker"
    confidence = "high"
    answers = LazyFunction(
        lambda: {
            "boundary": "contract",
            "connection": "always",
            "task": "simple",
            "volume": "1000",
            "deadline": "weeks",
            "priority": "speed",
        }
    )


class FurtherSourceFactory(SourcedFactory[FurtherSource]):
    """Another source of a decision."""

    class Meta:
        """For FurtherSource."""

        model = FurtherSource

    decision = SubFactory(PublishedDecisionFactory)
    order = Sequence(lambda n: n)


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


class SourceFactory(DjangoModelFactory[catalog.Source]):
    """A source with a title and a day."""

    class Meta:
        """For Source."""

        model = catalog.Source

    slug = Sequence(lambda n: f"source-{n}")
    title = Sequence(lambda n: f"Source {n}")
    url = "https://source.example/"
    kind = "dataset"
    read_on = date(2026, 11, 22)


class ProviderFactory(DjangoModelFactory[catalog.Provider]):
    """A maker of models whose country is unknown."""

    class Meta:
        """For Provider."""

        model = catalog.Provider

    slug = Sequence(lambda n: f"provider-{n}")
    name = Sequence(lambda n: f"Provider {n}")
    source = SubFactory(SourceFactory)


class LicenseFactory(DjangoModelFactory[catalog.License]):
    """A permissive licence."""

    class Meta:
        """For License."""

        model = catalog.License

    slug = Sequence(lambda n: f"license-{n}")
    name = Sequence(lambda n: f"License {n}")
    license_class = "osi-permissive"
    rights = "free"
    source = SubFactory(SourceFactory)


class ModelFactory(DjangoModelFactory[catalog.Model]):
    """A current open-weight model of which little is known."""

    class Meta:
        """For Model."""

        model = catalog.Model

    slug = Sequence(lambda n: f"model-{n}")
    name = Sequence(lambda n: f"Model {n}")
    provider = SubFactory(ProviderFactory)
    license = SubFactory(LicenseFactory)
    openness = "open-weight"
    status = "current"
    checked_on = date(2026, 11, 22)
    source = SubFactory(SourceFactory)


class HostFactory(DjangoModelFactory[catalog.Host]):
    """A host that serves models itself."""

    class Meta:
        """For Host."""

        model = catalog.Host

    slug = Sequence(lambda n: f"host-{n}")
    name = Sequence(lambda n: f"Host {n}")
    kind = "host"
    source = SubFactory(SourceFactory)


class HostFactFactory(DjangoModelFactory[catalog.HostFact]):
    """A host with a data-processing contract."""

    class Meta:
        """For HostFact."""

        model = catalog.HostFact

    host = SubFactory(HostFactory)
    fact = "contract"
    value = "yes"
    grade = "vendor"
    source = SubFactory(SourceFactory)
    as_of = "2026-11-01"


class IndexScoreFactory(DjangoModelFactory[catalog.IndexScore]):
    """A line of the index."""

    class Meta:
        """For IndexScore."""

        model = catalog.IndexScore

    snapshot = date(2026, 10, 1)
    name = Sequence(lambda n: f"Model {n}")
    eci = 150.0
    ci_low = 148.0
    ci_high = 152.0
    weights = "open"
    source = SubFactory(SourceFactory)


class CapabilityFactory(DjangoModelFactory[catalog.Capability]):
    """A model that the index names."""

    class Meta:
        """For Capability."""

        model = catalog.Capability

    model = SubFactory(ModelFactory)
    index_name = "Model 1"
    grade = "exact"
    source = SubFactory(SourceFactory)
    checked_on = date(2026, 11, 1)


class EstimateFactory(CapabilityFactory):
    """A model whose place on the index an editor estimates, so that no line is needed."""

    index_name = ""
    estimate = 140.0
    grade = "estimated"


class BenchmarkDifficultyFactory(DjangoModelFactory[catalog.BenchmarkDifficulty]):
    """A benchmark on the scale of the index."""

    class Meta:
        """For BenchmarkDifficulty."""

        model = catalog.BenchmarkDifficulty

    snapshot = date(2026, 10, 1)
    benchmark = Sequence(lambda n: f"Benchmark {n}")
    difficulty = 130.0
    slope = 0.1
    source = SubFactory(SourceFactory)


class OfferFactory(DjangoModelFactory[catalog.Offer]):
    """An active offer without a price."""

    class Meta:
        """For Offer."""

        model = catalog.Offer

    model = SubFactory(ModelFactory)
    host = SubFactory(HostFactory)
    host_model_id = Sequence(lambda n: f"maker/model-{n}")
    status = "active"
    source = SubFactory(SourceFactory)


class PriceFactory(DjangoModelFactory[catalog.Price]):
    """A base price of 1 and 2 dollars."""

    class Meta:
        """For Price."""

        model = catalog.Price

    offer = SubFactory(OfferFactory)
    valid_from = date(2026, 1, 1)
    input = 1
    output = 2
    source = SubFactory(SourceFactory)
    read_on = SelfAttribute("source.read_on")


class ExchangeRateFactory(DjangoModelFactory[catalog.ExchangeRate]):
    """A euro at 1.25 dollars."""

    class Meta:
        """For ExchangeRate."""

        model = catalog.ExchangeRate

    currency = "EUR"
    usd_per_unit = Decimal("1.25")
    date = date(2026, 10, 30)
    source = SubFactory(SourceFactory)


class CitationFactory(DjangoModelFactory[catalog.Citation]):
    """A source for the context."""

    class Meta:
        """For Citation."""

        model = catalog.Citation

    model = SubFactory(ModelFactory)
    field = "context_tokens"
    source = SubFactory(SourceFactory)


class BenchmarkFactory(DjangoModelFactory[catalog.Benchmark]):
    """A benchmark."""

    class Meta:
        """For Benchmark."""

        model = catalog.Benchmark

    slug = Sequence(lambda n: f"benchmark-{n}")
    name = Sequence(lambda n: f"Benchmark {n}")
    about = "It measures something."
    unit = "per cent"
    source = SubFactory(SourceFactory)


class ScoreFactory(DjangoModelFactory[catalog.Score]):
    """A result."""

    class Meta:
        """For Score."""

        model = catalog.Score

    model = SubFactory(ModelFactory)
    benchmark = SubFactory(BenchmarkFactory)
    value = 50.0
    source = SubFactory(SourceFactory)


class GpuFactory(DjangoModelFactory[catalog.Gpu]):
    """A GPU whose prices are unknown."""

    class Meta:
        """For Gpu."""

        model = catalog.Gpu

    slug = Sequence(lambda n: f"gpu-{n}")
    name = Sequence(lambda n: f"GPU {n}")
    vram_gb = 80.0
    source = SubFactory(SourceFactory)
    checked_on = date(2026, 11, 22)


class DeviceFactory(DjangoModelFactory[catalog.Device]):
    """A box of unified memory of which little is known."""

    class Meta:
        """For Device."""

        model = catalog.Device

    slug = Sequence(lambda n: f"device-{n}")
    name = Sequence(lambda n: f"Device {n}")
    kind = "unified-memory"
    memory_gb = 128.0
    source = SubFactory(SourceFactory)
    as_of = date(2026, 11, 22)


class ThroughputProfileFactory(DjangoModelFactory[catalog.ThroughputProfile]):
    """A measured profile of a model that the catalog may not hold."""

    class Meta:
        """For ThroughputProfile."""

        model = catalog.ThroughputProfile

    slug = Sequence(lambda n: f"model-{n}@gpu")
    model_slug = Sequence(lambda n: f"measured-{n}")
    gpu_slug = "gpu"
    precision = "FP8"
    seconds_per_input_token = 1e-5
    seconds_per_output_token = 1e-4
    seconds_per_output_token_per_context_token = 1e-8
    worst_fit_error_percent = 5.0
    active_params_b = 8.0
    total_params_b = 8.0
    params_source = SubFactory(SourceFactory)
    source = SubFactory(SourceFactory)
