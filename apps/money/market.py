"""What the engine knows of models, offers and GPUs: plain values, taken from the catalog's rows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from apps.money.api import TokenPrice
from apps.money.memory import AnyArchitecture, weights_gb
from apps.money.throughput import Profile


class Rights(StrEnum):
    """What a business may do with a model."""

    FREE = "free"
    CONDITIONAL = "conditional"
    NONE = "none"
    UNKNOWN = "unknown"
    API_TERMS = "api-terms"


# What a host must have for its price to count at all: who runs it is on record, it is paid by the
# token, it serves the model itself, and its price was seen of late or by two.
ALWAYS = ("known", "per-token", "direct", "seen")


@dataclass(frozen=True, slots=True)
class Host:
    """Who serves models: `facts` are those that a decision may rest on; what is not there is no.

    `country` is two letters, empty where it is not known; `sells_batches` is None where that is.
    """

    slug: str
    name: str
    country: str = ""
    facts: frozenset[str] = frozenset()
    is_router: bool = False
    sells_batches: bool | None = None

    def __str__(self) -> str:
        """Show the name."""
        return self.name


@dataclass(frozen=True, slots=True)
class Offer:
    """One host's price of a model, in force at the market's date.

    `facts` are those of its host and of the offer itself: `direct` and `seen`. `later` holds the
    prices that are announced for days after it, the nearest first. `context_tokens` is how many
    tokens of a request the host takes, None where it is not known; it can be less than what the
    model has room for.
    """

    host: Host
    price: TokenPrice
    note: str
    source: str
    as_of: date
    later: tuple[tuple[date, TokenPrice], ...] = ()
    context_tokens: int | None = None
    facts: frozenset[str] = frozenset()

    @property
    def is_router(self) -> bool:
        """Tell whether its seller passes requests on to others."""
        return self.host.is_router

    def holds(self, context: float) -> bool:
        """Tell whether the host takes a request of so many tokens, as far as is known."""
        return self.context_tokens is None or self.context_tokens >= context


class CapabilityGrade(StrEnum):
    """How closely a line of the index stands for a model."""

    EXACT = "exact"
    PREDECESSOR = "predecessor"
    ESTIMATED = "estimated"


@dataclass(frozen=True, slots=True)
class Capability:
    """What a model can do on the scale of the index, with its interval where that is known.

    `stands_for` is the line's own name, `snapshot` the day on which the whole index was estimated.
    """

    eci: float
    low: float | None
    high: float | None
    grade: CapabilityGrade
    stands_for: str
    snapshot: date
    note: str = ""

    @property
    def counted(self) -> float:
        """The index that is reckoned with: of an estimate the low end of its interval."""
        if self.grade is CapabilityGrade.ESTIMATED and self.low is not None:
            return self.low
        return self.eci


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model of which the capability is on record; None means that a fact is unknown.

    `bits` is the precision that it is served at (bits a weight), `is_requantised` tells that this
    was chosen against the usual one, which is then `published_bits`; `published_gb` is what its
    weights have at `bits`, where that sum is known; `params_b` and `active_b` are billions;
    `cache_of` names the model whose architecture stands in for an unknown one; `reasons` tells
    whether it writes tokens of its own before it answers; `country` is its maker's, two letters,
    empty where it is not known; `ends_on` is the day that it is shut down, where one is announced.
    """

    slug: str
    name: str
    provider: str
    is_open: bool
    status: str
    modalities: frozenset[str]
    context_tokens: int | None
    rights: Rights
    license: str
    clause: str
    params_b: float | None
    active_b: float | None
    bits: float
    architecture: AnyArchitecture | None
    checked_on: date
    offers: tuple[Offer, ...] = ()
    reasons: bool | None = None
    is_requantised: bool = False
    published_gb: float | None = None
    published_bits: float | None = None
    cache_of: str = ""
    capability: Capability | None = None
    country: str = ""
    ends_on: date | None = None

    def weights_gb(self, bits: float) -> float | None:
        """Return the gigabytes of its weights at a precision; None where the size is unknown."""
        if self.published_gb is not None and bits == self.bits:
            return self.published_gb
        return None if self.params_b is None else weights_gb(self.params_b, bits)


@dataclass(frozen=True, slots=True)
class Gpu:
    """A GPU with its memory in decimal gigabytes and its hourly US dollars, rented and owned.

    `bandwidth_gbs` is gigabytes a second of its memory, `tflops` dense BF16 arithmetic, `price_usd`
    what one costs to buy, `power_w` the most that it draws, `lead_time` how long one waits for it
    in words; None and empty where it is not known.
    """

    slug: str
    name: str
    vram_gb: float
    rent_hourly: float | None
    own_hourly: float | None
    bandwidth_gbs: float | None = None
    tflops: float | None = None
    price_usd: float | None = None
    power_w: float | None = None
    lead_time: str = ""


class DeviceKind(StrEnum):
    """A device of one's own; the words are answers to the question of hardware."""

    LAPTOP = "laptop"
    WORKSTATION = "workstation"
    UNIFIED_MEMORY = "unified-memory"


@dataclass(frozen=True, slots=True)
class Device:
    """A product that runs one model for a few people; None where a fact is not known.

    `memory_gb` is what it has, `usable_gb` what its system leaves to a model, decimal gigabytes;
    `bandwidth_gbs` gigabytes a second of that memory; `price_usd` what one costs, without tax;
    `power_w` the most that it draws.
    """

    slug: str
    name: str
    kind: DeviceKind
    memory_gb: float
    bandwidth_gbs: float | None
    price_usd: float | None
    power_w: float | None
    source: str
    as_of: date
    usable_gb: float | None = None


@dataclass(frozen=True, eq=False)
class Market:
    """Everything that can be bought or run at a date; `version` changes when any row does.

    Compared by identity: the catalog hands out one object for each version and date.
    """

    version: str
    as_of: date
    candidates: tuple[Candidate, ...]
    gpus: tuple[Gpu, ...]
    profiles: tuple[Profile, ...]
    devices: tuple[Device, ...] = ()


def change_days(market: Market) -> tuple[date, ...]:
    """Return the days on which an announced price comes into force, in order."""
    days = {day for c in market.candidates for offer in c.offers for day, _ in offer.later}
    return tuple(sorted(days))


def on_day(market: Market, day: date) -> Market:
    """Return the market with the prices of a day alone: nothing is announced for later in it."""
    candidates = tuple(
        replace(c, offers=tuple(_offer_on(offer, day) for offer in c.offers))
        if any(offer.later for offer in c.offers)
        else c
        for c in market.candidates
    )
    return replace(market, candidates=candidates)


def _offer_on(offer: Offer, day: date) -> Offer:
    due = [price for from_day, price in offer.later if from_day <= day]
    return replace(offer, price=due[-1] if due else offer.price, later=())


# What each choice of the modality question needs a model to read.
MODALITY_NEEDS: Mapping[str, frozenset[str]] = {
    "text": frozenset({"text"}),
    "images": frozenset({"text", "image"}),
    "live-av": frozenset({"text", "audio", "video"}),
}
