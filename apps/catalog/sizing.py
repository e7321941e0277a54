"""How much GPU memory a model of the catalog needs, by the formulas of the cost model."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from apps.catalog.models import Model
from apps.money.memory import AnyArchitecture, Architecture, LatentArchitecture, Load, weights_gb
from apps.money.stand_in import KnownArchitecture, stand_in

# What a model is sized for here: one request with this many tokens.
TOKENS = 8192
# What people reduce weights to for a GPU of their own.
SMALL_BITS = 4


@dataclass(frozen=True, slots=True)
class ModelSize:
    """What sizes a model; None means unknown.

    `published_gb` is what its weights have at `served_bits`; `cache_of` names the model whose
    architecture stands in for an unknown one.
    """

    params_b: float | None
    served_bits: float | None
    published_gb: float | None
    architecture: AnyArchitecture | None
    cache_of: str = ""

    @classmethod
    def of(cls, model: Model, known: Iterable[KnownArchitecture]) -> Self:
        """Read a model's size; closed models have none that could be served.

        Where only its architecture is unknown one of the `known` stands in.
        """
        params_b, architecture = model.params_total_b, architecture_of(model)
        if not model.is_open:
            return cls(None, None, None, None)
        if architecture is not None or params_b is None:
            return cls(params_b, model.served_bits, model.weights_gb, architecture)
        other = stand_in(model.provider.name, params_b, known)
        return cls(
            params_b, model.served_bits, model.weights_gb, other.architecture, cache_of=other.name
        )

    def weights_gb(self, bits: float) -> float | None:
        """Return the gigabytes of the weights at a precision; None where the size is unknown."""
        if self.published_gb is not None and bits == self.served_bits:
            return self.published_gb
        return None if self.params_b is None else weights_gb(self.params_b, bits)

    def load(self, bits: float) -> Load | None:
        """Return the weights at a precision and one request of `TOKENS` tokens."""
        weights = self.weights_gb(bits)
        if weights is None or self.architecture is None:
            return None
        return Load(weights, self.architecture, TOKENS)


def architecture_of(model: Model) -> AnyArchitecture | None:
    """Return what sizes a model's cache; None where it is unknown."""
    if model.layers is None:
        return None
    if model.latent_dim is not None:
        return LatentArchitecture(model.layers, model.latent_dim)
    if model.kv_heads is None or model.head_dim is None:
        return None
    return Architecture(
        model.layers,
        model.kv_heads,
        model.head_dim,
        window_layers=model.window_layers or 0,
        window=model.window_tokens or 0,
    )


def known_architectures(models: Iterable[Model]) -> tuple[KnownArchitecture, ...]:
    """Return those of the models whose architecture is known, with what it can stand in for."""
    return tuple(
        KnownArchitecture(model.name, model.provider.name, model.params_total_b, architecture)
        for model in models
        if (architecture := architecture_of(model)) is not None
    )


def size_need_gb(size: ModelSize, bits: float) -> float | None:
    """Return the gigabytes that a model needs on one GPU, for one request of `TOKENS` tokens.

    None where its parameters are unknown. Raises ValueError for bits that are not above 0.
    """
    load = size.load(bits)
    return None if load is None else load.need_gb()


def listed_need_gb(size: ModelSize) -> float | None:
    """Return the need at the precision that the model is served at; None where it is unknown."""
    return None if size.served_bits is None else size_need_gb(size, size.served_bits)
