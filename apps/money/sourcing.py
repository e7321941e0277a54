"""The models that can do a piece of work, with the offers or the GPUs that they can be had on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import assert_never

from apps.money.api import request_usd
from apps.money.assumptions import Assumptions
from apps.money.cache import Cache
from apps.money.hosting import (
    Deployment,
    ModelOnGpu,
    deployments,
    hourly_usd,
    models_on_gpus,
    undominated,
)
from apps.money.market import Candidate, Market, Offer
from apps.money.needs import RequestSize
from apps.money.suitability import Requirements, is_priced, may_be_picked, relaxed
from apps.money.work import Kind
from apps.money.workload import Workload


@dataclass(frozen=True, slots=True)
class Bid:
    """A model's cheapest offer for a size of request, with the US dollars of one request."""

    candidate: Candidate
    offer: Offer
    request_usd: float

    @property
    def order(self) -> tuple[float, str, str]:
        """Cheapest first; equal prices by the model's slug, then by host."""
        return self.request_usd, self.candidate.slug, self.offer.host.name


@dataclass(frozen=True, slots=True)
class Offered:
    """The suitable models on an API: a bid each, in order, at least one."""

    wanted: Requirements
    bids: tuple[Bid, ...]


@dataclass(frozen=True, slots=True)
class Runnable:
    """The suitable models on GPUs: the deployments of each, at least one, and the best of all."""

    wanted: Requirements
    by_model: tuple[tuple[Deployment, ...], ...]
    best: tuple[Deployment, ...]


type Supply = Offered | Runnable


type _BidsOfModels = tuple[tuple[Candidate, Bid | None, Bid], ...]
type _DeploymentsOfModels = tuple[tuple[Candidate, tuple[Deployment, ...]], ...]

# What the parts of a result take in memory, with their share of what holds them.
_BID_BYTES, _DEPLOYMENT_BYTES, _ROW_BYTES, _KEY_BYTES = 110, 260, 130, 500


def _bytes_of_bids(_: object, bids: _BidsOfModels) -> int:
    return _KEY_BYTES + len(bids) * (_ROW_BYTES + 2 * _BID_BYTES)


def _bytes_of_deployments(_: object, deployments: _DeploymentsOfModels) -> int:
    return _KEY_BYTES + sum(
        _ROW_BYTES + len(of_model) * _DEPLOYMENT_BYTES for _, of_model in deployments
    )


def _bytes_of_supply(_: object, supply: Supply | None) -> int:
    """Return what a result takes if nothing else holds its bids and deployments any more."""
    match supply:
        case None:
            return _KEY_BYTES
        case Offered(bids=bids):
            return _KEY_BYTES + len(bids) * _BID_BYTES
        case Runnable(by_model=by_model, best=best):
            count = len(best) + sum(len(of_model) for of_model in by_model)
            return _KEY_BYTES + count * _DEPLOYMENT_BYTES
        case _:
            assert_never(supply)


