"""The models that can do a piece of work, with the offers or the GPUs that they can be had on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from apps.money.api import request_usd
from apps.money.assumptions import Assumptions
from apps.money.hosting import Rate, Size, Way, hourly_usd, rates, undominated, ways
from apps.money.kept import Kept
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


type _Offered = tuple[tuple[Candidate, Bid | None, Bid], ...]
type _Runnable = tuple[tuple[Candidate, tuple[Way, ...]], ...]

# What the parts of a result take in memory, with their share of what holds them.
_BID_BYTES, _WAY_BYTES, _ROW_BYTES, _KEY_BYTES = 110, 260, 130, 500


def _offered_bytes(offered: _Offered) -> int:
    return _KEY_BYTES + len(offered) * (_ROW_BYTES + 2 * _BID_BYTES)


def _runnable_bytes(runnable: _Runnable) -> int:
    return _KEY_BYTES + sum(_ROW_BYTES + len(ways) * _WAY_BYTES for _, ways in runnable)


def _found_bytes(found: Found | None) -> int:
    """Return what a result takes if nothing else holds its bids and ways any more."""
    if found is None:
        return _KEY_BYTES
    ways = len(found.best) + sum(len(of_one) for of_one in found.ways)
    return _KEY_BYTES + len(found.bids) * _BID_BYTES + ways * _WAY_BYTES


class Sourcing:
    """What one market offers under one set of assumptions, remembered by size of request."""

    def __init__(self, market: Market, assumptions: Assumptions, most_bytes: int) -> None:
        """Leave out what may never be picked; remember up to so many bytes."""
        self._assumptions = assumptions
        self._candidates = [c for c in market.candidates if may_be_picked(c)]
        self._rates = [(c, rates(market, c)) for c in self._candidates if c.is_open]
        self._offers = [
            (c, [offer for offer in c.offers if is_priced(offer)]) for c in self._candidates
        ]
        self._bids: Kept[tuple[bool, bool, Size], _Offered] = Kept(most_bytes // 8, _offered_bytes)
        self._ways: Kept[tuple[bool, Size], _Runnable] = Kept(most_bytes * 3 // 8, _runnable_bytes)
        self._found: Kept[tuple[Kind, int, str, Size], Found | None] = Kept(
            most_bytes // 2, _found_bytes
        )

    def find(self, kind: Kind, tier: int, modality: str, size: Size) -> Found | None:
        """Return the suitable models; where there is none, those nearest to suitable."""
        wanted = Level(tier, modality, size.context)
        search = self._find_bids if kind.is_api else self._find_ways
        return self._found.get((kind, tier, modality, size), lambda: search(kind, wanted, size))

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

    def _offered(self, is_open: bool, size: Size, *, any_context: bool) -> _Offered:
        """Return each model with its cheapest bid of a host and its cheapest bid of anybody.

        Hosts that take no request of this size are left out, unless any context will do.
        """
        return self._bids.get(
            (is_open, any_context, size),
            lambda: tuple(self._each_offered(is_open, size, any_context=any_context)),
        )

    def _each_offered(
        self, is_open: bool, size: Size, *, any_context: bool
    ) -> Iterator[tuple[Candidate, Bid | None, Bid]]:
        for candidate, listed in self._offers:
            offers = [o for o in listed if any_context or o.holds(size.context)]
            if candidate.is_open is is_open and offers:
                request = self._request(candidate, size)
                bids = [Bid(candidate, o, request_usd(o.price, request)) for o in offers]
                direct = [bid for bid in bids if not bid.offer.is_router]
                yield candidate, _first(direct) if direct else None, _first(bids)

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

    def _runnable(self, owned: bool, size: Size) -> _Runnable:
        """Return each model that fits some GPU with the ways to run it that can win."""
        return self._ways.get((owned, size), lambda: tuple(self._each_runnable(owned, size)))

    def _each_runnable(
        self, owned: bool, size: Size
    ) -> Iterator[tuple[Candidate, tuple[Way, ...]]]:
        for candidate, of_gpus in self._rates:
            found = [way for rate in of_gpus for way in self.ways(rate, owned, size)]
            if found:
                yield candidate, undominated(found)

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
