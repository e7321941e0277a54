"""The catalog's rows: who makes and hosts models, what is known of them, and who says so."""

from apps.catalog.models.base import CatalogVersion
from apps.catalog.models.capability import BenchmarkDifficulty, Capability, IndexScore
from apps.catalog.models.currencies import ExchangeRate
from apps.catalog.models.evidence import Benchmark, Score
from apps.catalog.models.facts import License, Provider, Source
from apps.catalog.models.hardware import Device, Gpu, ThroughputProfile
from apps.catalog.models.hosts import FactKind, Host, HostFact
from apps.catalog.models.language_models import Alias, Citation, Modality, Model
from apps.catalog.models.offers import Offer, Price

__all__ = [
    "Alias",
    "Benchmark",
    "BenchmarkDifficulty",
    "Capability",
    "CatalogVersion",
    "Citation",
    "Device",
    "ExchangeRate",
    "FactKind",
    "Gpu",
    "Host",
    "HostFact",
    "IndexScore",
    "License",
    "Modality",
    "Model",
    "Offer",
    "Price",
    "Provider",
    "Score",
    "Source",
    "ThroughputProfile",
]