class Sourcing:
    """What one market offers under one set of assumptions, remembered by size of request."""

    def __init__(self, market: Market, assumptions: Assumptions, most_bytes: int) -> None:
        """Leave out what may never be picked; remember up to so many bytes."""
        self._assumptions = assumptions
        self._candidates = [c for c in market.candidates if may_be_picked(c)]
        self._on_gpus = [(c, models_on_gpus(market, c)) for c in self._candidates if c.is_open]
        self._offers = [
            (c, [offer for offer in c.offers if is_priced(offer)]) for c in self._candidates
        ]
        self._bids: Cache[tuple[bool, bool, RequestSize], _BidsOfModels] = Cache(
            most_bytes // 8, _bytes_of_bids
        )
        self._deployments: Cache[tuple[bool, RequestSize], _DeploymentsOfModels] = Cache(
            most_bytes * 3 // 8, _bytes_of_deployments
        )
        self._supplies: Cache[tuple[Kind, int, str, RequestSize], Supply | None] = Cache(
            most_bytes // 2, _bytes_of_supply
        )

    def find(self, kind: Kind, tier: int, modality: str, size: RequestSize) -> Supply | None:
        """Return the suitable models; where there is none, those nearest to suitable."""
        return self._supplies.get(
            (kind, tier, modality, size),
            lambda: self._search(kind, Requirements(tier, modality, size.context), size),
        )

    def _search(self, kind: Kind, wanted: Requirements, size: RequestSize) -> Supply | None:
        match kind:
            case Kind.CLOSED | Kind.HOSTED:
                return self._offered(kind is Kind.HOSTED, wanted, size)
            case Kind.RENTED | Kind.OWNED:
                return self._runnable(kind is Kind.OWNED, wanted, size)
            case _:
                assert_never(kind)

    def _offered(self, is_open: bool, wanted: Requirements, size: RequestSize) -> Offered | None:
        for asked in relaxed(wanted):
            offered = self._bids_of_models(is_open, size, any_context=asked.context is None)
            suitable = [row for row in offered if asked.are_met_by(row[0])]
            # Routers and resellers count only where no model has a host of its own.
            direct = [bid for _, bid, _ in suitable if bid is not None]
            bids = direct or [bid for _, _, bid in suitable]
            if bids:
                return Offered(wanted, tuple(sorted(bids, key=lambda bid: bid.order)))
        return None

    def _runnable(self, owned: bool, wanted: Requirements, size: RequestSize) -> Runnable | None:
        runnable = self._deployments_of_models(owned, size)
        for asked in relaxed(wanted):
            suitable = tuple(found for model, found in runnable if asked.are_met_by(model))
            if suitable:
                best = undominated(one for of_model in suitable for one in of_model)
                return Runnable(wanted, suitable, best)
        return None

    def _bids_of_models(
        self, is_open: bool, size: RequestSize, *, any_context: bool
    ) -> _BidsOfModels:
        """Return each model with its cheapest bid of a host and its cheapest bid of anybody.

        Hosts that take no request of this size are left out, unless any context will do.
        """
        return self._bids.get(
            (is_open, any_context, size),
            lambda: tuple(self._each_bid(is_open, size, any_context=any_context)),
        )

    def _each_bid(
        self, is_open: bool, size: RequestSize, *, any_context: bool
    ) -> Iterator[tuple[Candidate, Bid | None, Bid]]:
        for candidate, listed in self._offers:
            offers = [o for o in listed if any_context or o.holds(size.context)]
            if candidate.is_open is is_open and offers:
                yield candidate, *self._cheapest(candidate, offers, size)

    def bid(self, candidate: Candidate, size: RequestSize) -> Bid | None:
        """Return a model's cheapest bid; that of a router only where no host takes the size."""
        offers = [o for o in candidate.offers if is_priced(o) and o.holds(size.context)]
        if not offers:
            return None
        direct, anybody = self._cheapest(candidate, offers, size)
        return direct or anybody

    def _cheapest(
        self, candidate: Candidate, offers: Iterable[Offer], size: RequestSize
    ) -> tuple[Bid | None, Bid]:
        """Return the cheapest bid of a host and the cheapest of anybody."""
        request = billed(size, self._assumptions, candidate)
        bids = [Bid(candidate, offer, request_usd(offer.price, request)) for offer in offers]
        direct = [bid for bid in bids if not bid.offer.is_router]
        return _first(direct) if direct else None, _first(bids)

    def _deployments_of_models(self, owned: bool, size: RequestSize) -> _DeploymentsOfModels:
        """Return each model that fits some GPU with the deployments that can win."""
        return self._deployments.get((owned, size), lambda: tuple(self._each_deployed(owned, size)))

    def _each_deployed(
        self, owned: bool, size: RequestSize
    ) -> Iterator[tuple[Candidate, tuple[Deployment, ...]]]:
        for candidate, on_gpus in self._on_gpus:
            found = [one for model in on_gpus for one in self.deployments(model, owned, size)]
            if found:
                yield candidate, undominated(found)

    def deployments(
        self, model: ModelOnGpu, owned: bool, size: RequestSize, throughput: float = 1.0
    ) -> tuple[Deployment, ...]:
        """Return the ways to run a model on a GPU, none where the GPU's price is unknown."""
        hourly = hourly_usd(model.gpu, self._assumptions, owned)
        if hourly is None:
            return ()
        infra = self._assumptions.infra_own if owned else self._assumptions.infra
        written = size.written_by(model.candidate, self._assumptions.reasoning or 1.0)
        return tuple(deployments(model, hourly, infra, self._assumptions, written, throughput))


def billed(
    size: RequestSize, assumed: Assumptions, candidate: Candidate | None, volume: float = 1
) -> Workload:
    """Return requests as they are billed: a model that reasons writes more than is asked for."""
    written = size.written_by(candidate, assumed.reasoning or 1.0) if candidate else size
    return Workload(
        volume=volume,
        tokens_in=written.tokens_in,
        tokens_out=written.tokens_out,
        cached=assumed.cached,
        batch=assumed.batch,
        retry=assumed.retry,
        batch_discount=assumed.batch_discount,
    )


def _first(bids: Iterable[Bid]) -> Bid:
    return min(bids, key=lambda bid: bid.order)
