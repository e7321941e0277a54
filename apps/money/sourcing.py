"""The models that can do a piece of work, with the offers or the GPUs that they can be had on."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from apps.money.api import request_usd
from apps.money.assumptions import Assumptions
from apps.money.hosting import Rate, Size, Way, cheapest, hourly_usd, rates, undominated, ways
from apps.money.market import Candidate, Market, Offer
from apps.money.needs import Level, is_priced, levels, may_be_picked
from apps.money.workload import Workload


class Kind(StrEnum):
    """A way to get a model: on an API, closed or open, or on GPUs, rented or owned."""

    CLOSED = "closed"
    HOSTED = "hosted"
    RENTED = "rented"
    OWNED = "owned"

    @property
    def is_api(self) -> bool:
        """Whether a request is paid for, not an hour of a GPU."""
        return self in {Kind.CLOSED, Kind.HOSTED}


@dataclass(frozen=True, slots=True)
class Bid:
    """A model's cheapest offer for a size of request, with the US dollars of one request."""

    candidate: Candidate
    offer: Offer
    request_usd: float

    @property
    def order(self) -> tuple[float, str, str]:
        """Cheapest first; equal prices by the model's slug, then by host."""
        return self.request_usd, self.candidate.slug, self.offer.host


@dataclass(frozen=True, slots=True)
class Found:
    """The suitable models of one kind: bids or ways, never both and never none.

    `bids` are in order, one a model; `ways` are those of each model, `best` what can win of all.
    """

    wanted: Level
    bids: tuple[Bid, ...] = ()
    ways: tuple[tuple[Way, ...], ...] = ()
    best: tuple[Way, ...] = ()
    _kept: dict[tuple[float, int], tuple[float, Way]] = field(default_factory=dict)

    def cheapest_way(self, peak_rate: float, spare: int) -> tuple[float, Way]:
        """Return US dollars a month and the way that costs least at requests a second at peak."""
        key = (peak_rate, spare)
        if key not in self._kept:
            self._kept[key] = cheapest(self.best, peak_rate, spare)
        return self._kept[key]


class Sourcing:
    """What one market offers under one set of assumptions, remembered by size of request."""

    def __init__(self, market: Market, assumptions: Assumptions) -> None:
        """Leave out what may never be picked."""
        self._assumptions = assumptions
        self._candidates = [c for c in market.candidates if may_be_picked(c)]
        self._rates = [(c, rates(market, c)) for c in self._candidates if c.is_open]
        self._offers = [
            (c, [offer for offer in c.offers if is_priced(offer)]) for c in self._candidates
        ]
        self._bids: dict[tuple[bool, bool, Size], list[tuple[Candidate, Bid | None, Bid]]] = {}
        self._ways: dict[tuple[bool, Size], list[tuple[Candidate, tuple[Way, ...]]]] = {}
        self._found: dict[tuple[Kind, int, str, Size], Found | None] = {}

    @property
    def sizes(self) -> int:
        """How many sizes of request are remembered."""
        return len(self._bids) + len(self._ways)

    def find(self, kind: Kind, tier: int, modality: str, size: Size) -> Found | None:
        """Return the suitable models; where there is none, those nearest to suitable."""
        key = (kind, tier, modality, size)
        if key not in self._found:
            wanted = Level(tier, modality, size.context)
            search = self._find_bids if kind.is_api else self._find_ways
            self._found[key] = search(kind, wanted, size)
        return self._found[key]

    def _find_bids(self, kind: Kind, wanted: Level, size: Size) -> Found | None:
        for level in levels(wanted):
            offered = self._offered(kind is Kind.HOSTED, size, any_context=level.context is None)
            suitable = [row for row in offered if level.suits(row[0])]
            # Routers and resellers count only where no model has a host of its own.
            direct = [bid for _, bid, _ in suitable if bid is not None]
            bids = direct or [bid for _, _, bid in suitable]
            if bids:
                return Found(wanted, bids=tuple(sorted(bids, key=lambda bid: bid.order)))
        return None

    def _find_ways(self, kind: Kind, wanted: Level, size: Size) -> Found | None:
        runnable = self._runnable(kind is Kind.OWNED, size)
        for level in levels(wanted):
            suitable = tuple(found for candidate, found in runnable if level.suits(candidate))
            if suitable:
                best = undominated(way for found in suitable for way in found)
                return Found(wanted, ways=suitable, best=best)
        return None

    def _offered(
        self, is_open: bool, size: Size, *, any_context: bool
    ) -> list[tuple[Candidate, Bid | None, Bid]]:
        """Return each model with its cheapest bid of a host and its cheapest bid of anybody.

        Hosts that take no request of this size are left out, unless any context will do.
        """
        key = (is_open, any_context, size)
        if key not in self._bids:
            self._bids[key] = []
            for candidate, listed in self._offers:
                offers = [o for o in listed if any_context or o.holds(size.context)]
                if candidate.is_open is is_open and offers:
                    request = self._request(candidate, size)
                    bids = [Bid(candidate, o, request_usd(o.price, request)) for o in offers]
                    direct = [bid for bid in bids if not bid.offer.is_router]
                    row = (candidate, _first(direct) if direct else None, _first(bids))
                    self._bids[key].append(row)
        return self._bids[key]

    def _request(self, candidate: Candidate, size: Size) -> Workload:
        """Return one request as a model is billed for it."""
        assumed = self._assumptions
        billed = size.of(candidate, assumed.reasoning)
        return Workload(
            volume=1,
            tokens_in=billed.tokens_in,
            tokens_out=billed.tokens_out,
            cached=assumed.cached,
            batch=assumed.batch,
            retry=assumed.retry,
            batch_discount=assumed.batch_discount,
        )

    def _runnable(self, owned: bool, size: Size) -> list[tuple[Candidate, tuple[Way, ...]]]:
        """Return each model that fits some GPU with the ways to run it that can win."""
        key = (owned, size)
        if key not in self._ways:
            self._ways[key] = []
            for candidate, of_gpus in self._rates:
                found = [way for rate in of_gpus for way in self.ways(rate, owned, size)]
                if found:
                    self._ways[key].append((candidate, undominated(found)))
        return self._ways[key]

    def ways(self, rate: Rate, owned: bool, size: Size, throughput: float = 1.0) -> tuple[Way, ...]:
        """Return the ways to run a model on a GPU, none where the GPU's price is unknown."""
        hourly = hourly_usd(rate.gpu, self._assumptions, owned)
        if hourly is None:
            return ()
        infra = self._assumptions.infra_own if owned else self._assumptions.infra
        written = size.of(rate.candidate, self._assumptions.reasoning)
        return ways(rate, hourly, infra, self._assumptions, written, throughput)


def _first(bids: Iterable[Bid]) -> Bid:
    return min(bids, key=lambda bid: bid.order)
