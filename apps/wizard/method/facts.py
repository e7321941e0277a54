"""The rows of the catalog that decide: GPUs and measured throughput."""

from dataclasses import dataclass

from apps.catalog.models import Gpu, ThroughputProfile
from apps.common.citing import SourceNote


@dataclass(frozen=True, slots=True)
class GpuRow:
    """A GPU with its memory and its hourly prices."""

    name: str
    vram_gb: float
    rent: float | None
    rent_source: SourceNote | None
    own: float | None
    own_source: SourceNote | None
    source: SourceNote


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """A measured profile: microseconds of one GPU at full load."""

    model: str
    gpu: str
    precision: str
    active_params_b: float
    input_us: float
    output_us: float
    context_us: float
    worst_fit_percent: float
    source: SourceNote


def gpu(row: Gpu) -> GpuRow:
    """Return a GPU with its prices."""
    return GpuRow(
        name=row.name,
        vram_gb=row.vram_gb,
        rent=row.rent_hourly,
        rent_source=row.rent_source.cited() if row.rent_source else None,
        own=row.own_hourly,
        own_source=row.own_source.cited() if row.own_source else None,
        source=row.source.cited(),
    )


def profile(row: ThroughputProfile) -> ProfileRow:
    """Return a measured profile in microseconds."""
    return ProfileRow(
        model=row.model_slug,
        gpu=row.gpu_slug.upper(),
        precision=row.precision,
        active_params_b=row.active_params_b,
        input_us=row.seconds_per_input_token * 1e6,
        output_us=row.seconds_per_output_token * 1e6,
        context_us=row.seconds_per_output_token_per_context_token * 1e6,
        worst_fit_percent=row.worst_fit_error_percent,
        source=row.source.cited(),
    )
