"""Whose cache is taken for that of a model of which it is not known: an upper bound."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import log

from apps.money.memory import AnyArchitecture, Architecture, request_gb

# A long request: there layers with a window count for as little as they ever do.
_TOKENS = 100_000


@dataclass(frozen=True, slots=True)
class KnownArchitecture:
    """A model whose architecture is known; `params_b` is billions of parameters, if known."""

    name: str
    provider: str
    params_b: float | None
    architecture: AnyArchitecture


# The largest cache of a model with published layers, for a catalog that knows no other.
_LARGEST = KnownArchitecture("Llama 3.1 405B", "Meta", 405.9, Architecture(126, 8, 128))


def stand_in(
    provider: str, params_b: float, known: Iterable[KnownArchitecture]
) -> KnownArchitecture:
    """Return the largest cache of the provider's models or, failing that, of the nearest size."""
    found = list(known)
    family = [model for model in found if model.provider == provider]
    if family:
        return max(family, key=lambda model: (_cache_gb(model), model.name))
    sized = [
        (abs(log(m.params_b / params_b)), -_cache_gb(m), m.name, m) for m in found if m.params_b
    ]
    return min(sized)[-1] if sized else _LARGEST


def _cache_gb(model: KnownArchitecture) -> float:
    return request_gb(model.architecture, _TOKENS)
