"""How much GPU memory a model of the catalog needs, by the formulas of the cost model."""

from dataclasses import dataclass
from typing import Self

from apps.catalog.models import Model
from apps.money.memory import Architecture, need_gb, weights_gb

# What a model is sized for here: one request with this many tokens.
TOKENS = 8192
# What people reduce weights to for a GPU of their own.
SMALL_BITS = 4


@dataclass(frozen=True, slots=True)
class ModelSize:
    """What sizes a model; None means unknown."""

    params_b: float | None
    served_bits: float | None
    architecture: Architecture | None

    @classmethod
    def of(cls, model: Model) -> Self:
        """Read a model's size; closed models have none that could be served."""
        if not model.is_open:
            return cls(None, None, None)
        known = None
        if model.layers and model.kv_heads and model.head_dim:
            known = Architecture(model.layers, model.kv_heads, model.head_dim)
        return cls(model.params_total_b, model.served_bits, known)


def size_need_gb(size: ModelSize, bits: float) -> float | None:
    """Return the gigabytes that a model needs at a precision for one request of `TOKENS` tokens.

    None where its parameters are unknown. Raises ValueError for bits that are not above 0.
    """
    if size.params_b is None:
        return None
    return need_gb(weights_gb(size.params_b, bits), size.architecture, TOKENS)


def listed_need_gb(size: ModelSize) -> float | None:
    """Return the need at the precision that the model is served at; None where it is unknown."""
    return None if size.served_bits is None else size_need_gb(size, size.served_bits)
